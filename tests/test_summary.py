"""Summaries: what the operations give, and what `tf.summary.FileWriter` writes."""

from __future__ import annotations

import io
import os
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import graph_dump
import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.formats.events import Summary
from tflite_edu.formats.summary import bucket_limits, histogram


def values(summary: Any, feeds: Any = None) -> list[Any]:
    with tf.Session() as sess:
        return list(tf.Summary.FromString(sess.run(summary, feeds)).value)


def events(folder: Any) -> list[Any]:
    return [
        event
        for name in sorted(os.listdir(folder))
        for event in tf.train.summary_iterator(os.path.join(folder, name))
    ]


def pixels(png: bytes) -> np.ndarray:
    """The samples of a PNG, decoded by the reader that the golden recordings use."""
    return np.array(graph_dump.png_pixels(png))


@pytest.mark.parametrize(
    ("name", "family", "scope", "tag"),
    [
        ("loss", None, None, "loss"),
        ("a b/c:d", None, None, "a_b/c_d"),
        ("/x", None, None, "x"),
        ("loss", "train", None, "train/train/loss"),
        ("loss", None, "model", "model/loss"),
        ("loss", "my train", "model", "my_train/model/my_train/loss"),
    ],
)
def test_tags(name: str, family: str | None, scope: str | None, tag: str) -> None:
    with tf.name_scope(scope):
        made = tf.summary.scalar(name, 2.5, family=family)
    (value,) = values(made)
    assert (value.tag, value.simple_value) == (tag, 2.5)


def test_tags_are_unique() -> None:
    made = [tf.summary.scalar("loss", 1.0) for _ in range(3)]
    assert [m.name for m in made] == ["loss:0", "loss_1:0", "loss_2:0"]
    assert [values(m)[0].tag for m in made] == ["loss", "loss_1", "loss_2"]


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "uint16", "int64"])
def test_scalars_of_every_type(dtype: str) -> None:
    (value,) = values(tf.summary.scalar("s", tf.constant(3, dtype)))
    assert value.simple_value == 3.0


def test_a_histogram_counts_and_sums() -> None:
    data = np.array([[-2.0, 0.0], [0.5, 0.5], [100.0, 3.0]])
    (value,) = values(tf.summary.histogram("h", data))
    h = value.histo
    assert (h.min, h.max, h.num, h.sum) == (-2.0, 100.0, 6.0, 102.0)
    assert h.sum_squares == (data**2).sum() and sum(h.bucket) == 6
    limits = list(h.bucket_limit)
    assert limits == sorted(limits) and limits[-1] == np.finfo(np.float64).max
    for count, low, high in zip(h.bucket, [-np.inf, *limits], limits, strict=False):
        assert count == ((data >= low) & (data < high)).sum()
    # Each bucket that holds something is a tenth wider than its lower limit.
    full = [(low, high) for n, low, high in zip(h.bucket, [0, *limits], limits) if n and low > 0]
    assert all(high / low == pytest.approx(1.1) for low, high in full if low > 1e-11)


def counted(data: np.ndarray) -> dict[float, float]:
    """The full buckets by their upper limit, each value looked up on its own."""
    limits = bucket_limits()
    found: dict[float, float] = {}
    for value in data.astype(np.float64).ravel():
        place = min(np.searchsorted(limits, value, side="right"), limits.size - 1)
        found[limits[place]] = found.get(limits[place], 0) + 1
    return found


@pytest.mark.parametrize(
    "data",
    [
        np.random.RandomState(0).randn(1000).astype(np.float32),
        np.random.RandomState(1).randn(30, 20) * 1e-9,
        np.random.RandomState(2).standard_cauchy(500) * 1e30,
        np.random.RandomState(3).randint(-5, 5, 200),
        np.random.RandomState(4).randn(100).astype(np.float16),
        np.concatenate([bucket_limits(), -bucket_limits()]),
        np.array([np.finfo(np.float64).max, -np.finfo(np.float64).max]),
        np.array([0.0, -0.0, 1e-300, -1e-300]),
        np.array([7], np.uint8),
        np.zeros(20, np.float32),
    ],
)
def test_a_histogram_puts_every_value_into_its_bucket(data: np.ndarray) -> None:
    # As a session runs kernels.
    with np.errstate(all="ignore"):
        histo = Summary.FromString(histogram(b"h", data, "node")).value[0].histo
        total = data.astype(np.float64).ravel().sum()
    full = {limit: n for limit, n in zip(histo.bucket_limit, histo.bucket) if n}
    assert full == counted(data)
    assert list(histo.bucket_limit) == sorted(set(histo.bucket_limit))
    assert (histo.min, histo.max, histo.num) == (data.min(), data.max(), data.size)
    # The sum is that of the values as they stand, not as they are sorted.
    np.testing.assert_equal(histo.sum, total)


