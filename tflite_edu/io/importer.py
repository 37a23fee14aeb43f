"""`tf.import_graph_def`: from a GraphDef to nodes of the default graph."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.device import merge_device
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.inference import ShapeError, merge
from tflite_edu.core.node import node as node_of
from tflite_edu.core.op import Op, normalise
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.proto import graph_pb2
from tflite_edu.formats.tensor import from_shape_proto
from tflite_edu.io.attributes import extra_value, plain_value
from tflite_edu.io.function_library import (
    add_functions,
    class_of,
    library_of,
    node_classes,
    set_library,
)
from tflite_edu.io.node_checks import (
    check_attributes,
    check_constant,
    check_extra,
    check_input,
    check_inputs,
    check_output_count,
)

_NODE_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/-]*\Z")

# The newest GraphDef that is understood: TensorFlow 1.15's.
_VERSION = 134

# Where a graph keeps the oldest version of TensorFlow that may read it.
_MIN_CONSUMER = "min consumer"

_MERGES = ("Merge", "RefMerge")
_NEXT_ITERATIONS = ("NextIteration", "RefNextIteration")


@export("import_graph_def", "graph_util.import_graph_def")
def import_graph_def(
    graph_def: Any,
    input_map: Any = None,
    return_elements: Any = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> Any:
    """Adds the nodes of a GraphDef under the scope `name` ("import" if it is None).

    `input_map` puts tensors of this graph in the place of the GraphDef's, by their names. Returns
    the operations and tensors named in `return_elements`, or None.

    An op type of TensorFlow 1.15 (or of its contrib) that cannot run here is kept as it is: only a
    run that needs such a node fails. Functions are kept with the graph. Attributes that a newer op
    type has, by `producer_op_list` (an OpList), are left out where they have their default.

    Raises ValueError on a GraphDef that does not hold together and NotFoundError on an op type that
    TensorFlow has not; the graph is then as it was.
    """
    del op_dict
    if not hasattr(graph_def, "node"):
        raise TypeError("graph_def must be a GraphDef proto.")
    given = graph_def
    if not isinstance(given, graph_pb2.GraphDef):
        given = graph_pb2.GraphDef.FromString(graph_def.SerializeToString())
    mapping = {} if input_map is None else input_map
    if not isinstance(mapping, dict) or not all(isinstance(k, (str, bytes)) for k in mapping):
        raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
    wanted = None if return_elements is None else [_element_name(e) for e in return_elements]
    _check_versions(given.versions)
    producers = {} if producer_op_list is None else {o.name: o for o in producer_op_list.op}
    graph = get_default_graph()
    with graph._lock, all_or_nothing(graph):
        add_functions(graph, given.library)
        with graph.name_scope("import" if name is None else name) as scope:
            importer = _Importer(graph, given, _as_tensors(graph, mapping, scope), producers)
            importer.run()
        importer.enter_context()
        found = None if wanted is None else [importer.element(text) for text in wanted]
        graph._producer = min(graph._producer, given.versions.producer)
        oldest = max(graph.attachments.get(_MIN_CONSUMER, 0), given.versions.min_consumer)
        graph.attachments[_MIN_CONSUMER] = oldest
    return found


def _check_versions(versions: Any) -> None:
    """Raises ValueError where TensorFlow 1.15 is not to read the graph."""
    if versions.producer < 0:
        raise ValueError(
            f"GraphDef producer version {versions.producer} below min producer 0 supported by "
            "TensorFlow 1.15.5.  Please regenerate your graph."
        )
    if versions.min_consumer > _VERSION:
        raise ValueError(
            f"GraphDef min consumer version {versions.min_consumer} above current version "
            f"{_VERSION} for TensorFlow 1.15.5.  Please upgrade TensorFlow."
        )
    if _VERSION in versions.bad_consumers:
        raise ValueError(
            f"GraphDef disallows consumer version {_VERSION}.  Please upgrade TensorFlow: this "
            "version is likely buggy."
        )


def _element_name(element: Any) -> str:
    if not isinstance(element, (str, bytes)):
        raise TypeError("return_elements must be a list of strings.")
    return element.decode() if isinstance(element, bytes) else element


def _as_tensors(graph: Graph, mapping: dict[Any, Any], scope: str) -> dict[Any, Tensor]:
    """The mapping with its values converted, under the scope `_inputs`."""
    if all(isinstance(value, Tensor) for value in mapping.values()):
        return mapping
    if not scope:
        raise ValueError(
            "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor "
            "values. Try calling tf.convert_to_tensor() on `input_map` values before calling "
            "tf.import_graph_def()."
        )
    with graph.name_scope("_inputs"):
        return {key: convert_to_tensor(value) for key, value in mapping.items()}


@contextmanager
def all_or_nothing(graph: Graph) -> Iterator[None]:
    """Puts the graph back as it was where what is done inside ends in an error.

    That is nodes, functions and members of collections. What TensorFlow's C code calls an invalid
    argument is a ValueError.
    """
    count, version = len(graph._operations), graph._version
    names, library = dict(graph._names_in_use), library_of(graph)
    collections = {name: list(members) for name, members in graph._collections.items()}
    producer, consumer = graph._producer, graph.attachments.get(_MIN_CONSUMER, 0)
    try:
        yield
    except BaseException as error:
        for op in reversed(graph._operations[count:]):
            for control in op._control_inputs:
                control._control_outputs = [o for o in control._control_outputs if o is not op]
            for tensor in op._inputs:
                if tensor._consumers is not None and op in tensor._consumers:
                    tensor._consumers.remove(op)
            del graph._by_name[op.name]
        del graph._operations[count:]
        graph._names_in_use, graph._version = names, version
        set_library(graph, library)
        graph._collections = collections
        graph._producer, graph.attachments[_MIN_CONSUMER] = producer, consumer
        graph._changed()
        if isinstance(error, InvalidArgumentError):
            raise ValueError(error.message) from None
        raise


@contextmanager
def _no_scopes(graph: Graph) -> Iterator[None]:
    """Nodes made inside take on nothing from open scopes but their name."""
    plain: dict[str, Any] = {
        "_control_stack": [],
        "_device_stack": [],
        "_colocation_stack": [],
        "_attribute_scope": {},
        "_kernel_labels": {},
        "_gradient_overrides": {},
        "_original_op": None,
        "_control_flow_context": None,
    }
    saved = {key: getattr(graph, key) for key in plain}
    vars(graph).update(plain)
    try:
        yield
    finally:
        vars(graph).update(saved)


class _Importer:
    """One import: which nodes are made, and what their names stand for."""

    def __init__(
        self, graph: Graph, given: Any, mapping: dict[Any, Tensor], producers: dict[str, Any]
    ) -> None:
        self._graph = graph
        self._producers = producers
        self._functions = node_classes(graph)
        # Merges of loops and the inputs of theirs that are made after them.
        self._waiting: list[tuple[Any, Operation, int]] = []
        self._nodes = list(given.node)
        self._index: dict[str, int] = {}
        self._made: dict[str, Operation] = {}
        self._mapping = {_tensor_name(key): value for key, value in mapping.items()}
        self._used: set[str] = set()
        for i, node in enumerate(self._nodes):
            self._check(node)
            self._index[node.name] = i

    def _check(self, node: Any) -> None:
        if not _NODE_NAME.match(node.name):
            raise ValueError(f"Node '{node.name}': Node name contains invalid characters")
        if node.name in self._index:
            raise ValueError(f"Node '{node.name}' is not unique")
        if not node.op:
            raise ValueError(f"Node '{node.name}' does not specify an operation")
        controls = [text.startswith("^") for text in node.input]
        if controls != sorted(controls):
            raise ValueError(
                f"Node '{node.name}': Control dependencies must come after regular dependencies"
            )

    def run(self) -> None:
        with _no_scopes(self._graph):
            for i in self._order():
                node = self._nodes[i]
                self._made[node.name] = self._add(node)
            self._close_loops()
        unused = [key for key in self._mapping if key not in self._used and not self._has(key)]
        if unused:
            listed = ", ".join(sorted(unused))
            raise ValueError(
                f"Attempted to map inputs that were not found in graph_def: [{listed}]"
            )
        self._enter_scopes()

    def _order(self) -> Iterator[int]:
        """Numbers of the nodes, each after those that it takes something from."""
        missing = []
        followers: dict[str, list[int]] = {}
        for i, node in enumerate(self._nodes):
            named = [self._producer(node, text) for text in node.input]
            returns = [self._goes_back(node, text) for text in node.input]
            producers = {n for n, back in zip(named, returns) if not back} - {None}
            if any(returns) and not any(
                not back and not text.startswith("^") for text, back in zip(node.input, returns)
            ):
                # A loop into which nothing leads never begins.
                producers = set(named) - {None}
            for group in _colocations(node):
                if group not in self._index:
                    raise ValueError(
                        f"Node '{node.name}' expects to be colocated with unknown node '{group}'"
                    )
            missing.append(len(producers))
            for producer in producers:
                followers.setdefault(producer or "", []).append(i)
        ready = [i for i, count in enumerate(missing) if not count]
        heapq.heapify(ready)
        done = 0
        while ready:
            i = heapq.heappop(ready)
            yield i
            done += 1
            for follower in followers.get(self._nodes[i].name, ()):
                missing[follower] -= 1
                if not missing[follower]:
                    heapq.heappush(ready, follower)
        if done < len(self._nodes):
            raise ValueError(f"{len(self._nodes) - done} nodes in a cycle")

    def _producer(self, node: Any, text: str) -> str | None:
        """Name of the node that makes an input, None where the input is mapped."""
        if _tensor_name(text) in self._mapping:
            return None
        name, _, number = text.removeprefix("^").partition(":")
        if name not in self._index or (number and not number.isdecimal()):
            raise ValueError(f"Node '{node.name}': Unknown input node '{text}'")
        return name

    def _goes_back(self, node: Any, text: str) -> bool:
        """Whether an input leads from the end of a loop's body to its beginning."""
        if node.op not in _MERGES or text.startswith("^") or _tensor_name(text) in self._mapping:
            return False
        name = text.partition(":")[0]
        return self._nodes[self._index[name]].op in _NEXT_ITERATIONS

    def _close_loops(self) -> None:
        """Gives the merges of loops the inputs that were not there yet."""
        for node, op, index in self._waiting:
            tensor = self._input(node, node.input[index])
            check_input(op.definition, op.name, index, tensor)
            op._update_input(index, tensor)

    def _has(self, key: str) -> bool:
        """Whether the GraphDef has what a key of the mapping names."""
        name, _, number = key.removeprefix("^").partition(":")
        op = self._made.get(name)
        if op is None or key.startswith("^"):
            return op is not None
        return number.isdecimal() and int(number) < len(op._outputs)

    def _mapped(self, text: str) -> Tensor | None:
        full = _tensor_name(text)
        found = self._mapping.get(full)
        if found is not None:
            self._used.add(full)
        return found

    def _input(self, node: Any, text: str) -> Tensor:
        mapped = self._mapped(text)
        if mapped is not None:
            return mapped
        name, _, number = text.partition(":")
        outputs = self._made[name]._outputs
        index = int(number or 0)
        if index >= len(outputs):
            raise ValueError(
                f"Node '{node.name}': Connecting to invalid output {index} of source node {name} "
                f"which has {len(outputs)} outputs."
            )
        return outputs[index]

    def _control(self, text: str) -> Operation:
        mapped = self._mapped(text)
        return self._made[text[1:]] if mapped is None else mapped.op

    def _add(self, node: Any) -> Operation:
        cls = class_of(node.op, self._functions)
        name = self._graph.unique_name(node.name)
        check_attributes(cls, node, name, self._left_out(cls, node))
        check_constant(node)
        values = {
            key: _value(node, declared.kind, node.attr[key])
            if key in node.attr
            else declared.default
            for key, declared in cls.signature.attributes.items()
        }
        check_output_count(cls, name, values)
        texts = [text for text in node.input if not text.startswith("^")]
        late = [i for i, text in enumerate(texts) if self._goes_back(node, text)]
        # A loop's first value stands for those that come back until they are there.
        entering = next((i for i in range(len(texts)) if i not in late), 0)
        tensors = [
            self._input(node, texts[entering if i in late else i]) for i in range(len(texts))
        ]
        check_inputs(cls, values, name, tensors)
        op = node_of(self._graph, cls.of(tuple(values.values())), tensors, f"{name}/")
        if late:
            op._outputs[0]._shape = None
            self._waiting += [(node, op, i) for i in late]
        op._add_control_inputs([self._control(t) for t in node.input if t.startswith("^")])
        if node.device:
            op._set_device(merge_device(node.device, ""))
        for key in node.attr:
            if key.startswith("_"):
                check_extra(node, key)
            if key == "_output_shapes":
                _merge_shapes(node, op)
            elif key == "_class":
                op.extra_attributes[key] = self._renamed(node, op)
            elif key.startswith("_"):
                op.extra_attributes[key] = extra_value(node.attr[key])
        return op

    def _left_out(self, cls: type[Op], node: Any) -> set[str]:
        """Attributes that only the producer of the GraphDef knows and that say nothing new."""
        producer = self._producers.get(node.op)
        if producer is None:
            return set()
        return {
            attr.name
            for attr in producer.attr
            if attr.name in node.attr
            and attr.name not in cls.signature.attributes
            and attr.HasField("default_value")
            and attr.default_value.SerializeToString(deterministic=True)
            == node.attr[attr.name].SerializeToString(deterministic=True)
        }

    def _renamed(self, node: Any, op: Operation) -> list[str]:
        """Colocation groups, whose nodes may have other names in this graph."""
        groups = []
        for group in plain_value(node.attr["_class"]):
            name = group.removeprefix("loc:@")
            stack = self._graph._name_stack
            full = f"{stack}/{name}" if stack else name
            made = self._made.get(name)
            if name == node.name:
                full = op.name
            elif made is not None:
                full = made.name
            groups.append(f"loc:@{full}" if group != name else group)
        return groups

    def _enter_scopes(self) -> None:
        """Gives the new nodes what open scopes ask of every node."""
        graph = self._graph
        made = [self._made[node.name] for node in self._nodes]
        controls = [graph._control_inputs_for(op._inputs) for op in made]
        for op, found in zip(made, controls, strict=True):
            op._add_control_inputs(found)
            for controller in graph._control_stack:
                controller.seen.add(op)
            if graph._colocation_stack:
                op._set_device("")
                graph._colocate(op)
        if not graph._colocation_stack:
            self._place(made)

    def enter_context(self) -> None:
        """Has the new nodes belong to the branch of a conditional that is being defined."""
        graph = self._graph
        context = graph._control_flow_context
        if context is not None:
            for op in list(self._made.values()):
                context.AddOp(op, f"{graph._name_stack}/" if graph._name_stack else "")

    def _place(self, made: list[Operation]) -> None:
        """Puts nodes on the devices of those with which they are to be, others where scopes say."""
        graph = self._graph
        partners = [[g for g in _groups(op) if g != op.name] for op in made]
        for op, names in zip(made, partners):
            if names:
                op._set_device("")
            elif graph._device_stack:
                graph._apply_devices(op)
        for op, names in zip(made, partners):
            devices = [graph._by_name[name].device for name in names if name in graph._by_name]
            op._set_device(next((device for device in devices if device), op.device))

    def element(self, text: str) -> Any:
        """The operation or tensor that a name of the GraphDef stands for."""
        name, colon, number = text.partition(":")
        if not colon:
            if text not in self._made:
                raise ValueError(f"Requested return node '{text}' not found in graph def")
            return self._made[text]
        if not number.isdecimal():
            raise ValueError(f"Cannot convert '{text}' to a tensor name.")
        if name not in self._made:
            raise ValueError(f"Requested return tensor '{text}' not found in graph def")
        mapped = self._mapped(text)
        if mapped is not None:
            return mapped
        outputs = self._made[name]._outputs
        if int(number) >= len(outputs):
            raise ValueError(
                f"Invalid return output {number} of node '{name}', which has {len(outputs)} "
                "output(s)"
            )
        return outputs[int(number)]


