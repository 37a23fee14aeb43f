w = tf.Variable([1.0, 2.0], name="w")
r = tf.Variable([3.0], name="r", use_resource=True)
loss = tf.reduce_sum(w**3) + tf.reduce_sum(r * r)
plain = tf.train.RMSPropOptimizer(0.01)
train = plain.minimize(loss)
centered = tf.train.RMSPropOptimizer(
    0.01, decay=0.8, momentum=0.9, epsilon=1e-5, centered=True, name="Centered"
)
second = centered.minimize(loss)
names = plain.get_slot_names() + centered.get_slot_names()
slots = [plain.get_slot(w, n) for n in plain.get_slot_names()] + [
    centered.get_slot(r, n) for n in centered.get_slot_names()
]
facts = tf.constant(names + [v.name for v in tf.global_variables()], name="facts")
FETCHES = [
    ("facts", facts, None),
    ("step_1", train, None),
    ("step_2", train, None),
    ("after_1", [w, r] + slots, None),
    ("centered_1", second, None),
    ("centered_2", second, None),
    ("after_2", [w, r] + slots, None),
]
