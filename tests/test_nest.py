"""tf.nest."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

P = namedtuple("P", "a b")
Q = namedtuple("Q", "a b")
Twin = namedtuple("P", "a b")


@pytest.mark.parametrize(
    ("structure", "flat"),
    [
        ({"b": 1, "a": [2, (3,)], "c": P(4, {"z": 5})}, [2, 3, 1, 4, 5]),
        (3, [3]),
        ("abc", ["abc"]),
        (None, [None]),
        ([], []),
        ({1, 2}, [{1, 2}]),
    ],
)
def test_flatten(structure: Any, flat: list[Any]) -> None:
    assert tf.nest.flatten(structure) == flat


def test_arrays_are_no_structures() -> None:
    array = np.zeros(2)
    assert tf.nest.flatten(array)[0] is array
    assert not tf.nest.is_nested(array)
    assert tf.nest.is_nested({})


@pytest.mark.parametrize(
    "structure",
    [
        {"b": 1, "a": [2, (3,)], "c": P(4, 5)},
        OrderedDict([("b", 1), ("a", 2)]),
        defaultdict(list, {"b": 1, "a": 2}),
        [(), [[1]]],
        7,
    ],
)
def test_pack_undoes_flatten(structure: Any) -> None:
    packed = tf.nest.pack_sequence_as(structure, tf.nest.flatten(structure))
    assert packed == structure
    assert type(packed) is type(structure)
    assert list(packed if isinstance(packed, dict) else ()) == list(
        structure if isinstance(structure, dict) else ()
    )


def test_pack_refuses() -> None:
    with pytest.raises(TypeError, match="flat_sequence must be a sequence"):
        tf.nest.pack_sequence_as([1, 2], 3)
    with pytest.raises(ValueError, match=r"scalar but len\(flat_sequence\) == 2 > 1"):
        tf.nest.pack_sequence_as(1, [3, 4])
    with pytest.raises(ValueError) as raised:
        tf.nest.pack_sequence_as([1, 2], [3])
    assert str(raised.value) == (
        "Could not pack sequence. Structure had 2 elements, but flat_sequence had 1 elements.  "
        "Structure: [1, 2], flat_sequence: [3]."
    )


def test_map_structure() -> None:
    added = tf.nest.map_structure(lambda a, b: a + b, [1, (2, {"k": 3})], [10, (20, {"k": 30})])
    assert added == [11, (22, {"k": 33})]
    assert tf.nest.map_structure(max, [1, 5], (3, 4), check_types=False) == [3, 5]
    with pytest.raises(TypeError, match="func must be callable, got: 3"):
        tf.nest.map_structure(3, [1])
    with pytest.raises(ValueError, match="Must provide at least one structure"):
        tf.nest.map_structure(max)
    with pytest.raises(ValueError, match="not: `bad`"):
        tf.nest.map_structure(max, [1], bad=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [([1], [2]), (1, 2), ({"a": 1}, OrderedDict(a=1)), (P(1, 2), Twin(3, 4))],
)
def test_same_structure(one: Any, other: Any) -> None:
    tf.nest.assert_same_structure(one, other)


@pytest.mark.parametrize(
    ("one", "other", "error", "detail"),
    [
        ([1], [2, 3], ValueError, "same number of elements"),
        ([1, [2]], [2, 3], ValueError, 'Substructure "type=list str=[2]" is a sequence'),
        ([1], (2,), TypeError, "has type list, while second structure"),
        (P(1, 2), Q(1, 2), TypeError, "has type P, while second structure"),
        ({"a": 1}, {"b": 1}, ValueError, "First structure has keys type=list str=['a']"),
    ],
)
def test_other_structure(one: Any, other: Any, error: type[Exception], detail: str) -> None:
    with pytest.raises(error) as raised:
        tf.nest.assert_same_structure(one, other)
    message = str(raised.value)
    assert message.startswith("The two structures don't have the same nested structure.\n\n")
    assert detail in message


def test_composites() -> None:
    s = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    assert tf.nest.flatten([s]) == [s]
    assert tf.nest.flatten([s], expand_composites=True) == [s.values, s.indices]
    again = tf.nest.pack_sequence_as(s, [s.values, s.indices], expand_composites=True)
    assert isinstance(again, tf.IndexedSlices)
