"""`tf.contrib.layers.summarize_tensor`, `slim.summaries`: summaries of tensors, by their names."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import greater, less
from tflite_edu.ops.printing import print_through
from tflite_edu.ops.reductions import reduce_mean
from tflite_edu.ops.sparsity import zero_fraction
from tflite_edu.ops.summaries import histogram, image, scalar

Summarizer = Callable[[Any], Any]


@export("contrib.layers.summarize_tensor", "contrib.slim.summarize_tensor")
def summarize_tensor(tensor: Any, tag: str | None = None) -> Tensor:
    """A scalar summary of a scalar, a histogram of another tensor.

    It is called `tag`, or by the tensor's name and "_summary".
    """
    name = tag or f"{tensor.op.name}_summary"
    return scalar(name, tensor) if tensor.shape.ndims == 0 else histogram(name, tensor)


@export("contrib.layers.summarize_activation", "contrib.slim.summarize_activation")
def summarize_activation(op: Tensor) -> Tensor:
    """A histogram of an activation, and of some a scalar summary of how much of it is flat.

    That is the share of inputs below 0 of relu, relu6 and softplus, and above 6 of relu6.
    """
    if op.op.type in ("Relu", "Softplus", "Relu6"):
        given = op.op.inputs[0]
        below = cast(less(given, cast(0.0, given.dtype)), "float32", name="ToFloat")
        scalar(f"{op.op.name}/zeros", reduce_mean(below))
    if op.op.type == "Relu6":
        given = op.op.inputs[0]
        above = cast(greater(given, cast(6.0, given.dtype)), "float32", name="ToFloat")
        scalar(f"{op.op.name}/sixes", reduce_mean(above))
    return histogram(f"{op.op.name}/activation", op)


@export("contrib.layers.summarize_tensors", "contrib.slim.summarize_tensors")
def summarize_tensors(
    tensors: Sequence[Any], summarizer: Summarizer = summarize_tensor
) -> list[Any]:
    """The summaries of several tensors."""
    return [summarizer(tensor) for tensor in tensors]


@export("contrib.layers.summarize_collection", "contrib.slim.summarize_collection")
def summarize_collection(
    collection: str, name_filter: str | None = None, summarizer: Summarizer = summarize_tensor
) -> list[Any]:
    """The summaries of the tensors of a collection whose names begin as a regex says."""
    tensors = get_default_graph().get_collection(collection)
    if name_filter is not None:
        tensors = [tensor for tensor in tensors if re.match(name_filter, tensor.op.name)]
    return summarize_tensors(tensors, summarizer)


@export("contrib.layers.summarize_activations", "contrib.slim.summarize_activations")
def summarize_activations(
    name_filter: str | None = None, summarizer: Summarizer = summarize_activation
) -> list[Any]:
    """The summaries of the collection ACTIVATIONS."""
    return summarize_collection(GraphKeys.ACTIVATIONS, name_filter, summarizer)


summarize_variables = functools.partial(summarize_collection, GraphKeys.GLOBAL_VARIABLES)
summarize_weights = functools.partial(summarize_collection, GraphKeys.WEIGHTS)
summarize_biases = functools.partial(summarize_collection, GraphKeys.BIASES)
summarize_variables.__doc__ = "The summaries of the global variables."
summarize_weights.__doc__ = "The summaries of the collection WEIGHTS."
summarize_biases.__doc__ = "The summaries of the collection BIASES."

EXPORTS = {
    "contrib.slim.summarize_variables": "summarize_variables",
    "contrib.slim.summarize_weights": "summarize_weights",
    "contrib.slim.summarize_biases": "summarize_biases",
}


@export("contrib.slim.summaries.add_scalar_summary")
def add_scalar_summary(
    tensor: Tensor, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Tensor:
    """A scalar summary called prefix/name, by default the tensor's; it may print the value too."""
    name = _name(tensor, name, prefix)
    made = scalar(name, tensor, collections=[] if print_summary else None)
    return _printed(made, tensor, name) if print_summary else made


@export("contrib.slim.summaries.add_scalar_summaries")
def add_scalar_summaries(
    tensors: Sequence[Tensor], prefix: str | None = None, print_summary: bool = False
) -> list[Tensor]:
    """A scalar summary of each tensor."""
    return [add_scalar_summary(t, prefix=prefix, print_summary=print_summary) for t in tensors]


@export("contrib.slim.summaries.add_histogram_summary")
def add_histogram_summary(
    tensor: Tensor, name: str | None = None, prefix: str | None = None
) -> Tensor:
    """A histogram called prefix/name, by default the tensor's."""
    return histogram(_name(tensor, name, prefix), tensor)


@export("contrib.slim.summaries.add_histogram_summaries")
def add_histogram_summaries(tensors: Sequence[Tensor], prefix: str | None = None) -> list[Tensor]:
    """A histogram of each tensor."""
    return [add_histogram_summary(tensor, prefix=prefix) for tensor in tensors]


@export("contrib.slim.summaries.add_image_summary")
def add_image_summary(
    tensor: Tensor, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Tensor:
    """An image summary called prefix/name, by default the tensor's; it may print the pixels too."""
    name = _name(tensor, name, prefix)
    made = image(name, tensor, collections=[] if print_summary else None)
    return _printed(made, tensor, name) if print_summary else made


@export("contrib.slim.summaries.add_image_summaries")
def add_image_summaries(tensors: Sequence[Tensor], prefix: str | None = None) -> list[Tensor]:
    """An image summary of each tensor."""
    return [add_image_summary(tensor, prefix=prefix) for tensor in tensors]


@export("contrib.slim.summaries.add_zero_fraction_summary")
def add_zero_fraction_summary(
    tensor: Tensor, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Tensor:
    """A scalar summary of how much of a tensor is zero."""
    name = f"{_name(tensor, name, prefix)}/Fraction_of_Zero_Values"
    return add_scalar_summary(zero_fraction(tensor), name, print_summary=print_summary)


@export("contrib.slim.summaries.add_zero_fraction_summaries")
def add_zero_fraction_summaries(
    tensors: Sequence[Tensor], prefix: str | None = None
) -> list[Tensor]:
    """A scalar summary of how much of each tensor is zero."""
    return [add_zero_fraction_summary(tensor, prefix=prefix) for tensor in tensors]


def _name(tensor: Tensor, name: str | None, prefix: str | None) -> str:
    name = name or tensor.op.name
    return f"{prefix}/{name}" if prefix else name


def _printed(summary: Tensor, tensor: Tensor, name: str) -> Tensor:
    result: Tensor = print_through(summary, [tensor], name)
    get_default_graph().add_to_collection(GraphKeys.SUMMARIES, result)
    return result
