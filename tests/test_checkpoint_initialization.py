"""`tf.train.init_from_checkpoint` and `warm_start`: what variables begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

FILES = Path(__file__).parent / "golden" / "files"
TABLE = np.arange(15, dtype=np.float32).reshape(5, 3)
A = np.arange(6, dtype=np.float32).reshape(2, 3)
CHECKPOINTS = [str(FILES / "sharded"), str(FILES / "sharded_v1-?????-of-00002")]


def begun() -> dict[str, Any]:
    """What the variables of the graph begin with; parts of a partitioned one joined."""
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found: dict[str, list[Any]] = {}
        for variable in tf.global_variables():
            name = variable.op.name.partition("/part_")[0]
            found.setdefault(name, []).append(session.run(variable))
    return {k: np.concatenate(v) if len(v) > 1 else v[0] for k, v in found.items()}


@pytest.mark.parametrize("path", CHECKPOINTS)
@pytest.mark.parametrize("parts", [1, 2, 4])
@pytest.mark.parametrize("resource", [False, True])
def test_each_form_of_assignment(path: str, parts: int, resource: bool) -> None:
    cut = tf.fixed_size_partitioner(parts)
    with tf.variable_scope("new", use_resource=resource):
        a = tf.get_variable("a", [2, 3])
        tf.get_variable("step", [], tf.int64)
        tf.get_variable("table", [5, 3], partitioner=cut)
    with tf.variable_scope("other", use_resource=resource):
        tf.get_variable("renamed", [2, 3])
        listed = tf.get_variable("listed", [5, 3], partitioner=cut)
        whole = tf.get_variable("whole", [5, 3])
    tf.train.init_from_checkpoint(path, {"/": "new/"})
    tf.train.init_from_checkpoint(path, {"a": "other/renamed", "table": list(listed)})
    tf.train.init_from_checkpoint(path, {"table": whole, "a": a})
    values = begun()
    for name, value in [
        *(("new/a", A), ("new/step", 7), ("new/table", TABLE)),
        *(("other/renamed", A), ("other/listed", TABLE), ("other/whole", TABLE)),
    ]:
        np.testing.assert_array_equal(values[name], value)


def test_a_partitioned_variable_may_be_given_itself() -> None:
    table = tf.get_variable("t", [5, 3], partitioner=tf.fixed_size_partitioner(2))
    tf.train.init_from_checkpoint(CHECKPOINTS[0], {"table": table})
    np.testing.assert_array_equal(begun()["t"], TABLE)


@pytest.mark.parametrize(
    ("assignments", "error"),
    [
        ({"a": "a", "table": "absent"}, ValueError),
        ({"a": "a", "no such": "b"}, ValueError),
        ({"a": "a", "table": "b"}, ValueError),
        ({"a": 3}, TypeError),
        ({"a": [3]}, TypeError),
    ],
)
def test_a_mistake_changes_nothing(assignments: dict[str, Any], error: type[Exception]) -> None:
    a = tf.get_variable("a", [2, 3])
    tf.get_variable("b", [2, 3])
    initializer, count = a.initializer, len(tf.get_default_graph().get_operations())
    with pytest.raises(error):
        tf.train.init_from_checkpoint(CHECKPOINTS[0], assignments)
    with pytest.raises(ValueError, match="slices"):
        tf.train.init_from_checkpoint(CHECKPOINTS[0], {"a": "a", "table": [a]})
    assert a.initializer is initializer
    assert len(tf.get_default_graph().get_operations()) == count


def test_types_are_compared_when_it_runs() -> None:
    v = tf.get_variable("v", [], tf.int32)
    tf.train.init_from_checkpoint(CHECKPOINTS[0], {"step": v})
    with tf.Session() as session:
        with pytest.raises(
            tf.errors.InvalidArgumentError,
            match="^tensor_name = step; expected dtype int32 does not equal original dtype int64",
        ):
            session.run(v.initializer)


@pytest.mark.parametrize("path", CHECKPOINTS)
def test_warm_start(path: str) -> None:
    tf.get_variable("a", [2, 3])
    step = tf.get_variable("step", [], tf.int64, trainable=False)
    tf.get_variable("table", [5, 3], partitioner=tf.fixed_size_partitioner(3))
    tf.get_variable("renamed", [2, 3])
    tf.train.warm_start(path, "[at]")
    tf.train.warm_start(path, [step])
    tf.train.warm_start(path, ["renamed"], None, {"renamed": "a"})
    values = begun()
    assert values["step"] == 7
    for name, value in [("a", A), ("renamed", A), ("table", TABLE)]:
        np.testing.assert_array_equal(values[name], value)


def test_mistakes_in_a_warm_start() -> None:
    a = tf.get_variable("a", [2, 3])
    path, initializer = CHECKPOINTS[0], a.initializer
    with pytest.raises(ValueError, match=r"`vars_to_warm_start must be a `list` or `str`\."):
        tf.train.warm_start(path, 3)
    with pytest.raises(ValueError, match="it must be all `Variable` or all `str`"):
        tf.train.warm_start(path, [a, "a"])
    with pytest.raises(ValueError, match="var_name_to_prev_var_name that were not used: {'no'}"):
        tf.train.warm_start(path, "a", None, {"no": "a"})
    with pytest.raises(ValueError, match="^Tensor other is not found in "):
        tf.train.warm_start(path, "a", None, {"a": "other"})
    assert a.initializer is initializer


@pytest.mark.parametrize("parts", [1, 2, 6])
def test_rows_follow_their_words(tmp_path: Path, parts: int) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"a\nb\nc\nd\ne\n")
    new.write_bytes(b"c\nx\na\nd\ny\n")
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("table", initializer=TABLE)
        tf.get_variable("bias", initializer=np.float32(4))
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(tmp_path / "model"))
    tf.get_variable("words", [6, 3], partitioner=tf.fixed_size_partitioner(parts))
    tf.get_variable("bias", [])
    ones = tf.ones_initializer()
    info = tf.train.VocabInfo(str(new), 5, 1, str(old), backup_initializer=ones)
    with pytest.raises(ValueError, match="var_name_to_vocab_info that were not used: {'no'}"):
        tf.train.warm_start(str(tmp_path), ".*", {"no": info})
    tf.train.warm_start(str(tmp_path), ".*", {"words": info}, {"words": "table"})
    values = begun()
    one = np.ones(3)
    expected = [TABLE[2], one, TABLE[0], TABLE[3], one, one]
    np.testing.assert_array_equal(values["words"], expected)
    assert values["bias"] == 4
    with pytest.raises(ValueError, match="^The only supported values for the axis argument are 0"):
        tf.train.VocabInfo(str(new), 5, 1, str(old), axis=2)
