wave = tf.constant(np.sin(np.arange(40.0)).reshape(2, 20), tf.float32, name="wave")
a = tf.summary.audio("mono", wave, 8000.0)
b = tf.summary.audio(
    "stereo", tf.reshape(wave, [2, 10, 2]), sample_rate=tf.constant(44100.0), max_outputs=1
)
c = tf.summary.text("note", tf.constant("hello *world*"))
d = tf.summary.text("table", tf.constant([["a", "b"], ["c", "d"]]))
e = tf.summary.tensor_summary("tensor", tf.constant([[1.0, 2.0]]), summary_description="about")
FETCHES = [
    ("mono", a, None),
    ("stereo", b, None),
    ("text", c, None),
    ("table", d, None),
    ("tensor", e, None),
    ("merged", tf.summary.merge_all(), None),
]
