"""Variables that take their first values from a checkpoint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import device
from tflite_edu.platform import logging
from tflite_edu.train.checkpoint_files import checkpoint_prefix, load_checkpoint
from tflite_edu.train.saveables import saveables_of
from tflite_edu.train.vocabularies import remap_vocabulary
from tflite_edu.variables.partitioned import PartitionedVariable
from tflite_edu.variables.store import VariableStore
from tflite_edu.variables.variable import Variable


@export("train.init_from_checkpoint")
def init_from_checkpoint(ckpt_dir_or_file: str, assignment_map: Mapping[str, Any]) -> None:
    """Makes the initializers of variables read values from a checkpoint.

    `assignment_map` goes from a name in the checkpoint to a variable, to the list of the parts of a
    partitioned one, or to the name of either as `tf.get_variable` knows it; or from a scope
    `"old/"` to a scope `"new/"`, which means every variable of the new one (`"/"` is the root). A
    variable may be cut into other parts than in the checkpoint. Run the initializers, as with
    `tf.global_variables_initializer`, after this. Nothing is changed where this raises.

    Raises ValueError where the checkpoint has no such tensor or one of another shape, and where a
    scope is mapped to what is none; NotFoundError where there is no checkpoint; TypeError on what
    is no variable. (TensorFlow's documentation of `tf.train.init_from_checkpoint`.)
    """
    prefix = checkpoint_prefix(ckpt_dir_or_file)
    shapes = load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map()
    known = VariableStore.of(get_default_graph()).variables
    found: list[tuple[str, Any]] = []
    for name, target in sorted(assignment_map.items(), key=lambda item: item[0]):
        variable = _variable(target, known)
        if variable is None:
            found += _of_scope(name, target, known, shapes, ckpt_dir_or_file)
            continue
        if name not in shapes:
            raise ValueError(
                f"Tensor {name} is not found in {ckpt_dir_or_file} checkpoint {shapes}"
            )
        if isinstance(variable, Variable):
            if not variable.shape.is_compatible_with(shapes[name]):
                raise ValueError(
                    f"Shape of variable {variable.name} ({variable.shape}) doesn't match with "
                    f"shape of tensor {name} ({shapes[name]}) from checkpoint reader."
                )
        found.append((name, variable))
    for name, variable in found:
        _initialize_from(prefix, name, variable)


def _variable(target: Any, known: Mapping[str, Any]) -> Any:
    """A variable, or the list of the parts of one; None where a string names neither."""
    if isinstance(target, Variable):
        return target
    if isinstance(target, PartitionedVariable):
        return list(target)
    if isinstance(target, list) and all(isinstance(part, Variable) for part in target):
        for part in target:
            if part._save_slice_info is None:
                raise ValueError(f"Slices must all be slices: {part}")
        return target
    if not isinstance(target, str):
        raise TypeError(f"Expected a variable, the parts of one, or a name, got {target!r}")
    return _named(target, known)


def _named(name: str, known: Mapping[str, Any]) -> Any:
    """The variable of that name, or the list of its parts; None where there is none."""
    if name in known:
        return known[name]
    found: list[Any] = []
    while f"{name}/part_{len(found)}" in known:
        found.append(known[f"{name}/part_{len(found)}"])
    return found or None


def _of_scope(
    old: str, new: str, known: Mapping[str, Any], shapes: Mapping[str, Any], where: str
) -> list[tuple[str, Any]]:
    """The variables below the scope `new`, each with its name below the scope `old`."""
    scope = new.rpartition("/")[0]
    if not old.endswith("/"):
        raise ValueError(
            f"Assignment map with scope only name {scope} should map to scope only {old}. Should "
            "be 'scope/': 'other_scope/'."
        )
    inside = (name for name in known if not scope or name.startswith(f"{scope}/"))
    found = []
    for name in sorted({name.partition("/part_")[0] for name in inside}):
        inner = name[len(scope) :] if new == "/" else name[len(scope) + 1 :]
        full = (inner if old == "/" else old + inner).removesuffix("/")
        if full not in shapes:
            raise ValueError(
                f"Tensor {full} ({name[len(scope) + 1 :]} in {old}) is not found in {where} "
                "checkpoint"
            )
        found.append((full, _named(name, known)))
    return found


def _initialize_from(prefix: str, name: str, variable: Any) -> None:
    """Makes a variable, or each of a list of parts, begin with a tensor of a checkpoint."""
    parts = variable if isinstance(variable, list) else [variable]
    for part in parts:
        info = part._save_slice_info if isinstance(variable, list) else None
        with device(part.device), device("/cpu:0"):
            (restored,) = raw.RestoreV2(
                prefix,
                [name],
                ["" if info is None else info.spec],
                dtypes=[part.dtype.base_dtype],
                name="checkpoint_initializer",
            )
        (saveable,) = saveables_of([part])
        part._initializer_op = saveable.restore(restored, None)
        restored.set_shape(part.shape)
        part._initial_value = restored
        logging.debug("Initialize variable %s from checkpoint %s with %s", part.name, prefix, name)


@export("train.warm_start")
def warm_start(
    ckpt_to_initialize_from: str,
    vars_to_warm_start: Any = ".*",
    var_name_to_vocab_info: Mapping[str, Any] | None = None,
    var_name_to_prev_var_name: Mapping[str, str] | None = None,
) -> None:
    """Makes some variables begin with the values that they have in a checkpoint.

    `vars_to_warm_start` is a regular expression for the beginning of names of trainable variables,
    a list of such expressions for all global variables, or a list of variables; None means none.
    `var_name_to_vocab_info` goes from a variable's name to the VocabInfo that says how its rows or
    columns move, `var_name_to_prev_var_name` to the name in the checkpoint where it differs.
    Nothing is changed where this raises.

    Raises ValueError where the checkpoint has no such variable, a name is not used, or
    `vars_to_warm_start` is none of these; NotFoundError where there is no checkpoint.
    """
    logging.info("Warm-starting from: %s", ckpt_to_initialize_from)
    grouped: dict[str, list[Variable]] = {}
    for variable in _to_warm_start(vars_to_warm_start):
        info = variable._save_slice_info
        name = variable.op.name if info is None else info.full_name
        grouped.setdefault(str(name), []).append(variable)
    previous = dict(var_name_to_prev_var_name or {})
    vocabularies = dict(var_name_to_vocab_info or {})
    for argument, given in [
        ("var_name_to_prev_var_name", previous),
        ("var_name_to_vocab_info", vocabularies),
    ]:
        unused = set(given) - set(grouped)
        if unused:
            raise ValueError(
                f"You provided the following variables in {argument} that were not used: {unused}."
                "  Perhaps you misspelled them?  Here is the list of viable variable names: "
                f"{grouped.keys()}"
            )
    prefix = checkpoint_prefix(ckpt_to_initialize_from)
    assignments = {}
    for name, found in grouped.items():
        old = previous.get(name, name)
        if name not in vocabularies:
            assignments[old] = found if len(found) > 1 else found[0]
            continue
        for part in found:
            remap_vocabulary(part, prefix, old, vocabularies[name])
    init_from_checkpoint(ckpt_to_initialize_from, assignments)
    logging.info("Warm-started %d variables.", len(grouped))


def _to_warm_start(wanted: Any) -> list[Any]:
    """The variables that `vars_to_warm_start` means."""
    graph = get_default_graph()
    if wanted is None or isinstance(wanted, str):
        logging.info("Warm-starting variables only in TRAINABLE_VARIABLES.")
        if wanted is None:
            return []
        return list(graph.get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=wanted))
    if not isinstance(wanted, list):
        raise ValueError(
            f"`vars_to_warm_start must be a `list` or `str`.  Given type is {type(wanted)}"
        )
    if all(isinstance(one, str) for one in wanted):
        variables = graph.get_collection(GraphKeys.GLOBAL_VARIABLES)
        return [v for v in variables if any(re.match(pattern, v.name) for pattern in wanted)]
    if all(isinstance(one, Variable) for one in wanted):
        return wanted
    raise ValueError(
        "If `vars_to_warm_start` is a list, it must be all `Variable` or all `str`.  Given types "
        f"are {[type(one) for one in wanted]}"
    )
