def parts(scope):
    return [scope.name, scope.original_name_scope, str(scope.reuse)]


facts = []
with tf.variable_scope("a") as a:
    facts += parts(a)
    v = tf.get_variable("v", [1])
    x = tf.constant(1.0, name="x")
    with tf.variable_scope("b") as b:
        facts += parts(b)
        w = tf.get_variable("w", [1])
        y = tf.identity(w, name="y")
    with tf.variable_scope("b"):
        z = tf.constant(1.0, name="z")
with tf.variable_scope("a", reuse=True) as again:
    facts += parts(again)
    v2 = tf.get_variable("v", [1])
    x2 = tf.constant(1.0, name="x")
with tf.variable_scope(a) as captured:
    facts += parts(captured)
    u = tf.get_variable("u", [1])
    t = tf.constant(1.0, name="t")
with tf.variable_scope(a, auxiliary_name_scope=False):
    s = tf.constant(1.0, name="s")
with tf.variable_scope(None, default_name="unnamed") as one:
    facts += parts(one)
    tf.get_variable("v", [1])
with tf.variable_scope(None, default_name="unnamed") as two:
    facts += parts(two)
    tf.get_variable("v", [1])
with tf.name_scope("outer"):
    with tf.variable_scope("inner") as inner:
        facts += parts(inner)
        r = tf.get_variable("r", [1])
        q = tf.add(r, 1.0, name="q")
        made = tf.Variable(1.0, name="made")
    with tf.variable_scope(b) as jumped:
        facts += parts(jumped)
        p = tf.constant(0.0, name="p")
with tf.variable_scope("a/b", reuse=tf.AUTO_REUSE):
    w2 = tf.get_variable("w", [1])
    new = tf.get_variable("new", [1])
with tf.variable_scope("", reuse=tf.AUTO_REUSE):
    root = tf.get_variable("root", [1])
with tf.variable_op_scope([x], None, "op_scope"):
    o = tf.get_variable("o", [1])
facts += [t.name for t in (v, x, w, y, z, v2, x2, u, t, s, r, q, made, p, w2, new, root, o)]
facts += [str(v is v2), str(w is w2), tf.get_variable_scope().name]
FETCHES = [("facts", tf.constant(facts, name="facts"), None)]
