"""Samples of summaries."""

import numpy as np

from .sample import Sample, f16, f32, f64, i32, text, u8, wave


def summary(*inputs, **attrs):
    return Sample(list(inputs), attrs, differentiable=False, summary=True)


def images():
    photo = np.arange(12).reshape(1, 2, 2, 3) * 20
    gray = wave([2, 3, 4, 1], "float32")
    return [
        summary(text(b"a"), u8(photo)),
        summary(text(b"gray"), gray, max_images=1),
        summary(text(b"positive"), abs(gray)),
        summary(text(b"alpha"), abs(wave([1, 2, 2, 4], "float32"))),
        summary(text(b"double"), wave([1, 2, 2, 1])),
        summary(text(b"half"), wave([1, 2, 2, 1], "float16")),
        summary(text(b"not finite"), f32([[[[np.nan], [0.5], [np.inf]]]])),
        summary(text(b"red"), f32([[[[np.nan, 1.0, 0.0]]]]), bad_color=u8([9, 8, 7])),
        summary(text(b"flat"), np.zeros([1, 2, 2, 1], np.float32)),
        summary(text(b"rank"), f32([1.0])),
    ]


SERIALIZED = text([b"\n\x08\n\x01a\x15\x00\x00\x80?", b"\n\x08\n\x01b\x15\x00\x00\x00@"])

SAMPLES = {
    "ScalarSummary": [
        summary(text(b"loss"), f32(1.5)),
        summary(text([b"a", b"b"]), f64([0.1, 2.0])),
        summary(text(b"count"), i32(3)),
        summary(text([b"a", b"b"]), f32([1.0])),
    ],
    "HistogramSummary": [
        summary(text(b"h"), f32([-1.5, 0.0, 0.25, 3.0, 100.0])),
        summary(text(b"h"), wave([30])),
        summary(text(b"h"), i32([1, 2, 2, 3])),
        summary(text(b"h"), f32([])),
        summary(text(b"h"), f16([0.1, 0.2])),
        summary(text(b"h"), f32([np.nan])),
        summary(text(b"h"), f32([1e-13, -1e20])),
    ],
    "ImageSummary": images(),
    "AudioSummaryV2": [
        summary(text(b"a"), wave([2, 20], "float32") / f32(2.0), f32(8000.0)),
        summary(text(b"a"), wave([1, 10, 2], "float32") / f32(2.0), f32(44100.0), max_outputs=1),
    ],
    "TensorSummaryV2": [
        summary(text(b"tag"), f32([[1.0, 2.0]]), text(b"")),
        summary(text(b"tag"), text([b"a"]), text(b"\n\x06\n\x04text")),
    ],
    "MergeSummary": [
        summary([SERIALIZED[0:1], SERIALIZED[1:]]),
        summary([SERIALIZED]),
        summary([SERIALIZED, SERIALIZED]),
    ],
}
