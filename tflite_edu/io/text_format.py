"""Protos as text, as in `.pbtxt` files."""

from __future__ import annotations

from typing import TypeVar

from google.protobuf import text_format
from google.protobuf.message import Message

from tflite_edu.formats.text_proto import parse

_Message = TypeVar("_Message", bound=Message)


def to_text(message: Message) -> str:
    """The text of a proto, a field a line."""
    return text_format.MessageToString(message)


def from_text(text: str, message: _Message) -> _Message:
    """Fills in `message` from its text and returns it.

    Raises:
      google.protobuf.text_format.ParseError: the text is of no such message.
    """
    return parse(text.encode(), message)
