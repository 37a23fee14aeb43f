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
    if wanted in (dtypes.resource, dtypes.variant):
        given = numpy.array(value).dtype
        raise TypeError(f"Incompatible types: {wanted} vs. {given}. Value is {shown(value)}")
    if shape is None:
        return _as_array(value, wanted)
    full = tuple([int(size) for size in shape])
    if 0 in full and value is not None and not isinstance(value, (numpy.ndarray, numpy.generic)):
        # Where there is no place for a value, TF does not look at it, not even for its type.
        return numpy.zeros(full, numpy.float32 if wanted is None else wanted.as_numpy_dtype)
    array = _as_array(value, wanted)
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
    if isinstance(value, (bytearray, memoryview)) or (
        hasattr(value, "__array__") and not isinstance(value, Tensor)
    ):
        return _from_numpy(numpy.asarray(value), wanted)
    return _from_python(value, wanted)


def _from_python(value: Any, wanted: DType | None) -> numpy.ndarray:
    """The array of a Python value: a scalar, or lists of lists of scalars."""
    _check_elements(value, wanted)
    array = _numpy_array(value, wanted)
    if array.shape != _dense_shape(value) and not (wanted is not None and wanted.is_quantized):
        raise ValueError(
            f"Argument must be a dense tensor: {shown(value, str)} - got shape "
            f"{list(array.shape)}, but wanted {list(_dense_shape(value))}."
        )
    if array.dtype.kind in "OSU":
        return _strings(value, array.shape)
    if wanted is dtypes.bfloat16:
        return _bfloat16(array)
    if wanted is not None:
        return array
    if array.dtype == numpy.float64:
        with numpy.errstate(over="ignore"):
            return array.astype(numpy.float32)
    if array.dtype == numpy.int64:
        narrow = array.astype(numpy.int32)
        return narrow if numpy.array_equal(narrow, array) else array
    return array


def _numpy_array(value: Any, wanted: DType | None) -> numpy.ndarray:
    if wanted is dtypes.bfloat16:
        wanted = dtypes.float32
    try:
        if wanted is None:
            # Only the shape of an array of strings is used: their bytes need not be text.
            return numpy.array(value, object if _first(value, (str, bytes)) else None)
        return numpy.array(value, wanted.as_numpy_dtype)
    except OverflowError:
        assert wanted is not None
        # As in TF, an integer that fits 64 bits and not `wanted` keeps its lowest bits.
        return numpy.array(value, numpy.int64).astype(wanted.as_numpy_dtype)
    except ValueError:
        if wanted is not None and not (wanted.is_bool or wanted is dtypes.string):
            raise ValueError("setting an array element with a sequence.") from None
        # Lists of different lengths: an array of the inner ones.
        return numpy.array(value, object)


def _dense_shape(value: Any) -> tuple[int, ...]:
    """The shape that lists of lists have if all are as long as the first ones."""
    sizes: list[int] = []
    while isinstance(value, (list, tuple)):
        sizes.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(sizes)


def _from_numpy(array: numpy.ndarray, wanted: DType | None) -> numpy.ndarray:
    if array.dtype.kind in "OSU" or wanted is dtypes.string:
        if wanted not in (None, dtypes.string):
            return array.astype(wanted.as_numpy_dtype)
        for element in array.ravel().tolist():
            if not isinstance(element, (str, bytes)):
                raise TypeError(f"Expected binary or unicode string, got {element!r}")
        return _strings(array.tolist(), array.shape)
    if wanted is None:
        dtypes.as_dtype(array.dtype)
        return numpy.array(array, order="C")
    if wanted is dtypes.bfloat16 and array.dtype != wanted.as_numpy_dtype:
        return _bfloat16(array.astype(numpy.float32))
    with numpy.errstate(over="ignore", invalid="ignore"):
        return numpy.array(array, dtype=wanted.as_numpy_dtype, order="C")


def _bfloat16(array: numpy.ndarray) -> numpy.ndarray:
    """Rounds float32 to the nearest bfloat16, ties to even."""
    bits = array.view(numpy.uint32).astype(numpy.uint64)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    kind = dtypes.bfloat16.as_numpy_dtype
    made: numpy.ndarray = rounded.astype(numpy.uint16).view(kind).reshape(array.shape)
    return made


def _strings(value: Any, shape: tuple[int, ...]) -> numpy.ndarray:
    """An array of bytes objects, of nested lists of text and bytes."""
    flat: list[Any] = []
    _collect(value, flat)
    count = int(numpy.prod(shape, dtype=numpy.int64))
    if len(flat) != count or not all(isinstance(v, (str, bytes)) for v in flat):
        raise _unconvertible(value)
    array = numpy.empty(count, object)
    array[:] = [v.encode("utf-8") if isinstance(v, str) else bytes(v) for v in flat]
    return array.reshape(shape)


def _collect(value: Any, flat: list[Any]) -> None:
    if isinstance(value, (list, tuple)):
        for element in value:
            _collect(element, flat)
    else:
        flat.append(value)


def _first(value: Any, kinds: tuple[type, ...]) -> bool:
    while isinstance(value, (list, tuple)):
        if not value:
            return False
        value = value[0]
    return isinstance(value, kinds)


def shown(value: Any, text: Callable[[Any], str] = repr) -> str:
    """A value as TF's messages show it: numbers of numpy without their type."""
    with numpy.printoptions(legacy="1.25"):
        return text(value)


def _unconvertible(value: Any) -> TypeError:
    return TypeError(
        f"Failed to convert object of type {type(value)} to Tensor. Contents: "
        f"{shown(value, str)}. Consider casting elements to a supported type."
    )


def _accepts(dtype: DType) -> tuple[type, ...]:
    """The types of Python values that become elements of a dtype."""
    if dtype.is_bool:
        return (bool,)
    if dtype is dtypes.string:
        return (str, bytes)
    if dtype.is_quantized:
        return (tuple,)
    if dtype.is_integer:
        return (numbers.Integral, numpy.integer, Dimension)
    if dtype.is_floating:
        return (numbers.Real, numpy.floating, numpy.integer)
    if dtype.is_complex:
        return (numbers.Complex, numpy.number)
    return (object,)


def _check_elements(value: Any, wanted: DType | None) -> None:
    """Raises TF's TypeError on the first element that is not of the wanted type."""
    if isinstance(value, list) or (
        isinstance(value, tuple) and not (wanted is not None and wanted.is_quantized)
    ):
        for element in value:
            _check_elements(element, wanted)
    elif wanted is None:
        if isinstance(value, Tensor):
            raise TypeError("List of Tensors when single Tensor expected")
    elif not isinstance(value, _accepts(wanted)):
        kind = "bool_" if isinstance(value, numpy.bool_) else type(value).__name__
        raise TypeError(f"Expected {wanted.name}, got {shown(value)} of type '{kind}' instead.")
