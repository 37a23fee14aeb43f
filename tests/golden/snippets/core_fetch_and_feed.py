import collections

x = tf.placeholder(tf.float32, [None, 2], name="x")
y = tf.multiply(x, 2.0, name="y")
z = tf.reduce_sum(y, name="z")
d = tf.placeholder_with_default([[9.0, 9.0]], [None, 2], name="d")
v = tf.Variable([1.0, 2.0], name="v")
s = tf.placeholder(tf.string, [None], name="s")
b = tf.placeholder(tf.bool, [], name="b")
n = tf.placeholder(tf.int64, name="n")
sparse = tf.IndexedSlices(y, tf.constant([4]), tf.constant([9, 2]))
Pair = collections.namedtuple("Pair", ["first", "second"])
feed = {x: [[1, 2]]}
FETCHES = [
    ("tensor", y, feed),
    ("by_name", "y:0", {"x:0": [[3.0, 4.0]]}),
    ("operation", y.op, feed),
    ("operation_name", "y", feed),
    ("list", [y, [z, y.op]], feed),
    ("tuple", (y, z), feed),
    ("dict", {"y": y, "z": z, "more": [z, {"v": v}]}, feed),
    ("namedtuple", Pair(y, z), feed),
    ("repeated", [z, z, y, z], feed),
    ("sparse", sparse, feed),
    ("intermediate", z, {y: np.ones([2, 2])}),
    ("fed_and_fetched", [y, z], {y: [[1.0, 1.0]]}),
    ("default", [d, d + 1.0], None),
    ("replaced_default", d, {d: np.zeros([2, 2])}),
    ("variable", [v, "v:0", v.op, v.value()], None),
    ("feed_variable", v + 1.0, {v: [5.0, 6.0]}),
    ("strings", s, {s: ["a", b"b", "c"]}),
    ("bool", b, {b: True}),
    ("int", n + 1, {n: np.int32(3)}),
    ("placeholder_fetch", x, feed),
    ("empty", [], None),
    ("empty_batch", [y, z], {x: np.zeros([0, 2])}),
]
