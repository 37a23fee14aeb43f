"""The cross product of vectors in three dimensions."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import REAL_NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import merge, with_rank_at_least, with_value
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class Cross(Op):
    """The cross products of the vectors along the last axis of two tensors of one shape."""

    inputs, outputs = ("a: T", "b: T"), ("product: T",)
    T: DType = attr(*REAL_NUMERIC)

    def infer(self, a: Shape, b: Shape) -> Shape:
        a = with_rank_at_least(a, 1)
        b = with_rank_at_least(b, 1)
        if a is not None:
            with_value(a[-1], 3)
        return merge(a, b)

    def forward(self, np: Any, a: Any, b: Any) -> Any:
        if a.shape != b.shape:
            raise errors.InvalidArgumentError(
                None,
                None,
                "Both inputs must be of same shape: "
                f"[{','.join(map(str, a.shape))}] vs. [{','.join(map(str, b.shape))}]",
            )
        return np.cross(a, b)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        a, b = op.inputs
        return raw.Cross(b, gradient), raw.Cross(gradient, a)


@export("linalg.cross", "cross")
def cross(a: Any, b: Any, name: str | None = None) -> Tensor:
    """The cross products of the vectors along the last axis, which has 3 elements.

    `a` and `b` are real and of one shape and dtype. Raises ValueError where they are not.
    """
    return raw.Cross(a, b, name=name)
