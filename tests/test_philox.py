"""Random numbers are those of TensorFlow 1.15, as tests/golden/record_philox.py recorded them."""

import base64
import hashlib
import json
import math
import pathlib
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflite_edu.core.seeds import seeds
from tflite_edu.ops import box_muller, philox
from tflite_edu.ops.box_muller import (
    log_of_unit,
    sine_cosine_of_turn,
    standard_normal,
    truncated_normal,
)
from tflite_edu.ops.philox import (
    Philox,
    groups_at,
    philox_group,
    shuffle_permutation,
    uniform,
    uniform_int,
    words,
)
from tflite_edu.ops.sampling import (
    Ahead,
    expected_count,
    log_uniform_candidates,
    log_uniform_probability,
    multinomial,
    random_gamma,
    random_poisson,
    uniform_candidates,
)

GOLDEN = json.loads((pathlib.Path(__file__).parent / "golden" / "philox.json").read_text())

DISTRIBUTIONS = {
    "RandomUniform": uniform,
    "RandomStandardNormal": standard_normal,
    "TruncatedNormal": truncated_normal,
    "StatelessRandomUniform": uniform,
    "StatelessRandomNormal": standard_normal,
    "StatelessTruncatedNormal": truncated_normal,
}


def decode(array):
    data = np.frombuffer(base64.b64decode(array["data"]), array["dtype"])
    return data.reshape(array["shape"])


def sample(case, generator, inputs):
    """What the function under test gives for one run of a recorded case."""
    op = case["op"]
    if op.startswith("Stateless"):
        generator = Philox.stateless(*inputs["seed"].tolist())
    if op == "RandomShuffle":
        value = inputs["value"]
        return value[shuffle_permutation(np, generator, len(value))]
    if op == "Multinomial":
        return multinomial(np, generator, inputs["logits"], case["attributes"]["num_samples"])
    if op == "RandomGamma":
        return random_gamma(np, generator, *case["attributes"]["shape"], inputs["alpha"])
    if op == "RandomPoissonV2":
        attributes = case["attributes"]
        return random_poisson(
            np, generator, *attributes["shape"], inputs["rate"], attributes["dtype"]
        )
    shape = inputs["shape"].tolist()
    if op in ("RandomUniformInt", "StatelessRandomUniformInt"):
        low, high = inputs["minval"], inputs["maxval"]
        return uniform_int(np, generator, shape, int(low), int(high), low.dtype)
    return DISTRIBUTIONS[op](np, generator, shape, case["attributes"]["dtype"])


def name(case):
    attributes = "-".join(str(v) for v in case["attributes"].values())
    return f"{case['op']}-{attributes}-{case['seed']}-{case['seed2']}"


def assert_same(op, ours, theirs):
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    if op.endswith(("Normal", "Gamma")) and theirs.dtype == np.float64:
        # numpy's float64 functions are the C library's only within a unit in the last place
        np.testing.assert_array_max_ulp(ours, theirs, 8 if op.endswith("Gamma") else 2)
    else:
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=name)
def test_numbers_are_those_of_tensorflow(case):
    generator = Philox.from_seeds(case["seed"], case["seed2"])
    for run in case["runs"]:
        inputs = {key: decode(value) for key, value in run["inputs"].items()}
        assert_same(case["op"], sample(case, generator, inputs), decode(run["output"]))


@pytest.mark.parametrize("case", GOLDEN["candidates"], ids=lambda c: f"{c['op']}-{c['unique']}")
def test_candidates_are_those_of_tensorflow(case):
    generator = Philox.from_seeds(case["seed"], case["seed2"])
    count, classes, unique = case["num_sampled"], case["range_max"], case["unique"]
    true_classes = decode(case["true_classes"])
    for run in case["runs"]:
        sampled, true_expected, sampled_expected = map(decode, run)
        if case["op"] == "LogUniformCandidateSampler":
            found, tries = log_uniform_candidates(np, generator, count, classes, unique)
            chances = [log_uniform_probability(np, c, classes) for c in (true_classes, found)]
        else:
            found, tries = uniform_candidates(np, generator, count, classes, unique)
            chances = [np.full(c.shape, 1 / classes) for c in (true_classes, found)]
        assert_same(case["op"], found, sampled)
        for chance, expected in zip(chances, (true_expected, sampled_expected), strict=True):
            ours = expected_count(np, chance, count, tries, unique)
            assert ours.dtype == expected.dtype
            # TensorFlow rounds the probability to float32 on the way
            np.testing.assert_array_max_ulp(ours, expected, 2)


