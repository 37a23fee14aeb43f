"""Random draws whose distribution is an input: categories, gamma and Poisson numbers."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    BFLOAT16,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, concatenate
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops import sampling
from tflite_edu.ops.constants import zeros_like
from tflite_edu.ops.random_ops import (
    Random,
    checked_dimensions,
    requested_shape,
    seed_attributes,
)
from tflite_edu.ops.shape_checks import scalar_size

LOGIT_TYPES = (
    *(FLOAT, DOUBLE, INT32, UINT8, INT16, INT8, INT64, BFLOAT16, UINT16, HALF, UINT32, UINT64),
)
_RATE_TYPES = (HALF, FLOAT, DOUBLE, INT32, INT64)

_SMALLEST = {HALF: 2.0**-14, FLOAT: 2.0**-126, DOUBLE: 2.0**-1022}
"""The smallest normal number of each type, under which no gamma number may fall."""


def categories_shape(logits: Shape, num_samples: Any) -> Shape:
    """[batch, num_samples] for logits [batch, classes]; `num_samples` is its value or None."""
    batch, _ = with_rank(logits, 2)
    return batch, scalar_size(num_samples, 1)


def check_categories(np: Any, logits: Any, num_samples: Any) -> None:
    """Raises InvalidArgumentError on logits or a number of samples that allow no draw."""
    complaint = None
    if np.ndim(logits) != 2:
        complaint = f"logits should be a matrix, got shape {format_shape(logits.shape)}"
    elif np.ndim(num_samples) != 0:
        complaint = f"num_samples should be a scalar, got shape {format_shape(num_samples.shape)}"
    elif num_samples < 0:
        complaint = f"num_samples should be nonnegative, got {num_samples}"
    elif not logits.shape[1]:
        complaint = "num_classes should be positive, got 0"
    if complaint is not None:
        raise errors.InvalidArgumentError(None, None, complaint)


class Multinomial(Random):
    """Classes drawn with the probabilities softmax(logits), for each row of logits."""

    inputs, outputs = ("logits: T", "num_samples: int32"), ("output: output_dtype",)
    infer_from = {"num_samples": "value"}
    value_shapes = {"num_samples": ()}
    T: DType = attr(*LOGIT_TYPES)
    output_dtype: DType = attr(INT32, INT64, default=INT64)

    backward = None

    def infer(self, logits: Shape, num_samples: Any) -> Shape:
        return categories_shape(logits, num_samples)

    def forward(self, host: Any, logits: Any, num_samples: Any) -> Any:
        np = host.np
        check_categories(np, logits, num_samples)
        if not num_samples or not len(logits):
            return np.empty((len(logits), int(num_samples)), self.output_dtype.as_numpy_dtype)
        classes = sampling.multinomial(np, self.generator(host), logits, int(num_samples))
        return classes.astype(self.output_dtype.as_numpy_dtype, copy=False)


@export("random.multinomial", "multinomial")
def multinomial(
    logits: Any,
    num_samples: Any,
    seed: int | None = None,
    name: str | None = None,
    output_dtype: Any = None,
) -> Tensor:
    """Classes drawn with the probabilities `softmax(logits)`: [batch, num_samples].

    Args:
      logits: [batch, classes], unnormalised logarithms of the probabilities.
      num_samples: 0-D, how many independent draws each row gives.
      seed: see `tf.set_random_seed`.
      output_dtype: int32 or int64 (the default).
    """
    with name_scope(name, "multinomial", [logits]):
        return _categories(logits, num_samples, output_dtype, seed)


@export("random.categorical")
def categorical(
    logits: Any,
    num_samples: Any,
    dtype: Any = None,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Classes drawn with the probabilities `softmax(logits)`: [batch, num_samples].

    Args:
      logits: [batch, classes], unnormalised logarithms of the probabilities.
      num_samples: 0-D, how many independent draws each row gives.
      dtype: int32 or int64 (the default).
      seed: see `tf.set_random_seed`.
    """
    with name_scope(name, "categorical", [logits]):
        return _categories(logits, num_samples, dtype, seed)


def _categories(logits: Any, num_samples: Any, dtype: Any, seed: Any) -> Tensor:
    logits = convert_to_tensor(logits, name="logits")
    return raw.Multinomial(logits, num_samples, output_dtype=dtype, **seed_attributes(seed))


