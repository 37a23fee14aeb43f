"""The index of a checkpoint: the table in PREFIX.index, and the names of the checkpoint's files."""

from __future__ import annotations

import os
from collections.abc import Mapping

from google.protobuf.message import DecodeError

from tflite_edu.core import errors
from tflite_edu.formats import files
from tflite_edu.formats.proto import tensor_bundle_pb2
from tflite_edu.formats.table import TableReader, TableWriter

Header = tensor_bundle_pb2.BundleHeaderProto
VERSION = 1
"""The version of the format that is written, and the newest that is read."""

_HEADER_KEY = b""


def index_path(prefix: str) -> str:
    """The file with the table of a checkpoint."""
    return f"{prefix}.index"


def shard_path(prefix: str, shard: int, shards: int) -> str:
    """One of the files with the elements of a checkpoint."""
    return f"{prefix}.data-{shard:05d}-of-{shards:05d}"


def make_directory_of(prefix: str) -> None:
    """Makes the directory of a checkpoint, not its parents. Raises as `files.errors_of`."""
    directory = os.path.dirname(prefix)
    if directory and not os.path.isdir(directory):
        with files.errors_of(directory):
            os.mkdir(directory)


def check_exists(prefix: str) -> None:
    """Checks that there is a checkpoint of that prefix, by its index alone.

    Raises:
      tf.errors.NotFoundError: there is none.
      tf.errors.InvalidArgumentError: the directory does not exist either.
      tf.errors.DataLossError: there is a file of that very name; it has another format.
    """
    if os.path.isfile(index_path(prefix)):
        return
    directory = os.path.dirname(prefix)
    if os.path.exists(prefix):
        if os.path.isdir(prefix):
            reason = f"Failed precondition: {prefix}; Is a directory"
        else:
            reason = "Data loss: not an sstable (bad magic number)"
        message = (
            f"Unable to open table file {prefix}: {reason}: perhaps your file is in a different "
            "file format and you need to use a different restore operator?"
        )
        raise errors.DataLossError(None, None, message)
    failed = "Unsuccessful TensorSliceReader constructor: Failed to"
    if directory and not os.path.isdir(directory):
        message = (
            f"{failed} get matching files on {prefix}: "
            f"Not found: {directory}; No such file or directory"
        )
        raise errors.InvalidArgumentError(None, None, message)
    message = f"{failed} find any matching files for {prefix}"
    raise errors.NotFoundError(None, None, message)


def read_index(prefix: str) -> tuple[Header, dict[bytes, bytes]]:
    """The header of a checkpoint, and the serialized BundleEntryProto of every other key, in order.

    Raises:
      tf.errors.NotFoundError: there is no such file.
      tf.errors.DataLossError: the file is damaged.
      tf.errors.InvalidArgumentError: it says that this version may not read it.
    """
    path = index_path(prefix)
    with files.errors_of(path):
        file = open(path, "rb")  # noqa: SIM115
    with file:
        entries = iter(TableReader(file, path))
        try:
            key, value = next(entries, (None, b""))
        except errors.DataLossError as error:
            raise _unreadable(path, "failed to seek to header entry", error.message) from None
        if key != _HEADER_KEY:
            raise _unreadable(path, "failed to seek to header entry", f"the first key is {key!r}")
        try:
            header = Header.FromString(value)
        except DecodeError:
            reason = "Entry for key  not parseable."
            raise _unreadable(path, "unable to parse header", reason) from None
        _check_header(header, path)
        return header, dict(entries)


def new_header(shards: int) -> Header:
    """The header of a checkpoint that is written here, with that many files of elements."""
    header = Header(num_shards=shards)
    header.version.producer = VERSION
    return header


def write_index(prefix: str, header: Header, entries: Mapping[bytes, bytes]) -> files.TemporaryFile:
    """Writes an index beside its final name, under which `publish` of the result puts it.

    Args:
      prefix: of the checkpoint.
      header: of the checkpoint.
      entries: the serialized BundleEntryProto of every key, in any order.
    """
    index = files.TemporaryFile(index_path(prefix))
    with files.errors_of(index.path):
        table = TableWriter(index.file)
        table.add(_HEADER_KEY, header.SerializeToString())
        for key in sorted(entries):
            table.add(key, entries[key])
        table.finish()
    return index


def _check_header(header: Header, path: str) -> None:
    where = f"\n  in {path}"
    if header.version.min_consumer > VERSION:
        message = (
            f"Checkpoint min consumer version {header.version.min_consumer} above current "
            f"version {VERSION}."
        )
        raise errors.InvalidArgumentError(None, None, message + where)
    if VERSION in header.version.bad_consumers:
        message = (
            f"Checkpoint disallows consumer version {VERSION}.  "
            "Please upgrade TensorFlow: this version is likely buggy."
        )
        raise errors.InvalidArgumentError(None, None, message + where)
    if header.num_shards < 0:
        raise files.damaged(f"a checkpoint of {header.num_shards} shards", path)


def _unreadable(path: str, what: str, reason: str) -> errors.DataLossError:
    message = (
        f"Unable to read file ({path}). Perhaps the file is corrupt or was produced by a "
        f"newer version of TensorFlow with format changes ({what}): {reason}"
    )
    return errors.DataLossError(None, None, message)
