"""Random numbers in TensorFlow's streams: uniform and normal, and the shuffle of rows.

An op that draws has two seeds, from which it starts its own stream in each session; a run takes a
piece of the stream that depends on nothing but the sizes asked for. See `philox`.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dimension import Dimension
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.seeds import get_seed
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops import box_muller
from tflite_edu.ops.philox import Philox, shuffle_permutation, uniform, uniform_int

DRAWN_TYPES = (HALF, BFLOAT16, FLOAT, DOUBLE)
_UNIFORM_TYPES = (HALF, BFLOAT16, FLOAT, DOUBLE, INT32, INT64)


class Random(Op, abstract=True):
    """An op that draws from a stream of its own, which starts anew in each session."""

    effect = "random"
    stateful = True
    seed: int = 0
    seed2: int = 0

    def generator(self, host: Any) -> Philox:
        """Where the node's stream stands in this session."""
        made: Philox = host.keep(lambda: Philox.from_seeds(self.seed, self.seed2))
        return made


class RandomOfShape(Random, abstract=True):
    """Numbers of one distribution in a tensor of the shape asked for."""

    inputs, outputs = ("shape: T",), ("output: dtype",)
    infer_from = {"shape": "partial"}
    dtype: DType = attr(*DRAWN_TYPES)
    T: DType = attr(INT32, INT64)

    backward = None

    def infer(self, shape: Shape) -> Shape:
        return shape


def requested_shape(shape: Any) -> tuple[int, ...]:
    """The dimensions in a shape's value; raises InvalidArgumentError where it is none."""
    if shape.ndim != 1:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"shape must be a vector of {{int32,int64}}, got shape {format_shape(shape.shape)}",
        )
    return checked_dimensions(shape)


def checked_dimensions(shape: Any) -> tuple[int, ...]:
    """The dimensions in a vector; raises InvalidArgumentError on a negative one."""
    dimensions: tuple[int, ...] = tuple(shape.tolist())
    for size in dimensions:
        if size < 0:
            raise errors.InvalidArgumentError(None, None, f"Dimension {size} must be >= 0")
    return dimensions


def shape_argument(shape: Any) -> Tensor:
    """The tensor of a wrapper's `shape`: a tensor, or numbers, dimensions and tensors in a list."""
    dtype = None
    if isinstance(shape, (list, tuple)):
        dtype = None if shape else INT32
        shape = [d.value if isinstance(d, Dimension) else d for d in shape]
    return convert_to_tensor(shape, dtype, name="shape")


def seed_attributes(seed: Any) -> dict[str, Any]:
    """The attributes `seed` and `seed2` of the op made next."""
    pair = get_seed(seed)
    return {
        name: None if value is None else int(value)
        for name, value in zip(("seed", "seed2"), pair, strict=True)
    }


class RandomUniform(RandomOfShape):
    """Numbers of [0, 1), all equally likely."""

    def forward(self, host: Any, shape: Any) -> Any:
        return uniform(
            host.np, self.generator(host), requested_shape(shape), self.dtype.as_numpy_dtype
        )


class RandomUniformInt(Random):
    """Integers from `minval` up to but not including `maxval`."""

    inputs = ("shape: T", "minval: Tout", "maxval: Tout")
    outputs = ("output: Tout",)
    infer_from = {"shape": "partial"}
    Tout: DType = attr(INT32, INT64)
    T: DType = attr(INT32, INT64)

    def infer(self, shape: Shape, minval: Shape, maxval: Shape) -> Shape:
        with_rank(minval, 0)
        with_rank(maxval, 0)
        return shape

    def forward(self, host: Any, shape: Any, minval: Any, maxval: Any) -> Any:
        np = host.np
        for name, bound in (("minval", minval), ("maxval", maxval)):
            if np.ndim(bound):
                raise errors.InvalidArgumentError(
                    None, None, f"{name} must be 0-D, got shape {format_shape(np.shape(bound))}"
                )
        wanted = requested_shape(shape)
        if 0 in wanted:
            return np.empty(wanted, self.Tout.as_numpy_dtype)
        if minval >= maxval:
            raise errors.InvalidArgumentError(
                None, None, f"Need minval < maxval, got {minval} >= {maxval}"
            )
        generator = self.generator(host)
        return uniform_int(
            np, generator, wanted, int(minval), int(maxval), self.Tout.as_numpy_dtype
        )


