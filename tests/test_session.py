"""Sessions: fetching, feeding, what they keep, what they refuse."""

from __future__ import annotations

import collections
import threading

import numpy as np
import pytest

import tflite_edu as tf

ENGINES = ("numpy", "reference")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def test_fetches_keep_their_structure(engine: str) -> None:
    Pair = collections.namedtuple("Pair", ["left", "right"])
    x = tf.constant([1.0, 2.0], name="x")
    y = x * 2.0
    with tf.Session(engine=engine) as session:
        value = session.run({"a": [x, (y, x.op)], "b": Pair(y, [x]), "c": "x:0"})
    assert list(value) == ["a", "b", "c"]
    np.testing.assert_array_equal(value["a"][0], [1, 2])
    assert isinstance(value["a"][1], tuple) and value["a"][1][1] is None
    assert isinstance(value["b"], Pair)
    np.testing.assert_array_equal(value["b"].left, [2, 4])
    np.testing.assert_array_equal(value["c"], [1, 2])


@pytest.mark.parametrize("empty", [[], (), {}])
def test_nothing_fetched_gives_nothing(empty: object, engine: str) -> None:
    tf.constant(1.0)
    with tf.Session(engine=engine) as session:
        assert session.run(empty) == empty


def test_scalars_are_numpy_scalars_and_strings_bytes(engine: str) -> None:
    with tf.Session(engine=engine) as session:
        assert type(session.run(tf.constant(1.5))) is np.float32
        assert session.run(tf.constant("a")) == b"a"
        strings = session.run(tf.constant(["a", "bc"]))
    assert strings.dtype == object and list(strings) == [b"a", b"bc"]


@pytest.mark.parametrize(
    ("fetch", "error", "text"),
    [
        (None, TypeError, "Fetch argument None has invalid type"),
        (3, TypeError, "Can not convert a int into a Tensor or Operation."),
        ("zz:0", ValueError, "The name 'zz:0' refers to a Tensor which does not exist."),
        ([None], TypeError, "Fetch argument None has invalid type"),
    ],
)
def test_bad_fetches_are_refused(fetch: object, error: type, text: str) -> None:
    tf.constant(1.0)
    with tf.Session() as session, pytest.raises(error) as caught:
        session.run(fetch)
    assert text in str(caught.value)


def test_fetching_of_another_graph_is_refused() -> None:
    other = tf.constant(1.0)
    with tf.Graph().as_default():
        tf.constant(2.0)
        with tf.Session() as session, pytest.raises(ValueError, match="not an element of this"):
            session.run(other)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (
            np.zeros(3),
            ValueError,
            "Cannot feed value of shape (3,) for Tensor 'x:0', which has shape '(?, 2)'",
        ),
        ("abc", ValueError, "could not convert string to float: 'abc'"),
        (None, ValueError, "Cannot feed value of shape () for Tensor 'x:0'"),
        ([[1, 2], [3]], ValueError, "setting an array element with a sequence."),
    ],
)
def test_bad_feeds_are_refused(value: object, error: type, text: str) -> None:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.Session() as session:
        with pytest.raises(error) as caught:
            session.run(x, {x: value})
        assert text in str(caught.value)
        np.testing.assert_array_equal(session.run(x, {x: [[1, 2]]}), [[1, 2]])


def test_feeding_a_tensor_or_an_unknown_name_is_refused() -> None:
    x = tf.placeholder(tf.float32, name="x")
    with tf.Session() as session:
        with pytest.raises(TypeError, match="The value of a feed cannot be a tf.Tensor object"):
            session.run(x, {x: tf.constant(1.0)})
        with pytest.raises(TypeError, match="Cannot interpret feed_dict key as Tensor"):
            session.run(x, {"zz:0": 1})
        with pytest.raises(TypeError, match="Can not convert a int into a Tensor"):
            session.run(x, {3: 1})


def test_an_integer_too_large_for_its_placeholder_is_refused() -> None:
    x = tf.placeholder(tf.int32, name="x")
    with tf.Session() as session, pytest.raises(TypeError, match="is not compatible with Tensor"):
        session.run(x, {x: 2**40})


def test_a_missing_feed_names_the_placeholder_and_the_line(engine: str) -> None:
    x = tf.placeholder(tf.float32, [None, 10], name="x")
    with (
        tf.Session(engine=engine) as session,
        pytest.raises(tf.errors.InvalidArgumentError) as caught,
    ):
        session.run(x + 1.0)
    first, second = caught.value.message.splitlines()[:2]
    assert first == (
        "You must feed a value for placeholder tensor 'x' with dtype float and shape [?,10]"
    )
    assert "[[node x (defined at" in second and "test_session.py:" in second
    assert caught.value.op is x.op


