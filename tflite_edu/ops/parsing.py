"""Examples out of their serialized form: `tf.parse_example` and `tf.parse_single_example`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, INT64, STRING, DType, kernel_name
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, concatenate, format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, TensorShape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.example_layout import Column, columns
from tflite_edu.formats.example_values import (
    feature_texts,
    joined_texts,
    kind_of_text,
    tag_of,
)
from tflite_edu.ops.parsing_features import (
    DenseKey,
    FixedLenFeature,
    FixedLenSequenceFeature,
    Keys,
    SparseFeature,
    VarLenFeature,
    check_apart,
    default_of,
    index_keys,
    keys_of,
    name_part,
    named_default,
    types,
)
from tflite_edu.ops.reshaping import expand_dims, reshape, squeeze
from tflite_edu.ops.slicing import slice
from tflite_edu.ops.sparse_merge import sparse_merge

_KINDS = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature)


class Wanted(NamedTuple):
    """A feature that a kernel is asked for; `shape` and `default` are None for a sparse one."""

    key: str
    kind: str
    shape: Shape
    default: Any

    @property
    def is_sequence(self) -> bool:
        """Whether examples may have any number of steps."""
        return self.shape is not None and self.shape[:1] == (None,)


class Refusal(Exception):
    """Why the example at a place cannot be parsed."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


class ParseExample(Op):
    """The features of a batch of serialized examples, of each one as a sparse or dense tensor."""

    inputs = (
        "serialized: string",
        "names: string",
        "sparse_keys: Nsparse*string",
        "dense_keys: Ndense*string",
        "dense_defaults: Tdense",
    )
    outputs = (
        "sparse_indices: Nsparse*int64",
        "sparse_values: sparse_types",
        "sparse_shapes: Nsparse*int64",
        "dense_values: Tdense",
    )
    Nsparse: int = attr(minimum=0)
    Ndense: int = attr(minimum=0)
    sparse_types: list[DType] = attr(FLOAT, INT64, STRING, minimum=0)
    Tdense: list[DType] = attr(FLOAT, INT64, STRING, minimum=0)
    dense_shapes: list[Shape] = attr(minimum=0)

    def infer(
        self, serialized: Shape, names: Shape, sparse_keys: Any, dense_keys: Any, defaults: Any
    ) -> list[Shape]:
        batch = with_rank(serialized, 1)
        with_rank(names, 1)
        check_dense_shapes(self.dense_shapes)
        count = self.Nsparse
        return [
            *[(None, 2)] * count,
            *[(None,)] * count,
            *[(2,)] * count,
            *[concatenate(batch, shape) for shape in self.dense_shapes],
        ]

    def forward(
        self,
        np: Any,
        serialized: Any,
        names: Any,
        sparse_keys: list[Any],
        dense_keys: list[Any],
        dense_defaults: list[Any],
    ) -> list[Any]:
        if np.ndim(serialized) != 1:
            raise _invalid(
                f"Expected serialized to be a vector, got shape: {format_shape(serialized.shape)}"
            )
        if len(names) and len(names) != len(serialized):
            raise _invalid(
                f"Expected len(names) == len(serialized), but got: {len(names)} vs. "
                f"{len(serialized)}"
            )
        sparse = wanted(np, sparse_keys, self.sparse_types)
        dense = wanted(np, dense_keys, self.Tdense, self.dense_shapes, dense_defaults)
        parsed = _batch_at_once(np, serialized.tolist(), sparse, dense)
        if parsed is not None:
            return parsed
        texts = feature_texts(serialized, [one.key for one in (*dense, *sparse)])
        try:
            parsed = _batch(np, len(serialized), texts, sparse, dense)
        except Refusal as refusal:
            name = names[refusal.place].decode() if len(names) else "<unknown>"
            raise _invalid(f"Name: {name}, {refusal}") from None
        return parsed


