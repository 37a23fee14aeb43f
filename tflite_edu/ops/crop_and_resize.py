"""Boxes cut out of images and brought to one size, with gradients for images and boxes."""

from __future__ import annotations

from typing import Any, NamedTuple

from tflite_edu.core import dtypes, raw
from tflite_edu.core.dtypes import DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError, OutOfRangeError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank, with_value
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shapes_of_tensors import shape as shape_of

_TYPES = (
    *(dtypes.UINT8, dtypes.UINT16, dtypes.INT8, dtypes.INT16, dtypes.INT32, dtypes.INT64),
    *(HALF, FLOAT, DOUBLE),
)
_REAL = (FLOAT, HALF, DOUBLE)


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _check_boxes(boxes: Any, box_ind: Any) -> None:
    if not boxes.size and not box_ind.size:
        return
    if boxes.ndim != 2:
        raise _invalid(f"boxes must be 2-D{format_shape(boxes.shape)}")
    if boxes.shape[1] != 4:
        raise _invalid("boxes must have 4 columns")
    if box_ind.ndim != 1:
        raise _invalid(f"box_index must be 1-D{format_shape(box_ind.shape)}")
    if box_ind.shape[0] != boxes.shape[0]:
        raise _invalid("box_index has incompatible shape")


def _check_batch(np: Any, box_ind: Any, batch: int) -> None:
    if box_ind.size and (box_ind.min() < 0 or box_ind.max() >= batch):
        raise OutOfRangeError(None, None, "box_index has values outside [0, batch_size)")


class _Places(NamedTuple):
    """Where the pixels of crops lie on images, along one axis.

    at        float32 [boxes, crop]: the position on the image
    inside    bool [boxes, crop]: whether that is on the image
    """

    at: Any
    inside: Any


def _places(np: Any, low: Any, high: Any, size: int, crop: int) -> _Places:
    last = np.float32(size - 1)
    if crop > 1:
        step = (high - low) * last / np.float32(crop - 1)
        at = (low * last)[:, None] + np.arange(crop, dtype=np.float32) * step[:, None]
    else:
        at = (np.float32(0.5) * (low + high) * last)[:, None]
    inside = (at >= 0) & (at <= last)
    return _Places(np.where(inside, at, 0), inside)


def _rows_and_columns(
    np: Any, boxes: Any, shape: tuple[int, ...], crop: tuple[int, int]
) -> tuple[_Places, _Places]:
    """The places along both axes of boxes (y1, x1, y2, x2), in parts of the image."""
    return (
        _places(np, boxes[:, 0], boxes[:, 2], shape[1], crop[0]),
        _places(np, boxes[:, 1], boxes[:, 3], shape[2], crop[1]),
    )


class _Corners(NamedTuple):
    """The four pixels around each pixel of crops, and how far it is from the upper left one."""

    index: Any
    top: Any
    bottom: Any
    left: Any
    right: Any
    down: Any
    along: Any

    def of(self, image: Any, vertical: Any, horizontal: Any) -> Any:
        return image[self.index, vertical, horizontal]


def _corners(np: Any, box_ind: Any, rows: _Places, columns: _Places) -> _Corners:
    y, x = rows.at[:, :, None], columns.at[:, None, :]
    top, left = np.floor(y), np.floor(x)
    return _Corners(
        box_ind[:, None, None],
        top.astype(np.int64),
        np.ceil(y).astype(np.int64),
        left.astype(np.int64),
        np.ceil(x).astype(np.int64),
        (y - top)[..., None],
        (x - left)[..., None],
    )


def _nearest(np: Any, places: _Places) -> Any:
    """Halves are rounded up, where numpy rounds to even."""
    return np.floor(places.at + np.float32(0.5)).astype(np.int64)


def _inside(rows: _Places, columns: _Places) -> Any:
    return (rows.inside[:, :, None] & columns.inside[:, None, :])[..., None]


