x = tf.constant(np.linspace(-1.0, 2.0, 2 * 3 * 4 * 1).reshape(2, 3, 4, 1), tf.float32, name="x")
bytes_image = tf.constant(
    (np.arange(2 * 2 * 3) * 20).reshape(1, 2, 2, 3).astype(np.uint8), name="bytes_image"
)
positive = tf.constant(
    np.linspace(0.0, 5.0, 2 * 2 * 4).reshape(1, 2, 2, 4), tf.float32, name="positive"
)
a = tf.summary.image("gray", x)
b = tf.summary.image("color", bytes_image, max_outputs=1, family="group")
c = tf.summary.image("alpha", positive, 1)
d = tf.summary.image("nan", tf.constant([[[[np.nan], [0.5]]]]))
FETCHES = [
    ("gray", a, None),
    ("color", b, None),
    ("alpha", c, None),
    ("nan", d, None),
    ("merged", tf.summary.merge_all(), None),
]
