"""What an operation is: one class holds all facts about an op type.

A subclass of `Op` is named as TensorFlow names the op type. Its `inputs` and `outputs` ("x: T",
"values: N*T", "ref: Ref(T)", "shape: int32") together with its annotated attributes are the OpDef;
`infer`, `forward` and `backward` say what it does. An instance holds one choice of attribute values
and nothing else: many nodes of a graph share one instance.
"""

from __future__ import annotations

import importlib
import inspect
import math
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple

import numpy

from tflite_edu.core import dtypes
from tflite_edu.core.dtypes import DType
from tflite_edu.core.shapes import Shape, as_shape

REGISTRY: dict[str, type[Op]] = {}


class Unset:
    """The type of REQUIRED, which marks an attribute that has no default."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = Unset()


class Attribute(NamedTuple):
    """One attribute of an op type: its kind in the OpDef and what values it takes."""

    name: str
    kind: str
    default: Any = REQUIRED
    allowed: tuple[Any, ...] = ()
    minimum: int | None = None


class Argument(NamedTuple):
    """One input or output of an op type.

    Exactly one of `dtype` (fixed), `type_attr` and `type_list_attr` says its type; `number_attr`
    names the attribute that counts its tensors where it is a list of one type.
    """

    name: str
    dtype: DType | None
    type_attr: str | None
    number_attr: str | None
    type_list_attr: str | None
    is_ref: bool

    @property
    def is_list(self) -> bool:
        return self.number_attr is not None or self.type_list_attr is not None


def attr(*allowed: Any, default: Any = REQUIRED, minimum: int | None = None) -> Any:
    """Declares an attribute: the values it may take, its default, the least length or value."""
    return (allowed, default, minimum)


KINDS: dict[Any, str] = {
    "bool": "bool",
    "int": "int",
    "float": "float",
    "str": "string",
    "bytes": "string",
    "DType": "type",
    "Shape": "shape",
    "TensorValue": "tensor",
    "Function": "func",
    "list[bool]": "list(bool)",
    "list[int]": "list(int)",
    "list[float]": "list(float)",
    "list[str]": "list(string)",
    "list[DType]": "list(type)",
    "list[Shape]": "list(shape)",
    "list[TensorValue]": "list(tensor)",
    "list[Function]": "list(func)",
}

TensorValue = numpy.ndarray
Function = str


class FunctionWithAttributes(NamedTuple):
    """A function as an attribute's value, with attributes of its own (name, serialized proto)."""

    name: str
    attributes: tuple[tuple[str, bytes], ...]


def _text(value: Any) -> str | bytes:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value
    if not isinstance(value, str):
        raise TypeError(f"expected a string, got {value!r} of type '{type(value).__name__}'")
    return value


def _tensor(value: Any) -> numpy.ndarray:
    array = numpy.asarray(value)
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    return array


def _integer(value: Any) -> int:
    # Like TensorFlow's, an int attribute takes a float and drops its fraction.
    return int(_number(value))


def _float(value: Any) -> float:
    # An OpDef's float attribute is a 32-bit number.
    return float(numpy.float32(float(_number(value))))


def _number(value: Any) -> Any:
    if isinstance(value, (str, bytes)):
        raise TypeError(f"expected a number, got {value!r}")
    return value.item() if isinstance(value, numpy.ndarray) and value.size == 1 else value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected bool, got {value!r}")
    return value


_NORMALISE: dict[str, Callable[[Any], Any]] = {
    "bool": _boolean,
    "int": _integer,
    "float": _float,
    "string": _text,
    "type": lambda value: dtypes.as_dtype(value),
    "shape": as_shape,
    "tensor": _tensor,
    "func": lambda value: value if isinstance(value, FunctionWithAttributes) else _text(value),
}


def normalise(kind: str, value: Any) -> Any:
    """An attribute value in the one form in which ops hold it: lists and shapes as tuples."""
    if kind.startswith("list("):
        one = _NORMALISE[kind[5:-1]]
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise TypeError(f"expected a list, got {value!r}")
        return tuple(one(v) for v in value)
    return _NORMALISE[kind](value)


