"""Parsing ops beyond the recorded snippets: large batches, any input, both engines, decoders."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES
from hypothesis import given, settings
from hypothesis import strategies as st

import tflite_edu as tf

WANTED = {
    "numbers": tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True, default_value=-1),
    "pairs": tf.FixedLenSequenceFeature([2], tf.float32, allow_missing=True),
    "point": tf.FixedLenFeature([3], tf.float32, [0.0, 0.0, 0.0]),
    "label": tf.FixedLenFeature([], tf.int64, -5),
    "words": tf.VarLenFeature(tf.string),
    "reals": tf.VarLenFeature(tf.float32),
}


def example(features: dict[str, list[Any]]) -> bytes:
    made = tf.train.Example()
    for name, values in features.items():
        if WANTED[name].dtype is tf.string:
            made.features.feature[name].bytes_list.value.extend(values)
        elif WANTED[name].dtype is tf.float32:
            made.features.feature[name].float_list.value.extend(values)
        else:
            made.features.feature[name].int64_list.value.extend(values)
    return made.SerializeToString()


def padded(rows: list[list[Any]], padding: Any, dtype: str) -> np.ndarray:
    most = max((len(row) for row in rows), default=0)
    return np.array([[*row, *[padding] * (most - len(row))] for row in rows], dtype).reshape(
        len(rows), most
    )


INT64 = st.integers(-(2**63), 2**63 - 1)
REAL = st.floats(width=32, allow_nan=False)
FEATURES = st.fixed_dictionaries(
    {},
    optional={
        "numbers": st.lists(INT64, max_size=5),
        "pairs": st.lists(REAL, max_size=40).map(lambda x: x[: len(x) // 2 * 2]),
        "point": st.lists(REAL, min_size=3, max_size=3),
        "label": st.lists(INT64, min_size=1, max_size=1),
        "words": st.lists(st.binary(max_size=5), max_size=4),
        "reals": st.lists(REAL, max_size=200),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(FEATURES, max_size=6))
def test_batches_are_what_went_in(rows: list[dict[str, list[Any]]]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        batch = tf.placeholder(tf.string, [None])
        found = session.run(tf.parse_example(batch, WANTED), {batch: [example(r) for r in rows]})

    def column(name: str, default: list[Any]) -> list[list[Any]]:
        return [row.get(name, default) for row in rows]

    np.testing.assert_array_equal(found["numbers"], padded(column("numbers", []), -1, "int64"))
    pairs = padded(column("pairs", []), 0, "float32")
    np.testing.assert_array_equal(found["pairs"], pairs.reshape(len(rows), -1 if rows else 0, 2))
    point = np.array(column("point", [0, 0, 0]), np.float32).reshape(len(rows), 3)
    np.testing.assert_array_equal(found["point"], point)
    assert found["label"].tolist() == [x for (x,) in column("label", [-5])]
    for name in ("words", "reals"):
        listed = column(name, [])
        sparse = found[name]
        places = [[i, j] for i, row in enumerate(listed) for j in range(len(row))]
        assert sparse.indices.tolist() == places
        flat = [x for row in listed for x in row]
        dtype = object if name == "words" else np.float32
        np.testing.assert_array_equal(sparse.values, np.array(flat, dtype))
        assert sparse.dense_shape.tolist() == [len(rows), max(map(len, listed), default=0)]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_examples_are_parsed_or_refused(data: st.DataObject) -> None:
    content = bytearray(
        data.draw(
            st.one_of(
                st.binary(max_size=60),
                st.just(example({"point": [1, 2, 3], "words": [b"a", b"bc"], "numbers": [7, -7]})),
            )
        )
    )
    for _ in range(data.draw(st.integers(0, 3)) if content else 0):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    sequence = {"x": tf.FixedLenSequenceFeature([1], tf.int64, allow_missing=True)}
    with tf.Graph().as_default(), tf.Session() as session:
        text = tf.placeholder(tf.string, [])
        for fetch in (
            tf.parse_single_example(text, WANTED),
            tf.parse_example([text], WANTED),
            tf.parse_single_sequence_example(text, {"label": WANTED["label"]}, sequence)[1]["x"],
            tf.io.parse_sequence_example([text], {"label": WANTED["label"]}, sequence)[1]["x"],
            tf.parse_tensor(text, tf.float32),
            tf.decode_csv(text, [[0], [0.0], [""]]),
            tf.decode_base64(text),
            tf.decode_compressed(text, "GZIP"),
            tf.decode_json_example(text),
        ):
            try:
                session.run(fetch, {text: bytes(content)})
            except (tf.errors.InvalidArgumentError, tf.errors.DataLossError) as error:
                assert error.message


@pytest.mark.parametrize("engine", ENGINES)
def test_large_batches(engine: str, engine_session: Callable[[str], tf.Session]) -> None:
    random = np.random.RandomState(0)
    images = random.rand(200, 784).astype(np.float32)
    wanted = {
        "image": tf.FixedLenFeature([28, 28], tf.float32),
        "label": tf.FixedLenFeature([], tf.int64),
    }
    serialized = []
    for i, image in enumerate(images):
        made = tf.train.Example()
        made.features.feature["image"].float_list.value.extend(image)
        made.features.feature["label"].int64_list.value.append(i)
        serialized.append(made.SerializeToString())
    batch = tf.placeholder(tf.string, [None])
    parsed = tf.parse_example(batch, wanted)
    with engine_session(engine) as session:
        for _ in range(2):
            found = session.run(parsed, {batch: serialized})
            np.testing.assert_array_equal(found["image"].reshape(200, 784), images)
            assert found["label"].tolist() == list(range(200))


def test_unknown_fields_of_a_list_are_passed_over() -> None:
    made = tf.train.Example()
    made.features.feature["reals"].float_list.value.extend(range(100))
    numbers = made.features.feature["reals"].float_list
    numbers.MergeFromString(b"\x98\x06\x01")
    with tf.Session() as session:
        found = session.run(tf.parse_example([made.SerializeToString()], WANTED)["reals"])
    assert found.values.tolist() == list(range(100))


@pytest.mark.parametrize("unknown", [b"\x12\x03abc", b"\x18\x05", b"\x12\x80\x01" + b"x" * 128])
def test_lists_and_features_of_unknown_fields_alone(unknown: bytes) -> None:
    made = tf.train.Example()
    made.features.feature["reals"].float_list.MergeFromString(unknown)
    made.features.feature["numbers"].int64_list.MergeFromString(unknown)
    made.features.feature["words"].bytes_list.MergeFromString(unknown)
    made.features.feature["label"].MergeFromString(b"\x7a\x00")
    with tf.Session() as session:
        found = session.run(tf.parse_example([made.SerializeToString()], WANTED))
    assert found["reals"].dense_shape.tolist() == found["words"].dense_shape.tolist() == [1, 0]
    assert found["numbers"].shape == (1, 0)
    assert found["label"].tolist() == [-5]


def test_lists_that_are_not_packed() -> None:
    single = b"".join(b"\x0d" + np.float32(x).tobytes() for x in range(50))
    feature = b"\x12" + bytes([0x80 | len(single) & 0x7F, len(single) >> 7]) + single
    entry = b"\x0a\x05reals\x12" + bytes([0x80 | len(feature) & 0x7F, len(feature) >> 7]) + feature
    features = b"\x0a" + bytes([0x80 | len(entry) & 0x7F, len(entry) >> 7]) + entry
    text = b"\x0a" + bytes([0x80 | len(features) & 0x7F, len(features) >> 7]) + features
    with tf.Session() as session:
        found = session.run(tf.parse_example([text], WANTED)["reals"])
    assert found.values.tolist() == list(range(50))


@pytest.mark.parametrize("parse", [tf.parse_example, tf.parse_single_example])
@pytest.mark.parametrize(
    ("features", "error", "message"),
    [
        (None, ValueError, "Missing"),
        ({"a": 3}, ValueError, "Invalid feature a:3"),
        ({"a": tf.FixedLenFeature([1], None)}, ValueError, "Missing type for feature a"),
        ({"a": tf.FixedLenFeature(None, tf.int64)}, ValueError, "Missing shape for feature a"),
        (
            {"a": tf.FixedLenFeature([None], tf.int64)},
            ValueError,
            "First dimension of shape for feature a unknown. Consider using FixedLenSequenceFeatur",
        ),
        ({"a": tf.VarLenFeature(None)}, ValueError, "Missing type for feature a"),
        (
            {"a": tf.VarLenFeature(tf.int32)},
            TypeError,
            "parameter 'sparse_types' has DataType int32 not in list of allowed values: float32",
        ),
        (
            {"a": tf.FixedLenFeature([], tf.int32)},
            TypeError,
            "parameter 'dense_defaults' has DataType int32 not in list of allowed values: float32",
        ),
        (
            {"a": tf.FixedLenSequenceFeature([], tf.int64)},
            ValueError,
            "Unsupported: FixedLenSequenceFeature requires allow_missing to be True",
        ),
        (
            {"a": tf.FixedLenSequenceFeature([None], tf.int64, True)},
            ValueError,
            r"dense_shapes\[0\] has unknown rank or unknown inner dimensions: \[\?,\?\]",
        ),
        ({"a": tf.SparseFeature("i", None, tf.int64, 3)}, ValueError, "Missing value_key"),
        ({"a": tf.SparseFeature(None, "v", tf.int64, 3)}, ValueError, "Missing index_key"),
        (
            {"a": tf.SparseFeature(["i", "j"], "v", tf.int64, 3)},
            TypeError,
            "vocab_size has to be a list of Tensors or Python ints. Found <class 'int'>",
        ),
        (
            {"a": tf.SparseFeature("i", "v", tf.int64, [3])},
            TypeError,
            "vocab_size has to be a Tensor or Python int. Found <class 'list'>",
        ),
        (
            {"v": tf.FixedLenFeature([], tf.int64), "a": tf.SparseFeature("i", "v", tf.int64, 3)},
            ValueError,
            "Dense and sparse keys must not intersect; intersection: {'v'}",
        ),
    ],
)
def test_features_that_lack_something(
    parse: Any, features: Any, error: type[Exception], message: str
) -> None:
    serialized = tf.placeholder(tf.string, [None] if parse is tf.parse_example else [])
    with pytest.raises(error, match=message):
        parse(serialized, features)


@pytest.mark.parametrize("parse", [tf.parse_single_sequence_example, tf.io.parse_sequence_example])
@pytest.mark.parametrize(
    ("context", "steps", "message"),
    [
        (None, {}, "Missing features"),
        ({"a": tf.SparseFeature("i", "v", tf.int64, 3)}, None, "Unsupported SparseFeature"),
        ({"a": tf.FixedLenSequenceFeature([], tf.int64)}, None, "Unsupported FixedLenSequenceF"),
        (None, {"a": tf.FixedLenFeature([], tf.int64)}, "Unsupported FixedLenFeature"),
        (
            None,
            {"a": tf.FixedLenSequenceFeature([], tf.int64, default_value=3)},
            r"Value feature_list_dense_defaults\[a\] must be None",
        ),
        (None, {"a": tf.FixedLenSequenceFeature([None], tf.int64)}, r"Shape \[\?\] is not fully"),
    ],
)
def test_sequence_features_that_lack_something(
    parse: Any, context: Any, steps: Any, message: str
) -> None:
    serialized = tf.placeholder(tf.string)
    with pytest.raises(ValueError, match=message):
        parse(serialized, context, steps)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), min_size=3, max_size=3), min_size=1, max_size=5))
def test_quoted_fields_come_back(rows: list[list[str]]) -> None:
    lines = [",".join('"' + field.replace('"', '""') + '"' for field in row) for row in rows]
    with tf.Graph().as_default(), tf.Session() as session:
        columns = session.run(tf.decode_csv(tf.constant(lines), [["none"]] * 3))
    expected = [[(field or "none").encode() for field in row] for row in rows]
    assert np.stack(columns, 1).tolist() == expected


def test_many_lines_of_csv() -> None:
    lines = [f"{i},{i / 4},word {i}" for i in range(5000)]
    with tf.Session() as session:
        numbers, reals, words = session.run(tf.decode_csv(lines, [[0], [0.0], [""]]))
    assert (numbers == np.arange(5000)).all() and numbers.dtype == np.int32
    np.testing.assert_array_equal(reals, np.arange(5000, dtype=np.float32) / 4)
    assert words[-1] == b"word 4999"


def test_wrong_arguments_of_decoders() -> None:
    for select, message in (
        ([2, 1], "select_cols is not strictly increasing"),
        ([1, 1], "select_cols is not strictly increasing"),
        ([-1, 1], "select_cols contains negative values"),
        ([1], "Length of select_cols and record_defaults do not match"),
    ):
        with pytest.raises(ValueError, match=message):
            tf.decode_csv("1", [[1], [1]], select_cols=select)
    with pytest.raises(ValueError, match="Cannot specify both 'bytes' and 'input_bytes'"):
        tf.decode_raw("a", tf.int8, bytes="b")
    with pytest.raises(ValueError, match="missing 1 positional argument: 'out_type'"):
        tf.decode_raw("a")


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64", "complex64", "int64"])
def test_decoded_numbers_belong_to_the_caller(dtype: str) -> None:
    numbers = np.arange(6).astype(dtype)
    texts = tf.placeholder(tf.string, [None])
    with tf.Session() as session:
        found = session.run(tf.decode_raw(texts, dtype), {texts: [numbers.tobytes()] * 2})
    np.testing.assert_array_equal(found, [numbers, numbers])
    found[0] = 0


def test_tensors_of_all_types_survive_a_string() -> None:
    for array in (
        np.arange(6, dtype=np.int32).reshape(2, 3),
        np.zeros([2, 0], np.float16),
        np.array([True, False]),
        np.array([b"", b"\xff"], object),
        np.array(2.5),
        np.array([1 + 2j], np.complex128),
    ):
        dtype = tf.string if array.dtype == object else tf.as_dtype(array.dtype)
        with tf.Graph().as_default(), tf.Session() as session:
            again = session.run(tf.parse_tensor(tf.serialize_tensor(tf.constant(array)), dtype))
        np.testing.assert_array_equal(again, array)


def test_compressed_strings() -> None:
    with tf.Session() as session:
        assert session.run(tf.decode_compressed(zlib.compress(b"a" * 999), "ZLIB")) == b"a" * 999
