"""What stays behind after many runs, sessions and graphs: nothing that grows.

The environment variable SOAK_STEPS makes the longest of them longer: 20000 take a minute or two.
"""

from __future__ import annotations

import gc
import linecache
import os
import threading
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def trained_network() -> tuple[Any, Any, Any, Any]:
    """(inputs, labels, training step, loss) of a small network for batches of any size."""
    x = tf.placeholder(tf.float32, [None, 6], name="x")
    y = tf.placeholder(tf.int32, [None], name="y")
    w = tf.get_variable("w", [6, 5], initializer=tf.random_normal_initializer(seed=1))
    v = tf.get_variable("v", [5, 3], initializer=tf.random_normal_initializer(seed=2))
    logits = tf.matmul(tf.nn.relu(tf.matmul(x, w)), v)
    entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    loss = tf.reduce_mean(entropies)
    return x, y, tf.train.AdamOptimizer(0.01).minimize(loss), loss


def held_programs(session: Any) -> int:
    return len(session._programs._found)


def generated_sources() -> int:
    return sum(name.startswith("<tflite_edu program") for name in linecache.cache)


def grown(step: Callable[[int], None], warm_up: int, steps: int) -> int:
    """Bytes that Python and numpy hold after `steps` more steps and did not after `warm_up`."""
    for i in range(warm_up):
        step(i)
    tracemalloc.start()
    try:
        # The first traced steps renew what caches and free lists hold.
        for i in range(warm_up):
            step(i)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for i in range(warm_up, steps):
            step(i)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before


def test_changing_feed_shapes_leave_nothing_behind() -> None:
    x, y, train, loss = trained_network()
    random = np.random.RandomState(0)
    steps = int(os.environ.get("SOAK_STEPS", "2000"))
    most = 50 + steps // 10
    inputs, labels = random.randn(most, 6), random.randint(0, 3, most)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        def step(i: int) -> None:
            # Sizes come back, grow, and include the empty batch.
            rows = (i * 7) % 50 + i // 10
            session.run([train, loss], {x: inputs[:rows], y: labels[:rows]})

        assert grown(step, 200, steps) < 50_000
        assert held_programs(session) <= 256
        assert np.isfinite(session.run(loss, {x: inputs, y: labels}))


def test_a_session_holds_a_bounded_number_of_programs() -> None:
    """Each fetch and each set of feeds is a program of its own; the oldest go."""
    x = tf.placeholder(tf.float32, [2])
    tensors = [tf.multiply(x, float(i)) for i in range(300)]
    sources = generated_sources()
    with tf.Session() as session:
        for i, tensor in enumerate(tensors):
            np.testing.assert_array_equal(session.run(tensor, {x: [1.0, 2.0]}), [i, 2.0 * i])
        assert 1 <= held_programs(session) <= 256
        np.testing.assert_array_equal(session.run(tensors[0], {x: [1.0, 2.0]}), [0, 0])
        gc.collect()
        assert generated_sources() - sources <= 257
    gc.collect()
    assert generated_sources() <= sources


def test_a_growing_graph_drops_programs_that_no_longer_hold() -> None:
    x = tf.placeholder(tf.float32, [])
    y = x + 1.0
    with tf.Session() as session:
        for i in range(100):
            with tf.control_dependencies([y]):
                z = tf.identity(y) * float(i)
            assert session.run(z, {x: 1.0}) == 2.0 * i
            assert session.run(y, {x: 2.0}) == 3.0
        assert held_programs(session) <= 256


@pytest.mark.parametrize("engine", ["numpy", "reference"])
@pytest.mark.parametrize("use_resource", [False, True])
def test_a_closed_session_lets_go_of_its_arrays(engine: str, use_resource: bool) -> None:
    v = tf.get_variable("v", [1000], initializer=tf.zeros_initializer(), use_resource=use_resource)
    x = tf.placeholder(tf.float32, [1000])
    write = tf.assign(v, x * 2.0)
    session = tf.Session(engine=engine)
    session.run(v.initializer)
    session.run(write.op, {x: np.ones(1000, np.float32)})
    slots = list(session._resources._slots.values())
    assert [slot.value.sum() for slot in slots] == [2000.0]
    arrays = [weakref.ref(slot.value) for slot in slots]
    del slots
    session.close()
    gc.collect()
    assert [ref() for ref in arrays] == [None]
    with pytest.raises(RuntimeError, match="closed Session"):
        session.run(v)


def test_fed_and_fetched_arrays_are_not_kept() -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.exp(x)
    with tf.Session() as session:
        fed = np.ones(1000, np.float32)
        fetched = session.run(y, {x: fed})
        refs = [weakref.ref(fed), weakref.ref(fetched)]
        del fed, fetched
        gc.collect()
        assert [ref() for ref in refs] == [None, None]


def test_graphs_are_let_go_of_after_use() -> None:
    refs: list[weakref.ref[Any]] = []
    for _ in range(3):
        with tf.Graph().as_default() as graph:
            x, y, train, loss = trained_network()
            tf.summary.scalar("loss", loss)
            saver = tf.train.Saver()
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                session.run([train, loss], {x: np.ones((4, 6)), y: [0, 1, 2, 0]})
            refs += [weakref.ref(graph), weakref.ref(session), weakref.ref(loss.op)]
            del x, y, train, loss, saver, session
        del graph
    gc.collect()
    assert [ref() for ref in refs] == [None] * 9


def test_a_graph_after_a_failed_run_is_let_go_of() -> None:
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None])
        y = tf.reshape(x, [2, 2])
        with tf.Session() as session:
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(y, {x: [1.0, 2.0]})
    refs = [weakref.ref(graph), weakref.ref(session)]
    del graph, x, y, session
    gc.collect()
    assert [ref() for ref in refs] == [None, None]


def test_the_default_graph_is_let_go_of_when_it_is_reset() -> None:
    refs: list[weakref.ref[Any]] = []
    for _ in range(3):
        tf.reset_default_graph()
        trained_network()
        refs.append(weakref.ref(tf.get_default_graph()))
    tf.reset_default_graph()
    gc.collect()
    assert [ref() for ref in refs] == [None] * 3


def test_defining_graphs_again_and_again_leaves_nothing_behind() -> None:
    def step(i: int) -> None:
        del i
        with tf.Graph().as_default():
            x, y, train, loss = trained_network()
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                session.run([train, loss], {x: np.ones((4, 6)), y: [0, 1, 2, 0]})

    assert grown(step, 3, 12) < 30_000


def test_threads_end_with_what_they_work_for(tmp_path: Any) -> None:
    threads = set(threading.enumerate())
    x, y, train, loss = trained_network()
    feeds = {x: np.ones((4, 6)), y: [0, 1, 2, 0]}
    merged = tf.summary.merge([tf.summary.scalar("loss", loss), tf.summary.histogram("x", x)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with tf.summary.FileWriter(str(tmp_path), session.graph) as writer:
            workers = [
                threading.Thread(
                    target=lambda: [session.run([train, loss], feeds) for _ in range(20)]
                )
                for _ in range(3)
            ]
            for worker in workers:
                worker.start()
            for i in range(20):
                writer.add_summary(session.run(merged, feeds), i)
            for worker in workers:
                worker.join()
    for thread in set(threading.enumerate()) - threads:
        thread.join(timeout=5.0)
    assert set(threading.enumerate()) <= threads
