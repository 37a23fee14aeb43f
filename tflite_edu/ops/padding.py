"""Elements added around a tensor: a constant, or its own elements mirrored."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    add_dims,
    format_shape,
    subtract_dims,
    with_rank,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.packing import stack
from tflite_edu.ops.shape_checks import before_values
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_tensor
from tflite_edu.ops.slicing import slice


def _padded_shape(input: Shape, paddings: Any, change: Any = add_dims) -> Shape:
    if paddings is None:
        return None if input is None else (None,) * len(input)
    input = before_values(with_rank, input, paddings.shape[0])
    if (paddings < 0).any():
        raise ShapeError("Paddings must be non-negative")
    amounts = paddings.sum(1).tolist()
    return tuple([change(size, amount) for size, amount in zip(input, amounts, strict=True)])


def _check_paddings(rank: int, paddings: Any) -> None:
    if paddings.ndim != 2 or paddings.shape[1] != 2:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"paddings must be a matrix with 2 columns: {format_shape(paddings.shape)}",
        )
    if paddings.shape[0] != rank:
        raise errors.InvalidArgumentError(
            None,
            None,
            "The first dimension of paddings must be the rank of inputs"
            f"{format_shape(paddings.shape)} [{rank}]",
        )
    for before, after in paddings.tolist():
        if before < 0 or after < 0:
            raise errors.InvalidArgumentError(
                None, None, f"Paddings must be non-negative: {before} {after}"
            )


class Pad(Op):
    """A tensor with zeros around it: `paddings[i]` says how many before and after along axis i."""

    inputs, outputs = ("input: T", "paddings: Tpaddings"), ("output: T",)
    T: DType
    Tpaddings: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"paddings": "value"}
    value_shapes = {"paddings": (None, 2)}

    def infer(self, input: Shape, paddings: Any) -> Shape:
        return _padded_shape(input, paddings)

    def forward(self, np: Any, input: Any, paddings: Any) -> Any:
        blank = b"" if input.dtype == object else np.zeros((), input.dtype)
        return _padded(np, input, paddings, blank)

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [_without_padding(op, doutput), None]


class PadV2(Op):
    """A tensor with the scalar `constant_values` around it."""

    inputs = ("input: T", "paddings: Tpaddings", "constant_values: T")
    outputs = ("output: T",)
    T: DType
    Tpaddings: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"paddings": "value"}
    value_shapes = {"paddings": (None, 2)}

    def infer(self, input: Shape, paddings: Any, constant_values: Shape) -> Shape:
        return _padded_shape(input, paddings)

    def forward(self, np: Any, input: Any, paddings: Any, constant_values: Any) -> Any:
        if constant_values.ndim:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"constant_values must be a scalar. Found: {format_shape(constant_values.shape)}",
            )
        return _padded(np, input, paddings, constant_values)

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [_without_padding(op, doutput), None, None]


def _padded(np: Any, input: Any, paddings: Any, value: Any) -> Any:
    _check_paddings(input.ndim, paddings)
    before = paddings[:, 0].tolist()
    shape = [size + sum(pair) for size, pair in zip(input.shape, paddings.tolist(), strict=True)]
    output = np.full(shape, value, input.dtype)
    parts = zip(before, input.shape, strict=True)
    output[tuple([np.s_[start : start + size] for start, size in parts])] = input
    return output


def _without_padding(op: Any, doutput: Tensor) -> Tensor:
    input, paddings = op.inputs[:2]
    before = slice(paddings, [0, 0], stack([rank_tensor(input), 1]))
    begin = raw.Reshape(before, [-1])
    return slice(doutput, begin, shape_tensor(input))


class MirrorPad(Op):
    """A tensor with its own elements around it, mirrored at each end.

    REFLECT leaves out the element at the end, SYMMETRIC repeats it.
    """

    inputs, outputs = ("input: T", "paddings: Tpaddings"), ("output: T",)
    T: DType
    Tpaddings: DType = attr(INT32, INT64, default=INT32)
    mode: str = attr("REFLECT", "SYMMETRIC")
    infer_from = {"paddings": "value"}
    value_shapes = {"paddings": (None, 2)}

    def infer(self, input: Shape, paddings: Any) -> Shape:
        return _padded_shape(input, paddings)

    def forward(self, np: Any, input: Any, paddings: Any) -> Any:
        _check_paddings(input.ndim, paddings)
        _check_mirror(self.mode, input.shape, paddings)
        return np.pad(input, paddings.tolist(), self.mode.lower()) if input.ndim else input.copy()

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [raw.MirrorPadGrad(doutput, op.inputs[1], mode=self.mode), None]


def _check_mirror(mode: str, shape: tuple[int, ...], paddings: Any) -> None:
    for size, (before, after) in zip(shape, paddings.tolist(), strict=True):
        if mode == "SYMMETRIC" and max(before, after) > size:
            raise errors.InvalidArgumentError(
                None,
                None,
                "paddings must be no greater than the dimension size: "
                f"{before}, {after} greater than {size}",
            )
        if mode == "REFLECT" and max(before, after) >= size:
            raise errors.InvalidArgumentError(
                None,
                None,
                "paddings must be less than the dimension size: "
                f"{before}, {after} not less than {size}",
            )


class MirrorPadGrad(Op):
    """The inner part of a tensor, with what a `MirrorPad` mirrored out of it added back."""

    inputs, outputs = ("input: T", "paddings: Tpaddings"), ("output: T",)
    T: DType
    Tpaddings: DType = attr(INT32, INT64, default=INT32)
    mode: str = attr("REFLECT", "SYMMETRIC")
    infer_from = {"paddings": "value"}
    value_shapes = {"paddings": (None, 2)}

    def infer(self, input: Shape, paddings: Any) -> Shape:
        return _padded_shape(input, paddings, subtract_dims)

    def forward(self, np: Any, input: Any, paddings: Any) -> Any:
        _check_paddings(input.ndim, paddings)
        offset = 1 if self.mode == "REFLECT" else 0
        output = input.copy()
        for axis, (before, after) in enumerate(paddings.tolist()):
            along = np.moveaxis(output, axis, 0)
            end = len(along) - after
            inner = along[before:end].copy()
            inner[offset : offset + before] += along[:before][::-1]
            last = len(inner) - offset
            inner[last - after : last] += along[end:][::-1]
            output = np.moveaxis(inner, 0, axis)
        return output.copy()

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [raw.MirrorPad(doutput, op.inputs[1], mode=self.mode), None]


@export("pad")
def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: Any = 0,
) -> Tensor:
    """`tensor` with elements around it: `paddings[i]`, [rank, 2], before and after along axis i.

    `mode` is "CONSTANT" (`constant_values`, a scalar), "REFLECT" or "SYMMETRIC" (mirrored, without
    or with the element at the end). Raises ValueError on another mode, negative paddings or ones
    that do not fit the rank.
    """
    mode = mode.upper()
    if mode == "CONSTANT":
        if not isinstance(constant_values, Tensor) and constant_values == 0:
            result = raw.Pad(tensor, paddings, name=name)
        else:
            result = raw.PadV2(tensor, paddings, constant_values, name=name)
    elif mode in ("REFLECT", "SYMMETRIC"):
        result = raw.MirrorPad(tensor, paddings, mode=mode, name=name)
    else:
        raise ValueError(f"Unknown padding mode: {mode}")
    rows = result.op.inputs[1]._shape
    if result._shape is None and rows is not None and rows[0] is not None:
        result.set_shape((None,) * rows[0])
    known = constant_value(result.op.inputs[1], partial=True)
    shape = result.op.inputs[0]._shape
    if shape is not None and known is not None and not is_fully_defined(result._shape):
        sizes: list[int | None] = []
        for pair, size in zip(known, shape, strict=False):
            if pair is None or size is None or any(amount is None for amount in pair):
                sizes.append(None)
            else:
                sizes.append(size + int(sum(pair)))
        result.set_shape(sizes)
    return result
