"""`tf.train.Saver`, and what reads and names checkpoints without a graph."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def three_variables() -> list[Any]:
    return [
        tf.Variable([1.0, 2.0], name="v"),
        tf.Variable([[3, 4]], dtype=tf.int64, name="w"),
        tf.get_variable("r", initializer=[5.0], use_resource=True),
    ]


def started() -> tf.Session:
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def files(prefix: str = "") -> list[str]:
    return sorted(name for name in os.listdir() if name.startswith(prefix))


@pytest.mark.parametrize("engine", ["numpy", "reference"])
def test_what_is_saved_is_restored(
    here: Path, engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    variables = three_variables()
    saver = tf.train.Saver()
    with engine_session(engine) as sess:
        sess.run(tf.global_variables_initializer())
        assert saver.save(sess, "model", global_step=7) == "model-7"
        assert files() == [
            "checkpoint", "model-7.data-00000-of-00001", "model-7.index", "model-7.meta",
        ]  # fmt: skip
    with engine_session(engine) as sess:
        saver.restore(sess, "model-7")
        found = sess.run(variables)
    assert [f.tolist() for f in found] == [[1.0, 2.0], [[3, 4]], [5.0]]
    assert [f.dtype for f in found] == [np.float32, np.int64, np.float32]


def test_every_dtype_is_kept(here: Path) -> None:
    values = {
        name: np.arange(3).astype(name)
        for name in ("float16", "float64", "int8", "uint16", "bool", "complex64", "complex128")
    }
    variables = [tf.Variable(value, name=name) for name, value in values.items()]
    text = tf.Variable([b"one", b"\xff\x00"], name="text")
    empty = tf.Variable(np.zeros((0, 3), np.float32), name="empty")
    saver = tf.train.Saver()
    with started() as sess:
        saver.save(sess, "all")
    with tf.Session() as sess:
        saver.restore(sess, "all")
        for variable, value in zip(variables, values.values(), strict=True):
            np.testing.assert_array_equal(sess.run(variable), value, strict=True)
        assert sess.run(text).tolist() == [b"one", b"\xff\x00"]
        assert sess.run(empty).shape == (0, 3)


def test_names_may_be_mapped(here: Path) -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    with started() as sess:
        tf.train.Saver({"old/name": v}).save(sess, "mapped")
    assert tf.train.list_variables("mapped") == [("old/name", [2])]
    with tf.Graph().as_default():
        other = tf.Variable([0.0, 0.0], name="other")
        with tf.Session() as sess:
            tf.train.Saver({"old/name": other}).restore(sess, "mapped")
            assert sess.run(other).tolist() == [1.0, 2.0]


def test_some_variables_only(here: Path) -> None:
    v, w, r = three_variables()
    saver = tf.train.Saver([v, r])
    with started() as sess:
        saver.save(sess, "some")
        assert [name for name, _ in tf.train.list_variables("some")] == ["r", "v"]
        sess.run([tf.assign(v, [9.0, 9.0]), tf.assign(w, [[9, 9]])])
        saver.restore(sess, "some")
        assert sess.run(v).tolist() == [1.0, 2.0] and sess.run(w).tolist() == [[9, 9]]


def partitioned(use_resource: bool) -> list[Any]:
    partitioner = tf.fixed_size_partitioner(2)
    return list(tf.get_variable("p", [5, 3], partitioner=partitioner, use_resource=use_resource))


def test_parts_of_a_partitioned_variable_are_one_tensor(here: Path) -> None:
    whole = np.arange(15.0, dtype=np.float32).reshape(5, 3)
    with tf.Graph().as_default(), tf.Session() as sess:
        first, second = partitioned(False)
        sess.run([tf.assign(first, whole[:3]), tf.assign(second, whole[3:])])
        tf.train.Saver().save(sess, "parts")
    assert tf.train.list_variables("parts") == [("p", [5, 3])]
    assert np.array_equal(tf.train.load_variable("parts", "p"), whole)
    with tf.Graph().as_default(), tf.Session() as sess:
        parts = partitioned(True)
        tf.train.Saver().restore(sess, "parts")
        assert np.array_equal(np.concatenate(sess.run(parts)), whole)
    with tf.Graph().as_default(), tf.Session() as sess:
        p = tf.get_variable("p", [5, 3])
        tf.train.Saver().restore(sess, "parts")
        assert np.array_equal(sess.run(p), whole)


def test_the_oldest_go(here: Path) -> None:
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=2)
    with started() as sess:
        for step in range(4):
            saver.save(sess, "m", global_step=step, write_meta_graph=step != 3)
    assert saver.last_checkpoints == ["m-2", "m-3"]
    assert files("m") == [
        "m-2.data-00000-of-00001", "m-2.index", "m-2.meta",
        "m-3.data-00000-of-00001", "m-3.index",
    ]  # fmt: skip
    assert tf.train.latest_checkpoint(".") == "./m-3"
    state = tf.train.get_checkpoint_state(str(here))
    assert list(state.all_model_checkpoint_paths) == [str(here / "m-2"), str(here / "m-3")]


@pytest.mark.parametrize("max_to_keep", [0, None])
def test_all_may_be_kept(here: Path, max_to_keep: int | None) -> None:
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=max_to_keep)
    with started() as sess:
        for step in range(7):
            saver.save(sess, "m", global_step=step, write_meta_graph=False)
    assert len(files("m")) == 14 and saver.last_checkpoints == []
    assert tf.train.latest_checkpoint(".") == "./m-6"


def test_one_of_some_hours_is_kept_for_ever(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=2.0)
    with started() as sess:
        for step in range(8):
            clock[0] += 3000
            saver.save(sess, "m", global_step=step, write_meta_graph=False)
    # Written 2 hours after the saver was made, 2 hours after that, and the last one.
    assert files("m") == [f"m-{s}.{k}" for s in (2, 4, 7) for k in ("data-00000-of-00001", "index")]
    assert saver.last_checkpoints == ["m-7"]


def test_kept_checkpoints_are_taken_over(here: Path) -> None:
    tf.Variable(1.0, name="v")
    first = tf.train.Saver()
    with started() as sess:
        for step in range(3):
            first.save(sess, "m", global_step=step)
        saver = tf.train.Saver(max_to_keep=2)
        saver.recover_last_checkpoints(["m-0", "gone", "m-2"])
        assert saver.last_checkpoints == ["m-0", "m-2"]
        saver.save(sess, "m", global_step=3)
        assert saver.last_checkpoints == ["m-2", "m-3"] and not files("m-0")
    saver.set_last_checkpoints(["m-1"])
    assert saver.last_checkpoints == ["m-1"]
    saver.set_last_checkpoints_with_time([("m-2", 1.0)])
    assert saver.last_checkpoints == ["m-2"]


@pytest.mark.parametrize(
    ("options", "step", "path"),
    [
        ({}, 7, "m-7"),
        ({"pad_step_number": True}, 7, "m-00000007"),
        ({}, np.int64(8), "m-8"),
        ({}, lambda: tf.train.get_or_create_global_step(), "m-0"),
        ({}, lambda: tf.constant(3) + 4, "m-7"),
        ({}, None, "m"),
    ],
)
def test_the_step_ends_the_name(here: Path, options: Any, step: Any, path: str) -> None:
    tf.Variable(1.0, name="v")
    step = step() if callable(step) else step
    saver = tf.train.Saver(**options)
    with started() as sess:
        assert saver.save(sess, "m", global_step=step) == path
    assert tf.train.checkpoint_exists(path)


def test_relative_paths_survive_a_move(here: Path) -> None:
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(save_relative_paths=True)
    with started() as sess:
        saver.save(sess, str(here / "old" / "m"))
    os.rename("old", "new")
    assert tf.train.latest_checkpoint("new") == "new/m"


def test_one_file_for_each_device(here: Path) -> None:
    with tf.device("/cpu:0"):
        a = tf.Variable([1.0, 2.0], name="a")
    b = tf.Variable([3], name="b")
    saver = tf.train.Saver(sharded=True)
    with started() as sess:
        assert saver.save(sess, "m") == "m"
        assert files("m") == [
            "m.data-00000-of-00002", "m.data-00001-of-00002", "m.index", "m.meta",
        ]  # fmt: skip
    with tf.Session() as sess:
        saver.restore(sess, "m")
        assert sess.run(a).tolist() == [1.0, 2.0] and sess.run(b).tolist() == [3]


def test_building_may_wait(here: Path) -> None:
    saver = tf.train.Saver(defer_build=True)
    v = tf.Variable(1.0, name="v")
    with started() as sess:
        with pytest.raises(RuntimeError, match=r"`build\(\)` should be called before save"):
            saver.save(sess, "m")
        saver.build()
        saver.save(sess, "m")
        sess.run(tf.assign(v, 2.0))
        saver.restore(sess, "m")
        assert sess.run(v) == 1.0


def test_nothing_to_save(here: Path) -> None:
    with pytest.raises(ValueError, match="No variables to save"):
        tf.train.Saver()
    saver = tf.train.Saver(allow_empty=True)
    with tf.Session() as sess:
        assert saver.save(sess, "m") is None
        saver.restore(sess, "nowhere")
    assert files() == ["m.meta"]


def test_reshaping(here: Path) -> None:
    v = tf.Variable([[1.0, 2.0]], name="v")
    with started() as sess:
        tf.train.Saver().save(sess, "m")
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.Variable([[0.0], [0.0]], name="v")
        tf.train.Saver(reshape=True).restore(sess, "m")
        assert sess.run(v).tolist() == [[1.0], [2.0]]


VARIABLE_LISTS: list[tuple[Callable[[Any, Any], Any], type[Exception], str]] = [
    (
        lambda v, p: {"v": v, "n": 3},
        TypeError,
        "names_to_saveables must be a dict mapping string names to Tensors/Variables. Not a "
        'variable: Tensor("Const:0", shape=(), dtype=int32)',
    ),
    (
        lambda v, p: {3: v},
        TypeError,
        "names_to_saveables must be a dict mapping string names to trackable operations. Name is "
        "not a string: 3",
    ),
    (lambda v, p: [v, v], ValueError, "At least two variables have the same name: v"),
    (
        lambda v, p: {"x": v, "y": v},
        ValueError,
        "The same saveable will be restored with two names: y",
    ),
    (
        lambda v, p: [tf.constant(1.0)],
        TypeError,
        'Variable to save is not a Variable: Tensor("Const:0", shape=(), dtype=float32)',
    ),
    (lambda v, p: 3, TypeError, "Variables to save should be passed in a dict or a list: 3"),
    (
        lambda v, p: {"x": [v]},
        ValueError,
        "Slices must all be slices: <tf.Variable 'v:0' shape=() dtype=float32_ref>",
    ),
    (lambda v, p: {"x": [p]}, ValueError, "Slices must all be Variables: "),
]


@pytest.mark.parametrize(("make", "kind", "message"), VARIABLE_LISTS)
def test_what_cannot_be_saved(
    make: Callable[[Any, Any], Any], kind: type[Exception], message: str
) -> None:
    v = tf.Variable(1.0, name="v")
    p = tf.get_variable("p", [4], partitioner=tf.fixed_size_partitioner(2))
    with pytest.raises(kind) as caught:
        tf.train.Saver(make(v, p))
    assert str(caught.value).startswith(message)


RESTORE_ERRORS: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (
        lambda: tf.Variable(1.0, name="missing"),
        tf.errors.NotFoundError,
        "Restoring from checkpoint failed. This is most likely due to a Variable name or other "
        "graph key that is missing from the checkpoint. Please ensure that you have not altered "
        "the graph expected based on the checkpoint. Original error:\n\n"
        "Key missing not found in checkpoint",
    ),
    (
        lambda: tf.Variable([1.0, 2.0, 3.0], name="v"),
        tf.errors.InvalidArgumentError,
        "Restoring from checkpoint failed. This is most likely due to a mismatch between the "
        "current graph and the graph from the checkpoint. Please ensure that you have not altered "
        "the graph expected based on the checkpoint. Original error:\n\n"
        "Assign requires shapes of both tensors to match. lhs shape= [3] rhs shape= [2]",
    ),
    (
        lambda: tf.Variable([1, 2], name="v"),
        tf.errors.InvalidArgumentError,
        "Restoring from checkpoint failed. This is most likely due to a mismatch between the "
        "current graph and the graph from the checkpoint. Please ensure that you have not altered "
        "the graph expected based on the checkpoint. Original error:\n\n"
        "tensor_name = v; expected dtype int32 does not equal original dtype float",
    ),
]


@pytest.mark.parametrize(("make", "kind", "message"), RESTORE_ERRORS)
def test_restoring_what_does_not_fit(
    here: Path, make: Callable[[], Any], kind: type[Exception], message: str
) -> None:
    three_variables()
    with started() as sess:
        tf.train.Saver().save(sess, "m")
    with tf.Graph().as_default():
        wrong, fine = make(), tf.Variable(8.0, name="fine")
        with started() as sess:
            before = sess.run(wrong)
            with pytest.raises(kind) as caught:
                tf.train.Saver([wrong]).restore(sess, "m")
            assert str(caught.value).startswith(message)
            assert "test_saver.py" in str(caught.value)
            assert np.array_equal(sess.run(wrong), before) and sess.run(fine) == 8.0


@pytest.mark.parametrize(
    ("path", "kind", "message"),
    [
        (None, ValueError, "Can't load save_path when it is None."),
        ("nowhere/m", ValueError, "The passed save_path is not a valid checkpoint: nowhere/m"),
        (3, TypeError, "Expected binary or unicode string, got 3"),
    ],
)
def test_restoring_from_nothing(here: Path, path: Any, kind: type[Exception], message: str) -> None:
    v = tf.Variable(1.0, name="v")
    with started() as sess:
        with pytest.raises(kind) as caught:
            tf.train.Saver().restore(sess, path)
        assert str(caught.value) == message
        assert sess.run(v) == 1.0


def test_a_damaged_checkpoint_is_told(here: Path) -> None:
    v = tf.Variable(np.arange(100.0), name="v")
    saver = tf.train.Saver()
    with started() as sess:
        saver.save(sess, "m")
        data = bytearray(Path("m.data-00000-of-00001").read_bytes())
        data[40] ^= 1
        Path("m.data-00000-of-00001").write_bytes(data)
        with pytest.raises(tf.errors.DataLossError):
            saver.restore(sess, "m")
        Path("m.index").write_bytes(b"no table")
        with pytest.raises(tf.errors.DataLossError):
            saver.restore(sess, "m")
        assert sess.run(v)[3] == 3.0


def test_uninitialized_variables_are_not_saved(here: Path) -> None:
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver()
    with tf.Session() as sess:
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
            saver.save(sess, "m")
        assert files() == [] and saver.last_checkpoints == []
        sess.run(tf.global_variables_initializer())
        assert saver.save(sess, "m") == "m"


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"save_path": ""}, ValueError, "no path specified"),
        (
            {"save_path": "m", "latest_filename": "a/b"},
            ValueError,
            "'latest_filename' must not contain path components",
        ),
        (
            {"save_path": "checkpoint"},
            ValueError,
            "'latest_filename' collides with 'save_path': 'checkpoint' and 'checkpoint'",
        ),
        (
            {"save_path": 3},
            TypeError,
            "expected str, bytes or os.PathLike object, not int",
        ),
        (
            {"save_path": "file/m"},
            ValueError,
            "Parent directory of file/m doesn't exist, can't save.",
        ),
        ({"sess": 3, "save_path": "m"}, TypeError, "'sess' must be a Session; 3"),
    ],
)
def test_saving_to_nowhere(
    here: Path, arguments: dict[str, Any], kind: type[Exception], message: str
) -> None:
    tf.Variable(1.0, name="v")
    Path("file").write_text("not a folder")
    saver = tf.train.Saver()
    with started() as sess:
        with pytest.raises(kind) as caught:
            saver.save(**{"sess": sess, **arguments})
        assert str(caught.value) == message
        assert files() == ["file"] and saver.last_checkpoints == []


def test_a_closed_session_saves_nothing(here: Path) -> None:
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver()
    sess = started()
    sess.close()
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
        saver.save(sess, "m")


def test_a_finalized_graph_is_saved(here: Path) -> None:
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver()
    with started() as sess:
        sess.graph.finalize()
        saver.save(sess, "m")
    assert files("m.meta")


def test_a_saver_as_proto(here: Path) -> None:
    v = tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=3)
    proto = saver.to_proto()
    assert (proto.filename_tensor_name, proto.save_tensor_name, proto.restore_op_name) == (
        "save/Const:0", "save/control_dependency:0", "save/restore_all",
    )  # fmt: skip
    assert proto.max_to_keep == 3 and proto.version == tf.train.SaverDef.V2
    again = tf.train.Saver.from_proto(proto)
    with started() as sess:
        again.save(sess, "m")
        sess.run(tf.assign(v, 2.0))
        again.restore(sess, "m")
        assert sess.run(v) == 1.0
    with pytest.raises(ValueError, match="saver_def must specify the save_tensor_name"):
        tf.train.Saver(saver_def=tf.train.SaverDef())


def test_reading_without_a_graph(here: Path) -> None:
    three_variables()
    with started() as sess:
        tf.train.Saver().save(sess, "m")
    reader = tf.train.load_checkpoint(".")
    assert reader.get_variable_to_shape_map() == {"r": [1], "v": [2], "w": [1, 2]}
    assert reader.get_variable_to_dtype_map() == {"r": tf.float32, "v": tf.float32, "w": tf.int64}
    assert reader.has_tensor("v") and not reader.has_tensor("z")
    assert reader.debug_string() == b"r (DT_FLOAT) [1]\nv (DT_FLOAT) [2]\nw (DT_INT64) [1,2]\n"
    assert tf.train.list_variables(".") == [("r", [1]), ("v", [2]), ("w", [1, 2])]
    assert tf.train.load_variable("m", "w:0").tolist() == [[3, 4]]
    with pytest.raises(tf.errors.NotFoundError, match="Key z not found in checkpoint"):
        tf.train.load_variable("m", "z")
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files for z"):
        tf.train.load_checkpoint("z")
    os.mkdir("empty")
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file or checkpoints in given"):
        tf.train.load_checkpoint("empty")
    assert tf.train.latest_checkpoint("empty") is None
    assert tf.train.get_checkpoint_state("empty") is None


def test_removing(here: Path) -> None:
    tf.Variable(1.0, name="v")
    with started() as sess:
        tf.train.Saver().save(sess, "m")
    assert len(tf.train.get_checkpoint_mtimes(["m", "none"])) == 1
    tf.train.remove_checkpoint("m")
    tf.train.remove_checkpoint("m")
    assert files() == ["checkpoint"] and not tf.train.checkpoint_exists("m")
    assert tf.train.latest_checkpoint(".") is None
