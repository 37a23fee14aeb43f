"""Morphology of images: dilation, the greatest sum of pixel and filter in each window, and erosion.

Loops run over the elements of the window, never over pixels. P. Soille, "Morphological Image
Analysis", 2004.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tflite_edu.core import inference, raw
from tflite_edu.core.dtypes import REAL_NUMERIC, DType
from tflite_edu.core.errors import InvalidArgumentError, UnimplementedError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reversing import reverse
from tflite_edu.ops.windows import Axis, axis, either


class Morphology(Op, abstract=True):
    """What dilation and its gradients share. Filters are [height, width, channels]."""

    T: DType = attr(*REAL_NUMERIC)
    strides: list[int] = attr(minimum=4)
    rates: list[int] = attr(minimum=4)
    padding: str = attr("SAME", "VALID")

    def geometry(self, image: Any, window: Any) -> tuple[Axis, Axis]:
        """How the window slides along height and width; raises where TF's CPU kernel refuses."""
        for values, what in ((self.strides, "Stride"), (self.rates, "Rate")):
            if values[0] != 1 or values[3] != 1:
                raise UnimplementedError(
                    None, None, f"{what} is only supported across spatial dimensions."
                )
        if image.ndim != 4:
            _refuse(f"input must be 4-dimensional[{','.join(map(str, image.shape))}]")
        if window.ndim != 3:
            _refuse(f"filter must be 3-dimensional: [{','.join(map(str, window.shape))}]")
        if image.shape[3] != window.shape[2]:
            _refuse(
                f"input and filter must have the same depth: {image.shape[3]} vs {window.shape[2]}"
            )
        rows, columns = (
            axis(image.shape[i], window.shape[i - 1], self.strides[i], self.rates[i], self.padding)
            for i in (1, 2)
        )
        return rows, columns

    def greatest(self, np: Any, image: Any, window: Any, rows: Axis, columns: Axis) -> Any:
        """The greatest sum of each window; the lowest number where there is none above it."""
        shape = (image.shape[0], rows.out, columns.out, image.shape[3])
        made = np.full(shape, _lowest(np, image.dtype), image.dtype)
        for i, j, here, there in _taps(rows, columns):
            part = made[here]
            np.fmax(part, image[there] + window[i, j], out=part)
        return made

    def winners(
        self, np: Any, image: Any, window: Any, grad: Any
    ) -> Iterator[tuple[tuple[int, int], Any, Any, Any]]:
        """For each element of the window, where it is the first to make the greatest sum.

        Its place, the outputs and the pixels that it lies on, and a mask over these. The first one
        in the image is chosen where no sum is above the lowest number. Raises where `grad` is not
        of the output's size.
        """
        rows, columns = self.geometry(image, window)
        greatest = self.greatest(np, image, window, rows, columns)
        if grad.shape != greatest.shape:
            _refuse("out_backprop has incompatible size.")
        nothing = greatest == _lowest(np, image.dtype)
        taken = np.zeros(greatest.shape, bool)
        for i, j, here, there in _taps(rows, columns):
            chosen = image[there] + window[i, j] == greatest[here]
            chosen |= nothing[here]
            chosen &= ~taken[here]
            taken[here] |= chosen
            yield (i, j), here, there, chosen

    def options(self) -> dict[str, Any]:
        """The attributes, for the gradients."""
        return {"strides": self.strides, "rates": self.rates, "padding": self.padding}


def _refuse(message: str) -> None:
    raise InvalidArgumentError(None, None, message)


def _lowest(np: Any, dtype: Any) -> Any:
    return (np.iinfo if dtype.kind in "iu" else np.finfo)(dtype).min


def _taps(rows: Axis, columns: Axis) -> Iterator[tuple[int, int, Any, Any]]:
    """For each element of the window: its place, the outputs and the pixels that it lies on."""
    for i in range(rows.window):
        down, lines = rows.inside(i)
        for j in range(columns.window):
            across, pixels = columns.inside(j)
            yield i, j, (slice(None), down, across), (slice(None), lines, pixels)


