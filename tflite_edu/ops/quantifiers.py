"""Reductions of booleans: whether all, whether any of them are true."""

from __future__ import annotations

import typing

from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.raw import apply
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reductions import Reduction, reduction


class _Quantifier(Reduction, abstract=True):
    inputs, outputs = ("input: bool", "reduction_indices: Tidx"), ("output: bool",)
    Tidx: DType = attr(INT32, INT64, default=INT32)


class All(_Quantifier):
    """Whether all elements over some axes are true."""

    def reduce(self, np: typing.Any, x: typing.Any, axes: tuple[int, ...]) -> typing.Any:
        return np.all(x, axes, keepdims=self.keep_dims)


def _all(x: typing.Any, axis: typing.Any, keep_dims: bool, name: str | None) -> typing.Any:
    return apply(All, (x, axis), {"keep_dims": keep_dims}, name)


@export("math.reduce_all", "reduce_all")
def reduce_all(
    input_tensor: typing.Any,
    axis: typing.Any = None,
    keepdims: typing.Any = None,
    name: str | None = None,
    reduction_indices: typing.Any = None,
    keep_dims: typing.Any = None,
) -> Tensor:
    """Whether all elements over some axes are true; true where there are none.

    `input_tensor` holds booleans; the other arguments and the errors are those of `reduce_sum`.
    """
    return reduction(_all, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


class Any(_Quantifier):
    """Whether any element over some axes is true."""

    def reduce(self, np: typing.Any, x: typing.Any, axes: tuple[int, ...]) -> typing.Any:
        return np.any(x, axes, keepdims=self.keep_dims)


def _any(x: typing.Any, axis: typing.Any, keep_dims: bool, name: str | None) -> typing.Any:
    return apply(Any, (x, axis), {"keep_dims": keep_dims}, name)


@export("math.reduce_any", "reduce_any")
def reduce_any(
    input_tensor: typing.Any,
    axis: typing.Any = None,
    keepdims: typing.Any = None,
    name: str | None = None,
    reduction_indices: typing.Any = None,
    keep_dims: typing.Any = None,
) -> Tensor:
    """Whether any element over some axes is true; false where there are none.

    `input_tensor` holds booleans; the other arguments and the errors are those of `reduce_sum`.
    """
    return reduction(_any, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)
