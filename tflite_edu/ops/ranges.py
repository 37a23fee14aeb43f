"""Sequences of evenly spaced numbers."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast


class Range(Op):
    """The numbers from `start` in steps of `delta`, as long as they are below `limit`."""

    inputs = ("start: Tidx", "limit: Tidx", "delta: Tidx")
    outputs = ("output: Tidx",)
    Tidx: DType = attr(BFLOAT16, FLOAT, DOUBLE, INT32, INT64, default=INT32)
    infer_from = {"start": "value", "limit": "value", "delta": "value"}

    backward = None

    def infer(self, start: Any, limit: Any, delta: Any) -> Shape:
        if start is None or limit is None or delta is None:
            return (None,)
        if delta == 0:
            raise ShapeError("Requires delta != 0")
        complaint = _direction(start, limit, delta)
        if complaint is not None:
            raise ShapeError(complaint)
        return (self._count(start, limit, delta),)

    def _count(self, start: Any, limit: Any, delta: Any) -> int:
        if self.Tidx.is_integer:
            return -((int(start) - int(limit)) // int(delta))
        return math.ceil(abs((limit - start) / delta))

    def forward(self, np: Any, start: Any, limit: Any, delta: Any) -> Any:
        complaint = _direction(start, limit, delta)
        if complaint is not None:
            raise errors.InvalidArgumentError(None, None, complaint)
        count = self._count(start, limit, delta)
        dtype = self.Tidx.as_numpy_dtype
        if self.Tidx.is_integer:
            return np.arange(count, dtype=dtype) * delta + start
        # TensorFlow adds up the steps, so rounding errors add up as well.
        steps = np.full(count, delta, dtype)
        steps[:1] = start
        return np.add.accumulate(steps)


def _direction(start: Any, limit: Any, delta: Any) -> str | None:
    """What is wrong with a sequence that never ends, or None."""
    if delta == 0:
        return f"Requires delta != 0: {delta}"
    if delta > 0 and start > limit:
        return f"Requires start <= limit when delta > 0: {start}/{limit}"
    if delta < 0 and start < limit:
        return f"Requires start >= limit when delta < 0: {start}/{limit}"
    return None


_HIERARCHY = (INT32, INT64, FLOAT, DOUBLE)


@export("range")
def range(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = "range"
) -> Tensor:
    """The numbers `start, start + delta, ...` that come before `limit`, as a vector.

    Args:
      start: the first; with one argument this is the limit and the first is 0.
      limit: where the sequence stops; it is not among the numbers.
      delta: the step, which may be negative.
      dtype: by default the widest of the arguments' (int32, int64, float32, float64).

    Raises:
      ValueError: the step leads away from the limit, or is 0 (in the run InvalidArgumentError).
    """
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "Range", [start, limit, delta]) as name:
        start = convert_to_tensor(start, dtype=dtype, name="start")
        limit = convert_to_tensor(limit, dtype=dtype, name="limit")
        delta = convert_to_tensor(delta, dtype=dtype, name="delta")
        if dtype is None:
            types = [t.dtype.base_dtype for t in (start, limit, delta)]
            for found in types:
                if found not in _HIERARCHY:
                    raise AssertionError(f"range takes no {found.name}")
            widest = max(types, key=_HIERARCHY.index)
            start, limit, delta = cast(start, widest), cast(limit, widest), cast(delta, widest)
        return raw.Range(start, limit, delta, name=name)


class LinSpace(Op):
    """`num` numbers from `start` to `stop`, evenly spaced."""

    inputs, outputs = ("start: T", "stop: T", "num: Tidx"), ("output: T",)
    T: DType = attr(BFLOAT16, FLOAT, DOUBLE)
    Tidx: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"num": "value"}

    backward = None

    def infer(self, start: Shape, stop: Shape, num: Any) -> Shape:
        if num is None:
            return (None,)
        if num <= 0:
            raise ShapeError(f"Requires num > 0: {num}")
        return (int(num),)

    def forward(self, np: Any, start: Any, stop: Any, num: Any) -> Any:
        if num <= 0:
            raise errors.InvalidArgumentError(None, None, f"Requires num > 0: {num}")
        dtype = self.T.as_numpy_dtype
        step = (stop - start) / dtype(max(int(num) - 1, 1))
        return start + step * np.arange(num, dtype=dtype)


@export("lin_space", "linspace")
def lin_space(start: Any, stop: Any, num: Any, name: str | None = None) -> Tensor:
    """`num` numbers from `start` to `stop`, both included, evenly spaced, as a vector.

    `start` and `stop` are scalars of float32 or float64. Raises ValueError (in the run
    InvalidArgumentError) unless `num` is positive.
    """
    return raw.LinSpace(start, stop, num, name=name)
