"""`tflite_edu freeze`: write a graph with its variables as constants."""

from __future__ import annotations

import argparse

from tflite_edu.command.tables import count
from tflite_edu.core.graph import Graph
from tflite_edu.io.freezing import convert_variables_to_constants
from tflite_edu.io.meta_graph import write_proto
from tflite_edu.runtime.session import Session
from tflite_edu.train.checkpoint_files import checkpoint_prefix
from tflite_edu.train.meta_graph import import_meta_graph


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CHECKPOINT, FILE and the names of the outputs."""
    parser.add_argument(
        "checkpoint", metavar="CHECKPOINT", help="a checkpoint's prefix, or a folder: its newest"
    )
    parser.add_argument("file", metavar="FILE", help="the GraphDef to write")
    parser.add_argument(
        "--outputs", metavar="NAMES", required=True, help="the nodes to keep, with commas between"
    )
    parser.add_argument("--meta", metavar="FILE", help="the graph, if not CHECKPOINT.meta")
    parser.add_argument("--text", action="store_true", help="write text instead of binary")


def main(chosen: argparse.Namespace) -> int:
    """Restores the checkpoint, turns the variables that the outputs need to constants, writes."""
    prefix = checkpoint_prefix(chosen.checkpoint).removesuffix(".index")
    outputs = [name for name in chosen.outputs.split(",") if name]
    if not outputs:
        raise ValueError("--outputs names no node")
    graph = Graph()
    with graph.as_default(), Session(graph=graph) as session:
        saver = import_meta_graph(chosen.meta or f"{prefix}.meta", clear_devices=True)
        if saver is not None:
            saver.restore(session, prefix)
        frozen = convert_variables_to_constants(session, graph.as_graph_def(), outputs)
    write_proto(frozen, chosen.file, chosen.text)
    print(f"{chosen.file}: {count(len(frozen.node), 'node')}")
    return 0
