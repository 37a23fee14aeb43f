"""Static shapes: what is known of a tensor's shape before anything runs.

Inside the project a shape is a plain value,

    Shape = tuple[int | None, ...] | None

where None stands for an unknown rank and a None inside for an unknown dimension. The functions here
work on that. Scripts see the same through `tf.TensorShape` and `tf.Dimension`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias, overload

from tflite_edu.core import errors
from tflite_edu.core.dimension import Dimension, as_dimension, as_size
from tflite_edu.core.export import export
from tflite_edu.core.upward import upward

Shape: TypeAlias = "tuple[int | None, ...] | None"


def as_shape(shape: Any) -> Shape:
    """The plain shape of whatever names one.

    Args:
      shape: a TensorShape; None; a list, tuple, array or other iterable of int, None or Dimension;
        a single dimension, which makes a vector; or a TensorShapeProto.

    Raises:
      TypeError: it is a string, or something of it is no dimension.
      ValueError: a dimension is negative or not whole.
    """
    kind = shape.__class__
    if kind is TensorShape:
        return shape._shape  # type: ignore[no-any-return]
    if shape is None:
        return None
    if kind is tuple or kind is list:
        for size in shape:
            if size is not None and (size.__class__ is not int or size < 0):
                return tuple([as_size(size) for size in shape])
        return tuple(shape)
    if isinstance(shape, TensorShape):
        return shape._shape
    if isinstance(shape, str | bytes):
        raise TypeError(
            "A string has ambiguous TensorShape, please wrap in a list or convert to an int: "
            + (shape if isinstance(shape, str) else repr(shape))
        )
    if hasattr(shape, "unknown_rank") and hasattr(shape, "dim"):
        if shape.unknown_rank:
            return None
        return tuple([None if dim.size == -1 else as_size(dim.size) for dim in shape.dim])
    try:
        sizes = iter(shape)
    except errors.OperatorNotAllowedInGraphError:
        raise
    except TypeError:
        return (as_size(shape),)
    return tuple([as_size(size) for size in sizes])


def format_public(shape: Shape) -> str:
    """A shape as `print(tensor)` shows it: `(?, 3)`, `(3,)`, `<unknown>`."""
    if shape is None:
        return "<unknown>"
    sizes = ["?" if size is None else str(size) for size in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def is_compatible(a: Shape, b: Shape) -> bool:
    """Whether one shape could be both: equal ranks and equal dimensions, as far as known."""
    if a is None or b is None:
        return True
    return len(a) == len(b) and all(
        x is None or y is None or x == y for x, y in zip(a, b, strict=True)
    )


def merge(a: Shape, b: Shape) -> Shape:
    """The shape that holds what both say.

    Raises:
      ValueError: they contradict each other.
    """
    if a is None or b is None:
        return b if a is None else a
    if a == b:
        return a
    if not is_compatible(a, b):
        raise ValueError(f"Shapes {format_public(a)} and {format_public(b)} are not compatible")
    return tuple([y if x is None else x for x, y in zip(a, b, strict=True)])


def most_specific_compatible(a: Shape, b: Shape) -> Shape:
    """The shape that holds only what both agree on."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple([x if x == y else None for x, y in zip(a, b, strict=True)])


def is_fully_defined(shape: Shape) -> bool:
    """Whether the rank and every dimension are known."""
    return shape is not None and None not in shape


def num_elements(shape: Shape) -> int | None:
    """The product of the dimensions; None unless all are known."""
    if shape is None:
        return None
    count = 1
    for size in shape:
        if size is None:
            return None
        count *= size
    return count


def concatenate(a: Shape, b: Shape) -> Shape:
    """The dimensions of `a`, then those of `b`."""
    return None if a is None or b is None else a + b


def broadcast_size(x: int | None, y: int | None) -> int | None:
    """The dimension that two dimensions broadcast to, or -1 where they do not.

    Of an unknown dimension and one above 1 the result is the known one: the unknown must turn out
    to be 1 or the same. With 1 or 0 it stays unknown.
    """
    if x == y or y == 1:
        return x
    if x == 1:
        return y
    if x is None:
        return y or None
    return (x or None) if y is None else -1


def broadcast(a: Shape, b: Shape) -> Shape:
    """The shape that two tensors broadcast to, by numpy's rule, as far as it is known.

    Raises:
      ValueError: two dimensions differ and neither is 1.
    """
    if a is None or b is None:
        return None
    rank = max(len(a), len(b))
    x, y = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    sizes = tuple([broadcast_size(m, n) for m, n in zip(x, y, strict=True)])
    if -1 in sizes:
        raise ValueError(
            f"Incompatible shapes for broadcasting: {format_public(a)} and {format_public(b)}"
        )
    return sizes


