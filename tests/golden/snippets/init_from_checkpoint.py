import atexit
import os
import shutil
import tempfile

import numpy as np

folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder)
started = os.getcwd()
os.chdir(folder)  # The graph has the path as it is given; the recorded one must be the same.
halves = tf.fixed_size_partitioner(2)
with tf.Graph().as_default():
    with tf.variable_scope("old"):
        tf.get_variable("a", initializer=np.arange(6, dtype=np.float32).reshape(2, 3))
        tf.get_variable("b", initializer=np.float32(5))
        tf.get_variable("p", [4, 2], initializer=tf.ones_initializer(), partitioner=halves)
        tf.get_variable("r", [4, 2], initializer=tf.ones_initializer())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, "./model", write_meta_graph=False)


def variables(scope):
    with tf.variable_scope(scope):
        return [
            tf.get_variable("a", [2, 3]),
            tf.get_variable("b", []),
            tf.get_variable("p", [4, 2], partitioner=halves),
            tf.get_variable("r", [4, 2], use_resource=True),
        ]


def message(action):
    try:
        return repr(action())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


init, warm = tf.train.init_from_checkpoint, tf.train.warm_start
a, b, p, r = variables("new")
with tf.device("/cpu:0"):
    q = tf.get_variable("q", [4, 2], partitioner=tf.fixed_size_partitioner(4), use_resource=True)
messages = [
    message(lambda: init("./model", {"old/r": r, "old/b": b, "old/a": a})),
    message(lambda: init("./model", {"old/a": "new/a", "old/p": "new/p"})),
    message(lambda: init("./model", {"old/r": list(p), "old/p": list(q)})),
    message(lambda: init("./model", {"old/": "new/"})),
    message(lambda: init("./model", {"old/": "nothing/"})),
    message(lambda: init("./model", {"old/": "/"})),
    message(lambda: init("./model", {"/": "new/"})),
    message(lambda: init("./model", {"old/b": "new/a"})),
    message(lambda: init("./model", {"old": "new/"})),
    message(lambda: init("./model", {"old/a": "new/nothing"})),
    message(lambda: init("./model", {"old/a": "nothing/"})),
    message(lambda: init("./model", {})),
    message(lambda: init("./absent", {"old/a": "new/a"})),
    message(lambda: init(".", {"old/a": "new/a"})),
    message(lambda: init("absent/model", {"old/a": "new/a"})),
]
old = variables("old")
with tf.variable_scope("other"):
    other = tf.get_variable("a", [2, 3], trainable=False)
messages += [
    message(lambda: warm("./model", "old")),
    message(lambda: warm("./model", ["old/a", "old/b"])),
    message(lambda: warm("./model", [old[0], old[3]])),
    message(lambda: warm("./model", ["other"], None, {"other/a": "old/a"})),
    message(lambda: warm("./model", None)),
    message(lambda: warm("./model", "no such")),
    message(lambda: warm("./model", [3][0])),
    message(lambda: warm("./absent")),
]
initial = [
    [v.name, v.initializer.name, v.initial_value.name, str(v.initial_value.shape)]
    for v in tf.global_variables()
]
# Nothing is left to initialize for those who run this: the path is gone with the folder.
tf.get_default_graph().clear_collection(tf.GraphKeys.GLOBAL_VARIABLES)
os.chdir(started)
FETCHES = [
    ("messages", tf.constant(messages), None),
    ("initial", tf.constant(initial), None),
]
