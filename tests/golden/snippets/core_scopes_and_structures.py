tf.set_random_seed(12)
nest = tf.nest


class Pair:
    """Two numbers that become one vector."""

    def __init__(self, left, right):
        self.left, self.right = left, right


def vector(pair, dtype=None, name=None, as_ref=False):
    return tf.constant([pair.left, pair.right], dtype, name=name)


tf.register_tensor_conversion_function(Pair, vector)
converted = tf.add(Pair(1.0, 2.0), 3.0)
named = tf.convert_to_tensor(Pair(4, 5), tf.int64, "named")
slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([2]), tf.constant([3]))
kept = tf.convert_to_tensor_or_indexed_slices(slices)
made = tf.convert_to_tensor_or_indexed_slices([1.5, 2.5], name="made")
with tf.op_scope([made], "older", "default") as older:
    inside = tf.identity(made)
with tf.op_scope([made], None, "default") as default:
    with tf.init_scope():
        outside = tf.identity(made)
    after = tf.identity(made)
with tf.control_dependencies([made.op]), tf.init_scope():
    free = tf.constant(7.0, name="free")
seeds = [tf.get_seed(None), tf.get_seed(5), tf.random.get_seed(0)]
tf.get_collection_ref("mine").append("kept")
structure = {"b": [1, (2, 3)], "a": 4}
doubled = tf.nest.map_structure(lambda v: v * 2, structure)
packed = tf.nest.pack_sequence_as(structure, ["w", "x", "y", "z"])
tf.nest.assert_same_structure(structure, doubled)
static = tf.contrib.util.constant_value(tf.stack([3, tf.size(made)]))
device = tf.DeviceSpec(job="localhost", replica=0, task=0, device_type="CPU", device_index=0)
with tf.device(device):
    placed = tf.constant(1.0, name="placed")
text = [
    older,
    default,
    str(kept is slices),
    str(isinstance(made, tf.Tensor)),
    str(isinstance(made.op, tf.Operation)),
    str(seeds),
    str(tf.get_collection("mine")),
    str(sorted(doubled.items())),
    str(sorted(packed.items())),
    str(tf.nest.flatten(structure)),
    str([nest.is_nested(v) for v in (structure, [], "ab", 3, np.ones(2))]),
    str([tf.contrib.framework.nest.is_sequence(v) for v in ((1,), {}, made)]),
    str(static.tolist()),
    str(tf.get_static_value(made).tolist()),
    str(tf.contrib.util.constant_value(tf.placeholder(tf.float32, [2]))),
    str(tf.dimension_value(tf.Dimension(3))),
    str(tf.compat.dimension_value(None)),
    str(tf.dimension_at_index(tf.TensorShape([4, None]), 1)),
    str(tf.compat.dimension_at_index(tf.TensorShape(None), 1)),
    device.to_string(),
    str(tf.executing_eagerly()),
]
for wrong in (
    lambda: nest.assert_same_structure([1, 2], [1, [2]]),
    lambda: nest.assert_same_structure([1, 2], (1, 2)),
    lambda: nest.pack_sequence_as([1, 2], [3]),
    lambda: nest.pack_sequence_as(5, [3, 4]),
    lambda: nest.map_structure(abs),
    lambda: nest.map_structure("abs", [1]),
    lambda: tf.register_tensor_conversion_function(Pair, "function"),
    lambda: tf.register_tensor_conversion_function("Pair", vector),
    lambda: tf.convert_to_tensor_or_indexed_slices(object()),
    lambda: tf.reset_default_graph() if tf.get_default_session() else tf.constant("a") + 1,
):
    try:
        wrong()
    except Exception as error:
        line = str(error).splitlines()[0]
        text.append(type(error).__name__ + ": " + line.split(" at 0x")[0])
    else:
        text.append("accepted")
FETCHES = [
    ("text", tf.constant(text), None),
    ("converted", [converted, named, made], None),
    ("scopes", [inside, outside, after, free, placed], None),
]
