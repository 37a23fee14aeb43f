"""Mathematical operations beyond the samples: corner cases and numbers against numpy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies

import tflite_edu as tf
from tflite_edu.core import op, raw

NAN, INF = float("nan"), float("inf")


def run(fetches: Any, feed: dict[Any, Any] | None = None) -> Any:
    with tf.Session() as session:
        return session.run(fetches, feed)


def first_line(error: BaseException) -> str:
    return str(error).split("\n")[0]


# Recorded from TensorFlow 1.15: shapes of two operands, axes summed for each.
SUMMED_AXES: list[tuple[list[int], list[int], list[int], list[int]]] = [
    ([2, 3], [3], [], [0]),
    ([2, 3], [2, 3], [], []),
    ([1, 3], [1, 3], [], []),
    ([1, 3], [3], [0], [0]),
    ([1, 3], [1, 1], [0], [0, 1]),
    ([5, 1, 3], [1, 1, 3], [1], [0, 1]),
    ([], [2], [0], []),
    ([], [], [], []),
    ([1], [], [0], [0]),
    ([2, 1, 3], [1, 4, 1], [1], [0, 2]),
    ([0, 3], [1, 3], [], [0]),
]


@pytest.mark.parametrize(("s0", "s1", "r0", "r1"), SUMMED_AXES)
def test_axes_that_broadcasting_repeats(
    s0: list[int], s1: list[int], r0: list[int], r1: list[int]
) -> None:
    made = raw.BroadcastGradientArgs(
        tf.constant(s0, tf.int32, shape=[len(s0)]), tf.constant(s1, tf.int32, shape=[len(s1)])
    )
    assert [axes.tolist() for axes in run(made)] == [r0, r1]


shapes = strategies.lists(strategies.integers(1, 3), max_size=3)


@hypothesis.given(
    shapes,
    strategies.lists(strategies.booleans(), min_size=3, max_size=3),
    strategies.integers(0, 3),
    strategies.booleans(),
)
@hypothesis.settings(max_examples=40, deadline=None)
def test_gradients_come_back_to_the_operands_shapes(
    whole: list[int], ones: list[bool], dropped: int, known: bool
) -> None:
    # The second operand misses leading axes and has size 1 in some.
    part = [1 if one else size for one, size in zip(ones, whole, strict=False)][dropped:]
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, whole if known else None)
        y = tf.placeholder(tf.float64, part if known else None)
        gradients = tf.gradients([x * y, x - y], [x, y])
        a = np.arange(math.prod(whole), dtype=float).reshape(whole)
        b = np.arange(math.prod(part), dtype=float).reshape(part) + 2
        dx, dy = run(gradients, {x: a, y: b})
    np.testing.assert_allclose(dx, np.broadcast_to(b, a.shape) + 1)
    axes = (
        *range(len(whole) - len(part)),
        *(len(whole) - len(part) + k for k, size in enumerate(part) if size == 1),
    )
    np.testing.assert_allclose(dy, (a - 1).sum(axes, keepdims=True).reshape(b.shape))


# Recorded from TensorFlow 1.15: 7 and -7 divided by 3 and -3.
DIVISIONS = {
    "FloorDiv": [2, -3, -3, 2],
    "FloorMod": [1, 2, -2, -1],
    "Div": [2, -2, -2, 2],
    "TruncateDiv": [2, -2, -2, 2],
    "TruncateMod": [1, -1, 1, -1],
    "Mod": [1, -1, 1, -1],
}


@pytest.mark.parametrize("op_type", DIVISIONS)
@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_integer_division(op_type: str, dtype: Any) -> None:
    x, y = np.array([7, -7, 7, -7], dtype), np.array([3, 3, -3, -3], dtype)
    z = run(getattr(raw, op_type)(x, y))
    assert z.dtype == dtype
    assert z.tolist() == DIVISIONS[op_type]
    divisor = tf.placeholder(tf.as_dtype(dtype), [])
    with pytest.raises(tf.errors.InvalidArgumentError, match="^Integer division by zero"):
        run(getattr(raw, op_type)(x, divisor), {divisor: 0})
    assert run(getattr(raw, op_type)(x[:0], divisor), {divisor: 0}).size == 0


def test_powers_of_integers() -> None:
    base, exponent = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    power = base**exponent
    feed = {base: [2, -2, 0, 10], exponent: [3, 3, 0, 12]}
    assert run(power, feed).tolist() == [8, -8, 1, -727379968]
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        run(power, {base: [2], exponent: [-1]})
    expected = "Integers to negative integer powers are not allowed"
    assert first_line(caught.value) == expected


# Recorded from TensorFlow 1.15, for x below and y below it.
X = np.array([NAN, 1, -1, 0, INF, 5.5, -5.5], np.float32)
Y = np.array([1, NAN, 3, 0, 2, -2, 2], np.float32)
CORNERS = {
    "Maximum": [NAN, 1, 3, 0, INF, 5.5, 2],
    "Minimum": [NAN, 1, -1, 0, 2, -2, -5.5],
    "FloorDiv": [NAN, NAN, -1, NAN, INF, -3, -3],
    "FloorMod": [NAN, NAN, 2, NAN, NAN, -0.5, 0.5],
    "DivNoNan": [NAN, NAN, -1 / 3, 0, INF, -2.75, -2.75],
    "Xdivy": [NAN, NAN, -1 / 3, 0, INF, -2.75, -2.75],
    "Xlogy": [NAN, NAN, -math.log(3), 0, INF, NAN, -5.5 * math.log(2)],
    "SquaredDifference": [NAN, NAN, 16, 0, INF, 56.25, 56.25],
}


@pytest.mark.parametrize("op_type", CORNERS)
def test_corners_of_binary_operations(op_type: str) -> None:
    z = run(getattr(raw, op_type)(X, Y))
    assert z.dtype == np.float32
    np.testing.assert_allclose(z, np.array(CORNERS[op_type], np.float32), rtol=1e-6)


def test_sign_of_what_is_not_a_number_is_zero() -> None:
    assert run(tf.sign([NAN, -2.0, -0.0, 3.0])).tolist() == [0, -1, 0, 1]


def test_extremes_pass_over_what_is_not_a_number() -> None:
    rows = [[1, NAN, 3], [NAN, 1, 2], [NAN, NAN, NAN]]
    assert run(tf.reduce_max(tf.constant(rows), 1)).tolist() == [3, 2, -INF]
    assert run(tf.reduce_min(tf.constant(rows), 1)).tolist() == [1, 1, INF]
    assert run(tf.argmax(tf.constant(rows), 1)).tolist() == [2, 2, 0]
    assert run(tf.argmin(tf.constant(rows), 1)).tolist() == [0, 1, 0]


def test_reductions_of_nothing() -> None:
    empty = tf.zeros([2, 0])
    fetches = [f(empty, 1) for f in (tf.reduce_sum, tf.reduce_prod, tf.reduce_max, tf.reduce_min)]
    assert [v.tolist() for v in run(fetches)] == [[0, 0], [1, 1], [-INF, -INF], [INF, INF]]
    assert np.isnan(run(tf.reduce_mean(empty, 1))).all()
    assert run(tf.reduce_max(tf.zeros([0], tf.int32))) == -(2**31)


def test_mean_of_integers_is_cut_off_towards_zero() -> None:
    assert run(tf.reduce_mean([7, 2, 2, 0])) == 2
    assert run(tf.reduce_mean([-7, 2, 2, 0])) == 0


# Recorded from TensorFlow 1.15 for these floats.
FLOATS = [NAN, 1e20, -1e20, 3e9, -3e9, 300.7, -300.7, -1.5, 70000.0]
CASTS = {
    "int8": [0, 0, 0, 0, 0, 44, -44, -1, 112],
    "uint8": [0, 0, 0, 0, 0, 44, 212, 255, 112],
    "int16": [0, 0, 0, 0, 0, 300, -300, -1, 4464],
    "uint16": [0, 0, 0, 0, 0, 300, 65236, 65535, 4464],
    "int32": [*[-(2**31)] * 5, 300, -300, -1, 70000],
    "int64": [-(2**63), -(2**63), -(2**63), 3 * 10**9, -3 * 10**9, 300, -300, -1, 70000],
    "bool": [True] * 9,
}


@pytest.mark.parametrize("target", CASTS)
@pytest.mark.parametrize("source", [tf.float32, tf.float64])
def test_cast_of_floats(target: str, source: tf.DType) -> None:
    y = run(tf.cast(tf.constant(FLOATS, source), target))
    assert y.dtype == target
    assert y.tolist() == CASTS[target]


def test_cast_of_complex_numbers_keeps_the_real_part() -> None:
    x = tf.constant([1.7 + 2j, 3j])
    kinds = (tf.float32, tf.int32, tf.bool)
    values = run([tf.cast(x, kind) for kind in kinds])
    assert [v.tolist() for v in values] == [[np.float32(1.7), 0], [1, 0], [True, False]]


def test_cast_to_bfloat16_and_back() -> None:
    x = tf.constant([1.00390625, 3.14159, -2.7, 1.01171875, NAN])
    y = run(tf.cast(tf.cast(x, tf.bfloat16), tf.float32))
    np.testing.assert_array_equal(y, [1.0, 3.140625, -2.703125, 1.015625, NAN])
    cut = run(tf.cast(raw.Cast(x[1:4], DstT=tf.bfloat16, Truncate=True), tf.float32))
    assert cut.tolist() == [3.140625, -2.6875, 1.0078125]


def test_truncating_cast_rounds_towards_zero() -> None:
    x = tf.constant([1 / 3, -1 / 3, 1e5, 0.1])
    y = run(raw.Cast(x, DstT=tf.float16, Truncate=True))
    assert y.tolist() == [0.333251953125, -0.333251953125, INF, 0.0999755859375]


@pytest.mark.parametrize(
    ("given", "type", "expected"),
    [
        (np.array([1, 2], np.int32), tf.int64, 8589934593),
        (np.array([1, 256], np.int32), tf.uint8, [[1, 0, 0, 0], [0, 1, 0, 0]]),
        (np.array([1.0], np.float32), tf.int32, [1065353216]),
    ],
)
def test_bitcast(given: Any, type: tf.DType, expected: Any) -> None:
    assert run(tf.bitcast(given, type)).tolist() == expected


def test_range_adds_up_its_steps() -> None:
    y = run(tf.range(0.0, 1.0, 0.1))
    # 0.1 added up in float32, as TensorFlow does.
    assert y.tolist()[7:] == [0.7000000476837158, 0.8000000715255737, 0.9000000953674316]
    assert run(tf.range(10, 0, -3)).tolist() == [10, 7, 4, 1]
    assert run(tf.linspace(0.0, 1.0, 5)).tolist() == [0, 0.25, 0.5, 0.75, 1]


ERROR_POINTS = np.concatenate([np.linspace(-7, 27, 400), [-0.84375, 1.25, 1 / 0.35, 6, 28, 0]])
GAMMA_POINTS = np.concatenate([np.linspace(-7.93, 60, 400), [0.5, 1.5, 2.5, 10, 1e5, 1e-9]])


@pytest.mark.parametrize(
    ("op_type", "reference", "points", "precision"),
    [
        ("Erf", math.erf, ERROR_POINTS, 4e-16),
        ("Erfc", math.erfc, ERROR_POINTS[:-3], 1e-14),
        ("Lgamma", math.lgamma, GAMMA_POINTS, 1e-11),
    ],
)
def test_special_function(
    op_type: str, reference: Callable[[float], float], points: Any, precision: float
) -> None:
    y = run(getattr(raw, op_type)(points))
    np.testing.assert_allclose(y, [reference(v) for v in points], rtol=precision)
    narrow = run(getattr(raw, op_type)(points.astype(np.float32)))
    assert narrow.dtype == np.float32


def test_digamma_polygamma_and_zeta() -> None:
    # Recorded from TensorFlow 1.15.
    x = np.array([-2.5, 0.1, 1.0, 3.0, 100.0, -10.7])
    expected = [
        *(1.1031566406452433, -10.423754940411076, -0.5772156649015323),
        *(0.9227843350984675, 4.600161852738088, 0.13374481244706438),
    ]
    np.testing.assert_allclose(run(tf.digamma(x)), expected, rtol=1e-13)
    order = np.array([0, 1, 2, 3, 1, 4.0])
    x = np.array([1.5, 1.5, 2.0, 0.3, -0.5, 20.0])
    expected = [
        *(0.03648997397857645, 0.9348022005446793, -0.4041138063191886),
        *(743.1417646550497, 8.934802200544679, -4.1405977726396685e-05),
    ]
    np.testing.assert_allclose(run(tf.polygamma(order, x)), expected, rtol=1e-12)
    values = run(tf.zeta(np.array([2.0, 10.0]), 2.0))
    np.testing.assert_allclose(values, [math.pi**2 / 6 - 1, math.pi**10 / 93555 - 1], rtol=1e-12)


def test_gradient_of_the_logarithm_of_gamma() -> None:
    x = tf.constant([0.7, 2.3, 11.0], tf.float64)
    (first,) = tf.gradients(tf.lgamma(x), x)
    (second,) = tf.gradients(first, x)
    values = run([first, tf.digamma(x), second, tf.polygamma(tf.constant(1.0, tf.float64), x)])
    np.testing.assert_array_equal(values[0], values[1])
    np.testing.assert_array_equal(values[2], values[3])


KERNEL_ERRORS: list[tuple[str, list[Any], dict[str, Any], str]] = [
    (
        "MatMul",
        [np.ones((2, 3)), np.ones((2, 3))],
        {},
        "Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]",
    ),
    (
        "MatMul",
        [np.ones((2, 3)), np.ones(1)],
        {},
        "In[1] is not a matrix. Instead it has shape [1]",
    ),
    (
        "BatchMatMulV2",
        [np.ones((2, 2, 3)), np.ones((3, 3, 2))],
        {},
        "In[0] and In[1] must have compatible batch dimensions: [2,2,3] vs. [3,3,2]",
    ),
    (
        "BatchMatMulV2",
        [np.ones((2, 2, 3)), np.ones((2, 2, 2))],
        {},
        "In[0] mismatch In[1] shape: 3 vs. 2: [2,2,3] [2,2,2] 0 0",
    ),
    (
        "BatchMatMul",
        [np.ones((2, 2, 3)), np.ones((3, 3, 2))],
        {},
        "In[0].dim(0) and In[1].dim(0) must be the same: [2,2,3] vs [3,3,2]",
    ),
    (
        "Select",
        [np.array([True]), np.ones((2, 3)), np.ones((2, 2))],
        {},
        "Number of batches of 'then' must match size of 'cond', but saw: 2 vs. 1",
    ),
    (
        "Select",
        [np.array([[True]]), np.ones((2, 3)), np.ones((2, 3))],
        {},
        "Inputs to operation Select of type Select must have the same size and shape.  Input 0: "
        "[1,1] != input 1: [2,3]",
    ),
    (
        "SelectV2",
        [np.ones(5, bool), np.ones((2, 3)), np.ones((2, 3))],
        {},
        "condition [5], then [2,3], and else [2,3] must be broadcastable",
    ),
    (
        "ArgMax",
        [np.zeros((2, 0)), np.int32(1)],
        {},
        "Reduction axis 1 is empty in shape [2,0]",
    ),
    (
        "Cumsum",
        [np.zeros((2, 2)), np.int32(3)],
        {},
        "ScanOp: Expected scan axis in the range [-2, 2), but got 3",
    ),
    (
        "Sum",
        [np.zeros((2, 2)), np.int32(5)],
        {},
        "Invalid reduction dimension (5 for input with 2 dimension(s)",
    ),
    ("Where", [np.array(True)], {}, "WhereOp : Unhandled input dimensions: 0"),
    ("Bitcast", [np.zeros(3, np.int32)], {"type": tf.complex64}, "Cannot bitcast from 3 to 8"),
]


@pytest.mark.parametrize(("op_type", "arrays", "attributes", "message"), KERNEL_ERRORS)
def test_kernel_refuses_with_tensorflows_message(
    op_type: str, arrays: list[Any], attributes: dict[str, Any], message: str
) -> None:
    fed = [tf.placeholder(tf.as_dtype(a.dtype), None) for a in arrays]
    made = raw.apply(op.resolve(op_type), fed, dict(attributes), None)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        run(made, dict(zip(fed, arrays, strict=True)))
    assert first_line(caught.value) == message


def test_logarithm_of_a_sum_of_exponentials_does_not_overflow() -> None:
    x = np.array([[1000.0, 1000.0], [-INF, -INF], [0.0, 1.0]], np.float32)
    y = run(tf.reduce_logsumexp(x, 1))
    np.testing.assert_allclose(y, [1000 + math.log(2), -INF, math.log(1 + math.e)], rtol=1e-6)


def test_variance_and_standard_deviation() -> None:
    x = np.array([[1.0, 2.0, 6.0], [0.0, 0.0, 3.0]])
    values = run([tf.math.reduce_variance(x, 1), tf.math.reduce_std(x)])
    np.testing.assert_allclose(values[0], x.var(1))
    np.testing.assert_allclose(values[1], x.std())


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("axis", [0, -1])
def test_running_sums_and_products(exclusive: bool, reverse: bool, axis: int) -> None:
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    def reference(ufunc: Any) -> Any:
        y = np.flip(x, axis) if reverse else x
        y = ufunc.accumulate(y, axis)
        if exclusive:
            y = np.roll(y, 1, axis)
            np.moveaxis(y, axis, 0)[0] = ufunc.identity
        return np.flip(y, axis) if reverse else y

    options = {"exclusive": exclusive, "reverse": reverse}
    values = run([tf.cumsum(x, axis, **options), tf.cumprod(x, axis, **options)])
    np.testing.assert_array_equal(values[0], reference(np.add))
    np.testing.assert_array_equal(values[1], reference(np.multiply))


def test_selection_of_rows() -> None:
    x, y = np.zeros((2, 3)), np.ones((2, 3))
    assert run(tf.where([True, False], x, y)).tolist() == [[0, 0, 0], [1, 1, 1]]
    assert run(tf.where_v2([True, False, True], x, 9.0))[0].tolist() == [0, 9, 0]
    assert run(tf.where([[0.0, 2.0], [3.0, 0.0]])).tolist() == [[0, 1], [1, 0]]


def test_operands_of_shapes_that_do_not_broadcast_may_just_differ() -> None:
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    equal = raw.Equal(x, y, incompatible_shape_error=False)
    not_equal = raw.NotEqual(x, y, incompatible_shape_error=False)
    assert run([equal, not_equal], {x: [1, 2, 3], y: [1, 2]}) == [False, True]
