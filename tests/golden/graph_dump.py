"""The graph and the values of a snippet, as plain data.

    python graph_dump.py MODULE SNIPPET.py

MODULE is `tensorflow` (the real 1.15, under Python 3.7) or `tflite_edu`. A snippet is a script that
sees `tf` and `np`, builds nodes in the default graph, and may set

    FETCHES = [(label, fetch, feed_dict), ...]

which run in this order in one session, after the initializer, and VALUES_ONLY = True where its
nodes are of no concern. Numbers that count across graphs (the
tokens of `py_func`, the types that `custom_gradient` registers) and random names are replaced by
their order of appearance.
"""

import importlib
import json
import os
import re
import struct
import sys
import warnings
import zlib

import numpy as np

SKIPPED_ATTRS = {"_output_shapes"}
SUMMARY_OPS = {
    "AudioSummary",
    "AudioSummaryV2",
    "HistogramSummary",
    "ImageSummary",
    "MergeSummary",
    "ScalarSummary",
    "TensorSummary",
    "TensorSummaryV2",
}
# The number in it counts what the process made before.
PYTHON_FUNCTION = re.compile(r"pyfunc_\d+")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def run_snippet(tf, path):
    """{"nodes": [...], "values": {label: value}} of the snippet at `path`, in a fresh graph."""
    nodes, fetches = build_snippet(tf, path)
    return {"nodes": nodes, "values": run_fetches(tf, fetches, tf.Session)}


def build_snippet(tf, path):
    """The nodes that the snippet at `path` builds in a fresh graph, and its FETCHES."""
    tf.reset_default_graph()
    scope = {"tf": tf, "np": np, "__name__": "snippet"}
    with open(path) as source:
        exec(compile(source.read(), path, "exec"), scope)
    nodes = graph_nodes(tf, tf.get_default_graph().as_graph_def())
    return [] if scope.get("VALUES_ONLY") else nodes, scope.get("FETCHES", [])


def graph_nodes(tf, graph_def):
    """The nodes of a GraphDef in order, as dicts of name, op, input, device, attr."""
    rename = _Renaming()
    return [
        {
            "name": node.name,
            "op": node.op,
            "input": list(node.input),
            "device": node.device,
            "attr": {
                key: rename(attribute(tf, value))
                for key, value in sorted(node.attr.items())
                if key not in SKIPPED_ATTRS
            },
        }
        for node in graph_def.node
    ]


def run_fetches(tf, fetches, open_session):
    """The value of every (label, fetch, feed), or its error's class and first line."""
    if not fetches:
        return {}
    initializer = tf.global_variables_initializer()
    values = {}
    with open_session() as session:
        session.run(initializer)
        for label, fetch, feed in fetches:
            assert label not in values, label
            try:
                values[label] = fetched(tf, fetch, session.run(fetch, feed))
            except Exception as error:
                lines = PYTHON_FUNCTION.sub("pyfunc", str(error)).splitlines() or [""]
                values[label] = f"{type(error).__name__}: {lines[0]}"
    return values


def fetched(tf, fetch, value):
    """A fetched value as plain data; of a summary its content, images as their pixels."""
    if getattr(getattr(fetch, "op", None), "type", None) in SUMMARY_OPS:
        return summary(tf, value)
    return plain(value)


def plain(value):
    """A value as JSON: arrays to nested lists, bytes to text, floats in the fewest digits."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (np.float16, np.float32)):
        return float(str(value))
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex):
        return {"re": value.real, "im": value.imag}
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, np.ndarray) and value.dtype.names:
        # Without a bfloat16 of its own, numpy holds its bits: the upper half of a float32.
        return plain((value["bfloat16"].astype(np.uint32) << 16).view(np.float32))
    if isinstance(value, np.ndarray) and value.dtype.name == "bfloat16":
        return plain(value.astype(np.float32))
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value] if value.ndim else plain(value[()])
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    raise TypeError(f"no plain form of {value!r}")


def attribute(tf, value):
    """One AttrValue in a form that does not depend on how a tensor's bytes are packed."""
    kind = value.WhichOneof("value")
    if kind == "tensor":
        array = tf.make_ndarray(value.tensor)
        flat = array.ravel()
        return {
            "dtype": tf.as_dtype(value.tensor.dtype).name,
            "shape": list(array.shape),
            "values": plain(flat[:64]),
            "count": int(flat.size),
        }
    if kind == "list":
        items = value.list
        return {
            name: [convert(item) for item in getattr(items, name)]
            for name, convert in (
                ("s", plain),
                ("i", plain),
                ("f", lambda number: plain(np.float32(number))),
                ("b", plain),
                ("type", lambda number: tf.as_dtype(number).name),
                ("shape", shape),
            )
            if len(getattr(items, name))
        }
    if kind == "shape":
        return {"shape": shape(value.shape)}
    if kind == "s":
        return value.s.decode("latin-1")
    if kind == "type":
        return tf.as_dtype(value.type).name
    if kind == "f":
        return plain(np.float32(value.f))
    if kind == "func":
        return {"func": value.func.name}
    return plain(getattr(value, kind)) if kind else None


