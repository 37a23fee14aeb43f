"""Lesson 4: backpropagation against finite differences.

    python examples/lessons/04_backprop_against_finite_differences.py [folder for the pictures]

There is a simple way to a derivative: change one parameter by a little, and see how much the loss
changes. It needs two forward passes for every parameter. Backpropagation needs one forward and one
backward pass for all parameters together. Count both, and look at the clock.
"""

import sys
import time

import numpy as np
from pictures import chart, picture_folder

import tflite_edu as tf

EXAMPLES = 32


class Network:
    """A network of one hidden layer. Its parameters are one long vector that is fed."""

    def __init__(self, hidden):
        tf.reset_default_graph()
        tf.set_random_seed(1)
        random = np.random.default_rng(1)
        inputs = tf.constant(random.normal(size=(EXAMPLES, 4)))
        targets = tf.constant(random.normal(size=(EXAMPLES, 1)))
        self.count = 4 * hidden + hidden
        self.start = random.normal(size=self.count) / 2
        self.parameters = tf.placeholder(tf.float64, [self.count], name="parameters")
        first = tf.reshape(self.parameters[: 4 * hidden], [4, hidden])
        second = tf.reshape(self.parameters[4 * hidden :], [hidden, 1])
        outputs = tf.matmul(tf.tanh(tf.matmul(inputs, first)), second)
        self.loss = tf.reduce_mean(tf.square(outputs - targets), name="loss")
        self.gradient = tf.gradients(self.loss, self.parameters)[0]
        self.session = tf.Session()
        self.forward_passes = 0

    def loss_at(self, parameters):
        """One forward pass."""
        self.forward_passes += 1
        return self.session.run(self.loss, {self.parameters: parameters})

    def by_differences(self, step=1e-5):
        """(L(w + h) - L(w - h)) / 2h for every parameter, one after another."""
        slopes = np.zeros(self.count)
        for i in range(self.count):
            change = np.zeros(self.count)
            change[i] = step
            above, below = self.loss_at(self.start + change), self.loss_at(self.start - change)
            slopes[i] = (above - below) / (2 * step)
        return slopes

    def by_backpropagation(self):
        """One forward and one backward pass, in one run."""
        return self.session.run(self.gradient, {self.parameters: self.start})


def measure(hidden):
    """Returns (parameters, forward passes, seconds, seconds, largest difference)."""
    network = Network(hidden)
    # The first run of each also compiles its program; that is not to be timed.
    network.by_backpropagation()
    network.loss_at(network.start)
    network.forward_passes = 0
    started = time.perf_counter()
    numeric = network.by_differences()
    between = time.perf_counter()
    analytic = network.by_backpropagation()
    ended = time.perf_counter()
    network.session.close()
    difference = float(np.abs(numeric - analytic).max())
    return network.count, network.forward_passes, between - started, ended - between, difference


def main(folder=None):
    folder = picture_folder(folder)

    # 1. Count and time both, for larger and larger networks.
    rows = [measure(hidden) for hidden in (2, 8, 32, 128, 512)]
    print("             finite differences        backpropagation        largest")
    print("parameters   passes    milliseconds    passes  milliseconds   difference")
    for count, passes, slow, fast, difference in rows:
        print(
            f"{count:10,}   {passes:6,}    {slow * 1e3:12.2f}         2  {fast * 1e3:12.3f}"
            f"   {difference:.1e}"
        )
    count, passes, slow, fast, _ = rows[-1]
    print(f"\nWith {count:,} parameters: {passes:,} passes against 2, {slow / fast:,.0f} times as")
    print("long. A network of a million parameters would take two million passes for one step.")

    # 2. Differences are still of use: they check a gradient. gradcheck does it for you.
    network = Network(3)
    feed = {network.parameters: network.start}
    checked = tf.teach.gradcheck(network.loss, network.parameters, feed, network.session)
    network.session.close()
    print()
    print(checked)

    # 3. How large should the step h be? Too large: the curve bends. Too small: rounding eats the
    #    difference. In 64 bits the best h is near 1e-5, about the cube root of the rounding, 2e-16.
    network = Network(3)
    exact = network.by_backpropagation()
    steps = [10.0**-k for k in range(1, 13)]
    errors = [float(np.abs(network.by_differences(h) - exact).max()) for h in steps]
    network.session.close()
    print("\n     h    largest error")
    for h, error in zip(steps, errors):
        print(f"{h:.0e}    {error:.1e}")

    powers = [np.log10(row[0]) for row in rows]
    chart(
        f"{folder}/times.svg",
        "Time for all derivatives",
        "parameters, as a power of ten",
        "seconds",
        {
            "differences": (powers, [row[2] for row in rows]),
            "backpropagation": (powers, [row[3] for row in rows]),
        },
        powers=True,
    )
    chart(
        f"{folder}/steps.svg",
        "The error of finite differences",
        "step h, as a power of ten",
        "largest error",
        {"error": ([-float(k) for k in range(1, 13)], errors)},
        powers=True,
    )
    print(f"\nPictures are in {folder}: times.svg, steps.svg")

    return {
        "parameters": [row[0] for row in rows],
        "forward_passes": [row[1] for row in rows],
        "differences": [row[4] for row in rows],
        "checked": checked.passed,
        "checked_passes": checked.forward_passes,
        "checked_parameters": network.count,
        "best_step": steps[int(np.argmin(errors))],
        "errors": errors,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
