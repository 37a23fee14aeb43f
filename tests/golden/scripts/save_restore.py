"""Saves a model, loads it again, goes on; uses private modules as older code did."""
from __future__ import print_function
import os
import sys
import tensorflow as tf
from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import array_ops, init_ops, math_ops, variable_scope
from tensorflow.python.platform import gfile
from tensorflow.python.training import saver as saver_lib

folder = sys.argv[1]
if gfile.Exists(folder):
    gfile.DeleteRecursively(folder)
gfile.MakeDirs(folder)
path = os.path.join(folder, "model.ckpt")


def model():
    ops.reset_default_graph()
    tf.set_random_seed(123)
    x = array_ops.placeholder(dtypes.float32, [None, 3], name="x")
    with variable_scope.variable_scope("layer"):
        w = variable_scope.get_variable("w", [3, 2], initializer=init_ops.random_normal_initializer())
        b = variable_scope.get_variable("b", [2], initializer=init_ops.zeros_initializer())
    y = math_ops.tanh(math_ops.matmul(x, w) + b)
    loss = math_ops.reduce_mean(math_ops.square(y - 0.5))
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(0.05).minimize(loss, global_step=step)
    return loss, train, step


feed = {"x:0": [[1., 2., 3.], [-1., 0.5, 0.25]]}
loss, train, step = model()
saver = saver_lib.Saver(max_to_keep=2)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(30):
        sess.run(train, feed)
        if sess.run(step) % 10 == 0:
            print("saved", os.path.basename(saver.save(sess, path, global_step=step)),
                  "%.6f" % sess.run(loss, feed))

loss, train, step = model()
with tf.Session() as sess:
    saver = tf.train.Saver()
    latest = tf.train.latest_checkpoint(folder)
    saver.restore(sess, latest)
    print("restored", os.path.basename(latest), sess.run(step), "%.6f" % sess.run(loss, feed))
    for _ in range(10):
        sess.run(train, feed)
    print("%.6f" % sess.run(loss, feed))
print(sorted(gfile.ListDirectory(folder)))
