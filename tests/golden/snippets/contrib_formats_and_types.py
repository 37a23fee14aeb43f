tf.set_random_seed(7)
slim = tf.contrib.slim
L = tf.contrib.layers
x = tf.placeholder(tf.float32, [None, 6, 6, 3])
n = tf.placeholder(tf.float32, [None, 3, None, None])
m = tf.placeholder(tf.float32, [None, 4])
h = tf.placeholder(tf.float16, [None, 4])
k = tf.placeholder(tf.float32, [])
t = tf.placeholder(tf.bool, [])
unknown = tf.placeholder(tf.float32, [None, None, 4])
outs = [
    slim.dropout(m, k, is_training=t),
    L.layer_norm(h),
    L.layer_norm(unknown),
    slim.batch_norm(h),
    slim.batch_norm(tf.cast(x, tf.float16)),
    slim.batch_norm(x, is_training=t, zero_debias_moving_mean=True, scale=True, trainable=False),
    slim.batch_norm(
        x,
        is_training=t,
        renorm=True,
        renorm_clipping={"rmax": 2.0, "rmin": 0.5, "dmax": 1.0},
        fused=False,
    ),
]
graph_only = [
    slim.conv2d(n, 2, 3, data_format="NCHW", stride=2),
    slim.separable_conv2d(n, None, 3, data_format="NCHW"),
    slim.separable_conv2d(n, 2, 3, data_format="NCHW"),
    slim.max_pool2d(n, 2, data_format="NCHW"),
    slim.batch_norm(n, data_format="NCHW"),
    L.conv3d(tf.placeholder(tf.float32, [None, 3, 4, 4, 4]), 2, 3, data_format="NCDHW"),
    slim.batch_norm(
        tf.placeholder(tf.float32, [None, 3, 4]), data_format="NCHW", updates_collections=None
    ),
]
with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
    outs.append(slim.batch_norm(m, is_training=True, scale=True, updates_collections=None))
    outs.append(slim.batch_norm(m, fused=False))
with tf.variable_scope("r", use_resource=True):
    outs.append(slim.batch_norm(m, is_training=t, updates_collections=None))
    outs.append(slim.batch_norm(m, is_training=t, fused=False, updates_collections="u2"))
gradients = tf.gradients(outs, [x, m])
feed = {
    x: np.sin(np.arange(2 * 108)).reshape(2, 6, 6, 3),
    m: np.cos(np.arange(8)).reshape(2, 4),
    h: np.ones([2, 4]),
    unknown: np.sin(np.arange(24)).reshape(2, 3, 4),
    k: 0.5,
}
FETCHES = [
    ("training", outs, {**feed, t: True}),
    ("gradients", gradients, {**feed, t: False}),
]
