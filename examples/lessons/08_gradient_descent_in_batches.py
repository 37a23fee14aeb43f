"""Lesson 8: gradient descent, stochastic and in mini-batches.

    python examples/lessons/08_gradient_descent_in_batches.py [folder for the pictures]

Gradient descent takes a step against the gradient. The exact gradient needs all examples. A few
examples give a rough one, which is much cheaper, and is right on average. Batches of middling size
are the usual choice.
"""

import sys

import numpy as np
from pictures import chart, picture_folder

import tflite_edu as tf

EXAMPLES, INPUTS, EPOCHS = 1024, 10, 6
RATE = 0.02


def data():
    """Inputs [1024, 10], and targets [1024, 1] that a linear rule and some noise made."""
    random = np.random.default_rng(0)
    x = random.normal(size=(EXAMPLES, INPUTS)).astype(np.float32)
    rule = random.normal(size=(INPUTS, 1))
    return x, (x @ rule + random.normal(size=(EXAMPLES, 1)) / 2).astype(np.float32)


class Regression:
    """A linear model y = x · w, its loss, its gradient and a step of gradient descent."""

    def __init__(self):
        tf.reset_default_graph()
        self.x = tf.placeholder(tf.float32, [None, INPUTS], name="x")
        self.y = tf.placeholder(tf.float32, [None, 1], name="y")
        self.w = tf.get_variable("w", [INPUTS, 1], initializer=tf.zeros_initializer())
        self.loss = tf.reduce_mean(tf.square(tf.matmul(self.x, self.w) - self.y), name="loss")
        self.gradient = tf.gradients(self.loss, self.w)[0]
        self.step = tf.train.GradientDescentOptimizer(RATE).minimize(self.loss)
        self.start = tf.global_variables_initializer()


def train(model, x, y, size):
    """Goes through the data in batches of `size`.

    Returns the number of steps, and [(examples seen, loss on all data)].
    """
    random = np.random.default_rng(1)
    steps, history = 0, []
    with tf.Session() as session:
        session.run(model.start)
        history.append((0, float(session.run(model.loss, {model.x: x, model.y: y}))))
        for epoch in range(EPOCHS):
            # A new order in each epoch, so that the batches differ.
            order = random.permutation(EXAMPLES)
            for first in range(0, EXAMPLES, size):
                chosen = order[first : first + size]
                session.run(model.step, {model.x: x[chosen], model.y: y[chosen]})
                steps += 1
                seen = epoch * EXAMPLES + first + len(chosen)
                if seen % 128 == 0:
                    loss = session.run(model.loss, {model.x: x, model.y: y})
                    history.append((seen, float(loss)))
    return steps, history


def gradient_noise(model, x, y, size, batches=300):
    """How far the gradients of random batches lie from the full one, and their mean from it.

    Both are root mean squares over the weights, at w = 0.
    """
    random = np.random.default_rng(2)
    with tf.Session() as session:
        session.run(model.start)
        full = session.run(model.gradient, {model.x: x, model.y: y})
        found = []
        for _ in range(batches):
            chosen = random.integers(EXAMPLES, size=size)
            found.append(session.run(model.gradient, {model.x: x[chosen], model.y: y[chosen]}))
    single = np.sqrt(np.mean((np.array(found) - full) ** 2))
    mean = np.sqrt(np.mean((np.mean(found, axis=0) - full) ** 2))
    return float(single), float(mean)


def main(folder=None):
    folder = picture_folder(folder)
    x, y = data()
    model = Regression()

    # 1. How rough is the gradient of a batch? Its error falls with the root of the batch size:
    #    4 times as many examples make it 2 times better, 16 times as many 4 times.
    print("batch   error of a gradient   error of the mean of 300")
    noise = {size: gradient_noise(model, x, y, size) for size in (1, 16, 256)}
    for size, (single, mean) in noise.items():
        print(f"{size:5d}   {single:19.3f}   {mean:24.3f}")
    ratio = noise[1][0] / noise[16][0], noise[16][0] / noise[256][0]
    print(f"16 times the examples: the error is {ratio[0]:.2f} and {ratio[1]:.2f} times smaller.")

    # 2. Train with three batch sizes at the same learning rate. Each sees every example six times,
    #    so that each computes about as much.
    print(f"\n{'batch':24}   steps   loss at first   after {EPOCHS} epochs")
    runs = {}
    for name, size in (("all examples (1024)", EXAMPLES), ("mini-batch (32)", 32), ("one (1)", 1)):
        steps, history = train(model, x, y, size)
        runs[name] = (size, steps, history)
        print(f"{name:24}   {steps:5d}   {history[0][1]:13.3f}   {history[-1][1]:14.3f}")

    # 3. No w can get below the noise in the data. The best w solves a linear equation.
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    lowest = float(np.mean((x @ best - y) ** 2))
    print(f"\nThe lowest loss there is: {lowest:.3f}. The full gradient takes few steps and is not")
    print("there yet. Single examples are there soon, and then they jump about it. Mini-batches")
    print("get closest, with 32 times fewer steps, and stay calm.")

    # 4. How calm? The loss in the last epoch goes up and down.
    swings = {}
    for name, (size, _, history) in runs.items():
        last = [loss for seen, loss in history if seen > (EPOCHS - 1) * EXAMPLES]
        swings[size] = max(last) - min(last)
        if size < EXAMPLES:
            print(f"In the last epoch the loss of {name} moves within {swings[size]:.4f}.")

    lines = {}
    for name, (_, _, history) in runs.items():
        lines[name] = ([seen / EXAMPLES for seen, _ in history], [loss for _, loss in history])
    lines["lowest"] = ([0, EPOCHS], [lowest, lowest])
    chart(f"{folder}/losses.svg", "Three batch sizes", "epochs", "loss", lines, powers=True)
    print(f"\nThe picture is {folder}/losses.svg")

    return {
        "noise_ratios": ratio,
        "steps": {size: steps for size, steps, _ in runs.values()},
        "first": {size: history[0][1] for size, _, history in runs.values()},
        "last": {size: history[-1][1] for size, _, history in runs.values()},
        "swings": swings,
        "lowest": lowest,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
