"""Reductions: sums, products, extremes of a tensor over some of its axes."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value, evaluate
from tflite_edu.core.dtypes import HALF, INT32, INT64, NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import reduction_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import colocate_with, device
from tflite_edu.core.shapes import Shape, is_fully_defined, num_elements
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.division import truediv
from tflite_edu.ops.ranges import range as sequence
from tflite_edu.ops.shapes_of_tensors import rank, shape, size


class Reduction(Op, abstract=True):
    """One value of each group of elements that differ only in their place along some axes.

    `reduction_indices`, a scalar or vector, lists the axes; each may count from the back.
    """

    infer_from = {"reduction_indices": "value"}
    keep_dims: bool = False

    def infer(self, input: Shape, reduction_indices: Any) -> Shape:
        axes = None if reduction_indices is None else reduction_indices.ravel().tolist()
        return reduction_shape(input, axes, self.keep_dims)

    def forward(self, np: Any, input: Any, reduction_indices: Any) -> Any:
        return self.reduce(np, input, _axes(np, input, reduction_indices))

    def reduce(self, np: Any, x: Any, axes: tuple[int, ...]) -> Any:
        """The reduced array; `axes` are distinct and count from the front."""
        raise NotImplementedError


class NumericReduction(Reduction, abstract=True):
    """A reduction of numbers to numbers of the same dtype."""

    inputs, outputs = ("input: T", "reduction_indices: Tidx"), ("output: T",)
    T: DType = attr(*NUMERIC)
    Tidx: DType = attr(INT32, INT64, default=INT32)


def _axes(np: Any, x: Any, indices: Any) -> tuple[int, ...]:
    rank = np.ndim(x)
    axes = np.ravel(indices).tolist()
    for axis in axes:
        if not -rank <= axis < rank:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Invalid reduction dimension ({axis} for input with {rank} dimension(s)",
            )
    return tuple({axis % rank for axis in axes})


def _reduction_axes(x: Any, axis: Any) -> Any:
    """The axes as the node takes them: those given, or all."""
    if axis is not None:
        return axis
    if isinstance(x, Tensor) and x._rank is not None:
        return constant(list(range(x._rank)), dtype=INT32)
    return sequence(0, rank(x))


def one_of(new: str, value: Any, old: str, deprecated: Any) -> Any:
    """The value of an argument that has an older name as well."""
    if deprecated is None:
        return value
    if value is not None:
        raise ValueError(f"Cannot specify both '{old}' and '{new}'")
    return deprecated


def reduction(
    make: Any,
    x: Any,
    axis: Any,
    keepdims: Any,
    name: str | None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The node of a reduction, from the arguments of its function."""
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    keepdims = False if keepdims is None else keepdims
    y: Tensor = make(x, _reduction_axes(x, axis), keep_dims=keepdims, name=name)
    if axis is None and not keepdims and not is_fully_defined(y._shape):
        y.set_shape(())
    return y


def reduced_shape(input_shape: Any, axes: Any) -> Tensor:
    """The shape of a tensor after it was reduced over `axes` and its dimensions were kept."""
    input_shape = cast(input_shape, INT32)
    axes = cast(axes, INT32)
    input_rank = size(input_shape)
    axes = (axes + input_rank) % input_rank
    axes_shape = shape(axes)
    return raw.DynamicStitch([sequence(input_rank), axes], [input_shape, raw.Fill(axes_shape, 1)])


def _divided_shape(x: Any, y: Any) -> Tensor:
    """x // y of tensors or lists of numbers; 0 divided by 0 is 0."""
    divisor = raw.Maximum(y, 1)
    return x // divisor


class Sum(NumericReduction):
    """The sum over some axes."""

    def reduce(self, np: Any, x: Any, axes: tuple[int, ...]) -> Any:
        return np.sum(x, axes, x.dtype, keepdims=self.keep_dims)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _spread(op, gradient), None


def _spread(op: Any, gradient: Tensor) -> Tensor:
    """The gradient of a sum: every element of a group gets the group's."""
    x, indices = op.inputs
    static = x._shape
    if static is not None:
        axes = constant_value(indices)
        if axes is not None:
            if axes.tolist() == [*range(len(static))]:
                gradient = raw.Reshape(gradient, [1] * len(static))
                if None in static:
                    return raw.Tile(gradient, shape(x))
                return raw.Tile(gradient, constant(list(static), dtype=INT32))
            if None not in static:
                kept, repeats = _static_spread(op.graph, static, tuple(axes.ravel().tolist()))
                return raw.Tile(raw.Reshape(gradient, kept), repeats)
    input_shape = shape(x)
    with colocate_with(input_shape):
        kept_shape = reduced_shape(input_shape, indices)
        repeated = _divided_shape(input_shape, kept_shape)
    return raw.Tile(raw.Reshape(gradient, kept_shape), repeated)


