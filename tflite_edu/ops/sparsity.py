"""How much of a tensor is zero."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.identity import identity
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.shapes_of_tensors import size


@export("math.zero_fraction", "nn.zero_fraction")
def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """The part of the elements of `value` that are 0, in [0, 1]; not a number if there are none.

    `value` is numeric, of any shape; the result is a float32 scalar. A common measure of how many
    units `relu` has switched off.
    """
    with name_scope(name, "zero_fraction", [value]):
        value = convert_to_tensor(value, name="value")
        total = size(value, out_type=INT64)
        nonzero = cond(
            total <= INT32.max,
            true_fn=lambda: cast(_count(value, INT32), INT64),
            false_fn=lambda: _count(value, INT64),
        )
        with name_scope("counts_to_fraction"):
            zero = total - nonzero
            fraction = cast(zero, FLOAT) / cast(total, FLOAT)
        return identity(fraction, "fraction")


def _count(value: Tensor, dtype: DType) -> Tensor:
    """How many elements are not 0."""
    with name_scope("count_nonzero"):
        zero = zeros([], dtype=value.dtype)
        return reduce_sum(cast(raw.NotEqual(value, zero), dtype), name="nonzero_count")
