"""`tf.train.CheckpointManager`: keeps the newest checkpoints of a folder and removes older ones."""

from __future__ import annotations

import os
import time
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.checkpoint_state import update_checkpoint_state
from tflite_edu.platform import logging
from tflite_edu.train.checkpoint_files import get_checkpoint_state, remove_checkpoint
from tflite_edu.train.object_checkpoint import Checkpoint, default_session
from tflite_edu.variables.variable import Variable


@export("train.CheckpointManager")
class CheckpointManager:
    """Saves a Checkpoint to `directory/checkpoint_name-N` and keeps the newest `max_to_keep`.

    None keeps all. One every `keep_checkpoint_every_n_hours` stays for ever. What an earlier
    program kept in the directory is counted in. Raises ValueError unless `max_to_keep` is positive.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: str,
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: float | None = None,
        checkpoint_name: str = "ckpt",
    ) -> None:
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError(
                "Expected a positive integer or `None` for `max_to_max_to_keep`, got "
                f"{max_to_keep}."
            )
        self._checkpoint = checkpoint
        self._max_to_keep = max_to_keep
        self._keep_hours = keep_checkpoint_every_n_hours
        self._directory = os.fspath(directory)
        self._prefix = os.path.join(self._directory, checkpoint_name)
        self._count: Any = None
        self._latest: str | None = None
        # Paths of the checkpoints that may be removed, oldest first, and when they were written.
        self._kept: dict[str, float] = {}
        now = time.time()
        self._last_preserved = now
        state = get_checkpoint_state(self._directory)
        if state is None:
            return
        self._latest = state.model_checkpoint_path or None
        paths = list(state.all_model_checkpoint_paths)
        times = list(state.all_model_checkpoint_timestamps)
        if len(times) != len(paths):
            times = [now] * len(paths)
        self._kept = dict(zip(paths, times, strict=True))
        # Times in the future are of a clock that was wrong.
        if 0 < state.last_preserved_timestamp <= now:
            self._last_preserved = state.last_preserved_timestamp

    @property
    def latest_checkpoint(self) -> str | None:
        """The path of the newest checkpoint, None where there is none."""
        return self._latest

    @property
    def checkpoints(self) -> list[str]:
        """The paths of the checkpoints that are kept, oldest first."""
        return list(self._kept)

    def save(self, checkpoint_number: Any = None) -> str:
        """Saves under the next number, or under this one, and returns the path.

        Runs in the default session.
        """
        session = default_session()
        counter: Any = self._checkpoint._started_counter(session)
        if self._count is None:
            self._count = counter.assign_add(1, read_value=False)
        if checkpoint_number is None:
            session.run(self._count)
            number = int(session.run(counter))
        elif isinstance(checkpoint_number, (Tensor, Variable)):
            number = int(session.run(checkpoint_number))
        else:
            number = int(checkpoint_number)
        path = self._checkpoint.write(f"{self._prefix}-{number}", session)
        self._latest = path
        self._kept.pop(path, None)
        self._kept[path] = time.time()
        self._remove_old()
        update_checkpoint_state(
            self._directory,
            path,
            self.checkpoints,
            all_model_checkpoint_timestamps=list(self._kept.values()),
            last_preserved_timestamp=self._last_preserved,
            save_relative_paths=True,
        )
        return path

    def _remove_old(self) -> None:
        if self._max_to_keep is None:
            return
        while len(self._kept) > self._max_to_keep:
            path, written = next(iter(self._kept.items()))
            del self._kept[path]
            hours = self._keep_hours
            if hours and written - hours * 3600 >= self._last_preserved:
                self._last_preserved = written
                continue
            try:
                remove_checkpoint(path)
            except OSError as error:
                logging.warning("Ignoring: %s", str(error))
