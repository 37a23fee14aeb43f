"""Ops whose kernel checks more than a compiled program needs to: their bare expression.

A template gives the source text for a step whose operands' shapes are known to fit, and None where
they are not, so that the kernel itself runs and complains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tflite_edu.core.shapes import is_fully_defined, num_elements
from tflite_edu.plan.program import Step, Value

Constants = Mapping[Value, Any]
Template = Callable[[Step, Sequence[str], Constants], "str | None"]

PRODUCTS = frozenset({"MatMul"})
"""The templates that are one call which takes `out` but is not elementwise."""


def _matmul(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    a, b = (value.shape for value in step.inputs)
    definition = step.definition
    if a is None or b is None or len(a) != 2 or len(b) != 2 or None in (*a, *b) or 0 in (*a, *b):
        return None
    if not step.outputs[0].dtype.is_floating:
        return None
    left = definition.transpose_a  # type: ignore[attr-defined]
    right = definition.transpose_b  # type: ignore[attr-defined]
    if a[0 if left else 1] != b[1 if right else 0]:
        return None
    first = f"{arguments[0]}.T" if left else arguments[0]
    second = f"{arguments[1]}.T" if right else arguments[1]
    return f"np.matmul({first}, {second})"


def _relu_gradient(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    gradients, features = (value.shape for value in step.inputs)
    if gradients is None or gradients != features or None in gradients:
        return None
    return f"{arguments[0]} * ({arguments[1]} > 0)"


def _bias(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    value, bias = (v.shape for v in step.inputs)
    if value is None or bias is None or None in (*value, *bias):
        return None
    if len(value) < 2 or bias != value[-1:]:
        return None
    if step.definition.data_format != "NHWC":  # type: ignore[attr-defined]
        return None
    return f"{arguments[0]} + {arguments[1]}"


def _reshape(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    shape, given = step.outputs[0].shape, step.inputs[0].shape
    if not is_fully_defined(shape) or not is_fully_defined(given):
        return None
    if num_elements(shape) != num_elements(given):
        return None
    return f"{arguments[0]}.reshape({shape!r})"


def _sum(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    """Only where the axes are known to be axes of the input."""
    axes, shape = constants.get(step.inputs[1]), step.inputs[0].shape
    if axes is None or shape is None or None in shape or not step.inputs[0].dtype.is_floating:
        return None
    if step.inputs[0].dtype.size < 4:
        return None
    listed = tuple(a + len(shape) if a < 0 else a for a in axes.ravel().tolist())
    if len(set(listed)) != len(listed) or not all(0 <= a < len(shape) for a in listed):
        return None
    which = "None" if len(listed) == len(shape) else repr(listed)
    keep = ", keepdims=True" if step.definition.keep_dims else ""  # type: ignore[attr-defined]
    return f"np.sum({arguments[0]}, axis={which}{keep})"


def _add_n(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    first = step.inputs[0].shape
    if len(step.inputs) < 2 or not is_fully_defined(first):
        return None
    if any(value.shape != first for value in step.inputs):
        return None
    return " + ".join(arguments[0][1:-1].split(", "))


TEMPLATES: dict[str, Template] = {
    "MatMul": _matmul,
    "ReluGrad": _relu_gradient,
    "AddN": _add_n,
    "BiasAdd": _bias,
    "Reshape": _reshape,
    "Sum": _sum,
}
