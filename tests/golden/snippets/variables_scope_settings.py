calls = []


def getter(getter, name, *args, **kwargs):
    calls.append(name)
    return getter(name, *args, **kwargs)


def scaled(getter, name, *args, **kwargs):
    with tf.name_scope("scaled"):
        return getter(name, *args, **kwargs) * 2.0


def penalty(weights):
    return tf.reduce_sum(tf.square(weights), name="penalty")


with tf.variable_scope(
    "a", initializer=tf.constant_initializer(2.0), regularizer=penalty, custom_getter=getter
):
    v = tf.get_variable("v", [2])
    with tf.variable_scope("b", custom_getter=scaled, dtype=tf.float64):
        w = tf.get_variable("w", [3])
        tf.get_variable_scope().set_initializer(tf.zeros_initializer())
        u = tf.get_variable("u", [1], regularizer=tf.no_regularizer)
    x = tf.get_variable("x", [1], trainable=False, initializer=tf.ones_initializer())
with tf.variable_scope("a", reuse=True, regularizer=penalty):
    v2 = tf.get_variable("v", [2])
losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
facts = tf.constant(calls + [t.name for t in losses], name="facts")
FETCHES = [("values", [v, w, u, x, losses], None), ("facts", facts, None)]
