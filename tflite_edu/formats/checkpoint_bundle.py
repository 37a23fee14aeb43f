"""V2 checkpoints, "bundles": named tensors in files PREFIX.data-00000-of-00001 and PREFIX.index.

The data files ("shards") are the raw little-endian elements, one tensor after another. The index is
a table (`tflite_edu.formats.table`). Its key "" has a BundleHeaderProto, every other key is a
tensor's name and has a BundleEntryProto: type, shape, place, masked CRC-32C. A tensor that was
saved in parts has an entry that lists its slices, and an entry for each slice under
`tensor_slice.table_key`. For strings see `tflite_edu.formats.string_tensor`.
"""

from __future__ import annotations

import io
import math
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Literal, NamedTuple

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from tflite_edu.core import errors
from tflite_edu.formats import crc32c, files, string_tensor, tensor_slice
from tflite_edu.formats.bundle_index import (
    Header,
    check_exists,
    exists,
    index_path,
    make_directory_of,
    new_header,
    publish,
    read_index,
    shard_path,
)
from tflite_edu.formats.proto import tensor_bundle_pb2, types_pb2
from tflite_edu.formats.tensor import (
    datatype,
    from_shape_proto,
    little_endian,
    numpy_dtype,
    to_shape_proto,
)
from tflite_edu.formats.tensor_slice import TensorSlice, shape_text, table_key

Entry = tensor_bundle_pb2.BundleEntryProto

_PIECE = 1 << 18
"""Bytes that are checked at once; they stay in the cache in between."""


