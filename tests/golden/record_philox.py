"""Records random numbers of the real TensorFlow 1.15 on a CPU into philox.json beside this file.

Run with TensorFlow's own Python 3.7. Each case is one op with its seeds; each of its runs, all in
one session, has its inputs and the output's bytes in base64.
"""

import base64
import ctypes
import functools
import hashlib
import json
import os

import numpy as np
import tensorflow as tf
from tensorflow.python.ops import (
    gen_candidate_sampling_ops,
    gen_random_ops,
    gen_stateless_random_ops,
)

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPES = [[0], [], [1], [3], [5], [255], [256], [257], [1000], [3, 7]]
FEW_SHAPES = [[0], [], [1], [5], [257], [3, 7]]
SEEDS = [(1, 0), (0, 7), (87654321, 12), (-5, -(2**40)), (2**63 - 1, 2**62 + 12345)]
FLOATS = ["float16", "float32", "float64"]
DISTRIBUTIONS = {
    "RandomUniform": gen_random_ops.random_uniform,
    "RandomStandardNormal": gen_random_ops.random_standard_normal,
    "TruncatedNormal": gen_random_ops.truncated_normal,
}
STATELESS = {
    "StatelessRandomUniform": gen_stateless_random_ops.stateless_random_uniform,
    "StatelessRandomNormal": gen_stateless_random_ops.stateless_random_normal,
    "StatelessTruncatedNormal": gen_stateless_random_ops.stateless_truncated_normal,
}
RANGES = {
    "int32": [(0, 10), (-7, 1), (0, 1 << 16), (-(2**31), 2**31 - 1), (5, 6)],
    "int64": [(0, 10), (-7, 1), (0, 1 << 40), (-(2**63), 2**63 - 1), (0, 3 * 2**61)],
}


def encode(array):
    array = np.asarray(array)
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "data": base64.b64encode(array.tobytes()).decode(),
    }


def runs(build, inputs, threads=0):
    """The outputs of one op run once for each dictionary of `inputs`, in one session."""
    with tf.Graph().as_default():
        config = tf.ConfigProto(intra_op_parallelism_threads=threads, use_per_session_threads=True)
        feeds = {}
        for name, value in inputs[0].items():
            value = np.asarray(value)
            feeds[name] = tf.placeholder(value.dtype, [None] * value.ndim)
        output = build(**feeds)
        with tf.Session(config=config) as session:
            return [
                session.run(output, {feeds[name]: value for name, value in given.items()})
                for given in inputs
            ]


def case(op, make, inputs, recorded=(), **arguments):
    """An op made by `make` with `arguments`, and its outputs for each of `inputs`.

    Seeds are recorded, and those arguments that are named in `recorded`.
    """
    outputs = runs(functools.partial(make, **arguments), inputs)
    return {
        "op": op,
        "seed": arguments.get("seed", 0),
        "seed2": arguments.get("seed2", 0),
        "attributes": {name: arguments[name] for name in recorded},
        "runs": [
            {
                "inputs": {name: encode(value) for name, value in given.items()},
                "output": encode(output),
            }
            for given, output in zip(inputs, outputs)
        ],
    }


def shape_input(shape):
    return {"shape": np.array(shape, np.int32)}


def fixed_distributions():
    for op, make in DISTRIBUTIONS.items():
        for dtype in FLOATS:
            for index, (seed, seed2) in enumerate(SEEDS):
                shapes = SHAPES if dtype == "float32" else FEW_SHAPES
                inputs = [shape_input(s) for s in (shapes if index == 0 else [[5], [5], [5]])]
                yield case(op, make, inputs, ["dtype"], dtype=dtype, seed=seed, seed2=seed2)


def integers():
    for dtype, ranges in RANGES.items():
        for index, (low, high) in enumerate(ranges):
            seed, seed2 = SEEDS[index]
            limits = {"minval": np.array(low, dtype), "maxval": np.array(high, dtype)}
            shapes = FEW_SHAPES if index == 0 else [[5], [2, 3], [5]]
            inputs = [dict(shape_input(s), **limits) for s in shapes]
            make = gen_random_ops.random_uniform_int
            yield case("RandomUniformInt", make, inputs, seed=seed, seed2=seed2)


def shuffles():
    sizes = (0, 1, 2, 3, 10, 10, 257, 10)
    values = [np.arange(n, dtype=np.int32) for n in sizes]
    rows = [np.arange(2 * n, dtype=np.float32).reshape(n, 2) for n in sizes]
    for index, (seed, seed2) in enumerate(SEEDS):
        for arrays in (values, rows) if index == 0 else ([values[4]] * 3,):
            inputs = [{"value": array} for array in arrays]
            make = gen_random_ops.random_shuffle
            yield case("RandomShuffle", make, inputs, seed=seed, seed2=seed2)


def stateless():
    for op, make in STATELESS.items():
        for dtype in FLOATS:
            seeds = [np.array(pair, np.int64) for pair in [*SEEDS, (0, 0)]]
            inputs = [dict(shape_input([5]), seed=pair) for pair in seeds]
            inputs.append(dict(shape_input([3, 7]), seed=np.array([3, 4], np.int64)))
            yield case(op, make, inputs, ["dtype"], dtype=dtype)
    make = gen_stateless_random_ops.stateless_random_uniform_int
    for dtype, ranges in RANGES.items():
        inputs = [
            dict(
                shape_input([5]),
                seed=np.array(seeds, np.int64),
                minval=np.array(low, dtype),
                maxval=np.array(high, dtype),
            )
            for seeds, (low, high) in zip(SEEDS, ranges)
        ]
        yield case("StatelessRandomUniformInt", make, inputs)


