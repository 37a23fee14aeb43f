"""The public namespaces `tf`, `tf.nn`, `tf.train`, ...: names load when they are first used."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from types import ModuleType
from typing import Any

from tflite_edu.api.table import EXPORTS, OPERATIONS
from tflite_edu.core.op import OpIndex

OpIndex.modules.update(OPERATIONS)


class Namespace(ModuleType):
    """A module whose names are looked up in the export table."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name)
        self.__path__ = []
        self._path = path

    def __getattr__(self, name: str) -> Any:
        return load(self, self._path, name)

    def __dir__(self) -> list[str]:
        return names(self._path)


def names(path: str) -> list[str]:
    """The names of the namespace `path` ("" is `tf` itself, "nn." is `tf.nn`)."""
    return sorted({key[len(path) :].split(".")[0] for key in EXPORTS if key.startswith(path)})


def load(module: ModuleType, path: str, name: str) -> Any:
    """Finds `name` in the namespace and keeps it there; AttributeError where it is absent."""
    full = path + name
    place = EXPORTS.get(full)
    if place is not None:
        source, _, attribute = place.partition(":")
        value = getattr(importlib.import_module(source), attribute)
    elif any(key.startswith(full + ".") for key in EXPORTS):
        value = Namespace(f"tflite_edu.{full}", full + ".")
        sys.modules[value.__name__] = value
    elif name.startswith("__"):
        raise AttributeError(f"module '{module.__name__}' has no attribute '{name}'")
    else:
        raise AttributeError(
            f"tf.{full} is not there: it is no symbol of TensorFlow 1.15, or tflite_edu does not "
            "have it"
        )
    setattr(module, name, value)
    return value


def install(module: ModuleType) -> None:
    """Makes `module` the root namespace.

    A room whose name is also a public namespace (`tf.train`) is both: Python sets it as an
    attribute of the root once anything of it is imported, so it answers for the public names too.
    """
    _answer(module, "")
    for room in _rooms(module):
        _answer(importlib.import_module(f"{module.__name__}.{room}"), room + ".")


def _rooms(module: ModuleType) -> list[str]:
    public = {key.split(".")[0] for key in EXPORTS if "." in key}
    found = pkgutil.iter_modules(module.__path__)
    return [room.name for room in found if room.ispkg and room.name in public]


def _answer(module: ModuleType, path: str) -> None:
    def find(name: str) -> Any:
        return load(module, path, name)

    module.__getattr__ = find  # type: ignore[method-assign]
    module.__dir__ = lambda: sorted({*vars(module), *names(path)})  # type: ignore[method-assign]
