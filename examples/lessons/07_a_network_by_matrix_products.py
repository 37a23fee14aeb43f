"""Lesson 7: a multi-layer perceptron by matrix products.

    python examples/lessons/07_a_network_by_matrix_products.py [folder for the pictures]

A layer treats a whole batch at once: Z = X · W + b, a row for each example and a column for each
neuron. The full derivative of Z by W has four dimensions and is almost all zeros. Nobody builds
it. Two matrix products take its place: dX = dZ · Wᵀ and dW = Xᵀ · dZ.
"""

import sys

import numpy as np
from pictures import picture_folder

import tflite_edu as tf


def by_hand(x, targets, w1, b1, w2, b2):
    """The loss of the network and its gradients, in plain numpy: forward, then backward."""
    z1 = x @ w1 + b1
    h = np.maximum(z1, 0)
    y = h @ w2 + b2
    error = y - targets
    loss = np.mean(error**2)

    dy = 2 * error / error.size
    dw2 = h.T @ dy
    db2 = dy.sum(axis=0)
    dh = dy @ w2.T
    dz1 = dh * (z1 > 0)
    dw1 = x.T @ dz1
    db1 = dz1.sum(axis=0)
    return loss, [dw1, db1, dw2, db2]


def main(folder=None):
    folder = picture_folder(folder)
    tf.reset_default_graph()
    random = np.random.default_rng(0)

    # 1. The derivative of one small product, in full and in short.
    x, w = (
        random.integers(-3, 4, (2, 3)).astype(float),
        random.integers(-3, 4, (3, 2)).astype(float),
    )
    small = tf.teach.matmul_derivative(x, w, np.ones((2, 2)))
    print(small)

    # 2. How large would the full derivative be in a usual layer: 64 examples, 784 inputs, 256
    #    neurons? A number for each pair of an element of Z and an element of W.
    full = 64 * 256 * 784 * 256
    print(f"\n64 examples, 784 inputs, 256 neurons: ∂Z/∂W has {full:,} numbers,")
    print(f"{full * 4 / 1e9:.0f} GB. Only {64 * 256 * 784:,} are not 0, and dW has {784 * 256:,}.")

    # 3. A network of two layers in the graph.
    inputs = tf.placeholder(tf.float64, [None, 4], name="inputs")
    targets = tf.placeholder(tf.float64, [None, 2], name="targets")
    start = [random.normal(size=shape) for shape in ((4, 5), (5,), (5, 2), (2,))]
    names = ["hidden/weights", "hidden/bias", "output/weights", "output/bias"]
    variables = [
        tf.get_variable(name, initializer=tf.constant(value)) for name, value in zip(names, start)
    ]
    hidden = tf.nn.relu(tf.matmul(inputs, variables[0]) + variables[1])
    outputs = tf.matmul(hidden, variables[2]) + variables[3]
    loss = tf.reduce_mean(tf.square(outputs - targets), name="loss")
    slopes = tf.gradients(loss, variables)

    # 4. The same network by hand, in eleven lines of numpy. Look at `by_hand` above.
    batch, wanted = random.normal(size=(6, 4)), random.normal(size=(6, 2))
    feed = {inputs: batch, targets: wanted}
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    graph_loss, *graph_slopes = session.run([loss, *slopes], feed)
    hand_loss, hand_slopes = by_hand(batch, wanted, *start)
    print(f"\nThe loss in the graph: {graph_loss:.12f}, by hand: {hand_loss:.12f}")
    print("gradient of        shape    largest difference between graph and hand")
    differences = []
    for name, graph_slope, hand_slope in zip(names, graph_slopes, hand_slopes):
        differences.append(float(np.abs(graph_slope - hand_slope).max()))
        print(f"{name:16}  {str(graph_slope.shape):7}   {differences[-1]:.1e}")

    # 5. The chain of Jacobians. Each step of the network has one; their product is that of the
    #    whole. The backward pass never forms it: it multiplies one row from the left.
    one = {inputs: batch[:1], targets: wanted[:1]}
    chain = tf.teach.jacobian_chain(outputs, inputs, one, session)
    whole = tf.teach.jacobian(outputs, inputs, one, session)
    print(f"\nThe outputs by the inputs of one example, {whole.shape}, as a chain of Jacobians:")
    for link in chain.steps:
        rows, columns = link.jacobian.shape
        print(f"    [{rows}, {columns}]  {link.source.op.name} -> {link.target.op.name}")
    product = chain.product.reshape(whole.shape)
    chain_difference = float(np.abs(product - whole).max())
    print(f"Their product is the Jacobian: the largest difference is {chain_difference:.1e}")

    # 6. The lines that run. Find the products, and the transposes in the backward pass.
    program = tf.teach.program([loss, *slopes], feed, session)
    print()
    print(program.source)
    files = program.save(f"{folder}/step.py")
    tf.teach.explain(loss, feed, session).save(f"{folder}/network.svg")
    print(f"In {folder}: network.svg, and step.py, the program as a script that needs numpy alone.")
    session.close()

    return {
        "small_agrees": small.agrees,
        "full_numbers": full,
        "losses": (float(graph_loss), float(hand_loss)),
        "differences": differences,
        "jacobian_shape": whole.shape,
        "chain_shapes": [link.jacobian.shape for link in chain.steps],
        "chain_difference": chain_difference,
        "files": files,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
