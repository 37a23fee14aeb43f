"""Lookup tables: from keys to values, from words to numbers and back."""

from __future__ import annotations

import uuid
from numbers import Integral
from typing import Any, NamedTuple

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType, as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.graph_collections import add_to_collection, get_collection
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import colocate_with, device, name_scope
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.control import group, no_op
from tflite_edu.ops.lookup_tables import LINE_NUMBER as _LINE_NUMBER
from tflite_edu.ops.lookup_tables import WHOLE_LINE as _WHOLE_LINE


@export("tables_initializer", "initializers.tables_initializer")
def tables_initializer(name: str = "init_all_tables") -> Operation:
    """A node that fills all tables of the graph that are filled once."""
    initializers = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*initializers, name=name) if initializers else no_op(name=name)


@export("lookup.TextFileIndex", "contrib.lookup.TextFileIndex")
class TextFileIndex:
    """What of a line is a key or a value, where it is no column (0, 1, ...)."""

    WHOLE_LINE = _WHOLE_LINE
    LINE_NUMBER = _LINE_NUMBER


@export("contrib.lookup.TableInitializerBase")
class TableInitializerBase:
    """What fills a table: `initialize(table)` gives the node that does it."""

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype, self._value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    @property
    def key_dtype(self) -> DType:
        """The type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        """The type of the values."""
        return self._value_dtype

    @property
    def _shared_name(self) -> str:
        return f"hash_table_{uuid.uuid4()}"

    def _check(self, table: Any) -> None:
        for what, mine, its in (
            ("key", self.key_dtype, table.key_dtype),
            ("value", self.value_dtype, table.value_dtype),
        ):
            if mine.base_dtype != its.base_dtype:
                raise TypeError(
                    f"Invalid {what} dtype, expected {mine.base_dtype} but got {its.base_dtype}."
                )

    def initialize(self, table: Any) -> Operation:
        """The node that fills `table`."""
        raise NotImplementedError


@export("lookup.KeyValueTensorInitializer", "contrib.lookup.KeyValueTensorInitializer")
class KeyValueTensorInitializer(TableInitializerBase):
    """Fills a table with given keys and values.

    Args:
      keys, values: `[n]`; tensors, or what makes some.
      key_dtype, value_dtype: their types where they are no tensors.
      name: the scope of the node.
    """

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        self._keys = convert_to_tensor(keys, dtype=key_dtype, name="keys")
        self._values = convert_to_tensor(values, dtype=value_dtype, name="values")
        self._name = "key_value_init" if name is None else name
        super().__init__(self._keys.dtype, self._values.dtype)

    def initialize(self, table: Any) -> Operation:
        """The node that fills `table`. Raises TypeError where the types differ."""
        self._check(table)
        with name_scope(self._name, None, (table.resource_handle, self._keys, self._values)):
            made: Operation = raw.LookupTableImportV2(
                table.resource_handle, self._keys, self._values
            )
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, made)
        return made


@export("lookup.TextFileInitializer", "contrib.lookup.TextFileInitializer")
class TextFileInitializer(TableInitializerBase):
    r"""Fills a table from the lines of a file.

    Args:
      filename: the file, a string or a scalar.
      key_dtype, value_dtype: the types.
      key_index, value_index: what of a line it is: `TextFileIndex.WHOLE_LINE` (strings),
        `TextFileIndex.LINE_NUMBER` (int64) or a column from 0.
      vocab_size: how many lines are read, all by default.
      delimiter: what is between columns.
      name: the scope of the node.

    Raises ValueError where the types do not fit what is read.
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
    ) -> None:
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError(f"Filename required for {name}.")
        self._filename_arg = filename
        key_dtype, value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)
        for what, index, dtype in (
            ("Key", key_index, key_dtype),
            ("Value", value_index, value_dtype),
        ):
            if index < _WHOLE_LINE:
                raise ValueError(f"Invalid {what.lower()} index {index}.")
            if index == _LINE_NUMBER and dtype != dtypes.int64:
                raise ValueError(
                    f"Signature mismatch. {what}s must be dtype {dtypes.int64}, got {dtype}."
                )
            if index == _WHOLE_LINE and not (
                dtype == dtypes.string or (what == "Key" and dtype.is_integer)
            ):
                raise ValueError(
                    f"Signature mismatch. {what}s must be dtype {dtypes.string}, got {dtype}."
                )
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self._key_index, self._value_index = key_index, value_index
        self._vocab_size, self._delimiter = vocab_size, delimiter
        self._name = "text_file_init" if name is None else name
        with device("/device:CPU:*"):
            self._filename = convert_to_tensor(filename, dtype=dtypes.string, name="asset_path")
        super().__init__(key_dtype, value_dtype)

    @property
    def _shared_name(self) -> str:
        size = "" if self._vocab_size is None else f"_{self._vocab_size}"
        return f"hash_table_{self._filename_arg}{size}_{self._key_index}_{self._value_index}"

    def initialize(self, table: Any) -> Operation:
        """The node that fills `table`. Raises TypeError where the types differ."""
        self._check(table)
        with name_scope(self._name, None, (table.resource_handle,)):
            made: Operation = raw.InitializeTableFromTextFileV2(
                table.resource_handle,
                self._filename,
                key_index=self._key_index,
                value_index=self._value_index,
                vocab_size=-1 if self._vocab_size is None else self._vocab_size,
                delimiter=self._delimiter,
            )
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, made)
        if self._filename.op.type == "Const":
            add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)
        return made


