av = tf.constant([1.5, -2.0])
bv = tf.constant([3.0, 4.0, 2.0])
a = tf.SparseTensor([[0, 1], [1, 2]], av, [3, 4])
b = tf.SparseTensor([[0, 0], [1, 2], [2, 3]], bv, [3, 4])
d = tf.constant(np.arange(12).reshape(3, 4).astype(np.float32))
s1 = tf.sparse_add(a, b)
s2 = tf.sparse.add(a, b, 2.5)
s3 = tf.sparse_add(a, d)
s4 = tf.sparse_add(d, b)
row = tf.constant([1.0, 2.0, 3.0, 4.0])
col = tf.constant([[1.0], [2.0], [3.0]])
m1 = a * row
m2 = a * 2.0
m3 = a / col
m4 = a / 2
m5 = a * d
m6 = tf.SparseTensor([[0, 1], [1, 2]], [3, 4], [3, 4]) / 2

m7 = a.__div__(col)
mx = tf.sparse_maximum(a, b)
mn = tf.sparse.minimum(a, b, name="least")
g = tf.gradients(s1.values, [av, bv])
g2 = tf.gradients(s3, [av, d])
g3 = tf.gradients(m1.values, [av, row])
g4 = tf.gradients(m3.values, [av, col])
g4b = tf.gradients(m5.values, [av, d])
FETCHES = [
    ("s", [s1, s2, s3, s4], None),
    ("m", [m1, m2, m3, m4, m5, m6, m7], None),
    ("x", [mx, mn], None),
    ("g", [g, g2, g3, g4, g4b], None),
]