def test_a_histogram_of_nothing() -> None:
    (value,) = values(tf.summary.histogram("h", tf.zeros([0])))
    assert value.histo.num == 0 and list(value.histo.bucket) == [0.0]


@pytest.mark.parametrize(
    ("data", "kind"),
    [([1.0, np.nan], "Nan"), ([np.inf, np.nan], "Infinity"), ([-np.inf], "Infinity")],
)
@pytest.mark.parametrize("engine", ["numpy", "reference"])
def test_a_histogram_names_the_node_of_what_is_not_finite(
    data: Any, kind: str, engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    given = tf.placeholder(tf.float32, [None])
    with tf.name_scope("model"):
        made = tf.summary.histogram("weights", given, family="w")
    with engine_session(engine) as sess:
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            sess.run(made, {given: data})
        first = caught.value.message.split("\n")[0]
        assert first == f"{kind} in summary histogram for: model/w/weights"
        sess.run(made, {given: [1.0]})


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ([[0.0, 0.5], [1.0, 2.0]], [[0, 63], [127, 255]]),
        ([[-2.0, 0.0], [1.0, 2.0]], [[1, 128], [191, 255]]),
        ([[0.0, 0.0], [0.0, 0.0]], [[0, 0], [0, 0]]),
        ([[1.0, np.nan], [1.0, 1.0]], [[255, 255], [255, 255]]),
    ],
)
def test_images_of_floats_are_scaled(image: Any, expected: Any) -> None:
    (value,) = values(tf.summary.image("i", np.float32(image)[None, :, :, None]))
    assert (value.image.height, value.image.width, value.image.colorspace) == (2, 2, 1)
    assert pixels(value.image.encoded_image_string).tolist() == expected


def test_images_of_bytes_are_kept() -> None:
    photo = np.arange(24, dtype=np.uint8).reshape(1, 2, 4, 3)
    (value,) = values(tf.summary.image("i", tf.constant(photo)))
    assert pixels(value.image.encoded_image_string).tolist() == photo.reshape(2, 12).tolist()


@pytest.mark.parametrize(
    ("count", "limit", "tags"),
    [
        (5, 3, ["i/image/0", "i/image/1", "i/image/2"]),
        (2, 3, ["i/image/0", "i/image/1"]),
        (5, 1, ["i/image"]),
        (0, 3, []),
    ],
)
def test_tags_of_images(count: int, limit: int, tags: list[str]) -> None:
    made = tf.summary.image("i", np.zeros((count, 1, 1, 1), np.uint8), max_outputs=limit)
    assert [v.tag for v in values(made)] == tags


def test_sound() -> None:
    clips = np.array([[[0.0, 1.0], [0.5, -1.0]], [[2.0, 0.0], [0.0, 0.0]]], np.float32)
    first, second = values(tf.summary.audio("a", clips, 8000.0))
    assert (first.tag, second.tag) == ("a/audio/0", "a/audio/1")
    a = first.audio
    assert (a.sample_rate, a.num_channels, a.length_frames, a.content_type) == (
        8000.0, 2, 2, "audio/wav",
    )  # fmt: skip
    with wave.open(io.BytesIO(a.encoded_audio_string)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 2, 2)
        found = np.frombuffer(sound.readframes(2), "<i2")
    np.testing.assert_allclose(found / 32767, [0.0, 1.0, 0.5, -1.0], atol=1e-4)


def test_text_and_tensors() -> None:
    (value,) = values(tf.summary.text("t", tf.constant(["**a**", "b"])))
    assert value.metadata.plugin_data.plugin_name == "text"
    assert list(value.tensor.string_val) == [b"**a**", b"b"]
    metadata = tf.SummaryMetadata(display_name="shown")
    (value,) = values(tf.summary.tensor_summary("n", [1.5, 2.5], summary_metadata=metadata))
    assert value.metadata.display_name == "shown"
    assert np.frombuffer(value.tensor.tensor_content, "<f4").tolist() == [1.5, 2.5]


