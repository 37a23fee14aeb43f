"""tf.test.TestCase; what holds and what fails was seen with TensorFlow 1.15."""

import collections
import os
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np
import pytest

import tflite_edu as tf

ROOT = Path(__file__).resolve().parent.parent
Pair = collections.namedtuple("Pair", "x y")


@pytest.fixture
def case():
    class Case(tf.test.TestCase):
        def runTest(self):
            """Nothing: the test uses the methods."""

    case = Case()
    case.setUp()
    yield case
    case.tearDown()


@pytest.mark.parametrize(
    ("assertion", "arguments"),
    [
        ("AllClose", ([1, 2.0], [1, 2.0000001])),
        ("AllClose", ([np.nan, np.inf], [np.nan, np.inf])),
        ("AllClose", ({"a": [1, 2.0]}, {"a": [1, 2.0]})),
        ("AllClose", ([[1], {"a": 2}], [[1], {"a": 2}])),
        ("AllClose", (Pair(1, [2, 3]), Pair(1, [2, 3]))),
        ("AllCloseAccordingToType", (np.ones(1, np.float16), np.full(1, 1.0009))),
        ("NotAllClose", ([1, 2], [1, 2.1])),
        ("AllEqual", ([1, np.nan], [1, np.nan])),
        ("AllEqual", (["a"], ["a"])),
        ("NotAllEqual", ([1, 2], [1, 2, 3])),
        ("AllGreater", ([1, 2], 0)),
        ("AllGreaterEqual", ([1, 2], 1)),
        ("AllLess", ([1, 2], 3)),
        ("AllLessEqual", ([1, 2], 2)),
        ("AllInRange", ([1, 3], 1, 3)),
        ("AllInSet", ([1, 2, 2], [1, 2])),
        ("DTypeEqual", (np.ones(2), np.float64)),
        ("Near", (1.0, 1.1, 0.2)),
        ("ArrayNear", ([1.0, 2.0], [1.1, 2.1], 0.2)),
        ("NDArrayNear", (np.ones(2), np.ones(2), 0.01)),
        ("DeviceEqual", ("/cpu:0", "/device:CPU:0")),
        ("StartsWith", ("abc", "ab")),
        ("Len", ([1, 2], 2)),
        ("Empty", ([],)),
        ("NotEmpty", ([1],)),
        ("Between", (2, 1, 3)),
        ("ItemsEqual", ([1, 2], [2, 1])),
        ("Equals", (1, 1)),
        ("RegexpMatches", ("abc", "b.")),
    ],
)
def test_assertions_that_hold(case, assertion, arguments):
    getattr(case, "assert" + assertion)(*arguments)


@pytest.mark.parametrize(
    ("assertion", "arguments", "message"),
    [
        ("AllClose", ([1, 2.0], [1, 2.1]), "Not equal to tolerance rtol=1e-06, atol=1e-06"),
        ("AllClose", ([1.0], [2.0]), "Mismatched value: a is different from b. "),
        (
            "AllClose",
            ([1, 2.0], [1, 2, 3]),
            "Shape mismatch: expected (2,), got (3,) with contents",
        ),
        ("AllClose", ({"a": [1]}, {"a": [2]}), "Mismatched value: a[a] is different from b[a]. "),
        ("AllClose", ({"a": [1]}, {"b": [1]}), "mismatched keys: a has keys dict_keys(['a'])"),
        ("AllClose", (Pair(1, 2), Pair(1, 3)), "Mismatched value: a[y] is different from b[y]. "),
        (
            "AllCloseAccordingToType",
            (np.ones(1, np.float32), np.full(1, 1.00001, np.float32)),
            "Not equal to tolerance rtol=1e-06, atol=1e-06",
        ),
        ("NotAllClose", ([1, 2], [1, 2]), "The two values are close at all elements"),
        ("AllEqual", ([1, 2], [1, 3]), "Arrays are not equal"),
        ("AllEqual", (["a"], [b"a"]), "Arrays are not equal"),
        ("AllEqual", (3, [3]), "Shape mismatch: expected (), got (1,). Contents: [3]. "),
        ("NotAllEqual", ([1, 2], [1, 2]), "The two values are equal at all elements"),
        ("AllGreater", ([1, 2], 1), "1 not greater than 1"),
        ("AllGreaterEqual", ([1, 0], 1), "0 not greater than or equal to 1"),
        ("AllLess", ([1, 2], 2), "2 not less than 2"),
        ("AllLessEqual", ([1, 3], 2), "3 not less than or equal to 2"),
        ("AllInRange", ([1, 3], 1, 2), "are outside the range [1, 2]. Subscript(s) and value(s)"),
        ("AllInRange", ([1, 3], 1, 3, True), "1 of the 2 element(s) are outside the range (1, 3]."),
        ("AllInRange", (["a"], 1, 3), "does not have an ordered numeric type"),
        ("AllInSet", ([1, 3], [1, 2]), "1 unique element(s) are not in the set [1, 2]: [3]"),
        ("DTypeEqual", (np.ones(2), np.float32), "dtype('float64') != <class 'numpy.float32'>"),
        ("Near", (1.0, 1.1, 0.01), "1.000000 != 1.100000 +/- 0.010000"),
        ("ArrayNear", ([1.0], [1.1, 2], 0.01), "1 != 2"),
        ("NDArrayNear", (np.ones(2), np.zeros(2), 0.01), "False is not true"),
        ("DeviceEqual", ("/cpu:0", "/device:CPU:1"), "Devices /device:CPU:0 and /device:CPU:1 are"),
        ("StartsWith", ("abc", "b"), "'abc' does not start with 'b'"),
        ("Len", ([1, 2], 3), "[1, 2] has length of 2, expected 3."),
        ("Empty", ([1],), "[1] has length of 1."),
        ("NotEmpty", ([],), "[] has length of 0."),
        ("Between", (3, 1, 2), '"3" unexpectedly not between "1" and "2"'),
    ],
)
def test_assertions_that_fail(case, assertion, arguments, message):
    with pytest.raises(AssertionError) as error:
        getattr(case, "assert" + assertion)(*arguments)
    assert message in str(error.value)


