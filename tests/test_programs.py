"""Programs as pages, before and after each pass, and the source that runs: recorded texts."""

from __future__ import annotations

import numpy as np
import pytest
from golden import record_programs

import tflite_edu as tf
from tflite_edu.plan.planner import plan


@pytest.mark.parametrize("name", record_programs.PROGRAMS)
def test_a_program_is_compiled_as_recorded(name: str) -> None:
    recorded = (record_programs.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    # A difference that is meant is recorded by tests/golden/record_programs.py.
    assert record_programs.page(name) == recorded


def test_a_page_tells_inputs_variables_effects_and_outputs() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    v = tf.Variable([1.0, 2.0], name="v")
    noisy = tf.add(x * v, tf.random_normal([2], seed=1), name="noisy")
    with tf.control_dependencies([tf.Print(noisy, [noisy], name="shown")]):
        write = v.assign(noisy)
    program = plan([noisy], [write.op], [x])
    assert [value.name for value in program.slots] == ["v:0"]
    effects = {step.operation.name: step.definition.effect for step in program.effects}
    assert effects == {
        "v": "variable",
        "random_normal/RandomStandardNormal": "random",
        "shown": "print",
        "Assign": "variable",
    }
    page = str(program).splitlines()
    assert page[0] == "inputs     x: float32[?]"
    assert page[1] == "variables  v: float32[2]"
    assert page[-1] == "outputs    noisy"
    assert "    Assign: variable v = Assign(v, noisy, use_locking=False)  ! variable" in page


def test_algebra_keeps_every_number() -> None:
    fetches, fed = record_programs.algebra()
    given = {t: np.linspace(0.3, 2.0, 6, dtype=np.float32).reshape(s) for t, s in fed.items()}
    values = []
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            values.append(session.run(fetches, given))
    for one, other in zip(*values, strict=True):
        np.testing.assert_allclose(one, other, rtol=3e-7)


@pytest.mark.parametrize("divisor", [4.0, -0.5, 3.0, 2.0**127, 1e-45, 0.0, np.inf])
def test_division_by_a_constant_keeps_every_bit(divisor: float) -> None:
    x = tf.placeholder(tf.float32, [6])
    y = x / np.float32(divisor)
    given = np.array([0.0, -0.0, 1.1, -3e38, 1e-40, np.inf], np.float32)
    with tf.Session() as session, np.errstate(all="ignore"):
        np.testing.assert_array_equal(session.run(y, {x: given}), given / np.float32(divisor))


def test_a_variable_read_before_and_after_a_write_is_not_taken_for_one() -> None:
    v = tf.Variable([[1.0, 2.0]], name="v")
    turned = tf.transpose(v)
    with tf.control_dependencies([turned, v.assign([[3.0, 4.0]])]):
        back = tf.transpose(turned)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(back).tolist() == [[1.0, 2.0]]
