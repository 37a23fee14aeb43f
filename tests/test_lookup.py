"""Lookup tables: what scripts meet beside the recorded graphs."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

lookup = tf.contrib.lookup


def write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def static(keys: Any, values: Any, default: Any = -1) -> Any:
    return tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(keys, values, value_dtype=tf.int64), default
    )


def test_each_session_has_its_own_table() -> None:
    table = static(["a"], [3])
    found = table.lookup(tf.constant(["a", "b"]))
    for _ in range(2):
        with tf.Session() as session:
            with pytest.raises(tf.errors.FailedPreconditionError, match="Table not initialized"):
                session.run(found)
            session.run(tf.tables_initializer())
            assert session.run(found).tolist() == [3, -1]
            session.run(table.initializer)
            assert session.run(table.size()) == 1


def test_mutable_table_keeps_what_is_put_in() -> None:
    table = lookup.MutableHashTable(tf.int64, tf.string, "none")
    keys = tf.placeholder(tf.int64, [None])
    words = tf.placeholder(tf.string, [None])
    put, found, gone = table.insert(keys, words), table.lookup(keys), table.remove(keys)
    with tf.Session() as session:
        assert session.run(found, {keys: [1]}).tolist() == [b"none"]
        session.run(put, {keys: [1, 2, 1], words: ["a", "b", "c"]})
        assert session.run(found, {keys: [2, 1, 0]}).tolist() == [b"b", b"c", b"none"]
        listed = session.run(table.export())
        assert dict(zip(*[part.tolist() for part in listed], strict=True)) == {1: b"c", 2: b"b"}
        session.run(gone, {keys: [1, 7]})
        assert session.run(table.size()) == 1


def test_threads_put_in_at_once() -> None:
    table = lookup.MutableHashTable(tf.int64, tf.int64, -1)
    keys = tf.placeholder(tf.int64, [None])
    put = table.insert(keys, keys * 2)
    with tf.Session() as session:

        def work(start: int) -> None:
            for first in range(start, 2000, 400):
                session.run(put, {keys: np.arange(first, first + 100)})

        threads = [threading.Thread(target=work, args=(start,)) for start in (0, 100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = session.run(table.lookup(tf.range(tf.constant(2000, tf.int64))))
        assert found.tolist() == [2 * number for number in range(2000)]


def test_many_keys() -> None:
    count = 50000
    table = static([str(number) for number in range(count)], np.arange(count))
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        wanted = np.random.RandomState(0).randint(0, 2 * count, 20000)
        found = session.run(table.lookup(tf.as_string(wanted)))
        assert np.array_equal(found, np.where(wanted < count, wanted, -1))


@pytest.mark.parametrize(
    ("content", "arguments", "error", "message"),
    [
        (b"a\nb\na\n", {}, "FailedPreconditionError", "different value for same key. Key a has 0"),
        (b"", {}, "OutOfRangeError", "Read less bytes than requested"),
        (b"a\n", {"vocab_size": 5}, "InvalidArgumentError", "expected 5 but got 1"),
        (
            b"a\t5\n",
            {"key_column_index": 0, "value_column_index": 2},
            "InvalidArgumentError",
            r"line 0 \(a\t5\) : expected 2 got 2",
        ),
        (
            b"a\t5\n",
            {"key_column_index": 1, "value_column_index": 0},
            "InvalidArgumentError",
            "Field a in line 0 is not a valid int64",
        ),
    ],
)
def test_files_that_make_no_table(
    tmp_path: Path, content: bytes, arguments: Any, error: str, message: str
) -> None:
    path = write(tmp_path / "words.txt", content)
    table = lookup.index_table_from_file(path, **arguments)
    with tf.Session() as session:
        with pytest.raises(getattr(tf.errors, error), match=message):
            session.run(table.initializer)
        with pytest.raises(tf.errors.FailedPreconditionError, match="Table not initialized"):
            session.run(table.lookup(tf.constant(["a"])))


def test_columns_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path / "words.txt", b"a 5\r\nb 7\r\nc 9")
    table = lookup.index_table_from_file(
        path, vocab_size=2, key_column_index=0, value_column_index=1, delimiter=" "
    )
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        assert session.run(table.lookup(tf.constant(["b", "a", "c"]))).tolist() == [7, 5, -1]
    assert [t.op.type for t in tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS)] == ["Const"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: lookup.index_table_from_tensor(None), ValueError, "mapping must be specified"),
        (
            lambda: lookup.index_table_from_tensor(["a"], num_oov_buckets=-1),
            ValueError,
            "num_oov_buckets must be greater or equal than 0, got -1",
        ),
        (lambda: lookup.index_table_from_tensor([1.5]), ValueError, "Expected <dtype: 'string'>"),
        (lambda: lookup.index_table_from_tensor([1]), ValueError, "Expected non-integer"),
        (lambda: lookup.index_table_from_file(""), ValueError, "must not be empty"),
        (
            lambda: lookup.index_table_from_file("x", key_dtype=tf.float32),
            TypeError,
            "Only integer and string keys",
        ),
        (
            lambda: lookup.TextFileInitializer("x", tf.int32, -2, tf.int64, -1, vocab_size=0),
            ValueError,
            "Invalid vocab_size 0",
        ),
        (
            lambda: lookup.TextFileInitializer("x", tf.string, -1, tf.int64, -1),
            ValueError,
            "Signature mismatch. Keys must be dtype <dtype: 'int64'>, got <dtype: 'string'>",
        ),
        (
            lambda: static(["a"], [1]).lookup(tf.constant(1)),
            TypeError,
            "Signature mismatch. Keys must be dtype <dtype: 'string'>, got <dtype: 'int32'>",
        ),
        (
            lambda: lookup.IdTableWithHashBuckets(None, 0),
            ValueError,
            "oov_buckets must be > 0 if no table is supplied",
        ),
        (lambda: lookup.StrongHashSpec([1]), ValueError, "key must have size 2, got 1"),
        (lambda: tf.lookup.StaticVocabularyTable(None, 0), ValueError, "oov_buckets must be > 0"),
    ],
)
def test_refused(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
