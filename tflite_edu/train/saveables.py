"""What a saver saves: variables by their names in the checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.variables.resource_variable import ResourceVariable
from tflite_edu.variables.variable import Variable


class Saveable(NamedTuple):
    """One tensor of a checkpoint.

    `tensor` is what is saved; `restore` makes the operation that assigns a restored tensor.
    """

    name: str
    variable: Any
    tensor: Tensor
    slice_spec: str
    dtype: DType

    def restore(self, restored: Tensor, shape: Any) -> Any:
        """Assigns a restored tensor, reshaped to `shape` if that is not None."""
        if shape is not None:
            restored = raw.Reshape(restored, shape)
        if isinstance(self.variable, ResourceVariable):
            restored = raw.Identity(restored)
            expected = self.variable.shape
            if not expected.is_compatible_with(restored.shape):
                raise ValueError(
                    f"Shapes {expected} and {restored.shape} are incompatible for {self.name}"
                )
            return raw.AssignVariableOp(self.variable.handle, restored)
        target = self.variable._ref() if isinstance(self.variable, Variable) else self.variable
        checked = shape is None and target.get_shape().is_fully_defined()
        return raw.Assign(target, restored, validate_shape=checked, use_locking=True)

    def shape(self) -> TensorShape:
        """The static shape of what is saved."""
        return self.tensor.get_shape()


def saveables_of(var_list: Any) -> list[Saveable]:
    """The saveables of a list of variables or of a dict from names to variables, sorted by name.

    Raises TypeError on what is no variable, ValueError where two have one name.
    """
    if isinstance(var_list, Mapping):
        return [_saveable(name, var_list[name]) for name in sorted(var_list)]
    if not isinstance(var_list, (list, tuple, set)):
        raise TypeError(f"Variables to save should be passed in a dict or a list: {var_list}")
    named: dict[str, Any] = {}
    for variable in var_list:
        if not _is_variable(variable):
            raise TypeError(f"Variable to save is not a Variable: {variable}")
        resource = isinstance(variable, ResourceVariable)
        name = variable._shared_name if resource else variable.op.name
        if name in named:
            raise ValueError(f"At least two variables have the same name: {name}")
        named[name] = variable
    return [_saveable(name, named[name]) for name in sorted(named)]


def _is_variable(value: Any) -> bool:
    if isinstance(value, Variable):
        return True
    return isinstance(value, Tensor) and value.op.type in (
        *("Variable", "VariableV2", "AutoReloadVariable", "VarHandleOp"),
        "ReadVariableOp",
    )


def _saveable(name: Any, variable: Any) -> Saveable:
    if not isinstance(name, str):
        raise TypeError(
            f"names_to_saveables must be a dict mapping string names to checkpointable "
            f"operations. Name is not a string: {name}"
        )
    if not _is_variable(variable):
        raise TypeError(
            "names_to_saveables must be a dict mapping string names to Tensors/Variables. Not a "
            f"variable: {convert_to_tensor(variable)}"
        )
    spec = ""
    if isinstance(variable, ResourceVariable):
        tensor = variable._graph_element
        dtype = variable.dtype.base_dtype
    else:
        tensor = variable._ref() if isinstance(variable, Variable) else variable
        dtype = tensor.dtype.base_dtype
    info = getattr(variable, "_save_slice_info", None)
    if info is not None:
        spec = info.spec
    return Saveable(name, variable, tensor, spec, dtype)
