p = tf.placeholder(tf.bool, [], name="p")
x = tf.placeholder(tf.float32, [2], name="x")
y = tf.constant([3.0, 4.0], name="y")
v = tf.Variable(1.0, name="v")
simple = tf.cond(p, lambda: x * 2.0, lambda: y + x)
gradients = tf.gradients(simple, [x, y])
outside = tf.cond(p, lambda: x, lambda: x - 1.0, name="outside")
write, number = tf.cond(p, lambda: (v.assign_add(1.0), tf.constant(3)), lambda: (v * 1.0, 4))
nested = tf.cond(
    p, lambda: tf.cond(x[0] > 0.0, lambda: x + 1.0, lambda: x - 1.0), lambda: x, name="nested"
)
through = tf.gradients(nested, x)[0]
only_ops = tf.cond(p, lambda: tf.no_op(), lambda: tf.group(v.assign(5.0)), name="only_ops")
structure = tf.cond(
    p, lambda: {"a": v + 1.0, "b": [x]}, lambda: {"a": v + 2.0, "b": [y]}, strict=True
)
slices = tf.cond(
    p,
    lambda: tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])),
    lambda: tf.IndexedSlices(tf.constant([2.0]), tf.constant([1])),
)
with tf.control_dependencies([x]):
    ordered = tf.cond(p, lambda: tf.constant(1.0), lambda: tf.constant(2.0))
w = tf.get_variable("w", [2], use_resource=True, initializer=tf.ones_initializer())
resource = tf.cond(p, lambda: w * 3.0, lambda: x)
of_resource = tf.gradients(resource, w)[0]
loss = tf.reduce_sum(w * x)
inside = tf.cond(p, lambda: tf.gradients(loss * v, x)[0], lambda: x * 0.0)
maybe = tf.cond(
    p,
    lambda: tf.train.GradientDescentOptimizer(0.1).minimize(loss * v),
    lambda: tf.no_op(),
    name="maybe",
)
chosen = tf.cond(tf.constant(True), lambda: v.assign(2.0), lambda: v.assign(3.0), name="chosen")
known = tf.case([(p, lambda: x), (x[0] > 1.0, lambda: x + 1.0)], default=lambda: x + 2.0)
checked = tf.case([(p, lambda: x), (tf.logical_not(p), lambda: y)], exclusive=True, strict=True)
FETCHES = []
for value in (True, False):
    feed = {p: value, x: [1.5, -2.0]}
    FETCHES += [
        (f"values, {value}", [simple, gradients, outside, nested, through, structure], feed),
        (f"more values, {value}", [ordered, resource, of_resource], feed),
        (f"slices, {value}", [slices.values, slices.indices], feed),
        (f"gradient inside, {value}", inside, feed),
        (f"cases, {value}", [known, checked], feed),
        (f"write, {value}", [write, number], feed),
        (f"operations, {value}", only_ops, feed),
        (f"training, {value}", maybe, feed),
        (f"chosen, {value}", chosen, feed),
        (f"variables, {value}", [v, w], feed),
    ]
