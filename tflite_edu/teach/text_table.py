"""Numbers and rows as aligned text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy


def aligned(rows: Sequence[Sequence[str]], indent: int = 2, left: int = 1) -> list[str]:
    """Rows as lines, columns two blanks apart: the first `left` flush left, the others right."""
    count = max((len(row) for row in rows), default=0)
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(count)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(widths[i]) if i < left else cell.rjust(widths[i])
            for i, cell in enumerate(row)
        ]
        lines.append((" " * indent + "  ".join(cells)).rstrip())
    return lines


def number(value: float, digits: int = 6) -> str:
    """A number in so many significant digits."""
    return f"{float(value):.{digits}g}"


def array_text(value: object, most: int = 36) -> str:
    """A small array written out in one line or several; a larger one by what it is."""
    array = numpy.asarray(value)
    if array.size > most:
        return (
            f"{array.dtype.name} {list(array.shape)}, mean {number(array.mean(), 4)}, "
            f"from {number(array.min(), 4)} to {number(array.max(), 4)}"
        )
    if not array.ndim:
        return number(array.item())
    return numpy.array2string(
        array, precision=4, separator=", ", suppress_small=True, max_line_width=90
    )


def named(name: str, value: object, indent: int = 0, most: int = 36) -> list[str]:
    """`name = ...`, a small array's rows below one another."""
    first, *rest = array_text(value, most).split("\n")
    blank = " " * (indent + len(name) + 3)
    return [f"{' ' * indent}{name} = {first}", *(blank + line for line in rest)]


def counted(count: int, what: str) -> str:
    """The number with its noun, as in "1 path" and "2 paths"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
