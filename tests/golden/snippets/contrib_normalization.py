tf.set_random_seed(7)
L = tf.contrib.layers
x = tf.constant(np.sin(np.arange(2 * 6 * 6 * 3)).reshape(2, 6, 6, 3), tf.float32)
m = tf.constant(np.cos(np.arange(12)).reshape(4, 3), tf.float32)
r = tf.contrib.layers.l2_regularizer(0.1)
t = tf.placeholder(tf.bool, [])
outs = [
    L.batch_norm(x),
    L.batch_norm(m),
    L.batch_norm(x, is_training=False, scale=True, scope="inf"),
    L.batch_norm(x, is_training=t, updates_collections=None, scope="t"),
    L.batch_norm(m, is_training=t, scope="t2"),
    L.batch_norm(m, is_training=t, fused=False, updates_collections=None, center=False, scope="t3"),
    L.batch_norm(m, is_training=t, fused=False, updates_collections="up", scope="t4"),
    L.batch_norm(x, batch_weights=tf.constant([1.0, 2.0]), scope="t5"),
    L.batch_norm(x, zero_debias_moving_mean=True, scope="t6"),
    L.batch_norm(m, zero_debias_moving_mean=True, fused=False, scope="t7"),
    L.batch_norm(x, renorm=True, scope="t8"),
    L.batch_norm(
        tf.transpose(x, [0, 3, 1, 2]),
        data_format="NCHW",
        fused=False,
        updates_collections=None,
        scale=True,
        scope="t9",
    ),
    L.batch_norm(
        m,
        param_regularizers={"beta": r},
        param_initializers={"beta": tf.ones_initializer()},
        scope="t10",
        activation_fn=tf.nn.relu,
        variables_collections=["v"],
        outputs_collections="o",
    ),
    L.batch_norm(m, is_training=False, updates_collections=None),
    L.batch_norm(m, is_training=False, fused=False, updates_collections=None),
    L.layer_norm(x),
    L.layer_norm(m, center=False),
    L.layer_norm(x, begin_norm_axis=2, begin_params_axis=2, activation_fn=tf.nn.relu, scope="ln"),
    L.instance_norm(x),
    L.instance_norm(tf.transpose(x, [0, 3, 1, 2]), data_format="NCHW", scope="in2"),
    L.conv2d(
        x, 4, 3, normalizer_fn=L.batch_norm, normalizer_params={"decay": 0.9, "is_training": t}
    ),
    L.fully_connected(m, 4, normalizer_fn=L.layer_norm),
]
with tf.variable_scope("a") as s:
    outs.append(L.batch_norm(m, scope="b"))
with tf.variable_scope(s, reuse=True):
    outs.append(L.batch_norm(m, scope="b"))
ups = tf.get_collection("update_ops") + tf.get_collection("up")
names = tf.constant(
    [
        v.name
        for k in ("v", "model_variables", "trainable_variables", "variables")
        for v in tf.get_collection(k)
    ]
)
FETCHES = [
    ("a", outs, {t: True}),
    ("b", outs, {t: False}),
    ("names", names, None),
    ("ups", tf.constant([getattr(u, "name", "") for u in ups]), None),
]
