"""`RefVariable`: TensorFlow 1's variable, whose place in memory ops use directly."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor, register_tensor_conversion_function
from tflite_edu.core.dtypes import DType
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies, device, name_scope
from tflite_edu.core.script_lines import script_lines
from tflite_edu.core.shapes import TensorShape, as_shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reference_variables import assign, assign_add, assign_sub, count_up_to
from tflite_edu.ops.scatter_updates import (
    batch_scatter_update,
    scatter_nd_add,
    scatter_nd_sub,
    scatter_nd_update,
)
from tflite_edu.ops.sliced_assignment import assign_to_reference, assignable
from tflite_edu.ops.slicing import slice_tensor
from tflite_edu.variables.initialized import initialized_value, without_uninitialized
from tflite_edu.variables.variable import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
    checked_arguments,
    sliced_parts,
)


class RefVariable(Variable, use_resource=False):
    """A variable that an op uses in place; see `tf.Variable`."""

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
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._init_from_proto(variable_def, import_scope)
            return
        checked_arguments(initial_value, collections, constraint)
        self._trainable = True if trainable is None else bool(trainable)
        self._constraint = constraint
        with control_dependencies(None):
            self._make_nodes(initial_value, validate_shape, caching_device, name, dtype, shape)
        self._register(self._trainable, collections)

    def _make_nodes(
        self,
        initial_value: Any,
        validate_shape: bool,
        caching_device: Any,
        name: str | None,
        dtype: Any,
        shape: Any,
    ) -> None:
        is_function = callable(initial_value)
        wanted = None if dtype is None else dtypes.as_dtype(dtype)
        values = [] if is_function else [initial_value]
        with name_scope(name, "Variable", values) as scope, ExitStack() as beside:
            if is_function:
                group = {"_class": [f"loc:@{scope.removesuffix('/')}"]}
                beside.enter_context(get_default_graph()._attr_scope(group))
                with name_scope("Initializer"), device(None):
                    value = convert_to_tensor(initial_value(), wanted, "initial_value")
            else:
                value = convert_to_tensor(initial_value, wanted, "initial_value")
            self._initial_value = value
            declared = None if not validate_shape and shape is None else value._shape
            if shape is not None:
                declared = as_shape(shape)
            self._variable = raw.VariableV2(
                shape=declared, dtype=value.dtype.base_dtype, name=scope
            )
            beside.close()
            if validate_shape and not is_fully_defined(value._shape):
                raise ValueError(f"initial_value must have a shape specified: {value}")
            self._initializer_op = assign(
                self._variable, without_uninitialized(scope, value), validate_shape=validate_shape
            ).op
            if caching_device is not None:
                with device(caching_device):
                    self._snapshot = raw.Identity(self._variable, name="read")
            else:
                with self.graph.colocate_with(self._variable.op):
                    self._snapshot = raw.Identity(self._variable, name="read")

    def _init_from_proto(self, variable_def: Any, import_scope: str | None) -> None:
        """Takes over the nodes, already in the graph, that a VariableDef names."""
        graph = get_default_graph()

        def element(name: str) -> Any:
            return graph.as_graph_element(_in_scope(name, import_scope))

        self._variable = element(variable_def.variable_name)
        self._initializer_op = element(variable_def.initializer_name)
        self._trainable = bool(variable_def.trainable)
        self._synchronization = VariableSynchronization(variable_def.synchronization)
        self._aggregation = VariableAggregation(variable_def.aggregation)
        self._initial_value = (
            element(variable_def.initial_value_name) if variable_def.initial_value_name else None
        )
        self._snapshot = element(variable_def.snapshot_name)
        self._constraint = None
        if variable_def.HasField("save_slice_info_def"):
            self._save_slice_info = Variable.SaveSliceInfo(
                save_slice_info_def=variable_def.save_slice_info_def, import_scope=import_scope
            )

    @property
    def name(self) -> str:
        return self._variable.name

    @property
    def dtype(self) -> DType:
        return self._variable.dtype

    @property
    def op(self) -> Operation:
        return self._variable.op

    @property
    def graph(self) -> Graph:
        return self._variable.graph

    @property
    def shape(self) -> TensorShape:
        return self._variable.shape

    def set_shape(self, shape: Any) -> None:
        """Adds to the static shape; raises ValueError where it disagrees."""
        self._ref().set_shape(shape)
        self.value().set_shape(shape)

    def _ref(self) -> Tensor:
        return self._variable

    def value(self) -> Tensor:
        return self._snapshot

    def read_value(self) -> Tensor:
        return raw.Identity(self._variable, name="read")

    def _as_graph_element(self) -> Tensor:
        return self._variable

    def _snapshot_element(self) -> Tensor:
        return self._snapshot

    def initialized_value(self) -> Tensor:
        """Its value, or the initial value as long as it has none."""
        return initialized_value(self)

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Puts `value`, of the variable's shape, into the variable.

        Returns the reference, or the node with `read_value=False`. Raises ValueError where the
        shapes are known to differ.
        """
        made = assign(self._variable, value, use_locking=use_locking, name=name)
        return made if read_value else made.op

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Adds `delta` to the variable; see `assign`."""
        made = assign_add(self._variable, delta, use_locking=use_locking, name=name)
        return made if read_value else made.op

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtracts `delta` from the variable; see `assign`."""
        made = assign_sub(self._variable, delta, use_locking=use_locking, name=name)
        return made if read_value else made.op

    def scatter_add(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """Adds the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        parts = sliced_parts(sparse_delta)
        return raw.ScatterAdd(self._variable, *parts, use_locking=use_locking, name=name)

    def scatter_sub(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """Subtracts the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        parts = sliced_parts(sparse_delta)
        return raw.ScatterSub(self._variable, *parts, use_locking=use_locking, name=name)

    def scatter_mul(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """Multiplies by the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        parts = sliced_parts(sparse_delta)
        return raw.ScatterMul(self._variable, *parts, use_locking=use_locking, name=name)

    def scatter_div(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """Divides by the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        parts = sliced_parts(sparse_delta)
        return raw.ScatterDiv(self._variable, *parts, use_locking=use_locking, name=name)

    def scatter_min(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """Lowers to the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        parts = sliced_parts(sparse_delta)
        return raw.ScatterMin(self._variable, *parts, use_locking=use_locking, name=name)

    def scatter_max(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """Raises to the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        parts = sliced_parts(sparse_delta)
        return raw.ScatterMax(self._variable, *parts, use_locking=use_locking, name=name)

    def scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """Replaces by the rows of an `IndexedSlices`. Raises TypeError on anything else."""
        parts = sliced_parts(sparse_delta)
        return raw.ScatterUpdate(self._variable, *parts, use_locking=use_locking, name=name)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Replaces rows batch by batch; see `tf.batch_scatter_update`."""
        indices, values = sliced_parts(sparse_delta)
        return batch_scatter_update(self, indices, values, use_locking=use_locking, name=name)

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Adds to slices; see `tf.scatter_nd_add`."""
        return scatter_nd_add(self._variable, indices, updates, use_locking=True, name=name)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Subtracts from slices; see `tf.scatter_nd_sub`."""
        return scatter_nd_sub(self._variable, indices, updates, use_locking=True, name=name)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Replaces slices; see `tf.scatter_nd_update`."""
        return scatter_nd_update(self._variable, indices, updates, use_locking=True, name=name)

    def count_up_to(self, limit: int) -> Tensor:
        """Its value before it is incremented; see `tf.count_up_to`."""
        return count_up_to(self._variable, limit=limit)

    def __getitem__(self, index: Any) -> Tensor:
        return assignable(slice_tensor(self.value(), index), assign_to_reference(self._variable))


def _in_scope(name: str, scope: str | None) -> str:
    return f"{scope.removesuffix('/')}/{name}" if scope else name


def _convert(
    variable: RefVariable, dtype: DType | None = None, name: Any = None, as_ref: bool = False
) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    return variable._ref() if as_ref else variable.value()


register_tensor_conversion_function(RefVariable, _convert)
