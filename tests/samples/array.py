"""Samples of operations that make, rearrange and take apart arrays."""

import numpy as np

from .sample import Sample, boolean, c64, f16, f32, f64, i32, i64, text, u8, wave

X = wave([2, 3])
CUBE = wave([2, 3, 4])
EMPTY = np.zeros([0, 3], np.float32)


def constant(value, dtype=None):
    return Sample([], {"value": value, "dtype": dtype or value.dtype.name})


def through():
    return [
        Sample([X]),
        Sample([i32(7)]),
        Sample([text([b"a", b"\xff"])]),
        Sample([boolean([])]),
        Sample([c64([1j])], differentiable=False),
    ]


def like():
    return [
        Sample([X]),
        Sample([i32([[1]])]),
        Sample([f16(3.0)], differentiable=False),
        Sample([boolean([True, False])]),
        Sample([EMPTY]),
    ]


def of_shape():
    return [
        Sample([X]),
        Sample([f32(1.0)], {"out_type": "int64"}),
        Sample([EMPTY]),
        Sample([text([b"a"])]),
    ]


def stacked():
    return [
        Sample([[X, X * 2.0]]),
        Sample([[X, X * 2.0]], {"axis": 1}),
        Sample([[X, X * 2.0, X]], {"axis": -1}),
        Sample([[i32(1), i32(2), i32(3)]]),
        Sample([[text(b"a"), text(b"b")]]),
        Sample([[EMPTY]]),
    ]


def gathered(*axis):
    return [
        Sample([X, i32([1, 0, 1]), *axis]),
        Sample([X, i64(1), *axis]),
        Sample([CUBE, i32([[0, 1], [1, 1]]), *axis]),
        Sample([text([b"a", b"b"]), i32([1]), *axis]),
        Sample([f32([1.0, 2.0]), i32([]), *axis]),
        Sample([f32([1.0, 2.0]), i32([0, 2]), *axis], differentiable=False),
        Sample([f32([1.0, 2.0]), i32([-1]), *axis], differentiable=False),
    ]


def sliced(*arrays, **attrs):
    return Sample(list(arrays), attrs)


STRIDED = [
    sliced(CUBE, i32([0, 1]), i32([2, 3]), i32([1, 1])),
    sliced(CUBE, i32([1]), i32([2]), i32([1]), shrink_axis_mask=1),
    sliced(CUBE, i32([0, 0, 3]), i32([0, 0, 0]), i32([1, 1, -2]), begin_mask=3, end_mask=3),
    sliced(CUBE, i32([0, 0, 1]), i32([0, 0, 2]), i32([1, 1, 1]), ellipsis_mask=2),
    sliced(CUBE, i64([0, 0, -2]), i64([0, 0, 0]), i64([1, 1, 1]), new_axis_mask=2, end_mask=4),
    sliced(i32([4, 5, 6]), i32([-1]), i32([0]), i32([1]), end_mask=1),
    sliced(f32([4.0, 5.0]), i32([2]), i32([1]), i32([1])),
    sliced(CUBE, i32([0]), i32([2]), i32([0])),
    sliced(CUBE, i32([5]), i32([6]), i32([1]), shrink_axis_mask=1),
]
STRIDED_GRADIENTS = [
    sliced(i32([2, 3]), i32([0, 1]), i32([2, 3]), i32([1, 1]), wave([2, 2])),
    sliced(i32([4]), i32([3]), i32([0]), i32([-2]), wave([2], "float32")),
    sliced(i32([2, 3]), i32([1]), i32([2]), i32([1]), wave([3]), shrink_axis_mask=1),
    sliced(i64([2, 3]), i64([0, 0]), i64([0, 1]), i64([1, 1]), wave([2, 1]), ellipsis_mask=1),
    sliced(i32([3]), i32([0, 0]), i32([0, 2]), i32([1, 1]), wave([1, 2]), new_axis_mask=1),
]
PAIRS = i32([[1, 0], [0, 2]])
MIRROR = [
    Sample([X, i32([[1, 1], [2, 1]])], {"mode": "REFLECT"}),
    Sample([X, i64([[2, 0], [1, 3]])], {"mode": "SYMMETRIC"}),
    Sample([i32([1, 2, 3]), i32([[2, 2]])], {"mode": "REFLECT"}),
    Sample([f32([1.0, 2.0]), i32([[2, 0]])], {"mode": "REFLECT"}),
]
UNIQUE = [
    Sample([i32([3, 1, 3, 2, 1])]),
    Sample([f32([])]),
    Sample([text([b"b", b"a", b"b"])], {"out_idx": "int64"}),
]
UNIQUE_ROWS = [
    Sample([i32([[1, 0], [2, 3], [1, 0]]), i32([0])]),
    Sample([i32([[1, 0, 1], [2, 3, 2]]), i64([1])]),
    Sample([i32([3, 1, 3]), i32([])]),
]
STITCH = [
    Sample([[i32([0, 2]), i32(1)], [wave([2, 2]), wave([2], start=9)]]),
    Sample([[i32([0, 0]), i32([1, 0])], [f32([1.0, 2.0]), f32([3.0, 4.0])]], {}, False),
    Sample([[i32([[3, 1]]), i32([]), i32([0, 2])], [i32([[5, 6]]), i32([]), i32([7, 8])]]),
]

