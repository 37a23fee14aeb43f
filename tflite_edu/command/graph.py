"""`tflite_edu graph`: show what a graph is made of."""

from __future__ import annotations

import argparse
import math
from collections import Counter
from typing import Any, NamedTuple

from tflite_edu.command.tables import (
    add_json,
    count,
    print_json,
    print_table,
    shape_of_proto,
    shape_text,
)
from tflite_edu.core.dtypes import as_dtype
from tflite_edu.core.graph import Graph
from tflite_edu.io.graph_files import read_graph
from tflite_edu.io.importer import import_graph_def
from tflite_edu.io.text_format import to_text
from tflite_edu.teach.picture import show

_VARIABLES = {"Variable", "VariableV2", "VarHandleOp", "AutoReloadVariable", "TemporaryVariable"}
_INPUTS = {"Placeholder", "PlaceholderV2", "PlaceholderWithDefault"}


class Part(NamedTuple):
    """A node that holds or takes a value; the shape is None where it is unknown."""

    name: str
    op: str
    dtype: str
    shape: list[int | None] | None


class Summary(NamedTuple):
    """What is in a graph. Outputs are nodes that no other waits for."""

    nodes: int
    functions: int
    ops: dict[str, int]
    variables: list[Part]
    constants: list[Part]
    inputs: list[Part]
    outputs: list[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, `--text` and `--picture`."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a GraphDef, a .meta file or a SavedModel, binary or text, or a SavedModel's folder",
    )
    parser.add_argument("--text", action="store_true", help="print the whole GraphDef as text")
    parser.add_argument(
        "--picture", metavar="FILE", help="draw the graph into a .svg, .html or .txt file"
    )
    add_json(parser)


def main(chosen: argparse.Namespace) -> int:
    """Prints the graph as text, or a summary of it, or draws it."""
    graph_def = read_graph(chosen.file)
    if chosen.picture is not None:
        with Graph().as_default() as graph:
            import_graph_def(graph_def, name="")
        show(graph).save(chosen.picture)
        return 0
    if chosen.text:
        print(to_text(graph_def), end="")
    elif chosen.json:
        found = summary(graph_def)
        parts = ("variables", "constants", "inputs")
        lists = {name: [part._asdict() for part in getattr(found, name)] for name in parts}
        totals = {"parameters": elements(found.variables), "weights": elements(found.constants)}
        print_json({**found._asdict(), **lists, **totals})
    else:
        _print_summary(summary(graph_def))
    return 0


def summary(graph_def: Any) -> Summary:
    """What is in a GraphDef, op types with the most nodes first."""
    ops = Counter(node.op for node in graph_def.node)
    used = {name.removeprefix("^").split(":")[0] for node in graph_def.node for name in node.input}
    return Summary(
        nodes=len(graph_def.node),
        functions=len(graph_def.library.function),
        ops=dict(sorted(ops.items(), key=lambda item: (-item[1], item[0]))),
        variables=[_part(node) for node in graph_def.node if node.op in _VARIABLES],
        constants=[_constant(node) for node in graph_def.node if node.op == "Const"],
        inputs=[_part(node) for node in graph_def.node if node.op in _INPUTS],
        outputs=[node.name for node in graph_def.node if node.name not in used],
    )


def elements(parts: list[Part]) -> int:
    """How many numbers the parts with a known shape hold together."""
    return sum(
        math.prod(size for size in part.shape if size is not None)
        for part in parts
        if part.shape is not None and None not in part.shape
    )


def _dtype(number: int) -> str:
    return as_dtype(number).name if number else "unknown"


def _part(node: Any) -> Part:
    shape = shape_of_proto(node.attr["shape"].shape) if "shape" in node.attr else None
    return Part(node.name, node.op, _dtype(node.attr["dtype"].type), shape)


def _constant(node: Any) -> Part:
    value = node.attr["value"].tensor
    return Part(node.name, node.op, _dtype(value.dtype), shape_of_proto(value.tensor_shape))


def _print_summary(found: Summary) -> None:
    functions = f", {count(found.functions, 'function')}" if found.functions else ""
    print(f"{count(found.nodes, 'node')} of {count(len(found.ops), 'op type')}{functions}")
    for title, parts in (("inputs", found.inputs), ("variables", found.variables)):
        if parts:
            print(f"\n{title}")
            print_table(
                [(part.name, part.dtype, shape_text(part.shape)) for part in parts],
                ("node", "dtype", "shape"),
            )
    print(f"\n{count(elements(found.variables), 'parameter')} in variables, ", end="")
    print(f"{count(elements(found.constants), 'number')} in constants")
    if found.outputs:
        print("\noutputs (no other node waits for them)")
        print("\n".join(found.outputs))
    if found.ops:
        print()
        print_table(list(found.ops.items()), ("op type", "nodes"))
