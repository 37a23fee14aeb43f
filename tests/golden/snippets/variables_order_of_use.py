v = tf.Variable(1.0, name="v")
plus = v.assign_add(10.0)
with tf.control_dependencies([plus]):
    late = tf.identity(v)
    late_sum = v + 0.0
with tf.control_dependencies([late_sum]):
    second = v.assign(late_sum * 2.0)
with tf.control_dependencies([second]):
    last = v.read_value()
before = v * 1.0
with tf.control_dependencies([before]):
    guarded = tf.assign(v, 5.0)
FETCHES = [
    ("late", late, None),
    ("late_sum", [late_sum], None),
    ("chain", last, None),
    ("guarded", [before, guarded], None),
    ("v", v, None),
]
