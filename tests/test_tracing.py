"""Traced runs: what each node took, and Chrome traces equal to TensorFlow 1.15's."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import record_timelines
from conftest import ENGINES
from google.protobuf import text_format
from test_peers import tensorflow, with_tensorflow

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.formats.proto import step_stats_pb2
from tflite_edu.runtime.timeline import Timeline

GOLDEN = Path(__file__).parent / "golden"
TRACES = json.loads((GOLDEN / "timelines.json").read_text())
TEXTS = {**record_timelines.TRACES, "own": TRACES["own"]["step_stats"]}
DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"
FULL_TRACE = 3


def recorded(name: str) -> Timeline:
    return Timeline(text_format.Parse(TEXTS[name], step_stats_pb2.StepStats()))


@pytest.mark.parametrize("name", TEXTS)
def test_a_timeline_is_tensorflows(name: str) -> None:
    timeline, expected = recorded(name), TRACES[name]
    assert json.loads(timeline.generate_chrome_trace_format(True, True)) == expected["whole"]
    assert json.loads(timeline.generate_chrome_trace_format(False, False)) == expected["short"]
    most = timeline.analyze_step_stats().allocator_maximums
    listed = {k: [m.timestamp, m.num_bytes, sorted(m.tensors)] for k, m in most.items()}
    assert listed == expected["maximums"]


def test_the_text_of_a_timeline() -> None:
    assert Timeline(step_stats_pb2.StepStats()).generate_chrome_trace_format() == TRACES["text"]


def traced(
    session: tf.Session, fetches: Any, feeds: Any = None, **options: Any
) -> tuple[Any, tf.RunMetadata]:
    metadata = tf.RunMetadata()
    asked = tf.RunOptions(**{"trace_level": tf.RunOptions.FULL_TRACE, **options})
    return session.run(fetches, feeds, options=asked, run_metadata=metadata), metadata


def training() -> tuple[Any, Any, Any]:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.get_variable("w", initializer=np.full((3, 4), 0.5, np.float32))
    b = tf.get_variable("b", initializer=np.zeros(4, np.float32), use_resource=True)
    y = tf.tanh(tf.matmul(x, w) + b, name="layer/y")
    loss = tf.reduce_mean(tf.square(y), name="loss")
    return x, loss, tf.train.GradientDescentOptimizer(0.1).minimize(loss)


THERE = """
import json, sys
import tensorflow as tf
from tensorflow.python.client import timeline