class RandomGamma(Random):
    """Gamma numbers of each shape parameter `alpha` and rate 1: [*shape, *alpha.shape]."""

    inputs, outputs = ("shape: S", "alpha: T"), ("output: T",)
    infer_from = {"shape": "partial"}
    S: DType = attr(INT32, INT64)
    T: DType = attr(HALF, FLOAT, DOUBLE)

    def infer(self, shape: Shape, alpha: Shape) -> Shape:
        return concatenate(shape, alpha)

    def forward(self, host: Any, shape: Any, alpha: Any) -> Any:
        np = host.np
        if np.ndim(shape) != 1:
            raise errors.InvalidArgumentError(
                None,
                None,
                "shape must be a vector of {int32,int64}, got shape: Tensor<type: "
                f"{self.S.name} shape: {format_shape(shape.shape)} values: {_first_values(shape)}>",
            )
        wanted = checked_dimensions(shape)
        alpha = np.asarray(alpha)
        count = int(np.prod(wanted, dtype=np.int64))
        if not count * alpha.size:
            return np.empty((*wanted, *alpha.shape), alpha.dtype)
        drawn = sampling.random_gamma(np, self.generator(host), count, alpha)
        return drawn.reshape((*wanted, *alpha.shape))


def _first_values(array: Any) -> str:
    """The first three values of an array as TensorFlow's messages list them."""
    return _listed(array.tolist(), 3)[0] + ("..." if array.size > 3 else "")


def _listed(values: Any, left: int) -> tuple[str, int]:
    """The text of at most `left` values, and how many more may be listed after them."""
    if not isinstance(values, list):
        return str(values), left - 1
    if values and not isinstance(values[0], list):
        return " ".join(map(str, values[:left])) + "..." * (len(values) > left), left - len(values)
    text = ""
    for row in values:
        if left > 0:
            part, left = _listed(row, left)
            text += f"[{part}]"
    return text, left


@export("random.gamma", "random_gamma")
def random_gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Gamma numbers: [*shape, *broadcast of alpha and beta].

    Args:
      shape: 1-D, how many draws each pair of parameters gives.
      alpha, beta: shape parameter and rate (1 where left out); they broadcast.
      dtype: float16, float32 or float64.
      seed: see `tf.set_random_seed`.

    Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000).
    """
    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        shape = convert_to_tensor(shape, name="shape", dtype=INT32)
        alpha = convert_to_tensor(alpha, name="alpha", dtype=dtype)
        beta = convert_to_tensor(1 if beta is None else beta, name="beta", dtype=dtype)
        alpha = alpha + zeros_like(beta)
        if alpha.dtype not in _SMALLEST:
            raise ValueError(f"data type {alpha.dtype.as_numpy_dtype!r} not inexact")
        numbers = raw.RandomGamma(shape, alpha, **seed_attributes(seed))
        smallest = alpha.dtype.as_numpy_dtype(_SMALLEST[alpha.dtype])
        return raw.Maximum(smallest, numbers / beta)


class RandomPoissonV2(Random):
    """Poisson numbers of each mean `rate`: [*shape, *rate.shape]."""

    inputs, outputs = ("shape: S", "rate: R"), ("output: dtype",)
    infer_from = {"shape": "partial"}
    S: DType = attr(INT32, INT64)
    R: DType = attr(*_RATE_TYPES, default=DOUBLE)
    dtype: DType = attr(*_RATE_TYPES, default=INT64)

    def infer(self, shape: Shape, rate: Shape) -> Shape:
        return concatenate(shape, rate)

    def forward(self, host: Any, shape: Any, rate: Any) -> Any:
        np = host.np
        wanted = requested_shape(shape)
        rate = np.asarray(rate)
        dtype = self.dtype.as_numpy_dtype
        count = int(np.prod(wanted, dtype=np.int64))
        if not count * rate.size:
            return np.empty((*wanted, *rate.shape), dtype)
        drawn = sampling.random_poisson(np, self.generator(host), count, rate, dtype)
        return drawn.reshape((*wanted, *rate.shape))


@export("random.poisson", "random_poisson")
def random_poisson(
    lam: Any,
    shape: Any,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Poisson numbers: [*shape, *lam.shape].

    Args:
      lam: the means, of any shape and real dtype.
      shape: 1-D, how many draws each mean gives.
      dtype: of the result: float16, float32, float64, int32 or int64.
      seed: see `tf.set_random_seed`.
    """
    with name_scope(name, "random_poisson", [lam, shape]):
        shape = convert_to_tensor(shape, name="shape", dtype=INT32)
        return raw.RandomPoissonV2(shape, lam, dtype=dtype, **seed_attributes(seed))
