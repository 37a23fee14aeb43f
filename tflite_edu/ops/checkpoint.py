"""Operations that save tensors to checkpoint files and restore them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import inference
from tflite_edu.core.dtypes import DType, as_dtype, kernel_name
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.op import Op, attr
from tflite_edu.formats.bundle_merge import merge
from tflite_edu.formats.checkpoint import CheckpointFormat, open_checkpoint
from tflite_edu.formats.checkpoint_bundle import BundleWriter
from tflite_edu.formats.slice_table import TensorSliceReader, TensorSliceWriter
from tflite_edu.formats.tensor_slice import parse_shape_and_slice


class SaveV2(Op):
    """Writes tensors, or slices of tensors, under their names to the checkpoint `prefix`."""

    inputs = (
        *("prefix: string", "tensor_names: string", "shape_and_slices: string"),
        "tensors: dtypes",
    )
    effect = "file"
    stateful = True
    dtypes: list[DType] = attr(minimum=1)

    def infer(self, prefix, tensor_names, shape_and_slices, tensors):
        inference.with_rank(prefix, 0)
        inference.with_rank(tensor_names, 1)
        inference.with_rank(shape_and_slices, 1)
        return []

    def forward(self, host, prefix, tensor_names, shape_and_slices, tensors):
        names, slices = _texts(tensor_names), _texts(shape_and_slices)
        _check_count(names, slices, len(tensors))
        with BundleWriter(_text(prefix)) as writer:
            for name, part, array, dtype in zip(names, slices, tensors, self.dtypes, strict=True):
                array = host.np.asarray(array)
                if part:
                    shape, extent, _ = parse_shape_and_slice(part)
                    writer.add_slice(name, shape, extent, array, dtype.as_datatype_enum)
                else:
                    writer.add(name, array, dtype.as_datatype_enum)
        return ()


class RestoreV2(Op):
    """Reads tensors, or slices of tensors, by their names from the checkpoint `prefix`."""

    inputs = ("prefix: string", "tensor_names: string", "shape_and_slices: string")
    outputs = ("tensors: dtypes",)
    effect = "file"
    stateful = True
    infer_from = {"shape_and_slices": "value"}
    dtypes: list[DType] = attr(minimum=1)

    def infer(self, prefix, tensor_names, shape_and_slices):
        inference.with_rank(prefix, 0)
        inference.with_rank(tensor_names, 1)
        if shape_and_slices is None:
            return [None] * len(self.dtypes)
        return [
            parse_shape_and_slice(text)[2] if text else None for text in _texts(shape_and_slices)
        ]

    def forward(self, host, prefix, tensor_names, shape_and_slices):
        names, slices = _texts(tensor_names), _texts(shape_and_slices)
        _check_count(names, slices, len(self.dtypes))
        with open_checkpoint(_text(prefix)) as reader:
            return [
                _restored(reader, name, part, dtype)
                for name, part, dtype in zip(names, slices, self.dtypes, strict=True)
            ]


def _restored(reader: CheckpointFormat, name: str, part: str, dtype: DType) -> Any:
    number, shape = reader.dtype_and_shape(name)
    is_old = isinstance(reader, TensorSliceReader)
    if number != dtype.as_datatype_enum:
        wanted, found = kernel_name(dtype), kernel_name(as_dtype(number))
        raise InvalidArgumentError(
            None,
            None,
            f"Expected to restore a tensor of type {wanted}, got a tensor of type {found} instead: "
            f"tensor_name = {name}"
            if is_old
            else f"tensor_name = {name}; expected dtype {wanted} does not equal original dtype "
            f"{found}",
        )
    if not part:
        return reader.read(name)
    full, extent, _ = parse_shape_and_slice(part)
    if tuple(full) != tuple(shape):
        raise InvalidArgumentError(
            None,
            None,
            "Shape in shape_and_slice spec does not match the shape in the save file: "
            f"{_listed(full)}, save file shape: {_listed(shape)}"
            if is_old
            else f"tensor_name = {name}; shape in shape_and_slice spec {_listed(full)} does not "
            f"match the shape stored in checkpoint: {_listed(shape)}",
        )
    return reader.read_slice(name, extent)


def _listed(shape: Sequence[int]) -> str:
    return f"[{','.join(str(d) for d in shape)}]"


def _check_count(names: list[str], slices: list[str], count: int) -> None:
    if len(names) != count or len(slices) != count:
        raise InvalidArgumentError(
            None,
            None,
            f"Got {count} tensors but {len(names)} tensor names and {len(slices)} slice specs",
        )


def _text(value: Any) -> str:
    return bytes(value.item() if hasattr(value, "item") else value).decode()


def _texts(values: Any) -> list[str]:
    return [v.decode() for v in values.ravel()]


class Save(Op):
    """Writes tensors under their names to the V1 checkpoint `filename`."""

    inputs = ("filename: string", "tensor_names: string", "data: T")
    effect = "file"
    stateful = True
    T: list[DType] = attr(minimum=1)

    def infer(self, filename, tensor_names, data):
        inference.with_rank(filename, 0)
        _infer_count(tensor_names, data)
        return []

    def forward(self, host, filename, tensor_names, data):
        names = _texts(tensor_names)
        return _save_slices(host, _text(filename), names, [""] * len(names), data, self.T)


class SaveSlices(Op):
    """Writes tensors, or slices of tensors, under their names to the V1 checkpoint `filename`."""

    inputs = (
        *("filename: string", "tensor_names: string", "shapes_and_slices: string"),
        "data: T",
    )
    effect = "file"
    stateful = True
    T: list[DType] = attr(minimum=1)

    def infer(self, filename, tensor_names, shapes_and_slices, data):
        inference.with_rank(filename, 0)
        _infer_count(tensor_names, data)
        _infer_count(shapes_and_slices, data)
        return []

    def forward(self, host, filename, tensor_names, shapes_and_slices, data):
        names, slices = _texts(tensor_names), _texts(shapes_and_slices)
        return _save_slices(host, _text(filename), names, slices, data, self.T)


def _infer_count(strings, data):
    """Checks that there is a string for every tensor."""
    given = inference.with_rank(strings, 1)
    if given[0] is not None and given[0] != len(data):
        raise inference.ShapeError(f"Dimension must be {len(data)} but is {given[0]}")


def _save_slices(host, path, names, slices, data, dtypes):
    _check_count(names, slices, len(data))
    writer = TensorSliceWriter(path)
    for name, part, array, dtype in zip(names, slices, data, dtypes, strict=True):
        array = host.np.asarray(array)
        if part:
            shape, extent, _ = parse_shape_and_slice(part)
            writer.add_slice(name, shape, extent, array, dtype.as_datatype_enum)
        else:
            writer.add(name, array, dtype.as_datatype_enum)
    writer.finish()
    return ()


class Restore(Op):
    """Reads one tensor by its name from the V1 checkpoint whose files `file_pattern` means."""

    inputs = ("file_pattern: string", "tensor_name: string")
    outputs = ("tensor: dt",)
    effect = "file"
    stateful = True
    dt: DType
    preferred_shard: int = -1

    def infer(self, file_pattern, tensor_name):
        inference.with_rank(file_pattern, 0)
        inference.with_rank(tensor_name, 0)
        return None

    def forward(self, host, file_pattern, tensor_name):
        with TensorSliceReader(_text(file_pattern)) as reader:
            return _restored(reader, _text(tensor_name), "", self.dt)


class RestoreSlice(Op):
    """Reads a slice of a tensor from the V1 checkpoint whose files `file_pattern` means."""

    inputs = ("file_pattern: string", "tensor_name: string", "shape_and_slice: string")
    outputs = ("tensor: dt",)
    effect = "file"
    stateful = True
    infer_from = {"shape_and_slice": "value"}
    dt: DType
    preferred_shard: int = -1

    def infer(self, file_pattern, tensor_name, shape_and_slice):
        inference.with_rank(file_pattern, 0)
        inference.with_rank(tensor_name, 0)
        text = "" if shape_and_slice is None else _text(shape_and_slice)
        return parse_shape_and_slice(text)[2] if text else None

    def forward(self, host, file_pattern, tensor_name, shape_and_slice):
        with TensorSliceReader(_text(file_pattern)) as reader:
            return _restored(reader, _text(tensor_name), _text(shape_and_slice), self.dt)


class MergeV2Checkpoints(Op):
    """Makes one checkpoint of several, whose data files move to the new one."""

    inputs = ("checkpoint_prefixes: string", "destination_prefix: string")
    effect = "file"
    stateful = True
    delete_old_dirs: bool = True

    def infer(self, checkpoint_prefixes, destination_prefix):
        inference.with_rank(checkpoint_prefixes, 1)
        inference.with_rank(destination_prefix, 0)
        return []

    def forward(self, host, checkpoint_prefixes, destination_prefix):
        merge(_texts(checkpoint_prefixes), _text(destination_prefix), self.delete_old_dirs)
        return ()


class ShardedFilename(Op):
    """The name of one shard, as in `basename-00002-of-00005`."""

    inputs = ("basename: string", "shard: int32", "num_shards: int32")
    outputs = ("filename: string",)

    def infer(self, basename, shard, num_shards):
        for shape in (basename, shard, num_shards):
            inference.with_rank(shape, 0)
        return ()

    def forward(self, np, basename, shard, num_shards):
        made = np.empty((), object)
        made[()] = f"{_text(basename)}-{int(shard):05d}-of-{int(num_shards):05d}".encode()
        return made


class ShardedFilespec(Op):
    """The pattern that matches the names of all shards."""

    inputs, outputs = ("basename: string", "num_shards: int32"), ("filename: string",)

    def infer(self, basename, num_shards):
        for shape in (basename, num_shards):
            inference.with_rank(shape, 0)
        return ()

    def forward(self, np, basename, num_shards):
        made = np.empty((), object)
        made[()] = f"{_text(basename)}-?????-of-{int(num_shards):05d}".encode()
        return made
