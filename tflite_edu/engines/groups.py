"""Groups: runs of elementwise steps that are worked through block by block.

One step after the other would write every intermediate result to memory and read it back. A group
takes a block of all its operands at a time, small enough to stay in a core's cache, through all of
its steps; blocks are shared out to threads.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, NamedTuple

import numpy

from tflite_edu.core.constant_value import grouped
from tflite_edu.core.dtypes import float32, float64
from tflite_edu.core.shapes import Shape, is_fully_defined, num_elements
from tflite_edu.engines import threads
from tflite_edu.engines.expressions import inlined, lowered
from tflite_edu.engines.templates import PRODUCTS, TEMPLATES, Constants, axes_of
from tflite_edu.plan.program import Step, Value

# Steps with smaller results are no members of groups.
WORTH_SPLITTING_BYTES = 1 << 18

# Groups are made of so many operations on single elements, which take a quarter of a millisecond:
# waking a thread takes up to a tenth.
_WORTH_THREADS = 1 << 21

# As many sums take the time of one of these.
_HEAVY = {"exp", "expm1", "log", "log1p", "tanh", "sin", "cos"}
_SUMS_OF_A_HEAVY = 16

# Bytes of each operand that a block takes: less would fit a core's own cache, but two threads that
# call numpy so often wait for each other's turn at the interpreter.
_LEAST_BLOCK_BYTES, _MOST_BLOCK_BYTES = 1 << 18, 1 << 20

# Rows longer than this are not split among blocks, so that a block would not fit in a cache.
_LONGEST_ROW_BYTES = 1 << 18


class Member(NamedTuple):
    """A step of a group: its expression over the names of its operands, and these names."""

    step: Step
    expression: ast.expr
    operands: Mapping[str, Value]


class Total(NamedTuple):
    """A sum or mean over a whole result of a group, as source text with a place for the parts."""

    step: Step
    value: Value
    text: str


class Group(NamedTuple):
    """Steps that are worked through together, by their numbers in the program."""

    members: Mapping[int, Member]
    totals: Mapping[int, Total]


class Written(NamedTuple):
    """A group as source: the lines of its function, the step of each, and the call."""

    lines: list[str]
    steps: list[Step | None]
    call: str


class Layout(NamedTuple):
    """How the arrays of a group are cut: as one long row, or by their first axis."""

    flat: bool
    size: int
    block: int
    rest: tuple[int, ...]


def run_blocks(function: Any, size: int, block: int, *operands: Any) -> None:
    """Runs a group's function on all blocks."""
    threads.run_blocks(lambda start, stop: function(start, stop, *operands), size, block)


def sum_of_parts(parts: Mapping[int, Any]) -> Any:
    """The sum of the blocks' sums, which are known by where the blocks begin."""
    return numpy.add.reduce([parts[start] for start in sorted(parts)])


def member_of(step: Step, name_of: Callable[[Value], str], constants: Constants) -> Member | None:
    """The step as a part of a group that knows values by these names, if it can be one."""
    if step.definition.effect is not None or step.definition.op_type in PRODUCTS:
        return None
    if len(step.outputs) != 1 or step.outputs[0].slot is not None or not step.inputs:
        return None
    output = step.outputs[0]
    if output.dtype not in (float32, float64) or not is_fully_defined(output.shape):
        return None
    size = (num_elements(output.shape) or 0) * output.dtype.size
    if not output.shape or size < WORTH_SPLITTING_BYTES:
        return None
    if any(v.dtype.base_dtype is not output.dtype for v in step.inputs):
        return None
    names = [name_of(value) for value in step.inputs]
    arguments = [
        f"[{', '.join(a)}]" if isinstance(a, list) else a for a in grouped(step.definition, names)
    ]
    template = TEMPLATES.get(step.definition.op_type)
    if template is None:
        expression = inlined(step.definition, arguments)
    else:
        text = template(step, arguments, constants)
        expression = None if text is None else ast.parse(text, mode="eval").body
    if expression is None:
        return None
    shapes = {n: v.shape for n, v in zip(names, step.inputs)}
    if lowered(expression, output.shape, shapes, "out", ["other"] * 4) is None:
        return None
    return Member(step, expression, dict(zip(names, step.inputs)))


def total_of(step: Step, made: Set[Value], constants: Constants) -> Total | None:
    """The step as a sum over a whole result of a group, if it is one."""
    if step.definition.op_type not in ("Sum", "Mean") or step.inputs[0] not in made:
        return None
    axes, value = axes_of(step, constants), step.inputs[0]
    if axes is None or len(axes) != len(value.shape or ()):
        return None
    mean = step.definition.op_type == "Mean"
    text = "sum_of_parts({})" + (f" / {float(num_elements(value.shape) or 0)}" if mean else "")
    shape = step.outputs[0].shape
    return Total(step, value, f"({text}).reshape({shape!r})" if shape else text)


def layout_of(members: Sequence[Member]) -> Layout | None:
    """How the arrays of a group are cut into blocks, or None where they cannot be."""
    output = members[0].step.outputs[0]
    inner = {member.step.outputs[0] for member in members}
    leaves = {v for member in members for v in member.operands.values()} - inner
    full = tuple([d for d in output.shape or () if d is not None])
    return layout(full, output.dtype.size, [leaf.shape for leaf in leaves])


