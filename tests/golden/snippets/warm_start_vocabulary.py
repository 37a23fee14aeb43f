import atexit
import os
import shutil
import tempfile

import numpy as np

folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder)
started = os.getcwd()
os.chdir(folder)  # The graph has the paths as they are given; the recorded ones must be the same.
words = {"old": "a b c d", "new": "c x a d y", "short": "a b c", "more": "a b c d e"}
for name, lines in words.items():
    with open(name, "w") as file:
        file.write(lines.replace(" ", "\n") + "\n")
with tf.Graph().as_default():
    tf.get_variable("e", initializer=np.arange(12, dtype=np.float32).reshape(4, 3))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, "./model", write_meta_graph=False)
halves = tf.fixed_size_partitioner(2)
made = {
    "rows": tf.get_variable("rows", [6, 3]),
    "parts": tf.get_variable("parts", [6, 3], partitioner=halves),
    "columns": tf.get_variable("columns", [4, 6]),
    "column_parts": tf.get_variable("column_parts", [4, 6], partitioner=halves),
    "exact": tf.get_variable("exact", [5, 3], use_resource=True),
}
info = tf.train.VocabInfo("new", 5, 1, "old")
ones = tf.ones_initializer()
vocabularies = {
    "rows": info,
    "parts": info._replace(old_vocab_size=2, backup_initializer=ones),
    "columns": tf.train.VocabInfo("more", 5, 1, "short", 2, axis=1),
    "column_parts": tf.train.VocabInfo("more", 5, 1, "short", -1, ones, 1),
    "exact": info._replace(num_oov_buckets=0),
}
for name in sorted(made):
    tf.train.warm_start("./model", name + "[/:]", {name: vocabularies[name]}, {name: "e"})
initial = [[v.name, v.initializer.name, v.initial_value.name] for v in tf.global_variables()]


def message(action):
    try:
        return repr(action())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


messages = [
    message(lambda: info),
    message(lambda: tf.train.VocabInfo("new", 5, 1, "old", axis=2)),
]
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    values = [session.run(v).tolist() for v in tf.global_variables()]
tf.get_default_graph().clear_collection(tf.GraphKeys.GLOBAL_VARIABLES)
os.chdir(started)
FETCHES = [
    ("initial", tf.constant(initial), None),
    ("messages", tf.constant(messages), None),
    ("values", tf.constant(repr(values)), None),
]
