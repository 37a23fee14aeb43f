"""Records files of the real TensorFlow 1.15 in the folder `files` beside this script.

    python3.7 tests/golden/record_files.py

What goes into them is defined here without TensorFlow, so that the tests can import it: tensors of
a checkpoint, images, samples of sound, values of constants.
"""

import base64
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(HERE, "files")

# Types that numpy lacks, and those of the bits that stand for them here.
BITS = {
    "bfloat16": np.uint16,
    "qint8": np.int8,
    "quint8": np.uint8,
    "qint16": np.int16,
    "quint16": np.uint16,
    "qint32": np.int32,
}
SLICES = [("table", "5 3 0,3:-"), ("table", "5 3 3,2:-"), ("corner", "4 4 1,2:2,2")]
"""Parts of tensors in the checkpoint, as SaveV2's tensor_names and shape_and_slices."""
AUDIO_RATE = 44100
PROTO_FILES = """
    example.example example.feature
    framework.allocation_description framework.attr_value framework.cost_graph
    framework.device_attributes framework.function framework.graph framework.node_def
    framework.op_def framework.resource_handle framework.step_stats framework.tensor
    framework.tensor_description framework.tensor_shape framework.tensor_slice framework.types
    framework.variable framework.versions lib.core.error_codes protobuf.cluster protobuf.config
    protobuf.control_flow protobuf.debug protobuf.meta_graph protobuf.queue_runner
    protobuf.rewriter_config protobuf.saved_model protobuf.saver protobuf.tensor_bundle
    protobuf.tensorflow_server protobuf.trackable_object_graph protobuf.verifier_config
    util.saved_tensor_slice
""".split()


def checkpoint_tensors():
    """(name, type, array) of the whole tensors in the checkpoint, in the order they are saved."""
    tensors = [("dense/kernel", "float32", np.arange(6).reshape(2, 3) / 4)]
    tensors += [("type/" + name, name, [0, 1, 100]) for name in ("uint8", "int8", "int64")]
    tensors += [("type/" + name, name, [0, 1, 30000]) for name in ("int16", "uint16", "int32")]
    tensors += [("type/" + name, name, [0, 2**31]) for name in ("uint32", "uint64")]
    tensors += [("type/" + name, name, [0.5, -2, np.inf]) for name in ("float16", "float64")]
    tensors += [("type/" + name, name, [1 + 2j, -3j]) for name in ("complex64", "complex128")]
    tensors += [("type/" + name, name, [0, 1, 100]) for name in sorted(BITS)]
    tensors += [
        ("type/bool", "bool", [[True], [False]]),
        ("type/string", "string", [[b"a", b""], [b"\x00\xff", b"long" * 50]]),
        ("empty", "int32", np.zeros((0, 3))),
        ("empty_strings", "string", np.zeros((2, 0))),
        ("scalar", "int64", 7),
        ("scalar_string", "string", b"hello"),
        ("\u00e9t\u00e9", "float32", 1),
    ]
    return [(name, kind, np.array(value, _numpy(kind))) for name, kind, value in tensors]


def checkpoint_slices():
    """The arrays of SLICES."""
    table = np.arange(15, dtype=np.float32).reshape(5, 3)
    corner = np.array([[b"a", b"bb"], [b"", b"d"]], object)
    return [table[:3], table[3:], corner]


def images():
    """name -> uint8 [height, width, channels]."""
    y, x = np.mgrid[0:24, 0:37]
    channels = {
        "gray": [x * y],
        "gray_alpha": [x + y, 255 - x],
        "rgb": [x * 7, y * 10, x * x + y],
        "rgba": [x ^ y, x | y, x & y, x * 6],
        "smooth": [127 + 120 * np.sin(x / 9) * np.cos(y / 7)],
        "black": [0 * x],
        "row": [(x * x * 37 % 251)[5:6]],
        "column": [(y * y * 41 % 253)[:, :1]],
    }
    return {
        name: (np.stack(image, -1).astype(np.int64) % 256).astype(np.uint8)
        for name, image in channels.items()
    }


def audio():
    """float32 [frames, channels]: a wave, then halves, overflows and what is no number."""
    wave = np.sin(np.arange(40) / 3) * 0.9
    edges = [1, -1, 2, -2, np.nan, np.inf, -np.inf, 0.99999]
    halves = (np.arange(-4, 4) + 0.5) / 32768
    samples = np.concatenate([wave, edges, halves]).astype(np.float32)
    return np.stack([samples, samples[::-1]], axis=1)