RUN_ERRORS: list[tuple[Callable[[Any], Any], Any, str]] = [
    (
        lambda x: tf.summary.scalar("v", x),
        [1.0, 2.0],
        "tags and values not the same shape: [] != [2] (tag 'v')",
    ),
    (
        lambda x: tf.summary.image("i", x),
        np.zeros((1, 2, 2, 2)),
        "Tensor must be 4-D with last dim 1, 3, or 4, not [1,2,2,2]",
    ),
    (
        lambda x: tf.summary.image("i", x),
        np.zeros((1, 0, 2, 3)),
        "input tensor must have non-zero dims. Found: [1, 0, 2, 3].",
    ),
    (lambda x: tf.summary.audio("a", x, 1.0), [0.5], "Tensor must be 3-D or 2-D, got: [1]"),
    (lambda x: tf.summary.audio("a", x, 0.0), [[0.5]], "sample_rate must be > 0"),
    (lambda x: tf.summary.audio("a", x, 8e3), np.zeros((1, 0)), "audio is null"),
    (
        lambda x: tf.summary.merge([tf.summary.scalar("m", x)] * 2),
        1.0,
        "Duplicate tag m found in summary inputs",
    ),
    (
        lambda x: tf.summary.merge([tf.constant(b"junk")]),
        1.0,
        "Could not parse one of the summary inputs",
    ),
]


@pytest.mark.parametrize(("make", "data", "message"), RUN_ERRORS)
def test_errors_of_a_run(make: Callable[[Any], Any], data: Any, message: str) -> None:
    given = tf.placeholder(tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        values(make(given), {given: data})
    assert caught.value.message.split("\n")[0] == message


def test_errors_of_a_definition() -> None:
    with pytest.raises(TypeError, match="has DataType bool not in list of allowed values"):
        tf.summary.scalar("s", True)
    with pytest.raises(ValueError, match="passed 0 less than minimum 1"):
        tf.summary.image("i", np.zeros((1, 1, 1, 1)), max_outputs=0)
    with pytest.raises(ValueError, match="to have dtype string, got"):
        tf.summary.text("t", tf.constant(1))
    with pytest.raises(ValueError, match="At least one of name"):
        tf.summary.scalar(None, 1.0)
    with pytest.raises(ValueError, match="is not a valid node name"):
        tf.summary.scalar("", 1.0)


def test_collections_and_merging() -> None:
    a, b = tf.summary.scalar("a", 1.0), tf.summary.scalar("b", 2.0, collections=["mine"])
    with tf.name_scope("scope"):
        c = tf.summary.scalar("c", 3.0)
    assert tf.get_collection("summaries") == [a, c] and tf.get_collection("mine") == [b]
    assert [v.tag for v in values(tf.summary.merge_all())] == ["a", "scope/c"]
    assert [v.tag for v in values(tf.summary.merge_all("mine"))] == ["b"]
    assert [v.tag for v in values(tf.summary.merge_all(scope="scope"))] == ["scope/c"]
    assert [v.tag for v in values(tf.summary.merge([b, a], collections=["both"]))] == ["b", "a"]
    assert len(tf.get_collection("both")) == 1
    assert tf.summary.merge_all("nothing") is None


def test_a_writer_writes_what_it_is_given(tmp_path: Path) -> None:
    loss = tf.summary.scalar("loss", 1.5)
    text = tf.summary.text("note", tf.constant("hello"))
    with tf.Session() as sess, tf.summary.FileWriter(tmp_path, sess.graph) as writer:
        writer.add_summary(sess.run(loss), 3)
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="x", simple_value=2.0)]), 4)
        writer.add_summary(sess.run(text), 5)
        writer.add_summary(sess.run(text), np.int64(6))
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 1)
        writer.add_run_metadata(tf.RunMetadata(), "first", 7)
        writer.add_event(tf.Event(step=9, wall_time=1.0))
        assert writer.get_logdir() == str(tmp_path)
    found = events(tmp_path)
    assert [(e.WhichOneof("what"), e.step) for e in found] == [
        ("file_version", 0),
        ("graph_def", 0),
        ("meta_graph_def", 0),
        *(("summary", step) for step in (3, 4, 5, 6)),
        ("session_log", 1),
        ("tagged_run_metadata", 7),
        (None, 9),
    ]
    graph = tf.GraphDef.FromString(found[1].graph_def)
    assert [node.name for node in graph.node] == [op.name for op in loss.graph.get_operations()]
    assert "_output_shapes" in graph.node[0].attr
    assert found[3].summary.value[0].simple_value == 1.5
    # How to show a tag is told once.
    assert [e.summary.value[0].HasField("metadata") for e in found[5:7]] == [True, False]
    assert found[7].session_log.status == tf.SessionLog.START


