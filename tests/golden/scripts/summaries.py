"""Flags, tf.app.run, a log folder."""
from __future__ import absolute_import, division, print_function

import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
flags = tf.app.flags
flags.DEFINE_integer("max_steps", 10, "Number of steps.")
flags.DEFINE_float("learning_rate", 0.1, "Initial learning rate.")
flags.DEFINE_string("logdir", "logs", "Where the summaries go.")
flags.DEFINE_boolean("verbose", False, "Print every step.")
FLAGS = flags.FLAGS


def train():
    with tf.name_scope("input"):
        x = tf.constant([[0., 1.], [1., 0.], [1., 1.], [0., 0.]], name="x")
        t = tf.constant([[1.], [1.], [0.], [0.]], name="t")
    tf.set_random_seed(3)
    w1 = tf.get_variable("w1", [2, 8])
    w2 = tf.get_variable("w2", [8, 1])
    b1 = tf.Variable(tf.zeros([8]))
    hidden = tf.nn.relu(tf.matmul(x, w1) + b1)
    loss = tf.reduce_mean(tf.squared_difference(t, tf.matmul(hidden, w2)))
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("w1", w1)
    merged = tf.summary.merge_all()
    optimizer = tf.train.MomentumOptimizer(FLAGS.learning_rate, 0.9).minimize(loss)
    with tf.Session() as sess:
        writer = tf.summary.FileWriter(FLAGS.logdir + "/train", sess.graph)
        tf.global_variables_initializer().run()
        for i in range(FLAGS.max_steps):
            summary, value, _ = sess.run([merged, loss, optimizer])
            writer.add_summary(summary, i)
            if FLAGS.verbose or i % 5 == 0:
                print("step %d: %.5f" % (i, value))
        writer.close()


def main(argv):
    print("arguments left:", argv[1:])
    if tf.gfile.Exists(FLAGS.logdir):
        tf.gfile.DeleteRecursively(FLAGS.logdir)
    tf.gfile.MakeDirs(FLAGS.logdir)
    train()
    return 3


if __name__ == "__main__":
    tf.app.run()
