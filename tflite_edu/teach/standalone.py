"""A program as a script of its own: it needs numpy and nothing else, and gives the same numbers.

The script holds a function for each kind of operation, taken from the op classes (see
`kernel_source`), the variables with the values that the session has now, one line for each step,
and the fed arrays as an example to run on.
"""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy

from tflite_edu.core.constant_value import grouped
from tflite_edu.ops.philox import Philox
from tflite_edu.plan.branches import MERGES, branches
from tflite_edu.plan.printing import name_text, value_text
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.teach.kernel_source import Sources, array_text
from tflite_edu.teach.settled import NotPlain

# Arrays with more elements lie in an .npz file beside the script.
MOST_INLINE_ELEMENTS = 64

# What a script can have of a session: values of variables and streams of random numbers.
_EFFECTS = (None, "variable", "random", "check")

# Steps on resource variables that need no value; of others their class says so.
_UNSET = ("AssignVariableOp", "VarIsInitializedOp")

# Names of the script's own.
_TAKEN = (
    *("Variable", "Host", "program", "arrays", "example", "names", "name", "results", "result"),
    *("os", "sys", "threading", "annotations", "file", "allow_pickle", "DEAD", "alive"),
)


class Script(NamedTuple):
    """A script and the arrays that lie beside it, by the names under which it looks them up."""

    source: str
    arrays: dict[str, Any]

    def save(self, path: str | os.PathLike[str]) -> list[str]:
        """Writes the script, and the arrays as an .npz file of the same name; returns the paths."""
        path = os.fspath(path)
        if not path.endswith(".py"):
            raise ValueError(f"the script's name must end in .py, but is {path!r}")
        paths = [path]
        if self.arrays:
            paths.append(path[:-3] + ".npz")
            numpy.savez(paths[1], **self.arrays)
        name = os.path.basename(path)
        text = self.source.replace(_BESIDE, repr(name[:-3] + ".npz")).replace(_ITSELF, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return paths


# What stands in a script for the names of its files until it is saved.
_BESIDE, _ITSELF = "NAME_OF_THE_ARRAYS", "THIS_FILE"


def script(
    program: Program,
    host_of: Any,
    kept: dict[Any, Any],
    feeds: Sequence[Any] | None,
) -> Script:
    """The script of a program, with the session's variables as they are.

    `host_of` gives the session as a step's operation sees it, `kept` what its operations keep
    between runs, `feeds` example arrays in the order of `program.feeds` (None: no example).
    Raises ValueError where a step does more than numpy can.
    """
    return _Page(program, host_of, kept, feeds).script()


class _Page:
    def __init__(
        self, program: Program, host_of: Any, kept: dict[Any, Any], feeds: Sequence[Any] | None
    ) -> None:
        self._program = program
        self._host_of = host_of
        self._kept = kept
        self._feeds = feeds
        self._taken: set[str] = {*_TAKEN}
        self._local: dict[Value, str] = {}
        self._sources = Sources(_TAKEN)
        self._arrays: dict[str, Any] = {}
        self._constants: list[str] = []
        self._variables: list[str] = []
        self._hosts: list[str] = []
        self._body: list[str] = []
        self._branches = branches(program)
        # Conditional steps for which others wait, and the local that says whether they ran.
        self._runs: dict[Step, str] = {}

    def script(self) -> Script:
        for step in self._program.steps:
            if step.definition.effect not in _EFFECTS:
                raise ValueError(
                    f"{step.operation.name} ({step.definition.op_type}) has the effect "
                    f"{step.definition.effect!r} on what is outside the program: it cannot be "
                    "saved as a script"
                )
        # The kernels are written first, for no value may be named as they are.
        called = [self._kernel(step) for step in self._program.steps]
        self._taken |= self._sources.taken
        parameters = [self._name(value) for value in self._program.feeds]
        waited = {control for step in self._program.steps for control in step.controls}
        for step in self._program.steps:
            if step in self._branches.steps and step in waited:
                self._runs[step] = self._free(f"runs_{_identifier(step.operation.name)}")
        for step, kernel in zip(self._program.steps, called, strict=True):
            self._add(step, kernel)
        results = [self._result(value) for value in self._program.fetches]
        text = self._text(parameters, results)
        return Script(text, self._arrays)

    def _kernel(self, step: Step) -> tuple[str, bool] | None:
        """The function that computes a step, and whether it takes a host first."""
        if _is_plain(step):
            return None
        try:
            return self._sources.kernel(step.definition, step.operation)
        except NotPlain as error:
            raise ValueError(
                f"{step.operation.name} ({step.definition.op_type}) cannot be written as plain "
                f"numpy: {error}"
            ) from error

    def _add(self, step: Step, kernel: tuple[str, bool] | None) -> None:
        definition: Any = step.definition
        if definition.op_type == "Const":
            self._add_constant(step)
            return
        if _is_place(step):
            self._add_variable(step)
            return
        if kernel is None:
            place = self._local[step.outputs[0]] = self._local[step.inputs[0]]
            read = self._conditional(step, f"{place}.read()", 1)
            self._body.append(f"{read}  # {step.operation.name}")
            return
        function, takes_host = kernel
        arguments = [
            self._read(step, v) if v.slot is not None and not place else self._local[v]
            for v, place in zip(step.inputs, step.takes_slot(), strict=True)
        ]
        texts = [
            f"[{', '.join(a)}]" if isinstance(a, list) else a
            for a in grouped(definition, arguments)
        ]
        if takes_host:
            texts.insert(0, self._host(step))
        is_list = len(step.outputs) > 1 or any(o.is_list for o in definition.signature.outputs)
        count = len(step.outputs) if is_list else 1
        call = self._conditional(step, f"{function}({', '.join(texts)})", count, is_list)
        outputs = ", ".join(self._name(v) for v in step.outputs)
        if is_list and count == 1:
            outputs += ","
        told = "; ".join(value_text(v) for v in step.outputs) or step.operation.name
        self._body.append(f"{outputs} = {call}  # {told}" if outputs else f"{call}  # {told}")
        if step in self._runs and definition.op_type in MERGES:
            self._body.append(f"{self._runs[step]} = {self._local[step.outputs[0]]} is not DEAD")

    def _add_constant(self, step: Step) -> None:
        """A constant stands above the program; on a branch its value is there where that runs."""
        definition: Any = step.definition
        name = self._name(step.outputs[0])
        if step in self._branches.steps:
            held = self._free(f"{name}_value")
            self._body.append(f"{name} = {self._conditional(step, held, 1)}")
            name = held
        self._constants.append(f"{name} = {self._array(name, definition.value)}")

    def _conditional(self, step: Step, call: str, count: int, is_list: bool = False) -> str:
        """The call, made only where what the step needs was computed."""
        if step not in self._branches.steps:
            return call
        merges = step.definition.op_type in MERGES
        needed = [] if merges else [v for v in step.inputs if v in self._branches.values]
        tests = [f"{self._local[v]} is not DEAD" for v in dict.fromkeys(needed)]
        tests += [self._runs[c] for c in step.controls if c in self._runs]
        test = " and ".join(tests)
        if not test:
            return call
        if step in self._runs and not merges:
            test = f"({self._runs[step]} := {test})"
        return f"{call} if {test} else {f'[DEAD] * {count}' if is_list else 'DEAD'}"

    def _read(self, step: Step, value: Value) -> str:
        """What a step is given for a value that stands for a variable."""
        place = self._local[value]
        if step.definition.op_type in MERGES and value in self._branches.values:
            return f"({place} if {place} is DEAD else {place}.read())"
        return f"{place}.read()"

    def _result(self, value: Value) -> str:
        """A fetched value, out of its array where it is a number, as a session returns it."""
        name = self._local[value]
        if value in self._branches.values:
            name = f"alive({name})"
        return name + (".read()" if value.slot is not None else "") + "[()]" * (value.shape == ())

    def _add_variable(self, step: Step) -> None:
        value = step.outputs[0]
        definition: Any = step.definition
        if step in self._branches.steps:
            raise ValueError(
                f"{step.operation.name} is a variable that is made on a branch, which may not run: "
                "it cannot be saved in a script"
            )
        slot = definition.forward(self._host_of(step.operation))
        if not hasattr(slot, "read") or not hasattr(slot, "write"):
            raise ValueError(
                f"{step.operation.name} ({definition.op_type}) is no variable whose value could "
                "be saved"
            )
        name = self._name(value)
        held = slot.value
        if held is None and not self._is_set(value):
            raise ValueError(
                f"{step.operation.name} has no value yet: initialize the variables of the session "
                "before you save what runs on them"
            )
        array = "None" if held is None else self._array(name, numpy.asarray(held))
        self._variables.append(f"{name} = Variable({step.operation.name!r}, {array})")

    def _is_set(self, place: Value) -> bool:
        """Whether a program gets along with a variable that has no value: it sets or only asks."""
        for step in self._program.steps:
            if any(v is place or v.slot is place for v in step.inputs):
                aside = step.definition.op_type == "Identity" and step.outputs[0].slot is place
                if not aside:
                    return step.definition.uninitialized or step.definition.op_type in _UNSET
        return True

    def _host(self, step: Step) -> str:
        """The name of the host of a step; a stream of random numbers goes on where it stands."""
        name = self._free(f"host_of_{_identifier(step.operation.name)}")
        stream = self._kept.get(step.operation)
        if stream is None:
            self._hosts.append(f"{name} = Host()")
        elif isinstance(stream, Philox):
            made = self._sources.type(Philox)
            self._hosts.append(f"{name} = Host({made}({stream.key:#x}, {stream.counter:#x}))")
        else:
            raise ValueError(
                f"{step.operation.name} ({step.definition.op_type}) keeps a "
                f"{type(stream).__name__} between runs, which cannot be saved in a script"
            )
        return name

    def _array(self, name: str, array: Any) -> str:
        """Source for an array: its numbers where they are few, else its place in the file."""
        if array.size <= MOST_INLINE_ELEMENTS or array.dtype == object:
            return array_text(array)
        self._arrays[name] = array
        return f"arrays[{name!r}]"

    def _name(self, value: Value) -> str:
        """A name that reads like the tensor's."""
        name = self._free(_identifier(name_text(value)))
        self._local[value] = name
        return name

    def _free(self, base: str) -> str:
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name)
        return name

    def _text(self, parameters: Sequence[str], results: Sequence[str]) -> str:
        """The whole script, from its docstring to the example that it runs."""
        example = self._example(parameters)
        fetched = [name_text(v) for v in self._program.fetches]
        parts = [_docstring(self._program)]
        imports = {"import sys": None, **self._sources.imports}
        if self._arrays:
            imports["import os"] = None
        if self._variables:
            imports["import threading"] = None
        if self._hosts:
            imports["import numpy as np"] = None
        plain = sorted(i for i in imports if i != "import numpy as np")
        plain.sort(key=lambda line: line.startswith("from"))
        parts.append("from __future__ import annotations\n\n" + "\n".join(plain))
        parts[-1] += "\n\nimport numpy as np"
        if self._arrays:
            folder = "os.path.dirname(os.path.abspath(__file__))"
            parts.append(
                f"with np.load(os.path.join({folder}, {_BESIDE})) as file:\n"
                "    arrays = {name: file[name] for name in file}"
            )
        if self._variables:
            parts.append("\n" + _VARIABLE)
        if self._hosts:
            parts.append("\n" + _HOST)
        if self._branches.steps or self._branches.values:
            parts.append("\n" + _BRANCHES)
        parts += [
            f"\n{text}" if text.startswith(("def", "class", "@")) else text
            for text in self._sources.texts
        ]
        for listed in (self._variables, self._constants, self._hosts):
            if listed:
                parts.append("\n" + "\n".join(listed))
        signature = ", ".join(parameters)
        told = ", ".join(fetched) or "nothing"
        lines = [f"def program({signature}):", f'    """Runs one step; returns {told}."""']
        lines.append('    with np.errstate(all="ignore"):')
        lines += [f"        {line}" for line in self._body]
        lines.append(f"        return ({''.join(f'{r}, ' for r in results).rstrip()})")
        parts.append("\n" + "\n".join(lines))
        parts.append("\n" + _MAIN.format(names=repr(fetched), example=example))
        return "\n\n".join(parts) + "\n"

    def _example(self, parameters: Sequence[str]) -> str:
        if self._feeds is None and parameters:
            return "None"
        listed = []
        for value, array in zip(self._program.feeds, self._feeds or (), strict=True):
            name = self._free(f"example_{self._local[value]}")
            listed.append(self._array(name, numpy.asarray(array)))
        return f"({''.join(f'{text}, ' for text in listed).rstrip()})"


