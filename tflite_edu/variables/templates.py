"""`tf.make_template`: a function whose variables are made in its first call, then shared."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.variables.scope import get_variable_scope, variable_scope
from tflite_edu.variables.store import VariableStore
from tflite_edu.variables.variable_scope import VariableScope


@export("make_template")
def make_template(
    name_: str,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Callable[..., Any] | None = None,
    **kwargs: Any,
) -> Template:
    """A function like `func_`, all calls of which share what they get by `tf.get_variable`.

    Its variables lie in a variable scope of its own: `name_`, made unique in the scope that is open
    in its first call (now, with `create_scope_now_`), or `unique_name_` as it is. `kwargs` are
    passed on in each call. `custom_getter_` is that of the scope.

    A later call raises ValueError where it asks for a variable that the first did not make.
    Raises ValueError where `name_` is None.
    """
    if name_ is None:
        raise ValueError("name cannot be None.")
    if kwargs:
        func_ = functools.partial(func_, **kwargs)
    return Template(name_, func_, create_scope_now_, unique_name_, custom_getter_)


class Template:
    """What `tf.make_template` returns; TensorFlow gives its class no public name."""

    def __init__(
        self,
        name: str,
        func: Callable[..., Any],
        create_scope_now: bool = False,
        unique_name: str | None = None,
        custom_getter: Callable[..., Any] | None = None,
    ) -> None:
        self._name = name
        self._func = func
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        self._variables_created = False
        self._variable_scope: VariableScope | None = None
        if create_scope_now:
            store = VariableStore.of(get_default_graph())
            unique = unique_name or store.unique_scope(name, get_variable_scope().name)
            with variable_scope(
                unique, custom_getter=custom_getter, auxiliary_name_scope=False
            ) as scope:
                self._variable_scope = scope

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function returns for these arguments, in the template's variable scope."""
        if self._variable_scope is not None:
            opened = variable_scope(self._variable_scope, reuse=self._variables_created)
        else:
            opened = variable_scope(
                self._unique_name, self._name, custom_getter=self._custom_getter
            )
        with opened as scope:
            if self._variable_scope is None:
                self._variable_scope = scope
            return self._called(args, kwargs)

    def _called(self, args: Any, kwargs: dict[str, Any]) -> Any:
        trained = get_default_graph().get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
        before = len(trained)
        result = self._func(*args, **kwargs)
        if self._variables_created and len(trained) != before:
            raise ValueError(
                "Trainable variable created when calling a template after the first time, perhaps "
                f"you used tf.Variable when you meant tf.get_variable: {trained[before:]}"
            )
        self._variables_created = True
        return result

    @property
    def name(self) -> str:
        """The name that was asked for."""
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        """The function."""
        return self._func

    @property
    def variable_scope(self) -> VariableScope | None:
        """The scope of its variables, None before the first call."""
        return self._variable_scope

    @property
    def var_scope(self) -> VariableScope | None:
        """Another name of `variable_scope`."""
        return self._variable_scope

    @property
    def variable_scope_name(self) -> str | None:
        """The name of its scope with a slash, None before the first call."""
        if self._variable_scope is None:
            return None
        name = self._variable_scope.name
        return name if not name or name.endswith("/") else f"{name}/"

    def _collected(self, collection: str) -> list[Any]:
        if not self._variables_created:
            return []
        return get_default_graph().get_collection(collection, self.variable_scope_name)

    @property
    def global_variables(self) -> list[Any]:
        """The global variables of its scope."""
        return self._collected(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self) -> list[Any]:
        """The local variables of its scope."""
        return self._collected(GraphKeys.LOCAL_VARIABLES)

    @property
    def variables(self) -> list[Any]:
        """The global variables of its scope, then the local ones."""
        return self.global_variables + self.local_variables

    @property
    def weights(self) -> list[Any]:
        """Another name of `variables`."""
        return self.variables

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables of its scope that are trained."""
        return self._collected(GraphKeys.TRAINABLE_VARIABLES)

    @property
    def trainable_weights(self) -> list[Any]:
        """Another name of `trainable_variables`."""
        return self.trainable_variables

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The variables of its scope that are not trained."""
        trained = set(map(id, self.trainable_variables))
        return [variable for variable in self.variables if id(variable) not in trained]

    @property
    def non_trainable_weights(self) -> list[Any]:
        """Another name of `non_trainable_variables`."""
        return self.non_trainable_variables
