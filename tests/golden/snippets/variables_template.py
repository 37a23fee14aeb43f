tf.set_random_seed(7)
x = tf.placeholder(tf.float32, [None, 3], name="x")


def product(x, units=2):
    return tf.matmul(x, tf.get_variable("w", [3, units]))


def outer(x):
    return inner(x) + tf.layers.dense(x, 2, name="d")


def frozen(getter, name, *args, **kwargs):
    kwargs["trainable"] = False
    return getter(name, *args, **kwargs)


template = tf.make_template("t", product)
results = [template(x), template(x)]
with tf.variable_scope("s"):
    results.append(template(x))
    now = tf.make_template("t", product, create_scope_now_=True, units=4)
    with tf.name_scope("z"):
        results.append(now(x))
results.append(now(x))
results.append(tf.make_template("t", product)(x))
results.append(tf.make_template("q", product, unique_name_="unique")(x))
results.append(tf.make_template("f", product, custom_getter_=frozen)(x))
inner = tf.make_template("inner", product)
both = tf.make_template("outer", outer)
results += [both(x), both(x)]
feed = {x: np.sin(np.arange(6)).reshape(2, 3)}
names = tf.constant([v.name for v in template.variables + both.trainable_variables])
FETCHES = [("results", results, feed), ("names", names, None)]
