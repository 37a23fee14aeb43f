"""Lesson 9: a first model, with checkpoints and TensorBoard.

    python examples/lessons/09_a_first_model.py [folder for the files]

The network learns to read handwritten digits of 8 by 8 pixels. It writes its losses where
TensorBoard draws them, and its weights to checkpoints. A second session takes a checkpoint and goes
on as if there had been no break. The data are those of examples/digits.py; see examples/README.md.
"""

import os
import sys

import numpy as np
from pictures import picture_folder

import tflite_edu as tf

DIGITS = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "digits.npz")
BATCH = 50


def read_digits():
    """Returns (images, labels) to train on and to test with: images are [n, 64], from 0 to 1."""
    with np.load(DIGITS) as data:
        images = data["images"].reshape(-1, 64).astype(np.float32) / 16
        labels = data["labels"].astype(np.int64)
    order = np.random.default_rng(0).permutation(len(images))
    train, test = order[:1500], order[1500:]
    return (images[train], labels[train]), (images[test], labels[test])


class Model:
    """A hidden layer of 32 neurons, ten outputs, a loss, a step of training and summaries."""

    def __init__(self):
        tf.reset_default_graph()
        tf.set_random_seed(1)
        self.images = tf.placeholder(tf.float32, [None, 64], name="images")
        self.labels = tf.placeholder(tf.int64, [None], name="labels")
        with tf.variable_scope("hidden"):
            weights = tf.get_variable("weights", [64, 32], initializer=tf.initializers.he_normal())
            bias = tf.get_variable("bias", [32], initializer=tf.zeros_initializer())
            hidden = tf.nn.relu(tf.matmul(self.images, weights) + bias)
        with tf.variable_scope("output"):
            weights = tf.get_variable("weights", [32, 10])
            bias = tf.get_variable("bias", [10], initializer=tf.zeros_initializer())
            logits = tf.matmul(hidden, weights) + bias
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.labels, logits=logits)
        self.loss = tf.reduce_mean(losses, name="cross_entropy")
        right = tf.equal(tf.argmax(logits, axis=1), self.labels)
        self.accuracy = tf.reduce_mean(tf.cast(right, tf.float32), name="share_right")
        # Counts the steps. It is a variable too, so that a checkpoint knows how far it was.
        self.steps = tf.train.get_or_create_global_step()
        self.step = tf.train.AdamOptimizer(0.01).minimize(self.loss, global_step=self.steps)
        tf.summary.scalar("loss", self.loss)
        tf.summary.scalar("accuracy", self.accuracy)
        tf.summary.histogram("hidden_weights", tf.trainable_variables()[0])
        self.summaries = tf.summary.merge_all()


def train(model, session, data, epochs, writer=None):
    """Trains, and writes a summary at each step if there is a writer.

    Returns the mean loss of each epoch.
    """
    images, labels = data
    means = []
    for _ in range(epochs):
        losses = []
        for first in range(0, len(images), BATCH):
            feed = {
                model.images: images[first : first + BATCH],
                model.labels: labels[first : first + BATCH],
            }
            fetches = [model.step, model.loss, model.summaries, model.steps]
            _, loss, summary, number = session.run(fetches, feed)
            if writer is not None:
                writer.add_summary(summary, number)
            losses.append(loss)
        means.append(float(np.mean(losses)))
        if writer is not None:
            print(f"    step {number:4d}   mean loss {means[-1]:.4f}")
    return means


def main(folder=None):
    folder = picture_folder(folder)
    training, test = read_digits()
    model = Model()
    feed = {model.images: test[0], model.labels: test[1]}
    saver = tf.train.Saver()

    # 1. The first session trains for five epochs, and saves.
    print("The first session trains:")
    writer = tf.summary.FileWriter(os.path.join(folder, "log"), tf.get_default_graph())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        untrained = float(session.run(model.accuracy, feed))
        losses = train(model, session, training, 5, writer)
        at_save, saved_step = (float(v) for v in session.run([model.accuracy, model.steps], feed))
        checkpoint = saver.save(session, os.path.join(folder, "model"), global_step=model.steps)
    print(f"Right before training: {untrained:.1%} of the test images; now: {at_save:.1%}.")
    print(f"It is saved as {checkpoint}, and the session is closed. Its values are gone.")

    # 2. The checkpoint holds each variable by name, those of the optimizer too.
    variables = tf.train.list_variables(checkpoint)
    print("\nIn the checkpoint:")
    for name, shape in variables:
        print(f"    {name:24} {shape}")

    # 3. The second session starts from the checkpoint: the same accuracy, and the same step.
    with tf.Session() as session:
        saver.restore(session, checkpoint)
        restored, restored_step = (
            float(v) for v in session.run([model.accuracy, model.steps], feed)
        )
        print(f"\nRestored: {restored:.1%} at step {restored_step:.0f}. It goes on training:")
        losses += train(model, session, training, 5, writer)
        final = float(session.run(model.accuracy, feed))
        last = saver.save(session, os.path.join(folder, "model"), global_step=model.steps)
        flow = tf.teach.flow(model.loss, feed, session)
    writer.close()
    print(f"Right in the end: {final:.1%}.")

    # 4. Was there really no difference? A third session trains ten epochs without a break.
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        unbroken = train(model, session, training, 10)
    print(f"The last loss with a break: {losses[-1]:.7f}, without: {unbroken[-1]:.7f}")

    # 5. Is the network in good health? Look at each layer.
    print()
    print(flow)
    print("\nCurves, histograms and the graph: open the address that this prints.")
    print(f"    tensorboard --logdir {os.path.join(folder, 'log')}")

    return {
        "folder": folder,
        "untrained": untrained,
        "at_save": (at_save, saved_step),
        "restored": (restored, restored_step),
        "final": final,
        "losses": losses,
        "unbroken": unbroken,
        "variables": dict(variables),
        "last_checkpoint": last,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
