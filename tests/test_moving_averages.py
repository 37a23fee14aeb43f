"""Exponential moving averages: their values, names, and what a checkpoint restores from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.train.moving_averages import assign_moving_average


def test_average_of_variable_and_of_tensor() -> None:
    v = tf.Variable([4.0, 8.0], name="v")
    t = tf.identity(v, name="t")
    ema = tf.train.ExponentialMovingAverage(0.75)
    apply = ema.apply([v, t])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(v.assign([0.0, 4.0]))
        sess.run(apply)
        # The variable's begins at its initial value, the tensor's at zero.
        assert sess.run(ema.average(v)).tolist() == [3.0, 7.0]
        assert sess.run(ema.average(t)).tolist() == [0.0, 1.0]
        sess.run(apply)
        assert sess.run(ema.average(v)).tolist() == [2.25, 6.25]
    assert ema.average_name(v) == "v/ExponentialMovingAverage"
    assert tf.moving_average_variables() == [v]
    assert ema.average(tf.constant(1.0)) is None


def test_debiased_average_of_a_constant_is_the_constant() -> None:
    t = tf.constant([2.0, -3.0])
    ema = tf.train.ExponentialMovingAverage(0.9, zero_debias=True)
    apply = ema.apply([t])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(apply)
            np.testing.assert_allclose(sess.run(ema.average(t)), [2.0, -3.0], rtol=1e-5)


def test_few_updates_make_the_decay_smaller() -> None:
    count = tf.placeholder(tf.int32, [])
    v = tf.Variable(0.0)
    ema = tf.train.ExponentialMovingAverage(0.99, num_updates=count)
    apply = ema.apply([v])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(v.assign(11.0))
        sess.run(apply, {count: 1})
        assert sess.run(ema.average(v)) == pytest.approx(11 * (1 - 2 / 11))


@pytest.mark.parametrize("use_resource", [False, True])
def test_averaged_weights_come_back_from_a_checkpoint(tmp_path: Path, use_resource: bool) -> None:
    def build() -> tuple[Any, Any, Any]:
        w = tf.get_variable("w", initializer=1.0, use_resource=use_resource)
        step = tf.train.get_or_create_global_step()
        return w, step, tf.train.ExponentialMovingAverage(0.5)

    with tf.Graph().as_default():
        w, step, ema = build()
        apply = ema.apply([w])
        saver = tf.train.Saver()
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            sess.run(w.assign(3.0))
            sess.run(apply)
            path = saver.save(sess, str(tmp_path / "model"))
    with tf.Graph().as_default():
        w, step, ema = build()
        names = ema.variables_to_restore()
        assert set(names) == {"w/ExponentialMovingAverage", "global_step"}
        with tf.Session() as sess:
            tf.train.Saver(names).restore(sess, path)
            assert sess.run(w) == 2.0


def test_wrong_dtype() -> None:
    ema = tf.train.ExponentialMovingAverage(0.5)
    whole = tf.Variable([1, 2], name="whole")
    with pytest.raises(TypeError, match="The variables must be half, float, or double: whole:0"):
        ema.apply([whole])
    assert tf.global_variables() == [whole]


def test_assign_moving_average_makes_its_variables_once_a_call() -> None:
    v = tf.get_variable("v", initializer=0.0)
    first = assign_moving_average(v, 4.0, 0.5)
    assign_moving_average(v, 4.0, 0.5)
    names = [x.op.name for x in tf.global_variables()]
    assert names == ["v", "v/biased", "v/local_step", "v/biased_1", "v/local_step_1"]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(first) == 4.0
        assert sess.run(first) == 4.0
