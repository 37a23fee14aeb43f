"""`tf.teach.Layer`: an operation of one's own, written by hand in numpy."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy

from tflite_edu.autodiff.registry import register_in_graph
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType, as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.inference import merge
from tflite_edu.core.node import node
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, as_shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.teach.layer_nodes import BackwardNode, ForwardNode, fresh, place_of
from tflite_edu.teach.session_state import kept_generator
from tflite_edu.teach.text_table import counted


@export("teach.Layer")
class Layer:
    """An operation of one's own: `forward` and `backward` on numpy arrays.

        class Multiply(tf.teach.Layer):
            def forward(self, x, y):
                self.x, self.y = x, y
                return x * y

            def backward(self, dz):
                return [dz * self.y, dz * self.x]

        z = Multiply()(x, y)

    `z` is a tensor of the graph like any other, and gradients flow back through it. Each run of the
    node works on a shallow copy of the layer, so what `forward` keeps on `self` is there for the
    `backward` of the same run and for no other, and is gone when the run ends. The arrays that
    both are given are their own: they may be kept and changed.

    `forward(self, *arrays)` returns one array, or a list or tuple of several.
    `backward(self, *dys)` is given the gradient of each output (None for one that is no float) and
    returns that of each input, in its shape and dtype; None stands for zeros, and what it returns
    for an input that is no float is not looked at. Scalars are numpy scalars; a Python number takes
    the dtype that is wanted.

    Dtypes and shapes of the outputs are what `output_dtypes` and `output_shapes` say, one each or a
    list, as attributes of the class, of the instance or arguments here. What they leave out is
    found by trial runs of `forward` on arrays of ones in the inputs' static shapes, in which an
    unknown size is 2, then 3.

    A layer without `backward` can be run, not differentiated. There are no second derivatives: to
    `tf.gradients` a `backward` is numpy code, not nodes. Like `tf.py_func` a layer is not saved
    with the graph.
    """

    output_dtypes: Any = None
    output_shapes: Any = None

    def __init__(self, output_dtypes: Any = None, output_shapes: Any = None) -> None:
        if output_dtypes is not None:
            self.output_dtypes = output_dtypes
        if output_shapes is not None:
            self.output_shapes = output_shapes

    forward: Callable[..., Any]
    backward: Callable[..., Any]

    def __call__(self, *inputs: Any, name: str | None = None) -> Any:
        """Adds a node that runs the layer; returns its output, or a list of several.

        Numbers among the inputs take the dtype of the first tensor. Raises TypeError where
        `forward` is missing or takes another number of inputs, ValueError where a trial run fails
        or contradicts what is declared.
        """
        label = type(self).__name__
        check_arguments(self, "forward", inputs, "input")
        with name_scope(name, label, inputs) as scope:
            graph = get_default_graph()
            tensors = _converted(inputs)
            dtypes, shapes, several = _outputs_of(self, label, tensors)
            definition = ForwardNode.made(self, tensors, dtypes, shapes, label)
            gradient = f"{label}_{graph._version}"
            with graph.gradient_override_map({"PyFunc": gradient}):
                op = node(graph, definition, tensors, scope)
            register_in_graph(op, _gradient)
        made = list(op._outputs[:-1])
        return made if several else made[0]


def check_arguments(layer: Layer, method: str, given: Sequence[Any], what: str) -> None:
    """Raises TypeError unless the layer has the method and it takes so many arrays."""
    function = getattr(layer, method, None)
    label = type(layer).__name__
    if function is None:
        raise TypeError(
            f"{label} has no method {method}: write def {method}(self, ...) in its class."
        )
    try:
        inspect.signature(function).bind(*given)
    except TypeError as error:
        raise TypeError(
            f"{label}.{method}{inspect.signature(function)} does not take "
            f"{counted(len(given), what)}: {error}."
        ) from None


def _converted(inputs: Sequence[Any]) -> list[Tensor]:
    kinds = [v.dtype.base_dtype for v in inputs if hasattr(v, "op") and hasattr(v, "dtype")]
    preferred = kinds[0] if kinds else None
    return [
        convert_to_tensor(v, name=f"input_{i}", preferred_dtype=preferred)
        for i, v in enumerate(inputs)
    ]


def _outputs_of(
    layer: Layer, label: str, tensors: Sequence[Tensor]
) -> tuple[list[DType], list[Shape], bool]:
    """(dtypes, shapes, whether there are several) of a layer's outputs."""
    declared, several = _listed(layer.output_dtypes)
    dtypes = None if declared is None else [as_dtype(d) for d in declared]
    shapes = _declared_shapes(layer.output_shapes, several)
    if dtypes is not None and shapes is not None:
        if len(dtypes) != len(shapes):
            raise ValueError(
                f"{label} declares {len(dtypes)} output_dtypes and {len(shapes)} output_shapes."
            )
        return dtypes, shapes, several
    trials = _trials(layer, label, tensors, dtypes is None)
    if trials is None:
        assert dtypes is not None
        return dtypes, [None] * len(dtypes), several
    found = [[as_dtype(a.dtype) for a in arrays] for arrays, _ in trials]
    several = trials[0][1] if dtypes is None else several
    dtypes = found[0] if dtypes is None else dtypes
    if any(kinds != dtypes for kinds in found):
        raise ValueError(
            f"{label}.forward returned {_names(found[-1])} in a trial run, and not "
            f"{_names(dtypes)}."
        )
    seen = [_common([arrays[i].shape for arrays, _ in trials]) for i in range(len(dtypes))]
    if shapes is not None:
        if len(shapes) != len(seen):
            raise ValueError(
                f"{label}.forward returned {len(seen)} outputs in a trial run, and output_shapes "
                f"declares {len(shapes)}."
            )
        seen = [merge(a, b) for a, b in zip(shapes, seen, strict=True)]
    return dtypes, seen, several


