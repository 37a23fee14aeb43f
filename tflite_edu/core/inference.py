"""What the `infer` of op classes computes with, and the messages of TensorFlow's shape functions.

Shapes are those of `core.shapes`: a tuple of int or None, or None for an unknown rank. What is
unknown passes every check and stays unknown. A contradiction raises ShapeError; the graph adds the
node's name and input shapes to its message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tflite_edu.core.shapes import Shape, broadcast_size, concatenate

_INT64_MAX = 2**63 - 1


class ShapeError(ValueError):
    """The shapes that an operation is given do not fit it.

    `read` names the inputs whose values had been looked at by then, which TF lists in its message;
    None stands for all whose values the op looks at.
    """

    def __init__(self, message: str, read: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        self.read = read


def format_shape(shape: Shape) -> str:
    """A shape as shape functions print it: `[2,?]`, or `?` for an unknown rank."""
    if shape is None:
        return "?"
    return f"[{','.join(['?' if size is None else str(size) for size in shape])}]"


def with_rank(shape: Shape, rank: int) -> tuple[int | None, ...]:
    """The shape, which must have `rank` dimensions; they are unknown if its rank was."""
    if shape is None:
        return (None,) * rank
    if len(shape) != rank:
        raise ShapeError(f"Shape must be rank {rank} but is rank {len(shape)}")
    return shape


def with_rank_at_least(shape: Shape, rank: int) -> Shape:
    """The shape, which must have `rank` or more dimensions."""
    if shape is not None and len(shape) < rank:
        raise ShapeError(f"Shape must be at least rank {rank} but is rank {len(shape)}")
    return shape


def with_rank_at_most(shape: Shape, rank: int) -> Shape:
    """The shape, which must have `rank` or fewer dimensions."""
    if shape is not None and len(shape) > rank:
        raise ShapeError(f"Shape must be at most rank {rank} but is rank {len(shape)}")
    return shape


def with_value(size: int | None, value: int) -> int:
    """The dimension, which must be `value`."""
    if size is not None and size != value:
        raise ShapeError(f"Dimension must be {value} but is {size}")
    return value


def merge_dims(x: int | None, y: int | None) -> int | None:
    """The known one of two dimensions that must be equal."""
    if x is None or y is None:
        return y if x is None else x
    if x != y:
        raise ShapeError(f"Dimensions must be equal, but are {x} and {y}")
    return x


def merge(a: Shape, b: Shape) -> Shape:
    """The shape that holds what both say, of two that must be equal."""
    if a is None or b is None:
        return b if a is None else a
    if a == b:
        return a
    if len(a) != len(b):
        raise ShapeError(f"Shapes must be equal rank, but are {len(a)} and {len(b)}")
    for axis, (x, y) in enumerate(zip(a, b, strict=True)):
        if x != y and x is not None and y is not None:
            raise ShapeError(
                f"Dimension {axis} in both shapes must be equal, but are {x} and {y}. "
                f"Shapes are {format_shape(a)} and {format_shape(b)}."
            )
    return tuple([y if x is None else x for x, y in zip(a, b, strict=True)])


def merge_all(shapes: Sequence[Shape]) -> Shape:
    """The shape that holds what all say, of one or more that must be equal (AddN, Pack).

    They are merged from the last to the first; the message names the one that did not fit.
    """
    merged = shapes[-1]
    for index in range(len(shapes) - 2, -1, -1):
        try:
            merged = merge(shapes[index], merged)
        except ShapeError as error:
            raise ShapeError(f"{error}\n\tFrom merging shape {index} with other shapes.") from None
    return merged


def merge_prefix(shape: Shape, prefix: Shape) -> tuple[Shape, Shape]:
    """`shape` and `prefix` merged where they overlap: `prefix` must equal the start of `shape`."""
    if shape is None or prefix is None:
        return shape, prefix
    with_rank_at_least(shape, len(prefix))
    start = shape[: len(prefix)]
    for x, y in zip(start, prefix, strict=True):
        merge_dims(x, y)
    merged = tuple([y if x is None else x for x, y in zip(start, prefix, strict=True)])
    return merged + shape[len(prefix) :], merged


def broadcast_shape(a: Shape, b: Shape) -> Shape:
    """The shape two tensors broadcast to, by numpy's rule."""
    if a is None or b is None:
        return None
    if a == b and None not in a:
        return a
    rank = max(len(a), len(b))
    x, y = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    sizes = []
    for m, n in zip(x, y, strict=True):
        size = broadcast_size(m, n)
        if size == -1:
            raise ShapeError(f"Dimensions must be equal, but are {m} and {n}")
        sizes.append(size)
    return tuple(sizes)


def normalize_axis(axis: int, rank: int) -> int:
    """The axis counted from the front, of one in [-rank, rank)."""
    if not -rank <= axis < rank:
        raise ShapeError(f"Invalid axis: {axis}; must be in [{-rank},{rank})")
    return axis + rank if axis < 0 else axis


