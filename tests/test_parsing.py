"""Parsing ops beyond the recorded snippets: large batches, any input, both engines, decoders."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
from conftest import ENGINES
from hypothesis import given, settings
from hypothesis import strategies as st

import tflite_edu as tf
from tflite_edu.formats.example_layout import columns

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


def integer_list(packed: bytes) -> bytes:
    """An example whose feature "numbers" has these bytes for packed integers."""
    made = b"\x0a" + bytes([len(packed)]) + packed
    for tag in (b"\x1a", b"\x0a\x07numbers\x12", b"\x0a", b"\x0a"):
        made = tag + bytes([len(made)]) + made
    return made


UNUSUAL = [
    b"",
    b"\x0a\x00",
    b"\x0a\x80\x00",
    b"\x0a\x00\x0a\x00",
    b"\x12\x00",
    example({"words": []}),
    example({"words": [b""], "point": [1, 2, 3]}),
    example({"words": [b"x" * 300, b"", b"y"]}),
    example({"label": [1]})[:-1],
    tf.train.Example(
        features=tf.train.Features(feature={"label": tf.train.Feature()})
    ).SerializeToString(),
    # A name that is not asked for, that is not ASCII, and one that is not UTF-8 either.
    example({"label": [3]}).replace(b"label", b"LABEL"),
    example({"label": [3]}).replace(b"label", "lab\xe9".encode()),
    example({"label": [3]}).replace(b"label", b"labe\xff"),
    # The same feature twice.
    b"\x0a" + bytes([30]) + 2 * b"\x0a\x0d\x0a\x05label\x12\x04\x1a\x02\x08\x05",
    b"\x0a" + bytes([34]) + 2 * b"\x0a\x0f\x0a\x05label\x12\x06\x1a\x04\x0a\x02\x05\x06",
    # A list of two types, of which the last counts.
    b"\x0a\x14\x0a\x12\x0a\x05label\x12\x09\x12\x00\x1a\x05\x0a\x03\x05\x06\x07",
    integer_list(b"\xff" * 9 + b"\x01"),
    integer_list(b"\xff" * 9 + b"\x02"),
    integer_list(b"\xff" * 10 + b"\x01"),
    integer_list(b"\x80\x00\x05\x80"),
    integer_list(b"\x80\x00\x05"),
    integer_list(b""),
]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_many_examples_are_what_few_are(data: st.DataObject) -> None:
    """Those that are read side by side give what they give one by one, damaged ones too."""
    different = data.draw(st.lists(FEATURES.map(example), min_size=1, max_size=3))
    rows = [different[i % len(different)] for i in range(64)]
    for one in data.draw(st.lists(st.sampled_from(UNUSUAL), max_size=2)):
        rows.insert(data.draw(st.integers(0, 64)), one)
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, 63))
        if rows[place]:
            content = bytearray(rows[place])
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
            rows[place] = bytes(content)
    names = data.draw(st.lists(st.sampled_from(sorted(WANTED)), min_size=1, unique=True))
    wanted: dict[str, Any] = {name: WANTED[name] for name in names}
    if data.draw(st.booleans()):
        wanted["label"] = tf.FixedLenFeature([], tf.int64)

    def parsed() -> Any:
        try:
            return session.run(fetches)
        except tf.errors.InvalidArgumentError as error:
            return error.message.splitlines()[0]

    with tf.Graph().as_default(), tf.Session() as session:
        fetches = tf.parse_example(tf.constant(rows), wanted)
        found = parsed()
        with mock.patch("tflite_edu.ops.parsing.columns", return_value=None):
            expected = parsed()
    if isinstance(expected, str):
        assert found == expected
        return
    for name in wanted:
        pairs = [(found[name], expected[name])]
        if isinstance(wanted[name], tf.VarLenFeature):
            pairs = list(zip(found[name], expected[name], strict=True))
        for array, same in pairs:
            np.testing.assert_array_equal(array, same, strict=True)


def test_what_protobuf_writes_is_read_side_by_side() -> None:
    usual: list[dict[str, list[Any]]] = [
        {"numbers": [1, -1, 2**40], "words": [b"a", b"b" * 200], "label": [7]},
        {"label": [300], "reals": [0.5] * 100, "words": [b"", b""]},
        {},
    ]
    rows = [example(one) for one in usual] * 40
    wanted = [("words", "string"), ("numbers", "int64"), ("label", "int64"), ("reals", "float")]
    found = columns(rows, [*wanted, ("absent", "string")])
    assert found is not None
    words, numbers, label, reals, absent = found
    assert words.values[:4].tolist() == [b"a", b"b" * 200, b"", b""]
    assert words.counts == [2, 2, 0] * 40
    assert words.present == [True, True, False] * 40
    assert numbers.values[:4].tolist() == [1, -1, 2**40, 1]
    assert label.values[:2].tolist() == [7, 300]
    assert reals.values.tolist() == [0.5] * 4000
    assert reals.counts == [0, 100, 0] * 40
    assert not absent.values.size and not any(absent.present)
    assert columns(rows, [("words", "float")]) is None
    assert columns(rows[:9], wanted) is None


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
