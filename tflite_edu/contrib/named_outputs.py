"""Outputs of layers kept in collections under names: the end points of a network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor


@export(
    "contrib.slim.utils.collect_named_outputs",
)
def collect_named_outputs(collections: Any, alias: str, outputs: Tensor) -> Tensor:
    """Adds a tensor, with the name `alias`, to a collection or a list of them; returns it."""
    if collections:
        append_tensor_alias(outputs, alias)
        get_default_graph().add_to_collections(collections, outputs)
    return outputs


@export(
    "contrib.slim.utils.convert_collection_to_dict",
)
def convert_collection_to_dict(
    collection: str, clear_collection: bool = False
) -> OrderedDict[str, Tensor]:
    """The tensors of a collection by their aliases, or by their names without the number."""
    graph = get_default_graph()
    found = OrderedDict(
        (alias, tensor)
        for tensor in graph.get_collection(collection)
        for alias in get_tensor_aliases(tensor)
    )
    if clear_collection:
        graph.clear_collection(collection)
    return found


@export(
    "contrib.slim.utils.append_tensor_alias",
)
def append_tensor_alias(tensor: Tensor, alias: str) -> Tensor:
    """Gives a tensor one more alias, without a slash at its end; returns the tensor."""
    # A tensor here has no attributes of its own, unlike TensorFlow's.
    aliases = tensor.graph.attachments.setdefault("tensor_aliases", {})
    aliases.setdefault(tensor.name, []).append(alias.removesuffix("/"))
    return tensor


@export(
    "contrib.slim.utils.get_tensor_aliases",
)
def get_tensor_aliases(tensor: Tensor) -> list[str]:
    """The aliases of a tensor; without any, its name, which leaves out the number 0."""
    aliases = tensor.graph.attachments.get("tensor_aliases", {}).get(tensor.name)
    return list(aliases) if aliases else [tensor.name.removesuffix(":0")]


@export(
    "contrib.slim.utils.gather_tensors_aliases",
)
def gather_tensors_aliases(tensors: Sequence[Tensor]) -> list[str]:
    """The aliases of all of the tensors, one after the other."""
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


@export(
    "contrib.slim.utils.get_variable_collections",
)
def get_variable_collections(variables_collections: Any, name: str) -> Any:
    """The collections of a layer's variable: its entry where they are a dict, else all of them."""
    if isinstance(variables_collections, dict):
        return variables_collections.get(name)
    return variables_collections


@export(
    "contrib.slim.utils.two_element_tuple",
)
def two_element_tuple(int_or_tuple: Any) -> tuple[Any, Any]:
    """Two sizes: those given as a list, tuple or TensorShape, or one number twice.

    Raises ValueError on anything else.
    """
    if isinstance(int_or_tuple, (list, tuple)):
        if len(int_or_tuple) != 2:
            raise ValueError(f"Must be a list with 2 elements: {int_or_tuple}")
        return int(int_or_tuple[0]), int(int_or_tuple[1])
    if isinstance(int_or_tuple, int):
        return int_or_tuple, int_or_tuple
    if isinstance(int_or_tuple, TensorShape) and len(int_or_tuple) == 2:
        return int_or_tuple[0], int_or_tuple[1]
    raise ValueError("Must be an int, a list with 2 elements or a TensorShape of length 2")


@export(
    "contrib.slim.utils.n_positive_integers",
)
def n_positive_integers(n: int, value: Any) -> tuple[int, ...]:
    """`n` positive numbers: those given, or one number n times; ValueError on anything else."""
    if int(n) <= 0:
        raise ValueError("n must be a positive integer")
    if isinstance(value, int):
        given: tuple[Any, ...] = (value,) * n
    else:
        given = tuple(value)
        if len(given) != n:
            raise ValueError(f"Expected sequence of {n} positive integers, but received {value}")
    sizes = tuple(int(one) for one in given)
    for size in sizes:
        if size < 1:
            raise ValueError(f"expected positive integer, but received {size}")
    return sizes


@export(
    "contrib.slim.utils.last_dimension",
)
def last_dimension(shape: TensorShape, min_rank: int = 1) -> int:
    """The size of the last axis; ValueError where it is not known or the rank is too small."""
    return _size_of_axis(shape, -1, min_rank)


@export(
    "contrib.slim.utils.channel_dimension",
)
def channel_dimension(shape: TensorShape, data_format: str, min_rank: int = 1) -> int:
    """The size of the channels: the second axis of channels_first, the last of other formats.

    Raises ValueError where it is not known or the rank is too small.
    """
    return _size_of_axis(shape, 1 if data_format == "channels_first" else -1, min_rank)


def _size_of_axis(shape: TensorShape, axis: int, min_rank: int) -> int:
    if shape.ndims is None:
        raise ValueError("dims of shape must be known but is None")
    if shape.ndims < min_rank:
        raise ValueError(f"rank of shape must be at least {min_rank} not: {shape.ndims}")
    size: int | None = shape.as_list()[axis]
    if size is None:
        raise ValueError(f"dimension {axis} of shape must be known but is None: {shape}")
    return size
