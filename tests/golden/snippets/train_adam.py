tf.set_random_seed(4)
w = tf.Variable([[1.0, -2.0], [0.5, 3.0]], name="w")
with tf.name_scope("layer"):
    b = tf.Variable([0.1, 0.2], name="b")
step = tf.train.get_or_create_global_step()
loss = tf.reduce_sum(tf.square(tf.matmul([[1.0, 2.0]], w) + b))
adam = tf.train.AdamOptimizer(0.01, beta1=0.8, beta2=0.99, epsilon=1e-6)
train = adam.minimize(loss, global_step=step)
default = tf.train.AdamOptimizer(name="Second").minimize(loss, var_list=[b])
powers = [v for v in tf.global_variables() if "power" in v.name]
slots = [adam.get_slot(w, "m"), adam.get_slot(w, "v"), adam.get_slot(b, "m"), adam.get_slot(b, "v")]
facts = tf.constant(
    [v.name for v in tf.global_variables()]
    + adam.get_slot_names()
    + [v.name for v in adam.variables()],
    name="facts",
)
FETCHES = [("facts", facts, None)] + [(f"step_{i}", train, None) for i in range(3)]
FETCHES += [
    ("after", [w, b, step, powers, slots, loss], None),
    ("default", default, None),
    ("after_default", [w, b, powers], None),
]
