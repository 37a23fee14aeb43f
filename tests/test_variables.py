"""Variables: their nodes, values, assignments, and what is not initialized."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

KINDS = pytest.mark.parametrize("resource", [False, True], ids=["reference", "resource"])
ON_ENGINES = pytest.mark.parametrize("engine", ["numpy", "reference"])
Open = Callable[[str], tf.Session]


def names() -> list[str]:
    return [op.name for op in tf.get_default_graph().get_operations()]


def node(name: str) -> tuple[str, list[str], list[str], list[str]]:
    """Type, inputs, control inputs and colocation groups of a node."""
    op = tf.get_default_graph().get_operation_by_name(name)
    groups = [g.decode() for g in op.extra_attributes.get("_class", ()) if isinstance(g, bytes)]
    groups += [g for g in op.extra_attributes.get("_class", ()) if isinstance(g, str)]
    return op.type, [t.name for t in op.inputs], [c.name for c in op.control_inputs], groups


def test_nodes_of_a_reference_variable() -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    assert names() == ["v/initial_value", "v", "v/Assign", "v/read"]
    assert node("v/Assign") == ("Assign", ["v:0", "v/initial_value:0"], [], ["loc:@v"])
    assert node("v/read") == ("Identity", ["v:0"], [], ["loc:@v"])
    assert repr(v) == str(v) == "<tf.Variable 'v:0' shape=(2,) dtype=float32_ref>"
    assert (v.name, v.op.name, v.dtype.name) == ("v:0", "v", "float32_ref")
    assert (v.value().name, v.initializer.name) == ("v/read:0", "v/Assign")
    assert v.initial_value.name == "v/initial_value:0"
    assert tf.global_variables() == tf.trainable_variables() == [v]


def test_nodes_of_a_resource_variable() -> None:
    v = tf.Variable(lambda: tf.ones([2]), name="v", use_resource=True)
    assert names() == [
        "v/Initializer/ones",
        "v",
        "v/IsInitialized/VarIsInitializedOp",
        "v/Assign",
        "v/Read/ReadVariableOp",
    ]
    assert node("v")[3] == ["loc:@v"]
    assert v.handle is v.op.outputs[0]
    assert repr(v) == "<tf.Variable 'v:0' shape=(2,) dtype=float32>"
    assert v.value().name == "ReadVariableOp:0"
    assert v.read_value().name == "Identity:0"
    assert isinstance(v, tf.Variable)


def test_default_names_count_up_and_take_the_name_scope() -> None:
    assert [tf.Variable(0).name for _ in range(2)] == ["Variable:0", "Variable_1:0"]
    with tf.name_scope("s"):
        assert tf.Variable(0).name == "s/Variable:0"
        assert tf.get_variable("w", [1]).name == "w:0"


def test_variables_stand_outside_control_dependencies() -> None:
    first = tf.constant(1.0)
    with tf.control_dependencies([first]):
        v = tf.Variable(2.0)
        w = tf.get_variable("w", [1], use_resource=True)
    assert not v.initializer.control_inputs and not v.op.control_inputs
    assert not w.initializer.control_inputs


@KINDS
def test_assignments(resource: bool, engine_session: Open) -> None:
    v = tf.Variable([1.0, 2.0], use_resource=resource)
    steps = [
        (v.assign([3.0, 4.0]), [3.0, 4.0]),
        (v.assign_add([1.0, 1.0]), [4.0, 5.0]),
        (v.assign_sub([0.5, 0.5]), [3.5, 4.5]),
        (tf.assign(v, [0.0, 1.0]), [0.0, 1.0]),
        (v[1:].assign([9.0]), [0.0, 9.0]),
        (v.scatter_add(tf.IndexedSlices(tf.constant([1.0, 2.0]), tf.constant([0, 0]))), [3.0, 9.0]),
        (v.scatter_nd_update([[1]], [5.0]), [3.0, 5.0]),
        (tf.scatter_mul(v, [1, 1], [2.0, 3.0]), [3.0, 30.0]),
        (tf.scatter_max(v, [0], 7.0), [7.0, 30.0]),
    ]
    for engine in ("numpy", "reference"):
        with engine_session(engine) as session:
            session.run(tf.global_variables_initializer())
            for op, expected in steps:
                np.testing.assert_array_equal(session.run(op), expected)
                np.testing.assert_array_equal(session.run(v), expected)


@KINDS
def test_assigned_operation_has_no_value(resource: bool) -> None:
    v = tf.Variable(1.0, use_resource=resource)
    op = v.assign(2.0, read_value=False)
    assert isinstance(op, tf.Operation)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(op) is None
        assert session.run(v) == 2.0


@KINDS
def test_a_slot_owns_its_array(resource: bool) -> None:
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable(tf.zeros([2]), use_resource=resource)
    put = v.assign(x)
    with tf.Session() as session:
        session.run(v.initializer)
        fed = np.ones(2, np.float32)
        fetched = session.run(put, {x: fed})
        fed[:] = 5.0
        fetched[:] = 7.0
        np.testing.assert_array_equal(session.run(v), [1.0, 1.0])
        seen = session.run(v)
        session.run(v.assign_add([1.0, 1.0]))
        np.testing.assert_array_equal(seen, [1.0, 1.0])
        session.run(v.initializer)
        np.testing.assert_array_equal(session.run(v.initial_value), [0.0, 0.0])


@ON_ENGINES
def test_uses_come_before_unordered_writes(engine: str, engine_session: Open) -> None:
    x = tf.Variable(2.0)
    f = x * x
    step = x.assign(x - 0.2 * x)
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        for i in range(3):
            _, new, seen = session.run([step, x, f])
            assert new == pytest.approx(2.0 * 0.8 ** (i + 1))
            assert seen == pytest.approx((new / 0.8) ** 2)


def test_shapes_are_checked_at_definition() -> None:
    v = tf.Variable([1.0, 2.0])
    r = tf.Variable([1.0, 2.0], use_resource=True)
    with pytest.raises(ValueError, match="Dimension 0 in both shapes must be equal, but are 2 and"):
        v.assign([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"Shapes \(2,\) and \(3,\) are incompatible"):
        r.assign([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="Shapes must be equal rank, but are 1 and 0"):
        r.assign_add(1.0)
    with pytest.raises(AttributeError, match="assign"):
        tf.assign(tf.constant(1.0), 2.0)


@pytest.mark.parametrize(
    ("make", "value", "message"),
    [
        (
            lambda v, x: v.assign(x),
            [1, 2, 3],
            r"Assign requires shapes of both tensors to match. lhs shape= \[2\] rhs shape= \[3\]",
        ),
        (lambda v, x: v.assign_add(x), 1, "Parameters and update must be the same size"),
        (lambda v, x: v.assign_sub(x), [[1, 2]], "Parameters and update must be the same size"),
        (
            lambda v, x: v[1:].assign(x),
            [1, 2],
            r"sliced l-value shape \[1\] does not match r-value shape \[2\]. Automatic",
        ),
        (
            lambda v, x: tf.scatter_add(v, [0], x),
            [1, 2],
            r"Must have updates.shape = indices.shape \+ params.shape\[1:\]",
        ),
    ],
)
def test_shapes_are_checked_in_a_run(make: Any, value: Any, message: str) -> None:
    v = tf.Variable([1.0, 2.0])
    x = tf.placeholder(tf.float32)
    op = make(v, x)
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.OpError, match=message):
            session.run(op, {x: value})
        np.testing.assert_array_equal(session.run(v), [1.0, 2.0])


def test_resource_update_of_another_shape() -> None:
    v = tf.Variable([1.0, 2.0], use_resource=True)
    x = tf.placeholder(tf.float32)
    add = v.assign_add(x)
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(
            tf.errors.InvalidArgumentError,
            match=r"Cannot update variable with shape \[2\] using a Tensor with shape \[3\]",
        ):
            session.run(add, {x: [1, 2, 3]})


def test_assign_without_validation_changes_the_shape() -> None:
    v = tf.Variable([1.0, 2.0])
    x = tf.placeholder(tf.float32)
    grow = tf.assign(v, x, validate_shape=False)
    assert grow.shape.ndims is None
    with tf.Session() as session:
        session.run(v.initializer)
        np.testing.assert_array_equal(session.run(grow, {x: [1, 2, 3]}), [1, 2, 3])
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"lhs shape= \[3\] rhs shape= \[2"
        ):
            session.run(v.initializer)


@pytest.mark.parametrize(
    ("index", "place"), [([2], r"\[0\] = 2"), ([0, -1], r"\[1\] = -1"), (5, " = 5")]
)
@KINDS
def test_scatter_out_of_range_changes_nothing(resource: bool, index: Any, place: str) -> None:
    v = tf.Variable([1.0, 2.0], use_resource=resource)
    i = tf.placeholder(tf.int32)
    op = tf.scatter_add(v, i, 1.0)
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=rf"indices{place} is not in \[0, "
        ):
            session.run(op, {i: index})
        np.testing.assert_array_equal(session.run(v), [1.0, 2.0])


@KINDS
def test_scatter_nd_out_of_range(resource: bool) -> None:
    v = tf.Variable(np.zeros((2, 3)), use_resource=resource)
    op = tf.scatter_nd_add(v, [[0, 1], [1, 3]], [1.0, 1.0])
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(
            tf.errors.InvalidArgumentError,
            match=r"indices\[1\] = \[1, 3\] does not index into shape \[2,3\]",
        ):
            session.run(op)
        assert not session.run(v).any()


def test_scatter_div_of_integers_rounds_towards_zero() -> None:
    v = tf.Variable([7, -7, 30])
    op = tf.scatter_div(v, [0, 1, 2, 2], [2, 2, -4, 3])
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(op).tolist() == [3, -3, -2]


def test_batch_scatter_update() -> None:
    v = tf.Variable(np.arange(12.0).reshape(2, 3, 2))
    op = tf.batch_scatter_update(v, [[2], [0]], np.full((2, 1, 2), -1.0))
    expected = np.arange(12.0).reshape(2, 3, 2)
    expected[0, 2] = expected[1, 0] = -1.0
    with tf.Session() as session:
        session.run(v.initializer)
        np.testing.assert_array_equal(session.run(op), expected)


@KINDS
def test_count_up_to(resource: bool) -> None:
    n = tf.Variable(0, use_resource=resource)
    count = n.count_up_to(2)
    with tf.Session() as session:
        session.run(n.initializer)
        assert [session.run(count), session.run(count)] == [0, 1]
        with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 2"):
            session.run(count)
        assert session.run(n) == 2


def test_uninitialized_reference_variable() -> None:
    w = tf.Variable([1.0], name="w")
    uses = [w, w + 1.0, w.assign_add([1.0]), tf.scatter_add(w, [0], 1.0), w[0].assign(1.0)]
    with tf.Session() as session:
        for use in uses:
            with pytest.raises(
                tf.errors.FailedPreconditionError, match="^Attempting to use uninitialized value w"
            ):
                session.run(use)


def test_uninitialized_resource_variable() -> None:
    w = tf.Variable([1.0], name="w", use_resource=True)
    message = "^Error while reading resource variable w from Container: localhost. This could mean"
    with tf.Session() as session:
        with pytest.raises(tf.errors.FailedPreconditionError, match=message):
            session.run(w)
        for use in [w.assign_add([1.0]), tf.gather(w, [0]), tf.scatter_add(w, [0], 1.0)]:
            with pytest.raises(tf.errors.NotFoundError, match="^Resource localhost/w/N10tensorf"):
                session.run(use)


@ON_ENGINES
def test_report_uninitialized(engine: str, engine_session: Open) -> None:
    a = tf.Variable(1.0, name="a")
    b = tf.get_local_variable("b", [1])
    c = tf.Variable(1.0, name="c", use_resource=True)
    report = tf.report_uninitialized_variables()
    some = tf.report_uninitialized_variables([a])
    checks = [tf.is_variable_initialized(v) for v in (a, b, c)]
    with engine_session(engine) as session:
        assert session.run(report).tolist() == [b"a", b"c", b"b"]
        session.run(a.initializer)
        assert session.run(report).tolist() == [b"c", b"b"]
        assert session.run(some).tolist() == []
        assert session.run(checks) == [True, False, False]
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        assert session.run(report).tolist() == []
        assert session.run(tf.assert_variables_initialized([a])) == 0


@ON_ENGINES
@KINDS
def test_initialized_value(resource: bool, engine: str, engine_session: Open) -> None:
    v = tf.Variable([1.0, 2.0], name="v", use_resource=resource)
    value = v.initialized_value()
    twice = value * 2.0
    assert value.op.type == "Merge"
    with engine_session(engine) as session:
        np.testing.assert_array_equal(session.run(value), [1.0, 2.0])
        np.testing.assert_array_equal(session.run(twice), [2.0, 4.0])
        session.run(v.initializer)
        session.run(v.assign([5.0, 6.0]))
        np.testing.assert_array_equal(session.run(value), [5.0, 6.0])
        with pytest.raises(ValueError, match="'cond/Switch_1' has been marked as not fetchable."):
            session.run(value.op.inputs[0])


@ON_ENGINES
def test_initial_values_that_depend_on_variables(engine: str, engine_session: Open) -> None:
    tf.set_random_seed(1)
    a = tf.Variable(tf.random_normal([3]), name="a")
    b = tf.Variable(a * 2.0, name="b")
    with tf.name_scope("s"):
        c = tf.Variable(tf.square(a), name="c")
    assert node("s/c/Assign")[1] == ["s/c:0", "s/Square_s/c:0"]
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        first, second, third = session.run([a, b, c])
    np.testing.assert_array_equal(second, first * 2.0)
    np.testing.assert_array_equal(third, first**2)


def test_initial_value_at_the_end_of_a_long_chain() -> None:
    a = tf.Variable(1.0)
    value = a.value()
    for _ in range(1500):
        value = tf.identity(value)
    b = tf.Variable(value + 1.0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(b) == 2.0


def test_load_and_eval() -> None:
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(ValueError, match="Either session argument should be provided or default"):
        v.load([3.0, 4.0])
    with tf.Session() as session:
        v.load([3.0, 4.0])
        np.testing.assert_array_equal(v.eval(), [3.0, 4.0])
        v.initializer.run()
        np.testing.assert_array_equal(v.eval(session), [1.0, 2.0])
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            v.load([3.0])
    with pytest.raises(ValueError, match="No default session is registered"):
        v.eval()


@KINDS
def test_sessions_hold_their_own_values(resource: bool) -> None:
    v = tf.Variable(1.0, use_resource=resource)
    with tf.Session() as one, tf.Session() as two:
        one.run(v.initializer)
        two.run(v.initializer)
        two.run(v.assign(5.0))
        assert (one.run(v), two.run(v)) == (1.0, 5.0)


@KINDS
def test_operators(resource: bool) -> None:
    v = tf.Variable([4.0, 9.0], use_resource=resource)
    results = [
        (v + 1.0, [5.0, 10.0]),
        (1.0 - v, [-3.0, -8.0]),
        (v * v, [16.0, 81.0]),
        (18.0 / v, [4.5, 2.0]),
        (v // 4.0, [1.0, 2.0]),
        (v % 5.0, [4.0, 4.0]),
        (v**2, [16.0, 81.0]),
        (-v, [-4.0, -9.0]),
        (abs(v), [4.0, 9.0]),
        (v > 5.0, [False, True]),
        (v[0], 4.0),
        (np.float32([1.0, 1.0]) + v, [5.0, 10.0]),
        (v[None] @ v[:, None], [[97.0]]),
    ]
    with tf.Session() as session:
        session.run(v.initializer)
        for tensor, expected in results:
            np.testing.assert_array_equal(session.run(tensor), expected)
    assert (v == v, v == 1, hash(v) == hash(v)) == (True, False, True)
    with pytest.raises(TypeError, match="'Variable' object is not iterable."):
        iter(v)


def test_resource_variables_refuse_augmented_assignment() -> None:
    v = tf.Variable(1.0, use_resource=True)
    for name in ("iadd", "isub", "imul", "itruediv", "ipow"):
        with pytest.raises(RuntimeError, match="value not supported"):
            getattr(operator, name)(v, 2.0)
    with pytest.raises(TypeError, match="using a `tf.Tensor` as a Python `bool` is not allowed"):
        bool(v)
    with pytest.raises(NotImplementedError, match="does not implement set_shape"):
        v.set_shape([])


def test_reads_after_an_assignment_run_it() -> None:
    v = tf.Variable([1.0, 2.0], use_resource=True)
    after = v.assign([3.0, 4.0])
    total = after + 1.0
    assert repr(after) == "<tf.Variable 'AssignVariableOp' shape=(2,) dtype=float32>"
    assert node("ReadVariableOp") == ("ReadVariableOp", ["Variable:0"], ["AssignVariableOp"], [])
    with tf.Session() as session:
        session.run(v.initializer)
        np.testing.assert_array_equal(session.run(total), [4.0, 5.0])
        np.testing.assert_array_equal(session.run(v), [3.0, 4.0])


def test_gather_and_its_gradient() -> None:
    v = tf.Variable(np.arange(6.0, dtype=np.float32).reshape(3, 2), use_resource=True)
    rows = tf.gather(v, [2, 2])
    assert rows.op.inputs[0].op.type == "ResourceGather"
    slices = tf.gradients(rows * 3.0, v)[0]
    places = tf.gradients(v.gather_nd([[0, 1]]), v)[0]
    with tf.Session() as session:
        session.run(v.initializer)
        np.testing.assert_array_equal(session.run(rows), [[4.0, 5.0], [4.0, 5.0]])
        values, indices = session.run([slices.values, slices.indices])
        np.testing.assert_array_equal(values, [[3.0, 3.0], [3.0, 3.0]])
        np.testing.assert_array_equal(indices, [2, 2])
        np.testing.assert_array_equal(session.run(places), [[0, 1], [0, 0], [0, 0]])


def test_destroyed_variable_is_uninitialized() -> None:
    v = tf.Variable(1.0, use_resource=True)
    destroy = tf.get_default_graph().create_op("DestroyResourceOp", [v.handle])
    strict = tf.get_default_graph().create_op(
        "DestroyResourceOp", [v.handle], attrs={"ignore_lookup_error": False}
    )
    with tf.Session() as session:
        session.run(v.initializer)
        session.run(destroy)
        assert not session.run(v.is_initialized())
        session.run(destroy)
        with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
            session.run(strict)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, ValueError, "initial_value must be specified."),
        (
            {"initial_value": 1.0, "collections": "abc"},
            ValueError,
            "collections argument to Variable constructor must be a list, tuple, or set. Got abc",
        ),
        (
            {"initial_value": 1.0, "constraint": 3},
            ValueError,
            "The `constraint` argument must be a callable.",
        ),
        ({"initial_value": 1.5, "dtype": tf.int32}, TypeError, "Expected int32, got 1.5 of type"),
        (
            {"initial_value": 1.0, "variable_def": 3, "use_resource": False},
            ValueError,
            "variable_def and initial_value are mutually exclusive.",
        ),
    ],
)
def test_arguments_are_checked(arguments: Any, error: type[Exception], message: str) -> None:
    if "variable_def" in arguments:
        arguments = {**arguments, "variable_def": tf.Variable(1.0).to_proto()}
    with pytest.raises(error, match=re.escape(message)):
        tf.Variable(**arguments)


def test_unknown_initial_shape() -> None:
    x = tf.placeholder(tf.float32)
    with pytest.raises(ValueError, match="initial_value must have a shape specified: Tensor"):
        tf.Variable(x)
    v = tf.Variable(x, validate_shape=False, name="v")
    assert v.shape.ndims is None
    with tf.Session() as session:
        session.run(v.initializer, {x: [1.0, 2.0]})
        assert session.run(v).shape == (2,)


def test_conversion_to_another_type_is_refused() -> None:
    v = tf.Variable(1.0)
    with pytest.raises(ValueError, match="Incompatible type conversion requested to type 'int32'"):
        tf.convert_to_tensor(v, tf.int32)


def test_set_shape_of_a_reference_variable() -> None:
    v = tf.Variable(tf.placeholder(tf.float32), validate_shape=False)
    v.set_shape([None, 2])
    assert v.shape.as_list() == v.value().shape.as_list() == [None, 2]


def test_collections() -> None:
    a = tf.Variable(1.0, trainable=False)
    b = tf.Variable(1.0, collections=["mine"])
    c = tf.get_local_variable("scope/c", [1])
    tf.add_to_collection(tf.GraphKeys.MODEL_VARIABLES, a)
    tf.add_to_collections([tf.GraphKeys.MOVING_AVERAGE_VARIABLES], b)
    assert tf.global_variables() == tf.all_variables() == [a]
    assert tf.trainable_variables() == [b]
    assert tf.get_collection("mine") == [b]
    assert tf.local_variables() == tf.local_variables("scope") == [c]
    assert tf.local_variables("other") == []
    assert (tf.model_variables(), tf.moving_average_variables()) == ([a], [b])
    assert tf.variables_initializer([a, b]).type == "NoOp"
    assert tf.assert_variables_initialized([]) is None


def test_resource_variables_by_default() -> None:
    assert not tf.resource_variables_enabled()
    tf.enable_resource_variables()
    try:
        assert tf.resource_variables_enabled()
        assert tf.Variable(1.0).op.type == tf.get_variable("w", [1]).op.type == "VarHandleOp"
        assert tf.Variable(1.0, use_resource=False).op.type == "VariableV2"
    finally:
        tf.disable_resource_variables()
    assert tf.Variable(1.0).op.type == "VariableV2"


def test_creators_are_asked_innermost_first() -> None:
    seen: list[str] = []

    def outer(next_creator: Any, **kwargs: Any) -> Any:
        seen.append("outer " + kwargs["name"])
        return next_creator(**kwargs)

    def inner(next_creator: Any, **kwargs: Any) -> Any:
        seen.append("inner " + kwargs["name"])
        return next_creator(**{**kwargs, "name": "renamed", "trainable": False})

    with tf.variable_creator_scope(outer), tf.variable_creator_scope(inner):
        v = tf.Variable(1.0, name="v")
    tf.Variable(1.0, name="w")
    assert seen == ["inner v", "outer renamed"]
    assert (v.name, v.trainable) == ("renamed:0", False)


@KINDS
def test_proto_round_trip(resource: bool) -> None:
    with tf.variable_scope("s"):
        v = tf.get_variable("v", [2], trainable=False, use_resource=resource)
    again = tf.Variable.from_proto(v.to_proto())
    assert type(again) is type(v)
    assert (again.name, again.trainable, again.op) == (v.name, False, v.op)
    assert (again.initializer, again.initial_value) == (v.initializer, v.initial_value)
    assert v.to_proto("s").variable_name == "v:0"
    assert tf.Variable.from_proto(v.to_proto("s"), import_scope="s").op is v.op
    assert v.to_proto("other") is None
    with pytest.raises(KeyError, match="refers to a Tensor which does not exist"):
        tf.Variable.from_proto(v.to_proto(), import_scope="nowhere")
    assert len(tf.global_variables()) == 1


def test_references_compare_by_identity() -> None:
    v, w = tf.Variable(1.0), tf.Variable(1.0)
    assert v.experimental_ref() == v.experimental_ref() != w.experimental_ref()
    assert {v.experimental_ref(): 1}[v.experimental_ref()] == 1
    assert v.experimental_ref().deref() is v


@pytest.mark.parametrize("dtype", [np.float16, np.int64, np.uint8, np.complex64, np.bool_, object])
@KINDS
def test_types_of_values(resource: bool, dtype: Any) -> None:
    value = np.array([1, 0]).astype(dtype) if dtype is not object else [b"a", b""]
    v = tf.Variable(value, use_resource=resource)
    with tf.Session() as session:
        session.run(v.initializer)
        found = session.run(v)
    assert found.dtype == dtype
    assert found.tolist() == np.asarray(value, dtype).tolist()


def test_slices_of_other_tensors_cannot_be_assigned() -> None:
    with pytest.raises(AttributeError, match="assign"):
        tf.constant([1.0, 2.0])[0].assign(3.0)
