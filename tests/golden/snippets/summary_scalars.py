x = tf.constant(1.5, name="x")
a = tf.summary.scalar("loss", x)
with tf.name_scope("scope"):
    b = tf.summary.scalar("loss", x * 2.0)
    c = tf.summary.scalar("family_member", x, family="family")
d = tf.summary.scalar("with spaces!", x)
e = tf.summary.scalar("loss", tf.constant(3))
merged = tf.summary.merge([a, b])
everything = tf.summary.merge_all()
other = tf.summary.scalar("mine", x, collections=["mine"])
mine = tf.summary.merge_all("mine")
none = tf.constant(str(tf.summary.merge_all("absent")), name="none")
FETCHES = [
    ("scalars", a, None),
    ("scoped", b, None),
    ("family", c, None),
    ("spaces", d, None),
    ("integer", e, None),
    ("merged", merged, None),
    ("all", everything, None),
    ("mine", mine, None),
    ("none", none, None),
]
