"""The real TensorFlow 1.15 ($TF115 names its Python) reads our records, and we read its."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import tflite_edu as tf

TF115 = os.environ.get("TF115")
pytestmark = pytest.mark.skipif(
    not TF115, reason="$TF115 does not name a Python with TensorFlow 1.15"
)

# Run on both sides: writes the files, or reads those of the other side.
PEER = """
import hashlib

KINDS = {"none": "", "gzip": "GZIP", "zlib": "ZLIB"}


def examples():
    for i in range(300):
        example = tf.train.Example()
        feature = example.features.feature
        feature["number"].int64_list.value.extend([i, -i])
        feature["reals"].float_list.value.extend([i / 8.0] * (i % 5))
        feature["text"].bytes_list.value.append(b"text %d" % i * (i % 40))
        yield example


def steps():
    for i in range(20):
        example = tf.train.SequenceExample()
        example.context.feature["length"].int64_list.value.append(i)
        for step in range(i):
            added = example.feature_lists.feature_list["steps"].feature.add()
            added.float_list.value.extend([step, i])
        yield example


def write(folder):
    for name, kind in KINDS.items():
        with tf.python_io.TFRecordWriter(folder + "/" + name, kind) as writer:
            for example in list(examples()) + list(steps()):
                writer.write(example.SerializeToString())


def read(folder):
    said = {}
    for name, kind in KINDS.items():
        options = tf.python_io.TFRecordOptions(kind)
        records = list(tf.python_io.tf_record_iterator(folder + "/" + name, options))
        same = [tf.train.Example.FromString(r) == e for r, e in zip(records, examples())]
        parse = tf.train.SequenceExample.FromString
        same += [parse(r) == e for r, e in zip(records[300:], steps())]
        wanted = {
            "number": tf.FixedLenFeature([2], tf.int64),
            "reals": tf.FixedLenSequenceFeature([], tf.float32, allow_missing=True),
            "text": tf.VarLenFeature(tf.string),
        }
        parsed = tf.parse_example(records[:300], wanted)
        sequences = tf.io.parse_sequence_example(
            records[300:], {"length": tf.FixedLenFeature([], tf.int64)},
            {"steps": tf.FixedLenSequenceFeature([2], tf.float32, allow_missing=True)},
        )
        with tf.Session() as session:
            fetches = [parsed["number"], parsed["reals"], sequences[1]["steps"], parsed["text"]]
            values = session.run(fetches)
        places, texts, shape = values.pop()
        values += [places, shape]
        said[name] = [len(records), all(same), hashlib.md5(b"|".join(texts)).hexdigest()]
        said[name] += [[list(v.shape), float(v.sum()), v.dtype.name] for v in values]
    return said
"""
THERE = """
import json, sys
import tensorflow as tf

exec(sys.argv[1])
if sys.argv[3] == "write":
    write(sys.argv[2])
print(json.dumps(read(sys.argv[2])))
"""


def there(folder: Path, action: str) -> Any:
    """What TensorFlow reads in a folder, after it wrote there if so told."""
    assert TF115 is not None
    done = subprocess.run(
        [os.path.expanduser(TF115), "-W", "ignore", "-c", THERE, PEER, str(folder), action],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("writer", ["here", "there"])
def test_both_sides_read_the_same(tmp_path: Path, writer: str) -> None:
    here: dict[str, Any] = {"tf": tf}
    exec(compile(PEER, "peer", "exec"), here)
    if writer == "here":
        here["write"](str(tmp_path))
    said = there(tmp_path, "read" if writer == "here" else "write")
    assert said == here["read"](str(tmp_path))
    for count, same, *_ in said.values():
        assert (count, same) == (320, True)
