"""V1 checkpoints: parts of named tensors in one table, or in a table for each shard.

The key "" has a SavedTensorSlices with `meta`: names, shapes, types, and the slices that this file
has. Every other key, `tensor_slice.table_key`, has one with `data`: the elements of a slice, listed
in a TensorProto without type and shape. A tensor that was saved whole is one slice.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from tflite_edu.core import errors
from tflite_edu.formats import files, tensor_slice
from tflite_edu.formats.bundle_index import matching_paths, not_a_table
from tflite_edu.formats.proto import types_pb2
from tflite_edu.formats.proto.saved_tensor_slice_pb2 import SavedSliceMeta, SavedTensorSlices
from tflite_edu.formats.table import TableReader, TableWriter
from tflite_edu.formats.tensor import (
    datatype,
    from_list,
    from_shape_proto,
    numpy_dtype,
    to_list,
    to_shape_proto,
)
from tflite_edu.formats.tensor_slice import TensorSlice, shape_text, table_key

VERSION = 1
"""The version of the format that is written."""

_META_KEY = b""
_NOT_SAVED = frozenset(
    {
        *(types_pb2.DT_UINT32, types_pb2.DT_UINT64, types_pb2.DT_BFLOAT16),
        *(types_pb2.DT_QINT16, types_pb2.DT_QUINT16),
    }
)


class TensorSliceWriter:
    """Writes a V1 checkpoint of one file, which appears whole in `finish` or not at all.

    The arrays that are added are kept, not copied, until then.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._meta: dict[str, SavedSliceMeta] = {}
        self._arrays: dict[bytes, tuple[str, TensorSlice, int, NDArray[Any]]] = {}

    def add(self, name: str, array: NDArray[Any], dtype: int | None = None) -> None:
        """Adds a whole tensor. Raises as `add_slice`."""
        array = np.asarray(array)
        self.add_slice(name, array.shape, TensorSlice.whole(array.ndim), array, dtype)

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
          tf.errors.InternalError: the tensor has another shape or type than an earlier part said,
            or the part reaches out of it.
          tf.errors.InvalidArgumentError: the array's shape is not the part's; or it was added.
          tf.errors.UnimplementedError: the format has no place for elements of that type.
        """
        array = np.asarray(array)
        if part.shape(full_shape) != array.shape:
            raise tensor_slice.mismatch(full_shape, part, array.shape)
        dtype = datatype(array) if dtype is None else dtype
        if dtype in _NOT_SAVED:
            kind = types_pb2.DataType.Name(dtype).removeprefix("DT_").lower()
            message = f"Saving data type {kind} not yet supported"
            raise errors.UnimplementedError(None, None, message)
        meta = self._meta.get(name)
        if meta is None:
            meta = SavedSliceMeta(name=name, shape=to_shape_proto(full_shape))
            meta.type = dtype  # type: ignore[assignment]
        known = tuple(dim.size for dim in meta.shape.dim)
        if known != tuple(full_shape):
            message = (
                f"Mismatching shapes: existing tensor = {shape_text(known)}, "
                f"trying to add name {name}, shape = {shape_text(full_shape)}"
            )
            raise errors.InternalError(None, None, message)
        if meta.type != dtype:
            message = (
                f"Mismatching types: existing type = {types_pb2.DataType.Name(meta.type)}, "
                f"trying to add name {name}, type = {types_pb2.DataType.Name(dtype)}"
            )
            raise errors.InternalError(None, None, message)
        key = table_key(name, part)
        if key in self._arrays:
            raise errors.InvalidArgumentError(None, None, f"Adding duplicate key: {name}")
        meta.slice.append(part.to_proto())
        self._meta[name] = meta
        self._arrays[key] = (name, part, dtype, array)

    def finish(self) -> None:
        """Writes the file.

        Raises:
          tf.errors.OpError: its subclass by errno, as NotFoundError for a missing directory.
          TypeError: an array's elements are not of the type that was said.
        """
        head = SavedTensorSlices()
        # TensorFlow's kernels add tensors sorted by their names, whatever order they are given.
        head.meta.tensor.extend(self._meta[name] for name in sorted(self._meta, key=str.encode))
        head.meta.versions.producer = VERSION
        with files.TemporaryFile(self.path) as temporary:
            table = TableWriter(temporary.file)
            with files.errors_of(self.path):
                table.add(_META_KEY, head.SerializeToString())
                for key, (name, part, dtype, array) in sorted(
                    self._arrays.items(), key=lambda item: item[0]
                ):
                    value = SavedTensorSlices()
                    value.data.name = name
                    value.data.slice.CopyFrom(part.to_proto())
                    value.data.data.CopyFrom(to_list(array, dtype))
                    table.add(key, value.SerializeToString())
                table.finish()
            temporary.publish()


class _Tensor(NamedTuple):
    """What the files say of a tensor."""

    dtype: int
    shape: tuple[int, ...]
    slices: dict[TensorSlice, str]
    """The file that has each slice."""


class TensorSliceReader:
    """Reads a V1 checkpoint: all files that a name, or a pattern of names, means.

    The lists of tensors are read at once, elements when they are asked for. Nothing in a damaged
    or hostile file makes it allocate more than a small multiple of the files' own size. Several
    threads may read at once.

    Raises:
      tf.errors.NotFoundError: there is no such file.
      tf.errors.InvalidArgumentError: the directory does not exist.
      tf.errors.DataLossError: a file is damaged or has another format.
      tf.errors.InternalError: the files contradict each other.
    """

    def __init__(self, pattern: str) -> None:
        self.prefix = pattern
        self._paths = matching_paths(pattern)
        self._tensors: dict[str, _Tensor] = {}
        for path in self._paths:
            for meta in self._read_meta(path).tensor:
                self._enter(meta, path)
        self._size = sum(os.path.getsize(path) for path in self._paths)

    def __enter__(self) -> TensorSliceReader:
        return self

    def __exit__(self, *_: object) -> None:
        """No file is open between two calls."""

    def names(self) -> list[str]:
        """The names of all tensors, sorted by their UTF-8 bytes."""
        return sorted(self._tensors, key=str.encode)

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    def dtype_and_shape(self, name: str) -> tuple[int, tuple[int, ...]]:
        """The DataType and the shape of a whole tensor.

        Raises:
          tf.errors.NotFoundError: the checkpoint has no such tensor.
        """
        tensor = self._tensor(name)
        return tensor.dtype, tensor.shape

    def slices(self, name: str) -> list[TensorSlice]:
        """The parts in which a tensor was saved; none if whole. Raises as `dtype_and_shape`."""
        tensor = self._tensor(name)
        slices = list(tensor.slices)
        return [] if slices == [TensorSlice.whole(len(tensor.shape))] else slices

    def read(self, name: str) -> NDArray[Any]:
        """A tensor as a new array; object with bytes objects for strings.

        Raises:
          tf.errors.NotFoundError: the checkpoint has no such tensor, or a file of it is missing.
          tf.errors.DataLossError: a file is damaged.
          tf.errors.InvalidArgumentError: parts of the tensor are missing.
          tf.errors.UnimplementedError: the elements are of a type that has no array, as variant.
        """
        return self.read_slice(name, TensorSlice.whole(len(self._tensor(name).shape)))

    def read_slice(self, name: str, part: TensorSlice) -> NDArray[Any]:
        """A part of a tensor as a new array, whether or not it was saved in such parts.

        Raises: as `read`, and
          tf.errors.InternalError: the part reaches out of the tensor.
        """
        tensor = self._tensor(name)
        try:
            dtype = numpy_dtype(tensor.dtype)
        except TypeError:
            message = f"Tensor {name} of DataType {tensor.dtype} cannot be read from a checkpoint"
            raise errors.UnimplementedError(None, None, message) from None
        if math.prod(part.shape(tensor.shape)) > self._size:
            where = ", ".join(self._paths)
            raise files.damaged(
                f"Tensor {name} of shape {shape_text(tensor.shape)} is not in the files", where
            )

        def read(one: TensorSlice) -> NDArray[Any]:
            return self._read_saved(name, tensor, one)

        saved = list(tensor.slices)
        try:
            return tensor_slice.assemble(saved, tensor.shape, dtype, read, name, part)
        except errors.InvalidArgumentError:
            raise errors.InvalidArgumentError(None, None, "Error copying slice data") from None

    def _tensor(self, name: str) -> _Tensor:
        if name not in self._tensors:
            message = f'Tensor name "{name}" not found in checkpoint files {self.prefix}'
            raise errors.NotFoundError(None, None, message)
        return self._tensors[name]

    def _read_meta(self, path: str) -> Any:
        if os.path.isdir(path):
            raise not_a_table(path, f"Failed precondition: {path}; Is a directory")
        with files.errors_of(path), open(path, "rb") as file:
            try:
                table = TableReader(file, path)
            except errors.DataLossError as error:
                first, _, where = error.message.partition("\n")
                made = not_a_table(path, f"Data loss: {first}")
                raise errors.DataLossError(None, None, f"{made.message}\n{where}") from None
            try:
                key, value = next(iter(table), (None, b""))
                if key != _META_KEY:
                    raise files.damaged(f"the first key is {key!r}", path)
                return SavedTensorSlices.FromString(value).meta
            except (errors.DataLossError, DecodeError) as error:
                raise files.damaged(
                    "Failed to find the saved tensor slices at the beginning of the checkpoint "
                    f"file: {path}\n  {error}",
                    path,
                ) from None

    def _enter(self, meta: SavedSliceMeta, path: str) -> None:
        """Adds what a file says of a tensor to what other files said."""
        try:
            shape = from_shape_proto(meta.shape)
            if shape is None or None in shape:
                raise files.damaged(f"Shape of tensor {meta.name} is not fully defined", path)
            full = tuple(size for size in shape if size is not None)
            slices = [TensorSlice.from_proto(proto) for proto in meta.slice]
            for one in slices:
                one.shape(full)
        except (errors.InvalidArgumentError, errors.InternalError) as error:
            raise files.damaged(f"Tensor {meta.name}: {error.message}", path) from None
        if not slices:
            raise files.damaged(f"Tensor {meta.name} has no slices", path)
        known = self._tensors.setdefault(meta.name, _Tensor(meta.type, full, {}))
        if known.shape != full:
            message = (
                f"Incompatible tensor shapes detected for tensor {meta.name}: existing = "
                f"{shape_text(known.shape)}, new = {shape_text(full)}"
            )
            raise errors.InternalError(None, None, message)
        if known.dtype != meta.type:
            message = (
                f"Incompatible tensor types detected for tensor {meta.name}: existing = "
                f"{types_pb2.DataType.Name(known.dtype)}, new = "
                f"{types_pb2.DataType.Name(meta.type)}"
            )
            raise errors.InternalError(None, None, message)
        for one in slices:
            if one in known.slices:
                message = f"Overlapping slices: existing slice = {one}, new slice = {one}"
                raise errors.InternalError(None, None, message)
            known.slices[one] = path

    def _read_saved(self, name: str, tensor: _Tensor, part: TensorSlice) -> NDArray[Any]:
        """The elements of a slice that was saved."""
        path = tensor.slices[part]
        with files.errors_of(path), open(path, "rb") as file:
            value = TableReader(file, path).get(table_key(name, part))
        if value is None:
            raise files.damaged(f"slice {part} of tensor {name} is not in the checkpoint", path)
        try:
            proto = SavedTensorSlices.FromString(value).data.data
        except DecodeError:
            raise files.damaged(f"slice {part} of tensor {name} is not parseable", path) from None
        array = from_list(proto, tensor.dtype)
        shape = part.shape(tensor.shape)
        if array.size != math.prod(shape):
            raise files.damaged(
                f"slice {part} of tensor {name} has {array.size} elements instead of "
                f"{math.prod(shape)}",
                path,
            )
        try:
            return array.reshape(shape)
        except ValueError as error:  # More dimensions than numpy has.
            raise files.damaged(f"tensor {name}: {error}", path) from None
