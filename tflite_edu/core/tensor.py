"""`Tensor`: an output of a node, and what a script does with one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from tflite_edu.core import inference, shapes
from tflite_edu.core.dtypes import DType
from tflite_edu.core.errors import OperatorNotAllowedInGraphError
from tflite_edu.core.export import export
from tflite_edu.core.references import Reference
from tflite_edu.core.shapes import Shape, TensorShape
from tflite_edu.core.upward import upward

if TYPE_CHECKING:
    from tflite_edu.core.graph import Graph
    from tflite_edu.core.operation import Operation

_NOT_ALLOWED = (
    "{} is not allowed in Graph execution. Use Eager execution or decorate this function with "
    "@tf.function."
)


def _refuse_to_iterate() -> NoReturn:
    raise OperatorNotAllowedInGraphError(_NOT_ALLOWED.format("iterating over `tf.Tensor`"))


@export("Tensor")
class Tensor:
    """One output of an `Operation`: a handle, which has a value only while a session runs."""

    __slots__ = (
        "__weakref__",
        "_consumers",
        "_public_shape",
        "_shape",
        "assign",
        "dtype",
        "handle",
        "op",
        "value_index",
    )

    # Only a strided slice of a variable has it: `v[1:].assign(x)`.
    assign: Any

    # numpy arrays on the left of an operator leave the operation to the Tensor.
    __array_priority__ = 100

    OVERLOADABLE_OPERATORS: ClassVar[frozenset[str]]

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: Shape = None) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self._shape = shape
        self._public_shape: TensorShape | None = None
        self._consumers: list[Operation] | None = None
        # (shape, dtype) of the variable behind a resource handle.
        self.handle: tuple[Shape, DType] | None = None

    @property
    def name(self) -> str:
        """The node's name and the output's number, as in `"add:0"`."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def graph(self) -> Graph:
        """The graph that holds this tensor."""
        return self.op.graph

    @property
    def device(self) -> str:
        """The device on which the node asked to be placed, or the empty string."""
        return self.op.device

    @property
    def shape(self) -> TensorShape:
        """The static shape, as far as it is known."""
        return self.get_shape()

    @property
    def _rank(self) -> int | None:
        return None if self._shape is None else len(self._shape)

    def get_shape(self) -> TensorShape:
        """The static shape, as far as it is known."""
        # One object as long as the shape stays: an unknown Dimension equals only itself.
        public = self._public_shape
        if public is None or public._shape is not self._shape:
            public = self._public_shape = TensorShape._of(self._shape)
        return public

    def _shape_tuple(self) -> Shape:
        return self._shape

    def set_shape(self, shape: Any) -> None:
        """Adds to the static shape what the caller knows; raises ValueError where they disagree."""
        try:
            self._shape = inference.merge(self._shape, shapes.as_shape(shape))
        except inference.ShapeError as error:
            raise ValueError(str(error)) from None

    def consumers(self) -> list[Operation]:
        """The nodes that take this tensor as an input."""
        return list(self._consumers or ())

    def _add_consumer(self, op: Operation) -> None:
        if self._consumers is None:
            self._consumers = [op]
        else:
            self._consumers.append(op)

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Its value, from one run of `session` or of the default session.

        Raises ValueError where there is no session or the session is of another graph.
        """
        if session is None:
            session = upward("get_default_session")()
            if session is None:
                raise ValueError(
                    "Cannot evaluate tensor using `eval()`: No default session is registered. Use "
                    "`with sess.as_default()` or pass an explicit session to `eval(session=sess)`"
                )
            if session.graph is not self.graph:
                raise ValueError(
                    "Cannot use the default session to evaluate tensor: the tensor's graph is "
                    "different from the session's graph. Pass an explicit session to "
                    "`eval(session=sess)`."
                )
        elif session.graph is not self.graph:
            raise ValueError(
                "Cannot use the given session to evaluate tensor: the tensor's graph is different "
                "from the session's graph."
            )
        return session.run(self, feed_dict)

    if TYPE_CHECKING:
        # Set below from the names of the operators.
        def __add__(self, other: Any) -> Tensor: ...
        def __radd__(self, other: Any) -> Tensor: ...
        def __sub__(self, other: Any) -> Tensor: ...
        def __rsub__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...
        def __rmul__(self, other: Any) -> Tensor: ...
        def __truediv__(self, other: Any) -> Tensor: ...
        def __rtruediv__(self, other: Any) -> Tensor: ...
        def __floordiv__(self, other: Any) -> Tensor: ...
        def __rfloordiv__(self, other: Any) -> Tensor: ...
        def __mod__(self, other: Any) -> Tensor: ...
        def __rmod__(self, other: Any) -> Tensor: ...
        def __pow__(self, other: Any) -> Tensor: ...
        def __rpow__(self, other: Any) -> Tensor: ...
        def __matmul__(self, other: Any) -> Tensor: ...
        def __rmatmul__(self, other: Any) -> Tensor: ...
        def __and__(self, other: Any) -> Tensor: ...
        def __rand__(self, other: Any) -> Tensor: ...
        def __or__(self, other: Any) -> Tensor: ...
        def __ror__(self, other: Any) -> Tensor: ...
        def __xor__(self, other: Any) -> Tensor: ...
        def __rxor__(self, other: Any) -> Tensor: ...
        def __lt__(self, other: Any) -> Tensor: ...
        def __le__(self, other: Any) -> Tensor: ...
        def __gt__(self, other: Any) -> Tensor: ...
        def __ge__(self, other: Any) -> Tensor: ...

    def experimental_ref(self) -> Reference:
        """Something that compares and hashes by which tensor it is."""
        return Reference(self)

    def _as_node_def_input(self) -> str:
        return self.op.name if self.value_index == 0 else f"{self.op.name}:{self.value_index}"

    def __str__(self) -> str:
        shape = "" if self._shape is None else f", shape={TensorShape._of(self._shape)}"
        device = f", device={self.device}" if self.device else ""
        return f'Tensor("{self.name}"{shape}, dtype={self.dtype.name}{device})'

    def __repr__(self) -> str:
        shape = TensorShape._of(self._shape)
        return f"<tf.Tensor '{self.name}' shape={shape} dtype={self.dtype.name}>"

    def __copy__(self) -> Tensor:
        return self

    def __iter__(self) -> Iterator[Any]:
        # A generator, as in TensorFlow: iter(x) is allowed, taking from it is not.
        yield from _refuse_to_iterate()

    def __len__(self) -> NoReturn:
        raise TypeError(
            f"len is not well defined for symbolic Tensors. ({self.name}) Please call `x.shape` "
            "rather than `len(x)` for shape information."
        )

    def __bool__(self) -> bool:
        raise OperatorNotAllowedInGraphError(
            _NOT_ALLOWED.format("using a `tf.Tensor` as a Python `bool`")
        )

    __nonzero__ = __bool__

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.name}) to a numpy array."
        )

    def __getitem__(self, index: Any) -> Tensor:
        return upward("slice")(self, index)  # type: ignore[no-any-return]

    def __neg__(self) -> Tensor:
        return upward("unary")("neg", self)  # type: ignore[no-any-return]

    def __abs__(self) -> Tensor:
        return upward("unary")("abs", self)  # type: ignore[no-any-return]

    def __invert__(self) -> Tensor:
        return upward("unary")("invert", self)  # type: ignore[no-any-return]


def _binary_operator(name: str) -> Any:
    def operate(self: Any, other: Any) -> Any:
        return upward("binary")(name, self, other)

    operate.__name__ = f"__{name}__"
    return operate


def _reflected_operator(name: str) -> Any:
    def operate(self: Any, other: Any) -> Any:
        return upward("binary")(name, other, self)

    operate.__name__ = f"__r{name}__"
    return operate


REFLECTED = (
    "add",
    "sub",
    "mul",
    "div",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "matmul",
    "and",
    "or",
    "xor",
)
COMPARISONS = ("lt", "le", "gt", "ge")


def overload_operators(cls: type) -> None:
    """Gives a class the arithmetic, comparison and logic operators of `Tensor`."""
    for name in (*REFLECTED, *COMPARISONS):
        setattr(cls, f"__{name}__", _binary_operator(name))
    for name in REFLECTED:
        setattr(cls, f"__r{name}__", _reflected_operator(name))


overload_operators(Tensor)
Tensor.OVERLOADABLE_OPERATORS = frozenset(
    (
        *(f"__{name}__" for name in (*REFLECTED, *COMPARISONS)),
        *(f"__r{name}__" for name in REFLECTED),
        *("__abs__", "__bool__", "__eq__", "__getitem__", "__invert__", "__ne__", "__neg__"),
        "__nonzero__",
    )
)
