"""`tf.layers.InputSpec`: what a layer asks of its inputs, and the check that they are it."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import nest
from tflite_edu.core.dtypes import as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor


@export("layers.InputSpec")
class InputSpec:
    """What a layer asks of one input: what is None is not asked for.

    Args:
      dtype: of the input.
      shape: sizes, None for those that may be any.
      ndim, max_ndim, min_ndim: the rank, or bounds of it.
      axes: {axis: size}, the sizes of some axes; -1 is the last.

    Raises TypeError on axes that are no ints, ValueError on one beyond the rank.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: dict[int, int | None] | None = None,
    ) -> None:
        self.dtype = None if dtype is None else as_dtype(dtype).name
        self.ndim = ndim if shape is None else len(shape)
        self.shape = shape
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        try:
            self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        except (TypeError, ValueError):
            raise TypeError("The keys in axes must be integers.") from None
        rank = self.ndim if self.ndim is not None else self.max_ndim
        if self.axes and rank is not None and max(self.axes) > rank - 1:
            raise ValueError(
                f"Axis {max(self.axes)} is greater than the maximum allowed value: {rank - 1}"
            )

    def __repr__(self) -> str:
        named = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        values = ((name, getattr(self, name)) for name in named)
        return f"InputSpec({', '.join(f'{name}={value}' for name, value in values if value)})"

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal one."""
        named = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        return {name: getattr(self, name) for name in named}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputSpec:
        """The one that `get_config` tells of."""
        return cls(**config)


def check_inputs(specs: Any, inputs: Any, layer: str) -> None:
    """Raises ValueError where inputs are not what a layer of that name asks for."""
    if not specs:
        return
    wanted = nest.flatten(specs)
    given = nest.flatten(inputs)
    if len(given) != len(wanted):
        raise ValueError(
            f"Layer {layer} expects {len(wanted)} inputs, but it received {len(given)} input "
            f"tensors. Inputs received: {given}"
        )
    for number, (one, spec) in enumerate(zip(given, wanted, strict=True)):
        if spec is not None:
            _check(one, spec, f"Input {number} of layer {layer} is incompatible with the layer: ")


def _check(given: Tensor, spec: InputSpec, wrong: str) -> None:
    shape = given.shape
    ranked = spec.ndim, spec.max_ndim, spec.min_ndim
    if shape.ndims is None:
        if any(rank is not None for rank in ranked):
            raise ValueError(
                f"{wrong}its rank is undefined, but the layer requires a defined rank."
            )
        return
    sizes, rank = shape.as_list(), shape.ndims
    if spec.ndim is not None and rank != spec.ndim:
        raise ValueError(
            f"{wrong}expected ndim={spec.ndim}, found ndim={rank}. Full shape received: {sizes}"
        )
    if spec.max_ndim is not None and rank > spec.max_ndim:
        raise ValueError(f"{wrong}expected max_ndim={spec.max_ndim}, found ndim={rank}")
    if spec.min_ndim is not None and rank < spec.min_ndim:
        raise ValueError(
            f"{wrong}: expected min_ndim={spec.min_ndim}, found ndim={rank}. Full shape received: "
            f"{sizes}"
        )
    if spec.dtype is not None and given.dtype != spec.dtype:
        raise ValueError(f"{wrong}expected dtype={spec.dtype}, found dtype={given.dtype}")
    for axis, size in spec.axes.items():
        if size is not None and sizes[axis] not in (size, None):
            raise ValueError(
                f"{wrong}expected axis {axis} of input shape to have value {size} but received "
                f"input with shape {sizes}"
            )
    if spec.shape is not None and not TensorShape(spec.shape).is_compatible_with(shape):
        number, layer = wrong.split(" ")[1], wrong.split(" ")[4]
        raise ValueError(
            f"Input {number} is incompatible with layer {layer}: expected shape={spec.shape}, "
            f"found shape={sizes}"
        )
