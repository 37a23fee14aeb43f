"""Random graphs for tests: hypothesis draws a `Recipe`, whose text is a runnable script.

A recipe is data: calls of TensorFlow's functions in order, in which `t3` stands for what call 3
returned. It shrinks with hypothesis, it builds a graph with any module that offers the functions
(`recipe.build(tf)`), and what a failing test prints can be pasted into a script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

FLOATS = ("float32", "float64")
NUMBERS = (*FLOATS, "int32")

# Ordinary sizes come first, so that examples shrink towards them.
SIZES = (2, 3, 1, 4, 0)


def numbers(shape: Sequence[int], dtype: str, start: int) -> np.ndarray:
    """Different numbers in [-2.02, 1.98], none near 0; integers from -4 to 4; mixed booleans."""
    count = int(np.prod(shape, dtype=np.int64))
    mixed = 37 * np.arange(start, start + count) % 61
    if dtype == "bool":
        return (mixed % 2 == 1).reshape(shape)
    if dtype == "int32":
        return (mixed % 9 - 4).astype(np.int32).reshape(shape)
    return ((mixed - 30.3) / 15.0).astype(dtype).reshape(shape)


class Array(NamedTuple):
    """An array of `numbers`."""

    shape: tuple[int, ...]
    dtype: str
    start: int

    def value(self) -> np.ndarray:
        return numbers(self.shape, self.dtype, self.start)

    def __repr__(self) -> str:
        return f"numbers({self.shape}, {self.dtype!r}, {self.start})"


class Ref(NamedTuple):
    """The result of a call, or one of its results where it has several."""

    call: int
    output: int | None = None

    def __repr__(self) -> str:
        return f"t{self.call}" if self.output is None else f"t{self.call}[{self.output}]"


class Call(NamedTuple):
    """One call: the function's name in `tf` ("[]" indexes the first argument), what it is given,
    and the results that it has to come after."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    after: tuple[Ref, ...] = ()

    def __repr__(self) -> str:
        if self.function == "[]":
            return f"{self.args[0]!r}[{', '.join(_index_text(i) for i in self.args[1])}]"
        given = [repr(a) for a in self.args]
        given += [f"{name}={value!r}" for name, value in self.kwargs.items()]
        return f"tf.{self.function}({', '.join(given)})"


def _index_text(index: Any) -> str:
    if not isinstance(index, slice):
        return "..." if index is Ellipsis else repr(index)
    parts = ["" if p is None else str(p) for p in (index.start, index.stop, index.step)]
    return ":".join(parts)


class Item(NamedTuple):
    """A tensor of a recipe: its dtype, the shape that its value has, and whether its rank is known
    before a run."""

    ref: Ref
    dtype: str
    shape: tuple[int, ...]
    rank_known: bool

    @property
    def rank(self) -> int:
        return len(self.shape)


class Recipe(NamedTuple):
    """A graph as data.

    calls      in the order in which they are made
    items      the tensors among their results
    feeds      value of each placeholder, and of nothing else
    variables  the calls that make variables
    """

    calls: tuple[Call, ...]
    items: tuple[Item, ...]
    feeds: dict[Ref, Array]
    variables: tuple[Ref, ...]

    def build(self, tf: Any) -> Built:
        """Adds the nodes to the default graph of the module `tf`."""
        results: list[Any] = []
        for call in self.calls:
            with tf.control_dependencies([_resolved(ref, results) for ref in call.after]):
                args = _resolved(call.args, results)
                if call.function == "[]":
                    results.append(args[0][args[1]])
                    continue
                function: Any = tf
                for name in call.function.split("."):
                    function = getattr(function, name)
                results.append(function(*args, **_resolved(call.kwargs, results)))
        return Built(
            [_resolved(item.ref, results) for item in self.items],
            {_resolved(ref, results): array.value() for ref, array in self.feeds.items()},
            [_resolved(ref, results) for ref in self.variables],
            [r.op for c, r in zip(self.calls, results) if c.function.startswith("assign")],
        )

    def __str__(self) -> str:
        lines: list[str] = []
        for index, call in enumerate(self.calls):
            line = f"t{index} = {call!r}"
            if call.after:
                lines.append(f"with tf.control_dependencies({list(call.after)}):")
                line = "    " + line
            lines.append(line)
        lines.append(f"feeds = {self.feeds}")
        lines.append(f"tensors = {[item.ref for item in self.items]}")
        return "\n".join(lines)

    __repr__ = __str__


class Built(NamedTuple):
    """The tensors of a built recipe's items, values for its placeholders, its variables, and the
    operations that assign to them."""

    tensors: list[Any]
    feeds: dict[Any, np.ndarray]
    variables: list[Any]
    updates: list[Any]


