a = tf.SparseTensor([[0, 1], [2, 0]], [1.5, -2.0], [3, 4])
fed = tf.sparse_placeholder(tf.float32, name="fed")
shaped = tf.sparse.placeholder(tf.int64, [2, 3], name="shaped")
partly = tf.sparse_placeholder(tf.string, [None, 3])
texts = tf.SparseTensor([[1]], ["x"], [3])
dense = tf.sparse_tensor_to_dense(a)
filled = tf.sparse.to_dense(fed, default_value=-1.0, validate_indices=False, name="filled")
words = tf.sparse.to_dense(texts, "none")
ordered = tf.sparse_reorder(fed)
known = tf.sparse.reorder(a, name="known")
kept = tf.sparse_retain(a, [False, True])
kept_fed = tf.sparse.retain(fed, fed.values > 0)
reshaped = tf.sparse_reshape(a, [4, -1])
reshaped_fed = tf.sparse.reshape(fed, [-1], name="flat")
found = tf.sparse.from_dense([[0, 7], [8, 0]])
merged = tf.sparse_merge(
    tf.SparseTensor([[0, 0], [1, 0], [1, 1]], tf.constant([3, 2, 0], tf.int64), [2, 2]),
    tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [1.0, 2.0, 3.0], [2, 2]),
    5,
)
pairs = tf.sparse.merge([shaped, shaped], shaped, [4, 5], "pairs", True)
values = tf.constant([1.0, 2.0])
sparse = tf.SparseTensor([[1, 1], [0, 0]], values, [2, 2])
back = tf.gradients(tf.sparse.to_dense(tf.sparse.reorder(sparse)) ** 2, values)
either = tf.convert_to_tensor_or_sparse_tensor(tf.SparseTensorValue([[0]], [1], [2]))

value = tf.SparseTensorValue(np.array([[2, 1], [0, 3], [0, 0]]), np.float32([1, 2, 3]), [3, 4])
in_order = ([[0, 0], [1, 2]], [1, 3], [2, 3])
FETCHES = [
    ("a", a, None),
    ("nested", {"one": [a, dense]}, None),
    ("fed", fed, {fed: value}),
    ("filled", filled, {fed: value}),
    ("ordered", ordered, {fed: value}),
    ("known", known, None),
    ("words", words, None),
    ("kept", kept, None),
    ("kept_fed", kept_fed, {fed: value}),
    ("reshaped", reshaped, None),
    ("reshaped_fed", reshaped_fed, {fed: value}),
    ("found", found, None),
    ("merged", merged, None),
    ("pairs", pairs, {shaped: in_order}),
    ("back", back, None),
    ("either", either, None),
    ("not_fed", partly.values, None),
]
