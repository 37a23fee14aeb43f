"""Sums, products and extremes of sparse tensors, with sparse and with dense ones."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, NUMERIC, REAL_NUMERIC, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor, SparseTensorValue, sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones, zeros_like
from tflite_edu.ops.gathering import gather_nd
from tflite_edu.ops.joining import concat
from tflite_edu.ops.powers import square
from tflite_edu.ops.reductions import one_of
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.shapes_of_tensors import size
from tflite_edu.ops.slicing import slice as slice_of


def _refuse(message: str) -> None:
    raise InvalidArgumentError(None, None, message)


def joint_positions(np: Any, *several: Any) -> tuple[Any, list[Any]]:
    """The different positions among several `[count, rank]` in row-major order.

    The second value says for each of the arguments at which of them its positions are.
    """
    stacked = np.concatenate(several)
    order = np.lexsort(stacked.T[::-1]) if stacked.size else np.arange(len(stacked))
    ordered = stacked[order]
    first = np.ones(len(ordered), bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    places = np.empty(len(ordered), np.int64)
    places[order] = np.cumsum(first) - 1
    ends = np.cumsum([len(one) for one in several])
    return ordered[first], np.split(places, ends[:-1])


def _check_pair(np: Any, a: tuple[Any, Any, Any], b: tuple[Any, Any, Any]) -> None:
    """Raises InvalidArgumentError unless two (positions, values, shape) are of one shape."""
    (a_indices, a_values, a_shape), (b_indices, b_values, b_shape) = a, b

    def both(x: Any, y: Any) -> str:
        return f"{format_shape(np.shape(x))} and {format_shape(np.shape(y))}"

    if np.ndim(a_indices) != 2 or np.ndim(b_indices) != 2:
        _refuse(
            f"Input indices should be matrices but received shapes: {both(a_indices, b_indices)}"
        )
    if np.ndim(a_values) != 1 or np.ndim(b_values) != 1:
        _refuse(f"Input values should be vectors but received shapes: {both(a_values, b_values)}")
    if len(a_indices) != len(a_values) or len(b_indices) != len(b_values):
        _refuse(
            f"Expected {len(a_indices)} and {len(b_indices)} non-empty input values, got "
            f"{len(a_values)} and {len(b_values)}"
        )
    if np.ndim(a_shape) != 1 or np.ndim(b_shape) != 1:
        _refuse(f"Input shapes should be a vector but received shapes {both(a_shape, b_shape)}")
    if len(a_shape) != len(b_shape):
        texts = [" ".join(map(str, one.tolist())) for one in (a_shape, b_shape)]
        _refuse(f"Operands do not have the same ranks; got shapes: {texts[0]} and {texts[1]}")
    for axis, (x, y) in enumerate(zip(a_shape.tolist(), b_shape.tolist(), strict=True)):
        if x != y:
            _refuse(f"Operands' shapes do not match: got {x} and {y} for dimension {axis}")


class SparseAdd(Op):
    """The sum of two sparse tensors, without sums of two elements that are below a threshold."""

    inputs = (
        *("a_indices: int64", "a_values: T", "a_shape: int64"),
        *("b_indices: int64", "b_values: T", "b_shape: int64"),
        "thresh: Treal",
    )
    outputs = ("sum_indices: int64", "sum_values: T", "sum_shape: int64")
    T: DType = attr(*NUMERIC)
    Treal: DType = attr(*REAL_NUMERIC)

    def infer(self, *shapes: Shape) -> list[Shape]:
        (rank,) = with_rank(shapes[2], 1)
        return [(None, rank), (None,), (rank,)]

    def forward(
        self,
        np: Any,
        a_indices: Any,
        a_values: Any,
        a_shape: Any,
        b_indices: Any,
        b_values: Any,
        b_shape: Any,
        thresh: Any,
    ) -> Any:
        _check_pair(np, (a_indices, a_values, a_shape), (b_indices, b_values, b_shape))
        if np.ndim(thresh):
            _refuse(
                f"The magnitude threshold must be a scalar: got shape {format_shape(thresh.shape)}"
            )
        indices, (a, b) = joint_positions(np, a_indices, b_indices)
        values = np.zeros(len(indices), a_values.dtype)
        np.add.at(values, a, a_values)
        np.add.at(values, b, b_values)
        in_both = np.zeros(len(indices), bool)
        in_both[a] = True
        in_both &= np.isin(np.arange(len(indices)), b)
        kept = ~in_both | (np.abs(values) >= thresh)
        return indices[kept], values[kept], np.array(a_shape)

    def backward(self, op: Any, dindices: Any, dvalues: Tensor, dshape: Any) -> list[Any]:
        del dindices, dshape
        a_indices, b_indices = op.inputs[0], op.inputs[3]
        da, db = raw.SparseAddGrad(dvalues, a_indices, b_indices, op.outputs[0])
        da.set_shape(op.inputs[1].shape)
        db.set_shape(op.inputs[4].shape)
        return [None, da, None, None, db, None, None]


class SparseAddGrad(Op):
    """The elements of a gradient at two lists of positions, 0 where it has none."""

    inputs = (
        *("backprop_val_grad: T", "a_indices: int64", "b_indices: int64"),
        "sum_indices: int64",
    )
    outputs = ("a_val_grad: T", "b_val_grad: T")
    backward = None
    T: DType = attr(*NUMERIC)

    def infer(self, dsum: Shape, a: Shape, b: Shape, sum_indices: Shape) -> list[Shape]:
        del dsum, sum_indices
        return [with_rank(a, 2)[:1], with_rank(b, 2)[:1]]

    def forward(self, np: Any, dsum: Any, a_indices: Any, b_indices: Any, sum_indices: Any) -> Any:
        if len(dsum) != len(sum_indices):
            _refuse(
                "# elements of backprop_val_grad and # rows of sum_indices should match (#nnz of "
                f"sum): got {len(dsum)} and {len(sum_indices)}"
            )
        return [at_positions(np, dsum, sum_indices, wanted) for wanted in (a_indices, b_indices)]


def at_positions(np: Any, values: Any, indices: Any, wanted: Any) -> Any:
    """The values at the positions `wanted` of a sparse tensor, 0 where it has none."""
    positions, (have, want) = joint_positions(np, indices, wanted)
    table = np.zeros(len(positions), values.dtype)
    table[have] = values
    return table[want]


class SparseTensorDenseAdd(Op):
    """The sum of a sparse tensor and a dense one of the same shape."""

    inputs = ("a_indices: Tindices", "a_values: T", "a_shape: Tindices", "b: T")
    outputs = ("output: T",)
    T: DType = attr(*NUMERIC)
    Tindices: DType = attr(INT32, INT64)

    def infer(self, a_indices: Shape, a_values: Shape, a_shape: Shape, b: Shape) -> Shape:
        return b

    def forward(self, np: Any, a_indices: Any, a_values: Any, a_shape: Any, b: Any) -> Any:
        if len(a_shape) != np.ndim(b):
            _refuse(f"Two operands have different ranks; received: {len(a_shape)} and {np.ndim(b)}")
        for axis, (x, y) in enumerate(zip(a_shape.tolist(), b.shape, strict=True)):
            if x != y:
                _refuse(
                    f"Dimension {axis} does not equal (no broadcasting is supported): sparse side "
                    f"{x} vs dense side {y}"
                )
        outside = ((a_indices < 0) | (a_indices >= np.array(b.shape))).any(axis=0)
        if outside.any():
            _refuse(
                f"Sparse tensor has some invalid index on dimension {outside.argmax()}; dense "
                f"tensor shape: {format_shape(b.shape)}"
            )
        if not np.ndim(b):
            return np.asarray(b + a_values.sum(dtype=b.dtype))
        total = np.array(b)
        np.add.at(total, tuple(a_indices.T), a_values)
        return total

    def backward(self, op: Any, gradient: Tensor) -> list[Any]:
        return [None, gather_nd(gradient, op.inputs[0]), None, gradient]


@export("sparse_add", "sparse.add")
def sparse_add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """The sum of two tensors, of which at least one is sparse.

    Args:
      a, b: sparse or dense, of one shape; nothing is broadcast.
      threshold: of two sparse ones, places that both have are left out where the sum's magnitude
        is below it.
      thresh: its older name.

    Returns a sparse tensor if both are sparse, else a dense one. Raises TypeError where both are
    dense, ValueError where the threshold is given by both names; in a run InvalidArgumentError
    where the shapes differ.
    """
    threshold = one_of("threshold", threshold, "thresh", thresh)
    if threshold is None:
        threshold = 0
    kinds = (SparseTensor, SparseTensorValue)
    if not isinstance(a, kinds) and not isinstance(b, kinds):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if isinstance(a, kinds) and isinstance(b, kinds):
        a, b = sparse_tensor(a), sparse_tensor(b)
        threshold = convert_to_tensor(
            threshold, dtype=a.values.dtype.real_dtype.base_dtype, name="threshold"
        )
        indices, values, shape = raw.SparseAdd(
            a.indices, a.values, a.dense_shape, b.indices, b.values, b.dense_shape, threshold
        )
        # The shapes must agree as far as they are known.
        a.get_shape().assert_is_compatible_with(b.get_shape())
        static = a.get_shape().merge_with(b.get_shape())
        if static.is_fully_defined():
            return SparseTensor(indices, values, static.as_list())
        return SparseTensor(indices, values, shape)
    if isinstance(b, kinds):
        a, b = b, a
    a = sparse_tensor(a)
    return raw.SparseTensorDenseAdd(a.indices, a.values, a.dense_shape, b)


class _SparseDense(Op, abstract=True):
    """An operation of the elements of a sparse tensor and a dense one that broadcasts to it."""

    inputs = ("sp_indices: int64", "sp_values: T", "sp_shape: int64", "dense: T")
    outputs = ("output: T",)
    T: DType = attr(*NUMERIC)

    def infer(self, sp_indices: Shape, sp_values: Shape, sp_shape: Shape, dense: Shape) -> Shape:
        return (with_rank(sp_indices, 2)[0],)

    def forward(self, np: Any, sp_indices: Any, sp_values: Any, sp_shape: Any, dense: Any) -> Any:
        if np.ndim(sp_indices) != 2:
            _refuse(
                "Input sp_indices should be a matrix but received shape: "
                f"{format_shape(sp_indices.shape)}"
            )
        shape, given = tuple(sp_shape.tolist()), np.shape(dense)
        fits = len(given) <= len(shape) and all(
            y in (1, x) for x, y in zip(shape[::-1], given[::-1], strict=False)
        )
        if not fits:
            _refuse(
                "SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible "
                f"shapes: {format_shape(shape)} vs. {format_shape(given)}"
            )
        places = sp_indices[:, : len(shape)]
        if ((places < 0) | (places >= sp_shape)).any():
            _refuse("Provided indices are out-of-bounds w.r.t. dense side with broadcasted shape")
        beside = np.broadcast_to(dense, shape)[tuple(places.T)]
        return np.asarray(self.combine(np, sp_values[: len(places)], beside), sp_values.dtype)

    def combine(self, np: Any, x: Any, y: Any) -> Any:
        """What the elements `x` of the sparse tensor and those of the dense one give."""
        raise NotImplementedError


def _dense_at_elements(op: Any) -> tuple[Tensor, Tensor, Tensor]:
    """For each element of the sparse tensor: where in the dense one it meets an element, and which.

    The third is the dense tensor's shape.
    """
    indices, _, dense_shape, dense = op.inputs
    shape = cast(shape_of(dense), dtypes.int64)
    added = expand_dims(size(dense_shape) - size(shape), 0)
    longer = concat([ones(added, dtypes.int64), shape], 0)
    # The sizes of broadcast axes; a position there is divided down to 0.
    repeats = dense_shape // longer
    places = slice_of(indices // repeats, concat([[0], added], 0), [-1, -1])
    return places, gather_nd(dense, places), shape


class SparseDenseCwiseMul(_SparseDense):
    """The elements of a sparse tensor, multiplied by those of a dense one."""

    def combine(self, np: Any, x: Any, y: Any) -> Any:
        return x * y

    def backward(self, op: Any, gradient: Tensor) -> list[Any]:
        places, beside, shape = _dense_at_elements(op)
        dvalues = gradient * beside
        ddense = gradient * op.inputs[1]
        dense = op.inputs[3]
        total = sparse_add(SparseTensor(places, ddense, shape), zeros_like(dense))
        return [None, dvalues, None, total]


class SparseDenseCwiseDiv(_SparseDense):
    """The elements of a sparse tensor, divided by those of a dense one; integers towards zero."""

    def combine(self, np: Any, x: Any, y: Any) -> Any:
        if x.dtype.kind in "iu":
            if not np.all(y):
                _refuse("Integer division by zero")
            quotient = x // y
            return quotient + ((quotient * y != x) & ((x < 0) != (y < 0)))
        return x / y

    def backward(self, op: Any, gradient: Tensor) -> list[Any]:
        places, beside, shape = _dense_at_elements(op)
        dvalues = gradient / beside
        ddense = gradient * (-op.inputs[1] / square(beside))
        dense = op.inputs[3]
        total = sparse_add(SparseTensor(places, ddense, shape), zeros_like(dense))
        return [None, dvalues, None, total]


class SparseDenseCwiseAdd(_SparseDense):
    """The elements of a sparse tensor, each with that of a dense one added."""

    def combine(self, np: Any, x: Any, y: Any) -> Any:
        return x + y

    def backward(self, op: Any, gradient: Tensor) -> list[Any]:
        raise NotImplementedError(
            "Gradient for SparseDenseCwiseAdd is currently not implemented yet."
        )


def sparse_binary(name: str, x: SparseTensor, y: Any) -> SparseTensor:
    """What `x <operator> y` gives for a sparse `x`: a sparse tensor with its positions.

    `name` is "mul", "div" or "truediv"; `y` is dense and broadcasts to the shape of `x`.
    """
    with name_scope(None, name, [x.indices, x.values, x.dense_shape, y]) as scope:
        y = convert_to_tensor(y, dtype=x.dtype.base_dtype, name="y")
        values = x.values
        if name == "mul":
            make = raw.SparseDenseCwiseMul
        else:
            make = raw.SparseDenseCwiseDiv
        if name == "truediv":
            wider = dtypes.float32 if values.dtype.size < 4 else dtypes.float64
            if values.dtype.is_integer:
                values, y = cast(values, wider), cast(y, wider)
        return SparseTensor(
            x.indices, make(x.indices, values, x.dense_shape, y, name=scope), x.dense_shape
        )


class _Extreme(Op, abstract=True):
    """The greater or smaller ones of the elements of two sparse tensors; missing ones are 0."""

    inputs = (
        *("a_indices: int64", "a_values: T", "a_shape: int64"),
        *("b_indices: int64", "b_values: T", "b_shape: int64"),
    )
    outputs = ("output_indices: int64", "output_values: T")

    def infer(self, *shapes: Shape) -> list[Shape]:
        return [(None, None), (None,)]

    def forward(self, np: Any, *parts: Any) -> Any:
        _check_pair(np, parts[:3], parts[3:])
        indices, (a, b) = joint_positions(np, parts[0], parts[3])
        x, y = np.zeros((2, len(indices)), parts[1].dtype)
        x[a], y[b] = parts[1], parts[4]
        return indices, self.chosen(np, x, y)

    def chosen(self, np: Any, x: Any, y: Any) -> Any:
        """The greater or the smaller of each two."""
        raise NotImplementedError


class SparseSparseMaximum(_Extreme):
    """The greater ones of the elements of two sparse tensors; missing ones count as 0."""

    T: DType = attr(*REAL_NUMERIC)

    def chosen(self, np: Any, x: Any, y: Any) -> Any:
        return np.maximum(x, y)


@export("sparse_maximum", "sparse.maximum")
def sparse_maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The greater ones of the elements of two sparse tensors of one shape, missing ones being 0.

    In a run, raises InvalidArgumentError where the shapes differ. It has no gradient.
    """
    return _extreme("SparseSparseMaximum", sp_a, sp_b, name)


class SparseSparseMinimum(_Extreme):
    """The smaller ones of the elements of two sparse tensors; missing ones count as 0."""

    T: DType = attr(*NUMERIC)

    def chosen(self, np: Any, x: Any, y: Any) -> Any:
        return np.minimum(x, y)


@export("sparse_minimum", "sparse.minimum")
def sparse_minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The smaller ones of the elements of two sparse tensors of one shape, missing ones being 0.

    In a run, raises InvalidArgumentError where the shapes differ. It has no gradient.
    """
    return _extreme("SparseSparseMinimum", sp_a, sp_b, name)


def _extreme(op_type: str, a: Any, b: Any, name: str | None) -> SparseTensor:
    scope_values = [a.indices, a.values, b.indices, b.values]
    with name_scope(name, op_type, scope_values) as scope:
        make = getattr(raw, op_type)
        indices, values = make(
            a.indices, a.values, a.dense_shape, b.indices, b.values, b.dense_shape, name=scope
        )
    return SparseTensor(indices, values, a.dense_shape)
