"""`VariableScope`: what `tf.get_variable` takes where its arguments are None."""

from __future__ import annotations

import enum
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import name_scope
from tflite_edu.variables.store import VariableStore
from tflite_edu.variables.variable import VariableAggregation, VariableSynchronization


class _ReuseMode(enum.Enum):
    """How a scope shares variables, where True and False do not say it."""

    AUTO_REUSE = 1


AUTO_REUSE = _ReuseMode.AUTO_REUSE
"""Share a variable if it exists, else make it."""

EXPORTS = {"AUTO_REUSE": "AUTO_REUSE"}


@export("no_regularizer")
def no_regularizer(_: Any) -> None:
    """A regularizer that adds nothing, for use where a scope sets one."""
    return None


@export("VariableScope")
class VariableScope:
    """What `tf.get_variable` takes where its arguments are None; made by `tf.variable_scope`.

    `name` prefixes the names of variables, `original_name_scope` is the name scope in which it was
    first opened. `reuse` says whether variables are shared: False or None makes new ones, True
    takes those that exist, `tf.AUTO_REUSE` does either.
    """

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        name_scope: str = "",
        dtype: Any = dtypes.float32,
        use_resource: bool | None = None,
        constraint: Any = None,
    ) -> None:
        self._name = name
        self._initializer = initializer
        self._regularizer = regularizer
        self._reuse = reuse
        self._caching_device = caching_device
        self._partitioner = partitioner
        self._custom_getter = custom_getter
        self._name_scope = name_scope
        self._dtype = dtype
        self._use_resource = use_resource
        self._constraint = constraint

    @property
    def name(self) -> str:
        """The prefix of its variables' names."""
        return self._name

    @property
    def original_name_scope(self) -> str:
        """The name scope in which it was first opened."""
        return self._name_scope

    @property
    def reuse(self) -> Any:
        """Whether variables are shared."""
        return self._reuse

    @property
    def initializer(self) -> Any:
        """The default initializer."""
        return self._initializer

    @property
    def dtype(self) -> Any:
        """The default type."""
        return self._dtype

    @property
    def use_resource(self) -> bool | None:
        """Whether variables are resource variables, or None."""
        return self._use_resource

    @property
    def regularizer(self) -> Any:
        """The default regularizer."""
        return self._regularizer

    @property
    def caching_device(self) -> Any:
        """The default device to which reads are copied."""
        return self._caching_device

    @property
    def partitioner(self) -> Any:
        """The default partitioner."""
        return self._partitioner

    @property
    def custom_getter(self) -> Any:
        """The default function that is asked for variables."""
        return self._custom_getter

    @property
    def constraint(self) -> Any:
        """The default constraint."""
        return self._constraint

    def reuse_variables(self) -> None:
        """From now on takes variables that exist."""
        self._reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Sets the default initializer."""
        self._initializer = initializer

    def set_dtype(self, dtype: Any) -> None:
        """Sets the default type."""
        self._dtype = dtype

    def set_use_resource(self, use_resource: bool | None) -> None:
        """Sets whether variables are resource variables."""
        self._use_resource = use_resource

    def set_regularizer(self, regularizer: Any) -> None:
        """Sets the default regularizer."""
        self._regularizer = regularizer

    def set_caching_device(self, caching_device: Any) -> None:
        """Sets the default device to which reads are copied."""
        self._caching_device = caching_device

    def set_partitioner(self, partitioner: Any) -> None:
        """Sets the default partitioner."""
        self._partitioner = partitioner

    def set_custom_getter(self, custom_getter: Any) -> None:
        """Sets the default function that is asked for variables."""
        self._custom_getter = custom_getter

    def get_collection(self, name: str) -> list[Any]:
        """The members of a collection whose names lie in this scope."""
        scope = f"{self._name}/" if self._name else self._name
        return get_default_graph().get_collection(name, scope)

    def trainable_variables(self) -> list[Any]:
        """The trainable variables of this scope."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def global_variables(self) -> list[Any]:
        """The global variables of this scope."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self) -> list[Any]:
        """The local variables of this scope."""
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def get_variable(
        self,
        var_store: VariableStore,
        name: str,
        shape: Any = None,
        dtype: Any = None,
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
        """See `tf.get_variable`: what is None is taken from this scope."""
        full_name = f"{self._name}/{name}" if self._name else name
        # Names of variables come from variable scopes alone.
        with name_scope(None):
            if dtype is not None and initializer is not None and not callable(initializer):
                given = convert_to_tensor(initializer).dtype.base_dtype
                if given != dtype:
                    raise ValueError(
                        f"Initializer type '{given}' and explicit dtype '{dtype}' don't match."
                    )
            return var_store.get_variable(
                full_name,
                shape=shape,
                dtype=first_given(dtype, self._dtype),
                initializer=first_given(initializer, self._initializer),
                regularizer=first_given(regularizer, self._regularizer),
                reuse=first_given(reuse, self._reuse),
                trainable=trainable,
                collections=collections,
                caching_device=first_given(caching_device, self._caching_device),
                partitioner=first_given(partitioner, self._partitioner),
                validate_shape=validate_shape,
                use_resource=first_given(use_resource, self._use_resource),
                custom_getter=first_given(custom_getter, self._custom_getter),
                constraint=first_given(constraint, self._constraint),
                synchronization=synchronization,
                aggregation=aggregation,
            )


def first_given(given: Any, default: Any) -> Any:
    """What was given, or the default in place of None."""
    return default if given is None else given