(path,) = tf.gfile.Glob(sys.argv[1] + "/*")
(event,) = [e for e in tf.train.summary_iterator(path) if e.HasField("tagged_run_metadata")]
metadata = tf.RunMetadata.FromString(event.tagged_run_metadata.run_metadata)
trace = timeline.Timeline(metadata.step_stats).generate_chrome_trace_format(True, True)
nodes = [[n.name, n.op] for n in metadata.partition_graphs[0].node]
print(json.dumps([event.step, event.tagged_run_metadata.tag, json.loads(trace), nodes]))
"""


@with_tensorflow
def test_tensorflow_reads_a_trace_of_ours(tmp_path: Path) -> None:
    x, loss, step = training()
    with tf.Session() as session, tf.summary.FileWriter(tmp_path) as writer:
        session.run(tf.global_variables_initializer())
        feeds = {x: np.ones((2, 3), np.float32)}
        _, metadata = traced(session, [loss, step], feeds, output_partition_graphs=True)
        writer.add_run_metadata(metadata, "a step", 7)
    trace = json.loads(Timeline(metadata.step_stats).generate_chrome_trace_format(True, True))
    nodes = [[node.name, node.op] for node in metadata.partition_graphs[0].node]
    assert tensorflow(THERE, str(tmp_path)) == [7, "a step", trace, nodes]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_traced_run_tells_of_every_node(
    engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    x, loss, step = training()
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        before = time.time_ns() // 1000
        (value, _), metadata = traced(session, [loss, step], {x: np.ones((2, 3), np.float32)})
        after = time.time_ns() // 1000 + 1
        expected = np.mean(np.square(np.tanh(np.full((2, 4), 1.5, np.float32))))
        np.testing.assert_allclose(value, expected, rtol=1e-6)
    (device,) = metadata.step_stats.dev_stats
    assert device.device == DEVICE
    stats = {node.node_name: node for node in device.node_stats}
    assert len(stats) == len(device.node_stats)
    labels = {name: node.timeline_label for name, node in stats.items()}
    assert labels["_arg_x_0_0"] == "_arg_x_0_0 = _Arg()"
    assert labels["w"] == "w = VariableV2()"
    assert labels["MatMul"] == "MatMul = MatMul(_arg_x_0_0, w/read)"
    assert labels["add/ReadVariableOp"] == "add/ReadVariableOp = ReadVariableOp(b)"
    assert labels["_retval_loss_0_0"] == "_retval_loss_0_0 = _Retval(loss)"
    assert labels["GradientDescent"] == (
        "GradientDescent = NoOp(^GradientDescent/update_b/ResourceApplyGradientDescent, "
        "^GradientDescent/update_w/ApplyGradientDescent)"
    )
    (product,) = stats["MatMul"].output
    described = product.tensor_description
    assert (described.dtype, [d.size for d in described.shape.dim]) == (1, [2, 4])
    assert described.allocation_description.requested_bytes == 32
    assert described.allocation_description.allocated_bytes == 32
    (memory,) = stats["MatMul"].memory
    assert (memory.allocator_name, memory.total_bytes, memory.peak_bytes) == ("cpu", 32, 32)
    # A variable's memory was there before, and reading it takes none.
    assert stats["w"].memory_stats.persistent_memory_size == 48
    assert not stats["w"].memory and not stats["w/read"].memory
    assert [d.size for d in stats["w/read"].output[0].tensor_description.shape.dim] == [3, 4]
    start = before
    for node in device.node_stats:
        assert start <= node.all_start_micros <= after
        assert node.all_end_rel_micros >= 1 and node.op_end_rel_micros <= node.all_end_rel_micros
        start = node.all_start_micros
    assert start + node.all_end_rel_micros <= after + 1
    trace = json.loads(Timeline(metadata.step_stats).generate_chrome_trace_format(True, True))
    bars = [e["args"]["name"] for e in trace["traceEvents"] if e["ph"] == "X"]
    assert bars == [node.node_name for node in device.node_stats]


def test_a_traced_run_is_the_run_that_it_would_be() -> None:
    x, loss, step = training()
    noise = tf.random_normal([3], seed=1)
    feeds = {x: np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)}
    found = []
    for watched in (False, True):
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            values = []
            for i in range(6):
                if watched and i % 2:
                    value, metadata = traced(session, [loss, step, noise], feeds)
                    assert metadata.step_stats.dev_stats
                else:
                    value = session.run([loss, step, noise], feeds)
                values += [value[0], *value[2], *session.run("w:0").ravel()]
            found.append(values)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5)


def test_what_is_not_asked_for_is_not_told() -> None:
    y = tf.constant(2.0) * 3.0
    with tf.Session() as session:
        metadata = tf.RunMetadata()
        metadata.step_stats.dev_stats.add(device="of an earlier run")
        assert session.run(y, run_metadata=metadata) == 6
        assert metadata == tf.RunMetadata()
        untraced = tf.RunOptions(trace_level=tf.RunOptions.NO_TRACE)
        assert session.run(y, options=untraced, run_metadata=metadata) == 6
        assert metadata == tf.RunMetadata()
        assert session.run(y, options=tf.RunOptions(trace_level=FULL_TRACE)) == 6
        call = session.make_callable(y, accept_options=True)
        asked = tf.RunOptions(trace_level=tf.RunOptions.SOFTWARE_TRACE)
        assert call(options=asked, run_metadata=metadata) == 6
        assert len(metadata.step_stats.dev_stats) == 1


def test_a_branch_that_is_not_taken_is_not_in_the_trace() -> None:
    go = tf.placeholder(tf.bool, [])
    no, yes = raw.Switch(data=tf.constant(1.0), pred=go)
    kept = tf.negative(yes, name="kept")
    joined, _ = raw.Merge(inputs=[tf.exp(no, name="left_out"), kept])
    with tf.Session() as session:
        value, metadata = traced(session, joined, {go: True})
    assert value == -1
    names = {node.node_name for node in metadata.step_stats.dev_stats[0].node_stats}
    assert "kept" in names and "left_out" not in names


def test_strings_empty_arrays_and_several_outputs_are_described() -> None:
    parts = tf.split(tf.constant(["a", "b"]), 2, name="parts")
    nothing = tf.zeros([0, 3], name="nothing") + 1.0
    with tf.Session() as session:
        _, metadata = traced(session, [parts[1], nothing, "parts:0", nothing])
    stats = {node.node_name: node for node in metadata.step_stats.dev_stats[0].node_stats}
    outputs = stats["parts"].output
    assert [output.slot for output in outputs] == [0, 1]
    assert [output.tensor_description.dtype for output in outputs] == [7, 7]
    (empty,) = stats["add"].output
    assert [d.size for d in empty.tensor_description.shape.dim] == [0, 3]
    assert not empty.tensor_description.HasField("allocation_description")
    assert not stats["add"].memory
    assert {"_retval_parts_0_1", "_retval_parts_1_2", "_retval_add_0_0"} <= stats.keys()


def test_the_graph_that_ran() -> None:
    with tf.name_scope("sc"):
        z = tf.placeholder(tf.float32, [2], name="z")
    a = tf.placeholder(tf.float32, [2], name="a")
    p, q = tf.split(a, 2, name="p")
    y = tf.add(z, a, name="y")
    w = y * tf.concat([p, q], 0)
    with tf.control_dependencies([q, y]):
        n = tf.no_op(name="n")
        b = tf.identity(w, name="b")
    tf.constant(3.0, name="not_needed")
    with tf.Session() as session:
        feeds = {z: [1.0, 2.0], a: [3.0, 4.0], q: [2.0]}
        fetches = [w, y, n, b, a, w]
        _, metadata = traced(session, fetches, feeds, trace_level=0, output_partition_graphs=True)
        assert not metadata.HasField("step_stats")
    (graph,) = metadata.partition_graphs
    # What TensorFlow 1.15 says, but that it lets two equal constants be one.
    assert {node.name: (node.op, list(node.input)) for node in graph.node} == {
        "p/split_dim": ("Const", []),
        "_arg_a_0_0": ("_Arg", []),
        "p": ("Split", ["p/split_dim", "_arg_a_0_0"]),
        "_arg_p_1_1": ("_Arg", []),
        "concat/axis": ("Const", []),
        "concat": ("ConcatV2", ["p", "_arg_p_1_1", "concat/axis"]),
        "_arg_sc/z_0_2": ("_Arg", []),
        "y": ("Add", ["_arg_sc/z_0_2", "_arg_a_0_0"]),
        "mul": ("Mul", ["y", "concat"]),
        "n": ("NoOp", ["^p", "^y"]),
        "b": ("Identity", ["mul", "^p", "^y"]),
        "_retval_b_0_0": ("_Retval", ["b"]),
        "_retval_mul_0_1": ("_Retval", ["mul"]),
        "_retval_y_0_2": ("_Retval", ["y"]),
    }
    assert {node.device for node in graph.node} == {DEVICE}
    attributes = {node.name: node.attr for node in graph.node}
    assert attributes["_arg_sc/z_0_2"]["index"].i == 2
    assert attributes["_retval_mul_0_1"]["T"].type == tf.float32.as_datatype_enum


def test_a_run_that_fails_leaves_the_metadata_as_it_was() -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.check_numerics(x, "bad", name="checked")
    metadata = tf.RunMetadata()
    metadata.step_stats.dev_stats.add(device="of an earlier run")
    options = tf.RunOptions(trace_level=FULL_TRACE)
    with tf.Session() as session:
        with pytest.raises(tf.errors.InvalidArgumentError, match="bad : Tensor had NaN") as caught:
            session.run(y, {x: [np.nan]}, options, metadata)
        assert caught.value.op is y.op
        assert [d.device for d in metadata.step_stats.dev_stats] == ["of an earlier run"]


def test_what_are_no_options() -> None:
    v = tf.Variable(0.0)
    change = v.assign_add(1.0)
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(AttributeError, match="SerializeToString"):
            session.run(change, options=3)
        with pytest.raises(AttributeError, match="ParseFromString"):
            session.run(change, run_metadata=3)
        assert session.run(v) == 0
        call = session.make_callable(v)
        with pytest.raises(TypeError):
            call(options=tf.RunOptions())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_takes_too_long(engine: str) -> None:
    done = []

    def slow(value: Any) -> Any:
        time.sleep(0.05)
        done.append("slow")
        return value

    def never(value: Any) -> Any:
        done.append("never")
        return value

    late = tf.py_func(slow, [tf.constant(1.0)], tf.float32)
    after = tf.py_func(never, [late], tf.float32)
    message = "Timed out waiting for notification"
    with tf.Session(engine=engine) as session:
        with pytest.raises(tf.errors.DeadlineExceededError, match=message):
            session.run(after, options=tf.RunOptions(timeout_in_ms=10))
        assert done == ["slow"]
        assert session.run(after, options=tf.RunOptions(timeout_in_ms=60_000)) == 1
        assert session.run(after, options=tf.RunOptions(timeout_in_ms=-1)) == 1
        assert session.run(after) == 1
    config = tf.ConfigProto(operation_timeout_in_ms=10)
    with tf.Session(engine=engine, config=config) as session:
        with pytest.raises(tf.errors.DeadlineExceededError, match=message):
            session.run(late)
        with pytest.raises(tf.errors.DeadlineExceededError, match=message):
            session.make_callable(late)()
        assert session.run(late, options=tf.RunOptions(timeout_in_ms=60_000)) == 1


def test_traced_runs_in_several_threads_do_not_mix() -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(x * 2.0)
    with tf.Session() as session:

        def run(size: int) -> tuple[int, float, set[int]]:
            value, metadata = traced(session, y, {x: np.ones(size, np.float32)})
            (device,) = metadata.step_stats.dev_stats
            assert len(device.node_stats) == len({n.node_name for n in device.node_stats})
            product = next(n for n in device.node_stats if n.node_name == "mul")
            shape = product.output[0].tensor_description.shape
            return shape.dim[0].size, value, {n.thread_id for n in device.node_stats}

        with ThreadPoolExecutor(4) as pool:
            for size, found in zip(range(1, 41), pool.map(run, range(1, 41))):
                assert found[:2] == (size, 2 * size) and len(found[2]) == 1


def test_a_trace_holds_no_array_longer_than_the_run_does() -> None:
    x = tf.placeholder(tf.float32, [None])
    y = x
    for _ in range(20):
        y = y + 1.0
    with tf.Session() as session:
        ones = np.ones(1 << 20, np.float32)
        traced(session, y, {x: ones})
        tracemalloc.start()
        try:
            traced(session, y, {x: ones})
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 4 * ones.nbytes


BIG = [1 << 30, 1 << 20]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("make", "name", "wanted"),
    [
        (lambda n, a: tf.fill(n, 1.0), "Fill", "[1073741824,1048576] and type float"),
        (
            lambda n, a: tf.fill(n, np.float64(1.0)),
            "Fill",
            "[1073741824,1048576] and type double",
        ),
        (
            lambda n, a: tf.matmul(a, a, transpose_b=True),
            "MatMul",
            "[4194304,4194304] and type float",
        ),
        (lambda n, a: a + tf.transpose(a), "add", "[4194304,4194304] and type float"),
        (
            lambda n, a: tf.reduce_sum(tf.zeros([1 << 30, 1 << 20]) * 2.0),
            "zeros",
            "[1073741824,1048576] and type float",
        ),
        # The memory of which is planned before the first step.
        (
            lambda n, a: tf.reduce_sum(tf.tanh(tf.reshape(a, [-1, 1]) + tf.ones([1, 1 << 24]))),
            "add",
            "[4194304,16777216] and type float",
        ),
    ],
)
def test_out_of_memory(
    engine: str, make: Callable[[Any, Any], Any], name: str, wanted: str
) -> None:
    n = tf.placeholder(tf.int32, [2])
    a = tf.placeholder(tf.float32, [1 << 22, 1])
    v = tf.Variable(1.0)
    change = tf.assign_add(v, tf.reduce_sum(tf.cast(make(n, a), tf.float32)))
    feeds = {n: BIG, a: np.zeros((1 << 22, 1), np.float32)}
    with tf.Session(engine=engine) as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.ResourceExhaustedError) as caught:
            session.run(change, feeds)
        assert caught.value.message.splitlines()[0] == (
            f"OOM when allocating tensor with shape{wanted} on {DEVICE} by allocator cpu"
        )
        assert caught.value.op is not None and caught.value.op.name == name
        assert f"[[node {name} (defined at {__file__}:" in caught.value.message
        assert session.run(v) == 1
        assert session.run(v.assign_add(1.0)) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_more_bytes_than_can_be_counted(engine: str) -> None:
    n = tf.placeholder(tf.int32, [3])
    y = tf.fill(n, 1.0)
    with tf.Session(engine=engine) as session:
        with pytest.raises(tf.errors.ResourceExhaustedError, match="^OOM when allocating tensor"):
            session.run(y, {n: [1 << 30, 1 << 30, 4]})
