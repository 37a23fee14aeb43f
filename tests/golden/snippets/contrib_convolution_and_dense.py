tf.set_random_seed(7)
L = tf.contrib.layers
x = tf.constant(np.sin(np.arange(2 * 6 * 6 * 3)).reshape(2, 6, 6, 3), tf.float32)
r = tf.contrib.layers.l2_regularizer(0.1)
y = L.conv2d(
    x, 4, 3, weights_regularizer=r, outputs_collections="ends", variables_collections=["v"]
)
y = L.conv2d(y, 4, [3, 2], 2, scope="c2", biases_initializer=None, padding="VALID")
z = L.fully_connected(y, 3, scope="fc", biases_regularizer=r)
u = L.conv2d_transpose(y, 2, 3, 2)
w = L.separable_conv2d(y, 2, 2, 2)
q = L.separable_conv2d(y, None, 2, 2)
w2 = L.linear(tf.ones([2, 3]), 2)
FETCHES = [("a", [y, z, u, w, q], None)]