def test_any_tensor_may_be_fed(engine: str) -> None:
    a = tf.constant(2.0, name="a")
    b = a * 3.0
    c = b + 1.0
    with tf.Session(engine=engine) as session:
        assert session.run(c) == 7
        assert session.run(c, {b: 10.0}) == 11
        assert session.run([b, c], {"a:0": 1.0}) == [3, 4]
        assert session.run(b, {b: 5.0}) == 5


def test_fetched_arrays_belong_to_the_caller(engine: str) -> None:
    variable = tf.Variable([1.0, 2.0])
    constant = tf.constant([[1.0, 2.0]])
    fed = tf.placeholder(tf.float32, [2])
    view = tf.reshape(constant, [2])
    step = variable.assign_add([1.0, 1.0])
    given = np.array([3, 4], np.float32)
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        values = session.run([variable, constant, view, fed, fed + 0.0], {fed: given})
        kept = values[0].copy()
        session.run(step)
        np.testing.assert_array_equal(values[0], kept)
        for value in values:
            value[...] = 99
        np.testing.assert_array_equal(given, [3, 4])
        np.testing.assert_array_equal(session.run(variable), [2, 3])
        np.testing.assert_array_equal(session.run(view), [1, 2])


def test_a_variable_does_not_follow_the_array_it_was_fed(engine: str) -> None:
    x = tf.placeholder(tf.float32, [2])
    variable = tf.Variable([0.0, 0.0])
    assign = variable.assign(x)
    given = np.array([1, 2], np.float32)
    with tf.Session(engine=engine) as session:
        session.run(assign, {x: given})
        given[...] = 7
        np.testing.assert_array_equal(session.run(variable), [1, 2])


def test_uses_come_before_writes_that_nothing_orders(engine: str) -> None:
    x = tf.Variable(10.0)
    f = x**2.0
    step = tf.train.GradientDescentOptimizer(0.1).minimize(f)
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        expected = 10.0
        for _ in range(10):
            _, x_value, f_value = session.run([step, x, f])
            assert f_value == pytest.approx(expected**2, rel=1e-5)
            expected *= 0.8
            assert x_value == pytest.approx(expected, rel=1e-5)


def test_control_dependencies_put_uses_after_writes(engine: str) -> None:
    v = tf.Variable(1.0)
    read = v + 0.0
    with tf.control_dependencies([v.assign(5.0)]):
        later = v + 0.0
    with tf.Session(engine=engine) as session:
        session.run(v.initializer)
        assert session.run([read, later]) == [1, 5]


def test_sessions_hold_their_own_values(engine: str) -> None:
    v = tf.Variable(1.0, name="v")
    with tf.Session(engine=engine) as one, tf.Session(engine=engine) as two:
        one.run(v.initializer)
        one.run(v.assign(2.0))
        with pytest.raises(tf.errors.FailedPreconditionError) as caught:
            two.run(v + 1.0)
        assert caught.value.message.splitlines()[0] == "Attempting to use uninitialized value v"
        two.run(v.initializer)
        assert (one.run(v), two.run(v)) == (2, 1)


def test_an_error_leaves_the_session_and_its_variables_as_they_were(engine: str) -> None:
    v = tf.Variable([1.0, 2.0])
    x = tf.placeholder(tf.float32, [None])
    bad = v.assign(v + x)
    with tf.Session(engine=engine) as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(bad, {x: [1.0, 2.0, 3.0]})
        assert caught.value.message.splitlines()[0] == "Incompatible shapes: [2] vs. [3]"
        np.testing.assert_array_equal(session.run(v), [1, 2])
        np.testing.assert_array_equal(session.run(bad, {x: [1.0, 1.0]}), [2, 3])


def test_a_closed_session_refuses() -> None:
    x = tf.constant(1.0)
    session = tf.Session()
    call = session.make_callable(x)
    session.run(x)
    session.close()
    for run in (lambda: session.run(x), call, lambda: session.run([x, x])):
        with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
            run()


def test_an_empty_graph_refuses() -> None:
    with tf.Session() as session, pytest.raises(RuntimeError, match="Session graph is empty"):
        session.run([])


