"""Initial values: objects that make a tensor from a shape and a dtype."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from typing import Any

import numpy

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import ones, zeros
from tflite_edu.ops.matrices import eye
from tflite_edu.ops.permuting import matrix_transpose
from tflite_edu.ops.random_ops import random_normal, random_uniform, truncated_normal

# The standard deviation of a standard normal cut off at two standard deviations.
_TRUNCATED_STDDEV = 0.87962566103423978


@export("keras.initializers.Initializer")
class Initializer:
    """Makes initial values: `initializer(shape, dtype)` is a tensor.

    `partition_info` tells the part of a partitioned variable from the whole, by whose shape values
    are scaled. `get_config()` holds the constructor's arguments, from which `from_config` makes the
    initializer again.
    """

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """A tensor of `shape`; of the initializer's own dtype if `dtype` is None."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments, in a form that JSON can hold."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The initializer of a configuration."""
        known = dict(config)
        # Written by every initializer, and taken by those that have a type of their own.
        if "dtype" in known and "dtype" not in _arguments(cls):
            known.pop("dtype")
        return cls(**known)


def _arguments(cls: type) -> list[str]:
    return list(inspect.signature(cls).parameters)


def _floating(dtype: Any) -> DType:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype}.")
    return dtype


@export(
    "zeros_initializer",
    "initializers.zeros",
    "keras.initializers.Zeros",
    "keras.initializers.zeros",
)
class Zeros(Initializer):
    """Zeros (False, the empty string)."""

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return zeros(shape, self.dtype if dtype is None else dtype)

    def get_config(self) -> dict[str, Any]:
        return {"dtype": self.dtype.name}


@export(
    "ones_initializer", "initializers.ones", "keras.initializers.Ones", "keras.initializers.ones"
)
class Ones(Initializer):
    """Ones (True)."""

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return ones(shape, self.dtype if dtype is None else dtype)

    def get_config(self) -> dict[str, Any]:
        return {"dtype": self.dtype.name}


@export(
    "constant_initializer",
    "initializers.constant",
    "keras.initializers.Constant",
    "keras.initializers.constant",
)
class Constant(Initializer):
    """Given values: a number for all elements, or a list whose last one fills what is left.

    With `verify_shape` the values must have the variable's shape. Raises TypeError on what is no
    number, list, tuple or array; when called ValueError on too many values.
    """

    def __init__(
        self, value: Any = 0, dtype: Any = dtypes.float32, verify_shape: bool = False
    ) -> None:
        if not (numpy.isscalar(value) or isinstance(value, (list, tuple, numpy.ndarray))):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python scalar, list or "
                "tuple of values, or numpy.ndarray)."
            )
        self.value = value
        self.dtype = dtypes.as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(
        self,
        shape: Any,
        dtype: Any = None,
        partition_info: Any = None,
        verify_shape: bool | None = None,
    ) -> Tensor:
        return constant(
            self.value,
            dtype=self.dtype if dtype is None else dtype,
            shape=shape,
            verify_shape=self._verify_shape if verify_shape is None else verify_shape,
        )

    def get_config(self) -> dict[str, Any]:
        return {"value": self.value, "dtype": self.dtype.name}


