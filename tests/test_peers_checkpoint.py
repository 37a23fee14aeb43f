"""Checkpoints go to and fro between this project and the real TensorFlow 1.15 ($TF115)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from record_files import BITS, checkpoint_tensors, v1_tensors
from test_peers import assert_same_state, tensorflow, with_tensorflow

import tflite_edu as tf
from tflite_edu.formats.checkpoint_bundle import BundleWriter
from tflite_edu.formats.slice_table import TensorSliceWriter

pytestmark = with_tensorflow

# Run on both sides: a table in three parts, scalars, both kinds of variables, Adam's slots.
MODEL = """
rows = np.sin(np.arange(40.0, dtype=np.float32)).reshape(8, 5)


def spread(shape, dtype=None, partition_info=None):
    begin = 0 if partition_info is None else partition_info.var_offset[0]
    size = int(np.prod(shape))
    return tf.constant(np.cos(begin + np.arange(size)).reshape(shape) / 3.0, tf.float32)


x = tf.placeholder(tf.float32, [None, 5], name="x")
partitioner = tf.fixed_size_partitioner(PARTS)
table = tf.get_variable("table", [5, 4], initializer=spread, partitioner=partitioner)
scale = tf.get_variable("scale", initializer=np.float32(0.5))
shift = tf.get_variable("shift", initializer=np.float32(0.1), use_resource=True)
w = tf.get_variable("w", [4, 1], initializer=spread, use_resource=True)
hidden = tf.tanh(tf.matmul(x, tf.convert_to_tensor(table)) * scale + shift)
loss = tf.reduce_mean(tf.square(tf.matmul(hidden, w) - 1.0))
step = tf.train.get_or_create_global_step()
train = tf.train.AdamOptimizer(0.01).minimize(loss, global_step=step)
version = {"V1": tf.train.SaverDef.V1}.get(KIND, tf.train.SaverDef.V2)
saver = tf.train.Saver(sharded=KIND == "sharded", write_version=version)
values = tf.train.Saver(name="values")


def steps(session, count):
    for _ in range(count):
        session.run(train, {x: rows})


def state(session):
    saved = values.save(session, folder + "/values")
    return {n: tf.train.load_variable(saved, n).tolist() for n, _ in tf.train.list_variables(saved)}


def move(session, name):
    return saver.save(session, folder + "/" + name)
"""

THERE = """
import json, sys
import numpy as np
import tensorflow as tf

folder, KIND, model = sys.argv[1:4]
PARTS, said = 3, {}
exec(model)
with tf.Session() as session:
    if len(sys.argv) == 4:
        session.run(tf.global_variables_initializer())
        steps(session, 20)
        said["begun"], said["path"] = state(session), move(session, "there")
        steps(session, 150)
        said["uninterrupted"] = state(session)
    else:
        saver.restore(session, sys.argv[4])
        said["list"] = tf.train.list_variables(sys.argv[4])
        said["restored"] = state(session)
        steps(session, 50)
        said["ended"] = state(session)
print(json.dumps(said))
"""


def model(kind: str, folder: str, parts: int) -> dict[str, Any]:
    scope: dict[str, Any] = {"tf": tf, "np": np, "KIND": kind, "PARTS": parts, "folder": folder}
    exec(compile(MODEL, "model", "exec"), scope)
    return scope


@pytest.mark.parametrize("kind", ["V1", "V2", "sharded"])
def test_training_goes_there_and_back(kind: str, tmp_path: Path) -> None:
    """20 steps there, 100 here, 50 there: as if it had never moved, from each kind of file."""
    folder = str(tmp_path)
    there = tensorflow(THERE, folder, kind, MODEL)
    with tf.Session() as session:
        here = model(kind, folder, 3)
        here["saver"].restore(session, there["path"])
        assert here["state"](session) == there["begun"]
        here["steps"](session, 100)
        trained, path = here["state"](session), here["move"](session, "here")
    back = tensorflow(THERE, folder, kind, MODEL, path)
    assert back["restored"] == trained
    assert dict(map(tuple, back["list"])) == dict(tf.train.list_variables(path))
    assert back["ended"]["global_step"] == 170
    assert_same_state(back["ended"], there["uninterrupted"])


def test_parts_are_cut_anew_on_the_way(tmp_path: Path) -> None:
    folder = str(tmp_path)
    there = tensorflow(THERE, folder, "V2", MODEL)
    with tf.Session() as session:
        here = model("V2", folder, 2)
        here["saver"].restore(session, there["path"])
        here["steps"](session, 100)
        path = here["move"](session, "here")
    back = tensorflow(THERE, folder, "V2", MODEL, path)
    assert_same_state(back["ended"], there["uninterrupted"])


ALL_TYPES = """
import json, sys
import numpy as np
import tensorflow as tf

sys.path.insert(0, sys.argv[2])
from record_files import BITS, checkpoint_tensors

same = {}
reader = tf.train.NewCheckpointReader(sys.argv[1])
kinds = reader.get_variable_to_dtype_map()
with tf.Session() as session:
    for name, kind, array in checkpoint_tensors():
        if name not in kinds:
            continue
        (value,) = session.run(
            tf.raw_ops.RestoreV2(
                prefix=sys.argv[1], tensor_names=[name], shape_and_slices=[""],
                dtypes=[tf.as_dtype(kind)],
            )
        )
        value = np.asarray(value)
        if kind in BITS:
            value = value.view(array.dtype)
        same[name] = value.shape == array.shape and value.tolist() == array.tolist()
print(json.dumps(same))
"""


@pytest.mark.parametrize("version", ["V1", "V2"])
def test_every_type_is_read_there(version: str, tmp_path: Path) -> None:
    tensors = v1_tensors() if version == "V1" else checkpoint_tensors()
    values = [
        array.view([(kind, array.dtype)]) if kind in BITS else array for _, kind, array in tensors
    ]
    names = [name for name, _, _ in tensors]
    path = str(tmp_path / "all")
    if version == "V1":
        writer: Any = TensorSliceWriter(path)
    else:
        writer = BundleWriter(path)
    for name, value in zip(names, values, strict=True):
        writer.add(name, value)
    writer.finish()
    golden = str(Path(__file__).parent / "golden")
    same = tensorflow(ALL_TYPES, path, golden)
    assert same == dict.fromkeys(names, True)
