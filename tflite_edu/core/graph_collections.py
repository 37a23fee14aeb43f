"""The default graph's collections: `tf.add_to_collection`, `tf.get_collection`."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph


@export("add_to_collection")
def add_to_collection(name: Any, value: Any) -> None:
    """Appends `value` to the default graph's collection `name`."""
    get_default_graph().add_to_collection(name, value)


@export("add_to_collections")
def add_to_collections(names: Any, value: Any) -> None:
    """Appends `value` to each of the default graph's collections `names`, once each."""
    get_default_graph().add_to_collections(names, value)


@export("get_collection")
def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """A copy of a collection; with `scope`, those whose name it matches as a regex."""
    return get_default_graph().get_collection(key, scope)


@export("get_collection_ref")
def get_collection_ref(key: Any) -> list[Any]:
    """The collection's own list, made if it does not exist."""
    return get_default_graph().get_collection_ref(key)