class ParseSingleExample(Op):
    """The features of one serialized example, each of them as a sparse or dense tensor."""

    inputs = ("serialized: string", "dense_defaults: Tdense")
    outputs = (
        "sparse_indices: num_sparse*int64",
        "sparse_values: sparse_types",
        "sparse_shapes: num_sparse*int64",
        "dense_values: Tdense",
    )
    num_sparse: int = attr(minimum=0)
    sparse_keys: list[str] = attr(minimum=0)
    dense_keys: list[str] = attr(minimum=0)
    sparse_types: list[DType] = attr(FLOAT, INT64, STRING, minimum=0)
    Tdense: list[DType] = attr(FLOAT, INT64, STRING, minimum=0)
    dense_shapes: list[Shape] = attr(minimum=0)

    def infer(self, serialized: Shape, dense_defaults: Any) -> list[Shape]:
        with_rank(serialized, 0)
        check_dense_shapes(self.dense_shapes)
        count = self.num_sparse
        return [*[(None, 1)] * count, *[(None,)] * count, *[(1,)] * count, *self.dense_shapes]

    def forward(self, np: Any, serialized: Any, dense_defaults: list[Any]) -> list[Any]:
        sparse = wanted(np, self.sparse_keys, self.sparse_types)
        dense = wanted(np, self.dense_keys, self.Tdense, self.dense_shapes, dense_defaults)
        keys = [one.key for one in (*dense, *sparse)]
        texts = iter(feature_texts([scalar(serialized)], keys))
        indices, values, shapes, found = [], [], [], []
        for one in dense:
            try:
                found.append(_dense(np, next(texts), one)[0, ...])
            except Refusal as refusal:
                message = str(refusal).replace(", Index: 0.", ".")
                if "Number of" in message:
                    message = f"Key: {one.key}.  Can't parse serialized Example."
                raise _invalid(message) from None
        for one in sparse:
            try:
                array, counts = _listed(next(texts), one)
            except Refusal as refusal:
                raise _invalid(str(refusal).replace(", Index: 0.", ".")) from None
            indices.append(np.arange(counts[0], dtype=np.int64)[:, None])
            values.append(array)
            shapes.append(np.array(counts, np.int64))
        return [*indices, *values, *shapes, *found]


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def check_dense_shapes(shapes: Sequence[Shape]) -> None:
    """Raises ShapeError where a size other than the first is unknown."""
    for place, shape in enumerate(shapes):
        if shape is None or None in shape[1:]:
            raise ShapeError(
                f"dense_shapes[{place}] has unknown rank or unknown inner dimensions: "
                f"{format_shape(shape)}"
            )


def scalar(text: Any) -> bytes:
    """A string, which a kernel is handed by itself or as an array without axes."""
    return text if isinstance(text, bytes) else text.item()


def wanted(
    np: Any,
    keys: Sequence[Any],
    kinds: Sequence[DType],
    shapes: Sequence[Shape] | None = None,
    defaults: Sequence[Any] | None = None,
) -> list[Wanted]:
    """What a kernel is asked for; raises InvalidArgumentError on defaults that do not fit."""
    found = []
    for place, (key, dtype) in enumerate(zip(keys, kinds, strict=True)):
        text = key if isinstance(key, str) else scalar(key).decode()
        shape = default = None
        if shapes is not None and defaults is not None:
            shape = shapes[place]
            default = np.asarray(defaults[place], dtype.as_numpy_dtype)
            _check_default(place, shape, default)
        found.append(Wanted(text, kernel_name(dtype), shape, default))
    return found


def _check_default(place: int, shape: Any, default: Any) -> None:
    given = default.shape
    if shape and shape[0] is None:
        if math.prod(given) != 1:
            raise _invalid(
                f"dense_shape[{place}] is a variable length shape: {format_shape(shape)}, "
                f"therefore def_value[{place}] must contain a single element (the padding "
                f"element).  But its shape is: {format_shape(given)}"
            )
    elif math.prod(given) and given != shape:
        raise _invalid(
            f"def_value[{place}].shape() == {format_shape(given)} is not compatible with "
            f"dense_shapes_[{place}] == {format_shape(shape)}"
        )


