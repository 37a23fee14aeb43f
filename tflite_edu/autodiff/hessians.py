"""`tf.hessians`: matrices of second derivatives."""

from __future__ import annotations

from typing import Any

from tflite_edu.autodiff.gradients import gradients
from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor


@export("hessians")
def hessians(
    ys: Any,
    xs: Any,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
) -> list[Tensor]:
    """For each x, the second derivatives of the sum of all y: shape `[*x.shape, *x.shape]`.

    The row of each element of x is made by nodes of its own (TensorFlow makes a loop), so the
    shapes of xs must be known: ValueError where one is not, or where no y depends on an x. `name`
    is not used, as in TensorFlow.
    """
    del name
    tensors = list(xs) if isinstance(xs, (list, tuple)) else [xs]
    firsts = gradients(
        ys,
        tensors,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
    )
    return [_hessian(first, x) for first, x in zip(firsts, tensors, strict=True)]


def _hessian(first: Any, x: Any) -> Tensor:
    first = _some(first, "Tried to convert 'tensor' to a tensor and failed. Error: ")
    dims = x.shape.as_list() if x.shape.ndims is not None else [None]
    if None in dims:
        raise ValueError(f"hessians needs the static shape of {x}, which is {x.shape}")
    flat = raw.Reshape(first, [-1])
    rows = []
    for i in range(x.shape.num_elements()):
        (row,) = gradients(flat[i], x)
        rows.append(_some(row))
    matrix: Tensor = raw.Reshape(raw.Pack(rows) if rows else flat, [*dims, *dims])
    return matrix


def _some(gradient: Any, context: str = "") -> Tensor:
    if gradient is None:
        raise ValueError(f"{context}None values not supported.")
    return convert_to_tensor(gradient)
