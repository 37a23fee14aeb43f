v = tf.get_variable(
    "v", initializer=np.arange(8.0, dtype=np.float32).reshape(4, 2), use_resource=True
)
steps = [
    ("add", tf.scatter_add(v, [0, 2, 0], [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])),
    ("sub", tf.scatter_sub(v, [1], [[1.0, 2.0]])),
    ("update", tf.scatter_update(v, [3], [[9.0, 8.0]])),
    ("mul", tf.scatter_mul(v, [1], [[2.0, 3.0]])),
    ("div", tf.scatter_div(v, [3], [[3.0, 2.0]])),
    ("max", tf.scatter_max(v, [0], [[5.0, 50.0]])),
    ("min", tf.scatter_min(v, [0], [[1.0, 1.0]])),
    ("nd", tf.scatter_nd_update(v, [[2, 0]], [7.0])),
    ("nd_add", tf.scatter_nd_add(v, [[2, 0]], [7.0])),
]
sliced = v[0].assign([1.5, 2.5])
FETCHES = [(label, op, None) for label, op in steps] + [
    ("sliced", sliced, None),
    ("after", v, None),
]
