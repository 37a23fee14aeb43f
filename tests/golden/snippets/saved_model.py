"""SavedModels: what saving adds to a graph, what loading brings back, signatures, errors."""

import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp()
try:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [1], initializer=tf.zeros_initializer(), use_resource=True)
    steps = tf.get_variable(
        "steps", initializer=3, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False
    )
    y = tf.add(tf.matmul(x, w), b, name="y")
    session = tf.Session()
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    session.run(tf.assign(w, [[2.0], [3.0]]))
    predict = tf.saved_model.predict_signature_def({"x": x}, {"y": y})
    builder = tf.saved_model.Builder(os.path.join(FOLDER, "model"))
    builder.add_meta_graph_and_variables(session, [tf.saved_model.SERVING], {"p": predict})
    builder.add_meta_graph(
        [tf.saved_model.SERVING, tf.saved_model.GPU],
        {"p": predict},
        main_op=tf.saved_model.main_op.main_op(),
        clear_devices=True,
        strip_default_attrs=True,
    )
    written = builder.save()
    tf.saved_model.main_op_with_restore(
        tf.get_default_graph().get_operation_by_name("save/restore_all")
    )
    tf.saved_model.simple_save(session, os.path.join(FOLDER, "simple"), {"x": x}, {"y": y})

    def loaded(tags, name, **kwargs):
        graph = tf.Graph()
        with tf.Session(graph=graph) as other:
            meta_graph = tf.saved_model.load(other, tags, os.path.join(FOLDER, name), **kwargs)
            scope = kwargs.get("import_scope")
            (signature,) = meta_graph.signature_def.values()
            tensors = [
                tf.saved_model.get_tensor_from_tensor_info(info, graph, scope)
                for info in (signature.inputs["x"], signature.outputs["y"])
            ]
            value = other.run(tensors[1], {tensors[0]: [[1.0, 10.0]]})
            return [value] + [op.name for op in graph.get_operations()]

    def refused(function, *args, **kwargs):
        try:
            function(*args, **kwargs)
        except Exception as error:
            return (
                type(error).__name__ + ": " + str(error).splitlines()[0].replace(FOLDER, "FOLDER")
            )
        return "fine"

    def nothing():
        builder.add_meta_graph_and_variables(session, ["again"])

    texts = tf.placeholder(tf.string, [None], name="texts")
    scores = tf.placeholder(tf.float32, [None, 3], name="scores")
    classes = tf.placeholder(tf.string, [None, 3], name="classes")
    sm = tf.saved_model
    signatures = [
        sm.build_tensor_info(w),
        sm.build_tensor_info(b),
        predict,
        sm.regression_signature_def(texts, scores),
        sm.classification_signature_def(texts, None, scores),
        sm.build_signature_def({"a": sm.build_tensor_info(x)}, None, "mine"),
    ]
    said = [
        os.path.relpath(written.decode(), FOLDER),
        sorted(os.listdir(os.path.join(FOLDER, "model", "variables"))),
        [sm.contains_saved_model(os.path.join(FOLDER, name)) for name in ("model", "none")],
        [str(proto).strip() for proto in signatures],
        [sm.is_valid_signature(proto) for proto in signatures[2:]],
        loaded(["serve"], "model"),
        loaded(["gpu", "serve"], "model"),
        loaded(["serve"], "simple", import_scope="copy"),
        refused(loaded, ["train"], "model"),
        refused(loaded, "serve", "model"),
        refused(loaded, ["serve"], "none"),
        refused(sm.Builder, os.path.join(FOLDER, "model")),
        refused(nothing),
        refused(sm.Builder(os.path.join(FOLDER, "new")).add_meta_graph, ["serve"]),
        refused(sm.predict_signature_def, {}, {"y": y}),
        refused(sm.regression_signature_def, x, scores),
        refused(sm.classification_signature_def, texts, None, None),
        refused(sm.get_tensor_from_tensor_info, tf.TensorInfo()),
        refused(sm.main_op_with_restore, "save/restore_all"),
    ]
finally:
    shutil.rmtree(FOLDER)
FETCHES = [("said", tf.constant([str(s) for s in said], name="said"), None)]