@export("contrib.lookup.TextFileStringTableInitializer")
class TextFileStringTableInitializer(TextFileInitializer):
    """Fills a table from line numbers (int64) to lines; see `TextFileInitializer`."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = _LINE_NUMBER,
        value_column_index: int = _WHOLE_LINE,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_string_table_init",
    ) -> None:
        super().__init__(
            filename,
            dtypes.int64,
            key_column_index,
            dtypes.string,
            value_column_index,
            vocab_size=vocab_size,
            delimiter=delimiter,
            name=name,
        )


@export("contrib.lookup.TextFileIdTableInitializer")
class TextFileIdTableInitializer(TextFileInitializer):
    """Fills a table from lines to line numbers (int64); see `TextFileInitializer`."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = _WHOLE_LINE,
        value_column_index: int = _LINE_NUMBER,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_id_table_init",
        key_dtype: Any = dtypes.string,
    ) -> None:
        super().__init__(
            filename,
            key_dtype,
            key_column_index,
            dtypes.int64,
            value_column_index,
            vocab_size=vocab_size,
            delimiter=delimiter,
            name=name,
        )


@export("contrib.lookup.LookupInterface")
class LookupInterface:
    """What all tables have: the types of keys and values, a name, `lookup` and `size`."""

    _name = ""

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype, self._value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    @property
    def key_dtype(self) -> DType:
        """The type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        """The type of the values."""
        return self._value_dtype

    @property
    def name(self) -> str:
        """The last part of the name of the table's node."""
        return self._name


class _Handled(LookupInterface):
    """A table that has a node of its own."""

    def __init__(self, handle: Tensor, key_dtype: Any, value_dtype: Any) -> None:
        super().__init__(key_dtype, value_dtype)
        self._handle = handle
        self._name = handle.op.name.split("/")[-1]

    @property
    def resource_handle(self) -> Tensor:
        """The handle of the table."""
        return self._handle

    def size(self, name: str | None = None) -> Tensor:
        """The number of keys, int64."""
        with name_scope(name, f"{self.name}_Size", (self._handle,)):
            return raw.LookupTableSizeV2(self._handle)


@export("contrib.lookup.InitializableLookupTableBase")
class InitializableLookupTableBase(_Handled):
    """A table that an initializer fills once."""

    _shared_name = ""
    _node_name = "hash_table"

    def __init__(self, default_value: Any, initializer: Any) -> None:
        default = convert_to_tensor(default_value, dtype=initializer.value_dtype)
        default.get_shape().merge_with(())
        handle = raw.HashTableV2(
            shared_name=self._shared_name,
            key_dtype=initializer.key_dtype,
            value_dtype=initializer.value_dtype,
            name=self._node_name,
        )
        super().__init__(handle, initializer.key_dtype, initializer.value_dtype)
        self._default_value = default
        self._init = initializer.initialize(self)

    @property
    def default_value(self) -> Tensor:
        """The value of keys that are not there."""
        return self._default_value

    @property
    def initializer(self) -> Operation:
        """The node that fills the table."""
        return self._init

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The values of `keys`, a tensor or a sparse one, the default where one is not there.

        Raises TypeError where the keys are of another type; a run raises FailedPreconditionError
        before the table was filled.
        """
        sparse = isinstance(keys, SparseTensor)
        found = keys.values if sparse else keys
        if keys.dtype.base_dtype != self.key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self.key_dtype}, got {keys.dtype}."
            )
        with name_scope(name, f"{self.name}_Lookup", (self._handle, found, self._default_value)):
            values = raw.LookupTableFindV2(self._handle, found, self._default_value)
        values.set_shape(found.get_shape())
        if sparse:
            return SparseTensor(keys.indices, values, keys.dense_shape)
        return values

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values."""
        with name_scope(name, f"{self.name}_Export", [self._handle]):
            keys, values = raw.LookupTableExportV2(
                self._handle, Tkeys=self.key_dtype, Tvalues=self.value_dtype
            )
        values.set_shape(keys.get_shape().concatenate([]))
        return keys, values