@export("random.uniform", "random_uniform")
def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Numbers of [minval, maxval), all equally likely.

    Args:
      shape: of the result, 1-D: integers or a tensor.
      minval, maxval: the bounds; scalars for integers, else whatever broadcasts with `shape`.
        `maxval` is 1 where it is left out, which integers must not.
      dtype: float16, bfloat16, float32, float64, int32 or int64.
      seed: see `tf.set_random_seed`.

    Integers are a little more often low where `maxval - minval` is no power of two. Raises
    ValueError on another dtype, InvalidArgumentError in a run where `minval >= maxval` of integers.
    """
    dtype = dtypes.as_dtype(dtype)
    if dtype not in _UNIFORM_TYPES:
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as name:
        shape = shape_argument(shape)
        minval = convert_to_tensor(minval, dtype=dtype, name="min")
        maxval = convert_to_tensor(maxval, dtype=dtype, name="max")
        seeds = seed_attributes(seed)
        if dtype.is_integer:
            return raw.RandomUniformInt(shape, minval, maxval, name=name, **seeds)
        unit = raw.RandomUniform(shape, dtype=dtype, **seeds)
        return raw.Add(unit * (maxval - minval), minval, name=name)


class RandomStandardNormal(RandomOfShape):
    """Normal numbers of mean 0 and deviation 1."""

    def forward(self, host: Any, shape: Any) -> Any:
        return box_muller.standard_normal(
            host.np, self.generator(host), requested_shape(shape), self.dtype.as_numpy_dtype
        )


@export("random.normal", "random_normal")
def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normal numbers.

    Args:
      shape: of the numbers drawn, 1-D: integers or a tensor.
      mean, stddev: broadcast with `shape`.
      dtype: a floating dtype.
      seed: see `tf.set_random_seed`.
    """
    return _normal(
        "random_normal", raw.RandomStandardNormal, shape, mean, stddev, dtype, seed, name
    )


class TruncatedNormal(RandomOfShape):
    """Normal numbers of mean 0 and deviation 1; those beyond 2 are drawn again."""

    def forward(self, host: Any, shape: Any) -> Any:
        return box_muller.truncated_normal(
            host.np, self.generator(host), requested_shape(shape), self.dtype.as_numpy_dtype
        )


@export("random.truncated_normal", "truncated_normal")
def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normal numbers within two deviations of the mean; others are drawn again.

    Args:
      shape: of the numbers drawn, 1-D: integers or a tensor.
      mean, stddev: of the normal numbers before any is refused; broadcast with `shape`.
      dtype: a floating dtype.
      seed: see `tf.set_random_seed`.
    """
    return _normal("truncated_normal", raw.TruncatedNormal, shape, mean, stddev, dtype, seed, name)


def _normal(
    default_name: str,
    draw: Any,
    shape: Any,
    mean: Any,
    stddev: Any,
    dtype: Any,
    seed: Any,
    name: str | None,
) -> Tensor:
    with name_scope(name, default_name, [shape, mean, stddev]) as name:
        shape = shape_argument(shape)
        mean = convert_to_tensor(mean, dtype=dtype, name="mean")
        stddev = convert_to_tensor(stddev, dtype=dtype, name="stddev")
        numbers = draw(shape, dtype=dtype, **seed_attributes(seed))
        return raw.Add(numbers * stddev, mean, name=name)


class RandomShuffle(Random):
    """The rows of a tensor in another order."""

    inputs, outputs = ("value: T",), ("output: T",)
    T: DType

    def infer(self, value: Shape) -> Shape:
        return value

    def forward(self, host: Any, value: Any) -> Any:
        np = host.np
        if np.ndim(value) == 0 or len(value) < 2 or not value.size:
            return np.array(value, self.T.as_numpy_dtype)
        return value[shuffle_permutation(np, self.generator(host), len(value))]


@export("random.shuffle", "random_shuffle")
def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """The rows of `value` (along its first dimension) in a random order, all equally likely.

    The shape and dtype stay; a scalar stays as it is. `seed`: see `tf.set_random_seed`.
    """
    return raw.RandomShuffle(value, name=name, **seed_attributes(seed))
