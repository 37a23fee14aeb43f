"""Strings: hashes by published numbers, patterns, and refusals that no node makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.ops.strings_hash_functions import siphash


def run(tensor: Any) -> Any:
    with tf.Session() as session:
        return session.run(tensor)


def test_siphash_is_the_papers() -> None:
    """The example of the paper's appendix A: 15 bytes, key 00 01 ... 0f."""
    row = np.arange(15, dtype=np.uint8)[None]
    key = [0x0706050403020100, 0x0F0E0D0C0B0A0908]
    assert siphash(np, row, key).tolist() == [0xA129CA6149BE45E5]


def test_hash_of_many_strings_is_that_of_each() -> None:
    words = [bytes(range(length)) * times for length in range(0, 90, 7) for times in (1, 3)]
    for name, more in (("", {}), ("_fast", {}), ("_strong", {"key": [5, 6]})):
        hashed = getattr(tf, f"string_to_hash_bucket{name}")
        together = run(hashed(words, num_buckets=2**40, **more))
        alone = [run(hashed([word], num_buckets=2**40, **more))[0] for word in words[::5]]
        assert together[::5].tolist() == alone
        assert len(set(together.tolist())) == len(set(words))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.string_split(["a"], ",", delimiter=","), ValueError, "'delimiter' and 'sep'"),
        (lambda: tf.string_split(["a"], result_type="x"), ValueError, "result_type must be"),
        (lambda: tf.strings.split(["a"], result_type="RaggedTensor"), NotImplementedError, "Ragg"),
        (lambda: tf.string_to_hash_bucket(["a"], 3, input=["b"]), ValueError, "'string_tensor' an"),
        (lambda: tf.string_to_hash_bucket_fast(["a"], 0), ValueError, "less than minimum 1"),
        (lambda: tf.reduce_join([["a"]], 0, reduction_indices=1), ValueError, "Cannot specify bo"),
        (lambda: tf.reduce_join([["a"]], 0, keep_dims=1, keepdims=1), ValueError, "Cannot specify"),
        (lambda: tf.as_string(["a"]), TypeError, "has DataType string not in list"),
    ],
)
def test_refused(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("pattern", [r"\pL", r"\C", "(?U)a", "[[:^alpha:]]"])
def test_patterns_without_translation_are_refused(pattern: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="not supported"):
        run(tf.regex_replace(["a"], pattern, "x"))


def test_feeds_and_second_runs() -> None:
    text = tf.placeholder(tf.string, [None])
    parts = tf.string_split(text, ",")
    with tf.Session() as session:
        for words, count in ((["a,b", "c"], 3), ([], 0), (["", ",,"], 0), (["a" * 10000], 1)):
            assert len(session.run(parts, {text: words}).values) == count


@pytest.mark.parametrize(
    ("text", "real", "integer"),
    [
        (" 5", 5, 5),
        ("0" * 30 + "5", 5, 5),
        ("0" * 31 + "5", None, 5),
        (" " * 31 + "5", None, 5),
        (" -" + "0" * 500 + "5 ", None, -5),
        ("0" * 100000 + "x", None, None),
        ("9" * 19, float("9" * 19), None),
        ("9" * 500, None, None),
    ],
)
def test_long_numbers(text: str, real: float | None, integer: int | None) -> None:
    """As TensorFlow 1.15 reads them: zeros may precede an integer, a real has 31 characters."""
    for dtype, expected in ((tf.float64, real), (tf.float32, real), (tf.int32, integer)):
        with tf.Graph().as_default(), tf.Session() as session:
            number = tf.string_to_number(text, dtype)
            if expected is None:
                with pytest.raises(
                    tf.errors.InvalidArgumentError, match="correctly convert string"
                ):
                    session.run(number)
            else:
                assert session.run(number) == dtype.as_numpy_dtype(expected)
