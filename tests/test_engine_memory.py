"""Memory: where programs put large results, what they keep between runs, what variables share."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tflite_edu as tf
from tflite_edu.engines import memory, pool
from tflite_edu.runtime import unused_memory


@pytest.fixture
def all_shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Has every result of two dimensions put into memory that programs share."""
    monkeypatch.setattr(memory, "WORTH_KEEPING_BYTES", 1)
    monkeypatch.setattr(pool, "SHARED_FROM_BYTES", 1)
    gc.collect()
    pool._idle.clear()
    yield
    pool._idle.clear()


def slot(session: Any, name: str) -> Any:
    return session._resources.slot(name)


def placed(size: int) -> pool.Pool:
    return pool.Pool([pool.Place(0, (size,), np.dtype("uint8"))], size)


def row(columns: int) -> tuple[Any, Any]:
    """Something fed, and what is computed of it through results of several shapes."""
    x = tf.placeholder(tf.float32, [columns, 3])
    y = tf.matmul(tf.exp(x) * 2.0, tf.sin(x), transpose_b=True)
    return x, tf.reduce_sum(tf.matmul(y, x) + 1.0)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5))))
def test_planned_places_never_overlap(events: list[tuple[int, int]]) -> None:
    space = memory._Space()
    held: list[tuple[int, int]] = []
    most = 0
    for size, released in events:
        start = space.take(64 * size)
        assert all(stop <= start or start + 64 * size <= begin for begin, stop in held)
        assert start % 64 == 0 and start + 64 * size <= space.size
        held.append((start, start + 64 * size))
        most = max(most, sum(stop - begin for begin, stop in held))
        if released < len(held):
            space.give(*held.pop(released))
    for begin, stop in held:
        space.give(begin, stop)
    assert space.size >= most
    # All of it is one gap again.
    assert space._free == ([(0, space.size)] if events else [])


@pytest.mark.usefixtures("all_shared")
def test_results_of_different_shapes_share_a_place() -> None:
    x = tf.placeholder(tf.float32, [8, 4])
    h = x
    for columns in (16, 8, 16, 4, 16):
        h = tf.matmul(h, tf.ones([h.shape[1], columns]) * 0.1)
    with tf.Session() as session:
        fed = np.ones([8, 4], np.float32)
        result = session.run(tf.reduce_sum(h), {x: fed})
        (program,) = (p for p in session._programs._found.values())
        found = program._function.__globals__["memory"]
    # One result and the one before it, in turn.
    assert found._size == 8 * (16 + 8) * 4 and len(found._places) > 2
    with tf.Session(engine="reference") as session:
        np.testing.assert_allclose(session.run(tf.reduce_sum(h), {x: fed}), result, rtol=1e-6)


@pytest.mark.usefixtures("all_shared")
def test_a_program_that_runs_once_leaves_nothing_behind() -> None:
    x, total = row(5)
    fed = {x: np.ones([5, 3], np.float32)}
    with tf.Session() as session:
        first = session.run(total, fed)
        assert not pool._idle
        for _ in range(2):
            assert session.run(total, fed) == first
        (block,) = pool._idle
        session.run(total, fed)
        assert pool._idle == [block]
    del block
    gc.collect()
    assert not pool._idle


@pytest.mark.usefixtures("all_shared")
def test_programs_that_take_turns_share_memory() -> None:
    small, large = row(5), row(50)
    with tf.Session() as one, tf.Session() as other:
        values = []
        for _ in range(4):
            for session, (x, total) in ((one, small), (other, large)):
                fed = np.linspace(-1, 1, 3 * x.shape[0].value, dtype=np.float32).reshape(-1, 3)
                values.append(session.run(total, {x: fed}))
        assert len(pool._idle) == 1
    assert values == values[:2] * 4


def test_the_same_arrays_come_back() -> None:
    gc.collect()
    pool._idle.clear()
    large, other = placed(pool.SHARED_FROM_BYTES), placed(2 * pool.SHARED_FROM_BYTES)
    small = placed(pool.SHARED_FROM_BYTES - 1)
    for one in (large, other, small):
        one.give(one.take())
    seen = []
    for one in (small, other, large, small, other, large):
        arrays = one.take()
        assert arrays[0].ctypes.data % pool.ALIGNMENT == 0 and arrays[0].flags.writeable
        seen.append(arrays[0])
        one.give(arrays)
    assert all(a is b for a, b in zip(seen[:3], seen[3:], strict=True))
    assert np.shares_memory(seen[1], seen[2]) and not np.shares_memory(seen[0], seen[1])


