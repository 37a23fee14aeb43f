"""The file `saved_model.pb` or `saved_model.pbtxt`, and what its graphs say of their assets."""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import any_pb2, text_format
from google.protobuf.message import DecodeError

from tflite_edu.formats import files
from tflite_edu.formats.proto.meta_graph_pb2 import AssetFileDef
from tflite_edu.formats.proto.saved_model_pb2 import SavedModel
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
