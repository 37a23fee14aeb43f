"""`tf.teach.explain`: a forward and a backward pass with every value, gradient and rule."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.runtime.session import BaseSession
from tflite_edu.teach import rules
from tflite_edu.teach.backward_pass import VARIABLES, Passes, Visited, both_passes
from tflite_edu.teach.diagram import Diagram, Kind
from tflite_edu.teach.explanation_diagram import diagram_of
from tflite_edu.teach.explanation_text import text_of
from tflite_edu.teach.page import to_html
from tflite_edu.teach.session_state import session_of
from tflite_edu.teach.svg import to_svg


@export("teach.explain")
def explain(loss: Any, feed_dict: Any = None, session: Any = None) -> Explanation:
    """Runs forward and backward once and shows each step of both.

    `loss` is a tensor of floats; of one with several elements the sum is differentiated, as by
    `tf.gradients`. `session` holds the variables' values; without it the default session does. The
    run is like one of `session.run`, but streams of random numbers stay where they are: where seeds
    are set, the next run draws what is shown. The nodes of the backward pass are gone afterwards,
    so the graph, its names and its seeds are as before.

    Raises TypeError where `loss` is no tensor of floats; ValueError where there is no session, a
    feed is missing, or no gradient gets to anything; and what a run raises.
    """
    tensor = _loss(loss)
    session = _session(session, tensor)
    return Explanation(tensor, both_passes(tensor, session, feed_dict))


@dataclass(frozen=True, eq=False)
class ExplainedInput:
    """What a node takes from another node, and what it hands back to it.

    `gradient` is this edge's part of ∂L/∂(that node), in the shape of `value`. `local_gradient` is
    ∂(the node)/∂(that node): a number, or one for each element. It is None where it would be a
    whole Jacobian. Where `summed` it is the derivative of the sum of the node's elements.
    """

    name: str
    value: Any
    gradient: Any
    local_gradient: Any
    summed: bool = False


@dataclass(frozen=True, eq=False)
class ExplainedNode:
    """A node of the way from the variables and inputs to the loss.

    `value` and `gradient` (∂L/∂value) are arrays of one shape, or lists of them where several
    outputs of the node are used; None where there is none: `gradient` of what is only looked at,
    both on the branch of a conditional that was not taken. `rule` says in words how the node hands
    its gradient on, `operation` is the node of the script's graph.
    """

    name: str
    op_type: str
    kind: Kind
    value: Any
    gradient: Any
    inputs: tuple[ExplainedInput, ...]
    rule: str
    operation: Operation

    @property
    def local_gradients(self) -> dict[str, Any]:
        """∂(this node)/∂(input) by the input's name.

        What is used twice, as in x·x, has the sum. None stands for a Jacobian that is not shown.
        """
        found: dict[str, Any] = {}
        for one in self.inputs:
            before = found.get(one.name)
            local = one.local_gradient
            found[one.name] = local if before is None or local is None else before + local
        return found

    def __repr__(self) -> str:
        return f"<tf.teach.ExplainedNode '{self.name}' {self.op_type}>"


class Explanation:
    """Both passes through a graph: print it, draw it, or look at its nodes.

    `explanation["w"]` is a node by name, tensor, operation or variable; iterating gives the nodes
    in forward order. `str()` is the page as text, large graphs with their name scopes folded;
    a notebook draws the picture. `notes` are sentences about what gets no gradient.
    """

    def __init__(self, loss: Tensor, passes: Passes) -> None:
        reads = _reads(passes.visited)
        self.loss = loss.op.name
        self.nodes: tuple[ExplainedNode, ...] = tuple(_nodes(loss, passes, reads))
        self.notes: tuple[str, ...] = tuple(_notes(passes))
        self._by_name = {node.name: node for node in self.nodes}
        self._reads = {read.name: variable.name for read, variable in reads.items()}

    def __getitem__(self, key: Any) -> ExplainedNode:
        name = _name(key)
        found = self._by_name.get(self._reads.get(name, name))
        if found is None:
            raise KeyError(
                f"{name!r} is not on the way to {self.loss}; there are: {_listed(self._by_name)}."
            )
        return found

    def __contains__(self, key: Any) -> bool:
        name = _name(key)
        return self._reads.get(name, name) in self._by_name

    def __iter__(self) -> Iterator[ExplainedNode]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def text(self, most_nodes: int | None = 40) -> str:
        """The page as text, at most 100 columns wide.

        Scopes are folded until about `most_nodes` lines are left; None folds nothing.
        """
        return text_of(self.loss, self.nodes, self.notes, self.diagram(), most_nodes)

    def diagram(self) -> Diagram:
        """The picture as data: values above the edges, gradients under them."""
        return diagram_of(self.loss, self.nodes)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a picture (.svg), a page to step through in a browser (.html), or text (.txt).

        Raises ValueError on another ending.
        """
        ending = os.path.splitext(os.fspath(path))[1].lower()
        if ending == ".svg":
            content = to_svg(self.diagram())
        elif ending == ".html":
            content = to_html(self.diagram())
        elif ending == ".txt":
            content = self.text() + "\n"
        else:
            raise ValueError(f"{os.fspath(path)}: the name must end in .svg, .html or .txt.")
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<tf.teach.Explanation of '{self.loss}': {len(self.nodes)} nodes>"

    def _repr_svg_(self) -> str:
        return to_svg(self.diagram())


