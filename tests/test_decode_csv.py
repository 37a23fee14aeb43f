"""Lines of comma-separated values beyond the recorded snippets: many at once, unusual ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tflite_edu as tf

REAL = st.floats(width=32, allow_nan=False)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), min_size=3, max_size=3), min_size=1, max_size=5))
def test_quoted_fields_come_back(rows: list[list[str]]) -> None:
    lines = [",".join('"' + field.replace('"', '""') + '"' for field in row) for row in rows]
    with tf.Graph().as_default(), tf.Session() as session:
        columns = session.run(tf.decode_csv(tf.constant(lines), [["none"]] * 3))
    expected = [[(field or "none").encode() for field in row] for row in rows]
    assert np.stack(columns, 1).tolist() == expected


@pytest.mark.parametrize("delimiter", list("]^-\\\t|n "))
def test_quoted_fields_of_many_lines(delimiter: str) -> None:
    fields = ["1", '"2"', '""', '"a""b"', f'"{delimiter},"', ""]
    lines = [delimiter.join([*fields[i % 6 :], *fields[: i % 6]]) for i in range(5000)]
    with tf.Graph().as_default(), tf.Session() as session:
        columns = session.run(tf.decode_csv(lines, [["none"]] * 6, field_delim=delimiter))
    expected = [b"1", b"2", b"none", b'a"b', delimiter.encode() + b",", b"none"]
    for i, row in enumerate(zip(*columns, strict=True)):
        assert list(row) == [*expected[i % 6 :], *expected[: i % 6]]


def test_many_lines_of_csv() -> None:
    lines = [f"{i},{i / 4},word {i}" for i in range(5000)]
    with tf.Session() as session:
        numbers, reals, words = session.run(tf.decode_csv(lines, [[0], [0.0], [""]]))
    assert (numbers == np.arange(5000)).all() and numbers.dtype == np.int32
    np.testing.assert_array_equal(reals, np.arange(5000, dtype=np.float32) / 4)
    assert words[-1] == b"word 4999"


TYPES_OF_FIELDS = [*([0], [0.0], [""]), np.array([], np.int64), np.array([])]
LINE = st.text('0129+-.e_ ,;"x\n\r', max_size=12).map(str.encode)
PLAIN_LINE = st.tuples(st.integers(-(2**40), 2**40), REAL).map(lambda x: f"{x[0]},{x[1]}".encode())
QUOTED_FIELD = st.text('7,;" ', max_size=4).map(lambda x: '"' + x.replace('"', '""') + '"')
QUOTED_LINE = st.tuples(st.just("7") | QUOTED_FIELD, QUOTED_FIELD).map(",".join).map(str.encode)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_many_lines_are_what_one_alone_is(data: st.DataObject) -> None:
    usual = data.draw(st.sampled_from([PLAIN_LINE, QUOTED_LINE]))
    lines = data.draw(st.lists(usual, min_size=16, max_size=20))
    for line in data.draw(st.lists(LINE, max_size=2)):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    types = data.draw(st.lists(st.sampled_from(TYPES_OF_FIELDS), min_size=1, max_size=3))
    options = data.draw(
        st.fixed_dictionaries(
            {
                "field_delim": st.sampled_from(",,,; "),
                "use_quote_delim": st.booleans(),
                "na_value": st.sampled_from(["", "0"]),
                "select_cols": st.sampled_from([None, None, list(range(len(types))), [1]]),
            }
        )
    )
    options["select_cols"] = options["select_cols"] and options["select_cols"][: len(types)]
    types = types[: len(options["select_cols"] or types)]
    with tf.Graph().as_default(), tf.Session() as session:
        given_lines = tf.placeholder(tf.string)
        fetches = tf.decode_csv(given_lines, types, **options)
        alone = []
        message = None
        for place, line in enumerate(lines):
            try:
                alone.append(session.run(fetches, {given_lines: [line]}))
            except tf.errors.InvalidArgumentError as error:
                first = error.message.splitlines()[0]
                message = first.replace("in record 0", f"in record {place}")
                break
        if message is None:
            expected = [np.concatenate(column) for column in zip(*alone, strict=True)]
            for column, values in zip(
                session.run(fetches, {given_lines: lines}), expected, strict=True
            ):
                np.testing.assert_array_equal(column, values, strict=True)
        else:
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                session.run(fetches, {given_lines: lines})
            assert caught.value.message.splitlines()[0] == message


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(
    ("default", "field", "expected"),
    [
        (0, "0" * 5000 + "5", 5),
        (0, " -" + "0" * 400 + " ", 0),
        (0, "2147483647", 2147483647),
        (0, "2147483648", None),
        (0, "9" * 5000, None),
        (0, "0" * 100000 + "x", None),
        (0, "1_0", None),
        (0, "+1", None),
        (0.0, "0" * 30 + "5", 5.0),
        (0.0, "0" * 31 + "5", None),
        (0.0, " " * 31 + "5", None),
        (0.0, "1_0", None),
        (0.0, "1e400", np.inf),
        (0.0, "0x1F", 31.0),
    ],
)
def test_numbers_of_unusual_length_and_form(
    count: int, default: float, field: str, expected: float | None
) -> None:
    """As TensorFlow 1.15 reads them: zeros may precede an integer, a real has 31 characters."""
    lines = ["7"] * (count - 1) + [field]
    with tf.Graph().as_default(), tf.Session() as session:
        fetch = tf.decode_csv(lines, [default])[0]
        if expected is None:
            kind = "int32" if isinstance(default, int) else "float"
            message = f"Field 0 in record {count - 1} is not a valid {kind}: {field}"
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                session.run(fetch)
            assert caught.value.message.splitlines()[0].startswith(message)
        else:
            assert session.run(fetch)[-1] == expected
