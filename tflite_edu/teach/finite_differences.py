"""Derivatives by central differences, and the comparison of a gradient with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy

from tflite_edu.core.shapes import TensorShape
from tflite_edu.teach.text_table import aligned, number

_SHOWN = 8
# How much smaller the steps of closer looks are.
_CLOSER = (4, 16, 64)


class Precision(NamedTuple):
    """How far differences in one dtype can be trusted."""

    epsilon: float
    step: float
    relative: float

    @classmethod
    def of(cls, dtype: Any) -> Precision:
        """With the step that balances rounding and truncation of a central difference.

        The cube root of the dtype's epsilon: Numerical Recipes, section 5.7.
        """
        epsilon = float(numpy.finfo(dtype).eps)
        relative = 1e-5 if epsilon < 1e-12 else min(20 * epsilon**0.5, 0.2)
        return cls(epsilon, epsilon ** (1 / 3), relative)


class Differences(NamedTuple):
    """Slopes of a function at some elements of its argument: to both sides, and of each side."""

    central: numpy.ndarray
    left: numpy.ndarray
    right: numpy.ndarray
    noise: numpy.ndarray
    passes: int


def differences(
    function: Callable[[numpy.ndarray], float],
    here: float,
    at: numpy.ndarray,
    indices: Sequence[tuple[int, ...]],
    precision: Precision,
) -> Differences:
    """(f(x + h) - f(x - h)) / 2h at each of `indices`, with what rounding may have done to it.

    `here` is f(x).
    """
    rows = []
    for index in indices:
        ends = []
        step = precision.step * max(1.0, abs(float(at[index])))
        for signed in (step, -step):
            moved = at.copy()
            moved[index] += signed
            # What was really added, after rounding.
            ends.append((float(moved[index]) - float(at[index]), function(moved)))
        (up, above), (down, below) = ends
        scale = max(abs(above), abs(below), abs(here))
        rows.append(
            (
                (above - below) / (up - down),
                (below - here) / down,
                (above - here) / up,
                8 * precision.epsilon * scale / (up - down),
            )
        )
    central, left, right, noise = numpy.array(rows, numpy.float64).reshape(len(rows), 4).T
    return Differences(central, left, right, noise, 2 * len(indices))


class _Judgement(NamedTuple):
    """Which elements agree with differences, and which lie beside a corner of the function."""

    agrees: numpy.ndarray
    is_corner: numpy.ndarray

    @classmethod
    def of(cls, analytic: numpy.ndarray, found: Differences, precision: Precision) -> _Judgement:
        """Of derivatives and differences at the same elements."""
        size = numpy.maximum(abs(analytic), abs(found.central))
        allowed = precision.relative * size + found.noise
        # NaN agrees with nothing.
        agrees = abs(analytic - found.central) <= allowed
        low, high = numpy.minimum(found.left, found.right), numpy.maximum(found.left, found.right)
        between = (analytic >= low - allowed) & (analytic <= high + allowed)
        return cls(agrees, ~agrees & between & (high - low > 4 * allowed))


class Comparison:
    """An analytic gradient beside the numeric one, for one variable or input.

    `indices` are the elements that were compared, `analytic` and `numeric` their derivatives,
    `agrees` and `is_corner` what is to be thought of them. Elements that do not agree are looked at
    again with smaller steps, since a larger one may reach over a corner of the function.

    Args:
      function: takes an array in the place of `value` and returns a number, `here` for `value`.
    """

    def __init__(
        self,
        name: str,
        value: numpy.ndarray,
        gradient: numpy.ndarray,
        indices: Sequence[tuple[int, ...]],
        function: Callable[[numpy.ndarray], float],
        here: float,
        precision: Precision,
    ) -> None:
        self.name = name
        self.shape = value.shape
        self.dtype = value.dtype
        self.gradient = gradient
        self.indices = list(indices)
        self.analytic = numpy.array([gradient[i] for i in indices], numpy.float64)
        found = differences(function, here, value, indices, precision)
        self.numeric = found.central
        self.agrees, self.is_corner = _Judgement.of(self.analytic, found, precision)
        self.passes = found.passes
        for smaller in _CLOSER:
            places = numpy.flatnonzero(~self.agrees)
            closer = precision._replace(step=precision.step / smaller)
            found = differences(function, here, value, [self.indices[i] for i in places], closer)
            agrees, corner = _Judgement.of(self.analytic[places], found, closer)
            self.passes += found.passes
            self.agrees[places], self.is_corner[places] = agrees, corner
            self.numeric[places] = found.central
        self.difference = abs(self.analytic - self.numeric)
        size = numpy.maximum(abs(self.analytic), abs(self.numeric))
        self.relative_error = numpy.divide(
            self.difference, size, out=numpy.zeros_like(size), where=size > 0
        )

    @property
    def passed(self) -> bool:
        """Whether no element is wrong; at a corner of the function no slope is the right one."""
        return bool((self.agrees | self.is_corner).all())

    @property
    def worst(self) -> tuple[int, ...] | None:
        """The element that agrees least, None where there are no elements."""
        order = self._order()
        return self.indices[order[0]] if order else None

    def _order(self) -> list[int]:
        """The elements, the worst first: wrong ones, corners, others; each by their difference."""
        rank = numpy.where(self.agrees, 0, numpy.where(self.is_corner, 1, 2))
        size = numpy.nan_to_num(self.difference, nan=numpy.inf)
        return [int(i) for i in numpy.lexsort((-size, -rank))]

    def lines(self) -> list[str]:
        """The comparison as text."""
        shape = TensorShape(self.shape)
        head = f"{self.name}  {self.dtype.name} {shape}"
        if not self.indices:
            return [f"{head}: no elements"]
        order = self._order()
        rows = [["element", "analytic", "numeric", "difference", "relative error", ""]]
        for i in sorted(order[:_SHOWN]):
            mark = "" if self.agrees[i] else "corner" if self.is_corner[i] else "WRONG"
            if i == order[0]:
                mark = f"{mark} <- worst".strip()
            rows.append(
                [
                    str(list(self.indices[i])),
                    number(self.analytic[i], 8),
                    number(self.numeric[i], 8),
                    number(self.difference[i], 2),
                    number(self.relative_error[i], 2),
                    mark,
                ]
            )
        lines = [head, *aligned(rows)]
        if len(order) > _SHOWN:
            lines.append(f"  and {len(order) - _SHOWN} more, which agree at least as well")
        return [*lines, f"  verdict: {self._verdict()}"]

    def _verdict(self) -> str:
        wrong = int((~self.agrees & ~self.is_corner).sum())
        corners = int(self.is_corner.sum())
        if wrong:
            return f"WRONG in {wrong} of {len(self.indices)} elements"
        if corners:
            return (
                f"right, but for {corners} of {len(self.indices)} elements at a corner (as of a "
                "ReLU at 0), where differences say nothing"
            )
        return "right"
