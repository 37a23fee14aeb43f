tf.set_random_seed(2)
slim, framework = tf.contrib.slim, tf.contrib.framework
learning = tf.contrib.slim.learning
step = tf.contrib.framework.create_global_step()
tf.contrib.framework.assert_global_step(step)
tf.train.assert_global_step(step)
x = tf.placeholder(tf.float32, [None, 3], name="x")


@slim.add_arg_scope
def scaled(x, factor=1.0, shift=0.0, scope=None):
    with tf.name_scope(scope, "scaled", [x]):
        return x * factor + shift


def plain(x):
    return x


with slim.arg_scope([scaled], factor=2.0) as outer:
    first = scaled(x)
    with slim.arg_scope([scaled], shift=0.5):
        current = slim.current_arg_scope()
        second = scaled(x, scope="second")
with slim.arg_scope(outer):
    third = scaled(x, factor=3.0)
key = tf.contrib.slim.arg_scope_func_key(scaled)
with tf.variable_scope("net"):
    w = framework.model_variable("w", [3, 2], initializer=tf.ones_initializer())
    with tf.name_scope("inner"):
        scope_name = tf.contrib.framework.get_name_scope()
loss = tf.reduce_sum(tf.matmul(first + second + third, w) ** 2)
optimizer = tf.train.GradientDescentOptimizer(0.01)
pairs = optimizer.compute_gradients(loss)
multiplied = tf.contrib.slim.learning.multiply_gradients(pairs, {w: 0.5})
by_name = learning.multiply_gradients(pairs, {"net/w": tf.constant(0.25)})
clipped = tf.contrib.slim.learning.clip_gradient_norms(multiplied, 3.0)
summaries = learning.add_gradients_summaries([(tf.ones([2]), w), (None, step)])
train = optimizer.apply_gradients(clipped, global_step=step)

utils = tf.contrib.slim.utils
named = utils.collect_named_outputs("ends", "net/first", first)
tf.contrib.slim.utils.append_tensor_alias(named, "alias")
known = tf.TensorShape([4, None, 5])
texts = [
    scope_name,
    str(slim.has_arg_scope(scaled)),
    str(slim.has_arg_scope(plain)),
    str(sorted(framework.arg_scoped_arguments(scaled))),
    str(sorted(current[key].items())),
    str(framework.get_variable_full_name(w)),
    framework.get_global_step().name,
    str(utils.get_tensor_aliases(named)),
    str(utils.gather_tensors_aliases([named, second])),
    str(utils.channel_dimension(known, "NHWC")),
    str(utils.last_dimension(known)),
    str(utils.get_variable_collections({"weights": ["a"]}, "weights")),
    str(utils.get_variable_collections(["b"], "weights")),
    str(utils.n_positive_integers(3, 2)),
    str(utils.n_positive_integers(2, [4, 5])),
    str(utils.two_element_tuple([6, 7])),
]
for wrong in (
    lambda: framework.create_global_step(),
    lambda: tf.train.assert_global_step(tf.constant(1.5)),
    lambda: tf.train.assert_global_step(tf.constant([1])),
    lambda: tf.train.assert_global_step(w),
    lambda: slim.arg_scope([plain], a=1).__enter__(),
    lambda: utils.last_dimension(tf.TensorShape([None])),
    lambda: utils.last_dimension(tf.TensorShape([3]), min_rank=2),
    lambda: utils.channel_dimension(known, "channels_first"),
    lambda: utils.two_element_tuple([1, 2, 3]),
    lambda: utils.two_element_tuple("a"),
    lambda: utils.n_positive_integers(2, [1]),
    lambda: utils.n_positive_integers(0, 1),
    lambda: utils.n_positive_integers(2, -1),
    lambda: learning.multiply_gradients([], {w: 1.0}),
    lambda: learning.multiply_gradients(pairs, {}),
    lambda: learning.multiply_gradients(pairs, [1.0]),
):
    try:
        wrong()
    except Exception as error:
        texts.append(type(error).__name__ + ": " + str(error).splitlines()[0])
    else:
        texts.append("accepted")
feed = {x: [[0.1, 0.2, -0.3], [0.5, 0.0, 0.25]]}
FETCHES = [
    ("texts", tf.constant(texts), None),
    ("scoped", [first, second, third], feed),
    ("gradients", [g for g, _ in multiplied + by_name + clipped], feed),
    ("train", train, feed),
    ("after", [w, step], None),
    ("summaries", tf.constant([summary.name for summary in summaries]), None),
]
