"""`Graph`: the nodes, their names, and the scopes that are open while a script builds."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tflite_edu.core.collections import Collections
from tflite_edu.core.device import device_text, merge_device
from tflite_edu.core.dtypes import DType
from tflite_edu.core.elements import Elements
from tflite_edu.core.export import export
from tflite_edu.core.op import Op
from tflite_edu.core.operation import Operation
from tflite_edu.core.script_lines import script_lines
from tflite_edu.core.tensor import Tensor
from tflite_edu.core.upward import upward

_VALID_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\/-]*$")
_VALID_INNER_NAME = re.compile(r"^[A-Za-z0-9_.\\/-]*$")


@export("Graph")
class Graph(Collections, Elements):
    """A computation: nodes in the order in which a script made them.

    One thread at a time builds a graph; any number of sessions may run it meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()
        self._operations: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._names_in_use: dict[str, int] = {}
        self._name_stack = ""
        self._version = 0
        self._changes = 0
        self._seed: int | None = None
        self._finalized = False
        self._control_stack: list[_Controller] = []
        # The branch of a conditional that is being defined; it takes in every new node.
        self._control_flow_context: Any = None
        self._device_stack: list[Any] = []
        self._colocation_stack: list[Operation] = []
        self._attribute_scope: dict[str, Any] = {}
        self._kernel_labels: dict[str, str] = {}
        self._gradient_overrides: dict[str, str] = {}
        self._unfeedable: set[Tensor] = set()
        self._unfetchable: set[Any] = set()
        self._original_op: Operation | None = None
        self._producer = 134
        # Values that other rooms keep beside a graph (the variable store, for one), by their name.
        self.attachments: dict[str, Any] = {}

    @property
    def version(self) -> int:
        """A number that grows as nodes are added."""
        return self._version

    @property
    def _last_id(self) -> int:
        return self._version

    @property
    def seed(self) -> int | None:
        """The graph-level random seed, or None."""
        return self._seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        self._seed = seed

    @property
    def finalized(self) -> bool:
        """Whether nodes can no longer be added."""
        return self._finalized

    @property
    def building_function(self) -> bool:
        """False: a graph is never the body of a function here."""
        return False

    @property
    def graph_def_versions(self) -> Any:
        """The GraphDef's VersionDef."""
        return self.as_graph_def().versions

    def finalize(self) -> None:
        """Makes the graph read-only."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    def _check_not_finalized(self) -> None:
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    def _changed(self) -> None:
        """Says that compiled programs of this graph no longer hold."""
        self._changes += 1

    def create_op(
        self,
        op_type: str,
        inputs: Sequence[Tensor],
        dtypes: Sequence[Any] | None = None,
        input_types: Any = None,
        name: str | None = None,
        attrs: dict[str, Any] | None = None,
        op_def: Any = None,
        compute_shapes: bool = True,
        compute_device: bool = True,
    ) -> Operation:
        """Makes a node from its op type, inputs and attributes (name -> plain value).

        Prefer the op's own function. Raises ValueError on an input of another graph.
        """
        return upward("create_op")(self, op_type, inputs, name, attrs or {})  # type: ignore[no-any-return]

    def add_node(
        self,
        definition: Op,
        inputs: Sequence[Tensor],
        output_types: Sequence[DType],
        name: str,
    ) -> Operation:
        """Adds a node with attributes and inputs already checked; `name` ending in "/" is final.

        Shapes of the outputs are left unknown; see `core.raw`, the door through which nodes come.
        """
        with self._lock:
            if self._finalized:
                self._check_not_finalized()
            for tensor in inputs:
                if tensor.op.graph is not self:
                    self._check_same_graph(tensor)
            name = name[:-1] if name[-1] == "/" else self.unique_name(name)
            controls = self._control_inputs_for(inputs) if self._control_stack else []
            self._version += 1
            op = Operation(self, definition, name, inputs, output_types, controls, self._version)
            op.where = script_lines(2)
            op._original_op = self._original_op
            if self._attribute_scope:
                for key, value in self._attribute_scope.items():
                    op.extra_attributes.setdefault(key, value)
            if self._kernel_labels and op.type in self._kernel_labels:
                op.extra_attributes["_kernel"] = self._kernel_labels[op.type]
            if self._gradient_overrides and op.type in self._gradient_overrides:
                op.extra_attributes["_gradient_op_type"] = self._gradient_overrides[op.type]
            for controller in self._control_stack:
                controller.seen.add(op)
            if self._device_stack:
                self._apply_devices(op)
            if self._colocation_stack:
                self._colocate(op)
            self._operations.append(op)
            self._by_name[name] = op
            if self._control_flow_context is not None:
                self._control_flow_context.AddOp(op)
            return op

    def _get_control_flow_context(self) -> Any:
        return self._control_flow_context

    def _set_control_flow_context(self, context: Any) -> None:
        self._control_flow_context = context

    def _apply_devices(self, op: Operation) -> None:
        for spec in reversed(self._device_stack):
            if spec is None:
                break
            # A function says all of the device, having seen what the scopes inside it asked for.
            op._set_device(spec(op) if callable(spec) else merge_device(op.device, spec))

    def _colocate(self, op: Operation) -> None:
        groups: set[bytes] = set()
        for other in self._colocation_stack:
            groups.update(other.colocation_groups())
            if other.device:
                op._set_device(other.device)
        op.extra_attributes["_class"] = [g.decode() for g in sorted(groups)]

    def _control_inputs_for(self, inputs: Sequence[Tensor]) -> list[Operation]:
        """The open scopes' control inputs, without those that an input already comes after."""
        found: list[Operation] = []
        producers = {t.op for t in inputs}
        for controller in self._control_stack:
            if not producers.isdisjoint(controller.seen):
                continue
            found += [c for c in controller.ops if c not in producers and c not in found]
        return found

    def _check_same_graph(self, tensor: Tensor) -> None:
        if tensor.graph is not self:
            raise ValueError(f"{tensor} is not from this graph.")

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """`name` under the current scope, with _1, _2 ... added if it is taken.

        Names that differ only in case count as the same.
        """
        if self._name_stack:
            name = f"{self._name_stack}/{name}"
        in_use = self._names_in_use
        key = name.lower()
        count = in_use.get(key, 0)
        if mark_as_used:
            in_use[key] = count + 1
        if count == 0:
            return name
        base = key
        while key in in_use:
            key = f"{base}_{count}"
            count += 1
        if mark_as_used:
            in_use[key] = 1
        return f"{name}_{count - 1}"

    def _enter_scope(self, name: Any) -> str:
        """Opens a name scope and returns it, ending in "/"; the caller restores `_name_stack`."""
        if not name:
            self._name_stack = ""
            return ""
        if isinstance(name, bytes):
            name = name.decode()
        if not isinstance(name, str):
            raise TypeError(f"'{name}' is not a valid scope name")
        if not (_VALID_INNER_NAME if self._name_stack else _VALID_NAME).match(name):
            raise ValueError(f"'{name}' is not a valid scope name")
        if name[-1] == "/":
            self._name_stack = name[:-1]
            return name
        stack = self.unique_name(name)
        self._name_stack = stack
        return stack + "/"

    @contextmanager
    def name_scope(self, name: Any) -> Iterator[str]:
        """A scope in which names of new nodes begin with `name`; see `tf.name_scope`."""
        saved = self._name_stack
        try:
            yield self._enter_scope(name)
        finally:
            self._name_stack = saved

    def get_name_scope(self) -> str:
        """The current name scope, without the last "/"."""
        return self._name_stack

    @contextmanager
    def as_default(self) -> Iterator[Graph]:
        """Makes this the graph to which new nodes of this thread go."""
        stack = _defaults.stack
        stack.append(self)
        try:
            yield self
        finally:
            if stack[-1] is not self:
                raise AssertionError(f"Nesting violated for default stack of {type(self)} objects")
            stack.pop()

    @contextmanager
    def control_dependencies(self, control_inputs: Any) -> Iterator[None]:
        """Nodes made inside run after `control_inputs`.

        None clears the open scopes, and leaves the branch of a conditional.
        """
        saved, context = self._control_stack, self._control_flow_context
        if control_inputs is None:
            self._control_stack = []
            self._control_flow_context = None
        else:
            if callable(control_inputs):
                control_inputs = control_inputs()
            ops: list[Operation] = []
            for c in control_inputs:
                if hasattr(c, "_handle") and hasattr(c._handle, "op") and hasattr(c, "op"):
                    c = c.op
                if hasattr(c, "_to_components"):
                    c = c.op
                element = c if isinstance(c, Operation) else self.as_graph_element(c)
                op = element.op if isinstance(element, Tensor) else element
                if op.graph is not self:
                    raise ValueError(f"{c} is not from this graph.")
                if op not in ops:
                    ops.append(op)
            self._control_stack = [*saved, _Controller(ops)]
        try:
            yield
        finally:
            self._control_stack = saved
            self._control_flow_context = context

    @contextmanager
    def device(self, device_name_or_function: Any) -> Iterator[None]:
        """Nodes made inside ask to be placed on this device; None clears the open scopes."""
        spec = device_name_or_function
        if spec is not None and not callable(spec):
            merge_device(spec, "")
            spec = device_text(spec)
        saved = self._device_stack
        self._device_stack = [*saved, spec]
        try:
            yield
        finally:
            self._device_stack = saved

    @contextmanager
    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Iterator[None]:
        """Nodes made inside are placed with `op` (an operation, tensor, variable, or None)."""
        if op is None and not ignore_existing:
            raise ValueError(
                "Trying to reset colocation (op is None) but ignore_existing is not True"
            )
        if op is not None and not isinstance(op, Operation):
            place = getattr(op, "op", op)
            op = place if isinstance(place, Operation) else self.as_graph_element(place)
        devices, colocations = self._device_stack, self._colocation_stack
        self._device_stack = []
        self._colocation_stack = [] if ignore_existing else list(colocations)
        if op is not None:
            self._colocation_stack.append(op)
        try:
            yield
        finally:
            self._device_stack, self._colocation_stack = devices, colocations

    @contextmanager
    def gradient_override_map(self, op_type_map: dict[str, str]) -> Iterator[None]:
        """Nodes made inside take the gradient registered under another name.

        `op_type_map` maps op types to names given to `tf.RegisterGradient`. Raises TypeError where
        it is no dict of strings.
        """
        if not isinstance(op_type_map, dict):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        for key, value in op_type_map.items():
            if not isinstance(key, str):
                raise TypeError("op_type_map must be a dictionary mapping strings to strings")
            if not isinstance(value, str):
                raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        saved = self._gradient_overrides
        self._gradient_overrides = {**saved, **op_type_map}
        try:
            yield
        finally:
            self._gradient_overrides = saved

    @contextmanager
    def _attr_scope(self, attributes: dict[str, Any]) -> Iterator[None]:
        saved = self._attribute_scope
        merged = {**saved, **attributes}
        self._attribute_scope = {k: v for k, v in merged.items() if v is not None}
        try:
            yield
        finally:
            self._attribute_scope = saved

    @contextmanager
    def _kernel_label_map(self, labels: dict[str, str]) -> Iterator[None]:
        saved = self._kernel_labels
        self._kernel_labels = {**saved, **labels}
        try:
            yield
        finally:
            self._kernel_labels = saved

    @contextmanager
    def _original(self, op: Operation) -> Iterator[None]:
        saved = self._original_op
        self._original_op = op
        try:
            yield
        finally:
            self._original_op = saved

    def get_operations(self) -> list[Operation]:
        """The nodes in the order in which they were made."""
        return list(self._operations)

    def prevent_feeding(self, tensor: Tensor) -> None:
        """Makes the tensor refuse to be fed."""
        self._unfeedable.add(tensor)

    def is_feedable(self, tensor: Tensor) -> bool:
        """Whether the tensor may be fed."""
        return tensor not in self._unfeedable

    def prevent_fetching(self, op: Operation) -> None:
        """Makes the node and its outputs refuse to be fetched."""
        self._unfetchable.add(op)

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        """Whether the tensor or node may be fetched."""
        op = tensor_or_op.op if isinstance(tensor_or_op, Tensor) else tensor_or_op
        return op not in self._unfetchable

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> Any:
        """The graph as a GraphDef proto: nodes made after `from_version`, if it is given."""
        return upward("graph_def")(self, from_version, add_shapes)

    def switch_to_thread_local(self) -> None:
        """Accepted for TensorFlow's sake: scopes here belong to the one thread that builds."""