class BundleWriter:
    """Writes a checkpoint of one shard.

    The files get their names in `finish`, the index last, once both are on the disk: whatever fails
    before, no half checkpoint stays, and an older one of the same name stays as it was. As a
    context manager it finishes at the end of the block, or discards everything if the block raised.
    The directory is made if only its last part is missing.

    Raises:
      tf.errors.NotFoundError: the directory's parent does not exist.
      tf.errors.OpError: its subclass by errno, for other errors of the file system.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        make_directory_of(prefix)
        self._entries: dict[bytes, Entry] = {}
        self._data = files.TemporaryFile(shard_path(prefix, 0, 1))
        self._offset = 0

    def __enter__(self) -> BundleWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.discard()

    def add(self, name: str, array: NDArray[Any], dtype: int | None = None) -> None:
        """Adds a tensor. Elements are written in the order of the calls, the index sorts the names.

        Args:
          name: any string but "" that does not begin with "\\0".
          array: any shape; bytes objects in an object array for strings.
          dtype: the DataType, checked against the array's elements if given.

        Raises:
          tf.errors.InvalidArgumentError: the name was added before, or is none.
          TypeError: the elements are not of that type, or of none that checkpoints know.
        """
        if not name or name.startswith("\0"):
            message = f"A tensor in a checkpoint cannot have the name {name!r}"
            raise errors.InvalidArgumentError(None, None, message)
        self._add(name.encode(), name, np.asarray(array), dtype)

    def add_slice(
        self,
        name: str,
        full_shape: Sequence[int],
        part: TensorSlice,
        array: NDArray[Any],
        dtype: int | None = None,
    ) -> None:
        """Adds a part of a tensor of shape `full_shape`; the other parts are added by other calls.

        Raises:
          tf.errors.InvalidArgumentError: this part was added before; shape or type of the whole
            tensor differ from those of an earlier part; the array's shape is not the part's.
          tf.errors.InternalError: the part reaches out of the tensor.
        """
        array = np.asarray(array)
        if part.shape(full_shape) != array.shape:
            raise tensor_slice.mismatch(full_shape, part, array.shape)
        if array.shape == tuple(full_shape):
            self.add(name, array, dtype)
            return
        whole = _new_entry(datatype(array), full_shape)
        known = self._entries.get(name.encode())
        if known is None:
            known = whole
        elif known.dtype != whole.dtype or known.shape != whole.shape or not known.slices:
            message = f"The parts of tensor {name} differ in shape or type of the whole"
            raise errors.InvalidArgumentError(None, None, message)
        self._add(table_key(name, part), name, array, dtype)
        known.slices.append(part.to_proto())
        self._entries[name.encode()] = known

    def _add(self, key: bytes, name: str, array: NDArray[Any], dtype: int | None) -> None:
        if key in self._entries:
            raise errors.InvalidArgumentError(None, None, f"Adding duplicate key: {name}")
        found = datatype(array)
        if dtype is not None and dtype != found:
            expected = types_pb2.DataType.Name(dtype)
            raise TypeError(f"{name}: an array of {array.dtype} is not one of {expected}")
        try:
            with files.errors_of(self._data.path):
                if found == types_pb2.DT_STRING:
                    size, checksum = string_tensor.write(self._data.file, array)
                else:
                    array = little_endian(array)
                    size, checksum = array.nbytes, crc32c.value(array)
                    self._data.file.write(array.reshape(-1).view(np.uint8).data)
        except errors.OpError:  # Nobody knows how much of the tensor is in the file.
            self.discard()
            raise
        entry = self._entries[key] = _new_entry(found, array.shape)
        entry.offset = self._offset
        entry.size = size
        entry.crc32c = crc32c.mask(checksum)
        self._offset += size

    def finish(self) -> None:
        """Writes the index and gives both files their names. Raises as the constructor."""
        with self._data:
            self._data.complete()
            publish(
                self.prefix,
                new_header(1),
                self._entries,
                [self._data.temporary_path],
                replaces=exists(self.prefix),
            )

    def discard(self) -> None:
        """Removes what was written; earlier files of the same names stay as they were."""
        self._data.discard()


class BundleReader:
    """Reads a checkpoint of any number of shards.

    The index is read at once, elements when they are asked for. Nothing in a damaged or hostile
    file makes it allocate more than a small multiple of the files' own size. Several threads may
    read at once. Each read opens and closes a file; in a `with` block each file is opened once.

    Raises:
      tf.errors.NotFoundError: there is no such checkpoint.
      tf.errors.InvalidArgumentError: the directory does not exist.
      tf.errors.DataLossError: the index is damaged, or `prefix` is a file of another format.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        check_exists(prefix)
        self._header, self._values = read_index(prefix)
        self._byte_order: Literal["<", ">"] = (
            "<" if self._header.endianness == Header.LITTLE else ">"
        )
        self._kept_open: dict[str, io.BufferedReader] | None = None
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        for key in self._values:
            if not key.startswith(b"\0"):  # That is where the keys of slices begin.
                self._entries[self._name(key)] = self._entry(key)

    def __enter__(self) -> BundleReader:
        self._kept_open = {}
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            for file in (self._kept_open or {}).values():
                file.close()
            self._kept_open = None

    def names(self) -> list[str]:
        """The names of all tensors, sorted by their UTF-8 bytes."""
        return list(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def dtype_and_shape(self, name: str) -> tuple[int, tuple[int, ...]]:
        """The DataType and the shape of a tensor, of the whole tensor if it was saved in parts.

        Raises:
          tf.errors.NotFoundError: the checkpoint has no such tensor.
        """
        entry = self._entry_of(name)
        return entry.dtype, self._shape(entry, name)

    def slices(self, name: str) -> list[TensorSlice]:
        """The parts in which a tensor was saved; none if whole. Raises as `dtype_and_shape`."""
        return [TensorSlice.from_proto(proto) for proto in self._entry_of(name).slices]

    def read(self, name: str) -> NDArray[Any]:
        """A tensor as a new array; object with bytes objects for strings.

        Raises:
          tf.errors.NotFoundError: the checkpoint has no such tensor, or a file of it is missing.
          tf.errors.DataLossError: the checksum does not match, the file is too short, or the entry
            is absurd.
          tf.errors.InvalidArgumentError: parts of the tensor are missing.
          tf.errors.UnimplementedError: the elements are of a type that has no array, as variant.
        """
        entry = self._entry_of(name)
        if not entry.slices:
            return self._read_entry(entry, name)
        return self._assemble(entry, name, TensorSlice.whole(len(entry.shape.dim)))

    def read_slice(self, name: str, part: TensorSlice) -> NDArray[Any]:
        """A part of a tensor as a new array, whether or not it was saved in such parts.

        Raises: as `read`, and
          tf.errors.InternalError: the part reaches out of the tensor.
        """
        entry = self._entry_of(name)
        shape = part.shape(self._shape(entry, name))
        if entry.slices:
            return self._assemble(entry, name, part)
        ranges = tuple(slice(start, start + size) for (start, _), size in zip(part, shape))
        whole = self._read_entry(entry, name)
        return whole if shape == whole.shape else whole[ranges].copy()

    def stored(self, name: str, part: TensorSlice | None = None) -> StoredTensor | None:
        """A tensor, or a part of one, that the files have in one piece, as numbers; else None.

        Raises: as `read`, for what the index says; and
          tf.errors.InternalError: the part reaches out of the tensor.
        """
        entry = self._entry_of(name)
        full_shape = self._shape(entry, name)
        if part is not None and entry.slices:
            if part not in [TensorSlice.from_proto(proto) for proto in entry.slices]:
                return None
            entry = self._entry_of_slice(entry, name, part)
        elif entry.slices or (part is not None and part.shape(full_shape) != full_shape):
            return None
        swapped = self._byte_order != ("<" if sys.byteorder == "little" else ">")
        if entry.dtype in (types_pb2.DT_STRING, types_pb2.DT_BOOL) or swapped:
            return None
        dtype, shape = self._checked(entry, name)
        path = shard_path(self.prefix, entry.shard_id, self._header.num_shards)
        return StoredTensor(self, path, entry, dtype, shape)

    def _assemble(self, whole: Entry, name: str, part: TensorSlice) -> NDArray[Any]:
        """A part of a tensor out of the parts in which it was saved."""
        full_shape = self._shape(whole, name)
        saved = [TensorSlice.from_proto(proto) for proto in whole.slices]
        try:
            for one in saved:
                one.shape(full_shape)
        except errors.InternalError as error:
            raise self._damaged(name, error.message) from None
        if math.prod(part.shape(full_shape)) > self._bytes_of_shards():
            raise self._damaged(
                name, f"Tensor of shape {shape_text(full_shape)} is not in the files"
            )

        def read(one: TensorSlice) -> NDArray[Any]:
            return self._read_entry(self._entry_of_slice(whole, name, one), name)

        return tensor_slice.assemble(saved, full_shape, self._dtype(whole, name), read, name, part)

    def _entry_of_slice(self, whole: Entry, name: str, part: TensorSlice) -> Entry:
        key = table_key(name, part)
        if key not in self._values:
            raise self._damaged(name, f"slice {part} of tensor {name} is not in the checkpoint")
        entry = self._entry(key)
        shape = part.shape(self._shape(whole, name))
        if entry.dtype != whole.dtype or self._shape(entry, name) != shape or entry.slices:
            raise self._damaged(name, f"slice {part} of tensor {name} has another shape or type")
        return entry

    def _bytes_of_shards(self) -> int:
        paths = (
            shard_path(self.prefix, shard, self._header.num_shards)
            for shard in {Entry.FromString(value).shard_id for value in self._values.values()}
        )
        return sum(os.path.getsize(path) for path in paths if os.path.exists(path))

    def _entry_of(self, name: str) -> Entry:
        if name not in self._entries:
            raise errors.NotFoundError(None, None, f"Key {name} not found in checkpoint")
        return self._entries[name]

    def _name(self, key: bytes) -> str:
        try:
            return key.decode()
        except UnicodeDecodeError:
            raise self._damaged(repr(key), f"the name {key!r} is not UTF-8") from None

    def _entry(self, key: bytes) -> Entry:
        try:
            return Entry.FromString(self._values[key])
        except DecodeError:
            raise self._damaged(repr(key), f"Entry for key {key!r} not parseable.") from None

    def _damaged(self, name: str, message: str) -> errors.DataLossError:
        return files.damaged(message, f"{index_path(self.prefix)}, tensor {name}")

    def _shape(self, entry: Entry, name: str) -> tuple[int, ...]:
        try:
            shape = from_shape_proto(entry.shape)
        except errors.InvalidArgumentError as error:
            raise self._damaged(name, error.message) from None
        if shape is None or any(size is None for size in shape):
            raise self._damaged(name, "Shape of a tensor in the checkpoint is not fully defined")
        return tuple(size for size in shape if size is not None)

    def _dtype(self, entry: Entry, name: str) -> np.dtype[Any]:
        try:
            return numpy_dtype(entry.dtype)
        except TypeError:
            message = f"Tensor {name} of DataType {entry.dtype} cannot be read from a checkpoint"
            raise errors.UnimplementedError(None, None, message) from None

    def _checked(self, entry: Entry, name: str) -> tuple[np.dtype[Any], tuple[int, ...]]:
        """Type and shape of the elements of an entry, whose size and shard are possible."""
        shape = self._shape(entry, name)
        dtype = self._dtype(entry, name)
        size = math.prod(shape)
        if entry.dtype != types_pb2.DT_STRING and entry.size != size * dtype.itemsize:
            message = (
                f"Invalid size in bundle entry: key {name}; stored size {entry.size}; "
                f"expected size {size * dtype.itemsize}"
            )
            raise self._damaged(name, message)
        if not 0 <= entry.shard_id < self._header.num_shards:
            message = f"shard {entry.shard_id} of {self._header.num_shards} in the checkpoint"
            raise self._damaged(name, message)
        return dtype, shape

    def _read_entry(self, entry: Entry, name: str) -> NDArray[Any]:
        dtype, shape = self._checked(entry, name)
        size = math.prod(shape)
        path = shard_path(self.prefix, entry.shard_id, self._header.num_shards)
        raw = self._read_bytes(path, entry.offset, entry.size)
        if entry.dtype == types_pb2.DT_STRING:
            flat, actual = string_tensor.parse(
                raw.tobytes(), size, path, entry.offset, self._byte_order
            )
        else:
            flat, actual = raw.view(dtype.newbyteorder(self._byte_order)), crc32c.value(raw)
        if entry.dtype == types_pb2.DT_BOOL:
            flat = raw != 0  # A bool of numpy that is neither 0 nor 1 would compute nonsense.
        _check_sum(entry, actual, path)
        try:
            return flat.reshape(shape).astype(dtype, copy=False)
        except ValueError as error:  # More dimensions than numpy has.
            raise self._damaged(name, str(error)) from None

    def _read_bytes(self, path: str, offset: int, size: int) -> NDArray[np.uint8]:
        """A part of a file. Nothing is allocated for what the file does not have."""
        with files.errors_of(path), self._opened(path) as file:
            _check_place(file, path, offset, size)
            data = np.empty(size, np.uint8)
            file.seek(offset)
            if file.readinto(data.data) != size:
                raise files.damaged("Read less bytes than requested", path, offset)
            return data

    def _verify_bytes(self, path: str, entry: Entry) -> None:
        """Checks a part of a file against its checksum, a little at a time."""
        with files.errors_of(path), self._opened(path) as file:
            _check_place(file, path, entry.offset, entry.size)
            file.seek(entry.offset)
            buffer = np.empty(min(entry.size, _PIECE), np.uint8)
            actual, left = 0, entry.size
            while left:
                piece = buffer[: min(left, len(buffer))]
                if file.readinto(piece.data) != len(piece):
                    raise files.damaged("Read less bytes than requested", path, entry.offset)
                actual = crc32c.extend(actual, piece)
                left -= len(piece)
        _check_sum(entry, actual, path)

    def _read_bytes_into(self, path: str, offset: int, array: NDArray[Any]) -> None:
        with files.errors_of(path), self._opened(path) as file:
            file.seek(offset)
            if file.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
                raise files.damaged("Read less bytes than requested", path, offset)

    @contextmanager
    def _opened(self, path: str) -> Iterator[io.BufferedReader]:
        if self._kept_open is None:
            with open(path, "rb") as file:
                yield file
            return
        with self._lock:  # Threads share the position in the file.
            if path not in self._kept_open:
                self._kept_open[path] = open(path, "rb")  # noqa: SIM115
            yield self._kept_open[path]


class StoredTensor(NamedTuple):
    """Numbers that a file has in one piece; to be checked first, then read into an array."""

    reader: BundleReader
    path: str
    entry: Entry
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def verify(self) -> None:
        """Checks the file against the checksum, with little memory.

        Raises:
          tf.errors.DataLossError: the checksum does not match, or the file is too short.
          tf.errors.OpError: its subclass by errno.
        """
        self.reader._verify_bytes(self.path, self.entry)

    def read_into(self, array: NDArray[Any]) -> None:
        """Puts the numbers into an array of that type and shape, C order; without a check.

        Raises: as `verify`.
        """
        self.reader._read_bytes_into(self.path, self.entry.offset, array)


def _check_place(file: io.BufferedReader, path: str, offset: int, size: int) -> None:
    file_size = os.fstat(file.fileno()).st_size
    if offset < 0 or size < 0 or offset + size > file_size:
        raise files.damaged("Read less bytes than requested", path, file_size)


def _check_sum(entry: Entry, actual: int, path: str) -> None:
    stored = crc32c.unmask(entry.crc32c)
    if stored != actual:
        message = (
            f"Checksum does not match: stored {stored} vs. calculated on the restored "
            f"bytes {actual}"
        )
        raise files.damaged(message, path, entry.offset)


def _new_entry(dtype: int, shape: Sequence[int]) -> Entry:
    entry = Entry(shape=to_shape_proto(shape))
    entry.dtype = dtype  # type: ignore[assignment]
    return entry
