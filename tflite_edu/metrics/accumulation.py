"""What a metric keeps between runs, and the collections its tensors join."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.division import div_no_nan
from tflite_edu.variables.variable import (
    VariableAggregation,
    VariableSynchronization,
    create_variable,
)


def metric_variable(shape: Any, dtype: Any, name: str) -> Any:
    """A local variable that begins as zeros."""
    return create_variable(
        lambda: zeros(shape, dtype),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        validate_shape=True,
        synchronization=VariableSynchronization.ON_READ,
        aggregation=VariableAggregation.SUM,
        name=name,
    )


def collect(collections: Any, tensor: Any) -> Any:
    """Puts `tensor` into collections, a list of their names or None, and returns it."""
    if collections:
        get_default_graph().add_to_collections(collections, tensor)
    return tensor


def ratio(part: Any, whole: Any, name: str | None) -> Tensor:
    """part / whole, 0 where the whole is not above 0."""
    return div_no_nan(part, raw.Maximum(whole, 0), name=name)
