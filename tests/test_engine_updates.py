"""Updates in place: equal to the plain rules, unseen by whoever holds an earlier value."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import tracemalloc
import weakref
from collections.abc import Callable, Iterator

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.core.op import resolve
from tflite_edu.engines import threads, updates
from tflite_edu.runtime.resources import VariableSlot

OPTIMIZERS: dict[str, Callable[[], tf.train.Optimizer]] = {
    "GradientDescent": lambda: tf.train.GradientDescentOptimizer(0.1),
    "Momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "Nesterov": lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "Adam": lambda: tf.train.AdamOptimizer(0.01),
    "Adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "RMSProp": lambda: tf.train.RMSPropOptimizer(0.01, momentum=0.5),
    "CenteredRMSProp": lambda: tf.train.RMSPropOptimizer(0.01, momentum=0.5, centered=True),
}

SIZES = (1, 4095, 4097, 100_003, 300_001)


@pytest.fixture(params=(1, 3))
def thread_count(request: pytest.FixtureRequest) -> Iterator[int]:
    threads.set_threads(request.param)
    yield request.param
    threads.set_threads(0)


def _trained(engine: str, fetch: tf.Tensor, step: tf.Operation, gradients: list) -> list:
    """What the variables hold after each of several steps."""
    placeholder = tf.get_default_graph().get_tensor_by_name("gradient:0")
    held = []
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        for gradient in gradients:
            session.run(step, {placeholder: gradient})
            held.append(session.run(fetch))
    return held


def _assert_same(results: list, others: list) -> None:
    for arrays, expected in zip(results, others, strict=True):
        for array, other in zip(arrays, expected, strict=True):
            np.testing.assert_array_equal(array, other, strict=True)


@pytest.mark.parametrize("use_resource", (False, True))
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_dense_steps_equal_the_plain_rules(
    optimizer: str, use_resource: bool, thread_count: int
) -> None:
    random = np.random.default_rng(1)
    shapes = [(size,) for size in SIZES] + [(250, 300)]
    variables = [
        tf.get_variable(
            f"v{i}", initializer=random.normal(size=s).astype("f"), use_resource=use_resource
        )
        for i, s in enumerate(shapes)
    ]
    scale = tf.placeholder(tf.float32, name="gradient")
    step = OPTIMIZERS[optimizer]().apply_gradients(
        [
            (tf.constant(random.normal(size=s).astype("f")) * scale, v)
            for s, v in zip(shapes, variables, strict=True)
        ]
    )
    scales = [1.0, -0.5, 0.25]
    results, expected = (
        _trained(engine, tf.global_variables(), step, scales) for engine in ("numpy", "reference")
    )
    _assert_same(results, expected)
    assert not np.array_equal(results[0][-1], results[1][-1])


@pytest.mark.parametrize("dtype", (tf.float16, tf.float32, tf.float64))
@pytest.mark.parametrize("nesterov", (False, True))
def test_types_are_kept(dtype: tf.DType, nesterov: bool) -> None:
    random = np.random.default_rng(2)
    places = [
        tf.Variable(random.uniform(0.1, 1, 70_000).astype(dtype.as_numpy_dtype)) for _ in range(3)
    ]
    gradient = tf.placeholder(dtype, [70_000], name="gradient")
    numbers = [tf.constant(x, dtype) for x in (0.9, 0.99, 0.01, 0.9, 0.99, 1e-3)]
    step = raw.ApplyAdam(
        *(place._ref() for place in places), *numbers, gradient, use_nesterov=nesterov
    ).op
    gradients = [random.normal(size=70_000).astype(dtype.as_numpy_dtype) for _ in range(3)]
    results, expected = (
        _trained(engine, places, step, gradients) for engine in ("numpy", "reference")
    )
    _assert_same(results, expected)


def test_adagrad_may_leave_its_accumulator() -> None:
    var = tf.Variable(np.ones(70_000, "f"))
    accumulator = tf.Variable(np.full(70_000, 4, "f"))
    gradient = tf.placeholder(tf.float32, [70_000], name="gradient")
    step = raw.ApplyAdagrad(
        var._ref(), accumulator._ref(), tf.constant(0.5), gradient, update_slots=False
    ).op
    [[value, held]] = _trained("numpy", [var, accumulator], step, [np.ones(70_000, "f")])
    assert (value == 0.75).all() and (held == 4).all()


@pytest.mark.parametrize("use_resource", (False, True))
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_sparse_steps_equal_the_plain_rules(optimizer: str, use_resource: bool) -> None:
    random = np.random.default_rng(3)
    tables = [
        tf.get_variable(
            f"table{i}",
            initializer=random.normal(size=shape).astype("f"),
            use_resource=use_resource,
        )
        for i, shape in enumerate(((300, 8), (300,)))
    ]
    indices = tf.placeholder(tf.int32, [None], name="gradient")
    loss = sum(tf.reduce_sum(tf.square(tf.gather(table, indices))) for table in tables)
    step = OPTIMIZERS[optimizer]().minimize(loss)
    # No index twice, some twice, all the same, none at all.
    batches = [np.arange(5, 25), np.r_[3, 7, 3, 299, 7, 3, np.arange(40)], np.full(40, 11), []]
    results, expected = (
        _trained(engine, tf.global_variables(), step, batches) for engine in ("numpy", "reference")
    )
    _assert_same(results, expected)


@pytest.mark.parametrize("kind", ("update", "add", "sub", "mul", "div", "min", "max"))
@pytest.mark.parametrize("use_resource", (False, True))
def test_scatters_equal_the_plain_ones(kind: str, use_resource: bool) -> None:
    random = np.random.default_rng(4)
    table = tf.get_variable(
        "table", initializer=random.normal(size=(50, 3)).astype("f"), use_resource=use_resource
    )
    scatter = getattr(tf, f"scatter_{kind}")
    rows = [[1, 4, 4, 49], [0, 2, 3, 1]]
    changes = [
        scatter(table, rows, random.normal(size=(2, 4, 3)).astype("f")).op,
        scatter(table, tf.zeros([0], tf.int32), tf.zeros([0, 3])).op,
        scatter(table, 7, tf.ones([3])).op,
        scatter(table, [4, 4, 9], 0.5).op,
        scatter(table, random.integers(0, 50, 90), random.normal(size=(90, 3)).astype("f")).op,
        scatter(table, [8] * 30, random.normal(size=(30, 3)).astype("f")).op,
    ]
    held = []
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            session.run(table.initializer)
            held.append([(session.run(change), session.run(table))[1:] for change in changes])
    _assert_same(*held)


@pytest.mark.parametrize("use_resource", (False, True))
def test_a_scatter_that_fails_changes_nothing(use_resource: bool) -> None:
    table = tf.get_variable("table", initializer=np.ones((4, 2), "f"), use_resource=use_resource)
    rows = tf.placeholder(tf.int32, [None])
    gradient = tf.IndexedSlices(tf.ones([2, 2]), rows, tf.constant([4, 2]))
    steps = [
        tf.scatter_add(table, rows, tf.ones([2, 2])).op,
        tf.train.MomentumOptimizer(0.1, 0.9).apply_gradients([(gradient, table)]),
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in steps:
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(step, {rows: [0, 4]})
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(step, {rows: [0, -1]})
        for held in session.run(tf.global_variables()):
            assert (held == held.flat[0]).all()
        assert (session.run(table) == 1).all()


def test_a_sweep_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    variable = tf.Variable(np.ones(70_000, "f"))
    step = tf.train.MomentumOptimizer(1.0, 0.9).minimize(tf.reduce_sum(variable))

    def fail(*_: object) -> None:
        raise MemoryError

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with monkeypatch.context() as patch:
            patch.setattr(updates, "run_blocks", fail)
            with pytest.raises((MemoryError, tf.errors.ResourceExhaustedError)):
                session.run(step)
        assert (session.run(variable) == 1).all()
        session.run(step)
        assert (session.run(variable) == 0).all()


@pytest.mark.parametrize("use_resource", (False, True))
def test_fetched_values_stay_as_they_are(use_resource: bool) -> None:
    variable = tf.get_variable("v", initializer=np.zeros(80_000, "f"), use_resource=use_resource)
    read = variable.read_value()
    view = tf.reshape(variable, [80, 1000])
    gradient = tf.gradients(tf.reduce_sum(variable), [variable])
    optimizer = tf.train.GradientDescentOptimizer(-1.0)
    step = optimizer.apply_gradients(zip(gradient, [variable], strict=True))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        fetched = []
        for _ in range(4):
            fetched.append(session.run([read, view, variable]))
            session.run([step, variable])
    for i, arrays in enumerate(fetched):
        assert [(a.min(), a.max()) for a in arrays] == [(i, i)] * 3


def _slot(value: np.ndarray) -> VariableSlot:
    slot = VariableSlot("v")
    slot.write(value)
    return slot


class _Host:
    np = np


def _descend(slot: VariableSlot) -> None:
    definition = resolve("ApplyGradientDescent").of((tf.float32, False))
    size = slot.read().shape
    updates.update(definition, _Host(), slot, np.float32(-1), np.ones(size, "f"))


def test_an_array_that_someone_holds_is_not_written_to() -> None:
    slot = _slot(np.zeros(70_000, "f"))
    _descend(slot)
    place = id(slot.read())
    _descend(slot)
    # Nobody else held the array: it was updated in place, with no spare.
    assert id(slot.read()) == place and slot.spare is None
    held = slot.read()
    _descend(slot)
    assert (held == 2).all() and (slot.read() == 3).all() and slot.spare is held
    view = slot.read()[10:20]
    _descend(slot)
    assert (held == 2).all() and (view == 3).all() and (slot.read() == 4).all()
    place = id(slot.spare)
    del held, view
    kept = slot.read()
    _descend(slot)
    # The new value went into the spare array, which nobody held any more.
    assert id(slot.read()) == place and (kept == 4).all() and (slot.read() == 5).all()


@pytest.mark.parametrize("rows", ((40, 7), (40,)))
def test_rows_are_written_in_place_where_nobody_holds_the_array(rows: tuple[int, ...]) -> None:
    definition = resolve("ScatterAdd").of((tf.float32, tf.int32, False))
    slot = _slot(np.zeros(rows, "f"))
    indices, ones = np.array([3, 5, 3], "i"), np.ones((3, *rows[1:]), "f")
    place = id(slot.read())
    updates.scatter(definition, _Host(), slot, indices, ones)
    assert id(slot.read()) == place and (slot.read()[[3, 5]].T == [2, 1]).all()
    held = slot.read()
    updates.scatter(definition, _Host(), slot, indices, ones)
    assert (held[[3, 5]].T == [2, 1]).all() and (slot.read()[[3, 5]].T == [4, 2]).all()


@pytest.mark.parametrize("use_resource", (False, True))
@pytest.mark.parametrize("size", (7, 70_000))
def test_sums_in_place_equal_the_plain_ones(size: int, use_resource: bool) -> None:
    start = np.random.RandomState(0).randn(size).astype("f")
    v = tf.get_variable("v", initializer=start, use_resource=use_resource)
    steps = [tf.assign_add(v, start * 3).op, tf.assign_sub(v, start).op, tf.assign_add(v, v).op]
    found = []
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            session.run(v.initializer)
            arrays = []
            for step in steps:
                session.run(step)
                arrays += session.run([v, v * 1.0])
                session.run(step)
            found.append([*arrays, session.run(v)])
    _assert_same(*found)


def test_a_sum_is_written_in_place_where_nobody_holds_the_array() -> None:
    definition = resolve("AssignAdd").of((tf.float32, False))
    slot, ones = _slot(np.zeros(70_000, "f")), np.ones(70_000, "f")
    place = id(slot.read())
    updates.assign_sum(definition, _Host(), slot, ones)
    assert id(slot.read()) == place and (slot.read() == 1).all()
    held = slot.read()
    updates.assign_sum(definition, _Host(), slot, held)
    assert (held == 1).all() and (slot.read() == 2).all()
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be the same size"):
        updates.assign_sum(definition, _Host(), slot, np.ones(70_001, "f"))
    assert (slot.read() == 2).all()


def test_arrays_that_do_not_lie_alike_take_the_plain_rule() -> None:
    slot = _slot(np.asfortranarray(np.zeros((250, 300), "f")))
    _descend(slot)
    assert (slot.read() == 1).all()
    definition = resolve("ApplyMomentum").of((tf.float32, False, False))
    one = np.float32(1)
    updates.update(definition, _Host(), slot, slot, one, np.ones((250, 300), "f"), one)
    # One variable in both places: the last of the rule's results stays.
    assert (slot.read() == 2).all()


def test_readers_see_whole_values_while_another_thread_trains(thread_count: int) -> None:
    shape = (400, 300)
    dense, table = tf.Variable(np.zeros(shape, "f")), tf.Variable(np.zeros((60, 50), "f"))
    total = tf.reduce_sum(dense)
    optimizer = tf.train.AdamOptimizer(1.0)
    every = np.arange(60, dtype="i")
    step = tf.group(optimizer.minimize(total), tf.scatter_add(table, every, np.ones((60, 50), "f")))
    read = [tf.identity(dense) * 1, dense, tf.identity(table) * 1, table]
    done = threading.Event()
    torn: list[str] = []
    seen: set[float] = set()

    def look() -> None:
        while not done.is_set():
            for array in session.run(read):
                if array.min() != array.max():
                    torn.append(f"{array.min()} {array.max()}")
                seen.add(float(array.flat[0]))

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        readers = [threading.Thread(target=look) for _ in range(2)]
        for reader in readers:
            reader.start()
        for _ in range(60):
            session.run(step)
        done.set()
        for reader in readers:
            reader.join()
        assert (session.run(table) == 60).all()
    assert not torn and len(seen) > 1


def test_memory_does_not_grow() -> None:
    variable = tf.Variable(np.zeros(70_000, "f"))
    table = tf.Variable(np.zeros((700, 100), "f"))
    loss = tf.reduce_sum(variable * variable) + tf.reduce_sum(tf.gather(table, [1, 2, 2]))
    step = tf.train.AdamOptimizer(0.1).minimize(loss)

    def held_after(steps: int) -> int:
        for _ in range(steps):
            session.run([step, variable])
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        # Each thread of the pool keeps working memory from its first block on.
        threads.set_threads(1)
        tracemalloc.start()
        try:
            before = held_after(5)
            after = held_after(200)
        finally:
            tracemalloc.stop()
            threads.set_threads(0)
    assert after - before < 20_000


def test_a_closed_session_lets_go_of_arrays() -> None:
    variable = tf.Variable(tf.zeros([70_000]))
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum(variable))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        slots = [session._programs.host(v.op).slot(v.op.name) for v in tf.global_variables()]
        kept = [slot.read() for slot in slots]
        session.run(step)
        arrays = [weakref.ref(array) for slot in slots for array in (slot.read(), slot.spare)]
        assert len(arrays) == 4
        del kept, slots
    gc.collect()
    assert [array() for array in arrays] == [None] * 4


@pytest.mark.parametrize("size", (0, 1, 64, 999, 1000, 1001, 4096, 100_003))
def test_blocks_cover_everything_once(size: int, thread_count: int) -> None:
    ranges = threads.split(size, 1024)
    assert [i for start, stop in ranges for i in (start, stop)][1:-1] == [
        i for start, _ in ranges[1:] for i in (start, start)
    ]
    assert all(0 < stop - start <= 1024 for start, stop in ranges)
    assert size < 4096 or all(start % 64 == 0 for start, _ in ranges)
    counts = np.zeros(size, int)

    def count(start: int, stop: int) -> None:
        counts[start:stop] += 1

    threads.run_blocks(count, size, 1024)
    assert (counts == 1).all()


def test_blocks_run_in_threads_under_the_callers_errstate() -> None:
    threads.set_threads(2)
    met = threading.Barrier(2)
    zeros, names = np.zeros(2048), set()

    def meet(start: int, stop: int) -> None:
        names.add(threading.current_thread().name)
        met.wait(10)
        zeros[start:stop] /= zeros[start:stop]

    try:
        with np.errstate(all="ignore"):
            threads.run_blocks(meet, 2048, 1024)
    finally:
        threads.set_threads(0)
    assert len(names) == 2 and np.isnan(zeros).all()


def test_an_error_in_a_block_is_raised_when_no_thread_works_any_more(thread_count: int) -> None:
    running: list[int] = []

    def fail(start: int, stop: int) -> None:
        running.append(start)
        try:
            if start >= 2048:
                raise ArithmeticError(start)
        finally:
            running.remove(start)

    with pytest.raises(ArithmeticError):
        threads.run_blocks(fail, 1 << 20, 1024)
    assert not running


def test_the_number_of_threads_is_checked() -> None:
    with pytest.raises(ValueError, match="negative"):
        threads.set_threads(-1)
    threads.set_threads(5)
    assert threads.thread_count() == 5
    threads.set_threads(0)
    assert threads.thread_count() >= 1


_FORKS = """
import os, threading
import numpy as np
from tflite_edu.engines import threads

threads.set_threads(3)

def doubled():
    array = np.ones(1 << 16)
    def double(start, stop):
        array[start:stop] *= 2
    threads.run_blocks(double, array.size, 1 << 10)
    return bool((array == 2).all())

assert doubled()
if hasattr(os, "fork"):
    child = os.fork()
    if not child:
        os._exit(0 if doubled() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert doubled()
print("ended")
"""


def test_the_pool_survives_a_fork_and_lets_the_interpreter_end() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", _FORKS],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "ended\n"), done.stderr
