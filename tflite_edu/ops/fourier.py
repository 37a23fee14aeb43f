"""Discrete Fourier transforms over the last one, two or three axes, complex and real."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import partial_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import COMPLEX64, COMPLEX128, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, format_shape, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.complex_numbers import conj, real
from tflite_edu.ops.constants import ones, zeros, zeros_like
from tflite_edu.ops.joining import concat
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.packing import stack, unstack
from tflite_edu.ops.padding import pad
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as number_range
from tflite_edu.ops.reductions import reduce_prod
from tflite_edu.ops.reshaping import expand_dims, reshape
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape
from tflite_edu.ops.tiling import tile


class _Transform(Op, abstract=True):
    """A transform of complex tensors over the last `axes` axes; the inverse one divides."""

    inputs, outputs = ("input: Tcomplex",), ("output: Tcomplex",)
    Tcomplex: DType = attr(COMPLEX64, COMPLEX128, default=COMPLEX64)
    axes: ClassVar[int]
    inverse: ClassVar[bool] = False

    def infer(self, input: Shape) -> Shape:
        return with_rank_at_least(input, self.axes)

    def forward(self, np: Any, input: Any) -> Any:
        _check_rank(input, self.axes)
        if input.size == 0:
            return np.empty_like(input)
        axes = tuple(np.arange(-self.axes, 0).tolist())
        return (np.fft.ifftn if self.inverse else np.fft.fftn)(input, axes=axes)

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        size = _transform_size(doutput, self.axes)
        other = _COMPLEX[self.axes, not self.inverse]
        if not self.inverse:
            factor = cast(size, doutput.dtype)
        else:
            factor = cast(1.0 / cast(size, doutput.dtype.real_dtype), doutput.dtype)
        return other(doutput) * factor


def _check_rank(input: Any, axes: int) -> None:
    if input.ndim < axes:
        raise InvalidArgumentError(
            None,
            None,
            f"Input must have rank of at least {axes} but got: {format_shape(input.shape)}",
        )


def _transform_size(tensor: Tensor, axes: int) -> Tensor:
    """How many numbers one transform over the last `axes` axes of a tensor gives."""
    return reduce_prod(shape(tensor)[-axes:])


class FFT(_Transform):
    """The discrete Fourier transform over the last axis."""

    axes = 1


class IFFT(_Transform):
    """The inverse of `FFT`."""

    axes, inverse = 1, True


class FFT2D(_Transform):
    """The discrete Fourier transform over the last two axes."""

    axes = 2


class IFFT2D(_Transform):
    """The inverse of `FFT2D`."""

    axes, inverse = 2, True


class FFT3D(_Transform):
    """The discrete Fourier transform over the last three axes."""

    axes = 3


class IFFT3D(_Transform):
    """The inverse of `FFT3D`."""

    axes, inverse = 3, True


@export("signal.fft", "fft", "spectral.fft")
def fft(input: Any, name: str | None = None) -> Tensor:
    """The discrete Fourier transforms of complex signals `[..., n]`, not normalized.

    `sum over t of input[t] exp(-2 pi i t k / n)`. Raises TypeError where `input` is not complex and
    ValueError where it is known to be a scalar.
    """
    return raw.FFT(input, name=name)


@export("signal.ifft", "ifft", "spectral.ifft")
def ifft(input: Any, name: str | None = None) -> Tensor:
    """The inverse of `fft`: complex `[..., n]` to `[..., n]`, divided by n."""
    return raw.IFFT(input, name=name)


@export("signal.fft2d", "fft2d", "spectral.fft2d")
def fft2d(input: Any, name: str | None = None) -> Tensor:
    """`fft` over the last two axes of complex `[..., m, n]`."""
    return raw.FFT2D(input, name=name)


@export("signal.ifft2d", "ifft2d", "spectral.ifft2d")
def ifft2d(input: Any, name: str | None = None) -> Tensor:
    """The inverse of `fft2d`, divided by m n."""
    return raw.IFFT2D(input, name=name)


@export("signal.fft3d", "fft3d", "spectral.fft3d")
def fft3d(input: Any, name: str | None = None) -> Tensor:
    """`fft` over the last three axes of complex `[..., l, m, n]`."""
    return raw.FFT3D(input, name=name)


@export("signal.ifft3d", "ifft3d", "spectral.ifft3d")
def ifft3d(input: Any, name: str | None = None) -> Tensor:
    """The inverse of `fft3d`, divided by l m n."""
    return raw.IFFT3D(input, name=name)


# The complex transforms by the number of their axes and whether they are inverse.
_COMPLEX: dict[tuple[int, bool], Callable[..., Tensor]] = {
    (1, False): fft,
    (1, True): ifft,
    (2, False): fft2d,
    (2, True): ifft2d,
    (3, False): fft3d,
    (3, True): ifft3d,
}


def _real_shape(input: Shape, fft_length: Any, axes: int, halved: bool) -> Shape:
    """The shape of a transform of `fft_length`; `halved`: half of the last axis is left out."""
    input = with_rank_at_least(input, axes)
    if fft_length is not None and fft_length.shape != (axes,):
        raise ShapeError(
            f"Dimension must be {axes} but is {fft_length.size}"
            if fft_length.ndim == 1
            else f"Shape must be rank 1 but is rank {fft_length.ndim}",
            read=(),
        )
    if input is None:
        return None
    if fft_length is None:
        return (*input[:-axes], *(None,) * axes)
    sizes = fft_length.tolist()
    if halved and sizes[-1]:
        sizes[-1] = sizes[-1] // 2 + 1
    return (*input[:-axes], *sizes)


def _cropped(input: Any, fft_length: Any, axes: int, halved: bool) -> tuple[Any, tuple[int, ...]]:
    """What a transform of `fft_length` reads of an array, and the length as a tuple."""
    _check_rank(input, axes)
    if fft_length.shape != (axes,):
        raise InvalidArgumentError(None, None, f"fft_length must have shape [{axes}]")
    sizes = tuple(fft_length.tolist())
    if min(sizes) < 0:
        raise InvalidArgumentError(
            None, None, f"fft_length[{axes - 1}] must >= 0, but got: {sizes}"
        )
    needed = [*sizes[:-1], sizes[-1] // 2 + 1 if halved and sizes[-1] else sizes[-1]]
    if input.size:
        for i, (size, given) in enumerate(zip(needed, input.shape[-axes:], strict=True)):
            if given < size:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Input dimension {input.ndim - axes + i} must have length of at least {size} "
                    f"but got: {given}",
                )
    return input[(..., *(slice(size) for size in needed))], sizes


class _RealTransform(Op, abstract=True):
    """The transform of real tensors; the half of it that is the other's conjugate is left out."""

    inputs, outputs = ("input: float32", "fft_length: int32"), ("output: complex64",)
    infer_from = {"fft_length": "value"}
    axes: ClassVar[int]

    def infer(self, input: Shape, fft_length: Any) -> Shape:
        return _real_shape(input, fft_length, self.axes, halved=True)

    def forward(self, np: Any, input: Any, fft_length: Any) -> Any:
        given, sizes = _cropped(input, fft_length, self.axes, halved=False)
        if given.size == 0:
            halved = (*sizes[:-1], sizes[-1] // 2 + 1 if sizes[-1] else 0)
            return np.zeros((*input.shape[: -self.axes], *halved), np.complex64)
        return np.fft.rfftn(given, axes=tuple(np.arange(-self.axes, 0).tolist()))


class _InverseRealTransform(Op, abstract=True):
    """The inverse of `_RealTransform`."""

    inputs, outputs = ("input: complex64", "fft_length: int32"), ("output: float32",)
    infer_from = {"fft_length": "value"}
    axes: ClassVar[int]

    def infer(self, input: Shape, fft_length: Any) -> Shape:
        return _real_shape(input, fft_length, self.axes, halved=False)

    def forward(self, np: Any, input: Any, fft_length: Any) -> Any:
        given, sizes = _cropped(input, fft_length, self.axes, halved=True)
        if given.size == 0:
            return np.zeros((*input.shape[: -self.axes], *sizes), np.float32)
        return np.fft.irfftn(given, s=sizes, axes=tuple(np.arange(-self.axes, 0).tolist()))


class RFFT(_RealTransform):
    """The transform of real tensors over the last axis."""

    axes = 1

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        sizes, is_even = _real_facts(op)
        first = doutput[..., 0:1]
        last = doutput[..., -1:]
        outside = first + is_even * last * _alternating(sizes[-1])
        return [_real_gradient(op, doutput, outside, irfft, 1), None]


class RFFT2D(_RealTransform):
    """The transform of real tensors over the last two axes."""

    axes = 2

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        sizes, is_even = _real_facts(op)
        first = doutput[..., 0:1]
        waves = _like_matrices_of(_waves(sizes[-2]), first)
        outside = matmul(waves, conj(first))
        last = matmul(waves, conj(doutput[..., -1:]))
        width = sizes[-1]
        repeats = concat([ones([rank_tensor(doutput) - 1], dtypes.int32), [width]], 0)
        last = tile(last, repeats) * _alternating(width)
        return [_real_gradient(op, doutput, outside + is_even * last, irfft2d, 2), None]


class RFFT3D(_RealTransform):
    """The transform of real tensors over the last three axes."""

    axes = 3


def _real_facts(op: Any) -> tuple[Tensor, Tensor]:
    """The shape of a real transform's input, and 1 where its length is even, else 0."""
    sizes = shape(op.inputs[0])
    return sizes, cast(1 - (op.inputs[1][-1] % 2), dtypes.complex64)


def _alternating(length: Tensor) -> Tensor:
    """1, -1, 1, ... as complex numbers."""
    return cast(1 - 2 * (number_range(length) % 2), dtypes.complex64)


def _waves(length: Tensor) -> Tensor:
    """`exp(-2 pi i j k / length)`, `[length, length]`."""
    columns = tile(expand_dims(number_range(length), 0), (length, 1))
    rows = transpose(columns, [1, 0])
    angles = -2j * math.pi * cast(columns * rows, dtypes.complex64)
    return raw.Exp(angles / cast(length, dtypes.complex64))


def _like_matrices_of(matrix: Tensor, tensor: Tensor) -> Tensor:
    """A matrix repeated for each of a tensor's matrices."""
    outer = ones([rank_tensor(tensor) - 2], dtypes.int32)
    expanded = reshape(matrix, concat([outer, shape(matrix)], 0))
    return tile(expanded, concat([shape(tensor)[:-2], [1, 1]], 0))


def _real_gradient(
    op: Any, doutput: Tensor, outside: Tensor, inverse: Callable[..., Tensor], axes: int
) -> Tensor:
    """The gradient of a real transform.

    The inverse transform counts each number of the half twice, itself and its conjugate; `outside`
    is what belongs to those that have no conjugate in the other half.
    """
    size = cast(_transform_size(op.inputs[0], axes), dtypes.float32)
    return 0.5 * (inverse(doutput, op.inputs[1]) * size + real(outside))


class IRFFT(_InverseRealTransform):
    """The inverse of `RFFT`."""

    axes = 1

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [_gradient_of_inverse(op, doutput, rfft, 1), None]


class IRFFT2D(_InverseRealTransform):
    """The inverse of `RFFT2D`."""

    axes = 2

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [_gradient_of_inverse(op, doutput, rfft2d, 2), None]


class IRFFT3D(_InverseRealTransform):
    """The inverse of `RFFT3D`."""

    axes = 3


def _gradient_of_inverse(
    op: Any, doutput: Tensor, transform: Callable[..., Tensor], axes: int
) -> Tensor:
    is_odd = raw.FloorMod(op.inputs[1][-1], 2)
    width = shape(op.inputs[0])[-1]
    # All but the first number, and the last one of an even length, stand for their conjugates too.
    counts = concat([[1.0], 2.0 * ones([width - 2 + is_odd]), ones([1 - is_odd])], 0)
    share = raw.Reciprocal(cast(_transform_size(doutput, axes), dtypes.float32))
    return transform(doutput, op.inputs[1]) * cast(share * counts, dtypes.complex64)


def _real_transform(
    make: Callable[..., Tensor], axes: int, input: Any, fft_length: Any, name: Any, default: str
) -> Tensor:
    """A node of a real transform, with its length inferred and its input padded where need be."""
    inverse = default.startswith("i")
    with name_scope(name, default, [input, fft_length]) as scope:
        dtype = dtypes.complex64 if inverse else dtypes.float32
        input = convert_to_tensor(input, dtype)
        if input._shape is not None:
            try:
                with_rank_at_least(input._shape, axes)
            except ShapeError:
                raise ValueError(
                    f"Shape {input.get_shape()} must have rank at least {axes}"
                ) from None
        if fft_length is None:
            fft_length = _inferred_length(input, axes, inverse)
        else:
            fft_length = convert_to_tensor(fft_length, dtypes.int32)
        padded = _padded(input, axes, fft_length, inverse)
        return make(padded, fft_length, name=scope)


def _inferred_length(input: Tensor, axes: int, inverse: bool) -> Tensor:
    sizes = None if input._shape is None else input._shape[-axes:]
    if sizes is not None and None not in sizes:
        known: list[Any] = list(sizes)
        if inverse:
            known[-1] = max(0, 2 * (known[-1] - 1))
        return constant(known, dtypes.int32)
    found = shape(input)[-axes:]
    if not inverse:
        return found
    parts = unstack(found)
    parts[-1] = raw.Maximum(0, 2 * (parts[-1] - 1))
    return stack(parts)


def _padded(input: Tensor, axes: int, fft_length: Tensor, inverse: bool) -> Tensor:
    """`input` with zeros behind, so that a transform of `fft_length` finds enough."""
    length = partial_value(fft_length)
    sizes = input._shape
    if sizes is not None and length is not None and None not in (*sizes[-axes:], *length):
        if sizes[-1] == 0:
            return input
        wanted: list[Any] = list(length)
        if inverse:
            wanted[-1] = wanted[-1] // 2 + 1
        given: Any = sizes[-axes:]
        paddings = [[0, max(w - s, 0)] for w, s in zip(wanted, given, strict=True)]
        if any(after for _, after in paddings):
            return pad(input, [[0, 0]] * (len(sizes) - axes) + paddings)
        return input
    rank = rank_tensor(input)
    found = shape(input)[-axes:]
    outer = zeros([raw.Maximum(0, rank - axes)], dtypes.int32)
    if inverse:
        fft_length = concat([fft_length[:-1], fft_length[-1:] // 2 + 1], 0)
    after = concat([outer, raw.Maximum(0, fft_length - found)], 0)
    return pad(input, stack([zeros_like(after), after], axis=1))


@export("signal.rfft", "spectral.rfft")
def rfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """The transforms of real signals: float32 `[..., n]` to complex64 `[..., k // 2 + 1]`.

    k is `fft_length`, `[1]`, by default n; signals are cropped or padded with zeros to it. The rest
    of the transform is the conjugate of this half.
    """
    return _real_transform(raw.RFFT, 1, input_tensor, fft_length, name, "rfft")


@export("signal.irfft", "spectral.irfft")
def irfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """The inverse of `rfft`: complex64 `[..., n]` to float32 `[..., k]`.

    k is `fft_length`, `[1]`, by default `2 (n - 1)`.
    """
    return _real_transform(raw.IRFFT, 1, input_tensor, fft_length, name, "irfft")


@export("signal.rfft2d", "spectral.rfft2d")
def rfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """`rfft` over the last two axes: float32 `[..., m, n]`, `fft_length` `[2]`."""
    return _real_transform(raw.RFFT2D, 2, input_tensor, fft_length, name, "rfft2d")


@export("signal.irfft2d", "spectral.irfft2d")
def irfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """The inverse of `rfft2d`: complex64 `[..., m, n]` to float32, `fft_length` `[2]`."""
    return _real_transform(raw.IRFFT2D, 2, input_tensor, fft_length, name, "irfft2d")


@export("signal.rfft3d", "spectral.rfft3d")
def rfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """`rfft` over the last three axes: float32 `[..., l, m, n]`, `fft_length` `[3]`.

    As in TensorFlow 1.15 it has no gradient.
    """
    return _real_transform(raw.RFFT3D, 3, input_tensor, fft_length, name, "rfft3d")


@export("signal.irfft3d", "spectral.irfft3d")
def irfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """The inverse of `rfft3d`: complex64 `[..., l, m, n]` to float32, `fft_length` `[3]`.

    As in TensorFlow 1.15 it has no gradient.
    """
    return _real_transform(raw.IRFFT3D, 3, input_tensor, fft_length, name, "irfft3d")
