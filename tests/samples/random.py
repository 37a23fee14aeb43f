"""Samples of random operations, each run twice in one session."""

from .sample import Sample, f16, f32, f64, i32, i64, text, wave


def drawn(*inputs, **attrs):
    return Sample(list(inputs), attrs, differentiable=False, runs=2)


def of_shape():
    return [
        drawn(i32([3, 2]), dtype="float32", seed=87654321, seed2=42),
        drawn(i64([5]), dtype="float64", seed=1, seed2=2),
        drawn(i32([3]), dtype="float16", seed=1, seed2=0),
        drawn(i32([]), dtype="float32", seed=0, seed2=7),
        drawn(i32([0, 2]), dtype="float32", seed=1),
        drawn(i32([700]), dtype="float32", seed=2**40 + 3, seed2=2**33),
    ]


def stateless_of_shape():
    return [
        Sample([i32([3, 2]), i64([87654321, 42])], {"dtype": "float32"}),
        Sample([i64([5]), i32([1, -2])], {"dtype": "float64"}),
        Sample([i32([3]), i64([0, 0])], {"dtype": "float16"}),
        Sample([i32([0, 2]), i64([1, 2])]),
        Sample([i32([700]), i64([2**40 + 3, 2**33])]),
        Sample([i32([2]), i64([1, 2, 3])]),
        Sample([i32([-2]), i64([1, 2])]),
    ]


SAMPLES = {
    "StatelessRandomUniform": stateless_of_shape(),
    "StatelessRandomNormal": stateless_of_shape(),
    "StatelessTruncatedNormal": stateless_of_shape(),
    "StatelessRandomUniformInt": [
        Sample([i32([6]), i64([3, 4]), i32(-5), i32(50)]),
        Sample([i64([2, 3]), i32([3, 4]), i64(0), i64(10**12)]),
        Sample([i32([0]), i64([3, 4]), i32(5), i32(5)]),
        Sample([i32([2]), i64([3, 4]), i32(5), i32(5)]),
    ],
    "StatelessMultinomial": [
        Sample([f32([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]]), i32(8), i64([5, 6])]),
        Sample([f64([[0.5, 0.5]]), i32(3), i32([5, 0])], {"output_dtype": "int32"}),
        Sample([f16([[0.5, 2.5]]), i32(0), i64([9, 9])]),
    ],
    "RandomUniform": of_shape(),
    "RandomStandardNormal": of_shape(),
    "TruncatedNormal": of_shape(),
    "RandomUniformInt": [
        drawn(i32([6]), i32(-5), i32(50), seed=3, seed2=4),
        drawn(i64([2, 3]), i64(0), i64(10**12), seed=3, seed2=4),
        drawn(i32([2]), i32(5), i32(5), seed=3),
    ],
    "RandomShuffle": [
        drawn(wave([4, 2]), seed=5, seed2=6),
        drawn(text([b"a", b"b", b"c", b"d"]), seed=5),
        drawn(i32(list(range(20))), seed2=9),
        drawn(f32(1.0), seed=5),
        drawn(f32([]), seed=5),
    ],
    "Multinomial": [
        drawn(f32([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]]), i32(8), seed=5, seed2=6),
        drawn(f64([[0.5, 0.5]]), i32(3), seed=5, output_dtype="int32"),
        drawn(f16([[0.5, 2.5]]), i32(3), seed=9),
    ],
    "RandomGamma": [
        drawn(i32([4]), f32([2.0, 0.5]), seed=5, seed2=6),
        drawn(i32([]), f64(1.5), seed=7),
    ],
    "RandomPoissonV2": [drawn(i32([4]), f32([3.0, 20.0]), seed=5, seed2=6)],
}
