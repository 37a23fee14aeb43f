"""The nodes of lookup tables: tables that a session keeps, filled, asked, listed.

At run time the value of a table's handle is a `Table`: a Python dict under a lock. Each key is
looked up by itself; numpy has no hash table.
"""

from __future__ import annotations

import threading
from typing import Any

from tflite_edu.core.dtypes import STRING, DType
from tflite_edu.core.errors import FailedPreconditionError, InvalidArgumentError, OutOfRangeError
from tflite_edu.core.host import Host
from tflite_edu.core.inference import format_shape, merge, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape, concatenate
from tflite_edu.formats import files

# What stands for a column in a file: the whole line, or its number.
WHOLE_LINE = -2
LINE_NUMBER = -1


class Table:
    """Keys and values; `fixed` ones are filled once and cannot be asked before."""

    def __init__(
        self, key_dtype: DType, value_dtype: DType, value_shape: tuple[int, ...], fixed: bool
    ) -> None:
        self.key_dtype = key_dtype
        self.value_dtype = value_dtype
        self.value_shape = value_shape
        self.fixed = fixed
        self.filled = not fixed
        self.lock = threading.Lock()
        self.values: dict[Any, Any] = {}

    def fill(self, keys: list[Any], values: list[Any]) -> None:
        """Fills a fixed table, a second time with the same.

        Raises FailedPreconditionError where a key has two values or it was filled with others.
        """
        with self.lock:
            found: dict[Any, Any] = {}
            for key, value in zip(keys, values, strict=True):
                if found.setdefault(key, value) != value:
                    raise FailedPreconditionError(
                        None,
                        None,
                        f"HashTable has different value for same key. Key {_shown(key)} has "
                        f"{_shown(found[key])} and trying to add value {_shown(value)}",
                    )
            if self.filled and found != self.values:
                raise FailedPreconditionError(
                    None, None, "Table was already initialized with different data."
                )
            self.values, self.filled = found, True

    def check_filled(self) -> None:
        """Raises FailedPreconditionError before the table is filled."""
        if not self.filled:
            raise FailedPreconditionError(None, None, "Table not initialized.")


