"""`tf.Variable`: a value that a session keeps between runs.

There are two kinds, which behave alike but for one thing. A `RefVariable`, TensorFlow 1's usual
one, is used in place: an op that takes it sees what it holds when the op runs. A `ResourceVariable`
is read by a node of its own.
"""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NoReturn

from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.references import Reference
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor, overload_operators
from tflite_edu.core.upward import upward


@export("VariableSynchronization")
class VariableSynchronization(enum.Enum):
    """When copies of a variable on several devices are brought together."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3

    def __int__(self) -> int:
        return int(self.value)


@export("VariableAggregation")
class VariableAggregation(enum.Enum):
    """How copies of a variable on several devices are brought together."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3

    def __int__(self) -> int:
        return int(self.value)


class _Creation(type):
    """Has `Variable(...)` make the kind of variable that is asked for, through the creators."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Variable:
            return create_variable(*args, **kwargs)
        return super().__call__(*args, **kwargs)


@export("Variable")
class Variable(metaclass=_Creation):
    """A value that a session keeps between runs, and that ops may assign to.

    Args:
      initial_value: a value or tensor, or a function without arguments that makes one (its nodes
        then go under `name/Initializer/`). It gives the dtype, and the shape that the variable
        keeps.
      trainable: whether it is in the collection of trainable variables; True if None.
      collections: names of the collections that it goes into; the global variables if None.
      validate_shape: False lets the shape of the initial value be unknown, and change.
      caching_device: a device to which reads are copied.
      name: "Variable" by default.
      dtype: that of the variable; the initial value is converted to it.
      constraint: a function of the variable's value that optimizers apply after an update.
      use_resource: which kind to make; the variable scope decides if None.
      synchronization, aggregation: kept as they are.
      shape: a static shape of the variable, where it is to be less than the initial value's.

    Raises ValueError without an initial value, or where its shape is unknown and
    `validate_shape` is True.
    """

    kinds: ClassVar[dict[bool, type[Variable]]] = {}
    __signature__: ClassVar[inspect.Signature]
    _is_resource: ClassVar[bool] = False

    # numpy arrays on the left of an operator leave the operation to the variable.
    __array_priority__ = 100

    def __init_subclass__(cls, use_resource: bool | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if use_resource is not None:
            Variable.kinds[use_resource] = cls
            cls._is_resource = use_resource
        if use_resource is False:
            # What a call of `Variable` takes, for editors and `help`.
            arguments = inspect.signature(cls.__init__)
            listed = list(arguments.parameters.values())[1:]
            Variable.__signature__ = arguments.replace(parameters=listed)

    class SaveSliceInfo:
        """Which part of a partitioned variable a variable is, as checkpoints name it.

        Args:
          full_name: the name of the whole.
          full_shape, var_offset, var_shape: shape of the whole, where the part begins, its shape.
        """

        def __init__(
            self,
            full_name: str | None = None,
            full_shape: list[int] | None = None,
            var_offset: list[int] | None = None,
            var_shape: list[int] | None = None,
            save_slice_info_def: Any = None,
            import_scope: str | None = None,
        ) -> None:
            self.full_shape = full_shape
            self.var_offset = var_offset
            self.var_shape = var_shape
            if save_slice_info_def is not None:
                given = save_slice_info_def
                self.full_name = (
                    f"{import_scope}/{given.full_name}" if import_scope else given.full_name
                )
                self.full_shape = list(given.full_shape)
                self.var_offset = list(given.var_offset)
                self.var_shape = list(given.var_shape)
            else:
                self.full_name = full_name

        @property
        def spec(self) -> str:
            """The part as checkpoints write it: `"4 2 0,2:0,2"`."""
            shape = " ".join(str(dim) for dim in self.full_shape or ())
            parts = zip(self.var_offset or (), self.var_shape or (), strict=True)
            return f"{shape} " + ":".join(f"{offset},{size}" for offset, size in parts)

    _initial_value: Any
    _initializer_op: Operation
    _trainable: bool
    _constraint: Callable[[Any], Any] | None
    _synchronization: VariableSynchronization
    _aggregation: VariableAggregation
    _save_slice_info: Variable.SaveSliceInfo | None
    _where: tuple[tuple[str, int], ...]

    def _register(self, trainable: bool, collections: Any) -> None:
        """Puts the variable into its collections."""
        names = [GraphKeys.GLOBAL_VARIABLES] if collections is None else list(collections)
        if trainable and GraphKeys.TRAINABLE_VARIABLES not in names:
            names.append(GraphKeys.TRAINABLE_VARIABLES)
        self.graph.add_to_collections(names, self)

    @property
    def name(self) -> str:
        """The name, as in `"w:0"`."""
        raise NotImplementedError

    @property
    def dtype(self) -> DType:
        """The type of the elements; of a RefVariable a reference type, as in `float32_ref`."""
        raise NotImplementedError

    @property
    def op(self) -> Operation:
        """The node that holds the variable."""
        raise NotImplementedError

    @property
    def shape(self) -> TensorShape:
        """The static shape."""
        raise NotImplementedError

    def value(self) -> Tensor:
        """The variable as a tensor."""
        raise NotImplementedError

    def read_value(self) -> Tensor:
        """A new node that reads the variable, after the control dependencies that are open."""
        raise NotImplementedError

    def initialized_value(self) -> Tensor:
        """Its value, or the initial value as long as it has none."""
        raise NotImplementedError

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Puts `value`, of the variable's shape, into the variable.

        Returns the variable as it is after that, or the node with `read_value=False`. Raises
        ValueError where the shapes are known to differ.
        """
        raise NotImplementedError

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Adds `delta` to the variable; see `assign`."""
        raise NotImplementedError

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtracts `delta` from the variable; see `assign`."""
        raise NotImplementedError

    def count_up_to(self, limit: int) -> Tensor:
        """Adds 1 and gives what it was before; a run raises OutOfRangeError at `limit`."""
        raise NotImplementedError

    def _as_graph_element(self) -> Tensor:
        raise NotImplementedError

    def _snapshot_element(self) -> Tensor:
        """The tensor by which files name the variable's value."""
        raise NotImplementedError

    @property
    def graph(self) -> Graph:
        """The graph that holds the variable."""
        return self.op.graph

    @property
    def device(self) -> str:
        """The device on which the variable asked to be placed, or the empty string."""
        return self.op.device

    @property
    def initializer(self) -> Operation:
        """The node that gives the variable its initial value."""
        return self._initializer_op

    @property
    def initial_value(self) -> Any:
        """The tensor of the initial value."""
        return self._initial_value

    @property
    def trainable(self) -> bool:
        """Whether optimizers change the variable by default."""
        return self._trainable

    @property
    def constraint(self) -> Callable[[Any], Any] | None:
        """The function that optimizers apply to the value after an update, or None."""
        return self._constraint

    @property
    def synchronization(self) -> VariableSynchronization:
        """When copies would be brought together."""
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        """How copies would be brought together."""
        return self._aggregation

    @property
    def _shared_name(self) -> str:
        return self.name.partition(":")[0]

    @property
    def _in_graph_mode(self) -> bool:
        return True

    def get_shape(self) -> TensorShape:
        """The static shape."""
        return self.shape

    def eval(self, session: Any = None) -> Any:
        """Its value, from one run of `session` or of the default session.

        Raises ValueError where there is no session.
        """
        return self._as_graph_element().eval(session=session)

    def load(self, value: Any, session: Any = None) -> None:
        """Gives the variable a value in `session`, or in the default session.

        Raises ValueError where there is no session or the shape does not fit.
        """
        session = session or upward("get_default_session")()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should be "
                "established"
            )
        session.run(self.initializer, {self.initializer.inputs[1]: value})

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The variable as a VariableDef proto, which names its nodes.

        Names are relative to `export_scope`; None where the variable lies outside of it.
        """
        return upward("variable_def")(self, export_scope)

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> Variable:
        """The variable whose nodes, already in the graph, a VariableDef names.

        Names are taken relative to `import_scope`. Raises KeyError where there is no such node.
        """
        return create_variable(variable_def=variable_def, import_scope=import_scope)

    def experimental_ref(self) -> Reference:
        """Something that compares and hashes by which variable it is."""
        return Reference(self)

    def _set_save_slice_info(self, save_slice_info: Variable.SaveSliceInfo | None) -> None:
        self._save_slice_info = save_slice_info

    def _get_save_slice_info(self) -> Variable.SaveSliceInfo | None:
        return self._save_slice_info

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __iter__(self) -> NoReturn:
        raise TypeError("'Variable' object is not iterable.")

    def __neg__(self) -> Tensor:
        return upward("unary")("neg", self)

    def __abs__(self) -> Tensor:
        return upward("unary")("abs", self)

    def __invert__(self) -> Tensor:
        return upward("unary")("invert", self)


overload_operators(Variable)


def sliced_parts(sparse_delta: Any) -> tuple[Any, Any]:
    """Indices and values of an `IndexedSlices`; raises TypeError on anything else."""
    if not isinstance(sparse_delta, IndexedSlices):
        raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
    return sparse_delta.indices, sparse_delta.values


def checked_arguments(initial_value: Any, collections: Any, constraint: Any) -> None:
    """Raises ValueError on arguments with which no variable can be made."""
    if initial_value is None:
        raise ValueError("initial_value must be specified.")
    if collections is not None and (
        isinstance(collections, str) or not isinstance(collections, Iterable)
    ):
        raise ValueError(
            "collections argument to Variable constructor must be a list, tuple, or set. Got "
            f"{collections} of type {type(collections)}"
        )
    if constraint is not None and not callable(constraint):
        raise ValueError("The `constraint` argument must be a callable.")


class _Default:
    """Whether variables are resource variables where neither script nor scope says so."""

    use_resource = False


@export("enable_resource_variables")
def enable_resource_variables() -> None:
    """Makes variables resource variables where neither `use_resource` nor a scope says so."""
    _Default.use_resource = True


@export("disable_resource_variables")
def disable_resource_variables() -> None:
    """Makes variables reference variables where neither `use_resource` nor a scope says so."""
    _Default.use_resource = False


@export("resource_variables_enabled")
def resource_variables_enabled() -> bool:
    """Whether variables are resource variables by default."""
    return _Default.use_resource


def create_variable(
    initial_value: Any = None,
    trainable: bool | None = None,
    collections: Any = None,
    validate_shape: bool = True,
    caching_device: Any = None,
    name: str | None = None,
    variable_def: Any = None,
    dtype: Any = None,
    expected_shape: Any = None,
    import_scope: str | None = None,
    constraint: Callable[[Any], Any] | None = None,
    use_resource: bool | None = None,
    synchronization: VariableSynchronization = VariableSynchronization.AUTO,
    aggregation: VariableAggregation = VariableAggregation.NONE,
    shape: Any = None,
) -> Any:
    """What `Variable(...)` does: the innermost creator is asked first."""
    make: Callable[..., Any] = _make
    for creator in get_default_graph().attachments.get("variable_creators", ()):
        make = _asking(creator, make)
    return make(
        initial_value=initial_value,
        trainable=trainable,
        collections=collections,
        validate_shape=validate_shape,
        caching_device=caching_device,
        name=name,
        variable_def=variable_def,
        dtype=dtype,
        expected_shape=expected_shape,
        import_scope=import_scope,
        constraint=constraint,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
        shape=shape,
    )


def _asking(creator: Callable[..., Any], following: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **kwargs: creator(following, **kwargs)


def _make(*, use_resource: bool | None = None, **kwargs: Any) -> Variable:
    """The variable itself, once the creators have had their say."""
    if kwargs["variable_def"] is not None:
        use_resource = kwargs["variable_def"].is_resource
    if use_resource is None:
        use_resource = upward("get_variable_scope")().use_resource
    if use_resource is None:
        use_resource = _Default.use_resource
    return Variable.kinds[bool(use_resource)](**kwargs)


@export("variable_creator_scope")
@contextmanager
def variable_creator_scope(variable_creator: Callable[..., Any]) -> Iterator[None]:
    """Has `variable_creator(next_creator, **kwargs)` make the variables that are made inside.

    The keyword arguments are `tf.Variable`'s. The creator returns a variable, which it usually
    lets `next_creator(**kwargs)` make.
    """
    attachments = get_default_graph().attachments
    saved = attachments.get("variable_creators", [])
    attachments["variable_creators"] = [*saved, variable_creator]
    try:
        yield
    finally:
        attachments["variable_creators"] = saved
