x = tf.placeholder(tf.float32, [None, 2], name="x")
y = tf.placeholder(tf.float32, [3, 3], name="y")
n = tf.placeholder(tf.int32, [3], name="n")
p = tf.placeholder(tf.bool, [], name="p")


def message(action):
    """The class and the first line of what `action` raises."""
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return "no error"


def boolean():
    if p:
        return 1


errors = [
    message(a)
    for a in (
        lambda: tf.matmul(x, y),
        lambda: x + y,
        lambda: x + n,
        lambda: tf.add(x, n),
        lambda: tf.concat([x, y], 0),
        lambda: tf.reshape(y, [2, 2]),
        lambda: tf.constant("a", tf.float32),
        lambda: tf.constant(1.5, tf.int32),
        lambda: tf.constant([1, 2, 3], shape=[2]),
        boolean,
        lambda: list(x),
        lambda: iter(p),
        lambda: tf.squeeze(y),
        lambda: tf.squeeze(y, [0]),
        lambda: tf.expand_dims(y, 4),
        lambda: tf.reduce_sum(y, 3),
        lambda: tf.transpose(y, [0]),
        lambda: tf.get_variable("v"),
        lambda: [tf.get_variable("v", [2]) for _ in range(2)],
        lambda: x.set_shape([1, 3]),
        lambda: tf.TensorShape([1, 2]).merge_with([2, 1]),
        lambda: tf.placeholder("nonsense"),
        lambda: tf.constant(1.0, name="bad name"),
        lambda: tf.name_scope("bad name!").__enter__(),
        lambda: tf.get_default_graph().get_tensor_by_name("x"),
        lambda: tf.get_default_graph().get_tensor_by_name("q:0"),
        lambda: tf.get_default_graph().get_operation_by_name("q"),
        lambda: tf.get_default_graph().as_graph_element(3),
        lambda: tf.gradients(n, n),
        lambda: tf.gradients(x, [x], grad_ys=[None, None]),
        lambda: y[0, 0, 0],
        lambda: y[5],
        lambda: y["a"],
        lambda: y[0.5],
        lambda: tf.constant([[1, 2], [3]]),
        lambda: tf.stack([x, y]),
        lambda: tf.nn.softmax_cross_entropy_with_logits(x, y),
        lambda: tf.split(y, 2),
        lambda: tf.unstack(x),
        lambda: tf.cast("a", tf.float32),
        lambda: tf.gather(y, 1.5),
        lambda: tf.matmul(x, n),
        lambda: tf.sqrt(n),
        lambda: len(x),
        lambda: tf.nn.conv2d(y, y, [1, 1, 1, 1], "SAME"),
        lambda: np.array(x),
        lambda: tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0)),
        lambda: tf.as_dtype("int31"),
        lambda: tf.global_variables()[0].assign([1.0, 2.0, 3.0]),
        lambda: tf.train.Saver({}),
        lambda: tf.fill([-1], 0),
    )
]
FETCHES = [("errors", tf.constant(errors, name="errors"), None)]
