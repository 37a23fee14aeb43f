"""Python functions as nodes: tf.py_func and tf.numpy_function."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import DType, as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape

_numbers = itertools.count()


class _Function:
    """A function that nodes know by its token; the graphs that use it keep it alive."""

    __slots__ = ("__weakref__", "call")

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call = call


_functions: weakref.WeakValueDictionary[str, _Function] = weakref.WeakValueDictionary()

_ERRORS: tuple[tuple[type[Exception], Any], ...] = (
    (TypeError, errors.InvalidArgumentError),
    (ValueError, errors.InvalidArgumentError),
    (StopIteration, errors.OutOfRangeError),
    (MemoryError, errors.ResourceExhaustedError),
    (NotImplementedError, errors.UnimplementedError),
    (Exception, errors.UnknownError),
)


def error_class(error: Exception) -> Any:
    """The class of `tf.errors` nearest to what a Python function raised."""
    return next(kind for base, kind in _ERRORS if isinstance(error, base))


class PyFunc(Op):
    """What a Python function returns for numpy arrays."""

    inputs, outputs = ("input: Tin",), ("output: Tout",)
    effect = "python"
    stateful = True
    may_alias = True
    token: str
    Tin: list[DType] = attr(minimum=0)
    Tout: list[DType] = attr(minimum=0)

    backward = None

    def infer(self, input: list[Shape]) -> list[Any]:
        return [None] * len(self.Tout)

    def forward(self, host: Any, input: list[Any]) -> list[Any]:
        np = host.np
        function = _functions.get(self.token)
        if function is None:
            raise errors.InvalidArgumentError(
                None, None, f"ValueError: callback {self.token} is not found"
            )
        # The function may change its arguments; other nodes must not see that.
        arguments = [a.copy() if isinstance(a, np.ndarray) and a.ndim else a[()] for a in input]
        try:
            returned = function.call(*arguments)
        except Exception as error:
            kind = error_class(error)
            raise kind(None, None, f"{type(error).__name__}: {error}") from error
        return self._arrays(np, returned)

    def _arrays(self, np: Any, returned: Any) -> list[Any]:
        values = [] if returned is None else returned
        if not isinstance(values, (list, tuple)):
            values = [values]
        if len(values) != len(self.Tout):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"{self.token} returns {len(values)} values, but expects to see {len(self.Tout)} "
                "values.",
            )
        return [self._array(np, i, value) for i, value in enumerate(values)]

    def _array(self, np: Any, index: int, value: Any) -> Any:
        try:
            array = np.asarray(value, order="C")
            if array.dtype.kind in "SUO":
                array = _bytes_array(np, array)
            found = as_dtype(array.dtype)
        except (TypeError, ValueError) as error:
            raise errors.InvalidArgumentError(
                None, None, f"{type(error).__name__}: {error}"
            ) from error
        wanted = self.Tout[index]
        if found is not wanted:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"{index}-th value returned by {self.token} is {_c_name(found)}, but expects "
                f"{_c_name(wanted)}",
            )
        return array


def _bytes_array(np: Any, array: Any) -> Any:
    """The same texts as an object array of bytes."""
    texts = [v.encode() if isinstance(v, str) else bytes(v) for v in array.ravel().tolist()]
    made = np.empty(len(texts), dtype=object)
    made[:] = texts
    return made.reshape(array.shape)


def _c_name(dtype: DType) -> str:
    """A type as kernels name it."""
    return {"float16": "half", "float32": "float", "float64": "double"}.get(dtype.name, dtype.name)


class PyFuncStateless(PyFunc):
    """What a Python function returns for numpy arrays, the same whenever they are the same."""

    stateful = False


def _make(func: Any, inp: Any, Tout: Any, stateful: bool, name: str | None) -> Any:
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    token = f"pyfunc_{next(_numbers)}"
    function = _functions[token] = _Function(func)
    get_default_graph().attachments.setdefault("python functions", []).append(function)
    several = isinstance(Tout, (list, tuple))
    make = raw.PyFunc if stateful else raw.PyFuncStateless
    result = make(inp, token=token, Tout=Tout if several else [Tout], name=name)
    return result if several else result[0]


@export("py_func")
def py_func(func: Any, inp: Any, Tout: Any, stateful: bool = True, name: str | None = None) -> Any:
    """`func(*inp)`, computed by Python while the graph runs.

    Args:
      func: takes numpy arrays (scalars as numpy scalars, strings as bytes) and returns arrays,
        numbers or texts, one or a list, or None for nothing.
      inp: a list of tensors.
      Tout: the dtype of each result, one or a list; shapes are not known.
      stateful: False where the same arguments always give the same results.

    Raises ValueError where `func` cannot be called. While running, what `func` raises becomes the
    `tf.errors` class nearest to it, and results of another number or type raise
    InvalidArgumentError. The function is not saved with the graph and has no gradient.
    """
    return _make(func, inp, Tout, stateful, name)


@export("numpy_function")
def numpy_function(func: Any, inp: Any, Tout: Any, name: str | None = None) -> Any:
    """`py_func` that is always stateful."""
    return _make(func, inp, Tout, True, name)
