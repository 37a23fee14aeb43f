"""Which function makes the gradient nodes of an operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tflite_edu.core.export import export
from tflite_edu.core.op import Op, resolve
from tflite_edu.core.operation import Operation

GradientFunction = Callable[..., Any]
"""Takes the operation and the gradient of each of its outputs; returns one for each input."""

_F = TypeVar("_F", bound=GradientFunction)

_registered: dict[str, GradientFunction | None] = {}
_ABSENT: Any = object()


def get_gradient_function(op: Operation) -> GradientFunction | None:
    """The gradient function of a node; None where there is nothing to differentiate.

    A name given by `gradient_override_map` comes first, then what `RegisterGradient` registered,
    then the `backward` of the op type's class. Raises LookupError where there is none.
    """
    if not op._inputs:
        return None
    name = op.extra_attributes.get("_gradient_op_type", op.type)
    own: dict[str, GradientFunction] = op.graph.attachments.get("gradient functions", {})
    if name in own:
        return own[name]
    if name in _registered:
        return _registered[name]
    backward: Any = getattr(_op_class(name), "backward", _ABSENT)
    if backward is _ABSENT:
        raise LookupError(f"gradient registry has no entry for: {name}")
    if backward is None:
        return None
    return lambda op, *grads: backward(op.definition, op, *grads)


def register_in_graph(op: Operation, function: GradientFunction) -> None:
    """Registers under the name to which `op` is overridden, for the graph of `op` alone."""
    own = op.graph.attachments.setdefault("gradient functions", {})
    own[op.extra_attributes["_gradient_op_type"]] = function


def _op_class(name: str) -> type[Op] | None:
    try:
        return resolve(name)
    except KeyError:
        return None


def _register(name: str, function: GradientFunction | None) -> None:
    if name in _registered:
        previous = _place(_registered[name])
    elif hasattr(_op_class(name), "backward"):
        previous = f"the class of the op type {name}"
    else:
        _registered[name] = function
        return
    raise KeyError(
        f"Registering two gradient with name '{name}'! (Previous registration was in {previous})"
    )


def _place(function: GradientFunction | None) -> str:
    code = getattr(function, "__code__", None)
    if code is None:
        return "NotDifferentiable"
    return f"{code.co_name} {code.co_filename}:{code.co_firstlineno}"


@export("RegisterGradient")
class RegisterGradient:
    """Decorator: the function is the gradient of an op type, or of a name for overrides.

        @tf.RegisterGradient("Sub")
        def sub_gradient(op, gradient):
            return gradient, -gradient

    The function is called with the operation and the gradient of each output, a tensor or
    `IndexedSlices`. It returns one for each input, None where there is none.

    Raises TypeError where `op_type` is no string, KeyError where it has a gradient already.
    """

    def __init__(self, op_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, f: _F) -> _F:
        _register(self._op_type, f)
        return f


@export("NotDifferentiable", "NoGradient", "no_gradient")
def NotDifferentiable(op_type: str) -> None:
    """Declares that an op type passes no gradient to its inputs.

    Raises TypeError where `op_type` is no string, KeyError where it has a gradient already.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _register(op_type, None)
