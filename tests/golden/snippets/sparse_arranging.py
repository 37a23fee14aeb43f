v = tf.constant([1.5, -2.0, 3.0])
w = tf.constant([4.0, 5.0])
a = tf.SparseTensor([[0, 1], [1, 2], [2, 0]], v, [3, 4])
b = tf.SparseTensor([[0, 0], [2, 1]], w, [3, 2])
f = tf.sparse_placeholder(tf.float32, [None, None], name="f")
c1 = tf.sparse_concat(1, [a, b])
c2 = tf.sparse.concat(0, [a, b, f], expand_nonconcat_dim=True, name="c2")
c3 = tf.sparse_concat(-1, [a])
c4 = tf.sparse_concat(concat_dim=-2, sp_inputs=[a, a], axis=None)
sl = tf.sparse_slice(a, [1, 0], [2, 3])
sl2 = tf.sparse.slice(f, tf.constant([0, 1], tf.int64), [9, 9], name="sl2")
sp = tf.sparse_split(sp_input=a, num_split=2, axis=1)
sp2 = tf.sparse.split(sp_input=a, num_split=3, axis=1, name="sp2")
tr = tf.sparse_transpose(a)
tr2 = tf.sparse.transpose(f, [1, 0], name="tr2")
tr3 = tf.sparse.transpose(f)
ex = tf.sparse.expand_dims(a, 0)
ex2 = tf.sparse.expand_dims(f)
ex3 = tf.sparse.expand_dims(a, -2, name="ex3")
rs = tf.sparse_reset_shape(a)
rs2 = tf.sparse.reset_shape(a, [4, 5])
rs3 = tf.sparse.reset_shape(f, [4, 5])
fe, em = tf.sparse_fill_empty_rows(tf.SparseTensor([[0, 1], [2, 0]], w, [4, 2]), 7.0)
fe2, em2 = tf.sparse.fill_empty_rows(f, 7.0, name="fe2")
ind = tf.sparse_to_indicator(tf.SparseTensor([[0, 0], [1, 1]], [3, 2], [2, 2]), 5)
ind2 = tf.sparse.to_indicator(
    tf.SparseTensor([[0, 0], [1, 1]], tf.constant([3, 2], tf.int64), [2, 2]), 5, name="ind2"
)
ma = tf.sparse.mask(
    tf.IndexedSlices(tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([3, 5])), [5, 1]
)
ma2 = tf.sparse_mask(
    tf.IndexedSlices(tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([3, 5])), [3], name="m2"
)
e1 = tf.sparse.eye(3)
e2 = tf.sparse.eye(2, 4, tf.int32, name="e2")
g1 = tf.gradients(sl.values, v)
g2 = tf.gradients(fe.values, w)
fv = ([[0, 1], [1, 0]], [2.0, 3.0], [2, 2])
g3 = tf.gradients(tr.values, v)
FETCHES = [
    ("c", [c1, c3, c4], None),
    ("c2", c2, {f: fv}),
    ("sl", [sl, sl2], {f: fv}),
    ("sp", [sp, sp2], None),
    ("tr", [tr, tr2, tr3], {f: fv}),
    ("ex", [ex, ex2, ex3], {f: fv}),
    ("rs", [rs, rs2, rs3], {f: fv}),
    ("fe", [fe, em, fe2, em2], {f: fv}),
    ("ind", [ind, ind2], None),
    ("ma", [ma.values, ma.indices, ma2.values], None),
    ("e", [e1, e2], None),
    ("g", [g1, g2, g3], None),
]
