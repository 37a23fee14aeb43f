"""Nodes that are there for a while: added to a script's graph to look at it, then taken out again.

A copy of the graph would not do: functions that a script gave with `tf.custom_gradient` make their
nodes from tensors of the graph they were defined in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tflite_edu.core.graph import Graph


@contextmanager
def temporary_nodes(graph: Graph) -> Iterator[None]:
    """Nodes made inside are gone afterwards, with all that tells of them.

    Names, the numbers from which operations take their seeds, collections and what the graph
    remembers are as before, so that the script goes on as if nothing had happened. A finalized
    graph may be added to inside. Other threads that build the graph wait. Operations and tensors
    made inside must not be kept.
    """
    with graph._lock:
        restore = _snapshot(graph)
        graph._finalized = False
        try:
            with graph.as_default(), graph.name_scope(None), graph.control_dependencies(None):
                yield
        finally:
            restore()


def _snapshot(graph: Graph) -> Any:
    """A function that brings the graph back to what it is now."""
    count = len(graph._operations)
    # Not `_changes`: programs that another thread compiled meanwhile are compiled again.
    plain = {name: getattr(graph, name) for name in ("_version", "_seed", "_finalized")}
    held = [
        _contents(getattr(graph, name))
        for name in ("_names_in_use", "_collections", "_unfeedable", "_unfetchable", "attachments")
    ]
    held += [_contents(values) for values in graph._collections.values()]
    held += [
        _contents(memo)
        for memo in graph.attachments.values()
        if isinstance(memo, (dict, list, set))
    ]
    contexts = {op._control_flow_context for op in graph._operations} - {None}
    held += [
        _contents(value)
        for context in contexts
        for value in vars(context).values()
        if isinstance(value, (dict, list, set))
    ]
    operations = [
        (op, op._inputs, op._control_inputs, op._control_outputs, dict(op.extra_attributes))
        for op in graph._operations
    ]
    tensors = [
        (tensor, tensor._shape, None if tensor._consumers is None else list(tensor._consumers))
        for op in graph._operations
        for tensor in op._outputs
    ]

    def restore() -> None:
        for op in graph._operations[count:]:
            graph._by_name.pop(op.name, None)
        del graph._operations[count:]
        for name, value in plain.items():
            setattr(graph, name, value)
        for container, contents in held:
            container.clear()
            if isinstance(container, list):
                container.extend(contents)
            else:
                container.update(contents)
        for op, inputs, before, after, attributes in operations:
            op._inputs, op._control_inputs, op._control_outputs = inputs, before, after
            op.extra_attributes = attributes
        for tensor, shape, consumers in tensors:
            tensor._shape, tensor._consumers = shape, consumers

    return restore


def _contents(container: Any) -> tuple[Any, Any]:
    """A container with a copy of what it holds now."""
    return container, container.copy()