def _shown(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _listed(np: Any, array: Any) -> list[Any]:
    """The elements of an array as Python values."""
    found: list[Any] = np.ravel(array).tolist()
    return found


def _array(np: Any, values: list[Any], dtype: DType, shape: tuple[int, ...]) -> Any:
    if dtype == STRING:
        array = np.empty(len(values), object)
        array[:] = values
        return array.reshape(shape)
    return np.array(values, dtype.as_numpy_dtype).reshape(shape)


def _rows(np: Any, values: Any, count: int) -> list[Any]:
    """The value of each of `count` keys: Python values, or arrays of their own."""
    if values.size == count and values.ndim <= 1:
        return _listed(np, values)
    return list(np.array(values.reshape(count, -1)))


class _TableOp(Op, abstract=True):
    """A table that nodes of a session share by its name."""

    outputs = ("table_handle: resource",)
    effect, stateful = "queue", True
    backward = None
    fixed = False

    def infer(self) -> Shape:
        return ()

    def forward(self: Any, host: Host) -> Table:
        name = self.shared_name or host.operation.name
        shape = getattr(self, "value_shape", ())

        def make() -> Table:
            return Table(self.key_dtype, self.value_dtype, tuple(shape or ()), self.fixed)

        table: Table = host.resource("table", f"{self.container}/{name}", make)
        if (table.key_dtype, table.value_dtype) != (self.key_dtype, self.value_dtype):
            raise InvalidArgumentError(
                None,
                None,
                f"Conflicting key/value dtypes {self.key_dtype.name}->{self.value_dtype.name} with "
                f"{table.key_dtype.name}-{table.value_dtype.name} for table {name}",
            )
        return table


class HashTableV2(_TableOp):
    """A table that is filled once."""

    fixed = True
    container: str = ""
    shared_name: str = ""
    use_node_name_sharing: bool = False
    key_dtype: DType
    value_dtype: DType


class _Mutable(_TableOp, abstract=True):
    """A table whose handle tells the shape and dtype of its values."""

    def handles(self: Any, op: Any) -> list[Any]:
        return [(getattr(self, "value_shape", ()), self.value_dtype)]


class MutableHashTableV2(_Mutable):
    """A table that starts empty, and that nodes put keys into and take keys out of."""

    container: str = ""
    shared_name: str = ""
    use_node_name_sharing: bool = False
    key_dtype: DType
    value_dtype: DType


class MutableHashTableOfTensorsV2(_Mutable):
    """The same with a vector for each key."""

    container: str = ""
    shared_name: str = ""
    use_node_name_sharing: bool = False
    key_dtype: DType
    value_dtype: DType
    value_shape: Shape = ()


class LookupTableFindV2(Op):
    """The values of keys, a default one for those that are not there."""

    inputs = ("table_handle: resource", "keys: Tin", "default_value: Tout")
    outputs = ("values: Tout",)
    effect, stateful = "queue", True
    infer_from = {"table_handle": "handle"}
    backward = None
    Tin: DType
    Tout: DType

    def infer(self, table_handle: Any, keys: Shape, default_value: Shape) -> Shape:
        return None if table_handle is None else concatenate(keys, table_handle[0])

    def forward(self, host: Host, table: Table, keys: Any, default_value: Any) -> Any:
        np = host.np
        _check_dtypes(table, self.Tin, self.Tout)
        table.check_filled()
        shape = tuple(table.value_shape)
        if np.shape(default_value) != shape:
            raise InvalidArgumentError(
                None,
                None,
                f"Expected shape {format_shape(shape)} for default value, got "
                f"{format_shape(np.shape(default_value))}",
            )
        default = np.asarray(default_value).tolist() if not shape else default_value
        with table.lock:
            values = table.values
            found = [values.get(key, default) for key in _listed(np, keys)]
        return _array(np, found, self.Tout, (*np.shape(keys), *shape))


def _check_dtypes(table: Table, key_dtype: DType, value_dtype: DType) -> None:
    if (table.key_dtype, table.value_dtype) != (key_dtype, value_dtype):
        raise InvalidArgumentError(
            None,
            None,
            f"Conflicting key/value dtypes {key_dtype.name}->{value_dtype.name} with "
            f"{table.key_dtype.name}-{table.value_dtype.name}",
        )


class LookupTableSizeV2(Op):
    """The number of keys in a table."""

    inputs, outputs = ("table_handle: resource",), ("size: int64",)
    effect, stateful = "queue", True
    backward = None

    def infer(self, table_handle: Shape) -> Shape:
        with_rank(table_handle, 0)
        return ()

    def forward(self, host: Host, table: Table) -> Any:
        return host.np.int64(len(table.values))


class LookupTableExportV2(Op):
    """All keys of a table and their values, in the order in which they came into it."""

    inputs = ("table_handle: resource",)
    outputs = ("keys: Tkeys", "values: Tvalues")
    effect, stateful = "queue", True
    Tkeys: DType
    Tvalues: DType
    infer_from = {"table_handle": "handle"}

    def infer(self, table_handle: Any) -> list[Shape]:
        count: Shape = (None,)
        return [count, None if table_handle is None else concatenate(count, table_handle[0])]

    def forward(self, host: Host, table: Table) -> Any:
        np = host.np
        with table.lock:
            keys, values = list(table.values), list(table.values.values())
        shape = (len(keys), *table.value_shape)
        return _array(np, keys, self.Tkeys, (len(keys),)), _array(np, values, self.Tvalues, shape)


class _Put(Op, abstract=True):
    """Puts keys and their values into a table."""

    inputs = ("table_handle: resource", "keys: Tin", "values: Tout")
    effect, stateful = "queue", True

    def infer(self, table_handle: Shape, keys: Shape, values: Shape) -> list[Shape]:
        with_rank(table_handle, 0)
        return []

    def check(self: Any, np: Any, table: Table, keys: Any, values: Any) -> None:
        """Raises InvalidArgumentError where keys and values do not fit the table."""
        _check_dtypes(table, self.Tin, self.Tout)
        expected = concatenate(np.shape(keys), tuple(table.value_shape))
        if np.shape(values) != expected:
            raise InvalidArgumentError(
                None,
                None,
                f"Expected shape {format_shape(expected)} for value, got "
                f"{format_shape(np.shape(values))}",
            )


class LookupTableInsertV2(_Put):
    """Puts keys and their values into a table, in place of what they had."""

    backward = None
    Tin: DType
    Tout: DType

    def forward(self, host: Host, table: Table, keys: Any, values: Any) -> Any:
        np = host.np
        if table.fixed:
            raise InvalidArgumentError(None, None, "Insert not supported by HashTable")
        self.check(np, table, keys, values)
        listed = _listed(np, keys)
        with table.lock:
            table.values.update(zip(listed, _rows(np, values, len(listed)), strict=True))
        return []


class LookupTableImportV2(_Put):
    """Puts keys and their values into a table in place of all that it had."""

    Tin: DType
    Tout: DType

    def infer(self, table_handle: Shape, keys: Shape, values: Shape) -> list[Shape]:
        with_rank(table_handle, 0)
        merge(keys, values)
        return []

    def forward(self, host: Host, table: Table, keys: Any, values: Any) -> Any:
        np = host.np
        self.check(np, table, keys, values)
        listed = _listed(np, keys)
        rows = _rows(np, values, len(listed))
        if table.fixed:
            table.fill(listed, rows)
        else:
            with table.lock:
                table.values = dict(zip(listed, rows, strict=True))
        return []


class InitializeTableV2(_Put):
    """Fills a table with keys and their values."""

    backward = None
    Tkey: DType
    Tval: DType
    inputs = ("table_handle: resource", "keys: Tkey", "values: Tval")

    def infer(self, table_handle: Shape, keys: Shape, values: Shape) -> list[Shape]:
        with_rank(table_handle, 0)
        merge(with_rank(keys, 1), values)
        return []

    def forward(self, host: Host, table: Table, keys: Any, values: Any) -> Any:
        np = host.np
        _check_dtypes(table, self.Tkey, self.Tval)
        if np.shape(keys) != np.shape(values):
            raise InvalidArgumentError(
                None,
                None,
                f"Keys and values must have the same size {np.size(keys)} vs {np.size(values)}",
            )
        table.fill(_listed(np, keys), _listed(np, values))
        return []


class LookupTableRemoveV2(Op):
    """Takes keys out of a table; those that are not there do not matter."""

    inputs = ("table_handle: resource", "keys: Tin")
    effect, stateful = "queue", True
    Tin: DType

    def infer(self, table_handle: Shape, keys: Shape) -> list[Shape]:
        with_rank(table_handle, 0)
        return []

    def forward(self, host: Host, table: Table, keys: Any) -> Any:
        with table.lock:
            for key in _listed(host.np, keys):
                table.values.pop(key, None)
        return []


class InitializeTableFromTextFileV2(Op):
    """Fills a table from the lines of a file: whole lines, their numbers, or columns of them."""

    inputs = ("table_handle: resource", "filename: string")
    effect, stateful = "queue", True
    backward = None
    key_index: int = attr(minimum=-2)
    value_index: int = attr(minimum=-2)
    vocab_size: int = attr(default=-1, minimum=-1)
    delimiter: str = "\t"

    def infer(self, table_handle: Shape, filename: Shape) -> list[Shape]:
        with_rank(table_handle, 0)
        with_rank(filename, 0)
        return []

    def forward(self, host: Host, table: Table, filename: Any) -> Any:
        path = host.np.asarray(filename, object).item().decode("utf-8", "surrogateescape")
        if table.filled:
            return []
        lines = self._lines(path)
        keys = [self._field(path, *line, self.key_index, table.key_dtype) for line in lines]
        values = [self._field(path, *line, self.value_index, table.value_dtype) for line in lines]
        table.fill(keys, values)
        return []

    def _lines(self, path: str) -> list[tuple[int, bytes]]:
        with files.errors_of(path), open(path, "rb") as file:
            content = file.read()
        if not content:
            raise OutOfRangeError(None, None, "Read less bytes than requested")
        lines = [line.replace(b"\r", b"") for line in content.removesuffix(b"\n").split(b"\n")]
        if self.vocab_size > len(lines):
            raise InvalidArgumentError(
                None,
                None,
                f"Invalid vocab_size in {path}: expected {self.vocab_size} but got {len(lines)}",
            )
        kept = lines if self.vocab_size < 0 else lines[: self.vocab_size]
        return list(enumerate(kept))

    def _field(self, path: str, number: int, line: bytes, index: int, dtype: DType) -> Any:
        if index == LINE_NUMBER:
            return number
        text = line
        if index >= 0:
            fields = line.split(self.delimiter.encode())
            needed = max(self.key_index, self.value_index) + 1
            if len(fields) < needed:
                # TensorFlow's message gives the number that there are twice.
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Invalid number of columns in {path} line {number} ({_shown(line)}) : "
                    f"expected {len(fields)} got {len(fields)}",
                )
            text = fields[index]
        if dtype == STRING:
            return text
        try:
            return float(text) if dtype.is_floating else int(text)
        except ValueError:
            raise InvalidArgumentError(
                None,
                None,
                f"Field {_shown(text)} in line {number} is not a valid {dtype.name}.",
            ) from None
