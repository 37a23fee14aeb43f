def feature(values):
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def example(**features):
    found = {name: feature(values) for name, values in features.items()}
    return tf.train.Example(features=tf.train.Features(feature=found)).SerializeToString()


WANTED = {
    "label": tf.FixedLenFeature([], tf.int64),
    "point": tf.io.FixedLenFeature([2], tf.float32, [0.5, 0.25]),
    "name": tf.FixedLenFeature((1, 1), tf.string, [["unknown"]]),
    "odd name!": tf.FixedLenFeature([], tf.int64, 7),
    "words": tf.VarLenFeature(tf.string),
    "steps": tf.FixedLenSequenceFeature([2], tf.float32, allow_missing=True),
    "marks": tf.io.FixedLenSequenceFeature([], tf.int64, allow_missing=True, default_value=-1),
    "bag": tf.SparseFeature("places", "weights", tf.float32, 10),
    "grid": tf.io.SparseFeature(["row", "column"], "cells", tf.int64, [3, 4], True),
}
batch = tf.placeholder(tf.string, [None], name="batch")
single = tf.placeholder(tf.string, [], name="single")
parsed = tf.parse_example(batch, WANTED)
one = tf.parse_single_example(single, WANTED)
named = tf.io.parse_example(
    batch,
    {"a": tf.VarLenFeature(tf.int64), "b": tf.FixedLenFeature([1], tf.float32)},
    "named",
    ["first", "second"],
)
named_one = tf.io.parse_single_example(
    single,
    {"a": tf.VarLenFeature(tf.int64), "b": tf.FixedLenFeature([1], tf.float32)},
    name="one",
    example_names="only",
)
plain_name = tf.parse_single_example(
    single, {"b": tf.FixedLenFeature([1], tf.float32)}, example_names="only"
)

full = example(
    **{"label": [3], "point": [1.5, 2.5], "name": [b"x"], "words": [b"a", b"bc"], "odd name!": [1]},
    steps=[1.0, 2.0, 3.0, 4.0],
    marks=[5],
    places=[7, 2],
    weights=[0.5, 1.5],
    row=[2, 0],
    column=[1, 3],
    cells=[8, 9],
)
least = example(label=[4])
pair = example(a=[1, 2], b=[0.5])
FETCHES = [
    ("parsed", parsed, {batch: [full, least, full]}),
    ("nothing", {k: parsed[k] for k in ("label", "point", "words", "marks")}, {batch: []}),
    ("one", one, {single: full}),
    ("one_least", one, {single: least}),
    ("named", named, {batch: [pair, pair]}),
    ("named_one", named_one, {single: pair}),
    ("plain_name", plain_name, {single: pair}),
    ("missing", parsed["label"], {batch: [full, example(point=[1.0, 2.0])]}),
    ("missing_one", one["label"], {single: b""}),
    ("type", parsed["label"], {batch: [example(label=[1.0])]}),
    ("type_of_words", parsed["words"], {batch: [example(label=[1], words=[2])]}),
    ("count", parsed["point"], {batch: [full, example(label=[1], point=[1.0])]}),
    ("count_one", one["point"], {single: example(label=[1], point=[1.0])}),
    ("stride", parsed["steps"], {batch: [example(label=[1], steps=[1.0])]}),
    ("name_in_error", named["b"], {batch: [pair, b""]}),
    ("too_few_names", named["b"], {batch: [pair]}),
    ("garbage", parsed["label"], {batch: [b"garbage"]}),
    ("garbage_one", one["label"], {single: b"garbage"}),
]