def _names(dtypes: Sequence[DType]) -> str:
    return ", ".join(d.name for d in dtypes) or "nothing"


def _listed(value: Any) -> tuple[list[Any] | None, bool]:
    if value is None:
        return None, False
    return (list(value), True) if isinstance(value, (list, tuple)) else ([value], False)


def _declared_shapes(value: Any, several: bool) -> list[Shape] | None:
    if value is None:
        return None
    holds_shapes = isinstance(value, (list, tuple)) and any(
        s is not None and not isinstance(s, int) for s in value
    )
    return [as_shape(s) for s in value] if several or holds_shapes else [as_shape(value)]


def _trials(
    layer: Layer, label: str, tensors: Sequence[Tensor], needed: bool
) -> list[tuple[list[Any], bool]] | None:
    """What `forward` returns for ones in the inputs' shapes; None where that cannot be tried."""
    known = [t._shape for t in tensors]
    if any(shape is None for shape in known):
        if not needed:
            return None
        unknown = next(t for t, shape in zip(tensors, known) if shape is None)
        raise ValueError(
            f"The dtype of {label}'s output cannot be found by a trial run, because the rank of "
            f"{unknown.name} is unknown. Declare output_dtypes and output_shapes."
        )
    is_open = any(None in (shape or ()) for shape in known)
    trials = []
    for size in (2, 3) if is_open else (2,):
        sizes = [tuple(size if d is None else d for d in shape or ()) for shape in known]
        try:
            trials.append(_trial(layer, tensors, sizes))
        except Exception as error:
            if is_open and not needed:
                return None
            raise ValueError(
                f"{label}.forward failed in a trial run on ones of shape "
                f"{', '.join(map(str, sizes))}: {type(error).__name__}: {error}"
                f"{place_of(error)}. Declare output_dtypes and output_shapes, and there is no "
                "trial run."
            ) from error
    return trials


def _trial(
    layer: Layer, tensors: Sequence[Tensor], sizes: Sequence[tuple[int, ...]]
) -> tuple[list[Any], bool]:
    arrays = []
    for tensor, size in zip(tensors, sizes, strict=True):
        kind = tensor.dtype.base_dtype.as_numpy_dtype
        array = numpy.full(size, b"" if kind is object else 1, kind)
        arrays.append(array if size else array[()])
    with numpy.errstate(all="ignore"), kept_generator():
        returned = fresh(layer).forward(*arrays)
    several = isinstance(returned, (list, tuple))
    found = [numpy.asarray(v) for v in (returned if several else [returned])]
    if any(v is None for v in (returned if several else [returned])):
        raise TypeError("it returned None; return the output")
    return found, several


def _common(shapes: Sequence[tuple[int, ...]]) -> Shape:
    """The sizes that are the same in all trial runs."""
    if len({len(shape) for shape in shapes}) > 1:
        return None
    return tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes))


def _gradient(op: Operation, *dys: Any) -> list[Any]:
    """Adds the node that runs a layer's `backward`."""
    forward: Any = op.definition
    layer, label = forward.layer, forward.label
    if getattr(layer, "backward", None) is None:
        raise LookupError(
            f"No gradient defined for operation '{op.name}' (op type: {op.type}): {label} has no "
            "method backward."
        )
    of_outputs = dys[:-1]
    check_arguments(layer, "backward", of_outputs, "gradient")
    wanted = [i for i, t in enumerate(op._inputs) if _is_differentiable(t)]
    given = [
        i
        for i, dy in enumerate(of_outputs)
        if dy is not None and _is_differentiable(op._outputs[i])
    ]
    graph = op.graph
    with name_scope(None, f"{label}Grad") as scope:
        tensors = [op._outputs[-1], *(convert_to_tensor(of_outputs[i]) for i in given)]
        definition = BackwardNode.made(op, wanted, given)
        with graph.gradient_override_map({"PyFunc": f"{label}Grad_{graph._version}"}):
            made = node(graph, definition, tensors, scope)
    register_in_graph(made, _no_second_derivative)
    gradients: list[Any] = [None] * len(op._inputs)
    for i, tensor in zip(wanted, made._outputs, strict=True):
        gradients[i] = tensor
    return gradients


def _is_differentiable(tensor: Tensor) -> bool:
    dtype = tensor.dtype.base_dtype
    return bool(dtype.is_floating or dtype.is_complex)


def _no_second_derivative(op: Operation, *_: Any) -> list[Any]:
    definition: Any = op.definition
    raise LookupError(
        f"No gradient defined for operation '{op.name}' (op type: {op.type}): {definition.label} "
        "has no second derivative, because its backward is numpy code and not nodes of the graph."
    )
