"""Rows of an array that belong together combined by a ufunc, whole rows at a time.

numpy's `ufunc.at` and `ufunc.reduceat` go element by element where an array has more than one axis;
what is here calls a ufunc on many rows at once, and at most about 2 sqrt(n) times for n rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

# Row numbers below this are sorted as 16-bit integers, which numpy does in linear time.
_SORTED_BY_RADIX = 1 << 16


def combine_at(np: Any, combine: Any, target: Any, places: Any, rows: Any) -> None:
    """What `combine.at(target, places, rows)` does, the first row of a place first.

    Args:
      combine: a ufunc of two arguments, of which a chain may be a reduction, such as `np.add`.
      target: contiguous, [n, ...], which is changed.
      places: integers [k] of [0, n), in any order.
      rows: [k, ...] of the target's dtype.
    """
    places = places.astype(np.intp, copy=False)
    width = math.prod(target.shape[1:])
    if width < 2 or target.dtype.kind not in "biufc":
        combine.at(target, places, rows)
        return
    table, rows = target.reshape(-1, width), rows.reshape(-1, width)
    numbers, made = combined(np, combine, places, rows, table)
    table[numbers] = made


def combined(np: Any, combine: Any, places: Any, rows: Any, first: Any = None) -> tuple[Any, Any]:
    """The rows of each place combined: (the places, each once, in any order; a row for each).

    `rows` is [k, width], `places` [k]. With `first`, [n, width], each chain begins with the row of
    `first` that the place names.
    """
    if not places.size:
        return places, rows
    order = None
    if (places[1:] < places[:-1]).any():
        small = int(places.max()) < _SORTED_BY_RADIX
        order = (places.astype(np.uint16) if small else places).argsort(kind="stable")
        places = places[order]
    starts = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
    numbers = places[starts]
    counts = np.diff(starts, append=places.size)
    most = max(math.isqrt(places.size), 2)
    many = np.flatnonzero(counts > most)
    few = np.flatnonzero(counts <= most) if many.size else np.arange(starts.size)

    # Places of few rows take one row each at a time; those with the most rows stand first.
    few = few[(-counts[few]).argsort(kind="stable")]
    taking = np.cumsum(np.bincount(counts[few], minlength=2)[::-1])[::-1].tolist()
    begins = starts[few]
    made = rows.take(begins if order is None else order[begins], 0)
    if first is not None:
        combine(first[numbers[few]], made, out=made)
    more = np.empty_like(made[: taking[2]] if len(taking) > 2 else made[:0])
    for step in range(1, len(taking) - 1):
        left = taking[step + 1]
        at = begins[:left] + step
        # With a mode other than "raise" numpy writes into `out` directly.
        rows.take(at if order is None else order[at], 0, more[:left], "clip")
        combine(made[:left], more[:left], out=made[:left])
    if not many.size:
        return numbers[few], made

    # The others, of which there are not many, are reduced one by one.
    of_many = np.empty((many.size, rows.shape[1]), rows.dtype)
    for i, place in enumerate(many.tolist()):
        at = slice(starts[place], starts[place] + counts[place])
        chain = rows[at if order is None else order[at]]
        if first is not None:
            chain = np.concatenate([first[numbers[place] : numbers[place] + 1], chain])
        combine.reduce(chain, 0, rows.dtype, of_many[i])
    return numbers[np.concatenate([few, many])], np.concatenate([made, of_many])


def combine_at_positions(
    np: Any, combine: Any, target: Any, positions: Sequence[Any], updates: Any
) -> None:
    """What `combine.at(target, positions, updates)` does, for a tuple of one array an axis.

    The arrays are of one shape [...] and name positions in the first axes of `target`; `updates` is
    [..., *the other axes] or a scalar.
    """
    depth = len(positions)
    outer = positions[0].shape if depth else np.shape(updates)[: np.ndim(updates) - target.ndim]
    places = np.zeros(outer, np.intp)
    for numbers, size in zip(positions, target.shape):
        places = places * size + numbers
    rest = target.shape[depth:]
    table = target.reshape(math.prod(target.shape[:depth]), *rest)
    rows = np.broadcast_to(updates, (*places.shape, *rest)).reshape(places.size, *rest)
    combine_at(np, combine, table, places.ravel(), rows)
