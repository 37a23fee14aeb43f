"""Strings: their length, parts and letters, and how they join."""

from __future__ import annotations

import re
from builtins import len as size_of
from collections.abc import Callable
from typing import Any

from tflite_edu.core import inference, raw
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class StringJoin(Op):
    """Strings of several tensors joined element by element, scalars repeated."""

    inputs, outputs = ("inputs: N*string",), ("output: string",)
    N: int = attr(minimum=1)
    separator: str = ""

    def infer(self, inputs):
        shape = ()
        for one in inputs:
            if one is None:
                return None
            if one:
                shape = inference.merge(shape, one) if shape else one
        return shape

    def forward(self, np, inputs):
        arrays = np.broadcast_arrays(*[np.asarray(a, object) for a in inputs])
        joined = np.empty(arrays[0].shape, object)
        separator = self.separator.encode()
        joined.reshape(-1)[:] = [separator.join(p) for p in zip(*[a.ravel() for a in arrays])]
        return joined


@export("string_join", "strings.join")
def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Tensor:
    """Strings of several tensors of one shape (or scalars), joined with `separator` between."""
    return raw.StringJoin(inputs, separator=separator, name=name)


# A byte and the bytes that continue its UTF-8 character.
_CHARACTER = re.compile(rb"(?s).[\x80-\xbf]*")
_SPACES = b" \t\n\v\f\r"


def _each(np: Any, strings: Any, change: Callable[[bytes], bytes]) -> Any:
    """Each string changed, in an array of the same shape."""
    flat = np.ravel(np.asarray(strings, object))
    changed = np.empty(len(flat), object)
    changed[:] = [change(text) for text in flat]
    return changed.reshape(np.shape(strings))


class StringLength(Op):
    """The number of bytes or characters of each string; a loop over the strings."""

    inputs, outputs = ("input: string",), ("output: int32",)
    unit: str = attr("BYTE", "UTF8_CHAR", default="BYTE")

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        texts = np.ravel(np.asarray(input, object))
        if self.unit == "BYTE":
            lengths = [len(text) for text in texts]
        else:
            lengths = [sum(byte & 0xC0 != 0x80 for byte in text) for text in texts]
        return np.array(lengths, np.int32).reshape(np.shape(input))


@export("strings.length")
def string_length(input: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """The number of bytes of each string, or of its UTF-8 characters ("UTF8_CHAR"), int32."""
    return raw.StringLength(input, unit=unit, name=name)


class _Case(Op, abstract=True):
    """The letters of each string in one case; a loop over the strings."""

    inputs, outputs = ("input: string",), ("output: string",)
    encoding: str = ""

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        if self.encoding not in ("", "utf-8"):
            raise InvalidArgumentError(
                None,
                None,
                f"only utf-8 or '' (no encoding) is supported, received {self.encoding}",
            )
        return _each(np, input, self.turned_characters if self.encoding else self.turned)

    def turned(self, text: bytes) -> bytes:
        """Text with its ASCII letters turned."""
        raise NotImplementedError

    def turned_characters(self, text: bytes) -> bytes:
        """UTF-8 text with all its letters turned."""
        raise NotImplementedError


class StringLower(_Case):
    """Each string in small letters."""

    def turned(self, text: bytes) -> bytes:
        return text.lower()

    def turned_characters(self, text: bytes) -> bytes:
        return text.decode("utf-8", "replace").lower().encode()


@export("strings.lower")
def string_lower(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Each string in small letters: those of ASCII, or of Unicode with the encoding "utf-8".

    A run raises InvalidArgumentError on another encoding.
    """
    return raw.StringLower(input, encoding=encoding, name=name)


class StringUpper(_Case):
    """Each string in capital letters."""

    def turned(self, text: bytes) -> bytes:
        return text.upper()

    def turned_characters(self, text: bytes) -> bytes:
        return text.decode("utf-8", "replace").upper().encode()


@export("strings.upper")
def string_upper(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Each string in capital letters; see `strings.lower`."""
    return raw.StringUpper(input, encoding=encoding, name=name)


class StringStrip(Op):
    """Each string without spaces at its ends; a loop over the strings."""

    inputs, outputs = ("input: string",), ("output: string",)

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        return _each(np, input, lambda text: text.strip(_SPACES))


@export("string_strip", "strings.strip")
def string_strip(input: Any, name: str | None = None) -> Tensor:
    """Each string without the spaces, tabs and line ends at its ends."""
    return raw.StringStrip(input, name=name)


class Substr(Op):
    """A part of each string; a loop over the strings."""

    inputs, outputs = ("input: string", "pos: T", "len: T"), ("output: string",)
    backward = None
    T: DType = attr(INT32, INT64)
    unit: str = attr("BYTE", "UTF8_CHAR", default="BYTE")

    def infer(self, input: Shape, pos: Shape, len: Shape) -> Shape:
        if len is not None and pos is not None:
            for x, y in zip(inference.with_rank(pos, size_of(len)), len, strict=True):
                if None not in (x, y) and x != y:
                    raise inference.ShapeError(f"pos and len shapes must match: [{x}] vs. [{y}]")
        return inference.broadcast_shape(input, pos)

    def forward(self, np: Any, input: Any, pos: Any, len: Any) -> Any:
        arrays = np.broadcast_arrays(np.asarray(input, object), pos, len)
        cut: Any = self._bytes if self.unit == "BYTE" else self._characters
        triples = zip(*[array.ravel().tolist() for array in arrays], strict=True)
        parts = [cut(*triple, number) for number, triple in enumerate(triples)]
        result = np.empty(arrays[0].size, object)
        result[:] = parts
        return result.reshape(arrays[0].shape)

    def _bytes(self, text: bytes, start: int, count: int, number: int) -> bytes:
        size = size_of(text)
        if not -size <= start <= size:
            shown = text.decode("utf-8", "replace")
            raise InvalidArgumentError(
                None, None, f"pos {start} out of range for string b'{shown}' at index {number}"
            )
        start = start + size if start < 0 else start
        return text[start:] if count < 0 else text[start : start + count]

    def _characters(self, text: bytes, start: int, count: int, number: int) -> bytes:
        characters = _CHARACTER.findall(text)
        size = size_of(characters)
        if not -size <= start <= size:
            raise InvalidArgumentError(
                None, None, f"pos {start} out of range for string at index {number}"
            )
        start = start + size if start < 0 else start
        return b"".join(characters[start:] if count < 0 else characters[start : start + count])


@export("substr", "strings.substr")
def substr(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """The part of each string from `pos` on, at most `len` long; shapes broadcast.

    Args:
      input: strings.
      pos: int32 or int64, where the part begins; negative ones count from the end.
      len: of the same dtype and shape.
      unit: "BYTE", or "UTF8_CHAR" to count characters.

    Raises ValueError where shapes do not fit, in a run InvalidArgumentError where a `pos` is
    beyond a string.
    """
    return raw.Substr(input, pos, len, unit=unit, name=name)
