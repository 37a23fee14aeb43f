"""Shape arithmetic against the answers and messages of TensorFlow 1.15's shape functions."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tflite_edu.core import inference, shapes
from tflite_edu.core.inference import ShapeError

known_shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
known_pairs = st.tuples(known_shapes, known_shapes)


def hide(data, shape):
    """The shape with some of its dimensions, or its rank, unknown."""
    if data.draw(st.integers(0, 5)) == 0:
        return None
    return tuple(size if data.draw(st.booleans()) else None for size in shape)


def message(function, *arguments, **keywords):
    with pytest.raises(ShapeError) as raised:
        function(*arguments, **keywords)
    return str(raised.value)


def test_ranks():
    assert inference.with_rank((2, None), 2) == (2, None)
    assert inference.with_rank(None, 2) == (None, None)
    assert message(inference.with_rank, (3,), 2) == "Shape must be rank 2 but is rank 1"
    assert inference.with_rank_at_least(None, 2) is None
    assert inference.with_rank_at_least((1, 2, 3), 2) == (1, 2, 3)
    assert message(inference.with_rank_at_least, (), 1) == (
        "Shape must be at least rank 1 but is rank 0"
    )
    assert inference.with_rank_at_most(None, 1) is None
    assert inference.with_rank_at_most((), 1) == ()
    assert message(inference.with_rank_at_most, (1, 1), 1) == (
        "Shape must be at most rank 1 but is rank 2"
    )


def test_dimensions_that_must_be_equal():
    assert inference.merge_dims(3, None) == inference.merge_dims(None, 3) == 3
    assert inference.merge_dims(None, None) is None
    assert message(inference.merge_dims, 3, 4) == "Dimensions must be equal, but are 3 and 4"
    assert inference.with_value(None, 3) == inference.with_value(3, 3) == 3
    assert message(inference.with_value, 2, 3) == "Dimension must be 3 but is 2"


def test_merge():
    assert inference.merge((None, 3), (2, None)) == (2, 3)
    assert inference.merge(None, (2, None)) == inference.merge((2, None), None) == (2, None)
    assert message(inference.merge, (2, 3), (4,)) == "Shapes must be equal rank, but are 2 and 1"
    assert message(inference.merge, (None, 3), (2, 4)) == (
        "Dimension 1 in both shapes must be equal, but are 3 and 4. Shapes are [?,3] and [2,4]."
    )


def test_merge_all():
    assert inference.merge_all([(None, 3), (2, None), None]) == (2, 3)
    assert inference.merge_all([(4,)]) == (4,)
    assert message(inference.merge_all, [(2, 3), (2,)]) == (
        "Shapes must be equal rank, but are 2 and 1\n\tFrom merging shape 0 with other shapes."
    )
    assert message(inference.merge_all, [(None, 3), (2, None), (3, 3)]) == (
        "Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are [2,?] and [3,3]."
        "\n\tFrom merging shape 1 with other shapes."
    )


def test_merge_prefix():
    assert inference.merge_prefix((None, 3, 4), (2, None)) == ((2, 3, 4), (2, 3))
    assert inference.merge_prefix(None, (2,)) == (None, (2,))
    assert inference.merge_prefix((2,), None) == ((2,), None)
    assert message(inference.merge_prefix, (2,), (2, 3)) == (
        "Shape must be at least rank 2 but is rank 1"
    )
    assert message(inference.merge_prefix, (2, 3), (4,)) == (
        "Dimensions must be equal, but are 2 and 4"
    )


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        ((2, 3), (3,), (2, 3)),
        ((None,), (3,), (3,)),
        ((None,), (1,), (None,)),
        ((None,), (None,), (None,)),
        ((None, 3), (3,), (None, 3)),
        (None, (3,), None),
        ((), None, None),
        ((1, None), (4, 1), (4, None)),
        ((None, 1), (4,), (None, 4)),
        ((0,), (1,), (0,)),
        ((None,), (0,), (None,)),
        ((None, None), (0, 1), (None, None)),
        ((2, 3), (4, 2, 1), (4, 2, 3)),
        ((2, None), (None, 3), (2, 3)),
        ((), (2,), (2,)),
        ((), (), ()),
        ((5, 1, 3), (4, 1), (5, 4, 3)),
        ((None,), (1, 1), (1, None)),
    ],
)
def test_broadcast_shape(a, b, result):
    assert inference.broadcast_shape(a, b) == result
    assert shapes.broadcast(a, b) == result


@pytest.mark.parametrize(
    ("a", "b", "x", "y"),
    [((2, 3), (4, 5), 2, 4), ((2, 3), (2,), 3, 2), ((0,), (3,), 0, 3), ((3,), (2, 1, 4), 3, 4)],
)
def test_broadcast_shape_refuses(a, b, x, y):
    assert message(inference.broadcast_shape, a, b) == (
        f"Dimensions must be equal, but are {x} and {y}"
    )


@given(st.data(), known_pairs)
def test_broadcasting_is_numpys(data, pair):
    a, b = pair
    try:
        expected = np.broadcast_shapes(a, b)
    except ValueError:
        assert message(inference.broadcast_shape, a, b)
        with pytest.raises(ValueError, match="^Incompatible shapes for broadcasting: "):
            shapes.broadcast(a, b)
        return
    assert inference.broadcast_shape(a, b) == expected
    # What is said of partly unknown shapes holds for the shapes behind them.
    for function in (inference.broadcast_shape, shapes.broadcast):
        # TensorFlow takes the other dimension of an unknown and one above 1.
        assert shapes.is_compatible(function(hide(data, a), hide(data, b)), expected)


def test_normalize_axis():
    assert [inference.normalize_axis(axis, 2) for axis in (-2, -1, 0, 1)] == [0, 1, 0, 1]
    assert message(inference.normalize_axis, 3, 2) == "Invalid axis: 3; must be in [-2,2)"
    assert message(inference.normalize_axis, 0, 0) == "Invalid axis: 0; must be in [0,0)"


@pytest.mark.parametrize(
    ("shape", "axes", "reduced", "kept"),
    [
        ((2, 3), [0], (3,), (1, 3)),
        ((2, 3), [0, 1], (), (1, 1)),
        ((2, 3), [-1], (2,), (2, 1)),
        ((2, 3), [0, -2], (3,), (1, 3)),
        (None, [0], None, None),
        ((2, None), [1], (2,), (2, 1)),
        ((2, 3), [], (2, 3), (2, 3)),
        ((), [], (), ()),
        ((2, 3), None, None, (None, None)),
        (None, None, None, None),
    ],
)
def test_reduction_shape(shape, axes, reduced, kept):
    assert inference.reduction_shape(shape, axes, False) == reduced
    assert inference.reduction_shape(shape, axes, True) == kept


@pytest.mark.parametrize(("axis", "rank"), [(2, 2), (-3, 2), (0, 0)])
def test_reduction_shape_refuses(axis, rank):
    assert message(inference.reduction_shape, (1,) * rank, [axis], False) == (
        f"Invalid reduction dimension {axis} for input with {rank} dimensions."
    )


@given(st.data(), known_shapes, st.booleans())
def test_reduction_is_numpys(data, shape, keep_dims):
    axes = data.draw(st.sets(st.integers(0, max(len(shape) - 1, 0)))) if shape else set()
    expected = np.sum(np.zeros(shape), axis=tuple(axes), keepdims=keep_dims).shape
    assert inference.reduction_shape(shape, axes, keep_dims) == expected
    partly = inference.reduction_shape(hide(data, shape), axes, keep_dims)
    assert shapes.is_compatible(partly, expected)


def test_subshape():
    shape = (1, None, 3)
    assert inference.subshape(shape, 1) == (None, 3)
    assert inference.subshape(shape, 0, -1) == (1, None)
    assert inference.subshape(shape, -2, 9) == (None, 3)
    assert inference.subshape(shape, 9) == ()
    assert inference.subshape(None, 0, 2) is None
    assert message(inference.subshape, (1, 2), -3) == (
        "Subshape start out of bounds: -3, for shape with rank 2"
    )
    assert message(inference.subshape, (1, 2), 0, -3) == (
        "Subshape end out of bounds: -3, for shape with rank 2"
    )
    assert message(inference.subshape, (1, 2), 2, -1) == (
        "Subshape must have computed start <= end, but is 2 and 1 (computed from start 2 and "
        "end -1 over shape with rank 2)"
    )


def test_concat_shapes():
    assert inference.concat_shapes((1, None), (), (3,)) == (1, None, 3)
    assert inference.concat_shapes((1,), None) is None
    assert inference.concat_shapes() == ()


def test_dimension_arithmetic():
    assert inference.add_dims(2, 3) == 5
    assert inference.add_dims(None, 0) is inference.add_dims(0, None) is None
    assert inference.subtract_dims(3, 3) == 0
    assert inference.subtract_dims(None, 3) is inference.subtract_dims(3, None) is None
    assert message(inference.subtract_dims, 3, 5) == (
        "Negative dimension size caused by subtracting 5 from 3"
    )
    assert inference.multiply_dims(2, 3) == 6
    assert inference.multiply_dims(0, None) == inference.multiply_dims(None, 0) == 0
    assert inference.multiply_dims(1, None) is inference.multiply_dims(None, 2) is None
    assert inference.divide_dims(6, 3) == 2
    assert inference.divide_dims(7, 3, exact=False) == 2
    assert inference.divide_dims(None, 3) is inference.divide_dims(7, None) is None
    assert message(inference.divide_dims, 6, 4) == (
        "Dimension size must be evenly divisible by 4 but is 6"
    )
    assert message(inference.divide_dims, 6, 0) == "Divisor must be positive but is 0"
    assert message(inference.add_dims, 2**62, 2**62) == (
        f"Dimension size overflow from adding {2**62} and {2**62}"
    )
    assert message(inference.multiply_dims, 2**62, 2) == (
        f"Negative dimension size caused by overflow when multiplying {2**62} and 2"
    )


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        ((8, 3, 1, "VALID"), 6),
        ((8, 3, 2, "SAME"), 4),
        ((None, 5, 2, "SAME"), None),
        ((8, None, 2, "SAME"), 4),
        ((8, None, 2, "VALID"), None),
        ((None, 3, 2, "VALID"), None),
        ((3, 5, 2, "SAME"), 2),
        ((0, 5, 2, "SAME"), 0),
        ((9, 2, 1, "VALID", 4), 5),
        ((5, 3, 2, "EXPLICIT", 1, (1, 1)), 3),
        ((5, 3, 1, "EXPLICIT", 2), 1),
        ((2, 3, 1, "EXPLICIT", 1, (0, 1)), 1),
        ((None, 3, 1, "EXPLICIT", 1, (1, 1)), None),
    ],
)
def test_conv_output_size(arguments, size):
    assert inference.conv_output_size(*arguments) == size


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((3, 5, 1, "VALID"), "Negative dimension size caused by subtracting 5 from 3"),
        ((3, 2, 1, "VALID", 4), "Negative dimension size caused by subtracting 5 from 3"),
        ((0, 1, 2, "VALID"), "Negative dimension size caused by subtracting 1 from 0"),
        ((5, 1, 0, "SAME"), "Stride must be > 0, but got 0"),
        ((5, 1, 1, "SAME", 0), "Dilation rate must be >= 1, but got 0"),
        (
            (5, 3, 1, "EXPLICIT", 1, (-1, 0)),
            "All elements of explicit_paddings must be nonnegative",
        ),
    ],
)
def test_conv_output_size_refuses(arguments, text):
    assert message(inference.conv_output_size, *arguments) == text


@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 4), st.integers(1, 3))
def test_conv_output_size_counts_the_places_of_the_window(size, window, stride, dilation):
    reach = (window - 1) * dilation + 1
    assume(reach <= size)
    places = range(0, size - reach + 1, stride)
    assert inference.conv_output_size(size, window, stride, "VALID", dilation) == len(places)
    assert inference.conv_output_size(size, window, stride, "SAME", dilation) == math.ceil(
        size / stride
    )


def test_format_shape():
    assert inference.format_shape((2, None)) == "[2,?]"
    assert inference.format_shape(()) == "[]"
    assert inference.format_shape(None) == "?"
