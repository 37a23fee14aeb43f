"""Record how the graphs below are compiled: the program after each pass, and the source that runs.

    python tests/golden/record_programs.py [NAME ...]

Read the difference before you commit it: these are pages for people, and a pass is right if its
page is shorter and says the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import tflite_edu as tf

FOLDER = Path(__file__).with_name("programs")


def perceptron(optimizer: Any) -> tuple[Any, Any]:
    """A step of a perceptron with one hidden layer, and what it is fed."""
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    y = tf.placeholder(tf.int32, [None], name="y")
    w = tf.get_variable("w", [4, 5], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [5], initializer=tf.zeros_initializer())
    v = tf.get_variable("v", [5, 3], initializer=tf.ones_initializer())
    hidden = tf.nn.relu(tf.matmul(x, w) + b, name="hidden")
    logits = tf.matmul(hidden, v, name="logits")
    entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    loss = tf.reduce_mean(entropies, name="loss")
    return [optimizer.minimize(loss, name="train"), loss], {x: (3, 4), y: (3,)}


def gradient_descent() -> tuple[Any, Any]:
    return perceptron(tf.train.GradientDescentOptimizer(0.5))


def adam() -> tuple[Any, Any]:
    return perceptron(tf.train.AdamOptimizer(0.01))


def convolution() -> tuple[Any, Any]:
    """The gradients of a convolution with its bias, activation and pooling."""
    x = tf.placeholder(tf.float32, [None, 8, 8, 1], name="x")
    kernel = tf.get_variable("kernel", [3, 3, 1, 2], initializer=tf.ones_initializer())
    bias = tf.get_variable("bias", [2], initializer=tf.zeros_initializer())
    y = tf.nn.bias_add(tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME"), bias)
    y = tf.nn.max_pool(tf.nn.relu(y), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    loss = tf.reduce_mean(y, name="loss")
    return [loss, *tf.gradients(loss, [kernel, bias])], {x: (2, 8, 8, 1)}


def embedding() -> tuple[Any, Any]:
    """An update of the rows of a table that a step looked at."""
    ids = tf.placeholder(tf.int32, [None], name="ids")
    table = tf.get_variable("table", [10, 4], initializer=tf.ones_initializer())
    loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(table, ids)), name="loss")
    return [tf.train.GradientDescentOptimizer(0.5).minimize(loss, name="train"), loss], {ids: (3,)}


def algebra() -> tuple[Any, Any]:
    """One of each that algebra makes simpler."""
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    y = tf.placeholder(tf.float32, [3, 2], name="y")
    fetches = [
        tf.add(x, 0.0, name="plus_zero"),
        tf.multiply(x, tf.ones([2, 3]), name="times_ones"),
        tf.multiply(x, -1.0, name="times_minus_one"),
        tf.negative(tf.negative(x), name="negated_twice"),
        tf.subtract(x, tf.negative(x), name="minus_negative"),
        tf.add(x, tf.negative(x * x), name="plus_negative"),
        tf.divide(x, 4.0, name="over_four"),
        tf.divide(x, 3.0, name="over_three"),
        tf.pow(x, 2.0, name="second_power"),
        tf.pow(x, 3.0, name="third_power"),
        tf.pow(x, 0.3, name="other_power"),
        tf.transpose(tf.transpose(x), name="transposed_twice"),
        tf.matmul(tf.transpose(x), tf.transpose(y), name="product_of_transposes"),
        tf.reshape(tf.reshape(x, [6]), [3, 2], name="reshaped_twice"),
        tf.pad(x, [[0, 0], [0, 0]], name="padded_by_nothing"),
        tf.tile(x, [1, 1], name="tiled_once"),
        tf.add_n([x], name="sum_of_one"),
    ]
    return fetches, {x: (2, 3), y: (3, 2)}


def shapes() -> tuple[Any, Any]:
    """Arithmetic of shapes that is settled once the shapes of the feeds are known."""
    x = tf.placeholder(tf.float32, [None, None], name="x")
    rows = tf.shape(x)[0]
    flat = tf.reshape(x, tf.stack([rows * tf.shape(x)[1]]), name="flat")
    return [flat / tf.cast(tf.size(x), tf.float32)], {x: (4, 3)}


def conditional() -> tuple[Any, Any]:
    """Dropout that a placeholder turns on, a write in a branch, and the gradient through both."""
    training = tf.placeholder(tf.bool, [], name="training")
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.get_variable("w", [3, 2], initializer=tf.ones_initializer())
    seen = tf.get_variable("seen", [], initializer=tf.zeros_initializer(), trainable=False)
    count = tf.cond(training, lambda: seen.assign_add(1.0), lambda: tf.identity(seen), name="count")
    y = tf.layers.dropout(tf.matmul(x, w), 0.5, training=training, name="dropout")
    loss = tf.reduce_mean(y, name="loss")
    return [loss, count, *tf.gradients(loss, [w])], {training: (), x: (4, 3)}


PROGRAMS: dict[str, Callable[[], tuple[Any, Any]]] = {
    f.__name__: f
    for f in (gradient_descent, adam, convolution, embedding, algebra, shapes, conditional)
}


def page(name: str) -> str:
    """How the graph of this name is compiled, as text."""
    with tf.Graph().as_default():
        fetches, fed = PROGRAMS[name]()
        with tf.Session() as session:
            feed = {t: np.zeros(s, t.dtype.as_numpy_dtype) for t, s in fed.items()}
            compilation = session.compilation(fetches, feed)
    parts = []
    for stage in compilation.stages:
        done = "".join(f"  {line}\n" for line in stage.log)
        parts.append(f"== {stage.name}\n{done}\n{stage.program}\n")
    return "\n".join([*parts, f"== source\n{compilation.source}"])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or PROGRAMS:
        (FOLDER / f"{name}.txt").write_text(page(name), encoding="utf-8")
