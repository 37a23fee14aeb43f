"""tf.Assert, tf.check_numerics and the tf.assert_* family."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES

import tflite_edu as tf


def first_line(error: pytest.ExceptionInfo[Any]) -> str:
    return str(error.value).splitlines()[0]


def test_assert_of_strings_and_integers_is_one_node() -> None:
    condition = tf.placeholder(tf.bool, [], name="condition")
    node = tf.Assert(condition, ["text", tf.constant(3)], name="check")
    assert (node.type, node.name) == ("Assert", "check/Assert")
    assert node.get_attr("summarize") == 3


@pytest.mark.parametrize("engine", ENGINES)
def test_assert_of_other_data_is_guarded(
    engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    condition = tf.reduce_all(x < 10.0, name="all")
    node = tf.Assert(condition, ["too large", x], summarize=2)
    assert (node.type, node.name) == ("Merge", "Assert/AssertGuard/Merge")
    graph = tf.get_default_graph()
    inner = graph.get_operation_by_name("Assert/AssertGuard/Assert")
    assert [t.name for t in inner.inputs] == [
        "Assert/AssertGuard/Assert/Switch:0",
        "Assert/AssertGuard/Assert/data_0:0",
        "Assert/AssertGuard/Assert/Switch_1:0",
    ]
    assert inner.inputs[2].op.get_attr("_class") == [b"loc:@x"]
    text = inner.inputs[1].op
    assert [c.name for c in text.control_inputs] == ["Assert/AssertGuard/switch_f"]
    with tf.control_dependencies([node]):
        y = tf.identity(x)
    with engine_session(engine) as session:
        assert session.run(y, {x: [1.0]}) == 1.0
        with pytest.raises(tf.errors.InvalidArgumentError) as raised:
            session.run(y, {x: [1.0, 20.0, 30.0]})
        assert first_line(raised) == "assertion failed: [too large] [1 20...]"


def test_a_tensor_that_is_looked_at_twice_comes_through_one_switch() -> None:
    x = tf.constant(1.0, name="x")
    condition = tf.constant(True, name="condition")
    tf.Assert(condition, [x, x, condition])
    inner = tf.get_default_graph().get_operation_by_name("Assert/AssertGuard/Assert")
    names = [t.op.name.rpartition("/")[2] for t in inner.inputs]
    assert names == ["Switch", "Switch_1", "Switch_1", "Switch"]


def test_assert_on_a_resource_variable_reads_it_on_the_branch() -> None:
    v = tf.Variable([1.0, 2.0], use_resource=True, name="v")
    node = tf.Assert(tf.constant(False), [v])
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[1 2\]"):
            session.run(node)


def test_assert_refuses() -> None:
    x = tf.constant([1.0])
    with pytest.raises(TypeError, match="Expected list for 'data' argument to 'Assert' Op"):
        tf.Assert(True, "data")
    with pytest.raises(ValueError, match="list of length 0 less than minimum 1"):
        tf.Assert(True, [])
    with pytest.raises(TypeError, match="Input 'pred' of 'Switch' Op has type float32"):
        tf.Assert(x, [x])


@pytest.mark.parametrize(
    ("value", "found"),
    [([np.nan], "NaN"), ([np.inf, 1.0], "Inf"), ([-np.inf, np.nan], "Inf and NaN")],
)
def test_check_numerics(value: list[float], found: str) -> None:
    x = tf.placeholder(tf.float32, [None])
    checked = tf.check_numerics(x, "not finite")
    verified = tf.verify_tensor_all_finite(x, "verified")
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(checked, {x: [1.0, 2.0]}), [1.0, 2.0])
        for tensor, message in ((checked, "not finite"), (verified, "verified")):
            with pytest.raises(tf.errors.InvalidArgumentError) as raised:
                session.run(tensor, {x: value})
            assert first_line(raised) == f"{message} : Tensor had {found} values"


def test_check_numerics_checks_gradients() -> None:
    x = tf.constant(0.0)
    (gradient,) = tf.gradients(tf.sqrt(tf.check_numerics(x, "here")), x)
    assert gradient.op.type == "CheckNumerics"
    message = r"^Not a number .* detected in gradient\. b'here' : Tensor had Inf values"
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match=message):
        session.run(gradient)


def test_verify_tensor_all_finite() -> None:
    x = tf.constant([1.0], name="x")
    assert tf.verify_tensor_all_finite(x, "m", name="v").name == "v/control_dependency:0"
    assert tf.debugging.assert_all_finite(x=x, message="m").op.inputs[0] is x
    with pytest.raises(ValueError, match="Cannot specify both 't' and 'x'"):
        tf.verify_tensor_all_finite(x, "m", x=x)
    with pytest.raises(TypeError, match="Expected string for argument 'message' not None"):
        tf.verify_tensor_all_finite(x)


def test_add_check_numerics_ops() -> None:
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.log(x, name="y")
    tf.cast(y, tf.int32)
    checks = tf.add_check_numerics_ops()
    (last,) = checks.control_inputs
    assert last.get_attr("message") == b"y:0"
    assert [c.name for c in last.control_inputs] == ["CheckNumerics"]
    with tf.Session() as session:
        session.run(checks, {x: 1.0})
        with pytest.raises(tf.errors.InvalidArgumentError, match="^y:0 : Tensor had Inf values"):
            session.run(checks, {x: 0.0})
    tf.Assert(tf.constant(True), [x])
    with pytest.raises(ValueError, match="is not compatible with TensorFlow control flow"):
        tf.add_check_numerics_ops()


X = [1.0, -5.0, 0.0]
HOLDS = [
    (lambda x: tf.assert_equal(x, X), lambda x: tf.assert_equal(x, [1.0, 2.0, 0.0])),
    (lambda x: tf.assert_none_equal(x, 7.0), lambda x: tf.assert_none_equal(x, 1.0)),
    (lambda x: tf.assert_less(x, 2.0), lambda x: tf.assert_less(x, 1.0)),
    (lambda x: tf.assert_less_equal(x, 1.0), lambda x: tf.assert_less_equal(x, 0.0)),
    (lambda x: tf.assert_greater(x, -6.0), lambda x: tf.assert_greater(x, -5.0)),
    (lambda x: tf.assert_greater_equal(x, -5.0), lambda x: tf.assert_greater_equal(x, 0.0)),
    (lambda x: tf.assert_positive(x + 6.0), tf.assert_positive),
    (lambda x: tf.assert_negative(x - 2.0), tf.assert_negative),
    (lambda x: tf.assert_non_negative(x + 5.0), tf.assert_non_negative),
    (lambda x: tf.assert_non_positive(x - 1.0), tf.assert_non_positive),
    (lambda x: tf.assert_near(x, x + 1e-7), lambda x: tf.assert_near(x, x + 1e-3)),
]


@pytest.mark.parametrize(("right", "wrong"), HOLDS)
def test_relations(right: Callable[[Any], Any], wrong: Callable[[Any], Any]) -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    with tf.Session() as session:
        session.run(right(x), {x: X})
        with pytest.raises(tf.errors.InvalidArgumentError, match="^assertion failed: "):
            session.run(wrong(x), {x: X})


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            lambda k, n: tf.assert_equal(n, 1, message="equal"),
            "assertion failed: [equal] [Condition x == y did not hold element-wise:] [x (n:0) = ] "
            "[1 -2 0...] [y (assert_equal_1/y:0) = ] [1]",
        ),
        (
            lambda k, n: tf.assert_positive(n, data=["d", n], summarize=1),
            "assertion failed: [d] [1...]",
        ),
        (
            lambda k, n: tf.assert_non_positive(n, message="m"),
            "assertion failed: [m] [Condition x <= 0 did not hold element-wise:x (n:0) = ] "
            "[1 -2 0...]",
        ),
        (
            lambda k, n: tf.assert_rank(tf.placeholder_with_default([[1]], None), 1),
            "assertion failed: [] [Tensor PlaceholderWithDefault:0 must have rank] [1] "
            "[Received shape: ] [1 1]",
        ),
    ],
)
def test_messages_of_failures(claim: Callable[..., tf.Operation], message: str) -> None:
    k = tf.constant([1, 2], name="k")
    n = tf.placeholder(tf.int32, [None], name="n")
    node = claim(k, n)
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as raised:
        session.run(node, {n: [1, -2, 0, 4]})
    assert first_line(raised) == message


def test_constants_are_compared_at_once() -> None:
    k = tf.constant([1, 2], name="k")
    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        tf.assert_equal(k, [1, 3], name="claim")
    assert raised.value.message == (
        "Condition x == y did not hold element-wise:\nx (k:0) = \n[1 2]\ny (claim_1/y:0) = \n[1 3]"
    )
    assert tf.assert_equal(k, k).type == "NoOp"
    with pytest.raises(tf.errors.InvalidArgumentError, match="^mine\nCondition x > 0"):
        tf.assert_positive(tf.constant(-1.0), message="mine")


def test_ranks() -> None:
    n = tf.placeholder(tf.int32, [None, 2], name="n")
    unknown = tf.placeholder(tf.float32, name="unknown")
    for known in (
        tf.assert_rank(n, 2),
        tf.assert_rank_at_least(n, 1),
        tf.assert_rank_in(n, (1, 2)),
    ):
        assert known.name.endswith("/static_checks_determined_all_ok")
    rank = tf.placeholder(tf.int32, [], name="rank")
    late = [
        tf.assert_rank(unknown, rank),
        tf.assert_rank_at_least(unknown, 1),
        tf.assert_rank_in(unknown, (rank, 3)),
    ]
    with tf.Session() as session:
        session.run(late, {unknown: [[1.0]], rank: 2})
        for node, value in zip(late, ([1.0], 1.0, [1.0])):
            with pytest.raises(tf.errors.InvalidArgumentError, match="^assertion failed: "):
                session.run(node, {unknown: value, rank: 2})


@pytest.mark.parametrize(
    ("claim", "error", "message"),
    [
        (
            lambda n: tf.assert_rank(n, 3, message="m"),
            ValueError,
            "m.  Tensor n:0 must have rank 3.  Received rank 2, shape (?, 2)",
        ),
        (
            lambda n: tf.assert_rank_at_least(n, 3),
            ValueError,
            ".  Tensor n:0 must have rank at least 3.  Received rank 2, shape (?, 2)",
        ),
        (
            lambda n: tf.assert_rank_in(n, (1, 3)),
            ValueError,
            ".  Tensor n:0 must have rank in (array(1, dtype=int32), array(3, dtype=int32)).  "
            "Received rank 2, shape (?, 2)",
        ),
        (lambda n: tf.assert_rank(n, [2]), ValueError, "Rank must be a scalar."),
        (
            lambda n: tf.assert_rank(n, 1.5, name="r"),
            TypeError,
            "  r/rank:0 must be of type <dtype: 'int32'>",
        ),
        (
            lambda n: tf.assert_scalar(n, message="m"),
            ValueError,
            "mExpected scalar shape for n:0, saw shape: (?, 2).",
        ),
        (
            lambda n: tf.assert_integer(tf.to_float(n, name="f")),
            TypeError,
            "  Expected \"x\" to be integer type.  Found: f:0 of dtype <dtype: 'float32'>",
        ),
        (
            lambda n: tf.assert_type(n, tf.float32),
            TypeError,
            "  n:0 must be of type <dtype: 'float32'>",
        ),
        (
            lambda n: tf.assert_same_float_dtype([n]),
            ValueError,
            "Expected floating point type, got <dtype: 'int32'>.",
        ),
        (
            lambda n: tf.assert_near(n, n),
            ValueError,
            "data type <class 'numpy.int32'> not inexact",
        ),
        (
            lambda n: tf.assert_proper_iterable("text"),
            TypeError,
            'Expected argument "values" to be a "proper" iterable.  Found: <class \'str\'>',
        ),
        (
            lambda n: tf.assert_proper_iterable(3),
            TypeError,
            "Expected argument \"values\" to be iterable.  Found: <class 'int'>",
        ),
    ],
)
def test_claims_that_are_wrong_by_definition(
    claim: Callable[[Any], Any], error: type[Exception], message: str
) -> None:
    n = tf.placeholder(tf.int32, [None, 2], name="n")
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        claim(n)


def test_claims_that_are_right_by_definition() -> None:
    k, s = tf.constant([1, 2], name="k"), tf.constant(2.0, tf.float64, name="s")
    assert tf.assert_integer(k).name == "assert_integer/statically_determined_was_integer"
    assert tf.assert_type(k, tf.int32).name == "assert_type/statically_determined_correct_type"
    assert tf.assert_scalar(s) is s
    assert tf.assert_scalar(3, name="three").name == "three:0"
    assert tf.assert_same_float_dtype([s, None]) == tf.float64
    assert tf.assert_same_float_dtype() == tf.float32
    with pytest.raises(ValueError, match=re.escape("(<dtype: 'float64'>) as s:0.")):
        tf.assert_same_float_dtype([s, tf.constant(1.0)])
    tf.assert_proper_iterable([k])
    assert tf.is_numeric_tensor(k)
    assert not tf.is_numeric_tensor(tf.constant("text"))
    assert not tf.is_numeric_tensor(3)
