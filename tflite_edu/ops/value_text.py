"""Values as the kernels of Print, Assert and StringFormat write them."""

from __future__ import annotations

import struct
from typing import Any

_ESCAPES = {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord('"'): '\\"',
    ord("'"): "\\'",
    ord("\\"): "\\\\",
}


def flat_summary(array: Any, limit: int) -> str:
    """The first `limit` elements (all if negative), inner dimensions in brackets: `[1 2][3...]...`.

    The outermost dimension has no brackets of its own.
    """
    elements = _element_texts(array)
    limit = len(elements) if limit < 0 else min(limit, len(elements))
    if not array.ndim:
        text = elements[0] if limit else ""
    else:
        text, _ = _flat(array.shape, elements, 0, limit, True)
    return text + ("..." if len(elements) > limit else "")


def _flat(
    shape: tuple[int, ...], elements: list[str], start: int, limit: int, outermost: bool
) -> tuple[str, int]:
    """The text of the dimensions `shape`, from element `start`, and where the next one starts."""
    if start >= limit:
        return "", start
    if len(shape) == 1:
        end = min(start + shape[0], limit)
        cut = "..." if end < start + shape[0] and not outermost else ""
        return " ".join(elements[start:end]) + cut, end
    parts = []
    for _ in range(shape[0]):
        if start >= limit:
            break
        text, start = _flat(shape[1:], elements, start, limit, False)
        parts.append(f"[{text}]")
    return "".join(parts), start


def edge_summary(array: Any, count: int) -> str:
    """The first and last `count` elements of each dimension (all if negative): `[1 ... 9]`.

    Strings stand in quotes, matrices over several lines.
    """
    elements = _element_texts(array, quoted=True)
    count = len(elements) if count < 0 else min(count, len(elements))
    return _edges(array.shape, elements, 0, 0, count)


def _edges(shape: tuple[int, ...], elements: list[str], depth: int, start: int, count: int) -> str:
    if depth == len(shape):
        return elements[start]
    length = shape[depth]
    step = 1
    for size in shape[depth + 1 :]:
        step *= size
    inner = len(shape) - depth - 1
    spacing = "\n" * inner + " " * (depth + 1) if inner else " "
    shown = [*range(min(count, length)), *range(max(count, length - count), length)]
    parts = [_edges(shape, elements, depth + 1, start + step * i, count) for i in shown]
    if length > 2 * count:
        parts.insert(count, "...")
        if not count:
            parts.insert(0, "")
    return f"[{spacing.join(parts)}]"


def _element_texts(array: Any, quoted: bool = False) -> list[str]:
    kind = array.dtype.kind
    values = array.ravel().tolist()
    if kind == "f":
        digits = (15, 17) if array.dtype.itemsize == 8 else (6, 9)
        return [_float_text(v, *digits) for v in values]
    if kind in "iu":
        return [str(v) for v in values]
    if kind == "b":
        return ["1" if v else "0" for v in values]
    if kind == "O":
        texts = [_escaped(v) for v in values]
        return [f'"{t}"' for t in texts] if quoted else texts
    # TensorFlow's kernels have no text for the other types.
    return ["?"] * len(values)


def _float_text(value: float, short: int, exact: int) -> str:
    """The short form of a number if it stands for the very same number, else the exact one."""
    text = f"{value:.{short}g}"
    if value == value and _rounded(float(text), short) != value:
        return f"{value:.{exact}g}"
    return text


def _rounded(value: float, short: int) -> float:
    if short == 15:
        return value
    try:
        rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return float("inf")
    return rounded


def _escaped(value: Any) -> str:
    data = value.encode() if isinstance(value, str) else bytes(value)
    return "".join(_ESCAPES.get(c) or (chr(c) if 32 <= c < 127 else f"\\{c:03o}") for c in data)
