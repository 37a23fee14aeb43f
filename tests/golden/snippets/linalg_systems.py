x = tf.constant([[4.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.25, -0.5, 2.0]], tf.float64, name="x")
y = tf.constant([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]], tf.float64, name="y")
b = tf.constant([[[2.0, 0.5], [1.0, 1.0]], [[1.0, -0.25], [0.5, 3.0]]], tf.float32, name="b")
z = tf.constant([[[1.0], [2.0]], [[0.5], [-1.0]]], tf.float32, name="z")
c = tf.constant([[2.0, 0.5j], [1.0, 1.0 + 1.0j]], tf.complex128, name="c")
t = tf.constant([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]], tf.float64, name="t")
w = tf.constant([[1.0, 0.5, 2.0], [-1.0, 3.0, 0.25]], tf.float64, name="w")
p = tf.placeholder(tf.float64, [None, 2], name="p")
results = [
    tf.matrix_inverse(x),
    tf.linalg.inv(b, adjoint=True),
    tf.matrix_solve(x, y),
    tf.linalg.solve(b, z, adjoint=True),
    tf.matrix_triangular_solve(x, y),
    tf.linalg.triangular_solve(b, z, lower=False),
    tf.linalg.triangular_solve(x, y, lower=True, adjoint=True),
    tf.linalg.triangular_solve(x, y, lower=False, adjoint=True, name="upper"),
    tf.cholesky_solve(tf.cholesky(tf.matmul(x, x, transpose_b=True)), y),
    tf.matrix_solve_ls(t, y),
    tf.matrix_solve_ls(w, y[:2], l2_regularizer=0.5),
    tf.linalg.lstsq(t, y, l2_regularizer=0.25, name="regular"),
    tf.matrix_determinant(x),
    tf.linalg.det(b),
    tf.linalg.slogdet(x)[1],
    tf.linalg.logdet(tf.matmul(b, b, transpose_b=True)),
    tf.linalg.pinv(t),
    tf.linalg.pinv(w, rcond=0.1),
]
constant = [
    tf.linalg.lstsq(t, y, fast=False),
    tf.linalg.adjoint(c),
    tf.matrix_inverse(c),
    tf.linalg.solve(c, c, adjoint=True),
    tf.linalg.slogdet(-x)[0],
    tf.linalg.det(c),
    tf.linalg.matrix_rank(t),
    tf.linalg.matrix_rank(x, tol=2.5),
]
unknown = [
    tf.linalg.lstsq(p, y, l2_regularizer=0.5),
    tf.linalg.pinv(p),
    tf.linalg.matrix_rank(p, validate_args=True),
]
gradients = [[g for g in tf.gradients(r * r, [x, y, b, z, t, w]) if g is not None] for r in results]
feed = {p: [[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]]}
FETCHES = [
    ("results", results, None),
    ("constant", constant, None),
    ("unknown", unknown, feed),
    ("gradients", gradients, None),
]
