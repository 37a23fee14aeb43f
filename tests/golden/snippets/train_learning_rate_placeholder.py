rate = tf.placeholder(tf.float32, [], name="rate")
w = tf.Variable([1.0, 2.0], name="w")
loss = tf.nn.l2_loss(w)
sgd = tf.train.GradientDescentOptimizer(rate).minimize(loss)
adam = tf.train.AdamOptimizer(rate).minimize(loss)
momentum = tf.train.MomentumOptimizer(rate, tf.constant(0.5)).minimize(loss)
FETCHES = [
    ("sgd", sgd, {rate: 0.5}),
    ("w_1", w, None),
    ("adam", adam, {rate: 0.1}),
    ("w_2", w, None),
    ("momentum", momentum, {rate: 0.1}),
    ("w_3", w, None),
]