def constants():
    """name -> (type, value, shape or None), arguments of make_tensor_proto."""
    cases = {
        "padded": ("float32", [1, 2], [4]),
        "filled": ("int32", 5, [2, 3]),
        "filled_string": ("string", b"ab", [2]),
        "none_for_all": ("float32", [], [3]),
        "reshaped": ("float64", [1, 2, 3, 4], [2, 2]),
        "one_in_a_vector": ("float32", [3], None),
        "empty": ("float32", np.zeros((0, 2)), None),
    }
    for name, kind, value in checkpoint_tensors():
        # TensorFlow cannot make protos of constants of 16 bit quantized types.
        if name.startswith("type/") and kind not in ("qint16", "quint16"):
            cases[name] = (kind, value, None)
            if kind not in BITS:
                cases["scalar_" + kind] = (kind, value.flat[1], None)
    return {
        name: (kind, np.array(value, _numpy(kind)), shape)
        for name, (kind, value, shape) in cases.items()
    }


def examples():
    """What the examples in the TFRecord files hold: (ints, floats, strings) of each."""
    found = [([7], [0.5, -1.25], [b"one", b"\x00\xff"]), ([], [], []), ([-1, 2**40], [1e30], [b""])]
    return found + [(list(range(n)), [n / 2], [b"long" * 50]) for n in range(20)]


RECORD_FILES = {"records.tfrecord": "", "records.tfrecord.gz": "GZIP", "records.tfrecord.z": "ZLIB"}
"""Names of files with the examples, and how they are compressed."""


def _numpy(kind):
    return object if kind == "string" else BITS.get(kind, kind)


def _tensor(tf, kind, array):
    if kind in BITS:
        return tf.bitcast(tf.constant(array), kind)
    return tf.constant(array, kind, array.shape)


def record_checkpoint(tf):
    tensors = checkpoint_tensors()
    names = [name for name, _, _ in tensors] + [name for name, _ in SLICES]
    slices = [""] * len(tensors) + [text for _, text in SLICES]
    with tf.Graph().as_default(), tf.Session() as session:
        values = [_tensor(tf, kind, array) for _, kind, array in tensors]
        values += [tf.constant(array) for array in checkpoint_slices()]
        prefix = os.path.join(FILES, "checkpoint")
        session.run(
            tf.raw_ops.SaveV2(
                prefix=prefix, tensor_names=names, shape_and_slices=slices, tensors=values
            )
        )


def v1_tensors():
    """As `checkpoint_tensors`: those of types that the V1 format can hold."""
    absent = ("uint32", "uint64", "bfloat16", "qint16", "quint16")
    return [tensor for tensor in checkpoint_tensors() if tensor[1] not in absent]


def record_v1_checkpoint(tf):
    tensors = v1_tensors()
    names = [name for name, _, _ in tensors] + [name for name, _ in SLICES]
    slices = [""] * len(tensors) + [text for _, text in SLICES]
    with tf.Graph().as_default(), tf.Session() as session:
        values = [_tensor(tf, kind, array) for _, kind, array in tensors] + checkpoint_slices()
        session.run(
            tf.raw_ops.SaveSlices(
                filename=os.path.join(FILES, "checkpoint_v1"),
                tensor_names=names,
                shapes_and_slices=slices,
                data=values,
            )
        )


def record_sharded_checkpoints(tf):
    """What a Saver writes for variables on two devices, one of them partitioned."""
    for version, name in ((tf.train.SaverDef.V1, "sharded_v1"), (tf.train.SaverDef.V2, "sharded")):
        with tf.Graph().as_default():
            with tf.device("/cpu:0"):
                tf.get_variable("a", initializer=np.arange(6, dtype=np.float32).reshape(2, 3))
                tf.get_variable("step", initializer=np.int64(7))
            with tf.device("/gpu:0"):
                halves = tf.fixed_size_partitioner(2)
                table = tf.get_variable("table", [5, 3], partitioner=halves)
            saver = tf.train.Saver(sharded=True, write_version=version)
            config = tf.ConfigProto(allow_soft_placement=True)
            with tf.Session(config=config) as session:
                session.run(tf.global_variables_initializer())
                first, second = checkpoint_slices()[:2]
                session.run([tf.assign(v, x) for v, x in zip(table, (first, second))])
                prefix = os.path.join(FILES, name)
                saver.save(session, prefix, write_meta_graph=False, write_state=False)


def record_media(tf):
    with tf.Graph().as_default(), tf.Session() as session:
        for name, image in images().items():
            _write(name + ".png", session.run(tf.image.encode_png(image)))
        _write("audio.wav", session.run(tf.audio.encode_wav(audio(), AUDIO_RATE)))


