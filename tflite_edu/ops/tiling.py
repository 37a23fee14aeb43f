"""A tensor repeated along its axes: tiles, broadcasting, grids of coordinates."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.inference import (
    ShapeError,
    format_shape,
    multiply_dims,
    with_rank,
    with_rank_at_most,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import ones
from tflite_edu.ops.packing import stack
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape_tensor, size_tensor


class Tile(Op):
    """A tensor repeated `multiples[i]` times along each axis i."""

    inputs, outputs = ("input: T", "multiples: Tmultiples"), ("output: T",)
    T: DType
    Tmultiples: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"multiples": "partial"}

    def infer(self, input: Shape, multiples: Shape) -> Shape:
        if multiples is None:
            return None if input is None else (None,) * len(input)
        if input is not None:
            with_rank(multiples, len(input))
        sizes = with_rank(input, len(multiples))
        return tuple([multiply_dims(m, n) for m, n in zip(sizes, multiples, strict=True)])

    def forward(self, np: Any, input: Any, multiples: Any) -> Any:
        if multiples.shape != (input.ndim,):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Expected multiples argument to be a vector of length {input.ndim} but got length "
                f"{multiples.size}",
            )
        for axis, count in enumerate(multiples.tolist()):
            if count < 0:
                raise errors.InvalidArgumentError(
                    None, None, f"Expected multiples[{axis}] >= 0, but got {count}"
                )
        return np.array(np.tile(input, multiples.tolist()))

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        input, multiples = op.inputs
        shape = shape_tensor(input, out_type=multiples.dtype)
        # Every axis becomes two, over its tiles and within a tile; the former are summed.
        split = raw.Reshape(transpose(stack([multiples, shape])), [-1])
        over_tiles = raw.Range(0, size_tensor(split), 2, name="range")
        if isinstance(doutput, IndexedSlices):
            length = shape[0]
            rows = raw.FloorMod(doutput.indices, length)
            doutput = raw.UnsortedSegmentSum(doutput.values, rows, length)
            split = raw.ConcatV2([[1], split[1:]], 0, name="concat")
        grad = raw.Sum(raw.Reshape(doutput, split), over_tiles)
        grad.set_shape(input.get_shape())
        return [grad, None]


@export("tile", "manip.tile")
def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """`input` repeated `multiples[i]` times along each axis i.

    Raises ValueError where `multiples` has not one number for each axis, InvalidArgumentError in a
    run where one is negative.
    """
    return raw.Tile(input, multiples, name=name)


class BroadcastTo(Op):
    """A tensor repeated along its axes of one element, and along new first axes, up to a shape."""

    inputs, outputs = ("input: T", "shape: Tidx"), ("output: T",)
    T: DType
    Tidx: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"shape": "partial"}

    def infer(self, input: Shape, shape: Shape) -> Shape:
        if shape is None or input is None:
            return shape
        with_rank_at_most(input, len(shape))
        added = len(shape) - len(input)
        sizes = list(shape[:added])
        for given, wanted in zip(input, shape[added:], strict=True):
            if given is None or given == 1 or given == wanted:
                sizes.append(wanted)
            elif wanted is None:
                sizes.append(given)
            else:
                raise ShapeError(f"Dimensions must be equal, but are {given} and {wanted}")
        return tuple(sizes)

    def forward(self, np: Any, input: Any, shape: Any) -> Any:
        sizes = tuple(shape.tolist())
        if input.ndim > len(sizes):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Rank of input ({input.ndim}) must be no greater than rank of output shape "
                f"({len(sizes)}).",
            )
        for given, wanted in zip(input.shape, sizes[len(sizes) - input.ndim :], strict=True):
            if given not in (1, wanted):
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Incompatible shapes: {format_shape(input.shape)} vs. {format_shape(sizes)}",
                )
        return np.array(np.broadcast_to(input, sizes))

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        input, shape = op.inputs
        input_shape = shape_tensor(input)
        _, axes = raw.BroadcastGradientArgs(shape, input_shape)
        return [raw.Reshape(raw.Sum(doutput, axes, keep_dims=True), input_shape), None]


@export("broadcast_to")
def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """`input` repeated up to `shape` by numpy's rule of broadcasting.

    Raises ValueError where an axis has neither one element nor as many as `shape` says.
    """
    return raw.BroadcastTo(input, shape, name=name)


@export("meshgrid")
def meshgrid(*args: Any, **kwargs: Any) -> list[Tensor]:
    """The coordinates of the points of a grid over vectors: one tensor for each of them.

    Of vectors of n0, n1, n2 ... elements each result is [n1, n0, n2, ...], the order of pictures;
    with `indexing="ij"` it is [n0, n1, n2, ...]. `name` names the nodes. Raises ValueError on
    another `indexing`, TypeError on other keywords and on vectors of several types.
    """
    indexing = kwargs.pop("indexing", "xy")
    name = kwargs.pop("name", "meshgrid")
    if kwargs:
        raise TypeError(f"'{next(iter(kwargs))}' is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    with name_scope(name, "meshgrid", args):
        count = len(args)
        along = []
        for i, vector in enumerate(args):
            along.append(reshape(stack(vector), [-1 if i == axis else 1 for axis in range(count)]))
        sizes = [size_tensor(vector) for vector in args]
        dtype = convert_to_tensor(args[0]).dtype.base_dtype
        if indexing == "xy" and count > 1:
            along[0] = reshape(along[0], (1, -1) + (1,) * (count - 2))
            along[1] = reshape(along[1], (-1, 1) + (1,) * (count - 2))
            sizes[0], sizes[1] = sizes[1], sizes[0]
        full = ones(sizes, dtype)
        return [vector * full for vector in along]
