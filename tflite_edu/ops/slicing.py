"""Parts of a tensor: `x[1:, ..., 0]`, `tf.slice`, `tf.strided_slice`."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import evaluate, partial_value
from tflite_edu.core.dimension import Dimension
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, format_shape, merge, subtract_dims, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import ones_like
from tflite_edu.ops.gathering import boolean_mask
from tflite_edu.ops.packing import stack
from tflite_edu.ops.shape_checks import before_values
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_tensor

newaxis = None

EXPORTS = {"newaxis": "newaxis"}

_VALID_INDICES = (
    "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
    "tf.int32/tf.int64 tensors are valid indices"
)


class Masks(NamedTuple):
    """Which of the indices of a strided slice are special: bit i stands for index i.

    begin and end: the bound is left out. ellipsis: `...`. new_axis: a new axis. shrink_axis: a
    single element, whose axis goes away.
    """

    begin: int = 0
    end: int = 0
    ellipsis: int = 0
    new_axis: int = 0
    shrink_axis: int = 0


class Cut(NamedTuple):
    """What a strided slice does to one axis: `size` elements, `stride` apart, from `begin` on.

    `axis` is None for a new axis, `size` where it is not known before a run; `shrink` takes one
    element and its axis goes away.
    """

    axis: int | None
    begin: int = 0
    stride: int = 1
    size: int | None = None
    shrink: bool = False

    def as_index(self) -> Any:
        """The index that does the same to a numpy array."""
        if self.axis is None:
            return None
        if self.shrink:
            return self.begin
        assert self.size is not None
        if self.size == 0:
            return builtins.slice(0, 0)
        end = self.begin + self.size * self.stride
        return builtins.slice(self.begin, None if end < 0 else end, self.stride)


def strided_cuts(
    shape: tuple[int | None, ...],
    begin: Sequence[int] | None,
    end: Sequence[int] | None,
    strides: Sequence[int],
    masks: Masks,
) -> list[Cut]:
    """What a strided slice does to each axis of `shape` and where it adds axes, in order.

    `begin` and `end` are None where they are not known. Raises ShapeError on indices that do not
    fit the shape.
    """
    cuts = []
    for axis, i in _axes_and_indices(len(shape), len(strides), masks):
        if axis is None:
            cuts.append(Cut(None, size=1))
        elif i is None:
            cuts.append(Cut(axis, size=shape[axis]))
        elif begin is None or end is None:
            cuts.append(_cut(axis, shape[axis], None, strides[i], *_bits(masks, i)))
        else:
            cuts.append(_cut(axis, shape[axis], (begin[i], end[i]), strides[i], *_bits(masks, i)))
    return cuts


def _bits(masks: Masks, i: int) -> tuple[bool, bool, bool]:
    return bool(masks.begin >> i & 1), bool(masks.end >> i & 1), bool(masks.shrink_axis >> i & 1)


def _axes_and_indices(
    rank: int, count: int, masks: Masks
) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of an axis and the index for it: no axis for a new one, no index under an ellipsis."""
    ellipses = [i for i in range(count) if masks.ellipsis >> i & 1]
    if len(ellipses) > 1:
        raise ShapeError("Multiple ellipses in slice spec not allowed", read=("strides",))
    place = ellipses[0] if ellipses else count
    left = sum(1 for i in range(place + 1, count) if not masks.new_axis >> i & 1)
    axis = 0
    for i in range(max(count, place + 1)):
        if i == place:
            for covered in range(axis, max(rank - left, axis)):
                yield covered, None
                axis += 1
        elif masks.new_axis >> i & 1:
            yield None, i
        else:
            if axis >= rank:
                raise ShapeError(
                    f"Index out of range using input dim {axis}; input has only {rank} dims",
                    read=("strides",),
                )
            yield axis, i
            axis += 1


