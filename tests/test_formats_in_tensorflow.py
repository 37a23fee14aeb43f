"""The real TensorFlow 1.15 reads what is written here. Its Python is named by $TF115."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from record_files import BITS, checkpoint_tensors, images

from tflite_edu.formats import events
from tflite_edu.formats.bundle_merge import merge
from tflite_edu.formats.checkpoint_bundle import BundleWriter
from tflite_edu.formats.checkpoint_state import update_checkpoint_state
from tflite_edu.formats.png import encode_png
from tflite_edu.formats.proto import config_pb2, meta_graph_pb2
from tflite_edu.formats.tensor import to_tensor_proto
from tflite_edu.formats.tensor_slice import parse_shape_and_slice

TF115 = os.environ.get("TF115")
pytestmark = pytest.mark.skipif(
    not TF115, reason="$TF115 does not name a Python with TensorFlow 1.15"
)

READ = """
import json, sys
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
said = {"tensors": {}, "images": {}}
newest = tf.train.latest_checkpoint(folder)
said["newest"] = newest
reader = tf.train.NewCheckpointReader(newest)
for name, dtype in reader.get_variable_to_dtype_map().items():
    value = reader.get_tensor(name)
    value = np.array(value, object if isinstance(value, bytes) else None)
    if value.dtype == object:
        value = [item.hex() for item in value.ravel()]
    else:
        value = value.tobytes().hex()
    said["tensors"][name] = [dtype.name, reader.get_variable_to_shape_map()[name], value]
(path,) = tf.gfile.Glob(folder + "/logs/*")
said["events"] = [
    [event.step, event.WhichOneof("what")] for event in tf.train.summary_iterator(path)
]
meta_graph = tf.MetaGraphDef.FromString(open(folder + "/meta_graph", "rb").read())
said["node"] = float(tf.make_ndarray(meta_graph.graph_def.node[0].attr["value"].tensor)[1])
config = tf.ConfigProto.FromString(open(folder + "/config", "rb").read())
said["config"] = [dict(config.device_count), config.gpu_options.per_process_gpu_memory_fraction]
with tf.Session(config=config) as session:
    for path in tf.gfile.Glob(folder + "/*.png"):
        image = session.run(tf.image.decode_png(tf.read_file(path)))
        said["images"][path] = image.tobytes().hex()
print(json.dumps(said))
"""


def as_bits(array: np.ndarray[Any, Any]) -> Any:
    if array.dtype == object:
        return [item.hex() for item in array.ravel()]
    return array.tobytes().hex()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What TensorFlow read out of files that are written here."""
    folder = tmp_path_factory.mktemp("files")
    prefixes = [str(folder / f"temporary{number}" / "part") for number in (0, 1)]
    table = np.arange(15, dtype=np.float32).reshape(5, 3)
    tensors = checkpoint_tensors()
    for number, prefix in enumerate(prefixes):
        with BundleWriter(prefix) as writer:
            for name, kind, array in tensors[number::2]:
                writer.add(name, array.view([(kind, array.dtype)]) if kind in BITS else array)
            text = ("5 3 0,3:-", "5 3 3,2:-")[number]
            full_shape, part, _ = parse_shape_and_slice(text)
            writer.add_slice("table", full_shape, part, (table[:3], table[3:])[number])
    merge(prefixes, str(folder / "model-1"))
    update_checkpoint_state(str(folder), str(folder / "model-1"))

    writer = events.EventFileWriter(str(folder / "logs"))
    writer.add_event(events.Event(step=3, summary=events.Summary()))
    writer.close()

    meta_graph = meta_graph_pb2.MetaGraphDef()
    node = meta_graph.graph_def.node.add(name="c", op="Const")
    node.attr["value"].tensor.CopyFrom(to_tensor_proto(np.float32([1, 2.5]), 1))
    (folder / "meta_graph").write_bytes(meta_graph.SerializeToString())
    config = config_pb2.ConfigProto(device_count={"CPU": 1})
    config.gpu_options.per_process_gpu_memory_fraction = 0.25
    (folder / "config").write_bytes(config.SerializeToString())
    for name, image in images().items():
        (folder / f"{name}.png").write_bytes(encode_png(image))

    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [str(TF115), "-W", "ignore", "-c", READ, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout.splitlines()[-1]), "folder": folder}


def test_checkpoint(said: dict[str, Any]) -> None:
    assert said["newest"] == str(said["folder"] / "model-1")
    expected = {
        name: [kind, list(array.shape), as_bits(array)]
        for name, kind, array in checkpoint_tensors()
    }
    table = np.arange(15, dtype=np.float32)
    expected["table"] = ["float32", [5, 3], as_bits(table)]
    assert said["tensors"] == expected


def test_events(said: dict[str, Any]) -> None:
    assert said["events"] == [[0, "file_version"], [3, "summary"]]


def test_protos(said: dict[str, Any]) -> None:
    assert said["node"] == 2.5
    assert said["config"] == [{"CPU": 1}, 0.25]


@pytest.mark.parametrize("name", images())
def test_images(said: dict[str, Any], name: str) -> None:
    path: Path = said["folder"] / f"{name}.png"
    assert said["images"][str(path)] == images()[name].tobytes().hex()
