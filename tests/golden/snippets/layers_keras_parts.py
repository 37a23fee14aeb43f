tf.set_random_seed(6)
initializers, regularizers = tf.keras.initializers, tf.keras.regularizers
kinds = [
    tf.keras.initializers.RandomNormal(stddev=0.5),
    tf.keras.initializers.RandomUniform(-1.0, 1.0, seed=4),
    tf.keras.initializers.TruncatedNormal(mean=2.0),
    tf.keras.initializers.get("glorot_uniform"),
    tf.keras.initializers.get("ones"),
    tf.keras.initializers.get({"class_name": "Constant", "config": {"value": 3.0}}),
    tf.keras.initializers.deserialize(
        {"class_name": "Orthogonal", "config": {"gain": 2.0, "seed": 1}}
    ),
]
variables = [
    tf.get_variable(f"v{i}", [2, 3], initializer=initializer) for i, initializer in enumerate(kinds)
]
weights = tf.constant([[1.0, -2.0], [0.5, 0.0]], name="weights")
penalties = [
    tf.keras.regularizers.L1L2(0.1, 0.2),
    tf.keras.regularizers.l1(0.3),
    tf.keras.regularizers.l2(),
    tf.keras.regularizers.l1_l2(l2=0.5),
    tf.keras.regularizers.get("l2"),
    tf.keras.regularizers.deserialize({"class_name": "L1L2", "config": {"l1": 0.7, "l2": 0.0}}),
]
losses = [tf.convert_to_tensor(penalty(weights)) for penalty in penalties]


class Squares(tf.keras.regularizers.Regularizer):
    def __call__(self, x):
        return tf.reduce_sum(x * x)


class Sevens(tf.keras.initializers.Initializer):
    def __call__(self, shape, dtype=None, partition_info=None):
        return tf.fill(shape, tf.constant(7.0))


own = tf.get_variable("own", [2], initializer=Sevens(), regularizer=Squares())
phase = tf.keras.backend.learning_phase()
chosen = tf.layers.dropout(weights, 0.5, training=phase, seed=2)
texts = [
    str(sorted(tf.keras.initializers.serialize(kinds[1])["config"].items())),
    tf.keras.initializers.serialize(kinds[0])["class_name"],
    str(sorted((k, float(v)) for k, v in penalties[0].get_config().items())),
    tf.keras.regularizers.serialize(penalties[1])["class_name"],
    str(tf.keras.regularizers.get(None)),
]
for wrong in (
    lambda: tf.keras.initializers.get("no_such"),
    lambda: tf.keras.initializers.get(5),
    lambda: tf.keras.regularizers.get("no_such"),
    lambda: tf.keras.regularizers.get(5),
):
    try:
        wrong()
    except Exception as error:
        texts.append(type(error).__name__ + ": " + str(error).splitlines()[0])
FETCHES = [
    ("texts", tf.constant(texts), None),
    ("variables", variables, None),
    ("losses", losses, None),
    ("gradients", tf.gradients(losses, weights), None),
    ("own", [own, tf.losses.get_regularization_losses()], None),
    ("off", [phase, chosen], None),
    ("on", [phase, chosen], {phase: True}),
]
