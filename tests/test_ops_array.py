"""Array functions: nodes and names as TensorFlow 1.15 makes them, values as numpy gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import tflite_edu as tf


def value(fetches: Any, feed: dict[Any, Any] | None = None) -> Any:
    with tf.Session() as session:
        return session.run(fetches, feed)


def nodes() -> list[str]:
    return [f"{op.type} {op.name}" for op in tf.get_default_graph().get_operations()]


def static(tensor: tf.Tensor) -> list[int | None] | None:
    return None if tensor.shape.ndims is None else tensor.shape.as_list()


# Slicing


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_slices_are_numpys(data: st.DataObject) -> None:
    shape = data.draw(arrays.array_shapes(min_dims=1, max_dims=3, max_side=4))
    index = data.draw(
        arrays.basic_indices(shape, max_dims=5, allow_newaxis=True, allow_ellipsis=True)
    )
    x = np.arange(np.prod(shape)).reshape(shape)
    with tf.Graph().as_default():
        hidden = tf.placeholder(tf.int64, [None] * len(shape))
        known, unknown = tf.constant(x)[index], hidden[index]
        results = value([known, unknown], {hidden: x})
    expected = x[index]
    assert static(known) == list(expected.shape)
    for result in results:
        np.testing.assert_array_equal(result, expected)


def test_a_slice_is_three_stacks_and_a_strided_slice() -> None:
    x = tf.placeholder(tf.float32, [4, 5], name="x")
    x[1:, 0]
    assert nodes()[1:] == [
        "Const strided_slice/stack",
        "Const strided_slice/stack_1",
        "Const strided_slice/stack_2",
        "StridedSlice strided_slice",
    ]
    op = tf.get_default_graph().get_operation_by_name("strided_slice")
    assert (op.get_attr("end_mask"), op.get_attr("shrink_axis_mask")) == (1, 2)


def test_tensors_as_indices() -> None:
    x = tf.constant(np.arange(20).reshape(4, 5))
    i = tf.placeholder(tf.int32, [], name="i")
    j = tf.placeholder(tf.int64, [], name="j")
    parts = [x[i], x[i:], x[:i, 1], x[1:2, i, None], x[j], x[::i], x[-i]]
    assert [static(part) for part in parts] == [
        [5],
        [None, 5],
        [None],
        [None, 1],
        [5],
        None,
        [5],
    ]
    assert "Pack strided_slice/stack" in nodes() and "AddV2 add" in nodes()
    whole = np.arange(20).reshape(4, 5)
    results = value(parts, {i: 2, j: 3})
    wanted = [
        whole[2],
        whole[2:],
        whole[:2, 1],
        whole[1:2, 2, None],
        whole[3],
        whole[::2],
        whole[-2],
    ]
    for result, expected in zip(results, wanted, strict=True):
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        (4, ValueError, "slice index 4 of dimension 0 out of bounds."),
        (-5, ValueError, "slice index -1 of dimension 0 out of bounds."),
        ((0, 0, 0), ValueError, "Index out of range using input dim 2; input has only 2 dims"),
        ((..., ...), ValueError, "Multiple ellipses in slice spec not allowed"),
        (np.s_[::0], ValueError, "strides[0] must be non-zero"),
        (1.5, TypeError, "scalar tf.int32/tf.int64 tensors are valid indices, got 1.5"),
        (([1, 2], 0), TypeError, "tensors are valid indices, got [1, 2]"),
        (True, ValueError, "mask cannot be scalar."),
    ],
)
def test_bad_indices(index: Any, error: type[Exception], message: str) -> None:
    x = tf.zeros([4, 5])
    with pytest.raises(error) as caught:
        x[index]
    assert message in str(caught.value)


def test_an_index_out_of_range_in_a_run() -> None:
    i = tf.placeholder(tf.int32, [])
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        value(tf.range(3)[i], {i: 3})
    assert caught.value.message.splitlines()[0].startswith(
        "slice index 3 of dimension 0 out of bounds."
    )


def test_the_gradient_of_a_slice_and_of_that() -> None:
    x = tf.placeholder(tf.float32, [3, 4])
    part = x[::-2, None, 1:3]
    weights = tf.constant(np.arange(4.0, dtype=np.float32).reshape(2, 1, 2))
    grad = tf.gradients(part, x, weights)[0]
    expected = np.zeros((3, 4), np.float32)
    expected[::-2, 1:3] = np.arange(4).reshape(2, 2)
    np.testing.assert_array_equal(value(grad), expected)
    again = tf.gradients(
        grad, weights, tf.constant(np.arange(12.0, dtype=np.float32).reshape(3, 4))
    )
    np.testing.assert_array_equal(value(again[0])[:, 0], [[9, 10], [1, 2]])


def test_slice_with_partly_known_sizes() -> None:
    x = tf.placeholder(tf.float32, [4, 5, None])
    n = tf.placeholder(tf.int32, [])
    assert static(tf.slice(x, [1, 1, 0], [2, -1, 3])) == [2, 4, 3]
    assert static(tf.slice(x, [0, 0, 1], [n, 2, -1])) == [None, 2, None]
    with pytest.raises(ValueError, match="Negative dimension size caused by subtracting 5 from 4"):
        tf.slice(x, [5, 0, 0], [-1, 1, 1])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Expected size\[0\] in \[0, 2\]"):
        value(tf.slice(tf.range(4), [2], tf.stack([n])), {n: 3})


# Making and reshaping


def test_zeros_of_a_list_that_holds_a_tensor() -> None:
    n = tf.placeholder(tf.int32, [], name="n")
    made = tf.zeros([n, 3])
    # The product that asks whether the tensor is small stays behind, as in TensorFlow.
    assert nodes()[1:] == [
        "Const zeros/mul/y",
        "Mul zeros/mul",
        "Const zeros/Less/y",
        "Less zeros/Less",
        "Const zeros/packed/1",
        "Pack zeros/packed",
        "Const zeros/Const",
        "Fill zeros",
    ]
    assert static(made) == [None, 3]
    np.testing.assert_array_equal(value(made, {n: 2}), np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("shape", "dtype", "types"),
    [
        ([999], tf.float32, ["Const"]),
        ([1000], tf.float32, ["Const", "Const", "Fill"]),
        ([2, 0], tf.string, ["Const"]),
    ],
)
def test_small_zeros_are_a_constant(shape: list[int], dtype: tf.DType, types: list[str]) -> None:
    zeros = tf.zeros(shape, dtype)
    assert [op.type for op in tf.get_default_graph().get_operations()] == types
    assert value(zeros).shape == tuple(shape)


def test_likes_keep_what_is_known_of_the_shape() -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    assert tf.zeros_like(x).op.type == "ZerosLike"
    assert tf.zeros_like(x, tf.int32).op.type == "Fill"
    assert static(tf.ones_like(x, tf.int32)) == [None, 3]
    fed = np.ones((2, 3))
    np.testing.assert_array_equal(value(tf.ones_like(x), {x: fed}), fed)


@pytest.mark.parametrize(
    ("given_shape", "wanted", "result"),
    [
        ([2, 3, 4], [6, -1], [6, 4]),
        ([None, 3, 4], [-1, 12], [None, 12]),
        ([None, 4], [-1, 4], [None, 4]),
        ([None, 3, 4], [3, 4], [3, 4]),
        ([0, 4], [-1, 2], [0, 2]),
        (None, [-1, 2], [None, 2]),
    ],
)
def test_static_shape_of_a_reshape(given_shape: Any, wanted: list[int], result: list[Any]) -> None:
    assert static(tf.reshape(tf.placeholder(tf.float32, given_shape), wanted)) == result


def test_shapes_flow_through_shape_arithmetic() -> None:
    x, u = tf.placeholder(tf.float32, [None, 3, 4]), tf.placeholder(tf.float32)
    s = tf.shape(x)
    assert static(tf.reshape(u, s[1:])) == [3, 4]
    assert static(tf.reshape(u, tf.concat([s[:1], [12]], 0))) == [None, 12]
    assert static(tf.reshape(u, tf.stack([s[0], 7]))) == [None, 7]
    assert static(tf.tile(tf.ones([1, 2]), tf.stack([s[0], 3]))) == [None, 6]
    assert static(tf.broadcast_to(tf.ones([4]), s)) == [None, 3, 4]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        (
            [5, -1],
            "Input to reshape is a tensor with 12 values, but the requested shape requires a "
            "multiple of 5",
        ),
        ([5, 5], "Input to reshape is a tensor with 12 values, but the requested shape has 25"),
        ([-1, -1], "Only one input size may be -1, not both 0 and 1"),
        ([5, -2], "Size 1 must be non-negative, not -2"),
    ],
)
def test_a_reshape_that_does_not_fit(sizes: list[int], message: str) -> None:
    shape = tf.placeholder(tf.int32, [2])
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        value(tf.reshape(tf.zeros([12]), shape), {shape: sizes})
    assert caught.value.message.splitlines()[0] == message


def test_transpose_of_an_unknown_rank_counts_its_axes() -> None:
    u = tf.placeholder(tf.float32, name="u")
    turned = tf.transpose(u)
    assert nodes()[1:] == [
        "Rank transpose/Rank",
        "Const transpose/sub/y",
        "Sub transpose/sub",
        "Const transpose/Range/start",
        "Const transpose/Range/delta",
        "Range transpose/Range",
        "Sub transpose/sub_1",
        "Transpose transpose",
    ]
    x = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(value(turned, {u: x}), x.T)
    np.testing.assert_array_equal(value(tf.matrix_transpose(u), {u: x}), x.swapaxes(1, 2))


def test_conjugate_transpose() -> None:
    z = np.array([[1 + 2j, 3], [4j, 5]], np.complex64)
    np.testing.assert_array_equal(value(tf.transpose(tf.constant(z), conjugate=True)), z.conj().T)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x: tf.squeeze(x, 0), "Can not squeeze dim[0], expected a dimension of 1, got 2"),
        (lambda x: tf.squeeze(x, 4), "squeeze_dims[0] not in [-3,3)."),
        (lambda x: tf.expand_dims(x, 6), "dim 6 not in the interval [-4, 3]."),
        (lambda x: tf.expand_dims(x, 0, dim=1), "Cannot specify both 'dim' and 'axis'"),
        (lambda x: tf.transpose(x, [0, 1]), "Dimension must be 3 but is 2"),
        (lambda x: tf.reshape(x, [5, 5]), "Cannot reshape a tensor with 6 elements to shape [5,5]"),
        (lambda x: tf.tile(x, [1]), "Shape must be rank 3 but is rank 1"),
        (lambda x: tf.pad(x, [[1, 1]]), "Shape must be rank 1 but is rank 3"),
        (lambda x: tf.reverse(x, [0, 0]), "axis 0 specified more than once."),
        (lambda x: tf.gather(x, [0], axis=3), "Shape must be at least rank 4 but is rank 3"),
        (lambda x: tf.unstack(x, 3), "Dimension must be 3 but is 2"),
        (lambda x: tf.unstack(x, axis=3), "axis = 3 not in [-3, 3)"),
        (lambda x: tf.stack([x, x], 5), "axis = 5 not in [-4, 4)"),
        (lambda x: tf.split(x, 4), "Dimension size must be evenly divisible by 4 but is 2"),
        (lambda x: tf.split(x, [1, 2]), "can't split axis of size 2 into pieces of size [1,2]"),
        (lambda x: tf.concat([x, x], 3), "Shape must be at least rank 4 but is rank 3"),
        (lambda x: tf.nn.top_k(x, 4), "input must have last dimension >= k = 4 but is 3"),
    ],
)
def test_mistakes_at_definition(make: Callable[[tf.Tensor], Any], message: str) -> None:
    before = tf.zeros([2, 1, 3])
    with pytest.raises(ValueError) as caught:
        make(before)
    assert str(caught.value).startswith(message)


# Joining


def test_lists_that_hold_tensors_are_packed() -> None:
    n = tf.placeholder(tf.int32, [], name="n")
    packed = tf.convert_to_tensor([[n, 1], [2, 3]])
    assert nodes()[1:] == [
        "Const packed/0/1",
        "Pack packed/0",
        "Const packed/1_1",
        "Pack packed",
    ]
    np.testing.assert_array_equal(value(packed, {n: 7}), [[7, 1], [2, 3]])
    with pytest.raises(TypeError, match="Cannot convert a list containing a tensor of dtype"):
        tf.convert_to_tensor([n, tf.constant(1.0)])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_stack_and_unstack(axis: int) -> None:
    x = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    rows = [tf.placeholder(tf.float32, [2, None]) for _ in range(3)]
    stacked = tf.stack(rows, axis)
    back = tf.unstack(stacked, axis=axis) if axis == 0 else tf.unstack(stacked, 3, axis)
    results = value([stacked, *back], {row: x + i for i, row in enumerate(rows)})
    np.testing.assert_array_equal(results[0], np.stack([x, x + 1, x + 2], axis))
    for i, part in enumerate(results[1:]):
        np.testing.assert_array_equal(part, x + i)


@pytest.mark.parametrize("count", [2, 18])
@pytest.mark.parametrize("known", [True, False])
def test_gradient_of_concat(count: int, known: bool) -> None:
    shapes = [[2, 1 + i % 3] for i in range(count)]
    inputs = [tf.placeholder(tf.float32, shape if known else [None, shape[1]]) for shape in shapes]
    joined = tf.concat(inputs, -1)
    grads = tf.gradients(joined * joined, inputs)
    feed = {t: np.full(shape, i + 1.0) for i, (t, shape) in enumerate(zip(inputs, shapes))}
    for i, grad in enumerate(value(grads, feed)):
        np.testing.assert_array_equal(grad, np.full(shapes[i], 2.0 * (i + 1)))
    assert ("SplitV" in {op.type for op in tf.get_default_graph().get_operations()}) == (count > 16)


@pytest.mark.parametrize("axis", [0, 1])
def test_sparse_gradient_of_concat(axis: int) -> None:
    a, b = tf.zeros([2, 3]) + 0.0, tf.zeros([2, 3]) + 0.0
    joined = tf.concat([a, b], axis)
    taken = tf.gather(joined, [1, 0, 1] if axis else [3, 0, 3])
    grads = value([tf.convert_to_tensor(g) for g in tf.gradients(taken, [a, b])])
    expected = np.zeros((2, 6) if axis else (4, 3))
    np.add.at(expected, [1, 0, 1] if axis else [3, 0, 3], 1)
    for grad, part in zip(grads, np.split(expected, 2, axis), strict=True):
        np.testing.assert_array_equal(grad, part)


@pytest.mark.parametrize(("sizes", "parts"), [(3, [2, 2, 2]), ([1, 5], [1, 5]), ([4, -1], [4, 2])])
def test_split(sizes: Any, parts: list[int]) -> None:
    x = np.arange(12).reshape(2, 6)
    split = tf.split(x, sizes, axis=1)
    assert [static(part) for part in split] == [[2, size] for size in parts]
    for result, expected in zip(value(split), np.split(x, np.cumsum(parts)[:-1], 1), strict=True):
        np.testing.assert_array_equal(result, expected)


# Gathering and scattering


@pytest.mark.parametrize(
    ("axis", "batch_dims", "indices"),
    [
        (0, 0, [[1, 0], [1, 1]]),
        (1, 0, [2, 0]),
        (-1, 0, 1),
        (1, 1, [[0, 2], [1, 1]]),
        (2, 2, [[[0], [1], [1]], [[1], [0], [0]]]),
    ],
)
def test_gather_and_its_gradient(axis: int, batch_dims: int, indices: Any) -> None:
    x = np.arange(12.0).reshape(2, 3, 2)
    places = np.array(indices)
    params = tf.constant(x)
    taken = tf.gather(params, places, axis=axis, batch_dims=batch_dims)
    # A gather is a selection: gather the numbers of the elements, then both are easy to tell.
    numbers = value(
        tf.gather(np.arange(12).reshape(2, 3, 2), places, axis=axis, batch_dims=batch_dims)
    )
    if batch_dims == 0:
        np.testing.assert_array_equal(
            numbers, np.take(np.arange(12).reshape(2, 3, 2), places, axis)
        )
    elif axis == batch_dims == 1:
        expected = np.stack([x[b][places[b]] for b in range(2)])
        np.testing.assert_array_equal(value(taken), expected)
    assert static(taken) == list(numbers.shape)
    weights = np.arange(1.0, numbers.size + 1).reshape(numbers.shape)
    grad = tf.convert_to_tensor(tf.gradients(taken, params, tf.constant(weights))[0])
    expected = np.zeros(12)
    np.add.at(expected, numbers, weights)
    np.testing.assert_array_equal(value(grad), expected.reshape(2, 3, 2))


def test_an_index_that_is_not_there() -> None:
    i = tf.placeholder(tf.int32, [2, 2])
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"indices\[0,1\] = 3 is not in \[0, 3\)"
    ):
        value(tf.gather([1, 2, 3], i), {i: [[0, 3], [1, 2]]})
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"indices\[0\] = \[0, -1\] does not index into param shape \[2,2\]",
    ):
        value(tf.gather_nd(tf.zeros([2, 2]), tf.slice(i, [0, 0], [1, 2])), {i: [[0, -1], [0, 0]]})


def test_gather_nd_and_scatter_nd_are_each_others_gradients() -> None:
    x = tf.constant(np.arange(6.0).reshape(3, 2))
    places = [[2, 0], [0, 1], [2, 0]]
    taken = tf.gather_nd(x, places)
    np.testing.assert_array_equal(value(taken), [4, 1, 4])
    grad = tf.gradients(taken, x, tf.constant([1.0, 2.0, 3.0], tf.float64))[0]
    assert grad.op.type == "ScatterNd"
    np.testing.assert_array_equal(value(grad), [[0, 2], [0, 0], [4, 0]])
    batched = tf.gather_nd(x, [[0], [1], [0]], batch_dims=1)
    np.testing.assert_array_equal(value(batched), [0, 3, 4])


def test_boolean_mask() -> None:
    x = np.arange(12).reshape(2, 3, 2)
    mask = np.array([[True, False, True], [False, True, True]])
    hidden = tf.placeholder(tf.int64, [None, 3, 2])
    masked = tf.boolean_mask(hidden, mask)
    assert static(masked) == [None, 2]
    np.testing.assert_array_equal(value(masked, {hidden: x}), x[mask])
    np.testing.assert_array_equal(
        value(tf.boolean_mask(x, [True, False, True], axis=1)), x[:, [0, 2]]
    )
    np.testing.assert_array_equal(value(tf.constant(x)[tf.constant(x) > 4]), x[x > 4])
    with pytest.raises(ValueError, match="Number of mask dimensions must be specified"):
        tf.boolean_mask(x, tf.placeholder(tf.bool))


def test_tensor_scatter() -> None:
    x, updates = tf.constant([1.0, 2.0, 3.0]), tf.constant([7.0, 8.0])
    where = [[0], [0]]
    np.testing.assert_array_equal(value(tf.tensor_scatter_add(x, where, updates)), [16, 2, 3])
    np.testing.assert_array_equal(value(tf.tensor_scatter_sub(x, where, updates)), [-14, 2, 3])
    placed = tf.tensor_scatter_update(x, [[2], [0]], updates)
    np.testing.assert_array_equal(value(placed), [8, 2, 7])
    grads = value(tf.gradients(placed, [x, updates], tf.constant([1.0, 2.0, 3.0])))
    np.testing.assert_array_equal(grads[0], [0, 2, 0])
    np.testing.assert_array_equal(grads[1], [3, 1])


def test_partition_and_stitch_undo_each_other() -> None:
    x = tf.constant(np.arange(8.0).reshape(4, 2))
    labels = tf.placeholder(tf.int32, [4])
    parts = tf.dynamic_partition(x, labels, 3)
    places = tf.dynamic_partition(tf.range(4), labels, 3)
    whole = tf.dynamic_stitch(places, parts)
    assert static(whole) == [None, 2]
    feed = {labels: [2, 0, 0, 2]}
    np.testing.assert_array_equal(value(whole, feed), np.arange(8).reshape(4, 2))
    grad = tf.gradients(parts[2], x, tf.constant([[1.0, 2.0], [3.0, 4.0]], tf.float64))[0]
    np.testing.assert_array_equal(value(grad, feed), [[1, 2], [0, 0], [0, 0], [3, 4]])


# The others


@pytest.mark.parametrize("mode", ["CONSTANT", "REFLECT", "SYMMETRIC"])
def test_pad_and_its_gradient(mode: str) -> None:
    x = np.arange(1.0, 13.0).reshape(3, 4)
    amounts = [[2, 1], [0, 3]]
    params = tf.constant(x)
    padded = tf.pad(params, amounts, mode)
    numbers = np.pad(np.arange(1, 13).reshape(3, 4), amounts, mode.lower())
    np.testing.assert_array_equal(value(padded), np.pad(x, amounts, mode.lower()))
    weights = np.arange(42.0).reshape(6, 7)
    expected = np.zeros(13)
    np.add.at(expected, numbers, weights)
    grad = tf.gradients(padded, params, tf.constant(weights))[0]
    np.testing.assert_array_equal(value(grad), expected[1:].reshape(3, 4))


def test_pad_of_partly_known_amounts() -> None:
    k = tf.placeholder(tf.int32, [])
    assert static(tf.pad(tf.ones([2, 2]), [[k, 1], [2, 3]])) == [None, 7]
    assert tf.pad(tf.ones([2]), [[0, 1]], constant_values=3).op.type == "PadV2"
    with pytest.raises(ValueError, match="Unknown padding mode: EDGE"):
        tf.pad(tf.ones([2]), [[0, 1]], "edge")


def test_tile_and_broadcast_and_their_gradients() -> None:
    x = tf.constant(np.arange(1.0, 4.0))
    tiled, spread = tf.tile(x, [2]), tf.broadcast_to(x, [2, 3])
    np.testing.assert_array_equal(value(tiled), [1, 2, 3, 1, 2, 3])
    np.testing.assert_array_equal(value(spread), [[1, 2, 3]] * 2)
    six = tf.constant(np.arange(6.0))
    np.testing.assert_array_equal(value(tf.gradients(tiled, x, six)[0]), [3, 5, 7])
    np.testing.assert_array_equal(
        value(tf.gradients(spread, x, tf.reshape(six, [2, 3]))[0]), [3, 5, 7]
    )


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_meshgrid(indexing: str) -> None:
    vectors = [np.arange(2), np.arange(3), np.arange(4)]
    for result, expected in zip(
        value(tf.meshgrid(*vectors, indexing=indexing)),
        np.meshgrid(*vectors, indexing=indexing),
        strict=True,
    ):
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_one_hot(axis: int) -> None:
    codes = value(tf.one_hot([[0, 2], [-1, 3]], 3, axis=axis))
    last = np.eye(4)[[[0, 2], [3, 3]]][..., :3]
    np.testing.assert_array_equal(codes, np.moveaxis(last, -1, axis))


def test_one_hot_of_other_values() -> None:
    assert value(tf.one_hot([1], 3, 5, -1)).tolist() == [[-1, 5, -1]]
    assert tf.one_hot([1], 3, on_value=np.float64(2)).dtype is tf.float64
    with pytest.raises(TypeError, match="of on_value does not match dtype parameter"):
        tf.one_hot([1], 3, on_value=1, dtype=tf.float32)


def test_sequence_mask() -> None:
    assert value(tf.sequence_mask([1, 3])).tolist() == [[True, False, False], [True] * 3]
    assert value(tf.sequence_mask([1, 0], 2, tf.float32)).tolist() == [[1, 0], [0, 0]]


def test_reversing() -> None:
    x = np.arange(24).reshape(2, 3, 4)
    np.testing.assert_array_equal(value(tf.reverse(x, [0, -1])), x[::-1, :, ::-1])
    np.testing.assert_array_equal(value(tf.roll(x, [1, -2], [0, 2])), np.roll(x, [1, -2], [0, 2]))
    expected = x.copy()
    expected[1, :2] = x[1, 1::-1]
    np.testing.assert_array_equal(value(tf.reverse_sequence(x, [0, 2], 1, 0)), expected)
    by_column = tf.reverse_sequence(x[0], [3, 1, 2, 0], seq_dim=0, batch_dim=1)
    assert value(by_column).tolist() == [[8, 1, 6, 3], [4, 5, 2, 7], [0, 9, 10, 11]]


@pytest.mark.parametrize("axis", [-1, 0, 1])
@pytest.mark.parametrize("direction", ["ASCENDING", "DESCENDING"])
def test_sorting(axis: int, direction: str) -> None:
    x = np.array([[3, 1, 3], [2, 2, 5], [0, 7, 3]])
    sign = 1 if direction == "ASCENDING" else -1
    order = np.argsort(sign * x, axis, kind="stable")
    results = value([tf.sort(x, axis, direction), tf.argsort(x, axis, direction)])
    np.testing.assert_array_equal(results[0], np.take_along_axis(x, order, axis))
    np.testing.assert_array_equal(results[1], order)


def test_top_k_takes_the_first_of_equals() -> None:
    x = tf.constant([[1.0, 3.0, 3.0, 2.0], [5.0, 5.0, 5.0, 1.0]])
    top = tf.nn.top_k(x, 2)
    assert value(top.indices).tolist() == [[1, 2], [0, 1]]
    grad = tf.gradients(top.values, x, tf.constant([[1.0, 2.0], [3.0, 4.0]]))[0]
    assert value(grad).tolist() == [[0, 1, 2, 0], [3, 4, 0, 0]]
    predictions = [[1.0, 3.0, 3.0], [2.0, np.inf, 2.0], [1.0, 2.0, 3.0]]
    assert value(tf.nn.in_top_k(predictions, [2, 0, 0], 1)).tolist() == [True, False, False]


@pytest.mark.parametrize("classes", [1, 10, 255, 256, 1000])
@pytest.mark.parametrize("k", [-1, 0, 1, 5, 300])
def test_in_top_k_of_many_classes(classes: int, k: int) -> None:
    random = np.random.RandomState(classes)
    predictions = random.randint(0, 40, (64, classes)).astype(np.float32)
    predictions[50:60] *= np.float32(8e36)
    for row, number in enumerate([np.nan, np.inf, -np.inf]):
        predictions[row, -1] = predictions[row + 3, 0] = number
    targets = np.where(random.rand(64) < 0.5, predictions.argmax(1), random.randint(-1, classes))
    targets[:2] = [-1, classes]
    expected = [
        0 <= target < classes and np.isfinite(row).all() and (row > row[target]).sum() < k
        for row, target in zip(predictions, targets, strict=True)
    ]
    assert value(tf.nn.in_top_k(predictions, targets, k)).tolist() == expected


def test_distinct_elements_come_in_order() -> None:
    y, places, counts = value(tf.unique_with_counts(["b", "a", "b", "c"]))
    assert (list(y), list(places), list(counts)) == ([b"b", b"a", b"c"], [0, 1, 0, 2], [2, 1, 1])
    kept = value(tf.setdiff1d([5, 1, 5, 2], [1]))
    assert (list(kept.out), list(kept.idx)) == ([5, 5, 2], [0, 2, 3])


def test_diagonals() -> None:
    x = np.arange(12.0).reshape(2, 2, 3)
    np.testing.assert_array_equal(value(tf.matrix_diag_part(x)), [[0, 4], [6, 10]])
    np.testing.assert_array_equal(value(tf.matrix_diag([1, 2])), np.diag([1, 2]))
    np.testing.assert_array_equal(value(tf.diag([[1, 2]]))[0, :, 0], np.diag([1, 2]))
    np.testing.assert_array_equal(value(tf.diag_part(np.ones((2, 2)))), [1, 1])
    changed = x.copy()
    changed[:, [0, 1], [0, 1]] = [[7, 8], [9, 10]]
    np.testing.assert_array_equal(value(tf.matrix_set_diag(x, [[7.0, 8.0], [9.0, 10.0]])), changed)
    np.testing.assert_array_equal(value(tf.matrix_band_part(x, 0, -1)), np.triu(x))
    np.testing.assert_array_equal(value(tf.matrix_band_part(x, -1, 1)), np.tril(x, 1))


@pytest.mark.parametrize("batch_shape", [None, [2]])
def test_eye(batch_shape: list[int] | None) -> None:
    n = tf.placeholder(tf.int32, [])
    made = [tf.eye(2, 3, batch_shape), tf.eye(n, batch_shape=batch_shape)]
    for result, size in zip(value(made, {n: 3}), [(2, 3), (3, 3)], strict=True):
        expected = np.eye(*size)
        np.testing.assert_array_equal(result, [expected] * 2 if batch_shape else expected)


def test_blocks_go_to_the_batch_and_back() -> None:
    x = np.arange(48.0).reshape(2, 4, 3, 2)
    paddings, crops = tf.required_space_to_batch_paddings([4, 3], [2, 2])
    moved = tf.space_to_batch_nd(x, [2, 2], paddings)
    assert static(moved) == [8, 2, 2, 2]
    back, first = value([tf.batch_to_space_nd(moved, [2, 2], crops), moved[0]])
    np.testing.assert_array_equal(back, x)
    np.testing.assert_array_equal(first, x[0, ::2, ::2])
    deep = tf.space_to_depth(x[:, :, :2], 2)
    assert static(deep) == [2, 2, 1, 8]
    np.testing.assert_array_equal(value(tf.depth_to_space(deep, 2)), x[:, :, :2])


def test_identities_and_gradients_that_stop() -> None:
    x = tf.constant([1.0, 2.0])
    assert tf.gradients(tf.stop_gradient(x), x) == [None]
    assert value(tf.gradients(tf.identity(x), x)[0]).tolist() == [1, 1]
    first, second = tf.identity_n([x, 3])
    assert value(first).tolist() == [1, 2] and value(second) == 3
    known = tf.ensure_shape(tf.placeholder_with_default([[1.0, 2.0]], None), [None, 2])
    assert static(known) == [None, 2] and value(known).tolist() == [[1, 2]]
    with pytest.raises(ValueError, match="Dimension 0 in both shapes must be equal"):
        tf.ensure_shape(x, [3])


def test_a_run_without_a_feed() -> None:
    tf.placeholder(tf.float32, [None, 10], name="x")
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        value("x:0")
    assert caught.value.message.splitlines()[0] == (
        "You must feed a value for placeholder tensor 'x' with dtype float and shape [?,10]"
    )
