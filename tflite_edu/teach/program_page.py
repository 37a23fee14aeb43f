"""`tf.teach.program`: the numpy program that runs, line by line with what it computes."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.tensor import Tensor
from tflite_edu.plan.printing import step_text, value_text
from tflite_edu.plan.program import Program, Step
from tflite_edu.runtime.feeds import Feed, fed_tensor
from tflite_edu.runtime.fetches import expand_feed
from tflite_edu.runtime.session import BaseSession, Session, get_default_session
from tflite_edu.teach.standalone import script

_WIDTH = 100


class NodeOfLine(NamedTuple):
    """A node that a line computes: its name, op type, what it does, and its values' shapes."""

    name: str
    op_type: str
    rule: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Line(NamedTuple):
    """A line of the program and the nodes that it computes; none where it only keeps house."""

    number: int
    source: str
    nodes: tuple[NodeOfLine, ...]


class NumpyProgram:
    """What `tf.teach.program` returns: `source`, `lines`, and `save`. Prints as a page."""

    def __init__(
        self, session: BaseSession, program: Program, source: str, feeds: Sequence[Any] | None
    ) -> None:
        self._session = session
        self._program = program
        self._feeds = feeds
        self.source = source
        steps = {step.operation.name: step for step in program.steps}
        self.lines: tuple[Line, ...] = tuple(
            _line(number, text, steps) for number, text in enumerate(source.splitlines(), 1)
        )

    def __str__(self) -> str:
        page = [*self._head(), ""]
        for line in self.lines:
            code = line.source.partition("  # ")[0] if line.nodes else line.source
            indent = len(code) - len(code.lstrip()) + 8
            first, *more = textwrap.wrap(
                code,
                _WIDTH - 5,
                subsequent_indent=" " * indent,
                drop_whitespace=True,
                replace_whitespace=False,
                break_long_words=False,
                break_on_hyphens=False,
            ) or [""]
            page.append(f"{line.number:3}  {first}".rstrip())
            page += [f"     {text}" for text in more]
            for node in line.nodes:
                page += _told(node)
        return "\n".join(page)

    __repr__ = __str__

    def _head(self) -> list[str]:
        """What the lines find: fed arrays, variables and constants."""
        constants = [s for s in self._program.steps if s.definition.op_type == "Const"]
        listed = (
            ("inputs", [value_text(v) for v in self._program.feeds]),
            ("variables", [value_text(v) for v in self._program.slots]),
            ("constants", [step_text(step) for step in constants]),
        )
        return [
            f"{what:9}  {text}" if i == 0 else f"           {text}"
            for what, texts in listed
            for i, text in enumerate(texts)
        ]

    def save(self, path: str | os.PathLike[str]) -> list[str]:
        """Writes "step.py", a script that needs numpy alone, or "step.txt", this page.

        The script holds the variables with the values that the session has now (large arrays in an
        .npz file beside it) and the feeds as an example; its `program(...)` takes the feeds in
        their order and returns the fetched values, to the last few bits those of `session.run`.
        Random operations go on where their streams stand. Returns the paths of the files written.

        Raises ValueError, and writes nothing, where a node does what numpy alone cannot (files,
        queues, Python functions, branches), where a variable that is read has no value yet, and on
        another kind of name.
        """
        name = os.fspath(path)
        if name.endswith(".txt"):
            with open(name, "w", encoding="utf-8") as file:
                file.write(f"{self}\n")
            return [name]
        if not name.endswith(".py"):
            raise ValueError(f"the name must end in .py or .txt, but is {name!r}")
        if self._session._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        kept = dict(self._session._resources._kept)
        made = script(self._program, self._session._programs.host, kept, self._feeds)
        return made.save(name)


@export("teach.program")
def program(
    fetches: Any, feed_dict: Any = None, session: BaseSession | None = None
) -> NumpyProgram:
    """The numpy program that `session.run(fetches, feed_dict)` runs, and what its lines compute.

    With the values of `feed_dict` it is the program for feeds of their shapes; keys whose value is
    None are fed, with shapes that stay open. `session` is the default one, or one without values
    where there is none. Raises as `session.run` does on fetches and feeds that do not fit.
    """
    found = session or get_default_session() or Session(graph=graph_of(fetches))
    compilation = found.compilation(fetches, feed_dict)
    feeds = _feeds(found, feed_dict)
    return NumpyProgram(found, compilation.stages[-1].program, compilation.source, feeds)


def graph_of(fetches: Any) -> Any:
    """The graph of the first tensor or operation among fetches."""
    pending = [fetches]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, (list, tuple)):
            pending += one
        elif hasattr(one, "graph"):
            return one.graph
    return get_default_graph()


def _feeds(session: BaseSession, feed_dict: Any) -> list[Any] | None:
    """The fed arrays, in the order of the program's feeds; None where a value is left open."""
    arrays = []
    for key, value in (feed_dict or {}).items():
        for one, part in expand_feed(key, value):
            if part is None:
                return None
            tensor: Tensor = fed_tensor(session.graph, one)
            arrays.append(Feed(tensor).array(part))
    return arrays


def rule_of(step: Step) -> str:
    """What a step computes, in one line."""
    text = (type(step.definition).__doc__ or "").strip()
    return text.splitlines()[0] if text else ""


def _line(number: int, source: str, steps: dict[str, Step]) -> Line:
    code, _, comment = source.rpartition("  # ")
    names = comment.split(", ") if code else []
    nodes = [
        NodeOfLine(
            name,
            step.definition.op_type,
            rule_of(step),
            tuple(value_text(v) for v in step.inputs),
            tuple(value_text(v) for v in step.outputs),
        )
        for name in names
        if (step := steps.get(name)) is not None
    ]
    return Line(number, source, tuple(nodes))


def _told(node: NodeOfLine) -> list[str]:
    """Under a line: the node, its rule, and the shapes that go in and come out."""
    made = ", ".join(node.outputs) or node.name
    given = ", ".join(node.inputs)
    lines = textwrap.wrap(
        f"{made} = {node.op_type}({given})",
        _WIDTH,
        initial_indent=" " * 13,
        subsequent_indent=" " * 17,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines + textwrap.wrap(
        node.rule, _WIDTH, initial_indent=" " * 13, subsequent_indent=" " * 13
    )
