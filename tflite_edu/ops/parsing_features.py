"""What features an example is parsed for: `FixedLenFeature`, `VarLenFeature` and their kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from tflite_edu.core import dtypes
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reshaping import reshape


@export("FixedLenFeature", "io.FixedLenFeature")
class FixedLenFeature(NamedTuple):
    """A feature with as many values as `shape` says, parsed to a dense tensor.

    Without a `default_value` (of that shape) every example must have the feature.
    """

    shape: Any
    dtype: Any
    default_value: Any = None


@export("VarLenFeature", "io.VarLenFeature")
class VarLenFeature(NamedTuple):
    """A feature with any number of values, none at all included, parsed to a `SparseTensor`."""

    dtype: Any


@export("FixedLenSequenceFeature", "io.FixedLenSequenceFeature")
class FixedLenSequenceFeature(NamedTuple):
    """A feature with any number of steps of one `shape`, parsed to a dense tensor.

    Shorter ones are filled up with `default_value` (zero). Where `allow_missing` is true an example
    without the feature has no steps.
    """

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


@export("SparseFeature", "io.SparseFeature")
class SparseFeature(NamedTuple):
    """A `SparseTensor` from several features: one for values, the others for their positions.

    `index_key` is the name (or a list of names, an axis each) of the features with the positions,
    `value_key` that of the one with the values, `size` the dense length (or a list of them).
    """

    index_key: Any
    value_key: Any
    dtype: Any
    size: Any
    already_sorted: bool = False


class DenseKey(NamedTuple):
    """A feature that is parsed to a dense tensor."""

    name: Any
    dtype: Any
    shape: Any
    default_value: Any


class SparseKey(NamedTuple):
    """A feature that is parsed to a sparse tensor."""

    name: Any
    dtype: Any


class Keys(NamedTuple):
    """The names an operation is asked for, in its order."""

    sparse: list[SparseKey]
    dense: list[DenseKey]
    allow_missing: list[Any]


def keys_of(features: Any, kinds: Sequence[type]) -> Keys:
    """What must be parsed for a dict of features, of which only `kinds` are supported.

    Raises ValueError on a feature that lacks something or is of another kind.
    """
    found = Keys([], [], [])
    for name in sorted(features or {}):
        feature = features[name]
        if not isinstance(feature, _ALL_KINDS):
            raise ValueError(f"Invalid feature {name}:{feature}.")
        if not isinstance(feature, tuple(kinds)):
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
        if not isinstance(feature, SparseFeature) and not feature.dtype:
            raise ValueError(f"Missing type for feature {name}.")
        _ADD[type(feature)](found, name, feature)
    return found


def _add_var_len(found: Keys, name: Any, feature: VarLenFeature) -> None:
    # TensorFlow asks for it again where a SparseFeature has before, and so do we.
    found.sparse.append(SparseKey(name, feature.dtype))


def _add_sparse(found: Keys, name: Any, dtype: Any) -> None:
    for known in found.sparse:
        if known.name == name:
            if dtypes.as_dtype(known.dtype) != dtypes.as_dtype(dtype):
                raise ValueError(f"Conflicting type {known.dtype} vs {dtype} for feature {name}.")
            return
    found.sparse.append(SparseKey(name, dtype))


def _add_sparse_feature(found: Keys, name: Any, feature: SparseFeature) -> None:
    if not feature.index_key:
        raise ValueError(f"Missing index_key for SparseFeature {feature}.")
    if not feature.value_key:
        raise ValueError(f"Missing value_key for SparseFeature {feature}.")
    if not feature.dtype:
        raise ValueError(f"Missing type for feature {name}.")
    for key in sorted(index_keys(feature)):
        _add_sparse(found, key, dtypes.int64)
    _add_sparse(found, feature.value_key, feature.dtype)


def index_keys(feature: SparseFeature) -> list[Any]:
    """The names of the features that hold the positions, an axis each."""
    key = feature.index_key
    return [key] if isinstance(key, (str, bytes)) else list(key)


def _add_fixed_len(found: Keys, name: Any, feature: FixedLenFeature) -> None:
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {name}.")
    shape = TensorShape(feature.shape).dims
    if shape and shape[0].value is None:
        raise ValueError(
            f"First dimension of shape for feature {name} unknown. Consider using "
            "FixedLenSequenceFeature."
        )
    found.dense.append(DenseKey(name, feature.dtype, feature.shape, feature.default_value))


def _add_sequence(found: Keys, name: Any, feature: FixedLenSequenceFeature) -> None:
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {name}.")
    found.dense.append(DenseKey(name, feature.dtype, feature.shape, feature.default_value))
    if feature.allow_missing:
        found.allow_missing.append(name)


_ALL_KINDS = (FixedLenFeature, VarLenFeature, FixedLenSequenceFeature, SparseFeature)
_ADD: dict[type, Any] = {
    FixedLenFeature: _add_fixed_len,
    VarLenFeature: _add_var_len,
    FixedLenSequenceFeature: _add_sequence,
    SparseFeature: _add_sparse_feature,
}


def check_apart(keys: Keys) -> None:
    """Raises ValueError where a name is asked for both dense and sparse."""
    both = {key.name for key in keys.dense} & {key.name for key in keys.sparse}
    if both:
        raise ValueError(f"Dense and sparse keys must not intersect; intersection: {both}")


def default_of(key: DenseKey) -> Tensor:
    """The tensor that stands for a missing feature; an empty one where it must not be missing."""
    if key.default_value is None:
        return constant([], dtype=key.dtype)
    default = named_default(key)
    return reshape(default, [d.value for d in TensorShape(key.shape).dims or ()])


def named_default(key: DenseKey, prefix: str = "key_") -> Tensor:
    """A default value as a tensor named after its feature."""
    if isinstance(key.default_value, Tensor):
        return key.default_value
    return convert_to_tensor(key.default_value, dtype=key.dtype, name=prefix + name_part(key.name))


def name_part(key: Any) -> str:
    """A feature's name as a part of a node's name."""
    text = key.decode() if isinstance(key, bytes) else str(key)
    return re.sub(r"[^A-Za-z0-9_.\-/]", "_", text)


def types(keys: Sequence[SparseKey] | Sequence[DenseKey]) -> list[DType]:
    """The types of the values."""
    return [dtypes.as_dtype(key.dtype) for key in keys]
