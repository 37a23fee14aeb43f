"""The squared length of a tensor as a loss, and vectors of length 1."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import maximum, multiply
from tflite_edu.ops.powers import rsqrt, square
from tflite_edu.ops.reductions import reduce_sum


class L2Loss(Op):
    """Half the sum of the squares of all elements."""

    inputs, outputs = ("t: T",), ("output: T",)
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def infer(self, t: Shape) -> Shape:
        return ()

    def forward(self, np: Any, t: Any) -> Any:
        return np.vdot(t, t) / 2

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return op.inputs[0] * gradient


@export("nn.l2_loss")
def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """`sum(t ** 2) / 2`, a scalar."""
    return raw.L2Loss(t, name=name)


@export("math.l2_normalize", "linalg.l2_normalize", "nn.l2_normalize")
def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Tensor:
    """`x / sqrt(max(sum(x ** 2), epsilon))`, the sum over `axis` (all axes where it is None).

    `dim` is the old name of `axis`; ValueError where both are given.
    """
    if dim is not None:
        if axis is not None:
            raise ValueError("Cannot specify both 'dim' and 'axis'")
        axis = dim
    with name_scope(name, "l2_normalize", [x]) as name:
        x = convert_to_tensor(x, name="x")
        total = reduce_sum(square(x), axis, keepdims=True)
        return multiply(x, rsqrt(maximum(total, epsilon)), name=name)
