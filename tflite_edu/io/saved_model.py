"""The file `saved_model.pb` or `saved_model.pbtxt`, and what its graphs say of their assets."""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import any_pb2, text_format
from google.protobuf.message import DecodeError

from tflite_edu.core import errors
from tflite_edu.core.dtypes import as_dtype, kernel_name
from tflite_edu.formats import files
from tflite_edu.formats.proto.meta_graph_pb2 import AssetFileDef
from tflite_edu.formats.proto.saved_model_pb2 import SavedModel
from tflite_edu.formats.proto.types_pb2 import DataType
from tflite_edu.formats.text_proto import parse
from tflite_edu.io.collection_defs import parsed

_ASSET_TYPE = "type.googleapis.com/tensorflow.AssetFileDef"


def read_saved_model(path: str) -> SavedModel:
    """The SavedModel proto in a file, text if its name ends in ".pbtxt", else binary.

    Raises OSError where the content is no such proto, an OpError where it cannot be read.
    """
    with files.errors_of(path), open(path, "rb") as file:
        content = file.read()
    made = SavedModel()
    try:
        if path.endswith(".pbtxt"):
            parse(content, made)
        else:
            made.ParseFromString(content)
    except (DecodeError, text_format.ParseError, UnicodeDecodeError) as error:
        reason = str(error).replace("tflite_edu.", "tensorflow.")
        if isinstance(error, DecodeError):
            reason = "Error parsing message with type 'tensorflow.SavedModel'"
        raise OSError(f"Cannot parse file {os.fsencode(path)!r}: {reason}.") from None
    return made


def asset_entry(tensor_name: str, filename: str) -> any_pb2.Any:
    """What the collection of assets holds for a file and the tensor that is fed its path."""
    asset = AssetFileDef(filename=filename)
    asset.tensor_info.name = tensor_name
    return any_pb2.Any(type_url=_ASSET_TYPE, value=asset.SerializeToString())


def asset_entries(meta_graph: Any, collection: str) -> list[tuple[str, str]]:
    """(tensor name, file name) of the assets of a MetaGraphDef, from its field or its collection.

    Raises ValueError on an entry that is damaged or of another type.
    """
    assets = list(meta_graph.asset_file_def)
    if not assets and collection in meta_graph.collection_def:
        for entry in meta_graph.collection_def[collection].any_list.value:
            if entry.type_url != _ASSET_TYPE:
                raise ValueError(f"Collection '{collection}' holds a {entry.type_url!r}")
            assets.append(parsed(AssetFileDef, entry.value, collection))
    return [(asset.tensor_info.name, asset.filename) for asset in assets]


def check_constants(graph_def: Any) -> None:
    """Raises InvalidArgumentError on a constant whose value is of another type than its node."""
    known = set(DataType.values())
    for node in graph_def.node:
        if node.op != "Const" or "dtype" not in node.attr or "value" not in node.attr:
            continue
        wanted, value = node.attr["dtype"].type, node.attr["value"].tensor.dtype
        if wanted != value and {wanted, value} <= known - {DataType.DT_INVALID}:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Type mismatch between value ({kernel_name(as_dtype(value))}) and dtype "
                f"({kernel_name(as_dtype(wanted))})\n\t [[node {node.name}]]",
            )
