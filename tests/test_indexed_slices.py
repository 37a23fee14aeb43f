"""tf.IndexedSlices and its conversion to a tensor."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core.indexed_slices import convert_n_to_tensor_or_indexed_slices


def slices(shape: object = (4, 2)) -> tf.IndexedSlices:
    values = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="values")
    dense_shape = None if shape is None else tf.constant(shape, name="shape")
    return tf.IndexedSlices(values, tf.constant([0, 3, 0], name="indices"), dense_shape)


def test_facts() -> None:
    s = slices()
    assert (s.name, s.dtype, s.device) == ("values:0", tf.float32, "")
    assert s.op is s.values.op
    assert s.graph is tf.get_default_graph()
    assert str(s) == (
        'IndexedSlices(indices=Tensor("indices:0", shape=(3,), dtype=int32), values=Tensor('
        '"values:0", shape=(3, 2), dtype=float32), dense_shape=Tensor("shape:0", shape=(2,), '
        "dtype=int32))"
    )
    assert str(slices(None)).endswith('values=Tensor("values_1:0", shape=(3, 2), dtype=float32))')
    assert (-s).values.op.type == "Neg"
    assert (-s).indices is s.indices


def test_consumers() -> None:
    s = slices()
    tf.identity(s.values, name="a")
    tf.identity(s.indices, name="b")
    assert [op.name for op in s.consumers()] == ["a", "b"]


def test_conversion_adds_up_rows() -> None:
    dense = tf.convert_to_tensor(slices(), name="dense")
    assert (dense.name, dense.op.type, dense.shape.as_list()) == (
        "dense:0",
        "UnsortedSegmentSum",
        [4, 2],
    )
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(dense), [[6, 8], [0, 0], [0, 0], [3, 4]])


def test_conversion_where_a_tensor_is_wanted() -> None:
    squared = tf.square(slices())
    assert squared.op.inputs[0].name == "Square/x:0"
    s = slices()
    with tf.Graph().as_default():
        assert tf.identity(s).graph is s.graph


def test_conversion_warns_of_what_may_be_large() -> None:
    unknown = slices(None)
    unknown.dense_shape = tf.placeholder(tf.int32, [2])
    with pytest.warns(UserWarning, match="a dense Tensor of unknown shape"):
        tf.convert_to_tensor(unknown)
    with pytest.warns(UserWarning, match="a dense Tensor with 100000000 elements"):
        tf.convert_to_tensor(slices((50_000_000, 2)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tf.convert_to_tensor(slices((49_999_999, 2)))


def test_conversion_refuses() -> None:
    with pytest.raises(ValueError, match="IndexedSlices without dense_shape: IndexedSlices"):
        tf.convert_to_tensor(slices(None))
    with pytest.raises(
        ValueError, match="requested dtype int32 for IndexedSlices with dtype float32"
    ):
        tf.convert_to_tensor(slices(), tf.int32)


def test_convert_to_tensor_or_indexed_slices() -> None:
    s = slices()
    assert tf.convert_to_tensor_or_indexed_slices(s) is s
    made = tf.convert_to_tensor_or_indexed_slices([1, 2], tf.float64, "made")
    assert (made.name, made.dtype) == ("made:0", tf.float64)
    for value in (s, s.values):
        with pytest.raises(
            ValueError, match="requested dtype int32 for Tensor with dtype float32: '"
        ):
            tf.convert_to_tensor_or_indexed_slices(value, tf.int32)


def test_convert_several() -> None:
    s = slices()
    one, none, same = convert_n_to_tensor_or_indexed_slices([1.0, None, s], name="n")
    assert one.name == "n_0:0"
    assert none is None
    assert same is s
    with pytest.raises(TypeError, match="values must be a sequence"):
        convert_n_to_tensor_or_indexed_slices(1.0)


def test_fetch_and_feed() -> None:
    s = slices()
    with tf.Session() as session:
        value, bare = session.run([s, slices(None)])
        assert type(value).__name__ == "IndexedSlicesValue"
        np.testing.assert_array_equal(value.indices, [0, 3, 0])
        np.testing.assert_array_equal(value.dense_shape, [4, 2])
        assert bare.dense_shape is None
        fed = session.run(tf.identity(s.values), {s: ([[7.0, 8.0]] * 3, [1, 1, 1], [9, 2])})
        np.testing.assert_array_equal(fed, [[7, 8]] * 3)