def test_a_dict_is_not_compared_to_a_list(case):
    with pytest.raises(ValueError, match="Can't compare dict to non-dict, a vs b."):
        case.assertAllClose({"a": 1}, [1])


def test_assertions_compute_tensors(case):
    v = tf.Variable([1.0, 2.0])
    with case.session() as session:
        session.run(v.initializer)
        case.assertAllClose(v + 1.0, [2.0, 3.0])
        case.assertAllEqual(v, [1.0, 2.0])
        with pytest.raises(AssertionError, match="Mismatched value: a is different from b."):
            case.assertAllClose([1.0, 3.0], v)
    case.assertAllEqual(case.evaluate({"a": tf.constant(3), "b": []})["a"], 3)


def test_static_shapes(case):
    case.assertShapeEqual(np.ones((2, 3)), tf.zeros([2, 3]))
    with pytest.raises(AssertionError, match="Arrays are not equal"):
        case.assertShapeEqual(np.ones((2, 3)), tf.zeros([2, 4]))
    with pytest.raises(TypeError, match="np_array must be a Numpy ndarray or Numpy scalar"):
        case.assertShapeEqual([1], tf.zeros([1]))
    with pytest.raises(TypeError, match="tf_tensor must be a Tensor"):
        case.assertShapeEqual(np.ones(1), [1])


def test_expected_errors(case):
    p = tf.placeholder(tf.float32, name="p")
    with case.session() as session:
        with case.assertRaisesOpError("must feed"):
            session.run(p)
        with case.assertRaisesOpError(lambda error: error.op is p.op):
            session.run(p)
        with case.assertRaisesOpError("Caused by: p"):
            session.run(p)
        with pytest.raises(AssertionError, match="Exception of type .*: You must feed a value"):
            with case.assertRaisesOpError("something else"):
                session.run(p)
        with pytest.raises(AssertionError, match="OpError not raised"):
            with case.assertRaisesOpError("must feed"):
                session.run(p, {p: 1})
    with case.assertRaisesWithPredicateMatch(ValueError, "a.c"):
        raise ValueError("abc")
    with case.assertRaisesRegexp(ValueError, "a.c"):
        raise ValueError("abc")
    with case.assertRaisesWithLiteralMatch(ValueError, "a(c"):
        raise ValueError("a(c")
    with pytest.raises(AssertionError, match="Exception of type <class 'TypeError'>: a"):
        with case.assertRaisesWithPredicateMatch(ValueError, "a"):
            raise TypeError("a")


def test_each_test_starts_afresh(case):
    assert tf.get_default_graph().get_operations() == []
    assert tf.get_default_graph().seed == 87654321
    assert np.random.rand() == 0.18463433217903202
    folder = case.get_temp_dir()
    assert os.path.isdir(folder)
    assert folder == case.get_temp_dir()
    assert os.path.dirname(folder) == tf.test.get_temp_dir()


