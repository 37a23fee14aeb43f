"""Updates of some rows or elements of a variable. Where an index repeats, each row counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    BFLOAT16,
    DOUBLE,
    FLOAT,
    HALF,
    INT32,
    INT64,
    NUMERIC,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.host import Host, Slot
from tflite_edu.core.inference import (
    ShapeError,
    concat_shapes,
    format_shape,
    merge,
    subshape,
    with_rank_at_least,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.ops.constants import ones_like
from tflite_edu.ops.joining import concat
from tflite_edu.ops.resource_variables import (
    Handle,
    check_places,
    check_range,
    held,
    shape_behind,
)
from tflite_edu.ops.row_combination import combine_at_positions
from tflite_edu.ops.shapes_of_tensors import shape as shape_of

Update = Callable[[Any, Any, Any, Any], None]


def _update(np: Any, array: Any, places: Any, updates: Any) -> None:
    array[places] = updates


def _add(np: Any, array: Any, places: Any, updates: Any) -> None:
    combine_at_positions(np, np.add, array, places, updates)


def _sub(np: Any, array: Any, places: Any, updates: Any) -> None:
    combine_at_positions(np, np.add, array, places, np.negative(updates))


def _mul(np: Any, array: Any, places: Any, updates: Any) -> None:
    combine_at_positions(np, np.multiply, array, places, updates)


def _div(np: Any, array: Any, places: Any, updates: Any) -> None:
    if array.dtype.kind not in "iu":
        np.divide.at(array, places, updates)
        return
    # Integers are divided as in C, towards zero: the magnitudes are, then the sign is put back.
    negative = array < 0
    np.logical_xor.at(negative, places, np.less(updates, 0))
    magnitude = np.abs(array)
    np.floor_divide.at(magnitude, places, np.abs(updates))
    array[...] = np.where(negative, -magnitude, magnitude)


def _min(np: Any, array: Any, places: Any, updates: Any) -> None:
    combine_at_positions(np, np.minimum, array, places, updates)


def _max(np: Any, array: Any, places: Any, updates: Any) -> None:
    combine_at_positions(np, np.maximum, array, places, updates)


def scatter(np: Any, update: Update, held: Any, indices: Any, updates: Any) -> Any:
    """A copy of `held` with its rows `indices` updated by `updates`, one row each or one number.

    Raises InvalidArgumentError where an index is out of range or the shapes do not fit.
    """
    if held.ndim < 1:
        raise errors.InvalidArgumentError(
            None, None, f"params must be at least 1-D, got shape {format_shape(held.shape)}"
        )
    if np.shape(updates) and updates.shape != indices.shape + held.shape[1:]:
        raise errors.InvalidArgumentError(
            None,
            None,
            "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], got "
            f"updates.shape {format_shape(updates.shape)}, indices.shape "
            f"{format_shape(indices.shape)}, params.shape {format_shape(held.shape)}",
        )
    check_range(np, indices, held.shape[0])
    result = held.copy()
    update(np, result, (indices,), updates)
    return result


class ScatterUpdate(Op):
    """Rows of a variable replaced: `ref[indices[i], ...] = updates[i, ...]`."""

    inputs = ("ref: Ref(T)", "indices: Tindices", "updates: T")
    outputs = ("output_ref: Ref(T)",)
    effect = "variable"
    T: DType
    Tindices: DType = attr(INT32, INT64)
    use_locking: bool = True
    update: ClassVar[Any] = staticmethod(_update)

    def infer(self, ref: Shape, indices: Shape, updates: Shape) -> Shape:
        _check_rows(ref, indices, updates)
        return ref

    def forward(self, host: Host, ref: Slot, indices: Any, updates: Any) -> Slot:
        with ref.lock:
            ref.write(scatter(host.np, self.update, ref.read(), indices, updates))
        return ref


def _check_rows(params: Shape, indices: Shape, updates: Shape) -> None:
    params = with_rank_at_least(params, 1)
    if updates != ():
        merge(updates, concat_shapes(indices, subshape(params, 1)))


class ScatterAdd(ScatterUpdate):
    """Rows of a variable added to: `ref[indices[i], ...] += updates[i, ...]`."""

    T: DType = attr(*NUMERIC)
    use_locking: bool = False
    update = staticmethod(_add)
    backward = None


class ScatterSub(ScatterAdd):
    """Rows of a variable subtracted from: `ref[indices[i], ...] -= updates[i, ...]`."""

    update = staticmethod(_sub)


class ScatterMul(ScatterAdd):
    """Rows of a variable multiplied: `ref[indices[i], ...] *= updates[i, ...]`."""

    update = staticmethod(_mul)


class ScatterDiv(ScatterAdd):
    """Rows of a variable divided: `ref[indices[i], ...] /= updates[i, ...]`."""

    update = staticmethod(_div)


class ScatterMin(ScatterUpdate):
    """Rows of a variable, elementwise the smaller of each and of `updates[i, ...]`."""

    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE, INT32, INT64)
    use_locking: bool = False
    update = staticmethod(_min)


class ScatterMax(ScatterMin):
    """Rows of a variable, elementwise the larger of each and of `updates[i, ...]`."""

    update = staticmethod(_max)


class ResourceScatterUpdate(Op):
    """Rows of a resource variable replaced."""

    inputs = ("resource: resource", "indices: Tindices", "updates: dtype")
    effect, stateful, writes = "variable", True, ("resource",)
    infer_from = {"resource": "handle"}
    dtype: DType
    Tindices: DType = attr(INT32, INT64)
    update: ClassVar[Any] = staticmethod(_update)

    def infer(self, resource: Handle, indices: Shape, updates: Shape) -> list[Shape]:
        _check_rows(shape_behind(resource), indices, updates)
        return []

    def forward(self, host: Host, resource: Slot, indices: Any, updates: Any) -> None:
        with resource.lock:
            result = scatter(host.np, self.update, held(resource), indices, updates)
            resource.write(result)


class ResourceScatterAdd(ResourceScatterUpdate):
    """Rows of a resource variable added to."""

    dtype: DType = attr(*NUMERIC)
    update = staticmethod(_add)


class ResourceScatterSub(ResourceScatterAdd):
    """Rows of a resource variable subtracted from."""

    update = staticmethod(_sub)


class ResourceScatterMul(ResourceScatterAdd):
    """Rows of a resource variable multiplied."""

    update = staticmethod(_mul)


class ResourceScatterDiv(ResourceScatterAdd):
    """Rows of a resource variable divided."""

    update = staticmethod(_div)


class ResourceScatterMin(ResourceScatterAdd):
    """Rows of a resource variable, elementwise the smaller."""

    update = staticmethod(_min)


class ResourceScatterMax(ResourceScatterAdd):
    """Rows of a resource variable, elementwise the larger."""

    update = staticmethod(_max)


def _scatter(op_type: str, ref: Any, indices: Any, updates: Any, locking: Any, name: Any) -> Any:
    if ref.dtype._is_ref_dtype:
        make = getattr(raw, op_type)
        return make(ref, indices, updates, use_locking=locking, name=name)
    make = getattr(raw, f"Resource{op_type}")
    updates = convert_to_tensor(updates, ref.dtype)
    return ref._lazy_read(make(ref.handle, indices, updates, name=name))


@export("scatter_update")
def scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """Replaces rows of a variable: `ref[indices[i], ...] = updates[i, ...]`.

    `updates` is `indices.shape + ref.shape[1:]`, or one number for all. Returns the variable's
    reference. A run raises InvalidArgumentError on an index that is out of range.
    """
    return _scatter("ScatterUpdate", ref, indices, updates, use_locking, name)


@export("scatter_add")
def scatter_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Adds to rows of a variable; see `scatter_update`. Rows of one index all count."""
    return _scatter("ScatterAdd", ref, indices, updates, use_locking, name)