def test_runs_at_once_have_arrays_of_their_own() -> None:
    one, other = placed(pool.SHARED_FROM_BYTES), placed(pool.SHARED_FROM_BYTES)
    sets = [p.take() for p in (one, other, one)]
    for i, arrays in enumerate(sets):
        arrays[0][:] = i
    assert all((arrays[0] == i).all() for i, arrays in enumerate(sets))


def test_threads_that_take_memory_never_share_it() -> None:
    pools = [placed(pool.SHARED_FROM_BYTES + 4096 * i) for i in range(4)]
    wrong: list[int] = []

    def work(number: int) -> None:
        for i in range(300):
            mine = pools[(number + i) % 4]
            arrays = mine.take()
            arrays[0][:4] = number
            if i % 7:
                arrays[0][:4] += 1
            if not (arrays[0][:4] == number + bool(i % 7)).all():
                wrong.append(number)
            mine.give(arrays)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(pool._idle) <= 4


@pytest.mark.usefixtures("all_shared")
def test_what_is_fetched_is_copied_before_another_run_may_overwrite_it() -> None:
    x = tf.placeholder(tf.float32, [4, 4])
    y = tf.exp(x) + 1.0
    part, total = tf.reshape(y, [-1]), tf.reduce_sum(tf.square(y))
    with tf.Session() as session:
        source = session.compilation([part, total], {x: np.ones([4, 4])}).source
        assert source.index("results = (") < source.index("memory.give(")
        assert "results" not in session.compilation([total], {x: np.ones([4, 4])}).source


@pytest.mark.usefixtures("all_shared")
def test_a_run_that_fails_spoils_nothing() -> None:
    x = tf.placeholder(tf.float32, [4, 4])
    y = tf.exp(x) * 2.0
    checked = tf.matmul(tf.check_numerics(y, "not finite"), y)
    with tf.Session() as session:
        fed = np.eye(4, dtype=np.float32)
        expected = session.run(checked, {x: fed})
        for _ in range(3):
            with pytest.raises(tf.errors.InvalidArgumentError, match="not finite"):
                session.run(checked, {x: np.full([4, 4], np.inf, np.float32)})
            np.testing.assert_array_equal(session.run(checked, {x: fed}), expected)


@pytest.mark.parametrize("use_resource", [False, True])
def test_a_variable_takes_its_initial_value_without_a_copy(use_resource: bool) -> None:
    initial = np.arange(100_000, dtype=np.float32)
    with tf.variable_scope("", use_resource=use_resource):
        first = tf.get_variable("first", initializer=initial)
        second = tf.get_variable("second", [100_000], initializer=tf.ones_initializer())
        third = tf.get_variable("third", [100_000], initializer=tf.ones_initializer())
    step = [tf.assign_sub(v, v * 0.5) for v in (first, second)]
    with tf.Session() as session:
        tracemalloc.start()
        session.run(tf.global_variables_initializer())
        taken = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        # What two of them share, and not three arrays.
        assert taken < 1.5 * initial.nbytes
        assert slot(session, "second").value is slot(session, "third").value
        for factor in (0.5, 0.25):
            session.run(step)
            np.testing.assert_array_equal(session.run(first), initial * np.float32(factor))
            assert (session.run(second) == factor).all() and (session.run(third) == 1.0).all()
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(first), initial)
        assert (session.run(second) == 1.0).all()


def test_a_random_initial_value_is_one_array() -> None:
    v = tf.get_variable("v", [500, 500], initializer=tf.random_uniform_initializer(seed=1))
    half = v.assign(v * 0.5)
    with tf.Session() as session:
        session.run(v.initializer)
        before, place = session.run(v), slot(session, "v")
        assert place.value.flags.owndata
        session.run(half)
        np.testing.assert_array_equal(session.run(v), before * np.float32(0.5))
        # Nobody else holds what was assigned, so it can be updated in place.
        array = place.take()
        assert array is not None
        place.write(array)


