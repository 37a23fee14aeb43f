with tf.variable_scope("old", use_resource=False):
    count = tf.Variable(3, name="count")
    rows = tf.Variable([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]], name="rows")
    rated = tf.placeholder(tf.float32, [1, 1, 2, 2], name="rated")
counted = tf.count_up_to(count, 5)
changed = tf.batch_scatter_update(rows, [[0, 2], [1, 0]], [[[9.0], [8.0]], [[7.0], [6.5]]])
said = tf.strings.format("rows: {}, count: {}", [rows, count], summarize=1)
one = tf.strings.format("<%>", tf.constant(["a", "b"]), placeholder="%", name="one")
image = tf.constant(np.arange(2 * 4 * 6 * 2.0).reshape(2, 4, 6, 2), tf.float32, name="image")
sizes = [
    tf.image.resize_area(image, [2, 3]),
    tf.image.resize_area(image, [3, 5], align_corners=True, name="aligned"),
    tf.image.resize_area(tf.cast(image, tf.uint8), [5, 7]),
    tf.image.resize_images(image, [3, 3], tf.image.ResizeMethod.AREA),
]
FETCHES = [
    ("count_3", counted, None),
    ("count_4", counted, None),
    ("count_5", counted, None),
    ("changed", changed, None),
    ("rows", rows, None),
    ("said", [said, one], None),
    ("sizes", sizes, None),
]
