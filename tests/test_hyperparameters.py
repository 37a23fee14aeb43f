"""`tf.contrib.training.HParams`: values by name, from text, dicts and JSON, each of one type."""

from __future__ import annotations

from typing import Any

import pytest

import tflite_edu as tf


def made() -> Any:
    return tf.contrib.training.HParams(rate=0.1, steps=3, name="x", fast=True, layers=[1, 2])


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("rate=1", "rate", 1.0),
        ("rate=1e-3,steps=-7", "steps", -7),
        ("name=a=b", "name", "a=b"),
        ("name=", "name", ""),
        ("fast=false", "fast", False),
        ("fast=2", "fast", True),
        ("layers=[4, 5 6]", "layers", [4, 5, 6]),
        ("layers=[]", "layers", []),
        ("", "rate", 0.1),
    ],
)
def test_parse(text: str, name: str, value: Any) -> None:
    hparams = made()
    assert hparams.parse(text) is hparams
    assert hparams.get(name) == getattr(hparams, name) == value
    assert type(hparams.get(name)) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rate=5,steps=2.5", "Could not parse hparam 'steps' of type 'int' with value '2.5' in"),
        ("rate=5,none=1", "Unknown hyperparameter type for none"),
        ("rate=5,steps", "Malformed hyperparameter value: steps"),
        ("rate=5,layers=5", "Must pass a list for multi-valued parameter: layers."),
        ("rate=5,steps=[1]", "Must not pass a list for single-valued parameter: steps"),
        ("rate=5,rate=6", "Multiple assignments to variable 'rate' in rate=5,rate=6"),
        ("rate=5,fast=t", "Could not parse hparam 'fast' of type 'bool' with value 't'"),
    ],
)
def test_wrong_text_changes_nothing(text: str, message: str) -> None:
    hparams = made()
    with pytest.raises(ValueError, match=message):
        hparams.parse(text)
    assert hparams.values() == made().values()


def test_values_keep_their_types() -> None:
    hparams = made()
    hparams.set_hparam("rate", 2)
    assert type(hparams.rate) is float
    for name, value in (("steps", 2.0), ("steps", True), ("name", 3), ("fast", 1)):
        with pytest.raises(ValueError, match=f"Could not cast hparam '{name}'"):
            hparams.set_hparam(name, value)
    with pytest.raises(KeyError):
        hparams.override_from_dict({"steps": 9, "none": 1})
    assert hparams.steps == 3
    with pytest.raises(ValueError, match="is incompatible with default=2.5"):
        hparams.get("steps", 2.5)
    assert hparams.get("none", 2.5) == 2.5


def test_names_come_and_go() -> None:
    hparams = made()
    hparams.add_hparam("depth", 4)
    assert "depth" in hparams
    for name in ("depth", "parse"):
        with pytest.raises(ValueError, match=f"Hyperparameter name is reserved: {name}"):
            hparams.add_hparam(name, 1)
    with pytest.raises(ValueError, match="Multi-valued hyperparameters cannot be empty: e"):
        hparams.add_hparam("e", [])
    hparams.del_hparam("depth")
    hparams.del_hparam("depth")
    assert "depth" not in hparams


def test_json_there_and_back() -> None:
    hparams, other = made(), made()
    hparams.parse("rate=9,layers=[7]")
    assert other.parse_json(hparams.to_json(sort_keys=True)).values() == hparams.values()
    assert str(other) == "rate=9.0,steps=3,name=x,fast=True,layers=[7]"
