"""Checks that fail while a graph runs: tf.Assert, tf.check_numerics."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.convert import convert_all, convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.op import Op, attr
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import colocate_with, control_dependencies, name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.control import group, no_op, with_dependencies
from tflite_edu.ops.value_text import flat_summary


class Assert(Op):
    """Fails where a condition is false, with the values of other tensors in the message."""

    inputs = ("condition: bool", "data: T")
    effect = "check"
    stateful = True
    T: list[DType] = attr(minimum=1)
    summarize: int = 3

    backward = None

    def infer(self, condition: Shape, data: list[Shape]) -> list[Any]:
        return []

    def forward(self, host: Any, condition: Any, data: list[Any]) -> list[Any]:
        if not condition:
            texts = [f"[{flat_summary(host.np.asarray(d), self.summarize)}]" for d in data]
            raise errors.InvalidArgumentError(None, None, f"assertion failed: {' '.join(texts)}")
        return []


@export("Assert", "debugging.Assert")
def assert_that(
    condition: Any, data: Any, summarize: int | None = None, name: str | None = None
) -> Operation:
    """A node that raises InvalidArgumentError where `condition`, a bool scalar, is false.

    The message shows the first `summarize` elements (3; all if negative) of each tensor in the list
    `data`. Where some of them are neither strings nor int32 they are only looked at if the
    condition is false. Nothing runs the node but a fetch or a control dependency.
    """
    with name_scope(name, "Assert", [condition, data]):
        tensors = convert_all(data)
        if all(t.dtype.base_dtype in (dtypes.string, dtypes.int32) for t in tensors):
            return raw.Assert(condition, data, summarize=summarize)
        condition = convert_to_tensor(condition, name="Condition")

        def fail() -> Operation:
            return raw.Assert(condition, data, summarize=summarize)

        guarded: Tensor = cond(condition, no_op, fail, name="AssertGuard")
        return guarded.op


class CheckNumerics(Op):
    """Its input, all of whose elements must be finite."""

    inputs, outputs = ("tensor: T",), ("output: T",)
    effect = "check"
    stateful = True
    may_alias = True
    T: DType = attr(BFLOAT16, HALF, FLOAT, DOUBLE)
    message: str

    def infer(self, tensor: Shape) -> Shape:
        return tensor

    def forward(self, host: Any, tensor: Any) -> Any:
        np = host.np
        if not np.isfinite(tensor).all():
            found = [("Inf", np.isinf(tensor).any()), ("NaN", np.isnan(tensor).any())]
            kinds = " and ".join(kind for kind, is_there in found if is_there)
            raise errors.InvalidArgumentError(
                None, None, f"{self.message} : Tensor had {kinds} values"
            )
        return tensor

    def backward(self, op: Operation, doutput: Any) -> Any:
        # TensorFlow writes the bytes of the message as Python shows bytes, and so do we.
        return raw.CheckNumerics(
            doutput,
            message="Not a number (NaN) or infinity (Inf) values detected in gradient. "
            f"{op.get_attr('message')}",
        )


@export("check_numerics", "debugging.check_numerics")
def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """`tensor`, which raises InvalidArgumentError where an element is infinite or not a number.

    The error says `message`, then what was found. Gradients are checked in the same way.
    """
    return raw.CheckNumerics(tensor, message=message, name=name)


@export("verify_tensor_all_finite", "debugging.assert_all_finite")
def verify_tensor_all_finite(
    t: Any = None, msg: Any = None, name: str | None = None, x: Any = None, message: Any = None
) -> Tensor:
    """`x` (or `t`, its old name), checked as by `check_numerics` with `message` (or `msg`).

    The gradient is not checked. Raises ValueError where both names of an argument are given.
    """
    for old, new, names in ((t, x, "'t' and 'x'"), (msg, message, "'msg' and 'message'")):
        if old is not None and new is not None:
            raise ValueError(f"Cannot specify both {names}")
    x = t if x is None else x
    message = msg if message is None else message
    with name_scope(name, "VerifyFinite", [x]):
        x = convert_to_tensor(x, name="x")
        with colocate_with(x):
            checked = raw.CheckNumerics(x, message=message)
            return with_dependencies([checked], x)


@export("add_check_numerics_ops")
def add_check_numerics_ops() -> Operation:
    """A node that checks every floating-point tensor of the default graph, in creation order.

    Raises ValueError where the graph has conditionals.
    """
    checks: list[Tensor] = []
    for op in get_default_graph().get_operations():
        for output in op._outputs:
            if output.dtype not in (dtypes.float16, dtypes.float32, dtypes.float64):
                continue
            if op._control_flow_context is not None:
                raise ValueError(
                    "`tf.add_check_numerics_ops() is not compatible with TensorFlow control flow "
                    "operations such as `tf.cond()` or `tf.while_loop()`."
                )
            with control_dependencies(checks):
                checks = [check_numerics(output, output.name)]
    return group(*checks)