@export("lookup.StaticHashTable")
class StaticHashTable(InitializableLookupTableBase):
    """A table that is filled once, by `initializer`; other keys have `default_value`."""

    def __init__(self, initializer: Any, default_value: Any, name: str | None = None) -> None:
        self._shared_name = initializer._shared_name
        self._node_name = name or "hash_table"
        super().__init__(default_value, initializer)


@export("contrib.lookup.HashTable")
class HashTable(InitializableLookupTableBase):
    """A table that is filled once, by `initializer`; other keys have `default_value`.

    Tables of one `shared_name` in a session are one.
    """

    def __init__(
        self,
        initializer: Any,
        default_value: Any,
        shared_name: str | None = None,
        name: str | None = None,
    ) -> None:
        self._shared_name = shared_name or ""
        self._node_name = name or "hash_table"
        super().__init__(default_value, initializer)

    @property
    def init(self) -> Operation:
        """The node that fills the table."""
        return self.initializer


@export("contrib.lookup.MutableHashTable")
class MutableHashTable(_Handled):
    """A table that starts empty, and that nodes put keys into.

    `default_value` is what other keys have, a scalar or a vector; it tells the shape of values.
    `checkpoint` adds the node that lists the table; a Saver here does not save tables.
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str = "MutableHashTable",
        checkpoint: bool = True,
    ) -> None:
        self._default_value = convert_to_tensor(default_value, dtype=value_dtype)
        shape = self._default_value.get_shape()
        if shape.ndims == 0:
            handle = raw.MutableHashTableV2(
                shared_name="",
                use_node_name_sharing=checkpoint,
                key_dtype=key_dtype,
                value_dtype=value_dtype,
                name=name,
            )
        else:
            handle = raw.MutableHashTableOfTensorsV2(
                shared_name="",
                use_node_name_sharing=checkpoint,
                key_dtype=key_dtype,
                value_dtype=value_dtype,
                value_shape=shape,
                name=name,
            )
        super().__init__(handle, key_dtype, value_dtype)
        if checkpoint:
            self.export()

    def size(self, name: str | None = None) -> Tensor:
        """The number of keys, int64."""
        with name_scope(name, f"{self.name}_Size", [self._handle]), colocate_with(self._handle):
            return raw.LookupTableSizeV2(self._handle)

    def remove(self, keys: Any, name: str | None = None) -> Operation:
        """A node that takes keys out. Raises TypeError where they are of another type."""
        if keys.dtype != self.key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self.key_dtype}, got {keys.dtype}."
            )
        values = (self._handle, keys, self._default_value)
        with name_scope(name, f"{self.name}_lookup_table_remove", values):
            made: Operation = raw.LookupTableRemoveV2(self._handle, keys)
        return made

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """The values of `keys`, the default where one is not there."""
        values = (self._handle, keys, self._default_value)
        with name_scope(name, f"{self.name}_lookup_table_find", values):
            keys = convert_to_tensor(keys, dtype=self.key_dtype, name="keys")
            with colocate_with(self._handle):
                return raw.LookupTableFindV2(self._handle, keys, self._default_value)

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Operation:
        """A node that puts keys and their values in, in place of what they had."""
        with name_scope(name, f"{self.name}_lookup_table_insert", [self._handle, keys, values]):
            keys = convert_to_tensor(keys, dtype=self.key_dtype, name="keys")
            values = convert_to_tensor(values, dtype=self.value_dtype, name="values")
            with colocate_with(self._handle):
                made: Operation = raw.LookupTableInsertV2(self._handle, keys, values)
        return made

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values."""
        with (
            name_scope(name, f"{self.name}_lookup_table_export_values", [self._handle]),
            colocate_with(self._handle),
        ):
            keys, values = raw.LookupTableExportV2(
                self._handle, Tkeys=self.key_dtype, Tvalues=self.value_dtype
            )
        return keys, values


@export("contrib.lookup.HasherSpec")
class HasherSpec(NamedTuple):
    """How keys outside a vocabulary are spread: "fasthash" or "stronghash", and a key for that."""

    hasher: str
    key: Any


FastHashSpec = HasherSpec("fasthash", None)
EXPORTS = {"contrib.lookup.FastHashSpec": "FastHashSpec"}


@export("contrib.lookup.StrongHashSpec")
class StrongHashSpec(HasherSpec):
    """SipHash with a key of two integers. Raises ValueError on another count of them."""

    __slots__ = ()

    def __new__(cls, key: Any) -> StrongHashSpec:
        if len(key) != 2:
            raise ValueError(f"key must have size 2, got {len(key)}.")
        if not all(isinstance(part, Integral) for part in key):
            raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
        return super().__new__(cls, "stronghash", key)
