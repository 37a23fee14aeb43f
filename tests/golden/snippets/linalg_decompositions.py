x = tf.constant([[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.5, -0.5, 2.0]], tf.float64, name="x")
b = tf.constant([[[2.0, 0.5], [0.5, 1.0]], [[1.0, -0.25], [-0.25, 3.0]]], tf.float32, name="b")
c = tf.constant([[2.0, 0.5j], [-0.5j, 1.0]], tf.complex128, name="c")
t = tf.constant([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0], [0.0, 2.0]], tf.float64, name="t")
w = tf.constant([[1.0, 0.5, 2.0], [-1.0, 3.0, 0.25]], tf.float64, name="w")
p = tf.placeholder(tf.float64, [None, 3, 3], name="p")
weights = tf.constant([[0.5, -1.0, 2.0], [1.0, 0.25, 3.0], [-0.5, 1.5, 1.0]], tf.float64)
values = [
    tf.cholesky(x),
    tf.linalg.cholesky(b, name="factor"),
    tf.cholesky(c),
    tf.self_adjoint_eigvals(x),
    tf.linalg.eigvalsh(b),
    tf.self_adjoint_eig(c)[0],
    tf.svd(t, compute_uv=False),
    tf.svd(b)[0],
    tf.svd(w, full_matrices=True, name="wide")[0],
    tf.linalg.lu(x)[0],
    tf.linalg.lu(b, output_idx_type=tf.int64)[1],
    tf.cholesky(p),
]
# What depends on no sign of a vector.
e, v = tf.self_adjoint_eig(x)
s, u, r = tf.svd(t)
s3, u3, v3 = tf.svd(w, full_matrices=True)
q, upper = tf.qr(x)
even = [
    tf.matmul(v * e**2, v, transpose_b=True),
    tf.matmul(u * s**2, r, transpose_b=True),
    tf.matmul(u3, v3[:, :2], transpose_b=True),
    tf.matmul(q, upper),
    q**2,
]
gradients = [
    tf.gradients(tf.cholesky(x) * weights, x),
    tf.gradients(tf.cholesky(b), b),
    tf.gradients(tf.self_adjoint_eigvals(x) ** 2, x),
    tf.gradients(tf.svd(t, compute_uv=False) ** 2, t),
    tf.gradients(tf.svd(b)[0], b),
    tf.gradients(even[0] * weights, x),
    tf.gradients(even[1], t),
    tf.gradients(tf.matmul(u3 * s3, v3[:, :2], transpose_b=True), w),
    tf.gradients([q**2, upper**3], x),
]
gradient_of_unknown = tf.gradients(tf.cholesky(p), p)
feed = {p: [[[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.5, -0.5, 2.0]]]}
FETCHES = [
    ("values", values, feed),
    ("even", even, None),
    ("gradients", gradients, None),
    ("unknown", gradient_of_unknown, feed),
]
