"""From a variable to its VariableDef."""

from __future__ import annotations

from typing import Any

from tflite_edu.formats.proto import variable_pb2


def variable_def(variable: Any, export_scope: str | None = None) -> Any:
    """A variable as a VariableDef: the names of its nodes, relative to `export_scope`.

    Returns None for a variable outside the scope. Raises TypeError on what is no variable.
    """
    if not hasattr(variable, "initializer"):
        raise TypeError(f"{variable!r} is not a variable")
    prefix = "" if export_scope is None else export_scope.rstrip("/") + "/"
    if not variable.name.startswith(prefix):
        return None
    made = variable_pb2.VariableDef(
        variable_name=variable.name.removeprefix(prefix),
        initializer_name=variable.initializer.name.removeprefix(prefix),
        trainable=variable.trainable,
    )
    initial = getattr(variable, "_initial_value", None)
    if initial is not None:
        made.initial_value_name = initial.name.removeprefix(prefix)
    made.is_resource = variable._is_resource
    made.snapshot_name = variable._snapshot_element().name.removeprefix(prefix)
    made.synchronization = variable.synchronization.value
    made.aggregation = variable.aggregation.value
    part = variable._get_save_slice_info()
    if part is not None:
        info = made.save_slice_info_def
        info.full_name = part.full_name.removeprefix(prefix)
        info.full_shape.extend(part.full_shape)
        info.var_offset.extend(part.var_offset)
        info.var_shape.extend(part.var_shape)
    return made
