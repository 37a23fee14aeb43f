"""Kernels as expressions: a `forward` of one return statement, written into the program itself.

`Mul.forward` returns `x * y`; in a program that multiplies `a` by `b` this becomes the line
`c = a * b`. Where the result is large and its shape is known, the expression is written so that
numpy puts every intermediate result into memory that the program already has:
`c = np.multiply(a, b, out=b0)`.
"""

from __future__ import annotations

import ast
import copy
import inspect
import math
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from tflite_edu.core.op import Op
from tflite_edu.core.shapes import Shape

_OPERATORS: dict[type, str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "true_divide",
}

_ELEMENTWISE = frozenset(
    (
        *("add", "subtract", "multiply", "true_divide", "negative", "exp", "expm1", "log"),
        *("log1p", "sqrt", "square", "tanh", "sin", "cos", "maximum", "minimum", "abs"),
        *("fmax", "fmin", "clip"),
        *("absolute", "reciprocal", "greater", "less"),
    )
)


class _Form(NamedTuple):
    """What a class's `forward` returns, and the module in which its names are looked up."""

    parameters: tuple[str, ...]
    expression: ast.expr
    names: dict[str, Any]


_forms: dict[type[Op], _Form | None] = {}


def _form(cls: type[Op]) -> _Form | None:
    if cls not in _forms:
        _forms[cls] = _read_form(cls)
    return _forms[cls]


def _read_form(cls: Any) -> _Form | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls.forward))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None
    if not isinstance(tree, ast.FunctionDef) or len(tree.body) != 1:
        return None
    statement = tree.body[0]
    if not isinstance(statement, ast.Return) or statement.value is None:
        return None
    parameters = tuple(a.arg for a in tree.args.args)
    if parameters[:2] != ("self", "np") or tree.args.vararg or tree.args.kwonlyargs:
        return None
    if any(isinstance(n, (ast.Lambda, ast.comprehension, ast.Yield)) for n in ast.walk(statement)):
        return None
    return _Form(parameters[2:], statement.value, cls.forward.__globals__)


def inlined(definition: Op, arguments: Sequence[str]) -> ast.expr | None:
    """The kernel of a definition applied to arguments (source text).

    None where it is longer than one expression of numpy and its arguments.
    """
    form = _form(type(definition))
    if form is None or len(form.parameters) != len(arguments):
        return None
    given = {p: ast.parse(a, mode="eval").body for p, a in zip(form.parameters, arguments)}
    uses = [n.id for n in ast.walk(form.expression) if isinstance(n, ast.Name)]
    for parameter, node in given.items():
        # Reading a variable twice might give two values.
        if not isinstance(node, ast.Name) and uses.count(parameter) > 1:
            return None
    substitution = _Substitution(definition, given, form.names)
    expression: ast.expr = substitution.visit(copy.deepcopy(form.expression))
    return ast.fix_missing_locations(expression) if substitution.complete else None


class _Substitution(ast.NodeTransformer):
    """Puts arguments for parameters, values for attributes, and picks branches that are settled."""

    def __init__(
        self,
        definition: Op,
        given: dict[str, ast.expr],
        names: dict[str, Any],
    ) -> None:
        self._definition = definition
        self._given = given
        self._names = names
        # Whether the expression speaks of nothing but numpy and its arguments.
        self.complete = True

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._given:
            return copy.deepcopy(self._given[node.id])
        literal = None if node.id == "self" else _literal(self._names.get(node.id))
        if literal is not None:
            return literal
        if node.id != "np" and node.id not in _BUILTINS:
            self.complete = False
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        settled = self._attribute(node)
        if settled is not None:
            return settled
        self.generic_visit(node)
        return node

    def _attribute(self, node: ast.Attribute) -> ast.expr | None:
        """`self.transpose_a` or `self.T.is_complex` as a literal, where it is a plain value."""
        path = [node.attr]
        inner = node.value
        while isinstance(inner, ast.Attribute):
            path.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name) or inner.id != "self":
            return None
        value: Any = self._definition
        for name in reversed(path):
            value = getattr(value, name, None)
        return _literal(value)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test = self.visit(node.test)
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            if isinstance(test.operand, ast.Constant):
                test = ast.Constant(not test.operand.value)
        if isinstance(test, ast.Constant):
            chosen: ast.expr = self.visit(node.body if test.value else node.orelse)
            return chosen
        return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))


