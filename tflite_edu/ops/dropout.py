"""Dropout: elements set to 0 at random while training."""

from __future__ import annotations

import numbers
from typing import Any

from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.random_ops import random_uniform
from tflite_edu.ops.shapes_of_tensors import shape


@export("nn.dropout")
def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """`x` with each element set to 0 with probability `rate`, the others times `1 / (1 - rate)`.

    Args:
      x: of a floating dtype, any shape.
      keep_prob: `1 - rate`; one of the two is given. A number, or a scalar tensor of x's dtype.
      noise_shape: of the choices, 1-D, broadcast to that of `x`: [batch, 1, 1, channels] keeps or
        drops whole channels. None stands for the size that `x` has.
      seed: see `tf.set_random_seed`.
      rate: in [0, 1). At 0, `x` itself is returned.

    Srivastava and others, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
    (2014). Raises ValueError on a dtype that does not float and on a number out of range.
    """
    if keep_prob is not None:
        try:
            dropped = 1.0 - keep_prob
        except TypeError:
            raise ValueError(
                f"keep_prob must be a floating point number or Tensor (got {keep_prob!r})"
            ) from None
        if rate is not None:
            raise ValueError("Cannot specify both 'keep_prob' and 'rate'")
        rate = dropped
    if rate is None:
        raise ValueError("You must provide a rate to dropout.")
    with name_scope(name, "dropout", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_floating:
            raise ValueError(
                "x has to be a floating point tensor since it's going to be scaled. Got a "
                f"{x.dtype} tensor instead."
            )
        if isinstance(rate, numbers.Real):
            number = float(rate)
            if not 0 <= number < 1:
                raise ValueError(
                    f"rate must be a scalar tensor or a float in the range [0, 1), got {number:g}"
                )
            if number == 0:
                return x
        rate = convert_to_tensor(rate, dtype=x.dtype, name="rate")
        rate.shape.assert_has_rank(0)
        if constant_value(rate) == 0:
            return x
        noise = random_uniform(_noise_shape(x, noise_shape), seed=seed, dtype=x.dtype)
        scale = 1 / (1 - rate)
        kept = noise >= rate
        result = x * scale * cast(kept, x.dtype)
        result.set_shape(x.shape)
        return result


def _noise_shape(x: Tensor, noise_shape: Any) -> Any:
    if noise_shape is None:
        return shape(x)
    try:
        wanted = TensorShape(noise_shape)
    except (TypeError, ValueError):
        return noise_shape
    if x.shape.dims is None or wanted.dims is None or len(x.shape.dims) != len(wanted.dims):
        return noise_shape
    sizes = zip(wanted.as_list(), x.shape.as_list(), strict=True)
    return TensorShape([own if size is None else size for size, own in sizes])
