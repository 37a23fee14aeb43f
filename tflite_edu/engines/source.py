"""Source: a program as the text of a Python function, one line an operation.

The steps of a branch stand under an `if` (see `engines.blocks`).
"""

from __future__ import annotations

import ast
import itertools
import keyword
import re
from functools import partial
from typing import Any

import numpy

from tflite_edu.core.constant_value import grouped
from tflite_edu.core.dead import DEAD
from tflite_edu.core.shapes import Shape
from tflite_edu.engines import blas
from tflite_edu.engines.assignment import assign_uncopied
from tflite_edu.engines.blocks import Body, Conditions, is_plain
from tflite_edu.engines.engine import HostOf, alive, owned, plain, shares_memory
from tflite_edu.engines.expressions import inlined, lowered
from tflite_edu.engines.fusion import names_of
from tflite_edu.engines.groups import (
    Group,
    Member,
    Total,
    is_worth_threads,
    layout_of,
    member_of,
    run_blocks,
    sum_of_parts,
    total_of,
    write_group,
)
from tflite_edu.engines.kernels import KERNELS
from tflite_edu.engines.lifetimes import Lifetimes, is_read_first
from tflite_edu.engines.looks import is_look, needless_looks
from tflite_edu.engines.memory import Memory, Spec
from tflite_edu.engines.normalization import sum_of_rows
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.sharing import has_products, is_cut, is_left_to_openblas
from tflite_edu.engines.templates import PRODUCTS, TEMPLATES
from tflite_edu.plan.branches import MERGES, SWITCHES, TRIGGERS, Guard
from tflite_edu.plan.program import Program, Step, Value

# Names that the engine numbers; no value of the graph may have one.
_OWN_NAMES = re.compile(r"(memory|group|value|block|parts)_\d+(_kind)?$|.*_all$")

_ALWAYS: Guard = frozenset()


