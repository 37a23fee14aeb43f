"""Numbers as text and text as numbers."""

from __future__ import annotations

import math
import re
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import (
    BOOL,
    COMPLEX64,
    COMPLEX128,
    DOUBLE,
    FLOAT,
    INT8,
    INT16,
    INT32,
    INT64,
    DType,
    kernel_name,
)
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reductions import one_of


def _refuse(message: str) -> None:
    raise InvalidArgumentError(None, None, message)


class AsString(Op):
    """Each number as text, as C's printf writes it; a loop over the numbers."""

    inputs, outputs = ("input: T",), ("output: string",)
    backward = None
    T: DType = attr(INT8, INT16, INT32, INT64, COMPLEX64, COMPLEX128, FLOAT, DOUBLE, BOOL)
    precision: int = -1
    scientific: bool = False
    shortest: bool = False
    width: int = -1
    fill: str = ""

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        self._check()
        flat = np.ravel(input).tolist()
        if self.T is BOOL:
            texts = ["true" if one else "false" for one in flat]
        elif self.T.is_complex:
            texts = [f"({self._text(one.real)},{self._text(one.imag)})" for one in flat]
        else:
            texts = [self._text(one) for one in flat]
        strings = np.empty(len(texts), object)
        strings[:] = [text.encode() for text in texts]
        return strings.reshape(np.shape(input))

    def _text(self, number: Any) -> str:
        fill = self.fill
        if fill == "0" and isinstance(number, float) and not math.isfinite(number):
            # C pads these with spaces.
            fill = ""
        width = str(self.width) if self.width > -1 else ""
        if isinstance(number, int):
            return f"%{fill}{width}d" % number
        precision = f".{self.precision}" if self.precision > -1 else ""
        kind = "e" if self.scientific else "g" if self.shortest else "f"
        return f"%{fill}{width}{precision}{kind}" % number

    def _check(self) -> None:
        if self.scientific and self.shortest:
            _refuse("Cannot select both scientific and shortest notation")
        if self.T in (INT8, INT16, INT32, INT64, BOOL):
            if self.scientific or self.shortest:
                _refuse(
                    "scientific and shortest format not supported for datatype "
                    f"{kernel_name(self.T)}"
                )
            if self.precision > -1:
                _refuse(f"precision not supported for datatype {kernel_name(self.T)}")
        if len(self.fill) > 1:
            _refuse("Fill string must be one or fewer characters")
        if self.fill and self.fill not in " +-0#":
            _refuse(f'Fill argument not supported: "{self.fill}"')


@export("as_string", "dtypes.as_string", "strings.as_string")
def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Tensor:
    """Each number as text, as C's printf writes it.

    Args:
      input: int8, int16, int32, int64, bool, floats or complex numbers.
      precision: how many digits after the point, 6 by default; not for integers.
      scientific: whether to write 1.0e+10.
      shortest: whether to write the shorter of both forms, as %g.
      width: the least number of characters of a number.
      fill: printf's flag: "0" pads with zeros, "-" on the right, "+" and " " mark positive ones.

    A run raises InvalidArgumentError on arguments that the dtype does not take.
    """
    return raw.AsString(
        input,
        precision=precision,
        scientific=scientific,
        shortest=shortest,
        width=width,
        fill=fill,
        name=name,
    )


_REAL = re.compile(rb"[+-]?(?:inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)", re.IGNORECASE)
_HEXADECIMAL = re.compile(rb"[+-]?0x[0-9a-f]+", re.IGNORECASE)
_INTEGER = re.compile(rb"(-?)0*(\d{1,19})")
# TensorFlow takes no longer text for a real number, whatever is in it.
_LONGEST_REAL = 31
_SPACES = b" \t\n\v\f\r"


class StringToNumber(Op):
    """The number that each string writes; a loop over the strings."""

    inputs, outputs = ("string_tensor: string",), ("output: out_type",)
    backward = None
    out_type: DType = attr(FLOAT, DOUBLE, INT32, INT64, default=FLOAT)

    def infer(self, string_tensor: Shape) -> Shape:
        return string_tensor

    def forward(self, np: Any, string_tensor: Any) -> Any:
        dtype = np.dtype(self.out_type.as_numpy_dtype)
        read = self._real if dtype.kind == "f" else self._integer
        limits = None if dtype.kind == "f" else np.iinfo(dtype)
        numbers = []
        for text in np.ravel(np.asarray(string_tensor, object)):
            number = read(text)
            if number is None or (limits and not limits.min <= number <= limits.max):
                shown = text.decode("utf-8", "replace")
                _refuse(f"StringToNumberOp could not correctly convert string: {shown}")
            numbers.append(number)
        return np.array(numbers, dtype).reshape(np.shape(string_tensor))

    def _real(self, text: bytes) -> float | None:
        if len(text) > _LONGEST_REAL:
            return None
        text = text.strip(_SPACES)
        if _REAL.fullmatch(text):
            return float(text)
        return float(int(text, 16)) if _HEXADECIMAL.fullmatch(text) else None

    def _integer(self, text: bytes) -> int | None:
        match = _INTEGER.fullmatch(text.strip(_SPACES))
        return int(match[1] + match[2]) if match else None


@export("string_to_number", "strings.to_number")
def string_to_number(
    string_tensor: Any = None,
    out_type: Any = FLOAT,
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The number that each string writes, of `out_type`: float32, float64, int32 or int64.

    Spaces around it do not matter; what is too large for a float gives infinity, and a text
    of more than 31 characters no float. `input` is another
    name of `string_tensor`. A run raises InvalidArgumentError where a string writes no number of
    the type.
    """
    string_tensor = one_of("input", input, "string_tensor", string_tensor)
    return raw.StringToNumber(string_tensor, out_type=out_type, name=name)
