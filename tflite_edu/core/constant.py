"""Python and numpy values as constants of a graph."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy

from tflite_edu.core import dtypes
from tflite_edu.core.dimension import Dimension
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.graph import check_node_name, get_default_graph
from tflite_edu.core.op import resolve
from tflite_edu.core.shapes import as_shape
from tflite_edu.core.tensor import Tensor


@export("constant")
def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str = "Const",
    verify_shape: bool = False,
) -> Tensor:
    """A constant of any shape.

    Without `dtype`, Python floats become float32 and Python integers int32 (int64 where they need
    it); arrays keep theirs. With `shape`, the last value is repeated until the shape is full, or
    with `verify_shape` the value must have it. Raises TypeError on values of another type,
    ValueError on too many values.
    """
    array = constant_array(value, dtype, shape, verify_shape)
    graph = get_default_graph()
    element = dtypes.as_dtype(array.dtype) if dtype is None else dtypes.as_dtype(dtype).base_dtype
    array.setflags(write=False)
    # A constant is made as it is: its value owns its memory and is never written again.
    check_node_name(name)
    definition = resolve("Const").of((array, element))
    op = graph.add_node(definition, (), (element,), name or "Const")
    op._outputs[0]._shape = array.shape
    return op._outputs[0]


def constant_array(
    value: Any, dtype: Any = None, shape: Any = None, verify_shape: bool = False
) -> numpy.ndarray:
    """The array that a constant of `value` holds: a new one, which the caller may keep."""
    wanted = None if dtype is None else dtypes.as_dtype(dtype).base_dtype
    array = _as_array(value, wanted)
    if shape is None:
        return array
    dims = as_shape(shape)
    if dims is None or None in dims:
        raise TypeError(f"Expected a fully defined shape, got {shape!r}")
    full: tuple[int, ...] = tuple(d for d in dims if d is not None)
    if verify_shape and array.shape != full:
        raise TypeError(f"Expected Tensor's shape: {full}, got {array.shape}.")
    return _filled(array, full)


def _filled(array: numpy.ndarray, shape: tuple[int, ...]) -> numpy.ndarray:
    count = int(numpy.prod(shape, dtype=numpy.int64))
    if array.size == count:
        return array.reshape(shape)
    if not count and array.size == 1:
        return numpy.zeros(shape, array.dtype)
    if array.size > count:
        raise ValueError(
            f"Too many elements provided. Needed at most {count}, but received {array.size}"
        )
    if array.size == 0:
        return numpy.zeros(shape, array.dtype)
    full = numpy.empty(count, array.dtype)
    full[: array.size] = array.ravel()
    full[array.size :] = array.ravel()[-1]
    return full.reshape(shape)


def _as_array(value: Any, wanted: DType | None) -> numpy.ndarray:
    if value is None:
        raise ValueError("None values not supported.")
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return _from_numpy(numpy.asarray(value), wanted)
    if wanted is not None and wanted.is_quantized:
        return numpy.array(_tuples(value), dtype=wanted.as_numpy_dtype)
    if hasattr(value, "__array__") and not isinstance(value, Tensor):
        return _from_numpy(numpy.asarray(value), wanted)
    _check_elements(value, wanted)
    value = _plain(value)
    if wanted is not None and wanted is dtypes.bfloat16:
        return _bfloat16(numpy.array(value, numpy.float32))
    if wanted is dtypes.string or (wanted is None and _first(value, (str, bytes))):
        return _strings(value)
    try:
        array = numpy.array(value, dtype=None if wanted is None else wanted.as_numpy_dtype)
    except OverflowError as error:
        raise ValueError(str(error)) from None
    except (TypeError, ValueError):
        _check_dense(value)
        raise _unconvertible(value) from None
    if array.dtype == object:
        raise _unconvertible(value)
    if wanted is None:
        if array.dtype == numpy.float64:
            with numpy.errstate(over="ignore"):
                array = array.astype(numpy.float32)
        elif array.dtype == numpy.int64:
            narrow = array.astype(numpy.int32)
            if numpy.array_equal(narrow, array):
                array = narrow
    return array


def _from_numpy(array: numpy.ndarray, wanted: DType | None) -> numpy.ndarray:
    if array.dtype.kind in "US" or array.dtype == object:
        if wanted not in (None, dtypes.string):
            _check_elements(array.tolist(), wanted)
            return array.astype(wanted.as_numpy_dtype)
        return _strings(array.tolist(), array.shape)
    if wanted is None:
        dtypes.as_dtype(array.dtype)
        return numpy.array(array, order="C")
    if wanted is dtypes.string:
        _check_elements(array.tolist(), wanted)
    if wanted is dtypes.bfloat16 and array.dtype != wanted.as_numpy_dtype:
        return _bfloat16(array.astype(numpy.float32))
    with numpy.errstate(over="ignore", invalid="ignore"):
        return numpy.array(array, dtype=wanted.as_numpy_dtype, order="C")


def _check_dense(value: Any) -> None:
    """Raises TF's error on lists of lists that differ in length."""
    if not isinstance(value, list) or not all(isinstance(v, list) for v in value):
        return
    wanted: list[int] = []
    first: Any = value
    while isinstance(first, list):
        wanted.append(len(first))
        first = first[0] if first else None
    raise ValueError(
        f"Argument must be a dense tensor: {value} - got shape [{len(value)}], but wanted {wanted}."
    )


