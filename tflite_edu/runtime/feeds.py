"""Feeds: what a script hands to a run, checked and made into arrays."""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.core import dtypes
from tflite_edu.core.graph import Graph
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor


class Feed:
    """One fed tensor, with what its value is checked against."""

    __slots__ = ("dtype", "is_string", "shape", "tensor")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self.dtype: Any = tensor.dtype.base_dtype.as_numpy_dtype
        self.is_string = tensor.dtype.base_dtype is dtypes.string
        self.shape = tensor._shape

    def array(self, value: Any) -> Any:
        """The value as an array; the caller's own, uncopied, where dtype and layout already fit.

        Raises TypeError on a value that is a tensor or does not fit the dtype, ValueError on one
        that makes no array or has another shape.
        """
        if type(value) is not numpy.ndarray or value.dtype != self.dtype:
            value = self._converted(value)
        elif self.is_string:
            value = _bytes(value)
        shape = self.shape
        if shape is not None and value.shape != shape:
            given = value.shape
            if len(given) != len(shape) or any(
                s is not None and s != g for s, g in zip(shape, given, strict=True)
            ):
                raise ValueError(
                    f"Cannot feed value of shape {given!r} for Tensor {self.tensor.name!r}, "
                    f"which has "
                    f"shape {str(TensorShape._of(shape))!r}"
                )
        return value

    def _converted(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            raise TypeError(
                "The value of a feed cannot be a tf.Tensor object. Acceptable feed values "
                "include Python scalars, strings, "
                "lists, numpy ndarrays, or TensorHandles. For reference, the tensor object was "
                f"{value} which was passed to the feed with key {self.tensor}."
            )
        if isinstance(value, int) and not isinstance(value, bool) and self._changes(value):
            raise TypeError(
                f"Type of feed value {value} with type {type(value)} is not compatible with "
                f"Tensor type {self.dtype}. Try "
                "explicitly setting the type of the feed tensor to a larger type (e.g. int64)."
            )
        if self.is_string:
            return _bytes(numpy.asarray(value, dtype=object))
        try:
            with numpy.errstate(all="ignore"):
                return numpy.asarray(value, dtype=self.dtype)
        except OverflowError:
            raise ValueError(
                f"could not convert {value!r} to {self.tensor.dtype.name} without overflow"
            ) from None

    def _changes(self, value: int) -> bool:
        if self.is_string:
            return False
        try:
            with numpy.errstate(all="ignore"):
                return bool(numpy.asarray(value).astype(self.dtype) != value)
        except (TypeError, OverflowError):
            return True


def _bytes(array: numpy.ndarray) -> numpy.ndarray:
    """A string tensor's array: every element bytes, text encoded as UTF-8."""
    if set(map(type, array.ravel().tolist())) <= {bytes}:
        return array
    made = numpy.empty(array.shape, object)
    flat = made.reshape(-1)
    flat[:] = [v if isinstance(v, bytes) else str(v).encode() for v in array.ravel()]
    return made


def fed_tensor(graph: Graph, key: Any) -> Tensor:
    """The tensor that a key of a feed_dict names; raises TypeError or ValueError as TF does."""
    try:
        tensor = graph.as_graph_element(key, allow_operation=False)
    except (ValueError, TypeError, KeyError) as error:
        text = error.args[0] if error.args else str(error)
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {text}") from None
    if not graph.is_feedable(tensor):
        raise ValueError(f"Tensor {tensor} may not be fed.")
    return tensor
