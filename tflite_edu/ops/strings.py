"""Operations on strings."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import inference, raw
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.tensor import Tensor


class StringJoin(Op):
    """Strings of several tensors joined element by element, scalars repeated."""

    inputs, outputs = ("inputs: N*string",), ("output: string",)
    N: int = attr(minimum=1)
    separator: str = ""

    def infer(self, inputs):
        shape = ()
        for one in inputs:
            if one is None:
                return None
            if one:
                shape = inference.merge(shape, one) if shape else one
        return shape

    def forward(self, np, inputs):
        arrays = np.broadcast_arrays(*[np.asarray(a, object) for a in inputs])
        joined = np.empty(arrays[0].shape, object)
        separator = self.separator.encode()
        joined.reshape(-1)[:] = [separator.join(p) for p in zip(*[a.ravel() for a in arrays])]
        return joined


@export("string_join", "strings.join")
def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Tensor:
    """Strings of several tensors of one shape (or scalars), joined with `separator` between."""
    return raw.StringJoin(inputs, separator=separator, name=name)
