"""Arrays in a few words: a number as it is, a large array as its size and its spread."""

from __future__ import annotations

from typing import Any

import numpy

_FEW = 4


def number(value: Any, digits: int = 4) -> str:
    """One number with so many digits that count."""
    if isinstance(value, (bool, numpy.bool_)):
        return str(bool(value))
    if isinstance(value, (int, numpy.integer)):
        return str(int(value))
    if isinstance(value, bytes):
        return repr(value.decode(errors="replace"))
    if isinstance(value, (complex, numpy.complexfloating)):
        sign = "" if value.imag < 0 else "+"
        return f"{number(value.real, digits)}{sign}{number(value.imag, digits)}i"
    if not isinstance(value, (float, numpy.floating)):
        return str(value)
    text = f"{float(value):.{digits}g}"
    return "0" if text == "-0" else text


def short(array: Any) -> str:
    """An array as a few characters: a number, a few numbers, or its shape."""
    if array is None:
        return ""
    return _few(array) or shape_text(array)


def short_gradient(array: Any) -> str:
    """As `short`, but a large array by its Euclidean norm: its shape is that of the value."""
    if array is None:
        return ""
    written = _few(array)
    if written:
        return written
    return f"norm {number(norm(array), 3)}"


def norm(array: Any) -> float:
    """The Euclidean norm of all elements."""
    with numpy.errstate(all="ignore"):
        sizes = numpy.abs(numpy.asarray(array)).astype(numpy.float64)
        return float(numpy.linalg.norm(sizes.reshape(-1)))


def _few(array: Any) -> str:
    array = numpy.asarray(array)
    if array.size == 1:
        return number(array.reshape(-1)[0])
    written = f"[{', '.join(number(v, 3) for v in array)}]" if array.shape in ((2,), (3,)) else ""
    return written if len(written) <= 24 else ""


def summary(array: Any, most: int = 60) -> str:
    """An array in one line of at most `most` characters, or nearly so; "none" for None."""
    if array is None:
        return "none"
    array = numpy.asarray(array)
    if array.ndim == 0:
        return number(array[()])
    if array.size == 0:
        return "no elements"
    if array.size <= 12:
        written = _all(array)
        if len(written) <= most:
            return written
    first = f"{' '.join(number(v) for v in array.reshape(-1)[:_FEW])} ..."
    if array.dtype.kind not in "fiu":
        return f"[{first}]"
    with numpy.errstate(all="ignore"):
        least, mean, largest = array.min(), _mean(array), array.max()
    if least == largest:
        return f"all {number(least)}"
    for digits in (4, 3, 2):
        low, middle, high = (number(v, digits) for v in (least, mean, largest))
        text = f"{low} to {high}, mean {middle}"
        if len(f"{text} [{first}]") <= most:
            return f"{text} [{first}]"
        if len(text) <= most:
            return text
    return f"{low} to {high}"


def shape_text(array: Any) -> str:
    """A shape as Python writes it, nothing for None."""
    return "" if array is None else str(numpy.shape(array)).replace(",)", ")")


def _mean(array: Any) -> Any:
    with numpy.errstate(all="ignore"):
        return array.mean(dtype=numpy.float64)


def _all(array: Any) -> str:
    if array.ndim == 0:
        return number(array[()])
    inside = (", " if array.ndim > 1 else " ").join(_all(part) for part in array)
    return f"[{inside}]"
