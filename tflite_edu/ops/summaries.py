"""Summaries: tensors as what TensorBoard shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, HALF, REAL_NUMERIC, UINT8, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.op import Op, TensorValue, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats import summary as protos
from tflite_edu.platform import logging


def _text(value: Any) -> bytes:
    return bytes(value.item() if hasattr(value, "item") else value)


def _string(np: Any, content: bytes) -> Any:
    made = np.empty((), object)
    made[()] = content
    return made


class ScalarSummary(Op):
    """Numbers with a tag each."""

    inputs, outputs = ("tags: string", "values: T"), ("summary: string",)
    T: DType = attr(*REAL_NUMERIC)
    backward = None

    def infer(self, tags, values):
        return ()

    def forward(self, np, tags, values):
        tags, values = np.asarray(tags, object), np.asarray(values)
        if tags.shape != values.shape:
            raise InvalidArgumentError(
                None,
                None,
                f"tags and values not the same shape: {_listed(tags)} != {_listed(values)}"
                + (f" (tag '{tags.ravel()[0].decode()}')" if tags.size == 1 else ""),
            )
        return _string(np, protos.scalars(list(tags.ravel()), list(values.ravel())))


def _listed(array: Any) -> str:
    return f"[{','.join(str(d) for d in array.shape)}]"


class HistogramSummary(Op):
    """The distribution of values."""

    inputs, outputs = ("tag: string", "values: T"), ("summary: string",)
    # The message of a failed run names the node, which only the host knows.
    effect = "host"
    T: DType = attr(*REAL_NUMERIC, default=FLOAT)
    backward = None

    def infer(self, tag, values):
        return ()

    def forward(self, host, tag, values):
        values = host.np.asarray(values)
        return _string(host.np, protos.histogram(_text(tag), values, host.operation.name))


class ImageSummary(Op):
    """Images [batch, height, width, channels 1, 3 or 4] as PNG."""

    inputs, outputs = ("tag: string", "tensor: T"), ("summary: string",)
    max_images: int = attr(default=3, minimum=1)
    T: DType = attr(UINT8, FLOAT, HALF, dtypes.DOUBLE, default=FLOAT)
    bad_color: TensorValue = attr(default=protos.BAD_COLOR)
    backward = None

    def infer(self, tag, tensor):
        return ()

    def forward(self, np, tag, tensor):
        if tensor.ndim != 4 or tensor.shape[3] not in (1, 3, 4):
            raise InvalidArgumentError(
                None,
                None,
                "Tensor must be 4-D with last dim 1, 3, or 4, not " + _listed(tensor),
            )
        if tensor.shape[0] and not tensor.size:
            found = list(tensor.shape)
            raise InvalidArgumentError(
                None, None, f"input tensor must have non-zero dims. Found: {found}."
            )
        return _string(np, protos.images(_text(tag), tensor, self.max_images, self.bad_color))


class AudioSummaryV2(Op):
    """Sound [batch, frames, channels] or [batch, frames] in -1..1 as WAV."""

    inputs = ("tag: string", "tensor: float32", "sample_rate: float32")
    outputs = ("summary: string",)
    max_outputs: int = attr(default=3, minimum=1)
    backward = None

    def infer(self, tag, tensor, sample_rate):
        return ()

    def forward(self, np, tag, tensor, sample_rate):
        if tensor.ndim not in (2, 3):
            raise InvalidArgumentError(
                None, None, f"Tensor must be 3-D or 2-D, got: {_listed(tensor)}"
            )
        rate = float(np.ravel(sample_rate)[0])
        if rate <= 0:
            raise InvalidArgumentError(None, None, "sample_rate must be > 0")
        if tensor.shape[0] and not tensor.size:
            raise InvalidArgumentError(None, None, "audio is null")
        return _string(np, protos.audio(_text(tag), tensor, self.max_outputs, rate))


class TensorSummaryV2(Op):
    """A tensor of any type with metadata for a plugin of TensorBoard."""

    inputs = ("tag: string", "tensor: T", "serialized_summary_metadata: string")
    outputs = ("summary: string",)
    T: DType
    backward = None

    def infer(self, tag, tensor, metadata):
        return ()

    def forward(self, np, tag, tensor, metadata):
        number = self.T.as_datatype_enum
        content = protos.tensor(_text(tag), np.asarray(tensor), number, _text(metadata))
        return _string(np, content)


class MergeSummary(Op):
    """All values of several summaries in one."""

    inputs, outputs = ("inputs: N*string",), ("summary: string",)
    N: int = attr(minimum=1)
    backward = None

    def infer(self, inputs):
        return ()

    def forward(self, np, inputs):
        listed = [s for array in inputs for s in np.asarray(array, object).ravel()]
        return _string(np, protos.merged(listed))


def clean_tag(name: Any) -> Any:
    """The name with each character that a tag may not have replaced by "_"."""
    if name is None:
        return None
    cleaned = re.sub(r"[^-/\w.]", "_", name).lstrip("/")
    if cleaned != name:
        logging.info("Summary name %s is illegal; using %s instead.", name, cleaned)
    return cleaned


@contextmanager
def summary_scope(
    name: Any, family: Any = None, default_name: Any = None, values: Any = None
) -> Iterator[tuple[str, str]]:
    """Opens the scope of a summary: (tag, scope)."""
    name, family = clean_tag(name), clean_tag(family)
    base = name if family is None else f"{family}/{name}"
    if base == "":
        raise ValueError("'' is not a valid node name")
    with name_scope(base, default_name, values) as scope:
        tag = scope.rstrip("/")
        yield (tag if family is None else f"{family}/{tag}"), scope


def collect(value: Tensor, collections: Any) -> Tensor:
    """Enters a summary into collections, by default into GraphKeys.SUMMARIES."""
    for key in [GraphKeys.SUMMARIES] if collections is None else collections:
        get_default_graph().add_to_collection(key, value)
    return value


@export("summary.scalar")
def scalar(name: str, tensor: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """A summary of one real number; a string scalar that holds a Summary proto."""
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        return collect(raw.ScalarSummary(tag, tensor, name=scope), collections)


@export("summary.histogram")
def histogram(name: str, values: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """A summary of the distribution of real numbers of any shape.

    A run raises InvalidArgumentError where one is not finite.
    """
    with summary_scope(name, family, "HistogramSummary", [values]) as (tag, scope):
        return collect(raw.HistogramSummary(tag, values, name=scope), collections)


@export("summary.image")
def image(
    name: str,
    tensor: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: str | None = None,
) -> Tensor:
    """A summary of the first images of a batch [batch, height, width, channels 1, 3 or 4].

    uint8 images are taken as they are; floating-point ones are scaled to 0..255, or around 128
    where values are negative.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = raw.ImageSummary(tag, tensor, max_images=max_outputs, name=scope)
        return collect(made, collections)