def draws():
    rng = np.random.RandomState(0)
    logits = [rng.randn(*s) for s in ((1, 5), (3, 5), (20, 10), (2, 30), (3, 5))]
    logits.append(np.array([[0.0, -np.inf, 1.0, np.nan], [-np.inf] * 4]))
    seeds = {"seed": 3, "seed2": 4}
    for dtype in FLOATS:
        inputs = [{"logits": values.astype(dtype)} for values in logits]
        make = gen_random_ops.multinomial
        for samples in (1, 7, 8) if dtype == "float32" else (7,):
            yield case("Multinomial", make, inputs, ["num_samples"], num_samples=samples, **seeds)
    alpha = np.array([[0.3, 1.0, 2.5], [0.9, 20.0, 0.01]])
    for dtype in FLOATS:
        inputs = [{"alpha": a.astype(dtype)} for a in (alpha, alpha[:1], alpha)]
        yield case(
            "RandomGamma", gen_random_ops.random_gamma, inputs, ["shape"], shape=[9], **seeds
        )
    rates = np.array([[0.3, 1.0, 5.0, 9.9], [10.0, 50.0, 1000.0, 0.0], [-1.0, 2.0, np.inf, 0.01]])
    for dtype in [*FLOATS, "int32", "int64"]:
        last = 3 if dtype in FLOATS else 2
        inputs = [{"rate": r} for r in (rates[:last], rates[1:2], rates[:2, ::2])]
        make = gen_random_ops.random_poisson_v2
        recorded = ["shape", "dtype"]
        yield case("RandomPoissonV2", make, inputs, recorded, shape=[9], dtype=dtype, **seeds)


def candidates():
    true_classes = np.array([[1, 0], [5, 99]], np.int64)
    samplers = {
        "LogUniformCandidateSampler": gen_candidate_sampling_ops.log_uniform_candidate_sampler,
        "UniformCandidateSampler": gen_candidate_sampling_ops.uniform_candidate_sampler,
    }
    for op, make in samplers.items():
        for unique in (True, False):
            with tf.Graph().as_default(), tf.Session() as session:
                outputs = make(true_classes, 2, 60, unique, 100, seed=3, seed2=4)
                found = [session.run(list(outputs)) for _ in range(3)]
            yield {
                "op": op,
                "seed": 3,
                "seed2": 4,
                "unique": unique,
                "num_sampled": 60,
                "range_max": 100,
                "true_classes": encode(true_classes),
                "runs": [[encode(value) for value in run] for run in found],
            }


def digest(value):
    if value.dtype == np.float64:
        value = value.astype(np.float32)
    return hashlib.sha256(value.tobytes()).hexdigest()


def long_outputs():
    """SHA-256 of outputs that TensorFlow splits among threads: the same with one thread and with
    four.

    float64 values are rounded to float32 first, which hides a difference in the last place of a
    sine.
    """
    for op, make in DISTRIBUTIONS.items():
        for dtype in FLOATS:
            build = functools.partial(make, dtype=dtype, seed=3, seed2=4)
            inputs = [shape_input([100003]), shape_input([50001])]
            digests = [
                [digest(value) for value in runs(build, inputs, threads)] for threads in (1, 4)
            ]
            assert digests[0] == digests[1], (op, dtype)
            yield {
                "op": op,
                "seed": 3,
                "seed2": 4,
                "dtype": dtype,
                "shapes": [[100003], [50001]],
                "sha256": digests[0],
            }


def glibc_digests():
    """SHA-256 of the C library's float32 log, sin and cos, from which TensorFlow's normal numbers
    come, over all 2**23 uniform numbers.
    """
    library = ctypes.CDLL("libm.so.6")
    for function in (library.logf, library.sinf, library.cosf):
        function.argtypes, function.restype = [ctypes.c_float], ctypes.c_float
    unit = np.arange(2**23, dtype=np.float32) / np.float32(2**23)
    angle = (2 * np.pi * unit.astype(np.float64)).astype(np.float32)
    arguments = {"logf": np.maximum(unit, np.float32(1e-7)), "sinf": angle, "cosf": angle}
    digests = {}
    for name, values in arguments.items():
        function = getattr(library, name)
        results = np.fromiter((function(v) for v in values.tolist()), np.float32, values.size)
        digests[name] = hashlib.sha256(results.tobytes()).hexdigest()
    return digests


def default_seeds():
    """What `tf.get_seed` gives for a graph seed, an op seed and the number of nodes made before."""
    values = [None, 0, 1, 777, -3, 2**31 - 1, 2**31, 2**40, 87654321]
    for graph_seed in values:
        for op_seed in values:
            for nodes in (0, 5):
                with tf.Graph().as_default():
                    tf.set_random_seed(graph_seed)
                    for _ in range(nodes):
                        tf.no_op()
                    yield {
                        "graph_seed": graph_seed,
                        "op_seed": op_seed,
                        "last_id": nodes,
                        "seeds": tf.get_seed(op_seed),
                    }


def main():
    cases = []
    for record in (fixed_distributions, integers, shuffles, stateless, draws):
        cases.extend(record())
    golden = {
        "tensorflow": tf.__version__,
        "cases": cases,
        "candidates": list(candidates()),
        "long": list(long_outputs()),
        "glibc_sha256": glibc_digests(),
        "default_seeds": list(default_seeds()),
    }
    with open(os.path.join(HERE, "philox.json"), "w") as file:
        file.write("{\n")
        for position, (key, value) in enumerate(golden.items()):
            if isinstance(value, list):
                text = "[\n" + ",\n".join(json.dumps(v, sort_keys=True) for v in value) + "\n]"
            else:
                text = json.dumps(value)
            file.write(
                json.dumps(key) + ": " + text + (",\n" if position < len(golden) - 1 else "\n")
            )
        file.write("}\n")


if __name__ == "__main__":
    main()
