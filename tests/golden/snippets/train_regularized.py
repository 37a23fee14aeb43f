start = [[1.0, -2.0], [0.5, 3.0]]
count = tf.train.get_or_create_global_step()
cases = [
    tf.train.AdadeltaOptimizer(0.5),
    tf.train.FtrlOptimizer(0.1),
    tf.train.FtrlOptimizer(0.1, -0.4, 0.2, 0.01, 0.02, name="F2", accum_name="A", linear_name="L"),
    tf.train.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=0.1, name="F3"),
    tf.train.ProximalGradientDescentOptimizer(0.1, 0.2, 0.3),
    tf.train.ProximalAdagradOptimizer(0.1, 0.2, 0.1, 0.05),
    tf.train.AdagradDAOptimizer(0.1, count),
    tf.train.AdagradDAOptimizer(0.1, count, 0.2, 0.01, 0.02, name="D2"),
]
FETCHES = []
for optimizer in cases:
    name = optimizer.get_name()
    with tf.variable_scope("of_" + name):
        kinds = [
            tf.get_variable(f"v{i}", initializer=start, use_resource=i % 2 == 1) for i in range(4)
        ]
    rows = [tf.nn.embedding_lookup(v, [1, 0, 1]) for v in kinds[2:]]
    loss = tf.add_n([tf.reduce_sum(tf.square(x)) for x in kinds[:2] + rows])
    train = optimizer.minimize(loss, global_step=count, var_list=kinds)
    slots = [optimizer.get_slot(v, s) for v in kinds for s in optimizer.get_slot_names()]
    FETCHES += [(name + "_1", train, None), (name + "_2", train, None), (name, kinds + slots, None)]
