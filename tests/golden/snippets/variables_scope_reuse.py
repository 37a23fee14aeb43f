def attempt(function):
    try:
        return function().name
    except ValueError as error:
        return "ValueError: " + str(error).splitlines()[0]


with tf.variable_scope("s") as s:
    v = tf.get_variable("v", [2, 2])
    s.reuse_variables()
    facts = [
        attempt(lambda: tf.get_variable("v", [2, 2])),
        attempt(lambda: tf.get_variable("new", [1])),
    ]
    facts.append(attempt(lambda: tf.get_variable("v", [3])))
    facts.append(attempt(lambda: tf.get_variable("v", [2, 2], tf.int32)))
    with tf.variable_scope("nested") as nested:
        facts.append(str(nested.reuse))
facts.append(attempt(lambda: tf.get_variable("s/v", [2, 2])))
with tf.variable_scope("s", reuse=tf.AUTO_REUSE) as auto:
    facts += [
        attempt(lambda: tf.get_variable("v")),
        attempt(lambda: tf.get_variable("made", [1])),
        str(auto.reuse is tf.AUTO_REUSE),
    ]
    with tf.variable_scope("deep", reuse=False):
        facts.append(attempt(lambda: tf.get_variable("d", [1])))
with tf.variable_scope("s", reuse=True) as outer, tf.variable_scope(outer, reuse=False) as scope:
    facts.append(str(scope.reuse))
for i in range(2):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
        tf.multiply(w, float(i), name="out")
tf.get_variable_scope().reuse_variables()
facts.append(attempt(lambda: tf.get_variable("tower/w", [2])))
facts.append(attempt(lambda: tf.get_variable("nowhere", [2])))
FETCHES = [("facts", tf.constant(facts, name="facts"), None)]
