x = tf.constant([1.0, 2.0, 3.0], name="x")
y = x * x + tf.sin(x) + tf.exp(x) * x
results = [
    tf.gradients(y, x, aggregation_method=m)
    for m in (None, tf.AggregationMethod.ADD_N, tf.AggregationMethod.DEFAULT)
]
tree = tf.gradients(y, x, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE)
accumulated = tf.gradients(y, x, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N)
gated = tf.gradients(y, x, gate_gradients=True)
with tf.device("/cpu:0"):
    colocated = tf.gradients(y, x, colocate_gradients_with_ops=True)
scoped = tf.gradients([x * 2.0, x * 3.0, x[0]], x)
FETCHES = [("results", results + [tree, accumulated, gated, colocated, scoped], None)]