def _bfloat16(array: numpy.ndarray) -> numpy.ndarray:
    """Rounds float32 to the nearest bfloat16, ties to even."""
    bits = array.view(numpy.uint32).astype(numpy.uint64)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    kind = dtypes.bfloat16.as_numpy_dtype
    made: numpy.ndarray = rounded.astype(numpy.uint16).view(kind).reshape(array.shape)
    return made


def _strings(value: Any, shape: tuple[int, ...] | None = None) -> numpy.ndarray:
    if isinstance(value, (str, bytes)):
        scalar: numpy.ndarray = numpy.empty((), object)
        scalar[()] = _bytes(value)
        return scalar
    flat: list[Any] = []
    found = _collect(value, flat)
    array = numpy.empty(len(flat), object)
    array[:] = [_bytes(v) for v in flat]
    return array.reshape(found if shape is None else shape)


def _collect(value: Any, flat: list[Any]) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        flat.append(value)
        return ()
    shapes = [_collect(v, flat) for v in value]
    if any(s != shapes[0] for s in shapes):
        raise _unconvertible(value)
    return (len(value), *(shapes[0] if shapes else ()))


def _bytes(value: Any) -> Any:
    return value.encode("utf-8") if isinstance(value, str) else value


def _tuples(value: Any) -> Any:
    """Quantized types are records of one field, which numpy takes as tuples."""
    if isinstance(value, (list, tuple)):
        return [_tuples(v) for v in value]
    return (value,)


def _plain(value: Any) -> Any:
    if isinstance(value, Dimension):
        return value.value
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def _first(value: Any, kinds: tuple[type, ...]) -> bool:
    while isinstance(value, (list, tuple)):
        if not value:
            return False
        value = value[0]
    return isinstance(value, kinds)


def _unconvertible(value: Any) -> TypeError:
    return TypeError(
        f"Failed to convert object of type {type(value)} to Tensor. Contents: {value}. Consider "
        "casting elements to a supported type."
    )


def _is_integer(value: Any) -> bool:
    return isinstance(value, (numbers.Integral, numpy.integer, Dimension))


def _is_real(value: Any) -> bool:
    return isinstance(value, (numbers.Real, numpy.floating, numpy.integer, Dimension))


def _accepts(dtype: DType) -> Callable[[Any], bool]:
    if dtype.is_bool:
        return lambda v: isinstance(v, (bool, numpy.bool_))
    if dtype is dtypes.string:
        return lambda v: isinstance(v, (str, bytes))
    if dtype.is_integer:
        return _is_integer
    if dtype.is_floating:
        return _is_real
    if dtype.is_complex:
        return lambda v: isinstance(v, (numbers.Complex, numpy.number, Dimension))
    return lambda v: True


def _check_elements(value: Any, wanted: DType | None) -> None:
    """Raises TF's TypeError on the first element that is not of the wanted type."""
    accepted = None if wanted is None else _accepts(wanted)

    def visit(element: Any) -> None:
        if isinstance(element, (list, tuple)):
            for e in element:
                visit(e)
        elif isinstance(element, Tensor):
            raise TypeError("List of Tensors when single Tensor expected")
        elif isinstance(element, numpy.ndarray) and element.ndim:
            visit(element.tolist())
        elif element is None and wanted is None:
            raise TypeError(
                f"Failed to convert object of type {type(value)} to Tensor. Contents: {value}. "
                "Consider casting elements to a supported type."
            )
        elif accepted is not None and not accepted(element):
            assert wanted is not None
            shown = f"'{element}'" if isinstance(element, str) else repr(element)
            raise TypeError(
                f"Expected {wanted.name}, got {shown} of type '{type(element).__name__}' instead."
            )

    visit(value)
