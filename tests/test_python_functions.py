"""tf.py_func and tf.numpy_function."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


def test_several_results() -> None:
    x = tf.constant([3.0, 4.0])
    total, count = tf.py_func(lambda a: (a + 1, np.int64(len(a))), [x], [tf.float32, tf.int64])
    assert (total.name, count.name, total.shape.ndims) == ("PyFunc:0", "PyFunc:1", None)
    values = run([total, count])
    np.testing.assert_array_equal(values[0], [4.0, 5.0])
    assert values[1] == 2


def test_node_types() -> None:
    single = tf.py_func(lambda: b"n", [], tf.string, stateful=False, name="label")
    assert (single.op.type, single.name) == ("PyFuncStateless", "label:0")
    nothing = tf.py_func(lambda: None, [], [], name="nothing")
    assert isinstance(nothing, tf.Operation)
    assert run([single, nothing]) == [b"n", None]
    assert tf.numpy_function(abs, [1.0], tf.float32).op.type == "PyFunc"


def test_arguments_are_arrays_and_scalars() -> None:
    seen: list[Any] = []

    def look(*values: Any) -> None:
        seen.extend(values)

    run(tf.py_func(look, [1.0, [1, 2], "s", ["a"], True], []))
    assert [type(v).__name__ for v in seen] == ["float32", "ndarray", "bytes", "ndarray", "bool"]
    assert seen[3].dtype == object


def test_arguments_may_be_changed() -> None:
    x = tf.constant([1.0, 2.0])

    def change(a: np.ndarray) -> np.ndarray:
        a += 1
        return a

    np.testing.assert_array_equal(run([tf.py_func(change, [x], tf.float32), x]), [[2, 3], [1, 2]])


def test_texts() -> None:
    one = tf.py_func(lambda: "one", [], tf.string)
    several = tf.py_func(lambda: np.array(["a", "bc"]), [], tf.string)
    assert run(one) == b"one"
    assert run(several).tolist() == [b"a", b"bc"]


@pytest.mark.parametrize(
    ("function", "Tout", "message"),
    [
        (lambda: np.float32(1), tf.int64, "0-th value returned by {} is float, but expects int64"),
        (lambda: 3.0, tf.float32, "0-th value returned by {} is double, but expects float"),
        (lambda: 3, tf.int32, "0-th value returned by {} is int64, but expects int32"),
        (lambda: [1, 2], tf.int64, "{} returns 2 values, but expects to see 1 values."),
        (lambda: None, tf.int64, "{} returns 0 values, but expects to see 1 values."),
        (lambda: 1, [], "{} returns 1 values, but expects to see 0 values."),
    ],
)
def test_results_that_do_not_fit(function: Any, Tout: Any, message: str) -> None:
    made = tf.py_func(function, [], Tout)
    token = getattr(made, "op", made).get_attr("token").decode()
    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        run(made)
    assert str(raised.value).splitlines()[0] == message.format(token)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TypeError("t"), tf.errors.InvalidArgumentError),
        (ValueError("v"), tf.errors.InvalidArgumentError),
        (StopIteration("s"), tf.errors.OutOfRangeError),
        (MemoryError("m"), tf.errors.ResourceExhaustedError),
        (NotImplementedError("n"), tf.errors.UnimplementedError),
        (KeyError("k"), tf.errors.UnknownError),
        (tf.errors.NotFoundError(None, None, "nf"), tf.errors.UnknownError),
    ],
)
def test_what_a_function_raises(error: Exception, kind: type[Exception]) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(kind) as raised:
        run(tf.py_func(fail, [], tf.float32))
    assert str(raised.value).splitlines()[0] == f"{type(error).__name__}: {error}"


def test_no_gradient() -> None:
    x = tf.constant(2.0)
    y = tf.py_func(lambda a: a, [x], tf.float32)
    assert tf.gradients(y, x) == [None]


def test_refuses() -> None:
    with pytest.raises(ValueError, match="Expected func to be callable, got func of type"):
        tf.py_func(3, [], tf.float32)
    with pytest.raises(TypeError, match="Expected list for 'input' argument to 'PyFunc' Op"):
        tf.py_func(abs, tf.constant(1.0), tf.float32)


def test_functions_go_with_their_graph() -> None:
    def function() -> float:
        return 1.0

    with tf.Graph().as_default():
        tf.py_func(function, [], tf.float64)
    gone = weakref.ref(function)
    del function
    gc.collect()
    assert gone() is None
