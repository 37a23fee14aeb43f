v = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="v")
r = tf.Variable([1.0, -2.0], name="r", use_resource=True)
n = tf.Variable([7, 8], name="n")
results = [
    v + 1.0,
    1.0 + v,
    v - r,
    2.0 * v,
    v / 2.0,
    3.0 / v,
    v**2,
    2.0**v,
    -v,
    abs(r),
    v @ v,
    v < 2.0,
    v >= r,
    n // 2,
    n % 3,
    20 // n,
    v[0],
    v[:, 1],
    r[-1],
    v[..., tf.newaxis],
    tf.matmul(v, v),
    tf.reduce_sum(r),
    tf.identity(v),
    tf.stack([r, r]),
    tf.concat([v, v], 0),
    tf.shape(v),
    tf.exp(r),
    tf.convert_to_tensor(r),
    tf.add(r, v),
    tf.gather(v, 0),
    tf.cast(n, tf.float32),
    tf.zeros_like(r),
    tf.square(v),
    n + n,
]
gradients = tf.gradients([results[0], results[10], results[16], results[18]], [v, r])
facts = tf.constant(
    [str(v.shape), str(r.get_shape()), v.dtype.name, r.dtype.name, str(v == v), str(v in [v])],
    name="facts",
)
FETCHES = [
    ("results", results, None),
    ("gradients", [tf.convert_to_tensor(g) for g in gradients], None),
    ("facts", facts, None),
]