def reduction_shape(shape: Shape, axes: Iterable[int] | None, keep_dims: bool) -> Shape:
    """The shape that is left when the axes are reduced.

    Args:
      shape: the input's.
      axes: axes, each in [-rank, rank), any as often as it likes; None if they are not known
        before the graph runs.
      keep_dims: whether a reduced axis stays, with one element.
    """
    if shape is None:
        return None
    rank = len(shape)
    if axes is None:
        return (None,) * rank if keep_dims else None
    reduced = set()
    for axis in axes:
        if not -rank <= axis < rank:
            raise ShapeError(
                f"Invalid reduction dimension {axis} for input with {rank} dimensions."
            )
        reduced.add(axis % rank)
    if keep_dims:
        return tuple([1 if axis in reduced else size for axis, size in enumerate(shape)])
    return tuple([size for axis, size in enumerate(shape) if axis not in reduced])


def subshape(shape: Shape, start: int, end: int | None = None) -> Shape:
    """The dimensions from `start` up to `end`, each counted from the back where negative."""
    if shape is None:
        return None
    rank = len(shape)
    first = min(start, rank)
    if first < 0:
        first += rank
        if first < 0:
            raise ShapeError(f"Subshape start out of bounds: {start}, for shape with rank {rank}")
    last = rank if end is None else min(end, rank)
    if last < 0:
        last += rank
        if last < 0:
            raise ShapeError(f"Subshape end out of bounds: {end}, for shape with rank {rank}")
    if first > last:
        raise ShapeError(
            f"Subshape must have computed start <= end, but is {first} and {last} (computed from "
            f"start {start} and end {end} over shape with rank {rank})"
        )
    return shape[first:last]


def concat_shapes(*shapes: Shape) -> Shape:
    """The dimensions of all shapes in a row; unknown where any rank is."""
    result: Shape = ()
    for shape in shapes:
        result = concatenate(result, shape)
    return result


def add_dims(x: int | None, y: int | None) -> int | None:
    """The sum of two dimensions. Adding 0 is known to change nothing."""
    if x is None or y is None:
        return y if x == 0 else x if y == 0 else None
    if x + y > _INT64_MAX:
        raise ShapeError(f"Dimension size overflow from adding {x} and {y}")
    return x + y


def subtract_dims(x: int | None, y: int | None) -> int | None:
    """`x - y`, which must not be negative."""
    if x is None or y is None:
        return x if y == 0 else None
    if x < y:
        raise ShapeError(f"Negative dimension size caused by subtracting {y} from {x}")
    return x - y


def multiply_dims(x: int | None, y: int | None) -> int | None:
    """The product of two dimensions. 0 or 1 times an unknown one is known to be 0 or it."""
    if x == 0 or y == 0:
        return 0
    if x is None or y is None:
        return y if x == 1 else x if y == 1 else None
    if x * y > _INT64_MAX:
        raise ShapeError(f"Negative dimension size caused by overflow when multiplying {x} and {y}")
    return x * y


def divide_dims(x: int | None, divisor: int | None, exact: bool = True) -> int | None:
    """`x / divisor`, rounded down; with `exact` there must be nothing to round."""
    if divisor == 1:
        return x
    if x is None or divisor is None:
        return None
    if divisor <= 0:
        raise ShapeError(f"Divisor must be positive but is {divisor}")
    if exact and x % divisor:
        raise ShapeError(f"Dimension size must be evenly divisible by {divisor} but is {x}")
    return x // divisor


def conv_output_size(
    size: int | None,
    filter: int | None,
    stride: int,
    padding: str,
    dilation: int = 1,
    pads: tuple[int, int] = (0, 0),
) -> int | None:
    """The length of what a window leaves when it slides along one axis (convolution, pooling).

    SAME: ceil(size / stride). VALID: ceil((size - (filter - 1) dilation) / stride). EXPLICIT: as
    VALID of the axis with `pads` elements added before and after it.
    """
    if stride <= 0:
        raise ShapeError(f"Stride must be > 0, but got {stride}")
    if dilation < 1:
        raise ShapeError(f"Dilation rate must be >= 1, but got {dilation}")
    if padding == "SAME":
        return divide_dims(add_dims(size, stride - 1), stride, exact=False)
    if padding == "EXPLICIT":
        if min(pads) < 0:
            raise ShapeError("All elements of explicit_paddings must be nonnegative")
        size = add_dims(size, sum(pads))
    elif padding != "VALID":
        raise ShapeError(f"Padding must be SAME, VALID or EXPLICIT, but got {padding}")
    if dilation > 1:
        filter = add_dims(multiply_dims(subtract_dims(filter, 1), dilation), 1)
    return divide_dims(add_dims(subtract_dims(size, filter), stride), stride, exact=False)
