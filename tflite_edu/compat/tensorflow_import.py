"""`import tensorflow` that gives tflite_edu: for scripts that are to run as they are.

    from tflite_edu.compat import tensorflow_import
    tensorflow_import.install()

`tensorflow` and its public modules then answer for the namespaces here, its private ones by the
table in `private_modules`. A TensorFlow that is installed too is hidden until `uninstall`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from tflite_edu.compat import v1
from tflite_edu.compat.private_modules import NAMES, NAMESPACES

_ROOT = "tensorflow"
_PRIVATE = {*NAMESPACES, *NAMES}
_FOLDERS = {
    ".".join(parts[:length])
    for parts in (name.split(".") for name in _PRIVATE)
    for length in range(1, len(parts))
}


def _public(path: str) -> Any:
    """What `tf.<path>` is, `tf` itself for the empty path; raises AttributeError."""
    thing: Any = v1
    for part in path.split(".") if path else ():
        thing = getattr(thing, part)
    return thing


def _names_of(path: str) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """(names of their own, public namespaces) of the module `tensorflow.<path>`.

    Raises:
      KeyError: there is none.
    """
    if path.startswith("compat.v1.") or path == "compat.v1":
        return _names_of(path[len("compat.v1.") :])
    if path in _PRIVATE:
        return NAMES.get(path, {}), NAMESPACES.get(path, ())
    if path == "" or _is_namespace(path):
        return {}, (path,)
    if path in _FOLDERS:
        return {}, ()
    raise KeyError(path)


def _is_namespace(path: str) -> bool:
    """Whether `tf.<path>` is a public namespace: only these find their names when asked."""
    try:
        thing = _public(path)
    except AttributeError:
        return False
    return isinstance(thing, ModuleType) and hasattr(thing, "__getattr__")


def _place(namespace: str, name: str) -> str:
    """Where a name of a namespace is, as "module:attribute"; no module for a public name."""
    if ":" in namespace:
        return f"{namespace}{name}"
    return f":{namespace}.{name}" if namespace else f":{name}"


class Counterpart(ModuleType):
    """A module of TensorFlow's name whose attributes are found in tflite_edu."""

    def __init__(self, name: str, names: dict[str, str | None], namespaces: Sequence[str]) -> None:
        super().__init__(name, f"What tflite_edu has of {name}.")
        # So that an import of a name that is missing asks the finder, which says what is missing.
        self.__path__ = []
        self._names = names
        self._namespaces = namespaces

    def __getattr__(self, name: str) -> Any:
        own = self._names.get(name, name)
        if own is None:
            places = []
        elif ":" in own:
            places = [own]
        elif name in self._names:
            places = [f":{own}"]
        else:
            places = [_place(path, name) for path in self._namespaces]
        for place in places:
            module, _, attribute = place.partition(":")
            try:
                if module:
                    return getattr(importlib.import_module(module), attribute)
                return _public(attribute)
            except AttributeError:
                continue
        raise AttributeError(f"tflite_edu has no {self.__name__}.{name}")

    def __dir__(self) -> list[str]:
        found = {name for name, own in self._names.items() if own is not None}
        for path in self._namespaces:
            module, colon, _ = path.partition(":")
            found.update(dir(importlib.import_module(module) if colon else _public(path)))
        return sorted(found | set(vars(self)))


class _Finder(MetaPathFinder, Loader):
    """Finds `tensorflow` and every module in it that has a counterpart."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        root, _, inner = fullname.partition(".")
        if root != _ROOT:
            return None
        try:
            _names_of(inner)
        except KeyError:
            # Not named in the error's `name`: then `from tensorflow.x import y` lets it through
            # instead of its own message, which knows nothing of tflite_edu.
            raise ModuleNotFoundError(
                f"No module named '{fullname}': tflite_edu has no counterpart of it"
            ) from None
        return ModuleSpec(fullname, self, origin="tflite_edu", is_package=True)

    def create_module(self, spec: ModuleSpec) -> Counterpart:
        return Counterpart(spec.name, *_names_of(spec.name.partition(".")[2]))

    def exec_module(self, module: ModuleType) -> None:
        """The module is whole when it is created."""


_finder = _Finder()


def install() -> None:
    """Lets `import tensorflow` in this process give tflite_edu, from now on.

    Raises:
      RuntimeError: another TensorFlow has been imported.
    """
    if _finder in sys.meta_path:
        return
    if _ROOT in sys.modules:
        raise RuntimeError("Another TensorFlow has been imported in this process.")
    sys.meta_path.insert(0, _finder)


def uninstall() -> None:
    """Undoes `install`; what was imported so far stays with those who imported it."""
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        for name in [n for n, m in sys.modules.items() if isinstance(m, Counterpart)]:
            del sys.modules[name]
