"""Lesson 12: zero-centred inputs and the zig-zag.

    python examples/lessons/12_centred_inputs_and_the_zig_zag.py [folder for the pictures]

The gradient of a neuron's weights is the gradient of its output times its inputs. If all inputs are
positive, then all these gradients have the same sign: every weight goes up, or every weight goes
down. To get one weight up and another down, the steps must zig-zag. Subtract the mean of the
inputs, and the way is short.
"""

import sys

import numpy as np
from pictures import chart, picture_folder

import tflite_edu as tf

# The weights that made the targets: one above the start at 0, one below.
GOAL = np.array([[2.0], [-1.0]])
CLOSE = 0.02


def same_sign_share(inputs):
    """The share of examples for which the gradients of all weights of a neuron have one sign."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [1, inputs.shape[1]], name="x")
    w = tf.constant(np.random.default_rng(1).normal(size=(inputs.shape[1], 1)), name="w")
    loss = tf.reduce_sum(tf.square(tf.sigmoid(tf.matmul(x, w)) - 0.5))
    gradient = tf.gradients(loss, w)[0]
    with tf.Session() as session:
        signs = [np.sign(session.run(gradient, {x: row[np.newaxis]})) for row in inputs]
    return float(np.mean([abs(s.sum()) == s.size for s in signs]))


def descend(x, y, most_steps=5000):
    """Gradient descent on a linear model of two weights, until it is close to the goal.

    The learning rate is the best that there is: 2 over the sum of the largest and the smallest
    curvature (B. T. Polyak, Introduction to Optimization, 1987). Returns the path [steps + 1, 2],
    the ratio of the largest curvature to the smallest, and what `tf.teach.flow` finds wrong.
    """
    curvatures = np.linalg.eigvalsh(2 * x.T @ x / len(x))
    tf.reset_default_graph()
    w = tf.get_variable("w", [2, 1], tf.float64, initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.square(tf.matmul(tf.constant(x), w) - tf.constant(y)), name="loss")
    step = tf.train.GradientDescentOptimizer(2 / curvatures.sum()).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = [session.run(w)[:, 0]]
        while np.hypot(*(path[-1] - GOAL[:, 0])) > CLOSE and len(path) <= most_steps:
            session.run(step)
            path.append(session.run(w)[:, 0])
        flow = tf.teach.flow(loss, {}, session)
    problems = [found.problem for found in flow.findings]
    return np.array(path), float(curvatures[-1] / curvatures[0]), problems


def length(path):
    """How long a path is."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def turns(path):
    """How many steps go back against the step before: the angle between them is over 90 degrees."""
    steps = np.diff(path, axis=0)
    return int(np.sum(np.sum(steps[1:] * steps[:-1], axis=1) < 0))


def main(folder=None):
    folder = picture_folder(folder)
    random = np.random.default_rng(0)

    # 1. The signs. Five positive inputs: the gradient's signs always agree. Five centred inputs:
    #    they agree as often as five coins do, once in 16.
    positive = random.uniform(0, 1, size=(400, 5))
    share_positive, share_centred = (same_sign_share(v) for v in (positive, positive - 0.5))
    print("Examples whose five gradients all have the same sign:")
    print(f"    inputs from 0 to 1:     {share_positive:.1%}")
    print(f"    inputs minus the mean:  {share_centred:.1%}  (five coins: {2 / 2**5:.1%})")

    # 2. The zig-zag. Two weights; the goal is (2, -1), so one has to go up and the other down. Each
    #    has its best learning rate, and still the inputs that are not centred go to and fro.
    x = random.normal(loc=3.0, size=(200, 2))
    centred = x - x.mean(axis=0)
    path_raw, ratio_raw, problems_raw = descend(x, x @ GOAL)
    path_centred, ratio_centred, problems_centred = descend(centred, centred @ GOAL)
    straight = float(np.hypot(*GOAL[:, 0]))
    print(f"\nThe way to (2, -1), which is {straight:.2f} away:")
    print("                    steps   length   turns back   largest / smallest curvature")
    for name, path, ratio in (
        ("inputs of mean 3", path_raw, ratio_raw),
        ("centred inputs", path_centred, ratio_centred),
    ):
        row = (name, len(path) - 1, length(path), turns(path), ratio)
        print("{:18} {:6d} {:8.2f} {:12d} {:30.1f}".format(*row))

    # 3. `tf.teach.flow` sees it in the inputs before anyone trains.
    print(f"\ntf.teach.flow says of inputs of mean 3: {', '.join(problems_raw) or 'nothing'}")
    print(f"and of centred inputs: {', '.join(problems_centred) or 'nothing'}")

    # 4. The same happens inside a network: a sigmoid gives only positive numbers to the next layer,
    #    tanh gives numbers of both signs.
    hidden = random.normal(size=(400, 5))
    share_sigmoid = same_sign_share(1 / (1 + np.exp(-hidden)))
    share_tanh = same_sign_share(np.tanh(hidden))
    print("\nExamples whose gradients share one sign behind a layer of")
    print(f"    sigmoids: {share_sigmoid:.1%}    tanh: {share_tanh:.1%}")

    chart(
        f"{folder}/zig_zag.svg",
        "Gradient descent from (0, 0) to (2, -1)",
        "first weight",
        "second weight",
        {
            "inputs of mean 3": (path_raw[:, 0], path_raw[:, 1]),
            "centred inputs": (path_centred[:, 0], path_centred[:, 1]),
        },
        {"the goal": ([2.0], [-1.0])},
    )
    print(f"\nThe picture is {folder}/zig_zag.svg")

    return {
        "same_sign": {
            "positive": share_positive,
            "centred": share_centred,
            "sigmoid": share_sigmoid,
            "tanh": share_tanh,
        },
        "steps": (len(path_raw) - 1, len(path_centred) - 1),
        "lengths": (length(path_raw), length(path_centred)),
        "turns": (turns(path_raw), turns(path_centred)),
        "straight": straight,
        "curvature_ratios": (ratio_raw, ratio_centred),
        "problems": (problems_raw, problems_centred),
        "ends": (path_raw[-1], path_centred[-1]),
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
