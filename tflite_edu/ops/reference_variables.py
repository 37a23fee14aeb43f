"""Reference variables: nodes that hold a value between runs, and the nodes that change it.

A reference is the place of a variable's value, a `Slot`. The array in a slot is never changed: a
write puts another array there, to which nobody else writes.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import INT32, INT64, NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.host import Host, Slot
from tflite_edu.core.inference import format_shape, merge, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape, is_fully_defined


class VariableV2(Op):
    """A value that a session keeps between runs, under `shared_name` or the node's name."""

    outputs = ("ref: Ref(dtype)",)
    effect, stateful = "variable", True
    shape: Shape
    dtype: DType
    container: str = ""
    shared_name: str = ""

    def infer(self) -> Shape:
        return self.shape

    def forward(self, host: Host) -> Slot:
        name = host.operation.name
        slot = host.slot(self.shared_name or name, self.container)
        # Errors name the node, whatever the name is under which sessions share the value.
        slot.name = name
        return slot


class Variable(VariableV2):
    """The first version of `VariableV2`, in which the shape [] stands for an unknown one."""

    def infer(self) -> Shape:
        return self.shape or None


class Assign(Op):
    """Puts `value` into a variable; the shape must be the variable's if `validate_shape`."""

    inputs, outputs = ("ref: Ref(T)", "value: T"), ("output_ref: Ref(T)",)
    effect, uninitialized = "variable", True
    T: DType
    validate_shape: bool = True
    use_locking: bool = True
    backward = None

    def infer(self, ref: Shape, value: Shape) -> Shape:
        return merge(ref, value) if self.validate_shape else value

    def forward(self, host: Host, ref: Slot, value: Any) -> Slot:
        return self.put(host, ref, host.np.array(value))

    def put(self, host: Host, ref: Slot, value: Any) -> Slot:
        """What `forward` does, without a copy of an array to which nobody will write."""
        if self.validate_shape:
            held = ref.value
            declared = host.operation.inputs[0]._shape if held is None else held.shape
            given = host.np.shape(value)
            if is_fully_defined(declared) and declared != given:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    "Assign requires shapes of both tensors to match. lhs shape= "
                    f"{format_shape(declared)} rhs shape= {format_shape(given)}",
                )
        ref.write(host.np.asarray(value, dtype=self.T.as_numpy_dtype))
        return ref


@export("assign")
def assign(
    ref: Any,
    value: Any,
    validate_shape: bool | None = None,
    use_locking: bool | None = None,
    name: str | None = None,
) -> Any:
    """Puts `value`, of the variable's shape, into the variable `ref`; returns the reference.

    With `validate_shape=False` a reference variable takes any shape. Raises ValueError where the
    shapes are known to differ; a run raises InvalidArgumentError.
    """
    if ref.dtype._is_ref_dtype:
        return raw.Assign(
            ref, value, use_locking=use_locking, validate_shape=validate_shape, name=name
        )
    return ref.assign(value, name=name)


class AssignAdd(Op):
    """Adds `value`, of the same shape, to a variable."""

    inputs, outputs = ("ref: Ref(T)", "value: T"), ("output_ref: Ref(T)",)
    effect = "variable"
    T: DType = attr(*NUMERIC)
    use_locking: bool = False
    backward = None

    def infer(self, ref: Shape, value: Shape) -> Shape:
        return merge(ref, value)

    def forward(self, host: Host, ref: Slot, value: Any) -> Slot:
        with ref.lock:
            ref.write(host.np.add(_of_the_same_size(host.np, ref.read(), value), value))
        return ref


class AssignSub(AssignAdd):
    """Subtracts `value`, of the same shape, from a variable."""

    def forward(self, host: Host, ref: Slot, value: Any) -> Slot:
        with ref.lock:
            ref.write(host.np.subtract(_of_the_same_size(host.np, ref.read(), value), value))
        return ref


def _of_the_same_size(np: Any, held: Any, value: Any) -> Any:
    if np.shape(held) != np.shape(value):
        raise errors.InvalidArgumentError(None, None, "Parameters and update must be the same size")
    return held


@export("assign_add")
def assign_add(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Any:
    """Adds `value`, of the variable's shape, to the variable `ref`; returns the reference.

    Raises ValueError where the shapes are known to differ; a run raises InvalidArgumentError.
    """
    if ref.dtype._is_ref_dtype:
        return raw.AssignAdd(ref, value, use_locking=use_locking, name=name)
    return ref.assign_add(value)


@export("assign_sub")
def assign_sub(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Any:
    """Subtracts `value`, of the variable's shape, from the variable `ref`; returns the reference.

    Raises ValueError where the shapes are known to differ; a run raises InvalidArgumentError.
    """
    if ref.dtype._is_ref_dtype:
        return raw.AssignSub(ref, value, use_locking=use_locking, name=name)
    return ref.assign_sub(value)


class IsVariableInitialized(Op):
    """Whether a variable has a value."""

    inputs, outputs = ("ref: Ref(dtype)",), ("is_initialized: bool",)
    effect, uninitialized, writes = "variable", True, ()
    dtype: DType

    def infer(self, ref: Shape) -> Shape:
        return ()

    def forward(self, host: Host, ref: Slot) -> Any:
        return host.np.bool_(ref.value is not None)


@export("is_variable_initialized")
def is_variable_initialized(variable: Any) -> Any:
    """A boolean scalar: whether the variable has a value in the session that runs it."""
    if variable.dtype._is_ref_dtype:
        return raw.IsVariableInitialized(variable)
    return variable.is_initialized()


class CountUpTo(Op):
    """The value of an integer scalar variable, which it then increments, up to `limit`."""

    inputs, outputs = ("ref: Ref(T)",), ("output: T",)
    effect = "variable"
    limit: int
    T: DType = attr(INT32, INT64)

    def infer(self, ref: Shape) -> Shape:
        return with_rank(ref, 0)

    def forward(self, host: Host, ref: Slot) -> Any:
        with ref.lock:
            return count(host.np, ref, ref.read(), self.limit)


def count(np: Any, slot: Slot, value: Any, limit: int) -> Any:
    """Increments the value of a slot whose lock is held, and returns what it was.

    Raises OutOfRangeError once it has reached `limit`.
    """
    if value >= limit:
        raise errors.OutOfRangeError(None, None, f"Reached limit of {limit}")
    slot.write(np.add(value, value.dtype.type(1)))
    return value[()]


@export("count_up_to")
def count_up_to(ref: Any, limit: int, name: str | None = None) -> Any:
    """The value that the integer scalar variable `ref` has before it is incremented.

    A run raises OutOfRangeError where the value has reached `limit`.
    """
    if ref.dtype._is_ref_dtype:
        return raw.CountUpTo(ref, limit=limit, name=name)
    return raw.ResourceCountUpTo(ref.handle, limit=limit, T=ref.dtype, name=name)
