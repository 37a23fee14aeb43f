"""`tf.Dimension`: the size of one axis, known or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export


@export("Dimension")
class Dimension:
    """The size of one axis of a tensor, or `Dimension(None)` where it is not known yet.

    Arithmetic and comparisons with an unknown dimension give `Dimension(None)` and None.

    Raises:
      TypeError: `value` is not a number.
      ValueError: `value` is negative or not whole.
    """

    __slots__ = ("_value",)
    _value: int | None

    def __init__(self, value: Any) -> None:
        self._value = as_size(value)

    @property
    def value(self) -> int | None:
        """The size, or None."""
        return self._value

    def is_compatible_with(self, other: Any) -> bool:
        """Whether both could be the same size."""
        size = as_size(other)
        return self._value is None or size is None or self._value == size

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises ValueError unless both could be the same size."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")

    def merge_with(self, other: Any) -> Dimension:
        """The known one of two sizes that must agree.

        Raises:
          ValueError: both are known and differ.
        """
        size = as_size(other)
        if self._value is not None and size is not None and self._value != size:
            raise ValueError(f"Dimensions {self._value} and {size} are not compatible")
        return Dimension(size if self._value is None else self._value)

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)

    def __repr__(self) -> str:
        return f"Dimension({self._value})"

    def __int__(self) -> int:
        return self._value  # type: ignore[return-value]

    # numpy and `range` take a Dimension as they take an int; Python refuses an unknown one.
    __index__ = __int__

    def __reduce__(self) -> tuple[type[Dimension], tuple[int | None]]:
        return Dimension, (self._value,)

    def __eq__(self, other: object) -> bool | None:  # type: ignore[override]
        try:
            return _compare(int.__eq__, self._value, as_size(other))
        except (TypeError, ValueError):
            return NotImplemented

    def __ne__(self, other: object) -> bool | None:  # type: ignore[override]
        try:
            return _compare(int.__ne__, self._value, as_size(other))
        except (TypeError, ValueError):
            return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __lt__(self, other: Any) -> bool | None:
        return _compare(int.__lt__, self._value, as_size(other))

    def __le__(self, other: Any) -> bool | None:
        return _compare(int.__le__, self._value, as_size(other))

    def __gt__(self, other: Any) -> bool | None:
        return _compare(int.__gt__, self._value, as_size(other))

    def __ge__(self, other: Any) -> bool | None:
        return _compare(int.__ge__, self._value, as_size(other))

    def __add__(self, other: Any) -> Any:
        return self._checked(int.__add__, other)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __sub__(self, other: Any) -> Any:
        return self._checked(int.__sub__, other)

    def __rsub__(self, other: Any) -> Dimension:
        return _combine(int.__sub__, as_size(other), self._value)

    def __mul__(self, other: Any) -> Any:
        return self._checked(int.__mul__, other)

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __floordiv__(self, other: Any) -> Any:
        return self._checked(int.__floordiv__, other)

    def __rfloordiv__(self, other: Any) -> Dimension:
        return _combine(int.__floordiv__, as_size(other), self._value)

    def __mod__(self, other: Any) -> Dimension:
        return _combine(int.__mod__, self._value, as_size(other))

    def __rmod__(self, other: Any) -> Dimension:
        return _combine(int.__mod__, as_size(other), self._value)

    def __truediv__(self, other: Any) -> Dimension:
        raise _true_division(self, other)

    def __rtruediv__(self, other: Any) -> Dimension:
        raise _true_division(other, self)

    def _checked(self, operator: Callable[[int, int], int], other: Any) -> Any:
        """As `_combine`, but what is no dimension is left to Python and the other operand."""
        try:
            size = as_size(other)
        except (TypeError, ValueError):
            return NotImplemented
        return _combine(operator, self._value, size)


def _compare(operator: Callable[[int, int], bool], a: int | None, b: int | None) -> bool | None:
    return None if a is None or b is None else operator(a, b)


def _combine(operator: Callable[[int, int], int], a: int | None, b: int | None) -> Dimension:
    return Dimension(None if a is None or b is None else operator(a, b))


def _true_division(a: object, b: object) -> TypeError:
    return TypeError(
        f"unsupported operand type(s) for /: '{type(a).__name__}' and '{type(b).__name__}', "
        "please use // instead"
    )


def as_size(value: Any) -> int | None:
    """One dimension as int or None, with the checks and the errors of `tf.Dimension`."""
    if value is None:
        return None
    if isinstance(value, Dimension):
        return value._value
    if isinstance(value, DType):
        raise TypeError(f"Cannot convert {value} to Dimension")
    size = int(value)
    if not isinstance(value, str | bytes) and size != value:
        raise ValueError(f"Ambiguous dimension: {value}")
    if size < 0:
        raise ValueError(f"Dimension {size} must be >= 0")
    return size


def as_dimension(value: Any) -> Dimension:
    """The Dimension of an int, None or Dimension; the very object if it is one already.

    Raises:
      TypeError: it is not a number.
      ValueError: it is negative or not whole.
    """
    return value if isinstance(value, Dimension) else Dimension(value)


@export("dimension_value", "compat.dimension_value")
def dimension_value(dimension: Any) -> Any:
    """The int or None of a Dimension; anything else as it is."""
    return dimension._value if isinstance(dimension, Dimension) else dimension
