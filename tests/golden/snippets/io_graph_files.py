"""Graphs that leave the process and come back: imported, exported, frozen, cut."""

import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp()
try:
    with tf.Graph().as_default() as source, tf.Session(graph=source) as session:
        x = tf.placeholder(tf.float32, [None, 2], name="x")
        w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
        hidden = tf.identity(tf.matmul(x, w), name="hidden")
        y = tf.identity(tf.nn.relu(hidden), name="y")
        other = tf.multiply(hidden, 2.0, name="other")
        session.run(tf.global_variables_initializer())
        graph_def = source.as_graph_def()
        frozen = tf.graph_util.convert_variables_to_constants(session, graph_def, ["y"])
        tf.train.write_graph(source, FOLDER, "graph.pbtxt")
        tf.io.write_graph(frozen, FOLDER, "graph.pb", as_text=False)
        tf.train.export_meta_graph(os.path.join(FOLDER, "graph.meta"), collection_list=["mine"])
    cut = tf.graph_util.extract_sub_graph(graph_def, ["other"])
    trimmed = tf.graph_util.remove_training_nodes(frozen)
    binary = tf.GraphDef()
    with open(os.path.join(FOLDER, "graph.pb"), "rb") as file:
        binary.ParseFromString(file.read())
    new = tf.constant([[3.0, 4.0]], name="new")
    imported = tf.import_graph_def(frozen, {"x:0": new}, ["y:0", "hidden"], name="frozen")
    again = tf.graph_util.import_graph_def(cut, return_elements=["other:0"])
    saver = tf.train.import_meta_graph(os.path.join(FOLDER, "graph.meta"), import_scope="meta")
    texts = [
        str(sorted(os.listdir(FOLDER))),
        str([node.name for node in frozen.node]),
        str([node.name for node in cut.node]),
        str([node.name + ":" + node.op for node in trimmed.node]),
        str([node.name for node in binary.node] == [node.name for node in frozen.node]),
        str(saver is None),
        str(tf.graph_util.tensor_shape_from_node_def_name(tf.get_default_graph(), "new")),
        str(tf.graph_util.must_run_on_cpu(new.op)),
        str([tensor.name for tensor in again]),
        tf.make_tensor_proto([1, 2], tf.int64, [2, 1]).SerializeToString().hex(),
        str(tf.make_ndarray(tf.make_tensor_proto([[1.5, 2.5]])).tolist()),
    ]
    for wrong in (
        lambda: tf.graph_util.extract_sub_graph(graph_def, ["absent"]),
        lambda: tf.graph_util.extract_sub_graph(graph_def, "y"),
        lambda: tf.import_graph_def("frozen"),
        lambda: tf.import_graph_def(frozen, {"absent:0": 0.0}),
        lambda: tf.import_graph_def(frozen, return_elements=["absent"]),
        lambda: tf.import_graph_def(frozen, return_elements=["x:5"]),
        lambda: tf.import_graph_def(frozen, return_elements=[5]),
    ):
        try:
            with tf.Graph().as_default():
                wrong()
        except Exception as error:
            texts.append(type(error).__name__ + ": " + str(error).splitlines()[0])
        else:
            texts.append("accepted")
finally:
    shutil.rmtree(FOLDER)
FETCHES = [
    ("texts", tf.constant(texts), None),
    ("imported", [imported[0], imported[1].outputs[0]], None),
]
