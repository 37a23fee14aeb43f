"""Nodes that hand on their input as it is, and differ in what a gradient makes of them."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape, as_shape, is_compatible
from tflite_edu.core.tensor import Tensor


class _Same(Op, abstract=True):
    """Its input."""

    inputs, outputs = ("input: T",), ("output: T",)
    may_alias = True

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        return input


class Identity(_Same):
    """Its input, under a name of its own."""

    T: DType

    def handles(self, op: Any) -> list[Any]:
        """What is behind a resource handle, the same as behind the input."""
        return [op.inputs[0].handle]

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return doutput


@export("identity")
def identity(input: Any, name: str | None = None) -> Tensor:
    """A tensor with the shape and value of `input`: another node, so another name.

    For a variable it is the value at the moment when this node runs.
    """
    return raw.Identity(input, name=name)


class IdentityN(Op):
    """Each of its inputs; all of them are there before any output is."""

    inputs, outputs = ("input: T",), ("output: T",)
    may_alias = True
    T: list[DType] = attr(minimum=1)

    def infer(self, input: list[Shape]) -> list[Shape]:
        return input

    def forward(self, np: Any, input: list[Any]) -> list[Any]:
        return input

    def backward(self, op: Any, *doutputs: Tensor) -> list[Tensor]:
        return list(doutputs)


@export("identity_n")
def identity_n(input: list[Any], name: str | None = None) -> list[Tensor]:
    """Tensors with the shapes and values of those of a list, which may be of several types."""
    return raw.IdentityN(input, name=name)


class StopGradient(_Same):
    """Its input, as a constant to every gradient."""

    T: DType
    backward = None


@export("stop_gradient")
def stop_gradient(input: Any, name: str | None = None) -> Tensor:
    """A tensor with the value of `input` that gradients take for a constant."""
    return raw.StopGradient(input, name=name)


class PreventGradient(_Same):
    """Its input; asking for a gradient through it is an error that says `message`."""

    T: DType
    message: str = ""

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        # TensorFlow shows the bytes of the message as Python shows bytes, and so do we.
        raise LookupError(f"Gradient explicitly disabled. Reason: {op.get_attr('message')!r}")


class Snapshot(_Same):
    """Its input, as it is when this node runs."""

    may_alias = False
    T: DType

    def forward(self, np: Any, input: Any) -> Any:
        return input.copy()


class DeepCopy(_Same):
    """A copy of its input in memory of its own."""

    inputs, outputs = ("x: T",), ("y: T",)
    stateful = True
    may_alias = False
    T: DType

    def infer(self, x: Shape) -> Shape:
        return x

    def forward(self, np: Any, x: Any) -> Any:
        return x.copy()


class GuaranteeConst(_Same):
    """Its input, which the script promises never to change."""

    stateful = True
    T: DType


@export("guarantee_const")
def guarantee_const(input: Any, name: str | None = None) -> Tensor:
    """A tensor with the value of `input`, which the caller promises is the same in every run."""
    return raw.GuaranteeConst(input, name=name)


class EnsureShape(Op):
    """Its input, which must have a shape that is known in part."""

    inputs, outputs = ("input: T",), ("output: T",)
    may_alias = True
    shape: Shape
    T: DType

    def infer(self, input: Shape) -> Shape:
        return merge(self.shape, input)

    def forward(self, np: Any, input: Any) -> Any:
        if not is_compatible(input.shape, self.shape):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Shape of tensor {format_shape(input.shape)} is not compatible with expected "
                f"shape {format_shape(self.shape)}.",
            )
        return input

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return doutput


@export("ensure_shape")
def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Tensor:
    """`x`, known from here on to have `shape`.

    Raises ValueError where that contradicts what is known, and InvalidArgumentError in a run whose
    value has another shape.
    """
    return raw.EnsureShape(x, shape=as_shape(shape), name=name)
