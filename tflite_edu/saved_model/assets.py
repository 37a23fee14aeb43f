"""The files that go with a graph, such as vocabularies: copied on saving, found on loading."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Sequence
from typing import Any

from tflite_edu.core import dtypes, errors
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats import files
from tflite_edu.io.meta_graph import in_scope


def asset_paths(tensors: Sequence[Any]) -> list[tuple[str, str]]:
    """(tensor name, path of the file) of constant scalar string tensors.

    Raises TypeError on what is no such tensor, ValueError on one that names no file.
    """
    found = []
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise TypeError("Asset path tensor must be a Tensor.")
        if tensor.op.type != "Const":
            raise TypeError("Asset path tensor must be of type constant.")
        if tensor.dtype != dtypes.string:
            raise TypeError("Asset path tensor must be of dtype string.")
        value = constant_value(tensor)
        if value.ndim:
            raise TypeError("Asset path tensor must be a scalar.")
        path = os.fsdecode(value.item())
        if os.path.basename(path) in ("", os.curdir, os.pardir):
            raise ValueError(f"Invalid asset filepath tensor {tensor}")
        found.append((tensor.name, path))
    return found


def copy_assets(paths: Sequence[str], folder: str) -> list[str]:
    """Copies files into a folder and returns their names there.

    A file whose name is taken by one of the same content shares its copy; one of other content has
    "_1", "_2" ... added to its name. Raises an OpError where one cannot be read or written.
    """
    names: dict[str, str] = {}
    for path in paths:
        if path not in names:
            names[path] = _copied(path, folder)
    return [names[path] for path in paths]


def _copied(source: str, folder: str) -> str:
    name = base = os.path.basename(source)
    target = os.path.join(folder, name)
    if os.path.isdir(source):
        raise errors.InvalidArgumentError(None, None, f"{target}; Invalid argument")
    with files.errors_of(source), open(source, "rb") as file:
        if os.path.lexists(target) and filecmp.cmp(source, target, shallow=False):
            return name
        count = 0
        while os.path.lexists(target):
            count += 1
            name = f"{base}_{count}"
            target = os.path.join(folder, name)
        with files.TemporaryFile(target) as copy:
            shutil.copyfileobj(file, copy.file)
            copy.publish()
    return name


def asset_feeds(entries: Sequence[tuple[str, str]], folder: str, scope: str) -> dict[str, bytes]:
    """What is fed to the asset tensors: the paths of the copies in `folder`.

    Raises InvalidArgumentError on a file name that leads out of the folder.
    """
    feeds = {}
    for tensor_name, filename in entries:
        if not _stays_inside(filename):
            raise errors.InvalidArgumentError(
                None, None, f"Asset file name {filename!r} leads out of {folder}"
            )
        feeds[in_scope(tensor_name, scope)] = os.fsencode(os.path.join(folder, filename))
    return feeds


def _stays_inside(filename: str) -> bool:
    """Whether a file name, joined to a folder, can only be of a file in it."""
    parts = filename.replace("\\", "/").split("/")
    return (
        "\0" not in filename
        and not os.path.splitdrive(filename)[0]
        and parts[0] != ""
        and os.pardir not in parts
    )
