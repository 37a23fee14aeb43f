"""Trains a small convolutional network on the UCI handwritten digits and tests the best version.

    python examples/digits.py            # about 98 % of the test images right, in under a minute
    python examples/digits.py --epochs 5 --log-dir logs/short

This is TensorFlow 1 code: with `import tensorflow as tf` in place of the import below it runs under
TensorFlow 1.15 too. What it shows:

- a graph is defined first: placeholders, variables, a model, a loss, an optimizer, summaries;
- a session runs it, batch after batch, and a Saver writes a checkpoint whenever the network has
  become better on images that it does not train on;
- a second session restores the best checkpoint and tests it on images that nothing has seen yet.

The data: Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning
Repository (1998), https://doi.org/10.24432/C50P49, licence CC BY 4.0; see examples/README.md.
"""

import argparse
import os

import numpy as np

import tflite_edu as tf

HERE = os.path.dirname(os.path.abspath(__file__))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--epochs", type=int, default=20, help="times to go through the training images")
    add("--batch-size", type=int, default=32, help="images in one step")
    add("--learning-rate", type=float, default=0.002, help="step size of Adam")
    add("--dropout", type=float, default=0.5, help="share of the hidden units dropped in a step")
    add("--seed", type=int, default=1, help="of the split, the order, the weights and the dropout")
    add("--log-dir", default=os.path.join("logs", "digits"), help="checkpoints and TensorBoard")
    return parser.parse_args()


def read_digits(random):
    """Returns (images, labels) of the training, the validation and the test set, shuffled.

    Images are float32 [n, 8, 8, 1] from 0 (paper) to 1 (ink), labels int64 [n] from 0 to 9.
    """
    with np.load(os.path.join(HERE, "digits.npz")) as data:
        images = data["images"].astype(np.float32)[..., np.newaxis] / 16
        labels = data["labels"].astype(np.int64)
    order = random.permutation(len(images))
    test, validation, train = order[:300], order[300:600], order[600:]
    return [(images[chosen], labels[chosen]) for chosen in (train, validation, test)]


def batches(images, labels, size, random):
    """Yields the whole set once, in a new order, `size` examples at a time, at the end the rest."""
    order = random.permutation(len(images))
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        yield images[chosen], labels[chosen]


def weights_and_bias(shape):
    """The two variables of a layer, named after the variable scope that they are made in."""
    weights = tf.get_variable("weights", shape, initializer=tf.initializers.he_normal())
    bias = tf.get_variable("bias", shape[-1:], initializer=tf.zeros_initializer())
    return weights, bias


def classifier(images, dropout_rate):
    """The network: images [n, 8, 8, 1] to one logit for each of the ten digits, [n, 10]."""
    x = images
    for name, channels in [("conv1", 16), ("conv2", 32)]:
        with tf.variable_scope(name):
            weights, bias = weights_and_bias([3, 3, int(x.shape[3]), channels])
            x = tf.nn.conv2d(x, weights, strides=[1, 1, 1, 1], padding="SAME")
            x = tf.nn.relu(tf.nn.bias_add(x, bias))

    x = tf.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME", name="pool")
    x = tf.reshape(x, [-1, 4 * 4 * 32], name="flat")

    with tf.variable_scope("hidden"):
        weights, bias = weights_and_bias([4 * 4 * 32, 64])
        x = tf.nn.relu(tf.matmul(x, weights) + bias)
        x = tf.nn.dropout(x, rate=dropout_rate)

    with tf.variable_scope("output"):
        weights, bias = weights_and_bias([64, 10])
        return tf.matmul(x, weights) + bias


def main():
    args = parse_arguments()
    tf.set_random_seed(args.seed)
    random = np.random.RandomState(args.seed)
    train, validation, test = read_digits(random)

    images = tf.placeholder(tf.float32, [None, 8, 8, 1], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    dropout_rate = tf.placeholder_with_default(0.0, [], name="dropout_rate")
    logits = classifier(images, dropout_rate)

    with tf.name_scope("cross_entropy"):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        loss = tf.reduce_mean(losses)
    with tf.name_scope("score"):
        right = tf.equal(tf.argmax(logits, axis=1), labels)
        accuracy = tf.reduce_mean(tf.cast(right, tf.float32))

    global_step = tf.train.get_or_create_global_step()
    optimizer = tf.train.AdamOptimizer(args.learning_rate)
    gradients = optimizer.compute_gradients(loss)
    train_step = optimizer.apply_gradients(gradients, global_step=global_step)

    scalars = [tf.summary.scalar("loss", loss), tf.summary.scalar("accuracy", accuracy)]
    details = [tf.summary.image("digits", images, max_outputs=8)]
    for gradient, variable in gradients:
        details.append(tf.summary.histogram("variables/" + variable.op.name, variable))
        details.append(tf.summary.histogram("gradients/" + variable.op.name, gradient))
    scalars, details = tf.summary.merge(scalars), tf.summary.merge(details)

    parameters = sum(int(np.prod(v.shape.as_list())) for v in tf.trainable_variables())
    print(f"{len(train[0])} training, {len(validation[0])} validation, {len(test[0])} test images")
    print(f"{parameters} parameters in {len(tf.trainable_variables())} variables", flush=True)

    saver = tf.train.Saver(max_to_keep=3)
    graph = tf.get_default_graph()
    train_writer = tf.summary.FileWriter(os.path.join(args.log_dir, "train"), graph)
    validation_writer = tf.summary.FileWriter(os.path.join(args.log_dir, "validation"))
    validation_feed = {images: validation[0], labels: validation[1]}
    best_loss, best_checkpoint = np.inf, None

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for epoch in range(1, args.epochs + 1):
            for some_images, some_labels in batches(*train, args.batch_size, random):
                feed = {images: some_images, labels: some_labels, dropout_rate: args.dropout}
                _, step, summary = session.run([train_step, global_step, scalars], feed)
                train_writer.add_summary(summary, step)
            train_writer.add_summary(session.run(details, feed), step)

            results = session.run([loss, accuracy, scalars], validation_feed)
            validation_loss, validation_accuracy, summary = results
            validation_writer.add_summary(summary, step)
            better = validation_loss < best_loss
            if better:
                best_loss = validation_loss
                prefix = os.path.join(args.log_dir, "model.ckpt")
                best_checkpoint = saver.save(session, prefix, global_step=step)
            print(
                f"epoch {epoch:2d} of {args.epochs}   step {step:4d}   "
                f"validation loss {validation_loss:.4f}, accuracy {validation_accuracy:7.2%}",
                "  saved" if better else "",
                flush=True,
            )
    train_writer.close()
    validation_writer.close()

    with tf.Session() as session:
        saver.restore(session, best_checkpoint)
        test_right = session.run(right, {images: test[0], labels: test[1]})
    print(f"best checkpoint: {best_checkpoint}")
    print(f"test accuracy: {test_right.mean():.2%} ({test_right.sum()} of {len(test_right)})")
    print("To see the curves, histograms, images and the graph, open the address that this prints:")
    print(f"    tensorboard --logdir {args.log_dir}")


if __name__ == "__main__":
    main()