class Signature:
    """The OpDef of a class: inputs, outputs and attributes in order."""

    __slots__ = (
        *("attributes", "has_floats", "has_lists", "has_refs", "input_names", "inputs", "outputs"),
    )

    def __init__(
        self,
        attributes: dict[str, Attribute],
        inputs: Iterable[Argument],
        outputs: Iterable[Argument],
    ) -> None:
        self.attributes = attributes
        self.has_floats = any(a.kind == "float" for a in attributes.values())
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.input_names = tuple(a.name for a in self.inputs)
        self.has_lists = any(a.is_list for a in self.inputs)
        self.has_refs = any(a.is_ref for a in self.inputs)

    @classmethod
    def of(cls, op: type[Op]) -> Signature:
        """What the annotations, `inputs` and `outputs` of an op class say."""
        attributes = _declared_attributes(op)
        return cls(
            attributes,
            [_argument(text, attributes) for text in op.inputs],
            [_argument(text, attributes) for text in op.outputs],
        )

    def output_types(self, values: dict[str, Any]) -> tuple[DType, ...]:
        """The dtypes of a node's outputs with these attribute values, ref types included."""
        types: list[DType] = []
        for argument in self.outputs:
            if argument.type_list_attr is not None:
                listed = values[argument.type_list_attr]
            else:
                dtype = argument.dtype or values[argument.type_attr or ""]
                listed = [dtype] * (values[argument.number_attr] if argument.number_attr else 1)
            types += [t._as_ref for t in listed] if argument.is_ref else listed
        return tuple(types)


def _declared_attributes(cls: type[Op]) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    for base in reversed(cls.__mro__):
        if base is Op:
            continue
        annotations = inspect.get_annotations(base)
        inherited = [n for n in vars(base) if n in attributes and n not in annotations]
        for name in (*annotations, *inherited):
            kind = annotations.get(name)
            if kind is None:
                kind_name = attributes[name].kind
            elif "ClassVar" in str(kind):
                continue
            else:
                kind_name = KINDS[kind if isinstance(kind, str) else _annotation_text(kind)]
            declared = vars(base).get(name, REQUIRED)
            allowed: tuple[Any, ...] = ()
            minimum = None
            default = declared
            if isinstance(declared, tuple) and len(declared) == 3 and _is_declaration(declared):
                allowed, default, minimum = declared
            if default is not REQUIRED:
                default = normalise(kind_name, default)
            attributes[name] = Attribute(name, kind_name, default, allowed, minimum)
    return attributes


def _argument(text: str, attributes: dict[str, Attribute]) -> Argument:
    name, _, kind = (part.strip() for part in text.partition(":"))
    is_ref = kind.startswith("Ref(")
    if is_ref:
        kind = kind[4:-1]
    number = None
    if "*" in kind:
        number, kind = kind.split("*")
    declared = attributes.get(kind)
    if declared is None:
        return Argument(name, dtypes.as_dtype(kind), None, number, None, is_ref)
    if declared.kind == "list(type)":
        return Argument(name, None, None, number, kind, is_ref)
    return Argument(name, None, kind, number, None, is_ref)


def _is_declaration(declared: tuple[Any, ...]) -> bool:
    return isinstance(declared[0], tuple) and (declared[2] is None or isinstance(declared[2], int))


def _annotation_text(kind: Any) -> str:
    if kind is TensorValue:
        return "TensorValue"
    if kind == Shape:
        return "Shape"
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


