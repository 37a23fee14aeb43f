"""`tf.compat`: text and bytes, paths, the numeric types that TensorFlow tells apart."""

from __future__ import annotations

import numbers
import os
from typing import Any

import numpy

from tflite_edu.core.export import export

integral_types = (numbers.Integral, numpy.integer)
real_types = (numbers.Real, numpy.integer, numpy.floating)
complex_types = (numbers.Complex, numpy.number)
bytes_or_text_types = (bytes, str)

EXPORTS = {
    "compat.integral_types": "integral_types",
    "compat.real_types": "real_types",
    "compat.complex_types": "complex_types",
    "compat.bytes_or_text_types": "bytes_or_text_types",
}


@export("compat.as_bytes")
def as_bytes(bytes_or_text: Any, encoding: str = "utf-8") -> bytes:
    """Bytes (or a bytearray) as bytes, text encoded. Raises TypeError on anything else."""
    if isinstance(bytes_or_text, bytearray):
        return bytes(bytes_or_text)
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


@export("compat.as_text", "compat.as_str")
def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """Text as it is, bytes decoded.

    Raises:
      TypeError: it is neither.
      UnicodeDecodeError: the bytes are no text in `encoding`.
    """
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


@export("compat.as_str_any")
def as_str_any(value: Any) -> str:
    """Bytes decoded as UTF-8, and `str(value)` of anything else."""
    return as_text(value) if isinstance(value, bytes) else str(value)


@export("compat.path_to_str")
def path_to_str(path: Any) -> Any:
    """A `pathlib` path as text; anything else comes back as it is."""
    return as_str_any(path.__fspath__()) if isinstance(path, os.PathLike) else path


def path_text(path: Any) -> str:
    """A path given as text, bytes or `pathlib` path, as text. Raises TypeError on others."""
    return os.fsdecode(path) if isinstance(path, bytes) else as_text(path_to_str(path))
