"""Products of tensors summed over chosen axes: tensordot and einsum."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as sequence
from tflite_edu.ops.reductions import reduce_prod, reduce_sum
from tflite_edu.ops.shapes_of_tensors import rank, shape


@export("tensordot", "linalg.tensordot")
def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """The products of two tensors, summed over some axes of each.

    Args:
      a, b: tensors of one dtype that `matmul` takes.
      axes: a number n, for the last n axes of `a` and the first n of `b`; or two lists (or
        numbers, or an int32 tensor `[2, n]`) of axes, which are summed in pairs.

    Returns:
      The axes of `a` that are left, then those of `b`.

    Raises:
      ValueError: `axes` is none of these, or the shapes do not fit.
    """
    with name_scope(name, "Tensordot", [a, b, axes]) as name:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        a_axes, b_axes = _pairs(a, axes)
        a_matrix, a_free, a_static = _as_matrix(a, a_axes, summed_first=False)
        b_matrix, b_free, b_static = _as_matrix(b, b_axes, summed_first=True)
        product = matmul(a_matrix, b_matrix)
        if isinstance(a_free, list) and isinstance(b_free, list):
            return raw.Reshape(product, a_free + b_free, name=name)
        a_free = convert_to_tensor(a_free, dtype=INT32)
        b_free = convert_to_tensor(b_free, dtype=INT32)
        free = raw.ConcatV2([a_free, b_free], 0, name="concat")
        result: Tensor = raw.Reshape(product, free, name=name)
        if a_static is not None and b_static is not None:
            result.set_shape(a_static + b_static)
        return result


def _pairs(a: Tensor, axes: Any) -> tuple[Any, Any]:
    """The axes of each operand that are summed, as lists where they are known."""
    if isinstance(axes, int):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        if a._rank is None:
            dims = rank(a)
            return sequence(dims - axes, dims, dtype=INT32), sequence(axes, dtype=INT32)
        if axes > a._rank:
            raise ValueError(
                f"'axes' must not be larger than the number of dimensions of tensor {a}."
            )
        return list(range(a._rank - axes, a._rank)), list(range(axes))
    if not isinstance(axes, (list, tuple)):
        axes = convert_to_tensor(axes, name="axes", dtype=INT32)
        return axes[0], axes[1]
    if len(axes) != 2:
        raise ValueError("'axes' must be an integer or have length 2.")
    a_axes, b_axes = axes
    if isinstance(a_axes, int) and isinstance(b_axes, int):
        a_axes, b_axes = [a_axes], [b_axes]
    if len(a_axes) != len(b_axes):
        raise ValueError(
            f"Different number of contraction axes 'a' and 'b', {len(a_axes)} != {len(b_axes)}."
        )
    return a_axes, b_axes


def _as_matrix(a: Tensor, axes: Any, summed_first: bool) -> tuple[Tensor, Any, Any]:
    """A tensor as a matrix of free by summed axes, or of summed by free ones.

    Also gives the sizes of the free axes, as a list of numbers or as a tensor, and what is known of
    them while the graph is built.
    """
    listed = isinstance(axes, (list, tuple))
    static = a._shape
    free: Any
    if listed and static is not None:
        axes = [axis if axis >= 0 else axis + len(static) for axis in axes]
        free = [axis for axis in range(len(static)) if axis not in axes]
        free_sizes = [static[axis] for axis in free]
        if is_fully_defined(static):
            perm = axes + free if summed_first else free + axes
            sizes = [_product(free_sizes), _product([static[axis] for axis in axes])]
            matrix = raw.Reshape(transpose(a, perm), sizes[::-1] if summed_first else sizes)
            return matrix, free_sizes, tuple(free_sizes)
        axes = convert_to_tensor(axes, dtype=INT32, name="axes")
        free = convert_to_tensor(free, dtype=INT32, name="free")
        a_shape = shape(a)
    else:
        free_sizes = None
        a_shape = shape(a)
        dims = rank(a)
        axes = convert_to_tensor(axes, dtype=INT32, name="axes")
        axes = raw.Select(axes >= 0, axes, axes + dims)
        free, _ = raw.ListDiff(sequence(dims), axes)
    free_dims = raw.GatherV2(a_shape, free, 0)
    summed_dims = raw.GatherV2(a_shape, axes, 0)
    counts = [reduce_prod(free_dims), reduce_prod(summed_dims)]
    order = [axes, free] if summed_first else [free, axes]
    perm = raw.ConcatV2(order, 0, name="concat")
    matrix_shape = raw.Pack(counts[::-1] if summed_first else counts, name="stack")
    matrix = raw.Reshape(transpose(a, perm), matrix_shape)
    return matrix, free_dims, None if free_sizes is None else tuple(free_sizes)


def _product(sizes: Sequence[Any]) -> Any:
    """The product of numbers and scalar tensors."""
    result: Any = 1
    for size in sizes:
        result = result * size
    return result


@export("einsum", "linalg.einsum")
def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Tensor:
    """Products of tensors summed over axes, in Einstein's notation.

    `einsum("ij,jk->ik", a, b)` is the matrix product; an axis that the result does not name is
    summed. `...` stands for axes that are not named. Without `->` the result has the axes that are
    named once, in alphabetical order.

    Args:
      equation: letters for the axes of each input, and for those of the result.
      inputs: tensors of one dtype that `matmul` takes.
      name: the only keyword.

    Raises:
      ValueError: the equation is malformed, repeats an axis in one input, or does not fit the
        inputs.
      TypeError: there is another keyword.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        listed = ", ".join(sorted(kwargs))
        raise TypeError(f"invalid keyword arguments for this function: {listed}")
    with name_scope(name, "einsum", [equation, inputs]):
        tensors = [convert_to_tensor(x) for x in inputs]
        labels, result_labels = _parsed(equation, [x._shape for x in tensors])
        if len(labels) == 1 and "->" not in equation and labels[0] == labels[0][::-1]:
            if len(labels[0]) == 2:
                return trace(tensors[0])
        for one in labels:
            if len(set(one)) < len(one):
                raise ValueError(f"Subscript not supported: an axis appears more than once: {one}")
        used = [axis for one in labels for axis in one]
        if any(used.count(axis) > 2 and axis not in result_labels for axis in used):
            return _all_at_once(tensors, labels, result_labels)
        total, axes = tensors[0], labels[0]
        for tensor, other in zip(tensors[1:], labels[1:], strict=True):
            summed = set(axes) & set(other) - set(result_labels)
            total, axes = _contracted(total, axes, tensor, other, summed)
        if set(axes) - set(result_labels):
            total = reduce_sum(
                total, [i for i, axis in enumerate(axes) if axis not in result_labels]
            )
            axes = "".join(axis for axis in axes if axis in result_labels)
        if sorted(axes) != sorted(result_labels):
            raise ValueError(f"Invalid equation: {equation}")
        return _ordered(total, axes, result_labels)


