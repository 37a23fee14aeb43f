"""Errors at a node's definition: arguments, attributes and shapes, in TensorFlow 1.15's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core import raw


def fed(*shape: int | None, dtype: Any = tf.float32) -> tf.Tensor:
    return tf.placeholder(dtype, shape)


def whole(*shape: int | None) -> tf.Tensor:
    return fed(*shape, dtype=tf.int32)


IMAGES, FILTERS = (1, 4, 4, 1), (1, 1, 1, 1)
ARGUMENTS: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: tf.stack(fed(2, 3), axis=1),
        "Expected list for 'values' argument to 'pack' Op, not <tf.Tensor 'Placeholder:0' "
        "shape=(2, 3) dtype=float32>.",
    ),
    (
        lambda: tf.shape_n(5),
        "Expected list for 'input' argument to 'shape_n' Op, not 5.",
    ),
    (
        lambda: tf.py_func(len, 5, tf.float32),
        "Expected list for 'input' argument to 'PyFunc' Op, not 5.",
    ),
    (
        lambda: tf.nn.conv2d(fed(*IMAGES), fed(*FILTERS), np.ones(4, int), "SAME"),
        "Expected list for 'strides' argument to 'conv2d' Op, not array([1, 1, 1, 1]).",
    ),
    (
        lambda: tf.dynamic_stitch([0, 1], [1.0]),
        "List argument 'data' to 'dynamic_stitch' Op with length 1 must match length 2 of "
        "argument 'indices'.",
    ),
    (
        lambda: tf.concat([[1, None], fed(2)], 0),
        "Tensors in list passed to 'values' of 'ConcatV2' Op have types "
        "[<NOT CONVERTIBLE TO TENSOR>, float32] that don't all match.",
    ),
    (
        lambda: tf.stack([fed(2), ["a", "b"]]),
        "Tensors in list passed to 'values' of 'Pack' Op have types [float32, string] that don't "
        "all match.",
    ),
    (
        lambda: tf.dynamic_stitch([0, 1.5], [1.0, 2]),
        "Tensors in list passed to 'indices' of 'DynamicStitch' Op have types [int32, float32] "
        "that do not match expected type int32.",
    ),
    (
        lambda: tf.Print(fed(), [None]),
        "Tensors in list passed to 'data' of 'Print' Op have types [<NOT CONVERTIBLE TO TENSOR>] "
        "that are invalid. Tensors: [None]",
    ),
    (
        lambda: tf.nn.leaky_relu(fed(2), fed()),
        "Expected float for argument 'alpha' not <tf.Tensor 'Placeholder_1:0' shape=() "
        "dtype=float32>.",
    ),
    (
        lambda: tf.nn.leaky_relu(fed(2), "0.5"),
        "Expected float for argument 'alpha' not '0.5'.",
    ),
    (
        lambda: tf.nn.max_pool(fed(*IMAGES), [1, "2", 2, 1], [1, 1, 1, 1], "SAME"),
        "Expected int for argument 'ksize' not '2'.",
    ),
    (
        lambda: tf.matmul(fed(2, 2), fed(2, 2), transpose_a=np.bool_(True)),
        "Expected bool for argument 'transpose_a' not True.",
    ),
    (
        lambda: tf.argmax(fed(2, 2), output_type=5000),
        "Expected DataType for argument 'output_type' not 5000.",
    ),
    (
        lambda: tf.placeholder(tf.float32, "a"),
        "Error converting shape to a TensorShape: A string has ambiguous TensorShape, please wrap "
        "in a list or convert to an int: a.",
    ),
    (
        lambda: tf.placeholder(tf.float32, [-2]),
        "Error converting shape to a TensorShape: Dimension -2 must be >= 0.",
    ),
]


@pytest.mark.parametrize(("define", "message"), ARGUMENTS, ids=range(len(ARGUMENTS)))
def test_wrong_arguments(define: Callable[[], Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as raised:
        define()
    assert str(raised.value) == message


def test_int_attributes_take_floats() -> None:
    pooled = tf.nn.max_pool(fed(*IMAGES), [1, 2.5, 2, 1], [1, 1, 1, 1], "VALID")
    assert pooled.shape.as_list() == [1, 3, 3, 1]
    assert tf.stack([[1.0], [2.0]], axis=1.0).shape.as_list() == [1, 2]


NO_SHAPE = "Shape must be rank 1 but is rank {} for '{}' (op: '{}') with input shapes: {}."
SHAPES: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: tf.random_uniform(2),
        NO_SHAPE.format(0, "random_uniform/RandomUniform", "RandomUniform", "[]"),
    ),
    (
        lambda: tf.truncated_normal([[2, 3]]),
        NO_SHAPE.format(2, "truncated_normal/TruncatedNormal", "TruncatedNormal", "[1,2]"),
    ),
    (lambda: tf.reshape(fed(4), whole()), NO_SHAPE.format(0, "Reshape", "Reshape", "[4], []")),
    (lambda: tf.reshape(fed(4), -1), NO_SHAPE.format(0, "Reshape", "Reshape", "[4], []")),
    (lambda: tf.fill([[3, 2]], 1.0), NO_SHAPE.format(2, "Fill", "Fill", "[1,2], []")),
    (
        lambda: tf.broadcast_to(fed(1), [[3]]),
        NO_SHAPE.format(2, "BroadcastTo", "BroadcastTo", "[1], [1,1]"),
    ),
    (
        lambda: tf.scatter_nd([[0]], [1.0], 4),
        NO_SHAPE.format(0, "ScatterNd", "ScatterNd", "[1,1], [1], []"),
    ),
    (
        lambda: tf.broadcast_dynamic_shape([[2]], [3]),
        NO_SHAPE.format(2, "BroadcastArgs", "BroadcastArgs", "[1,1], [1]"),
    ),
    (lambda: tf.random_normal([-2]), "Invalid value in tensor used for shape: -2"),
    (
        lambda: tf.nn.conv2d_backprop_input([3], fed(*FILTERS), fed(*IMAGES), [1] * 4, "SAME"),
        "Shape must be rank 4 but is rank 1 for 'Conv2DBackpropInput' (op: 'Conv2DBackpropInput') "
        "with input shapes: [1], [1,1,1,1], [1,4,4,1].",
    ),
    (
        lambda: tf.transpose(fed(4), 0),
        NO_SHAPE.format(0, "transpose", "Transpose", "[4], []"),
    ),
    (
        lambda: tf.gather(fed(4), whole(2), axis=whole(1)),
        "Shape must be rank 0 but is rank 1 for 'GatherV2' (op: 'GatherV2') with input shapes: "
        "[4], [2], [1].",
    ),
    (
        lambda: tf.argmax(fed(4, 4), axis=[0]),
        "Shape must be rank 0 but is rank 1 for 'ArgMax' (op: 'ArgMax') with input shapes: "
        "[4,4], [1].",
    ),
    (
        lambda: tf.pad(fed(4, 4), whole(2, 3)),
        "Dimension must be 2 but is 3 for 'Pad' (op: 'Pad') with input shapes: [4,4], [2,3].",
    ),
    # What the shapes alone forbid is said without the values.
    (
        lambda: tf.unsorted_segment_sum(fed(3, 4), whole(2), 5),
        "Dimensions must be equal, but are 3 and 2 for 'UnsortedSegmentSum' (op: "
        "'UnsortedSegmentSum') with input shapes: [3,4], [2], [].",
    ),
    (
        lambda: tf.unsorted_segment_sum(fed(3, 4), whole(3), [5]),
        "Shape must be rank 0 but is rank 1 for 'UnsortedSegmentSum' (op: 'UnsortedSegmentSum') "
        "with input shapes: [3,4], [3], [1].",
    ),
    (
        lambda: tf.unsorted_segment_sum(fed(3, 4), whole(3), -5),
        "Dimension size, given by scalar input 2, must be non-negative but is -5 for "
        "'UnsortedSegmentSum' (op: 'UnsortedSegmentSum') with input shapes: [3,4], [3], [] and "
        "with computed input tensors: input[2] = <-5>.",
    ),
    (
        lambda: tf.multinomial(fed(3), 2),
        "Shape must be rank 2 but is rank 1 for 'multinomial/Multinomial' (op: 'Multinomial') "
        "with input shapes: [3], [].",
    ),
    (
        lambda: tf.slice(fed(4, 4), [5, 0], [-1, -1]),
        "Negative dimension size caused by subtracting 5 from 4 for 'Slice' (op: 'Slice') with "
        "input shapes: [4,4], [2], [2] and with input tensors computed as partial shapes: "
        "input[1] = [5,0],input[2] = [?,?].",
    ),
    (
        lambda: tf.dynamic_stitch([whole(2), whole(3)], [fed(2, 3), fed(3, 4)]),
        "Dimension 0 in both shapes must be equal, but are 3 and 4. Shapes are [3] and [4]. for "
        "'DynamicStitch' (op: 'DynamicStitch') with input shapes: [2], [3], [2,3], [3,4].",
    ),
    (
        lambda: tf.sparse_segment_sum(fed(4, 4), whole(2), whole(3)),
        "Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are [2] and [3]. for "
        "'SparseSegmentSum' (op: 'SparseSegmentSum') with input shapes: [4,4], [2], [3].",
    ),
    (
        lambda: tf.roll(fed(4), [[1]], [0]),
        "Shape must be at most rank 1 but is rank 2 for 'Roll' (op: 'Roll') with input shapes: "
        "[4], [1,1], [1].",
    ),
]


@pytest.mark.parametrize(("define", "message"), SHAPES, ids=range(len(SHAPES)))
def test_shapes_that_do_not_fit(define: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError) as raised:
        define()
    assert str(raised.value) == message


def test_each_of_several_shapes_is_known() -> None:
    first, second = tf.shape_n([fed(2, 3), fed(3, None)])
    u = tf.placeholder(tf.float32)
    assert tf.reshape(u, first).shape.as_list() == [2, 3]
    assert tf.reshape(u, second).shape.as_list() == [3, None]


def test_a_cast_hides_sizes_that_are_not_all_known() -> None:
    u = tf.placeholder(tf.float32)
    sizes = tf.cast(tf.shape(fed(2, None)), tf.int64)
    assert tf.reshape(u, sizes).shape.as_list() == [None, None]
    assert tf.reshape(u, tf.cast([2, 3], tf.int64)).shape.as_list() == [2, 3]


@pytest.mark.parametrize("op_type", ["DynamicStitch", "ParallelDynamicStitch"])
def test_stitched_slices_have_the_shape_of_the_data(op_type: str) -> None:
    stitch = getattr(raw, op_type)
    assert stitch([whole(2), whole(3)], [fed(2, 4), fed(3, None)]).shape.as_list() == [None, 4]
    assert stitch([[0, 3], [1]], [fed(2, 4), fed(1, 4)]).shape.as_list() == [4, 4]


def test_prevented_gradients_say_why() -> None:
    x = tf.constant([1.0])
    y = raw.PreventGradient(x, message='no "way" é')
    with pytest.raises(LookupError) as raised:
        tf.gradients(y, x)
    assert str(raised.value) == ("Gradient explicitly disabled. Reason: b'no \"way\" \\xc3\\xa9'")