@export("scatter_sub")
def scatter_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Subtracts from rows of a variable; see `scatter_update`. Rows of one index all count."""
    return _scatter("ScatterSub", ref, indices, updates, use_locking, name)


@export("scatter_mul")
def scatter_mul(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Multiplies rows of a variable; see `scatter_update`. Rows of one index all count."""
    return _scatter("ScatterMul", ref, indices, updates, use_locking, name)


@export("scatter_div")
def scatter_div(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Divides rows of a variable; see `scatter_update`. Rows of one index all count."""
    return _scatter("ScatterDiv", ref, indices, updates, use_locking, name)


@export("scatter_min")
def scatter_min(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Lowers rows of a variable to at most `updates`; see `scatter_update`."""
    return _scatter("ScatterMin", ref, indices, updates, use_locking, name)


@export("scatter_max")
def scatter_max(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Raises rows of a variable to at least `updates`; see `scatter_update`."""
    return _scatter("ScatterMax", ref, indices, updates, use_locking, name)


@export("batch_scatter_update")
def batch_scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """Replaces rows batch by batch: `ref[b, indices[b, i], ...] = updates[b, i, ...]`.

    `indices` is `[batch, ..., n]`, `updates` `indices.shape + ref.shape[rank of indices:]`.
    """
    with name_scope(name):
        indices = convert_to_tensor(indices, name="indices")
        sizes = shape_of(indices)
        rank = len(indices._shape)
        inner = raw.ExpandDims(indices, -1)
        columns = []
        for axis in range(rank - 1):
            size = sizes[axis]
            numbers = raw.Range(0, size, 1)
            spread = raw.Reshape(numbers, [1] * axis + [size] + [1] * (rank - axis))
            columns.append(spread * ones_like(inner, dtype=dtypes.int32))
        columns.append(inner)
        return scatter_nd_update(ref, concat(columns, axis=-1), updates, use_locking)


class ScatterNdUpdate(Op):
    """Slices of a variable replaced: `ref[tuple(indices[i]), ...] = updates[i, ...]`."""

    inputs = ("ref: Ref(T)", "indices: Tindices", "updates: T")
    outputs = ("output_ref: Ref(T)",)
    effect = "variable"
    T: DType
    Tindices: DType = attr(INT32, INT64)
    use_locking: bool = True
    update: ClassVar[Any] = staticmethod(_update)
    backward = None

    def infer(self, ref: Shape, indices: Shape, updates: Shape) -> Shape:
        _check_slices(ref, indices, updates)
        return ref

    def forward(self, host: Host, ref: Slot, indices: Any, updates: Any) -> Slot:
        with ref.lock:
            ref.write(scatter_nd(host.np, self.update, ref.read(), indices, updates))
        return ref


def _check_slices(params: Shape, indices: Shape, updates: Shape) -> None:
    params = with_rank_at_least(params, 1)
    indices = with_rank_at_least(indices, 1)
    updates = with_rank_at_least(updates, 1)
    if params is None or indices is None or updates is None or indices[-1] is None:
        return
    outer, depth = len(indices) - 1, indices[-1]
    for start, one, other, whole in (
        (f"The outer {outer} dimensions of indices.shape", indices[:-1], updates[:outer], indices),
        (
            f"The inner {max(len(params) - depth, 0)} dimensions of input.shape",
            params[depth:],
            updates[outer:],
            params,
        ),
    ):
        try:
            merge(one, other)
        except ShapeError as error:
            raise ShapeError(
                f"{start}={format_shape(whole)} must match the "
                f"{'outer' if whole is indices else 'inner'} {len(other)} dimensions of "
                f"updates.shape={format_shape(updates)}: {error}"
            ) from None


def scatter_nd(np: Any, update: Update, held: Any, indices: Any, updates: Any) -> Any:
    """A copy of `held` with the slices at `indices`, `[..., depth]`, updated by `updates`.

    Raises InvalidArgumentError where an index is out of range or the shapes do not fit.
    """
    if held.ndim < 1:
        raise errors.InvalidArgumentError(
            None, None, f"Output must be at least 1-D, got shape: {format_shape(held.shape)}"
        )
    if indices.ndim and updates.ndim and indices.shape[0] != updates.shape[0]:
        raise errors.InvalidArgumentError(
            None,
            None,
            "The outermost dimension of updates and indices must match. Got indices.shape "
            f"{format_shape(indices.shape)}, updates.shape {format_shape(updates.shape)}",
        )
    # A vector of indices counts as one index a row.
    depth = indices.shape[-1] if indices.ndim > 1 else 1
    batch = indices.ndim - 1 if indices.ndim > 1 else 1
    if not indices.ndim or updates.shape != indices.shape[:batch] + held.shape[depth:]:
        raise errors.InvalidArgumentError(
            None,
            None,
            "Must have updates.shape = indices.shape[:batch_dim] + params_shape[slice_dim:], got "
            f"updates.shape: {format_shape(updates.shape)}, indices.shape: "
            f"{format_shape(indices.shape)}, params_shape: {format_shape(held.shape)}, slice_dim: "
            f"{depth}, and batch_dim: {batch}",
        )
    rows = indices if indices.ndim > 1 else indices[:, None]
    check_places(np, rows, held.shape, "shape", numbered=indices.ndim > 1)
    result = held.copy()
    update(np, result, tuple(np.moveaxis(rows, -1, 0)), updates)
    return result


class ScatterNdAdd(ScatterNdUpdate):
    """Slices of a variable added to: `ref[tuple(indices[i]), ...] += updates[i, ...]`."""

    T: DType = attr(*NUMERIC)
    use_locking: bool = False
    update = staticmethod(_add)


class ScatterNdSub(ScatterNdAdd):
    """Slices of a variable subtracted from: `ref[tuple(indices[i]), ...] -= updates[i, ...]`."""

    update = staticmethod(_sub)


class ResourceScatterNdUpdate(Op):
    """Slices of a resource variable replaced."""

    inputs = ("ref: resource", "indices: Tindices", "updates: T")
    effect, stateful, writes = "variable", True, ("ref",)
    infer_from = {"ref": "handle"}
    T: DType
    Tindices: DType = attr(INT32, INT64)
    use_locking: bool = True
    update: ClassVar[Any] = staticmethod(_update)

    def infer(self, ref: Handle, indices: Shape, updates: Shape) -> list[Shape]:
        _check_slices(shape_behind(ref), indices, updates)
        return []

    def forward(self, host: Host, ref: Slot, indices: Any, updates: Any) -> None:
        with ref.lock:
            ref.write(scatter_nd(host.np, self.update, held(ref), indices, updates))


class ResourceScatterNdAdd(ResourceScatterNdUpdate):
    """Slices of a resource variable added to."""

    update = staticmethod(_add)


class ResourceScatterNdSub(ResourceScatterNdUpdate):
    """Slices of a resource variable subtracted from."""

    update = staticmethod(_sub)


@export("scatter_nd_update")
def scatter_nd_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """Replaces slices of a variable: `ref[tuple(indices[i]), ...] = updates[i, ...]`.

    `indices` is `[..., depth]`, `updates` `indices.shape[:-1] + ref.shape[depth:]`. Returns the
    variable's reference. A run raises InvalidArgumentError on an index that is out of range.
    """
    return _scatter("ScatterNdUpdate", ref, indices, updates, use_locking, name)


@export("scatter_nd_add")
def scatter_nd_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Adds to slices of a variable; see `scatter_nd_update`. Slices of one index all count."""
    return _scatter("ScatterNdAdd", ref, indices, updates, use_locking, name)


@export("scatter_nd_sub")
def scatter_nd_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Subtracts from slices of a variable; see `scatter_nd_update`."""
    return _scatter("ScatterNdSub", ref, indices, updates, use_locking, name)
