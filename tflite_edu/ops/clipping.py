"""Keeping values, or norms of tensors, within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.inference import format_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import colocate_with, name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones_like
from tflite_edu.ops.ranges import range as sequence
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.shapes_of_tensors import rank, size


class ClipByValue(Op):
    """Each element, kept between two bounds."""

    inputs = ("t: T", "clip_value_min: T", "clip_value_max: T")
    outputs = ("output: T",)
    T: DType = attr(*NUMERIC)

    def infer(self, t: Shape, clip_value_min: Shape, clip_value_max: Shape) -> Shape:
        return t

    def forward(self, np: Any, t: Any, clip_value_min: Any, clip_value_max: Any) -> Any:
        shapes = np.shape(t), np.shape(clip_value_min), np.shape(clip_value_max)
        if any(shape not in ((), shapes[0]) for shape in shapes[1:]):
            raise errors.InvalidArgumentError(
                None,
                None,
                "clip_value_min and clip_value_max must be either of the same shape as input, or "
                f"a scalar. input shape: {format_shape(shapes[0])}clip_value_min shape: "
                f"{format_shape(shapes[1])}clip_value_max shape: {format_shape(shapes[2])}",
            )
        return np.maximum(np.minimum(t, clip_value_max), clip_value_min)


def _values(t: Any, name: str = "t") -> Tensor:
    """The tensor that is clipped: of IndexedSlices the rows."""
    return convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t, name=name)


def _like(t: Any, values: Tensor) -> Any:
    """`values` as IndexedSlices where `t` is."""
    return (
        IndexedSlices(values, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else values
    )


@export("clip_by_value")
def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Each element of `t` kept between two bounds, which broadcast against it.

    Args:
      t: a tensor or IndexedSlices.
      clip_value_min, clip_value_max: scalars, or tensors that broadcast to the shape of `t`.

    Raises:
      ValueError: a bound would give the result another shape than `t` has.
    """
    with name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as name:
        values = _values(t)
        below = raw.Minimum(values, clip_value_max)
        values.shape.merge_with(below.shape)
        within = raw.Maximum(below, clip_value_min, name=name)
        values.shape.merge_with(within.shape)
        return _like(t, within)


@export("clip_by_norm")
def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """`t`, scaled down to the L2 norm `clip_norm` where its norm is greater.

    Args:
      t: a tensor of floats, or IndexedSlices.
      clip_norm: the greatest norm, a positive scalar.
      axes: the axes over which each norm is taken; None takes one of the whole tensor.
    """
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as name:
        values = _values(t)
        total = reduce_sum(values * values, axes, keepdims=True)
        positive = total > 0
        # The root's gradient at 0 is infinite, so it is never taken there.
        safe = raw.Select(positive, total, ones_like(total))
        norm = raw.Select(positive, raw.Sqrt(safe), total)
        scaled = values * clip_norm
        values.shape.merge_with(scaled.shape)
        clipped = raw.Identity(scaled / raw.Maximum(norm, clip_norm), name=name)
        return _like(t, clipped)


@export("clip_by_average_norm")
def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """`t`, scaled down so that its L2 norm divided by its size is at most `clip_norm`."""
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as name:
        t = convert_to_tensor(t, name="t")
        count = cast(size(t), FLOAT)
        inverse = raw.Rsqrt(reduce_sum(t * t, sequence(0, rank(t))))
        scaled = t * clip_norm
        factor = raw.Minimum(inverse * count, constant(1.0) / clip_norm)
        return raw.Identity(scaled * factor, name=name)


@export("linalg.global_norm", "global_norm")
def global_norm(t_list: Any, name: str | None = None) -> Tensor:
    """The L2 norm of all elements of several tensors together: `sqrt(sum(l2norm(t) ** 2))`.

    Args:
      t_list: a sequence of tensors of one dtype, IndexedSlices, and None, which counts nothing.

    Raises:
      TypeError: `t_list` is no sequence.
    """
    t_list = _sequence(t_list)
    with name_scope(name, "global_norm", t_list):
        halves = []
        for value in _each(t_list):
            if value is not None:
                with colocate_with(value):
                    halves.append(raw.L2Loss(value))
        half = reduce_sum(raw.Pack(halves, name="stack") if halves else constant([], name="stack"))
        return raw.Sqrt(half * constant(2.0, dtype=half.dtype), name="global_norm")


def _sequence(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


def _each(t_list: list[Any]) -> list[Tensor | None]:
    return [None if t is None else _values(t, f"t_{i}") for i, t in enumerate(t_list)]


@export("clip_by_global_norm")
def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Tensor]:
    """Several tensors, all scaled by one factor down to the global norm `clip_norm`.

    `t * clip_norm / max(global_norm, clip_norm)` (Pascanu et al., 2013). A norm that is not finite
    makes every element NaN.

    Args:
      t_list: a sequence of tensors of one dtype, IndexedSlices, and None, which stays.
      clip_norm: the greatest global norm, a positive scalar.
      use_norm: the global norm, where it is known already.

    Returns:
      The scaled tensors, and the global norm before.

    Raises:
      TypeError: `t_list` is no sequence.
    """
    t_list = _sequence(t_list)
    norm: Tensor = global_norm(t_list, name) if use_norm is None else use_norm
    with name_scope(name, "clip_by_global_norm", [*t_list, clip_norm]) as name:
        factor = clip_norm * raw.Minimum(1.0 / norm, constant(1.0, dtype=norm.dtype) / clip_norm)
        factor = raw.Select(raw.IsFinite(norm), factor, constant(float("nan"), dtype=norm.dtype))
        clipped: list[Any] = []
        for i, (t, value) in enumerate(zip(t_list, _each(t_list), strict=True)):
            if value is None:
                clipped.append(None)
                continue
            with colocate_with(value):
                scaled = raw.Identity(value * factor, name=f"{name}_{i}")
            clipped.append(_like(t, scaled))
    return clipped, norm
