"""Finding, reading and removing checkpoints without a graph."""

from __future__ import annotations

import glob
import math
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tflite_edu.core import errors
from tflite_edu.core.dtypes import DType, as_dtype, kernel_name
from tflite_edu.core.export import export
from tflite_edu.formats import checkpoint_state
from tflite_edu.formats.checkpoint import open_checkpoint
from tflite_edu.formats.slice_table import TensorSliceReader
from tflite_edu.platform import logging


def path_text(path: Any) -> str:
    """A path as text; raises TypeError on what is none."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        raise TypeError(f"Expected binary or unicode string, got {path!r}")
    return os.fsdecode(path)


@export("train.checkpoint_exists")
def checkpoint_exists(checkpoint_prefix: str) -> bool:
    """Whether there is a checkpoint of this prefix, in the V2 or the V1 format."""
    prefix = path_text(checkpoint_prefix)
    if os.path.exists(f"{prefix}.index"):
        return True
    return os.path.basename(prefix) not in ("", ".", "..") and bool(glob.glob(prefix))


@export("train.latest_checkpoint")
def latest_checkpoint(checkpoint_dir: str, latest_filename: str | None = None) -> str | None:
    """The prefix of the newest checkpoint of a directory, or None where there is none."""
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None or not state.model_checkpoint_path:
        return None
    if checkpoint_exists(state.model_checkpoint_path):
        return str(state.model_checkpoint_path)
    logging.error("Couldn't match files for checkpoint %s", state.model_checkpoint_path)
    return None


@export("train.get_checkpoint_state")
def get_checkpoint_state(checkpoint_dir: str, latest_filename: str | None = None) -> Any:
    """The CheckpointState proto of a directory, or None where there is none."""
    return checkpoint_state.get_checkpoint_state(os.fspath(checkpoint_dir), latest_filename)


@export("train.update_checkpoint_state")
def update_checkpoint_state(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> None:
    """Writes the file that names a directory's newest checkpoint and all that are kept."""
    checkpoint_state.update_checkpoint_state(
        save_dir,
        model_checkpoint_path,
        all_model_checkpoint_paths,
        latest_filename,
        all_model_checkpoint_timestamps,
        last_preserved_timestamp,
    )


