"""`Operation`: one node of a graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.op import Op
from tflite_edu.core.tensor import Tensor
from tflite_edu.core.upward import upward

if TYPE_CHECKING:
    from tflite_edu.core.graph import Graph


@export("Operation")
class Operation:
    """A node: an op type with its attributes, its inputs, and the tensors that it makes.

    `definition` is the `Op` that holds the attributes and says what the node does. `where` lists
    the (file, line) pairs of the script that defined it, innermost first.
    """

    __slots__ = (
        "__weakref__",
        "_control_flow_context",
        "_control_inputs",
        "_control_outputs",
        "_device",
        "_id",
        "_inputs",
        "_original_op",
        "_outputs",
        "definition",
        "extra_attributes",
        "graph",
        "name",
        "where",
    )

    def __init__(
        self,
        graph: Graph,
        definition: Op,
        name: str,
        inputs: Sequence[Tensor],
        output_types: Sequence[DType],
        control_inputs: list[Operation],
        number: int,
    ) -> None:
        self.graph = graph
        self.definition = definition
        self.name = name
        self._id = number
        self._inputs = tuple(inputs)
        # Most nodes have none: an empty tuple costs neither memory nor the garbage collector.
        self._control_inputs: Sequence[Operation] = control_inputs or ()
        self._control_outputs: Sequence[Operation] = ()
        self._device = ""
        if len(output_types) == 1:
            self._outputs: tuple[Tensor, ...] = (Tensor(self, 0, output_types[0]),)
        else:
            self._outputs = tuple([Tensor(self, i, d) for i, d in enumerate(output_types)])
        self._original_op: Operation | None = None
        self._control_flow_context: Any = None
        # Attributes that belong to this node, not to its op type: _class, _gradient_op_type, ...
        self.extra_attributes: dict[str, Any] = {}
        self.where: tuple[tuple[str, int], ...] = ()
        for tensor in self._inputs:
            tensor._add_consumer(self)
        for control in control_inputs:
            control._control_outputs = [*control._control_outputs, self]

    @property
    def type(self) -> str:
        """The op type, as in `"MatMul"`."""
        return self.definition.op_type

    @property
    def inputs(self) -> InputList:
        """The input tensors."""
        return InputList(self._inputs)

    @property
    def outputs(self) -> list[Tensor]:
        """The output tensors."""
        return list(self._outputs)

    @property
    def control_inputs(self) -> list[Operation]:
        """The nodes that run before this one though it takes no tensor of theirs."""
        return list(self._control_inputs)

    @property
    def device(self) -> str:
        """The device on which the script asked to place the node, or the empty string."""
        return self._device

    @property
    def _output_types(self) -> list[int]:
        return [t.dtype.as_datatype_enum for t in self._outputs]

    @property
    def node_def(self) -> Any:
        """The node as a NodeDef proto."""
        return upward("node_def")(self)

    @property
    def op_def(self) -> Any:
        """The op type as an OpDef proto."""
        return upward("op_def")(type(self.definition))

    @property
    def traceback(self) -> list[tuple[str, int]]:
        """(file, line) pairs of the script that defined the node, outermost first."""
        return list(reversed(self.where))

    def values(self) -> tuple[Tensor, ...]:
        """The output tensors."""
        return self._outputs

    def get_attr(self, name: str) -> Any:
        """The value of an attribute: bytes for strings, protos for shapes and tensors.

        Raises ValueError where the node has no such attribute.
        """
        signature = self.definition.signature
        if name in self.extra_attributes:
            value = self.extra_attributes[name]
            kind = None
        elif name in signature.attributes:
            value = self.definition.attributes()[name]
            kind = signature.attributes[name].kind
        else:
            raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.")
        return _public(kind, value)

    def colocation_groups(self) -> list[bytes]:
        """The groups of nodes that this node is placed with, as `b"loc:@name"`."""
        groups = [g for g in self.extra_attributes.get("_class", ()) if g.startswith("loc:@")]
        return [g.encode() for g in groups] or [b"loc:@" + self.name.encode()]

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Runs the node in `session` or in the default session; raises ValueError without one."""
        if session is None:
            session = upward("get_default_session")()
            if session is None:
                raise ValueError(
                    "Cannot execute operation using `run()`: No default session is registered. "
                    "Use `with sess.as_default():` or pass an explicit session to "
                    "`run(session=sess)`"
                )
            if session.graph is not self.graph:
                raise ValueError(
                    "Cannot use the default session to execute operation: the operation's graph is "
                    "different from the session's graph. Pass an explicit session to "
                    "run(session=sess)."
                )
        elif session.graph is not self.graph:
            raise ValueError(
                "Cannot use the given session to execute operation: the operation's graph is "
                "different from the session's graph."
            )
        session.run(self, feed_dict)

    def _set_attr(self, name: str, value: Any) -> None:
        self.extra_attributes[name] = value

    def _set_device(self, device: Any) -> None:
        self._device = str(device)

    def _add_control_input(self, op: Operation) -> None:
        self._add_control_inputs([op])

    def _add_control_inputs(self, ops: Sequence[Operation]) -> None:
        with self.graph._lock:
            for op in ops:
                if op not in self._control_inputs:
                    self._control_inputs = [*self._control_inputs, op]
                    op._control_outputs = [*op._control_outputs, self]
            self.graph._changed()

    def _remove_all_control_inputs(self) -> None:
        with self.graph._lock:
            for op in self._control_inputs:
                op._control_outputs = [o for o in op._control_outputs if o is not self]
            self._control_inputs = ()
            self.graph._changed()

    def _update_input(self, index: int, tensor: Tensor) -> None:
        self.graph._check_same_graph(tensor)
        with self.graph._lock:
            before = self._inputs[index]._consumers
            if before is not None:
                before.remove(self)
            tensor._add_consumer(self)
            self._inputs = (*self._inputs[:index], tensor, *self._inputs[index + 1 :])
            self.graph._changed()

    def __str__(self) -> str:
        return str(upward("node_text")(self))

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"

    def __copy__(self) -> Operation:
        return self


class InputList(Sequence[Tensor]):
    """The inputs of a node, read-only."""

    __slots__ = ("_tensors",)

    def __init__(self, tensors: tuple[Tensor, ...]) -> None:
        self._tensors = tensors

    def __getitem__(self, index: Any) -> Any:
        return list(self._tensors)[index] if isinstance(index, slice) else self._tensors[index]

    def __len__(self) -> int:
        return len(self._tensors)

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._tensors)

    def __eq__(self, other: object) -> bool:
        return list(self._tensors) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self._tensors))


def _public(kind: str | None, value: Any) -> Any:
    """An attribute as `get_attr` hands it out."""
    if isinstance(value, tuple) and kind is not None and kind.startswith("list("):
        return [_public(kind[5:-1], v) for v in value]
    if isinstance(value, tuple) and kind is None:
        return [_public(None, v) for v in value]
    if isinstance(value, list):
        return [_public(None, v) for v in value]
    if kind in ("shape", "tensor", "func"):
        return upward("attr_proto")(kind, value)
    if isinstance(value, str):
        return value.encode()
    if kind is None and hasattr(value, "WhichOneof"):
        return upward("attr_proto")(None, value)
    return value
