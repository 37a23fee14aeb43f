"""Values out of serialized `Example`s: for one feature of many examples, one array."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy
from google.protobuf import json_format
from google.protobuf.message import DecodeError

from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.formats.example import Example, Feature, Int64List, SequenceExample
from tflite_edu.formats.example_layout import integers

KINDS = {"bytes_list": "string", "float_list": "float", "int64_list": "int64", None: None}
"""The types of values, as TensorFlow's kernels name them, by the field that holds them."""

_FIELDS = {"string": "bytes_list", "float": "float_list", "int64": "int64_list"}
# The tag of `value`, which is field 1 of every list.
_VALUES = 0x0A
_KIND_OF_TAG = {b"\x0a": "string", b"\x12": "float", b"\x1a": "int64"}
_KNOWN_TAGS = {b"", *_KIND_OF_TAG}


def parsed_example(serialized: bytes) -> Any:
    """The features of an example, a mapping from names. Raises InvalidArgumentError."""
    try:
        return Example.FromString(serialized).features.feature
    except DecodeError:
        raise _unreadable(serialized) from None


def parsed_sequence(serialized: bytes) -> tuple[Any, Any]:
    """The context and the feature lists of an example, both mappings from names.

    Raises InvalidArgumentError.
    """
    try:
        message = SequenceExample.FromString(serialized)
    except DecodeError:
        raise _unreadable(serialized) from None
    return message.context.feature, message.feature_lists.feature_list


def example_of_json(text: bytes) -> bytes:
    """The serialized form of an example that is written as JSON. Raises InvalidArgumentError."""
    try:
        read = json.loads(text)
        if not isinstance(read, dict):
            raise json_format.ParseError(": Root element must be a message.")
        example = json_format.ParseDict(read, Example())
        return example.SerializeToString(deterministic=True)
    except (json_format.ParseError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(None, None, f"Error while parsing JSON: {error}") from None


def _unreadable(serialized: bytes) -> InvalidArgumentError:
    shown = serialized.decode("utf-8", "replace")
    return InvalidArgumentError(None, None, f"Could not parse example input, value: '{shown}'")


def kind_of(feature: Any) -> str | None:
    """The type of the values of a feature; None where it holds no list."""
    return KINDS[feature.WhichOneof("kind")]


def value_count(feature: Any, kind: str) -> int:
    """How many values a feature of that type holds."""
    return len(getattr(feature, _FIELDS[kind]).value)


def feature_texts(serialized: Iterable[bytes], keys: Sequence[str]) -> list[list[bytes]]:
    """For each key that feature of every example, in its serialized form.

    b"" stands for one that is missing or holds no list. Raises InvalidArgumentError on what is no
    example.
    """
    columns: list[list[bytes]] = [[] for _ in keys]
    places = [(key, column.append) for key, column in zip(keys, columns, strict=True)]
    for text in serialized:
        find = parsed_example(text).get
        # What is taken at once from a message is still in the processor's cache.
        for key, append in places:
            feature = find(key)
            append(b"" if feature is None else feature.SerializeToString())
    for column in columns:
        if not {text[:1] for text in column} <= _KNOWN_TAGS:
            column[:] = [text if text[:1] in _KNOWN_TAGS else b"" for text in column]
    return columns


def kind_of_text(text: bytes) -> str | None:
    """`kind_of` for a feature in its serialized form."""
    return _KIND_OF_TAG.get(text[:1])


def tag_of(kind: str) -> bytes:
    """What the serialized form of a feature with values of a type begins with."""
    return next(tag for tag, found in _KIND_OF_TAG.items() if found == kind)


def joined(features: Sequence[Any], kind: str) -> tuple[Any, list[int]]:
    """The values of features of one type in a row, and how many each of them has.

    None among the features, or a feature without a list, has no values.
    """
    return joined_texts([b"" if f is None else f.SerializeToString() for f in features], kind)


def joined_texts(texts: Sequence[bytes], kind: str) -> tuple[Any, list[int]]:
    """`joined` for features in their serialized form: one pass over the bytes of all of them."""
    payloads = [
        # A tag and a size of one byte each, of the list and in it: what most features are.
        text[4:]
        if 4 <= len(text) < 130 and text[3] == len(text) - 4 and text[2] == _VALUES
        else _payload(text)
        for text in texts
    ]
    if kind == "string":
        return _strings(texts, payloads)
    sizes = [len(payload) for payload in payloads]
    data = b"".join(payloads)
    if kind == "float":
        return numpy.frombuffer(data, "<f4").astype(numpy.float32), [size // 4 for size in sizes]
    return integers(numpy.frombuffer(data, numpy.uint8), numpy.array(sizes, numpy.int64))


def _payload(text: bytes) -> bytes:
    """The packed numbers, or the one string, of a serialized feature."""
    inner = _after_header(text)
    if inner and text[inner : inner + 1] == bytes([_VALUES]):
        start = _after_header(text, inner)
        if start:
            return text[start:]
    # No values, several strings, or fields that are not known here.
    feature = Feature.FromString(text)
    field = feature.WhichOneof("kind")
    if field == "float_list":
        return numpy.array(feature.float_list.value, "<f4").tobytes()
    if field == "int64_list":
        values = Int64List(value=feature.int64_list.value)
        packed = Feature(int64_list=values).SerializeToString()
        return packed[_after_header(packed, _after_header(packed)) :] if values.value else b""
    return b""


def _after_header(text: bytes, place: int = 0) -> int:
    """Where a field begins that fills the rest of a text from `place` on; 0 where none does."""
    size, shift, start = 0, 0, place + 1
    while start < len(text):
        size |= (text[start] & 0x7F) << shift
        shift += 7
        start += 1
        if text[start - 1] < 0x80:
            return start if start + size == len(text) else 0
    return 0


def _strings(texts: Sequence[bytes], payloads: list[bytes]) -> tuple[Any, list[int]]:
    values: list[bytes] = []
    counts = []
    for text, payload in zip(texts, payloads, strict=True):
        if payload:
            values.append(payload)
            counts.append(1)
        else:
            # None, several, or an empty one.
            several = Feature.FromString(text).bytes_list.value
            values += several
            counts.append(len(several))
    array = numpy.empty(len(values), object)
    array[:] = values
    return array, counts
