"""Operations that move the rows of a saved matrix to another vocabulary."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import inference
from tflite_edu.core.dtypes import as_dtype, float32, kernel_name
from tflite_edu.core.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    OutOfRangeError,
    UnimplementedError,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.formats import files
from tflite_edu.formats.bundle_index import exists, read_index
from tflite_edu.formats.checkpoint_bundle import BundleReader
from tflite_edu.formats.tensor_slice import TensorSlice, shape_text


class GenerateVocabRemapping(Op):
    """The line in an old vocabulary file of each of some lines of a new one, -1 where it is absent.

    The second output says how many are there.
    """

    inputs = ("new_vocab_file: string", "old_vocab_file: string")
    outputs = ("remapping: int64", "num_present: int32")
    effect = "file"
    backward = None
    new_vocab_offset: int = attr(minimum=0)
    num_new_vocab: int = attr(minimum=0)
    old_vocab_size: int = attr(default=-1, minimum=-1)

    def infer(self, new_vocab_file, old_vocab_file):
        inference.with_rank(new_vocab_file, 0)
        inference.with_rank(old_vocab_file, 0)
        return [(self.num_new_vocab,), ()]

    def forward(self, host, new_vocab_file, old_vocab_file):
        np = host.np
        new = _lines(_text(new_vocab_file), -1)
        end = self.new_vocab_offset + self.num_new_vocab
        if len(new) < end:
            raise _invalid("lookup table size must be larger than last new vocab entry's line")
        numbers: dict[bytes, int] = {}
        for number, line in enumerate(_lines(_text(old_vocab_file), self.old_vocab_size)):
            if numbers.setdefault(line, number) != number:
                message = (
                    f"HashTable has different value for same key. Key {line.decode()} has "
                    f"{numbers[line]} and trying to add value {number}"
                )
                raise FailedPreconditionError(None, None, message)
        found = [numbers.get(line, -1) for line in new[self.new_vocab_offset : end]]
        remapping = np.array(found, np.int64)
        return remapping, np.array((remapping >= 0).sum(), np.int32)


def _lines(path: str, count: int) -> list[bytes]:
    """The first `count` lines of a file, all of them if it is -1."""
    with files.errors_of(path), open(path, "rb") as file:
        content = file.read()
    if not content:
        raise OutOfRangeError(None, None, "Read less bytes than requested")
    if count == 0:
        raise OutOfRangeError(None, None, f"Finished reading 0 of lines from {path}")
    lines = content.removesuffix(b"\n").split(b"\n")
    if count > len(lines):
        message = f"Invalid vocab_size in {path}: expected {count} but got {len(lines)}"
        raise _invalid(message)
    kept = lines if count == -1 else lines[:count]
    position = 0
    for line in kept:
        position += len(line) + 1
        if not line.replace(b"\r", b""):
            message = f"Invalid content in {path}: empty line found at position {position}."
            raise _invalid(message)
    return [line.replace(b"\r", b"") for line in kept]


class LoadAndRemapMatrix(Op):
    """Chosen rows and columns of a matrix in a checkpoint; `initializing_values` fill the others.

    `row_remapping` [num_rows] has old row numbers, -1 for a row that is filled. `col_remapping` is
    the same for columns, or empty where all stay. The matrix and the values, which fill the places
    row by row, are float32.
    """

    inputs = (
        *("ckpt_path: string", "old_tensor_name: string", "row_remapping: int64"),
        *("col_remapping: int64", "initializing_values: float"),
    )
    outputs = ("output_matrix: float",)
    effect = "file"
    stateful = True
    backward = None
    num_rows: int = attr(minimum=0)
    num_cols: int = attr(minimum=1)
    max_rows_in_memory: int = -1

    def infer(self, ckpt_path, old_tensor_name, row_remapping, col_remapping, initializing_values):
        inference.with_rank(row_remapping, 1)
        inference.with_rank(col_remapping, 1)
        return (self.num_rows, self.num_cols)

    def forward(
        self, host, ckpt_path, old_tensor_name, row_remapping, col_remapping, initializing_values
    ):
        np = host.np
        rows, columns = row_remapping, col_remapping
        if len(rows) != self.num_rows:
            raise _invalid(
                f"Size of row_remapping is {len(rows)} instead of being equal to "
                f"num_rows={self.num_rows}"
            )
        if len(columns) and len(columns) != self.num_cols:
            raise _invalid(
                f"Provided col_remapping, but its size is {len(columns)} instead of being equal to "
                f"num_cols={self.num_cols}"
            )
        _check_once(rows)
        _check_once(columns)
        name = _text(old_tensor_name)
        old, shape = _old_rows(_text(ckpt_path), name, rows)
        width = shape[1]
        if not len(columns):
            if width != self.num_cols:
                raise _invalid(
                    f"Tensor {name} has shape {shape_text(shape)}, where the size of its 2nd "
                    f"dimension is {width} instead of being equal to num_cols={self.num_cols}"
                )
            columns = np.arange(width)
        if (columns >= width).any():
            raise _invalid(f"col_remapping has {columns.max()}, but there are {width} columns")
        known = (rows >= 0)[:, None] & (columns >= 0)
        missing, given = int((~known).sum()), initializing_values.size
        if given < missing:
            raise _invalid(
                f"initializing_values contained {given} elements, but more missing values remain."
            )
        if given > missing:
            raise _invalid(
                f"initializing_values contained {given} elements, but only {missing} elements were "
                "used to fill in missing values."
            )
        result = np.empty((self.num_rows, self.num_cols), np.float32)
        result[~known] = initializing_values.ravel()
        kept_rows, kept_columns = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
        if len(kept_rows):
            first = rows[kept_rows].min()
            chosen = old[np.ix_(rows[kept_rows] - first, columns[kept_columns])]
            result[np.ix_(kept_rows, kept_columns)] = chosen
        return result


def _old_rows(path: str, name: str, rows: Any) -> tuple[Any, tuple[int, ...]]:
    """The rows of the saved matrix from the first to the last that is needed, and its shape."""
    if not exists(path):
        read_index(path)  # Raises what there is to say.
    with BundleReader(path) as reader:
        number, shape = reader.dtype_and_shape(name)
        if number != float32.as_datatype_enum:
            raise _invalid(
                f"Tensor {name} has invalid type {kernel_name(as_dtype(number))} instead of "
                "expected type float"
            )
        if len(shape) != 2:
            raise _invalid(
                f"Tensor {name} has shape {shape_text(shape)} of invalid rank {len(shape)} "
                "instead of expected shape of rank 2."
            )
        needed = rows[rows >= 0]
        if not len(needed):
            return None, shape
        first, last = int(needed.min()), int(needed.max())
        part = TensorSlice.of([(first, last - first + 1), (0, -1)])
        return reader.read_slice(name, part), shape


def _check_once(old: Any) -> None:
    """Checks that no old row or column is wanted twice."""
    seen: dict[int, int] = {}
    for new, number in enumerate(old.tolist()):
        if number >= 0 and seen.setdefault(number, new) != new:
            message = (
                f"Old ID {number} is mapped to both new ID {seen[number]} and {new}, "
                "which is not supported."
            )
            raise UnimplementedError(None, None, message)


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _text(value: Any) -> str:
    return bytes(value.item() if hasattr(value, "item") else value).decode()
