"""Kernels as plain numpy functions: the source of an op's `forward` with all that it calls.

An op's `forward` speaks of its attributes (`self.strides`), of numpy as it is handed (`np`) and of
functions beside it. `Sources.kernel(definition)` writes it as a function that stands alone: the
attributes' values are put in place of the attributes, tests that they settle are decided, and each
function, class and constant that remains is written out in the same way.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import struct
from collections.abc import Sequence
from types import FunctionType, ModuleType
from typing import Any

import numpy

from tflite_edu.core.dead import DEAD
from tflite_edu.core.errors import OpError
from tflite_edu.core.op import Op
from tflite_edu.core.operation import Operation
from tflite_edu.teach.kernel_writing import (
    Writing,
    first_line,
    is_docstring,
    name_node,
    parsed,
    scope_of,
    tree_of,
)
from tflite_edu.teach.settled import PACKAGE, HostOfArrays, NotPlain, is_ours, where

# Modules of the graph itself: a kernel that makes nodes or sessions is no arithmetic on arrays.
_FRAMEWORK = tuple(
    f"{PACKAGE}.core.{name}" for name in ("graph", "operation", "tensor", "raw", "node", "convert")
) + (
    f"{PACKAGE}.core.dtypes",
    f"{PACKAGE}.core.op",
    f"{PACKAGE}.platform",
    f"{PACKAGE}.runtime",
)


# What a script's own host has.
_OF_A_HOST = frozenset({"np", "keep"})


class Sources:
    """The functions, classes, constants and imports that kernels need, each written once."""

    def __init__(self, taken: Sequence[str] = ()) -> None:
        self.imports: dict[str, None] = {}
        self._written: dict[str, str] = {}
        # Functions of which nothing is left: checks that a node's attributes pass.
        self.empty: set[str] = set()
        self._names: dict[Any, str] = {}
        self._same: dict[str, str] = {}
        self._taken = {*taken, *dir(builtins), "np", "re", "struct", "DEAD"}
        # What is known by its identity must not be collected while it is known.
        self._held: list[Any] = []

    @property
    def taken(self) -> set[str]:
        """The names that have a meaning already."""
        return self._taken

    @property
    def texts(self) -> list[str]:
        """The source of what was written, each after what it needs where it is run."""
        used: set[str] = set()
        for name, text in self._written.items():
            used |= set(re.findall(r"\w+", text)) - {name}
        return [t for n, t in self._written.items() if n not in self.empty or n in used]

    def kernel(self, definition: Op, operation: Operation) -> tuple[str, bool]:
        """The name of the function that computes an op, and whether it takes a host first.

        `operation` is the node, whose name and static shapes a kernel may ask for. Raises NotPlain
        where the kernel is more than numpy and Python.
        """
        forward = inspect.unwrap(type(definition).forward)  # type: ignore[attr-defined]
        if definition.effect is None:
            bound: dict[int, Any] = {0: definition, 1: numpy}
            return self.function(forward, bound, definition.op_type), False
        before = self._state()
        try:
            without = {0: definition, 1: HostOfArrays(operation)}
            return self.function(forward, without, definition.op_type), False
        except NotPlain:
            self._restore(before)
        name = self.function(forward, {0: definition}, definition.op_type)
        asked = set(re.findall(r"\bhost\.(\w+)", "\n".join(self.texts)))
        if not asked <= _OF_A_HOST:
            raise NotPlain(f"it asks the session for {', '.join(sorted(asked - _OF_A_HOST))}")
        return name, True

    def _state(self) -> tuple[Any, ...]:
        held = (self.imports, self._written, self._names, self._taken, self.empty, self._same)
        return tuple(one.copy() for one in held)

    def _restore(self, state: tuple[Any, ...]) -> None:
        (self.imports, self._written, self._names, self._taken, self.empty, self._same) = state

    def function(self, function: Any, bound: dict[int, Any], name: str = "") -> str:
        """The name of a function of this package, some of whose parameters are settled."""
        key = (function, *((i, _identity(v)) for i, v in sorted(bound.items())))
        found = self._names.get(key)
        if found is not None:
            return found
        self._held += bound.values()
        tree = tree_of(function)
        if not isinstance(tree, ast.FunctionDef):
            raise NotPlain(f"{where(function)} is not a function of its own")
        made = self._names[key] = self._free(name or function.__name__)
        written = Writing(self, scope_of(function), made).function(tree, function, bound)
        written.name = made
        text = _text(written)
        same = self._same.setdefault(text.replace(made, "", 1), made)
        if same != made:
            # Another node's function with the same text does as well.
            self._taken.discard(made)
            self._names[key] = same
            return same
        self._written[made] = text
        if not name or name != function.__name__:
            if all(is_docstring(s) or isinstance(s, ast.Pass) for s in written.body):
                self.empty.add(made)
        return made

    def type(self, cls: type) -> str:
        """The name of a class of this package."""
        found = self._names.get(cls)
        if found is not None:
            return found
        tree = tree_of(cls)
        if not isinstance(tree, ast.ClassDef):
            raise NotPlain(f"{where(cls)} has no source")
        made = self._names[cls] = self._free(cls.__name__)
        if issubclass(cls, OpError):
            # The first two arguments of TensorFlow's errors are a node and an operation.
            body = "    def __init__(self, node, op, message):\n        super().__init__(message)"
            head = f'class {made}(Exception):\n    """{first_line(cls)}"""'
            self._written[made] = f"{head}\n\n{body}"
            return made
        scope = dict(vars(inspect.getmodule(cls)))
        tree = Writing(self, scope, made).type(tree, cls)
        self._written[made] = _text(tree)
        return made

    def constant(self, name: str, value: Any) -> ast.expr:
        """An expression for what a name of a module stands for."""
        if isinstance(value, (bool, int, float, str, bytes, type(None), type, ModuleType)):
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                return self.expression(value)
        if isinstance(value, (FunctionType, numpy.ufunc)) or inspect.isbuiltin(value):
            return self.expression(value)
        if hasattr(value, "__wrapped__"):
            return self.expression(value)
        if value is DEAD:
            return self.expression(value)
        key = ("constant", name, _identity(value))
        if key not in self._names:
            text = _text(self.expression(value))
            made = self._names[key] = self._free(name)
            self._held.append(value)
            self._written[made] = f"{made} = {text}"
        return name_node(self._names[key])

    def expression(self, value: Any) -> ast.expr:
        """Source for a value; raises NotPlain where it has none."""
        if isinstance(value, numpy.ndarray):
            return parsed(array_text(value))
        if isinstance(value, numpy.generic):
            return parsed(f"np.{value.dtype.name}({number_text(value.item())})")
        if value is DEAD:
            return name_node("DEAD")
        if type(value) in (bool, int, str, bytes, type(None)) or value is Ellipsis:
            return ast.Constant(value)
        if type(value) in (float, complex):
            return parsed(number_text(value))
        if isinstance(value, numpy.dtype):
            return parsed(f"np.dtype({value.str!r})")
        if type(value) is tuple:
            return ast.Tuple([self.expression(v) for v in value], ast.Load())
        if type(value) is list:
            return ast.List([self.expression(v) for v in value], ast.Load())
        if type(value) in (set, frozenset):
            elements = ast.List([self.expression(v) for v in sorted(value)], ast.Load())
            return ast.Call(name_node(type(value).__name__), [elements], [])
        if type(value) is dict:
            return ast.Dict(
                [self.expression(k) for k in value], [self.expression(v) for v in value.values()]
            )
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            fields = [self.expression(v) for v in value]
            return ast.Call(self._object(type(value)), fields, [])
        if isinstance(value, re.Pattern):
            self.imports["import re"] = None
            return parsed(f"re.compile({value.pattern!r}, {value.flags})")
        if isinstance(value, struct.Struct):
            self.imports["import struct"] = None
            return parsed(f"struct.Struct({value.format!r})")
        return self._object(value)

    def _object(self, value: Any) -> ast.expr:
        """Source for a module, a function, or a class."""
        if isinstance(value, ModuleType):
            return self._module(value)
        module = getattr(value, "__module__", None)
        if isinstance(value, numpy.ufunc):
            return parsed(f"np.{value.__name__}")
        if isinstance(value, type) and _is_of(numpy, value):
            return parsed(f"np.{value.__name__}")
        if isinstance(value, type) and value.__module__ == "builtins":
            return name_node(value.__name__)
        if module is not None and is_ours(module):
            if module.startswith(_FRAMEWORK):
                raise NotPlain(f"{where(value)} is a part of the framework")
            if isinstance(value, type):
                return name_node(self.type(value))
            if isinstance(value, FunctionType) or hasattr(value, "__wrapped__"):
                return name_node(self.function(value, {}))
        elif module is not None and hasattr(value, "__name__"):
            if module == "builtins":
                return name_node(value.__name__)
            if module.partition(".")[0] == "numpy":
                return _numpy_path(value)
            self.imports[f"from {module} import {value.__name__}"] = None
            self._taken.add(value.__name__)
            return name_node(value.__name__)
        raise NotPlain(f"{value!r} of type {type(value).__name__} is not plain data")

    def _module(self, module: ModuleType) -> ast.expr:
        if module is numpy:
            return name_node("np")
        if is_ours(module.__name__):
            raise NotPlain(f"the module {module.__name__} is used as a whole")
        root = module.__name__.partition(".")[0]
        if root == "numpy":
            return parsed(module.__name__.replace("numpy", "np", 1))
        self.imports[f"import {module.__name__}"] = None
        self._taken.add(root)
        return parsed(module.__name__)

    def _free(self, name: str) -> str:
        made, number = name, 1
        while made in self._taken:
            number += 1
            made = f"{name}_{number}"
        self._taken.add(made)
        return made


def array_text(array: Any) -> str:
    """Source for an array, which gives every bit of it again."""
    kind = "object" if array.dtype == object else repr(array.dtype.str)
    if not array.size and array.shape != (0,):
        return f"np.zeros({array.shape!r}, {kind})"
    return f"np.array({_nested(array.tolist())}, {kind})"


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    return number_text(value)


def number_text(value: Any) -> str:
    """Source for a number or a string; numpy's names for what Python has no literal for."""
    if isinstance(value, complex):
        return f"complex({number_text(value.real)}, {number_text(value.imag)})"
    if isinstance(value, float) and value != value:
        return "np.nan"
    if isinstance(value, float) and value in (float("inf"), -float("inf")):
        return "np.inf" if value > 0 else "-np.inf"
    return repr(value)


def _identity(value: Any) -> Any:
    return type(value), id(value)


def _is_of(module: ModuleType, value: Any) -> bool:
    """Whether a module has a function or class under its own name; asks for no deprecated one."""
    name: str = value.__name__
    return vars(module).get(name) is value


def _numpy_path(value: Any) -> ast.expr:
    if _is_of(numpy, value):
        return parsed(f"np.{value.__name__}")
    if _is_of(numpy.linalg, value):
        return parsed(f"np.linalg.{value.__name__}")
    raise NotPlain(f"{where(value)} has no public name in numpy")


def _text(tree: ast.AST) -> str:
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except ValueError as error:
        # Python before 3.12 has no f-strings with a backslash in an expression.
        raise NotPlain(str(error)) from None
