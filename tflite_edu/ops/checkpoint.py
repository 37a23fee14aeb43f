"""Operations that save tensors to checkpoint files and restore them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import inference
from tflite_edu.core.dtypes import DType, as_dtype, kernel_name
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.op import Op, attr
from tflite_edu.formats import checkpoint_bundle
from tflite_edu.formats.checkpoint_bundle import BundleReader, BundleWriter
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
        with BundleReader(_text(prefix)) as reader:
            return [
                _restored(reader, name, part, dtype)
                for name, part, dtype in zip(names, slices, self.dtypes, strict=True)
            ]


def _restored(reader: BundleReader, name: str, part: str, dtype: DType) -> Any:
    number, shape = reader.dtype_and_shape(name)
    if number != dtype.as_datatype_enum:
        raise InvalidArgumentError(
            None,
            None,
            f"tensor_name = {name}; expected dtype {kernel_name(dtype)} does not equal original "
            f"dtype {kernel_name(as_dtype(number))}",
        )
    if not part:
        return reader.read(name)
    full, extent, _ = parse_shape_and_slice(part)
    if tuple(full) != tuple(shape):
        raise InvalidArgumentError(
            None,
            None,
            f"tensor_name = {name}; shape in shape_and_slice spec {_listed(full)} does not match "
            f"the shape stored in checkpoint: {_listed(shape)}",
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
        checkpoint_bundle.merge(
            _texts(checkpoint_prefixes), _text(destination_prefix), self.delete_old_dirs
        )
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
