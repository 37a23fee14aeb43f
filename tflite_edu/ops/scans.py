"""Running sums and products along an axis."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class _Scan(Op, abstract=True):
    """Each element combined with all before it along an axis.

    `exclusive` leaves the element itself out, `reverse` runs from the end.
    """

    inputs, outputs = ("x: T", "axis: Tidx"), ("out: T",)
    exclusive: bool = False
    reverse: bool = False
    T: DType = attr(*NUMERIC)
    Tidx: DType = attr(INT32, INT64, default=INT32)

    def infer(self, x: Shape, axis: Shape) -> Shape:
        return x

    def run(self, np: Any, x: Any, axis: Any, combine: Any, neutral: int) -> Any:
        """The scan of `x` with the ufunc `combine`, whose neutral element is given."""
        rank = np.ndim(x)
        if not -rank <= axis < rank:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got {axis}",
            )
        x = np.moveaxis(x, int(axis), 0)
        if self.reverse:
            x = x[::-1]
        if self.exclusive:
            out = np.full_like(x, neutral)
            if len(x) > 1:
                combine.accumulate(x[:-1], 0, x.dtype, out[1:])
        else:
            out = combine.accumulate(x, 0, x.dtype)
        if self.reverse:
            out = out[::-1]
        return np.ascontiguousarray(np.moveaxis(out, 0, int(axis)))


class Cumsum(_Scan):
    """Running sums along an axis."""

    def forward(self, np: Any, x: Any, axis: Any) -> Any:
        return self.run(np, x, axis, np.add, 0)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        axis = op.inputs[1]
        return (
            cumsum(gradient, axis, exclusive=self.exclusive, reverse=not self.reverse),
            None,
        )


@export("math.cumsum", "cumsum")
def cumsum(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """Running sums along an axis, in the shape and dtype of `x`.

    `exclusive` leaves each element itself out (the first sum is 0), `reverse` starts at the end.
    """
    with name_scope(name, "Cumsum", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return raw.Cumsum(x, axis, exclusive=exclusive, reverse=reverse, name=name)


class Cumprod(_Scan):
    """Running products along an axis."""

    def forward(self, np: Any, x: Any, axis: Any) -> Any:
        return self.run(np, x, axis, np.multiply, 1)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, axis = op.inputs
        product = cumprod(x, axis, exclusive=self.exclusive, reverse=self.reverse)
        total = cumsum(product * gradient, axis, exclusive=self.exclusive, reverse=not self.reverse)
        return total / x, None


@export("math.cumprod", "cumprod")
def cumprod(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """Running products along an axis, in the shape and dtype of `x`.

    `exclusive` leaves each element itself out (the first product is 1), `reverse` starts at the
    end. As in TensorFlow the gradient divides by `x`, so it is NaN where an element is 0.
    """
    with name_scope(name, "Cumprod", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return raw.Cumprod(x, axis, exclusive=exclusive, reverse=reverse, name=name)
