"""Printing while a graph runs: tf.Print, tf.print and tf.strings.format."""

from __future__ import annotations

import itertools
import os
import pprint
import sys
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from tflite_edu.core import nest, raw
from tflite_edu.core.dtypes import DType, string
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError
from tflite_edu.core.op import Op, attr
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.value_text import edge_summary, flat_summary
from tflite_edu.platform import logging


class Print(Op):
    """Its input, after writing a line about other tensors to stderr."""

    inputs, outputs = ("input: T", "data: U"), ("output: T",)
    effect = "print"
    stateful = True
    may_alias = True
    T: DType
    U: list[DType] = attr(minimum=0)
    message: str = ""
    first_n: int = -1
    summarize: int = 3

    def infer(self, input: Shape, data: list[Shape]) -> Shape:
        return input

    def forward(self, host: Any, input: Any, data: list[Any]) -> Any:
        count = next(host.keep(itertools.count))
        if self.first_n < 0 or count < self.first_n:
            parts = [f"[{flat_summary(d, self.summarize)}]" for d in data]
            print(self.message + "".join(parts), file=sys.stderr, flush=True)
        return input

    def backward(self, op: Operation, doutput: Any) -> list[Any]:
        return [doutput, *[None] * len(self.U)]


@export("Print")
def print_through(
    input_: Any,
    data: Any,
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Tensor:
    """`input_`, which when it is computed prints `message` and then `data` in brackets to stderr.

    `data` is a list of tensors of any shapes; of each the first `summarize` elements are printed
    (3; all if negative). Only the first `first_n` times are printed (always if negative). The
    gradient passes through unchanged.
    """
    return raw.Print(input_, data, message=message, first_n=first_n, summarize=summarize, name=name)


class PrintV2(Op):
    """Writes a text to a stream, a log or a file."""

    inputs = ("input: string",)
    effect = "print"
    stateful = True
    output_stream: str = "stderr"
    end: str = "\n"

    def infer(self, input: Shape) -> list[Any]:
        if input != ():
            rank = -1 if input is None else len(input)
            raise ShapeError(f"input must be a scalar, but has rank: {rank}")
        return []

    def forward(self, host: Any, input: Any) -> list[Any]:
        text = input.item().decode("utf-8", "replace")
        if self.output_stream.startswith("file://"):
            with open(unquote(self.output_stream[7:]), "a", encoding="utf-8") as file:
                file.write(text + self.end)
        elif self.output_stream.startswith("log("):
            # As the kernels of TensorFlow log, which Python's logging levels do not hide.
            level = self.output_stream[4].upper()
            print(f"{datetime.now()}: {level} {text}", file=sys.stderr, flush=True)
        else:
            print(text, end=self.end, file=getattr(sys, self.output_stream), flush=True)
        return []


class StringFormat(Op):
    """A text in which each placeholder is replaced by the text of a tensor."""

    inputs, outputs = ("inputs: T",), ("output: string",)
    T: list[DType] = attr(minimum=0)
    template: str = "%s"
    placeholder: str = "%s"
    summarize: int = 3

    def infer(self, inputs: list[Shape]) -> Shape:
        return ()

    def forward(self, np: Any, inputs: list[Any]) -> Any:
        texts = [edge_summary(value, self.summarize) for value in inputs]
        between = self.template.split(self.placeholder)
        pieces = itertools.zip_longest(between, texts, fillvalue="")
        text = "".join(itertools.chain.from_iterable(pieces))
        return np.array(text.encode(), dtype=object)


@export("strings.format")
def string_format(
    template: str,
    inputs: Any,
    placeholder: str = "{}",
    summarize: int = 3,
    name: str | None = None,
) -> Tensor:
    """`template` with each `placeholder` replaced by a tensor of `inputs`, as a string scalar.

    Of each dimension the first and last `summarize` elements are shown (all if negative). Raises
    ValueError where the numbers of placeholders and inputs differ.
    """
    tensors = inputs if nest.is_nested(inputs) else [inputs]
    if template.count(placeholder) != len(tensors):
        raise ValueError(
            f"{template.count(placeholder)} placeholder(s) in template does not match "
            f"{len(tensors)} tensor(s) provided as input"
        )
    return raw.StringFormat(
        list(tensors), template=template, placeholder=placeholder, summarize=summarize, name=name
    )


@export("print")
def print_values(*inputs: Any, **kwargs: Any) -> Operation:
    """A node that prints `inputs` when it runs: tensors, other values, nests of both.

    Keywords: `output_stream` (sys.stderr, sys.stdout, tf.logging.info, .warning, .error or
    "file://path"), `summarize` (how many elements at both ends of each dimension; 3, all if
    negative), `sep` (" "), `end` (a line break), `name`. Raises ValueError on other keywords or
    another stream.
    """
    stream = _stream(kwargs.pop("output_stream", sys.stderr))
    name = kwargs.pop("name", None)
    summarize = kwargs.pop("summarize", 3)
    sep = kwargs.pop("sep", " ")
    end = kwargs.pop("end", os.linesep)
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {kwargs}")
    if len(inputs) == 1 and isinstance(inputs[0], Tensor) and _is_text(inputs[0]):
        text = inputs[0]
    else:
        tensors, template, placeholder = _template(inputs, sep)
        text = string_format(
            template, tensors, placeholder, summarize, f"{name}_format" if name else None
        )
    return raw.PrintV2(text, output_stream=stream, end=end, name=name)


def _is_text(tensor: Tensor) -> bool:
    return tensor.dtype.base_dtype is string and tensor.shape.ndims == 0


def _stream(output_stream: Any) -> str:
    if isinstance(output_stream, str) and output_stream.startswith("file://"):
        return output_stream
    for stream, text in (
        (sys.stdout, "stdout"),
        (sys.stderr, "stderr"),
        (logging.info, "log(info)"),
        (logging.INFO, "log(info)"),
        (logging.warning, "log(warning)"),
        (logging.WARN, "log(warning)"),
        (logging.error, "log(error)"),
        (logging.ERROR, "log(error)"),
    ):
        if output_stream is stream:
            return text
    raise ValueError(
        f"Unsupported output stream, logging level, or file.{output_stream}. Supported streams are "
        "sys.stdout, sys.stderr, tf.logging.info, tf.logging.warning, tf.logging.error. File needs "
        "to be in the form of 'file://<filepath>'."
    )


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor) or hasattr(value, "_as_graph_element")


def _template(inputs: Any, sep: str) -> tuple[list[Any], str, str]:
    """The tensors among `inputs`, a template for all of them, and the placeholder in it."""
    fixed = nest.map_structure(lambda v: "" if _is_tensor(v) else v, list(inputs))
    placeholder = _placeholder(" ".join(pprint.pformat(v) for v in fixed))
    tensors: list[Any] = []

    def text(value: Any) -> Any:
        if not _is_tensor(value):
            return value
        tensors.append(value)
        return placeholder

    templates = [
        v if isinstance(v, str) else pprint.pformat(nest.map_structure(text, v)) for v in inputs
    ]
    # pprint puts the placeholders in quotes, as it does any text.
    return tensors, sep.join(templates).replace(f"'{placeholder}'", placeholder), placeholder


def _placeholder(text: str) -> str:
    """A placeholder that does not occur in `text`."""
    placeholder = "{}"
    digits = itertools.cycle("0123456789")
    while placeholder in text:
        placeholder += next(digits)
    return placeholder
