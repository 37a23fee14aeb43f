v = tf.Variable([1.0, 2.0], name="v")
w = tf.Variable(v.initialized_value() * 2, name="w")
r = tf.Variable([3.0], name="r", use_resource=True)
step = tf.Variable(3, name="step", trainable=False)
t = tf.add(v, 1.0, name="t")
ema = tf.train.ExponentialMovingAverage(0.9)
apply = ema.apply()
again = ema.apply([v, t])
with tf.name_scope("scope"), tf.control_dependencies([tf.assign_add(v, [0.5, 0.5])]):
    debiased = tf.train.ExponentialMovingAverage(0.5, step, zero_debias=True, name="D")
    apply_debiased = debiased.apply([v, r, t])
averages = [ema.average(x) for x in (v, w, r, t)]
averages_debiased = [debiased.average(x) for x in (v, r, t)]
saver = tf.train.Saver(ema.variables_to_restore())
FETCHES = [
    ("apply", apply, None),
    ("assign", tf.assign(v, [5.0, 7.0]), None),
    ("apply_2", apply, None),
    ("again", again, None),
    ("averages", averages, None),
    ("debiased", apply_debiased, None),
    ("debiased_2", apply_debiased, None),
    ("averages_debiased", averages_debiased, None),
]
