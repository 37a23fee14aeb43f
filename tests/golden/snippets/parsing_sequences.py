def feature(values):
    if not values:
        return tf.train.Feature()
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def sequence(context, lists):
    features = tf.train.Features(feature={k: feature(v) for k, v in context.items()})
    found = {
        name: tf.train.FeatureList(feature=[feature(step) for step in steps])
        for name, steps in lists.items()
    }
    return tf.train.SequenceExample(
        context=features, feature_lists=tf.train.FeatureLists(feature_list=found)
    ).SerializeToString()


CONTEXT = {
    "length": tf.FixedLenFeature([], tf.int64),
    "rate": tf.FixedLenFeature([2], tf.float32, [0.5, 0.25]),
    "title": tf.VarLenFeature(tf.string),
}
STEPS = {
    "inputs": tf.FixedLenSequenceFeature([2], tf.float32),
    "labels": tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True),
    "tags": tf.VarLenFeature(tf.string),
}
single = tf.placeholder(tf.string, [], name="single")
batch = tf.placeholder(tf.string, [None], name="batch")
one = tf.parse_single_sequence_example(single, CONTEXT, STEPS)
named = tf.io.parse_single_sequence_example(
    single, {"length": CONTEXT["length"]}, example_name="only", name="named"
)
steps_alone = tf.parse_single_sequence_example(single, sequence_features={"l": STEPS["labels"]})
many = tf.io.parse_sequence_example(batch, CONTEXT, STEPS)
named_many = tf.io.parse_sequence_example(
    batch, {"length": CONTEXT["length"]}, example_names=["a", "b"], name="many"
)

full = sequence(
    {"length": [2], "rate": [1.0, 2.0], "title": [b"t", b"u"]},
    {
        "inputs": [[1.0, 2.0], [3.0, 4.0]],
        "labels": [[5], [6], [7]],
        "tags": [[b"a"], [], [b"b", b"c"]],
    },
)
least = sequence({"length": [9]}, {"inputs": [[0.5, 0.25]]})
FETCHES = [
    ("one", list(one), {single: full}),
    ("one_least", list(one), {single: least}),
    ("named", list(named), {single: least}),
    ("steps_alone", list(steps_alone), {single: b""}),
    ("many", list(many), {batch: [full, least]}),
    ("named_many", list(named_many), {batch: [least, full]}),
    ("missing", named[0], {single: b""}),
    ("missing_list", one[1], {single: sequence({"length": [9]}, {})}),
    ("missing_in_many", named_many[0], {batch: [full, b""]}),
    ("type", named[0], {single: sequence({"length": [1.5]}, {})}),
    ("type_in_many", named_many[0], {batch: [full, sequence({"length": [1.5]}, {})]}),
    ("count", named[0], {single: sequence({"length": [1, 2]}, {})}),
    ("count_in_many", named_many[0], {batch: [full, sequence({"length": [1, 2]}, {})]}),
    ("count_of_step", one[1], {single: sequence({"length": [9]}, {"inputs": [[0.5]]})}),
    ("garbage", named[0], {single: b"garbage"}),
    ("garbage_in_many", named_many[0], {batch: [full, b"garbage"]}),
]
