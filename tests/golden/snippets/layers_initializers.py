tf.set_random_seed(7)
contrib = tf.contrib.layers
made = [
    contrib.xavier_initializer(),
    contrib.xavier_initializer(uniform=False),
    contrib.xavier_initializer_conv2d(seed=3),
    contrib.variance_scaling_initializer(),
    contrib.variance_scaling_initializer(mode="FAN_OUT", uniform=True, factor=1),
    contrib.variance_scaling_initializer(mode="FAN_AVG", seed=5),
]
variables = []
for number, initializer in enumerate(made):
    for name, shape in [("window", [2, 2, 3, 4]), ("matrix", [3, 2]), ("vector", [3])]:
        variables.append(tf.get_variable(f"{name}_{number}", shape, initializer=initializer))
variables.append(tf.get_variable("scalar", [], initializer=made[3]))
double = contrib.xavier_initializer(seed=3, dtype=tf.float64)
variables.append(tf.get_variable("double", [4, 2], tf.float64, initializer=double))
cut = tf.fixed_size_partitioner(2)
parts = tf.get_variable("parts", [4, 3], initializer=made[3], partitioner=cut)
values = made[0]([2, 3])
FETCHES = [("variables", variables, None), ("parts", list(parts), None), ("values", values, None)]