def layout(shape: tuple[int, ...], itemsize: int, leaves: Sequence[Shape]) -> Layout | None:
    """How to cut results of this shape, given the shapes of what comes from outside; or None."""
    if 0 in shape:
        return None
    size = math.prod(shape) * itemsize
    block = min(max(size // 2, _LEAST_BLOCK_BYTES), _MOST_BLOCK_BYTES)
    if all(leaf in (shape, ()) for leaf in leaves):
        return Layout(True, math.prod(shape), block // itemsize, ())
    row = math.prod(shape[1:]) * itemsize
    if shape[0] < 2 or row > _LONGEST_ROW_BYTES or any(leaf is None for leaf in leaves):
        return None
    return Layout(False, shape[0], max(block // row, 1), shape[1:])


def write_group(
    name: str,
    members: Sequence[Member],
    cut: Layout,
    shape: tuple[int, ...],
    leaves: Mapping[str, tuple[str, Shape]],
    results: Mapping[Value, str],
    parts: Mapping[Total, str],
) -> Written:
    """The function of a group.

    `leaves` gives for each outside operand's name the text that the program passes for it and its
    shape, `results` for each value that is used outside the name of the array that takes it, and
    `parts` for each sum the name of what takes the blocks' sums.
    """
    writer = _GroupWriter(members, cut, shape, leaves, results, parts)
    body = writer.body()
    parameters = [*leaves, *(f"{n}_all" for n in results.values()), *parts.values()]
    lines = [f"def {name}(start, stop, {', '.join(parameters)}):"]
    steps: list[Step | None] = [None]
    for line, step in [*writer.slices(), *body]:
        lines.append(f"    {line}")
        steps.append(step)
    view = ".reshape(-1)" if cut.flat else ""
    passed = [f"{text}{view if leaf == shape else ''}" for text, leaf in leaves.values()]
    passed += [f"{n}{view}" for n in results.values()]
    passed += parts.values()
    call = f"run_blocks({name}, {cut.size}, {cut.block}, {', '.join(passed)})"
    return Written(lines, steps, call)


class _GroupWriter:
    def __init__(
        self,
        members: Sequence[Member],
        cut: Layout,
        shape: tuple[int, ...],
        leaves: Mapping[str, tuple[str, Shape]],
        results: Mapping[Value, str],
        parts: Mapping[Total, str],
    ) -> None:
        self._members = members
        self._cut = cut
        self._shape = shape
        self._leaves = leaves
        self._results = results
        self._parts = parts
        self._free: list[str] = []
        self._made = 0
        self._last = {v: i for i, m in enumerate(members) for v in m.operands.values()}
        self._last |= {total.value: len(members) for total in parts}

    def slices(self) -> list[tuple[str, Step | None]]:
        """The lines that cut the operands and make working memory."""
        lines: list[tuple[str, Step | None]] = []
        for name, (_, leaf) in self._leaves.items():
            if leaf == self._shape or (
                leaf is not None and len(leaf) == len(self._shape) and leaf[0] == self._shape[0]
            ):
                lines.append((f"{name} = {name}[start:stop]", None))
        for name in self._results.values():
            lines.append((f"{name} = {name}_all[start:stop]", None))
        rest = "".join(f" {d}," for d in self._cut.rest)
        for i in range(self._made):
            size = f"(stop - start,{rest})"
            lines.append((f"block_{i} = scratch('group {i}', {size}, kind)", None))
        return lines

    def body(self) -> list[tuple[str, Step | None]]:
        """One line for each step, its result in an outside array or in working memory."""
        places: dict[Value, str] = dict(self._results)
        lines: list[tuple[str, Step | None]] = []
        for number, member in enumerate(self._members):
            output = member.step.outputs[0]
            expression = _renamed(member, places)
            shapes: dict[str, Shape] = {n: leaf for n, (_, leaf) in self._leaves.items()}
            shapes |= dict.fromkeys(places.values(), self._shape)
            tried = lowered(expression, self._shape, shapes, "out", ["other"] * 4)
            # A step that cannot be written so is never made a member.
            assert tried is not None
            dying = [
                places[v]
                for v in dict.fromkeys(member.operands.values())
                if self._last[v] == number and v in places and v not in self._results
            ]
            target = places.get(output)
            if target is None:
                target = dying.pop() if tried.single and dying else self._take()
                places[output] = target
            extra = [self._take() for _ in range(tried.scratch)]
            written = lowered(expression, self._shape, shapes, target, extra)
            assert written is not None
            lines.append((f"{written.text}  # {member.step.operation.name}", member.step))
            self._free += [*extra, *dying]
            if output not in self._last and output not in self._results:
                self._free.append(target)
        for total, name in self._parts.items():
            text = f"{name}[start] = np.add.reduce({places[total.value]}, axis=None)"
            lines.append((f"{text}  # {total.step.operation.name}", total.step))
        return lines

    def _take(self) -> str:
        if self._free:
            return self._free.pop()
        self._made += 1
        return f"block_{self._made - 1}"


def _renamed(member: Member, places: Mapping[Value, str]) -> ast.expr:
    """The expression over the names that the group's function has for its operands."""
    names = {n: places[v] for n, v in member.operands.items() if v in places}

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(names.get(node.id, node.id), ast.Load())

    made: ast.expr = Rename().visit(ast.parse(ast.unparse(member.expression), mode="eval").body)
    return made


def is_worth_threads(members: Sequence[Member]) -> bool:
    """Whether steps compute enough to be shared out."""
    operations = 0
    for member in members:
        for node in ast.walk(member.expression):
            if isinstance(node, ast.Attribute) and node.attr in _HEAVY:
                operations += _SUMS_OF_A_HEAVY
            elif isinstance(node, (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare)):
                operations += 1
    shape = members[0].step.outputs[0].shape or ()
    return operations * math.prod(d or 0 for d in shape) >= _WORTH_THREADS