def test_default_sessions_nest() -> None:
    x = tf.constant(3.0)
    with pytest.raises(ValueError, match="No default session is registered"):
        x.eval()
    with tf.Session() as outer:
        assert x.eval() == 3
        with tf.Session().as_default() as inner:
            assert tf.get_default_session() is inner
        assert tf.get_default_session() is outer
    assert tf.get_default_session() is None
    interactive = tf.InteractiveSession()
    assert x.eval() == 3
    interactive.close()
    assert tf.get_default_session() is None


def test_a_changed_node_is_seen_by_the_next_run(engine: str) -> None:
    v = tf.Variable(1.0)
    out = tf.identity(tf.constant(4.0))
    with tf.Session(engine=engine) as session:
        session.run(v.initializer)
        session.run(out)
        out.op._add_control_input(v.assign(9.0).op)
        session.run(out)
        assert session.run(v) == 9
        out.op._update_input(0, tf.constant(6.0))
        assert session.run(out) == 6


def test_make_callable(engine: str) -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.placeholder(tf.float32, [])
    with tf.Session(engine=engine) as session:
        product = x * y
        call = session.make_callable([product, product.op], [x, y])
        product, nothing = call([1, 2], 3)
        np.testing.assert_array_equal(product, [3, 6])
        assert nothing is None
        with pytest.raises(TypeError, match="Expected 2 arguments, got 1."):
            call([1])
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            call([1], [2])


def test_partial_run_computes_each_part_once() -> None:
    calls = []

    def record(value: np.ndarray) -> np.ndarray:
        calls.append(float(value))
        return value

    a = tf.placeholder(tf.float32, [])
    b = tf.placeholder(tf.float32, [])
    c = tf.placeholder(tf.float32, [])
    first = tf.py_func(record, [a + b], tf.float32)
    second = first * c
    with tf.Session() as session:
        handle = session.partial_run_setup([first, second], [a, b, c])
        assert session.partial_run(handle, first, {a: 1, b: 2}) == 3
        assert session.partial_run(handle, second, {c: 17}) == 51
        assert calls == [3.0]
        handle = session.partial_run_setup([first, second], [a, b, c])
        with pytest.raises(tf.errors.InvalidArgumentError, match="Must feed"):
            session.partial_run(handle, second, {c: 1})
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.partial_run(handle, a + 1.0)


def test_two_threads_run_one_session_while_a_third_trains(engine: str) -> None:
    x = tf.placeholder(tf.float32, [None])
    doubled = tf.reduce_sum(x) * 2.0
    v = tf.Variable(0.0)
    count = v.assign_add(1.0)
    errors: list[BaseException] = []
    with tf.Session(engine=engine) as session:
        session.run(v.initializer)

        def check(size: int) -> None:
            try:
                for i in range(50):
                    assert session.run(doubled, {x: np.full(size, i)}) == 2 * i * size
            except BaseException as error:
                errors.append(error)

        def train() -> None:
            try:
                for _ in range(100):
                    session.run(count)
            except BaseException as error:
                errors.append(error)

        threads = [
            threading.Thread(target=check, args=(3,)),
            threading.Thread(target=check, args=(5,)),
            threading.Thread(target=train),
            threading.Thread(target=train),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        assert session.run(v) == 200


def test_options_and_configurations_are_accepted() -> None:
    config = tf.ConfigProto(
        allow_soft_placement=True,
        intra_op_parallelism_threads=1,
        gpu_options=tf.GPUOptions(allow_growth=True),
    )
    config.gpu_options.per_process_gpu_memory_fraction = 0.5
    metadata = tf.RunMetadata()
    with tf.Session(config=config) as session:
        value = session.run(
            tf.constant(2.0),
            options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE),
            run_metadata=metadata,
        )
    assert value == 2
    with pytest.raises(TypeError, match="config must be a tf.ConfigProto"):
        tf.Session(config=3)
    with pytest.raises(TypeError, match="graph must be a tf.Graph"):
        tf.Session(graph=3)


def test_a_failing_kernel_shows_the_generated_line() -> None:
    import traceback

    x = tf.placeholder(tf.float32, [None])
    y = tf.reshape(x, [2, 2], name="y")
    with tf.Session() as session:
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(y, {x: [1.0]})
    lines = "".join(traceback.format_exception(caught.value))
    assert "y = Reshape_" in lines
    assert "Input to reshape is a tensor with 1 values, but the requested shape has 4" in lines
