"""Strings split into parts, as sparse tensors."""

from __future__ import annotations

import re
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.ops.reductions import one_of


def _sparse(np: Any, parts: list[list[bytes]]) -> Any:
    """Lists of parts as indices, values and shape, a row a list."""
    lengths = np.array([len(row) for row in parts], np.int64)
    starts = np.cumsum(lengths) - lengths
    total = int(lengths.sum())
    columns = np.arange(total) - np.repeat(starts, lengths)
    indices = np.stack([np.repeat(np.arange(len(parts)), lengths), columns], axis=1)
    values = np.empty(total, object)
    values[:] = [part for row in parts for part in row]
    longest = int(lengths.max()) if len(parts) else 0
    return indices.astype(np.int64), values, np.array([len(parts), longest], np.int64)


def _check(np: Any, input: Any, sep: Any, name: str) -> bytes:
    if np.ndim(input) != 1:
        raise InvalidArgumentError(
            None, None, f"input must be a vector, got shape: {format_shape(np.shape(input))}"
        )
    if np.ndim(sep):
        raise InvalidArgumentError(
            None, None, f"{name} must be a scalar, got shape: {format_shape(np.shape(sep))}"
        )
    separator: bytes = np.asarray(sep, object).item()
    return separator


class StringSplit(Op):
    """Strings split at each of some characters; each into its bytes where there are none.

    Text has no numpy operation for it: a loop over strings.
    """

    inputs = ("input: string", "delimiter: string")
    outputs = ("indices: int64", "values: string", "shape: int64")
    backward = None
    skip_empty: bool = True

    def infer(self, input: Shape, delimiter: Shape) -> list[Shape]:
        with_rank(input, 1)
        with_rank(delimiter, 0)
        return [(None, 2), (None,), (2,)]

    def forward(self, np: Any, input: Any, delimiter: Any) -> Any:
        characters = _check(np, input, delimiter, "delimiter")
        if not characters:
            return _sparse(np, [[bytes([b]) for b in text] for text in input])
        at = re.compile(b"[" + re.escape(characters) + b"]")
        parts = [at.split(text) for text in input]
        if self.skip_empty:
            parts = [[part for part in row if part] for row in parts]
        return _sparse(np, parts)


@export("string_split")
def string_split(
    source: Any,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> SparseTensor:
    """The parts of strings between characters, `[strings, most parts]`, sparse.

    Args:
      source: `[strings]`.
      sep: a string scalar, each byte of which separates; " " by default. "" splits into bytes.
      skip_empty: whether empty parts are left out.
      delimiter: an older name of `sep`.
      result_type: "SparseTensor"; ragged tensors are not here.

    Raises ValueError on another rank or result type.
    """
    sep = one_of("sep", sep, "delimiter", delimiter)
    with name_scope(name, "StringSplit", [source]):
        sep = convert_to_tensor(" " if sep is None else sep, dtype=dtypes.string)
        source = convert_to_tensor(source, dtype=dtypes.string)
        _check_result_type(result_type)
        parts = raw.StringSplit(source, sep, skip_empty=skip_empty)
        for tensor, rank in zip(parts, (2, 1, 1), strict=True):
            tensor.get_shape().assert_has_rank(rank)
        return SparseTensor(*parts)


def _check_result_type(result_type: str) -> None:
    if result_type == "RaggedTensor":
        raise NotImplementedError("tflite_edu has no tf.RaggedTensor.")
    if result_type != "SparseTensor":
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")


class StringSplitV2(Op):
    """Strings split at a string, or at runs of spaces; a loop over strings."""

    inputs = ("input: string", "sep: string")
    outputs = ("indices: int64", "values: string", "shape: int64")
    maxsplit: int = -1

    def infer(self, input: Shape, sep: Shape) -> list[Shape]:
        with_rank(input, 1)
        with_rank(sep, 0)
        return [(None, 2), (None,), (2,)]

    def forward(self, np: Any, input: Any, sep: Any) -> Any:
        separator = _check(np, input, sep, "sep")
        if separator:
            return _sparse(np, [text.split(separator, self.maxsplit) for text in input])
        return _sparse(np, [text.split(None, self.maxsplit) for text in input])


@export("strings.split")
def split(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> SparseTensor:
    """The parts of strings as Python's `str.split` gives them, `[strings, most parts]`, sparse.

    Args:
      input: `[strings]`.
      sep: a string scalar that separates; by default (and with "") runs of spaces, those at the
        ends left out.
      maxsplit: how often a string is split at most, from its start; -1 for no limit.
      result_type: "SparseTensor"; ragged tensors are not here.
      source: an older name of `input`.

    Raises ValueError on another rank or result type.
    """
    input = one_of("input", input, "source", source)
    with name_scope(name, "StringSplit", [input]):
        input = convert_to_tensor(input, dtype=dtypes.string, name="input")
        _check_result_type(result_type)
        sep = convert_to_tensor("" if sep is None else sep, dtype=dtypes.string)
        return SparseTensor(*raw.StringSplitV2(input, sep, maxsplit=maxsplit))
