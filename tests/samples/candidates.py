"""Samples of candidate samplers, each run three times in one session, and of sparse positions."""

from .sample import Sample, boolean, f32, f64, i32, i64, text


def drawn(true_classes, **attrs):
    true_classes = i64(true_classes)
    attrs = {"num_true": true_classes.shape[-1], "unique": True, "seed": 3, "seed2": 4, **attrs}
    return Sample([true_classes], attrs, differentiable=False, runs=3)


def from_range():
    return [
        drawn([[1, 2], [0, 6]], num_sampled=5, range_max=7),
        drawn([[1, 2]], num_sampled=7, range_max=7),
        drawn([[1], [99]], num_sampled=4, range_max=10**6),
        drawn([[1], [3]], num_sampled=40, range_max=100, unique=False),
        drawn([[1, 9]], num_sampled=3, range_max=7, seed=0, seed2=5),
        drawn([[1]], num_sampled=20, range_max=8),
        drawn([[1, 2]], num_true=3, num_sampled=3, range_max=7),
        drawn([1, 2], num_sampled=3, range_max=7),
        drawn([[1, 2]], num_sampled=0, range_max=7),
        drawn([[1, 2]], num_sampled=3, range_max=0),
    ]


def dense(indices, shape, values, default, **attrs):
    differentiable = values.dtype == "float64" and indices.ndim > 1
    return Sample([indices, shape, values, default], attrs, differentiable)


COUNTS = [1.0, 2.0, 3.0, 4.0, 5.0]

SAMPLES = {
    "LogUniformCandidateSampler": from_range(),
    "UniformCandidateSampler": from_range(),
    "FixedUnigramCandidateSampler": [
        drawn([[1, 3]], num_sampled=3, range_max=5, distortion=0.75, unigrams=COUNTS),
        drawn([[1, 9]], num_sampled=60, range_max=5, unigrams=COUNTS, unique=False),
        drawn([[1]], num_sampled=4, range_max=7, num_reserved_ids=2, unigrams=COUNTS),
        drawn([[1]], num_sampled=2, range_max=2, num_shards=2, shard=1, unigrams=COUNTS),
        drawn([[0]], num_sampled=6, range_max=8, unigrams=[9.0, 0.5, *COUNTS, 0.0], seed=8),
        drawn([[0]], num_sampled=20, range_max=5, unigrams=COUNTS),
        drawn([[0]], num_sampled=2, range_max=5, unigrams=COUNTS, vocab_file="words"),
        drawn([[0]], num_sampled=2, range_max=5),
    ],
    "AllCandidateSampler": [
        drawn([[1, 3], [9, 0]], num_sampled=5),
        drawn([[1]], num_sampled=3, unique=False),
        drawn([[1, 2]], num_true=1, num_sampled=3),
    ],
    "ComputeAccidentalHits": [
        Sample([i64([[1, 3], [2, 5], [5, 5]]), i64([5, 1, 3, 2, 2])], {"num_true": 2}),
        Sample([i64([[1, 1], [3, 1]]), i64([6, 1, 1, 3])], {"num_true": 2}),
        Sample([i64([[1], [3]]), i64([6, 7])], {"num_true": 1}),
        Sample([i64([[1], [3]]), i64([])], {"num_true": 1}),
        Sample([i64([[1, 3]]), i64([6, 7])], {"num_true": 1}),
        Sample([i64([1, 3]), i64([6, 7])], {"num_true": 1}),
        Sample([i64([[1, 3]]), i64([[6, 7]])], {"num_true": 2}),
    ],
    "SparseToDense": [
        dense(i32([[0, 1], [1, 2]]), i32([2, 3]), f64([9.0, 8.0]), f64(0.5)),
        dense(i32(1), i32([3]), f32(9.0), f32(0.0)),
        dense(i64([0, 2]), i64([3]), i32([9, 8]), i32(5)),
        dense(i32([0, 2]), i32([3]), f32(9.0), f32(0.5)),
        dense(i32([[1, 1], [0, 1]]), i32([2, 3]), f32([9, 8]), f32(0.5), validate_indices=False),
        dense(i32([[0, 1], [0, 1]]), i32([2, 3]), f32([9, 8]), f32(0.5), validate_indices=False),
        dense(i32([1]), i32([2]), text([b"a"]), text(b"z")),
        dense(i32([1]), i32([2]), boolean([True]), boolean(False)),
        dense(i32([]), i32([3]), f32([]), f32(0.5)),
        dense(i32([[0, 1], [1, 3]]), i32([2, 3]), f32([9.0, 8.0]), f32(0.5)),
        dense(i32([[0, 3]]), i32([2, 3]), f32([9.0]), f32(0.5), validate_indices=False),
        dense(i32([[0, 1], [0, 1]]), i32([2, 3]), f32([9.0, 8.0]), f32(0.5)),
        dense(i32([[0, 1], [1, 0], [0, 2]]), i32([2, 3]), f32(9.0), f32(0.5)),
        dense(i32([2, 0]), i32([3]), f32([9.0, 8.0]), f32(0.5)),
        dense(i32([-1]), i32([3]), f32([9.0]), f32(0.5)),
        dense(i32([[0, 1, 1]]), i32([2, 3]), f32([9.0]), f32(0.5)),
        dense(i32([[[0, 1]]]), i32([2, 3]), f32([9.0]), f32(0.5)),
        dense(i32([[0, 1]]), i32([2, 3]), f32([9.0, 8.0]), f32(0.5)),
        dense(i32([[0, 1]]), i32([2, 3]), f32([[9.0]]), f32(0.5)),
        dense(i32([[0, 1]]), i32([2, 3]), f32([9.0]), f32([0.5])),
        dense(i32([[0, 1]]), i32([[2, 3]]), f32([9.0]), f32(0.5)),
        dense(i32([[0, 1]]), i32([-2, 3]), f32([9.0]), f32(0.5)),
    ],
}