SAMPLES = {
    "Const": [
        constant(f32([[1.5, -0.0], [np.nan, np.inf]])),
        constant(i32(7)),
        constant(np.zeros([0, 2])),
        constant(text([b"a", b""]), "string"),
        constant(boolean([True, False])),
        constant(c64([1 + 2j])),
        constant(f16([0.1, 65504.0])),
        constant(np.array([2**40, -1])),
        constant(u8([255])),
        constant(np.array([-3], np.int8)),
        constant(np.array([-300], np.int16)),
        constant(np.array([60000], np.uint16)),
        constant(np.array([1j])),
    ],
    "Placeholder": [
        Sample([], {"dtype": "float32", "shape": [None, 2]}, feed=f32([[1.0, 2.0]])),
        Sample([], {"dtype": "int64", "shape": None}, feed=i64(3)),
        Sample([], {"dtype": "float32", "shape": [2]}),
    ],
    "PlaceholderWithDefault": [
        Sample([X], {"shape": [None, 3]}),
        Sample([i32([1])], {"shape": None}),
        Sample([X], {"shape": [None, 3]}, feed=wave([1, 3]), differentiable=False),
        Sample([X], {"shape": [4]}),
    ],
    "Identity": through(),
    "StopGradient": through(),
    "PreventGradient": [Sample([X], {"message": "not here"}, differentiable=False)],
    "Snapshot": [Sample([X]), Sample([i32([1])])],
    "DeepCopy": [Sample([X], differentiable=False)],
    "GuaranteeConst": [Sample([X], differentiable=False)],
    "IdentityN": [Sample([[X, i32([1]), text(b"a")]]), Sample([[f32([])]])],
    "EnsureShape": [
        Sample([X], {"shape": [None, 3]}),
        Sample([X], {"shape": [3, None]}),
    ],
    "Shape": of_shape(),
    "Size": of_shape(),
    "Rank": [Sample([X]), Sample([f32(1.0)]), Sample([EMPTY])],
    "ShapeN": [Sample([[X, CUBE]]), Sample([[f32(1.0), EMPTY]], {"out_type": "int64"})],
    "Reshape": [
        Sample([X, i32([3, 2])]),
        Sample([X, i64([-1])]),
        Sample([X, i32([1, -1, 2])]),
        Sample([f32([5.0]), i32([])]),
        Sample([EMPTY, i32([-1, 3])]),
        Sample([X, i32([4])]),
        Sample([X, i32([-1, -1])]),
        Sample([X, i32([-1, 4])]),
    ],
    "ExpandDims": [
        Sample([X, i32(0)]),
        Sample([X, i32(-1)]),
        Sample([X, i64(1)]),
        Sample([f32(1.0), i32(0)]),
        Sample([X, i32(3)]),
    ],
    "Squeeze": [
        Sample([wave([1, 3, 1])]),
        Sample([wave([1, 3, 1])], {"squeeze_dims": [0]}),
        Sample([wave([1, 3, 1])], {"squeeze_dims": [-1, 0]}),
        Sample([wave([2])], {"squeeze_dims": [0]}),
    ],
    "Transpose": [
        Sample([X, i32([1, 0])]),
        Sample([CUBE, i32([2, 0, 1])]),
        Sample([CUBE, i64([0, 2, 1])]),
        Sample([f32(1.0), i32([])]),
        Sample([text([[b"a"], [b"b"]]), i32([1, 0])]),
        Sample([X, i32([0, 0])]),
    ],
    "ConjugateTranspose": [
        Sample([c64([[1 + 1j, 2], [3, -4j]]), i32([1, 0])], differentiable=False),
        Sample([X, i32([1, 0])]),
    ],
    "InvertPermutation": [
        Sample([i32([2, 0, 1])]),
        Sample([i64([])]),
        Sample([i32([0, 0])]),
        Sample([i32([0, 3])]),
    ],
    "Concat": [Sample([i32(1), [X, X]]), Sample([i32(0), [i32([1]), i32([2, 3])]])],
    "ConcatV2": [
        Sample([[X, X * 2.0], i32(0)]),
        Sample([[X, wave([2, 1])], i32(1)]),
        Sample([[X, EMPTY.astype("float64")], i64(-2)]),
        Sample([[text([b"a"]), text([b"b", b"c"])], i32(0)]),
        Sample([[X, CUBE], i32(0)]),
        Sample([[X, wave([2, 2])], i32(0)]),
        Sample([[X, X], i32(2)]),
    ],
    "ConcatOffset": [
        Sample([i32(1), [i32([2, 3]), i32([2, 1]), i32([2, 4])]]),
        Sample([i32(0), [i32([2]), i32([0])]]),
        Sample([i32(-1), [i32([2, 3]), i32([2, 1])]]),
    ],
    "ParallelConcat": [Sample([[X[:1], X[1:]]], {"shape": [2, 3]}, differentiable=False)],
    "Split": [
        Sample([i32(1), X], {"num_split": 3}),
        Sample([i32(-2), X], {"num_split": 2}),
        Sample([i32(0), i32([1, 2])], {"num_split": 1}),
        Sample([i32(1), X], {"num_split": 2}),
    ],
    "SplitV": [
        Sample([X, i32([1, 2]), i32(1)], {"num_split": 2}),
        Sample([X, i64([1, -1]), i32(-1)], {"num_split": 2}),
        Sample([CUBE, i32([0, 2]), i32(0)], {"num_split": 2}),
        Sample([X, i32([1, 1]), i32(1)], {"num_split": 2}),
    ],
    "Pack": stacked(),
    "Unpack": [
        Sample([X], {"num": 2}),
        Sample([CUBE], {"num": 3, "axis": 1}),
        Sample([CUBE], {"num": 4, "axis": -1}),
        Sample([i32([5])], {"num": 1}),
        Sample([X], {"num": 3}),
    ],
    "Tile": [
        Sample([X, i32([2, 1])]),
        Sample([X, i64([1, 3])]),
        Sample([f32(2.0), i32([])]),
        Sample([X, i32([0, 2])], differentiable=False),
        Sample([text([b"a"]), i32([3])]),
        Sample([X, i32([2])]),
    ],
    "BroadcastTo": [
        Sample([X, i32([4, 2, 3])]),
        Sample([f64([[1.0], [2.0]]), i64([2, 2])]),
        Sample([f32(1.0), i32([0])]),
        Sample([X, i32([3, 3])]),
    ],
    "Slice": [
        Sample([X, i32([0, 1]), i32([2, 2])]),
        Sample([X, i64([1, 0]), i64([-1, 2])]),
        Sample([f32(1.0), i32([]), i32([])]),
        Sample([CUBE, i32([0, 3, 0]), i32([2, 0, 4])]),
        Sample([X, i32([1, 1]), i32([2, 1])]),
    ],
    "StridedSlice": STRIDED,
    "StridedSliceGrad": STRIDED_GRADIENTS,
    "Gather": gathered(),
    "GatherV2": [
        *gathered(i32(0)),
        Sample([X, i32([2, 0]), i32(1)]),
        Sample([CUBE, i32([[1], [0]]), i64(-2)]),
        Sample([X, i32([2, 0]), i32(2)]),
    ],
    "GatherNd": [
        Sample([X, i32([[0, 1], [1, 2]])]),
        Sample([X, i64([[1]])]),
        Sample([CUBE, i32([[[0, 1]], [[1, 0]]])]),
        Sample([i32([4, 5]), i32([[1]])]),
        Sample([f32([1.0, 2.0]), i32([[2]])], differentiable=False),
    ],
    "ScatterNd": [
        Sample([i32([[1], [3], [1]]), wave([3]), i32([5])]),
        Sample([i64([[0, 1]]), wave([1, 2]), i64([2, 2, 2])]),
        Sample([i32([[0]]), i32([7]), i32([2])]),
        Sample([i32([[2]]), f32([1.0]), i32([2])], differentiable=False),
    ],
    "ScatterNdNonAliasingAdd": [
        Sample([X, i32([[1], [1]]), wave([2, 3], start=4)]),
        Sample([f32([1.0, 2.0]), i64([[0]]), f32([5.0])], differentiable=False),
    ],
    "Pad": [
        Sample([X, PAIRS]),
        Sample([X, i64([[0, 0], [1, 1]])]),
        Sample([i32([1]), i32([[0, 2]])]),
        Sample([X, i32([[1, 1]])]),
    ],
    "PadV2": [Sample([X, PAIRS, f64(9.0)]), Sample([i32([1]), i32([[2, 0]]), i32(-1)])],
    "MirrorPad": MIRROR,
    "MirrorPadGrad": [
        Sample([wave([4, 6]), i32([[1, 1], [2, 1]])], {"mode": "REFLECT"}),
        Sample([wave([4, 7]), i64([[2, 0], [1, 3]])], {"mode": "SYMMETRIC"}),
    ],
    "OneHot": [
        Sample([i32([0, 2, -1, 3]), i32(3), f32(1.0), f32(0.0)], differentiable=False),
        Sample([i64([[1], [0]]), i32(2), i32(5), i32(-5)], {"axis": 0}),
        Sample([i32([1, 0]), i32(2), f32(2.0), f32(0.5)], {"axis": 1}, differentiable=False),
        Sample([u8(1), i32(3), boolean(True), boolean(False)]),
        Sample([i32([]), i32(2), f32(1.0), f32(0.0)]),
    ],
    "Fill": [
        Sample([i32([2, 3]), f64(1.5)]),
        Sample([i64([]), i32(3)]),
        Sample([i32([0]), f32(1.0)]),
        Sample([i32([2]), text(b"s")]),
        Sample([i32([-1]), f32(1.0)]),
    ],
    "ZerosLike": [*like(), Sample([text([b"a"])])],
    "OnesLike": like(),
    "ReverseV2": [
        Sample([X, i32([1])]),
        Sample([CUBE, i64([0, -1])]),
        Sample([i32([1, 2]), i32([])]),
        Sample([X, i32([2])]),
    ],
    "Reverse": [Sample([X, boolean([False, True])]), Sample([i32([1, 2]), boolean([True])])],
    "ReverseSequence": [
        Sample([wave([2, 3]), i64([2, 3])], {"seq_dim": 1}),
        Sample([wave([3, 2, 2]), i32([1, 3])], {"seq_dim": 0, "batch_dim": 1}),
    ],
    "Roll": [
        Sample([X, i32(1), i32(0)]),
        Sample([X, i32([1, -2]), i32([0, 1])]),
        Sample([i32([1, 2, 3]), i64(4), i32(0)]),
    ],
    "DynamicStitch": STITCH,
    "ParallelDynamicStitch": STITCH[::2],
    "DynamicPartition": [
        Sample([wave([4, 2]), i32([1, 0, 1, 2])], {"num_partitions": 4}),
        Sample([i32([5, 6]), i32([0, 0])], {"num_partitions": 1}),
        Sample([f32([1.0]), i32([3])], {"num_partitions": 2}, differentiable=False),
    ],
    "Unique": UNIQUE,
    "UniqueWithCounts": UNIQUE,
    "UniqueV2": UNIQUE_ROWS,
    "UniqueWithCountsV2": UNIQUE_ROWS,
    "ListDiff": [
        Sample([i32([1, 2, 3, 2]), i32([1])]),
        Sample([text([b"a", b"b"]), text([])], {"out_idx": "int64"}),
    ],
    "Where": [
        Sample([boolean([[True, False], [True, True]])]),
        Sample([f32([0.0, 1.5, -0.0])]),
        Sample([boolean(True)]),
        Sample([boolean([False])]),
    ],
    "TopKV2": [
        Sample([wave([2, 4]), i32(2)]),
        Sample([f32([1.0, 3.0, 3.0, 2.0]), i32(3)], differentiable=False),
        Sample([i32([1, 3, 3, 2]), i32(0)]),
        Sample([f32([1.0]), i32(2)], differentiable=False),
    ],
    "TensorScatterUpdate": [Sample([X, i32([[1, 0]]), f64([9.0])])],
    "TensorScatterAdd": [Sample([X, i32([[1], [1]]), wave([2, 3], start=4)])],
    "TensorScatterSub": [Sample([X, i32([[1], [1]]), wave([2, 3], start=4)])],
}