def check_node_name(name: str | None) -> None:
    """Raises ValueError on a name that no node may have."""
    if name and not _VALID_INNER_NAME.match(name):
        raise ValueError(f"'{name}' is not a valid node name")


class _Controller:
    """An open control_dependencies scope: what comes first, and the nodes made inside."""

    __slots__ = ("ops", "seen")

    def __init__(self, ops: list[Operation]) -> None:
        self.ops = ops
        self.seen: set[Operation] = set()


class _Defaults(threading.local):
    def __init__(self) -> None:
        self.stack: list[Graph] = []


_defaults = _Defaults()
_global_default: Graph | None = None
_global_lock = threading.Lock()


@export("get_default_graph")
def get_default_graph() -> Graph:
    """The graph to which new nodes of this thread go."""
    global _global_default
    if _defaults.stack:
        return _defaults.stack[-1]
    if _global_default is None:
        with _global_lock:
            if _global_default is None:
                _global_default = Graph()
    return _global_default


@export("reset_default_graph")
def reset_default_graph() -> None:
    """Replaces the default graph by an empty one; raises AssertionError inside `as_default`."""
    global _global_default
    if _defaults.stack:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and "
            "create a new graph."
        )
    _global_default = Graph()


def graph_of(values: Any) -> Graph | None:
    """The one graph that tensors and operations among `values` belong to, or None.

    Raises ValueError where they are of several graphs.
    """
    graph = None
    first = None
    for value in values:
        element = value
        if not isinstance(element, (Tensor, Operation)):
            convert = getattr(element, "_as_graph_element", None)
            element = convert() if convert is not None else getattr(element, "op", None)
        if not isinstance(element, (Tensor, Operation)):
            continue
        if graph is None:
            graph, first = element.graph, value
        elif element.graph is not graph:
            raise ValueError(f"{value} must be from the same graph as {first}.")
    return graph
