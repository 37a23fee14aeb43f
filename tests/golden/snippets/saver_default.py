import atexit
import os
import shutil
import tempfile

folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder)
prefix = os.path.join(folder, "model")
v = tf.Variable([1.0, 2.0], name="v")
with tf.variable_scope("scope"):
    w = tf.get_variable("w", [2, 2], initializer=tf.ones_initializer())
n = tf.Variable(3, trainable=False, name="n")
r = tf.Variable([7.0], name="r", use_resource=True)
saver = tf.train.Saver()
change = [v.assign([0.0, 0.0]), w.assign(w * 5.0), n.assign(0), r.assign([0.0])]
save = tf.get_default_graph().get_operation_by_name("save/control_dependency")
restore = tf.get_default_graph().get_operation_by_name("save/restore_all")
feed = {"save/Const:0": prefix}
FETCHES = [
    ("save", save, feed),
    ("change", [c.op for c in change], None),
    ("changed", [v, n, r], None),
    ("restore", restore, feed),
    ("restored", [v, w, n, r], None),
    ("missing_file", restore, {"save/Const:0": "/absent/folder/model"}),
]
