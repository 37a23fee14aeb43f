"""Lesson 10: vanishing and exploding gradients.

    python examples/lessons/10_vanishing_and_exploding_gradients.py [folder for the pictures]

Backpropagation multiplies the gradient by a slope in each layer. The slope of a sigmoid is 1/4 at
most, so that n layers leave at most 1/4 to the power of n. The slope of a ReLU is 1 where it is on,
and the gradient lives. With weights too large, though, it explodes.
"""

import sys

import numpy as np
from pictures import chart, picture_folder

import tflite_edu as tf

LAYERS, UNITS = 10, 64


def chain(depth):
    """∂h/∂x of `depth` sigmoids in a row, each at the steepest point of its curve.

    A sigmoid is steepest at 0, where its value is 1/2. Taking 1/2 away puts the next one at 0 too.
    """
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [], name="x")
    h = x
    for _ in range(depth):
        h = tf.sigmoid(h) - 0.5
    with tf.Session() as session:
        return float(session.run(tf.gradients(h, x)[0], {x: 0.0}))


def network(activation, initializer):
    """What flows through ten layers of 64 units and one output, on a random batch."""
    tf.reset_default_graph()
    tf.set_random_seed(2)
    random = np.random.default_rng(0)
    batch = random.normal(size=(64, UNITS)).astype(np.float32)
    targets = random.normal(size=(64, 1)).astype(np.float32)
    h = tf.constant(batch)
    for number in range(1, LAYERS + 1):
        with tf.variable_scope(f"layer{number}"):
            weights = tf.get_variable("weights", [UNITS, UNITS], initializer=initializer)
            h = activation(tf.matmul(h, weights))
    with tf.variable_scope("output"):
        weights = tf.get_variable(
            "weights", [UNITS, 1], initializer=tf.random_normal_initializer(stddev=0.125)
        )
        loss = tf.reduce_mean(tf.square(tf.matmul(h, weights) - targets), name="loss")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return tf.teach.flow(loss, {}, session)


def output_gradients(flow):
    """The norm of ∂L/∂y of each of the ten layers, y being its outputs; the first layer first."""
    return [layer.output_gradient for layer in flow.layers[:LAYERS]]


def main(folder=None):
    folder = picture_folder(folder)

    # 1. Sigmoids in a row, at their very best.
    depths = [1, 2, 3, 5, 10, 20]
    slopes = [chain(depth) for depth in depths]
    print("sigmoids   ∂h/∂x       0.25 to that power")
    for depth, slope in zip(depths, slopes):
        print(f"{depth:8d}   {slope:.3e}   {0.25**depth:.3e}")

    # 2. Whole layers. Glorot's initialization suits the sigmoid, He's the ReLU; lesson 11 says why.
    vanishing = network(tf.sigmoid, tf.glorot_normal_initializer())
    healthy = network(tf.nn.relu, tf.initializers.he_normal())
    print(f"\nTen layers of sigmoids:\n\n{vanishing}")
    print(f"\nTen layers of ReLUs:\n\n{healthy}")

    # 3. ReLUs, and weights three times as large: each layer makes the numbers three times larger,
    #    forward and backward.
    large = tf.initializers.variance_scaling(scale=2.0 * 3**2, distribution="untruncated_normal")
    exploding = network(tf.nn.relu, large)
    print(f"\nTen layers of ReLUs with weights three times as large:\n\n{exploding}")

    flows = {"sigmoid": vanishing, "ReLU": healthy, "ReLU, weights × 3": exploding}
    norms = {name: output_gradients(flow) for name, flow in flows.items()}
    ratios = {name: gradients[0] / gradients[-1] for name, gradients in norms.items()}
    expected = {"sigmoid": ("0.25", 0.25), "ReLU": ("1", 1.0), "ReLU, weights × 3": ("3", 3.0)}
    print("\nFrom layer 10 back to layer 1 the norm of ∂L/∂y is multiplied nine times:")
    for name, ratio in ratios.items():
        text, factor = expected[name]
        print(f"    {name:18} by {ratio:7.1e} in all; {text} to the power of 9 is {factor**9:.1e}")

    # 4. A step is the gradient times the learning rate. So the first layers of sigmoids hardly
    #    move while the last ones learn, and no one rate suits them all.
    weights = [layer.weight_gradient for layer in vanishing.layers[:LAYERS]]
    print(
        f"\n|∂L/∂W| of the sigmoids' first layer: {weights[0]:.1e}, of the tenth: {weights[-1]:.1e}"
    )

    steps = list(range(1, LAYERS + 1))
    chart(
        f"{folder}/gradients.svg",
        "The norm of ∂L/∂y in each layer",
        "layer",
        "norm",
        {name: (steps, gradients) for name, gradients in norms.items()},
        powers=True,
    )
    chart(
        f"{folder}/chain.svg",
        "Sigmoids in a row",
        "sigmoids",
        "largest slope",
        {"sigmoids": (depths, slopes), "ReLUs": (depths, [1.0] * len(depths))},
        powers=True,
    )
    print(f"\nPictures are in {folder}: gradients.svg, chain.svg")

    return {
        "slopes": dict(zip(depths, slopes)),
        "norms": norms,
        "ratios": ratios,
        "findings": {
            name: [(found.problem, found.layer) for found in flow.findings]
            for name, flow in flows.items()
        },
        "deviations": {
            name: [layer.deviation for layer in flow.layers[:LAYERS]]
            for name, flow in flows.items()
        },
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
