"""The floating-point numbers beside a number."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import DOUBLE, FLOAT, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import broadcast_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.broadcasting import BroadcastNodes
from tflite_edu.ops.constants import ones, zeros


class NextAfter(Op):
    """The number after each of x1 in the direction of x2."""

    inputs, outputs = ("x1: T", "x2: T"), ("output: T",)
    T: DType = attr(DOUBLE, FLOAT, default=FLOAT)

    def infer(self, x1: Shape, x2: Shape) -> Shape:
        return broadcast_shape(x1, x2)

    def forward(self, np: Any, x1: Any, x2: Any) -> Any:
        return np.nextafter(x1, x2)

    def backward(self, op: Any, doutput: Tensor) -> list[Tensor]:
        nodes = BroadcastNodes(*op.inputs)
        with control_dependencies([doutput]):
            along = ones(nodes.shapes[0], dtype=doutput.dtype)
            across = zeros(nodes.shapes[1], dtype=doutput.dtype)
            return [nodes.x(along * doutput), nodes.y(across * doutput)]


@export("math.nextafter")
def nextafter(x1: Any, x2: Any, name: str | None = None) -> Tensor:
    """The number after each element of `x1` in the direction of `x2`; they broadcast.

    Its derivative is 1 with respect to `x1` and 0 to `x2`.
    """
    return raw.NextAfter(x1, x2, name=name)
