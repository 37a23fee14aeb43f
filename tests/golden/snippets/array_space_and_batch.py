x = tf.constant(np.arange(2 * 4 * 6 * 4.0).reshape(2, 4, 6, 4), name="x")
deep = tf.constant(np.arange(8 * 2 * 3 * 1).reshape(8, 2, 3, 1), tf.float32, name="deep")
unknown = tf.placeholder(tf.float32, [None, None, None, 4], name="unknown")
block = tf.placeholder(tf.int32, [2], name="block")
paddings, crops = tf.required_space_to_batch_paddings([5, 7], [2, 3])
fed_paddings, fed_crops = tf.required_space_to_batch_paddings(
    tf.shape(unknown)[1:3], block, base_paddings=[[1, 0], [0, 2]], name="fed"
)
results = [
    tf.space_to_batch(x, [[0, 0], [1, 1]], 2),
    tf.nn.space_to_batch(x, [[0, 0], [0, 0]], block_size=2, name="by_name"),
    tf.space_to_batch_nd(x, [2, 3], [[0, 0], [0, 0]]),
    tf.manip.space_to_batch_nd(x, [4], [[1, 3]]),
    tf.batch_to_space(deep, [[0, 1], [1, 0]], 2),
    tf.batch_to_space_nd(deep, [2, 2], [[0, 0], [0, 2]]),
    tf.manip.batch_to_space_nd(deep, [8], [[3, 4]], name="long"),
    tf.space_to_depth(x, 2),
    tf.nn.space_to_depth(x, 2, name="rows"),
    tf.depth_to_space(x, 2),
    tf.nn.depth_to_space(x, 2, data_format="NHWC"),
]
gradients = [tf.gradients(r * r, x if r.dtype == tf.float64 else deep)[0] for r in results]
dynamic = [
    tf.space_to_batch_nd(unknown, block, fed_paddings),
    tf.batch_to_space_nd(tf.space_to_batch_nd(unknown, block, fed_paddings), block, fed_crops),
    tf.depth_to_space(unknown, 2),
    tf.gradients(tf.space_to_batch_nd(unknown, block, fed_paddings) ** 2, unknown)[0],
]
any_rank = tf.placeholder(tf.float32, name="any_rank")
edges = tf.placeholder(tf.int32, [2, 2], name="edges")
to_batch = tf.space_to_batch_nd(any_rank, block, edges)
from_batch = tf.batch_to_space_nd(any_rank, block, edges)
none = [[0, 0], [0, 0]]
wrong = [
    (tf.space_to_depth(any_rank, 2), [3], [1, 1], none),
    (tf.depth_to_space(any_rank, 2), [3], [1, 1], none),
    (tf.depth_to_space(any_rank, 2), [1, 2, 2, 3], [1, 1], none),
    (to_batch, [4, 4], [2, 2], none),
    (to_batch, [1, 4, 3, 1], [1, 2], none),
    (to_batch, [1, 4, 4, 1], [2, 0], none),
    (to_batch, [1, 4, 4, 1], [2, 2], [[0, 0], [-1, 1]]),
    (from_batch, [3, 4], [2, 2], none),
    (from_batch, [6, 4, 4, 1], [2, 2], none),
    (from_batch, [4, 4, 4, 1], [2, -2], none),
    (from_batch, [4, 4, 4, 1], [2, 2], [[0, 0], [1, -1]]),
    (from_batch, [4, 4, 4, 1], [2, 2], [[0, 0], [5, 4]]),
]
feed = {unknown: np.arange(60.0).reshape(1, 3, 5, 4), block: [2, 3]}
FETCHES = [
    ("paddings", [paddings, crops], None),
    ("results", results, None),
    ("gradients", gradients, None),
    ("dynamic", dynamic, feed),
    ("indivisible", tf.space_to_depth(unknown, 2), feed),
]
FETCHES += [
    (f"wrong_{i}", fetch, {any_rank: np.zeros(shape), block: sizes, edges: amounts})
    for i, (fetch, shape, sizes, amounts) in enumerate(wrong)
]
