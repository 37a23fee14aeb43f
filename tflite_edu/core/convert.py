"""`convert_to_tensor`: whatever a script passes where a tensor is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy

from tflite_edu.core import dtypes
from tflite_edu.core.constant import constant
from tflite_edu.core.dimension import Dimension
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.core.upward import upward

Conversion = Callable[..., Any]

# (types, conversion) by priority; the lowest priority is tried first.
_registered: dict[int, list[tuple[Any, Conversion]]] = {}
_for_type: dict[type, list[tuple[Any, Conversion]]] = {}


@export("register_tensor_conversion_function")
def register_tensor_conversion_function(
    base_type: Any, conversion_func: Conversion, priority: int = 100
) -> None:
    """Has `conversion_func(value, dtype, name, as_ref)` convert instances of `base_type`.

    The function returns a tensor, or NotImplemented to leave the value to the next one. Raises
    TypeError where `base_type` is no type or the function cannot be called.
    """
    if not (
        isinstance(base_type, type)
        or (isinstance(base_type, tuple) and all(isinstance(x, type) for x in base_type))
    ):
        raise TypeError("base_type must be a type or a tuple of types.")
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    _registered.setdefault(priority, []).append((base_type, conversion_func))
    _for_type.clear()


def _conversions(kind: type) -> list[tuple[Any, Conversion]]:
    found = _for_type.get(kind)
    if found is None:
        found = _for_type[kind] = [
            (base, conversion)
            for priority in sorted(_registered)
            for base, conversion in _registered[priority]
            if issubclass(kind, base)
        ]
    return found


@export("convert_to_tensor")
def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
) -> Tensor:
    """A tensor that stands for `value`: a tensor, a variable, an array, a number, a list of these.

    `dtype` must fit; `preferred_dtype` is tried first and given up where it does not. Raises
    TypeError where there is no conversion, ValueError where a tensor has another dtype.
    """
    return convert(
        value,
        None if dtype is None else dtypes.as_dtype(dtype),
        name,
        False,
        dtype_hint or preferred_dtype,
    )


def convert_all(values: Any, dtype: Any = None, name: str | None = None) -> list[Tensor]:
    """Each of `values` as a tensor, named `name_0`, `name_1`, ..."""
    return [
        convert_to_tensor(v, dtype, None if name is None else f"{name}_{i}")
        for i, v in enumerate(values)
    ]


def convert(
    value: Any,
    dtype: DType | None,
    name: str | None,
    as_ref: bool = False,
    preferred: Any = None,
) -> Tensor:
    """`convert_to_tensor` as nodes use it on their inputs; `as_ref` asks for a variable's slot."""
    if type(value) is Tensor:
        if dtype is not None and not dtype.is_compatible_with(value.dtype):
            raise ValueError(
                f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                f"{value.dtype.name}: {value!r}"
            )
        return value
    for base, conversion in _conversions(type(value)):
        made: Any = NotImplemented
        if dtype is None and preferred is not None:
            preferred = dtypes.as_dtype(preferred)
            try:
                made = conversion(value, dtype=preferred, name=name, as_ref=as_ref)
            except (TypeError, ValueError):
                made = NotImplemented
            if made is not NotImplemented and made.dtype.base_dtype is not preferred.base_dtype:
                raise TypeError(
                    f"convert_to_tensor did not convert to the preferred dtype: "
                    f"{made.dtype.base_dtype.name} vs {preferred.base_dtype.name} "
                )
        if made is NotImplemented:
            made = conversion(value, dtype=dtype, name=name, as_ref=as_ref)
        if made is NotImplemented:
            continue
        if not isinstance(made, Tensor):
            raise RuntimeError(
                f"{f'tensor {name} ' if name else ''}Conversion function {conversion!r} for type "
                f"{base} returned non-Tensor: {made!r}"
            )
        if dtype is not None and not dtype.is_compatible_with(made.dtype):
            raise RuntimeError(
                f"Conversion function {conversion!r} for type {base} returned incompatible "
                f"dtype: requested = {dtype.name}, actual = {made.dtype.name}"
            )
        tensor: Tensor = made
        return tensor
    raise TypeError(
        f"Cannot convert {value!r} with type {type(value)} to Tensor: no conversion function "
        f"registered."
    )


def _from_constant(value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Tensor:
    del as_ref
    return constant(value, dtype=dtype, name=name or "Const")


def _from_list(value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Any:
    del as_ref
    if not _holds_tensors(value):
        return NotImplemented
    return upward("pack")(value, dtype, name)


def _holds_tensors(value: Any) -> bool:
    return any(
        isinstance(v, Tensor)
        or hasattr(v, "_as_graph_element")
        or (isinstance(v, (list, tuple)) and _holds_tensors(v))
        for v in value
    )


def _from_shape(
    value: TensorShape, dtype: Any = None, name: Any = None, as_ref: bool = False
) -> Tensor:
    del as_ref
    if not value.is_fully_defined():
        raise ValueError(f"Cannot convert a partially known TensorShape to a Tensor: {value}")
    dims = value.as_list()
    if dtype is None:
        dtype = dtypes.int64 if any(d is not None and d >= 2**31 for d in dims) else dtypes.int32
    elif dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype: {dtype.name}")
    return constant(dims, dtype=dtype, name=name or "shape_as_tensor")


def _from_dimension(
    value: Dimension, dtype: Any = None, name: Any = None, as_ref: bool = False
) -> Tensor:
    del as_ref
    if value.value is None:
        raise ValueError(f"Cannot convert an unknown Dimension to a Tensor: {value}")
    if dtype is None:
        dtype = dtypes.int64 if value.value >= 2**31 else dtypes.int32
    elif dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype: {dtype.name}")
    return constant(value.value, dtype=dtype, name=name or "shape_as_tensor")


def _from_tensor(
    value: Tensor, dtype: Any = None, name: Any = None, as_ref: bool = False
) -> Tensor:
    del as_ref
    return convert(value, dtype, name)


def _from_operation(
    value: Operation, dtype: Any = None, name: Any = None, as_ref: bool = False
) -> NoReturn:
    raise TypeError(
        f"Can't convert Operation '{value.name}' to Tensor (target dtype={dtype!r}, name={name!r}, "
        f"as_ref={as_ref!r})"
    )


register_tensor_conversion_function(Tensor, _from_tensor, 0)
register_tensor_conversion_function(Operation, _from_operation, 100)
register_tensor_conversion_function((list, tuple), _from_list, 99)
register_tensor_conversion_function((TensorShape,), _from_shape, 100)
register_tensor_conversion_function((Dimension,), _from_dimension, 100)
register_tensor_conversion_function((list, tuple), _from_constant, 100)
register_tensor_conversion_function((numpy.ndarray, numpy.generic), _from_constant, 100)
register_tensor_conversion_function(object, _from_constant, 200)
