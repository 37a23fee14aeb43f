"""Lesson 2: forward and backward by hand.

    python examples/lessons/02_forward_and_backward_by_hand.py [folder for the pictures]

An operation has two methods. `forward` takes the inputs and returns the output. `backward` takes
the gradient of the loss by the output, and returns the gradient of the loss by each input. That is
all that an operation has to know; the graph does the rest.
"""

import sys

import numpy as np
from pictures import picture_folder

import tflite_edu as tf


class Multiply(tf.teach.Layer):
    """z = x · y. Small changes: dz/dx = y, and dz/dy = x."""

    def forward(self, x, y):
        # backward will need both inputs, so keep them.
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        # Each input gets the other's value, times the gradient that comes from above.
        return [dz * self.y, dz * self.x]


class Sigmoid(tf.teach.Layer):
    """z = 1 / (1 + exp(-x)). Its slope can be written with its own output: z (1 - z)."""

    def forward(self, x):
        self.z = 1 / (1 + np.exp(-x))
        return self.z

    def backward(self, dz):
        return [dz * self.z * (1 - self.z)]


class WrongMultiply(Multiply):
    """The mistake that everyone makes once: each input gets its own value."""

    def backward(self, dz):
        return [dz * self.x, dz * self.y]


def main(folder=None):
    folder = picture_folder(folder)
    tf.reset_default_graph()

    # 1. Call a layer, and it is a node of the graph like any other.
    x = tf.constant(3.0, name="x")
    y = tf.constant(-2.0, name="y")
    z = Multiply()(x, y)
    dx, dy = tf.gradients(z, [x, y])
    with tf.Session() as session:
        product, by_x, by_y = (float(v) for v in session.run([z, dx, dy]))
    print(f"3 · -2 = {product:g};  ∂z/∂x = y = {by_x:g};  ∂z/∂y = x = {by_y:g}\n")

    # 2. Is a backward right? Change each input by a little, and see how much the output changes.
    #    The two answers stand side by side; `difference` must be near 0.
    right = tf.teach.check(Multiply(), [1.0, 2.0], [3.0, 4.0])
    print(right, "\n")
    sigmoid = tf.teach.check(Sigmoid(), [-2.0, 0.0, 2.0])
    print(f"Sigmoid is right: {sigmoid.passed}\n")

    # 3. A wrong backward runs just as well, and no error tells you. The check does.
    wrong = tf.teach.check(WrongMultiply(), [1.0, 2.0], [3.0, 4.0])
    print(wrong, "\n")

    # 4. The layers train. One neuron learns to tell numbers above 1 from those below:
    #    p = sigmoid(w · x + b), and the loss is the mean of (p - label)².
    inputs = np.linspace(-2, 4, 25, dtype=np.float32)
    labels = (inputs > 1).astype(np.float32)
    w = tf.get_variable("w", [], initializer=tf.constant_initializer(0.1))
    b = tf.get_variable("b", [], initializer=tf.zeros_initializer())
    scalar_x = tf.placeholder(tf.float32, [], name="one_input")
    label = tf.placeholder(tf.float32, [], name="its_label")
    p = Sigmoid()(Multiply()(w, scalar_x) + b)
    loss = tf.square(p - label, name="loss")
    step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        def mean_loss():
            pairs = zip(inputs, labels)
            return float(np.mean([session.run(loss, {scalar_x: a, label: c}) for a, c in pairs]))

        losses = [mean_loss()]
        for _ in range(40):
            for number, target in zip(inputs, labels):
                session.run(step, {scalar_x: number, label: target})
            losses.append(mean_loss())
        boundary = float(-session.run(b / w))
        tf.teach.explain(loss, {scalar_x: 2.0, label: 1.0}, session).save(f"{folder}/neuron.svg")
    print(f"Training: the loss falls from {losses[0]:.3f} to {losses[-1]:.3f}.")
    print(f"w · x + b = 0 at x = {boundary:.2f}: above it the neuron says yes. It should be 1.")
    print(f"\nThe neuron with its values and gradients is in {folder}/neuron.svg")

    return {
        "product": product,
        "gradient": [by_x, by_y],
        "multiply_is_right": right.passed,
        "sigmoid_is_right": sigmoid.passed,
        "wrong_is_right": wrong.passed,
        "wrong_names": [one.name for one in wrong.comparisons if not one.passed],
        "losses": losses,
        "boundary": boundary,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