def _parsed(equation: str, shapes: list[Shape]) -> tuple[list[str], str]:
    """The letters of each input and of the result, `...` replaced by unused letters."""
    match = re.match("^([a-zA-Z,.]+)(->[a-zA-Z.]*)?$", equation.replace(" ", ""))
    if match is None:
        raise ValueError(f"Indices have incorrect format: {equation}")
    labels = match.group(1).split(",")
    if len(shapes) != len(labels):
        raise ValueError(
            f'Got {len(shapes)} arguments for equation "{equation}", expecting {len(labels)}'
        )
    unused = "".join(c for c in string.ascii_letters if c not in "".join(labels))
    unnamed = ""
    for i, one in enumerate(labels):
        if "..." not in one:
            continue
        named = one.split("...")
        if len(named) != 2:
            raise ValueError("Unable to resolve ellipsis. Excess number found.")
        known = shapes[i]
        if known is None:
            raise ValueError("Unable to statically infer ellipsis axes.")
        count = len(known) - len("".join(named))
        if count < 0:
            raise ValueError("Ellipses lengths do not match.")
        letters = unused[-count:] if count else ""
        labels[i] = letters.join(named)
        if len(letters) > len(unnamed):
            unnamed = letters
    if match.group(2) is None:
        used = "".join(labels)
        once = sorted(axis for axis in set(used) if used.count(axis) == 1 and axis not in unnamed)
        result = unnamed + "".join(once)
    else:
        result = match.group(2)[2:].replace("...", unnamed)
    if any("." in one for one in [*labels, result]):
        raise ValueError('period "." found outside of ellipsis')
    return labels, result