class Dilation2D(Morphology):
    """The greatest sum of pixel and filter element in each window, channel by channel."""

    inputs, outputs = ("input: T", "filter: T"), ("output: T",)

    def infer(self, image: Shape, window: Shape) -> Shape:
        image = inference.with_rank(image, 4)
        window = inference.with_rank(window, 3)
        for values, name in ((self.strides, "stride"), (self.rates, "rates")):
            if len(values) != 4:
                raise inference.ShapeError(
                    f"Dilation2D requires the {name} attribute to contain 4 values, but got: "
                    f"{len(values)}"
                )
        depth = inference.merge_dims(image[3], window[2])
        sizes = [_size(self, i, image[i], window[i - 1]) for i in (1, 2)]
        return (image[0], *sizes, depth)

    def forward(self, np, image, window):
        return self.greatest(np, image, window, *self.geometry(image, window))

    def backward(self, op, grad):
        image, window = op.inputs
        return [
            raw.Dilation2DBackpropInput(image, window, grad, **self.options()),
            raw.Dilation2DBackpropFilter(image, window, grad, **self.options()),
        ]


def _size(op: Any, place: int, size: int | None, window: int | None) -> int | None:
    """How many windows there are along an axis; TF asks that VALID ones fit."""
    stride = op.strides[place]
    extent = None if window is None else (window - 1) * op.rates[place] + 1
    if size is not None and extent is not None and op.padding == "VALID" and stride > 0:
        out = (size - extent + stride) // stride
        if out < 0:
            raise inference.ShapeError(
                f"Computed output size would be negative: {out} [input_size: {size}, "
                f"effective_filter_size: {extent}, stride: {stride}]"
            )
    return inference.conv_output_size(size, extent, stride, op.padding)


class Dilation2DBackpropInput(Morphology):
    """Hands each gradient to the pixel that made the greatest sum of its window."""

    inputs = ("input: T", "filter: T", "out_backprop: T")
    outputs = ("in_backprop: T",)

    def infer(self, image: Shape, window: Shape, grad: Shape) -> Shape:
        return image

    def forward(self, np, image, window, grad):
        made = np.zeros(image.shape, image.dtype)
        for _, here, there, chosen in self.winners(np, image, window, grad):
            made[there] += np.where(chosen, grad[here], grad.dtype.type(0))
        return made


class Dilation2DBackpropFilter(Morphology):
    """Hands each gradient to the filter element that made the greatest sum of its window."""

    inputs = ("input: T", "filter: T", "out_backprop: T")
    outputs = ("filter_backprop: T",)

    def infer(self, image: Shape, window: Shape, grad: Shape) -> Shape:
        return window

    def forward(self, np, image, window, grad):
        made = np.zeros(window.shape, window.dtype)
        for place, here, _, chosen in self.winners(np, image, window, grad):
            handed = np.where(chosen, grad[here], grad.dtype.type(0))
            made[place] = handed.sum(axis=(0, 1, 2), dtype=grad.dtype)
        return made


@export("nn.dilation2d")
def dilation2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The greatest sum of pixel and filter element in each window of images.

    `input` is [batch, height, width, channels], `filter` [height, width, channels]; `strides` and
    `rates` have four elements, 1 for batch and channels.
    """
    return raw.Dilation2D(
        input,
        either("filters", filters, "filter", filter),
        strides=strides,
        rates=either("dilations", dilations, "rates", rates),
        padding=padding,
        name=name,
    )


@export("nn.erosion2d")
def erosion2d(
    value: Any, kernel: Any, strides: Any, rates: Any, padding: str, name: str | None = None
) -> Tensor:
    """The least difference of pixel and filter element in each window of images; see `dilation2d`.

    It is the dilation of the negative image by the filter turned round, negated.
    """
    with name_scope(name, "erosion2d", [value, kernel]) as scope:
        dilated = raw.Dilation2D(
            raw.Neg(value),
            reverse(kernel, [0, 1]),
            strides=strides,
            rates=rates,
            padding=padding,
            name=scope,
        )
        return raw.Neg(dilated)
