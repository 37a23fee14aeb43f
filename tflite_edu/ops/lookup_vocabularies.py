"""Words to numbers and back: tables of a vocabulary, words outside it spread over buckets."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import add
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import not_equal
from tflite_edu.ops.control import no_op
from tflite_edu.ops.lookup import (
    FastHashSpec,
    HasherSpec,
    KeyValueTensorInitializer,
    LookupInterface,
    StaticHashTable,
    TextFileIndex,
    TextFileInitializer,
)
from tflite_edu.ops.ranges import range as range_of
from tflite_edu.ops.selection import where_v2
from tflite_edu.ops.shapes_of_tensors import size
from tflite_edu.ops.strings_hashing import (
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from tflite_edu.ops.strings_numbers import as_string


class _Bucketed(LookupInterface):
    """A table of int64, or none, and buckets for the keys that it has not."""

    def __init__(
        self, table: Any, buckets: int, spec: HasherSpec, name: str | None, key_dtype: Any
    ) -> None:
        if table is None:
            self._name = name or "hash_bucket"
            supported = dtypes.string if key_dtype is None else as_dtype(key_dtype)
        else:
            self._name = table.name
            supported = table.key_dtype
            if key_dtype is None:
                key_dtype = table.key_dtype
            if table.key_dtype.is_integer != as_dtype(key_dtype).is_integer:
                wanted = "integer" if as_dtype(key_dtype).is_integer else "non-integer"
                raise TypeError(f"Invalid key dtype, expected {wanted} but got {table.key_dtype}.")
        key_dtype = supported if key_dtype is None else as_dtype(key_dtype)
        if not (key_dtype.is_integer or key_dtype == dtypes.string):
            raise TypeError(f"Invalid key_dtype, expected integer or string, got {key_dtype}.")
        self._table, self._buckets, self._spec = table, buckets, spec
        super().__init__(key_dtype, dtypes.int64)

    @property
    def initializer(self) -> Operation:
        """The node that fills the table of the vocabulary."""
        if self._table is not None:
            made: Operation = self._table.initializer
            return made
        with name_scope(None, "init"):
            return no_op()

    @property
    def resource_handle(self) -> Any:
        """The handle of the table of the vocabulary, None without one."""
        return None if self._table is None else self._table.resource_handle

    def size(self, name: str | None = None) -> Tensor:
        """The number of words and of buckets together, int64."""
        if self._table is not None and not self._buckets:
            found: Tensor = self._table.size(name=name)
            return found
        with name_scope(name, f"{self.name}_Size"):
            if self._table is None:
                count = constant(0, dtypes.int64)
            else:
                count = self._table.size()
            return count + self._buckets

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The number of each key, int64, in a tensor like `keys`, which may be sparse.

        Raises TypeError where the keys are of another type.
        """
        if keys.dtype.base_dtype != self.key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self.key_dtype}, got {keys.dtype}."
            )
        sparse = isinstance(keys, SparseTensor)
        found = keys.values if sparse else keys
        if self._table is not None and self._table.key_dtype.base_dtype == dtypes.int64:
            found = cast(found, dtypes.int64)
        if not self._buckets:
            ids = self._table.lookup(found, name=name)
        else:
            with name_scope(name, f"{self.name}_Lookup"):
                ids = self._number(found)
        if sparse:
            return SparseTensor(keys.indices, ids, keys.dense_shape)
        return ids

    def _number(self, keys: Tensor) -> Tensor:
        text = as_string(keys) if keys.dtype.is_integer else keys
        if self._spec.hasher == "fasthash":
            bucket = string_to_hash_bucket_fast(text, self._buckets, name="hash_bucket")
        elif self._spec.hasher == "stronghash":
            bucket = string_to_hash_bucket_strong(
                text, self._buckets, self._spec.key, name="hash_bucket"
            )
        else:
            raise ValueError(f"Unknown hasher {self._spec.hasher}")
        if self._table is None:
            return bucket
        ids = self._table.lookup(keys)
        bucket = add(bucket, self._table.size())
        return where_v2(not_equal(ids, self._table.default_value), ids, bucket)


@export("contrib.lookup.IdTableWithHashBuckets")
class IdTableWithHashBuckets(_Bucketed):
    """Numbers of words: a table's, and for other words the number of a bucket after them.

    Args:
      table: a table of int64, or None for buckets alone.
      num_oov_buckets: how many buckets; 0 gives other words the default of the table.
      hasher_spec: `FastHashSpec`, or a `StrongHashSpec`.
      name: of the table where there is none of a vocabulary.
      key_dtype: the type of the keys.

    Raises ValueError without table and buckets, TypeError on other types.
    """

    def __init__(
        self,
        table: Any,
        num_oov_buckets: int,
        hasher_spec: Any = FastHashSpec,
        name: str | None = None,
        key_dtype: Any = None,
    ) -> None:
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(f"hasher_spec must be of type HasherSpec, got {hasher_spec}")
        if table is None and num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0 if no table is supplied.")
        super().__init__(table, num_oov_buckets, hasher_spec, name, key_dtype)

    @property
    def init(self) -> Operation:
        """The node that fills the table of the vocabulary."""
        return self.initializer


