"""The text file "checkpoint" of a directory: which checkpoints it has, and which is the newest."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

from google.protobuf import text_format

from tflite_edu.core import errors
from tflite_edu.formats import files
from tflite_edu.formats.proto.checkpoint_state_pb2 import CheckpointState
from tflite_edu.formats.text_proto import parse

_LOG = logging.getLogger("tensorflow")


def get_checkpoint_state(
    checkpoint_dir: str, latest_filename: str | None = None
) -> CheckpointState | None:
    """What the file says; `checkpoint_dir` is put before the paths in it that are relative.

    Returns: None if there is no such file. Also None, with a warning to the log, if it cannot be
      read or is no CheckpointState.

    Raises:
      ValueError: the file names no newest checkpoint.
    """
    path = checkpoint_state_path(checkpoint_dir, latest_filename)
    if not os.path.exists(path):
        return None
    state = CheckpointState()
    try:
        with files.errors_of(path), open(path, "rb") as file:
            content = file.read()
        parse(content, state)
    except (errors.OpError, text_format.ParseError, UnicodeDecodeError) as error:
        _LOG.warning("%s: %s", type(error).__name__, error)
        _LOG.warning("%s: Checkpoint ignored", path)
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {checkpoint_dir}")
    state.model_checkpoint_path = os.path.join(checkpoint_dir, state.model_checkpoint_path)
    state.all_model_checkpoint_paths[:] = [
        os.path.join(checkpoint_dir, each) for each in state.all_model_checkpoint_paths
    ]
    return state


def update_checkpoint_state(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
    save_relative_paths: bool = False,
) -> None:
    """Writes the file, whole or not at all.

    Args:
      save_dir: the directory.
      model_checkpoint_path: prefix of the newest checkpoint.
      all_model_checkpoint_paths: prefixes of all checkpoints that are kept, oldest first.
      latest_filename: name of the file if it is not "checkpoint".
      all_model_checkpoint_timestamps: when each was written, in seconds since 1970.
      last_preserved_timestamp: when the last one was written that is kept for ever.
      save_relative_paths: whether absolute paths are written relative to `save_dir`.

    Raises:
      RuntimeError: the newest checkpoint would have the very name of this file.
      ValueError: there are not as many times as checkpoints.
      tf.errors.OpError: its subclass by errno, as NotFoundError for a missing directory.
    """
    path = checkpoint_state_path(save_dir, latest_filename)
    if save_relative_paths:
        model_checkpoint_path = _relative(model_checkpoint_path, save_dir)
        all_model_checkpoint_paths = [
            _relative(each, save_dir) for each in all_model_checkpoint_paths or ()
        ]
    state = generate_checkpoint_state_proto(
        save_dir,
        model_checkpoint_path,
        all_model_checkpoint_paths,
        all_model_checkpoint_timestamps,
        last_preserved_timestamp,
    )
    if path == state.model_checkpoint_path:
        raise RuntimeError(
            f"Save path '{model_checkpoint_path}' conflicts with path used for checkpoint state.  "
            "Please use a different save path."
        )
    with files.TemporaryFile(path) as temporary:
        with files.errors_of(path):
            temporary.file.write(text_format.MessageToString(state, as_utf8=False).encode())
        temporary.publish()


def generate_checkpoint_state_proto(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> CheckpointState:
    """What `update_checkpoint_state` writes, with the same arguments.

    The newest checkpoint is put at the end of all of them if it is not there. If `save_dir` is
    relative, so are the paths written that were relative to the working directory: to `save_dir`.

    Raises:
      ValueError: there are not as many times as checkpoints.
    """
    paths = list(all_model_checkpoint_paths or ())
    if not paths or paths[-1] != model_checkpoint_path:
        _LOG.info(
            "%s is not in all_model_checkpoint_paths. Manually adding it.", model_checkpoint_path
        )
        paths.append(model_checkpoint_path)
    times = list(all_model_checkpoint_timestamps or ())
    if times and len(times) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths "
            f"(got paths {paths} and timestamps {times})"
        )
    if not os.path.isabs(save_dir):
        paths = [
            each if os.path.isabs(each) else os.path.relpath(each, save_dir or ".")
            for each in paths
        ]
    return CheckpointState(
        model_checkpoint_path=paths[-1],
        all_model_checkpoint_paths=paths,
        all_model_checkpoint_timestamps=times,
        last_preserved_timestamp=last_preserved_timestamp,
    )


def checkpoint_state_path(checkpoint_dir: str, latest_filename: str | None = None) -> str:
    """The path of the file."""
    return os.path.join(checkpoint_dir, latest_filename or "checkpoint")


def _relative(path: str, directory: str) -> str:
    return os.path.relpath(path, directory) if os.path.isabs(path) else path
