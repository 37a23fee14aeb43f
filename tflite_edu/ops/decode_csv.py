"""Lines of comma-separated values, a tensor for each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import (
    DOUBLE,
    FLOAT,
    INT32,
    INT64,
    STRING,
    DType,
    kernel_name,
)
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, with_rank_at_most
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor

_SPACE = rb"[ \t\n\v\f\r]*"
_INTEGER = re.compile(_SPACE + rb"(-?)(?=[0-9])0*([1-9][0-9]*)?" + _SPACE)
_REAL = re.compile(
    _SPACE
    + rb"[+-]?(?:0x(?P<hex>[0-9a-f]+)|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|nan)"
    + _SPACE,
    re.IGNORECASE,
)
_QUOTED = re.compile(rb'"([^"]*(?:""[^"]*)*)("?)')
_LIMITS = {INT32: 2**31, INT64: 2**63}
# An integer of more digits is out of range for any type; Python reads long ones slowly.
_MOST_DIGITS = 19
# TensorFlow takes no longer field for a real number, whatever is in it.
_LONGEST_REAL = 31
# Of fewer records each is taken apart by itself.
_WORTH_SPLITTING_AT_ONCE = 8


class DecodeCSV(Op):
    """The fields of records (RFC 4180, a record each), converted, a tensor for each column."""

    inputs = ("records: string", "record_defaults: OUT_TYPE")
    outputs = ("output: OUT_TYPE",)
    OUT_TYPE: list[DType] = attr(FLOAT, DOUBLE, INT32, INT64, STRING, minimum=1)
    field_delim: str = ","
    use_quote_delim: bool = True
    na_value: str = ""
    select_cols: list[int] = attr(default=())

    def infer(self, records: Shape, record_defaults: list[Shape]) -> list[Shape]:
        for default in record_defaults:
            with_rank_at_most(default, 1)
            if default and default[0] is not None and default[0] > 1:
                raise ShapeError(
                    "Shape of a default must be a length-0 or length-1 vector, or a scalar."
                )
        return [records] * len(self.OUT_TYPE)

    def forward(self, np: Any, records: Any, record_defaults: list[Any]) -> list[Any]:
        if len(self.field_delim.encode()) != 1:
            raise _invalid("field_delim should be only 1 char")
        defaults = [np.asarray(default) for default in record_defaults]
        for place, default in enumerate(defaults):
            if default.ndim > 1:
                raise _invalid("Each record default should be at most rank 1")
            if default.size > 1:
                raise _invalid(
                    f"There should only be 1 default per field but field {place} has {default.size}"
                )
        texts = [records] if isinstance(records, bytes) else records.ravel().tolist()
        shape = () if isinstance(records, bytes) else records.shape
        problems: list[tuple[int, int, str]] = []
        columns: Any = self._columns_at_once(np, texts)
        if columns is None:
            rows, problems = self._rows(texts)
            columns = list(zip(*rows, strict=True)) if rows else [()] * len(defaults)
        outputs = []
        missing = self.na_value.encode()
        for place, (column, default, dtype) in enumerate(
            zip(columns, record_defaults, self.OUT_TYPE, strict=True)
        ):
            try:
                values = _converted(np, column, missing, default, dtype)
            except _Problem as problem:
                message = str(problem).format(field=place)
                problems.append((problem.record, place, message))
                continue
            if not problems:
                outputs.append(values.reshape(shape))
        if problems:
            raise _invalid(min(problems)[2])
        return outputs

    def _columns_at_once(self, np: Any, records: list[bytes]) -> list[list[bytes]] | None:
        """The fields of every record by columns, where no record is unusual in any way; or None.

        All records are one text then, in which separators stand where they stand in the first.
        """
        delimiter = self.field_delim.encode()
        if len(records) < _WORTH_SPLITTING_AT_ONCE or b"" in records or delimiter in b'"\r\n':
            return None
        text = b"\n".join(records) + b"\n"
        if b"\r" in text or text.count(b"\n") != len(records):
            return None
        has_quotes = self.use_quote_delim and b'"' in text
        fields, separators = (_tokens if has_quotes else _pieces)(np, text, delimiter)
        width = separators.find(b"\n") + 1
        if separators != (delimiter * (width - 1) + b"\n") * len(records):
            return None
        chosen = self.select_cols or range(width)
        if len(chosen) != len(self.OUT_TYPE) or max(chosen) >= width:
            return None
        columns = [fields[column::width] for column in chosen]
        return [_unquoted(column) for column in columns] if has_quotes else columns

    def _rows(self, records: list[bytes]) -> tuple[list[list[bytes]], list[tuple[int, int, str]]]:
        """The fields of every record up to the first that is wrong, and what is wrong with it."""
        splitter = _Splitter(self.field_delim.encode(), self.use_quote_delim)
        count = len(self.OUT_TYPE)
        rows: list[list[bytes]] = []
        for place, record in enumerate(records):
            try:
                fields = splitter.fields(record)
            except ValueError as error:
                return rows, [(place, -1, str(error))]
            if self.select_cols:
                fields = [fields[c] for c in self.select_cols if c < len(fields)]
            if len(fields) != count:
                message = f"Expect {count} fields but have {len(fields)} in record {place}"
                return rows, [(place, -1, message)]
            rows.append(fields)
        return rows, []


def _pieces(np: Any, text: bytes, delimiter: bytes) -> tuple[list[bytes], bytes]:
    """What lies between separators, delimiters and ends of lines, and the separators in a row."""
    characters = np.frombuffer(text, np.uint8)
    is_separator = (characters == ord(delimiter)) | (characters == ord("\n"))
    fields = text.replace(b"\n", delimiter).split(delimiter)
    return fields[:-1], characters[is_separator].tobytes()


def _tokens(np: Any, text: bytes, delimiter: bytes) -> tuple[list[bytes], bytes]:
    """`_pieces` where fields may be quoted; fewer of both where that is not well formed."""
    outside = re.escape(delimiter) + rb"\n"
    # What is no field ends the search: the rest is not tried from every character on.
    token = rb'("[^"]*(?:""[^"]*)*"|[^"%b]*)([%b])|(?s:.+)' % (outside, outside)
    fields, separators = zip(*re.findall(token, text), strict=True)
    return list(fields), b"".join(separators)


def _unquoted(column: list[bytes]) -> list[bytes]:
    if b'"' not in b"".join(column):
        return column
    return [
        field[1:-1].replace(b'""', b'"') if field.startswith(b'"') else field for field in column
    ]


class _Problem(Exception):
    """A field that cannot be converted; {field} in the message stands for the column."""

    def __init__(self, record: int, message: str) -> None:
        super().__init__(message)
        self.record = record


class _Splitter:
    """Takes records apart at the delimiter."""

    def __init__(self, delimiter: bytes, has_quotes: bool) -> None:
        self._delimiter = delimiter
        self._has_quotes = has_quotes

    def fields(self, record: bytes) -> list[bytes]:
        """The fields of a record; raises ValueError where it is not well formed."""
        if not record:
            return []
        if self._has_quotes and b'"' in record:
            return list(self._with_quotes(record))
        if b"\n" in record or b"\r" in record:
            raise ValueError("Unquoted fields cannot have quotes/CRLFs inside")
        return record.split(self._delimiter)

    def _with_quotes(self, record: bytes) -> Any:
        place, end = 0, len(record)
        while True:
            if record[place : place + 1] == b'"':
                match = _QUOTED.match(record, place)
                assert match is not None
                place = match.end()
                if not match[2]:
                    raise ValueError("Quoted field has to end with quote followed by delim or end")
                if place < end and record[place : place + 1] != self._delimiter:
                    raise ValueError("Quote inside a string has to be escaped by another quote")
                yield match[1].replace(b'""', b'"')
            else:
                stop = record.find(self._delimiter, place)
                stop = end if stop < 0 else stop
                field = record[place:stop]
                if b'"' in field or b"\n" in field or b"\r" in field:
                    raise ValueError("Unquoted fields cannot have quotes/CRLFs inside")
                yield field
                place = stop
            if place >= end:
                return
            place += 1


def _converted(np: Any, column: Sequence[bytes], missing: bytes, default: Any, dtype: DType) -> Any:
    """A column as an array; raises the _Problem of its first field that is wrong."""
    absent: list[int] = []
    if b"" in column or missing in column:
        absent = [place for place, field in enumerate(column) if not field or field == missing]
    problem = None
    if absent and not np.size(default):
        message = f"Field {{field}} is required but missing in record {absent[0]}!"
        column, absent, problem = column[: absent[0]], [], _Problem(absent[0], message)
    kept: Sequence[int] = range(len(column))
    present = column
    if absent:
        skipped = set(absent)
        kept = [place for place in kept if place not in skipped]
        present = [column[place] for place in kept]
    values = present if dtype is STRING else _plain_numbers(np, present, dtype)
    if values is None:
        values = [_number(field, dtype) for field in present]
        if None in values:
            which = values.index(None)
            shown = present[which].decode("utf-8", "replace").replace("{", "{{").replace("}", "}}")
            raise _Problem(
                kept[which],
                f"Field {{field}} in record {kept[which]} is not a valid {kernel_name(dtype)}: "
                f"{shown}",
            )
    if problem is not None:
        raise problem
    made = np.empty(len(column), dtype.as_numpy_dtype)
    if not absent:
        made[:] = values
        return made
    made[absent] = default if isinstance(default, bytes) else np.ravel(default)[0]
    made[kept] = values
    return made


def _plain_numbers(np: Any, fields: Sequence[bytes], dtype: DType) -> Any:
    """The numbers in fields of decimals and spaces alone; None where some have no number."""
    text = b",".join(fields)
    try:
        if dtype in _LIMITS:
            if text.translate(None, b"0123456789-, "):
                return None
            return np.array(list(map(int, fields)), dtype.as_numpy_dtype)
        if (
            text.translate(None, b"0123456789+-.eE, ")
            or max(map(len, fields), default=0) > _LONGEST_REAL
        ):
            return None
        return list(map(float, fields))
    except (ValueError, OverflowError):
        return None


def _number(field: bytes, dtype: DType) -> Any:
    """The number that a field holds, None where it holds none of that type."""
    limit = _LIMITS.get(dtype)
    if limit is not None:
        match = _INTEGER.fullmatch(field)
        if match is None or len(digits := match[2] or b"0") > _MOST_DIGITS:
            return None
        number = int(match[1] + digits)
        return number if -limit <= number < limit else None
    match = _REAL.fullmatch(field) if len(field) <= _LONGEST_REAL else None
    if match is None:
        return None
    if match["hex"] is None:
        return float(field)
    size = float(int(match["hex"], 16))
    return -size if b"-" in field else size


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@export("decode_csv", "io.decode_csv")
def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: Sequence[int] | None = None,
) -> list[Tensor]:
    """The columns of records of comma-separated values, each a tensor of the shape of `records`.

    Args:
      records: strings, a record each, without the end of a line.
      record_defaults: for each column a tensor of float32, float64, int32, int64 or string that
        gives its type: with one element, which stands for an empty field, or with none where a
        field must not be empty.
      field_delim: the one character between fields.
      use_quote_delim: whether a field may stand in double quotes, doubled where it has some itself.
      name: of the node.
      na_value: another text of empty fields.
      select_cols: the columns to give, in increasing order; all where None.

    Raises ValueError on columns that do not fit. A run raises InvalidArgumentError on a record with
    more or fewer fields, one that is not well formed, or a field that is no number.
    """
    if select_cols is not None:
        if any(a >= b for a, b in zip(select_cols, select_cols[1:], strict=False)):
            raise ValueError("select_cols is not strictly increasing.")
        if any(column < 0 for column in select_cols):
            raise ValueError("select_cols contains negative values.")
        if len(select_cols) != len(record_defaults):
            raise ValueError("Length of select_cols and record_defaults do not match.")
    found: list[Tensor] = raw.DecodeCSV(
        records,
        record_defaults,
        field_delim=field_delim,
        use_quote_delim=use_quote_delim,
        na_value=na_value,
        select_cols=select_cols,
        name=name,
    )
    return found