def shape(proto):
    return "?" if proto.unknown_rank else [d.size for d in proto.dim]


def summary(tf, serialized):
    """A serialized Summary as a list of dicts, one a value."""
    result = []
    for value in tf.Summary.FromString(serialized).value:
        entry = {"tag": value.tag, "kind": value.WhichOneof("value")}
        if value.HasField("metadata"):
            plugin = value.metadata.plugin_data
            entry["metadata"] = [
                value.metadata.display_name,
                value.metadata.summary_description,
                plugin.plugin_name,
                plain(plugin.content),
            ]
        if entry["kind"] == "simple_value":
            entry["value"] = plain(np.float32(value.simple_value))
        elif entry["kind"] == "histo":
            histo = value.histo
            entry["value"] = {
                "range": [histo.min, histo.max],
                "moments": [histo.num, histo.sum, histo.sum_squares],
                "bucket_limit": list(histo.bucket_limit),
                "bucket": list(histo.bucket),
            }
        elif entry["kind"] == "image":
            image = value.image
            entry["value"] = [
                image.height,
                image.width,
                image.colorspace,
                png_pixels(image.encoded_image_string),
            ]
        elif entry["kind"] == "audio":
            audio = value.audio
            entry["value"] = [
                float(audio.sample_rate),
                audio.num_channels,
                audio.length_frames,
                plain(audio.encoded_audio_string),
                audio.content_type,
            ]
        elif entry["kind"] == "tensor":
            entry["dtype"] = tf.as_dtype(value.tensor.dtype).name
            entry["value"] = plain(tf.make_ndarray(value.tensor))
        result.append(entry)
    return result


def png_pixels(data):
    """The rows of samples of an 8-bit PNG, not interlaced (PNG specification, section 9)."""
    assert data.startswith(PNG_SIGNATURE)
    position, packed, samples = len(PNG_SIGNATURE), b"", 0
    width = 0
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        body = data[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, _, depth, color, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert (depth, interlace) == (8, 0)
            samples = {0: 1, 2: 3, 4: 2, 6: 4}[color]
        elif kind == b"IDAT":
            packed += body
        position += length + 12
    raw = zlib.decompress(packed)
    stride = width * samples
    rows, above = [], [0] * stride
    for start in range(0, len(raw), stride + 1):
        row = []
        for i, byte in enumerate(raw[start + 1 : start + 1 + stride]):
            left, corner = (row[i - samples], above[i - samples]) if i >= samples else (0, 0)
            row.append((byte + png_prediction(raw[start], left, above[i], corner)) & 255)
        rows.append(row)
        above = row
    return rows


def png_prediction(method, left, up, corner):
    if method == 4:
        estimate = left + up - corner
        return min((left, up, corner), key=lambda x: abs(estimate - x))
    return (0, left, up, (left + up) // 2)[method]


class _Renaming:
    """Replaces names that depend on what ran before in the process by their order of appearance."""

    PATTERN = re.compile(r"^(pyfunc_)\d+$|^(CustomGradient-)\d+$|(?<=_temp_)()[0-9a-f]{32}")

    def __init__(self):
        self.order = {}

    def __call__(self, value):
        if isinstance(value, str):
            return self.PATTERN.sub(self._replacement, value)
        if isinstance(value, dict):
            return {k: self(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self(v) for v in value]
        return value

    def _replacement(self, match):
        prefix = match.group(1) or match.group(2) or ""
        names = self.order.setdefault(prefix, [])
        if match.group(0) not in names:
            names.append(match.group(0))
        return prefix + str(names.index(match.group(0)))


def without_empty(nodes):
    """The nodes, each without its empty fields."""
    return [{key: value for key, value in node.items() if value} for node in nodes]


def to_text(result):
    """The JSON text of a result: a line a node, without its empty fields, and a line a value."""
    nodes = ["  " + json.dumps(node) for node in without_empty(result["nodes"])]
    values = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in result["values"].items()]
    return '{"nodes": [\n%s\n],\n"values": {\n%s\n}}\n' % (  # noqa: UP031
        ",\n".join(nodes),
        ",\n".join(values),
    )


def import_module(name):
    """The module to ask, with the chatter of its import off."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tf = importlib.import_module(name)
    tf.logging.set_verbosity(tf.logging.ERROR)
    return tf


if __name__ == "__main__":
    sys.stdout.write(to_text(run_snippet(import_module(sys.argv[1]), sys.argv[2])))
