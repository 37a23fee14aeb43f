"""The nodes that operators and mathematical functions make, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def run(fetches: Any, feed: dict[Any, Any] | None = None) -> Any:
    with tf.Session() as session:
        return session.run(fetches, feed)


def nodes(start: int = 0) -> list[str]:
    """The nodes of the graph from the `start`th on, as "name Type(inputs)"."""
    return [
        f"{node.name} {node.type}({' '.join(i.name.removesuffix(':0') for i in node.inputs)})"
        for node in tf.get_default_graph().get_operations()[start:]
    ]


def first_line(error: BaseException) -> str:
    return str(error).split("\n")[0]


# Recorded from TensorFlow 1.15: expressions of the operands below, and the nodes they make.
OPERATORS = {
    "x + 1": ["add/y Const()", "add AddV2(x add/y)"],
    "1 + x": ["add/x Const()", "add AddV2(add/x x)"],
    "x - 2.5": ["sub/y Const()", "sub Sub(x sub/y)"],
    "2 - x": ["sub/x Const()", "sub Sub(sub/x x)"],
    "x * x": ["mul Mul(x x)"],
    "x / 2": ["truediv/y Const()", "truediv RealDiv(x truediv/y)"],
    "2 / i": [
        "truediv/x Const()",
        "truediv/Cast Cast(truediv/x)",
        "truediv/Cast_1 Cast(i)",
        "truediv RealDiv(truediv/Cast truediv/Cast_1)",
    ],
    "i // 2": ["floordiv/y Const()", "floordiv FloorDiv(i floordiv/y)"],
    "7 // i": ["floordiv/x Const()", "floordiv FloorDiv(floordiv/x i)"],
    "i % 2": ["mod/y Const()", "mod FloorMod(i mod/y)"],
    "x ** 2": ["pow/y Const()", "pow Pow(x pow/y)"],
    "2 ** x": ["pow/x Const()", "pow Pow(pow/x x)"],
    "b & True": ["and/y Const()", "and LogicalAnd(b and/y)"],
    "True | b": ["or/x Const()", "or LogicalOr(or/x b)"],
    "b ^ b": [
        "xor/LogicalOr LogicalOr(b b)",
        "xor/LogicalAnd LogicalAnd(b b)",
        "xor/LogicalNot LogicalNot(xor/LogicalAnd)",
        "xor LogicalAnd(xor/LogicalOr xor/LogicalNot)",
    ],
    "~b": ["LogicalNot LogicalNot(b)"],
    "-x": ["Neg Neg(x)"],
    "abs(x)": ["Abs Abs(x)"],
    "abs(c)": ["Abs ComplexAbs(c)"],
    "x < 3": ["Less/y Const()", "Less Less(x Less/y)"],
    "3 < x": ["Greater/y Const()", "Greater Greater(x Greater/y)"],
    "x >= x": ["GreaterEqual GreaterEqual(x x)"],
    "s + 'a'": ["add/y Const()", "add Add(s add/y)"],
    "np.ones((2, 2), 'f') @ x": ["matmul/x Const()", "matmul MatMul(matmul/x x)"],
    "x + np.ones(3)": ["add/y Const()", "add AddV2(x add/y)"],
}


def operands() -> dict[str, tf.Tensor]:
    types = {"i": tf.int32, "b": tf.bool, "s": tf.string, "c": tf.complex64}
    made = {"x": tf.placeholder(tf.float32, [2, 3], name="x")}
    made.update({name: tf.placeholder(dtype, [3], name=name) for name, dtype in types.items()})
    return made


@pytest.mark.parametrize("expression", OPERATORS)
def test_operator_makes_tensorflows_nodes(expression: str) -> None:
    eval(expression, {"np": np, **operands()})
    assert nodes(5) == OPERATORS[expression]


REFUSED = {
    "x * i": (
        TypeError,
        "Input 'y' of 'Mul' Op has type int32 that does not match type float32 of argument 'x'.",
    ),
    "i * 1.5": (
        TypeError,
        "Input 'y' of 'Mul' Op has type float32 that does not match type int32 of argument 'x'.",
    ),
    "1.5 * i": (TypeError, "Expected int32, got 1.5 of type 'float' instead."),
    "x / i": (TypeError, "x and y must have the same dtype, got tf.float32 != tf.int32"),
    "i <= 2.5": (
        TypeError,
        "Expected int32 passed to parameter 'y' of op 'LessEqual', got 2.5 of type 'float' "
        "instead. Error: Expected int32, got 2.5 of type 'float' instead.",
    ),
    "x + None": (ValueError, "None values not supported."),
    "tf.matmul(x, x)": (
        ValueError,
        "Dimensions must be equal, but are 3 and 2 for 'MatMul' (op: 'MatMul') with input shapes: "
        "[2,3], [2,3].",
    ),
    "tf.matmul(x, x, transpose_b=True, adjoint_b=True)": (
        ValueError,
        "Only one of transpose_b and adjoint_b can be True.",
    ),
    "tf.reduce_sum(x, 5)": (
        ValueError,
        "Invalid reduction dimension 5 for input with 2 dimensions. for 'Sum' (op: 'Sum') with "
        "input shapes: [2,3], [] and with computed input tensors: input[1] = <5>.",
    ),
    "tf.reduce_sum(x, 1, reduction_indices=[1])": (
        ValueError,
        "Cannot specify both 'reduction_indices' and 'axis'",
    ),
    "tf.reduce_sum(x, keepdims=True, keep_dims=True)": (
        ValueError,
        "Cannot specify both 'keep_dims' and 'keepdims'",
    ),
    "tf.argmax(x, 5)": (
        ValueError,
        "Dimension (5) must be in the range [-2, 2), where 2 is the number of dimensions in the "
        "input. for 'ArgMax' (op: 'ArgMax') with input shapes: [2,3], [] and with computed input "
        "tensors: input[1] = <5>.",
    ),
    "tf.range(3, 0)": (
        ValueError,
        "Requires start <= limit when delta > 0: 3/0 for 'range' (op: 'Range') with input shapes: "
        "[], [], [] and with computed input tensors: input[0] = <3>, input[1] = <0>, "
        "input[2] = <1>.",
    ),
    "tf.scalar_mul(i, x)": (
        ValueError,
        "Tensor conversion requested dtype float32 for Tensor with dtype int32: <tf.Tensor 'i:0' "
        "shape=(3,) dtype=int32>",
    ),
    "tf.where(b, x)": (ValueError, "x and y must both be non-None or both be None."),
    "tf.add_n([])": (
        ValueError,
        "inputs must be a list of at least one Tensor/IndexedSlices with the same dtype and shape",
    ),
    "tf.complex(x, tf.zeros([3], tf.float64))": (
        TypeError,
        "real and imag have incorrect types: float32 float64",
    ),
    "tf.conj(s)": (TypeError, "Expected numeric or variant tensor, got dtype tf.string"),
    "tf.global_norm(x)": (TypeError, "t_list should be a sequence"),
    "tf.norm(x, 'fro')": (ValueError, "'ord' must be a supported vector norm, got fro"),
    "tf.norm(x, axis=[0])": (
        ValueError,
        "'axis' must be None, an integer, or a tuple of 2 unique integers",
    ),
    "tf.clip_by_value(i[0], [1, 2, 3], 5)": (
        ValueError,
        "Shapes () and (3,) are not compatible",
    ),
    "tf.bitcast(tf.zeros([3], tf.uint8), tf.float32)": (
        ValueError,
        "Cannot bitcast due to shape. 3 does not match 4 for 'Bitcast' (op: 'Bitcast') with input "
        "shapes: [3].",
    ),
    "tf.einsum('ij,jk->iz', x, x)": (
        ValueError,
        "Cannot reshape a tensor with 6 elements to shape [3,3] (9 elements) for 'einsum/Reshape' "
        "(op: 'Reshape') with input shapes: [2,3], [2] and with input tensors computed as partial "
        "shapes: input[1] = [3,3].",
    ),
    "tf.einsum('iij->j', x)": (
        ValueError,
        "Subscript not supported: an axis appears more than once: iij",
    ),
    "tf.tensordot(x, x, [[1], [0, 1]])": (
        ValueError,
        "Different number of contraction axes 'a' and 'b', 1 != 2.",
    ),
}


@pytest.mark.parametrize("expression", REFUSED)
def test_definition_is_refused_with_tensorflows_message(expression: str) -> None:
    kind, message = REFUSED[expression]
    with pytest.raises(kind) as caught:
        eval(expression, {"tf": tf, "np": np, **operands()})
    assert type(caught.value) is kind
    assert first_line(caught.value) == message


class Opaque:
    """An object that no tensor can be made of, with its own idea of adding tensors."""

    def __radd__(self, other: Any) -> str:
        return f"{other.name} and me"

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("no array")


def test_operator_leaves_what_it_cannot_convert_to_the_other_operand() -> None:
    assert tf.constant(1.0, name="x") + Opaque() == "x:0 and me"
    with pytest.raises(TypeError):
        tf.constant(1.0) - Opaque()


REDUCTIONS = {
    "tf.reduce_sum(x)": ["Const Const()", "Sum Sum(x Const)"],
    "tf.reduce_sum(x, 1)": ["Sum/reduction_indices Const()", "Sum Sum(x Sum/reduction_indices)"],
    "tf.reduce_mean([1.0, 2.0])": [
        "Rank/Const Const()",
        "Rank Const()",
        "range/start Const()",
        "range/delta Const()",
        "range Range(range/start Rank range/delta)",
        "Mean/input Const()",
        "Mean Mean(Mean/input range)",
    ],
    "tf.reduce_any(b, name='any')": ["Const Const()", "any Any(b Const)"],
    "tf.count_nonzero(x)": [
        "count_nonzero/zeros Const()",
        "count_nonzero/NotEqual NotEqual(x count_nonzero/zeros)",
        "count_nonzero/Cast Cast(count_nonzero/NotEqual)",
        "count_nonzero/Const Const()",
        "count_nonzero/Sum Sum(count_nonzero/Cast count_nonzero/Const)",
    ],
    "tf.clip_by_value(x, -1.0, 1.0)": [
        "clip_by_value/Minimum/y Const()",
        "clip_by_value/Minimum Minimum(x clip_by_value/Minimum/y)",
        "clip_by_value/y Const()",
        "clip_by_value Maximum(clip_by_value/Minimum clip_by_value/y)",
    ],
    "tf.saturate_cast(x, tf.uint8)": [
        "saturate_cast/min Const()",
        "saturate_cast/Maximum Maximum(x saturate_cast/min)",
        "saturate_cast/max Const()",
        "saturate_cast/Minimum Minimum(saturate_cast/Maximum saturate_cast/max)",
        "saturate_cast Cast(saturate_cast/Minimum)",
    ],
    "tf.cast(x, tf.float32)": [],
    "tf.round(i)": [],
    "tf.real(x)": [],
    "tf.add_n([x])": [],
    "tf.matmul(x, tf.placeholder(tf.float32, None, name='y'))": [
        "y Placeholder()",
        "MatMul BatchMatMulV2(x y)",
    ],
    "tf.einsum('ij,kj->ik', x, x)": [
        "einsum/transpose/perm Const()",
        "einsum/transpose Transpose(x einsum/transpose/perm)",
        "einsum/MatMul MatMul(x einsum/transpose)",
    ],
}


@pytest.mark.parametrize("expression", REDUCTIONS)
def test_function_makes_tensorflows_nodes(expression: str) -> None:
    eval(expression, {"tf": tf, **operands()})
    assert nodes(5) == REDUCTIONS[expression]


def test_shapes_of_a_reduction_are_worked_out_once_for_a_graph() -> None:
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.gradients(tf.reduce_sum(x, 1), x)
    start = len(nodes())
    tf.gradients(tf.reduce_sum(x, 1), x)
    assert nodes(start)[5:] == [
        "gradients_1/Sum_1_grad/Reshape/shape Const()",
        "gradients_1/Sum_1_grad/Reshape Reshape(gradients_1/Fill "
        "gradients_1/Sum_1_grad/Reshape/shape)",
        "gradients_1/Sum_1_grad/Tile/multiples Const()",
        "gradients_1/Sum_1_grad/Tile Tile(gradients_1/Sum_1_grad/Reshape "
        "gradients_1/Sum_1_grad/Tile/multiples)",
    ]