def _resolved(value: Any, results: list[Any]) -> Any:
    if isinstance(value, Ref):
        result = results[value.call]
        return result if value.output is None else result[value.output]
    if isinstance(value, Array):
        return value.value()
    if isinstance(value, (list, tuple)):
        return type(value)(_resolved(v, results) for v in value)
    if isinstance(value, dict):
        return {k: _resolved(v, results) for k, v in value.items()}
    return value


class Drawing:
    """A recipe while it is drawn: rules pick among its items and add calls."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw
        self.calls: list[Call] = []
        self.items: list[Item] = []
        self.feeds: dict[Ref, Array] = {}
        self.variables: dict[Ref, Item] = {}

    def recipe(self) -> Recipe:
        return Recipe(tuple(self.calls), tuple(self.items), self.feeds, tuple(self.variables))

    def one(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(values))

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def chance(self) -> bool:
        return self.draw(st.booleans())

    def subset(self, values: Sequence[Any]) -> list[Any]:
        chosen = self.integer(0, 2 ** len(values) - 1)
        return [v for i, v in enumerate(values) if chosen >> i & 1]

    def shape(self, most: int = 3) -> tuple[int, ...]:
        return tuple(self.one(SIZES) for _ in range(self.integer(0, most)))

    def pick(
        self,
        dtypes: Sequence[str] = NUMBERS,
        fits: Callable[[Item], bool] = lambda item: True,
    ) -> Item | None:
        """One of the items of these dtypes that fit, the newest ones first; None without any."""
        found = [i for i in reversed(self.items) if i.dtype in dtypes and fits(i)]
        return self.one(found) if found else None

    def call(self, function: str, *args: Any, after: tuple[Ref, ...] = (), **kwargs: Any) -> Ref:
        self.calls.append(Call(function, args, kwargs, after))
        return Ref(len(self.calls) - 1)

    def add(
        self, ref: Ref, dtype: str, shape: Sequence[int], *sources: Item, rank_known: bool = True
    ) -> Item:
        """Says what a call's result is; its rank is known if the sources' ranks are."""
        known = rank_known and all(s.rank_known for s in sources)
        item = Item(ref, dtype, tuple(shape), known)
        self.items.append(item)
        return item

    def constant(self, dtype: str, shape: Sequence[int]) -> Item:
        array = Array(tuple(shape), dtype, self.integer(1, 60))
        return self.add(self.call("constant", array), dtype, shape)

    def placeholder(self, dtype: str, shape: Sequence[int], hide: bool = True) -> Item:
        """A fed tensor, of which some or all dimensions may be unknown before the run."""
        static: list[int | None] | None = list(shape)
        if hide and self.chance():
            hidden = self.integer(0, 2 ** len(shape))
            static = [None if hidden >> i & 1 else size for i, size in enumerate(shape)]
            if hidden == 2 ** len(shape):
                static = None
        ref = self.call("placeholder", dtype, static)
        self.feeds[ref] = Array(tuple(shape), dtype, self.integer(1, 60))
        return self.add(ref, dtype, shape, rank_known=static is not None)

    def variable(self, dtype: str, shape: Sequence[int]) -> Item:
        array = Array(tuple(shape), dtype, self.integer(1, 60))
        ref = self.call("Variable", array, use_resource=self.chance())
        item = Item(ref, dtype, tuple(shape), True)
        self.variables[ref] = item
        return item

    def partner(self, item: Item) -> Item:
        """An item of the same dtype that broadcasts with `item`, perhaps a new constant."""

        def broadcasts(other: Item) -> bool:
            return all(a == b or 1 in (a, b) for a, b in zip(item.shape[::-1], other.shape[::-1]))

        if self.chance():
            found = self.pick((item.dtype,), broadcasts)
            if found is not None:
                return found
        first = self.integer(0, item.rank)
        ones = self.subset(range(first, item.rank))
        shape = [1 if i in ones else n for i, n in enumerate(item.shape) if i >= first]
        return self.constant(item.dtype, shape)


Rule = Callable[[Drawing], object]


def draw_recipe(
    draw: Callable[..., Any],
    rules: Sequence[Rule],
    dtypes: Sequence[str] = NUMBERS,
    most: int = 8,
    variables: bool = False,
    hide: bool = True,
) -> Recipe:
    """Draws a few placeholders (and variables), then up to `most` rules."""
    drawing = Drawing(draw)
    for _ in range(drawing.integer(1, 3)):
        drawing.placeholder(drawing.one(dtypes), drawing.shape(), hide)
    if variables:
        for _ in range(drawing.integer(1, 2)):
            item = drawing.variable(drawing.one(dtypes), drawing.shape(2))
            drawing.items.append(item)
    for _ in range(drawing.integer(1, most)):
        drawing.one(rules)(drawing)
    return drawing.recipe()
