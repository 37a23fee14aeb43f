a = tf.placeholder(tf.float32, [], name="a")
b = tf.placeholder(tf.float32, [], name="b")
c = tf.placeholder(tf.float32, [], name="c")
first = tf.add(a, b, name="first")
second = tf.multiply(first, c, name="second")
with tf.Session() as session:
    handle = session.partial_run_setup([first, second], [a, b, c])
    begun = session.partial_run(handle, first, {a: 1.0, b: 2.0})
    ended = session.partial_run(handle, second, {c: begun * 17.0})
    call = session.make_callable([first, second], [a, b, c])
    called = call(1.0, 2.0, 3.0)
    evaluated = [
        first.eval({a: 1.0, b: 1.0}, session),
        second.eval({first: 2.0, c: 5.0}),
        session.run(c, {c: 3.0}),
    ]
text = [str(float(v)) for v in [begun, ended] + list(called) + evaluated]
FETCHES = [("text", tf.constant(text, name="text"), None)]
