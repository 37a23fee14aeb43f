"""What one sample of an operation is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np


class Sample(NamedTuple):
    """Inputs and attributes on which an operation runs.

    inputs           one entry an input: an array, a list of arrays where the input is a list, or a
                     variable (`Ref` or `Handle`); b"{folder}" in a string stands for a folder that
                     is empty at first
    attrs            attributes that the inputs do not settle; dtypes by name
    differentiable   whether it is smooth at these inputs, so that finite differences mean something
    differentiated   how many of its first outputs have their gradients checked, all where None
    defined          how many of its first outputs TensorFlow gives a value; it leaves memory as it
                     was in the others
    runs             how often one session runs it
    setup            (op type, inputs, attrs) of nodes that run before it, each in a run of its own
    feed             a value to feed to its output
    wrapper          makes the node where that takes more than inputs and attributes: a function of
                     the module (tf), of `make` (op type, inputs, attrs) and of the input tensors
                     that returns a list of outputs
    summary          whether its output is a serialized Summary
    """

    inputs: Sequence[Any] = ()
    attrs: dict[str, Any] = {}
    differentiable: bool = True
    differentiated: int | None = None
    defined: int | None = None
    runs: int = 1
    setup: tuple[Any, ...] = ()
    feed: Any = None
    wrapper: Callable[..., Any] | None = None
    summary: bool = False


class Ref:
    """A VariableV2 with a value, or, where `value` is a dtype's name, an uninitialized one."""

    def __init__(self, value, shape=None):
        self.initialized = not isinstance(value, str)
        self.value = np.asarray(value) if self.initialized else None
        self.dtype = self.value.dtype.name if self.initialized else value
        if self.dtype == "object":
            self.dtype = "string"
        self.shape = list(self.value.shape if shape is None else shape)


class Handle(Ref):
    """A VarHandleOp, likewise."""


def f16(values):
    return np.array(values, np.float16)


def f32(values):
    return np.array(values, np.float32)


def f64(values):
    return np.array(values, np.float64)


def i32(values):
    return np.array(values, np.int32)


def i64(values):
    return np.array(values, np.int64)


def u8(values):
    return np.array(values, np.uint8)


def c64(values):
    return np.array(values, np.complex64)


def boolean(values):
    return np.array(values, np.bool_)


def text(values):
    return np.array(values, np.object_)


def ramp(shape, low, high, dtype="float64"):
    """Evenly spaced numbers from `low` to `high` in the given shape."""
    count = int(np.prod(shape, dtype=np.int64))
    return np.linspace(low, high, count).reshape(shape).astype(dtype)


def wave(shape, dtype="float64", start=1):
    """Numbers between -2.02 and 1.98, none near 0, the first 61 of them different."""
    count = int(np.prod(shape, dtype=np.int64))
    numbers = (37 * np.arange(start, start + count) % 61 - 30.3) / 15.0
    return numbers.reshape(shape).astype(dtype)
