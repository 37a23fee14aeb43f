"""The variables that `tf.get_variable` shares by name, one store for each graph."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.dtypes import DType
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import colocate_with, control_dependencies, name_scope
from tflite_edu.core.shapes import TensorShape
from tflite_edu.variables.initializers import GlorotUniform, Zeros
from tflite_edu.variables.partitioned import (
    PartitionedVariable,
    PartitionInfo,
    part_of_value,
    partition_counts,
    parts,
)
from tflite_edu.variables.variable import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
    create_variable,
    resource_variables_enabled,
)

_NOT_VALID = (
    "The initializer passed is not valid. It should be a callable with no arguments and the shape "
    "should not be provided or an instance of `tf.keras.initializers.*' and `shape` should be "
    "fully defined."
)


class VariableStore:
    """The variables of a graph that can be shared, and how often each scope was opened."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}
        self.partitioned: dict[str, PartitionedVariable] = {}
        # How often each scope was opened, by the scope around it and by its own last name.
        self.scope_counts: dict[str, dict[str, int]] = {}

    @staticmethod
    def of(graph: Graph) -> VariableStore:
        """The store of a graph."""
        found: VariableStore = graph.attachments.setdefault("variable_store", VariableStore())
        return found

    def open_scope(self, name: str) -> None:
        """Counts one more scope of that name."""
        parent, _, last = name.rpartition("/")
        counts = self.scope_counts.setdefault(parent, {})
        counts[last] = counts.get(last, 0) + 1

    def close_subscopes(self, name: str) -> None:
        """Forgets how often the scopes inside the scope of that name were opened."""
        for parent in list(self.scope_counts):
            if not name or parent == name or parent.startswith(f"{name}/"):
                del self.scope_counts[parent]

    def unique_scope(self, prefix: str, parent: str) -> str:
        """`prefix`, with _1, _2 ... added where the parent scope has one of that name."""
        name = f"{parent}/{prefix}" if parent else prefix
        inside, _, last = name.rpartition("/")
        counts = self.scope_counts.get(inside, {})
        if last not in counts:
            return prefix
        number = 1
        while f"{last}_{number}" in counts:
            number += 1
        return f"{prefix}_{number}"

    def get_variable(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        custom_getter: Any = None,
        constraint: Any = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
    ) -> Any:
        """The variable of that full name: shared if it exists, else made, as `reuse` allows."""
        if not name:
            raise ValueError(f"'{name}' is not a valid node name")
        if custom_getter is not None and not callable(custom_getter):
            raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
        if trainable is None:
            trainable = synchronization is not VariableSynchronization.ON_READ
        arguments: dict[str, Any] = {
            "shape": shape,
            "dtype": dtypes.as_dtype(dtype).base_dtype,
            "initializer": initializer,
            "regularizer": regularizer,
            "reuse": reuse,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        if custom_getter is None:
            return self._get(name, constraint=constraint, **arguments)
        if _takes(custom_getter, "constraint"):
            arguments["constraint"] = constraint
        return custom_getter(getter=self._get, name=name, **arguments)

    def _get(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        constraint: Any = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
    ) -> Any:
        arguments: dict[str, Any] = {
            "dtype": dtype,
            "initializer": initializer,
            "regularizer": regularizer,
            "reuse": reuse,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "constraint": constraint,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        if partitioner is not None:
            if not callable(partitioner):
                raise ValueError(f"Partitioner must be callable, but received: {partitioner}")
            # A scalar has no axis to cut.
            if TensorShape(shape).ndims != 0:
                return self._partitioned(name, shape, partitioner, arguments)
        if reuse is True and name in self.partitioned:
            return self._partitioned(name, shape, None, arguments)
        if f"{name}/part_0" in self.variables:
            raise ValueError(
                "No partitioner was provided, but a partitioned version of the variable was found: "
                f"{name}/part_0. Perhaps a variable of the same name was already created with "
                "partitioning?"
            )
        return self.single(name, shape=shape, **arguments)

    def single(
        self,
        name: str,
        shape: Any,
        dtype: Any,
        initializer: Any,
        regularizer: Any,
        reuse: Any,
        partition_info: Any = None,
        **arguments: Any,
    ) -> Any:
        """One variable that is not partitioned."""
        dtype = dtypes.as_dtype(dtype)
        is_value = initializer is not None and not callable(initializer)
        if shape is not None and is_value:
            raise ValueError("If initializer is a constant, do not specify shape.")
        wanted = TensorShape(shape)
        if name in self.variables:
            return self._shared(name, wanted, dtype, reuse)
        if reuse is True:
            raise ValueError(
                f"Variable {name} does not exist, or was not created with tf.get_variable(). Did "
                "you mean to set reuse=tf.AUTO_REUSE in VarScope?"
            )
        if initializer is None:
            initializer = default_initializer(name, dtype)
        if arguments["use_resource"] is None:
            arguments["use_resource"] = resource_variables_enabled()
        with control_dependencies(None):
            if is_value:
                value, variable_dtype = initializer, None
            else:
                value, variable_dtype = _initial_value(initializer, wanted, dtype, partition_info)
            variable = create_variable(
                initial_value=value, name=name, dtype=variable_dtype, **arguments
            )
        self.variables[name] = variable
        if regularizer is not None:
            _regularize(name, variable, regularizer)
        return variable

    def _shared(self, name: str, shape: TensorShape, dtype: DType, reuse: Any) -> Any:
        found = self.variables[name]
        if not reuse:
            where = "".join(f"\n  {file}:{line}" for file, line in reversed(found._where))
            raise ValueError(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
                f"reuse=tf.AUTO_REUSE in VarScope? Originally defined at:\n{where}\n"
            )
        if not shape.is_compatible_with(found.shape):
            raise ValueError(
                f"Trying to share variable {name}, but specified shape {shape} and found shape "
                f"{found.shape}."
            )
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError(
                f"Trying to share variable {name}, but specified dtype {dtype.name} and found "
                f"dtype {found.dtype.name}."
            )
        return found

    def _partitioned(
        self, name: str, shape: Any, partitioner: Any, arguments: dict[str, Any]
    ) -> PartitionedVariable:
        reuse = arguments["reuse"]
        if name in self.variables:
            raise ValueError(
                "A partitioner was provided, but an unpartitioned version of the variable was "
                f"found: {name}.  Perhaps a variable of the same name was already created without "
                "partitioning?"
            )
        wanted = TensorShape(shape)
        partitions = None
        if not reuse or partitioner is not None:
            partitions = partition_counts(partitioner, wanted, arguments["dtype"])
        if name in self.partitioned:
            if reuse is False:
                raise ValueError(
                    f"Partitioned variable with name {name} already exists. Did you mean to set "
                    "reuse=True or reuse=tf.AUTO_REUSE in VarScope?"
                )
            return self._shared_parts(name, wanted, arguments["dtype"], partitions)
        if reuse is True:
            raise ValueError(
                f"PartitionedVariable {name} does not exist, or was not created with "
                "tf.get_variable(). Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in "
                "VarScope?"
            )
        whole = [dim or 0 for dim in wanted.as_list()]
        variables = [
            self._part(name, number, offset, size, whole, arguments)
            for number, (offset, size) in enumerate(parts(whole, partitions or []))
        ]
        made = PartitionedVariable(
            name=name,
            shape=wanted,
            dtype=arguments["dtype"],
            variable_list=variables,
            partitions=partitions or [],
        )
        self.partitioned[name] = made
        return made

    def _part(
        self,
        name: str,
        number: int,
        offset: list[int],
        size: list[int],
        whole: list[int],
        arguments: dict[str, Any],
    ) -> Any:
        """The variable that holds one part of a partitioned one."""
        full_name = f"{name}/part_{number}"
        initializer = arguments["initializer"]
        own = dict(arguments)
        if initializer is None:
            own["initializer"] = default_initializer(name, arguments["dtype"])
        elif not callable(initializer):
            with name_scope(f"{full_name}/PartitionedInitializer"):
                own["initializer"] = part_of_value(initializer, arguments["dtype"], offset, size)
            own["shape"] = None
        own.setdefault("shape", size)
        with name_scope(None):
            made = self.single(full_name, partition_info=PartitionInfo(whole, offset), **own)
        made._set_save_slice_info(Variable.SaveSliceInfo(name, whole, offset, size))
        return made

    def _shared_parts(
        self, name: str, shape: TensorShape, dtype: DType, partitions: list[int] | None
    ) -> PartitionedVariable:
        found = self.partitioned[name]
        if not shape.is_compatible_with(found.get_shape()):
            raise ValueError(
                f"Trying to reuse partitioned variable {name}, but specified shape {shape} and "
                f"found shape {found.get_shape()}."
            )
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError(
                f"Trying to reuse partitioned variable {name}, but specified dtype {dtype.name} "
                f"and found dtype {found.dtype.name}."
            )
        if partitions is not None and partitions != found._get_partitions():
            raise ValueError(
                f"Trying to reuse partitioned variable {name}, but specified partitions "
                f"{partitions} and found partitions {found._get_partitions()}."
            )
        return found


def default_initializer(name: str, dtype: DType) -> Any:
    """Glorot's uniform one for floating types, zeros for others; ValueError for the rest."""
    if dtype.is_floating:
        return GlorotUniform()
    if dtype.is_integer or dtype.is_unsigned or dtype.is_bool or dtype is dtypes.string:
        return Zeros()
    raise ValueError(f"An initializer for variable {name} of {dtype} is required")


def _initial_value(
    initializer: Any, shape: TensorShape, dtype: DType, partition_info: Any
) -> tuple[Callable[[], Any], DType | None]:
    """A function without arguments that makes the initial value, and the variable's dtype."""
    if inspect.isclass(initializer):
        initializer = initializer()
    if shape.is_fully_defined():
        keywords: dict[str, Any] = {"dtype": dtype}
        if _takes(initializer, "partition_info", named=True):
            keywords["partition_info"] = partition_info
        dims = shape.as_list()
        return lambda: initializer(dims, **keywords), dtype.base_dtype
    if _needs_nothing(initializer):
        return initializer, None
    raise ValueError(_NOT_VALID)


@functools.lru_cache(maxsize=64)
def _parameters(function: Any) -> Mapping[str, inspect.Parameter] | None:
    """The parameters of a function or of a class's `__call__`, or None where they are unknown."""
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return None


def _parameters_of(function: Any) -> Mapping[str, inspect.Parameter] | None:
    known: Any
    if isinstance(function, (types.FunctionType, type)):
        known = function
        return _parameters(known)
    # An initializer is an object: what its class's method takes, without `self`.
    method = inspect.getattr_static(type(function), "__call__", None)
    if not inspect.isfunction(method):
        return _parameters(function)
    listed = _parameters(method)
    return None if listed is None else dict(list(listed.items())[1:])


def _takes(function: Any, keyword: str, named: bool = False) -> bool:
    """Whether a function may be called with a keyword; `named`: only as an argument of its own."""
    parameters = _parameters_of(function)
    if parameters is None:
        return False
    if keyword in parameters:
        return True
    return not named and any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def _needs_nothing(function: Any) -> bool:
    parameters = _parameters_of(function)
    return parameters is not None and all(
        p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        for p in parameters.values()
    )


def _regularize(name: str, variable: Any, regularizer: Callable[[Any], Any]) -> None:
    """Adds what the regularizer makes of the variable to the regularization losses."""
    with colocate_with(variable.op), name_scope(f"{name}/Regularizer/"):
        loss = regularizer(variable)
    if loss is not None:
        get_default_graph().add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
