"""Strings of one tensor joined along axes or by segments."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.errors import InvalidArgumentError, OutOfRangeError
from tflite_edu.core.export import export
from tflite_edu.core.inference import merge_prefix, reduction_shape, subshape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, concatenate
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.ranges import range as range_of
from tflite_edu.ops.reductions import one_of
from tflite_edu.ops.shapes_of_tensors import rank as rank_of


def _array(np: Any, texts: list[bytes], shape: Any) -> Any:
    joined = np.empty(len(texts), object)
    joined[:] = texts
    return joined.reshape(shape)


class ReduceJoin(Op):
    """Strings joined along some axes, the first one given fastest; a loop over the results."""

    inputs = ("inputs: string", "reduction_indices: int32")
    outputs = ("output: string",)
    infer_from = {"reduction_indices": "value"}
    backward = None
    keep_dims: bool = False
    separator: str = ""

    def infer(self, inputs: Shape, reduction_indices: Any) -> Shape:
        axes = None if reduction_indices is None else reduction_indices.ravel().tolist()
        return reduction_shape(inputs, axes, self.keep_dims)

    def forward(self, np: Any, inputs: Any, reduction_indices: Any) -> Any:
        inputs = np.asarray(inputs, object)
        rank = inputs.ndim
        axes: list[int] = []
        for axis in np.ravel(reduction_indices).tolist():
            if not -rank <= axis < rank:
                raise OutOfRangeError(
                    None,
                    None,
                    f"Invalid reduction dimension {axis} for input with {rank} dimension(s)",
                )
            if axis % rank in axes:
                raise InvalidArgumentError(None, None, f"Duplicate reduction dimension {axis}")
            axes.append(axis % rank)
        if not axes:
            return np.array(inputs)
        kept = [axis for axis in range(rank) if axis not in axes]
        turned = inputs.transpose(kept + axes[::-1])
        shape = [inputs.shape[axis] for axis in kept]
        count = int(np.prod(shape, dtype=np.int64))
        width = int(np.prod([inputs.shape[axis] for axis in axes], dtype=np.int64))
        separator = self.separator.encode()
        rows = turned.reshape(count, width)
        if self.keep_dims:
            shape = [1 if axis in axes else inputs.shape[axis] for axis in range(rank)]
        return _array(np, [separator.join(row) for row in rows], shape)


@export("reduce_join", "strings.reduce_join")
def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: Any = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: Any = None,
) -> Tensor:
    """Strings joined along some axes.

    Args:
      inputs: strings.
      axis: the axis or axes, each in [-rank, rank); among the strings
        that are joined, the position in the first axis listed changes fastest. None joins all in
        row-major order.
      keep_dims, keepdims: whether a reduced axis stays, with size 1.
      separator: what is between two strings.
      reduction_indices: an older name of `axis`.

    Raises ValueError where an argument is given by both names or an axis is out of range; in a run
    InvalidArgumentError where an axis is there twice.
    """
    keep_dims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(None, "ReduceJoin", [inputs, axis]):
        inputs = convert_to_tensor(inputs, dtype=dtypes.string)
        if axis is None:
            count = inputs.get_shape().ndims
            if count is None:
                axis = range_of(rank_of(inputs) - 1, -1, -1)
            else:
                axis = constant([*reversed(range(count))], dtypes.int32)
        return raw.ReduceJoin(
            inputs, axis, keep_dims=bool(keep_dims), separator=separator, name=name
        )


class UnsortedSegmentJoin(Op):
    """Strings of each segment joined, in their order; a loop over them."""

    inputs = ("inputs: string", "segment_ids: Tindices", "num_segments: Tnumsegments")
    outputs = ("output: string",)
    infer_from = {"num_segments": "value"}
    value_shapes = {"num_segments": ()}
    separator: str = ""
    Tindices: DType = attr(INT32, INT64)
    Tnumsegments: DType = attr(INT32, INT64, default=INT32)

    def infer(self, inputs: Shape, segment_ids: Shape, num_segments: Any) -> Shape:
        if inputs is None or segment_ids is None:
            return None
        count = None if num_segments is None else int(num_segments)
        inputs, _ = merge_prefix(inputs, segment_ids)
        return concatenate((count,), subshape(inputs, len(segment_ids)))

    def forward(self, np: Any, inputs: Any, segment_ids: Any, num_segments: Any) -> Any:
        count = int(num_segments)
        if np.shape(inputs)[: np.ndim(segment_ids)] != np.shape(segment_ids):
            raise InvalidArgumentError(
                None, None, "Segment_id and input shape must be the same up to segment rank."
            )
        segments = np.ravel(segment_ids)
        if ((segments < 0) | (segments >= count)).any():
            raise InvalidArgumentError(
                None,
                None,
                "segment_ids are not allowed to exceed num_segments or to have negative values.",
            )
        rest = inputs.shape[np.ndim(segment_ids) :]
        width = int(np.prod(rest, dtype=np.int64))
        rows = inputs.reshape(len(segments), width)
        members = [np.flatnonzero(segments == number) for number in range(count)]
        separator = self.separator.encode()
        texts = [separator.join(rows[m, column]) for m in members for column in range(width)]
        return _array(np, texts, (count, *rest))


@export("strings.unsorted_segment_join")
def unsorted_segment_join(
    inputs: Any,
    segment_ids: Any,
    num_segments: Any,
    separator: str = "",
    name: str | None = None,
) -> Tensor:
    """The strings of each segment joined: `[num_segments, ...]`, "" for an empty one.

    Args:
      inputs: strings, `[*segment_ids.shape, ...]`.
      segment_ids: int32 or int64 in [0, num_segments): which segment.
      num_segments: how many segments.
      separator: what is between two strings.

    A run raises InvalidArgumentError where a segment is out of range.
    """
    return raw.UnsortedSegmentJoin(
        inputs, segment_ids, num_segments, separator=separator, name=name
    )
