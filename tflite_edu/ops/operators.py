"""The operators of `Tensor`: `+ - * / // % ** @ & | ^`, comparisons, `-x`, `abs(x)`, `~x`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import STRING
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import pow as power
from tflite_edu.ops.division import div, truediv
from tflite_edu.ops.logic import logical_xor
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.signs import abs as absolute


def _add(x: Any, y: Any, name: str) -> Tensor:
    # AddV2 takes no strings.
    make = raw.Add if x.dtype.base_dtype is STRING else raw.AddV2
    return make(x, y, name=name)


_BINARY: dict[str, Callable[..., Any]] = {
    "add": _add,
    "sub": lambda x, y, name: raw.Sub(x, y, name=name),
    "mul": lambda x, y, name: raw.Mul(x, y, name=name),
    "div": div,
    "truediv": truediv,
    "floordiv": lambda x, y, name: raw.FloorDiv(x, y, name=name),
    "mod": lambda x, y, name: raw.FloorMod(x, y, name=name),
    "pow": power,
    "matmul": lambda x, y, name: matmul(x, y, name=name),
    "and": lambda x, y, name: raw.LogicalAnd(x, y, name=name),
    "or": lambda x, y, name: raw.LogicalOr(x, y, name=name),
    "xor": logical_xor,
}
_COMPARISONS: dict[str, Callable[..., Any]] = {
    "lt": lambda x, y: raw.Less(x, y),
    "le": lambda x, y: raw.LessEqual(x, y),
    "gt": lambda x, y: raw.Greater(x, y),
    "ge": lambda x, y: raw.GreaterEqual(x, y),
}


def binary(name: str, x: Any, y: Any) -> Any:
    """What `x <operator> y` gives, of which at least one is a tensor.

    The other operand is converted to the tensor's dtype where it can be. Gives NotImplemented where
    it cannot and has its own idea of the operator.
    """
    compare = _COMPARISONS.get(name)
    if compare is not None:
        return compare(_value(x), y)
    operate = _BINARY[name]
    if not _carries_operators(x):
        return _reflected(operate, name, x, _value(y))
    x = _value(x)
    with name_scope(None, name, [x, y]) as scope:
        if not isinstance(y, Tensor):
            try:
                y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
            except TypeError:
                if hasattr(type(y), f"__r{name}__"):
                    return NotImplemented
                raise
        return operate(x, y, name=scope)


def _reflected(operate: Callable[..., Any], name: str, x: Any, y: Tensor) -> Any:
    """`x <operator> y` where only `y` is a tensor."""
    with name_scope(None, name, [x, y]) as scope:
        x = convert_to_tensor(x, dtype=y.dtype.base_dtype, name="x")
        return operate(x, y, name=scope)


def _carries_operators(value: Any) -> bool:
    """Whether a value has the operators of a tensor itself: a tensor or a variable."""
    return isinstance(value, Tensor) or hasattr(value, "_as_graph_element")


def _value(x: Any) -> Tensor:
    """A tensor as it is; the value of a variable, read before the operator's scope opens."""
    return x if isinstance(x, Tensor) else x.value()


def unary(name: str, x: Any) -> Any:
    """What `-x`, `abs(x)` ("abs") or `~x` ("invert") gives."""
    x = _value(x)
    if name == "neg":
        return raw.Neg(x)
    if name == "abs":
        return absolute(x)
    return raw.LogicalNot(x)