class CropAndResize(Op):
    """Boxes of images, resized by bilinear interpolation or nearest neighbour."""

    inputs = ("image: T", "boxes: float32", "box_ind: int32", "crop_size: int32")
    outputs = ("crops: float32",)
    infer_from = {"crop_size": "value"}
    value_shapes = {"crop_size": (2,)}
    T: DType = attr(*_TYPES)
    method: str = attr("bilinear", "nearest", default="bilinear")
    extrapolation_value: float = 0.0

    def infer(self, image: Shape, boxes: Shape, box_ind: Shape, crop_size: Any) -> Shape:
        depth = with_rank(image, 4)[3]
        count, columns = with_rank(boxes, 2)
        with_value(columns, 4)
        count = merge_dims(count, with_rank(box_ind, 1)[0])
        height, width = (None, None) if crop_size is None else crop_size.tolist()
        return (count, height, width, depth)

    def forward(self, np: Any, image: Any, boxes: Any, box_ind: Any, crop_size: Any) -> Any:
        if image.ndim != 4:
            raise _invalid(f"input image must be 4-D{format_shape(image.shape)}")
        if image.shape[1] <= 0 or image.shape[2] <= 0:
            raise _invalid("image dimensions must be positive")
        _check_boxes(boxes, box_ind)
        if crop_size.ndim != 1:
            raise _invalid(f"crop_size must be 1-D{format_shape(crop_size.shape)}")
        if crop_size.shape[0] != 2:
            raise _invalid(f"crop_size must have two elements{format_shape(crop_size.shape)}")
        crop = tuple(crop_size.tolist())
        if min(crop) <= 0:
            raise _invalid("crop dimensions must be positive")
        _check_batch(np, box_ind, image.shape[0])
        if not len(box_ind):
            return np.empty((0, *crop, image.shape[3]), np.float32)
        rows, columns = _rows_and_columns(np, boxes, image.shape, crop)
        if self.method == "nearest":
            pixels = image[
                box_ind[:, None, None],
                _nearest(np, rows)[:, :, None],
                _nearest(np, columns)[:, None, :],
            ].astype(np.float32)
        else:
            near = _corners(np, box_ind, rows, columns)
            lines = []
            for vertical in (near.top, near.bottom):
                left = near.of(image, vertical, near.left).astype(np.float32)
                right = near.of(image, vertical, near.right).astype(np.float32)
                lines.append(left + (right - left) * near.along)
            pixels = lines[0] + (lines[1] - lines[0]) * near.down
        return np.where(_inside(rows, columns), pixels, np.float32(self.extrapolation_value))

    def backward(self, op: Any, dcrops: Tensor) -> list[Any]:
        image, boxes, box_ind, _ = op.inputs
        static = image.shape
        size = static.as_list() if static.is_fully_defined() else shape_of(image)
        dimage = None
        if image.dtype.base_dtype in (HALF, FLOAT, DOUBLE):
            dimage = raw.CropAndResizeGradImage(
                dcrops, boxes, box_ind, size, T=image.dtype.base_dtype, method=self.method
            )
        # TensorFlow has the gradient for boxes by bilinear interpolation alone.
        dboxes = raw.CropAndResizeGradBoxes(dcrops, image, boxes, box_ind)
        return [dimage, dboxes, None, None]


class CropAndResizeGradImage(Op):
    """What images add to a loss, of what their crops add."""

    inputs = ("grads: float32", "boxes: float32", "box_ind: int32", "image_size: int32")
    outputs = ("output: T",)
    infer_from = {"image_size": "partial"}
    T: DType = attr(*_REAL)
    method: str = attr("bilinear", "nearest", default="bilinear")

    def infer(self, grads: Shape, boxes: Shape, box_ind: Shape, image_size: Shape) -> Shape:
        return with_rank(image_size, 4)

    def forward(self, np: Any, grads: Any, boxes: Any, box_ind: Any, image_size: Any) -> Any:
        if grads.ndim != 4:
            raise _invalid(f"grads image must be 4-D{format_shape(grads.shape)}")
        if grads.shape[1] <= 0 or grads.shape[2] <= 0:
            raise _invalid("grads dimensions must be positive")
        _check_boxes(boxes, box_ind)
        if box_ind.shape[0] != grads.shape[0]:
            raise _invalid("boxes and grads have incompatible shape")
        if image_size.ndim != 1:
            raise _invalid(f"image_size must be 1-D{format_shape(image_size.shape)}")
        if image_size.shape[0] != 4:
            raise _invalid(f"image_size must have 4 elements{format_shape(image_size.shape)}")
        shape = tuple(image_size.tolist())
        if shape[1] <= 0 or shape[2] <= 0:
            raise _invalid("image dimensions must be positive")
        if shape[3] != grads.shape[3]:
            raise _invalid("image_size and grads are incompatible")
        _check_batch(np, box_ind, shape[0])
        dtype = np.promote_types(self.T.as_numpy_dtype, np.float32)
        total = np.zeros(shape, dtype)
        if not len(box_ind):
            return total.astype(self.T.as_numpy_dtype, copy=False)
        rows, columns = _rows_and_columns(np, boxes, shape, grads.shape[1:3])
        grads = np.where(_inside(rows, columns), grads, 0).astype(dtype)
        index = box_ind[:, None, None]
        if self.method == "nearest":
            at = _nearest(np, rows)[:, :, None], _nearest(np, columns)[:, None, :]
            np.add.at(total, (index, *at), grads)
        else:
            near = _corners(np, box_ind, rows, columns)
            for vertical, down in ((near.top, 1 - near.down), (near.bottom, near.down)):
                part = grads * down
                for horizontal, along in ((near.left, 1 - near.along), (near.right, near.along)):
                    np.add.at(total, (index, vertical, horizontal), part * along)
        return total.astype(self.T.as_numpy_dtype, copy=False)


