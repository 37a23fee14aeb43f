"""The objects that a `tf.train.Checkpoint` saves: who refers to whom, and by which names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tflite_edu.core.graph import get_default_graph
from tflite_edu.formats.proto.trackable_object_graph_pb2 import TrackableObjectGraph
from tflite_edu.io.object_graph_def import read_object_graph
from tflite_edu.train.optimizer import Optimizer
from tflite_edu.train.saveables import Saveable
from tflite_edu.variables.variable import Variable

GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
"""The key of the serialized TrackableObjectGraph in a checkpoint."""

_VALUE = "VARIABLE_VALUE"
_VALUE_SUFFIX = "/.ATTRIBUTES/" + _VALUE


class Trackable:
    """An object whose attributes, as far as they can be saved, are its children by their names."""

    def _children(self) -> Iterator[tuple[str, Any]]:
        for name, value in vars(self).items():
            if not name.startswith("_") and can_be_saved(value):
                yield name, value


def can_be_saved(value: Any) -> bool:
    """Whether a value is, or may hold, something that a checkpoint saves."""
    return isinstance(value, (Variable, Optimizer, Trackable, list, dict))


def children(value: Any) -> Iterator[tuple[str, Any]]:
    """(local name, object) of what an object refers to."""
    if isinstance(value, Trackable):
        yield from value._children()
    elif isinstance(value, Optimizer):
        graph = get_default_graph()
        yield from sorted(
            (name, variable)
            for (name, owner), variable in value._non_slots.items()
            if owner is graph
        )
    elif isinstance(value, list):
        yield from ((str(i), v) for i, v in enumerate(value) if can_be_saved(v))
    elif isinstance(value, dict):
        for name, held in value.items():
            if can_be_saved(held):
                if not isinstance(name, str):
                    raise ValueError(
                        f"Unable to save the object {value} (a dictionary wrapper constructed "
                        "automatically on attribute assignment). The wrapped dictionary contains a "
                        "non-string key which maps to a trackable object or mutable data structure."
                    )
                yield name, held


class ObjectGraph:
    """The objects that can be reached from one, numbered breadth first, and their tensors."""

    def __init__(self, root: Any) -> None:
        self.objects: list[Any] = [root]
        self._numbers: dict[int, int] = {id(root): 0}
        self._paths: list[str] = [""]
        self.proto = TrackableObjectGraph()
        self.saveables: list[Saveable] = []
        self._walk()
        self._add_slots()
        for number, found in enumerate(self.objects):
            if isinstance(found, Variable):
                self._add_tensor(number, found)

    def variables(self) -> list[Variable]:
        """The variables among the objects."""
        return [found for found in self.objects if isinstance(found, Variable)]

    def _walk(self) -> None:
        number = 0
        while number < len(self.objects):
            node = self.proto.nodes.add()
            for name, child in children(self.objects[number]):
                if id(child) not in self._numbers:
                    prefix = self._paths[number]
                    self._number(child, f"{prefix}/{_escaped(name)}" if prefix else _escaped(name))
                node.children.add(node_id=self._numbers[id(child)], local_name=name)
            number += 1

    def _number(self, found: Any, path: str) -> int:
        self._numbers[id(found)] = len(self.objects)
        self.objects.append(found)
        self._paths.append(path)
        return len(self.objects) - 1

    def _add_slots(self) -> None:
        for number, optimizer in enumerate(tuple(self.objects)):
            if not isinstance(optimizer, Optimizer):
                continue
            for slot_name in optimizer.get_slot_names():
                for original in range(len(self.proto.nodes)):
                    variable = self.objects[original]
                    if not isinstance(variable, Variable):
                        continue
                    slot = optimizer.get_slot(variable, slot_name)
                    if slot is None:
                        continue
                    if id(slot) in self._numbers:
                        raise NotImplementedError(
                            "A slot variable was re-used as a dependency of a Trackable object. "
                            "This is not currently allowed. File a feature request if this "
                            "limitation bothers you."
                        )
                    path = (
                        f"{self._paths[original]}/.OPTIMIZER_SLOT/{self._paths[number]}/"
                        f"{_escaped(slot_name)}"
                    )
                    self.proto.nodes[number].slot_variables.add(
                        original_variable_node_id=original,
                        slot_name=slot_name,
                        slot_variable_node_id=self._number(slot, path),
                    )
        while len(self.proto.nodes) < len(self.objects):
            self.proto.nodes.add()

    def _add_tensor(self, number: int, variable: Any) -> None:
        key = self._paths[number] + _VALUE_SUFFIX
        self.proto.nodes[number].attributes.add(
            name=_VALUE, full_name=variable.op.name, checkpoint_key=key
        )
        self.saveables.append(Saveable(key, variable, "", variable.dtype.base_dtype))


def _escaped(name: str) -> str:
    return name.replace(".", "..").replace("/", ".S")


class SavedObjects:
    """The object graph in a checkpoint, and what in a program it belongs to."""

    def __init__(self, content: bytes, path: str) -> None:
        """Raises DataLossError where the content, of the checkpoint `path`, is damaged."""
        self.proto = read_object_graph(content, path)

    def matched(self, root: Any) -> dict[int, Any]:
        """The objects of a program by the numbers of the saved ones that have the same names.

        Slots come last, in the order in which variable and optimizer are both found.
        """
        if not self.proto.nodes:
            return {}
        of_variable = self._slots()
        of_optimizer: dict[int, list[tuple[int, Any]]] = {}
        slots: dict[int, Any] = {}
        found = {0: root}
        queue = [0]
        for number in queue:
            named = dict(children(found[number]))
            for child in self.proto.nodes[number].children:
                if child.local_name not in named or child.node_id in found:
                    continue
                found[child.node_id] = named[child.local_name]
                queue.append(child.node_id)
                for optimizer, slot in of_variable.get(child.node_id, ()):
                    of_optimizer.setdefault(optimizer, []).append((child.node_id, slot))
                    if optimizer in found:
                        _find_slots(found, optimizer, of_optimizer.pop(optimizer), slots)
                if child.node_id in of_optimizer:
                    waiting = of_optimizer.pop(child.node_id)
                    _find_slots(found, child.node_id, waiting, slots)
        return {**found, **{n: slot for n, slot in slots.items() if n not in found}}

    def _slots(self) -> dict[int, list[tuple[int, Any]]]:
        """(number of the optimizer, reference to the slot) by the number of the variable."""
        listed: dict[int, list[tuple[int, Any]]] = {}
        for number, node in enumerate(self.proto.nodes):
            for slot in node.slot_variables:
                listed.setdefault(slot.original_variable_node_id, []).append((number, slot))
        return listed

    def saveables(self, found: Mapping[int, Any]) -> tuple[list[Saveable], list[Saveable]]:
        """The slots, and the other variables sorted by key, among matched objects.

        Each is named by the key that it has in the checkpoint.
        """
        slots = {
            slot.slot_variable_node_id for node in self.proto.nodes for slot in node.slot_variables
        }
        parts: tuple[list[Saveable], list[Saveable]] = ([], [])
        for number, variable in found.items():
            if not isinstance(variable, Variable):
                continue
            for attribute in self.proto.nodes[number].attributes:
                if attribute.name == _VALUE:
                    key, dtype = attribute.checkpoint_key, variable.dtype.base_dtype
                    parts[number not in slots].append(Saveable(key, variable, "", dtype))
        return parts[0], sorted(parts[1], key=lambda saveable: saveable.name)

    def name(self, number: int) -> str:
        """How messages name a saved object: by the way to it."""
        names = {0: "(root)"}
        queue = [0]
        for parent in queue:
            for child in self.proto.nodes[parent].children:
                if child.node_id not in names:
                    names[child.node_id] = f"{names[parent]}.{child.local_name}"
                    queue.append(child.node_id)
        for parent, node in enumerate(self.proto.nodes):
            for slot in node.slot_variables:
                owner = names.get(parent, str(parent))
                original = names.get(slot.original_variable_node_id, "?")
                names.setdefault(
                    slot.slot_variable_node_id, f"{owner}'s state '{slot.slot_name}' for {original}"
                )
        return names.get(number, str(number))


def _find_slots(
    found: Mapping[int, Any], number: int, waiting: Iterable[tuple[int, Any]], slots: dict[int, Any]
) -> None:
    """Adds the slots of an optimizer for variables that are found."""
    optimizer = found[number]
    for original, slot in waiting:
        variable = found[original]
        if isinstance(optimizer, Optimizer) and isinstance(variable, Variable):
            kept = optimizer.get_slot(variable, slot.slot_name)
            if kept is not None:
                slots.setdefault(slot.slot_variable_node_id, kept)
