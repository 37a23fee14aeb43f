"""`tf.contrib.framework`: variables that get values from arrays and from checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tflite_edu.contrib.model_variables import get_variable_full_name
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import placeholder
from tflite_edu.ops.control import group
from tflite_edu.platform import logging
from tflite_edu.train import checkpoint_files
from tflite_edu.train.checkpoint_files import CheckpointReader
from tflite_edu.train.saver import Saver, SaverDef

Feed = dict[Tensor, Any]


@export("contrib.framework.assign_from_values", "contrib.slim.assign_from_values")
def assign_from_values(var_names_to_values: Mapping[str, Any]) -> tuple[Operation, Feed]:
    """A node that gives global variables, by name, the values of arrays, and what it is fed.

    Raises ValueError where a name is not that of one variable, or an array is of another size.
    """
    found = [_variable(name) for name in var_names_to_values]
    values = [
        value.reshape(variable.shape.as_list())
        for variable, value in zip(found, var_names_to_values.values(), strict=True)
    ]
    return _assigned(list(zip(found, values, strict=True)))


@export("contrib.framework.assign_from_values_fn", "contrib.slim.assign_from_values_fn")
def assign_from_values_fn(var_names_to_values: Mapping[str, Any]) -> Callable[[Any], None]:
    """A function of a session that gives global variables, by name, the values of arrays."""
    assign, feed = assign_from_values(var_names_to_values)

    def callback(session: Any) -> None:
        session.run(assign, feed)

    return callback


@export("contrib.framework.assign_from_checkpoint", "contrib.slim.assign_from_checkpoint")
def assign_from_checkpoint(
    model_path: str, var_list: Any, ignore_missing_vars: bool = False
) -> tuple[Operation, Feed]:
    """A node that gives variables their values in a checkpoint, and what it is fed: those values.

    `var_list` holds variables, or is a dict of them, or of lists of them, by their names in the
    checkpoint. A variable that the checkpoint does not have is left out where
    `ignore_missing_vars`; ValueError otherwise, and where a shape is another.
    """
    reader = CheckpointReader(model_path)
    wanted: dict[str, list[Any]] = {}
    if isinstance(var_list, (list, tuple)):
        for variable in var_list:
            wanted.setdefault(get_variable_full_name(variable), []).append(variable)
    else:
        for name, given in var_list.items():
            wanted[name] = list(given) if isinstance(given, (list, tuple)) else [given]
    values = []
    for name, variables in wanted.items():
        if not reader.has_tensor(name):
            missing = f"Checkpoint is missing variable [{name}]"
            if not ignore_missing_vars:
                raise ValueError(missing)
            logging.warning(missing)
            continue
        whole = reader.get_tensor(name)
        values += [(variable, _part(variable, whole, name)) for variable in variables]
    return _assigned(values)


def _part(variable: Any, whole: Any, name: str) -> Any:
    """What of a checkpoint's value is a variable's: all, or the slice of a part."""
    place = variable._save_slice_info
    if place:
        ends = zip(place.var_offset, place.var_shape, strict=True)
        whole = whole[tuple(slice(start, start + size) for start, size in ends)]
    if tuple(whole.shape) != tuple(variable.shape.as_list()):
        raise ValueError(
            f"Total size of new array must be unchanged for {name} lh_shape: "
            f"[{whole.shape}], rh_shape: [{variable.shape}]"
        )
    return whole


@export("contrib.framework.assign_from_checkpoint_fn", "contrib.slim.assign_from_checkpoint_fn")
def assign_from_checkpoint_fn(
    model_path: str,
    var_list: Any,
    ignore_missing_vars: bool = False,
    reshape_variables: bool = False,
) -> Callable[[Any], None] | None:
    """A function of a session that restores variables from a checkpoint.

    `var_list` holds variables, or is a dict of them by their names in the checkpoint. With
    `ignore_missing_vars`, those that the checkpoint does not have keep their values; None where
    none is left. `reshape_variables`: see `tf.train.Saver`. Raises ValueError on an empty list.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        reader = CheckpointReader(model_path)
        named = var_list if isinstance(var_list, dict) else {v.op.name: v for v in var_list}
        var_list = {}
        for name, variable in named.items():
            if reader.has_tensor(name):
                var_list[name] = variable
            else:
                logging.warning("Variable %s missing in checkpoint %s", name, model_path)
        if not var_list:
            logging.warning("No Variables to restore")
            return None
    saver = Saver(var_list, reshape=reshape_variables, write_version=SaverDef.V1)

    def callback(session: Any) -> None:
        saver.restore(session, model_path)

    return callback


@export("contrib.framework.load_checkpoint")
def load_checkpoint(filepattern: str) -> CheckpointReader:
    """`tf.train.load_checkpoint`."""
    return checkpoint_files.load_checkpoint(filepattern)


@export("contrib.framework.load_variable")
def load_variable(checkpoint_dir: str, name: str) -> Any:
    """`tf.train.load_variable`."""
    return checkpoint_files.load_variable(checkpoint_dir, name)


@export("contrib.framework.list_variables")
def list_variables(checkpoint_dir: str) -> list[tuple[str, list[int]]]:
    """`tf.train.list_variables`."""
    return checkpoint_files.list_variables(checkpoint_dir)


def _variable(name: str) -> Any:
    """The global variable of that name, or the only one whose name begins so."""
    found: Sequence[Any] = get_default_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, name)
    if not found:
        raise ValueError(f"Variable {name} wasn't found")
    if len(found) > 1:
        found = [variable for variable in found if variable.op.name == name]
        if not found:
            raise ValueError(f"Variable {name} doesn't uniquely identify a variable")
    return found[0]


def _assigned(values: Sequence[tuple[Any, Any]]) -> tuple[Operation, Feed]:
    """A node that assigns what placeholders are fed."""
    feed: Feed = {}
    assigned = []
    for variable, value in values:
        given = placeholder(
            variable.dtype.base_dtype, variable.shape, name=f"placeholder/{variable.op.name}"
        )
        assigned.append(variable.assign(given))
        feed[given] = value
    return group(*assigned), feed
