"""The index of a checkpoint: the table in PREFIX.index, and the names of the checkpoint's files."""

from __future__ import annotations

import glob
import os
import secrets
from collections.abc import Mapping, Sequence

from google.protobuf.message import DecodeError

from tflite_edu.core import errors
from tflite_edu.formats import files
from tflite_edu.formats.proto import tensor_bundle_pb2
from tflite_edu.formats.table import TableReader, TableWriter

Header = tensor_bundle_pb2.BundleHeaderProto
Entry = tensor_bundle_pb2.BundleEntryProto
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


def exists(prefix: str) -> bool:
    """Whether there is a bundle of that prefix, by its index alone."""
    return os.path.isfile(index_path(prefix))


def matching_paths(pattern: str) -> list[str]:
    """The files that a pattern such as "model-?????-of-00002" means, sorted; never none.

    Raises:
      tf.errors.NotFoundError: there are none.
      tf.errors.InvalidArgumentError: the directory does not exist either.
    """
    found = sorted(glob.glob(pattern)) or [p for p in [pattern] if os.path.exists(p)]
    if found:
        return found
    failed = "Unsuccessful TensorSliceReader constructor: Failed to"
    directory = os.path.dirname(pattern)
    if directory and not glob.has_magic(directory) and not os.path.isdir(directory):
        message = (
            f"{failed} get matching files on {pattern}: "
            f"Not found: {directory}; No such file or directory"
        )
        raise errors.InvalidArgumentError(None, None, message)
    message = f"{failed} find any matching files for {pattern}"
    raise errors.NotFoundError(None, None, message)


def not_a_table(path: str, reason: str) -> errors.DataLossError:
    """The error for a file that was taken for a checkpoint in the V1 format and is none."""
    message = (
        f"Unable to open table file {path}: {reason}: perhaps your file is in a different "
        "file format and you need to use a different restore operator?"
    )
    return errors.DataLossError(None, None, message)


def check_exists(prefix: str) -> None:
    """Checks that there is a bundle of that prefix, by its index alone.

    Raises: as `matching_paths`, and
      tf.errors.DataLossError: there is a file of that very name; it has another format.
    """
    if exists(prefix):
        return
    path = matching_paths(prefix)[0]
    if os.path.isdir(path):
        raise not_a_table(path, f"Failed precondition: {path}; Is a directory")
    raise not_a_table(path, "Data loss: not an sstable (bad magic number)")


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


def publish(
    prefix: str,
    header: Header,
    entries: Mapping[bytes, Entry],
    sources: Sequence[str],
    replaces: bool,
) -> None:
    """Makes a checkpoint of complete files of elements: gives them their names, the index last.

    Where it `replaces` another one of the same name, the files of elements get other names first,
    which the shards of a larger checkpoint would have, then their right ones as well. So there is
    no moment without an index that fits the files, and whatever stops this, one of the two
    checkpoints is whole.

    Args:
      prefix: of the checkpoint.
      header: of the checkpoint.
      entries: of every key, with the numbers of the shards in `sources`.
      sources: the files, which are renamed.
      replaces: whether there is a checkpoint of that prefix to keep until this one is whole.

    Raises:
      tf.errors.OpError: its subclass by errno.
    """
    count = len(sources)
    paths = [shard_path(prefix, shard, count) for shard in range(count)]
    with write_index(prefix, header, _serialized(entries)) as index:
        index.complete()
        if replaces:
            _publish_aside(prefix, header, entries, sources, paths, index)
            return
        for source, path in zip(sources, paths, strict=True):
            with files.errors_of(path):
                os.replace(source, path)
        files.synchronize_directory(os.path.dirname(prefix))
        index.publish()


def _publish_aside(
    prefix: str,
    header: Header,
    entries: Mapping[bytes, Entry],
    sources: Sequence[str],
    paths: Sequence[str],
    index: files.TemporaryFile,
) -> None:
    count = len(sources)
    larger = Header()
    larger.CopyFrom(header)
    larger.num_shards = 2 * count
    if _shards_of(prefix) == larger.num_shards:
        larger.num_shards += 1  # What is there may have shards of these very names.
    aside = [shard_path(prefix, count + shard, larger.num_shards) for shard in range(count)]
    moved: dict[bytes, Entry] = {}
    for key, entry in entries.items():
        moved[key] = Entry()
        moved[key].CopyFrom(entry)
        if not entry.slices:
            moved[key].shard_id += count
    with write_index(prefix, larger, _serialized(moved)) as first:
        first.complete()
        named: list[str] = []
        try:
            for source, path in zip(sources, aside, strict=True):
                with files.errors_of(path):
                    os.replace(source, path)
                named.append(path)
            files.synchronize_directory(os.path.dirname(prefix))
            first.publish()
        except errors.OpError:
            for path in named:
                os.remove(path)
            raise
    for there, path in zip(aside, paths, strict=True):
        with files.errors_of(path):
            _name_also(there, path)
    files.synchronize_directory(os.path.dirname(prefix))
    index.publish()
    # Both ways in which this may have named files, now or before it was stopped.
    for number in (2 * count, 2 * count + 1):
        for shard in range(count, 2 * count):
            path = shard_path(prefix, shard, number)
            if os.path.exists(path):
                os.remove(path)


def _shards_of(prefix: str) -> int:
    """How many shards a checkpoint says that it has; none if it cannot be read."""
    try:
        return read_index(prefix)[0].num_shards
    except errors.OpError:
        return 0


def _name_also(there: str, path: str) -> None:
    """Gives a file one more name in the same directory, in place of an older file."""
    temporary = f"{path}.tempstate{secrets.randbits(64)}"
    try:
        os.link(there, temporary)
    except OSError:  # A file system without hard links: the file has one name at a time.
        temporary = there
    os.replace(temporary, path)


def _serialized(entries: Mapping[bytes, Entry]) -> dict[bytes, bytes]:
    return {key: entry.SerializeToString() for key, entry in entries.items()}


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
