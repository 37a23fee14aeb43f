"""Kernels that take another way for large arrays: what they compute, against the plain formula."""

import math

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.ops.partitioning import _distinct_by_table
from tflite_edu.ops.row_combination import combine_at, combine_at_positions
from tflite_edu.ops.selection import chosen

RANDOM = np.random.RandomState(7)


def run(make, *arrays):
    """The value of `make` on variables that hold these arrays."""
    with tf.Graph().as_default(), tf.Session() as session:
        made = make(*[tf.Variable(array) for array in arrays])
        session.run(tf.global_variables_initializer())
        return session.run(made)


def same(made, expected):
    """Whether two arrays are equal in dtype and bits, but for which NaN it is."""
    return (
        made.dtype == expected.dtype
        and np.array_equal(made, expected, equal_nan=True)
        and np.array_equal(np.signbit(made), np.signbit(expected))
    )


@pytest.mark.parametrize("combine", [np.add, np.multiply, np.maximum])
@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.uint8, np.float64])
@pytest.mark.parametrize(
    ("count", "rows", "width"), [(900, 60, 9), (300, 1, 5), (7, 1000, 2), (0, 3, 2)]
)
def test_rows_are_combined_as_by_ufunc_at(combine, dtype, count, rows, width):
    places = RANDOM.randint(0, rows, count).astype(np.int32)
    places[RANDOM.rand(count) < 0.2] = rows // 2
    added = (RANDOM.rand(count, width) * 3).astype(dtype)
    expected = (RANDOM.rand(rows, width) * 3).astype(dtype)
    target = expected.copy()
    combine_at(np, combine, target, places, added)
    combine.at(expected, places, added)
    assert np.array_equal(target, expected)


def test_rows_at_positions_are_combined_as_by_ufunc_at():
    expected = RANDOM.rand(4, 3, 5)
    positions = RANDOM.randint(0, 4, (6, 7)), RANDOM.randint(0, 3, (6, 7))
    for at, updates in ((positions, RANDOM.rand(6, 7, 5)), (positions, np.float64(2)), ((), 1.5)):
        target = expected.copy()
        combine_at_positions(np, np.add, target, at, updates)
        np.add.at(expected, at, updates)
        assert np.array_equal(target, expected)


def test_segments_of_uneven_sizes():
    ids = np.sort(np.concatenate([RANDOM.randint(0, 40, 80), np.full(300, 11)])).astype(np.int32)
    data = RANDOM.randint(-9, 9, (380, 6)).astype(np.float32)
    expected = np.array([data[ids == i].sum(0) for i in range(ids[-1] + 1)])
    assert np.array_equal(run(lambda d: tf.segment_sum(d, ids), data), expected)
    order = RANDOM.permutation(380)
    made = run(lambda d: tf.unsorted_segment_sum(d, ids[order], len(expected)), data[order])
    assert np.array_equal(made, expected)
    largest = np.array([data[ids == i].max(0, initial=-99) for i in range(ids[-1] + 1)])
    made = run(lambda d: tf.unsorted_segment_max(d, ids[order], len(expected)), data[order])
    assert np.array_equal(np.maximum(made, -99), largest)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["erf", "erfc", "lgamma"])
def test_special_functions_on_several_blocks(name, dtype):
    low = 0.01 if name == "lgamma" else -9
    x = np.concatenate([np.linspace(low, 9, 70001), [1.0, 2.0, np.inf, np.nan]]).astype(dtype)
    made = run(getattr(tf, name), x)
    expected = np.array([getattr(math, name)(v) for v in x.tolist()])
    assert made.dtype == dtype
    tolerance = 1.2e-7 if dtype == np.float32 else 4e-15
    # math.lgamma is exact to some 1e-15, but not in proportion where it is near 0.
    assert np.allclose(made, expected, rtol=tolerance, atol=1e-14, equal_nan=True)


def test_digamma_has_its_recurrence_and_reflection():
    x = np.concatenate([np.linspace(0.01, 30, 40001), np.linspace(-5.9, -0.1, 30)])
    made, later, across = (run(tf.digamma, v) for v in (x, x + 1, 1 - x))
    assert np.allclose(later, made + 1 / x, rtol=1e-12, atol=1e-12)
    whole = x == np.rint(x)
    turned = made + np.pi / np.tan(np.pi * x)
    assert np.allclose(across[~whole], turned[~whole], rtol=1e-9, atol=1e-9)
    assert np.allclose(
        run(tf.digamma, np.array([1.0, 0.0, np.inf])), [-0.57721566490153286, np.inf, np.inf]
    )


