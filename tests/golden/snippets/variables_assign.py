v = tf.Variable([1.0, 2.0, 3.0], name="v")
n = tf.Variable(0, name="n")
x = tf.placeholder(tf.float32, [3], name="x")
set_v = v.assign(x)
add_v = v.assign_add([1.0, 1.0, 1.0])
sub_v = tf.assign_sub(v, x, name="subtract")
locked = tf.assign(v, [0.0, 0.0, 0.0], use_locking=True)
shaped = tf.assign(v, [1.0, 2.0], validate_shape=False)
count = tf.assign_add(n, 1)
up_to = n.count_up_to(4)
with tf.control_dependencies([count]):
    after = tf.identity(n, name="after")
    doubled = n * 2
read = v.read_value()
sliced = v[1:].assign([7.0, 8.0])
operation = v.assign(x, read_value=False)
feed = {x: [5.0, 6.0, 7.0]}
FETCHES = [
    ("set", set_v, feed),
    ("add", add_v, None),
    ("sub", sub_v, feed),
    ("read", [read, v], None),
    ("locked", locked, None),
    ("count_1", count, None),
    ("count_2", after, None),
    ("count_3", doubled, None),
    ("up_to", up_to, None),
    ("end", up_to, None),
    ("sliced", sliced, None),
    ("v", v, None),
    ("op", operation, feed),
    ("v_2", v.value(), None),
    ("shaped", shaped, None),
    ("n", n, None),
]
