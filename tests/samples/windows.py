"""Samples of convolutions of channels and volumes, of pooling of volumes, and of morphology."""

import numpy as np

from .sample import Sample, f32, i32, i64, wave


def conv(strides, padding, **more):
    return dict(more, strides=[1, *strides, 1], padding=padding)


def pool(ksize, strides, padding):
    return {"ksize": [1, *ksize, 1], "strides": [1, *strides, 1], "padding": padding}


def single(sample, dtype="float32"):
    """A sample with its floats in less precision, too coarse for finite differences."""
    inputs = [a.astype(dtype) if a.dtype.kind == "f" else a for a in sample.inputs]
    return sample._replace(inputs=inputs, differentiable=False)


IMAGE, FILTER = wave([2, 4, 5, 2]), wave([3, 2, 2, 3], start=7)
SIZES = i32([2, 4, 5, 2]), i32([3, 2, 2, 3])
SAME, VALID, STRIDED = conv([1, 1], "SAME"), conv([1, 1], "VALID"), conv([2, 2], "SAME")
OUTPUTS = [
    (SAME, wave([2, 4, 5, 6], start=3)),
    (VALID, wave([2, 2, 4, 6], start=3)),
    (STRIDED, wave([2, 2, 3, 6], start=3)),
]
DEPTHWISE = [Sample([IMAGE, FILTER], attrs) for attrs, _ in OUTPUTS]
BY_IMAGE = [Sample([SIZES[0], FILTER, out], attrs) for attrs, out in OUTPUTS]
BY_FILTER = [Sample([IMAGE, SIZES[1], out], attrs) for attrs, out in OUTPUTS]

VOLUME, CUBE = wave([2, 3, 4, 3, 2]), wave([2, 3, 1, 2, 2], start=7)
VOLUME_SIZES, CUBE_SIZES = [2, 3, 4, 3, 2], i32([2, 3, 1, 2, 2])
VOLUMES = [
    (conv([1, 1, 1], "SAME"), wave([2, 3, 4, 3, 2], start=3)),
    (conv([1, 1, 1], "VALID"), wave([2, 2, 2, 3, 2], start=3)),
    (conv([2, 1, 3], "SAME"), wave([2, 2, 4, 1, 2], start=3)),
]
CONVOLUTIONS = [Sample([VOLUME, CUBE], attrs) for attrs, _ in VOLUMES]
BY_VOLUME = [Sample([i32(VOLUME_SIZES), CUBE, out], attrs) for attrs, out in VOLUMES]
BY_CUBE = [Sample([VOLUME, CUBE_SIZES, out], attrs) for attrs, out in VOLUMES]

POOLS = [
    (pool([2, 2, 2], [2, 2, 2], "SAME"), [2, 2, 2, 2, 2]),
    (pool([2, 3, 1], [1, 1, 1], "VALID"), [2, 2, 2, 3, 2]),
    (pool([2, 2, 3], [1, 2, 1], "SAME"), [2, 3, 2, 3, 2]),
]
TIES = f32([1, 1, 0, 1, 2, 2, 2, 2]).reshape(1, 2, 2, 2, 1)


def greatest(volume, attrs, shape):
    """The pooled maxima of a volume, window by window."""
    result = np.empty(shape, volume.dtype)
    for place in np.ndindex(*shape[1:4]):
        index = [slice(None)]
        for i, at in enumerate(place, 1):
            size, length, step = volume.shape[i], attrs["ksize"][i], attrs["strides"][i]
            start = at * step
            if attrs["padding"] == "SAME":
                start -= max((shape[i] - 1) * step + length - size, 0) // 2
            index.append(slice(max(start, 0), start + length))
        result[(slice(None), *place)] = volume[tuple(index)].max(axis=(1, 2, 3))
    return result


def pooled(start):
    """What the gradients of max pooling take: volumes, maxima, and a gradient of some shape."""
    single_volume = VOLUME.astype("float32")
    for attrs, shape in POOLS:
        grad = wave(shape if start else VOLUME_SIZES, "float32", start=30)
        yield Sample(
            [single_volume, greatest(single_volume, attrs, shape), grad],
            attrs,
            differentiable=False,
        )


MORPHOLOGIES = [
    ({"strides": [1, 1, 1, 1], "rates": [1, 1, 1, 1], "padding": "SAME"}, [2, 4, 5, 2]),
    ({"strides": [1, 2, 1, 1], "rates": [1, 1, 2, 1], "padding": "VALID"}, [2, 1, 3, 2]),
    ({"strides": [1, 1, 3, 1], "rates": [1, 2, 1, 1], "padding": "SAME"}, [2, 4, 2, 2]),
]
ELEMENT = wave([3, 2, 2], start=7)
EQUAL = [f32(np.ones([1, 3, 3, 1])), f32(np.zeros([2, 2, 1]))]
EQUAL_GRADIENT = wave([1, 3, 3, 1], "float32")
FLOOR = f32([-np.inf, 0.0, -np.inf, -np.inf]).reshape(1, 2, 2, 1)
QUARTERS = pool([2, 2], [2, 2], "SAME")

