"""Every operation on its samples: against TensorFlow 1.15's recorded results and against itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES
from sample_runs import FLOATS, Built, encoded, gradients, run, shape_of
from samples import SAMPLES, Sample

import tflite_edu as tf
from tflite_edu.core import op, raw

op.load_all()
CLASSES = {
    name: cls for name, cls in op.REGISTRY.items() if cls.__module__.startswith("tflite_edu.")
}
RECORDS = {
    op_type: records
    for path in (Path(__file__).parent / "golden" / "samples").glob("*.json")
    for op_type, records in json.loads(path.read_text()).items()
}
# The tests ask for dense gradients on purpose.
densified = pytest.mark.filterwarnings("ignore:Converting sparse IndexedSlices")
OP_TYPES = sorted(CLASSES.keys() & SAMPLES.keys())

# Relative precision of a kernel; TensorFlow's own sum, exponential and logarithm are less exact in
# float32 than numpy's.
PRECISION = {"float16": 2e-3, "float32": 1e-5, "float64": 1e-11, "complex64": 1e-5}
EPSILON = {"float16": 1e-3, "float32": 1.2e-7, "float64": 2.3e-16, "complex64": 1.2e-7}

# Here TensorFlow's shape functions contradict its kernels or stumble over unknown ranks.
WRONG_SHAPES = {
    "BatchToSpaceND",
    "PrintV2",
    "SpaceToBatchND",
    "UniqueV2",
    "UniqueWithCountsV2",
}
# (op type, order of the gradient, input): the gradients that TensorFlow leaves a part out of.
INCOMPLETE = {
    ("LogMatrixDeterminant", 2, 0),
    ("MatrixDeterminant", 2, 0),
    ("MatrixSolveLs", 2, 2),
    ("SelfAdjointEigV2", 2, 0),
    ("SoftmaxCrossEntropyWithLogits", 2, 1),
    ("Zeta", 2, 0),
}


def make(op_type: str, inputs: list[Any], attrs: dict[str, Any]) -> Any:
    """`make` of sample_runs for tflite_edu."""
    made = raw.apply(op.resolve(op_type), inputs, dict(attrs), None)
    while isinstance(made, (list, tuple)):
        made = next(m for m in made if not isinstance(m, list) or m)
    node = made if isinstance(made, tf.Operation) else made.op
    return list(node.outputs) or node


def test_every_op_has_samples_and_a_recording() -> None:
    assert SAMPLES.keys() == CLASSES.keys()
    assert {k: len(v) for k, v in SAMPLES.items()} == {k: len(v) for k, v in RECORDS.items()}


@pytest.mark.parametrize("op_type", OP_TYPES)
@pytest.mark.parametrize("engine", ENGINES)
def test_result_is_tensorflows(
    op_type: str, engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    problems = []
    for i, sample in enumerate(SAMPLES[op_type]):
        expected = RECORDS[op_type][i]
        actual = run(tf, make, lambda: engine_session(engine), op_type, sample)
        actual = json.loads(json.dumps(actual))
        for key in ("refused", "outputs", "hidden", "error"):
            if key in ("outputs", "hidden") and op_type in WRONG_SHAPES:
                continue
            if expected.get(key) != actual.get(key):
                problems.append(f"[{i}] {key}: {expected.get(key)} but {actual.get(key)}")
        dtypes = [output["dtype"] for output in expected.get("outputs", ())]
        for theirs, own in zip(expected.get("runs", ()), actual.get("runs", ())):
            for dtype, a, b in zip(dtypes, theirs, own):
                if not agree(dtype.removesuffix("_ref"), a, b):
                    problems.append(f"[{i}] value: {a} but {b}")
        variables = [v for v in sample.inputs if hasattr(v, "initialized")]
        for ref, a, b in zip(variables, expected.get("variables", ()), actual.get("variables", ())):
            if not agree(ref.dtype, a, b):
                problems.append(f"[{i}] variable: {a} but {b}")
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.mark.parametrize("op_type", OP_TYPES)
def test_inferred_shape_holds_the_value(
    op_type: str, engine_session: Callable[[str], tf.Session], tmp_path: Path
) -> None:
    for i, sample in enumerate(SAMPLES[op_type]):
        if {"refused", "error"} & RECORDS[op_type][i].keys():
            continue
        for fed in (None, "shaped", "unknown"):
            if fed == "unknown" and isinstance(RECORDS[op_type][i]["hidden"], str):
                continue
            with tf.Graph().as_default():
                built = Built(tf, make, op_type, sample, str(tmp_path), fed)
                fetched = [t for t in built.fetches if isinstance(t, tf.Tensor)]
                with engine_session("numpy") as session:
                    if built.initializers:
                        session.run(built.initializers)
                    for fetches in built.setup:
                        session.run(fetches, built.feeds)
                    values = session.run(fetched, built.feeds)
            for tensor, value in zip(fetched[: sample.defined], values):
                array = np.asarray(value)
                assert tensor.shape.is_compatible_with(array.shape), (i, fed, tensor, array)
                own = "string" if array.dtype.kind in "OSU" else array.dtype.name
                assert own == tensor.dtype.base_dtype.name, (i, fed, tensor)


@densified
@pytest.mark.parametrize("op_type", OP_TYPES)
def test_gradients_exist_where_tensorflow_has_them(op_type: str) -> None:
    for sample, record in zip(SAMPLES[op_type], RECORDS[op_type]):
        if sample.differentiable and not {"refused", "error"} & record.keys():
            assert gradients(tf, make, op_type, sample) == record.get("gradients"), sample


@densified
@pytest.mark.parametrize("op_type", OP_TYPES)
def test_gradients_are_finite_differences(
    op_type: str, engine_session: Callable[[str], tf.Session]
) -> None:
    """Gradients, and gradients of gradients, in float64 along one random direction an input."""
    for sample, record in zip(SAMPLES[op_type], RECORDS[op_type]):
        found = record.get("gradients", ())
        for order, present in enumerate(found):
            if isinstance(present, list) and any(present):
                check_gradients(op_type, sample, order + 1, engine_session)


def check_gradients(
    op_type: str, sample: Sample, order: int, engine_session: Callable[[str], tf.Session]
) -> None:
    random = np.random.RandomState(order)
    with tf.Graph().as_default():
        built = Built(tf, make, op_type, sample, "", "shaped", doubled)
        xs, ys = built.floating(sample)
        if any(t.dtype != tf.float64 for t in xs + ys):
            return
        points = {x: np.asarray(built.feeds[x]) for x in xs}
        with engine_session("numpy") as session:
            for remaining in reversed(range(order)):
                values = session.run(ys, built.feeds)
                weights = [tf.constant(random.randn(*v.shape), tf.float64) for v in values]
                loss = tf.add_n([tf.reduce_sum(y * w) for y, w in zip(ys, weights)])
                slopes = tf.gradients(ys, xs, grad_ys=weights)
                if remaining:
                    ys = [tf.convert_to_tensor(g) for g in slopes if g is not None]
            for i, (x, slope) in enumerate(zip(xs, slopes)):
                known = slope is not None and (op_type, order, i) not in INCOMPLETE
                if not known or points[x].size == 0:
                    continue
                value = session.run(tf.convert_to_tensor(slope), built.feeds)
                assert value.shape == points[x].shape
                direction = random.randn(*points[x].shape)
                step = 1e-6
                ahead, behind = (
                    session.run(loss, {**built.feeds, x: points[x] + sign * step * direction})
                    for sign in (1.0, -1.0)
                )
                expected = (ahead - behind) / (2.0 * step)
                scale = max(1.0, abs(ahead), np.abs(value).sum())
                actual = np.sum(value * direction)
                assert abs(actual - expected) <= 1e-6 * scale, (
                    sample,
                    order,
                    x,
                    actual,
                    expected,
                )


def doubled(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64) if array.dtype.name in FLOATS else array


@pytest.mark.parametrize("op_type", OP_TYPES)
def test_node_survives_a_graph_def(op_type: str, tmp_path: Path) -> None:
    for sample, record in zip(SAMPLES[op_type], RECORDS[op_type]):
        if "refused" in record:
            continue
        with tf.Graph().as_default() as graph:
            built = Built(tf, make, op_type, sample, str(tmp_path))
        graph_def = graph.as_graph_def()
        with tf.Graph().as_default() as copy:
            tf.import_graph_def(graph_def, name="")
        assert copy.as_graph_def().node == graph_def.node
        for tensor in built.outputs:
            again = copy.get_tensor_by_name(tensor.name)
            assert (again.dtype, shape_of(again)) == (tensor.dtype, shape_of(tensor))


@pytest.mark.parametrize("op_type", OP_TYPES)
def test_outputs_share_memory_only_where_declared(op_type: str) -> None:
    cls = CLASSES[op_type]
    if cls.may_alias or cls.effect is not None:
        return
    for sample, record in zip(SAMPLES[op_type], RECORDS[op_type]):
        if {"refused", "error"} & record.keys() or sample.wrapper or not sample.inputs:
            continue
        with tf.Graph().as_default():
            built = Built(tf, make, op_type, sample, "")
        definition = built.outputs[0].op.definition
        with np.errstate(all="ignore"):
            result = definition.forward(np, *sample.inputs)
        arrays = [
            a
            for value in sample.inputs
            for a in (value if isinstance(value, list) else [value])
            if isinstance(a, np.ndarray)
        ]
        for value in result if isinstance(result, (list, tuple)) else [result]:
            for array in arrays:
                assert not np.shares_memory(value, array), sample


def agree(dtype: str, expected: Any, actual: Any) -> bool:
    """Whether two encoded values agree, numbers up to the precision of their dtype."""
    if not (isinstance(expected, dict) and isinstance(actual, dict)):
        return close(expected, actual)
    if expected["shape"] != actual["shape"] or len(expected["values"]) != len(actual["values"]):
        return False
    if dtype not in PRECISION:
        return bool(expected == actual)
    a, b = numbers(expected["values"]), numbers(actual["values"])
    finite = np.abs(a[np.isfinite(a)])
    # What is left where large terms cancel is as inexact as they were.
    floor = 16.0 * EPSILON[dtype] * min(1e3, finite.max(initial=1e-30))
    return bool(np.allclose(b, a, rtol=PRECISION[dtype], atol=floor, equal_nan=True))


def numbers(values: list[Any]) -> np.ndarray:
    return np.array([complex(v["re"], v["im"]) if isinstance(v, dict) else v for v in values])


def close(a: Any, b: Any) -> bool:
    """Whether two summaries agree, their numbers up to seven digits."""
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b) or abs(a - b) <= 1e-7 * max(abs(a), abs(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(close(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(close(a[key], b[key]) for key in a)
    return bool(a == b)


def test_differences_are_noticed() -> None:
    one = encoded(tf, np.array([1.0, 2.0], np.float32))
    assert agree("float32", one, encoded(tf, np.array([1.0, 2.000001], np.float32)))
    assert not agree("float32", one, encoded(tf, np.array([1.0, 2.001], np.float32)))
    assert not agree("float32", one, encoded(tf, np.array([[1.0, 2.0]], np.float32)))
    assert not agree("int32", encoded(tf, np.array([1])), encoded(tf, np.array([2])))
    assert not agree("float64", one, None)
