"""`tf.import_graph_def`: from a GraphDef to nodes of the default graph."""

from __future__ import annotations

import heapq
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.errors import NotFoundError
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.node import node as node_of
from tflite_edu.core.op import REQUIRED, normalise, resolve
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.proto import graph_pb2
from tflite_edu.formats.tensor import from_shape_proto, from_tensor_proto


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
    the operations and tensors named in `return_elements`, or None. Raises ValueError on a GraphDef
    that does not hold together and NotFoundError on an op type that is not known.
    """
    del op_dict, producer_op_list
    if not hasattr(graph_def, "node"):
        raise TypeError("graph_def must be a GraphDef proto.")
    if isinstance(graph_def, graph_pb2.GraphDef):
        given = graph_def
    else:
        given = graph_pb2.GraphDef.FromString(graph_def.SerializeToString())
    mapping = dict(input_map or {})
    if not all(isinstance(key, (str, bytes)) for key in mapping):
        raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
    graph = get_default_graph()
    importer = _Importer(graph, given, mapping)
    saved = graph._name_stack
    try:
        graph._enter_scope("import" if name is None else name)
        importer.run()
    finally:
        graph._name_stack = saved
    return None if return_elements is None else importer.elements(return_elements)


class _Importer:
    """One import: which nodes are made, and what their names stand for."""

    def __init__(self, graph: Graph, given: Any, mapping: dict[Any, Any]) -> None:
        self._graph = graph
        self._nodes = list(given.node)
        self._index = {node.name: i for i, node in enumerate(self._nodes)}
        self._made: dict[str, Operation] = {}
        self._mapping: dict[str, Tensor] = {}
        self._used: set[str] = set()
        for key, value in mapping.items():
            text = key.decode() if isinstance(key, bytes) else key
            full = text if ":" in text or text.startswith("^") else f"{text}:0"
            self._mapping[full] = (
                value if isinstance(value, (Tensor, Operation)) else convert_to_tensor(value)
            )

    def run(self) -> None:
        missing = {}
        followers: dict[str, list[int]] = {}
        for i, node in enumerate(self._nodes):
            producers = set()
            for text in node.input:
                if self._mapped(text) is None:
                    producer = text.removeprefix("^").split(":")[0]
                    if producer not in self._index:
                        raise ValueError(f"Node '{node.name}': Unknown input node '{text}'")
                    producers.add(producer)
            missing[i] = len(producers)
            for producer in producers:
                followers.setdefault(producer, []).append(i)
        ready = [i for i, count in missing.items() if not count]
        heapq.heapify(ready)
        while ready:
            node = self._nodes[heapq.heappop(ready)]
            self._made[node.name] = self._add(node)
            for i in followers.get(node.name, ()):
                missing[i] -= 1
                if not missing[i]:
                    heapq.heappush(ready, i)
        if len(self._made) < len(self._index):
            raise ValueError("GraphDef has a cycle that does not go through a loop's NextIteration")
        unused = [k for k in self._mapping if k not in self._used]
        if unused:
            listed = ", ".join(k.removesuffix(":0") for k in unused)
            raise ValueError(
                f"Attempted to map inputs that were not found in graph_def: [{listed}]"
            )

    def _mapped(self, text: str) -> Any:
        full = text if text.startswith("^") or ":" in text else f"{text}:0"
        found = self._mapping.get(full)
        if found is not None:
            self._used.add(full)
        return found

    def _tensor(self, text: str) -> Tensor:
        mapped = self._mapped(text)
        if mapped is not None:
            return mapped  # type: ignore[no-any-return]
        name, _, index = text.partition(":")
        outputs = self._made[name]._outputs
        if int(index or 0) >= len(outputs):
            raise ValueError(f"Input '{text}' asks for an output that node '{name}' does not have")
        return outputs[int(index or 0)]

    def _add(self, node: Any) -> Operation:
        try:
            cls = resolve(node.op)
        except KeyError:
            raise NotFoundError(
                None, None, f"Op type not registered '{node.op}' (node '{node.name}')"
            ) from None
        attributes = {key: _value(attr) for key, attr in node.attr.items()}
        values = []
        for key, declared in cls.signature.attributes.items():
            if key in attributes:
                values.append(normalise(declared.kind, attributes.pop(key)))
            elif declared.default is not REQUIRED:
                values.append(declared.default)
            else:
                raise ValueError(
                    f"NodeDef missing attr '{key}' from Op '{node.op}' (node '{node.name}')"
                )
        tensors = [self._tensor(text) for text in node.input if not text.startswith("^")]
        controls = []
        for text in node.input:
            if text.startswith("^"):
                mapped = self._mapped(text)
                controls.append(self._made[text[1:]] if mapped is None else mapped)
        op = node_of(self._graph, cls.of(tuple(values)), tensors, node.name)
        if controls:
            op._add_control_inputs([getattr(c, "op", c) for c in controls])
        if node.device:
            op._set_device(node.device)
        shapes = attributes.pop("_output_shapes", None)
        for tensor, shape in zip(op._outputs, shapes or (), strict=False):
            tensor.set_shape(shape)
        for key, value in attributes.items():
            if key.startswith("_"):
                op.extra_attributes[key] = self._renamed(value) if key == "_class" else value
        return op

    def _renamed(self, groups: Any) -> Any:
        """Colocation groups, whose nodes have other names under the import's scope."""
        renamed = []
        for group in groups:
            name = group.removeprefix("loc:@")
            made = self._made.get(name)
            stack = self._graph._name_stack
            other = made.name if made is not None else f"{stack}/{name}" if stack else name
            renamed.append(f"loc:@{other}" if name in self._index else group)
        return renamed

    def elements(self, names: Any) -> list[Any]:
        found: list[Any] = []
        for text in names:
            if not isinstance(text, str):
                raise TypeError("return_elements must be a list of strings.")
            if ":" in text:
                name = text.rpartition(":")[0]
                if name not in self._made:
                    raise ValueError(f"Requested return tensor '{text}' not found in graph def")
                found.append(self._tensor(text))
            elif text not in self._made:
                raise ValueError(f"Requested return node '{text}' not found in graph def")
            else:
                found.append(self._made[text])
        return found


def _value(attr: Any) -> Any:
    """What an AttrValue says, in plain form."""
    kind = attr.WhichOneof("value")
    if kind == "list":
        listed = attr.list
        for field in ("s", "i", "f", "b", "type", "shape", "tensor", "func"):
            values = getattr(listed, field)
            if len(values):
                return [_plain(field, v) for v in values]
        return []
    return _plain(kind, getattr(attr, kind)) if kind is not None else None


def _plain(kind: str, value: Any) -> Any:
    if kind == "s":
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if kind == "type":
        return dtypes.as_dtype(value)
    if kind == "shape":
        return from_shape_proto(value)
    if kind == "tensor":
        return from_tensor_proto(value)
    if kind == "func":
        return value.name
    return value
