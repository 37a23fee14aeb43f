"""A piece of a tensor, cut out at a random place."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.checking import assert_that
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.quantifiers import reduce_all
from tflite_edu.ops.random_ops import random_uniform
from tflite_edu.ops.shapes_of_tensors import shape
from tflite_edu.ops.slicing import slice as slice_


@export("image.random_crop", "random_crop")
def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """A piece of `value` of shape `size`, each place equally likely.

    Args:
      value: a tensor of any rank and dtype.
      size: int32 [rank]; to keep all of an axis, give its whole length.
      seed: see `tf.set_random_seed`.

    Raises InvalidArgumentError in a run where `size` is larger than `value`.
    """
    with name_scope(name, "random_crop", [value, size]) as name:
        value = convert_to_tensor(value, name="value")
        size = convert_to_tensor(size, dtype=INT32, name="size")
        whole = shape(value)
        fits = assert_that(
            reduce_all(whole >= size),
            ["Need value.shape >= size, got ", whole, size],
            summarize=1000,
        )
        whole = with_dependencies([fits], whole)
        places = whole - size + 1
        drawn = random_uniform(shape(whole), dtype=size.dtype, maxval=size.dtype.max, seed=seed)
        return slice_(value, drawn % places, size, name=name)
