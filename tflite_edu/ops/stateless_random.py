"""Random numbers that are functions of a seed given as a tensor: the same seed, the same numbers.

The bits are Philox's (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011), started
from the two numbers of the seed as TensorFlow starts it.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, with_rank, with_value
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops import box_muller, sampling
from tflite_edu.ops.philox import Philox, uniform, uniform_int
from tflite_edu.ops.random_distributions import LOGIT_TYPES, categories_shape, check_categories
from tflite_edu.ops.random_ops import requested_shape, shape_argument


def _generator(np: Any, seed: Any) -> Philox:
    if np.shape(seed) != (2,):
        raise errors.InvalidArgumentError(
            None, None, f"seed must have shape [2], not {format_shape(np.shape(seed))}"
        )
    return Philox.stateless(*seed.tolist())


def _check_seed(seed: Shape) -> None:
    (count,) = with_rank(seed, 1)
    with_value(count, 2)


class _OfShape(Op, abstract=True):
    """Numbers of one distribution in a tensor of the shape asked for."""

    inputs, outputs = ("shape: T", "seed: Tseed"), ("output: dtype",)
    infer_from = {"shape": "partial"}
    dtype: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE, default=FLOAT)
    T: DType = attr(INT32, INT64, default=INT32)
    Tseed: DType = attr(INT32, INT64, default=INT64)

    backward = None

    def infer(self, shape: Shape, seed: Shape) -> Shape:
        _check_seed(seed)
        return shape


class StatelessRandomUniform(_OfShape):
    """Numbers of [0, 1), all equally likely."""

    def forward(self, np: Any, shape: Any, seed: Any) -> Any:
        wanted = requested_shape(shape)
        return uniform(np, _generator(np, seed), wanted, self.dtype.as_numpy_dtype)


class StatelessRandomNormal(_OfShape):
    """Normal numbers of mean 0 and deviation 1."""

    def forward(self, np: Any, shape: Any, seed: Any) -> Any:
        wanted, kind = requested_shape(shape), self.dtype.as_numpy_dtype
        return box_muller.standard_normal(np, _generator(np, seed), wanted, kind)


class StatelessTruncatedNormal(_OfShape):
    """Normal numbers of mean 0 and deviation 1; those beyond 2 are drawn again."""

    def forward(self, np: Any, shape: Any, seed: Any) -> Any:
        wanted, kind = requested_shape(shape), self.dtype.as_numpy_dtype
        return box_muller.truncated_normal(np, _generator(np, seed), wanted, kind)


class StatelessRandomUniformInt(Op):
    """Integers from `minval` up to but not including `maxval`."""

    inputs = ("shape: T", "seed: Tseed", "minval: dtype", "maxval: dtype")
    outputs = ("output: dtype",)
    infer_from = {"shape": "partial"}
    dtype: DType = attr(INT32, INT64)
    T: DType = attr(INT32, INT64)
    Tseed: DType = attr(INT32, INT64, default=INT64)

    backward = None

    def infer(self, shape: Shape, seed: Shape, minval: Shape, maxval: Shape) -> Shape:
        with_rank(minval, 0)
        with_rank(maxval, 0)
        _check_seed(seed)
        return shape

    def forward(self, np: Any, shape: Any, seed: Any, minval: Any, maxval: Any) -> Any:
        wanted, generator = requested_shape(shape), _generator(np, seed)
        if 0 in wanted:
            return np.empty(wanted, self.dtype.as_numpy_dtype)
        if minval >= maxval:
            raise errors.InvalidArgumentError(
                None, None, f"Need minval < maxval, got {minval} >= {maxval}"
            )
        kind = self.dtype.as_numpy_dtype
        return uniform_int(np, generator, wanted, int(minval), int(maxval), kind)


@export("random.stateless_uniform")
def stateless_random_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Numbers of [minval, maxval), all equally likely, the same for the same seed.

    Args:
      shape: of the result, 1-D: integers or a tensor.
      seed: two integers, [2]: a list, array or tensor.
      minval, maxval: the bounds; scalars for integers, else whatever broadcasts with `shape`.
        `maxval` is 1 where it is left out, which integers must not.
      dtype: float16, bfloat16, float32, float64, int32 or int64.

    Raises ValueError on another dtype, InvalidArgumentError in a run where `minval >= maxval` of
    integers.
    """
    dtype = dtypes.as_dtype(dtype)
    if dtype not in (HALF, BFLOAT16, FLOAT, DOUBLE, INT32, INT64):
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    with name_scope(name, "stateless_random_uniform", [shape, seed, minval, maxval]) as name:
        shape = shape_argument(shape)
        minval = convert_to_tensor(minval, dtype=dtype, name="min")
        maxval = convert_to_tensor(maxval, dtype=dtype, name="max")
        if dtype.is_integer:
            return raw.StatelessRandomUniformInt(shape, seed, minval, maxval, name=name)
        unit = raw.StatelessRandomUniform(shape, seed, dtype=dtype)
        return raw.Add(unit * (maxval - minval), minval, name=name)