class Writer:
    """Writes the source of a program, and gathers the names that it refers to."""

    def __init__(self, program: Program, host_of: HostOf) -> None:
        self.program = program
        self.host_of = host_of
        self.names: dict[str, Any] = {
            "np": numpy,
            "blas": blas,
            "run_blocks": run_blocks,
            "scratch": scratch,
            "sum_of_rows": sum_of_rows,
            "sum_of_parts": sum_of_parts,
            "owned": owned,
            "plain": plain,
            "alive": alive,
            "DEAD": DEAD,
            "errstate": numpy.errstate,
        }
        self.lines: dict[int, Step] = {}
        self._local: dict[Value, str] = {}
        # Kernels and hosts are globals of the function; no local may hide one.
        own = ("program", "memory", "arrays", "results", "start", "stop")
        self._taken: set[str] = {*self.names, *own}
        for number, step in enumerate(program.steps):
            kernel = f"{step.definition.op_type}_{number}"
            self._taken |= {kernel, f"host_{number}", f"runs_{number}"}
        self._conditions = Conditions(program, self._local)
        blocks = {step: self._conditions.block(step) for step in program.steps}
        # The guards of the blocks in which steps stand; those of others are asked in their lines.
        self._blocks = {step: guard for step, guard in blocks.items() if guard is not None}
        switched = {s for s in self._blocks if s.definition.op_type in SWITCHES}
        self._needless_looks = needless_looks(program, self._blocks)
        # Who looked at a variable that turns out to have no value.
        self.looks = {name: step for step, name in self._needless_looks.items()}
        self._lifetimes = Lifetimes(program, switched, self._conditions.predicates)
        self._used = {*program.fetches, *(v for step in program.steps for v in step.inputs)}
        self._memory = Memory(program)
        self._left_to_openblas = is_left_to_openblas(program)
        self._cuts_products = has_products(program) and not self._left_to_openblas
        consts = [step for step in self._blocks if step.definition.op_type == "Const"]
        self._constants: dict[Value, Any] = {
            step.outputs[0]: step.definition.value  # type: ignore[attr-defined]
            for step in consts
        }
        # Functions of groups, which stand above the program, and the steps of their lines.
        self._functions: list[str] = []
        self._function_lines: dict[int, Step] = {}
        self._numbers: dict[Value, int] = {}
        waited = {control for step in program.steps for control in step.controls}
        # For steps that others wait for, the local that says whether they ran, if no `if` does.
        self._runs = {
            step: f"runs_{number}"
            for number, step in enumerate(program.steps)
            if step in waited and not is_plain(self._conditions.of_step(step))
        }
        self._body = Body(self._conditions)

    def text(self) -> str:
        feeds = ", ".join(self._name(v) for v in self.program.feeds)
        grouped_until = 0
        for number, step in enumerate(self.program.steps):
            if number < grouped_until:
                continue
            group = self._group_from(number)
            if group is not None:
                grouped_until = max({**group.members, **group.totals}) + 1
                self._add_group(group)
                continue
            line = self._line(number, step)
            if line is None:
                continue
            self._memory.release(step, number)
            self._add(step, line + self._freeing(step))
        shared = shares_memory(self.program)
        fetches = enumerate(self.program.fetches)
        results = "".join(self._result(i, v, shared) + ", " for i, v in fetches)
        # OpenBLAS's own threads would take the cores from the engine's.
        alone = ", blas.one_thread()" if self._cuts_products else ""
        lines = [f"def program({feeds}):", f'    with errstate(all="ignore"){alone}:']
        if self._memory.places:
            self.names["memory"] = self._memory.pool()
            taken = ", ".join(f"memory_{i}" for i in range(len(self._memory.places)))
            lines.append(f"        {taken}, = arrays = memory.take()")
        above = len(self._functions)
        self.lines = {n + above + len(lines): step for n, step in self._body.steps.items()}
        self.lines |= self._function_lines
        lines = [*self._functions, *lines]
        lines += [f"        {line}" for line in self._body.lines]
        returned = f"({results})"
        if self._memory.is_fetched():
            # Copied before another run may take the arrays.
            lines.append(f"        results = {returned}")
            returned = "results"
        if self._memory.places:
            lines.append("        memory.give(arrays)")
        lines.append(f"        return {returned}")
        return "\n".join(lines) + "\n"

    def _add(self, step: Step, line: str, names: str = "") -> None:
        self._body.add(f"{line}  # {names or names_of(step)}", step, self._present(step))

    def _present(self, step: Step) -> Guard:
        """What is known to hold where a step stands."""
        return self._blocks.get(step, _ALWAYS)

    def _group_from(self, number: int) -> Group | None:
        """The run of elementwise steps on large results that begins here, if it is worth a group.

        Sums over all of a result may follow. Between its steps may lie only constants and looks at
        variables.
        """
        members: dict[int, Member] = {}
        totals: dict[int, Total] = {}
        kind: Any = None
        if self._left_to_openblas:
            return None
        for later in range(number, len(self.program.steps)):
            step = self.program.steps[later]
            if members and self._is_aside(step, kind[2]):
                continue
            made = {member.step.outputs[0] for member in members.values()}
            total = total_of(step, made, self._constants)
            if total is not None and self._blocks.get(step) == kind[2]:
                totals[later] = total
                continue
            member = None
            if not totals and step in self._blocks:
                member = member_of(step, self._operand, self._constants)
            if member is None:
                break
            output = step.outputs[0]
            own = (output.shape, output.dtype, self._blocks[step])
            if members and own != kind:
                break
            kind = own
            members[later] = member
        found = list(members.values())
        if not found or not is_worth_threads(found) or layout_of(found) is None:
            return None
        return Group(members, totals)

    def _is_aside(self, step: Step, guard: Guard) -> bool:
        """Whether a step writes no line that a group of this guard could not come after."""
        if step.definition.op_type == "Const":
            return step in self._blocks
        if self._blocks.get(step) != guard:
            return False
        return is_look(step)

    def _operand(self, value: Value) -> str:
        """A name by which a group knows a value."""
        return f"value_{self._numbers.setdefault(value, len(self._numbers))}"

    def _add_group(self, group: Group) -> None:
        """Adds the lines of a group; its function is kept for the top of the source."""
        members = list(group.members.values())
        first, last = min(group.members), max({**group.members, **group.totals})
        for number in range(first, last + 1):
            if number not in group.members and number not in group.totals:
                line = self._line(number, self.program.steps[number])
                if line is not None:
                    self._add(self.program.steps[number], line)
        outputs = [member.step.outputs[0] for member in members]
        inner = set(outputs)
        used = {v for s in self.program.steps[last + 1 :] for v in s.inputs}
        used.update(self.program.fetches)
        shape = outputs[0].shape
        assert shape is not None
        full = tuple(d for d in shape if d is not None)
        kind = numpy.dtype(outputs[0].dtype.as_numpy_dtype)
        leaves: dict[str, tuple[str, Shape]] = {}
        for member in members:
            for name, value in member.operands.items():
                if value not in inner:
                    read = ".read()" if value.slot is not None else ""
                    leaves[name] = (f"{self._local[value]}{read}", value.shape)
        results: dict[Value, str] = {}
        step, guard = members[0].step, self._present(members[0].step)
        for value in outputs:
            if value in used:
                spec = self._memory.spec(value)
                local = self._name(value)
                results[value] = local
                if spec is None:
                    line = f"{local} = np.empty({full!r}, '{kind.name}')"
                else:
                    memory = self._memory.take(spec)
                    self._memory.hold(value, memory)
                    line = f"{local} = {memory}"
                self._body.add(line, step, guard)
        parts = {total: f"parts_{number}" for number, total in group.totals.items()}
        for name in parts.values():
            self._body.add(f"{name} = {{}}", step, guard)
        cut = layout_of(members)
        assert cut is not None
        name = f"group_{first}"
        written = write_group(name, members, cut, full, leaves, results, parts)
        self.names[f"{name}_kind"] = kind
        offset = len(self._functions)
        self._functions += [line.replace(", kind)", f", {name}_kind)") for line in written.lines]
        for i, line_step in enumerate(written.steps):
            if line_step is not None:
                self._function_lines[offset + i + 1] = line_step
        names = ", ".join(m.step.operation.name for m in members)
        self._add(step, written.call, names)
        for total, name in parts.items():
            local = self._name(total.step.outputs[0])
            self._add(total.step, f"{local} = {total.text.format(name)}")
        for number in range(first, last + 1):
            self._memory.release(self.program.steps[number], number)

    def _line(self, number: int, step: Step) -> str | None:
        definition: Any = step.definition
        standing = step in self._blocks
        if definition.op_type == "Const" and standing:
            self._keep(step.outputs[0], definition.value)
            return None
        if is_look(step):
            place = self._local[step.inputs[0]]
            self._local[step.outputs[0]] = place
            if step in self._needless_looks:
                return None
            return self._conditional(step, f"{place}.read()", "DEAD")
        arguments = [
            self._argument(step, value, value.slot is not None and not wants_slot)
            for value, wants_slot in zip(step.inputs, step.takes_slot(), strict=True)
        ]
        texts = [
            f"[{', '.join(a)}]" if isinstance(a, list) else a
            for a in grouped(definition, arguments)
        ]
        if standing and definition.op_type in SWITCHES:
            return self._switch(number, step, arguments)
        if standing and definition.op_type in MERGES:
            chosen = self._merge(step)
            if chosen is not None:
                return f"{self._name(step.outputs[0])} = {chosen}"
        if standing and definition.op_type in ("NoOp", *TRIGGERS):
            return None
        if standing and definition.effect == "variable" and not step.inputs:
            # The place of a variable is the same in every run of the session.
            self._keep(step.outputs[0], definition.forward(self.host_of(step.operation)))
            return None
        if standing and definition.effect is None and len(step.outputs) == 1:
            text = self._expression(number, step, texts, arguments)
            if text is not None:
                return f"{self._name(step.outputs[0])} = {text}"
        kernel = f"{definition.op_type}_{number}"
        own = KERNELS.get(definition.op_type)
        if self._memory.hands_over(step):
            own = assign_uncopied
        self.names[kernel] = definition.forward if own is None else partial(own, definition)
        if definition.effect is None:
            texts.insert(0, "np")
        else:
            host = f"host_{number}"
            self.names[host] = self.host_of(step.operation)
            texts.insert(0, host)
        call = f"{kernel}({', '.join(texts)})"
        declared = definition.signature.outputs
        if not step.outputs:
            return self._conditional(step, call, "DEAD")
        several = len(step.outputs) > 1 or declared[0].is_list
        call = self._conditional(step, call, f"[DEAD] * {len(step.outputs)}" if several else "DEAD")
        outputs = ", ".join(self._name(v) for v in step.outputs)
        line = f"{outputs}{',' if several and len(step.outputs) == 1 else ''} = {call}"
        if step in self._runs and definition.op_type in MERGES:
            line += f"; {self._runs[step]} = {self._local[step.outputs[0]]} is not DEAD"
        return line

    def _expression(
        self, number: int, step: Step, arguments: list[str], operands: list[str]
    ) -> str | None:
        """The step as an expression of numpy, or None where its kernel is called.

        `operands` are the inputs one by one, `arguments` with those of a list together.
        """
        definition = step.definition
        output = step.outputs[0]

        template = TEMPLATES.get(definition.op_type)
        if template is not None:
            text = template(step, arguments, self._constants)
            if text is not None and not self._left_to_openblas and is_cut(step):
                text = text.replace("np.matmul(", "blas.matmul(", 1)
            expression = None if text is None else ast.parse(text, mode="eval").body
        elif definition.signature.outputs[0].is_list:
            return None
        else:
            expression = inlined(definition, arguments)
        if expression is None:
            return None
        spec = self._memory.spec(output)
        if spec is not None and all(v.dtype.base_dtype is output.dtype for v in step.inputs):
            shapes = {a: v.shape for a, v in zip(operands, step.inputs)}
            into = self._into_memory(number, step, expression, spec, shapes)
            if into is not None:
                return into
        if definition.op_type in KERNELS:
            return None
        return ast.unparse(expression)

    def _into_memory(
        self, number: int, step: Step, expression: ast.expr, spec: Spec, shapes: dict[str, Shape]
    ) -> str | None:
        """The expression with the memory of its results given, where that is possible."""
        output, memory = step.outputs[0], self._memory
        if step.definition.op_type in PRODUCTS:
            name = memory.take(spec)
            memory.hold(output, name)
            return f"{ast.unparse(expression)[:-1]}, out={name})"
        tried = lowered(expression, spec[0], shapes, "out", ["scratch"] * 4)
        if tried is None:
            return None
        # Where something is nested, its result would overwrite an operand that is still needed.
        name = (memory.reusable(step, number, spec) if tried.single else None) or memory.take(spec)
        scratch = [memory.take(spec) for _ in range(tried.scratch)]
        written = lowered(expression, spec[0], shapes, name, scratch)
        for array in scratch:
            memory.give(spec, array)
        memory.hold(output, name)
        assert written is not None
        return written.text

    def _argument(self, step: Step, value: Value, reads: bool) -> str:
        """What a step is given for a value, or for what the variable holds that it stands for."""
        name = self._local[value]
        text = f"{name}.read()" if reads else name
        merges = step.definition.op_type in MERGES
        known = self._present(step) if merges else self._conditions.of_step(step)
        guard = self._conditions.of_value(value)
        if guard <= known:
            return text
        if is_plain(guard):
            return f"({text} if {self._test(guard - known)} else DEAD)"
        return f"({name} if {name} is DEAD else {text})" if reads else name

    def _test(self, guard: Guard) -> str:
        return self._conditions.text(self._conditions.tests(guard))

    def _switch(self, number: int, step: Step, arguments: list[str]) -> str | None:
        """Gives both results of a switch the name of what it passes on."""
        definition: Any = step.definition
        data, predicate = arguments
        lines = []
        if is_read_first(step):
            lines.append(f"{self._name(step.outputs[0])} = {data}")
            data = self._local[step.outputs[0]]
        self._local.update(dict.fromkeys(step.outputs, data))
        if step.inputs[1].shape != ():
            kernel = f"{definition.op_type}_{number}"
            self.names[kernel] = definition.forward
            lines.append(f"{kernel}(np, {data}, {predicate})")
        return "; ".join(lines) or None

    def _merge(self, step: Step) -> str | None:
        """The one of two values that is there, or None where it takes more to find it."""
        if step.outputs[1] in self._used:
            return None
        texts = [
            f"{self._local[value]}.read()"
            if value.slot is not None and not wants_slot
            else self._local[value]
            for value, wants_slot in zip(step.inputs, step.takes_slot(), strict=True)
        ]
        guards = [self._conditions.of_value(value) for value in step.inputs]
        present = self._blocks[step]
        if guards[0] <= present:
            return texts[0]
        if len(guards) != 2 or not all(map(is_plain, guards)):
            return None
        tests = [self._conditions.tests(guard - present) for guard in guards]
        if [len(test) for test in tests] != [1, 1]:
            return None
        (predicate, branch), (other, opposite) = tests[0][0], tests[1][0]
        if predicate is not other or branch == opposite:
            return None
        return f"{texts[1 - branch]} if {self._local[predicate]} else {texts[branch]}"

    def _conditional(self, step: Step, call: str, otherwise: str) -> str:
        """The call, made only where what the step needs was computed."""
        if step in self._blocks:
            return call
        merges = step.definition.op_type in MERGES
        known = [self._conditions.of_step(c) for c in step.controls] if merges else []
        asked = _ALWAYS.union(*known) if merges else self._conditions.of_step(step)
        tests = [test] if (test := self._test(asked)) else []
        if not merges:
            doubtful = [v for v in step.inputs if not is_plain(self._conditions.of_value(v))]
            tests += [f"{self._local[v]} is not DEAD" for v in dict.fromkeys(doubtful)]
        tests += [self._runs[c] for c in step.controls if c in self._runs]
        test = " and ".join(tests)
        if not test:
            return call
        if step in self._runs and not merges:
            test = f"({self._runs[step]} := {test})"
        return f"{call} if {test} else {otherwise}"

    def _keep(self, value: Value, array: Any) -> None:
        self.names[self._name(value)] = array

    def _name(self, value: Value) -> str:
        """A local name that reads like the tensor's."""
        base = re.sub(r"\W", "_", value.name.removesuffix(":0"))
        if not base or base[0].isdigit() or keyword.iskeyword(base) or _OWN_NAMES.match(base):
            base = "_" + base
        name = base
        for i in itertools.count(1):
            if name not in self._taken:
                break
            name = f"{base}__{i}"
        self._taken.add(name)
        self._local[value] = name
        return name

    def _freeing(self, step: Step) -> str:
        """What a line adds to let go of values that nobody uses after it."""
        ended = [
            v
            for v in self._lifetimes.ended(step)
            if v in self._local and self._local[v] not in self.names
        ]
        present = self._present(step)
        guards = {v: self._conditions.of_value(v) for v in ended}
        bound = [v for v in ended if guards[v] <= present or not is_plain(guards[v])]
        freeing = f"; del {', '.join(self._local[v] for v in bound)}" if bound else ""
        # The others have a name only where their branch was taken.
        others = [f"{self._local[v]} = " for v in ended if v not in bound]
        return f"{freeing}; {''.join(others)}None" if others else freeing

    def _result(self, index: int, value: Value, shared: set[Value]) -> str:
        name = self._local[value]
        if value in self.program.fetches[:index]:
            # The same array under two names would be the same array in the caller's hands.
            shared = {*shared, value}
        guard = self._conditions.of_value(value)
        if guard:
            there = f"{name} if {self._test(guard)} else DEAD" if is_plain(guard) else name
            name = f"alive({there}, {index})"
        if value.slot is not None:
            name = f"{name}.read()"
        if value.shape == ():
            # Taken out of its array, if it lies in one: a scalar is nobody else's.
            return f"{name}[()]"
        if value in shared or value.slot is not None:
            name = f"owned({name})"
        return name if value.shape else f"plain({name})"
