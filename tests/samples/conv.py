"""Samples of convolutions and pooling, NHWC."""

import numpy as np

from .sample import Sample, f32, i32, i64, wave


def conv(strides, padding, **more):
    return dict(more, strides=[1, *strides, 1], padding=padding)


def pool(ksize, strides, padding):
    return {"ksize": [1, *ksize, 1], "strides": [1, *strides, 1], "padding": padding}


IMAGE, FILTER = wave([2, 4, 5, 2]), wave([3, 2, 2, 3], start=7)
SIZES = i32([2, 4, 5, 2]), i32([3, 2, 2, 3])
SAME, VALID, STRIDED = conv([1, 1], "SAME"), conv([1, 1], "VALID"), conv([2, 3], "SAME")
SAME_OUT, VALID_OUT, STRIDED_OUT = wave([2, 4, 5, 3]), wave([2, 2, 4, 3]), wave([2, 2, 2, 3])
PHOTO = wave([1, 4, 5, 2])
POOLS = [
    (pool([2, 2], [2, 2], "SAME"), [1, 2, 3, 2]),
    (pool([2, 2], [2, 2], "VALID"), [1, 2, 2, 2]),
    (pool([3, 2], [1, 2], "SAME"), [1, 4, 3, 2]),
    (pool([2, 2], [1, 1], "VALID"), [1, 3, 4, 2]),
]
TIES = f32([[[[1.0], [1.0], [0.0]], [[1.0], [2.0], [2.0]], [[2.0], [2.0], [2.0]]]])


def largest(image, attrs, shape):
    """The pooled maxima of an image, window by window."""
    (_, high, wide, _), (_, down, across, _) = attrs["ksize"], attrs["strides"]
    result = np.empty(shape, image.dtype)
    for i in range(shape[1]):
        for j in range(shape[2]):
            top, left = i * down, j * across
            if attrs["padding"] == "SAME":
                top -= max((shape[1] - 1) * down + high - image.shape[1], 0) // 2
                left -= max((shape[2] - 1) * across + wide - image.shape[2], 0) // 2
            rows = slice(max(top, 0), top + high)
            window = image[:, rows, max(left, 0) : left + wide]
            result[:, i, j] = window.max(axis=(1, 2))
    return result


def pooled():
    return [Sample([PHOTO], attrs) for attrs, _ in POOLS] + [
        Sample([PHOTO.astype("float32")], POOLS[0][0], differentiable=False),
        Sample([PHOTO.astype("float16")], POOLS[2][0], differentiable=False),
        Sample([np.zeros([0, 4, 4, 1], np.float32)], POOLS[0][0]),
        Sample([TIES], POOLS[3][0], differentiable=False),
        Sample([PHOTO], pool([5, 5], [1, 1], "VALID")),
    ]


BLOCKS = wave([2, 4, 2, 1])
QUARTERS = wave([4, 2, 1, 1])
SCALE, OFFSET = f32([1.0, 2.0]), f32([0.5, -0.5])
SINGLE = PHOTO.astype("float32")
NONE = f32([])
MOMENTS = [f32([0.1, -0.2]), f32([1.5, 0.5])]


def fused(*, half):
    """Samples of a fused batch normalization, training and not."""
    samples = [
        Sample([SINGLE, SCALE, OFFSET, NONE, NONE], {"epsilon": 1e-3}),
        Sample([SINGLE, SCALE, OFFSET, *MOMENTS], {"is_training": False}, defined=1),
        Sample([wave([2, 3, 2, 2], "float32"), SCALE, OFFSET, NONE, NONE]),
    ]
    if half:
        samples.append(Sample([PHOTO.astype("float16"), SCALE, OFFSET, NONE, NONE]))
    return [sample._replace(differentiable=False) for sample in samples]


def fused_gradient(*more):
    """Samples of its gradient, from what a training or another forward pass kept."""
    dy = wave([1, 4, 5, 2], "float32", start=30)
    inputs = [dy, SINGLE, SCALE, *MOMENTS, *more]
    return [
        Sample(inputs, {"epsilon": 1e-3}, differentiable=False, defined=3),
        Sample(inputs, {"is_training": False}, differentiable=False, defined=3),
    ]


