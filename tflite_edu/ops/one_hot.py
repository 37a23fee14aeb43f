"""Numbers as vectors that mark a place: one-hot codes, masks of lengths."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, UINT8, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.shape_checks import scalar_size


class OneHot(Op):
    """A new axis of `depth` elements: `on_value` where an index points, else `off_value`."""

    inputs = ("indices: TI", "depth: int32", "on_value: T", "off_value: T")
    outputs = ("output: T",)
    axis: int = -1
    T: DType
    TI: DType = attr(UINT8, INT32, INT64, default=INT64)
    infer_from = {"depth": "value"}
    backward = None

    def infer(self, indices: Shape, depth: Any, on_value: Shape, off_value: Shape) -> Shape:
        if self.axis < -1:
            raise ShapeError("axis must be >= -1", read=())
        size = scalar_size(depth, 1)
        if indices is None:
            return None
        rank = len(indices) + 1
        place = (self.axis + rank) % rank
        return (*indices[:place], size, *indices[place:])

    def forward(self, np: Any, indices: Any, depth: Any, on_value: Any, off_value: Any) -> Any:
        rank = indices.ndim + 1
        if not -1 <= self.axis < rank:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Expected axis to be -1 or between [0, {rank}).  But received: {self.axis}",
            )
        if depth < 0:
            raise errors.InvalidArgumentError(
                None, None, f"depth must be non-negative, got: {depth}"
            )
        places = np.arange(depth).reshape([-1 if i == self.axis % rank else 1 for i in range(rank)])
        return np.where(np.expand_dims(indices, self.axis) == places, on_value, off_value)


@export("one_hot")
def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """A new axis `axis` (the last) of `depth` elements, which marks the place each index names.

    An element is `on_value` (1) there and `off_value` (0) elsewhere, all of it where an index is
    out of range. The type is `dtype`, else that of the values, else float32. Raises TypeError where
    these differ.
    """
    with name_scope(name, "one_hot", [indices, depth, on_value, off_value, axis, dtype]) as scope:
        on_type = None if on_value is None else convert_to_tensor(on_value).dtype.base_dtype
        off_type = None if off_value is None else convert_to_tensor(off_value).dtype.base_dtype
        wanted = None if dtype is None else dtypes.as_dtype(dtype)
        if wanted is not None:
            for which, given in (("on_value", on_type), ("off_value", off_type)):
                if given is not None and given != wanted:
                    raise TypeError(
                        f"dtype {given} of {which} does not match dtype parameter {wanted}"
                    )
        else:
            wanted = on_type or off_type or dtypes.float32
        if on_value is None:
            on_value = convert_to_tensor(1, wanted, name="on_value")
            on_type = wanted
        if off_value is None:
            off_value = convert_to_tensor(0, wanted, name="off_value")
            off_type = wanted
        if on_type != off_type:
            raise TypeError(
                f"dtype {on_type} of on_value does not match dtype {off_type} of off_value"
            )
        return raw.OneHot(indices, depth, on_value, off_value, axis=axis, name=scope)


@export("sequence_mask")
def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool, name: str | None = None
) -> Tensor:
    """Masks of lengths: of `lengths` [...] a tensor [..., maxlen], true at the first places.

    `maxlen` is a scalar, by default the greatest length. Raises ValueError where it is none.
    """
    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert_to_tensor(lengths)
        if maxlen is None:
            longest = raw.Max(lengths, _all_axes(lengths))
            maxlen = raw.Maximum(constant(0, dtype=longest.dtype), longest)
        else:
            maxlen = convert_to_tensor(maxlen)
        if maxlen._rank not in (None, 0):
            raise ValueError("maxlen must be scalar for sequence_mask")
        first, step = constant(0, dtype=maxlen.dtype), constant(1, dtype=maxlen.dtype)
        places = raw.Range(first, maxlen, step)
        result: Tensor = places < raw.Cast(expand_dims(lengths, -1), DstT=maxlen.dtype)
        if dtype is None or dtypes.as_dtype(dtype).base_dtype is result.dtype:
            return result
        return raw.Cast(result, DstT=dtypes.as_dtype(dtype))


def _all_axes(tensor: Tensor) -> Tensor:
    if tensor._rank is not None:
        return constant(list(range(tensor._rank)), dtype=dtypes.int32)
    return raw.Range(0, raw.Rank(tensor), 1, name="range")
