"""Op types of TensorFlow that have no class here: nodes of them can be read, held and written."""

from __future__ import annotations

from typing import Any, NoReturn

from tflite_edu.core import errors
from tflite_edu.core.dtypes import DType, kernel_name
from tflite_edu.core.op import Op, Signature
from tflite_edu.core.operation import Operation


class Opaque(Op, abstract=True):
    """Base of the classes that stand for op types of which only the signature is known.

    Shapes of the outputs are unknown, there is no gradient, and a run that needs the node fails.
    """

    effect = "missing"


def refuse(op: Operation) -> NoReturn:
    """Raises the InvalidArgumentError of an opaque node that is to run."""
    listed = ", ".join(f"{k}={_shown(v)}" for k, v in op.definition.attributes().items())
    place = " (defined at {}:{})".format(*op.where[0]) if op.where else ""
    raise errors.InvalidArgumentError(
        None,
        op,
        f"No OpKernel was registered to support Op '{op.type}' used by node {op.name}{place} with "
        f"these attrs: [{listed}]\nRegistered devices: [CPU]\nRegistered kernels:\n"
        f"  <no registered kernels>\n\n\t [[{op.name}]]",
    )


def opaque_class(op_type: str, signature: Signature, flags: dict[str, bool]) -> type[Opaque]:
    """A class for an op type; `flags` are class facts (stateful, commutative ...).

    It is not in the registry, so that one that can run may still take its place.
    """

    class Made(Opaque, abstract=True):
        pass

    made: Any = Made
    made.__name__ = made.__qualname__ = made.op_type = op_type
    made.signature = signature
    for name, value in flags.items():
        setattr(made, name, value)
    return made  # type: ignore[no-any-return]


def _shown(value: Any) -> str:
    if isinstance(value, DType):
        return "DT_" + kernel_name(value).upper()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(v) for v in value)}]"
    return str(value)
