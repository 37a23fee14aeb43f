"""The public names: where they come from, what they are declared as, what documents them."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from record_signatures import OWN, declared

import tflite_edu as tf
from tflite_edu.api import generate
from tflite_edu.api.table import EXPORTS

SIGNATURES = {
    name: (kind, arguments)
    for name, kind, *arguments in (
        line.split("\t")
        for line in (Path(__file__).parent / "golden" / "signatures.tsv").read_text().splitlines()
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


def test_table_and_stubs_are_as_generated() -> None:
    expected = generate.generated()
    assert set(generate.STUBS.glob("*.pyi")) == {p for p in expected if p.parent == generate.STUBS}
    for path, text in expected.items():
        assert path.read_text(encoding="utf-8") == text, path


def test_every_name_is_tensorflows() -> None:
    assert SIGNATURES.keys() == {name for name in EXPORTS if not name.startswith(OWN)}


def test_declared_as_in_tensorflow() -> None:
    problems = []
    for name, (expected_kind, expected) in SIGNATURES.items():
        thing = find(name)
        if expected[:1] == ["*args"] or name in MADE_BY_GRAPHS:
            assert callable(thing), name
            continue
        kind, arguments = declared(thing)
        common = [a for a in arguments if a not in ADDED.get(name, ())]
        if (kind, common) != (expected_kind, expected):
            problems.append(f"{kind} tf.{name}({', '.join(common)}), not ({', '.join(expected)})")
    assert not problems


def test_documented() -> None:
    """What can be called says in its docstring's first line what it is."""
    problems = []
    for name in EXPORTS:
        thing = find(name)
        if not callable(thing) or (inspect.isclass(thing) and issubclass(thing, Message)):
            continue
        first = ((thing.__doc__ or "").strip() or "no docstring").splitlines()[0]
        if not first.endswith((".", ":")):
            problems.append(f"tf.{name}: {first}")
    assert not problems


def test_a_name_that_is_missing_says_so() -> None:
    with pytest.raises(AttributeError, match=r"tf\.nn\.no_such_layer is not there"):
        tf.nn.no_such_layer  # noqa: B018
    assert not hasattr(tf, "no_such_name")


def test_namespaces_list_their_names() -> None:
    assert {"nn", "train", "matmul", "float32"} <= set(dir(tf))
    assert "relu" in dir(tf.nn)