def _cut(
    axis: int,
    length: int | None,
    bounds: tuple[int, int] | None,
    stride: int,
    from_start: bool,
    to_end: bool,
    shrink: bool,
) -> Cut:
    if stride == 0:
        raise ShapeError(f"strides[{axis}] must be non-zero", read=("strides",))
    if length is None:
        return Cut(axis, stride=stride, shrink=shrink)
    if shrink:
        if stride < 0:
            raise ShapeError("only stride 1 allowed on non-range indexing.", read=("strides",))
        if bounds is None:
            return Cut(axis, size=1, shrink=True)
        place = bounds[0] + length if bounds[0] < 0 else bounds[0]
        if not 0 <= place < length:
            raise ShapeError(f"slice index {place} of dimension {axis} out of bounds.")
        return Cut(axis, place, size=1, shrink=True)
    if bounds is None and not (from_start and to_end):
        return Cut(axis, stride=stride)
    first, last = (0, length) if stride > 0 else (length - 1, -1)
    if bounds is not None:
        lowest, highest = min(first, last), max(first, last)
        begin, end = [bound + length if bound < 0 else bound for bound in bounds]
        first = first if from_start else min(max(begin, lowest), highest)
        last = last if to_end else min(max(end, lowest), highest)
    # Rounded up; nothing where the stride leads away from the end.
    return Cut(axis, first, stride, max(-((first - last) // stride), 0))


class StridedSlice(Op):
    """The part of a tensor that begin, end and stride of each axis, and five masks, say."""

    inputs = ("input: T", "begin: Index", "end: Index", "strides: Index")
    outputs = ("output: T",)
    may_alias = True
    T: DType
    Index: DType = attr(INT32, INT64)
    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0
    infer_from = {"begin": "value", "end": "value", "strides": "value"}
    value_shapes = {"begin": (None,), "end": (None,), "strides": (None,)}

    def infer(self, input: Shape, begin: Any, end: Any, strides: Any) -> Shape:
        _check_vectors(begin, end, strides)
        if input is None or strides is None:
            return None
        begin, end, strides = [None if v is None else v.tolist() for v in (begin, end, strides)]
        cuts = strided_cuts(input, begin, end, strides, masks_of(self))
        return tuple([cut.size for cut in cuts if not cut.shrink])

    def forward(self, np: Any, input: Any, begin: Any, end: Any, strides: Any) -> Any:
        return input[numpy_index(input.shape, begin, end, strides, masks_of(self))]

    def partial_shape(self, tensor: Tensor) -> Shape:
        """Of a shape cut as `shape[a:b]` or `shape[a:b:c]`, what is known of the part."""
        if self.ellipsis_mask or self.new_axis_mask or self.shrink_axis_mask:
            return None
        op = tensor.op
        if op.inputs[1]._shape != (1,) or self.begin_mask > 1 or self.end_mask > 1:
            return None
        bounds = [evaluate(t) for t in op.inputs[1:]]
        begin, end = [
            None if masked else bound
            for bound, masked in zip(bounds, (self.begin_mask, self.end_mask), strict=False)
        ]
        known = partial_value(op.inputs[0])
        if known is None or bounds[2] is None or bounds[2] == 0:
            return None
        if (begin is None and not self.begin_mask) or (end is None and not self.end_mask):
            return None
        first = None if begin is None else begin.item()
        last = None if end is None else end.item()
        return known[first : last : bounds[2].item()]

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        _, begin, end, strides = op.inputs
        shape = shape_tensor(op.inputs[0], out_type=begin.dtype)
        grad = raw.StridedSliceGrad(shape, begin, end, strides, doutput, **_mask_attributes(self))
        return [grad, None, None, None]


class StridedSliceGrad(Op):
    """Zeros of `shape`, with `dy` in the part that a strided slice cut out."""

    inputs = ("shape: Index", "begin: Index", "end: Index", "strides: Index", "dy: T")
    outputs = ("output: T",)
    T: DType
    Index: DType = attr(INT32, INT64)
    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0
    infer_from = {"shape": "partial"}

    def infer(self, shape: Shape, *_: Shape) -> Shape:
        return shape

    def forward(self, np: Any, shape: Any, begin: Any, end: Any, strides: Any, dy: Any) -> Any:
        output = np.zeros(tuple(shape.tolist()), self.T.as_numpy_dtype)
        index = numpy_index(output.shape, begin, end, strides, masks_of(self))
        if output[index].shape != dy.shape:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"shape of dy was {format_shape(dy.shape)} instead of "
                f"{format_shape(output[index].shape)}",
            )
        output[index] = dy
        return output

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        _, begin, end, strides, _ = op.inputs
        grad = raw.StridedSlice(doutput, begin, end, strides, **_mask_attributes(self))
        return [None, None, None, None, grad]


def _check_vectors(*vectors: Any) -> None:
    known = [v.shape for v in vectors if v is not None]
    for shape in known[1:]:
        before_values(merge, known[0], shape)


def masks_of(op: Any) -> Masks:
    """The masks among the attributes of a strided slice."""
    return Masks(**{name.removesuffix("_mask"): v for name, v in _mask_attributes(op).items()})


def _mask_attributes(op: Any) -> dict[str, int]:
    return {name: value for name, value in op.attributes().items() if name.endswith("_mask")}


def numpy_index(
    shape: tuple[int, ...], begin: Any, end: Any, strides: Any, masks: Masks
) -> tuple[Any, ...]:
    """The index with which numpy cuts the same part out of an array of `shape`.

    Raises InvalidArgumentError on indices that do not fit.
    """
    if begin.ndim != 1 or begin.shape != end.shape or begin.shape != strides.shape:
        listed = ", ".join(format_shape(v.shape) for v in (begin, end))
        raise errors.InvalidArgumentError(
            None,
            None,
            "Expected begin, end, and strides to be 1D equal size tensors, but got shapes "
            f"{listed}, and {format_shape(strides.shape)} instead.",
        )
    try:
        cuts = strided_cuts(shape, begin.tolist(), end.tolist(), strides.tolist(), masks)
    except ShapeError as error:
        raise errors.InvalidArgumentError(None, None, str(error)) from None
    # The ellipsis makes an array also of a single element.
    return (*[cut.as_index() for cut in cuts], ...)


@export("strided_slice")
def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """The part of a tensor from `begin` up to `end`, every `strides`-th element (1 by default).

    The three are vectors of one length: one index for each axis, or fewer. Bit i of a mask makes
    index i special: its begin or end is left out, it is an ellipsis, a new axis, or one element
    whose axis goes away. `var` is accepted and has no effect. Raises ValueError on indices that do
    not fit.
    """
    del var
    if strides is None:
        strides = ones_like(begin)
    return raw.StridedSlice(
        input_,
        begin,
        end,
        strides,
        begin_mask=begin_mask,
        end_mask=end_mask,
        ellipsis_mask=ellipsis_mask,
        new_axis_mask=new_axis_mask,
        shrink_axis_mask=shrink_axis_mask,
        name=name,
    )


def slice_tensor(tensor: Any, index: Any) -> Tensor:
    """`tensor[index]`.

    An index is a number, a slice, `...`, `tf.newaxis`, a scalar integer tensor, or a tuple or list
    of these; or a boolean tensor or array, which selects rows as `tf.boolean_mask` does. Raises
    TypeError on anything else.
    """
    if isinstance(index, bool) or _is_boolean(index):
        return boolean_mask(tensor, index)
    indices = index if isinstance(index, (list, tuple)) else [index]
    begin: list[Any] = []
    end: list[Any] = []
    strides: list[Any] = []
    begin_mask = end_mask = ellipsis_mask = new_axis_mask = shrink_axis_mask = 0
    for i, part in enumerate(indices):
        first, last, stride = 0, 0, 1
        if isinstance(part, builtins.slice):
            if _is_given(part.start):
                first = part.start
            else:
                begin_mask |= 1 << i
            if _is_given(part.stop):
                last = part.stop
            else:
                end_mask |= 1 << i
            if _is_given(part.step):
                stride = part.step
        elif part is Ellipsis:
            ellipsis_mask |= 1 << i
        elif part is newaxis:
            new_axis_mask |= 1 << i
        else:
            _check_index(part)
            first, last = part, part + 1
            shrink_axis_mask |= 1 << i
        begin.append(first)
        end.append(last)
        strides.append(stride)
    with name_scope(None, "strided_slice", [tensor, *begin, *end, *strides]) as scope:
        if begin:
            starts, ends, steps = _same_type([stack(begin), stack(end), stack(strides)])
        else:
            starts = ends = steps = constant([], dtype=dtypes.int32)
        return strided_slice(
            tensor,
            starts,
            ends,
            steps,
            begin_mask=begin_mask,
            end_mask=end_mask,
            ellipsis_mask=ellipsis_mask,
            new_axis_mask=new_axis_mask,
            shrink_axis_mask=shrink_axis_mask,
            name=scope,
        )


def _is_boolean(index: Any) -> bool:
    if isinstance(index, Tensor):
        return index.dtype is dtypes.bool
    return hasattr(index, "ndim") and getattr(index, "dtype", None) == "bool"


def _is_given(bound: Any) -> bool:
    """Whether a slice names this bound; a dimension that is not known counts as left out."""
    if bound is None or (isinstance(bound, Dimension) and bound.value is None):
        return False
    _check_index(bound)
    return True


def _check_index(index: Any) -> None:
    if isinstance(index, (int, Dimension)):
        return
    dtype = getattr(index, "dtype", None)
    if (
        dtype is None
        or dtypes.as_dtype(dtype).base_dtype not in (INT32, INT64)
        or (index.shape and len(index.shape) == 1)
    ):
        raise TypeError(f"{_VALID_INDICES}, got {index!r}")


def _same_type(bounds: list[Tensor]) -> list[Tensor]:
    if all(bound.dtype is not INT64 for bound in bounds):
        return bounds
    return [b if b.dtype is INT64 else raw.Cast(b, DstT=INT64) for b in bounds]


class Slice(Op):
    """The part of a tensor that begins at `begin` and has the shape `size`; -1 means the rest."""

    inputs, outputs = ("input: T", "begin: Index", "size: Index"), ("output: T",)
    may_alias = True
    T: DType
    Index: DType = attr(INT32, INT64)
    infer_from = {"begin": "value and partial", "size": "value and partial"}

    def infer(self, input: Shape, begin: tuple[Any, Shape], size: tuple[Any, Shape]) -> Shape:
        starts, (sizes, partial) = begin[1], size
        if starts is not None and partial is not None:
            merge((len(starts),), (len(partial),))
        known = starts if partial is None else partial
        if known is None:
            return None if input is None else (None,) * len(input)
        lengths = with_rank(input, len(known))
        if sizes is None:
            return (None,) * len(known) if partial is None else partial
        starts = with_rank(starts, len(known))
        return tuple(
            [
                subtract_dims(length, start) if wanted == -1 else wanted
                for length, start, wanted in zip(lengths, starts, sizes.tolist(), strict=True)
            ]
        )

    def forward(self, np: Any, input: Any, begin: Any, size: Any) -> Any:
        rank = input.ndim
        if begin.shape != (rank,) or size.shape != (rank,):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Expected begin and size arguments to be 1-D tensors of size {rank}, but got "
                f"shapes {format_shape(begin.shape)} and {format_shape(size.shape)} instead.",
            )
        parts = []
        for axis, (length, start, wanted) in enumerate(
            zip(input.shape, begin.tolist(), size.tolist(), strict=True)
        ):
            if wanted == -1:
                wanted = length - start
            if not 0 <= start <= length:
                raise errors.InvalidArgumentError(
                    None, None, f"Expected begin[{axis}] in [0, {length}], but got {start}"
                )
            if wanted < 0 or start + wanted > length:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Expected size[{axis}] in [0, {length - start}], but got {wanted}",
                )
            parts.append(builtins.slice(start, start + wanted))
        return input[tuple(parts)]

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        input, begin, _ = op.inputs
        rank = rank_tensor(input)
        size = shape_tensor(op.outputs[0])
        column = stack([rank, 1])
        before = raw.Reshape(begin, column)
        after = raw.Reshape(shape_tensor(input) - size - begin, column)
        paddings = raw.ConcatV2([before, after], 1, name="concat")
        return [raw.Pad(doutput, paddings), None, None]


@export("slice")
def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """The part of a tensor that begins at `begin` and has the shape `size`, vectors [rank].

    A size of -1 takes what is left of that axis. Raises ValueError where the vectors do not fit,
    and InvalidArgumentError in a run where the part leaves the tensor.
    """
    return raw.Slice(input_, begin, size, name=name)