class Op:
    """Base of all operations.

    Class facts:
      inputs, outputs   the arguments, as "name: type"
      effect            None, or what a run touches: "random", "variable", "print", "file", "queue",
                        "python", "check", "feed". Passes look only at this. An effectful `forward`
                        is handed a `Host` in place of numpy.
      stateful          the OpDef's is_stateful (true of most effects)
      writes            names of the inputs whose variable a run writes; None stands for all ref
                        inputs of an op whose effect is "variable"
      may_alias         whether an output may be an input's memory, or a view of it
      infer_from        for inputs of which `infer` wants more than the shape: "value" (the constant
                        array or None), "partial" (the value read as a shape, dimensions known so
                        far), "value and partial" (both), "handle" ((shape, dtype) behind a
                        resource, or None)
      value_shapes      the shapes that inputs must have of which `infer` is handed only the value
      infer_also        names of inputs whose shapes `infer` is handed once more, after all others,
                        where a node is made; None in their place where a plan sharpens shapes
      uninitialized     whether its ref inputs may be uninitialized
      commutative, aggregate   as in the OpDef

    Methods:
      infer(*shapes)          shapes of the outputs: one Shape for one output, a list for several
      forward(np, *arrays)    the values; `np` is numpy or a module like it
      backward(op, *grads)    new nodes, one gradient for each input (None where there is none);
                              absent where the op has no gradient; `backward = None` where its
                              gradient is declared to be nothing
      from_shapes(*shapes)    the value where shapes alone determine it, else None
      partial_shape(tensor)   what is known of the value of a 1-D output that is read as a shape
    """

    inputs: ClassVar[tuple[str, ...]] = ()
    outputs: ClassVar[tuple[str, ...]] = ()
    effect: ClassVar[str | None] = None
    stateful: ClassVar[bool] = False
    writes: ClassVar[tuple[str, ...] | None] = None
    may_alias: ClassVar[bool] = False
    infer_from: ClassVar[dict[str, str]] = {}
    value_shapes: ClassVar[dict[str, tuple[int | None, ...]]] = {}
    infer_also: ClassVar[tuple[str, ...]] = ()
    uninitialized: ClassVar[bool] = False
    commutative: ClassVar[bool] = False
    aggregate: ClassVar[bool] = False
    # The dtypes of the outputs lie beside the attributes, not among them.
    __slots__ = ("__dict__", "output_types")

    output_types: tuple[DType, ...]
    signature: ClassVar[Signature]
    op_type: ClassVar[str] = "Op"
    _interned: ClassVar[dict[tuple[Any, ...], Op]] = {}

    from_shapes: ClassVar[Callable[..., Any] | None] = None
    partial_shape: ClassVar[Callable[..., Shape] | None] = None

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.op_type = cls.__name__
        cls._interned = {}
        if abstract:
            return
        if cls.__name__ in REGISTRY and REGISTRY[cls.__name__].__module__ != cls.__module__:
            raise ValueError(f"op type {cls.__name__} is defined twice")
        cls.signature = Signature.of(cls)
        REGISTRY[cls.__name__] = cls

    def __init__(self, values: tuple[Any, ...]) -> None:
        for name, value in zip(self.signature.attributes, values, strict=True):
            self.__dict__[name] = value
        self.output_types = self.signature.output_types(self.__dict__)

    @classmethod
    def of(cls, values: tuple[Any, ...]) -> Op:
        """The instance with these attribute values, in the signature's order."""
        if cls.signature.has_floats and any(
            v == 0 and isinstance(v, float) and math.copysign(1, v) < 0 for v in values
        ):
            # -0.0 equals 0.0 as a key and is another number.
            return cls(values)
        try:
            return cls._interned[values]
        except KeyError:
            made = cls._interned[values] = cls(values)
            return made
        except TypeError:
            # A value that cannot be a key, such as an array, is not shared.
            return cls(values)

    def attributes(self) -> dict[str, Any]:
        """Attribute values by name."""
        return self.__dict__

    def infer(self, *shapes: Any) -> Any:
        """Unknown shapes, unless a subclass knows better."""
        count = len(self.signature.outputs)
        return None if count == 1 else [None] * count

    def __repr__(self) -> str:
        listed = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())
        return f"{self.op_type}({listed})"


class OpIndex:
    """Which module defines which op type, so that modules load when a script first needs them."""

    modules: ClassVar[dict[str, str]] = {}


def resolve(op_type: str) -> type[Op]:
    """The class of an op type; raises KeyError where there is none."""
    found = REGISTRY.get(op_type)
    if found is None:
        importlib.import_module(OpIndex.modules[op_type])
        found = REGISTRY[op_type]
    return found


def load_all() -> None:
    """Imports every module that defines operations, so that REGISTRY is complete."""
    for module in sorted(set(OpIndex.modules.values())):
        importlib.import_module(module)
