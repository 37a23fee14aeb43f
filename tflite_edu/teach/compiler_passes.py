"""`tf.teach.passes`: what each pass of the compiler changed and why, before and after."""

from __future__ import annotations

import html
import os
import re
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from tflite_edu.core.export import export
from tflite_edu.plan.planner import REWRITES, Stage
from tflite_edu.plan.printing import name_text, step_text
from tflite_edu.plan.program import Program, Step
from tflite_edu.runtime.session import BaseSession, Session, get_default_session
from tflite_edu.teach.program_page import graph_of

_WIDTH = 100


class Change(NamedTuple):
    """A step that a pass changed: its text before and after, empty where it is not there."""

    name: str
    before: str
    after: str


class PassChanges(NamedTuple):
    """What one pass did.

    `purpose` says what the pass is for, `reasons` what it did to which node, `changes` the steps
    that differ; `before` and `after` are the numbers of steps.
    """

    name: str
    purpose: str
    before: int
    after: int
    reasons: tuple[str, ...]
    changes: tuple[Change, ...]


class CompilerPasses:
    """What `tf.teach.passes` returns: `passes`, one `PassChanges` each. Prints as a page.

    `nodes` is how many the graph has, `planned` how many of them a run needs.
    """

    def __init__(self, nodes: int, stages: Sequence[Stage]) -> None:
        self.nodes = nodes
        self.planned = len(stages[0].program.steps)
        self.notes: tuple[str, ...] = stages[0].log
        self.passes: tuple[PassChanges, ...] = tuple(
            _changes(before, after) for before, after in zip(stages, stages[1:])
        )
        self.program: Program = stages[-1].program

    def __str__(self) -> str:
        return "\n".join(text for _, text in self._page())

    __repr__ = __str__

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the page as "x.txt" or, in colours, as "x.html"; ValueError on other names."""
        name = os.fspath(path)
        if name.endswith(".txt"):
            text = f"{self}\n"
        elif name.endswith((".html", ".htm")):
            text = self._html()
        else:
            raise ValueError(f"the name must end in .txt or .html, but is {name!r}")
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)

    def _page(self) -> list[tuple[str, str]]:
        """(kind, line) of each line; the kind is the colour that it has as HTML."""
        last = self.passes[-1].after if self.passes else self.planned
        lines = [
            ("head", f"Of {self.nodes} nodes a run needs {self.planned}; {last} steps are left."),
            ("", ""),
        ]
        width = max((len(one.name) for one in self.passes), default=4)
        for one in self.passes:
            kept = "no change" if one.before == one.after and not one.changes else ""
            count = f"{one.before:5} -> {one.after:<5}"
            lines.append(("", f"  {one.name:{width}}  {count} {kept}".rstrip()))
        lines += [("note", f"Note: {note}") for note in self.notes]
        for one in self.passes:
            if one.changes or one.reasons:
                lines += self._told(one)
        return lines

    def _told(self, one: PassChanges) -> list[tuple[str, str]]:
        lines = [("", ""), ("head", f"{one.name}: {one.purpose}")]
        lines.append(("", f"{one.before} steps before, {one.after} after"))
        reasons = list(one.reasons)
        following = []
        for change in one.changes:
            own = [r for r in reasons if r.split(" ", 1)[0] == change.name]
            if not own:
                following.append(change)
                continue
            for reason in own:
                reasons.remove(reason)
                lines += [("why", text) for text in _wrapped(reason, "  ")]
            lines += _difference(change)
        for reason in reasons:
            lines += [("why", text) for text in _wrapped(reason, "  ")]
        if following:
            lines.append(("why", "  what follows from that, in other inputs and sharper shapes:"))
        for change in following:
            lines += _difference(change)
        return lines

    def _html(self) -> str:
        body = "\n".join(
            f'<span class="{kind}">{html.escape(text)}</span>' if kind else html.escape(text)
            for kind, text in self._page()
        )
        return _HTML.replace("BODY", body)


_HTML = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>What each pass of the compiler changed</title>
<style>
body { font: 14px/1.45 monospace; margin: 2em; color: #222; background: #fff; }
pre { white-space: pre-wrap; }
.head { font-weight: bold; }
.why { color: #555; }
.note { color: #8a5a00; }
.before { color: #a11; background: #fdeeee; }
.after { color: #171; background: #eefaee; }
</style>
</head>
<body><pre>
BODY
</pre></body>
</html>
"""


@export("teach.passes")
def passes(
    fetches: Any, feed_dict: Any = None, session: BaseSession | None = None
) -> CompilerPasses:
    """What each pass changed in the program of `session.run(fetches, feed_dict)`, and why.

    With the values of `feed_dict` the program is the one for feeds of their shapes; keys whose
    value is None are fed, with shapes that stay open. Nothing runs: variables need no values, and
    without a session there is one for the moment. Raises as `session.run` does on fetches and feeds
    that do not fit.
    """
    found = session or get_default_session() or Session(graph=graph_of(fetches))
    compilation = found.compilation(fetches, feed_dict)
    return CompilerPasses(len(found.graph.get_operations()), compilation.stages)


def _changes(before: Stage, after: Stage) -> PassChanges:
    old = {_key(step): step for step in before.program.steps}
    new = {_key(step): step for step in after.program.steps}
    changes = []
    for key, step in old.items():
        text, later = step_text(step), new.get(key)
        other = "" if later is None else step_text(later)
        if text != other:
            changes.append(Change(step.operation.name, text, other))
    changes += [
        Change(step.operation.name, "", step_text(step))
        for key, step in new.items()
        if key not in old
    ]
    return PassChanges(
        after.name,
        _purpose(after.name),
        len(before.program.steps),
        len(after.program.steps),
        tuple(map(_reason, after.log)),
        tuple(changes),
    )


def _difference(change: Change) -> list[tuple[str, str]]:
    lines = []
    if change.before:
        lines += [("before", text) for text in _wrapped(change.before, "    - ")]
    if change.after:
        lines += [("after", text) for text in _wrapped(change.after, "    + ")]
    return lines


def _reason(text: str) -> str:
    """A line of a pass's log without the pass's name."""
    reason = re.sub(r"^\w+: ", "", text)
    return reason if " " in reason else f"{reason} leads to no fetch and to no effect"


def _key(step: Step) -> tuple[str, ...]:
    """What a step is known by in another program: its outputs, or its node where it has none."""
    return tuple(name_text(v) for v in step.outputs) or (f"^{step.operation.name}",)


def _purpose(name: str) -> str:
    """The first sentence of what the pass's function says of itself."""
    for rewrite in REWRITES:
        if rewrite.__name__ == name:
            return (rewrite.__doc__ or "").strip().splitlines()[0]
    return ""


def _wrapped(text: str, start: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=" " * (len(start) + 4),
        break_long_words=False,
        break_on_hyphens=False,
    )