def _batch_at_once(
    np: Any, serialized: list[bytes], sparse: list[Wanted], dense: list[Wanted]
) -> list[Any] | None:
    """The outputs of ParseExample where nothing is unusual or wrong, else None."""
    found = columns(serialized, [(one.key, one.kind) for one in (*dense, *sparse)])
    if found is None:
        return None
    indices, values, shapes, arrays = [], [], [], []
    for column, one in zip(found, dense, strict=False):
        if not one.default.size and not all(column.present):
            return None
        try:
            arrays.append(_arranged(np, column, one))
        except Refusal:
            return None
    for column in found[len(dense) :]:
        indices.append(rows_and_columns(np, column.counts))
        values.append(column.values)
        shapes.append(np.array([len(serialized), max(column.counts)], np.int64))
    return [*indices, *values, *shapes, *arrays]


def _batch(
    np: Any, count: int, columns: list[list[bytes]], sparse: list[Wanted], dense: list[Wanted]
) -> list[Any]:
    """The outputs of ParseExample; raises the Refusal of the first example that has one."""
    first: Refusal | None = None
    indices, values, shapes, found = [], [], [], []
    for one, texts in zip(dense, columns[: len(dense)], strict=True):
        try:
            found.append(_dense(np, texts, one))
        except Refusal as refusal:
            first = refusal if first is None or refusal.place < first.place else first
    for one, texts in zip(sparse, columns[len(dense) :], strict=True):
        try:
            array, counts = _listed(texts, one)
        except Refusal as refusal:
            first = refusal if first is None or refusal.place < first.place else first
            continue
        indices.append(rows_and_columns(np, counts))
        values.append(array)
        shapes.append(np.array([count, max(counts, default=0)], np.int64))
    if first is not None:
        raise first
    return [*indices, *values, *shapes, *found]


def rows_and_columns(np: Any, counts: list[int]) -> Any:
    """The positions `[sum of counts, 2]` of the elements of rows that are so long."""
    sizes = np.array(counts, np.int64)
    rows = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    starts = np.cumsum(sizes) - sizes
    columns = np.arange(len(rows), dtype=np.int64) - np.repeat(starts, sizes)
    return np.stack([rows, columns], axis=1)


def _other_kind(texts: list[bytes], kind: str) -> int | None:
    """The place of the first feature that has values of another type."""
    if {text[:1] for text in texts if text} <= {tag_of(kind)}:
        return None
    return next(p for p, text in enumerate(texts) if text and kind_of_text(text) != kind)


def _listed(texts: list[bytes], one: Wanted) -> tuple[Any, list[int]]:
    """All values of a feature, and how many each example has."""
    place = _other_kind(texts, one.kind)
    if place is not None:
        raise Refusal(
            place,
            f"Key: {one.key}, Index: {place}.  Data types don't match. "
            f"Expected type: {one.kind}, Actual type: {kind_of_text(texts[place])}",
        )
    return joined_texts(texts, one.kind)


def _dense(np: Any, texts: list[bytes], one: Wanted) -> Any:
    """The dense tensor of a feature, a row for each example."""
    other = _other_kind(texts, one.kind)
    if not one.is_sequence and not one.default.size and b"" in texts:
        place = texts.index(b"")
        if other is None or place < other:
            raise Refusal(
                place,
                f"Feature: {one.key} (data type: {one.kind}) is required but could not be found.",
            )
    if other is not None:
        raise Refusal(
            other,
            f"Key: {one.key}, Index: {other}.  Data types don't match. "
            f"Data type: {kind_of_text(texts[other])} but expected type: {one.kind}",
        )
    return _arranged(np, Column(*joined_texts(texts, one.kind), [*map(bool, texts)]), one)


