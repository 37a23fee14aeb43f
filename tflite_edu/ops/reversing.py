"""The elements of an axis in reverse, shifted round, or in reverse up to a length."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import (
    BFLOAT16,
    BOOL,
    COMPLEX64,
    COMPLEX128,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    STRING,
    UINT8,
    UINT16,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    merge,
    merge_dims,
    with_rank,
    with_rank_at_least,
    with_rank_at_most,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class Reverse(Op):
    """A tensor with the elements in reverse along the axes whose `dims` are true."""

    inputs, outputs = ("tensor: T", "dims: bool"), ("output: T",)
    may_alias = True
    T: DType = attr(
        *(UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, HALF, FLOAT, DOUBLE),
        *(COMPLEX64, COMPLEX128, STRING),
    )

    def infer(self, tensor: Shape, dims: Shape) -> Shape:
        dims = with_rank(dims, 1)
        if dims[0] is not None:
            return with_rank(tensor, dims[0])
        return tensor

    def forward(self, np: Any, tensor: Any, dims: Any) -> Any:
        return np.flip(tensor, tuple(np.flatnonzero(dims).tolist()))

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [raw.Reverse(doutput, op.inputs[1]), None]


class ReverseV2(Op):
    """A tensor with the elements in reverse along the axes that `axis` lists."""

    inputs, outputs = ("tensor: T", "axis: Tidx"), ("output: T",)
    may_alias = True
    Tidx: DType = attr(INT32, INT64, default=INT32)
    T: DType = attr(
        *(UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, BFLOAT16, HALF, FLOAT, DOUBLE),
        *(COMPLEX64, COMPLEX128, STRING),
    )
    infer_from = {"axis": "value"}
    value_shapes = {"axis": (None,)}

    def infer(self, tensor: Shape, axis: Any) -> Shape:
        if axis is not None and tensor is not None:
            problem = _wrong_axes(axis.tolist(), len(tensor))
            if problem is not None:
                raise ShapeError(problem)
        return tensor

    def forward(self, np: Any, tensor: Any, axis: Any) -> Any:
        problem = _wrong_axes(axis.tolist(), tensor.ndim)
        if problem is not None:
            raise errors.InvalidArgumentError(None, None, problem)
        return np.flip(tensor, tuple(axis.tolist()))

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [reverse(doutput, op.inputs[1]), None]


def _wrong_axes(axes: list[int], rank: int) -> str | None:
    seen = set()
    for i, axis in enumerate(axes):
        if not -rank <= axis < rank:
            return f"'axis'[{i}] = {axis} is out of valid range [0, {rank - 1}"
        if axis % rank in seen:
            return f"axis {axis % rank} specified more than once."
        seen.add(axis % rank)
    return None


@export("reverse", "reverse_v2", "manip.reverse")
def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """`tensor` with its elements in reverse along each of the axes in the vector `axis`.

    Raises ValueError where an axis is out of range or listed twice.
    """
    return raw.ReverseV2(tensor, axis, name=name)


class Roll(Op):
    """A tensor with the elements moved along axes; what leaves an end comes in at the other."""

    inputs, outputs = ("input: T", "shift: Tshift", "axis: Taxis"), ("output: T",)
    T: DType
    Tshift: DType = attr(INT32, INT64)
    Taxis: DType = attr(INT32, INT64)

    def infer(self, input: Shape, shift: Shape, axis: Shape) -> Shape:
        with_rank_at_least(input, 1)
        merge(with_rank_at_most(shift, 1), with_rank_at_most(axis, 1))
        return input

    def forward(self, np: Any, input: Any, shift: Any, axis: Any) -> Any:
        rank = input.ndim
        if rank < 1:
            raise errors.InvalidArgumentError(None, None, "input must be 1-D or higher")
        for place in np.ravel(axis).tolist():
            if not -rank <= place < rank:
                raise errors.InvalidArgumentError(None, None, f"axis {place} is out of range")
        return np.roll(input, shift.tolist(), axis.tolist())

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        _, shift, axis = op.inputs
        return [roll(doutput, -shift, axis), None, None]


@export("roll", "manip.roll")
def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Tensor:
    """`input` with its elements moved `shift` places along `axis`, round the end.

    The two may be vectors of one length: several shifts. Raises ValueError where their shapes
    differ or `input` is a scalar.
    """
    return raw.Roll(input, shift, axis, name=name)


class ReverseSequence(Op):
    """Each entry of a batch with its first `seq_lengths[i]` elements along an axis in reverse."""

    inputs, outputs = ("input: T", "seq_lengths: Tlen"), ("output: T",)
    seq_dim: int
    batch_dim: int = 0
    T: DType
    Tlen: DType = attr(INT32, INT64, default=INT64)

    def infer(self, input: Shape, seq_lengths: Shape) -> Shape:
        lengths = with_rank(seq_lengths, 1)
        if input is None:
            return None
        rank = len(input)
        if self.batch_dim >= rank:
            raise ShapeError(f"batch_dim must be < input rank: {self.batch_dim} vs. {rank}")
        if self.seq_dim >= rank:
            raise ShapeError(f"seq_dim must be < input rank: {self.seq_dim} vs. {rank}")
        size = merge_dims(input[self.batch_dim], lengths[0])
        return (*input[: self.batch_dim], size, *input[self.batch_dim + 1 :])

    def forward(self, np: Any, input: Any, seq_lengths: Any) -> Any:
        length = input.shape[self.seq_dim]
        if self.seq_dim == self.batch_dim:
            raise errors.InvalidArgumentError(None, None, f"batch_dim == seq_dim == {self.seq_dim}")
        if seq_lengths.shape != (input.shape[self.batch_dim],):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Length of seq_lens != input.dims({self.batch_dim}), ({seq_lengths.size} vs. "
                f"{input.shape[self.batch_dim]})",
            )
        for i, count in enumerate(seq_lengths.tolist()):
            if count < 0:
                raise errors.InvalidArgumentError(None, None, f"seq_lens({i}) < 0")
            if count > length:
                raise errors.InvalidArgumentError(
                    None, None, f"seq_lens({i}) > input.dims({self.seq_dim})"
                )
        place = np.arange(length)
        counts = seq_lengths.reshape(-1, 1)
        order = np.where(place < counts, counts - 1 - place, place)
        # [batch, sequence], each among the axes of the input, the others of one element.
        if self.seq_dim < self.batch_dim:
            order = order.T
        sizes = [
            input.shape[axis] if axis in (self.seq_dim, self.batch_dim) else 1
            for axis in range(input.ndim)
        ]
        return np.take_along_axis(input, order.reshape(sizes), self.seq_dim)

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        lengths = op.inputs[1]
        grad = raw.ReverseSequence(doutput, lengths, batch_dim=self.batch_dim, seq_dim=self.seq_dim)
        return [grad, None]


@export("reverse_sequence")
def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
    seq_dim: int | None = None,
    batch_dim: int | None = None,
) -> Tensor:
    """`input` with the first `seq_lengths[i]` elements of entry i along `seq_axis` in reverse.

    Entries are counted along `batch_axis` (0). `seq_dim` and `batch_dim` are old names of the axes.
    Raises ValueError where an axis is out of range or there is not one length for each entry.
    """
    seq_axis = _one_of("seq_axis", seq_axis, "seq_dim", seq_dim)
    batch_axis = _one_of("batch_axis", batch_axis, "batch_dim", batch_dim)
    return raw.ReverseSequence(
        input, seq_lengths, seq_dim=seq_axis, batch_dim=batch_axis, name=name
    )


def _one_of(name: str, value: Any, old_name: str, old_value: Any) -> Any:
    if old_value is not None and value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{name}'")
    return value if old_value is None else old_value
