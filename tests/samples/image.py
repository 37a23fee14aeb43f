"""Samples of images: sizes, crops, colours, boxes and files."""

import base64
import struct
import zlib

import numpy as np

from .sample import Sample, f16, f32, i32, ramp, text, u8, wave

NO = {"differentiable": False}
CORNERS, CENTERS = {"align_corners": True}, {"half_pixel_centers": True}
IMAGES = wave([2, 4, 5, 2])
BYTES = u8((np.arange(80) * 37 % 256).reshape(2, 4, 5, 2))
COLOURS = ramp([2, 3, 2, 3], 0.05, 0.9, "float32")
HUES = f32((np.arange(60) * 37 % 64 / 64).reshape(1, 4, 5, 3))


def resized(kinds, **more):
    """Up, down, both, the same size, one pixel; flags; dtypes; and what is refused."""
    images = f32(IMAGES)
    sizes = ([7, 9], [2, 3], [6, 2], [4, 5], [1, 1], [8, 10])
    return [
        *[Sample([images, i32(size)], more, **NO) for size in sizes],
        *[Sample([images, i32(size)], dict(CORNERS, **more), **NO) for size in sizes],
        *[Sample([IMAGES.astype(kind), i32([3, 7])], more, **NO) for kind in kinds],
        Sample([BYTES, i32([3, 7])], dict(CORNERS, **more), **NO),
        Sample([images[:0], i32([3, 7])], more, **NO),
        Sample([images[..., :0], i32([3, 7])], more, **NO),
        Sample([images[:, :0], i32([3, 7])], more, **NO),
        Sample([images[0], i32([3, 7])], more, **NO),
        Sample([images, i32([3, 7, 1])], more, **NO),
        Sample([images, i32([[3, 7]])], more, **NO),
        Sample([images, i32([0, 7])], more, **NO),
    ]


def centered():
    images = f32(IMAGES)
    sizes = ([7, 9], [2, 3], [6, 2], [4, 5], [1, 1])
    return [
        *[Sample([images, i32(size)], CENTERS, **NO) for size in sizes],
        Sample([images, i32([3, 7])], dict(CORNERS, **CENTERS), **NO),
    ]


def unsized(kinds):
    grads = f32(wave([2, 6, 3, 2], start=5))
    flags = ({}, CORNERS, CENTERS)
    return [
        *[Sample([grads, IMAGES.astype(k)], a, **NO) for k in kinds for a in flags],
        Sample([grads[:0], f32(IMAGES)[:0]], **NO),
        Sample([grads[0], f32(IMAGES)], **NO),
        Sample([grads, f32(IMAGES)[0]], **NO),
        Sample([grads, f32(IMAGES)], dict(CORNERS, **CENTERS), **NO),
    ]


BOXES = f32([[0, 0, 0.5, 0.6], [0.1, 0.2, 0.9, 0.7], [0.9, 0.8, 0.2, 0.1], [0.5, 0.5, 1.25, 1.5]])
OF = i32([0, 1, 1, 0])
SCORES = f32([0.9, 0.75, 0.8, 0.3, 0.6, 0.6])
RIVALS = f32(
    [
        *([0, 0, 1, 1], [0, 0.1, 1, 1.1], [0.9, 0.95, 0, 0], [2, 2, 3, 3], [2, 2, 3, 3.5]),
        [0, 0, 0, 0],
    ]
)
SCALARS = f32(0.5), f32(0.1)


def chosen(*more, **attrs):
    def sample(boxes, scores, count, *rest):
        return Sample([boxes, scores, i32(count), *rest], attrs, **NO)

    return [
        sample(RIVALS, SCORES, 4, f32(0.5), f32(0.1), *more),
        sample(RIVALS, SCORES, 3, f32(0.95), f32(-np.inf), *more),
        sample(RIVALS, SCORES, 9, f32(0.0), f32(0.7), *more),
        sample(RIVALS, SCORES, 0, *SCALARS, *more),
        sample(RIVALS, SCORES, 4, f32(1.5), f32(0.1), *more),
        sample(RIVALS, SCORES[:3], 4, *SCALARS, *more),
        sample(RIVALS[:, :3], SCORES, 4, *SCALARS, *more),
        sample(RIVALS, SCORES, [4], *SCALARS, *more),
        sample(RIVALS, SCORES, 4, f32([0.5]), f32(0.1), *more),
    ]


def drawn(image_size, boxes, *more, **attrs):
    attrs = {"seed": 3, "seed2": 7, **attrs}
    return Sample([i32(image_size), f32(boxes), *more], attrs, differentiable=False, runs=3)


