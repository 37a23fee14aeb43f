with tf.device("/cpu:0"):
    w = tf.Variable([1.0, 2.0], name="w")
    u = tf.Variable([2.0, 1.0], name="u")
loss = tf.reduce_sum(w * u)
optimizer = tf.train.GradientDescentOptimizer(0.1)
none = optimizer.compute_gradients(loss, [w], gate_gradients=optimizer.GATE_NONE)
graph = optimizer.compute_gradients(loss, gate_gradients=optimizer.GATE_GRAPH)
op = optimizer.compute_gradients(loss, gate_gradients=tf.train.Optimizer.GATE_OP)
colocated = optimizer.minimize(
    loss, gate_gradients=optimizer.GATE_GRAPH, colocate_gradients_with_ops=True, name="colocated"
)
tree = optimizer.minimize(loss, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE)
FETCHES = [
    ("gradients", [[g for g, _ in pairs] for pairs in (none, graph, op)], None),
    ("train", colocated, None),
    ("after", [w, u], None),
    ("tree", tree, None),
    ("after_2", [w, u], None),
]
