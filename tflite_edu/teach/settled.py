"""What is known of a kernel's expressions before it runs: attributes of its op, and constants."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy

from tflite_edu.core.dtypes import DType
from tflite_edu.core.op import Op
from tflite_edu.core.operation import InputList, Operation
from tflite_edu.core.tensor import Tensor

PACKAGE = "tflite_edu"


class NotPlain(ValueError):
    """Why a kernel cannot be written as plain numpy."""


class Known(NamedTuple):
    """A value that is settled when the source is written."""

    value: Any


class HostOfArrays:
    """What stands for the session where a kernel asks it for nothing but numpy and its node."""

    np = numpy

    def __init__(self, operation: Operation) -> None:
        self.operation = operation


class Settled:
    """The names of a function and what they stand for, where that is known.

    `bound` holds parameters whose values are known, `locals` the names that get values when the
    function runs, `scope` what the function finds outside itself.
    """

    def __init__(self, scope: dict[str, Any]) -> None:
        self._scope = scope
        self._bound: dict[str, Any] = {}
        self._locals: set[str] = set()

    def truth(self, node: ast.expr) -> bool | None:
        """Whether a test holds, where that is settled."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.truth(node.operand)
            return None if inner is None else not inner
        if isinstance(node, ast.BoolOp):
            parts = [self.truth(v) for v in node.values]
            decisive = isinstance(node.op, ast.Or)
            if decisive in parts:
                # What stands before the deciding part is arithmetic without effects.
                return decisive
            return None if None in parts else not decisive
        known = self.known(node)
        if known is None or isinstance(known.value, numpy.ndarray):
            return None
        return bool(known.value)

    def known(self, node: ast.expr) -> Known | None:
        """The value of an expression of settled things, or None."""
        if isinstance(node, ast.Constant):
            return Known(node.value)
        if isinstance(node, ast.Name):
            if node.id in self._bound:
                return Known(self._bound[node.id])
            if node.id not in self._locals and node.id in self._scope:
                return Known(self._scope[node.id])
            return None
        if isinstance(node, ast.Attribute):
            return self._known_attribute(node)
        if isinstance(node, ast.Subscript):
            container, index = self.known(node.value), self.known(node.slice)
            if container is None or index is None:
                return None
            if not isinstance(container.value, (tuple, list, dict, InputList)):
                return None
            return Known(container.value[index.value])
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            one, other = self.known(node.left), self.known(node.comparators[0])
            compare = _COMPARISONS.get(type(node.ops[0]))
            if one is None or other is None or compare is None:
                return None
            return Known(compare(one.value, other.value))
        if isinstance(node, ast.BoolOp):
            values = [self.known(v) for v in node.values]
            known = [v for v in values if v is not None]
            if len(known) < len(values):
                return None
            wanted = isinstance(node.op, ast.Or)
            return next((v for v in known if bool(v.value) is wanted), known[-1])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.known(node.operand)
            return None if inner is None else Known(not inner.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._known_call(node.func.id, [self.known(a) for a in node.args])
        return None

    def _known_call(self, function: str, arguments: Sequence[Known | None]) -> Known | None:
        """The length of a settled tuple, or an attribute of an op by its name."""
        values = [a.value for a in arguments if a is not None]
        if len(values) < len(arguments) or not values or function in self._locals:
            return None
        if function == "len" and isinstance(values[0], (tuple, list, dict)):
            return Known(len(values[0]))
        if function == "getattr" and isinstance(values[0], (Op, DType)):
            return Known(getattr(*values))
        return None

    def _known_attribute(self, node: ast.Attribute) -> Known | None:
        """An attribute of an op, a dtype, a module of this package, or what those hold."""
        inner = self.known(node.value)
        if inner is None:
            return None
        holder = inner.value
        ours = isinstance(holder, ModuleType) and is_ours(holder.__name__)
        plain = hasattr(type(holder), "_fields") and isinstance(holder, tuple)
        settled = isinstance(holder, (Op, DType, HostOfArrays, Operation, Tensor))
        if not (ours or plain or settled or _is_signature(holder)):
            return None
        if not hasattr(holder, node.attr):
            raise NotPlain(f"the kernel asks the session for {node.attr}")
        return Known(getattr(holder, node.attr))


_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
    ast.Eq: lambda a, b: bool(a == b),
    ast.NotEq: lambda a, b: bool(a != b),
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Lt: lambda a, b: a < b,
    ast.Gt: lambda a, b: a > b,
    ast.LtE: lambda a, b: a <= b,
    ast.GtE: lambda a, b: a >= b,
}


def has_no_source(value: Any) -> bool:
    """Whether a value can only be settled, never handed on."""
    return isinstance(value, (Op, DType, HostOfArrays)) or value is numpy


def _is_signature(value: Any) -> bool:
    return type(value).__module__ == f"{PACKAGE}.core.op"


def is_ours(module: str) -> bool:
    return module == PACKAGE or module.startswith(PACKAGE + ".")


def where(thing: Any) -> str:
    return f"{getattr(thing, '__module__', '?')}.{getattr(thing, '__qualname__', repr(thing))}"