@export("lookup.StaticVocabularyTable")
class StaticVocabularyTable(_Bucketed):
    """Numbers of words: those that `initializer` gives, and for other words those of buckets.

    Args:
      initializer: of a table of int64, or None for buckets alone.
      num_oov_buckets: how many buckets, at least 1.
      lookup_key_dtype: the type of the keys, by default that of the initializer.
      name: of the table.

    Raises ValueError without a bucket, TypeError on other types.
    """

    def __init__(
        self,
        initializer: Any,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        table = None
        if initializer is not None:
            if initializer.value_dtype != dtypes.int64:
                raise TypeError(
                    f"Invalid value dtype, expected {dtypes.int64} but got "
                    f"{initializer.value_dtype}."
                )
            table = StaticHashTable(initializer, -1, name=name)
        super().__init__(table, num_oov_buckets, FastHashSpec, name, lookup_key_dtype)


def _with_buckets(table: Any, buckets: int, spec: Any, key_dtype: Any) -> Any:
    if not buckets:
        return table
    return IdTableWithHashBuckets(table, buckets, hasher_spec=spec, key_dtype=key_dtype)


def _check_buckets(buckets: int) -> None:
    if buckets < 0:
        raise ValueError(f"num_oov_buckets must be greater or equal than 0, got {buckets}.")


def index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    key_dtype: Any = dtypes.string,
    name: str | None = None,
    key_column_index: int = TextFileIndex.WHOLE_LINE,
    value_column_index: int = TextFileIndex.LINE_NUMBER,
    delimiter: str = "\t",
) -> Any:
    """A table from the lines of a file to their numbers.

    Other words have `default_value` or, with `num_oov_buckets`, the number of a bucket after the
    lines. The other arguments are those of `TextFileInitializer`. Raises ValueError and TypeError
    on arguments that make no table.
    """
    if not isinstance(vocabulary_file, Tensor) and not vocabulary_file:
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    _check_buckets(num_oov_buckets)
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(
            f"vocab_size must be greater than 0, got {vocab_size}. vocabulary_file: "
            f"{vocabulary_file}"
        )
    key_dtype = as_dtype(key_dtype)
    if not key_dtype.is_integer and key_dtype != dtypes.string:
        raise TypeError("Only integer and string keys are supported.")
    with name_scope(name, "string_to_index"), name_scope(None, "hash_table"):
        initializer = TextFileInitializer(
            vocabulary_file,
            dtypes.int64 if key_dtype.is_integer else key_dtype,
            key_column_index,
            dtypes.int64,
            value_column_index,
            vocab_size=vocab_size,
            delimiter=delimiter,
            name="table_init",
        )
        table = StaticHashTable(initializer, default_value)
    return _with_buckets(table, num_oov_buckets, hasher_spec, key_dtype)


def index_table_from_tensor(
    vocabulary_list: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """A table from words, `[n]` of `dtype`, to their places.

    Other words have `default_value` or, with `num_oov_buckets`, the number of a bucket after the
    words. Raises ValueError where there are no words or they are of another type, TypeError on a
    dtype that is neither integer nor string.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    _check_buckets(num_oov_buckets)
    dtype = as_dtype(dtype)
    if not dtype.is_integer and dtype != dtypes.string:
        raise TypeError("Only integer and string keys are supported.")
    with name_scope(name, "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if keys.dtype.is_integer != dtype.is_integer:
            kind = "integer" if dtype.is_integer else "non-integer"
            raise ValueError(f"Expected {kind}, got {keys.dtype}.")
        if not dtype.is_integer and keys.dtype.base_dtype != dtype:
            raise ValueError(f"Expected {dtype}, got {keys.dtype}.")
        numbers = cast(range_of(size(keys)), dtypes.int64)
        with name_scope(None, "hash_table"):
            initializer = KeyValueTensorInitializer(
                cast(keys, dtypes.int64) if keys.dtype.is_integer else keys,
                numbers,
                name="table_init",
            )
            table = StaticHashTable(initializer, default_value)
    return _with_buckets(table, num_oov_buckets, hasher_spec, dtype)


def index_to_string_table_from_file(
    vocabulary_file: Any,
    vocab_size: int | None = None,
    default_value: Any = "UNK",
    name: str | None = None,
    key_column_index: int = TextFileIndex.LINE_NUMBER,
    value_column_index: int = TextFileIndex.WHOLE_LINE,
    delimiter: str = "\t",
) -> StaticHashTable:
    """A table from numbers to the lines of a file; other numbers have `default_value`.

    The other arguments are those of `TextFileInitializer`. Raises ValueError without a file.
    """
    if not isinstance(vocabulary_file, Tensor) and not vocabulary_file:
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}.")
    with name_scope(name, "index_to_string"):
        initializer = TextFileInitializer(
            vocabulary_file,
            dtypes.int64,
            key_column_index,
            dtypes.string,
            value_column_index,
            vocab_size=vocab_size,
            delimiter=delimiter,
            name="table_init",
        )
        return StaticHashTable(initializer, default_value)


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: Any = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table from places to words, `[n]`; other numbers have `default_value`.

    Raises ValueError where there are no words.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    with name_scope(name, "index_to_string"):
        words = convert_to_tensor(vocabulary_list, dtypes.string)
        numbers = cast(range_of(size(words)), dtypes.int64)
        initializer = KeyValueTensorInitializer(numbers, words, name="table_init")
        return StaticHashTable(initializer, default_value)


@export("contrib.lookup.index_table_from_tensor")
def contrib_index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """A table from words, `[n]` of `dtype`, to their places.

    Other words have `default_value` or, with `num_oov_buckets`, the number of a bucket after the
    words. Raises ValueError where there are no words or they are of another type.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return index_table_from_tensor(
        mapping, num_oov_buckets, default_value, hasher_spec, dtype, name
    )


@export("contrib.lookup.index_to_string_table_from_tensor")
def contrib_index_to_string_table_from_tensor(
    mapping: Any, default_value: Any = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table from places to words, `[n]`; other numbers have `default_value`.

    Raises ValueError where there are no words.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return index_to_string_table_from_tensor(mapping, default_value, name)


EXPORTS = {
    "contrib.lookup.index_table_from_file": "index_table_from_file",
    "contrib.lookup.index_to_string_table_from_file": "index_to_string_table_from_file",
}
