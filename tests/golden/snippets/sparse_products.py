values = tf.constant([1.5, -2.0, 3.0])
a = tf.SparseTensor([[0, 1], [1, 2], [2, 0]], values, [3, 4])
b = tf.constant(np.arange(8).reshape(4, 2).astype(np.float32))
product = tf.sparse_tensor_dense_matmul(a, b)
c = tf.constant(np.arange(6).reshape(3, 2).astype(np.float32))
turned = tf.sparse.matmul(a, c, adjoint_a=True, name="turned")
both = tf.sparse.sparse_dense_matmul(
    a, tf.constant(np.arange(8).reshape(2, 4).astype(np.float32)), adjoint_b=True
)
from_value = tf.sparse_tensor_dense_matmul(
    tf.SparseTensorValue([[0, 0]], np.float32([2.0]), [1, 4]), b
)
g1 = tf.gradients(product, [values, b])
g2 = tf.gradients(turned, [values, c])
g3 = tf.gradients(both, [values])
fed = tf.sparse_placeholder(tf.float64, name="fed")
fedp = tf.sparse_tensor_dense_matmul(fed, tf.placeholder_with_default(np.ones([2, 2]), None))
cv = tf.constant([1 + 2j, 3 - 1j], tf.complex64)
ca = tf.SparseTensor([[0, 1], [1, 0]], cv, [2, 2])
cc = tf.sparse_tensor_dense_matmul(ca, np.complex64([[1j, 2], [3, 4j]]), adjoint_a=True)
FETCHES = [
    ("all", [product, turned, both, from_value], None),
    ("g", [g1, g2, g3], None),
    ("cc", cc, None),
    ("fedp", fedp, {fed: ([[0, 1]], [2.0], [1, 2])}),
    ("bad", fedp, {fed: ([[0, 1]], [2.0], [1, 3])}),
    ("out", fedp, {fed: ([[0, 5]], [2.0], [1, 2])}),
    ("out2", fedp, {fed: ([[7, 1]], [2.0], [1, 2])}),
    ("rank", fedp, {fed: ([[0, 1, 1]], [2.0], [1, 2, 1])}),
]
