"""tf.SparseTensor: its parts, its shape, how sessions take and give it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES

import tflite_edu as tf
from tflite_edu.runtime.fetches import register_session_run_conversion_functions


def sparse() -> tf.SparseTensor:
    return tf.SparseTensor([[0, 1], [2, 0]], [1.5, -2.0], [3, 4])


def parts(value: Any) -> list[Any]:
    assert isinstance(value, tf.SparseTensorValue)
    return [np.asarray(part).tolist() for part in value]


def test_facts() -> None:
    s = sparse()
    assert (s.dtype, s.shape.as_list(), s.get_shape().as_list()) == (tf.float32, [3, 4], [3, 4])
    assert s.op is s.values.op
    assert s.graph is tf.get_default_graph()
    assert [t.name for t in (s.indices, s.values, s.dense_shape)] == [
        "SparseTensor/indices:0",
        "SparseTensor/values:0",
        "SparseTensor/dense_shape:0",
    ]
    assert str(s) == (
        'SparseTensor(indices=Tensor("SparseTensor/indices:0", shape=(2, 2), dtype=int64), '
        'values=Tensor("SparseTensor/values:0", shape=(2,), dtype=float32), '
        'dense_shape=Tensor("SparseTensor/dense_shape:0", shape=(2,), dtype=int64))'
    )
    assert s.consumers() == []
    tf.identity(s.values, "a")
    tf.identity(s.dense_shape, "b")
    tf.add_n([s.values, s.values], "c")
    assert {op.name for op in s.consumers()} == {"a", "b", "c"}
    assert tf.sparse.SparseTensor is tf.SparseTensor


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (([0, 1], [1.0, 2.0], [3]), ValueError, r"Shape \(2,\) must have rank 2"),
        (([[0]], [[1.0]], [3]), ValueError, r"Shape \(1, 1\) must have rank 1"),
        (([[0]], [1.0], 3), ValueError, r"Shape \(\) must have rank 1"),
        (([[0, 0]], [1.0], [3]), ValueError, "Dimensions 2 and 1 are not compatible"),
        (([[0], [1]], [1.0], [3]), ValueError, "Dimensions 2 and 1 are not compatible"),
        (([[0.5]], [1.0], [3]), TypeError, "Expected int64, got 0.5 of type 'float' instead"),
        (([], [], [3]), ValueError, r"Shape \(0,\) must have rank 2"),
    ],
)
def test_parts_that_do_not_fit(given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        tf.SparseTensor(*given)


def test_shapes_known_so_far() -> None:
    unknown = tf.SparseTensor(
        tf.placeholder(tf.int64), tf.placeholder(tf.float32), tf.placeholder(tf.int64)
    )
    assert unknown.shape.rank is None
    ranked = tf.SparseTensor(
        tf.placeholder(tf.int64, [None, 2]), tf.placeholder(tf.int32), tf.placeholder(tf.int64, [2])
    )
    assert ranked.shape.as_list() == [None, None]
    assert tf.sparse_placeholder(tf.int32, [-1, 3]).shape.as_list() == [None, 3]
    assert tf.sparse_placeholder(tf.int32, [None, 3]).shape.as_list() == [None, None]
    assert tf.sparse_placeholder(tf.int32, []).shape.as_list() == []
    with pytest.raises(ValueError, match="Cannot convert a partially known TensorShape"):
        tf.sparse_placeholder(tf.int32, tf.TensorShape([None, 3]))
    with pytest.raises(ValueError, match="Cannot take the length of shape with unknown rank"):
        tf.sparse_placeholder(tf.int32, tf.TensorShape(None))


def test_conversions() -> None:
    s = sparse()
    convert = tf.convert_to_tensor_or_sparse_tensor
    assert convert(s) is s
    assert convert(s, tf.float32) is s
    assert convert([1, 2], name="plain").name == "plain:0"
    made = convert(tf.SparseTensorValue([[0]], [1], [2]))
    assert (made.dtype, made.shape.as_list()) == (tf.int32, [2])
    assert tf.SparseTensor.from_value(s).indices is s.indices
    with pytest.raises(RuntimeError, match="Sparse dtype: requested = int32, actual = float32"):
        convert(s, tf.int32)
    with pytest.raises(TypeError, match="Neither a SparseTensor nor SparseTensorValue: 3"):
        tf.SparseTensor.from_value(3)
    with pytest.raises(TypeError, match="Failed to convert object of type <class '.*SparseTensor'"):
        tf.convert_to_tensor(s)
    for function in (tf.sparse.to_dense, tf.sparse.reorder):
        with pytest.raises(TypeError, match="Input must be a SparseTensor"):
            function(3)
    with pytest.raises(TypeError, match="Expected bool, got 0 of type 'int' instead"):
        tf.sparse.from_dense([True])


@pytest.mark.parametrize("engine", ENGINES)
def test_fetched_and_fed(engine: str, engine_session: Callable[[str], tf.Session]) -> None:
    x = tf.sparse_placeholder(tf.float32)
    fixed = tf.sparse_placeholder(tf.float32, [2, 2])
    doubled = x.values * 2
    value = tf.SparseTensorValue(np.array([[0, 1]]), np.array([3.0], np.float32), np.array([2, 2]))
    with engine_session(engine) as session:
        for _ in range(2):
            both = session.run({"x": x, "more": [x, doubled]}, {x: value})
            assert parts(both["x"]) == [[[0, 1]], [3.0], [2, 2]]
            assert both["more"][1].tolist() == [6.0]
        assert parts(session.run(x, {x: ([[1, 1]], [2.0], [2, 3])})) == [[[1, 1]], [2.0], [2, 3]]
        assert parts(session.run(fixed, {fixed: ([[1, 1]], [2.0], [5, 5])}))[2] == [5, 5]
        assert parts(x.eval({x: value}, session)) == parts(value)
        with session.as_default():
            assert parts(sparse().eval()) == [[[0, 1], [2, 0]], [1.5, -2.0], [3, 4]]
        call = session.make_callable([x, doubled], [x.indices, x.values, x.dense_shape])
        assert parts(call(*value)[0]) == parts(value)
        with pytest.raises(tf.errors.InvalidArgumentError, match="You must feed a value for"):
            session.run(x)
        with pytest.raises(TypeError):
            session.run(x, {x: 3})
    with pytest.raises(ValueError, match="No default session"):
        x.eval()


def test_a_run_in_parts() -> None:
    x = tf.sparse_placeholder(tf.float32)
    first, second = x.values * 2, tf.sparse_tensor_to_dense(x)
    with tf.Session() as session:
        handle = session.partial_run_setup([first, second], [x])
        value = tf.SparseTensorValue([[1]], [3.0], [2])
        assert session.partial_run(handle, first, {x: value}).tolist() == [6.0]
        assert session.partial_run(handle, second).tolist() == [0.0, 3.0]


def test_nested_structures() -> None:
    s = sparse()
    assert tf.nest.flatten([s, 1]) == [s, 1]
    assert tf.nest.flatten(s, expand_composites=True) == [s.indices, s.values, s.dense_shape]
    again = tf.nest.map_structure(tf.identity, {"a": s}, expand_composites=True)["a"]
    assert isinstance(again, tf.SparseTensor)
    assert again.values.op.inputs[0] is s.values
    numbers = tf.nest.map_structure(lambda t: t.name, s, expand_composites=True)
    assert isinstance(numbers, tf.SparseTensorValue)


def test_registered_once() -> None:
    with pytest.raises(ValueError, match="has already been registered"):
        register_session_run_conversion_functions(tf.SparseTensor, lambda s: ([], list))


@pytest.mark.parametrize("count", [0, 1, 50])
def test_there_and_back(count: int) -> None:
    random = np.random.RandomState(count)
    dense = np.zeros([4, 5, 6], np.int64)
    dense.reshape(-1)[random.permutation(dense.size)[:count]] = random.randint(1, 9, count)
    shuffled = tf.sparse_placeholder(tf.int64)
    with tf.Session() as session:
        value = session.run(tf.sparse.from_dense(dense))
        order = random.permutation(count)
        fed = tf.SparseTensorValue(value.indices[order], value.values[order], value.dense_shape)
        ordered = tf.sparse.reorder(shuffled)
        flat = tf.sparse.to_dense(tf.sparse.reshape(ordered, [6, -1]))
        found = session.run([tf.sparse.to_dense(ordered), flat], {shuffled: fed})
    np.testing.assert_array_equal(found[0], dense)
    np.testing.assert_array_equal(found[1], dense.reshape(6, -1))