@export("train.generate_checkpoint_state_proto")
def generate_checkpoint_state_proto(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> Any:
    """The CheckpointState proto that `update_checkpoint_state` writes."""
    return checkpoint_state.generate_checkpoint_state_proto(
        save_dir,
        model_checkpoint_path,
        all_model_checkpoint_paths,
        all_model_checkpoint_timestamps,
        last_preserved_timestamp,
    )


@export("train.get_checkpoint_mtimes")
def get_checkpoint_mtimes(checkpoint_prefixes: Sequence[str]) -> list[float]:
    """When each checkpoint was written, in seconds since 1970; absent ones are left out."""
    found = []
    for prefix in checkpoint_prefixes:
        for path in (f"{prefix}.index", prefix):
            if os.path.exists(path):
                found.append(os.path.getmtime(path))
                break
    return found


def meta_graph_path(checkpoint: str, suffix: str) -> str:
    """Where the graph of a checkpoint is; for the pattern of V1 shards, of all of them together."""
    return f"{re.sub(_SHARDS, '', checkpoint)}.{suffix}"


_SHARDS = re.compile(r"-[\d?]+-of-\d+$")


@export("train.remove_checkpoint")
def remove_checkpoint(
    checkpoint_prefix: str, checkpoint_format_version: int = 2, meta_graph_suffix: str = "meta"
) -> None:
    """Deletes the files of a checkpoint: index, data shards and meta graph."""
    paths = [meta_graph_path(checkpoint_prefix, meta_graph_suffix)]
    if checkpoint_format_version == 2:
        paths.append(f"{checkpoint_prefix}.index")
        paths += glob.glob(f"{glob.escape(checkpoint_prefix)}.data-?????-of-?????")
    else:
        paths += glob.glob(checkpoint_prefix) or [checkpoint_prefix]
    for path in paths:
        if os.path.exists(path):
            os.remove(path)


@export("train.NewCheckpointReader")
class CheckpointReader:
    """Reads the tensors of one checkpoint, in the V2 or the V1 format.

    For V1 the name may be a pattern for the names of several files. Raises NotFoundError where
    there is none, InvalidArgumentError where its folder does not exist, DataLossError where it is
    damaged.
    """

    def __init__(self, filepattern: str) -> None:
        self._reader = open_checkpoint(path_text(filepattern))

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """Shapes by name."""
        return {n: list(self._reader.dtype_and_shape(n)[1]) for n in self._reader.names()}

    def get_variable_to_dtype_map(self) -> dict[str, DType]:
        """Dtypes by name."""
        return {n: as_dtype(self._reader.dtype_and_shape(n)[0]) for n in self._reader.names()}

    def has_tensor(self, tensor_str: str) -> bool:
        """Whether the checkpoint has a tensor of that name."""
        return path_text(tensor_str) in self._reader

    def get_tensor(self, tensor_str: str) -> Any:
        """The tensor as a new array; raises NotFoundError where there is none."""
        name = path_text(tensor_str)
        if name not in self._reader and isinstance(self._reader, TensorSliceReader):
            raise errors.NotFoundError(None, None, f"{name} not found in checkpoint file")
        value = self._reader.read(name)
        return value if value.ndim else value[()]

    def debug_string(self) -> bytes:
        """One line for each tensor: name, dtype and shape, and in how many slices it was saved."""
        lines = []
        for name in self._reader.names():
            number, shape = self._reader.dtype_and_shape(name)
            dims = ",".join(str(d) for d in shape)
            line = f"{name} (DT_{kernel_name(as_dtype(number)).upper()}) [{dims}]"
            slices = len(self._reader.slices(name))
            lines.append(f"{line}, {slices} slices\n" if slices > 1 else f"{line}\n")
        return "".join(lines).encode()


@export("train.load_checkpoint")
def load_checkpoint(ckpt_dir_or_file: str) -> CheckpointReader:
    """A reader of a checkpoint, or of the newest one of a directory.

    Raises ValueError where a directory has none, NotFoundError where the checkpoint is missing.
    """
    return CheckpointReader(checkpoint_prefix(ckpt_dir_or_file))


def checkpoint_prefix(path: str) -> str:
    """The prefix of a checkpoint, of the newest one where `path` is a directory.

    Raises ValueError where the directory has none.
    """
    path = os.fspath(path)
    if os.path.isdir(path):
        found = latest_checkpoint(path)
        if found is None:
            raise ValueError(
                "Couldn't find 'checkpoint' file or checkpoints in given directory " + path
            )
        return found
    return path


@export("train.load_variable")
def load_variable(ckpt_dir_or_file: str, name: str) -> Any:
    """One tensor of a checkpoint, as an array; `name` may end in ":0"."""
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


@export("train.list_variables")
def list_variables(ckpt_dir_or_file: str) -> list[tuple[str, list[int]]]:
    """(name, shape) of every tensor of a checkpoint, sorted by name."""
    shapes = load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map()
    return sorted(shapes.items())


@export("train.checkpoints_iterator")
def checkpoints_iterator(
    checkpoint_dir: str,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """The newest checkpoint of a directory, again and again as new ones appear.

    Checkpoints that were followed by another one meanwhile are left out. `min_interval_secs` is
    the least time between two of them, in seconds. After `timeout` seconds without a new one this
    ends, or calls `timeout_fn` and ends if that returns true; without a timeout it waits for ever.
    """
    checkpoint: str | None = None
    while True:
        newer = _wait_for_checkpoint(checkpoint_dir, checkpoint, timeout)
        if newer is None:
            if timeout_fn is None:
                logging.info("Timed-out waiting for a checkpoint.")
                return
            if timeout_fn():
                return
            continue
        began = time.monotonic()
        checkpoint = newer
        yield checkpoint
        time.sleep(max(0.0, began + min_interval_secs - time.monotonic()))


def _wait_for_checkpoint(folder: str, known: str | None, timeout: float | None) -> str | None:
    """The newest checkpoint once it is not `known` any more; None after `timeout` seconds."""
    logging.info("Waiting for new checkpoint at %s", folder)
    end = math.inf if timeout is None else time.monotonic() + timeout
    while True:
        newest = latest_checkpoint(folder)
        if newest is not None and newest != known:
            logging.info("Found new checkpoint at %s", newest)
            return newest
        left = end - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(_SECONDS_BETWEEN_LOOKS, left))


_SECONDS_BETWEEN_LOOKS = 1.0