_BUILTINS = frozenset({"tuple", "len", "int", "bool", "float"})


def _literal(value: Any) -> ast.expr | None:
    if type(value) in (bool, int, str):
        return ast.Constant(value)
    if type(value) is float and math.isfinite(value):
        return ast.Constant(value)
    return None


class Lowered(NamedTuple):
    """An expression that writes into given memory: how many further arrays it needs, its text."""

    text: str
    scratch: int
    single: bool


def lowered(
    expression: ast.expr, shape: Shape, shapes: dict[str, Shape], out: str, scratch: Sequence[str]
) -> Lowered | None:
    """An elementwise expression with the memory of every result given, or None where it has none.

    `shapes` are the operands' by their source text; every nested result must be of the full shape.
    The result goes to `out`, nested ones to `out` and `scratch`. `single` tells that there is
    nothing nested, so that `out` may be an operand's own memory.
    """
    state = _Lowering(shape, shapes, scratch)
    text = state.write(expression, out)
    if text is None or state.depth == 0:
        return None
    return Lowered(text, state.used, state.depth == 1)


class _Lowering:
    def __init__(self, shape: Shape, shapes: dict[str, Shape], scratch: Sequence[str]) -> None:
        self._shape = shape
        self._shapes = shapes
        self._scratch = scratch
        self.used = 0
        self.depth = 0

    def write(self, node: ast.expr, out: str) -> str | None:
        """The text of a node whose result goes to `out`; leaves are left as they are."""
        applied = _ufunc(node)
        if applied is None:
            text = ast.unparse(node)
            leaf = _is_number(node) or text in self._shapes
            return text if leaf else None
        name, operands = applied
        if name == "greater" or self._size(node) != self._shape:
            # Truth values, and what is smaller than the result, such as a bias on its way: numpy
            # finds memory for them.
            return ast.unparse(node)
        self.depth += 1
        texts = []
        nested = 0
        for operand in operands:
            if _ufunc(operand) is None or self._size(operand) != self._shape:
                target = out
            else:
                nested += 1
                target = out if nested == 1 else self._take()
            if not target:
                return None
            written = self.write(operand, target)
            if written is None:
                return None
            texts.append(written)
        return f"np.{name}({', '.join(texts)}, out={out})"

    def _take(self) -> str:
        if self.used == len(self._scratch):
            return ""
        self.used += 1
        return self._scratch[self.used - 1]

    def _size(self, node: ast.expr) -> Shape:
        applied = _ufunc(node)
        if applied is None:
            return () if _is_number(node) else self._shapes.get(ast.unparse(node))
        result: Shape = ()
        for operand in applied[1]:
            size = self._size(operand)
            if size is None or result is None:
                return None
            result = _broadcast(result, size)
        return result


def _broadcast(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> Shape:
    if one == other or not other:
        return one
    if not one:
        return other
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    padded = (1,) * (len(longer) - len(shorter)) + shorter
    return tuple(n if m == 1 else m for m, n in zip(longer, padded))


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant)


def _ufunc(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    """The ufunc that a node applies, and its operands."""
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)], [node.left, node.right]
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Gt):
        return "greater", [node.left, node.comparators[0]]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if not isinstance(node.operand, ast.Constant):
            return "negative", [node.operand]
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "np"
        and node.func.attr in _ELEMENTWISE
        and not node.keywords
    ):
        return node.func.attr, list(node.args)
    return None
