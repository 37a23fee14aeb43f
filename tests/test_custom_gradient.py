"""tf.custom_gradient."""

from __future__ import annotations

import gc
import warnings
import weakref
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


@tf.custom_gradient
def log1pexp(x: tf.Tensor) -> Any:
    """log(1 + e^x), whose gradient does not overflow."""
    e = tf.exp(x)
    return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))


def test_custom_gradient() -> None:
    x = tf.constant([1.0, 100.0])
    (gradient,) = tf.gradients(log1pexp(x), x)
    np.testing.assert_allclose(run(gradient), [1 / (1 + np.exp(-1.0)), 1.0], rtol=1e-6)
    assert log1pexp.__name__ == "log1pexp"
    node = tf.get_default_graph().get_operation_by_name("IdentityN")
    assert [t.name for t in node.inputs] == ["Log:0", "Const:0"]
    assert node.get_attr("_gradient_op_type").startswith(b"CustomGradient-")
    with pytest.raises(ValueError, match="supports keywords arguments only when eager"):
        log1pexp(x=x)


def test_custom_gradient_of_several() -> None:
    @tf.custom_gradient
    def pair(a: tf.Tensor, b: tf.Tensor) -> Any:
        return {"p": a * b, "s": [a + b]}, lambda dp, ds: (dp * 10.0, ds * 100.0)

    x = tf.constant(2.0)
    made = pair(x, 3.0)
    assert made.keys() == {"p", "s"}
    np.testing.assert_allclose(run([made["p"], made["s"][0]]), [6.0, 5.0])
    np.testing.assert_allclose(run(tf.gradients([made["p"], made["s"][0]], x)), [10.0])


def test_custom_gradient_with_variables() -> None:
    v = tf.Variable(2.0, name="v")
    seen = []

    @tf.custom_gradient
    def scaled(a: tf.Tensor) -> Any:
        def gradient(dy: tf.Tensor, variables: list[Any]) -> Any:
            seen.extend(variables)
            return dy * v, [dy * 7.0]

        return a * v, gradient

    x = tf.constant(3.0)
    np.testing.assert_allclose(run(tf.gradients(scaled(x), [x, v])), [2.0, 7.0])
    assert seen == [v]

    @tf.custom_gradient
    def forgetful(a: tf.Tensor) -> Any:
        return a * v, lambda dy: dy

    with pytest.raises(TypeError, match="grad_fn must accept a keyword argument 'variables'"):
        forgetful(x)

    @tf.custom_gradient
    def none_used(a: tf.Tensor) -> Any:
        return a * 2.0, lambda dy, variables: (dy, [])

    with pytest.raises(TypeError, match="must have use_resource=True"):
        none_used(x)
    with tf.variable_scope("s", use_resource=True), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        none_used(x)
    assert "no ResourceVariables were used" in str(caught[0].message)

    @tf.custom_gradient
    def makes_one(a: tf.Tensor) -> Any:
        return a * tf.get_variable("made", initializer=1.0), lambda dy: dy

    with pytest.raises(TypeError, match="must be `ResourceVariable`s"):
        makes_one(x)


def test_custom_gradients_go_with_their_graph() -> None:
    graph = tf.Graph()
    with graph.as_default():
        log1pexp(tf.constant(1.0))
    gone = weakref.ref(graph)
    del graph
    gc.collect()
    assert gone() is None