def _tensor_name(key: str | bytes) -> str:
    """A name as NodeDefs use it, with the number of the output written out."""
    text = key.decode() if isinstance(key, bytes) else key
    return text if ":" in text or text.startswith("^") else f"{text}:0"


def _colocations(node: Any) -> list[str]:
    """Names of the nodes in a GraphDef with which a node is to be."""
    if "_class" not in node.attr:
        return []
    check_extra(node, "_class")
    try:
        groups = [group.decode() for group in node.attr["_class"].list.s]
    except UnicodeDecodeError:
        raise ValueError(f"Node '{node.name}': attr '_class' is no text") from None
    return [g.removeprefix("loc:@") for g in groups if g.startswith("loc:@")]


def _groups(op: Operation) -> list[str]:
    listed = op.extra_attributes.get("_class", ())
    return [g.removeprefix("loc:@") for g in listed if g.startswith("loc:@")]


def _value(node: Any, kind: str, attr: Any) -> Any:
    """An attribute of a NodeDef as nodes hold it."""
    try:
        return normalise(kind, plain_value(attr))
    except (TypeError, OverflowError) as error:
        raise ValueError(f"Node '{node.name}': {error}") from None


def _merge_shapes(node: Any, op: Operation) -> None:
    """Adds the shapes that a GraphDef tells to those that were inferred."""
    for i, (tensor, proto) in enumerate(
        zip(op._outputs, node.attr["_output_shapes"].list.shape, strict=False)
    ):
        try:
            tensor._shape = merge(tensor._shape, from_shape_proto(proto))
        except ShapeError as error:
            raise ValueError(
                f"Node '{node.name}' has an _output_shapes attribute inconsistent with the "
                f"GraphDef for output #{i}: {error}"
            ) from None
