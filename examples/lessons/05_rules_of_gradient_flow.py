"""Lesson 5: the rules of gradient flow.

    python examples/lessons/05_rules_of_gradient_flow.py [folder for the pictures]

Each kind of node has its own habit when a gradient comes back through it. Addition passes it on.
Multiplication hands each input the other's value. Max switches it. Know the habits, and you can
read a backward pass without writing a formula.
"""

import sys

from pictures import picture_folder

import tflite_edu as tf


def habits(session):
    """Shows each rule on the smallest example: two numbers in, ten times the result out."""
    cases = {
        "addition passes it on": lambda x, y: x + y,
        "multiplication swaps": lambda x, y: x * y,
        "a constant scales it": lambda x, y: 3.0 * x + y,
        "max switches it": lambda x, y: tf.maximum(x, y),
        "min switches it": lambda x, y: tf.minimum(x, y),
        "minus turns it": lambda x, y: x - y,
        "two uses add up": lambda x, y: x * y + x,
    }
    x = tf.placeholder(tf.float64, [], name="first")
    y = tf.placeholder(tf.float64, [], name="second")
    found = {}
    print("x = 5, y = -2, and the gradient 10 comes from above:\n")
    for name, function in cases.items():
        loss = 10.0 * function(x, y)
        to_x, to_y = session.run(tf.gradients(loss, [x, y]), {x: 5.0, y: -2.0})
        found[name] = (float(to_x), float(to_y))
        print(f"    {name:22}  to x: {to_x:5g}   to y: {to_y:5g}")
    return found


def neuron():
    """One neuron with two inputs: sigmoid(w0 · x0 + w1 · x1 + w2 · 1), three products.

    Returns its output and what to feed.
    """
    weights = [tf.Variable(value, name=f"w{i}") for i, value in enumerate([2.0, -3.0, -3.0])]
    inputs = [tf.placeholder(tf.float32, [], name=name) for name in ("x0", "x1", "one")]
    products = [
        tf.multiply(w, x, name=f"product{i}") for i, (w, x) in enumerate(zip(weights, inputs))
    ]
    both = tf.add(products[0], products[1], name="sum01")
    total = tf.add(both, products[2], name="sum")
    return tf.sigmoid(total, name="p"), dict(zip(inputs, [-1.0, -2.0, 1.0]))


def main(folder=None):
    folder = picture_folder(folder)
    tf.reset_default_graph()

    # 1. The rules, one by one.
    with tf.Session() as session:
        rules = habits(session)

    # 2. All of them in one neuron. By hand: the sum is -2 + 6 - 3 = 1, and p = sigmoid(1) = 0.731.
    #    The sigmoid multiplies by p (1 - p) = 0.197. The additions pass that on. Each product
    #    hands its weight the input, and its input the weight:
    #    ∂p/∂w0 = 0.197 · x0 = -0.197, ∂p/∂x0 = 0.197 · w0 = 0.393, and so on.
    tf.reset_default_graph()
    with tf.Session() as session:
        p, feed = neuron()
        session.run(tf.global_variables_initializer())
        explanation = tf.teach.explain(p, feed, session)
    print()
    print(explanation)

    # 3. Any node can be asked.
    node = explanation["product0"]
    print(f"\n{node.name} has the value {node.value:g} and the gradient {node.gradient:.3f}.")
    for edge in node.inputs:
        print(
            f"    back to {edge.name}: {node.gradient:.3f} · {edge.local_gradient:g}"
            f" = {edge.gradient:.3f}"
        )

    # 4. Matrices follow the same rule as numbers: the product hands each the other, transposed
    #    so that the shapes fit. dX = dZ · Wᵀ and dW = Xᵀ · dZ.
    tf.reset_default_graph()
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="X")
    w = tf.constant([[1.0, -3.0], [0.5, 1.0]], name="W")
    z = tf.matmul(x, w, name="Z")
    with tf.Session() as session:
        matrices = tf.teach.explain(
            tf.reduce_sum(tf.nn.relu(z, name="relu"), name="L"), {}, session
        )
    print()
    print(matrices)

    explanation.save(f"{folder}/neuron.svg")
    explanation.save(f"{folder}/neuron.html")
    matrices.save(f"{folder}/matrices.svg")
    print(f"\nPictures are in {folder}: neuron.svg, matrices.svg,")
    print("and neuron.html, where you can step through both passes in a browser.")

    names = ["w0", "x0", "w1", "x1", "w2", "p"]
    return {
        "rules": rules,
        "values": {name: float(explanation[name].value) for name in names},
        "gradients": {name: float(explanation[name].gradient) for name in names},
        "gradient_of_x": matrices["X"].gradient.tolist(),
        "gradient_of_w": matrices["W"].gradient.tolist(),
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
