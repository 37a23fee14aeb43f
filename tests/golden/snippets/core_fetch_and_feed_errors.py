x = tf.placeholder(tf.float32, [None, 2], name="x")
i = tf.placeholder(tf.int32, [3], name="i")
any_shape = tf.placeholder(tf.float32, name="any_shape")
y = tf.multiply(x, 2.0, name="y")
v = tf.Variable([1.0, 2.0], name="v")
w = tf.Variable([1.0, 2.0], name="w")
dynamic = tf.reshape(x, [-1, 3], name="dynamic")
out_of_range = tf.gather(x, i, name="gathered")
matrices = tf.matmul(any_shape, any_shape, name="product")
with tf.Graph().as_default():
    elsewhere = tf.constant(1.0, name="elsewhere")
FETCHES = [
    ("not_fed", y, None),
    ("not_fed_integer", i + 1, None),
    ("not_fed_any", any_shape + 1.0, None),
    ("wrong_shape", y, {x: [1.0, 2.0]}),
    ("wrong_size", y, {x: [[1.0, 2.0, 3.0]]}),
    ("wrong_type", y, {x: [["a", "b"]]}),
    ("float_to_int", i, {i: [1.5, 2.0, 3.0]}),
    ("not_in_graph", elsewhere, None),
    ("no_such_name", "absent:0", None),
    ("no_such_operation", "absent", None),
    ("no_such_output", "y:3", None),
    ("none", None, None),
    ("not_fetchable", 3.0, None),
    ("not_fetchable_inside", [y, None], {x: [[1, 2]]}),
    ("feed_not_in_graph", y, {"absent:0": 1}),
    ("feed_python_key", y, {3: 1}),
    ("feed_tensor", y, {x: y}),
    ("feed_other_graph", y, {elsewhere: 2.0}),
    ("reshape", dynamic, {x: [[1, 2]]}),
    ("gather", out_of_range, {x: [[1, 2]], i: [0, 1, 0]}),
    ("matmul", matrices, {any_shape: np.ones([2, 3])}),
    ("matmul_rank", matrices, {any_shape: np.ones([3])}),
    ("still_works", [y, v, w], {x: [[1, 2]]}),
]
