x = tf.constant([[1.0, 2.0], [3.0, 5.0]], name="x")
results = [
    tf.reduce_sum(x, reduction_indices=[1]),
    tf.reduce_mean(x, reduction_indices=0, keep_dims=True),
    tf.reduce_max(x, 1, keep_dims=True),
    tf.reduce_prod(x, reduction_indices=[0, 1], keep_dims=True),
    tf.argmax(x, dimension=1),
    tf.argmin(x, dimension=0),
    tf.reduce_all(x > 1.0, reduction_indices=1),
    tf.expand_dims(x, dim=1),
    tf.squeeze(tf.ones([1, 2, 1]), squeeze_dims=[0]),
    tf.reduce_logsumexp(x, keep_dims=True),
    tf.nn.softmax(x, dim=0),
    tf.count_nonzero(x, reduction_indices=1),
    tf.reverse_sequence(x, [1, 2], seq_dim=1, batch_dim=0),
]
FETCHES = [("results", results, None)]
