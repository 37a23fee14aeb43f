"""The OpDef that a class stands for is the one that TensorFlow 1.15 registers under its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from record_op_defs import op_def_dict

import tflite_edu as tf
from tflite_edu.core import op
from tflite_edu.io.op_def import op_def

GOLDEN = Path(__file__).parent / "golden"
OP_DEFS = json.loads((GOLDEN / "op_defs.json").read_text())
op.load_all()
CLASSES = {
    name: cls for name, cls in op.REGISTRY.items() if cls.__module__.startswith("tflite_edu.")
}


@pytest.mark.parametrize("op_type", sorted(CLASSES))
def test_op_def(op_type: str) -> None:
    own = op_def_dict(tf, op_def(CLASSES[op_type]))
    assert json.loads(json.dumps(own)) == OP_DEFS[op_type]


def test_index_names_the_module_of_every_class() -> None:
    assert {name: cls.__module__ for name, cls in CLASSES.items()} == op.OpIndex.modules
