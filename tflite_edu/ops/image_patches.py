"""The patches of images that a sliding window sees."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    conv_output_size,
    format_shape,
    multiply_dims,
    with_rank,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import ones
from tflite_edu.ops.joining import concat
from tflite_edu.ops.packing import stack
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as range_
from tflite_edu.ops.reshaping import expand_dims, reshape
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.sparse_products import sparse_tensor_dense_matmul
from tflite_edu.ops.sparse_slices import sparse_slice
from tflite_edu.ops.windows import axis, either, padded, patches

_TYPES = (
    *(FLOAT, DOUBLE, dtypes.INT32, dtypes.UINT8, dtypes.INT16, dtypes.INT8, dtypes.INT64),
    *(BFLOAT16, dtypes.UINT16, HALF, dtypes.UINT32, dtypes.UINT64),
)


class ExtractImagePatches(Op):
    """For each place of a window on images, the pixels in it, one after the other."""

    inputs, outputs = ("images: T",), ("patches: T",)
    ksizes: list[int] = attr(minimum=4)
    strides: list[int] = attr(minimum=4)
    rates: list[int] = attr(minimum=4)
    T: DType = attr(*_TYPES)
    padding: str = attr("SAME", "VALID")

    def infer(self, images: Shape) -> Shape:
        batch, height, width, depth = with_rank(images, 4)
        for name in ("ksizes", "strides", "rates"):
            values = getattr(self, name)
            if len(values) != 4:
                raise ShapeError(
                    f"ExtractImagePatches requires the {name} attribute to contain 4 values, but "
                    f"got: {len(values)}"
                )
        rows, columns = (
            conv_output_size(size, self.ksizes[i], self.strides[i], self.padding, self.rates[i])
            for i, size in ((1, height), (2, width))
        )
        return (batch, rows, columns, multiply_dims(depth, self.ksizes[1] * self.ksizes[2]))

    def forward(self, np: Any, images: Any) -> Any:
        if images.ndim != 4:
            raise InvalidArgumentError(
                None, None, f"input must be 4-dimensional{format_shape(images.shape)}"
            )
        rows, columns = (
            axis(images.shape[i], self.ksizes[i], self.strides[i], self.rates[i], self.padding)
            for i in (1, 2)
        )
        windows = patches(np, padded(np, images, rows, columns), rows, columns)
        return windows.copy().reshape(*windows.shape[:3], -1)

    def backward(self, op: Any, dpatches: Tensor) -> Tensor:
        # TensorFlow numbers the pixels, extracts the numbers, and multiplies by the sparse matrix
        # that says which pixel went where.
        batch, height, width, depth = _sizes(op.inputs[0], (0, 1, 2, 3))
        end = 1 + height * width
        pixels = reshape(range_(1, end, dtype=dtypes.int64), (1, height, width, 1))
        taken = raw.ExtractImagePatches(
            pixels,
            ksizes=self.ksizes,
            strides=self.strides,
            rates=self.rates,
            padding=self.padding,
        )
        rows, columns = _sizes(op.outputs[0], (1, 2))
        _, high, wide, _ = self.ksizes
        count = rows * columns * high * wide
        places = reshape(range_(count, dtype=dtypes.int64), (1, rows, columns, high * wide))
        pairs = concat([expand_dims(taken, axis=-1), expand_dims(places, axis=-1)], axis=-1)
        pairs = reshape(pairs, (-1, 2))
        weights = ones([count], dtype=dpatches.dtype)
        matrix = SparseTensor(pairs, weights, stack([end, count], name="SparseTensor/dense_shape"))
        # Number 0 stands for the padding.
        matrix = sparse_slice(matrix, (1, 0), (end - 1, count))
        parts = reshape(dpatches, (batch, rows, columns, high, wide, depth))
        parts = reshape(transpose(parts, (1, 2, 3, 4, 0, 5)), (-1, batch * depth))
        total = sparse_tensor_dense_matmul(matrix, parts)
        return transpose(reshape(total, (height, width, batch, depth)), (2, 0, 1, 3))


def _sizes(tensor: Tensor, axes: tuple[int, ...]) -> list[Tensor]:
    lengths = shape_tensor(tensor, out_type=dtypes.int64)
    return [lengths[i] for i in axes]


@export("image.extract_image_patches", "extract_image_patches")
def extract_image_patches(
    images: Any,
    ksizes: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    sizes: Any = None,
) -> Tensor:
    """The patches of images: [batch, rows, columns, ksizes[1] * ksizes[2] * channels].

    Args:
      images: [batch, height, width, channels], of any real type.
      ksizes: [1, height, width, 1] of the window; `sizes` is its newer name.
      strides: [1, rows, columns, 1] between the places of the window.
      rates: [1, rows, columns, 1] between the pixels in it.
      padding: "SAME" (zeros around the image) or "VALID".

    Raises ValueError where both names of an argument are given or sizes do not fit.
    """
    return raw.ExtractImagePatches(
        images,
        ksizes=either("sizes", sizes, "ksizes", ksizes),
        strides=strides,
        rates=rates,
        padding=padding,
        name=name,
    )


@export("image.extract_patches")
def extract_patches(
    images: Any, sizes: Any, strides: Any, rates: Any, padding: str, name: str | None = None
) -> Tensor:
    """The patches of images: see `tf.image.extract_image_patches`."""
    return raw.ExtractImagePatches(
        images, ksizes=sizes, strides=strides, rates=rates, padding=padding, name=name
    )
