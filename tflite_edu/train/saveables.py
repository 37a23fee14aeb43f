"""What a saver saves: variables, or parts of them, by their names in the checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.scopes import device
from tflite_edu.core.tensor import Tensor
from tflite_edu.variables.partitioned import PartitionedVariable
from tflite_edu.variables.reference_variable import RefVariable
from tflite_edu.variables.resource_variable import ResourceVariable
from tflite_edu.variables.variable import Variable

_HOLDERS = ("Variable", "VariableV2", "AutoReloadVariable", "VarHandleOp", "ReadVariableOp")


class Saveable(NamedTuple):
    """One tensor of a checkpoint, or the part of one that `slice_spec` says.

    `variable` is a variable or, for a reference variable, its tensor.
    """

    name: str
    variable: Any
    slice_spec: str
    dtype: DType

    def tensor(self) -> Tensor:
        """What is saved; for a part of a resource variable, new nodes that read it."""
        if not isinstance(self.variable, Variable):
            return self.variable
        if not self.slice_spec:
            return self.variable._as_graph_element()
        if not isinstance(self.variable, ResourceVariable):
            return self.variable.value()
        with device(self.variable.device):
            value = self.variable.read_value()
            with device("/device:CPU:0"):
                return raw.Identity(value)

    def restore(self, restored: Tensor, shape: Any) -> Any:
        """Assigns a restored tensor, reshaped to `shape` if that is not None."""
        if shape is not None:
            restored = raw.Reshape(restored, shape)
        if isinstance(self.variable, ResourceVariable):
            with device(self.variable.device):
                restored = raw.Identity(restored)
                self.variable.shape.assert_is_compatible_with(restored.shape)
                return raw.AssignVariableOp(self.variable.handle, restored)
        target = self.variable
        if isinstance(target, RefVariable):
            target = target._ref()
        checked = shape is None and target.get_shape().is_fully_defined()
        return raw.Assign(target, restored, validate_shape=checked, use_locking=True)


def saveables_of(var_list: Any) -> list[Saveable]:
    """The saveables of a list of variables or of a dict from names to variables, sorted by name.

    A value of the dict may also be a partitioned variable or the list of its parts. Raises
    TypeError on what is no variable, ValueError where two have one name, one has two names, or a
    list is not of parts.
    """
    if isinstance(var_list, Mapping):
        named = dict(var_list)
    elif isinstance(var_list, (list, tuple, set)):
        named = _by_own_names(var_list)
    else:
        raise TypeError(f"Variables to save should be passed in a dict or a list: {var_list}")
    found = []
    seen = set()
    for name in sorted(named, key=str):
        if not isinstance(name, str):
            raise TypeError(
                "names_to_saveables must be a dict mapping string names to trackable operations. "
                f"Name is not a string: {name}"
            )
        for saveable in _saveables(name, named[name]):
            if saveable.variable.op in seen:
                raise ValueError(f"The same saveable will be restored with two names: {name}")
            seen.add(saveable.variable.op)
            found.append(saveable)
    return found


def _by_own_names(variables: Any) -> dict[str, Any]:
    """Variables by the names that they have in a checkpoint; parts of one under its name."""
    named: dict[str, Any] = {}
    for variable in variables:
        info = getattr(variable, "_save_slice_info", None)
        if info is not None:
            parts = named.setdefault(info.full_name, [])
            if not isinstance(parts, list):
                raise ValueError(
                    f"Mixing slices and non-slices with the same name: {variable.name}"
                )
            parts.append(variable)
            continue
        if isinstance(variable, PartitionedVariable):
            name = variable.name
        elif not _is_variable(variable):
            raise TypeError(f"Variable to save is not a Variable: {variable}")
        else:
            name = _holder(variable).name
        if name in named:
            raise ValueError(f"At least two variables have the same name: {name}")
        named[name] = variable
    return named


def _is_variable(value: Any) -> bool:
    if isinstance(value, Variable):
        return True
    return isinstance(value, Tensor) and value.op.type in _HOLDERS


def _holder(variable: Any) -> Any:
    """The node that holds the variable of which a tensor may be a read value."""
    op = variable.op
    return op.inputs[0].op if op.type == "ReadVariableOp" else op


def _saveables(name: str, variable: Any) -> Iterator[Saveable]:
    if isinstance(variable, (list, tuple, PartitionedVariable)):
        parts = list(variable)
        _check_parts(parts)
        for part in parts:
            yield _saveable(name, part, part._save_slice_info.spec)
    elif _is_variable(variable):
        yield _saveable(name, variable, "")
    else:
        raise TypeError(
            "names_to_saveables must be a dict mapping string names to Tensors/Variables. Not a "
            f"variable: {convert_to_tensor(variable)}"
        )


def _check_parts(parts: list[Any]) -> None:
    whole = None
    for part in parts:
        if not isinstance(part, Variable):
            raise ValueError(f"Slices must all be Variables: {part}")
        if part._save_slice_info is None:
            raise ValueError(f"Slices must all be slices: {part}")
        if whole is not None and part._save_slice_info.full_name != whole:
            raise ValueError(
                "Slices must all be from the same tensor: "
                f"{whole} != {part._save_slice_info.full_name}"
            )
        whole = part._save_slice_info.full_name


def _saveable(name: str, variable: Any, spec: str) -> Saveable:
    return Saveable(name, variable, spec, variable.dtype.base_dtype)
