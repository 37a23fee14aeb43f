"""`tflite_edu savedmodel`: show the signatures of a SavedModel."""

from __future__ import annotations

import argparse
from typing import Any

from tflite_edu.command.tables import add_json, print_json, print_table, shape_of_proto, shape_text
from tflite_edu.core.dtypes import as_dtype
from tflite_edu.io.graph_files import saved_model_file
from tflite_edu.io.saved_model import read_saved_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """DIR."""
    parser.add_argument("folder", metavar="DIR", help="the folder of the SavedModel")
    add_json(parser)


def main(chosen: argparse.Namespace) -> int:
    """Prints the tags of each graph and its signatures with their inputs and outputs."""
    model = read_saved_model(saved_model_file(chosen.folder))
    graphs = [_described(graph) for graph in model.meta_graphs]
    if chosen.json:
        print_json(graphs)
        return 0
    for number, graph in enumerate(graphs):
        if number:
            print()
        _print_graph(graph)
    return 0


def _described(graph: Any) -> dict[str, Any]:
    """The tags and signatures of a MetaGraphDef."""
    return {
        "tags": sorted(graph.meta_info_def.tags),
        "nodes": len(graph.graph_def.node),
        "signatures": {
            key: {
                "method": signature.method_name,
                "inputs": _tensors(signature.inputs),
                "outputs": _tensors(signature.outputs),
            }
            for key, signature in sorted(graph.signature_def.items())
        },
    }


def _tensors(infos: Any) -> dict[str, Any]:
    return {
        key: {
            "tensor": info.name,
            "dtype": as_dtype(info.dtype).name if info.dtype else "unknown",
            "shape": shape_of_proto(info.tensor_shape),
        }
        for key, info in sorted(infos.items())
    }


def _print_graph(graph: dict[str, Any]) -> None:
    print(f"tags: {', '.join(graph['tags'])}")
    print(f"nodes: {graph['nodes']:,}")
    for key, signature in graph["signatures"].items():
        print(f"\nsignature {key}: {signature['method'] or 'no method'}")
        rows = [
            (way, name, info["dtype"], shape_text(info["shape"]), info["tensor"])
            for way in ("input", "output")
            for name, info in signature[f"{way}s"].items()
        ]
        print_table(rows, ("", "name", "dtype", "shape", "tensor"))