@pytest.mark.parametrize("draw", [log_uniform_candidates, uniform_candidates])
@pytest.mark.parametrize(
    ("count", "classes", "unique"), [(5, 40, False), (64, 90, True), (9, 9, True)]
)
def test_candidates_drawn_ahead_are_those_drawn_one_run_at_a_time(draw, count, classes, unique):
    generator, ahead = Philox.from_seeds(3, 4), Ahead(Philox.from_seeds(3, 4))
    for _ in range(2 * 8192 // (4 * count)):
        expected, tries = draw(np, generator, count, classes, unique)
        found, as_many = draw(np, ahead, count, classes, unique)
        assert_same("candidates", found, expected)
        assert tries == as_many
        assert not unique or len(set(found.tolist())) == count


@pytest.mark.parametrize("case", GOLDEN["long"], ids=lambda case: f"{case['op']}-{case['dtype']}")
def test_long_outputs_are_those_of_tensorflow(case):
    generator = Philox.from_seeds(case["seed"], case["seed2"])
    for shape, digest in zip(case["shapes"], case["sha256"], strict=True):
        values = DISTRIBUTIONS[case["op"]](np, generator, shape, case["dtype"])
        if values.dtype == np.float64:
            values = values.astype(np.float32)  # as recorded
        assert hashlib.sha256(values.tobytes()).hexdigest() == digest


def test_float32_logarithm_and_sines_for_every_uniform_number():
    """Digests of glibc 2.36's logf and sincosf over all 2**23 numbers that a uniform draw can
    give.
    """
    numbers = np.arange(2**23, dtype=np.float32) / np.float32(2**23)
    digests = {function: hashlib.sha256() for function in GOLDEN["glibc_sha256"]}
    for part in np.split(numbers, 128):
        sine, cosine = sine_cosine_of_turn(np, part)
        digests["logf"].update(log_of_unit(np, np.maximum(part, np.float32(1e-7))).tobytes())
        digests["sinf"].update(sine.tobytes())
        digests["cosf"].update(cosine.tobytes())
    assert {function: d.hexdigest() for function, d in digests.items()} == GOLDEN["glibc_sha256"]


@pytest.mark.parametrize(
    ("key", "counter", "group"),
    [
        (0, 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (2**64 - 1, 2**128 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            0x299F31D0_A4093822,
            0x03707344_13198A2E_85A308D3_243F6A88,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_known_answers_of_random123(key, counter, group):
    assert philox_group(key, counter) == group


def test_a_counter_carries_from_any_word_into_the_next():
    for counter in (2**32 - 3, 2**64 - 3, 2**96 - 3, 2**128 - 3, 2**64 - 1, 5):
        generator = Philox(0x0123456789ABCDEF, counter)
        groups = [philox_group(generator.key, (counter + i) % 2**128) for i in range(20)]
        assert words(np, generator, 80).tolist() == [word for group in groups for word in group]
        even, odd = groups_at(np, generator, np.array([0, 2, 11], np.uint64))
        picked = np.array([groups[i] for i in (0, 2, 11)])
        assert (even.T == picked[:, 0::2]).all()
        assert (odd.T == picked[:, 1::2]).all()


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**128 - 1), st.integers(0, 200))
@settings(deadline=None, max_examples=50)
def test_a_shorter_draw_is_a_prefix_of_a_longer_one(key, counter, count):
    generator = Philox(key, counter)
    longer = words(np, generator, 200)
    assert (words(np, generator, count) == longer[:count]).all()
    assert generator.counter == counter
    assert (words(np, generator.skipped(7), 40) == words(np, generator, 68)[28:]).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numbers_do_not_depend_on_blocks(dtype, monkeypatch):
    kinds = (truncated_normal, standard_normal, uniform)
    made = [kind(np, Philox(3, 4), [3001], dtype) for kind in kinds]
    monkeypatch.setattr(philox, "BLOCK", 64)
    monkeypatch.setattr(box_muller, "BLOCK", 64)
    for kind, expected in zip(kinds, made, strict=True):
        np.testing.assert_array_equal(kind(np, Philox(3, 4), [3001], dtype), expected, strict=True)


@given(st.integers(-(2**31), 2**31 - 2), st.data())
@settings(deadline=None, max_examples=50)
def test_integers_lie_in_their_range(low, data):
    high = data.draw(st.integers(low + 1, 2**31 - 1))
    values = uniform_int(np, Philox(1, 2), [40], low, high, np.int32)
    assert values.dtype == np.int32
    assert low <= values.min()
    assert values.max() < high


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_moments(dtype):
    numbers = uniform(np, Philox.from_seeds(1, 2), [100, 1000], dtype).astype(np.float64)
    assert 0 <= numbers.min()
    assert numbers.max() < 1
    assert numbers.mean() == pytest.approx(0.5, abs=0.005)
    numbers = standard_normal(np, Philox.from_seeds(1, 2), [100, 1000], dtype).astype(np.float64)
    assert numbers.mean() == pytest.approx(0, abs=0.015)
    assert numbers.var() == pytest.approx(1, abs=0.02)
    numbers = truncated_normal(np, Philox.from_seeds(1, 2), [100, 1000], dtype).astype(np.float64)
    assert np.abs(numbers).max() <= 2
    assert numbers.mean() == pytest.approx(0, abs=0.015)
    # variance of a normal number cut off at 2: 1 - 2 * 2 phi(2) / (2 Phi(2) - 1)
    density, inside = math.exp(-2) / math.sqrt(2 * math.pi), math.erf(math.sqrt(2))
    assert numbers.var() == pytest.approx(1 - 4 * density / inside, abs=0.02)


@given(st.integers(0, 300), st.integers(1, 2**40))
@settings(deadline=None, max_examples=30)
def test_a_shuffle_is_a_permutation(size, seed):
    order = shuffle_permutation(np, Philox.from_seeds(seed, 0), size)
    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(size))


@given(st.integers(0, 2000), st.integers(1, 2**40))
@settings(deadline=None, max_examples=20)
def test_a_shuffle_swaps_from_the_front(size, seed):
    word = words(np, Philox.from_seeds(seed, 0), size).tolist()
    rows = list(range(size))
    for i in range(size - 1):
        j = i + word[i] % (size - i)
        rows[i], rows[j] = rows[j], rows[i]
    assert shuffle_permutation(np, Philox.from_seeds(seed, 0), size).tolist() == rows


def test_two_zero_seeds_give_another_stream_each_time():
    streams = [uniform(np, Philox.from_seeds(0, 0), [4], np.float32).tolist() for _ in range(3)]
    assert streams[0] != streams[1] != streams[2] != streams[0]


def test_threads_reserve_disjoint_parts():
    generator = Philox.from_seeds(1, 0)
    starts: list[int] = []

    def draw():
        starts.extend(generator.reserve(3).counter for _ in range(500))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(starts) == list(range(0, 3 * 2000, 3))
    assert generator.counter == 6000


@pytest.mark.parametrize("make", [uniform, standard_normal, truncated_normal])
def test_other_dtypes_are_refused_and_nothing_is_drawn(make):
    generator = Philox.from_seeds(1, 0)
    with pytest.raises(TypeError, match="int32"):
        make(np, generator, [3], np.int32)
    assert generator.counter == 0


def test_a_parameter_that_is_not_a_number_gives_none():
    bad = np.array([np.nan, -1.0, 2.0])
    gamma = random_gamma(np, Philox.from_seeds(1, 0), 4, bad)
    assert np.isnan(gamma).tolist() == [[True, True, False]] * 4
    poisson = random_poisson(np, Philox.from_seeds(1, 0), 4, bad, np.float32)
    assert np.isnan(poisson).tolist() == [[True, False, False]] * 4


def test_default_seeds_are_those_of_tensorflow():
    for record in GOLDEN["default_seeds"]:
        given_seeds = record["graph_seed"], record["op_seed"], record["last_id"]
        assert seeds(*given_seeds) == tuple(record["seeds"]), given_seeds
