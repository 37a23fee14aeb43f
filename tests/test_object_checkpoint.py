"""`tf.train.Checkpoint` and `tf.train.CheckpointManager`, here and in the real TensorFlow 1.15."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_peers import tensorflow, with_tensorflow

import tflite_edu as tf
from tflite_edu.formats.proto.trackable_object_graph_pb2 import TrackableObjectGraph
from tflite_edu.io.object_graph_def import read_object_graph
from tflite_edu.train.object_graph import SavedObjects

MODEL = """
def build(tf):
    w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    r = tf.get_variable("r", [], initializer=tf.ones_initializer(), use_resource=True)
    adam = tf.train.AdamOptimizer(0.1)
    step = adam.minimize(tf.reduce_sum(w * w) * 0.5 + tf.square(r))
    inner = tf.train.Checkpoint(r=r)
    root = tf.train.Checkpoint(weights=w, optimizer=adam, inner=inner)
    root.several = [w, {"same": r}]
    return root, step, [w, r] + adam.variables()
"""

THERE = (
    """
import json, sys
import tensorflow as tf
"""
    + MODEL
    + """
root, step, variables = build(tf)
session = tf.Session()
said = {}
root.restore(sys.argv[1]).assert_consumed().run_restore_ops(session)
said["restored"] = [v.tolist() for v in session.run(variables)]
session.run(step)
said["path"] = root.save(sys.argv[2], session)
said["saved"] = [v.tolist() for v in session.run(variables)]
said["count"] = int(session.run(root.save_counter))
print(json.dumps(said))
"""
)


def built() -> Any:
    scope: dict[str, Any] = {}
    exec(MODEL, scope)
    return scope["build"](tf)


@pytest.fixture
def model() -> Any:
    """(checkpoint, training step, its variables, a session that has taken one step)."""
    root, step, variables = built()
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    session.run(step)
    return root, step, variables, session


def values(session: tf.Session, variables: list[Any]) -> list[Any]:
    return [v.tolist() for v in session.run(variables)]


def test_a_training_goes_on_as_if_it_had_not_stopped(model: Any, tmp_path: Path) -> None:
    root, step, variables, session = model
    path = root.save(str(tmp_path / "ck"), session)
    for _ in range(3):
        session.run(step)
    uninterrupted = values(session, variables)
    with tf.Graph().as_default(), tf.Session() as other:
        root, step, variables = built()
        root.restore(path).assert_consumed().run_restore_ops(other)
        for _ in range(3):
            other.run(step)
        assert values(other, variables) == uninterrupted
        assert other.run(root.save_counter) == 1
    assert tf.train.latest_checkpoint(str(tmp_path)) == path == str(tmp_path / "ck-1")


def test_objects_that_come_after_restore(model: Any, tmp_path: Path) -> None:
    root, _, variables, session = model
    path = root.save(str(tmp_path / "ck"), session)
    expected = values(session, variables)
    with tf.Graph().as_default(), tf.Session() as other:
        late = tf.train.Checkpoint()
        status = late.restore(path)
        with pytest.raises(AssertionError, match=r"Unresolved object in checkpoint \(root\).inner"):
            status.assert_consumed()
        root, _, variables = built()
        late.weights, late.optimizer, late.inner = root.weights, root.optimizer, root.inner
        late.several = root.several
        status.assert_consumed().initialize_or_restore(other)
        assert values(other, variables) == expected


def test_names_not_variables_are_what_counts(model: Any, tmp_path: Path) -> None:
    root, _, _, session = model
    path = root.write(str(tmp_path / "ck"), session)
    with tf.Graph().as_default(), tf.Session() as other:
        renamed = tf.get_variable("other", [2], initializer=tf.zeros_initializer())
        extra = tf.get_variable("extra", initializer=7.0)
        mine = tf.train.Checkpoint(weights=renamed, extra=extra)
        status = mine.restore(path).assert_nontrivial_match().expect_partial()
        for check in (status.assert_consumed, status.assert_existing_objects_matched):
            with pytest.raises(AssertionError, match="not bound to checkpointed values.*'extra:0'"):
                check()
        status.initialize_or_restore(other)
        np.testing.assert_allclose(other.run(renamed), session.run(root.weights))
        assert other.run(extra) == 7.0
        with pytest.raises(tf.errors.InvalidArgumentError):
            tf.train.Checkpoint(weights=extra).restore(path).run_restore_ops(other)


def test_only_the_root_matches(model: Any, tmp_path: Path) -> None:
    _, _, variables, session = model
    path = tf.train.Checkpoint(a=variables[0]).write(str(tmp_path / "ck"), session)
    status = tf.train.Checkpoint(b=variables[0]).restore(path)
    with pytest.raises(AssertionError, match="Nothing except the root object matched"):
        status.assert_nontrivial_match()


def test_a_changed_object_is_saved_as_it_is_then(model: Any, tmp_path: Path) -> None:
    root, _, variables, session = model
    first = root.save(str(tmp_path / "ck"), session)
    root.extra = variables[1]
    del root.several
    second = root.save(str(tmp_path / "ck"), session)
    nodes = len(session.graph.get_operations())
    third = root.save(str(tmp_path / "ck"), session)
    assert len(session.graph.get_operations()) == nodes
    keys = [{k for k, _ in tf.train.list_variables(path)} for path in (first, second, third)]
    assert keys[0] - keys[1] == {
        "inner/r/.ATTRIBUTES/VARIABLE_VALUE",
        "inner/r/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE",
        "inner/r/.OPTIMIZER_SLOT/optimizer/v/.ATTRIBUTES/VARIABLE_VALUE",
    }
    assert keys[1] == keys[2] and "extra/.ATTRIBUTES/VARIABLE_VALUE" in keys[1]


def test_names_with_dots_slashes_and_circles(model: Any, tmp_path: Path) -> None:
    _, _, (w, r, *_), session = model
    circle = tf.train.Checkpoint(**{"a/b": w, "a.b": r})
    circle.itself = circle
    path = circle.save(str(tmp_path / "new" / "ck"), session)
    assert {k for k, _ in tf.train.list_variables(path)} == {
        "_CHECKPOINTABLE_OBJECT_GRAPH", "a.Sb/.ATTRIBUTES/VARIABLE_VALUE",
        "a..b/.ATTRIBUTES/VARIABLE_VALUE", "save_counter/.ATTRIBUTES/VARIABLE_VALUE",
    }  # fmt: skip
    session.run([w.assign([0.0, 0.0]), r.assign(0.0)])
    circle.restore(path).assert_consumed().run_restore_ops(session)
    assert session.run(r) != 0.0


def test_nothing_to_restore(model: Any) -> None:
    root, _, variables, _ = model
    status = root.restore(None)
    with pytest.raises(
        AssertionError, match=r"No checkpoint specified \(save_path=None\); nothing"
    ):
        status.assert_consumed()
    with pytest.raises(AssertionError, match="so no restore ops are available"):
        status.run_restore_ops()
    with tf.Session() as session:
        status.expect_partial().initialize_or_restore()
        assert values(session, variables[:2]) == [[1.0, 1.0], 1.0]
        assert session.run(root.save_counter) == 0


def test_wrong_calls(model: Any, tmp_path: Path) -> None:
    root, _, variables, session = model
    for wrong in (3, "s", None, variables, {"a": variables[0]}, np.ones(2), object()):
        with pytest.raises(ValueError, match="`Checkpoint` was expecting a trackable object"):
            tf.train.Checkpoint(x=wrong)
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files for"):
        root.restore(str(tmp_path / "absent"))
    with pytest.raises(TypeError, match="Expected binary or unicode string, got 3"):
        root.restore(3)
    by_name = tf.train.Saver([variables[0]]).save(session, str(tmp_path / "named"))
    with pytest.raises(ValueError, match="restore it with tf.train.Saver"):
        root.restore(by_name)
    root.several = [variables[2]]
    with pytest.raises(NotImplementedError, match="A slot variable was re-used as a dependency"):
        root.optimizer_slot = root.optimizer.get_slot(variables[0], "m")
        root.write(str(tmp_path / "ck"), session)
    del root.optimizer_slot
    root.several = {3: variables[0]}
    with pytest.raises(ValueError, match="Unable to save the object {3: .*non-string key"):
        root.write(str(tmp_path / "ck"), session)
    with tf.Session():
        with pytest.raises(tf.errors.FailedPreconditionError):
            tf.train.Checkpoint(w=variables[0]).write(str(tmp_path / "ck"))
    assert sorted(name for name in os.listdir(tmp_path) if name.startswith("ck.")) == []
    root.several = []
    assert root.write(str(tmp_path / "ck"), session) == str(tmp_path / "ck")


def test_kept_checkpoints(model: Any, tmp_path: Path) -> None:
    root, _, _, session = model
    with session.as_default():
        kept = tf.train.CheckpointManager(root, str(tmp_path / "c"), max_to_keep=2)
        assert kept.latest_checkpoint is None and kept.checkpoints == []
        paths = [kept.save() for _ in range(3)]
        assert paths == [str(tmp_path / "c" / f"ckpt-{n}") for n in (1, 2, 3)]
        assert kept.checkpoints == paths[1:] and kept.latest_checkpoint == paths[2]
        again = tf.train.CheckpointManager(root, str(tmp_path / "c"), 1, checkpoint_name="n")
        assert again.checkpoints == paths[1:]
        named = again.save(checkpoint_number=tf.constant(9))
        assert again.checkpoints == [named] == [str(tmp_path / "c" / "n-9")]
        assert tf.train.latest_checkpoint(str(tmp_path / "c")) == named
        assert {name.partition(".")[0] for name in os.listdir(tmp_path / "c")} == {
            "checkpoint", "n-9",
        }  # fmt: skip
        for all_of_them in (
            tf.train.CheckpointManager(root, str(tmp_path / "d"), None),
            tf.train.CheckpointManager(root, str(tmp_path / "e"), 1, 1e-12),
        ):
            saved = [all_of_them.save() for _ in range(3)]
            assert all(tf.train.checkpoint_exists(path) for path in saved)
    for wrong in (0, -1):
        with pytest.raises(ValueError, match=f"`max_to_max_to_keep`, got {wrong}."):
            tf.train.CheckpointManager(root, str(tmp_path), wrong)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damaged_object_graphs(data: st.DataObject) -> None:
    number = st.integers(-3, 4)
    made = TrackableObjectGraph()
    for _ in range(data.draw(st.integers(0, 3))):
        added = made.nodes.add()
        for _ in range(data.draw(st.integers(0, 2))):
            added.children.add(node_id=data.draw(number), local_name=data.draw(st.text(max_size=1)))
            added.slot_variables.add(
                original_variable_node_id=data.draw(number),
                slot_name="m",
                slot_variable_node_id=data.draw(number),
            )
    content = bytearray(made.SerializeToString())
    if content and data.draw(st.booleans()):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_object_graph(bytes(content), "file")
    except tf.errors.DataLossError as error:
        assert "checkpoint file is damaged" in str(error)
        return
    with tf.Graph().as_default():
        saved = SavedObjects(bytes(content), "file")
        found = saved.matched(tf.train.Checkpoint())
        assert set(found) <= set(range(len(saved.proto.nodes)))
        for at in range(len(saved.proto.nodes)):
            assert saved.name(at)


@with_tensorflow
def test_training_goes_there_and_back(model: Any, tmp_path: Path) -> None:
    root, _, variables, session = model
    path = root.save(str(tmp_path / "ours"), session)
    said = tensorflow(THERE, path, str(tmp_path / "theirs"))
    assert said["restored"] == values(session, variables)
    root.restore(said["path"]).assert_consumed().run_restore_ops(session)
    assert values(session, variables) == said["saved"]
    assert session.run(root.save_counter) == said["count"] == 2
