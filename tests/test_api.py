"""The public names: where they come from, what they are declared as, what documents them."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from record_signatures import declared

import tflite_edu as tf
from tflite_edu.api import generate
from tflite_edu.api.table import EXPORTS

SIGNATURES = {
    name: (kind, arguments.split(", ") if arguments else [])
    for name, kind, arguments in (
        line.split("\t")
        for line in Path(__file__).with_name("golden").joinpath("signatures.tsv").open()
        for line in [line.rstrip("\n")]
    )
}
# What a script may say here and not in TensorFlow.
ADDED = {
    "InteractiveSession": ["engine='numpy'"],
    "Session": ["engine='numpy'"],
    "app.flags.DEFINE_enum": ["case_sensitive=True"],
    "flags.DEFINE_enum": ["case_sensitive=True"],
}
# Only a graph makes these, of its own parts.
MADE_BY_GRAPHS = {"Operation", "Tensor"}


def find(name: str) -> Any:
    thing: Any = tf
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


def test_the_table_is_as_generated() -> None:
    assert generate.table() == generate.TABLE.read_text(encoding="utf-8")


def test_every_name_is_tensorflows() -> None:
    assert SIGNATURES.keys() == EXPORTS.keys()


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_declared_as_in_tensorflow(name: str) -> None:
    thing = find(name)
    kind, arguments = declared(thing)
    expected_kind, expected = SIGNATURES[name]
    assert kind == expected_kind
    if expected[:1] == ["*args"] or name in MADE_BY_GRAPHS:
        return
    assert [a for a in arguments if a not in ADDED.get(name, ())] == expected


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_documented(name: str) -> None:
    thing = find(name)
    if not callable(thing) or (inspect.isclass(thing) and issubclass(thing, Message)):
        return
    text = thing.__doc__ or ""
    assert text.strip(), f"tf.{name} has no docstring"
    first = text.strip().splitlines()[0]
    assert first.endswith((".", ":")), f"tf.{name}: {first}"


def test_a_name_that_is_missing_says_so() -> None:
    with pytest.raises(AttributeError, match=r"tf\.nn\.no_such_layer is not there"):
        tf.nn.no_such_layer  # noqa: B018
    assert not hasattr(tf, "no_such_name")


def test_namespaces_list_their_names() -> None:
    assert {"nn", "train", "matmul", "float32"} <= set(dir(tf))
    assert "relu" in dir(tf.nn)
