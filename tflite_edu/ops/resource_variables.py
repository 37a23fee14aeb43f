"""Resource variables: a handle names the variable; reading it and writing it are nodes.

At run time the handle's value is the variable's `Slot`. The array in a slot is never changed: a
write puts another array there, to which nobody else writes, so an array that was read stays as it
was.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.host import Host, Slot
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.inference import (
    concat_shapes,
    format_shape,
    merge,
    merge_prefix,
    subshape,
    with_rank,
    with_rank_at_least,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reference_variables import count

Handle = tuple[Shape, DType] | None
"""What is known of the variable behind a handle."""


def shape_behind(handle: Handle) -> Shape:
    """The shape of the variable behind a handle, as far as it is known."""
    return None if handle is None else handle[0]


def held(slot: Slot) -> Any:
    """The array of a slot; raises NotFoundError where it has none."""
    value = slot.value
    if value is None:
        raise errors.NotFoundError(None, None, missing(slot.name))
    return value


def missing(name: str) -> str:
    """What TensorFlow says of a resource variable that has no value."""
    return f"Resource localhost/{name}/N10tensorflow3VarE does not exist."


class VarHandleOp(Op):
    """The handle of the variable that a session keeps under `shared_name` or the node's name."""

    outputs = ("resource: resource",)
    effect, stateful = "variable", True
    container: str = ""
    shared_name: str = ""
    dtype: DType
    shape: Shape

    def infer(self) -> Shape:
        return ()

    def handles(self, op: Any) -> list[Handle]:
        return [(self.shape, self.dtype)]

    def forward(self, host: Host) -> Slot:
        return host.slot(self.shared_name or host.operation.name, self.container)


class ReadVariableOp(Op):
    """The value of a variable at the moment of the read."""

    inputs, outputs = ("resource: resource",), ("value: dtype",)
    effect, stateful, writes = "variable", True, ()
    may_alias = True
    infer_from = {"resource": "handle"}
    dtype: DType

    def infer(self, resource: Handle) -> Shape:
        return shape_behind(resource)

    def forward(self, host: Host, resource: Slot) -> Any:
        value = resource.value
        if value is None:
            raise errors.FailedPreconditionError(
                None,
                None,
                f"Error while reading resource variable {resource.name} from Container: localhost. "
                "This could mean that the variable was uninitialized. Not found: "
                f"{missing(resource.name)}",
            )
        return value

    def backward(self, op: Any, dvalue: Tensor) -> Tensor:
        return dvalue


class AssignVariableOp(Op):
    """Puts `value` into a variable."""

    inputs = ("resource: resource", "value: dtype")
    effect, stateful, writes = "variable", True, ("resource",)
    infer_from = {"resource": "handle"}
    dtype: DType

    def infer(self, resource: Handle, value: Shape) -> list[Shape]:
        merge(shape_behind(resource), value)
        return []

    def forward(self, host: Host, resource: Slot, value: Any) -> None:
        self.put(host, resource, host.np.array(value))

    def put(self, host: Host, resource: Slot, value: Any) -> None:
        """What `forward` does, without a copy of an array to which nobody will write."""
        resource.write(host.np.asarray(value, dtype=self.dtype.as_numpy_dtype))


class AssignAddVariableOp(AssignVariableOp):
    """Adds `value`, of the same shape, to a variable."""

    dtype: DType

    def forward(self, host: Host, resource: Slot, value: Any) -> None:
        with resource.lock:
            resource.write(host.np.add(_of_one_shape(host.np, resource, value), value))


class AssignSubVariableOp(AssignVariableOp):
    """Subtracts `value`, of the same shape, from a variable."""

    dtype: DType

    def forward(self, host: Host, resource: Slot, value: Any) -> None:
        with resource.lock:
            resource.write(host.np.subtract(_of_one_shape(host.np, resource, value), value))


def _of_one_shape(np: Any, slot: Slot, value: Any) -> Any:
    array = held(slot)
    if np.shape(array) != np.shape(value):
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Cannot update variable with shape {format_shape(np.shape(array))} using a Tensor "
            f"with shape {format_shape(np.shape(value))}, shapes must be equal.",
        )
    return array