def _static_spread(
    graph: Any, static: tuple[int, ...], axes: tuple[int, ...]
) -> tuple[list[int], list[int]]:
    """The kept shape and the repeats of each axis, as numbers.

    As in TensorFlow nodes work them out, the first time that a graph needs them.
    """
    memo: dict[Any, Any] = graph.attachments.setdefault("reduced shapes", {})
    key = (static, axes)
    if key not in memo:
        kept = _evaluated(reduced_shape(list(static), list(axes)))
        memo[key] = kept, _evaluated(_divided_shape(list(static), kept))
    found: tuple[list[int], list[int]] = memo[key]
    return found


def _evaluated(tensor: Tensor) -> list[int]:
    value = evaluate(tensor)
    return [int(v) for v in value]


@export("math.reduce_sum", "reduce_sum")
def reduce_sum(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The sum of the elements over some axes, in the dtype of `input_tensor`.

    Args:
      input_tensor: numbers.
      axis: the axis or axes to reduce, each in [-rank, rank); None reduces all to a scalar.
      keepdims: whether a reduced axis stays, with size 1.
      reduction_indices, keep_dims: older names of `axis` and `keepdims`.

    Raises:
      ValueError: an axis is out of range, or an argument is given by both of its names.
    """
    return reduction(raw.Sum, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


class Mean(NumericReduction):
    """The mean over some axes."""

    def reduce(self, np: Any, x: Any, axes: tuple[int, ...]) -> Any:
        # The sum of many float16 would overflow.
        dtype = np.dtype(np.float32) if self.T is HALF else x.dtype
        total = np.sum(x, axes, dtype, keepdims=self.keep_dims)
        count = 1
        for axis in axes:
            count *= x.shape[axis]
        if self.T.is_integer:
            # C's division of integers: towards zero.
            return ((total - np.fmod(total, count)) // count).astype(x.dtype)
        return (total / dtype.type(count)).astype(x.dtype, copy=False)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs[0], op.outputs[0]
        spread = _spread(op, gradient)
        if is_fully_defined(x._shape) and is_fully_defined(y._shape):
            count = (num_elements(x._shape) or 0) // max(num_elements(y._shape) or 0, 1)
            factor = constant(count, dtype=spread.dtype)
        else:
            x_shape, y_shape = shape(x), shape(y)
            factor = _divided_shape(reduce_prod(x_shape), reduce_prod(y_shape))
        return truediv(spread, cast(factor, spread.dtype)), None


@export("math.reduce_mean", "reduce_mean")
def reduce_mean(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The mean of the elements over some axes, in the dtype of `input_tensor`.

    That of integers is cut off towards zero. Arguments and errors are those of `reduce_sum`.
    """
    return reduction(raw.Mean, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


# Rows are not halved below this length.
_SHORT_ROW = 16


def _halved(np: Any, x: Any, axes: tuple[int, ...]) -> Any:
    """Fewer elements with the same products over `axes`, if they are the last axis or all axes.

    numpy multiplies along a row one element at a time, but two halves of a row several at once.
    """
    rank = x.ndim
    if x.dtype.kind not in "fc" or x.size < 1 << 12 or rank - 1 not in axes:
        return x
    if len(axes) == rank and x.flags.c_contiguous:
        x = x.reshape(*[1] * (rank - 1), -1)
    while x.shape[-1] > _SHORT_ROW and x.shape[-1] % 2 == 0:
        half = x.shape[-1] // 2
        x = x[..., :half] * x[..., half:]
    return x


class Prod(NumericReduction):
    """The product over some axes."""

    def reduce(self, np: Any, x: Any, axes: tuple[int, ...]) -> Any:
        x = _halved(np, x, axes)
        return np.prod(x, axes, x.dtype, keepdims=self.keep_dims)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        """Each element's gradient is the product of the others, from cumulative products."""
        x, indices = op.inputs
        input_shape = shape(x)
        reduced = raw.Reshape(indices, [-1])
        kept_shape = reduced_shape(input_shape, indices)
        repeats = _divided_shape(input_shape, kept_shape)
        gradient = raw.Tile(raw.Reshape(gradient, kept_shape), repeats)
        with device("/cpu:0"):
            count = rank(x)
            reduced = cast((reduced + count) % count, INT32)
            other, _ = raw.ListDiff(sequence(0, count), reduced)
            order = raw.ConcatV2([reduced, other], 0, name="concat")
            reduced_count = reduce_prod(raw.GatherV2(input_shape, reduced, 0))
            other_count = reduce_prod(raw.GatherV2(input_shape, other, 0))
        permuted = raw.Transpose(x, order, name="transpose")
        permuted_shape = shape(permuted)
        matrix = raw.Reshape(permuted, (reduced_count, other_count))
        before = raw.Cumprod(matrix, 0, exclusive=True)
        after = raw.Cumprod(matrix, 0, exclusive=True, reverse=True)
        others = raw.Reshape(conj(before) * conj(after), permuted_shape)
        back = raw.Transpose(others, raw.InvertPermutation(order), name="transpose")
        return raw.Reshape(gradient * back, input_shape), None


@export("math.reduce_prod", "reduce_prod")
def reduce_prod(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The product of the elements over some axes, in the dtype of `input_tensor`.

    Arguments and errors are those of `reduce_sum`.
    """
    return reduction(raw.Prod, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def _extreme(
    np: Any,
    x: Any,
    axes: tuple[int, ...],
    op: Max | Min,
    combine: Any,
    combine_numbers: Any,
    last: Any,
    infinity: float,
) -> Any:
    """The maximum or minimum. As in TensorFlow it passes over NaN, and of nothing it is `last`."""
    empty = infinity if op.T.is_floating else last
    if x.size == 0:
        return combine.reduce(x, axes, keepdims=op.keep_dims, initial=empty)
    y = combine.reduce(x, axes, keepdims=op.keep_dims)
    if op.T.is_floating and np.isnan(y).any():
        return combine_numbers.reduce(x, axes, keepdims=op.keep_dims, initial=empty)
    return y


def _to_extreme(op: Any, gradient: Tensor) -> Any:
    """The gradient of a maximum or minimum, shared by the elements that are equal to it."""
    x, indices = op.inputs
    kept_shape = reduced_shape(shape(x), indices)
    extreme = raw.Reshape(op.outputs[0], kept_shape)
    gradient = raw.Reshape(gradient, kept_shape)
    chosen = cast(raw.Equal(extreme, x), gradient.dtype)
    count = raw.Reshape(raw.Sum(chosen, indices), kept_shape)
    return chosen / count * gradient, None


class Max(NumericReduction):
    """The greatest element over some axes; the least number there is where there is none."""

    def reduce(self, np: Any, x: Any, axes: tuple[int, ...]) -> Any:
        return _extreme(np, x, axes, self, np.maximum, np.fmax, self.T.min, -np.inf)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _to_extreme(op, gradient)


@export("math.reduce_max", "reduce_max")
def reduce_max(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The greatest of the elements over some axes; real numbers only.

    Arguments and errors are those of `reduce_sum`.
    """
    return reduction(raw.Max, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


class Min(NumericReduction):
    """The least element over some axes; the greatest number there is where there is none."""

    def reduce(self, np: Any, x: Any, axes: tuple[int, ...]) -> Any:
        return _extreme(np, x, axes, self, np.minimum, np.fmin, self.T.max, np.inf)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _to_extreme(op, gradient)


@export("math.reduce_min", "reduce_min")
def reduce_min(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The least of the elements over some axes; real numbers only.

    Arguments and errors are those of `reduce_sum`.
    """
    return reduction(raw.Min, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


class EuclideanNorm(NumericReduction):
    """The square root of the sum of squared magnitudes over some axes."""

    backward = None

    def reduce(self, np: Any, x: Any, axes: tuple[int, ...]) -> Any:
        total = np.sum(x * np.conj(x), axes, x.dtype, keepdims=self.keep_dims)
        if total.size == x.size:
            # TensorFlow leaves a tensor of which nothing is reduced as it is, signs included.
            return x.reshape(total.shape).copy()
        return np.sqrt(total).astype(x.dtype)


@export("math.reduce_euclidean_norm")
def reduce_euclidean_norm(
    input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None
) -> Tensor:
    """The square root of the sum of squares over some axes.

    Arguments and errors are those of `reduce_sum`. As in TensorFlow 1.15 it has no gradient.
    """
    return reduction(raw.EuclideanNorm, input_tensor, axis, bool(keepdims), name)
