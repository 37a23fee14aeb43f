def build(name, optimizer, resource):
    with tf.variable_scope(name):
        table = tf.get_variable(
            "table",
            initializer=np.arange(1.0, 9.0, dtype=np.float32).reshape(4, 2),
            use_resource=resource,
        )
        rows = tf.nn.embedding_lookup(table, ids)
        return table, optimizer.minimize(tf.reduce_sum(rows * rows * 0.5), var_list=[table])


ids = tf.constant([0, 2, 0], name="ids")
cases = [
    ("sgd", tf.train.GradientDescentOptimizer(0.1)),
    ("momentum", tf.train.MomentumOptimizer(0.1, 0.9)),
    ("nesterov", tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True)),
    ("adam", tf.train.AdamOptimizer(0.1)),
    ("adagrad", tf.train.AdagradOptimizer(0.1)),
    ("rmsprop", tf.train.RMSPropOptimizer(0.1, momentum=0.5)),
    ("centered", tf.train.RMSPropOptimizer(0.1, centered=True)),
]
FETCHES = []
for name, optimizer in cases:
    table, train = build(name, optimizer, False)
    FETCHES += [(name + "_1", train, None), (name + "_2", train, None), (name, table, None)]
