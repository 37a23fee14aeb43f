"""Where features lie in many serialized `Example`s: all are read side by side, as arrays of places.

Only what protobuf writes is understood here: an example whose bytes all belong to features of
different ASCII names, each with one packed list of numbers or a list of strings. Every byte is
checked against that. `columns` is None where anything else turns up, which may be damaged as well
as uncommon, and where there is too little to gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy
from google.protobuf.message import DecodeError

from tflite_edu.formats.example import Feature

_WITH_LENGTH_1 = 0x0A
"""The tag of field 1 where it has a length: of all messages here but a feature's value."""
_WITH_LENGTH_2 = 0x12
_TAGS = {"string": 0x0A, "float": 0x12, "int64": 0x1A}

# One step reads a feature of every example and takes as long as 16 examples do one by one.
_EXAMPLES_A_STEP = 16
# How far beyond the last example something is looked for that is not there.
_MARGIN = 256


class Column(NamedTuple):
    """The values of a feature in all examples, one after the other.

    Example i has `counts[i]` of them, and no list where `present[i]` is false.
    """

    values: Any
    counts: list[int]
    present: list[bool]


class _Unusual(Exception):
    """Something that is not read here."""


class _Lists(NamedTuple):
    """The lists of one feature: arrays of a number for each example.

    The values of an example lie at `starts` up to `ends` of the text, but for those of `several`,
    the strings of some examples.
    """

    tags: Any
    is_empty: Any
    starts: Any
    ends: Any
    several: dict[int, list[bytes]]


def columns(serialized: Sequence[bytes], wanted: Sequence[tuple[str, str]]) -> list[Column] | None:
    """For each (key, kind of values) the values in all examples; None where that is not known."""
    if len(serialized) < 2 * _EXAMPLES_A_STEP:
        return None
    text = b"".join([*serialized, bytes(_MARGIN)])
    data = numpy.frombuffer(text, numpy.uint8)
    lengths = numpy.fromiter(map(len, serialized), numpy.int64, len(serialized))
    try:
        bounds = _features(text, data, lengths)
        features = {key: _lists(text, data, *bounds[key]) for key in bounds}
        return [
            _column(text, data, features.get(key.encode()), kind, len(serialized))
            for key, kind in wanted
        ]
    except _Unusual:
        return None


def _features(text: bytes, data: Any, lengths: Any) -> dict[bytes, Any]:
    """Where each feature starts and ends in every example: [2, examples], 0 where it has none."""
    stops = numpy.cumsum(lengths)
    rows = numpy.flatnonzero(lengths)
    stops, places = stops[rows], (stops - lengths)[rows]
    _expect(data[places] == _WITH_LENGTH_1)
    sizes, places = _sizes(data, places + 1)
    _expect(places + sizes == stops)
    found: dict[bytes, Any] = {}
    steps = len(lengths) // _EXAMPLES_A_STEP
    while True:
        if not (going := places < stops).all():
            rows, places, stops = rows[going], places[going], stops[going]
        if not len(rows):
            return found
        steps -= 1
        if steps < 0:
            raise _Unusual
        _expect(data[places] == _WITH_LENGTH_1)
        sizes, keys = _sizes(data, places + 1)
        places = keys + sizes
        _expect(places <= stops)
        _expect(data[keys] == _WITH_LENGTH_1)
        keys += 1
        key_sizes = data[keys]
        keys += 1
        # A longer key has a size of two bytes.
        _expect(key_sizes < 0x80)
        ends = keys + key_sizes
        _expect(data[ends] == _WITH_LENGTH_2)
        sizes, starts = _sizes(data, ends + 1)
        _expect(starts + sizes == places)
        for key, which in _by_key(text, keys, key_sizes):
            if key not in found:
                found[key] = numpy.zeros((2, len(lengths)), numpy.int64)
            # What comes twice is not left to chance.
            _expect(found[key][0][rows[which]] == 0)
            found[key][0][rows[which]] = starts[which]
            found[key][1][rows[which]] = places[which]


def _by_key(text: bytes, places: Any, sizes: Any) -> list[tuple[bytes, Any]]:
    """The different keys at some places, each with an index of those where it is."""
    first = text[places[0] : places[0] + sizes[0]]
    if first and first.isascii() and (sizes == len(first)).all():
        keys = _at_each_place(text, f"V{len(first)}")[places].tobytes()
        if keys == first * len(places):
            return [(first, slice(None))]
    groups: dict[bytes, list[int]] = {}
    for row, (place, size) in enumerate(zip(places.tolist(), sizes.tolist(), strict=True)):
        groups.setdefault(text[place : place + size], []).append(row)
    if not all(map(bytes.isascii, groups)):
        raise _Unusual
    return list(groups.items())


def _sizes(data: Any, places: Any) -> tuple[Any, Any]:
    """The lengths that are written at some places, and where they end.

    They are in groups of seven bits, the lowest first.
    """
    sizes = data[places].astype(numpy.int64)
    places = places + 1
    longer = numpy.flatnonzero(sizes >= 0x80)
    shift = 7
    while len(longer):
        group = data[places[longer]].astype(numpy.int64)
        # Neither is written by anyone: a last group of 0, or more than 4 GiB.
        _expect((group != 0) & (shift < 28))
        sizes[longer] += (group - 1) << shift
        places[longer] += 1
        longer = longer[group >= 0x80]
        shift += 7
    return sizes, places


def _at_each_place(text: bytes, dtype: str) -> Any:
    """What the text holds from each of its bytes on: one item overlaps the next."""
    item = numpy.dtype(dtype)
    return numpy.ndarray((len(text) - item.itemsize + 1,), item, text, 0, (1,))


