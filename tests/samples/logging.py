"""Samples of operations that print, format, check and call Python."""

from .sample import Sample, boolean, f32, f64, i32, i64, text, wave

X = wave([2, 3])


def total(a, b):
    return (a + b).astype("float32")


def split(a):
    return a[:1], i64(len(a))


def formatted(*values, **attrs):
    return Sample([list(values)], attrs)


SAMPLES = {
    "Print": [
        Sample([X, [i32([1, 2]), text(b"a")]], {"message": "seen: "}),
        Sample([f32(1.0), [f32([[1.5, 2.0], [3.0, 4.25]])]], {"summarize": 3, "first_n": 1}),
    ],
    "PrintV2": [
        Sample([text(b"a line")], {"output_stream": "stderr"}),
        Sample([text(b"no end")], {"output_stream": "stderr", "end": "\n\n"}),
    ],
    "StringFormat": [
        formatted(i32([1, 2]), text(b"a"), template="x {} y {}", placeholder="{}"),
        formatted(f32([[1.5, 0.1], [1e-8, 1e20]]), f64(1 / 3), template="%s|%s"),
        formatted(i32(list(range(20))), boolean([True, False]), template="%s %s", summarize=2),
        formatted(wave([4, 5, 2], "float32"), template="%s", summarize=1),
        formatted(f32([]), template="%s", summarize=-1),
        formatted(text([b"a", b"bc"]), template="%s"),
        formatted(template="nothing"),
    ],
    "Assert": [
        Sample([boolean(True), [text(b"fine"), i32([1])]]),
        Sample([boolean(False), [text(b"broken"), i32([1, 2, 3, 4]), f32(1.5)]]),
        Sample([boolean(False), [i32(list(range(9)))]], {"summarize": 5}),
    ],
    "PyFunc": [
        Sample(
            [f32([1.0]), f32([2.0])],
            wrapper=lambda tf, make, a, b: [tf.py_func(total, [a, b], tf.float32)],
            differentiable=False,
        ),
        Sample(
            [i32([5, 6])],
            wrapper=lambda tf, make, a: tf.py_func(split, [a], [tf.int32, tf.int64]),
        ),
        Sample([i32([5])], wrapper=lambda tf, make, a: [tf.py_func(total, [a, a], tf.float64)]),
    ],
    "PyFuncStateless": [
        Sample(
            [f32([1.0]), f32([2.0])],
            wrapper=lambda tf, make, a, b: [tf.py_func(total, [a, b], tf.float32, stateful=False)],
            differentiable=False,
        ),
    ],
    "StringJoin": [
        Sample([[text([b"a", b"b"]), text(b"x")]], {"separator": "/"}),
        Sample([[text(b"only")]]),
    ],
}
