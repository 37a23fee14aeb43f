"""The nodes that a saver adds to the graph."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.device import merge_device
from tflite_edu.core.scopes import colocate_with, control_dependencies, device, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.proto.saver_pb2 import SaverDef
from tflite_edu.ops.constants import placeholder_with_default
from tflite_edu.ops.control import group
from tflite_edu.train.saveables import Saveable, saveables_of


class SaverNodes(NamedTuple):
    """Names of the nodes that a session runs to save and to restore."""

    filename: str
    save: str
    restore: str


def add_saver_nodes(
    var_list: Any,
    reshape: bool,
    sharded: bool,
    name: str | None,
    filename: str,
    write_version: int,
) -> SaverNodes:
    """Adds the nodes that save and restore variables, under the scope `name` or "save".

    Raises RuntimeError where `write_version` is none of SaverDef's formats.
    """
    if write_version not in (SaverDef.V1, SaverDef.V2):
        raise RuntimeError(f"Unexpected write_version: {write_version}")
    write = _write_v1 if write_version == SaverDef.V1 else raw.SaveV2
    saveables = saveables_of(var_list)
    with name_scope(name, "save", [s.variable.op for s in saveables]):
        prefix = placeholder_with_default(filename, shape=(), name="filename")
        prefix = placeholder_with_default(prefix, shape=(), name="Const")
        if sharded:
            by_device = _by_device(saveables)
            if write_version == SaverDef.V1:
                save = _sharded_files(prefix, by_device, write)
            else:
                save = _sharded_save(prefix, by_device, write)
            restores = []
            for where, group_of in by_device:
                with device(where):
                    restores.append(_restore(prefix, group_of, reshape, "restore_shard"))
            restore = group(*restores, name="restore_all")
        else:
            save = _save(prefix, saveables, write)
            restore = _restore(prefix, saveables, reshape, "restore_all")
    return SaverNodes(prefix.name, save.name, restore.name)


def _names_and_slices(saveables: Sequence[Saveable]) -> tuple[list[str], list[str]]:
    return [s.name for s in saveables], [s.slice_spec for s in saveables]


def _write_v1(prefix: Tensor, names: list[str], slices: list[str], tensors: list[Tensor]) -> Any:
    return raw.SaveSlices(prefix, names, slices, tensors, name="save")


def _save(prefix: Tensor, saveables: Sequence[Saveable], write: Callable[..., Any]) -> Tensor:
    """The name of the file, known once everything is saved."""
    names, slices = _names_and_slices(saveables)
    tensors = [s.tensor() for s in saveables]
    return _after(write(prefix, names, slices, tensors), prefix)


def _after(op: Any, tensor: Tensor) -> Tensor:
    with name_scope(None, "control_dependency", [op, tensor]) as scope:
        with colocate_with(tensor), control_dependencies([op]):
            return raw.Identity(tensor, name=scope)


def _sharded_save(
    prefix: Tensor,
    by_device: Sequence[tuple[str, list[Saveable]]],
    write: Callable[..., Any],
) -> Tensor:
    """Each device's variables go to a file of their own; the index files are merged at the end."""
    part = f"_temp_{uuid.uuid4().hex}/part"
    temporary = raw.StringJoin([prefix, part])
    count = constant(len(by_device), name="num_shards")
    # The files are merged by the host, which therefore writes those of other devices too.
    on_host = [(merge_device("/cpu:0", place), saveables) for place, saveables in by_device]
    names, saves = _shards(temporary, count, on_host, write)
    where = on_host[-1][0]
    with control_dependencies([s.op for s in saves]), device(where):
        merged = raw.MergeV2Checkpoints(names, prefix, delete_old_dirs=True)
        with control_dependencies([merged]):
            return raw.Identity(prefix)


def _sharded_files(
    prefix: Tensor,
    by_device: Sequence[tuple[str, list[Saveable]]],
    write: Callable[..., Any],
) -> Tensor:
    """Each device's variables go to a V1 file of their own; the pattern of their names."""
    count = constant(len(by_device), name="num_shards")
    _, saves = _shards(prefix, count, by_device, write)
    with control_dependencies([s.op for s in saves]):
        return raw.ShardedFilespec(prefix, count)


def _shards(
    prefix: Tensor,
    count: Tensor,
    by_device: Sequence[tuple[str, list[Saveable]]],
    write: Callable[..., Any],
) -> tuple[list[Tensor], list[Tensor]]:
    """The name of each shard, and the same once it is saved."""
    names, saves = [], []
    for shard, (place, saveables) in enumerate(by_device):
        with device(place):
            shard_name = raw.ShardedFilename(prefix, shard, count)
            names.append(shard_name)
            saves.append(_save(shard_name, saveables, write))
    return names, saves


def _by_device(saveables: Sequence[Saveable]) -> list[tuple[str, list[Saveable]]]:
    found: dict[str, list[Saveable]] = {}
    for saveable in saveables:
        found.setdefault(merge_device(saveable.tensor().device, ""), []).append(saveable)
    return sorted(found.items(), key=lambda item: item[0])


def _restore(prefix: Tensor, saveables: Sequence[Saveable], reshape: bool, name: str) -> Any:
    names, slices = _names_and_slices(saveables)
    with device("cpu:0"):
        restored = raw.RestoreV2(prefix, names, slices, dtypes=[s.dtype for s in saveables])
    assigned: list[Any] = []
    for saveable, tensor in zip(saveables, restored, strict=True):
        shape = None
        if reshape:
            current = saveable.tensor()
            shape = current.get_shape()
            if not shape.is_fully_defined():
                shape = raw.Shape(current)
        assigned.append(saveable.restore(tensor, shape))
    return group(*assigned, name=name)
