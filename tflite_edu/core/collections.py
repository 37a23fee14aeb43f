"""The collections of a graph: lists that scripts and libraries share by name."""

from __future__ import annotations

import re
from typing import Any


class Collections:
    """Named lists of values, part of a `Graph`."""

    def __init__(self) -> None:
        self._collections: dict[Any, list[Any]] = {}

    @property
    def collections(self) -> list[Any]:
        """Names of the collections that exist."""
        return list(self._collections)

    def _check_not_finalized(self) -> None:
        raise NotImplementedError

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Appends `value` to the collection `name`."""
        self._check_not_finalized()
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Appends `value` to each of the collections, once each."""
        for name in (names,) if isinstance(names, (str, bytes)) else dict.fromkeys(names):
            self.add_to_collection(name, value)

    def get_collection_ref(self, name: Any) -> list[Any]:
        """The collection's own list, made if it does not exist."""
        return self._collections.setdefault(name, [])

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of the collection; with `scope`, those whose name it matches as a regex."""
        values = self._collections.get(name)
        if values is None:
            return []
        if scope is None:
            return list(values)
        pattern = re.compile(scope)
        return [v for v in values if hasattr(v, "name") and pattern.match(v.name)]

    def get_all_collection_keys(self) -> list[Any]:
        """Names of the collections that exist and are text."""
        return [name for name in self._collections if isinstance(name, str)]

    def clear_collection(self, name: Any) -> None:
        """Empties the collection."""
        self._check_not_finalized()
        self._collections.pop(name, None)