@export("summary.audio")
def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: str | None = None,
) -> Tensor:
    """A summary of sound [batch, frames] or [batch, frames, channels] in -1..1.

    `sample_rate` is in frames per second.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, dtype=dtypes.float32, name="sample_rate")
        made = raw.AudioSummaryV2(tag, tensor, rate, max_outputs=max_outputs, name=scope)
        return collect(made, collections)


@export("summary.tensor_summary")
def tensor_summary(
    name: str,
    tensor: Any,
    summary_description: str | None = None,
    collections: Any = None,
    summary_metadata: Any = None,
    family: str | None = None,
    display_name: str | None = None,
) -> Tensor:
    """A summary of a tensor of any type, with SummaryMetadata for the plugin that shows it."""
    if summary_metadata is None:
        metadata = protos.described_metadata(summary_description, display_name)
    else:
        given = summary_metadata.SerializeToString()
        metadata = given + protos.described_metadata(summary_description, display_name)
    return _tensor_summary(name, tensor, metadata, collections, family)


def _tensor_summary(
    name: str, tensor: Any, metadata: bytes, collections: Any, family: str | None
) -> Tensor:
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        return collect(raw.TensorSummaryV2(tag, tensor, metadata, name=scope), collections)


@export("summary.text")
def text(name: str, tensor: Tensor, collections: Any = None) -> Tensor:
    """A summary of text: a string tensor, shown as Markdown, or as a table where it is 2-D.

    Raises ValueError on another dtype.
    """
    if tensor.dtype != dtypes.string:
        raise ValueError(f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype}")
    return _tensor_summary(name, tensor, protos.text_metadata(), collections, None)


@export("summary.merge")
def merge(inputs: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """One summary with the values of several; a run refuses a tag that comes twice."""
    with name_scope(name, "Merge", inputs):
        made = raw.MergeSummary(inputs, name=name)
        for key in collections or ():
            get_default_graph().add_to_collection(key, made)
        return made


@export("summary.merge_all")
def merge_all(
    key: Any = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None
) -> Tensor | None:
    """One summary of all in a collection, or None where it is empty."""
    found = get_default_graph().get_collection(key, scope)
    return merge(found, name=name) if found else None
