def combine(a, b):
    return (a + b).astype(np.float32), np.int64(len(a))


def label(a):
    return b"n=" + str(len(a)).encode()


def fails(a):
    raise ValueError(f"no good: {a}")


x = tf.placeholder(tf.float32, [None], name="x")
total, count = tf.py_func(combine, [x, tf.constant([1.0, 2.0])], [tf.float32, tf.int64])
single = tf.py_func(label, [x], tf.string, stateful=False, name="label")
wrong = tf.py_func(lambda a: a, [x], tf.int64)
failing = tf.py_func(fails, [tf.constant(3)], tf.float32)
nothing = tf.py_func(lambda a: None, [x], [], name="nothing")
numpy_function = tf.numpy_function(lambda a: a * 2, [x], tf.float32)
feed = {x: [3.0, 4.0]}
FETCHES = [
    ("values", [total, count, single, numpy_function], feed),
    ("nothing", nothing, feed),
    ("wrong_type", wrong, feed),
    ("failing", failing, None),
]
