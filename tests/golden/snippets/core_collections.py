a = tf.constant(1.0, name="a")
b = tf.constant(2.0, name="b")
tf.add_to_collection("things", a)
tf.add_to_collection("things", b)
tf.add_to_collections(["things", "more"], a)
graph = tf.get_default_graph()
with tf.name_scope("inside"):
    c = tf.constant(3.0, name="c")
    tf.add_to_collection("things", c)
v = tf.Variable(1.0, name="v")
w = tf.get_variable("scope/w", [2], trainable=False)
x = tf.get_local_variable("x", [])
facts = [
    [t.name for t in tf.get_collection("things")],
    [t.name for t in tf.get_collection("things", scope="inside")],
    [t.name for t in tf.get_collection("more")],
    [t.name for t in tf.get_collection("absent")],
    [t.name for t in graph.get_collection_ref("things")],
    sorted(graph.get_all_collection_keys()),
    [t.name for t in tf.global_variables()],
    [t.name for t in tf.trainable_variables()],
    [t.name for t in tf.local_variables()],
    [t.name for t in tf.global_variables(scope="scope")],
    [t.name for t in tf.all_variables()],
    [t.name for t in tf.model_variables()],
    [
        tf.GraphKeys.GLOBAL_VARIABLES,
        tf.GraphKeys.SUMMARIES,
        tf.GraphKeys.LOSSES,
        tf.GraphKeys.GLOBAL_STEP,
    ],
]
FETCHES = [("facts", tf.constant([" ".join(f) for f in facts], name="facts"), None)]
