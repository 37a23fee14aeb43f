"""`tf.teach.jacobian`, and the chain of Jacobians whose product it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy

from tflite_edu.autodiff.gradients import gradients
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import placeholder
from tflite_edu.runtime.session import BaseSession
from tflite_edu.teach.dependence import (
    check_real,
    dependence,
    name_of,
    no_path,
    place_of_value,
)
from tflite_edu.teach.session_state import looking_at, session_of
from tflite_edu.teach.text_table import array_text, named

_MOST_NUMBERS = 50_000_000


@export("teach.jacobian")
def jacobian(
    y: Any, x: Any, feed_dict: Any = None, session: BaseSession | None = None
) -> numpy.ndarray:
    """The derivative of every element of y by every element of x: an array [*y.shape, *x.shape].

    One backward pass for each element of y, all from the same variables and random numbers, which
    are afterwards as they were, as is the graph. `x` is a variable or a tensor.

    Raises ValueError where y does not depend on x or the Jacobian would be too large, TypeError
    where one holds no floats, and what `session.run` raises, as where a feed is missing.
    """
    y, place = convert_to_tensor(y), place_of_value(x)
    session = session_of(y.graph, session)
    for tensor in (y, place):
        check_real(tensor)
    with looking_at(session) as state:
        seed = placeholder(y.dtype.base_dtype, y._shape)
        (gradient,) = gradients(y, x, seed)
        if gradient is None:
            raise no_path(y, place)
        gradient = convert_to_tensor(gradient)
        feeds = dict(feed_dict or {})
        at_y, at_x = (numpy.asarray(v) for v in session.run([y, convert_to_tensor(x)], feeds))
        if at_y.size * at_x.size > _MOST_NUMBERS:
            raise ValueError(
                f"The Jacobian of {name_of(y)} by {name_of(place)} has {at_y.size:,} · "
                f"{at_x.size:,} numbers, which is too many. Feed a smaller batch."
            )
        rows = numpy.zeros((at_y.size, at_x.size), at_y.dtype)
        unit = numpy.zeros(at_y.size, at_y.dtype)
        for row in range(at_y.size):
            state.restore()
            unit[row] = 1
            found = session.run(gradient, {**feeds, seed: unit.reshape(at_y.shape)})
            rows[row] = numpy.reshape(found, -1)
            unit[row] = 0
    return rows.reshape(at_y.shape + at_x.shape)


class Step(NamedTuple):
    """One step of a chain: `jacobian` is the matrix [size of target, size of source]."""

    source: Tensor
    target: Tensor
    jacobian: numpy.ndarray


class JacobianChain:
    """The steps from x to y and the product of their Jacobians; `print` shows them.

    `steps` go from x to y, `product` is the matrix [size of y, size of x] of all steps,
    `values` holds the array of each tensor between.
    """

    def __init__(self, steps: list[Step], values: dict[Tensor, numpy.ndarray], x: Tensor) -> None:
        self.steps = steps
        self.values = values
        self.x = x
        self.product = numpy.eye(values[x].size)
        for step in steps:
            self.product = step.jacobian @ self.product

    def __str__(self) -> str:
        y = self.steps[-1].target if self.steps else self.x
        whole = f"∂{name_of(y)}/∂{name_of(self.x)}"
        lines = [f"{whole} as a chain of Jacobians", ""]
        lines += named(name_of(self.x), self.values[self.x])
        names = []
        for step in self.steps:
            names.append(f"∂{name_of(step.target)}/∂{name_of(step.source)}")
            lines += ["", *named(name_of(step.target), self.values[step.target])]
            lines += _matrix(names[-1], step.jacobian)
        if len(names) > 1:
            lines += ["", f"{whole} = {' · '.join(reversed(names))}"]
            lines += _matrix(whole, self.product)
        return "\n".join(lines)

    __repr__ = __str__


def _matrix(name: str, matrix: numpy.ndarray) -> list[str]:
    rows, columns = matrix.shape
    head = f"  {name}  [{rows}, {columns}]"
    if rows == columns > 1 and (matrix == numpy.eye(rows)).all():
        return [f"{head}: the identity"]
    return [head, *(f"    {line}" for line in array_text(matrix, 144).split("\n"))]


@export("teach.jacobian_chain")
def jacobian_chain(
    y: Any, x: Any, feed_dict: Any = None, session: BaseSession | None = None
) -> JacobianChain:
    """The Jacobian of each step on the way from x to y, and their product, the Jacobian of y by x.

    A step leads from one tensor that all paths go through to the next, so that where paths part and
    meet again all of that is one step. Arrays count as vectors, their elements row by row.

    Raises as `jacobian`, also where the way leads through a conditional.
    """
    found = dependence(y, x, feed_dict, session)
    before, after = found.path_counts()
    count = before[found.y]
    narrow = [t for t in found.tensors if before[t] * after[t] == count]
    steps = [
        Step(source, target, found.forward(source)[target])
        for source, target in zip(narrow, narrow[1:])
    ]
    return JacobianChain(steps, found.values, found.x)
