"""`tf.teach.gradcheck` and `tf.teach.check`: gradients held against finite differences."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy

from tflite_edu.autodiff.gradients import gradients
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import as_dtype, float64
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import placeholder
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.runtime.session import BaseSession, Session
from tflite_edu.teach.dependence import REAL
from tflite_edu.teach.finite_differences import Comparison, Precision
from tflite_edu.teach.layer import Layer, check_arguments
from tflite_edu.teach.session_state import (
    SessionState,
    kept_generator,
    looking_at,
    session_of,
    slot_of,
)
from tflite_edu.teach.text_table import counted
from tflite_edu.variables.partitioned import PartitionedVariable


class GradientCheck:
    """Analytic gradients beside numeric ones; `print` shows them.

    `comparisons` has one entry for each variable or input, `passed` says whether all are right,
    `forward_passes` how many runs of the function the differences took.
    """

    def __init__(self, comparisons: Sequence[Comparison], at_the_point: int) -> None:
        self.comparisons = list(comparisons)
        self._at_the_point = at_the_point
        self.forward_passes = at_the_point + sum(c.passes for c in comparisons)

    @property
    def passed(self) -> bool:
        """Whether every element agrees, but for those at a corner of the function."""
        return all(c.passed for c in self.comparisons)

    @property
    def worst(self) -> Comparison | None:
        """The comparison in which a gradient agrees least."""
        return max(
            (c for c in self.comparisons if c.indices),
            key=lambda c: (not c.passed, float(numpy.nan_to_num(c.difference).max())),
            default=None,
        )

    def __str__(self) -> str:
        lines = ["Gradients: analytic (backward pass) beside numeric (central differences)"]
        for comparison in self.comparisons:
            lines += ["", *comparison.lines()]
        count = sum(len(c.indices) for c in self.comparisons)
        closer = self.forward_passes - 2 * count - self._at_the_point
        wrong = [c.name for c in self.comparisons if not c.passed]
        lines += [
            "",
            f"backward pass: 1 forward and 1 backward pass give all {counted(count, 'derivative')}",
            f"differences:   {self.forward_passes:,} forward passes, 2 for each derivative and "
            f"{self._at_the_point} at the point itself",
            *(
                [f"               and {closer:,} with smaller steps at doubtful elements"]
                if closer
                else ()
            ),
            "verdict:       "
            + (f"WRONG: {', '.join(wrong)}" if wrong else "the gradients are right"),
        ]
        return "\n".join(lines)

    __repr__ = __str__


@export("teach.gradcheck")
def gradcheck(
    loss: Any,
    variables: Any,
    feed_dict: Any = None,
    session: BaseSession | None = None,
    elements: int | None = None,
) -> GradientCheck:
    """Holds the gradients of a loss against central differences: (L(w + h) - L(w - h)) / 2h.

    Differences are taken in the dtypes of the graph; float64 shows errors down to 1e-5 of a
    gradient, float32 to 1e-2. h is the cube root of the dtype's epsilon; what does not agree is
    looked at again with smaller steps, which do not reach over a corner such as that of a ReLU. All
    runs begin with the same variables and the same random numbers (the same mask of a dropout).
    Afterwards variables, random streams and the graph are as they were, also after an error; no
    other thread should train in the session meanwhile.

    Args:
      loss: a tensor of one number.
      variables: what to differentiate by, one or a list: variables, or tensors that can be fed.
      feed_dict: as of `session.run`.
      session: where to run; the default session if None.
      elements: how many elements of each variable to check, chosen at random but always the same;
        all if None.

    Raises ValueError where the loss is not one number, does not depend on a variable, or differs
    between two runs from the same state; TypeError where the loss or a variable holds no floats;
    and what `session.run` raises, as where a feed is missing.
    """
    given: list[Any] = []
    for variable in variables if isinstance(variables, (list, tuple)) else [variables]:
        given += variable if isinstance(variable, PartitionedVariable) else [variable]
    loss = convert_to_tensor(loss)
    session = session_of(loss.graph, session)
    names = [_name(v) for v in given]
    return _gradcheck(loss, given, names, feed_dict, session, elements, loss.dtype)


@export("teach.check")
def check(layer: Layer, *inputs: Any, elements: int | None = None) -> GradientCheck:
    """Holds the `backward` of a layer against finite differences of its `forward`, in float64.

        print(tf.teach.check(Multiply(), [1.0, 2.0], [3.0, 4.0]))

    The function differentiated is a weighted sum of all outputs, with weights from 0.5 to 1.5.
    `inputs` are arrays or numbers; those that are floats become float64. `elements` limits how many
    of each are checked. Raises TypeError where `layer` is no `Layer` or no input is a float, what
    `forward` raises, and InvalidArgumentError where `backward` returns the wrong number, shapes or
    dtypes of gradients.
    """
    if not isinstance(layer, Layer):
        raise TypeError(f"check is given a tf.teach.Layer and its inputs, not {layer!r}.")
    check_arguments(layer, "forward", inputs, "input")
    arrays = [_float64(value) for value in inputs]
    wanted = [i for i, array in enumerate(arrays) if array.dtype.kind == "f"]
    if not wanted:
        raise TypeError(f"{type(layer).__name__} was given no input that is a float.")
    checked = copy.copy(layer)
    with kept_generator():
        returned = copy.copy(layer).forward(*[a.copy() if a.ndim else a[()] for a in arrays])
    several = isinstance(returned, (list, tuple))
    outputs = [numpy.asarray(v) for v in (returned if several else [returned])]
    checked.output_dtypes = [as_dtype(v.dtype) for v in outputs]
    checked.output_shapes = [v.shape for v in outputs]
    graph = Graph()
    with graph.as_default(), Session(graph=graph) as session:
        tensors = [placeholder(as_dtype(a.dtype), a.shape) for a in arrays]
        made = checked(*tensors)
        weights = numpy.random.default_rng(0)
        terms = [
            reduce_sum(cast(y, float64) * constant(weights.uniform(0.5, 1.5, array.shape)))
            for y, array in zip(made, outputs, strict=True)
            if y.dtype.is_floating
        ]
        if not terms:
            raise TypeError(f"{type(layer).__name__} has no output that is a float.")
        loss = sum(terms[1:], terms[0])
        parameters = list(inspect.signature(layer.forward).parameters)
        lowest = max((y.dtype for y in made if y.dtype.is_floating), key=_epsilon)
        return _gradcheck(
            loss,
            [tensors[i] for i in wanted],
            [parameters[i] if i < len(parameters) else f"input {i}" for i in wanted],
            dict(zip(tensors, arrays)),
            session,
            elements,
            lowest,
        )


def _float64(value: Any) -> numpy.ndarray:
    array = numpy.array(value)
    return array.astype(numpy.float64) if array.dtype.kind == "f" else array


def _epsilon(dtype: Any) -> float:
    return float(numpy.finfo(dtype.as_numpy_dtype).eps)


def _name(variable: Any) -> str:
    name = getattr(variable, "name", None)
    return name.removesuffix(":0") if isinstance(name, str) else repr(variable)


def _gradcheck(
    loss: Tensor,
    variables: Sequence[Any],
    names: Sequence[str],
    feed_dict: Any,
    session: BaseSession,
    elements: int | None,
    coarsest: Any,
) -> GradientCheck:
    if loss.dtype not in REAL:
        raise TypeError(
            f"The loss {loss.name} is {loss.dtype.name}; a gradient needs a float of 16 to 64 bits."
        )
    for variable, name in zip(variables, names, strict=True):
        if not hasattr(variable, "dtype") or variable.dtype.base_dtype not in REAL:
            raise TypeError(f"{name} holds no floats of 16 to 64 bits to differentiate by.")
    with looking_at(session) as state:
        found = gradients(loss, list(variables))
        for gradient, name in zip(found, names, strict=True):
            if gradient is None:
                raise ValueError(
                    f"{loss.name} does not depend on {name}: no path leads from the loss to it "
                    "through which a gradient flows."
                )
        dense = [convert_to_tensor(g) for g in found]
        feeds = dict(feed_dict or {})
        # From here on the random streams of the graph are there, and begin alike in every run.
        first = session.run(loss, feeds)
        if numpy.size(first) != 1:
            raise ValueError(
                f"The loss {loss.name} has shape {list(numpy.shape(first))}, and gradcheck needs "
                "one number: take tf.reduce_sum or tf.reduce_mean of it."
            )
        state.restore()
        at = session.run([loss, *(convert_to_tensor(v) for v in variables), *dense], feeds)
        values, analytic = at[1 : 1 + len(dense)], at[1 + len(dense) :]
        here = _check_repeats(loss, _scalar(at[0]), feeds, session, state)
        comparisons = []
        for variable, name, array, gradient in zip(variables, names, values, analytic, strict=True):
            array = numpy.asarray(array)
            precision = Precision.of(
                max((variable.dtype.base_dtype, coarsest), key=_epsilon).as_numpy_dtype
            )
            indices = _chosen(array.shape, elements)
            function = _function(loss, variable, feeds, session, state)
            comparison = Comparison(
                name, array, numpy.asarray(gradient), indices, function, here, precision
            )
            comparisons.append(comparison)
    # One run to begin with, one that shows that runs repeat.
    return GradientCheck(comparisons, 2)


def _function(
    loss: Tensor, variable: Any, feeds: dict[Any, Any], session: BaseSession, state: SessionState
) -> Callable[[numpy.ndarray], float]:
    """The loss as a function of one variable's array."""

    def function(array: numpy.ndarray) -> float:
        state.restore()
        if isinstance(variable, Tensor):
            return _scalar(session.run(loss, {**feeds, variable: array}))
        slot = slot_of(session, variable.op)
        with slot.lock:
            slot.write(array)
        return _scalar(session.run(loss, feeds))

    return function


def _check_repeats(
    loss: Tensor, value: float, feeds: dict[Any, Any], session: BaseSession, state: SessionState
) -> float:
    """The loss in a second run; raises ValueError unless it is that of the first."""
    state.restore()
    again = _scalar(session.run(loss, feeds))
    if abs(again - value) > 64 * _epsilon(loss.dtype) * max(abs(value), abs(again)):
        raise ValueError(
            f"{loss.name} is {value!r} in one run and {again!r} in the next, though variables and "
            "random numbers were the same: something else changes it, such as a Layer with a "
            "generator of its own or data from a queue. Differences would say nothing. Seed it in "
            "forward, or feed the data."
        )
    return again


def _scalar(value: Any) -> float:
    return float(numpy.reshape(value, ()))


def _chosen(shape: tuple[int, ...], elements: int | None) -> list[tuple[int, ...]]:
    """The elements to check, in their order."""
    size = int(numpy.prod(shape))
    numbers = numpy.arange(size)
    if elements is not None and elements < size:
        numbers = numpy.sort(numpy.random.default_rng(0).choice(size, elements, replace=False))
    return [tuple(int(i) for i in numpy.unravel_index(n, shape)) for n in numbers]
