"""The protos say what TensorFlow's say, and the generated code is what the .proto files say."""

from __future__ import annotations

import importlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google.protobuf import descriptor_pb2
from record_files import proto_facts

from tflite_edu.formats import proto
from tflite_edu.formats.proto import generate, graph_pb2, meta_graph_pb2

FILES = Path(__file__).parent / "golden" / "files"
LEFT_OUT = {
    "MetaGraphDef": {"object_graph_def"},
    "TensorInfo": {"composite_tensor"},
    "TensorInfo.CompositeTensor": {"type_spec", "components"},
    "DebuggedSourceFile": {"host", "file_path", "last_modified", "bytes", "lines"},
    "DebuggedSourceFiles": {"source_files"},
}
"""Fields of TensorFlow 1.15 that are not here, by message."""


def modules() -> list[ModuleType]:
    names = sorted(path.stem for path in Path(generate.__file__).parent.glob("*_pb2.py"))
    return [importlib.import_module(f"{proto.__name__}.{name}") for name in names]


def test_fields_and_enums_are_tensorflows() -> None:
    recorded = json.loads((FILES / "proto_fields.json").read_text())
    for message, fields in LEFT_OUT.items():
        for field in fields:
            del recorded[message][field]
    ours: dict[str, Any] = {}
    for module in modules():
        ours.update(proto_facts(module.DESCRIPTOR))
    assert ours == {name: facts for name, facts in recorded.items() if facts or name in ours}


def test_every_proto_has_its_module() -> None:
    ours = {module.DESCRIPTOR.name for module in modules()}
    assert ours == set(generate.sources())


def test_generated_code_is_current() -> None:
    if importlib.util.find_spec("grpc_tools") is None:
        pytest.skip("grpcio-tools, which has protoc, is not installed")
    said = descriptor_pb2.FileDescriptorSet.FromString(generate.descriptor_set())
    assert len(said.file) == len(modules())
    for file in said.file:
        file.ClearField("options")
        generated = descriptor_pb2.FileDescriptorProto()
        module = importlib.import_module(
            file.name.removesuffix(".proto").replace("/", ".") + "_pb2"
        )
        module.DESCRIPTOR.CopyToProto(generated)
        for message in (file, generated):
            _clear_json_names(message)
        assert generated == file


def _clear_json_names(message: Any) -> None:
    """Some versions of protoc write them out, others leave them to be derived."""
    for field in getattr(message, "field", ()):
        field.ClearField("json_name")
    for name in ("message_type", "nested_type"):
        for nested in getattr(message, name, ()):
            _clear_json_names(nested)


def test_lives_beside_the_protos_of_tensorboard() -> None:
    theirs = pytest.importorskip("tensorboard.compat.proto.graph_pb2")
    assert graph_pb2.GraphDef.DESCRIPTOR.full_name == "tflite_edu.GraphDef"
    node = theirs.GraphDef(node=[{"name": "a", "op": "NoOp"}])
    assert graph_pb2.GraphDef.FromString(node.SerializeToString()).node[0].op == "NoOp"


def test_unknown_fields_survive() -> None:
    object_graph = b"\x3a\x02\x0a\x00"  # MetaGraphDef field 7, which is not in our proto.
    meta_graph = meta_graph_pb2.MetaGraphDef.FromString(object_graph)
    assert meta_graph.SerializeToString() == object_graph
