"""One checkpoint of several that were written side by side, each for a device's variables."""

from __future__ import annotations

import os
from collections.abc import Iterable

from google.protobuf.message import DecodeError

from tflite_edu.core import errors
from tflite_edu.formats import files
from tflite_edu.formats.bundle_index import (
    exists,
    index_path,
    make_directory_of,
    new_header,
    publish,
    read_index,
    shard_path,
)
from tflite_edu.formats.proto import tensor_bundle_pb2

Entry = tensor_bundle_pb2.BundleEntryProto


def merge(prefixes: Iterable[str], destination: str, delete_old_dirs: bool = True) -> None:
    """Makes one checkpoint of several: renames their shards and joins their indices.

    The old indices are removed. Nothing is changed if any of the checkpoints cannot be read.

    Args:
      prefixes: of the checkpoints, whose files become those of the new one.
      destination: prefix of the new checkpoint. Its directory is made if only its last part is
        missing.
      delete_old_dirs: whether directories that held the old checkpoints and are now empty are
        removed.

    Raises:
      tf.errors.NotFoundError: a file of a checkpoint is missing.
      tf.errors.InvalidArgumentError: two checkpoints have the same tensor, or the same part of one;
        the new one would take the place of one of them and have its shards in another order.
      tf.errors.DataLossError: an index is damaged.
    """
    prefixes = list(prefixes)
    shards: dict[str, int] = {}
    merged: dict[bytes, Entry] = {}
    merged_header = new_header(0)
    for prefix in prefixes:
        header, values = read_index(prefix)
        if prefix == prefixes[0]:
            merged_header.CopyFrom(header)
        elif header.endianness != merged_header.endianness:
            message = "Merging bundles with conflicting endianness; inputs corrupted?"
            raise errors.InvalidArgumentError(None, None, message)
        for key, value in values.items():
            try:
                entry = Entry.FromString(value)
            except DecodeError:
                message = f"Entry for key {key!r} not parseable."
                raise files.damaged(message, index_path(prefix)) from None
            known = merged.get(key)
            if known is not None and known.slices and entry.slices:
                known.slices.extend(entry.slices)
                continue
            if known is not None:
                name = key.decode(errors="backslashreplace")
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Duplicate tensor keyed by {name} encountered, when merging prefix: {prefix}",
                )
            path = shard_path(prefix, entry.shard_id, header.num_shards)
            entry.shard_id = shards.setdefault(path, len(shards))
            merged[key] = entry
    for path, shard in shards.items():
        with files.errors_of(path):
            os.stat(path)
        if shards.get(shard_path(destination, shard, len(shards)), shard) != shard:
            message = f"{destination} has shards that are merged into it in another order"
            raise errors.InvalidArgumentError(None, None, message)
    make_directory_of(destination)
    merged_header.num_shards = len(shards)
    replaces = exists(destination) and destination not in prefixes
    publish(destination, merged_header, merged, list(shards), replaces)
    for prefix in prefixes:
        if index_path(prefix) != index_path(destination):
            with files.errors_of(index_path(prefix)):
                os.remove(index_path(prefix))
    if delete_old_dirs:
        for directory in {os.path.dirname(prefix) or "." for prefix in prefixes}:
            if not os.listdir(directory):
                with files.errors_of(directory):
                    os.rmdir(directory)
