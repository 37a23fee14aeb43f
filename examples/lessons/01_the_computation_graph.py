"""Lesson 1: the computation graph.

    python examples/lessons/01_the_computation_graph.py [folder for the pictures]

A formula is a graph. Each operation is a node, and the edges carry values from node to node.
A script in graph mode has two parts. The first part only builds the graph. The second part hands
it values and asks for results.
"""

import sys

from pictures import picture_folder

import tflite_edu as tf


def main(folder=None):
    folder = picture_folder(folder)
    tf.reset_default_graph()

    # 1. Build the graph of f = (x + y) * z. A placeholder is a node that waits for its value.
    x = tf.placeholder(tf.float32, shape=[], name="x")
    y = tf.placeholder(tf.float32, shape=[], name="y")
    z = tf.placeholder(tf.float32, shape=[], name="z")
    q = tf.add(x, y, name="q")
    f = tf.multiply(q, z, name="f")

    # Nothing has been computed. f is a tensor: the place where a value will be.
    print("f is", f)
    nodes = tf.get_default_graph().get_operations()
    print(f"\nThe graph has {len(nodes)} nodes:")
    for node in nodes:
        inputs = ", ".join(tensor.op.name for tensor in node.inputs) or "nothing"
        print(f"    {node.name:4} is a {node.type:11} of {inputs}")

    # 2. A session computes. The feeds go in at the placeholders, the values flow forward.
    session = tf.Session()
    feed = {x: -2.0, y: 5.0, z: -4.0}
    q_value, f_value = session.run([q, f], feed)
    print(f"\nWith x = -2, y = 5, z = -4:  q = {q_value:g},  f = {f_value:g}")

    # The same graph serves any values, as often as you like.
    table = [float(session.run(f, {x: 1.0, y: 1.0, z: value})) for value in range(4)]
    print(f"With x = y = 1 and z = 0, 1, 2, 3:  f = {table}")

    # 3. A run computes only what was asked for. q does not need z, f does.
    alone = float(session.run(q, {x: 1.0, y: 2.0}))
    print(f"\nq without a value for z: {alone:g}")
    try:
        session.run(f, {x: 1.0, y: 2.0})
        complaint = ""
    except tf.errors.InvalidArgumentError as error:
        complaint = error.message.splitlines()[0]
    print("f without a value for z:", complaint)

    # 4. Derivatives are more nodes of the same graph. By hand: ∂f/∂q = z, ∂q/∂x = ∂q/∂y = 1,
    #    so ∂f/∂x = ∂f/∂y = z = -4, and ∂f/∂z = q = 3.
    before = len(tf.get_default_graph().get_operations())
    slopes = tf.gradients(f, [x, y, z])
    after = len(tf.get_default_graph().get_operations())
    gradient = [float(value) for value in session.run(slopes, feed)]
    print(f"\ntf.gradients added {after - before} nodes. ∂f/∂x, ∂f/∂y, ∂f/∂z = {gradient}")

    # 5. What runs in the end is a small program in numpy. Here it is, with the nodes it came from.
    print()
    program = tf.teach.program(slopes, feed, session)
    print(program)

    # 6. And this is the graph, as text and as pictures.
    picture = tf.teach.show(f)
    print()
    print(picture)
    picture.save(f"{folder}/graph.svg")
    picture.save(f"{folder}/graph.html")
    tf.teach.explain(f, feed, session).save(f"{folder}/values_and_gradients.svg")
    print(f"\nPictures are in {folder}: graph.svg, graph.html, values_and_gradients.svg")

    session.close()
    return {
        "nodes": [(node.name, node.type) for node in nodes],
        "q": float(q_value),
        "f": float(f_value),
        "table": table,
        "q_alone": alone,
        "complaint": complaint,
        "gradient": gradient,
        "nodes_added": after - before,
        "program": program.source,
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