@pytest.mark.parametrize("size", [5, 1 << 15])
def test_bounds_keep_nan_and_the_sign_of_zero(size):
    x = np.resize(np.array([-0.0, 0.0, np.nan, -3, 9], np.float32), size)
    y = np.resize(np.array([0.0, -0.0, 1, np.nan, np.nan, -4], np.float32), size)
    assert same(run(lambda v: tf.maximum(v, 0.0), x), np.where(x < 0, np.float32(0), x))
    assert same(run(lambda v: tf.minimum(v, -0.0), x), np.where(x > 0, np.float32(-0.0), x))
    assert same(run(tf.maximum, x, y), np.where(x < y, y, x))
    assert same(run(tf.minimum, x, y), np.where(y < x, y, x))
    assert np.array_equal(run(tf.nn.relu6, x), np.clip(x, 0, 6), equal_nan=True)
    assert np.array_equal(run(tf.nn.relu, x), np.clip(x, 0, None), equal_nan=True)
    nan = run(lambda v: tf.maximum(v, np.float32(np.nan)), x)
    assert same(nan, x)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64, np.uint8, bool])
def test_chosen_is_where(dtype):
    t, e = ((RANDOM.randn(70, 80) * 9).astype(dtype) for _ in range(2))
    if dtype == np.float32:
        t[0], e[1] = np.nan, -0.0
    for condition in (RANDOM.rand(70, 80) > 0.5, RANDOM.rand(70, 1) > 0.5, np.array(True)):
        made = chosen(np, condition, t, e)
        expected = np.where(condition, t, e)
        assert made.dtype == expected.dtype
        assert np.array_equal(made.view(np.uint8), expected.view(np.uint8))


@pytest.mark.parametrize("k", [2, 7, 60])
def test_top_k_of_rows_with_ties_and_nan(k):
    x = RANDOM.randn(50, 64).astype(np.float32)
    x[10:20] = np.rint(x[10:20])
    x[20, 3:9] = x[21, 5] = np.nan
    x[22] = 1
    indices = 63 - np.argsort(x[:, ::-1], 1, kind="stable")[:, ::-1][:, :k]
    values, places = run(lambda v: tf.nn.top_k(v, k), x)
    assert np.array_equal(places, indices)
    assert same(values, np.take_along_axis(x, indices, 1))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64])
def test_distinct_integers_by_a_table(dtype):
    limits = np.iinfo(dtype)
    x = RANDOM.randint(max(limits.min, -60), 60, 500).astype(dtype)
    if dtype in (np.int64, np.uint64):
        x = x + np.array(limits.max - 200, dtype)
    y, places, counts = _distinct_by_table(np, x, int(x.min()), int(x.max()))
    assert y.tolist() == list(dict.fromkeys(x.tolist()))
    assert np.array_equal(y[places], x)
    assert counts.tolist() == [np.count_nonzero(x == value) for value in y]


@pytest.mark.parametrize("axis", [None, 0, 1, 2, (0, 2), (1, 2)])
def test_products_of_long_rows(axis):
    x = RANDOM.uniform(0.9, 1.1, (6, 40, 96)).astype(np.float32)
    made = run(lambda v: tf.reduce_prod(v, axis), x)
    assert np.allclose(made, np.prod(x.astype(np.float64), axis), rtol=1e-5)


def test_bands_leave_out_nan():
    x = np.full((2, 5, 7), np.nan, np.float32)
    x += RANDOM.rand(2, 5, 7) > 0.5
    i, j = np.indices((5, 7))
    for lower, upper in ((1, 2), (-1, 0), (0, -1), (-1, -1), (5, 7)):
        inside = ((lower < 0) | (i - j <= lower)) & ((upper < 0) | (j - i <= upper))
        made = run(lambda v, band=(lower, upper): tf.matrix_band_part(v, *band), x)
        assert same(made, np.where(inside, x, np.float32(0)))


@pytest.mark.parametrize("name", ["resize_bilinear", "resize_bicubic"])
def test_images_of_several_blocks_are_resized_as_each_alone(name):
    photos = RANDOM.rand(3, 60, 50, 3).astype(np.float32)
    resize = getattr(tf.image, name)
    made = run(lambda v: resize(v, [300, 310]), photos)
    alone = [run(lambda v: resize(v, [300, 310]), photo[None]) for photo in photos]
    assert np.array_equal(made, np.concatenate(alone))
    assert run(lambda v: resize(v[:0], [300, 310]), photos).shape == (0, 300, 310, 3)


def test_floor_modulus_of_mixed_signs():
    x = np.array([5, -5, 5, -5, -6, 6, 0, -1], np.float32)
    y = np.array([3, 3, -3, -3, 3, -3, -3, np.inf], np.float32)
    assert np.array_equal(run(tf.floormod, x, y)[:-1], np.mod(x, y)[:-1])
