"""Writes a kernel's functions and classes anew, with what is settled put in its place."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy

from tflite_edu.core.op import Op
from tflite_edu.teach.settled import NotPlain, Settled, has_no_source, is_ours, where

if TYPE_CHECKING:
    from tflite_edu.teach.kernel_source import Sources


class Writing(Settled, ast.NodeTransformer):
    """Writes one function or class: what is known is put in its place."""

    def __init__(self, sources: Sources, scope: dict[str, Any], name: str) -> None:
        super().__init__(scope)
        self._sources = sources
        self._name = name
        self._class: type | None = None

    def function(
        self, tree: ast.FunctionDef, function: Any, bound: dict[int, Any]
    ) -> ast.FunctionDef:
        parameters = [*tree.args.posonlyargs, *tree.args.args]
        self._class = self._scope.get("__class__")
        self._bound = {parameters[i].arg: v for i, v in bound.items() if i < len(parameters)}
        if any(i >= len(parameters) for i in bound):
            raise NotPlain(f"{where(function)} takes its arguments in a list")
        first_default = len(parameters) - len(tree.args.defaults)
        defaults = dict(zip(range(first_default, len(parameters)), tree.args.defaults))
        kept = [i for i in range(len(parameters)) if i not in bound]
        tree.args.posonlyargs = []
        tree.args.args = [parameters[i] for i in kept]
        tree.args.defaults = [defaults[i] for i in kept if i in defaults]
        self._settle(tree)
        stored = _stored(tree)
        again = stored & set(self._bound)
        if again:
            raise NotPlain(f"{where(function)} gives {sorted(again)[0]} another value")
        self._locals = stored
        written = self.visit(tree)
        assert isinstance(written, ast.FunctionDef)
        doc = ast.get_docstring(tree)
        if self._bound and isinstance(bound.get(0), Op) and function.__name__ == "forward":
            doc = doc or first_line(type(bound[0]))
            if ast.get_docstring(written) is None:
                written.body.insert(0, ast.Expr(ast.Constant(doc)))
        return written

    def _settle(self, tree: ast.FunctionDef) -> None:
        """Takes `np = host.np` for a second name of numpy."""
        for statement in list(tree.body):
            if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
                continue
            target, value = statement.targets[0], statement.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                if len(target.elts) != len(value.elts):
                    continue
                pairs = zip(target.elts, value.elts)
                kept = [(t, v) for t, v in pairs if not self._settles(t, v)]
                target.elts, value.elts = [t for t, _ in kept], [v for _, v in kept]
                if len(kept) == 1:
                    statement.targets, statement.value = [target.elts[0]], value.elts[0]
            elif self._settles(target, value):
                tree.body.remove(statement)

    def _settles(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether a name is given numpy; it is then a settled one."""
        known = self.known(value) if isinstance(target, ast.Name) else None
        if known is None or known.value is not numpy:
            return False
        assert isinstance(target, ast.Name)
        self._bound[target.id] = numpy
        return True

    def type(self, tree: ast.ClassDef, cls: type) -> ast.ClassDef:
        self._class = cls
        tree.decorator_list = [d for d in tree.decorator_list if not self._is_ours(d)]
        tree.bases = [self.visit(b) for b in tree.bases]
        tree.decorator_list = [self.visit(d) for d in tree.decorator_list]
        body: list[ast.stmt] = []
        for statement in tree.body:
            if isinstance(statement, ast.FunctionDef):
                inner = Writing(self._sources, self._scope, self._name)
                inner._locals = _stored(statement)
                body.append(inner.visit(statement))
            elif isinstance(statement, ast.AnnAssign):
                statement.annotation = name_node("object")
                if statement.value is not None:
                    statement.value = self.visit(statement.value)
                body.append(statement)
            else:
                body.append(self.visit(statement))
        tree.body = body
        return tree

    def _is_ours(self, node: ast.expr) -> bool:
        """Whether a decorator is one of this package, which marks and does nothing else."""
        function = node.func if isinstance(node, ast.Call) else node
        known = self.known(function)
        return known is not None and is_ours(getattr(known.value, "__module__", "") or "")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.decorator_list = [self.visit(d) for d in node.decorator_list if not self._is_ours(d)]
        node.returns = None
        for argument in _arguments(node.args):
            argument.annotation = None
        node.args.defaults = [self.visit(d) for d in node.args.defaults]
        node.args.kw_defaults = [d and self.visit(d) for d in node.args.kw_defaults]
        node.body = self._body(node.body) or [ast.Pass()]
        return node

    def _body(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Statements written; what comes after a return in the same block is left out."""
        body: list[ast.stmt] = []
        for statement in statements:
            made = self.visit(statement)
            body += made if isinstance(made, list) else [] if made is None else [made]
            if body and isinstance(body[-1], (ast.Return, ast.Raise)):
                break
        return body

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return None
        return ast.Assign([self.visit(node.target)], self.visit(node.value), lineno=node.lineno)

    def visit_If(self, node: ast.If) -> Any:
        settled = self.truth(node.test)
        if settled is not None:
            return self._body(node.body if settled else node.orelse)
        node.test = self.visit(node.test)
        node.body = self._body(node.body) or [ast.Pass()]
        node.orelse = self._body(node.orelse)
        return node

    def visit_For(self, node: ast.For) -> Any:
        node.target, node.iter = self.visit(node.target), self.visit(node.iter)
        node.body = self._body(node.body) or [ast.Pass()]
        node.orelse = self._body(node.orelse)
        return node

    def visit_With(self, node: ast.With) -> Any:
        node.items = [self.visit(item) for item in node.items]
        node.body = self._body(node.body) or [ast.Pass()]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        settled = self.truth(node.test)
        if settled is not None:
            return self.visit(node.body if settled else node.orelse)
        return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        known = self.known(node)
        if known is not None:
            return self._sources.expression(known.value)
        if isinstance(node.op, ast.Or):
            # What is settled to be nothing is passed over.
            *first, last = node.values
            node.values = [*(v for v in first if self.truth(v) is not False), last]
            if len(node.values) == 1:
                return self.visit(node.values[0])
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        known = self.known(node)
        return self.generic_visit(node) if known is None else ast.Constant(known.value)

    def visit_Expr(self, node: ast.Expr) -> Any:
        made = self.visit(node.value)
        called = made.func if isinstance(made, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in self._sources.empty:
            return None
        return ast.Expr(made)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return node
        if node.id in self._bound:
            return self._sources.expression(self._bound[node.id])
        if node.id in self._locals:
            return node
        if node.id in self._scope:
            return self._sources.constant(node.id, self._scope[node.id])
        if hasattr(builtins, node.id):
            return node
        raise NotPlain(f"{node.id} is not found")

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.ctx, ast.Load):
            called = self._method(node)
            if called is not None:
                return name_node(called)
            known = self.known(node)
            if known is not None:
                return self._sources.expression(known.value)
        self.generic_visit(node)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.ctx, ast.Load):
            known = self.known(node)
            if known is not None:
                return self._sources.expression(known.value)
        self.generic_visit(node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        known = self.known(node)
        if known is not None:
            return ast.Constant(bool(known.value))
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        known = self.known(node)
        if known is not None:
            return self._sources.expression(known.value)
        function, first = self._called(node.func)
        if function is None:
            self.generic_visit(node)
            return node
        bound, arguments = self._divided(node, function, len(first))
        settled = self._settled_result(node, function, first)
        if settled is not None:
            return settled
        own = f"{first[0].op_type}_{function.__name__}" if first else ""
        name = self._sources.function(function, {**dict(enumerate(first)), **bound}, own)
        made = ast.Call(name_node(name), arguments, [])
        made.keywords = [
            ast.keyword(k.arg, self.visit(k.value))
            for k in node.keywords
            if k.arg is None or _position(function, k.arg) not in bound
        ]
        return made

    def _settled_result(self, node: ast.Call, function: Any, first: list[Any]) -> ast.expr | None:
        """What a function of nothing but an op's attributes returns, where that is plain data."""
        arguments = [self.known(a) for a in node.args]
        values = [*first, *(a.value for a in arguments if a is not None)]
        if node.keywords or len(values) < len(first) + len(arguments):
            return None
        if not values or not all(isinstance(v, Op) for v in values):
            return None
        result = function(*values)
        if result is None:
            return None
        before = self._sources._state()
        try:
            return self._sources.expression(result)
        except NotPlain:
            self._sources._restore(before)
            return None

    def _called(self, node: ast.expr) -> tuple[Any, list[Any]]:
        """The function of this package that is called, and the object whose method it is."""
        if isinstance(node, ast.Attribute):
            found = self._found_method(node)
            if found is not None:
                return found
        known = self.known(node)
        if known is None or not isinstance(inspect.unwrap(known.value), FunctionType):
            return None, []
        function = known.value
        return (function, []) if is_ours(function.__module__) else (None, [])

    def _found_method(self, node: ast.Attribute) -> tuple[Any, list[Any]] | None:
        """A method of a known object, as the class or the next class after this one has it."""
        inner = node.value
        if (
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Name)
            and inner.func.id == "super"
            and not inner.args
        ):
            owner = next((v for v in self._bound.values() if isinstance(v, Op)), None)
            if owner is None or self._class is None:
                return None
            order = type(owner).__mro__
            for cls in order[order.index(self._class) + 1 :]:
                if node.attr in vars(cls):
                    return vars(cls)[node.attr], [owner]
            return None
        known = self.known(inner)
        if known is None or not isinstance(known.value, Op):
            return None
        found = inspect.getattr_static(known.value, node.attr, None)
        return (found, [known.value]) if isinstance(found, FunctionType) else None

    def _method(self, node: ast.Attribute) -> str | None:
        """The name of the function that stands for a method of a known object."""
        found = self._found_method(node)
        if found is None:
            return None
        function, (owner,) = found
        return self._sources.function(function, {0: owner}, f"{owner.op_type}_{node.attr}")

    def _divided(
        self, node: ast.Call, function: Any, offset: int
    ) -> tuple[dict[int, Any], list[ast.expr]]:
        """The settled arguments by position, and the others."""
        bound: dict[int, Any] = {}
        arguments: list[ast.expr] = []
        starred = False
        for i, argument in enumerate(node.args):
            starred = starred or isinstance(argument, ast.Starred)
            known = None if starred else self.known(argument)
            if known is not None and has_no_source(known.value):
                bound[i + offset] = known.value
            else:
                arguments.append(self.visit(argument))
        for word in node.keywords:
            known = None if word.arg is None else self.known(word.value)
            if known is not None and has_no_source(known.value):
                place = _position(function, word.arg or "")
                if place is not None:
                    bound[place] = known.value
        return bound, arguments


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def tree_of(thing: Any) -> ast.stmt:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]
    except (OSError, TypeError, SyntaxError) as error:
        raise NotPlain(f"{where(thing)} has no source to copy") from error


def scope_of(function: Any) -> dict[str, Any]:
    """The names that a function finds outside itself."""
    function = inspect.unwrap(function)
    scope = dict(function.__globals__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        scope[name] = cell.cell_contents
    return scope


def _stored(tree: ast.AST) -> set[str]:
    """The names that are given values in a function or in the functions within."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.Lambda)):
            names |= {a.arg for a in _arguments(node.args)}
            if isinstance(node, ast.FunctionDef) and node is not tree:
                names.add(node.name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return listed + [a for a in (arguments.vararg, arguments.kwarg) if a is not None]


def _position(function: Any, name: str) -> int | None:
    code = inspect.unwrap(function).__code__
    names = code.co_varnames[: code.co_argcount]
    return names.index(name) if name in names else None


def first_line(cls: type) -> str:
    return (cls.__doc__ or cls.__name__).strip().splitlines()[0].replace('"', "'")


def name_node(text: str) -> ast.expr:
    return ast.Name(text, ast.Load())


def parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