OBJECTS = [[[0.1, 0.2, 0.7, 0.9], [0.3, 0.3, 0.4, 0.5]]]


def distorted(*more):
    return [
        drawn([40, 60, 3], OBJECTS, *more),
        drawn([41, 59, 3], OBJECTS, *more, area_range=[0.5, 0.9], max_attempts=4),
        drawn([4, 6, 3], OBJECTS, *more, aspect_ratio_range=[0.2, 3.0]),
        drawn([40, 60, 3], OBJECTS, *more, area_range=[0.999, 1.0], max_attempts=2),
        drawn([40, 60, 3], np.zeros([1, 0, 4]), *more, use_image_if_no_bounding_boxes=True),
        drawn([40, 60, 3], np.zeros([1, 0, 4]), *more),
        drawn([40, 60, 3], [[[0.1, 0.2, 0.7, 1.5]]], *more),
        drawn([40, 60], OBJECTS, *more),
        drawn([40, 60, 3], OBJECTS[0], *more),
        drawn([0, 60, 3], OBJECTS, *more),
        drawn([40, 60, 3], OBJECTS, *more, area_range=[0.5]),
        drawn([40, 60, 3], OBJECTS, *more, aspect_ratio_range=[0.5]),
    ]


JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKra"
    "rYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4"
    "+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAGAAcDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA"
    "AAL/xAAaEAEAAQUAAAAAAAAAAAAAAAAAAQIDBBES/8QAFQEBAQAAAAAAAAAAAAAAAAAAAgP/xAAZEQACAwEAAAAA"
    "AAAAAAAAAAAAAgMRMRL/2gAMAwEAAhEDEQA/AJsYdHO5ASvBxO3On//Z"
)
PALETTE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAGBAMAAAD9IJlFAAAAGFBMVEWitJaieHoktCkkeBtsUDa0FBdsFA4kFAVG"
    "Nel0AAAAAnRSTlP/AOW3MEoAAAAnSURBVHicYyz///41E8OHDwyMxoJ/z7MwfLjLwPL+/3sGJob/DAIA2MsNCNUw"
    "WSkAAAAASUVORK5CYII="
)
GIF = base64.b64decode(
    "R0lGODdhBwAGAIIAAKK0lqJ4eiS0KSR4G2xQNrQUF2wUDiQUBSwAAAAABwAGAAAIIwAPCDRgoECBgQUNDhhAoGGA"
    "AAsZPgwgoGIAABgrCsAIIEBAADs="
)
STRAY = base64.b64decode(
    "R0lGODdhBwAGAIIAAKK0lqJ4eiS0KSR4G2xQNrQUF2wUDiQUBSwAAAAABwAGAAAIIwAPCDRgoECBgQUNDhhAoGGA"
    "AAsZPgwgoGIAABgrCsAIIEBAACH5BAEAAAgALAAAAAAHAAYAgqK0lqJ4eiS0KSR4G2xQNrQUF2wUDiQUBQgmAAUI"
    "BEAwgEABAQgCQIBgAIIADBkSQDARwYEDBgwU2HgRo8YCAQEAOw=="
)
BMP = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 78, 0, 0, 54, 40, 2, 3, 1, 24, 0, 24, 0, 0, 0, 0)
BMP += bytes(range(24))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows):
    """A PNG file whose rows begin with the number of their filter."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def filtered(size):
    """Five rows, one for each filter."""
    return b"".join(bytes([k]) + bytes(i * 53 % 256 for i in range(k, k + size)) for k in range(5))


GREY, RGB, RGBA = (
    png(4, 5, 8, 0, filtered(4)),
    png(3, 5, 8, 2, filtered(9)),
    png(2, 5, 8, 6, filtered(8)),
)
DEEP = [png(3, 5, 16, colour, filtered(6 * n)) for colour, n in ((0, 1), (4, 2), (2, 3), (6, 4))]
BIT = png(7, 2, 1, 0, b"\0\xb2\0\x4d")
HUGE = png(100000, 100000, 8, 2, b"")
BROKEN = [b"", b"hello world", RGB[:20], RGB[:50], JPEG[:30], JPEG[: len(JPEG) // 2], GIF[:6], HUGE]


def files(contents, **attrs):
    return [Sample([text(content)], attrs, **NO) for content in contents]


PIXELS = u8((np.arange(90) * 41 % 256).reshape(5, 6, 3))


def window(ksizes, strides, rates, padding):
    return {"ksizes": ksizes, "strides": strides, "rates": rates, "padding": padding}


SAMPLES = {
    "ResizeBilinear": [
        *resized(["int8", "uint16", "int32", "int64", "float16", "float64"]),
        *centered(),
        Sample([f32(IMAGES), i32([6, 7])]),
    ],
    "ResizeBilinearGrad": unsized(["float32", "float16"]),
    "ResizeNearestNeighbor": [
        *resized(["int8", "uint16", "int32", "int64", "float16", "float64"]),
        *centered(),
        Sample([IMAGES, i32([6, 7])]),
    ],
    "ResizeNearestNeighborGrad": [
        *[
            Sample([f32(wave([2, 6, 3, 2], start=5)), i32([4, 5])], attrs, **NO)
            for attrs in ({}, CORNERS, CENTERS)
        ],
        Sample([i32(np.arange(24)).reshape(1, 3, 4, 2), i32([5, 2])], **NO),
        Sample([BYTES, i32([1, 1])], **NO),
        Sample([f32(IMAGES), i32([0, 5])], **NO),
        Sample([f32(IMAGES), i32([5])], **NO),
    ],
    "ResizeBicubic": [
        *resized(["int8", "uint16", "int32", "int64", "float16", "float64"]),
        *centered(),
        Sample([f32(IMAGES), i32([6, 7])]),
    ],
    "ResizeBicubicGrad": unsized(["float32", "float64"]),
    "ResizeArea": resized(["int8", "uint16", "int32", "int64", "float16", "float64"]),
    "CropAndResize": [
        Sample([f32(IMAGES), BOXES, OF, i32([3, 4])], **NO),
        Sample([BYTES, BOXES, OF, i32([1, 2])], {"extrapolation_value": 7.5}, **NO),
        Sample([IMAGES, BOXES, OF, i32([2, 1])], {"method": "nearest"}, **NO),
        Sample([f16(IMAGES), BOXES[:0], OF[:0], i32([2, 2])], **NO),
        Sample([f32(IMAGES), BOXES, i32([0, 2, 1, 0]), i32([2, 2])], **NO),
        Sample([f32(IMAGES), BOXES, OF, i32([0, 2])], **NO),
        Sample([f32(IMAGES), BOXES, OF[:3], i32([2, 2])], **NO),
        Sample([f32(IMAGES), BOXES, OF, i32([2])], **NO),
        Sample([f32(IMAGES), BOXES[:, :3], OF, i32([2, 2])], **NO),
        Sample([f32(IMAGES)[:, :0], BOXES, OF, i32([2, 2])], **NO),
    ],
    "CropAndResizeGradImage": [
        *[
            Sample(
                [f32(wave(shape)), BOXES, OF, i32([2, 4, 5, 2])], {"T": dtype, "method": m}, **NO
            )
            for shape in ([4, 3, 4, 2], [4, 1, 2, 2])
            for dtype in ("float32", "float16")
            for m in ("bilinear", "nearest")
        ],
        Sample([f32(wave([4, 3, 4, 2])), BOXES, OF, i32([2, 4, 5, 3])], {"T": "float32"}, **NO),
        Sample([f32(wave([4, 3, 4, 2])), BOXES, OF, i32([1, 4, 5, 2])], {"T": "float32"}, **NO),
        Sample([f32(wave([3, 3, 4, 2])), BOXES, OF, i32([2, 4, 5, 2])], {"T": "float32"}, **NO),
    ],
    "CropAndResizeGradBoxes": [
        Sample([f32(wave([4, 3, 4, 2])), f32(IMAGES), BOXES, OF], **NO),
        Sample([f32(wave([4, 1, 1, 2])), BYTES, BOXES, OF], **NO),
        Sample([f32(wave([4, 3, 4, 3])), f32(IMAGES), BOXES, OF], **NO),
        Sample([f32(wave([4, 3, 4, 2])), f32(IMAGES), BOXES, i32([0, 1, 2, 0])], **NO),
    ],
    "ExtractImagePatches": [
        Sample([IMAGES], window([1, 2, 3, 1], [1, 1, 2, 1], [1] * 4, p)) for p in ("SAME", "VALID")
    ]
    + [
        Sample([BYTES], window([1, 2, 2, 1], [1] * 4, [1, 2, 1, 1], p), **NO)
        for p in ("SAME", "VALID")
    ]
    + [
        Sample([IMAGES], window([1, 2, 2], [1] * 4, [1] * 4, "SAME"), **NO),
        Sample([IMAGES[0]], window([1] * 4, [1] * 4, [1] * 4, "SAME"), **NO),
    ],
    "RGBToHSV": [
        Sample([COLOURS], **NO),
        Sample([f32([[1, 0, 0], [0, 0, 0], [0.5, 0.5, 0.5], [0, 1, 1], [0.2, 0.9, 0.4]])], **NO),
        Sample([HUES.astype("float64")], **NO),
        Sample([f32([0.1, 0.2])], **NO),
        Sample([f32(0.1)], **NO),
    ],
    "HSVToRGB": [
        Sample([COLOURS]),
        Sample([HUES.astype("float64")]),
        Sample([f32([[1, 1, 1], [0, 0, 0], [0.5, 1, 0.5]])]),
        Sample([f32([0.1, 0.2])], **NO),
    ],
    "AdjustContrastv2": [
        Sample([COLOURS, f32(1.5)], **NO),
        Sample([COLOURS[0], f32(-0.5)], **NO),
        Sample([f16(COLOURS), f32(2)], **NO),
        Sample([COLOURS[:0], f32(2)], **NO),
        Sample([COLOURS[0, 0], f32(2)], **NO),
        Sample([COLOURS, f32([2])], **NO),
    ],
    "AdjustHue": [
        *[Sample([HUES, f32(delta)], **NO) for delta in (0.1, -0.35, 0.0, 1.0, 0.5)],
        Sample([COLOURS * 2 - 0.5, f32(0.3)], **NO),
        Sample([f16(HUES), f32(0.25)], **NO),
        Sample([f32([[[0.5, 0.5, 0.5]]]), f32(0.25)], **NO),
        Sample([f32([[[0.5, 0.5]]]), f32(0.25)], **NO),
        Sample([HUES, f32([0.25])], **NO),
        Sample([HUES[0, 0], f32(0.25)], **NO),
    ],
    "AdjustSaturation": [
        *[Sample([HUES, f32(scale)], **NO) for scale in (0.5, 3.0, 0.0, -1.0)],
        Sample([f16(HUES), f32(0.25)], **NO),
        Sample([f32([[[0.5, 0.5, 0.5], [0, 0, 0]]]), f32(0.25)], **NO),
        Sample([f32([[[0.5, 0.5]]]), f32(0.25)], **NO),
        Sample([HUES[0, 0], f32(0.25)], **NO),
    ],
    "DrawBoundingBoxes": [
        Sample([f32(np.zeros([2, 6, 7, 3])), BOXES.reshape(2, 2, 4)]),
        Sample([f32(np.zeros([1, 6, 7, 4])), BOXES[np.newaxis]], **NO),
        Sample([f32(np.zeros([1, 6, 7, 1])), f32([[[-0.5, 0.2, 0.4, 0.5]] * 12])], **NO),
        Sample([f32(np.zeros([1, 6, 7, 2])), BOXES[np.newaxis]], **NO),
        Sample([f32(np.zeros([1, 6, 7, 3])), BOXES.reshape(2, 2, 4)], **NO),
    ],
    "DrawBoundingBoxesV2": [
        Sample([f32(np.zeros([2, 6, 7, 3])), BOXES.reshape(2, 2, 4), f32([[1, 0.5, 0]])], **NO),
        Sample([f32(np.zeros([1, 6, 7, 3])), BOXES[np.newaxis], f32(np.zeros([0, 0]))], **NO),
        Sample([f32(np.zeros([1, 6, 7, 1])), BOXES[np.newaxis], f32([[0.3]])], **NO),
    ],
    "SampleDistortedBoundingBox": [
        *distorted(),
        drawn([40, 60, 3], OBJECTS, min_object_covered=0.9),
    ],
    "SampleDistortedBoundingBoxV2": [
        *distorted(f32(0.1)),
        drawn([40, 60, 3], OBJECTS, f32(0.95)),
    ],
    "NonMaxSuppressionV3": chosen(),
    "NonMaxSuppressionV4": [*chosen(), *chosen(pad_to_max_output_size=True)],
    "NonMaxSuppressionV5": [
        *chosen(f32(0)),
        *chosen(f32(0.5), pad_to_max_output_size=True),
        *chosen(f32(-0.5))[:1],
    ],
    "NonMaxSuppressionWithOverlaps": [
        Sample([f32(np.eye(4) + 0.2), f32([1, 4, 2, 3]), i32(3), f32(t), f32(1.5)])
        for t in (0.1, 0.2, 0.5)
    ]
    + [
        Sample([f32(np.sin(np.arange(16))).reshape(4, 4), f32([1, 4, 2, 4]), i32(6), *SCALARS]),
        Sample([f32(np.eye(4)), f32([1, 4, 2]), i32(3), *SCALARS], **NO),
        Sample([f32(np.eye(4))[:3], f32([1, 4, 2]), i32(3), *SCALARS], **NO),
    ],
    "DecodePng": [
        *files([RGB, GREY, RGBA, *DEEP, PALETTE, BIT, JPEG, *BROKEN]),
        *files([RGB, GREY, RGBA, *DEEP, PALETTE, BIT], dtype="uint16"),
        *files([RGB, GREY, RGBA, DEEP[2], PALETTE], channels=1),
        *files([RGB, GREY, DEEP[1], PALETTE, BIT], channels=3),
        *files([RGB, GREY, DEEP[3], PALETTE, BIT], channels=4),
        *files([RGB], channels=2),
        *files([RGB], channels=-1),
        Sample([text([RGB])], **NO),
    ],
    "DecodeJpeg": [
        *files([JPEG, RGB, *BROKEN]),
        *files([JPEG], channels=1),
        *files([JPEG], channels=4),
        *files([JPEG], ratio=2),
        *files([JPEG], ratio=8),
        *files([JPEG], ratio=3),
        *files([JPEG], fancy_upscaling=False),
        *files([JPEG], dct_method="INTEGER_ACCURATE"),
        *files([JPEG], dct_method="slow"),
    ],
    "DecodeAndCropJpeg": [
        *[
            Sample([text(JPEG), i32(window)], **NO)
            for window in (
                *([0, 0, 6, 7], [1, 2, 3, 4], [0, 0, 7, 7], [-1, 0, 3, 3], [0, 0, 0, 3]),
                [0, 0, 3],
            )
        ],
        Sample([text(JPEG), i32([1, 1, 2, 3])], {"channels": 1}, **NO),
        Sample([text(JPEG[:30]), i32([1, 1, 2, 3])], **NO),
    ],
    "ExtractJpegShape": [
        *files([JPEG, JPEG[: len(JPEG) // 2], JPEG[:30], RGB, b""]),
        *files([JPEG], output_type="int64"),
    ],
    "DecodeGif": files([GIF, STRAY, RGB, JPEG, *BROKEN]),
    "DecodeBmp": [
        *files([BMP, BMP[:70], BMP[:20], b"", BMP[:18] + struct.pack("<i", -2) + BMP[22:]]),
        *files([BMP[:22] + struct.pack("<i", -3) + BMP[26:]]),
        *files([BMP[:18] + struct.pack("<ii", 1 << 20, 1 << 20) + BMP[26:]]),
        *files([BMP[:28] + struct.pack("<H", 7) + BMP[30:]]),
        *files([BMP], channels=1),
        *files([BMP], channels=2),
        *files([BMP], channels=3),
    ],
    "EncodePng": [
        *[Sample([PIXELS[..., :n]], **NO) for n in (1, 2, 3)],
        Sample([PIXELS.astype("uint16") * np.uint16(211)], {"compression": 9}, **NO),
        Sample([PIXELS], {"compression": 0}, **NO),
        Sample([u8(np.zeros([2, 2, 5]))], **NO),
        Sample([PIXELS[0]], **NO),
    ],
    "EncodeJpeg": [
        Sample([PIXELS], **NO),
        Sample([PIXELS[..., :1]], {"format": "grayscale", "quality": 30}, **NO),
        Sample([PIXELS], {"chroma_downsampling": False, "progressive": True}, **NO),
        Sample(
            [PIXELS],
            {
                "optimize_size": True,
                "density_unit": "cm",
                "x_density": 20,
                "y_density": 40,
                "xmp_metadata": "abc",
                "format": "rgb",
            },
            **NO,
        ),
        Sample([PIXELS], {"quality": 101}, **NO),
        Sample([PIXELS[..., :2]], **NO),
        Sample([PIXELS], {"format": "grayscale"}, **NO),
        Sample([PIXELS[0]], **NO),
    ],
    "EncodeJpegVariableQuality": [
        Sample([PIXELS, i32(50)], **NO),
        Sample([PIXELS, i32(0)], **NO),
        Sample([PIXELS, i32(101)], **NO),
        Sample([PIXELS[..., :2], i32(3)], **NO),
        Sample([PIXELS, i32([3])], **NO),
    ],
}
