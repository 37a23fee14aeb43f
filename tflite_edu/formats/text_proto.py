"""Protos from their text, which anybody may have written."""

from __future__ import annotations

import warnings
from typing import TypeVar

from google.protobuf import text_format
from google.protobuf.message import Message

_Message = TypeVar("_Message", bound=Message)


def parse(content: bytes, message: _Message) -> _Message:
    """Fills in `message` from its text and returns it.

    Raises:
      google.protobuf.text_format.ParseError: the text is of no such message.
      UnicodeDecodeError: it is no text.
    """
    text = content.decode()
    try:
        with warnings.catch_warnings():
            # Python's word on an unknown escape in a string; protobuf decides what that is.
            warnings.simplefilter("ignore")
            return text_format.Parse(text, message)
    except RecursionError as error:
        raise text_format.ParseError(str(error)) from error
