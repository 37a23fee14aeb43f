"""Records the Chrome traces that TensorFlow 1.15 makes of traced runs, in timelines.json here.

    python3.7 tests/golden/record_timelines.py

The traced runs are StepStats protos as text, in the folder `traces`, and one that TensorFlow makes.
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(HERE, "timelines.json")

TRACES = {}
for _name in sorted(os.listdir(os.path.join(HERE, "traces"))):
    with open(os.path.join(HERE, "traces", _name)) as _file:
        TRACES[_name[: -len(".pbtxt")]] = _file.read()


def own_trace(tf):
    """What TensorFlow says of a training step, as text."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(tf.ones([3, 2]), name="w")
    left, right = tf.split(tf.tanh(tf.matmul(x, w)), 2, axis=1, name="halves")
    loss = tf.reduce_mean(left * right, name="loss")
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    metadata = tf.RunMetadata()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run([loss, step], {x: [[1, 2, 3]]}, options, metadata)
    return str(metadata.step_stats)


def main():
    import tensorflow as tf
    from google.protobuf import text_format
    from tensorflow.core.framework import step_stats_pb2
    from tensorflow.python.client import timeline

    recorded = {}
    for name, text in dict(TRACES, own=own_trace(tf)).items():
        stats = text_format.Parse(text, step_stats_pb2.StepStats())

        def trace(*flags, stats=stats):
            # A Timeline adds the events again when it is asked a second time.
            return json.loads(timeline.Timeline(stats).generate_chrome_trace_format(*flags))

        traces = {"whole": trace(True, True), "short": trace(False, False)}
        most = timeline.Timeline(stats).analyze_step_stats().allocator_maximums
        listed = {k: [m.timestamp, m.num_bytes, sorted(m.tensors)] for k, m in most.items()}
        recorded[name] = dict(traces, maximums=listed)
        if name not in TRACES:
            recorded[name]["step_stats"] = text
    recorded["text"] = timeline.Timeline(step_stats_pb2.StepStats()).generate_chrome_trace_format()
    with open(PATH, "w") as file:
        json.dump(recorded, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    sys.exit(main())