SAMPLES = {
    "DepthwiseConv2dNative": [
        *DEPTHWISE,
        single(DEPTHWISE[0]),
        single(DEPTHWISE[1], "float16"),
        Sample([IMAGE, FILTER], dict(VALID, dilations=[1, 2, 2, 1])),
        Sample([np.zeros([0, 4, 5, 2], np.float32), FILTER.astype("float32")], SAME),
        Sample([IMAGE, wave([1, 1, 2, 1])], SAME),
    ],
    "DepthwiseConv2dNativeBackpropInput": [*BY_IMAGE, *map(single, BY_IMAGE)],
    "DepthwiseConv2dNativeBackpropFilter": [*BY_FILTER, *map(single, BY_FILTER)],
    "Conv3D": [
        *CONVOLUTIONS,
        single(CONVOLUTIONS[0]),
        single(CONVOLUTIONS[2], "float16"),
        Sample([np.zeros([0, 3, 4, 3, 2], np.float32), CUBE.astype("float32")], VOLUMES[0][0]),
        Sample([VOLUME, wave([1, 1, 1, 2, 1])], VOLUMES[0][0]),
    ],
    "Conv3DBackpropInputV2": [
        *BY_VOLUME,
        *map(single, BY_VOLUME),
        Sample([i64(VOLUME_SIZES), CUBE, VOLUMES[0][1]], VOLUMES[0][0]),
    ],
    "Conv3DBackpropFilterV2": [*BY_CUBE, *map(single, BY_CUBE)],
    "MaxPool3D": [
        *[Sample([VOLUME.astype("float32")], attrs, differentiable=False) for attrs, _ in POOLS],
        Sample([VOLUME.astype("float16")], POOLS[0][0], differentiable=False),
    ],
    "MaxPool3DGrad": [
        *pooled(start=True),
        Sample(
            [
                TIES,
                greatest(TIES, pool([2, 2, 1], [1, 1, 1], "SAME"), [1, 2, 2, 2, 1]),
                wave([1, 2, 2, 2, 1], "float32", start=3),
            ],
            pool([2, 2, 1], [1, 1, 1], "SAME"),
            differentiable=False,
        ),
    ],
    "MaxPool3DGradGrad": [
        *pooled(start=False),
        Sample(
            [
                TIES,
                greatest(TIES, pool([2, 2, 1], [1, 1, 1], "SAME"), [1, 2, 2, 2, 1]),
                wave([1, 2, 2, 2, 1], "float32", start=3),
            ],
            pool([2, 2, 1], [1, 1, 1], "SAME"),
            differentiable=False,
        ),
    ],
    "AvgPool3D": [
        *[Sample([VOLUME], attrs) for attrs, _ in POOLS],
        Sample([VOLUME.astype("float32")], POOLS[2][0], differentiable=False),
    ],
    "AvgPool3DGrad": [
        *[Sample([i32(VOLUME_SIZES), wave(shape)], attrs) for attrs, shape in POOLS],
        Sample([i32(VOLUME_SIZES), wave(POOLS[0][1], "float32")], POOLS[0][0], False),
    ],
    "MaxPoolGradWithArgmax": [
        Sample(
            [
                wave([2, 4, 4, 1], "float32"),
                wave([2, 2, 2, 1], "float32", start=5),
                i64([[0, 2, 9, 15], [5, 6, 12, 15]]).reshape(2, 2, 2, 1),
            ],
            QUARTERS,
            differentiable=False,
        ),
        Sample(
            [
                wave([2, 4, 4, 1], "float32"),
                wave([2, 2, 2, 1], "float32", start=5),
                i64([[0, 2, 9, 9], [17, 20, 25, 31]]).reshape(2, 2, 2, 1),
            ],
            dict(QUARTERS, include_batch_in_index=True),
            differentiable=False,
        ),
    ],
    "Dilation2D": [
        *[Sample([IMAGE, ELEMENT], attrs) for attrs, _ in MORPHOLOGIES],
        Sample([IMAGE.astype("float32"), ELEMENT.astype("float32")], MORPHOLOGIES[0][0], False),
        Sample(EQUAL, MORPHOLOGIES[0][0], differentiable=False),
        Sample([FLOOR, f32(np.zeros([1, 2, 1]))], MORPHOLOGIES[0][0], differentiable=False),
        Sample(
            [i32(-np.arange(9)).reshape(1, 3, 3, 1), i32(np.zeros([2, 2, 1]))], MORPHOLOGIES[0][0]
        ),
    ],
    "Dilation2DBackpropInput": [
        *[Sample([IMAGE, ELEMENT, wave(shape)], attrs) for attrs, shape in MORPHOLOGIES],
        Sample([*EQUAL, EQUAL_GRADIENT], MORPHOLOGIES[0][0]),
        Sample(
            [FLOOR, f32(np.zeros([1, 2, 1])), f32([1, 2, 3, 4]).reshape(1, 2, 2, 1)],
            MORPHOLOGIES[0][0],
        ),
    ],
    "Dilation2DBackpropFilter": [
        *[Sample([IMAGE, ELEMENT, wave(shape)], attrs) for attrs, shape in MORPHOLOGIES],
        Sample([*EQUAL, EQUAL_GRADIENT], MORPHOLOGIES[0][0]),
        Sample(
            [FLOOR, f32(np.zeros([1, 2, 1])), f32([1, 2, 3, 4]).reshape(1, 2, 2, 1)],
            MORPHOLOGIES[0][0],
        ),
    ],
}