def _contracted(
    a: Tensor, a_axes: str, b: Tensor, b_axes: str, summed: set[str]
) -> tuple[Tensor, str]:
    """The product of two tensors, summed over the axes `summed`, and its axes.

    The axes that both keep come first, as those of a batch; the rest is one matrix product.
    """
    for tensor, axes in ((a, a_axes), (b, b_axes)):
        if tensor._shape is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        if len(tensor._shape) != len(axes):
            raise ValueError(
                f"Tensor of rank {len(tensor._shape)} does not match einsum reduction of length "
                f"{len(axes)}"
            )
    kept = set(a_axes) & set(b_axes) - summed
    batch = sorted(kept)
    a_free = sorted(set(a_axes) - kept - summed)
    b_free = sorted(set(b_axes) - kept - summed)
    inner = sorted(summed)
    a = _ordered(a, a_axes, "".join(batch + a_free + inner))
    b = _ordered(b, b_axes, "".join(batch + inner + b_free))
    axes = "".join(batch + a_free + b_free)
    if not summed:
        for _ in b_free:
            a = raw.ExpandDims(a, -1)
        for _ in a_free:
            b = raw.ExpandDims(b, len(batch))
        return raw.Mul(a, b), axes
    a_sizes = _sizes(a)
    rows = a_sizes[len(batch) : -len(inner)]
    rows_count, inner_count = _product(rows), _product(a_sizes[-len(inner) :])
    a = _reshaped(a, [*a_sizes[: len(batch)], rows_count, inner_count])
    b_sizes = _sizes(b)
    columns = b_sizes[len(batch) + len(inner) :]
    b = _reshaped(b, [*b_sizes[: len(batch)], inner_count, _product(columns)])
    return _reshaped(matmul(a, b), [*a_sizes[: len(batch)], *rows, *columns]), axes


def _ordered(tensor: Tensor, axes: str, wanted: str) -> Tensor:
    """The tensor with its axes in the order `wanted`."""
    perm = [axes.index(axis) for axis in wanted]
    return tensor if perm == list(range(len(perm))) else transpose(tensor, perm)


def _sizes(tensor: Tensor) -> list[Any]:
    """The sizes of the axes: numbers, and scalar tensors where they are not known."""
    sizes: list[Any] = list(tensor._shape or ())
    if None in sizes:
        dynamic = shape(tensor)
        for axis, size in enumerate(sizes):
            if size is None:
                sizes[axis] = dynamic[axis]
    return sizes


def _reshaped(tensor: Tensor, sizes: list[Any]) -> Tensor:
    """The tensor in a shape, which it may have already."""
    static = tensor._shape
    if static is not None and not any(isinstance(size, Tensor) for size in sizes):
        if list(static) == sizes:
            return tensor
    return raw.Reshape(tensor, sizes)


def _all_at_once(tensors: list[Tensor], labels: list[str], result: str) -> Tensor:
    """The product of all tensors broadcast against each other, and then the sum."""
    everything = sorted(set("".join(labels)))
    ordered = [
        _ordered(tensor, axes, "".join(sorted(axes)))
        for tensor, axes in zip(tensors, labels, strict=True)
    ]
    spread = []
    for tensor, axes in zip(ordered, labels, strict=True):
        sizes = iter(_sizes(tensor))
        spread.append(
            raw.Reshape(tensor, [next(sizes) if axis in axes else 1 for axis in everything])
        )
    total = _product(spread)
    summed = [i for i, axis in enumerate(everything) if axis not in result]
    total = reduce_sum(total, summed)
    left = "".join(axis for axis in everything if axis in result)
    return _ordered(total, left, result)


@export("linalg.trace", "trace")
def trace(x: Any, name: str | None = None) -> Tensor:
    """The sums of the diagonals of matrices `[..., m, n]`: `[...]`."""
    with name_scope(name, "Trace", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return reduce_sum(raw.MatrixDiagPart(x, name="diag_part"), [-1], name=name)
