tf.set_random_seed(11)
kinds = [
    ("zeros", tf.zeros_initializer()),
    ("ones", tf.ones_initializer()),
    ("constant", tf.constant_initializer(0.5)),
    ("array", tf.constant_initializer(np.arange(12.0).reshape(3, 4))),
    ("uniform", tf.random_uniform_initializer(-1.0, 1.0)),
    ("normal", tf.random_normal_initializer(1.0, 0.5, seed=4)),
    ("truncated", tf.truncated_normal_initializer(stddev=0.1)),
    ("scaling", tf.variance_scaling_initializer(2.0, "fan_avg", "uniform")),
    ("scaling_in", tf.variance_scaling_initializer()),
    ("untruncated", tf.variance_scaling_initializer(1.0, "fan_out", "untruncated_normal", seed=2)),
    ("glorot_uniform", tf.glorot_uniform_initializer()),
    ("glorot_normal", tf.glorot_normal_initializer(seed=1)),
    ("he_normal", tf.initializers.he_normal()),
    ("he_uniform", tf.initializers.he_uniform()),
    ("lecun_normal", tf.initializers.lecun_normal()),
    ("lecun_uniform", tf.initializers.lecun_uniform()),
    ("unit_scaling", tf.uniform_unit_scaling_initializer(1.2)),
    ("identity", tf.initializers.identity(2.0)),
    ("default", None),
]
variables = [tf.get_variable(name, [3, 4], initializer=initializer) for name, initializer in kinds]
convolution = tf.get_variable("convolution", [2, 2, 3, 4])
bias = tf.get_variable("bias", [5])
double = tf.get_variable(
    "double", [2, 2], tf.float64, tf.random_normal_initializer(dtype=tf.float64)
)
direct = [
    tf.random_uniform_initializer(seed=3)([2]),
    tf.zeros_initializer()([2], tf.int32),
    tf.constant_initializer([1, 2])([3], tf.int32),
]
FETCHES = [
    ("values", variables, None),
    ("more", [convolution, bias, double], None),
    ("direct", direct, None),
]
