"""What broadcasting means for gradients: which axes of a gradient are summed for which operand."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import evaluate
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, TensorShape, as_shape, broadcast_size, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shapes_of_tensors import shape


def incompatible(x: Any, y: Any) -> errors.InvalidArgumentError:
    """The error of operands whose shapes do not broadcast."""
    message = f"Incompatible shapes: {format_shape(tuple(x))} vs. {format_shape(tuple(y))}"
    return errors.InvalidArgumentError(None, None, message)


class BroadcastGradientArgs(Op):
    """For two shapes that broadcast: the axes over which each operand's gradient is summed."""

    inputs, outputs = ("s0: T", "s1: T"), ("r0: T", "r1: T")
    T: DType = attr(INT32, INT64, default=INT32)

    backward = None

    def infer(self, s0: Shape, s1: Shape) -> list[Shape]:
        return [(None,), (None,)]

    def forward(self, np: Any, s0: Any, s1: Any) -> Any:
        rank = max(s0.size, s1.size)
        x = [1] * (rank - s0.size) + s0.tolist()
        y = [1] * (rank - s1.size) + s1.tolist()
        for m, n in zip(x, y, strict=True):
            if m != n and 1 not in (m, n):
                raise incompatible(s0.tolist(), s1.tolist())
        if s0.tolist() == s1.tolist():
            return np.zeros(0, s0.dtype), np.zeros(0, s0.dtype)
        # An axis of size 1 in both is summed in both, as TensorFlow does; the sum changes nothing.
        first = [axis for axis, size in enumerate(x) if size == 1]
        second = [axis for axis, size in enumerate(y) if size == 1]
        return np.array(first, s0.dtype), np.array(second, s0.dtype)


class BroadcastArgs(Op):
    """The shape to which two shapes broadcast."""

    inputs, outputs = ("s0: T", "s1: T"), ("r0: T",)
    T: DType = attr(INT32, INT64, default=INT32)

    def infer(self, s0: Shape, s1: Shape) -> Shape:
        (x,), (y,) = with_rank(s0, 1), with_rank(s1, 1)
        return (None if x is None or y is None else max(x, y),)

    def forward(self, np: Any, s0: Any, s1: Any) -> Any:
        rank = max(s0.size, s1.size)
        x = [1] * (rank - s0.size) + s0.tolist()
        y = [1] * (rank - s1.size) + s1.tolist()
        sizes = [broadcast_size(m, n) for m, n in zip(x, y, strict=True)]
        if -1 in sizes:
            raise incompatible(s0.tolist(), s1.tolist())
        return np.array(sizes, s0.dtype)


@export("broadcast_dynamic_shape")
def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Tensor:
    """The shape to which two shapes broadcast, computed when the graph runs.

    Args:
      shape_x, shape_y: 1-D tensors of int32 or int64, the shapes of the operands.
    """
    return raw.BroadcastArgs(shape_x, shape_y)


@export("broadcast_static_shape")
def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The shape to which two static shapes broadcast; raises ValueError where they do not."""
    x, y = as_shape(shape_x), as_shape(shape_y)
    if x is None or y is None:
        return TensorShape(None)
    rank = max(len(x), len(y))
    sizes = [
        broadcast_size(m, n)
        for m, n in zip((1,) * (rank - len(x)) + x, (1,) * (rank - len(y)) + y, strict=True)
    ]
    if -1 in sizes:
        raise ValueError(
            f"Incompatible shapes for broadcasting: {TensorShape(x)} and {TensorShape(y)}"
        )
    return TensorShape(sizes)


def same_static_shape(x: Tensor, y: Tensor, gradient: Any) -> bool:
    """Whether operands and gradient are known to have one shape, so that nothing was broadcast."""
    return (
        isinstance(gradient, Tensor)
        and x._shape == y._shape == gradient._shape
        and is_fully_defined(x._shape)
    )


class Unbroadcast:
    """How the gradients of two operands come back to the operands' shapes.

    Where both shapes are fully known the axes are constants, and an operand whose gradient already
    has its shape is left alone; else, and for IndexedSlices, nodes work the axes out.
    """

    __slots__ = ("_axes", "_needed", "_shapes")

    def __init__(self, x: Tensor, y: Tensor, gradient: Any) -> None:
        if not isinstance(gradient, Tensor):
            self._shapes: tuple[Any, Any] = (shape(x), shape(y))
            self._axes: tuple[Any, Any] = raw.BroadcastGradientArgs(*self._shapes)
            self._needed = (True, True)
        elif is_fully_defined(x._shape) and is_fully_defined(y._shape):
            self._shapes = (list(x._shape or ()), list(y._shape or ()))
            self._axes = _static_axes(*self._shapes)
            self._needed = (
                x._shape != gradient._shape,
                y._shape != gradient._shape,
            )
        else:
            self._shapes = (raw.Shape(x, name="Shape"), raw.Shape(y, name="Shape"))
            self._axes = raw.BroadcastGradientArgs(*self._shapes)
            self._needed = (True, True)

    def x(self, gradient: Tensor) -> Tensor:
        """The gradient of the first operand in its shape."""
        return self._reduced(0, gradient)

    def y(self, gradient: Tensor) -> Tensor:
        """The gradient of the second operand in its shape."""
        return self._reduced(1, gradient)

    def _reduced(self, index: int, gradient: Tensor) -> Tensor:
        if not self._needed[index]:
            return gradient
        shape = self._shapes[index]
        total = raw.Sum(gradient, self._axes[index])
        if isinstance(shape, Tensor):
            return raw.Reshape(total, shape)
        with name_scope("Reshape") as name:
            return raw.Reshape(total, constant(shape, INT32, name="shape"), name=name)


def _static_axes(x_shape: list[Any], y_shape: list[Any]) -> tuple[Any, Any]:
    """The axes of known shapes; the nodes that tell them are made once in a graph, as TF does."""
    known = get_default_graph().attachments.setdefault("broadcast axes", {})
    key = (tuple(x_shape), tuple(y_shape))
    if key not in known:
        with name_scope("BroadcastGradientArgs") as name:
            s0 = constant(x_shape, INT32, name="s0")
            s1 = constant(y_shape, INT32, name="s1")
            axes = raw.BroadcastGradientArgs(s0, s1, name=name)
        known[key] = (evaluate(axes[0]), evaluate(axes[1]))
    return known[key]


class BroadcastNodes:
    """As `Unbroadcast`, but the axes always come from nodes and every gradient is summed."""

    __slots__ = ("axes", "shapes")

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.shapes = shape(x), shape(y)
        self.axes = raw.BroadcastGradientArgs(*self.shapes)

    def x(self, gradient: Tensor) -> Tensor:
        """The gradient of the first operand in its shape."""
        return raw.Reshape(raw.Sum(gradient, self.axes[0]), self.shapes[0])

    def y(self, gradient: Tensor) -> Tensor:
        """The gradient of the second operand in its shape."""
        return raw.Reshape(raw.Sum(gradient, self.axes[1]), self.shapes[1])
