"""PNG, JPEG, GIF and BMP files in strings: decoded to pixels, and made of them.

PNG, JPEG and GIF need Pillow, the package's extra `images`; a run without it raises
`tf.errors.UnimplementedError`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.dtypes import INT32, INT64, UINT8, UINT16, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats import bmp, gif, jpeg, png, png_reading


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _text(np: Any, contents: Any) -> bytes:
    if np.ndim(contents):
        raise _invalid(f"contents must be scalar, got shape {format_shape(contents.shape)}")
    return contents if isinstance(contents, bytes) else contents[()]


def _channels_shape(channels: int) -> Shape:
    if channels < 0:
        raise ShapeError(f"channels must be non-negative, got {channels}")
    return (None, None, channels or None)


class _Decoder(Op, abstract=True):
    """Decodes a file of whichever of the three formats it is, as TensorFlow does."""

    inputs: ClassVar[tuple[str, ...]] = ("contents: string",)

    def pixels(self, np: Any, contents: Any, frames: bool = False, **options: Any) -> Any:
        """[height, width, channels], or all frames of an animation, if asked for."""
        image: Any
        data = _text(np, contents)
        channels = getattr(self, "channels", 3)
        if channels not in (0, 1, 3, 4):
            raise _invalid(f"channels must be 0, 1, 3, or 4, got {channels}")
        wide = options.pop("wide", False)
        if data.startswith(b"\xff\xd8\xff"):
            if channels == 4:
                raise _invalid("channels must be 0, 1, or 3 for JPEG, got 4")
            image = jpeg.decode_jpeg(data, channels, **options)
            if image is None:
                raise _invalid(f"Invalid JPEG data or crop window, data size {len(data)}")
            if wide:
                image = image.astype(np.uint16) * np.uint16(257)
        elif data.startswith(b"\x89PNG\r\n\x1a\n"):
            image = png_reading.decode_png(data, channels, wide)
        elif data.startswith(b"GIF8"):
            images = gif.decode_gif(data)
            if frames:
                return images
            if len(images) > 1:
                raise _invalid(
                    f"Got {len(images)} frames, but animated gifs can only be decoded by "
                    "tf.image.decode_gif or tf.image.decode_image"
                )
            return images[0]
        elif not data:
            raise _invalid("Expected image (JPEG, PNG, or GIF), got empty file")
        else:
            raise _invalid(
                "Expected image (JPEG, PNG, or GIF), got unknown format starting with "
                f"'{_escaped(data[:16])}'"
            )
        return image[np.newaxis] if frames else image


_SHORT = {7: "\\007", 10: "\\n", 13: "\\r", 9: "\\t", 34: '\\"', 39: "\\'", 92: "\\\\"}


def _escaped(data: bytes) -> str:
    """The bytes as C++ would write them in a string."""
    return "".join(_SHORT.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data)


class DecodePng(_Decoder):
    """The pixels of a PNG file."""

    outputs = ("image: dtype",)
    channels: int = 0
    dtype: DType = attr(UINT8, UINT16, default=UINT8)

    def infer(self, contents: Shape) -> Shape:
        with_rank(contents, 0)
        return _channels_shape(self.channels)

    def forward(self, np: Any, contents: Any) -> Any:
        return self.pixels(np, contents, wide=self.dtype == dtypes.uint16)


@export("image.decode_png", "io.decode_png")
def decode_png(
    contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None
) -> Tensor:
    """The pixels of a PNG file: [height, width, channels], uint8 or uint16.

    Args:
      contents: a string scalar; JPEG files are decoded too.
      channels: 0 (as in the file), 1 (gray), 3 (RGB) or 4 (RGBA).

    A run raises InvalidArgumentError on what is no such file and on another number of channels.
    """
    return raw.DecodePng(contents, channels=channels, dtype=dtype, name=name)


def _jpeg_options(op: Any) -> dict[str, Any]:
    """What the attributes ask of the decoder of JPEG files."""
    if op.ratio not in (1, 2, 4, 8):
        raise _invalid(f"ratio must be 1, 2, 4, or 8, got {op.ratio}")
    if op.dct_method not in ("", "INTEGER_FAST", "INTEGER_ACCURATE"):
        raise _invalid("dct_method must be one of {'', 'INTEGER_FAST', 'INTEGER_ACCURATE'}")
    return {
        "ratio": op.ratio,
        "fancy_upscaling": op.fancy_upscaling,
        "accurate": op.dct_method == "INTEGER_ACCURATE",
        "recover": op.try_recover_truncated,
    }


class DecodeJpeg(_Decoder):
    """The pixels of a JPEG file."""

    outputs = ("image: uint8",)
    channels: int = 0
    ratio: int = 1
    fancy_upscaling: bool = True
    try_recover_truncated: bool = False
    acceptable_fraction: float = 1.0
    dct_method: str = ""

    def infer(self, contents: Shape) -> Shape:
        with_rank(contents, 0)
        return _channels_shape(self.channels)

    def forward(self, np: Any, contents: Any) -> Any:
        return self.pixels(np, contents, **_jpeg_options(self))


@export("io.decode_jpeg", "image.decode_jpeg")
def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """The pixels of a JPEG file: uint8 [height, width, channels].

    Args:
      contents: a string scalar; PNG files are decoded too.
      channels: 0 (as in the file), 1 (gray) or 3 (RGB).
      ratio: 1, 2, 4 or 8: how many times smaller the result is.
      fancy_upscaling: whether chroma that was stored coarsely is smooth.
      try_recover_truncated: whether a file that breaks off is grey after its end, not refused.
      dct_method: "INTEGER_FAST" (the default) or "INTEGER_ACCURATE", with which chroma is smooth
        in any case.

    A run raises InvalidArgumentError on what is no such file.
    """
    return raw.DecodeJpeg(
        contents,
        channels=channels,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=acceptable_fraction,
        dct_method=dct_method,
        name=name,
    )


class DecodeAndCropJpeg(_Decoder):
    """A box of the pixels of a JPEG file."""

    inputs, outputs = ("contents: string", "crop_window: int32"), ("image: uint8",)
    infer_from = {"crop_window": "value"}
    value_shapes = {"crop_window": (4,)}
    channels: int = 0
    ratio: int = 1
    fancy_upscaling: bool = True
    try_recover_truncated: bool = False
    acceptable_fraction: float = 1.0
    dct_method: str = ""

    def infer(self, contents: Shape, crop_window: Any) -> Shape:
        with_rank(contents, 0)
        depth = _channels_shape(self.channels)
        if crop_window is None:
            return depth
        _, _, height, width = crop_window.tolist()
        return (height, width, self.channels or None)

    def forward(self, np: Any, contents: Any, crop_window: Any) -> Any:
        if crop_window.ndim != 1:
            raise _invalid("crop_window must be 1-D, got shape " + format_shape(crop_window.shape))
        if crop_window.shape[0] != 4:
            raise _invalid(f"crop_size must have four elements {format_shape(crop_window.shape)}")
        top, left, height, width = crop_window.tolist()
        columns = (max(left, 0), max(left + width, 0))
        image = self.pixels(np, contents, columns=columns, **_jpeg_options(self))
        fits = (
            min(top, left) >= 0
            and min(height, width) > 0
            and top + height <= image.shape[0]
            and left + width <= image.shape[1]
        )
        if not fits:
            size = len(_text(np, contents))
            raise _invalid(f"Invalid JPEG data or crop window, data size {size}")
        return image[top : top + height, left : left + width].copy()


@export("io.decode_and_crop_jpeg", "image.decode_and_crop_jpeg")
def decode_and_crop_jpeg(
    contents: Any,
    crop_window: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """A box of the pixels of a JPEG file: uint8 [height, width, channels].

    `crop_window` is int32 [4]: top, left, height, width. The other arguments and errors are those
    of `tf.image.decode_jpeg`; a run raises InvalidArgumentError on a box outside the image, too.
    """
    return raw.DecodeAndCropJpeg(
        contents,
        crop_window,
        channels=channels,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=acceptable_fraction,
        dct_method=dct_method,
        name=name,
    )


class ExtractJpegShape(Op):
    """Height, width and channels of a JPEG file, without its pixels."""

    inputs, outputs = ("contents: string",), ("image_shape: output_type",)
    output_type: DType = attr(INT32, INT64, default=INT32)

    def infer(self, contents: Shape) -> Shape:
        with_rank(contents, 0)
        return (3,)

    def forward(self, np: Any, contents: Any) -> Any:
        data = _text(np, contents)
        frame = jpeg.read_frame(data) if data.startswith(b"\xff\xd8") else None
        if frame is None:
            raise _invalid(f"Invalid JPEG data, size {len(data)}")
        sizes = [frame.height, frame.width, len(frame.components)]
        return np.array(sizes, self.output_type.as_numpy_dtype)


@export("io.extract_jpeg_shape", "image.extract_jpeg_shape")
def extract_jpeg_shape(
    contents: Any, output_type: Any = dtypes.int32, name: str | None = None
) -> Tensor:
    """Height, width and channels of a JPEG file, of its header alone: int32 or int64 [3].

    A run raises InvalidArgumentError on what is no JPEG file.
    """
    return raw.ExtractJpegShape(contents, output_type=output_type, name=name)


class DecodeGif(_Decoder):
    """The frames of a GIF file."""

    outputs = ("image: uint8",)

    def infer(self, contents: Shape) -> Shape:
        with_rank(contents, 0)
        return (None, None, None, 3)

    def forward(self, np: Any, contents: Any) -> Any:
        return self.pixels(np, contents, frames=True)


@export("io.decode_gif", "image.decode_gif")
def decode_gif(contents: Any, name: str | None = None) -> Tensor:
    """The frames of a GIF file: uint8 [frames, height, width, 3].

    Each frame is drawn over the one before it; JPEG and PNG files are decoded as one frame. A run
    raises InvalidArgumentError on what is no such file.
    """
    return raw.DecodeGif(contents, name=name)


class DecodeBmp(Op):
    """The pixels of a BMP file."""

    inputs, outputs = ("contents: string",), ("image: uint8",)
    channels: int = 0

    def infer(self, contents: Shape) -> Shape:
        with_rank(contents, 0)
        return _channels_shape(self.channels)

    def forward(self, np: Any, contents: Any) -> Any:
        if self.channels not in (0, 1, 3, 4):
            raise _invalid(f"channels must be 0, 1, 3 or 4, got {self.channels}")
        return bmp.decode_bmp(_text(np, contents), self.channels)


@export("io.decode_bmp", "image.decode_bmp")
def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Tensor:
    """The pixels of an uncompressed BMP file: uint8 [height, width, channels].

    `channels` is 0 or the number in the file, 1, 3 or 4. A run raises InvalidArgumentError on
    another number and on what is no such file. Needs no other package.
    """
    return raw.DecodeBmp(contents, channels=channels, name=name)


class EncodePng(Op):
    """A PNG file."""

    inputs, outputs = ("image: T",), ("contents: string",)
    compression: int = -1
    T: DType = attr(UINT8, UINT16, default=UINT8)

    def infer(self, image: Shape) -> Shape:
        with_rank(image, 3)
        return ()

    def forward(self, np: Any, image: Any) -> Any:
        return _string(np, png.encode_png(image, self.compression))


@export("image.encode_png")
def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Tensor:
    """A PNG file, byte for byte as libpng writes it: a string scalar. Needs no other package.

    Args:
      image: uint8 or uint16 [height, width, 1 to 4]: gray, gray and alpha, RGB, RGBA.
      compression: of 0 (none) to 9 (best), or -1.

    Raises ValueError on another rank; InvalidArgumentError in a run on other channels.
    """
    return raw.EncodePng(image, compression=compression, name=name)


class EncodeJpeg(Op):
    """A JPEG file."""

    inputs, outputs = ("image: uint8",), ("contents: string",)
    format: str = attr("", "grayscale", "rgb", default="")
    quality: int = 95
    progressive: bool = False
    optimize_size: bool = False
    chroma_downsampling: bool = True
    density_unit: str = attr("in", "cm", default="in")
    x_density: int = 300
    y_density: int = 300
    xmp_metadata: str = ""

    def infer(self, image: Shape) -> Shape:
        with_rank(image, 3)
        return ()

    def forward(self, np: Any, image: Any) -> Any:
        _check_quality(self.quality)
        _check_pixels(image)
        wanted = {"grayscale": 1, "rgb": 3}.get(self.format)
        if wanted is not None and image.shape[2] != wanted:
            raise _invalid(
                f"format {self.format} expects {wanted} channels, got {format_shape(image.shape)}"
            )
        text: Any = self.xmp_metadata
        return _encoded(
            np,
            image,
            quality=self.quality,
            progressive=self.progressive,
            optimize_size=self.optimize_size,
            chroma_downsampling=self.chroma_downsampling,
            density=(1 if self.density_unit == "in" else 2, self.x_density, self.y_density),
            xmp_metadata=text if isinstance(text, bytes) else text.encode(),
        )


def _check_quality(quality: int) -> None:
    if not 0 <= quality <= 100:
        raise _invalid(f"quality must be in [0,100], got {quality}")


def _check_pixels(image: Any) -> None:
    if image.ndim != 3:
        raise _invalid(f"image must be 3-dimensional{format_shape(image.shape)}")
    if image.shape[2] not in (1, 3):
        raise _invalid(f"image must have 1 or 3 channels, got {format_shape(image.shape)}")


def _string(np: Any, data: bytes) -> Any:
    made = np.empty((), object)
    made[()] = data
    return made


def _encoded(np: Any, image: Any, **options: Any) -> Any:
    if not image.size or max(image.shape) > 65500:
        raise errors.InternalError(None, None, "JPEG encoding failed")
    return _string(np, jpeg.encode_jpeg(image, **options))


@export("io.encode_jpeg", "image.encode_jpeg")
def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: str = "",
    name: str | None = None,
) -> Tensor:
    """A JPEG file: a string scalar.

    Args:
      image: uint8 [height, width, 1 or 3].
      format: "grayscale" or "rgb" to refuse the other, or "".
      quality: of 0 to 100.
      progressive: whether the image appears step by step as it loads.
      optimize_size: whether to take more time for a smaller file.
      chroma_downsampling: whether colours are stored half as fine as brightness.
      density_unit, x_density, y_density: pixels to the inch ("in") or centimetre ("cm").
      xmp_metadata: an XMP packet to put in.

    Raises ValueError on another rank; InvalidArgumentError in a run on other channels.
    """
    return raw.EncodeJpeg(
        image,
        format=format,
        quality=quality,
        progressive=progressive,
        optimize_size=optimize_size,
        chroma_downsampling=chroma_downsampling,
        density_unit=density_unit,
        x_density=x_density,
        y_density=y_density,
        xmp_metadata=xmp_metadata,
        name=name,
    )


class EncodeJpegVariableQuality(Op):
    """A JPEG file of a quality that a tensor says."""

    inputs, outputs = ("images: uint8", "quality: int32"), ("contents: string",)

    def infer(self, images: Shape, quality: Shape) -> Shape:
        with_rank(images, 3)
        return ()

    def forward(self, np: Any, images: Any, quality: Any) -> Any:
        _check_pixels(images)
        if np.ndim(quality):
            raise _invalid(f"quality must be scalar: {format_shape(quality.shape)}")
        # Unlike EncodeJpeg it leaves it to libjpeg to bring the quality into its range.
        return _encoded(np, images, quality=min(int(quality), 100))
