"""Lesson 11: initialization.

    python examples/lessons/11_initialization.py [folder for the pictures]

Where do weights start? Too small, and the signal fades from layer to layer. Too big, and it blows
up, or the units saturate. All the same, and all units do the same for ever. Glorot and He found
the size that keeps the signal as large as it was: Glorot for tanh, He for ReLU.
(X. Glorot and Y. Bengio, 2010; K. He, X. Zhang, S. Ren and J. Sun, 2015.)
"""

import sys

import numpy as np
from pictures import chart, picture_folder

import tflite_edu as tf

LAYERS, UNITS, EXAMPLES = 10, 100, 25


def network(activation, initializer):
    """Ten layers of 100 units on a random batch: norms, and what `tf.teach.flow` says of them.

    Returns the norm of each layer's outputs as a multiple of that of the inputs, and the flow.
    """
    tf.reset_default_graph()
    tf.set_random_seed(5)
    batch = np.random.default_rng(0).normal(size=(EXAMPLES, UNITS)).astype(np.float32)
    h, outputs = tf.constant(batch), []
    for number in range(1, LAYERS + 1):
        with tf.variable_scope(f"layer{number}"):
            weights = tf.get_variable("weights", [UNITS, UNITS], initializer=initializer)
            h = activation(tf.matmul(h, weights))
            outputs.append(h)
    loss = tf.reduce_mean(tf.square(h - 1), name="loss")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        values = session.run(outputs)
        flow = tf.teach.flow(loss, {}, session)
    return [float(np.linalg.norm(v) / np.linalg.norm(batch)) for v in values], flow


def train_identical(initializer, steps=200):
    """Trains a network of eight hidden units on a curve.

    Returns the number of different units before and after, and the last loss.
    """
    tf.reset_default_graph()
    tf.set_random_seed(5)
    x = np.linspace(-2, 2, 41, dtype=np.float32)[:, np.newaxis]
    y = np.sin(3 * x)
    weights = tf.get_variable("weights", [1, 8], initializer=initializer)
    bias = tf.get_variable("bias", [8], initializer=tf.zeros_initializer())
    top = tf.get_variable("top", [8, 1], initializer=initializer)
    loss = tf.reduce_mean(tf.square(tf.matmul(tf.tanh(x * weights + bias), top) - y))
    step = tf.train.AdamOptimizer(0.05).minimize(loss)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = different_units(session.run([weights, bias]))
        for _ in range(steps):
            session.run(step)
        after = different_units(session.run([weights, bias]))
        return before, after, float(session.run(loss))


def different_units(arrays):
    """How many different columns of weights and biases there are."""
    return len(np.unique(np.vstack(arrays).round(5), axis=1).T)


def main(folder=None):
    folder = picture_folder(folder)

    # 1. The sum of n products of independent numbers has n times the variance of one of them. To
    #    keep the variance, each weight needs the variance 1 / n. A ReLU sets half of the numbers
    #    to 0, so it needs 2 / n (He). Glorot takes the mean of both directions: 2 / (n_in + n_out).
    print(
        f"{UNITS} units: Glorot's deviation is {UNITS**-0.5:.4f}, He's {(2 / UNITS) ** 0.5:.4f}\n"
    )

    cases = {
        "ReLU, too small": (tf.nn.relu, tf.random_normal_initializer(stddev=0.01)),
        "ReLU, too big": (tf.nn.relu, tf.random_normal_initializer(stddev=0.5)),
        "ReLU, Glorot": (tf.nn.relu, tf.glorot_normal_initializer()),
        "ReLU, He": (tf.nn.relu, tf.initializers.he_normal()),
        "tanh, too small": (tf.tanh, tf.random_normal_initializer(stddev=0.01)),
        "tanh, too big": (tf.tanh, tf.random_normal_initializer(stddev=0.5)),
        "tanh, Glorot": (tf.tanh, tf.glorot_normal_initializer()),
        "ReLU, identical": (tf.nn.relu, tf.constant_initializer(0.01)),
    }
    norms, problems, flat = {}, {}, {}
    print("The norm of a layer's outputs, as a multiple of that of the inputs:")
    print(f"{'':18} layer 1   layer 5   layer 10   what is wrong, by tf.teach.flow")
    for name, (activation, initializer) in cases.items():
        norms[name], flow = network(activation, initializer)
        problems[name] = sorted({found.problem for found in flow.findings})
        flat[name] = flow.layers[-1].saturated
        first, fifth, tenth = (norms[name][i] for i in (0, 4, 9))
        told = ", ".join(problems[name]) or "nothing"
        print(f"{name:18} {first:7.1e}   {fifth:7.1e}   {tenth:8.1e}   {told}")
    print(
        "\nHe keeps the norm through ten layers of ReLUs. Glorot's weights are smaller by the root"
    )
    loss_in_ten = norms["ReLU, Glorot"][-1] / norms["ReLU, He"][-1]
    print(
        f"of 2, so ten layers of ReLUs lose a factor of 2 to the power of 5: {1 / loss_in_ten:.0f}."
    )
    share = flat["tanh, too big"]
    print(
        f"Of the last tanh's activations {share:.0%} are flat with weights too big: their slope is"
    )
    print(f"under 1/10. With Glorot's weights {flat['tanh, Glorot']:.0%} are.")

    # 2. Identical weights. Each unit gets the same inputs, gives the same output, gets the same
    #    gradient, and makes the same step: eight units are as good as one.
    identical = train_identical(tf.constant_initializer(0.5))
    zero = train_identical(tf.zeros_initializer())
    random = train_identical(tf.glorot_normal_initializer())
    print("\nEight units learn sin(3x):   different units before, after   loss after")
    for name, (before, after, loss) in (
        ("all weights 0.5", identical),
        ("all weights 0", zero),
        ("Glorot", random),
    ):
        print(f"    {name:24} {before:23d} {after:7d}   {loss:10.4f}")

    steps = list(range(1, LAYERS + 1))
    chart(
        f"{folder}/norms.svg",
        "Outputs of a layer against the inputs",
        "layer",
        "ratio of norms",
        {name: (steps, ratios) for name, ratios in norms.items() if "identical" not in name},
        powers=True,
    )
    print(f"\nThe picture is {folder}/norms.svg")

    return {
        "norms": norms,
        "problems": problems,
        "glorot_against_he": loss_in_ten,
        "saturated": flat,
        "identical": identical,
        "zero": zero,
        "random": random,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
