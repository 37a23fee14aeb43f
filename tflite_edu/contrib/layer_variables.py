"""The variables of `tf.contrib.layers`: those of `tf.layers` under older names, and collected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tflite_edu.contrib.model_variables import model_variable
from tflite_edu.contrib.named_outputs import get_variable_collections
from tflite_edu.core.graph import get_default_graph
from tflite_edu.variables.partitioned import PartitionedVariable
from tflite_edu.variables.variable import VariableAggregation, VariableSynchronization


def model_variable_getter(names: Mapping[str, str] | None = None) -> Callable[..., Any]:
    """A getter for variable scopes that makes model variables; `names` gives some of them others.

    A layer's `kernel` may so become `weights`.
    """

    def get(
        getter: Callable[..., Any],
        name: str,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool = True,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        use_resource: bool | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        **_: Any,
    ) -> Any:
        scope, slash, own = name.rpartition("/")
        return model_variable(
            f"{scope}{slash}{(names or {}).get(own, own)}",
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=collections,
            trainable=trainable,
            caching_device=caching_device,
            partitioner=partitioner,
            custom_getter=getter,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )

    return get


def add_to_collections(variable: Any, variables_collections: Any, name: str) -> None:
    """Adds a layer's variable, or its parts, once to the collections for variables of that name."""
    graph = get_default_graph()
    parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
    for collection in get_variable_collections(variables_collections, name) or ():
        known = graph.get_collection_ref(collection)
        known.extend(part for part in parts if not any(part is one for one in known))


def check_format(data_format: Any, allowed: tuple[str, ...] = ("NCHW", "NHWC")) -> None:
    """Raises ValueError on a data format that is not allowed."""
    if data_format not in allowed:
        raise ValueError(f"data_format has to be either {' or '.join(allowed)}.")


def layers_format(data_format: str | None) -> str:
    """The format as `tf.layers` calls it."""
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"