class CropAndResizeGradBoxes(Op):
    """What the corners of boxes add to a loss, of what the crops add."""

    inputs = ("grads: float32", "image: T", "boxes: float32", "box_ind: int32")
    outputs = ("output: float32",)
    T: DType = attr(*_TYPES)
    method: str = attr("bilinear", default="bilinear")

    def infer(self, grads: Shape, image: Shape, boxes: Shape, box_ind: Shape) -> Shape:
        return boxes

    def forward(self, np: Any, grads: Any, image: Any, boxes: Any, box_ind: Any) -> Any:
        if grads.ndim != 4:
            raise _invalid(f"grads image must be 4-D{format_shape(grads.shape)}")
        if grads.shape[1] <= 0 or grads.shape[2] <= 0:
            raise _invalid("grads dimensions must be positive")
        if image.ndim != 4:
            raise _invalid(f"input image must be 4-D{format_shape(image.shape)}")
        if image.shape[1] <= 0 or image.shape[2] <= 0:
            raise _invalid("image dimensions must be positive")
        if image.shape[3] != grads.shape[3]:
            raise _invalid("image, grads depth differ")
        _check_boxes(boxes, box_ind)
        if box_ind.shape[0] != grads.shape[0]:
            raise _invalid("boxes and grads have incompatible shape")
        _check_batch(np, box_ind, image.shape[0])
        if not len(box_ind):
            return np.zeros(boxes.shape, np.float32)
        crop = grads.shape[1:3]
        rows, columns = _rows_and_columns(np, boxes, image.shape, crop)
        near = _corners(np, box_ind, rows, columns)
        corners = {
            (y, x): near.of(image, vertical, horizontal).astype(np.float32)
            for y, vertical in enumerate((near.top, near.bottom))
            for x, horizontal in enumerate((near.left, near.right))
        }
        grads = np.where(_inside(rows, columns), grads, 0)
        by_y = (1 - near.along) * (corners[1, 0] - corners[0, 0])
        by_y += near.along * (corners[1, 1] - corners[0, 1])
        by_x = (1 - near.down) * (corners[0, 1] - corners[0, 0])
        by_x += near.down * (corners[1, 1] - corners[1, 0])
        parts = []
        for slopes, size, count in (
            ((by_y * grads).sum((2, 3)), image.shape[1], crop[0]),
            ((by_x * grads).sum((1, 3)), image.shape[2], crop[1]),
        ):
            last = np.float32(size - 1)
            if count > 1:
                second = np.arange(count, dtype=np.float32) * (last / np.float32(count - 1))
                first = last - second
            else:
                first = second = np.float32(0.5) * last
            parts.append(((slopes * first).sum(1), (slopes * second).sum(1)))
        (y1, y2), (x1, x2) = parts
        return np.stack([y1, x1, y2, x2], 1).astype(np.float32, copy=False)


@export("image.crop_and_resize")
def crop_and_resize(
    image: Any,
    boxes: Any,
    box_ind: Any = None,
    crop_size: Any = None,
    method: str = "bilinear",
    extrapolation_value: float = 0,
    name: str | None = None,
    box_indices: Any = None,
) -> Tensor:
    """Boxes cut out of images and resized: float32 [boxes, *crop_size, channels].

    Args:
      image: [batch, height, width, channels], of any real type.
      boxes: float32 [boxes, 4]: y1, x1, y2, x2 of two corners in parts of the image; where y1 > y2
        or x1 > x2 the crop is flipped.
      box_ind: int32 [boxes], which image each box is of; `box_indices` is its newer name.
      crop_size: int32 [2], height and width.
      method: "bilinear" or "nearest".
      extrapolation_value: what is put where a box is outside the image.

    Raises ValueError where both names of an argument are given; InvalidArgumentError in a run where
    shapes do not fit or there is no such image.
    """
    if box_indices is not None:
        if box_ind is not None:
            raise ValueError("Cannot specify both 'box_ind' and 'box_indices'")
        box_ind = box_indices
    return raw.CropAndResize(
        image,
        boxes,
        box_ind,
        crop_size,
        method=method,
        extrapolation_value=extrapolation_value,
        name=name,
    )
