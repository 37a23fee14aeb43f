"""Finding a graph's nodes and tensors by name."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor


class Elements:
    """The nodes of a `Graph` by name, and what stands for one."""

    _by_name: dict[str, Operation]

    def as_graph_element(
        self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> Any:
        """The `Tensor` or `Operation` that an object or a name stands for.

        Raises KeyError where there is none of that name, ValueError where it is of another graph or
        badly named, TypeError where it is neither.
        """
        if allow_tensor and allow_operation:
            wanted = "Tensor or Operation"
        elif allow_tensor:
            wanted = "Tensor"
        elif allow_operation:
            wanted = "Operation"
        else:
            raise ValueError("allow_tensor and allow_operation can't both be False.")
        if not isinstance(obj, (Tensor, Operation, str, bytes)):
            convert = getattr(obj, "_as_graph_element", None)
            if convert is not None:
                obj = convert()
        if isinstance(obj, bytes):
            obj = obj.decode()
        if isinstance(obj, str):
            if ":" in obj and allow_tensor:
                return self._tensor_named(obj)
            if ":" in obj:
                raise ValueError(f"Name '{obj}' appears to refer to a Tensor, not a {wanted}.")
            if allow_operation:
                if obj not in self._by_name:
                    raise KeyError(f"The name '{obj}' refers to an Operation not in the graph.")
                return self._by_name[obj]
            if obj in self._by_name:
                raise ValueError(
                    f"The name '{obj}' refers to an Operation, not a {wanted}. Tensor names must "
                    f"be "
                    'of the form "<op_name>:<output_index>".'
                )
            raise ValueError(
                f"The name '{obj}' looks like an (invalid) Operation name, not a {wanted}. "
                f"Tensor names must be of the "
                'form "<op_name>:<output_index>".'
            )
        if (isinstance(obj, Tensor) and allow_tensor) or (
            isinstance(obj, Operation) and allow_operation
        ):
            if obj.graph is not self:
                kind = "Tensor" if isinstance(obj, Tensor) else "Operation"
                raise ValueError(f"{kind} {obj} is not an element of this graph.")
            return obj
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")

    def _tensor_named(self, name: str) -> Tensor:
        op_name, _, index = name.rpartition(":")
        if not index.isdigit() or ":" in op_name:
            raise ValueError(
                f"The name '{name}' looks a like a Tensor name, but is not a valid one. Tensor "
                f"names must be of the form "
                '"<op_name>:<output_index>".'
            )
        op = self._by_name.get(op_name)
        if op is None:
            raise KeyError(
                f"The name '{name}' refers to a Tensor which does not exist. The operation, "
                f"'{op_name}', does not exist in the graph."
            )
        if int(index) >= len(op._outputs):
            raise KeyError(
                f"The name '{name}' refers to a Tensor which does not exist. The operation, "
                f"'{op_name}', exists but only has {len(op._outputs)} outputs."
            )
        return op._outputs[int(index)]

    def get_operation_by_name(self, name: str) -> Operation:
        """The node of that name; raises KeyError where there is none, TypeError on no string."""
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_tensor=False)  # type: ignore[no-any-return]

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of that name ("op:0"); raises KeyError, ValueError or TypeError."""
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_operation=False)  # type: ignore[no-any-return]
