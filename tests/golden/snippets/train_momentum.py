w = tf.Variable([1.0, 2.0], name="w")
with tf.variable_scope("scope"):
    u = tf.get_variable("u", [2], initializer=tf.ones_initializer())
loss = tf.reduce_sum(w * w * u)
plain = tf.train.MomentumOptimizer(0.1, 0.9)
train = plain.minimize(loss)
nesterov = tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True, name="Nesterov")
second = nesterov.minimize(loss, var_list=[w])
slots = [
    plain.get_slot(w, "momentum"),
    plain.get_slot(u, "momentum"),
    nesterov.get_slot(w, "momentum"),
]
facts = tf.constant(
    [s.name for s in slots]
    + plain.get_slot_names()
    + [v.name for v in nesterov.variables()]
    + [plain.get_name()],
    name="facts",
)
FETCHES = [
    ("facts", facts, None),
    ("step_1", train, None),
    ("step_2", train, None),
    ("after_1", [w, u] + slots, None),
    ("nesterov_1", second, None),
    ("nesterov_2", second, None),
    ("after_2", [w, u] + slots, None),
]