def record_events(tf):
    folder = os.path.join(FILES, "events")
    with tf.Graph().as_default() as graph:
        tf.constant(1.0, name="one")
        writer = tf.summary.FileWriter(folder, graph)
        value = tf.Summary.Value(tag="loss", simple_value=0.5)
        writer.add_summary(tf.Summary(value=[value]), 1)
        histogram = tf.HistogramProto(min=1, max=2, num=3, bucket_limit=[1, 2], bucket=[1, 2])
        value = tf.Summary.Value(tag="weights", histo=histogram)
        writer.add_summary(tf.Summary(value=[value]), 2**40)
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 3)
        writer.add_run_metadata(tf.RunMetadata(), "run", 4)
        writer.close()
    (name,) = os.listdir(folder)
    os.rename(os.path.join(folder, name), os.path.join(FILES, "events.out.tfevents"))
    os.rmdir(folder)


def serialized_examples(tf):
    """The examples, serialized by either module."""
    train = tf.train
    serialized = []
    for integers, floats, texts in examples():
        features = {
            "integers": train.Feature(int64_list=train.Int64List(value=integers)),
            "floats": train.Feature(float_list=train.FloatList(value=floats)),
            "texts": train.Feature(bytes_list=train.BytesList(value=texts)),
        }
        example = train.Example(features=train.Features(feature=features))
        serialized.append(example.SerializeToString())
    return serialized


def record_records(tf):
    for name, kind in RECORD_FILES.items():
        options = tf.io.TFRecordOptions(kind)
        with tf.io.TFRecordWriter(os.path.join(FILES, name), options) as writer:
            for serialized in serialized_examples(tf):
                writer.write(serialized)


def record_checkpoint_state(tf):
    from tensorflow.python.training import checkpoint_management

    # Under another name than "checkpoint", which a Saver would take for its own.
    checkpoint_management.update_checkpoint_state_internal(
        FILES,
        "/models/\u00e9t\u00e9-2",
        ["/models/m-1", "relative/m-1"],
        latest_filename="checkpoint_state",
        all_model_checkpoint_timestamps=[1.5, 1795296576.123456789, 1795296577.0],
        last_preserved_timestamp=0.1,
    )


def record_constants(tf):
    protos = {}
    for name, (kind, value, shape) in constants().items():
        if kind in BITS:
            value = value.view(tf.as_dtype(kind).as_numpy_dtype)
        proto = tf.make_tensor_proto(value, kind, shape)
        protos[name] = base64.b64encode(proto.SerializeToString()).decode()
    _write_json("tensor_protos.json", protos)


def record_proto_fields():
    """Message -> field -> [number, type, is repeated, name of its message or enum].

    Enum -> name -> number.
    """
    from importlib import import_module

    modules = [import_module("tensorflow.core." + name + "_pb2") for name in PROTO_FILES]
    modules.append(import_module("tensorflow.python.training.checkpoint_state_pb2"))
    facts = {}
    for module in modules:
        facts.update(proto_facts(module.DESCRIPTOR))
    _write_json("proto_fields.json", facts)


def proto_facts(descriptor):
    """The facts of all messages and enums of a FileDescriptor, by name within the package."""
    facts = {}

    def visit(enums, messages):
        for enum in enums:
            facts[_name(enum)] = {value.name: value.number for value in enum.values}
        for message in messages:
            facts[_name(message)] = {field.name: _field_facts(field) for field in message.fields}
            visit(message.enum_types, message.nested_types)

    visit(descriptor.enum_types_by_name.values(), descriptor.message_types_by_name.values())
    return facts


def _name(descriptor):
    """Without the package: tensorflow, tensorflow.error, tflite_edu or tflite_edu.error."""
    return descriptor.full_name.split(".", 1)[1]


def _field_facts(field):
    repeated = field.is_repeated if hasattr(field, "is_repeated") else field.label == 3
    other = field.message_type or field.enum_type
    facts = [field.number, field.type, int(repeated)]
    return facts + ([_name(other)] if other else [])


def _write(name, content):
    with open(os.path.join(FILES, name), "wb") as file:
        file.write(content)


def _write_json(name, facts):
    lines = [f"{json.dumps(key)}: {json.dumps(facts[key])}" for key in sorted(facts)]
    _write(name, ("{\n" + ",\n".join(lines) + "\n}\n").encode())


def main():
    import tensorflow as tf

    os.makedirs(FILES, exist_ok=True)
    record_checkpoint(tf)
    record_v1_checkpoint(tf)
    record_sharded_checkpoints(tf)
    record_media(tf)
    record_events(tf)
    record_records(tf)
    record_checkpoint_state(tf)
    record_constants(tf)
    record_proto_fields()


if __name__ == "__main__":
    sys.exit(main())
