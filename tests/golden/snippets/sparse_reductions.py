v = tf.constant([1.5, -2.0, 3.0, 4.0])
a = tf.SparseTensor([[0, 1], [0, 2], [1, 0], [1, 3]], v, [3, 4])
f = tf.sparse_placeholder(tf.float32, [None, None], name="f")
r1 = tf.sparse_reduce_sum(a)
r2 = tf.sparse.reduce_sum(a, 1)
r3 = tf.sparse_reduce_sum(a, [0], keepdims=True)
r4 = tf.sparse_reduce_sum(a, reduction_axes=-1, keep_dims=True)
r5 = tf.sparse.reduce_sum(f, [1])
r6 = tf.sparse_reduce_max(a, 1)
r7 = tf.sparse.reduce_max(a)
r8 = tf.sparse_reduce_sum_sparse(a, 1)
r9 = tf.sparse.reduce_max_sparse(a, [0], keepdims=True)
r10 = tf.sparse_reduce_sum_sparse(a)
sm = tf.sparse_softmax(a)
sm2 = tf.sparse.softmax(f, name="sm2")
g1 = tf.gradients(r2, v)
g2 = tf.gradients(r1, v)
g3 = tf.gradients(r3, v)
g4 = tf.gradients(sm.values**2, v)
fv = ([[0, 1], [1, 0]], [2.0, 3.0], [2, 2])
FETCHES = [
    ("r", [r1, r2, r3, r4, r6, r7, r8, r9, r10], None),
    ("r5", [r5, sm2], {f: fv}),
    ("sm", sm, None),
    ("g", [g1, g2, g3, g4], None),
]