class VarIsInitializedOp(Op):
    """Whether a variable has a value."""

    inputs, outputs = ("resource: resource",), ("is_initialized: bool",)
    effect, stateful, writes = "variable", True, ()
    backward = None

    def infer(self, resource: Shape) -> Shape:
        return ()

    def forward(self, host: Host, resource: Slot) -> Any:
        return host.np.bool_(resource.value is not None)


class VariableShape(Op):
    """The shape of a variable's value, `[rank]`."""

    inputs, outputs = ("input: resource",), ("output: out_type",)
    effect, stateful, writes = "variable", True, ()
    infer_from = {"input": "handle"}
    out_type: DType = attr(INT32, INT64, default=INT32)
    backward = None

    def infer(self, input: Handle) -> Shape:
        shape = shape_behind(input)
        return (None if shape is None else len(shape),)

    def forward(self, host: Host, input: Slot) -> Any:
        return host.np.array(host.np.shape(held(input)), self.out_type.as_numpy_dtype)


class ResourceCountUpTo(Op):
    """The value of an integer scalar variable, which it then increments, up to `limit`."""

    inputs, outputs = ("resource: resource",), ("output: T",)
    effect, stateful, writes = "variable", True, ("resource",)
    infer_from = {"resource": "handle"}
    limit: int
    T: DType = attr(INT32, INT64)

    def infer(self, resource: Handle) -> Shape:
        return with_rank(shape_behind(resource), 0)

    def forward(self, host: Host, resource: Slot) -> Any:
        with resource.lock:
            return count(host.np, resource, held(resource), self.limit)


class DestroyResourceOp(Op):
    """Takes a variable's value away."""

    inputs = ("resource: resource",)
    effect, stateful, writes = "variable", True, ("resource",)
    ignore_lookup_error: bool = True

    def infer(self, resource: Shape) -> list[Shape]:
        return []

    def forward(self, host: Host, resource: Slot) -> None:
        with resource.lock:
            if resource.value is None and not self.ignore_lookup_error:
                raise errors.NotFoundError(
                    None, None, f"Resource localhost/{resource.name}/<unknown> does not exist."
                )
            resource.write(None)


class ResourceGather(Op):
    """Rows of a variable: `output[i, ...] = value[indices[i], ...]`.

    With `batch_dims` b the first b dimensions of value and indices run together.
    """

    inputs, outputs = ("resource: resource", "indices: Tindices"), ("output: dtype",)
    effect, stateful, writes = "variable", True, ()
    infer_from = {"resource": "handle"}
    batch_dims: int = 0
    validate_indices: bool = True
    dtype: DType
    Tindices: DType = attr(INT32, INT64)

    def infer(self, resource: Handle, indices: Shape) -> Shape:
        params = with_rank_at_least(shape_behind(resource), self.batch_dims + 1)
        indices = with_rank_at_least(indices, self.batch_dims)
        batch, _ = merge_prefix(subshape(indices, 0, self.batch_dims), None)
        return concat_shapes(
            batch, subshape(indices, self.batch_dims), subshape(params, self.batch_dims + 1)
        )

    def forward(self, host: Host, resource: Slot, indices: Any) -> Any:
        np, params, batch = host.np, held(resource), self.batch_dims
        check_range(np, indices, params.shape[batch])
        if not batch:
            return np.take(params, indices, axis=0)
        grid = np.indices(indices.shape[:batch], sparse=True)
        extra = indices.ndim - batch
        rows = [g.reshape(g.shape + (1,) * extra) for g in grid]
        return params[(*rows, indices)]

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        handle, indices = op.inputs[0], op.inputs[1]
        shape = shape_behind(handle.handle)
        if is_fully_defined(shape):
            whole = constant(list(shape or ()))
        else:
            whole = raw.VariableShape(handle)
        size = raw.ExpandDims(element_count(indices), 0)
        values = raw.Reshape(doutput, _joined(size, whole))
        return [IndexedSlices(values, raw.Reshape(indices, size), whole), None]