_VARIABLE = '''class Variable:
    """The value of a variable between steps."""

    def __init__(self, name, value):
        self.name, self.value, self.lock = name, value, threading.RLock()

    def read(self):
        if self.value is None:
            raise RuntimeError(f"{self.name} has no value yet")
        return self.value

    def write(self, value):
        self.value = value'''

_HOST = '''class Host:
    """What a random operation keeps between steps: its stream of numbers."""

    np = np

    def __init__(self, kept=None):
        self.kept = kept

    def keep(self, make):
        if self.kept is None:
            self.kept = make()
        return self.kept'''

_BRANCHES = '''# The value of what lies on a branch that is not taken.
DEAD = object()


def alive(value):
    """A fetched value, which must have been computed."""
    if value is DEAD:
        raise RuntimeError("a fetched value lies on a branch that was not taken")
    return value'''

_MAIN = """names = {names}
example = {example}

if __name__ == "__main__":
    if example is None:
        sys.exit("There is no example to run on: import this file and call program().")
    results = program(*example)
    for name, result in zip(names, results):
        print(name, "=", result)
    if len(sys.argv) > 1:
        # As positions in the file: a fetched name may not be a file's.
        np.savez(sys.argv[1], *results)"""


def _docstring(program: Program) -> str:
    fed = ", ".join(map(value_text, program.feeds)) or "nothing"
    fetched = ", ".join(name_text(v) for v in program.fetches) or "nothing"
    text = f"""One step of a graph, in plain numpy.

    python {_ITSELF}               runs the example and prints the results
    python {_ITSELF} results.npz   also saves them, as arr_0, arr_1, ...

fed       {fed}
fetched   {fetched}

Call program() again and again to train on: variables keep their values between calls.
"""
    return '"""' + text.replace("\\", "\\\\").replace('"', "'") + '"""'


def _is_plain(step: Step) -> bool:
    """Whether a step is no call: a constant, a variable, or another name of a variable."""
    definition = step.definition
    if definition.op_type == "Const":
        return True
    if _is_place(step):
        return True
    return definition.op_type == "Identity" and step.outputs[0].slot is not None


def _is_place(step: Step) -> bool:
    """Whether a step gives a variable's place."""
    return step.definition.effect == "variable" and not step.inputs and bool(step.outputs)


def _identifier(name: str) -> str:
    text = re.sub(r"\W", "_", name)
    return f"_{text}" if not text or text[0].isdigit() or keyword.iskeyword(text) else text
