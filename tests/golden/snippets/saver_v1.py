import atexit
import os
import shutil
import tempfile

folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder)
with tf.device("/cpu:0"):
    v = tf.get_variable("v", [2, 3], initializer=tf.ones_initializer())
n = tf.get_variable("n", initializer=tf.constant(3, tf.int64), trainable=False)
r = tf.get_variable("r", [2], initializer=tf.ones_initializer(), use_resource=True)
halves = tf.fixed_size_partitioner(2)
p = tf.get_variable("p", [4, 2], initializer=tf.ones_initializer(), partitioner=halves)
V1 = tf.train.SaverDef.V1
whole = tf.train.Saver(write_version=V1)
sharded = tf.train.Saver(write_version=V1, sharded=True, name="sharded")
reshaped = tf.train.Saver([v, r], write_version=V1, reshape=True, name="reshaped")
change = [v.assign(v * 5.0), n.assign(0), r.assign([0.0, 4.0])] + [x.assign(x - 3.0) for x in p]
prefix, shards = os.path.join(folder, "model"), os.path.join(folder, "shards")
graph = tf.get_default_graph()


def operation(name):
    return graph.get_operation_by_name(name)


FETCHES = [
    ("save", operation("save/control_dependency"), {"save/Const:0": prefix}),
    ("save shards", operation("sharded/ShardedFilespec"), {"sharded/Const:0": shards}),
    ("change", [c.op for c in change], None),
    ("changed", [v, n, r, list(p)], None),
    ("restore", operation("save/restore_all"), {"save/Const:0": prefix}),
    ("restored", [v, n, r, list(p)], None),
    ("change again", [c.op for c in change], None),
    (
        "restore shards",
        operation("sharded/restore_all"),
        {"sharded/Const:0": shards + "-?????-of-00002"},
    ),
    ("restored shards", [v, n, r, list(p)], None),
    ("missing file", operation("save/restore_all"), {"save/Const:0": "/absent/folder/model"}),
]
