"""How much of a tensor is zero."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.control_flow import Branch
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
        nonzero = _nonzero(value, total <= INT32.max)
        with name_scope("counts_to_fraction"):
            zero = total - nonzero
            fraction = cast(zero, FLOAT) / cast(total, FLOAT)
        return identity(fraction, "fraction")


def _nonzero(value: Tensor, is_small: Tensor) -> Tensor:
    """How many elements are not 0, counted in 32 bits where that is enough: int64."""
    graph = get_default_graph()
    with name_scope("cond"):
        otherwise, if_small = raw.Switch(is_small, is_small)
        if_small = raw.Identity(if_small, name="switch_t")
        otherwise = raw.Identity(otherwise, name="switch_f")
        predicate = raw.Identity(is_small, name="pred_id")
        small = Branch(graph, if_small, predicate)
        in_32_bits = cast(_count(value, INT32, small), INT64)
        small.enter(in_32_bits.op)
        in_64_bits = _count(value, INT64, Branch(graph, otherwise, predicate))
        merged: Tensor = raw.Merge([in_64_bits, in_32_bits])[0]
        return merged


def _count(value: Tensor, dtype: DType, branch: Branch) -> Tensor:
    made = get_default_graph()._last_id
    with name_scope("count_nonzero"):
        zero = zeros([], dtype=value.dtype)
        branch.enter_since(made)
        different = raw.NotEqual(value, zero)
        branch.enter_since(made)
        total = reduce_sum(cast(different, dtype), name="nonzero_count")
        branch.enter_since(made)
        return total
