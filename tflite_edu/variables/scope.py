"""`tf.variable_scope` and `tf.get_variable`: variables found and shared by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph, graph_of
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import name_scope
from tflite_edu.variables.store import VariableStore
from tflite_edu.variables.variable import VariableAggregation, VariableSynchronization
from tflite_edu.variables.variable_scope import AUTO_REUSE, VariableScope, first_given


@export("get_variable_scope")
def get_variable_scope() -> VariableScope:
    """The variable scope that is open, or the graph's root scope."""
    attachments = get_default_graph().attachments
    found: VariableScope | None = attachments.get("variable_scope")
    if found is None:
        found = attachments["variable_scope"] = VariableScope(False)
    return found


@export("get_variable")
def get_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
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
    """The variable `name` of the open variable scope: made, or shared as the scope's `reuse` says.

    What is None comes from the scope. `initializer` is an object of `tf.initializers`, a function
    of shape and dtype, a function of nothing, or a value (without `shape`); without any, floating
    variables start with Glorot's uniform initializer, others with zeros. `regularizer` is a
    function of the variable whose result joins the regularization losses. `custom_getter(getter,
    name, ...)` is asked in place of the getter.

    Raises ValueError where the variable must not exist and does, must exist and does not, or has
    another shape or dtype.
    """
    return get_variable_scope().get_variable(
        VariableStore.of(get_default_graph()),
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


@export("get_local_variable")
def get_local_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = False,
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
    """`tf.get_variable` for a variable of this process: not trained, not saved.

    It goes into the local variables, and into `collections`.
    """
    return get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=False,
        collections=[*(collections or ()), GraphKeys.LOCAL_VARIABLES],
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


@export("variable_scope")
class variable_scope:
    """A scope in which `tf.get_variable` makes and shares variables; opens a name scope too.

    `name_or_scope` is a name, relative to the open scope, or a `VariableScope` to open once more
    (its name is taken as it is, a new name scope is opened). Where it is None, `default_name` made
    unique serves. `values` are checked to come from one graph. `reuse` (None inherits) True or
    `tf.AUTO_REUSE` holds in inner scopes too. The other arguments become the scope's defaults. With
    `auxiliary_name_scope=False` no name scope is opened.

    Raises TypeError without a name, ValueError on a `reuse` that is not one.
    """

    def __init__(
        self,
        name_or_scope: Any,
        default_name: str | None = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: bool | None = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if reuse not in (None, False, True, AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(
                "The auxiliary_name_scope must be `True` or `False`, while get "
                f"{auxiliary_name_scope}"
            )
        if name_or_scope is not None and not isinstance(name_or_scope, (str, VariableScope)):
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        if name_or_scope is None and reuse:
            raise ValueError("reuse=True cannot be used without a name_or_scope")
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._graph = graph_of(values) if values else None
        self._reuse = reuse
        self._dtype = dtype
        self._auxiliary_name_scope = auxiliary_name_scope
        self._custom_getter = custom_getter
        self._settings = {
            "initializer": initializer,
            "regularizer": regularizer,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "use_resource": use_resource,
            "constraint": constraint,
        }
        self._opened: list[ExitStack] = []
        self._original: str | None = None

    def __enter__(self) -> VariableScope:
        with ExitStack() as opened:
            if self._graph is not None and self._graph is not get_default_graph():
                opened.enter_context(self._graph.as_default())
            scope = opened.enter_context(self._open())
            self._opened.append(opened.pop_all())
        return scope

    def __exit__(self, *_: object) -> None:
        self._opened.pop().close()

    @contextmanager
    def _open(self) -> Iterator[VariableScope]:
        given = self._name_or_scope
        with ExitStack() as names:
            name, original = given, ""
            if given is None:
                original = names.enter_context(self._names(self._default_name))
                store = VariableStore.of(get_default_graph())
                name = store.unique_scope(self._default_name or "", get_variable_scope().name)
            elif isinstance(given, VariableScope):
                last = given.name.rpartition("/")[2]
                if last or not self._auxiliary_name_scope:
                    names.enter_context(self._names(last))
                original = given.original_name_scope
            elif given or not self._auxiliary_name_scope:
                original = names.enter_context(self._names(given))
            if given is not None:
                # Opened once more, it still names the name scope of the first time.
                self._original = original = original if self._original is None else self._original
            with self._variables(name, original) as scope:
                yield scope

    def _names(self, name: Any) -> Any:
        """The name scope to open: one of that name, or the one that is open already."""
        if self._auxiliary_name_scope:
            return name_scope(name)
        current = get_default_graph().get_name_scope()
        return name_scope(f"{current}/" if current else "")

    @contextmanager
    def _variables(self, name_or_scope: Any, original: str) -> Iterator[VariableScope]:
        """Opens the scope for variables, without a name scope."""
        graph = get_default_graph()
        store = VariableStore.of(graph)
        outer = get_variable_scope()
        jumps = isinstance(name_or_scope, VariableScope)
        scope = (
            self._reopened(name_or_scope, original)
            if jumps
            else self._inner(outer, name_or_scope, original)
        )
        saved = {k: dict(v) for k, v in store.scope_counts.items()} if jumps else {}
        store.open_scope(scope.name)
        graph.attachments["variable_scope"] = scope
        try:
            yield scope
        finally:
            graph.attachments["variable_scope"] = outer
            store.close_subscopes(scope.name)
            if jumps:
                store.scope_counts = saved

    def _reopened(self, scope: VariableScope, original: str) -> VariableScope:
        return self._scope(
            scope,
            scope.name,
            self._reuse or scope.reuse,
            original,
            outer_getter=scope.custom_getter,
        )

    def _inner(self, outer: VariableScope, name: str, original: str) -> VariableScope:
        full_name = f"{outer.name}/{name}" if outer.name else name
        return self._scope(
            outer,
            full_name,
            self._reuse or outer.reuse,
            original,
            outer_getter=outer.custom_getter,
        )

    def _scope(
        self, base: VariableScope, name: str, reuse: Any, original: str, outer_getter: Any
    ) -> VariableScope:
        settings = {k: first_given(v, getattr(base, k)) for k, v in self._settings.items()}
        getter = self._custom_getter
        if getter is None:
            getter = outer_getter
        elif outer_getter is not None:
            getter = _chained(getter, outer_getter)
        return VariableScope(
            reuse,
            name=name,
            custom_getter=getter,
            name_scope=original,
            dtype=first_given(self._dtype, base.dtype),
            **settings,
        )


def _chained(inner: Callable[..., Any], outer: Callable[..., Any]) -> Callable[..., Any]:
    """A custom getter that asks `inner`, whose getter is `outer`."""

    def get(getter: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def ask_outer(*more: Any, **keywords: Any) -> Any:
            return outer(getter, *more, **keywords)

        return inner(ask_outer, *args, **kwargs)

    return get


@export("variable_op_scope")
@contextmanager
def variable_op_scope(
    values: Any,
    name_or_scope: Any,
    default_name: str | None = None,
    initializer: Any = None,
    regularizer: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    reuse: Any = None,
    dtype: DType | None = None,
    use_resource: bool | None = None,
    constraint: Any = None,
) -> Iterator[VariableScope]:
    """`tf.variable_scope` with its arguments in the old order."""
    with variable_scope(
        name_or_scope,
        default_name=default_name,
        values=values,
        initializer=initializer,
        regularizer=regularizer,
        caching_device=caching_device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        reuse=reuse,
        dtype=dtype,
        use_resource=use_resource,
        constraint=constraint,
    ) as scope:
        yield scope
