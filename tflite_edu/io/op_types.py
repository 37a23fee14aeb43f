"""What TensorFlow 1.15 declares of each of its op types, whether there is a class for it or not.

`op_defs.pb`, an OpList, is written by `tests/golden/record_op_defs.py` from the real TensorFlow
with all of `tf.contrib`.
"""

from __future__ import annotations

import functools
import socket
from pathlib import Path
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.errors import NotFoundError
from tflite_edu.core.op import REQUIRED, Argument, Attribute, Op, Signature, normalise, resolve
from tflite_edu.core.opaque import opaque_class
from tflite_edu.formats.proto import op_def_pb2
from tflite_edu.io.attributes import KINDS, plain_value

_FLAGS = {
    "is_stateful": "stateful",
    "is_commutative": "commutative",
    "is_aggregate": "aggregate",
    "allows_uninitialized_input": "uninitialized",
}
_ATTRIBUTE_KINDS = {*KINDS.values(), *(f"list({kind})" for kind in KINDS.values())}


def op_class(op_type: str) -> type[Op]:
    """The class of an op type: one that can run or, for the others of TensorFlow's, an opaque one.

    Raises NotFoundError on what is no op type of TensorFlow 1.15.
    """
    try:
        return resolve(op_type)
    except KeyError:
        pass
    found = recorded_op_defs().get(op_type)
    if found is None:
        raise NotFoundError(
            None,
            None,
            f"Op type not registered '{op_type}' in binary running on {socket.gethostname()}. "
            "Make sure the Op and Kernel are registered in the binary running in this process. "
            "Note that if you are loading a saved graph which used ops from tf.contrib, accessing "
            "(e.g.) `tf.contrib.resampler` should be done before importing the graph, as contrib "
            "ops are lazily registered when the module is first accessed.",
        )
    return class_of_op_def(found.SerializeToString())


def is_op_type(op_type: str) -> bool:
    """Whether TensorFlow 1.15 has, or a class here defines, an op type of this name."""
    if op_type in recorded_op_defs():
        return True
    try:
        resolve(op_type)
    except KeyError:
        return False
    return True


@functools.cache
def recorded_op_defs() -> dict[str, Any]:
    """TensorFlow's OpDefs by op type, without their descriptions."""
    content = Path(__file__).with_name("op_defs.pb").read_bytes()
    return {op_def.name: op_def for op_def in op_def_pb2.OpList.FromString(content).op}


@functools.lru_cache(maxsize=4096)
def class_of_op_def(serialized: bytes) -> type[Op]:
    """The opaque class that an OpDef describes, an op type's or the signature of a function.

    Raises ValueError where the OpDef does not hold together.
    """
    op_def = op_def_pb2.OpDef.FromString(serialized)
    attributes = {attr.name: _attribute(op_def, attr) for attr in op_def.attr}
    signature = Signature(
        attributes,
        [_argument(op_def, argument, attributes) for argument in op_def.input_arg],
        [_argument(op_def, argument, attributes) for argument in op_def.output_arg],
    )
    flags = {ours: getattr(op_def, theirs) for theirs, ours in _FLAGS.items()}
    return opaque_class(op_def.name, signature, flags)


def _attribute(op_def: Any, attr: Any) -> Attribute:
    if attr.type not in _ATTRIBUTE_KINDS:
        raise _damaged(op_def, f"attr '{attr.name}' of the unknown type '{attr.type}'")
    if hasattr(Op, attr.name) and attr.name != "output_types":
        raise _damaged(op_def, f"attr '{attr.name}' has a name that no attr may have")
    allowed: tuple[Any, ...] = ()
    default = REQUIRED
    try:
        if attr.HasField("allowed_values"):
            allowed = tuple(plain_value(attr.allowed_values))
        if attr.HasField("default_value"):
            default = normalise(attr.type, plain_value(attr.default_value))
    except (TypeError, ValueError) as error:
        raise _damaged(op_def, f"attr '{attr.name}': {error}") from None
    return Attribute(
        attr.name, attr.type, default, allowed, attr.minimum if attr.has_minimum else None
    )


def _argument(op_def: Any, argument: Any, attributes: dict[str, Attribute]) -> Argument:
    named = {
        "type": argument.type_attr,
        "int": argument.number_attr,
        "list(type)": argument.type_list_attr,
    }
    for kind, name in named.items():
        if name and (name not in attributes or attributes[name].kind != kind):
            raise _damaged(op_def, f"argument '{argument.name}' without an attr '{name}'")
    says_type = [argument.type, argument.type_attr, argument.type_list_attr]
    if sum(map(bool, says_type)) != 1 or (argument.type_list_attr and argument.number_attr):
        raise _damaged(op_def, f"argument '{argument.name}' of no single type")
    try:
        dtype = dtypes.as_dtype(argument.type) if argument.type else None
    except TypeError as error:
        raise _damaged(op_def, f"argument '{argument.name}': {error}") from None
    return Argument(
        argument.name,
        dtype,
        argument.type_attr or None,
        argument.number_attr or None,
        argument.type_list_attr or None,
        argument.is_ref,
    )


def _damaged(op_def: Any, reason: str) -> ValueError:
    return ValueError(f"OpDef '{op_def.name}' does not hold together: {reason}")
