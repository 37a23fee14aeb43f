"""Context managers that steer how nodes are made: name scopes, control dependencies, devices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph, graph_of


@export("name_scope", "keras.backend.name_scope")
class name_scope:
    """A scope in which the names of new nodes begin with `name`.

    `with tf.name_scope("layer") as scope:` gives `scope == "layer/"`, which, used as a name, stands
    for the scope itself. `default_name` serves where `name` is None; `values` are checked to come
    from one graph, which becomes the default inside. Raises ValueError on a name that is no scope
    name and TypeError on one that is no string.
    """

    __slots__ = ("_as_default", "_default_name", "_graph", "_name", "_saved", "_values")

    def __init__(self, name: Any, default_name: Any = None, values: Any = None) -> None:
        if default_name is not None and not isinstance(default_name, (str, bytes)):
            raise TypeError(
                f"`default_name` type ({type(default_name)}) is not a string type. You likely "
                f"meant to pass this into the "
                "`values` kwarg."
            )
        self._name = default_name if name is None else name
        self._default_name = default_name
        self._values = values
        self._as_default: AbstractContextManager[Graph] | None = None

    @property
    def name(self) -> Any:
        """The name asked for, or the default name."""
        return self._name

    def __enter__(self) -> str:
        if self._name is None and self._values is not None:
            raise ValueError(
                f"At least one of name (None) and default_name ({self._default_name!s}) must be "
                "provided."
            )
        graph = get_default_graph()
        if self._values:
            found = graph_of(self._values)
            if found is not None and found is not graph:
                self._as_default = found.as_default()
                graph = self._as_default.__enter__()
        self._graph = graph
        self._saved = graph._name_stack
        try:
            return graph._enter_scope(self._name)
        except BaseException:
            self._leave()
            raise

    def __exit__(self, *_: object) -> None:
        self._graph._name_stack = self._saved
        self._leave()

    def _leave(self) -> None:
        if self._as_default is not None:
            self._as_default.__exit__(None, None, None)
            self._as_default = None


@export("control_dependencies")
def control_dependencies(control_inputs: Any) -> AbstractContextManager[None]:
    """Nodes made inside run after `control_inputs` (operations or tensors); None clears them."""
    return get_default_graph().control_dependencies(control_inputs)


@export("init_scope")
def init_scope() -> AbstractContextManager[None]:
    """Nodes made inside run before everything else: no control dependencies are open."""
    return get_default_graph().control_dependencies(None)


@export("device")
def device(device_name_or_function: Any) -> AbstractContextManager[None]:
    """Nodes made inside ask to be placed on this device: a name, or a function of the node."""
    return get_default_graph().device(device_name_or_function)


@export("colocate_with")
@contextmanager
def colocate_with(op: Any, ignore_existing: bool = False) -> Iterator[None]:
    """Nodes made inside are placed with `op`."""
    with get_default_graph().colocate_with(op, ignore_existing):
        yield


@export("op_scope")
@contextmanager
def op_scope(values: Any, name: Any, default_name: Any = None) -> Iterator[str]:
    """`name_scope` with its arguments in the old order."""
    with name_scope(name, default_name, values) as scope:
        yield scope
