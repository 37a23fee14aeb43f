v = tf.Variable([1.0, 2.0], name="v")
x = tf.placeholder(tf.float32, [], name="x")
y = v * x
seen = []
with tf.Session() as first:
    first.run(v.initializer)
    with tf.Session() as second:
        tf.global_variables_initializer().run()
        v.assign([5.0, 6.0]).op.run()
        seen.append(y.eval({x: 1.0}))
        seen.append(first.run(y, {x: 1.0}))
        seen.append(tf.get_default_session() is second)
    seen.append(y.eval(feed_dict={x: 10.0}))
    seen.append(tf.get_default_session() is first)
interactive = tf.InteractiveSession()
v.initializer.run()
seen.append(y.eval({x: 3.0}))
fetched = v.eval()
fetched[0] = 100.0
seen.append(v.eval())
interactive.close()
with tf.Session(graph=tf.Graph()) as other:
    with other.graph.as_default():
        seen.append((tf.constant(2.0) * 3.0).eval())
with tf.Session(
    config=tf.ConfigProto(allow_soft_placement=True, log_device_placement=False)
) as configured:
    seen.append(configured.run(x, {x: 4.0}))
text = [" ".join(str(float(n)) for n in np.ravel(s)) for s in seen] + [
    str(tf.get_default_session())
]
FETCHES = [("text", tf.constant(text, name="text"), None)]
