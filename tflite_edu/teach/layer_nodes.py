"""The two nodes of a `Layer`: one runs its `forward`, one its `backward`.

Both are `PyFunc`s in the graph. The forward node has one more output, a resource: what this run of
it kept. Only the backward node takes that, so it lives as long as the run and meets no other run.
"""

from __future__ import annotations

import copy
import inspect
import itertools
import os
import traceback
from collections.abc import Sequence
from typing import Any, NamedTuple

from tflite_edu.core import dtypes, errors
from tflite_edu.core.dtypes import DType, as_dtype
from tflite_edu.core.inference import format_shape
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.python_functions import PyFunc, error_class
from tflite_edu.teach.text_table import counted

_numbers = itertools.count()
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Kept(NamedTuple):
    """What one run of a forward node leaves for the backward node."""

    layer: Any
    inputs: tuple[tuple[int, ...], ...]


def fresh(layer: Any) -> Any:
    """A layer for one run: what it puts on `self` stays apart from other runs."""
    return copy.copy(layer)


def place_of(error: BaseException) -> str:
    """ " (file:line)" of the innermost line outside this package that raised, if there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if not f.filename.startswith((_PACKAGE, "<"))]
    # Errors from inside numpy are told at the line of the layer that called it.
    in_script = [f for f in own if f"{os.sep}numpy{os.sep}" not in f.filename]
    chosen = in_script or own
    return f" ({chosen[-1].filename}:{chosen[-1].lineno})" if chosen else ""


def _refuse(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)


def _called(np: Any, layer: Any, label: str, method: str, arrays: Sequence[Any]) -> list[Any]:
    """What a method returns, as a list; its own errors become errors of the node."""
    given = [a.copy() if isinstance(a, np.ndarray) and a.ndim else _scalar(a) for a in arrays]
    try:
        returned = getattr(layer, method)(*given)
    except Exception as error:
        raise error_class(error)(
            None,
            None,
            f"{label}.{method} raised {type(error).__name__}: {error}{place_of(error)}",
        ) from error
    return list(returned) if isinstance(returned, (list, tuple)) else [returned]


def _scalar(value: Any) -> Any:
    return None if value is None else value[()] if hasattr(value, "dtype") else value


def _checked(np: Any, value: Any, dtype: DType, what: str) -> Any:
    """A returned value as an array of the dtype that the graph has for it."""
    if type(value) in (bool, int, float, complex):
        # A number of Python's has no dtype of its own.
        value = np.asarray(value, dtype.as_numpy_dtype)
    try:
        array = np.asarray(value, order="C")
        found = dtypes.string if array.dtype.kind in "SUO" else as_dtype(array.dtype)
    except (TypeError, ValueError) as error:
        raise _refuse(f"{what} is no array: {error}") from error
    if found is not dtype:
        numeric = dtypes.string not in (found, dtype)
        hint = f" Make it so: .astype(np.{dtype.name})." if numeric else ""
        raise _refuse(f"{what} is {found.name}, and it must be {dtype.name}.{hint}")
    return array


class ForwardNode(PyFunc, abstract=True):
    """A run of a layer's `forward`."""

    __slots__ = ("label", "layer", "shapes")

    layer: Any
    label: str
    shapes: list[Shape]

    @classmethod
    def made(
        cls,
        layer: Any,
        tensors: Sequence[Tensor],
        output_types: Sequence[DType],
        shapes: list[Shape],
        label: str,
    ) -> ForwardNode:
        """The definition of one node; no other node shares it."""
        inputs = tuple(t.dtype.base_dtype for t in tensors)
        definition = cls((f"{label}_{next(_numbers)}", inputs, (*output_types, dtypes.resource)))
        definition.layer, definition.label, definition.shapes = layer, label, shapes
        return definition

    def infer(self, input: list[Shape]) -> list[Any]:
        return [*self.shapes, None]

    def forward(self, host: Any, input: list[Any]) -> list[Any]:
        np = host.np
        layer, label = fresh(self.layer), self.label
        returned = _called(np, layer, label, "forward", input)
        wanted = self.Tout[:-1]
        if len(returned) != len(wanted):
            raise _refuse(
                f"{label}.forward returned {counted(len(returned), 'output')}, and the node has "
                f"{len(wanted)}."
            )
        arrays = []
        for i, (value, dtype, shape) in enumerate(zip(returned, wanted, self.shapes, strict=True)):
            what = f"Output {i} of {label}.forward"
            if value is None:
                raise _refuse(f"{what} is None.")
            array = _checked(np, value, dtype, what)
            if not _fits(array.shape, shape):
                raise _refuse(
                    f"{what} has shape {format_shape(array.shape)}, and the graph has "
                    f"{format_shape(shape)} for it."
                )
            arrays.append(array)
        return [*arrays, Kept(layer, tuple(np.shape(a) for a in input))]


