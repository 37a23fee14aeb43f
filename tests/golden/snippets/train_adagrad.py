w = tf.Variable([1.0, 2.0], name="w")
r = tf.Variable([3.0], name="r", use_resource=True)
loss = tf.reduce_sum(w**3) + tf.reduce_sum(r * r)
adagrad = tf.train.AdagradOptimizer(0.1)
train = adagrad.minimize(loss)
other = tf.train.AdagradOptimizer(0.5, initial_accumulator_value=0.01, name="Other").minimize(loss)
slots = [adagrad.get_slot(w, "accumulator"), adagrad.get_slot(r, "accumulator")]
FETCHES = [
    ("step_1", train, None),
    ("step_2", train, None),
    ("after_1", [w, r] + slots, None),
    ("other", other, None),
    ("after_2", [w, r], None),
]
