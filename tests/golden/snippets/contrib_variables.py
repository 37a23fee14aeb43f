tf.set_random_seed(7)
framework = tf.contrib.framework
double = tf.contrib.layers.l2_regularizer(0.5)
with tf.variable_scope("model") as scope:
    weights = framework.model_variable(
        "weights",
        shape=[2],
        regularizer=double,
        collections=["mine"],
        initializer=tf.ones_initializer(),
    )
    plain = framework.variable("plain", shape=[2], trainable=False)
    local = framework.local_variable([1.0, 2.0], name="local")
    counter = framework.global_variable(3, name="counter")
with framework.arg_scope([framework.variable, framework.model_variable], device="/cpu:0"):
    placed = framework.model_variable("placed", shape=[1], use_resource=True)
    with framework.arg_scope([framework.variable], trainable=False, dtype=tf.float64):
        double_precision = framework.variable("double_precision", shape=[1])
framework.add_model_variable(plain)
framework.add_model_variable(plain)
step = framework.get_or_create_global_step()
assign, feed = framework.assign_from_values(
    {"model/weights": np.array([4.0, 5.0]), "model/counter": np.array(6)}
)
found = [
    framework.get_variables(),
    framework.get_variables("model/p"),
    framework.get_variables(scope, suffix="s"),
    framework.get_variables_by_name("plain"),
    framework.get_variables_by_suffix("er", "model"),
    framework.get_model_variables(),
    framework.get_local_variables(),
    framework.get_trainable_variables(),
    framework.get_variables_to_restore(["model"], ["model/weights"]),
    framework.filter_variables(tf.global_variables(), ["p"], ["placed"]),
    framework.filter_variables(tf.global_variables(), ["p"], reg_search=False),
    [framework.get_unique_variable("model/plain")],
    tf.get_collection("mine"),
]
names = [tf.constant([variable.name for variable in variables]) for variables in found]
FETCHES = [
    ("names", names, None),
    ("local", tf.local_variables_initializer(), None),
    ("values", [weights, local, counter, placed, double_precision, step], None),
    ("assign", assign, feed),
    ("assigned", [weights, counter], None),
    ("losses", tf.losses.get_regularization_losses(), None),
]
