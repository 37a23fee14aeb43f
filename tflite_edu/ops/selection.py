"""Choosing between two tensors by a condition, and where a condition holds."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BOOL, NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import broadcast_shape, format_shape, merge
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros, zeros_like
from tflite_edu.ops.shapes_of_tensors import shape


class Select(Op):
    """Each element, or each row, of one of two tensors of the same shape.

    The condition has the tensors' shape, or is a vector that chooses rows, or a scalar.
    """

    inputs, outputs = ("condition: bool", "t: T", "e: T"), ("output: T",)
    T: DType

    def infer(self, condition: Shape, t: Shape, e: Shape) -> Shape:
        data = merge(t, e)
        if condition is None or data is None or condition == ():
            return data
        if len(condition) == 1 and data:
            merge(condition, data[:1])
            return data
        return merge(data, condition)

    def forward(self, np: Any, condition: Any, t: Any, e: Any) -> Any:
        rows, shape = np.shape(condition), np.shape(t)
        if rows != shape and len(rows) == 1:
            _check_rows(rows, shape, np.shape(e))
            condition = condition.reshape(-1, *[1] * (len(shape) - 1))
        elif shape != np.shape(e) or rows not in ((), shape):
            first, second = (rows, shape) if rows not in ((), shape) else (shape, np.shape(e))
            raise errors.InvalidArgumentError(
                None,
                None,
                "Inputs to operation Select of type Select must have the same size and shape.  "
                f"Input 0: {format_shape(first)} != input 1: {format_shape(second)}",
            )
        return chosen(np, condition, t, e)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        condition = op.inputs[0]
        nothing = zeros_like(op.inputs[1])
        return (
            None,
            raw.Select(condition, gradient, nothing),
            raw.Select(condition, nothing, gradient),
        )


# Below so many elements `np.where` is as fast.
_WORTH_MASKING = 1 << 12


def chosen(np: Any, condition: Any, t: Any, e: Any) -> Any:
    """What `np.where` gives: `t` where the condition, bool that broadcasts, holds, else `e`.

    Large arrays are masked bit by bit, which takes the same time whatever the condition is:
    `np.where` branches at each element, and most processors guess half of random branches wrong.
    """
    dtype = np.result_type(t)
    if (
        np.ndim(condition) == 0
        or np.size(t) < _WORTH_MASKING
        or np.shape(t) != np.shape(e)
        or dtype != e.dtype
        or dtype.kind not in "biuf"
        or not (t.flags.c_contiguous and e.flags.c_contiguous)
        or condition.ndim > t.ndim
    ):
        return np.where(condition, t, e)
    bits = np.dtype(f"i{dtype.itemsize}")
    mask = condition.astype(bits)
    np.negative(mask, out=mask)
    first, second = t.view(bits), e.view(bits)
    made = first ^ second
    made &= mask
    made ^= second
    return made.view(dtype)


def _check_rows(rows: tuple[int, ...], t: tuple[int, ...], e: tuple[int, ...]) -> None:
    """Raises what is wrong with a vector that chooses rows of `t` and `e`, given their shapes."""
    complaint = None
    if not t:
        complaint = f"'then' must be at least a vector, but saw shape: {format_shape(t)}"
    elif t[0] != rows[0]:
        complaint = (
            f"Number of batches of 'then' must match size of 'cond', but saw: {t[0]} vs. {rows[0]}"
        )
    elif t != e:
        complaint = (
            "'then' and 'else' must have the same size.  but received: "
            f"{format_shape(t)} vs. {format_shape(e)}"
        )
    if complaint is not None:
        raise errors.InvalidArgumentError(None, None, complaint)


class SelectV2(Op):
    """Each element of one of two tensors; condition and tensors broadcast."""

    inputs, outputs = ("condition: bool", "t: T", "e: T"), ("output: T",)
    T: DType

    def infer(self, condition: Shape, t: Shape, e: Shape) -> Shape:
        return broadcast_shape(broadcast_shape(t, e), condition)

    def forward(self, np: Any, condition: Any, t: Any, e: Any) -> Any:
        try:
            return np.where(condition, t, e)
        except ValueError:
            listed = [format_shape(np.shape(x)) for x in (condition, t, e)]
            raise errors.InvalidArgumentError(
                None,
                None,
                f"condition {listed[0]}, then {listed[1]}, and else {listed[2]} must be "
                "broadcastable",
            ) from None

    def backward(self, op: Any, gradient: Tensor) -> Any:
        condition, x, y = op.inputs
        nothing = zeros([], dtype=gradient.dtype.base_dtype)
        dx = raw.SelectV2(condition, gradient, nothing)
        x_shape, z_shape = shape(x), shape(op.outputs[0])
        dx = _summed(dx, x_shape, z_shape)
        dy = raw.SelectV2(condition, nothing, gradient)
        return None, dx, _summed(dy, shape(y), z_shape)


def _summed(gradient: Tensor, operand: Tensor, output: Tensor) -> Tensor:
    """A gradient of the output's shape summed over the axes that the operand was repeated along."""
    axes, _ = raw.BroadcastGradientArgs(operand, output)
    return raw.Reshape(raw.Sum(gradient, axes, keep_dims=True), operand)


class Where(Op):
    """The places of the elements that are true, or not zero, in the order of memory."""

    inputs, outputs = ("input: T",), ("index: int64",)
    T: DType = attr(*NUMERIC, BOOL, default=BOOL)

    def infer(self, input: Shape) -> Shape:
        return (None, None if input is None else len(input))

    def forward(self, np: Any, input: Any) -> Any:
        if np.ndim(input) == 0:
            raise errors.InvalidArgumentError(None, None, "WhereOp : Unhandled input dimensions: 0")
        return np.stack(np.nonzero(input), axis=1)


@export("where")
def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Elements of `x` where the condition holds and of `y` elsewhere; or where it holds.

    Args:
      condition: booleans: of the shape of `x`, or a vector that chooses rows of it, or a scalar.
        Alone it may also hold numbers, of which all but 0 count.
      x, y: tensors of one shape and dtype, or neither.

    Returns:
      A tensor like `x`; without `x` and `y` the places where the condition holds, int64
      `[count, rank]`.

    Raises:
      ValueError: only one of `x` and `y` is given, or the shapes do not fit.
    """
    return _where(condition, x, y, name, raw.Select)


@export("where_v2")
def where_v2(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """As `where`, but `condition`, `x` and `y` broadcast against each other as in numpy."""
    return _where(condition, x, y, name, raw.SelectV2)


def _where(condition: Any, x: Any, y: Any, name: str | None, select: Any) -> Any:
    if x is None and y is None:
        with name_scope(name, "Where", [condition]) as name:
            condition = convert_to_tensor(condition, preferred_dtype=BOOL, name="condition")
            return raw.Where(condition, name=name)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return select(condition, x, y, name=name)