def _arranged(np: Any, column: Column, one: Wanted) -> Any:
    """The dense tensor of a feature; raises the Refusal of the first example that does not fit."""
    values, counts, present = column
    shape: Any = one.shape
    if one.is_sequence:
        size = math.prod(shape[1:])
        for place, count in enumerate(counts):
            if count % size if size else count:
                raise Refusal(
                    place,
                    f"Key: {one.key}, Index: {place}.  Number of {one.kind} values is not a "
                    f"multiple of stride length. Saw {count} values but output shape is: "
                    f"{format_shape(shape)}",
                )
        return padded(np, values, counts, one.default.item(), shape[1:])
    size = math.prod(shape)
    if counts.count(size) == len(counts) and (size or all(present)):
        return values.reshape(len(counts), *shape)
    for place, (count, is_present) in enumerate(zip(counts, present, strict=True)):
        if is_present and count != size:
            raise Refusal(
                place,
                f"Key: {one.key}, Index: {place}.  Number of {one.kind} values != expected.  "
                f"Values size: {count} but output shape: {format_shape(shape)}",
            )
    dense = np.empty((len(counts), size), values.dtype)
    dense[...] = one.default.reshape(-1)
    dense[present] = values.reshape(-1, size)
    return dense.reshape(len(counts), *shape)


