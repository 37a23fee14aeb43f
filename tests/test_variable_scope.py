"""Variable scopes: names, sharing, what they hand down, and partitioned variables."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

AUTO = tf.AUTO_REUSE


def test_names() -> None:
    with tf.variable_scope("a") as a:
        assert (a.name, a.original_name_scope, a.reuse) == ("a", "a/", False)
        with tf.variable_scope("b") as b:
            assert (b.name, b.original_name_scope) == ("a/b", "a/b/")
            assert tf.get_variable("w", [1]).name == "a/b/w:0"
            assert tf.constant(1.0).name == "a/b/Const:0"
        with tf.variable_scope("b"):
            assert tf.constant(1.0).name == "a/b_1/Const:0"
            assert tf.get_variable("v", [1]).name == "a/b/v:0"
    with tf.name_scope("outer"):
        with tf.variable_scope(b) as again:
            assert (again.name, again.original_name_scope) == ("a/b", "a/b/")
            assert tf.constant(1.0).name == "outer/b/Const:0"
            assert tf.get_variable("u", [1]).name == "a/b/u:0"
        with tf.variable_scope("inner"):
            assert tf.get_variable("r", [1]).name == "inner/r:0"
            assert tf.Variable(1.0).name == "outer/inner/Variable:0"


def test_default_names_are_unique_in_their_scope() -> None:
    def opened() -> str:
        with tf.variable_scope(None, "layer") as scope:
            return scope.name

    assert [opened(), opened()] == ["layer", "layer_1"]
    with tf.variable_scope("a") as a:
        assert [opened(), opened()] == ["a/layer", "a/layer_1"]
    with tf.variable_scope(a):
        assert opened() == "a/layer"
    assert opened() == "layer_2"


def test_without_a_name_scope() -> None:
    with tf.name_scope("n"), tf.variable_scope("a", auxiliary_name_scope=False) as scope:
        assert scope.original_name_scope == "n/"
        assert tf.constant(1.0).name == "n/Const:0"
        assert tf.get_variable("w", [1]).name == "a/w:0"


def test_reuse() -> None:
    with tf.variable_scope("s") as s:
        v = tf.get_variable("v", [2])
        s.reuse_variables()
        assert tf.get_variable("v", [2]) is v
        with tf.variable_scope("inner") as inner:
            assert inner.reuse is True
    with tf.variable_scope("s", reuse=True):
        assert tf.get_variable("v") is v
    with tf.variable_scope("s", reuse=AUTO) as auto:
        assert auto.reuse is AUTO
        assert tf.get_variable("v", [2]) is v
        new = tf.get_variable("new", [1])
        assert tf.get_variable("new", [1]) is new
        with tf.variable_scope("deep", reuse=False) as deep:
            assert deep.reuse is AUTO
    with tf.variable_scope(s, reuse=False) as again:
        assert again.reuse is True


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "new",
            {"shape": [1]},
            "Variable s/new does not exist, or was not created with tf.get_variable(). Did you",
        ),
        (
            "v",
            {"shape": [3]},
            "Trying to share variable s/v, but specified shape (3,) and found shape (2,).",
        ),
        (
            "v",
            {"shape": [2], "dtype": tf.int32},
            "Trying to share variable s/v, but specified dtype int32 and found dtype float32_ref.",
        ),
    ],
)
def test_what_cannot_be_shared(name: str, arguments: Any, message: str) -> None:
    with tf.variable_scope("s"):
        tf.get_variable("v", [2])
    before = len(tf.get_default_graph().get_operations())
    with tf.variable_scope("s", reuse=True), pytest.raises(ValueError, match=re.escape(message)):
        tf.get_variable(name, **arguments)
    assert len(tf.get_default_graph().get_operations()) == before


def test_a_variable_that_exists_says_where_it_was_made() -> None:
    tf.get_variable("v", [2])
    message = "Variable v already exists, disallowed. Did you mean to set reuse=True"
    with pytest.raises(ValueError, match=message) as raised:
        tf.get_variable("v", [2])
    assert "test_variable_scope.py" in str(raised.value)


def test_what_a_scope_hands_down() -> None:
    def penalty(weights: Any) -> Any:
        return tf.reduce_sum(tf.square(weights), name="penalty")

    with tf.variable_scope(
        "a",
        initializer=tf.constant_initializer(2.0),
        regularizer=penalty,
        constraint=tf.abs,
        dtype=tf.float64,
    ):
        v = tf.get_variable("v", [2])
        with tf.variable_scope("b", use_resource=True) as b:
            w = tf.get_variable("w", [3], regularizer=tf.no_regularizer)
            b.set_initializer(tf.zeros_initializer())
            u = tf.get_variable("u", [1], trainable=False)
    assert v.dtype.base_dtype == w.dtype == tf.float64
    assert (v.op.type, w.op.type) == ("VariableV2", "VarHandleOp")
    assert v.constraint is w.constraint is tf.abs
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    assert [t.name for t in losses] == ["a/v/Regularizer/penalty:0", "a/b/u/Regularizer/penalty:0"]
    assert tf.trainable_variables() == [v, w]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(losses) == [8.0, 0.0]
        assert session.run(u).tolist() == [0.0]


def test_setters_and_collections_of_a_scope() -> None:
    with tf.variable_scope("s") as s:
        v = tf.get_variable("v", [1])
        w = tf.get_local_variable("w", [1])
    tf.get_variable("other", [1])
    assert s.global_variables() == s.trainable_variables() == [v]
    assert s.local_variables() == [w]
    settings = "regularizer caching_device partitioner custom_getter dtype use_resource".split()
    for setting in settings:
        getattr(s, f"set_{setting}")(5)
        assert getattr(s, setting) == 5


def test_custom_getters_are_asked_innermost_first() -> None:
    calls: list[str] = []

    def outer(getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        calls.append(f"outer {name}")
        return getter(name, *args, **kwargs)

    def inner(getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        calls.append(f"inner {name}")
        return getter(name, *args, **kwargs) * 2.0

    with tf.variable_scope("a", custom_getter=outer), tf.variable_scope("b", custom_getter=inner):
        v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
    assert calls == ["inner a/b/v", "outer a/b/v"]
    assert v.op.type == "Mul"
    with pytest.raises(ValueError, match="Passed a custom_getter which is not callable: 3"):
        tf.get_variable("w", [1], custom_getter=3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "The initializer passed is not valid. It should be a callable with no arguments"),
        ({"shape": [None, 2]}, "The initializer passed is not valid."),
        ({"shape": [2], "initializer": [1.0, 2.0]}, "If initializer is a constant, do not specify"),
        (
            {"initializer": 3, "dtype": tf.float32},
            "Initializer type '<dtype: 'int32'>' and explicit dtype '<dtype: 'float32'>' don't",
        ),
        (
            {"shape": [1], "dtype": tf.complex64},
            "An initializer for variable v of <dtype: 'complex64'> is required",
        ),
        ({"shape": [1], "partitioner": 3}, "Partitioner must be callable, but received: 3"),
    ],
)
def test_get_variable_checks_its_arguments(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        tf.get_variable("v", **arguments)


@pytest.mark.parametrize(
    ("initializer", "shape", "expected"),
    [
        (tf.ones_initializer, [2], [1.0, 1.0]),
        (lambda: tf.fill([2], 3.0), None, [3.0, 3.0]),
        (lambda shape, dtype, partition_info: tf.zeros(shape, dtype), [2], [0.0, 0.0]),
        (np.array([1.0, 2.0]), None, [1.0, 2.0]),
        ([5.0], None, [5.0]),
    ],
)
def test_kinds_of_initializers(initializer: Any, shape: Any, expected: Any) -> None:
    v = tf.get_variable("v", shape, initializer=initializer)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(v).tolist() == expected


def test_default_initializers() -> None:
    kinds = [tf.get_variable(t.name, [1], t) for t in (tf.float32, tf.int32, tf.bool, tf.string)]
    made = [v.initial_value.op.name for v in kinds]
    assert made[0] == "float32/Initializer/random_uniform"
    assert made[1:] == [
        "int32/Initializer/zeros",
        "bool/Initializer/zeros",
        "string/Initializer/zeros",
    ]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((None,), TypeError, "If default_name is None then name_or_scope is required"),
        ((3,), TypeError, "VariableScope: name_or_scope must be a string or VariableScope."),
        (("a b",), ValueError, "'a b' is not a valid scope name"),
    ],
)
def test_scopes_check_their_arguments(arguments: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)), tf.variable_scope(*arguments):
        pass
    assert tf.get_variable_scope().name == ""
    assert tf.get_default_graph().get_name_scope() == ""


def test_scope_keywords_are_checked() -> None:
    with pytest.raises(ValueError, match="The reuse parameter must be True or False or None."):
        tf.variable_scope("x", reuse="a")
    with pytest.raises(ValueError, match="reuse=True cannot be used without a name_or_scope"):
        tf.variable_scope(None, "x", reuse=True)
    with pytest.raises(TypeError, match="The auxiliary_name_scope must be `True` or `False`"):
        tf.variable_scope("x", auxiliary_name_scope=3)


def test_graphs_have_scopes_of_their_own() -> None:
    other = tf.Graph()
    with tf.variable_scope("here"):
        with other.as_default():
            assert tf.get_variable_scope().name == ""
            assert tf.get_variable("v", [1]).name == "v:0"
        x = tf.get_variable("v", [1])
    assert x.name == "here/v:0"
    with other.as_default(), tf.variable_op_scope([x], None, "op") as scope:
        assert tf.get_default_graph() is x.graph
        assert scope.name == "op"


def test_partitioned_variable() -> None:
    whole = np.arange(10.0).reshape(5, 2)
    p = tf.get_variable(
        "p",
        [5, 2],
        partitioner=tf.fixed_size_partitioner(2),
        initializer=tf.constant_initializer(7.0),
    )
    q = tf.get_variable(
        "q", [5, 2], tf.float64, initializer=whole, partitioner=tf.fixed_size_partitioner(5)
    )
    parts = list(p)
    assert [v.name for v in parts] == ["p/part_0:0", "p/part_1:0"]
    assert [v.shape.as_list() for v in parts] == [[3, 2], [2, 2]]
    info = parts[1]._get_save_slice_info()
    assert (info.full_name, info.var_offset, info.spec) == ("p", [3, 0], "5 2 3,2:0,2")
    assert parts[1].to_proto().save_slice_info_def.full_shape == [5, 2]
    total = tf.add(q, 1.0)
    assert (len(q), q.name, q.shape.as_list(), p.as_tensor().name) == (5, "q", [5, 2], "p:0")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(total), whole + 1.0)
        np.testing.assert_array_equal(session.run(parts[0]), np.full((3, 2), 7.0))
    with tf.variable_scope("", reuse=True):
        assert tf.get_variable("p", [5, 2]) is p
        with pytest.raises(ValueError, match=re.escape("specified partitions [5, 1] and found")):
            tf.get_variable("p", [5, 2], partitioner=tf.fixed_size_partitioner(5))


def test_parts_are_scaled_by_the_whole() -> None:
    whole = tf.get_variable(
        "w", [100, 2], initializer=tf.variance_scaling_initializer(distribution="uniform")
    )
    parts = tf.get_variable(
        "p",
        [100, 2],
        initializer=tf.variance_scaling_initializer(distribution="uniform"),
        partitioner=tf.fixed_size_partitioner(10),
    )
    graph = tf.get_default_graph()
    limits = [
        tf.Session().run(graph.get_tensor_by_name(f"{name}/Initializer/random_uniform/max:0"))
        for name in (whole.op.name, parts._get_variable_list()[3].op.name)
    ]
    assert limits[0] == limits[1] == pytest.approx(0.03**0.5)


@pytest.mark.parametrize(
    ("partitioner", "counts"),
    [
        (tf.fixed_size_partitioner(3), [3, 1]),
        (tf.fixed_size_partitioner(9, axis=1), [1, 2]),
        (tf.variable_axis_size_partitioner(16), [2, 1]),
        (tf.variable_axis_size_partitioner(8, max_shards=3), [3, 1]),
        (tf.min_max_variable_partitioner(3, min_slice_size=8), [3, 1]),
        (tf.min_max_variable_partitioner(3, min_slice_size=24), [2, 1]),
        (tf.min_max_variable_partitioner(3), [1, 1]),
    ],
)
def test_partitioners(partitioner: Any, counts: list[int]) -> None:
    assert partitioner(shape=tf.TensorShape([4, 2]), dtype=tf.float32) == counts


def test_create_partitioned_variables() -> None:
    parts = tf.create_partitioned_variables([4, 2], [2, 1], tf.ones_initializer())
    assert [v.name for v in parts] == [
        "PartitionedVariable/part_0:0",
        "PartitionedVariable/part_1:0",
    ]
    with pytest.raises(ValueError, match="must have the length: shape: "):
        tf.create_partitioned_variables([4], [2, 1], tf.ones_initializer())
    with pytest.raises(ValueError, match="Can only slice a variable along one dimension"):
        tf.create_partitioned_variables([4, 2], [2, 2], tf.ones_initializer())
