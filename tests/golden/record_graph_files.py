"""Records graph files of the real TensorFlow 1.15 in the folder `files` beside this script.

    python3.7 tests/golden/record_graph_files.py

A frozen convolutional network with inputs and outputs; a MetaGraphDef of a model in training with
its losses; what `tf.graph_util` makes of that model; a graph with functions, a loop and op types of
all sorts.
"""

import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(HERE, "files")
STEPS = 5


def rows():
    """float32 [batch, features], int32 [batch]: what the model in training is fed."""
    features = np.sin(np.arange(12, dtype=np.float32)).reshape(4, 3)
    return features, np.arange(4, dtype=np.int32)


def images():
    """float32 [batch, height, width, channels]"""
    return np.cos(np.arange(2 * 9 * 9, dtype=np.float32) / 7).reshape(2, 9, 9, 1)


def record_convnet(tf):
    random = np.random.RandomState(7)

    def variable(name, *shape):
        value = (random.standard_normal(shape) / 3).astype(np.float32)
        return tf.get_variable(name, initializer=value)

    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 9, 9, 1], name="x")
        h = tf.nn.conv2d(x, variable("k1", 3, 3, 1, 4), strides=[1, 1, 1, 1], padding="SAME")
        h = tf.nn.relu(tf.nn.bias_add(h, variable("b1", 4)))
        h = tf.nn.max_pool(h, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")
        h = tf.nn.conv2d(h, variable("k2", 2, 2, 4, 6), strides=[1, 2, 1, 1], padding="VALID")
        h, _, _ = tf.nn.fused_batch_norm(
            h,
            variable("scale", 6),
            variable("offset", 6),
            variable("mean", 6),
            tf.abs(variable("variance", 6)) + 0.1,
            is_training=False,
        )
        h = tf.nn.avg_pool(tf.nn.leaky_relu(h), [1, 2, 2, 1], [1, 1, 1, 1], "VALID")
        flat = tf.reshape(h, [tf.shape(h)[0], -1])
        logits = tf.nn.xw_plus_b(flat, variable("w", 18, 5), variable("b", 5), name="logits")
        tf.nn.softmax(tf.nn.dropout(logits, rate=tf.constant(0.0)), name="y")
        session.run(tf.global_variables_initializer())
        frozen = tf.graph_util.convert_variables_to_constants(
            session, graph.as_graph_def(), ["logits", "y"]
        )
        found = session.run(["logits:0", "y:0"], {x: images()})
    write("frozen_convnet.pb", frozen.SerializeToString())
    write_json("frozen_convnet.json", {"logits": found[0].tolist(), "y": found[1].tolist()})


def record_training(tf):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        i = tf.placeholder(tf.int32, [None], name="i")
        with tf.variable_scope("net"), tf.device("/cpu:0"):
            w = tf.get_variable("w", initializer=np.eye(3, 2, dtype=np.float32))
            b = tf.get_variable("b", initializer=np.float32([0.5, -0.5]), use_resource=True)
            table = tf.get_variable(
                "table", initializer=np.ones((4, 2), np.float32), use_resource=True
            )
            h = tf.tanh(tf.matmul(x, w) + b, name="h")
        with tf.device("/cpu:0"):
            y = tf.identity(h * tf.gather(table, i), name="y")
        y = tf.check_numerics(y, "y", name="checked")
        loss = tf.reduce_mean(tf.square(y - 0.25), name="loss")
        step = tf.train.get_or_create_global_step()
        rate = tf.train.exponential_decay(0.5, step, 2, 0.9, staircase=True)
        train = tf.train.MomentumOptimizer(rate, 0.9).minimize(loss, global_step=step)
        saver = tf.train.Saver(max_to_keep=3)
        tf.add_to_collection("outputs", y)
        tf.add_to_collection("sizes", 2)
        tf.train.export_meta_graph(
            os.path.join(FILES, "momentum.meta"), saver_def=saver.as_saver_def()
        )
        feeds = dict(zip([x, i], rows()))
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, train], feeds)[0].item() for _ in range(STEPS)]
        state = {v.op.name: session.run(v).tolist() for v in tf.global_variables()}
        given = graph.as_graph_def()
        frozen = tf.graph_util.convert_variables_to_constants(session, given, ["checked"])
        some = tf.graph_util.convert_variables_to_constants(
            session, given, ["checked"], variable_names_blacklist=["net/b"]
        )
        short = tf.graph_util.remove_training_nodes(frozen, protected_nodes=["checked"])
        part = tf.graph_util.extract_sub_graph(given, ["net/h"])
    write_json("momentum.json", {"losses": losses, "state": state})
    for name, made in [("all", frozen), ("some", some), ("short", short), ("part", part)]:
        write(f"graph_util_{name}.pb", made.SerializeToString())


def record_all_sorts(tf):
    from tensorflow.python.framework import function

    with tf.Graph().as_default() as graph:

        @function.Defun(tf.float32, tf.float32, func_name="square_gradient")
        def square_gradient(x, dy):
            return 2 * x * dy

        @function.Defun(tf.float32, func_name="square", grad_func=square_gradient)
        def square(x):
            return x * x

        x = tf.placeholder(tf.float32, [2], name="x")
        square(x, name="called")
        tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * 2), [0, x], name="loop")
        queue = tf.FIFOQueue(3, [tf.float32, tf.int32], shapes=[[2], []], name="queue")
        with tf.control_dependencies([queue.enqueue([x, 1], name="put")]):
            tf.identity_n(list(queue.dequeue(name="get")), name="got")
        tf.data.Dataset.range(5).map(lambda n: n * n).make_one_shot_iterator().get_next("next")
        tf.strings.regex_replace(tf.constant("abc"), "b", "d", name="replaced")
        tf.foldl(lambda a, b: a + b, x, name="fold")
        tf.add(x, 1.0, name="plain")
    write("all_sorts.pb", graph.as_graph_def(add_shapes=True).SerializeToString())


def write(name, content):
    with open(os.path.join(FILES, name), "wb") as file:
        file.write(content)


def write_json(name, facts):
    write(name, (json.dumps(facts, indent=1, sort_keys=True) + "\n").encode())


def main():
    import tensorflow as tf

    record_convnet(tf)
    record_training(tf)
    record_all_sorts(tf)


if __name__ == "__main__":
    main()