def _loss(loss: Any) -> Tensor:
    convert = getattr(loss, "_as_graph_element", None)
    tensor = loss if convert is None else convert()
    if not isinstance(tensor, Tensor):
        raise TypeError(f"explain needs the loss as a tensor of the graph, not {loss!r}.")
    if not tensor.dtype.base_dtype.is_floating:
        raise TypeError(
            f"{tensor.op.name} holds {tensor.dtype.base_dtype.name}: only a loss of floats has "
            "gradients."
        )
    return tensor


def _session(session: Any, loss: Tensor) -> BaseSession:
    if session is not None and not isinstance(session, BaseSession):
        raise TypeError(f"session must be a tf.Session, not {session!r}.")
    return session_of(loss.graph, session)


def _name(key: Any) -> str:
    """The name of a node, from a name or a thing that has one."""
    if isinstance(key, (Tensor, Operation)):
        return key.op.name if isinstance(key, Tensor) else key.name
    if not isinstance(key, str):
        key = key.op.name
    return str(key).removesuffix(":0")


def _listed(names: Any, most: int = 12) -> str:
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _reads(visited: Sequence[Visited]) -> dict[Operation, Operation]:
    """The nodes that only read a variable, which a reader takes for the variable itself."""
    found = {}
    for operation in (one.operation for one in visited):
        inputs = operation._inputs
        source = inputs[0].op if inputs else operation
        named = operation.name == f"{source.name}/read" and source.type in VARIABLES
        if operation.type == "ReadVariableOp" or (operation.type == "Identity" and named):
            found[operation] = source
    return found


def _nodes(
    loss: Tensor, passes: Passes, reads: dict[Operation, Operation]
) -> Iterator[ExplainedNode]:
    done = {one.operation for one in passes.visited}
    for visited in passes.visited:
        operation = visited.operation
        if operation in reads:
            continue
        for passed in visited.inputs:
            source = passed.tensor.op
            if source not in done and _is_looked_at(passed.tensor):
                done.add(source)
                yield _looked_at(passed.tensor, passes.values.get(passed.tensor))
        yield _node(loss, visited, passes, reads, done)


def _is_looked_at(tensor: Tensor) -> bool:
    """Whether an input without a gradient tells a reader something: sizes and axes do not."""
    dtype, op = tensor.dtype.base_dtype, tensor.op
    return dtype.is_floating or dtype is dtypes.bool or not (op._inputs or op.type == "Const")


def _looked_at(tensor: Tensor, value: Any) -> ExplainedNode:
    operation = tensor.op
    return ExplainedNode(
        operation.name,
        operation.type,
        _kind(operation),
        value,
        None,
        (),
        "No gradient comes here: it is only looked at.",
        operation,
    )


def _node(
    loss: Tensor,
    visited: Visited,
    passes: Passes,
    reads: dict[Operation, Operation],
    done: set[Operation],
) -> ExplainedNode:
    operation = visited.operation
    values = [passes.values.get(t) for t in visited.outputs]
    inputs = []
    spread = []
    for passed in visited.inputs:
        source = reads.get(passed.tensor.op, passed.tensor.op)
        if source not in done:
            continue
        name, value = _tensor_name(source, passed.tensor), passes.values.get(passed.tensor)
        same = value is not None and all(v is not None and v.shape == value.shape for v in values)
        exact = rules.rule(operation).elementwise and same
        summed = not exact and not all(v is None or v.size == 1 for v in values)
        inputs.append(ExplainedInput(name, value, passed.gradient, passed.local, summed))
        if passed.gradient is not None and rules.rule(operation).elementwise and not same:
            spread.append(name)
    sentence = rules.describe(operation)
    if spread and not any(v is None for v in values):
        names = " and ".join(dict.fromkeys(spread))
        sentence += f" {names} was broadcast: its gradient is summed back to its shape."
    return ExplainedNode(
        operation.name,
        rules.label_of_layer(operation) or operation.type,
        Kind.OUTPUT if operation is loss.op else _kind(operation),
        values[0] if len(values) == 1 else values,
        visited.gradients[0] if len(values) == 1 else list(visited.gradients),
        tuple(inputs),
        sentence,
        operation,
    )


def _tensor_name(source: Operation, tensor: Tensor) -> str:
    return source.name if tensor.value_index == 0 else f"{source.name}:{tensor.value_index}"


def _kind(operation: Operation) -> Kind:
    if operation.type in VARIABLES:
        return Kind.VARIABLE
    if operation.type == "Const":
        return Kind.CONSTANT
    return Kind.OPERATION if operation._inputs else Kind.INPUT


def _notes(passes: Passes) -> Iterator[str]:
    if passes.blocked:
        where = ", ".join(f"{op.name} ({op.type})" for op in passes.blocked)
        yield f"No gradient is defined for {where}: it ends there."
    if passes.without:
        names = _listed([op.name for op in passes.without])
        yield f"No gradient gets to the variables {names}, though the loss depends on them."
