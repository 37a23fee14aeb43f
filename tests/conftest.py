"""What every test starts from: a fresh default graph, and sessions on either engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import tflite_edu as tf

# The recorders are scripts that run under TensorFlow's Python too; tests share what they define.
sys.path.insert(0, str(Path(__file__).parent / "golden"))

ENGINES = ("numpy", "reference")


@pytest.fixture(autouse=True)
def fresh_graph() -> None:
    tf.reset_default_graph()


@pytest.fixture
def engine_session() -> Callable[[str], tf.Session]:
    """Opens a session for the default graph on the named engine."""

    def open_session(engine: str) -> tf.Session:
        return tf.Session(engine=engine)

    return open_session