def test_events_reach_the_disk_on_flush(tmp_path: Path) -> None:
    writer = tf.summary.FileWriter(tmp_path, max_queue=100, flush_secs=1000)
    writer.add_event(tf.Event(step=1))
    writer.flush()
    assert [e.step for e in events(tmp_path)] == [0, 1]
    writer.close()


def test_a_closed_writer_writes_nothing_until_reopened(tmp_path: Path) -> None:
    writer = tf.summary.FileWriter(tmp_path, filename_suffix=".mine")
    writer.close()
    message = (
        "Attempting to use a closed FileWriter. The operation will be a noop unless the FileWriter "
        "is explicitly reopened."
    )
    for action in (lambda: writer.add_event(tf.Event(step=1)), writer.flush):
        with pytest.warns(UserWarning) as caught:
            action()
        assert [str(w.message) for w in caught] == [message]
    writer.close()
    writer.reopen()
    writer.add_event(tf.Event(step=2))
    writer.close()
    assert [e.step for e in events(tmp_path)] == [0, 0, 2]
    assert all(name.endswith(".mine") for name in os.listdir(tmp_path))


WRITER_ERRORS: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (
        lambda w: [w.add_run_metadata(tf.RunMetadata(), "tag") for _ in range(2)],
        ValueError,
        "The provided tag was already used for this event type",
    ),
    (
        lambda w: w.add_graph(tf.Graph(), graph_def=tf.GraphDef()),
        ValueError,
        "Please pass only graph, or graph_def (deprecated), but not both.",
    ),
    (
        lambda w: w.add_graph(3),
        TypeError,
        "The passed graph must be an instance of `Graph` or the deprecated `GraphDef`",
    ),
    (
        lambda w: w.add_meta_graph(3),
        TypeError,
        "meta_graph_def must be type MetaGraphDef, saw type: <class 'int'>",
    ),
    (
        lambda w: w.add_summary(tf.Summary(), "x"),
        ValueError,
        "invalid literal for int() with base 10: 'x'",
    ),
]


@pytest.mark.parametrize(("action", "kind", "message"), WRITER_ERRORS)
def test_what_a_writer_refuses(
    tmp_path: Path, action: Callable[[Any], Any], kind: type[Exception], message: str
) -> None:
    with tf.summary.FileWriter(tmp_path) as writer:
        with pytest.raises(kind) as caught:
            action(writer)
        assert str(caught.value) == message
        writer.add_event(tf.Event(step=5))
    assert events(tmp_path)[-1].step == 5


def test_what_is_no_run_metadata_uses_up_no_tag(tmp_path: Path) -> None:
    with tf.summary.FileWriter(tmp_path) as writer:
        with pytest.raises(AttributeError, match="SerializeToString"):
            writer.add_run_metadata(3, "tag")
        writer.add_run_metadata(tf.RunMetadata(), "tag")
    assert events(tmp_path)[-1].tagged_run_metadata.tag == "tag"


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(tf.errors.OpError):
        tf.summary.FileWriter(tmp_path / "file")


def test_one_writer_for_each_folder(tmp_path: Path) -> None:
    cache = tf.summary.FileWriterCache
    first = cache.get(tmp_path / "a")
    assert cache.get(tmp_path / "a") is first and cache.get(tmp_path / "b") is not first
    cache.clear()
    with pytest.warns(UserWarning, match="closed FileWriter"):
        first.flush()
    assert cache.get(tmp_path / "a") is not first
    cache.clear()
