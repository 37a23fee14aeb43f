"""What counts as a tensor."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor


@export("is_tensor")
def is_tensor(x: Any) -> bool:
    """Whether `x` is of a graph: a Tensor, SparseTensor, IndexedSlices or Variable."""
    kinds = (Tensor, SparseTensor, IndexedSlices)
    return isinstance(x, kinds) or hasattr(type(x), "_as_graph_element")
