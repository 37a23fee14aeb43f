x = tf.placeholder(tf.float32, [None], name="x")
n = tf.placeholder(tf.int32, name="n")
three = tf.constant([[1.0, 2.0, 3.0]], name="three")
checks = [
    tf.assert_greater(x, 1.0, message="too small"),
    tf.debugging.assert_less_equal(x, [4.0], data=["said", x], summarize=1),
    tf.assert_near(x, 3.0, atol=0.5),
    tf.assert_near(x, tf.cast(n, tf.float32), rtol=0.01, message="far", name="close"),
    tf.assert_negative(n),
    tf.debugging.assert_non_positive(n, message="positive"),
    tf.assert_none_equal(n, 3),
    tf.assert_rank_in(n, [0, 1]),
    tf.assert_rank_in(n, [tf.constant(1), tf.placeholder_with_default(2, [])], message="rank"),
    tf.assert_rank_in(three, [1, 2]),
]
tf.assert_integer(n)
tf.assert_proper_iterable([x, n])
tf.assert_scalar(tf.constant(3))
tf.assert_type(x, tf.float32)
found = [
    tf.assert_same_float_dtype([x, three]).name,
    tf.assert_same_float_dtype().name,
    str(tf.debugging.is_numeric_tensor(x)),
    str(tf.is_numeric_tensor(tf.constant("a"))),
]
refused = []
for wrong in (
    lambda: tf.assert_integer(x, message="whole numbers"),
    lambda: tf.assert_proper_iterable(5),
    lambda: tf.assert_proper_iterable("abc"),
    lambda: tf.assert_scalar(three),
    lambda: tf.assert_type(three, tf.int32, message="type"),
    lambda: tf.assert_same_float_dtype([x, tf.constant(1.0, tf.float64)]),
    lambda: tf.assert_same_float_dtype([n]),
    lambda: tf.assert_same_float_dtype([x], tf.float64),
    lambda: tf.assert_rank_in(three, [0, 1], message="static"),
    lambda: tf.assert_rank_in(n, [0.5]),
    lambda: tf.assert_greater(tf.constant([1, 2]), 1, message="static"),
    lambda: tf.assert_negative(tf.constant([-1, 0])),
    lambda: tf.assert_none_equal(tf.constant([1, 2]), [3, 2]),
):
    try:
        wrong()
    except Exception as error:
        refused.append(type(error).__name__ + ": " + str(error).splitlines()[0])
    else:
        refused.append("accepted")
good, bad = {x: [3.0, 3.3], n: [-1, -2]}, {x: [1.0, 9.0], n: [3]}
FETCHES = [
    ("found", tf.constant(found), None),
    ("refused", tf.constant(refused), None),
]
FETCHES += [(f"good_{i}", check, good) for i, check in enumerate(checks) if i != 3]
FETCHES += [(f"bad_{i}", check, bad) for i, check in enumerate(checks)]
FETCHES += [("rank_bad", checks[8], {n: 1}), ("near", checks[3], {x: [2.0, -1.0], n: [2, -1]})]