@export("TensorShape")
class TensorShape:
    """What is known of a tensor's shape: nothing, the rank, or the rank and some dimensions.

    Args:
      dims: None for an unknown rank, or dimensions: int, None or Dimension, in any iterable.

    Raises:
      TypeError: `dims` is a string, or something of it is no dimension.
      ValueError: a dimension is negative or not whole.
    """

    __slots__ = ("_dims", "_shape")
    _shape: Shape
    _dims: list[Dimension] | None

    def __init__(self, dims: Any) -> None:
        if isinstance(dims, list | tuple):
            # An unknown Dimension equals only itself, so the very objects are kept.
            self._set_dims([as_dimension(dim) for dim in dims])
        elif isinstance(dims, TensorShape):
            self._shape, self._dims = dims._shape, dims.dims
        elif isinstance(dims, Dimension):
            self._set_dims([dims])
        else:
            self._shape, self._dims = as_shape(dims), None

    @classmethod
    def _of(cls, shape: Shape) -> TensorShape:
        """The TensorShape of a plain shape, which is trusted."""
        made = object.__new__(cls)
        made._shape, made._dims = shape, None
        return made

    def _set_dims(self, dims: list[Dimension]) -> None:
        self._shape, self._dims = tuple([dim._value for dim in dims]), dims

    @property
    def dims(self) -> list[Dimension] | None:
        """The dimensions, or None for an unknown rank."""
        if self._dims is None and self._shape is not None:
            self._dims = [Dimension(size) for size in self._shape]
        return self._dims

    @property
    def rank(self) -> int | None:
        """How many dimensions there are, or None."""
        return None if self._shape is None else len(self._shape)

    ndims = rank

    def as_list(self) -> list[int | None]:
        """The dimensions as int or None.

        Raises:
          ValueError: the rank is unknown.
        """
        if self._shape is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._shape)

    def num_elements(self) -> int | None:
        """The product of the dimensions; None unless all are known."""
        return num_elements(self._shape)

    def as_proto(self) -> Any:
        """The shape as a TensorShapeProto."""
        return upward("shape_proto")(self._shape)

    def is_fully_defined(self) -> bool:
        """Whether the rank and every dimension are known."""
        return is_fully_defined(self._shape)

    def is_compatible_with(self, other: Any) -> bool:
        """Whether one shape could be both."""
        return is_compatible(self._shape, as_shape(other))

    def merge_with(self, other: Any) -> TensorShape:
        """The shape that holds what both say.

        Raises:
          ValueError: they contradict each other.
        """
        return TensorShape._of(merge(self._shape, as_shape(other)))

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """The shape that holds only what both agree on."""
        return TensorShape._of(most_specific_compatible(self._shape, as_shape(other)))

    def concatenate(self, other: Any) -> TensorShape:
        """The dimensions of this shape, then those of `other`; unknown if either rank is."""
        other = _as_tensor_shape(other)
        if self._shape is None or other._shape is None:
            return TensorShape(None)
        return TensorShape([*self, *other])

    __concat__ = __add__ = concatenate

    def __radd__(self, other: Any) -> TensorShape:
        return _as_tensor_shape(other).concatenate(self)

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, which must have `rank` dimensions; they are unknown if its rank was.

        Raises:
          ValueError: it has another rank.
        """
        self.assert_has_rank(rank)
        return TensorShape._of((None,) * rank if self._shape is None else self._shape)

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape. Raises ValueError if it has fewer than `rank` dimensions."""
        if self._shape is not None and len(self._shape) < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """This shape. Raises ValueError if it has more than `rank` dimensions."""
        if self._shape is not None and len(self._shape) > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def assert_has_rank(self, rank: int) -> None:
        """Raises ValueError if it has another rank than `rank`."""
        if self._shape is not None and len(self._shape) != rank:
            raise ValueError(f"Shape {self} must have rank {rank}")

    def assert_same_rank(self, other: Any) -> None:
        """Raises ValueError if both ranks are known and differ."""
        shape = as_shape(other)
        if self._shape is not None and shape is not None and len(self._shape) != len(shape):
            raise ValueError(f"Shapes {self} and {format_public(shape)} must have the same rank")

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises ValueError if the shapes contradict each other."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are incompatible")

    def assert_is_fully_defined(self) -> None:
        """Raises ValueError unless the rank and every dimension are known."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def __len__(self) -> int:
        if self._shape is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._shape)

    def __bool__(self) -> bool:
        return self._shape is not None

    def __iter__(self) -> Iterator[Dimension]:
        dims = self.dims
        if dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter(dims)

    @overload
    def __getitem__(self, key: slice) -> TensorShape: ...
    @overload
    def __getitem__(self, key: Any) -> Dimension: ...
    def __getitem__(self, key: Any) -> Dimension | TensorShape:
        dims = self.dims
        if dims is not None:
            return TensorShape(dims[key]) if isinstance(key, slice) else dims[key]
        if not isinstance(key, slice):
            return Dimension(None)
        if key.step is not None:
            raise ValueError("Steps are not yet handled")
        start = 0 if key.start is None else key.start
        if key.stop is None or start < 0 or key.stop < 0:
            return TensorShape(None)
        return TensorShape._of((None,) * max(key.stop - start, 0))

    def __eq__(self, other: object) -> bool:
        try:
            other = _as_tensor_shape(other)
        except TypeError:
            return NotImplemented
        if self._shape != other._shape:
            return False
        if self is other or self._shape is None or None not in self._shape:
            return True
        # A list compares objects by identity first: an unknown dimension equals only itself.
        return self.dims == other.dims

    def __ne__(self, other: object) -> bool:
        try:
            other = _as_tensor_shape(other)
        except TypeError:
            return NotImplemented
        if self._shape is None or other._shape is None:
            raise ValueError("The inequality of unknown TensorShapes is undefined.")
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return format_public(self._shape)

    def __repr__(self) -> str:
        return f"TensorShape({self.dims})"

    def __reduce__(self) -> tuple[type[TensorShape], tuple[list[Dimension] | None]]:
        return TensorShape, (self.dims,)


def _as_tensor_shape(shape: Any) -> TensorShape:
    return shape if isinstance(shape, TensorShape) else TensorShape(shape)


@export("dimension_at_index", "compat.dimension_at_index")
def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """A dimension of a shape, unknown where the rank is.

    Raises:
      IndexError: the shape has no such dimension.
    """
    dims = shape.dims
    return Dimension(None) if dims is None else dims[index]


def unknown_shape(rank: int | None = None) -> TensorShape:
    """A shape of which at most the rank is known."""
    return TensorShape._of(None if rank is None else (None,) * rank)
