v = tf.Variable([1.0, 2.0], name="v")
r = tf.Variable([1.0, 2.0], name="r", use_resource=True)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    v.load([3.0, 4.0])
    r.load([5.0, 6.0], session)
    seen = [v.eval(), r.eval(), (v + r).eval(), session.run(v), r.read_value().eval()]
    v.initializer.run()
    seen.append(v.eval())
text = [" ".join(str(float(n)) for n in s) for s in seen]
FETCHES = [("text", tf.constant(text, name="text"), None), ("v", v, None)]