class BackwardNode(PyFunc, abstract=True):
    """A run of a layer's `backward`, with what the run of its forward node kept."""

    __slots__ = ("given", "label", "names", "operation", "wanted")

    label: str
    operation: Operation
    names: list[str]
    wanted: list[int]
    given: list[int]

    @classmethod
    def made(cls, op: Operation, wanted: list[int], given: list[int]) -> BackwardNode:
        """The definition of the node for the forward node `op`.

        `wanted` are the inputs whose gradient is computed, `given` the outputs that have one.
        """
        forward: Any = op.definition
        made = cls(
            (
                f"{forward.label}Grad_{next(_numbers)}",
                (dtypes.resource, *(op._outputs[i].dtype for i in given)),
                tuple(op._inputs[i].dtype.base_dtype for i in wanted),
            )
        )
        made.label, made.operation = forward.label, op
        made.names = _parameter_names(forward.layer.forward, len(op._inputs))
        made.wanted, made.given = wanted, given
        return made

    def infer(self, input: list[Shape]) -> list[Any]:
        return [self.operation._inputs[i]._shape for i in self.wanted]

    def forward(self, host: Any, input: list[Any]) -> list[Any]:
        np = host.np
        kept: Kept = input[0]
        count = len(self.operation._outputs) - 1
        dys: list[Any] = [None] * count
        for i, dy in zip(self.given, input[1:], strict=True):
            dys[i] = dy
        returned = _called(np, fresh(kept.layer), self.label, "backward", dys)
        if len(returned) != len(kept.inputs):
            raise _refuse(
                f"{self.label}.backward returned {counted(len(returned), 'gradient')}, and the "
                f"layer has {counted(len(kept.inputs), 'input')}. Return a list with one gradient "
                f"for each input.{self._beside()}"
            )
        return [
            self._gradient(np, returned[i], kept.inputs[i], i, dtype)
            for i, dtype in zip(self.wanted, self.Tout, strict=True)
        ]

    def _gradient(
        self, np: Any, value: Any, shape: tuple[int, ...], index: int, dtype: DType
    ) -> Any:
        if value is None:
            return np.zeros(shape, dtype.as_numpy_dtype)
        name = self.names[index]
        what = f"The gradient of input {index} ({name}) that {self.label}.backward returned"
        array = _checked(np, value, dtype, what)
        if array.shape == shape:
            return array
        hint = ""
        if _repeats(shape, array.shape):
            hint = f" {name} was repeated to that shape: sum over the repeated axes."
        raise _refuse(
            f"{what} has shape {format_shape(array.shape)}, and {name} has {format_shape(shape)}."
            f"{hint}{self._beside()}"
        )

    def _beside(self) -> str:
        """Where the forward node is."""
        where = self.operation.where
        if not where:
            return f" The layer is node {self.operation.name}."
        file, line = where[0]
        return f" The layer is node {self.operation.name}, defined at {file}:{line}."


# In the graph both are nodes of TensorFlow's op type.
ForwardNode.op_type = BackwardNode.op_type = "PyFunc"


def _parameter_names(function: Any, count: int) -> list[str]:
    parameters = list(inspect.signature(function).parameters.values())
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "input")
    names += [f"{rest}[{i}]" for i in range(count - len(names))]
    return names[:count]


def _fits(shape: tuple[int, ...], known: Shape) -> bool:
    if known is None:
        return True
    return len(known) == len(shape) and all(
        k is None or k == s for k, s in zip(known, shape, strict=True)
    )


def _repeats(shape: tuple[int, ...], longer: tuple[int, ...]) -> bool:
    """Whether `shape` broadcasts to `longer`."""
    if len(shape) > len(longer):
        return False
    return all(a in (1, b) for a, b in zip(shape[::-1], longer[::-1]))
