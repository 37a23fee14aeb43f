"""What `tf.constant` and conversions make of Python values: TensorFlow 1.15's results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

TWO = tf.Dimension(2)


def nodes() -> list[tuple[str, str, str]]:
    return [
        (op.type, op.name, " ".join(str(t.shape) for t in op.outputs))
        for op in tf.get_default_graph().get_operations()
    ]


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [
        ([[1.0, 2.0], np.ones(2)], "float32", (2, 2)),
        ([np.float64(1), 2], "float32", (2,)),
        ([np.int64(2), 1.5], "float32", (2,)),
        ([np.array(1.0), np.array(2.0)], "float32", (2,)),
        ([np.float16(1)], "float16", (1,)),
        ([1, True], "int32", (2,)),
        ([np.bool_(True)], "bool", (1,)),
        ([1j, 2], "complex128", (2,)),
        ([2**40], "int64", (1,)),
        ([2**63], "uint64", (1,)),
        ([[], []], "float32", (2, 0)),
        ([np.str_("a"), np.bytes_(b"b")], "string", (2,)),
        (bytearray(b"abc"), "uint8", (3,)),
        (np.float64(1), "float64", ()),
    ],
)
def test_dtype_and_shape_are_found(value: Any, dtype: str, shape: tuple[int, ...]) -> None:
    tensor = tf.constant(value)
    assert (tensor.dtype.name, tuple(tensor.shape.as_list())) == (dtype, shape)


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        (300, tf.uint8, 44),
        ([-1], tf.uint8, [255]),
        ([2**40], tf.int32, [0]),
        ([TWO, 3], tf.int32, [2, 3]),
        (TWO, tf.int64, 2),
        (1e300, None, np.inf),
        ([b"a", "\u1234", b"\xff"], None, [b"a", b"\xe1\x88\xb4", b"\xff"]),
    ],
)
def test_values_fit_their_dtype(value: Any, dtype: Any, expected: Any) -> None:
    with tf.Session() as session:
        assert np.asarray(session.run(tf.constant(value, dtype))).tolist() == expected


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (
            ([np.ones(2), np.zeros(2)],),
            ValueError,
            "Argument must be a dense tensor: [array([1., 1.]), array([0., 0.])] - got shape "
            "[2, 2], but wanted [2].",
        ),
        (
            ([np.ones(2)], tf.float64),
            TypeError,
            "Expected float64, got array([1., 1.]) of type 'ndarray' instead.",
        ),
        (
            ([TWO, 3],),
            TypeError,
            "Failed to convert object of type <class 'list'> to Tensor. Contents: "
            "[Dimension(2), 3]. Consider casting elements to a supported type.",
        ),
        (
            ([TWO], tf.float32),
            TypeError,
            "Expected float32, got Dimension(2) of type 'Dimension' instead.",
        ),
        (
            (tf.TensorShape([2, 3]),),
            ValueError,
            "Argument must be a dense tensor: (2, 3) - got shape [2], but wanted [].",
        ),
        (
            (range(3),),
            ValueError,
            "Argument must be a dense tensor: range(0, 3) - got shape [3], but wanted [].",
        ),
        (
            ([[[1.0, 2.0], [3.0]], [[1.0, 2.0], [3.0]]],),
            ValueError,
            "Argument must be a dense tensor: [[[1.0, 2.0], [3.0]], [[1.0, 2.0], [3.0]]] - got "
            "shape [2, 2], but wanted [2, 2, 2].",
        ),
        (
            ([["a", "b"], ["c"]],),
            ValueError,
            "Argument must be a dense tensor: [['a', 'b'], ['c']] - got shape [2], but wanted "
            "[2, 2].",
        ),
        (
            ([[1.0, 2.0], [3.0]], tf.float32),
            ValueError,
            "setting an array element with a sequence.",
        ),
        (
            (["a", 1],),
            TypeError,
            "Failed to convert object of type <class 'list'> to Tensor. Contents: ['a', 1]. "
            "Consider casting elements to a supported type.",
        ),
        (
            ([np.float64(1.5)], tf.int32),
            TypeError,
            "Expected int32, got 1.5 of type 'float64' instead.",
        ),
        (
            ([np.bool_(True)], tf.float32),
            TypeError,
            "Expected float32, got True of type 'bool_' instead.",
        ),
        ((3, tf.qint32), TypeError, "Expected qint32, got 3 of type 'int' instead."),
        (
            ([1], tf.resource),
            TypeError,
            "Incompatible types: <dtype: 'resource'> vs. int64. Value is [1]",
        ),
        (
            (np.array([1, "a"], object),),
            TypeError,
            "Expected binary or unicode string, got 1",
        ),
        (([2**70], tf.int64), OverflowError, "Python int too large to convert to C long"),
        ((1, None, 3), TypeError, "'int' object is not iterable"),
    ],
)
def test_what_is_no_constant(arguments: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as raised:
        tf.constant(*arguments)
    assert str(raised.value) == message
    assert not nodes()


def test_a_shape_without_elements_takes_no_value() -> None:
    assert tf.constant([1, 2, 3], shape=[0, 3]).dtype == tf.float32
    assert tf.constant(["a"], tf.int32, shape=[0]).dtype == tf.int32
    with pytest.raises(ValueError, match="Needed at most 0, but received 3"):
        tf.constant(np.ones(3), shape=[0])


def test_stacked_arrays_keep_their_dtype() -> None:
    assert tf.stack([np.ones(2), np.zeros(2)]).dtype == tf.float64
    assert nodes() == [
        ("Const", "stack", "(2,)"),
        ("Const", "stack_1/values_0", "(2,)"),
        ("Const", "stack_1/values_1", "(2,)"),
        ("Pack", "stack_1", "(2, 2)"),
    ]


def test_stacked_dimensions_are_integers() -> None:
    stacked = tf.stack([TWO, 3])
    assert (stacked.op.type, stacked.dtype) == ("Pack", tf.int32)
    reshaped = tf.reshape(tf.placeholder(tf.float32, None), stacked)
    assert reshaped.shape.as_list() == [2, 3]


def test_slices_up_to_a_dimension() -> None:
    x = tf.placeholder(tf.float32, [4, 5], name="x")
    assert x[: x.shape[0]].shape.as_list() == [4, 5]
    assert nodes()[1:] == [
        ("Const", "strided_slice/stack", "(1,)"),
        ("Const", "strided_slice/stack_1", "()"),
        ("Const", "strided_slice/stack_2/values_0", "()"),
        ("Pack", "strided_slice/stack_2", "(1,)"),
        ("Const", "strided_slice/stack_3", "(1,)"),
        ("StridedSlice", "strided_slice", "(4, 5)"),
    ]