@pytest.mark.parametrize("engine", ["numpy", "reference"])
def test_nobody_but_the_variable_has_what_was_assigned(engine: str) -> None:
    """What is fed, fetched or handed to a function is still written to by others."""
    size = 10_000
    x = tf.placeholder(tf.float32, [size])
    v = tf.get_variable("v", [size], initializer=tf.zeros_initializer())
    w = tf.get_variable("w", [size], initializer=tf.zeros_initializer(), use_resource=True)
    held: list[Any] = []

    def hold(array: Any) -> Any:
        held.append(array)
        return np.float32(0.0)

    y = x + 1.0
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())

        def check(fetches: Any, wanted: float) -> None:
            fed = np.ones(size, np.float32)
            found = session.run([*fetches, v.assign(fetches[0]).op], {x: fed})
            for array in (fed, *found[:-1], *held):
                if isinstance(array, np.ndarray):
                    array[...] = -1.0
            assert (session.run(v) == wanted).all()

        check([x], 1.0)
        check([y], 2.0)
        check([y, tf.reshape(y, [100, 100])], 2.0)
        check([tf.reshape(y, [size])], 2.0)
        for place in (v, w):
            fed = np.full(size, 3.0, np.float32)
            write = place.assign(tf.square(x))
            shown = tf.py_func(hold, [tf.square(x)], tf.float32)
            session.run([write.op, shown], {x: fed})
            held[-1][...] = -1.0
            fed[...] = -1.0
            assert (session.run(place) == 9.0).all()


@pytest.mark.parametrize("engine", ["numpy", "reference"])
def test_one_result_in_two_variables(engine: str) -> None:
    x = tf.placeholder(tf.float32, [10_000])
    a = tf.get_variable("a", [10_000], initializer=tf.zeros_initializer())
    b = tf.get_variable("b", [10_000], initializer=tf.zeros_initializer(), use_resource=True)
    y = tf.exp(x)
    both = [a.assign(y).op, b.assign(y).op]
    scaled = [a.assign_add(y), tf.scatter_update(b, [3], [7.0])]
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        fed = {x: np.zeros(10_000, np.float32)}
        for _ in range(3):
            session.run(both, fed)
            assert (session.run(a) == 1.0).all() and (session.run(b) == 1.0).all()
            session.run(scaled, fed)
            assert (session.run(a) == 2.0).all()
            assert session.run(b)[3] == 7.0 and session.run(b).sum() == 9_999 + 7


def test_restoring_into_variables_that_share_an_array(tmp_path: Path) -> None:
    names = [f"v{i}" for i in range(4)]
    variables = [tf.get_variable(n, [300, 100], initializer=tf.ones_initializer()) for n in names]
    change = [v.assign(v * float(i)) for i, v in enumerate(variables)]
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(change)
        saver.save(session, str(tmp_path / "model"))
        for _ in range(2):
            session.run(tf.global_variables_initializer())
            assert len({id(slot(session, n).value) for n in names}) == 1
            tracemalloc.start()
            saver.restore(session, str(tmp_path / "model"))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            for i, v in enumerate(variables):
                assert (session.run(v) == float(i)).all()
            # Three new arrays and one that was there; a fourth has been asked for, unused.
            assert peak < 4.5 * 300 * 100 * 4 + 100_000


def test_only_large_programs_have_free_memory_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(unused_memory, "_trim", calls.append)
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(x * 2.0)
    names = tf.placeholder(tf.string, [None])
    with tf.Session() as session:
        for size, count in ((10, 0), (1 << 20, 1), (1 << 20, 1), (20, 1), (1 << 21, 2)):
            assert session.run(y, {x: np.ones(size, np.float32)}) == 2.0 * size
            assert len(calls) == count
        session.run(tf.identity(names), {names: [b"a", b"b"]})
    assert calls == [0, 0]
    monkeypatch.setattr(unused_memory, "_trim", None)
    with tf.Session() as session:
        assert session.run(y, {x: np.ones(1 << 20, np.float32)}) == 2.0 * (1 << 20)
