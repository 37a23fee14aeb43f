"""Ops whose kernel checks more than a compiled program needs to: their bare expression.

A template gives the source text for a step whose operands' shapes are known to fit, and None where
they are not, so that the kernel itself runs and complains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tflite_edu.core.dtypes import float32, float64
from tflite_edu.core.shapes import Shape, is_fully_defined, num_elements
from tflite_edu.plan.program import Step, Value

Constants = Mapping[Value, Any]
Template = Callable[[Step, Sequence[str], Constants], "str | None"]

PRODUCTS = frozenset({"MatMul"})
"""The templates that are one call which takes `out` but is not elementwise."""


# On products of fewer multiplications `np.dot` is a little faster than `np.matmul`.
_SMALL_PRODUCT = 1 << 15

# Sums of so many rows or more, of at most so many elements, are worth a function of their own.
_MANY_ROWS = 512
_MANY_ELEMENTS = 1 << 14
_SHORT_ROW = 32


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
    if a[0 if left else 1] == 1:
        return f"np.multiply({first}, {second})"
    work = (num_elements(a) or 0) * (b[0 if right else 1] or 0)
    small = work < _SMALL_PRODUCT and step.outputs[0].dtype in (float32, float64)
    return f"np.{'dot' if small else 'matmul'}({first}, {second})"


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


def axes_of(step: Step, constants: Constants) -> tuple[int, ...] | None:
    """The axes of a reduction of float32 or float64, where they are sure to be the input's."""
    axes, shape = constants.get(step.inputs[1]), step.inputs[0].shape
    if axes is None or shape is None or not is_fully_defined(shape):
        return None
    if step.inputs[0].dtype.base_dtype not in (float32, float64):
        return None
    listed = tuple(a + len(shape) if a < 0 else a for a in axes.ravel().tolist())
    sound = len(set(listed)) == len(listed) and all(0 <= a < len(shape) for a in listed)
    return listed if sound else None


def _sum(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    axes, shape = axes_of(step, constants), step.inputs[0].shape
    if axes is None or shape is None:
        return None
    which = "None" if len(axes) == len(shape) else repr(axes)
    if _has_many_short_rows(shape, axes):
        rows = arguments[0] if len(shape) == 2 else f"{arguments[0]}.reshape(-1, {shape[-1]})"
        kept = f".reshape({step.outputs[0].shape!r})" if step.definition.keep_dims else ""  # type: ignore[attr-defined]
        return f"sum_of_rows(np, {rows}){kept}"
    keep = ", keepdims=True" if step.definition.keep_dims else ""  # type: ignore[attr-defined]
    return f"np.add.reduce({arguments[0]}, axis={which}{keep})"


def _has_many_short_rows(shape: Shape, axes: tuple[int, ...]) -> bool:
    """Whether a sum is over all axes but a short last one, which numpy adds row by row."""
    if not shape or sorted(axes) != list(range(len(shape) - 1)):
        return False
    last = shape[-1] or 0
    return 1 < last <= _SHORT_ROW and (num_elements(shape) or 0) >= _MANY_ROWS * last


def _mean(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    axes, total = axes_of(step, constants), _sum(step, arguments, constants)
    if axes is None or total is None:
        return None
    shape = step.inputs[0].shape or ()
    count = math.prod(shape[a] or 0 for a in axes)
    return f"{total} / {float(count)}"


def _add_n(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    first = step.inputs[0].shape
    if len(step.inputs) < 2 or not is_fully_defined(first):
        return None
    if any(value.shape != first for value in step.inputs):
        return None
    return " + ".join(arguments[0][1:-1].split(", "))


def _maximum(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    return _bounded(step, arguments, constants, "np.maximum({1}, {0})", "np.clip({0}, {1}, 1e309)")


def _minimum(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    return _bounded(step, arguments, constants, "np.minimum({1}, {0})", "np.clip({0}, -1e309, {1})")


def _bounded(
    step: Step, arguments: Sequence[str], constants: Constants, small: str, large: str
) -> str | None:
    """Elements kept on one side of a constant: what is written for small and for large arrays."""
    x, bound = step.inputs
    value = constants.get(bound)
    if value is None or bound.shape != () or x.dtype.base_dtype not in (float32, float64):
        return None
    if not is_fully_defined(x.shape) or x.shape == () or math.isnan(value):
        return None
    return (large if _is_long(x.shape) else small).format(*arguments)


def _is_long(shape: Shape) -> bool:
    """Whether `np.clip`, which is slower to call, is faster than `np.maximum` with a number."""
    return (num_elements(shape) or 0) >= _MANY_ELEMENTS


def _relu(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    features = step.inputs[0]
    plain = features.dtype.base_dtype not in (float32, float64)
    if plain or not is_fully_defined(features.shape) or not _is_long(features.shape):
        return f"np.maximum({arguments[0]}, 0)"
    return f"np.clip({arguments[0]}, 0, 1e309)"


def _leaky_relu(step: Step, arguments: Sequence[str], constants: Constants) -> str | None:
    features, alpha = arguments[0], step.definition.alpha  # type: ignore[attr-defined]
    # Reading a variable twice might give two values.
    if not features.isidentifier() or not 0 < alpha <= 1:
        return None
    return f"np.maximum({features}, {features} * {alpha!r})"


TEMPLATES: dict[str, Template] = {
    "LeakyRelu": _leaky_relu,
    "MatMul": _matmul,
    "Maximum": _maximum,
    "Minimum": _minimum,
    "Mean": _mean,
    "Relu": _relu,
    "ReluGrad": _relu_gradient,
    "AddN": _add_n,
    "BiasAdd": _bias,
    "Reshape": _reshape,
    "Sum": _sum,
}
