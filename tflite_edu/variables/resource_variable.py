"""`ResourceVariable`: a variable that is read by nodes of their own, through a handle."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, NoReturn

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor, register_tensor_conversion_function
from tflite_edu.core.dtypes import DType
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies, device, name_scope
from tflite_edu.core.script_lines import script_lines
from tflite_edu.core.shapes import TensorShape, as_shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.scatter_updates import batch_scatter_update
from tflite_edu.ops.sliced_assignment import assignable
from tflite_edu.ops.slicing import slice_tensor
from tflite_edu.variables.initialized import initialized_value, without_uninitialized
from tflite_edu.variables.variable import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
    checked_arguments,
    sliced_parts,
)


class ResourceVariable(Variable, use_resource=True):
    """A variable that an op uses by reading it first; see `tf.Variable`.

    `handle` is the tensor that stands for the variable itself.
    """

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Callable[[Any], Any] | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        shape: Any = None,
    ) -> None:
        self._synchronization = synchronization
        self._aggregation = aggregation
        self._save_slice_info = None
        self._where = script_lines(1)
        self._cached_value: Tensor | None = None
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._init_from_proto(variable_def, import_scope)
            return
        checked_arguments(initial_value, collections, constraint)
        self._trainable = True if trainable is None else bool(trainable)
        self._constraint = constraint
        with control_dependencies(None):
            self._make_nodes(initial_value, caching_device, name, dtype, shape)
        self._register(self._trainable, collections)

    def _make_nodes(
        self, initial_value: Any, caching_device: Any, name: str | None, dtype: Any, shape: Any
    ) -> None:
        is_function = callable(initial_value)
        wanted = None if dtype is None else dtypes.as_dtype(dtype)
        values = [] if is_function else [initial_value]
        with name_scope(name, "Variable", values) as scope, ExitStack() as beside:
            own_name = scope.removesuffix("/")
            group = {"_class": [f"loc:@{own_name}"]}
            beside.enter_context(get_default_graph()._attr_scope(group))
            with name_scope("Initializer"), device(None):
                value = convert_to_tensor(
                    initial_value() if is_function else initial_value, wanted, "initial_value"
                )
            self._initial_value = value
            self._dtype = value.dtype.base_dtype
            self._handle = raw.VarHandleOp(
                shape=value._shape if shape is None else as_shape(shape),
                dtype=self._dtype,
                shared_name=own_name,
                name=own_name + "/",
            )
            beside.close()
            with name_scope("IsInitialized"):
                raw.VarIsInitializedOp(self._handle)
            with (
                name_scope("Assign") as assign_scope,
                self.graph.colocate_with(None, ignore_existing=True),
                device(self._handle.device),
            ):
                self._initializer_op = raw.AssignVariableOp(
                    self._handle, without_uninitialized(scope, value), name=assign_scope
                )
            with name_scope("Read"):
                with device(self._handle.device):
                    self._graph_element = self._read()
                if caching_device is not None:
                    with device(caching_device):
                        self._cached_value = raw.Identity(self._graph_element)

    def _init_from_proto(self, variable_def: Any, import_scope: str | None) -> None:
        """Takes over the nodes, already in the graph, that a VariableDef names."""
        graph = get_default_graph()
        prefix = f"{import_scope.removesuffix('/')}/" if import_scope else ""

        def element(name: str) -> Any:
            return graph.as_graph_element(prefix + name)

        if not variable_def.is_resource:
            raise ValueError("Trying to restore Variable as ResourceVariable.")
        self._handle = element(variable_def.variable_name)
        self._dtype = dtypes.as_dtype(self._handle.op.get_attr("dtype"))
        self._initializer_op = element(variable_def.initializer_name)
        self._trainable = bool(variable_def.trainable)
        self._synchronization = VariableSynchronization(variable_def.synchronization)
        self._aggregation = VariableAggregation(variable_def.aggregation)
        self._initial_value = (
            element(variable_def.initial_value_name) if variable_def.initial_value_name else None
        )
        snapshot = element(variable_def.snapshot_name)
        self._graph_element = snapshot
        if snapshot.op.type != "ReadVariableOp":
            self._cached_value = snapshot
        self._constraint = None
        if variable_def.HasField("save_slice_info_def"):
            self._save_slice_info = Variable.SaveSliceInfo(
                save_slice_info_def=variable_def.save_slice_info_def, import_scope=import_scope
            )

    @property
    def handle(self) -> Tensor:
        """The tensor, of dtype resource, that stands for the variable itself."""
        return self._handle

    @property
    def name(self) -> str:
        return self._handle.name

    @property
    def dtype(self) -> DType:
        return self._dtype

    @property
    def op(self) -> Operation:
        return self._handle.op

    @property
    def graph(self) -> Graph:
        return self._handle.graph

    @property
    def shape(self) -> TensorShape:
        shape, _ = self._handle.handle or (None, None)
        return TensorShape(shape)

    @property
    def create(self) -> Operation:
        """The node that gives the variable its initial value."""
        return self._initializer_op

    def set_shape(self, shape: Any) -> NoReturn:
        """Refuses: a resource variable has the shape with which it was made."""
        raise NotImplementedError("ResourceVariable does not implement set_shape()")

    def numpy(self) -> NoReturn:
        """Refuses: a variable of a graph has a value only in a session."""
        raise NotImplementedError("numpy() is only available when eager execution is enabled.")

    def _shape_as_list(self) -> list[int | None]:
        return self.shape.as_list()

    def _read(self) -> Tensor:
        return raw.ReadVariableOp(self._handle, dtype=self._dtype)

    def value(self) -> Tensor:
        if self._cached_value is not None:
            return self._cached_value
        with self.graph.colocate_with(None, ignore_existing=True), device(self._handle.device):
            return self._read()

    def read_value(self) -> Tensor:
        with name_scope("Read"):
            with device(self._handle.device):
                value = self._read()
        return raw.Identity(value)

    def _as_graph_element(self) -> Tensor:
        return self._graph_element

    def _snapshot_element(self) -> Tensor:
        return self._graph_element if self._cached_value is None else self._cached_value

    def is_initialized(self, name: str | None = None) -> Tensor:
        """A boolean scalar: whether the variable has a value in the session that runs it."""
        return raw.VarIsInitializedOp(self._handle, name=name)

    def initialized_value(self) -> Tensor:
        """Its value, or the initial value as long as it has none."""
        return initialized_value(self)

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """Its rows `indices`, as `tf.gather` of the variable gives them."""
        with name_scope("Gather" if name is None else name) as scope:
            rows = raw.ResourceGather(self._handle, indices, dtype=self._dtype, name=scope)
        return raw.Identity(rows)

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """Its slices at `indices`, as `tf.gather_nd` of the variable gives them."""
        with name_scope("GatherNd" if name is None else name) as scope:
            slices = raw.ResourceGatherNd(self._handle, indices, dtype=self._dtype, name=scope)
        return raw.Identity(slices)

    def _lazy_read(self, op: Operation) -> ReadAfter:
        return ReadAfter(self, op)

    def _given(self, value: Any) -> Tensor:
        return convert_to_tensor(value, self._dtype)

    def _assignment(self) -> AbstractContextManager[None]:
        """What assignments come after: the read that was cached must not see them."""
        return control_dependencies([] if self._cached_value is None else [self._cached_value])

    def assign(
        self,
        value: Any,
        use_locking: bool | None = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Puts `value`, of the variable's shape, into the variable.

        Returns the variable as it is after that, or the node with `read_value=False`. Raises
        ValueError where the shapes are known to differ.
        """
        with self._assignment():
            tensor = self._given(value)
            self.shape.assert_is_compatible_with(tensor.shape)
            op = raw.AssignVariableOp(self._handle, tensor, name=name)
        return self._lazy_read(op) if read_value else op

    def assign_add(
        self,
        delta: Any,
        use_locking: bool | None = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Adds `delta` to the variable; see `assign`."""
        with self._assignment():
            op = raw.AssignAddVariableOp(self._handle, self._given(delta), name=name)
        return self._lazy_read(op) if read_value else op

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool | None = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtracts `delta` from the variable; see `assign`."""
        with self._assignment():
            op = raw.AssignSubVariableOp(self._handle, self._given(delta), name=name)
        return self._lazy_read(op) if read_value else op

    def _scattered(self, op_type: str, sparse_delta: Any, name: str | None) -> ReadAfter:
        indices, values = sliced_parts(sparse_delta)
        make = getattr(raw, op_type)
        return self._lazy_read(make(self._handle, indices, self._given(values), name=name))

    def scatter_add(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Adds the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        return self._scattered("ResourceScatterAdd", sparse_delta, name)

    def scatter_sub(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Subtracts the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        return self._scattered("ResourceScatterSub", sparse_delta, name)

    def scatter_mul(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Multiplies by the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        return self._scattered("ResourceScatterMul", sparse_delta, name)

    def scatter_div(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Divides by the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        return self._scattered("ResourceScatterDiv", sparse_delta, name)

    def scatter_min(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Lowers to the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        return self._scattered("ResourceScatterMin", sparse_delta, name)

    def scatter_max(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Raises to the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        return self._scattered("ResourceScatterMax", sparse_delta, name)

    def scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Replaces by the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        return self._scattered("ResourceScatterUpdate", sparse_delta, name)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Replaces rows batch by batch; see `tf.batch_scatter_update`."""
        indices, values = sliced_parts(sparse_delta)
        updated = batch_scatter_update(self, indices, values, use_locking=use_locking, name=name)
        return self._lazy_read(updated.op)

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Adds to slices; see `tf.scatter_nd_add`."""
        updates = self._given(updates)
        return self._lazy_read(raw.ResourceScatterNdAdd(self._handle, indices, updates, name=name))

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Subtracts from slices; see `tf.scatter_nd_sub`."""
        updates = self._given(updates)
        return self._lazy_read(raw.ResourceScatterNdSub(self._handle, indices, updates, name=name))

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Replaces slices; see `tf.scatter_nd_update`."""
        updates = self._given(updates)
        return self._lazy_read(
            raw.ResourceScatterNdUpdate(self._handle, indices, updates, name=name)
        )

    def count_up_to(self, limit: int) -> Tensor:
        """Its value before it is incremented; see `tf.count_up_to`."""
        return raw.ResourceCountUpTo(self._handle, limit=limit, T=self._dtype)

    def _assign_slice(self, *part_and_value: Any, name: str, **masks: int) -> ReadAfter:
        *part, value = part_and_value
        op = raw.ResourceStridedSliceAssign(
            self._handle, *part, self._given(value), name=name, **masks
        )
        return self._lazy_read(op)

    def __getitem__(self, index: Any) -> Tensor:
        return assignable(slice_tensor(self.value(), index), self._assign_slice)

    def __bool__(self) -> bool:
        # Refused, as the truth of any tensor is.
        return bool(self.read_value())

    def __iadd__(self, unused_other: Any) -> NoReturn:
        raise RuntimeError(_NO_AUGMENTED.format(sign="+", method="assign_add"))

    def __isub__(self, unused_other: Any) -> NoReturn:
        raise RuntimeError(_NO_AUGMENTED.format(sign="-", method="assign_sub"))

    def __imul__(self, unused_other: Any) -> NoReturn:
        raise RuntimeError(_NO_AUGMENTED_ASSIGN.format(sign="*"))

    def __ipow__(self, unused_other: Any) -> NoReturn:
        raise RuntimeError(_NO_AUGMENTED_ASSIGN.format(sign="**"))

    def __itruediv__(self, unused_other: Any) -> NoReturn:
        raise RuntimeError(_NO_AUGMENTED_ASSIGN.format(sign="/"))


class ReadAfter(ResourceVariable):
    """A variable as it is after `op` has changed it; reading it runs `op` first."""

    def __init__(self, variable: ResourceVariable, op: Operation) -> None:
        self.__dict__.update(variable.__dict__)
        self._cached_value = None
        self._changed_by = op
        with control_dependencies([op]):
            self._graph_element = self._read()

    @property
    def name(self) -> str:
        return self._changed_by.name

    @property
    def op(self) -> Operation:
        return self._changed_by

    def value(self) -> Tensor:
        return self.read_value()

    def read_value(self) -> Tensor:
        with control_dependencies([self._changed_by]):
            return self._read()


def _convert(
    variable: ResourceVariable, dtype: DType | None = None, name: Any = None, as_ref: bool = False
) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    if as_ref:
        return variable.read_value().op.inputs[0]
    return variable.value()


register_tensor_conversion_function(ResourceVariable, _convert)

_NO_AUGMENTED = (
    "Variable {sign}= value not supported. Use variable.{method}(value) to modify the variable "
    "value and variable = variable {sign} value to get a new Tensor object."
)
_NO_AUGMENTED_ASSIGN = (
    "Variable {sign}= value not supported. Use `var.assign(var {sign} value)` to modify the "
    "variable or `var = var {sign} value` to get a new Tensor object."
)
