"""`tf.teach.paths`: a derivative as the sum over all paths of the products along them."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy

from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.runtime.session import BaseSession
from tflite_edu.teach.dependence import Dependence, Edge, dependence, name_of
from tflite_edu.teach.jacobians import jacobian
from tflite_edu.teach.text_table import aligned, array_text, counted, number

_SHOWN = 40


class Path(NamedTuple):
    """One way from x to y: its tensors from x on, its edges, and the product of their derivatives.

    Derivatives are matrices [size of target, size of source], [1, 1] of numbers.
    """

    tensors: tuple[Tensor, ...]
    edges: tuple[Edge, ...]
    product: numpy.ndarray

    @property
    def factors(self) -> tuple[numpy.ndarray, ...]:
        """The local derivative of each edge, from x on."""
        return tuple(edge.derivative for edge in self.edges)


class Multiplications(NamedTuple):
    """How many multiplications of numbers a derivative takes, in three ways.

    Local derivatives count as full matrices; a product [a, b] · [b, c] takes a · b · c.
    """

    path_by_path: int
    forward_mode: int
    reverse_mode: int

    @property
    def saved(self) -> int:
        """What reverse mode saves over going path by path."""
        return self.path_by_path - self.reverse_mode


class Paths:
    """All paths from x to y; `print` shows them.

    `paths` lists them, `total` is the sum of their products and `gradient` what `tf.gradients`
    gives, both as arrays [*y.shape, *x.shape]; `multiplications` compares three ways to the total.
    """

    def __init__(self, found: Dependence, gradient: numpy.ndarray) -> None:
        self.y, self.x = found.y, found.x
        self.values = found.values
        self.paths = _listed(found)
        pairs = Counter((e.source, e.target) for e in found.edges)
        self._several = {pair for pair, count in pairs.items() if count > 1}
        self.gradient = gradient
        products = [path.product for path in self.paths]
        self.total = numpy.sum(products, axis=0).reshape(gradient.shape)
        self.multiplications = _counted(found)

    @property
    def agrees(self) -> bool:
        """Whether the sum over paths is what `tf.gradients` gives, up to rounding."""
        epsilon = float(numpy.finfo(self.gradient.dtype).eps)
        size = sum(float(abs(path.product).max(initial=0)) for path in self.paths)
        return bool((abs(self.total - self.gradient) <= 100 * epsilon * max(size, 1e-30)).all())

    def __str__(self) -> str:
        y, x = name_of(self.y), name_of(self.x)
        lines = [
            f"∂{y}/∂{x}: the sum over {counted(len(self.paths), 'path')} of the product of the "
            "local derivatives on it",
            "",
        ]
        is_number = self.values[self.x].size == self.values[self.y].size == 1
        for i, path in enumerate(self.paths[:_SHOWN], 1):
            lines += self._path_lines(i, path)
        if len(self.paths) > _SHOWN:
            lines.append(f"and {counted(len(self.paths) - _SHOWN, 'more path')}")
        lines += ["", *_result(f"sum of the {counted(len(self.paths), 'path')}", self.total)]
        if is_number and 1 < len(self.paths) <= 8:
            terms = " + ".join(_signed(path.product) for path in self.paths)
            lines[-1] = f"sum of the paths: {terms} = {number(self.total.item())}"
        lines += _result("tf.gradients", self.gradient)
        if not self.agrees:
            lines.append("They differ: a node's gradient function depends on more than its node.")
        return "\n".join([*lines, "", *self._multiplication_lines()])

    __repr__ = __str__

    def _path_lines(self, position: int, path: Path) -> list[str]:
        names = [name_of(t) for t in path.tensors]
        shown = [names[0]]
        for name, edge in zip(names[1:], path.edges):
            # A node that takes the same tensor twice has two edges to it.
            twice = (edge.source, edge.target) in self._several
            shown.append(f"{name} (input {edge.input})" if twice else name)
        lines = [f"{position}. {' -> '.join(shown)}"]
        edges = list(zip(names, names[1:]))[::-1]
        symbols = " · ".join(f"∂{target}/∂{source}" for source, target in edges)
        factors = path.factors[::-1]
        if all(f.size == 1 for f in factors):
            product = number(path.product.item())
            texts = " · ".join(_signed(f) for f in factors)
            lines.append(f"   {symbols}" if symbols else "   1")
            if len(factors) > 1:
                lines.append(f"   = {texts}")
            return [*lines, f"   = {product}"]
        lines.append(f"   {symbols}")
        lines.append("   " + " · ".join(f"[{f.shape[0]}, {f.shape[1]}]" for f in factors))
        text = array_text(path.product).replace("\n", "\n     ")
        return [*lines, f"   = {text}"]

    def _multiplication_lines(self) -> list[str]:
        counts = self.multiplications
        rows = [
            ["path by path", f"{counts.path_by_path:,}"],
            ["forward mode", f"{counts.forward_mode:,}"],
            ["reverse mode", f"{counts.reverse_mode:,}"],
        ]
        lines = ["multiplications", *aligned(rows)]
        if counts.saved > 0:
            share = 100 * counts.saved / counts.path_by_path
            lines[-1] += f"  ({counts.saved:,} fewer than path by path: {share:.0f}% saved)"
        return [
            *lines,
            f"Forward mode takes one sweep for each x; reverse mode's one sweep from "
            f"{name_of(self.y)} serves all x.",
        ]


def _result(name: str, array: numpy.ndarray) -> list[str]:
    text = array_text(array)
    return [f"{name}: {text}"] if "\n" not in text else [f"{name}:", *text.split("\n")]


def _signed(factor: numpy.ndarray) -> str:
    text = number(factor.item())
    return f"({text})" if text.startswith("-") else text


def _listed(found: Dependence) -> list[Path]:
    """Every path, those of earlier nodes first."""
    paths = []
    pending: list[tuple[Edge, ...]] = [()]
    while pending:
        edges = pending.pop()
        end = edges[-1].target if edges else found.x
        if end is found.y:
            product = numpy.eye(found.size(found.y))
            for edge in reversed(edges):
                product = product @ edge.derivative
            paths.append(Path((found.x, *(e.target for e in edges)), edges, product))
            continue
        pending += [(*edges, edge) for edge in reversed(found.out_of[end])]
    return paths


def _counted(found: Dependence) -> Multiplications:
    before, after = found.path_counts()
    rows, columns = found.size(found.y), found.size(found.x)
    by_path = forward = reverse = 0
    for edge in found.edges:
        entries = edge.derivative.size
        # The first factor of a product is only written down.
        if edge.target is not found.y:
            reverse += rows * entries
            by_path += rows * entries * before[edge.source] * after[edge.target]
        if edge.source is not found.x:
            forward += columns * entries
    return Multiplications(by_path, forward, reverse)


@export("teach.paths")
def paths(
    y: Any,
    x: Any,
    feed_dict: Any = None,
    session: BaseSession | None = None,
    most_paths: int = 1000,
) -> Paths:
    """The derivative of y by x as the sum over all paths of the products of local derivatives.

    Tensors are nodes, an input of an operation is an edge, and its local derivative says how the
    operation's output changes with that input alone: a number, or a Jacobian between arrays, whose
    elements count row by row. Reverse and forward mode take the same sum with fewer
    multiplications, since they add up where paths meet. Variables, random numbers and the graph
    stay as they are.

    Raises ValueError where there is no path, there are more than `most_paths`, one leads through a
    conditional, or the local derivatives would be too large; TypeError where x or y holds no
    floats; and what `session.run` raises, as where a feed is missing.
    """
    found = dependence(y, x, feed_dict, session, most_paths)
    return Paths(found, jacobian(y, x, feed_dict, session))
