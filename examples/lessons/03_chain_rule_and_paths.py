"""Lesson 3: the chain rule and paths.

    python examples/lessons/03_chain_rule_and_paths.py [folder for the pictures]

Along one path derivatives multiply. Where several paths lead from x to y, the derivative is the
sum over all of them. Their number doubles with each crossing, so nobody lists them: the backward
pass adds up where paths meet, and takes each edge once.
"""

import math
import sys

from pictures import chart, picture_folder

import tflite_edu as tf


def one_path():
    """y = sin(x²). Outer slope times inner slope: cos(x²) · 2x."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [], name="x")
    square = tf.square(x, name="square")
    y = tf.sin(square, name="y")
    with tf.Session() as session:
        found = tf.teach.paths(y, x, {x: 1.5}, session)
    by_hand = math.cos(1.5**2) * 2 * 1.5
    print(found)
    print(f"\nBy hand: cos(2.25) · 3 = {by_hand:.6f}\n")
    return float(found.total), by_hand


def two_paths():
    """f = x · sin(x): x goes in twice, so there are two paths. sin(x) + x · cos(x)."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [], name="x")
    f = tf.multiply(x, tf.sin(x, name="sine"), name="f")
    with tf.Session() as session:
        found = tf.teach.paths(f, x, {x: 2.0}, session)
    by_hand = math.sin(2.0) + 2 * math.cos(2.0)
    print(found)
    print(f"\nBy hand: sin(2) + 2 cos(2) = {by_hand:.6f}\n")
    return found, by_hand


def crossings(depth):
    """A chain of `depth` crossings: each has two ways through it, h -> sin(h) + cos(h)."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [], name="x")
    h = x
    for _ in range(depth):
        h = tf.sin(h) + tf.cos(h)
    with tf.Session() as session:
        return tf.teach.paths(h, x, {x: 0.3}, session)


def main(folder=None):
    folder = picture_folder(folder)

    # 1. One path: a product.
    chain, chain_by_hand = one_path()

    # 2. Two paths: a sum of products. Each path is listed with its factors.
    two, two_by_hand = two_paths()

    # 3. More crossings: the paths double each time. Count the multiplications of three ways to
    #    the same number: path by path, forward mode, reverse mode (the backward pass).
    print("crossings   paths   multiplications path by path   in reverse mode   same result")
    depths, counts, by_path, in_reverse, agree = list(range(1, 9)), [], [], [], []
    for depth in depths:
        found = crossings(depth)
        counts.append(len(found.paths))
        by_path.append(found.multiplications.path_by_path)
        in_reverse.append(found.multiplications.reverse_mode)
        agree.append(found.agrees)
        row = (depth, counts[-1], by_path[-1], in_reverse[-1], "yes" if agree[-1] else "NO")
        print("{:9d} {:7d} {:30d} {:17d}   {}".format(*row))
    print("\nPaths grow as 2 to the power of the crossings; reverse mode grows by a fixed amount.")

    chart(
        f"{folder}/multiplications.svg",
        "Multiplications for one derivative",
        "crossings",
        "multiplications",
        {"path by path": (depths, by_path), "reverse mode": (depths, in_reverse)},
        powers=True,
    )
    last = crossings(3).paths[0].tensors[-1]
    tf.teach.show(last).save(f"{folder}/crossings.svg")
    print(f"Pictures are in {folder}: multiplications.svg, crossings.svg")

    return {
        "chain": (chain, chain_by_hand),
        "two_paths": (float(two.total), two_by_hand),
        "products": sorted(float(path.product.item()) for path in two.paths),
        "path_counts": counts,
        "path_by_path": by_path,
        "reverse_mode": in_reverse,
        "agree": agree,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
