"""Samples of connectionist temporal classification."""

import numpy as np

from .sample import Sample, i32, i64, wave

X = wave([5, 2, 4], "float32")
INDICES = i64([[0, 0], [0, 1], [1, 0], [1, 1]])
VALUES = i32([0, 1, 2, 2])


def loss(indices=INDICES, values=VALUES, lengths=(5, 4), inputs=X, differentiable=False, **attrs):
    return Sample(
        [inputs, i64(indices).reshape(-1, 2), i32(values), i32(lengths)],
        attrs,
        differentiable=differentiable,
        differentiated=1,
    )


SIX = [[0, i] for i in range(6)] + [[1, 0]]
ABSENT = np.zeros([0, 2], np.int64)


SAMPLES = {
    "CTCLoss": [
        # Its gradient is fused, so that there is no second one.
        loss(differentiable=True),
        loss(preprocess_collapse_repeated=True),
        loss(ctc_merge_repeated=False),
        loss(ctc_merge_repeated=False, preprocess_collapse_repeated=True),
        loss(SIX, [0, 1, 2, 0, 1, 2, 0]),
        loss(SIX, [0, 1, 2, 0, 1, 2, 0], ignore_longer_outputs_than_inputs=True),
        loss([[0, 0], [0, 1], [0, 2], [1, 0]], [0, 0, 0, 0], (4, 4)),
        loss(values=[0, 1, 2, 3]),
        loss(values=[0, 3, 3, 2]),
        loss(values=[0, 1, 2, -1]),
        loss([[0, 0], [0, 1]], [0, 1]),
        loss(ABSENT, []),
        loss([[0, 0], [0, 2], [1, 0]], [0, 1, 1]),
        loss(lengths=(6, 4)),
        loss(lengths=(-1, 4)),
        loss(lengths=(0, 4)),
        loss(lengths=(5,)),
        loss(values=[0, 1, 2]),
        loss([[0, 0], [2, 0]], [0, 1]),
        loss([[1, 0], [0, 0]], [0, 1]),
        loss([[0, 0], [0, 0]], [0, 1]),
        loss(inputs=X[0]),
        loss(ABSENT, [], (), np.zeros([5, 0, 4], np.float32)),
        loss(inputs=np.float32(1e4) * X),
        loss(inputs=X * np.float32(np.nan)),
    ],
    "CTCGreedyDecoder": [
        Sample([X, i32([5, 4])]),
        Sample([X.astype("float64"), i32([5, 2])], {"merge_repeated": True}),
        Sample([np.repeat(X, 2, 0), i32([9, 10])], {"merge_repeated": True}),
        Sample([X, i32([0, -1])]),
        Sample([X, i32([6, 4])]),
        Sample([X, i32([5])]),
        Sample([X[0], i32([5])]),
        Sample([X[:0], i32([0, 0])]),
        Sample([X[:, :0], i32([])]),
        Sample([X[:, :, :1], i32([5, 4])]),
    ],
    "CTCBeamSearchDecoder": [
        Sample([X, i32([5, 4])], {"beam_width": 3, "top_paths": 2}),
        Sample([X, i32([5, 3])], {"beam_width": 100, "top_paths": 5}),
        Sample([X, i32([5, 3])], {"beam_width": 8, "top_paths": 8, "merge_repeated": False}),
        Sample([np.repeat(X, 3, 0), i32([13, 15])], {"beam_width": 6, "top_paths": 3}),
        Sample([X, i32([5, 4])], {"beam_width": 1, "top_paths": 1}),
        Sample([X, i32([5, 4])], {"beam_width": 2, "top_paths": 5}),
        Sample([X, i32([0, 4])], {"beam_width": 3, "top_paths": 2}),
        Sample([X, i32([6, 4])], {"beam_width": 3, "top_paths": 2}),
        Sample([X, i32([5])], {"beam_width": 3, "top_paths": 2}),
        Sample([X[0], i32([5])], {"beam_width": 3, "top_paths": 2}),
        Sample([X[:, :0], i32([])], {"beam_width": 3, "top_paths": 2}),
    ],
}