def padded(np: Any, values: Any, counts: list[int], padding: Any, inner: Any) -> Any:
    """Rows of different lengths, one after the other in `values`, as `[rows, most, *inner]`."""
    most = max(counts, default=0)
    dense = np.empty((len(counts), most), values.dtype)
    dense[...] = padding
    dense[np.arange(most) < np.array(counts, np.int64)[:, None]] = values
    size = math.prod(inner)
    return dense.reshape(len(counts), most // size if size else 0, *inner)


@export("parse_example", "io.parse_example")
def parse_example(
    serialized: Any, features: Any, name: str | None = None, example_names: Any = None
) -> dict[Any, Any]:
    """The features of a batch of serialized `Example`s, a tensor for each.

    Args:
      serialized: strings `[batch]`.
      features: feature names to `FixedLenFeature` (a dense tensor `[batch, ...]`),
        `FixedLenSequenceFeature` (`[batch, most steps, ...]`), `VarLenFeature` or `SparseFeature`
        (`SparseTensor`s of `[batch, most values]` and `[batch, size]`).
      name: of the node.
      example_names: strings `[batch]` for the messages of errors.

    Raises ValueError on features that lack something. A run raises InvalidArgumentError where an
    example cannot be parsed, lacks a feature without a default, or has values of another type or
    number.
    """
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    keys = _keys(features)
    return _assembled(features, _parse_batch(serialized, example_names, keys, name))


def _keys(features: dict[Any, Any]) -> Keys:
    """The names to ask for; of a sequence the number of steps is unknown."""
    keys = keys_of(features, _KINDS)
    for place, key in enumerate(keys.dense):
        feature = features[key.name]
        if isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise ValueError(
                    "Unsupported: FixedLenSequenceFeature requires allow_missing to be True."
                )
            steps = TensorShape([None]).concatenate(TensorShape(key.shape))
            keys.dense[place] = key._replace(shape=steps)
    return keys


def _parse_batch(serialized: Any, names: Any, keys: Keys, name: str | None) -> dict[Any, Any]:
    with name_scope(name, "ParseExample", [serialized, names]):
        check_apart(keys)
        defaults, shapes = _defaults_and_shapes(keys)
        indices, values, dense_shapes, dense = raw.ParseExample(
            serialized,
            [] if names is None else names,
            [key.name for key in keys.sparse],
            [key.name for key in keys.dense],
            defaults,
            sparse_types=types(keys.sparse),
            dense_shapes=shapes,
            name=name,
        )
    return _by_name(keys, indices, values, dense_shapes, dense)


def _defaults_and_shapes(keys: Keys) -> tuple[list[Tensor], list[TensorShape]]:
    defaults, shapes = [], []
    for key in keys.dense:
        shape = TensorShape(key.shape)
        if shape.dims and shape.dims[0].value is None:
            shapes.append(shape)
            defaults.append(_padding_of(key))
        else:
            shapes.append(shape)
            defaults.append(default_of(key))
    return defaults, shapes


def _padding_of(key: DenseKey) -> Tensor:
    """What fills up the rows of a sequence: one element."""
    if key.default_value is None:
        return constant("" if dtypes.as_dtype(key.dtype) is STRING else 0, dtype=key.dtype)
    return reshape(named_default(key, "padding_"), [])


def _by_name(keys: Keys, indices: Any, values: Any, shapes: Any, dense: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {
        key.name: SparseTensor(*parts)
        for key, *parts in zip(keys.sparse, indices, values, shapes, strict=True)
    }
    found.update(zip([key.name for key in keys.dense], dense, strict=True))
    return found


def _assembled(features: dict[Any, Any], parsed: dict[Any, Any]) -> dict[Any, Any]:
    """What was asked for: positions and values of each `SparseFeature` as one tensor."""
    for name in sorted(features):
        feature = features[name]
        if isinstance(feature, SparseFeature):
            single = isinstance(feature.index_key, (str, bytes))
            ids = [parsed[key] for key in index_keys(feature)]
            parsed[name] = sparse_merge(
                ids[0] if single else ids,
                parsed[feature.value_key],
                feature.size,
                already_sorted=feature.already_sorted,
            )
    return {name: parsed[name] for name in sorted(features)}


@export("parse_single_example", "io.parse_single_example")
def parse_single_example(
    serialized: Any, features: Any, name: str | None = None, example_names: Any = None
) -> dict[Any, Any]:
    """The features of one serialized `Example`: as `parse_example`, without the axis of the batch.

    `serialized` is a scalar string, and so is `example_names`, which makes the example a batch of
    one inside. Raises as `parse_example`.
    """
    if not features:
        raise ValueError("Missing features.")
    keys = _keys(features)
    with name_scope(name, "ParseSingleExample", [serialized, example_names]):
        if example_names is not None:
            parsed = _single_of_batch(serialized, example_names, keys, name)
        else:
            check_apart(keys)
            serialized = convert_to_tensor(serialized, name="serialized")
            defaults, shapes = _defaults_and_shapes(keys)
            indices, values, dense_shapes, dense = raw.ParseSingleExample(
                serialized,
                defaults,
                num_sparse=len(keys.sparse),
                sparse_keys=[key.name for key in keys.sparse],
                sparse_types=types(keys.sparse),
                dense_keys=[key.name for key in keys.dense],
                dense_shapes=shapes,
                name=name,
            )
            parsed = _by_name(keys, indices, values, dense_shapes, dense)
    return _assembled(features, parsed)


def _single_of_batch(serialized: Any, names: Any, keys: Keys, name: str | None) -> dict[Any, Any]:
    """What a batch of one parses to, its axis taken away."""
    serialized = expand_dims(convert_to_tensor(serialized), 0)
    parsed = _parse_batch(serialized, expand_dims(convert_to_tensor(names), 0), keys, name)
    for key in keys.dense:
        parsed[key.name] = squeeze(parsed[key.name], [0], name=f"Squeeze_{name_part(key.name)}")
    for sparse_key in keys.sparse:
        found, part = parsed[sparse_key.name], name_part(sparse_key.name)
        parsed[sparse_key.name] = SparseTensor(
            slice(found.indices, [0, 1], [-1, -1], name=f"Slice_Indices_{part}"),
            found.values,
            slice(found.dense_shape, [1], [-1], name=f"Squeeze_Shape_{part}"),
        )
    return parsed
