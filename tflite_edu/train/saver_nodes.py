"""The nodes that a saver adds to the graph."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.device import merge_device
from tflite_edu.core.scopes import colocate_with, control_dependencies, device, name_scope
from tflite_edu.core.tensor import Tensor
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
) -> SaverNodes:
    """Adds the nodes that save and restore variables, under the scope `name` or "save"."""
    saveables = saveables_of(var_list)
    with name_scope(name, "save", [s.variable.op for s in saveables]):
        prefix = placeholder_with_default(filename, shape=(), name="filename")
        prefix = placeholder_with_default(prefix, shape=(), name="Const")
        if sharded:
            by_device = _by_device(saveables)
            save = _sharded_save(prefix, by_device)
            restores = []
            for where, group_of in by_device:
                with device(where):
                    restores.append(_restore(prefix, group_of, reshape, "restore_shard"))
            restore = group(*restores, name="restore_all")
        else:
            save = _save(prefix, saveables)
            restore = _restore(prefix, saveables, reshape, "restore_all")
    return SaverNodes(prefix.name, save.name, restore.name)


def _names_and_slices(saveables: Sequence[Saveable]) -> tuple[list[str], list[str]]:
    return [s.name for s in saveables], [s.slice_spec for s in saveables]


def _save(prefix: Tensor, saveables: Sequence[Saveable]) -> Tensor:
    """The name of the file, known once everything is saved."""
    names, slices = _names_and_slices(saveables)
    tensors = [s.tensor() for s in saveables]
    saved = raw.SaveV2(prefix, names, slices, tensors)
    return _after(saved, prefix)


def _after(op: Any, tensor: Tensor) -> Tensor:
    with name_scope(None, "control_dependency", [op, tensor]) as scope:
        with colocate_with(tensor), control_dependencies([op]):
            return raw.Identity(tensor, name=scope)


def _sharded_save(prefix: Tensor, by_device: Sequence[tuple[str, list[Saveable]]]) -> Tensor:
    """Each device's variables go to a file of their own; the index files are merged at the end."""
    part = f"_temp_{uuid.uuid4().hex}/part"
    temporary = raw.StringJoin([prefix, part])
    count = constant(len(by_device), name="num_shards")
    names, saves = [], []
    where = ""
    for shard, (place, saveables) in enumerate(by_device):
        where = merge_device("/cpu:0", place)
        with device(where):
            shard_name = raw.ShardedFilename(temporary, shard, count)
            names.append(shard_name)
            saves.append(_save(shard_name, saveables))
    with control_dependencies([s.op for s in saves]), device(where):
        merged = raw.MergeV2Checkpoints(names, prefix, delete_old_dirs=True)
        with control_dependencies([merged]):
            return raw.Identity(prefix)


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