@export("random.stateless_normal")
def stateless_random_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Normal numbers, the same for the same seed.

    Args:
      shape: of the numbers drawn, 1-D: integers or a tensor.
      seed: two integers, [2]: a list, array or tensor.
      mean, stddev: broadcast with `shape`.
      dtype: a floating dtype.
    """
    with name_scope(name, "stateless_random_normal", [shape, seed, mean, stddev]) as name:
        return _scaled(raw.StatelessRandomNormal, shape, seed, mean, stddev, dtype, name)


@export("random.stateless_truncated_normal")
def stateless_truncated_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Normal numbers within two deviations of the mean, the same for the same seed.

    Args:
      shape: of the numbers drawn, 1-D: integers or a tensor.
      seed: two integers, [2]: a list, array or tensor.
      mean, stddev: of the normal numbers before any is refused; broadcast with `shape`.
      dtype: a floating dtype.
    """
    with name_scope(name, "stateless_truncated_normal", [shape, seed, mean, stddev]) as name:
        return _scaled(raw.StatelessTruncatedNormal, shape, seed, mean, stddev, dtype, name)


def _scaled(
    draw: Any, shape: Any, seed: Any, mean: Any, stddev: Any, dtype: Any, name: str
) -> Tensor:
    shape = shape_argument(shape)
    mean = convert_to_tensor(mean, dtype=dtype, name="mean")
    stddev = convert_to_tensor(stddev, dtype=dtype, name="stddev")
    return raw.Add(draw(shape, seed, dtype=dtype) * stddev, mean, name=name)


class StatelessMultinomial(Op):
    """Classes drawn with the probabilities softmax(logits), for each row of logits."""

    inputs = ("logits: T", "num_samples: int32", "seed: Tseed")
    outputs = ("output: output_dtype",)
    infer_from = {"num_samples": "value"}
    value_shapes = {"num_samples": ()}
    T: DType = attr(*LOGIT_TYPES)
    Tseed: DType = attr(INT32, INT64, default=INT64)
    output_dtype: DType = attr(INT32, INT64, default=INT64)

    backward = None

    def infer(self, logits: Shape, num_samples: Any, seed: Shape) -> Shape:
        _check_seed(seed)
        return categories_shape(logits, num_samples)

    def forward(self, np: Any, logits: Any, num_samples: Any, seed: Any) -> Any:
        check_categories(np, logits, num_samples)
        generator, kind = _generator(np, seed), self.output_dtype.as_numpy_dtype
        if not num_samples or not len(logits):
            return np.empty((len(logits), int(num_samples)), kind)
        classes = sampling.multinomial(np, generator, logits, int(num_samples))
        return classes.astype(kind, copy=False)


@export("random.stateless_multinomial")
def stateless_multinomial(
    logits: Any,
    num_samples: Any,
    seed: Any,
    output_dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """Classes drawn with the probabilities `softmax(logits)`: [batch, num_samples].

    The same seed gives the same draws.

    Args:
      logits: [batch, classes], unnormalised logarithms of the probabilities.
      num_samples: 0-D, how many independent draws each row gives.
      seed: two integers, [2]: a list, array or tensor.
      output_dtype: int32 or int64.
    """
    with name_scope(name, "stateless_multinomial", [logits, seed]):
        return _categories(logits, num_samples, seed, output_dtype)


@export("random.stateless_categorical")
def stateless_categorical(
    logits: Any,
    num_samples: Any,
    seed: Any,
    dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """`tf.random.stateless_multinomial` by its newer name: [batch, num_samples].

    Args:
      logits: [batch, classes], unnormalised logarithms of the probabilities.
      num_samples: 0-D, how many independent draws each row gives.
      seed: two integers, [2]: a list, array or tensor.
      dtype: int32 or int64.
    """
    with name_scope(name, "stateless_categorical", [logits, seed]):
        return _categories(logits, num_samples, seed, dtype)


def _categories(logits: Any, num_samples: Any, seed: Any, dtype: Any) -> Tensor:
    logits = convert_to_tensor(logits, name="logits")
    return raw.StatelessMultinomial(logits, num_samples, seed, output_dtype=dtype)