def test_sessions(case):
    graph = tf.get_default_graph()
    with case.session() as session:
        assert session.graph is graph
        assert tf.get_default_session() is session
        assert tf.constant(1).device == "/device:CPU:0"
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
        session.run([])
    with case.session(use_gpu=True):
        assert tf.constant(1).device == ""
    with case.session(force_gpu=True):
        assert tf.no_op().device == "/device:GPU:0"
    other = tf.Graph()
    with case.session(graph=other) as session:
        assert session.graph is other is tf.get_default_graph()


def test_the_cached_session(case):
    v = tf.Variable(3.0)
    with case.cached_session() as first:
        first.run(v.initializer)
    with case.test_session() as second:
        assert second is first
        assert second.run(v) == 3
    for changed in ({"graph": tf.Graph()}, {"config": tf.ConfigProto()}, {"force_gpu": True}):
        with pytest.raises(
            ValueError, match="used to get the cached session is different than the"
        ):
            with case.cached_session(**changed):
                pass
    case.tearDown()
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
        first.run(v)


def test_checked_threads(case):
    done = []
    thread = case.checkedThread(done.append, args=(2,))
    thread.start()
    thread.join()
    assert done == [2]
    thread = case.checkedThread(lambda: 1 / 0)
    thread.start()
    with pytest.raises(AssertionError, match="Error in checkedThread: division by zero"):
        thread.join()


def test_protos(case):
    graph_def = tf.GraphDef()
    graph_def.node.add(name="b", op="NoOp")
    case.assertProtoEquals("node { name: 'b' op: 'NoOp' }", graph_def)
    case.assertProtoEquals(graph_def, graph_def)
    with pytest.raises(AssertionError, match='name: "a"'):
        case.assertProtoEquals("node { name: 'a' op: 'NoOp' }", graph_def)
    with pytest.raises(AssertionError, match="Can't compare protos of type <class 'int'> and"):
        case.assertProtoEquals(3, graph_def)


def test_compute_gradient(case):
    x = tf.constant([1.0, 2.0], tf.float64)
    z = tf.constant([[3.0]], tf.float64)
    with case.session():
        theoretical, numeric = tf.test.compute_gradient(x, [2], x * x, [2], np.array([1.0, 2.0]))
        np.testing.assert_array_equal(theoretical, [[2, 0], [0, 4]])
        np.testing.assert_allclose(numeric, theoretical, atol=1e-9)
        assert tf.test.compute_gradient_error(x, [2], x * x, [2]) < 1e-9
        (by_x, _), (by_z, _) = tf.test.compute_gradient(
            [x, z], [[2], [1, 1]], x * z, [1, 2], [np.array([1.0, 2.0]), np.array([[3.0]])]
        )
        np.testing.assert_array_equal(by_x, [[3, 0], [0, 3]])
        np.testing.assert_array_equal(by_z, [[1, 2]])
        with pytest.raises(AssertionError, match="dx = None"):
            tf.test.compute_gradient(x, [2], z, [1, 1])
        with pytest.raises(TypeError):
            tf.test.compute_gradient(tf.constant([1]), [1], tf.constant([1]), [1])
    with pytest.raises(ValueError, match="No default session is registered"):
        tf.test.compute_gradient(x, [2], x * x, [2])


def test_compute_gradient_finds_a_wrong_gradient(case):
    @tf.RegisterGradient("WrongSquare")
    def _wrong(op, dy):
        return 3.0 * op.inputs[0] * dy

    x = tf.constant([1.0], tf.float64)
    with tf.get_default_graph().gradient_override_map({"Square": "WrongSquare"}):
        y = tf.square(x)
    with case.session():
        error = tf.test.compute_gradient_error(x, [1], y, [1], np.array([1.0]))
    assert error == pytest.approx(1)


def test_devices():
    assert not tf.test.is_gpu_available()
    assert not tf.test.is_built_with_cuda()
    assert tf.test.gpu_device_name() == ""


def test_src_dir_path(monkeypatch):
    monkeypatch.setenv("TEST_SRCDIR", "sources")
    assert tf.test.test_src_dir_path("a/b") == "sources/org_tensorflow/tensorflow/a/b"


def test_a_unittest_runner_skips_test_session():
    class Case(tf.test.TestCase):
        def test_one(self):
            self.assertAllEqual([1], [1])

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert (result.testsRun, len(result.skipped), result.wasSuccessful()) == (2, 1, True)


@pytest.mark.parametrize(("expected", "status"), [(4, 0), (5, 1)])
def test_main(tmp_path, expected, status):
    script = tmp_path / "square_test.py"
    script.write_text(
        f"""
import tflite_edu as tf

class SquareTest(tf.test.TestCase):
    def test_square(self):
        with self.session():
            self.assertAllEqual(tf.constant(2) * 2, {expected})

if __name__ == "__main__":
    tf.test.main()
""",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert "Ran 2 tests" in done.stderr