def _joined(size: Tensor, whole: Tensor) -> Tensor:
    """`size` followed by all dimensions of `whole` but the first."""
    rows = whole[1:]
    return raw.ConcatV2([size, rows], 0, name="concat")


def element_count(tensor: Tensor) -> Tensor:
    """The number of elements, a constant where the shape is known."""
    shape = tensor._shape
    if shape is not None and is_fully_defined(shape):
        product = 1
        for dim in shape:
            product *= dim or 0
        return constant(product, dtype=INT32, name="Size")
    return raw.Size(tensor)


def check_range(np: Any, indices: Any, limit: int) -> None:
    """Raises InvalidArgumentError where an index is not in [0, limit)."""
    bad = (indices < 0) | (indices >= limit)
    if bad.any():
        place = first_place(np, bad)
        raise errors.InvalidArgumentError(
            None, None, f"indices{bracketed(place)} = {indices[place]} is not in [0, {limit})"
        )


def first_place(np: Any, condition: Any) -> tuple[int, ...]:
    """Where the first True stands."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(condition)), condition.shape))


def bracketed(numbers: Any) -> str:
    """`[1,2]`; nothing where there are no numbers."""
    return f"[{','.join(str(n) for n in numbers)}]" if len(numbers) else ""


class ResourceGatherNd(Op):
    """Slices of a variable: `output[i, ...] = value[tuple(indices[i]), ...]`."""

    inputs, outputs = ("resource: resource", "indices: Tindices"), ("output: dtype",)
    effect, stateful, writes = "variable", True, ()
    infer_from = {"resource": "handle"}
    dtype: DType
    Tindices: DType = attr(INT32, INT64)

    def infer(self, resource: Handle, indices: Shape) -> Shape:
        params = shape_behind(resource)
        indices = with_rank_at_least(indices, 1)
        depth = None if indices is None else indices[-1]
        if depth is None or indices is None:
            return None
        return concat_shapes(indices[:-1], subshape(with_rank_at_least(params, depth), depth))

    def forward(self, host: Host, resource: Slot, indices: Any) -> Any:
        params = held(resource)
        if indices.ndim < 1:
            raise errors.InvalidArgumentError(None, None, "indices must be at least a vector")
        if indices.shape[-1] > params.ndim:
            raise errors.InvalidArgumentError(
                None,
                None,
                "index innermost dimension length must be <= params rank; saw: "
                f"{indices.shape[-1]} vs. {params.ndim}",
            )
        check_places(host.np, indices, params.shape, "param shape")
        if not indices.shape[-1]:
            return host.np.broadcast_to(params, indices.shape[:-1] + params.shape).copy()
        # Indexing with scalars only would give a view.
        return host.np.array(params[tuple(host.np.moveaxis(indices, -1, 0))])

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        handle, indices = op.inputs[0], op.inputs[1]
        shape = raw.VariableShape(handle, out_type=indices.dtype)
        known = indices._shape
        if known is not None and len(known) == 2 and known[-1] == 1:
            rows = raw.Squeeze(indices, squeeze_dims=[-1])
            return [IndexedSlices(doutput, rows, shape), None]
        return [raw.ScatterNd(indices, doutput, shape), None]


def check_places(
    np: Any, indices: Any, shape: tuple[int, ...], what: str, numbered: bool = True
) -> None:
    """Raises InvalidArgumentError where a row of `[..., depth]` indices lies outside `shape`."""
    if not indices.size:
        return
    limits = np.array(shape[: indices.shape[-1]], np.int64)
    bad = ((indices < 0) | (indices >= limits)).any(axis=-1)
    if bad.any():
        place = first_place(np, bad)
        raise errors.InvalidArgumentError(
            None,
            None,
            f"indices{bracketed(place if numbered else ())} = {indices[place].tolist()} does not "
            f"index into {what} {format_shape(shape)}",
        )
