"""`arg_scope`: arguments that many calls of layers share, given once for a block of code."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from tflite_edu.core.export import export

_Function = TypeVar("_Function", bound=Callable[..., Any])

Scope = dict[str, dict[str, Any]]
"""Arguments by the key of the function that they are for."""

# The names of the arguments with defaults, of each function that takes its arguments from scopes.
_arguments: dict[str, tuple[str, ...]] = {}


class _Open(threading.local):
    """The scopes that are open in a thread."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = [{}]


_open = _Open()


@export("contrib.framework.arg_scope", "contrib.slim.arg_scope")
@contextmanager
def arg_scope(list_ops_or_scope: Any, **kwargs: Any) -> Iterator[Scope]:
    """Within the block, calls of the functions listed get `kwargs` where they don't give them.

    Gives a scope, which may be opened again: `with arg_scope(scope):` restores all that it held,
    in place of the scopes around it. Scopes that list functions add to those around them; the
    innermost counts. Raises TypeError on what is no list, tuple or scope; ValueError on a function
    without `add_arg_scope`, and on arguments beside a scope.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError(
                "When attempting to re-use a scope by suppling adictionary, kwargs must be empty."
            )
        scope = dict(list_ops_or_scope)
    elif isinstance(list_ops_or_scope, (list, tuple)):
        scope = dict(current_arg_scope())
        for function in list_ops_or_scope:
            if not has_arg_scope(function):
                raise ValueError("%s is not decorated with @add_arg_scope", _name(function))
            key = arg_scope_func_key(function)
            scope[key] = {**scope.get(key, {}), **kwargs}
    else:
        raise TypeError("list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)")
    _open.scopes.append(scope)
    try:
        yield scope
    finally:
        _open.scopes.pop()


@export(
    "contrib.framework.add_arg_scope",
    "contrib.slim.add_arg_scope",
)
def add_arg_scope(func: _Function) -> _Function:
    """Lets a function take arguments from the scopes that are open: a decorator."""
    key = str(func)

    @functools.wraps(func)
    def with_scope(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **{**current_arg_scope().get(key, {}), **kwargs})

    with_scope._key_op = key  # type: ignore[attr-defined]
    parameters = inspect.signature(func).parameters.values()
    _arguments[key] = tuple(
        p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is not p.empty
    )
    return with_scope  # type: ignore[return-value]


@export("contrib.framework.current_arg_scope", "contrib.slim.current_arg_scope")
def current_arg_scope() -> Scope:
    """The scope that is open: a dict of arguments for each function's key."""
    return _open.scopes[-1]


@export("contrib.framework.has_arg_scope", "contrib.slim.has_arg_scope")
def has_arg_scope(func: Any) -> bool:
    """Whether the function takes arguments from scopes."""
    return arg_scope_func_key(func) in _arguments


@export("contrib.framework.arg_scoped_arguments", "contrib.slim.arg_scoped_arguments")
def arg_scoped_arguments(func: Any) -> Sequence[str]:
    """The names of the arguments with defaults, of a function that takes them from scopes.

    Raises AssertionError on another function.
    """
    if not has_arg_scope(func):
        raise AssertionError
    return _arguments[arg_scope_func_key(func)]


@export("contrib.slim.arg_scope_func_key")
def arg_scope_func_key(op: Any) -> str:
    """What a function's arguments are found by in a scope."""
    return getattr(op, "_key_op", None) or str(op)


def _name(function: Any) -> tuple[str, str]:
    return (function.__module__, function.__name__)
