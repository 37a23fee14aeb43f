tf.set_random_seed(5)
slices = tf.create_partitioned_variables([5, 4], [2, 1], tf.ones_initializer(), name="slices")
columns = tf.create_partitioned_variables(
    [2, 6], [1, 3], tf.random_uniform_initializer(), tf.float64, trainable=False, name="columns"
)
value = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="value")
cut = tf.create_partitioned_variables([3, 2], [3, 1], value, name="cut")
partitioned = [
    tf.get_variable(name, [6, 4], partitioner=partitioner)
    for name, partitioner in (
        ("smallest", tf.min_max_variable_partitioner(3, 0, min_slice_size=32)),
        ("column", tf.min_max_variable_partitioner(4, axis=1, min_slice_size=8)),
        ("bytes", tf.variable_axis_size_partitioner(32)),
        ("shards", tf.variable_axis_size_partitioner(16, axis=1, max_shards=2)),
        ("fixed", tf.fixed_size_partitioner(2)),
    )
]
joined = [tf.convert_to_tensor(p) for p in partitioned]


def named(next_creator, **settings):
    settings["name"] = "made_" + settings["name"]
    return next_creator(**settings)


def doubled(next_creator, **settings):
    first = settings["initial_value"]
    settings["initial_value"] = lambda: (
        2.0 * tf.convert_to_tensor(first() if callable(first) else first)
    )
    return next_creator(**settings)


with tf.variable_creator_scope(named), tf.variable_creator_scope(doubled):
    made = [tf.Variable([1.0, 2.0], name="a"), tf.get_variable("b", initializer=[3.0])]
texts = [str(tf.resource_variables_enabled())]
tf.enable_resource_variables()
texts.append(str(tf.resource_variables_enabled()))
resource = tf.Variable(1.5, name="resource", aggregation=tf.VariableAggregation.MEAN)
tf.disable_resource_variables()
reference = tf.Variable(2.5, name="reference", synchronization=tf.VariableSynchronization.AUTO)
with tf.variable_scope("inner") as scope:
    texts += [str(isinstance(scope, tf.VariableScope)), scope.name, str(scope.reuse)]
texts += [v.op.type for v in (resource, reference)]
texts += [str(resource.aggregation), str(reference.synchronization)]
average = tf.train.ExponentialMovingAverage(0.9)
average.apply([reference])
texts += [v.name for v in tf.moving_average_variables()]
here = tf.Variable(4.0, collections=[tf.GraphKeys.LOCAL_VARIABLES], name="here")
starts = [
    tf.initialize_all_variables(),
    tf.initialize_local_variables(),
    tf.initialize_variables([resource, reference], name="both"),
    tf.initialize_variables([]),
]
FETCHES = [
    ("texts", tf.constant(texts), None),
    ("start", starts, None),
    ("slices", slices + columns + cut, None),
    ("joined", joined, None),
    ("made", made + [resource, reference, here], None),
]
