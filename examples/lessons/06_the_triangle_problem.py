"""Lesson 6: the triangle problem.

    python examples/lessons/06_the_triangle_problem.py [folder for the pictures]

Points inside a triangle belong to one class, points outside to the other. One neuron draws one
straight line, and no line does it. Three neurons draw three lines. Their outputs are new features
of a point, and in the new features one more neuron finds it easy.
"""

import sys

import numpy as np
from pictures import chart, picture_folder

import tflite_edu as tf

CORNERS = np.array([[-1.2, -0.9], [1.3, -0.8], [0.0, 1.3]])


def sides():
    """Weights [2, 3] and biases [3] of the three sides: x · w + b is above 0 on the inside."""
    weights, biases = [], []
    for i in range(3):
        start, end = CORNERS[i], CORNERS[(i + 1) % 3]
        along = end - start
        inwards = np.array([-along[1], along[0]]) / np.hypot(*along)
        weights.append(inwards)
        biases.append(-start @ inwards)
    return np.transpose(weights), np.array(biases)


def points(random, count=400):
    """Points [count, 2] of a square and their labels [count, 1]: 1 inside the triangle."""
    weights, biases = sides()
    x = random.uniform(-2, 2, size=(count, 2))
    return x, np.all(x @ weights + biases > 0, axis=1, keepdims=True).astype(float)


def train(hidden, x, labels, steps=700):
    """Trains `hidden` neurons and one on top of them, or that one alone for 0.

    Returns a function from points to the probabilities of "inside", the losses, and the lines.
    """
    tf.reset_default_graph()
    tf.set_random_seed(4)
    inputs = tf.placeholder(tf.float32, [None, 2], name="points")
    wanted = tf.placeholder(tf.float32, [None, 1], name="labels")
    features, lines = inputs, []
    if hidden:
        lines = [
            tf.get_variable(
                "lines/weights", [2, hidden], initializer=tf.glorot_normal_initializer()
            ),
            tf.get_variable("lines/biases", [hidden], initializer=tf.zeros_initializer()),
        ]
        features = tf.sigmoid(tf.matmul(inputs, lines[0]) + lines[1], name="new_features")
    weights = tf.get_variable("answer/weights", [hidden or 2, 1])
    bias = tf.get_variable("answer/bias", [1], initializer=tf.zeros_initializer())
    logits = tf.matmul(features, weights) + bias
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=wanted, logits=logits)
    loss = tf.reduce_mean(losses)
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    inside = tf.sigmoid(logits)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    history = [
        float(session.run([loss, step], {inputs: x, wanted: labels})[0]) for _ in range(steps)
    ]
    return lambda some: session.run(inside, {inputs: some}), history, session.run(lines)


def accuracy(inside, x, labels):
    """The share of the points that get the right answer."""
    return float(np.mean((inside(x) > 0.5) == (labels > 0.5)))


def as_text(inside):
    """The plane as rows of characters: # where the answer is "inside"."""
    across, up = np.meshgrid(np.linspace(-2, 2, 48), np.linspace(2, -2, 24))
    answers = inside(np.column_stack([across.ravel(), up.ravel()])) > 0.5
    return ["".join("#" if a else "." for a in row) for row in answers.reshape(across.shape)]


def main(folder=None):
    folder = picture_folder(folder)
    random = np.random.default_rng(0)
    x, labels = points(random)
    test = points(random, 2000)

    # 1. By hand. Each side of the triangle is a line. A neuron says on which side of it a point
    #    is. Inside, all three say yes: their sum is 3, and anywhere else it is 2 at most.
    weights, biases = sides()
    yes = (test[0] @ weights + biases > 0).sum(axis=1, keepdims=True)
    by_hand = accuracy(lambda _: (yes > 2.5).astype(float), *test)
    most_outside = int(yes[test[1] == 0].max())
    print("Three lines by hand: the sum of the answers is 3 inside, and at most", most_outside)
    print(f"outside. So `sum > 2.5` is right for {by_hand:.1%} of the points.")

    # 2. One neuron on the plain coordinates: one straight line. It cannot do much better than to
    #    say "outside" always.
    always = float(1 - test[1].mean())
    line, line_losses, _ = train(0, x, labels)
    one_line = accuracy(line, *test)
    print(f"\nAlways 'outside': {always:.1%}. One trained neuron: {one_line:.1%}.")

    # 3. Three neurons and one on top. Nobody tells them the sides: the gradient does.
    network, losses, (found_weights, found_biases) = train(3, x, labels)
    three_lines = accuracy(network, *test)
    print(f"Three neurons and one on top: {three_lines:.1%} of points it has never seen.")
    print(
        f"The loss falls from {losses[0]:.3f} to {losses[-1]:.3f} (one line: {line_losses[-1]:.3f})"
    )

    # 4. What it has learned, drawn.
    picture = as_text(network)
    print("\nWhere the network answers 'inside':\n")
    print("\n".join("    " + row for row in picture))

    drawn = {}
    for i, (w, b) in enumerate(zip(found_weights.T, found_biases)):
        # All points of a line: w0 · across + w1 · up + b = 0, those inside the square.
        middle, along = -b * w / (w @ w), np.array([-w[1], w[0]]) / np.hypot(*w)
        places = middle + np.linspace(-4, 4, 200)[:, np.newaxis] * along
        places = places[np.all(np.abs(places) <= 2, axis=1)]
        drawn[f"line of neuron {i + 1}"] = (places[:, 0], places[:, 1])
    grid = np.stack(np.meshgrid(*[np.linspace(-2, 2, 41)] * 2), -1).reshape(-1, 2)
    region = grid[network(grid)[:, 0] > 0.5]
    within, outside = x[labels[:, 0] == 1], x[labels[:, 0] == 0]
    chart(
        f"{folder}/boundary.svg",
        "Three lines make a triangle",
        "first coordinate",
        "second coordinate",
        drawn,
        {
            "answer 'inside'": (region[:, 0], region[:, 1]),
            "points outside": (outside[:, 0], outside[:, 1]),
            "points inside": (within[:, 0], within[:, 1]),
        },
    )
    print(f"\nThe picture with the three lines is {folder}/boundary.svg")

    return {
        "by_hand": by_hand,
        "most_outside": most_outside,
        "always_outside": always,
        "one_line": one_line,
        "three_lines": three_lines,
        "losses": losses,
        "picture": picture,
        "inside": network,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
