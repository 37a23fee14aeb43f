"""The numpy engine's own kernels: the values of the plain ones, whatever the sizes and threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.engines import blas, convolution, losses, normalization, pooling, scratch, threads

PRECISION = {"float16": 2e-2, "float32": 2e-4, "float64": 1e-11}
INTEGERS = ("int32", "int64", "uint8", "int8")


def examples(count: int) -> Callable[..., Any]:
    """The same examples in every run."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def sizes(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


@pytest.fixture(params=(1, 3), autouse=True)
def thread_count(request: pytest.FixtureRequest) -> Iterator[int]:
    threads.set_threads(request.param)
    yield request.param
    threads.set_threads(0)


def agree(build: Callable[..., Any], *arrays: np.ndarray, precision: float | None = None) -> list:
    """Runs a graph on fed arrays on both engines; returns the values, which are equal."""
    found = []
    with tf.Graph().as_default():
        fed = [tf.placeholder(tf.as_dtype(a.dtype), a.shape) for a in arrays]
        fetched = tf.contrib_free_flatten(build(*fed))
        for engine in ENGINES:
            with tf.Session(engine=engine) as session:
                found.append(session.run(fetched, dict(zip(fed, arrays))))
    return found
