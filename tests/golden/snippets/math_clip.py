x = tf.constant([[3.0, -4.0], [0.5, 12.0]], name="x")
y = tf.constant([1.0, 2.0], name="y")
clipped = [
    tf.clip_by_value(x, -1.0, 4.0),
    tf.clip_by_norm(x, 2.0),
    tf.clip_by_norm(x, 2.0, axes=[1]),
    tf.clip_by_average_norm(x, 0.5),
    tf.global_norm([x, None, y]),
]
by_global, norm = tf.clip_by_global_norm([x, None, y], 5.0)
known, _ = tf.clip_by_global_norm([x, y], 1.0, use_norm=tf.constant(2.0), name="known")
gradients = tf.gradients(clipped[:2], x)
FETCHES = [
    ("clipped", clipped, None),
    ("global", [by_global[0], by_global[2], norm, known], None),
    ("gradients", gradients, None),
]
