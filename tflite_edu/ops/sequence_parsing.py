"""Sequence examples out of their serialized form: a context, and features step by step."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import FLOAT, INT64, STRING, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, concatenate, format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, TensorShape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.example_values import joined, kind_of, parsed_sequence, value_count
from tflite_edu.ops.parsing import Wanted, padded, rows_and_columns, scalar, wanted
from tflite_edu.ops.parsing_features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    Keys,
    VarLenFeature,
    check_apart,
    default_of,
    keys_of,
    named_default,
    types,
)

_OUTPUTS = (
    "context_sparse_indices: Ncontext_sparse*int64",
    "context_sparse_values: context_sparse_types",
    "context_sparse_shapes: Ncontext_sparse*int64",
    "context_dense_values: Tcontext_dense",
    "feature_list_sparse_indices: Nfeature_list_sparse*int64",
    "feature_list_sparse_values: feature_list_sparse_types",
    "feature_list_sparse_shapes: Nfeature_list_sparse*int64",
    "feature_list_dense_values: feature_list_dense_types",
)


class ParseSingleSequenceExample(Op):
    """The features of one serialized sequence example, each as a sparse or dense tensor."""

    inputs = (
        "serialized: string",
        "feature_list_dense_missing_assumed_empty: string",
        "context_sparse_keys: Ncontext_sparse*string",
        "context_dense_keys: Ncontext_dense*string",
        "feature_list_sparse_keys: Nfeature_list_sparse*string",
        "feature_list_dense_keys: Nfeature_list_dense*string",
        "context_dense_defaults: Tcontext_dense",
        "debug_name: string",
    )
    outputs = _OUTPUTS
    Ncontext_sparse: int = attr(default=0, minimum=0)
    Ncontext_dense: int = attr(default=0, minimum=0)
    Nfeature_list_sparse: int = attr(default=0, minimum=0)
    Nfeature_list_dense: int = attr(default=0, minimum=0)
    context_sparse_types: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    Tcontext_dense: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    feature_list_dense_types: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    context_dense_shapes: list[Shape] = attr(default=(), minimum=0)
    feature_list_sparse_types: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    feature_list_dense_shapes: list[Shape] = attr(default=(), minimum=0)

    def infer(self, serialized: Shape, missing: Shape, *others: Any) -> list[Shape]:
        with_rank(serialized, 0)
        with_rank(missing, 1)
        return _shapes(self, (), ())

    def forward(
        self,
        np: Any,
        serialized: Any,
        missing: Any,
        context_sparse_keys: list[Any],
        context_dense_keys: list[Any],
        list_sparse_keys: list[Any],
        list_dense_keys: list[Any],
        defaults: list[Any],
        debug_name: Any,
    ) -> list[Any]:
        context, lists = parsed_sequence(scalar(serialized))
        name = scalar(debug_name).decode()
        may_miss = {text.decode() for text in missing}
        outputs: list[Any] = [[] for _ in range(8)]
        dense = wanted(
            np, context_dense_keys, self.Tcontext_dense, self.context_dense_shapes, defaults
        )
        list_dense = wanted(np, list_dense_keys, self.feature_list_dense_types)
        for one in dense:
            outputs[3].append(_context_dense(np, context, one, name))
        for one in wanted(np, context_sparse_keys, self.context_sparse_types):
            feature = context.get(one.key)
            if feature is not None and kind_of(feature) not in (one.kind, None):
                raise _mismatch(f"Name: {name}, Context feature: {one.key}.", one, feature)
            values, counts = joined([feature], one.kind)
            outputs[0].append(np.arange(counts[0], dtype=np.int64)[:, None])
            outputs[1].append(values)
            outputs[2].append(np.array(counts, np.int64))
        for one in list_dense:
            if one.key not in lists and one.key not in may_miss:
                raise _invalid(
                    f"Name: {name}, Feature list '{one.key}' is required but could not be found.  "
                    "Did you mean to include it in feature_list_dense_missing_assumed_empty or "
                    "feature_list_dense_defaults?"
                )
        for one in wanted(np, list_sparse_keys, self.feature_list_sparse_types):
            steps = _steps(lists, one)
            for place, step in enumerate(steps):
                if kind_of(step) not in (one.kind, None):
                    where = f"Name: {name}, Feature List: {one.key}, Index: {place}."
                    raise _mismatch(where, one, step)
            values, counts = joined(steps, one.kind)
            outputs[4].append(rows_and_columns(np, counts))
            outputs[5].append(values)
            outputs[6].append(np.array([len(steps), max(counts, default=0)], np.int64))
        for one, shape in zip(list_dense, self.feature_list_dense_shapes, strict=True):
            outputs[7].append(_list_dense(_steps(lists, one), one, shape, name))
        return [output for group in outputs for output in group]


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _mismatch(where: str, one: Wanted, feature: Any) -> InvalidArgumentError:
    return _invalid(
        f"{where}  Data types don't match. Expected type: {one.kind}  Feature is: {feature}"
    )


def _steps(lists: Any, one: Wanted) -> list[Any]:
    return list(lists[one.key].feature) if one.key in lists else []


def _context_dense(np: Any, context: Any, one: Wanted, name: str) -> Any:
    if one.key not in context:
        if not one.default.size:
            raise _invalid(
                f"Name: {name}, Context feature '{one.key}' is required but could not be found."
            )
        return np.array(one.default)
    feature = context[one.key]
    if kind_of(feature) != one.kind:
        raise _mismatch(f"Name: {name}, Context feature: {one.key}.", one, feature)
    _check_count(feature, one, one.shape, 0, name)
    return joined([feature], one.kind)[0].reshape(one.shape)


def _list_dense(steps: list[Any], one: Wanted, shape: Any, name: str) -> Any:
    for place, step in enumerate(steps):
        if kind_of(step) != one.kind:
            where = f"Name: {name}, Feature list: {one.key}, Index: {place}."
            raise _mismatch(where, one, step)
        _check_count(step, one, shape, place, name)
    return joined(steps, one.kind)[0].reshape(len(steps), *shape)


def _check_count(feature: Any, one: Wanted, shape: Any, place: int, name: str) -> None:
    count = value_count(feature, one.kind)
    if count == math.prod(shape):
        return
    # TensorFlow writes it in two ways.
    if one.kind == "string":
        raise _invalid(
            f"Name: {name}, Key {one.key}, Index: {place}.  Number of bytes values != expected.  "
            f"Values size: {count} but output shape: {format_shape(shape)}"
        )
    raise _invalid(
        f"Name: {name}, Key: {one.key}, Index: {place}.  Number of {one.kind} values != expected.  "
        f"values size: {count} but output shape: {format_shape(shape)}"
    )


def _shapes(op: Any, batch: tuple[int | None, ...], rows: tuple[None, ...]) -> list[Shape]:
    """Shapes of the outputs; `batch` is the axis of the batch or nothing, and so is `rows`."""
    for shape in (*op.context_dense_shapes, *op.feature_list_dense_shapes):
        if shape is None or None in shape:
            raise ShapeError(f"Shape {format_shape(shape)} is not fully defined")
    more = len(batch)
    context, lists = op.Ncontext_sparse, op.Nfeature_list_sparse
    return [
        *[(None, 1 + more)] * context,
        *[(None,)] * context,
        *[(1 + more,)] * context,
        *[concatenate(batch, shape) for shape in op.context_dense_shapes],
        *[(None, 2 + more)] * lists,
        *[(None,)] * lists,
        *[(2 + more,)] * lists,
        *[concatenate((*batch, None), shape) for shape in op.feature_list_dense_shapes],
    ]


class ParseSequenceExample(Op):
    """The features of a batch of serialized sequence examples, each as a sparse or dense tensor."""

    inputs = ("serialized: string", "debug_name: string", "context_dense_defaults: Tcontext_dense")
    outputs = (*_OUTPUTS, "feature_list_dense_lengths: Nfeature_list_dense*int64")
    feature_list_dense_missing_assumed_empty: list[str] = attr(minimum=0)
    context_sparse_keys: list[str] = attr(minimum=0)
    context_dense_keys: list[str] = attr(minimum=0)
    feature_list_sparse_keys: list[str] = attr(minimum=0)
    feature_list_dense_keys: list[str] = attr(minimum=0)
    Ncontext_sparse: int = attr(default=0, minimum=0)
    Ncontext_dense: int = attr(default=0, minimum=0)
    Nfeature_list_sparse: int = attr(default=0, minimum=0)
    Nfeature_list_dense: int = attr(default=0, minimum=0)
    context_sparse_types: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    Tcontext_dense: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    feature_list_dense_types: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    context_dense_shapes: list[Shape] = attr(default=(), minimum=0)
    feature_list_sparse_types: list[DType] = attr(FLOAT, INT64, STRING, default=(), minimum=0)
    feature_list_dense_shapes: list[Shape] = attr(default=(), minimum=0)

    def infer(self, serialized: Shape, debug_name: Shape, defaults: Any) -> list[Shape]:
        batch = with_rank(serialized, 1)
        with_rank(debug_name, 1)
        return [*_shapes(self, batch, (None,)), *[batch] * self.Nfeature_list_dense]

    def forward(self, np: Any, serialized: Any, debug_name: Any, defaults: list[Any]) -> list[Any]:
        if len(debug_name) and len(debug_name) != len(serialized):
            raise _invalid(
                f"Expected len(names) == len(serialized), but got: {len(debug_name)} vs. "
                f"{len(serialized)}"
            )
        names = [n.decode() for n in debug_name] or ["<unknown>"] * len(serialized)
        contexts, lists = [], []
        for text, name in zip(serialized, names, strict=True):
            try:
                context, feature_lists = parsed_sequence(text)
            except InvalidArgumentError:
                raise _invalid(f"Invalid protocol message input, example id: {name}") from None
            contexts.append(context)
            lists.append(feature_lists)
        outputs: list[Any] = [[] for _ in range(9)]
        dense = wanted(
            np, self.context_dense_keys, self.Tcontext_dense, self.context_dense_shapes, defaults
        )
        sparse = wanted(np, self.context_sparse_keys, self.context_sparse_types)
        list_dense = wanted(np, self.feature_list_dense_keys, self.feature_list_dense_types)
        list_sparse = wanted(np, self.feature_list_sparse_keys, self.feature_list_sparse_types)
        for one in (*dense, *sparse):
            _check_kinds(contexts, one, names)
        for one in (*list_dense, *list_sparse):
            _check_list_kinds(lists, one, names)
        for one in list_dense:
            if one.key not in self.feature_list_dense_missing_assumed_empty:
                for feature_lists, name in zip(lists, names, strict=True):
                    if one.key not in feature_lists:
                        raise _invalid(f"Missing feature {one.key} in example {name}")
        for one in dense:
            outputs[3].append(_batch_dense(np, contexts, one, names))
        for one in sparse:
            values, counts = joined([context.get(one.key) for context in contexts], one.kind)
            outputs[0].append(rows_and_columns(np, counts))
            outputs[1].append(values)
            outputs[2].append(np.array([len(contexts), max(counts, default=0)], np.int64))
        for one in list_sparse:
            for output, made in zip(outputs[4:7], _batch_ragged(np, lists, one), strict=True):
                output.append(made)
        for one, shape in zip(list_dense, self.feature_list_dense_shapes, strict=True):
            made, lengths = _batch_list_dense(np, lists, one, shape, names)
            outputs[7].append(made)
            outputs[8].append(lengths)
        return [output for group in outputs for output in group]


def _check_kinds(contexts: list[Any], one: Wanted, names: list[str]) -> None:
    for context, name in zip(contexts, names, strict=True):
        if one.key in context and kind_of(context[one.key]) not in (one.kind, None):
            raise _invalid(f"Error in context feature {one.key} in example {name}")


def _check_list_kinds(lists: list[Any], one: Wanted, names: list[str]) -> None:
    for feature_lists, name in zip(lists, names, strict=True):
        for step in _steps(feature_lists, one):
            if kind_of(step) not in (one.kind, None):
                raise _invalid(f"Error in sequence feature {one.key} in example {name}")


def _batch_dense(np: Any, contexts: list[Any], one: Wanted, names: list[str]) -> Any:
    features = [context.get(one.key) for context in contexts]
    values, counts = joined(features, one.kind)
    shape: Any = one.shape
    size = math.prod(shape)
    most = max([*counts, one.default.size])
    if most != size:
        # The number after "vs" is always 1 in TensorFlow.
        raise _invalid(f"Inconsistent number of elements for feature {one.key}: {most} vs 1")
    for feature, count, name in zip(features, counts, names, strict=True):
        if feature is None and not one.default.size:
            raise _invalid(
                f"Feature: {one.key} (data type: {one.kind}) is required but could not be found."
            )
        if feature is not None and count != size:
            raise _invalid(f"Unexpected number of elements in example {name}")
    dense = np.empty((len(features), size), values.dtype)
    dense[...] = one.default.reshape(-1) if one.default.size else values.dtype.type()
    dense[[feature is not None for feature in features]] = values.reshape(-1, size)
    return dense.reshape(len(features), *shape)


def _batch_ragged(np: Any, lists: list[Any], one: Wanted) -> tuple[Any, Any, Any]:
    """Positions `[count, 3]`, values and shape of a feature with any number of values a step."""
    steps = [_steps(feature_lists, one) for feature_lists in lists]
    lengths = [len(found) for found in steps]
    values, counts = joined([step for found in steps for step in found], one.kind)
    place = rows_and_columns(np, counts)
    which = rows_and_columns(np, lengths)
    indices = np.concatenate([which[place[:, 0]], place[:, 1:]], axis=1)
    shape = [len(lists), max(lengths, default=0), max(counts, default=0)]
    return indices, values, np.array(shape, np.int64)


def _batch_list_dense(
    np: Any, lists: list[Any], one: Wanted, shape: Any, names: list[str]
) -> tuple[Any, Any]:
    """`[batch, most steps, *shape]`, shorter ones filled up with zero, and their lengths."""
    steps = [_steps(feature_lists, one) for feature_lists in lists]
    size = math.prod(shape)
    values, counts = joined([step for found in steps for step in found], one.kind)
    lengths = [len(found) for found in steps]
    ends = np.cumsum(np.array(lengths, np.int64))
    sums = np.concatenate([[0], np.cumsum(np.array(counts, np.int64))])
    totals = np.diff(np.concatenate([[0], sums[ends]])).tolist()
    if size and max(totals, default=0) % size:
        raise _invalid(f"Unexpected shape error in feature {one.key}")
    for place, count in enumerate(counts):
        if count != size:
            name = names[int(np.searchsorted(ends, place, side="right"))]
            raise _invalid(f"Unexpected number of elements in feature {one.key}, example {name}")
    padding = b"" if one.kind == "string" else 0
    if not size:
        made = np.empty((len(lists), max(lengths, default=0), *shape), values.dtype)
    else:
        made = padded(np, values, totals, padding, shape)
    return made, np.array(lengths, np.int64)


@export("parse_single_sequence_example", "io.parse_single_sequence_example")
def parse_single_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """The features of one serialized `SequenceExample`: (those of its context, those of its steps).

    Args:
      serialized: a scalar string.
      context_features: names to `FixedLenFeature` (a dense tensor of its shape) or `VarLenFeature`
        (a `SparseTensor` `[values]`).
      sequence_features: names to `FixedLenSequenceFeature` (`[steps, ...]`) or `VarLenFeature` (a
        `SparseTensor` `[steps, most values]`).
      example_name: a scalar string for the messages of errors.
      name: of the node.

    Raises ValueError on features that lack something. A run raises InvalidArgumentError where the
    example cannot be parsed, lacks a feature, or has values of another type or number.
    """
    context, steps = _both_keys(context_features, sequence_features)
    with name_scope(name, "ParseSingleSequenceExample", [serialized, example_name]):
        _check_keys(context, steps)
        defaults = [default_of(key) for key in context.dense]
        outputs = raw.ParseSingleSequenceExample(
            serialized,
            steps.allow_missing,
            [key.name for key in context.sparse],
            [key.name for key in context.dense],
            [key.name for key in steps.sparse],
            [key.name for key in steps.dense],
            defaults,
            "" if example_name is None else example_name,
            context_sparse_types=types(context.sparse),
            context_dense_shapes=[TensorShape(key.shape) for key in context.dense],
            feature_list_sparse_types=types(steps.sparse),
            feature_list_dense_types=types(steps.dense),
            feature_list_dense_shapes=[TensorShape(key.shape) for key in steps.dense],
            name=name,
        )
        return _by_name(context, *outputs[:4]), _by_name(steps, *outputs[4:8])


def _both_keys(context_features: Any, sequence_features: Any) -> tuple[Keys, Keys]:
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = keys_of(context_features, (VarLenFeature, FixedLenFeature))
    steps = keys_of(sequence_features, (VarLenFeature, FixedLenSequenceFeature))
    return context, steps


def _check_keys(context: Keys, steps: Keys) -> None:
    check_apart(context)
    check_apart(steps)
    for key in steps.dense:
        if key.default_value is not None:
            raise ValueError(f"Value feature_list_dense_defaults[{key.name}] must be None")


def _by_name(keys: Keys, indices: Any, values: Any, shapes: Any, dense: Any) -> dict[Any, Tensor]:
    found: dict[Any, Any] = {
        key.name: SparseTensor(*parts)
        for key, *parts in zip(keys.sparse, indices, values, shapes, strict=True)
    }
    found.update(zip([key.name for key in keys.dense], dense, strict=True))
    return found


@export("io.parse_sequence_example")
def parse_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    """The features of a batch of serialized `SequenceExample`s, and the lengths of the dense ones.

    As `parse_single_sequence_example`, each tensor with an axis for the batch in front. Both
    `serialized` and `example_names` are strings `[batch]`. Shorter sequences are filled up with
    zero; their lengths, int64 `[batch]`, are in the third dict.
    """
    context, steps = _both_keys(context_features, sequence_features)
    with name_scope(name, "ParseSequenceExample", [serialized, example_names]):
        _check_keys(context, steps)
        defaults = [
            default_of(key) if key.default_value is None else named_default(key)
            for key in context.dense
        ]
        outputs = raw.ParseSequenceExample(
            serialized,
            [] if example_names is None else example_names,
            defaults,
            feature_list_dense_missing_assumed_empty=steps.allow_missing,
            context_sparse_keys=[key.name for key in context.sparse],
            context_dense_keys=[key.name for key in context.dense],
            feature_list_sparse_keys=[key.name for key in steps.sparse],
            feature_list_dense_keys=[key.name for key in steps.dense],
            Ncontext_sparse=len(context.sparse),
            Ncontext_dense=len(context.dense),
            Nfeature_list_sparse=len(steps.sparse),
            Nfeature_list_dense=len(steps.dense),
            context_sparse_types=types(context.sparse),
            context_dense_shapes=[TensorShape(key.shape) for key in context.dense],
            feature_list_sparse_types=types(steps.sparse),
            feature_list_dense_types=types(steps.dense),
            feature_list_dense_shapes=[TensorShape(key.shape) for key in steps.dense],
            name=name,
        )
        lengths = dict(zip([key.name for key in steps.dense], outputs[8], strict=True))
        return _by_name(context, *outputs[:4]), _by_name(steps, *outputs[4:8]), lengths