def _expect(truths: Any) -> None:
    if not truths.all():
        raise _Unusual


def _lists(text: bytes, data: Any, starts: Any, ends: Any) -> _Lists:
    """The lists of one feature of which `_features` gives the bounds."""
    # A feature without a list counts as missing.
    is_present = ends > starts
    nothing = len(text) - _MARGIN
    starts = numpy.where(is_present, starts, nothing)
    tags = data[starts]
    _expect(~is_present | (tags == 0x0A) | (tags == 0x12) | (tags == 0x1A))
    sizes, lists = _sizes(data, starts + 1)
    _expect(~is_present | (lists + sizes == ends))
    is_empty = ~is_present | (sizes == 0)
    _expect(is_empty | (data[lists] == _WITH_LENGTH_1))
    sizes, places = _sizes(data, numpy.where(is_empty, nothing, lists + 1))
    is_plain = is_empty | (places + sizes == ends)
    several = {}
    if not is_plain.all():
        _expect(is_plain | (tags == _TAGS["string"]))
        for row in numpy.flatnonzero(~is_plain).tolist():
            several[row] = _strings(text[starts[row] : ends[row]])
    places = numpy.where(is_empty, ends, places)
    _expect((tags != _TAGS["float"]) | ((ends - places) % 4 == 0))
    has_integers = (tags == _TAGS["int64"]) & ~is_empty
    if has_integers.any():
        _check_integers(data, places[has_integers], ends[has_integers])
    return _Lists(tags, is_empty, places, ends, several)


def _strings(feature: bytes) -> list[bytes]:
    try:
        message = Feature.FromString(feature)
    except DecodeError:
        raise _Unusual from None
    if message.SerializeToString() != feature:
        raise _Unusual
    return list(message.bytes_list.value)


def _check_integers(data: Any, starts: Any, ends: Any) -> None:
    """Makes sure that every integer ends within its list, after ten groups at most."""
    _expect(data[ends - 1] < 0x80)
    if (ends - starts == 1).all():
        return
    groups = _gathered(data, starts, ends - starts)
    lasts = numpy.flatnonzero(groups < 0x80)
    lengths = numpy.diff(lasts, prepend=-1)
    # The tenth group has the one bit that is left of 64.
    _expect((lengths < 10) | ((lengths == 10) & (groups[lasts] == 1)))


def _gathered(items: Any, starts: Any, counts: Any, step: int = 1) -> Any:
    """So many items in a row from each start on, `step` apart, in one array."""
    before = numpy.cumsum(counts) - counts
    total = int(counts.sum())
    return items[numpy.repeat(starts - step * before, counts) + step * numpy.arange(total)]


def _column(text: bytes, data: Any, lists: _Lists | None, kind: str, count: int) -> Column:
    if lists is None:
        empty = {"string": object, "float": numpy.float32, "int64": numpy.int64}[kind]
        return Column(numpy.empty(0, empty), [0] * count, [False] * count)
    tags, is_empty, starts, ends, several = lists
    is_present = tags != 0
    _expect(~is_present | (tags == _TAGS[kind]))
    present: list[bool] = is_present.tolist()
    if kind == "string":
        return Column(*_all_strings(text, is_empty, starts, ends, several), present)
    sizes = ends - starts
    if kind == "float":
        return Column(_floats(text, starts, sizes), (sizes // 4).tolist(), present)
    return Column(*_integers(data, starts, sizes), present)


def _all_strings(
    text: bytes, is_empty: Any, starts: Any, ends: Any, several: dict[int, list[bytes]]
) -> tuple[Any, list[int]]:
    bounds = zip(starts.tolist(), ends.tolist(), strict=True)
    values = [text[start:end] for start, end in bounds]
    counts = [1] * len(values)
    if several or is_empty.any():
        each = [
            several.get(row) or [value] * (not empty)
            for row, (empty, value) in enumerate(zip(is_empty.tolist(), values, strict=True))
        ]
        counts = [len(strings) for strings in each]
        values = [string for strings in each for string in strings]
    array = numpy.empty(len(values), object)
    array[:] = values
    return array, counts


def _floats(text: bytes, starts: Any, sizes: Any) -> Any:
    size = int(sizes[0])
    if size and (sizes == size).all():
        values = _at_each_place(text, f"V{size}")[starts].view("<f4")
    else:
        values = _gathered(_at_each_place(text, "<f4"), starts, sizes // 4, 4)
    return values.astype(numpy.float32, copy=False)


def _integers(data: Any, starts: Any, sizes: Any) -> tuple[Any, list[int]]:
    if (sizes == 1).all():
        return data[starts].astype(numpy.int64), [1] * len(sizes)
    return integers(_gathered(data, starts, sizes), sizes)


def integers(data: Any, sizes: Any) -> tuple[Any, list[int]]:
    """Numbers in groups of seven bits, the lowest first, the last group's top bit clear.

    `data` is uint8, that of all lists in a row, each of which takes so many of `sizes`.
    """
    is_last = data < 0x80
    ends = numpy.flatnonzero(is_last)
    before = numpy.concatenate([[0], numpy.cumsum(is_last)])
    bounds = numpy.concatenate([[0], numpy.cumsum(sizes)])
    counts = numpy.diff(before[bounds])
    if not len(ends):
        return numpy.empty(0, numpy.int64), counts.tolist()
    starts = numpy.concatenate([[0], ends[:-1] + 1])
    place = numpy.arange(len(data)) - numpy.repeat(starts, ends + 1 - starts)
    groups = (data & 0x7F).astype(numpy.uint64) << (7 * place).astype(numpy.uint64)
    return numpy.bitwise_or.reduceat(groups, starts).view(numpy.int64), counts.tolist()
