"""Pixels of another type: integers of a type's range, floating-point numbers of [0, 1]."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import multiply
from tflite_edu.ops.casting import cast, saturate_cast
from tflite_edu.ops.division import floor_div
from tflite_edu.ops.identity import identity


@export("image.convert_image_dtype")
def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Tensor:
    """The image with pixels of another type, scaled to its range.

    Args:
      image: of any shape; integers of 0 to their type's largest, or floating-point of [0, 1).
      dtype: an integer or floating-point type.
      saturate: whether values beyond the new type's range are cut off instead of wrapped.
    """
    image = convert_to_tensor(image, name="image")
    dtype = dtypes.as_dtype(dtype)
    own = image.dtype
    if dtype == own:
        return identity(image, name=name)
    change = saturate_cast if saturate else cast
    with name_scope(name, "convert_image", [image]) as scope:
        if own.is_integer and dtype.is_integer:
            if own.max > dtype.max:
                # One step of the old type is more than one of the new: divided before the cast.
                scaled = floor_div(image, (own.max + 1) // (dtype.max + 1), name="div")
                return change(scaled, dtype, name=scope)
            widened = change(image, dtype)
            return multiply(widened, (dtype.max + 1) // (own.max + 1), name=scope)
        if own.is_floating and dtype.is_floating:
            return cast(image, dtype, name=scope)
        if own.is_integer:
            return multiply(cast(image, dtype), 1.0 / own.max, name=scope)
        # Half a step more than the largest, so that 1 becomes the largest and steps are even.
        scaled = raw.Mul(image, convert_to_tensor(dtype.max + 0.5, own, name="Mul/y"), name="Mul")
        return change(scaled, dtype, name=scope)
