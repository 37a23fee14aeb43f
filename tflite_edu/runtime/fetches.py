"""Fetches: any nested structure of what can be fetched, taken apart and put together again."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tflite_edu.core.graph import Graph
from tflite_edu.core.indexed_slices import IndexedSlices, IndexedSlicesValue
from tflite_edu.core.operation import Operation
from tflite_edu.core.sparse_tensor import SparseTensor, SparseTensorValue
from tflite_edu.core.tensor import Tensor

# (type, fetch function, feed function, feed function for partial_run); the first that fits serves.
_expansions: list[
    tuple[type, Callable[..., Any], Callable[..., Any] | None, Callable[..., Any] | None]
] = []

Rebuild = Callable[[Sequence[Any]], Any]


def register_session_run_conversion_functions(
    tensor_type: type,
    fetch_function: Callable[..., Any],
    feed_function: Callable[..., Any] | None = None,
    feed_function_for_partial_run: Callable[..., Any] | None = None,
) -> None:
    """Has sessions fetch and feed instances of a type.

    `fetch_function(value)` gives (list of tensors, function that joins their values);
    `feed_function(key, value)` gives [(tensor, value), ...], `feed_function_for_partial_run(key)`
    the tensors alone. Raises ValueError on a type that is registered already.
    """
    for known, *_ in _expansions:
        if issubclass(tensor_type, known):
            raise ValueError(f"{tensor_type} has already been registered so ignore it.")
    _expansions.insert(
        0, (tensor_type, fetch_function, feed_function, feed_function_for_partial_run)
    )


def expand_feed(key: Any, value: Any) -> list[tuple[Any, Any]]:
    """What a feed of a composite value (a sparse tensor, say) feeds, tensor by tensor."""
    for known, _, feed, _ in _expansions:
        if isinstance(key, known):
            if feed is None:
                raise TypeError(f"{key} of type {type(key).__name__} cannot be fed")
            return list(feed(key, value))
    return [(key, value)]


def expand_feed_key(key: Any) -> list[Any]:
    """The tensors that a feed of a composite value feeds, known before the value is."""
    for known, _, _, tensors in _expansions:
        if isinstance(key, known):
            if tensors is None:
                raise TypeError(f"{key} of type {type(key).__name__} cannot be fed")
            return list(tensors(key))
    return [key]


def is_composite(key: Any) -> bool:
    """Whether a fetch or feed stands for several tensors."""
    return any(isinstance(key, known) for known, *_ in _expansions)


class Fetches:
    """A structure of fetches, flattened: the distinct tensors and operations, and the way back."""

    def __init__(self, graph: Graph, structure: Any) -> None:
        self._graph = graph
        self._index: dict[Tensor | Operation, int] = {}
        self._rebuild = self._take_apart(structure)
        self.elements = list(self._index)
        if type(structure) in (list, tuple) and len(self.elements) == len(structure):
            if all(_is_element(s) for s in structure):
                # A flat list of different elements is the list of their values.
                self._rebuild = type(structure)

    def from_values(self) -> Rebuild:
        """The way from the values of `tensors` to the structure; operations give None."""
        place: dict[int, int | None] = {}
        count = 0
        for i, element in enumerate(self.elements):
            is_tensor = isinstance(element, Tensor)
            place[i] = count if is_tensor else None
            count += is_tensor
        places = list(place.values())
        inner = self._rebuild
        if None not in places:
            return inner
        return lambda values: inner([None if i is None else values[i] for i in places])

    @property
    def tensors(self) -> list[Tensor]:
        """The distinct tensors."""
        return [e for e in self.elements if isinstance(e, Tensor)]

    @property
    def operations(self) -> list[Operation]:
        """The distinct operations."""
        return [e for e in self.elements if isinstance(e, Operation)]

    def _take_apart(self, structure: Any) -> Rebuild:
        if structure is None:
            raise TypeError(f"Fetch argument {structure!r} has invalid type {type(structure)!r}")
        if isinstance(structure, (list, tuple)):
            return self._sequence(structure)
        if isinstance(structure, Mapping):
            keys = list(structure)
            parts = [self._take_apart(structure[k]) for k in keys]
            kind: Any = type(structure)
            return lambda values: kind(
                (k, part(values)) for k, part in zip(keys, parts, strict=True)
            )
        if hasattr(type(structure), "__attrs_attrs__"):
            fields = [a.name for a in type(structure).__attrs_attrs__]
            parts = [self._take_apart(getattr(structure, f)) for f in fields]
            made = type(structure)
            return lambda values: made(*[part(values) for part in parts])
        for known, fetch, *_ in _expansions:
            if isinstance(structure, known):
                tensors, join = fetch(structure)
                parts = [self._element(t) for t in tensors]
                return lambda values: join([part(values) for part in parts])
        return self._element(structure)

    def _sequence(self, structure: Any) -> Rebuild:
        parts = [self._take_apart(s) for s in structure]
        if hasattr(structure, "_fields"):
            named = type(structure)
            return lambda values: named(*[part(values) for part in parts])
        kind: Any = type(structure)
        if kind is list:
            return lambda values: [part(values) for part in parts]
        return lambda values: kind([part(values) for part in parts])

    def _element(self, fetch: Any) -> Rebuild:
        try:
            element = self._graph.as_graph_element(fetch)
        except TypeError as error:
            raise TypeError(
                f"Fetch argument {fetch!r} has invalid type {type(fetch)!r}, must be a string or "
                f"Tensor. ({error})"
            ) from None
        except ValueError as error:
            raise ValueError(
                f"Fetch argument {fetch!r} cannot be interpreted as a Tensor. ({error})"
            ) from None
        except KeyError as error:
            raise ValueError(
                f"Fetch argument {fetch!r} cannot be interpreted as a Tensor. ({error})"
            ) from None
        if not self._graph.is_fetchable(element):
            name = element.name if isinstance(element, Operation) else element.op.name
            raise ValueError(
                f"Operation {name!r} has been marked as not fetchable. It belongs to a branch that "
                "a run may not take, or to another block of code: fetch what that returns."
            )
        return operator.itemgetter(self._index.setdefault(element, len(self._index)))


def _is_element(structure: Any) -> bool:
    """Whether a fetch is one tensor or operation, and no structure of several."""
    if isinstance(structure, (Tensor, Operation, str, bytes)):
        return True
    return hasattr(structure, "_as_graph_element") and not is_composite(structure)


def _fetch_slices(slices: IndexedSlices) -> tuple[list[Tensor], Rebuild]:
    def join(values: Sequence[Any]) -> IndexedSlicesValue:
        return IndexedSlicesValue(*values, *[None] * (3 - len(values)))

    return slices._to_components(), join


def _feed_slices(slices: IndexedSlices, value: Any) -> list[tuple[Any, Any]]:
    return list(zip(slices._to_components(), value))


register_session_run_conversion_functions(
    IndexedSlices, _fetch_slices, _feed_slices, IndexedSlices._to_components
)


def _fetch_sparse(sparse: SparseTensor) -> tuple[list[Tensor], Rebuild]:
    return sparse._to_components(), lambda values: SparseTensorValue(*values)


def _feed_sparse(sparse: SparseTensor, value: Any) -> list[tuple[Any, Any]]:
    return list(zip(sparse._to_components(), value))


register_session_run_conversion_functions(
    SparseTensor, _fetch_sparse, _feed_sparse, SparseTensor._to_components
)
