v = tf.Variable(1.0, name="v")
w = tf.get_variable(
    "w", [2], initializer=tf.zeros_initializer(), collections=[tf.GraphKeys.LOCAL_VARIABLES]
)
r = tf.get_variable(
    "r",
    [2],
    initializer=tf.zeros_initializer(),
    use_resource=True,
    collections=[tf.GraphKeys.LOCAL_VARIABLES],
)
report = tf.report_uninitialized_variables()
only_v = tf.report_uninitialized_variables([v], name="only_v")
checks = [
    tf.is_variable_initialized(v),
    tf.is_variable_initialized(w),
    tf.is_variable_initialized(r),
]
guarded = w.initialized_value() + 1.0
asserted = tf.assert_variables_initialized([v])
FETCHES = [
    ("report", report, None),
    ("only_v", only_v, None),
    ("checks", checks, None),
    ("guarded", guarded, None),
    ("asserted", asserted, None),
    ("read_w", w, None),
    ("read_r", r, None),
    ("init", tf.local_variables_initializer(), None),
    ("after", [w, r, report], None),
    ("guarded_2", guarded, None),
]