SAMPLES = {
    "Conv2D": [
        Sample([IMAGE, FILTER], SAME),
        Sample([IMAGE, FILTER], VALID),
        Sample([IMAGE, FILTER], STRIDED),
        Sample([IMAGE[:, :3, :2], FILTER], conv([1, 1], "VALID")),
        Sample([IMAGE.astype("float32"), FILTER.astype("float32")], SAME, differentiable=False),
        Sample([IMAGE.astype("float16"), FILTER.astype("float16")], STRIDED, differentiable=False),
        Sample([np.zeros([0, 4, 5, 2], np.float32), FILTER.astype("float32")], SAME),
        Sample([IMAGE, wave([1, 1, 2, 1])], SAME),
        Sample([IMAGE, wave([3, 3, 1, 1])], SAME),
        Sample([IMAGE, wave([9, 9, 2, 1])], VALID),
    ],
    "Conv2DBackpropInput": [
        Sample([SIZES[0], FILTER, SAME_OUT], SAME),
        Sample([SIZES[0], FILTER, VALID_OUT], VALID),
        Sample([SIZES[0], FILTER, STRIDED_OUT], STRIDED),
        Sample(
            [SIZES[0], FILTER.astype("float32"), STRIDED_OUT.astype("float32")],
            STRIDED,
            differentiable=False,
        ),
    ],
    "Conv2DBackpropFilter": [
        Sample([IMAGE, SIZES[1], SAME_OUT], SAME),
        Sample([IMAGE, SIZES[1], VALID_OUT], VALID),
        Sample([IMAGE, SIZES[1], STRIDED_OUT], STRIDED),
        Sample(
            [IMAGE.astype("float32"), SIZES[1], STRIDED_OUT.astype("float32")],
            STRIDED,
            differentiable=False,
        ),
    ],
    "MaxPool": pooled(),
    "AvgPool": pooled(),
    "MaxPoolWithArgmax": [
        Sample([TIES], POOLS[3][0], differentiable=False),
        Sample([PHOTO.astype("float32")], POOLS[0][0], differentiable=False),
    ],
    "MaxPoolGrad": [
        Sample([PHOTO, largest(PHOTO, attrs, shape), wave(shape, start=30)], attrs)
        for attrs, shape in POOLS
    ]
    + [
        Sample(
            [TIES, largest(TIES, POOLS[3][0], [1, 2, 2, 1]), wave([1, 2, 2, 1], "float32")],
            POOLS[3][0],
            differentiable=False,
        )
    ],
    "MaxPoolGradGrad": [
        Sample([PHOTO, largest(PHOTO, attrs, shape), wave([1, 4, 5, 2], start=30)], attrs)
        for attrs, shape in POOLS
    ],
    "AvgPoolGrad": [Sample([i32([1, 4, 5, 2]), wave(shape)], attrs) for attrs, shape in POOLS]
    + [
        Sample([i32([1, 4, 5, 2]), wave(POOLS[0][1], "float32")], POOLS[0][0], differentiable=False)
    ],
    "FusedBatchNorm": fused(half=False),
    "FusedBatchNormV2": fused(half=True),
    "FusedBatchNormV3": fused(half=True),
    "FusedBatchNormGrad": fused_gradient(),
    "FusedBatchNormGradV2": fused_gradient(),
    "FusedBatchNormGradV3": fused_gradient(f32([0.3])),
    "LRN": [
        Sample([SINGLE], differentiable=False),
        Sample(
            [wave([1, 2, 2, 6], "float32")], {"depth_radius": 1, "bias": 2.0, "alpha": 0.5}, False
        ),
    ],
    "LRNGrad": [
        Sample(
            [wave([1, 2, 2, 6], "float32", start=start) for start in (9, 1, 40)],
            {"depth_radius": 1, "bias": 2.0, "alpha": 0.5, "beta": 0.75},
            differentiable=False,
        )
    ],
    "SpaceToDepth": [
        Sample([BLOCKS], {"block_size": 2}),
        Sample([wave([1, 3, 3, 2])], {"block_size": 3}),
    ],
    "DepthToSpace": [
        Sample([wave([2, 2, 1, 4])], {"block_size": 2}),
        Sample([wave([1, 2, 2, 8])], {"block_size": 2}),
        Sample([wave([1, 1, 1, 3])], {"block_size": 2}),
    ],
    "SpaceToBatch": [Sample([BLOCKS, i32([[0, 0], [1, 1]])], {"block_size": 2})],
    "BatchToSpace": [Sample([QUARTERS, i32([[1, 0], [0, 1]])], {"block_size": 2})],
    "SpaceToBatchND": [
        Sample([BLOCKS, i32([2, 2]), i32([[0, 0], [1, 1]])]),
        Sample([wave([2, 3]), i64([3]), i64([[1, 2]])]),
        Sample([BLOCKS, i32([3, 2]), i32([[0, 0], [0, 0]])]),
    ],
    "BatchToSpaceND": [
        Sample([QUARTERS, i32([2, 2]), i32([[1, 0], [0, 1]])]),
        Sample([wave([6, 2]), i64([3]), i64([[1, 2]])]),
    ],
}
