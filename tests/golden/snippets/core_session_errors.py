def message(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return "no error"


x = tf.placeholder(tf.float32, [2], name="x")
v = tf.Variable([1.0, 2.0], name="v")
y = tf.add(x, v, name="y")
closed = tf.Session()
closed.close()
elsewhere = tf.Graph()
with elsewhere.as_default():
    z = tf.constant(1.0, name="z")
session = tf.Session()
empty = tf.Session(graph=tf.Graph())
frozen = tf.Graph()
with frozen.as_default():
    tf.constant(1.0)
frozen.finalize()


def add_to_frozen():
    with frozen.as_default():
        tf.constant(2.0)


errors = [
    message(a)
    for a in (
        lambda: closed.run(y),
        lambda: y.eval(),
        lambda: y.op.run(),
        lambda: session.run(y, {x: [1, 2]}),
        lambda: session.run(z),
        lambda: empty.run([]),
        lambda: y.eval(session=empty),
        lambda: session.run(y, {x: None}),
        lambda: v.eval(session),
        lambda: session.run(v.initializer),
        lambda: session.run(y, {x: [1]}),
        lambda: session.run(y, {"x": [1, 2]}),
        add_to_frozen,
        lambda: session.run(tf.constant(1.0) + z),
        lambda: session.partial_run("handle", y),
        lambda: tf.train.Saver([x]),
        lambda: v.load([1.0, 2.0]),
        lambda: tf.variables_initializer([v]).run(),
        lambda: session.make_callable(z),
        lambda: session.run({"a": 1}),
    )
]
session.close()
errors += [
    message(lambda: session.run(y, {x: [1, 2]})),
    str(session.graph is tf.get_default_graph()),
    str(session.graph_def == 3),
]
FETCHES = [("errors", tf.constant(errors, name="errors"), None), ("y", y, {x: [1.0, 1.0]})]