@export("random_uniform_initializer", "initializers.random_uniform")
class RandomUniform(Initializer):
    """Values drawn uniformly from [minval, maxval), [0, 1) by default."""

    def __init__(
        self,
        minval: Any = 0,
        maxval: Any = None,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        self.minval = minval
        self.maxval = maxval
        self.seed = seed
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self.dtype if dtype is None else dtype
        return random_uniform(shape, self.minval, self.maxval, dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "minval": self.minval,
            "maxval": self.maxval,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


@export("random_normal_initializer", "initializers.random_normal")
class RandomNormal(Initializer):
    """Values drawn from a normal distribution. Raises ValueError on no floating type."""

    def __init__(
        self,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        self.mean = mean
        self.stddev = stddev
        self.seed = seed
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self.dtype if dtype is None else dtype
        return random_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "mean": self.mean,
            "stddev": self.stddev,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


@export("truncated_normal_initializer", "initializers.truncated_normal")
class TruncatedNormal(RandomNormal):
    """Values drawn from a normal distribution cut off two standard deviations from its mean."""

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self.dtype if dtype is None else dtype
        return truncated_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)


@export("uniform_unit_scaling_initializer", "initializers.uniform_unit_scaling")
class UniformUnitScaling(Initializer):
    """Values drawn uniformly so that a product with them keeps the scale of its input.

    They lie within `sqrt(3 / size) * factor` of zero, where `size` is the product of all dimensions
    but the last (Sussillo and Abbott, "Random walk initialization for training very deep
    feedforward networks").
    """

    def __init__(
        self, factor: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.factor = factor
        self.seed = seed
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self.dtype if dtype is None else dtype
        size = max(math.prod(float(dim) for dim in _whole(shape, partition_info)[:-1]), 1.0)
        limit = math.sqrt(3 / size) * self.factor
        return random_uniform(shape, -limit, limit, dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {"factor": self.factor, "seed": self.seed, "dtype": self.dtype.name}


def _whole(shape: Any, partition_info: Any) -> list[int]:
    """The dimensions by which values are scaled."""
    full = shape if partition_info is None else partition_info.full_shape
    return [int(dim) for dim in full]


@export(
    "variance_scaling_initializer",
    "initializers.variance_scaling",
    "keras.initializers.VarianceScaling",
)
class VarianceScaling(Initializer):
    """Values whose variance is `scale / n`.

    n is the number of input units ("fan_in"), of output units ("fan_out"), or the mean of both
    ("fan_avg"). `distribution` is "truncated_normal" (also "normal"), "untruncated_normal" or
    "uniform". Raises ValueError on another mode or distribution, or a scale that is not positive.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError("Invalid `mode` argument:", mode)
        distribution = distribution.lower()
        if distribution not in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError("Invalid `distribution` argument:", distribution)
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.seed = seed
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self.dtype if dtype is None else dtype
        fan_in, fan_out = fans(_whole(shape, partition_info))
        units = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}
        variance = self.scale / max(1.0, units[self.mode])
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return random_uniform(shape, -limit, limit, dtype, seed=self.seed)
        stddev = math.sqrt(variance)
        if self.distribution == "untruncated_normal":
            return random_normal(shape, 0.0, stddev, dtype, seed=self.seed)
        return truncated_normal(shape, 0.0, stddev / _TRUNCATED_STDDEV, dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """The number of input and of output units of weights of a shape.

    A matrix is `[inputs, outputs]`; of more dimensions all but the last two are a filter's window.
    """
    if len(shape) < 1:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


@export(
    "glorot_uniform_initializer",
    "initializers.glorot_uniform",
    "keras.initializers.glorot_uniform",
)
class GlorotUniform(VarianceScaling):
    """Uniform within `sqrt(6 / (fan_in + fan_out))` of zero (Glorot and Bengio 2010).

    As in TensorFlow 1.15 `dtype` is accepted and has no effect.
    """

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed)

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.seed, "dtype": self.dtype.name}


@export(
    "glorot_normal_initializer",
    "initializers.glorot_normal",
    "keras.initializers.glorot_normal",
)
class GlorotNormal(VarianceScaling):
    """Truncated normal of deviation `sqrt(2 / (fan_in + fan_out))` (Glorot and Bengio 2010).

    As in TensorFlow 1.15 `dtype` is accepted and has no effect.
    """

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.seed, "dtype": self.dtype.name}


@export("initializers.lecun_normal", "keras.initializers.lecun_normal")
def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Truncated normal of deviation `sqrt(1 / fan_in)` (LeCun et al., "Efficient BackProp")."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


@export("initializers.lecun_uniform", "keras.initializers.lecun_uniform")
def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform within `sqrt(3 / fan_in)` of zero (LeCun et al., "Efficient BackProp")."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


@export("initializers.he_normal", "keras.initializers.he_normal")
def he_normal(seed: int | None = None) -> VarianceScaling:
    """Truncated normal of deviation `sqrt(2 / fan_in)` (He et al. 2015)."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


@export("initializers.he_uniform", "keras.initializers.he_uniform")
def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform within `sqrt(6 / fan_in)` of zero (He et al. 2015)."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


@export(
    "orthogonal_initializer",
    "initializers.orthogonal",
    "keras.initializers.Orthogonal",
    "keras.initializers.orthogonal",
)
class Orthogonal(Initializer):
    """`gain` times a random matrix with orthonormal columns (rows, if it is wide).

    All dimensions but the last count as rows. It is the Q of a normal matrix's QR decomposition,
    with signs such that R's diagonal is positive (Saxe et al., "Exact solutions to the nonlinear
    dynamics of learning"). Raises ValueError on fewer than two dimensions.
    """

    def __init__(
        self, gain: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.gain = gain
        self.seed = seed
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self.dtype if dtype is None else dtype
        dims = [int(dim) for dim in shape]
        if len(dims) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows, columns = math.prod(dims[:-1]), dims[-1]
        drawn = random_normal((max(rows, columns), min(rows, columns)), dtype=dtype, seed=self.seed)
        factors = raw.Qr(drawn, full_matrices=False)
        signs = raw.Sign(raw.DiagPart(factors.r))
        orthogonal = factors.q * signs
        if rows < columns:
            orthogonal = matrix_transpose(orthogonal)
        return self.gain * raw.Reshape(orthogonal, dims)

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "seed": self.seed, "dtype": self.dtype.name}


@export("initializers.identity", "keras.initializers.Identity", "keras.initializers.identity")
class Identity(Initializer):
    """`gain` times the identity matrix. Raises ValueError on any but two dimensions."""

    def __init__(self, gain: float = 1.0, dtype: Any = dtypes.float32) -> None:
        self.gain = gain
        self.dtype = _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        full = shape if partition_info is None else partition_info.full_shape
        if len(full) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        rows, columns = [int(dim) for dim in full]
        matrix: Any = eye(rows, columns, dtype=self.dtype if dtype is None else dtype)
        if partition_info is not None:
            matrix = raw.Slice(matrix, list(partition_info.var_offset), shape)
        return self.gain * matrix

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "dtype": self.dtype.name}
