"""`tf.train.Saver`: saves variables to checkpoints and restores them."""

from __future__ import annotations

import numbers
import os
import time
from collections.abc import Sequence
from typing import Any

from tflite_edu.core import errors
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.formats.checkpoint_state import update_checkpoint_state
from tflite_edu.formats.proto.saver_pb2 import SaverDef
from tflite_edu.io.meta_graph import export_meta_graph, in_scope
from tflite_edu.platform import logging
from tflite_edu.train.checkpoint_files import (
    checkpoint_exists,
    get_checkpoint_mtimes,
    meta_graph_path,
    path_text,
    remove_checkpoint,
)
from tflite_edu.train.restoring import restore_in_place
from tflite_edu.train.saver_nodes import add_saver_nodes

EXPORTS = {"train.SaverDef": "SaverDef"}

_NODE_FIELDS = ("filename_tensor_name", "save_tensor_name", "restore_op_name")

_NO_FOLDER = (errors.NotFoundError, errors.FailedPreconditionError, errors.AlreadyExistsError)


@export("train.Saver")
class Saver:
    """Saves variables to checkpoint files and restores them.

    `var_list` is a list of variables or a dict from names in the checkpoint to variables; without
    it all variables of the graph are meant. `max_to_keep` checkpoints are kept (all of them if it
    is None or 0), and one every `keep_checkpoint_every_n_hours` for ever. With `reshape` a variable
    may have another shape than in the checkpoint. `sharded` writes one file for each device.
    `write_version` is SaverDef.V2, or SaverDef.V1 for the format before it.
    `restore_sequentially` changes nothing: one node restores all. Raises ValueError where there is
    nothing to save, TypeError on what is no variable, RuntimeError on another `write_version`.
    """

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Any = None,
        builder: Any = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: int = SaverDef.V2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        del restore_sequentially
        if builder is not None:
            raise ValueError("builder: the nodes of a saver are always V2's; none can be given")
        if defer_build and var_list:
            raise ValueError(
                "If `var_list` is provided then build cannot be deferred. Either set "
                "defer_build=False or var_list=None."
            )
        self._var_list = var_list
        self._reshape = reshape
        self._sharded = sharded
        self._max_to_keep = max_to_keep
        self._keep_hours = keep_checkpoint_every_n_hours
        self._name = name
        self.saver_def: Any = saver_def
        self._is_built = False
        self._allow_empty = allow_empty
        self._is_empty = False
        self._write_version = write_version
        self._pad_step_number = pad_step_number
        self._save_relative_paths = save_relative_paths
        self._filename = filename
        # (path, time of writing) of the checkpoints that are kept, oldest first.
        self._last_checkpoints: list[tuple[str, float]] = []
        if not defer_build:
            self.build()
        if self.saver_def is not None:
            self._check_saver_def()
            self._write_version = self.saver_def.version
        self._next_to_keep = time.time() + self._keep_hours * 3600

    def build(self) -> None:
        """Adds the saver's nodes to the graph; needed after `defer_build`."""
        if self._is_built:
            return
        self._is_built = True
        if self.saver_def is not None:
            self._adopt()
            return
        if self._var_list is None:
            graph = get_default_graph()
            self._var_list = [
                *graph.get_collection(GraphKeys.GLOBAL_VARIABLES),
                *graph.get_collection(GraphKeys.SAVEABLE_OBJECTS),
            ]
        if not self._var_list:
            if not self._allow_empty:
                raise ValueError("No variables to save")
            self._is_empty = True
            return
        nodes = add_saver_nodes(
            self._var_list,
            reshape=self._reshape,
            sharded=self._sharded,
            name=self._name,
            filename=self._filename or "model",
            write_version=self._write_version,
        )
        self.saver_def = SaverDef(
            filename_tensor_name=nodes.filename,
            save_tensor_name=nodes.save,
            restore_op_name=nodes.restore,
            max_to_keep=self._max_to_keep or 0,
            keep_checkpoint_every_n_hours=self._keep_hours,
            sharded=self._sharded,
            version=SaverDef.CheckpointFormatVersion.Name(self._write_version),
        )

    def _adopt(self) -> None:
        """Takes over the nodes that a SaverDef names, which `name` is the scope of."""
        self._check_saver_def()
        given, self.saver_def = self.saver_def, SaverDef()
        self.saver_def.CopyFrom(given)
        for field in _NODE_FIELDS:
            setattr(self.saver_def, field, in_scope(getattr(given, field), self._name))
        self._max_to_keep = given.max_to_keep
        self._keep_hours = given.keep_checkpoint_every_n_hours

    def _check_saver_def(self) -> None:
        if not isinstance(self.saver_def, SaverDef):
            raise ValueError(f"saver_def must be a saver_pb2.SaverDef: {self.saver_def}")
        if not self.saver_def.save_tensor_name:
            raise ValueError(f"saver_def must specify the save_tensor_name: {self.saver_def}")
        if not self.saver_def.restore_op_name:
            raise ValueError(f"saver_def must specify the restore_op_name: {self.saver_def}")

    def as_saver_def(self) -> Any:
        """The saver as a SaverDef proto."""
        return self.saver_def

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The saver as a SaverDef proto, with names relative to `export_scope`; None outside it."""
        if export_scope is None:
            return self.saver_def
        prefix = export_scope.rstrip("/") + "/"
        if not self.saver_def.filename_tensor_name.startswith(prefix):
            return None
        made = SaverDef()
        made.CopyFrom(self.saver_def)
        for field in _NODE_FIELDS:
            setattr(made, field, getattr(made, field).removeprefix(prefix))
        return made

    @staticmethod
    def from_proto(saver_def: Any, import_scope: str | None = None) -> Saver:
        """A saver over the nodes that a SaverDef names."""
        return Saver(saver_def=saver_def, name=import_scope)

    @property
    def last_checkpoints(self) -> list[str]:
        """Paths of the checkpoints that are kept, oldest first."""
        return [path for path, _ in self._last_checkpoints]

    def set_last_checkpoints(self, last_checkpoints: Sequence[str]) -> None:
        """Takes these paths for the ones that are kept; their times count as unknown."""
        if not isinstance(last_checkpoints, list):
            raise AssertionError("last_checkpoints must be a list")
        self._last_checkpoints = [(path, float("inf")) for path in last_checkpoints]

    def set_last_checkpoints_with_time(
        self, last_checkpoints_with_time: Sequence[tuple[str, float]]
    ) -> None:
        """Takes these (path, time) pairs for the checkpoints that are kept."""
        if not isinstance(last_checkpoints_with_time, list):
            raise AssertionError("last_checkpoints_with_time must be a list")
        self._last_checkpoints = list(last_checkpoints_with_time)

    def recover_last_checkpoints(self, checkpoint_paths: Sequence[str]) -> None:
        """Takes those of the paths that exist for the checkpoints that are kept."""
        existing = [path for path in checkpoint_paths if checkpoint_exists(path)]
        times = get_checkpoint_mtimes(existing)
        self.set_last_checkpoints_with_time(list(zip(existing, times, strict=True)))

    def save(
        self,
        sess: Any,
        save_path: str,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Saves the variables to `save_path`, with `-global_step` if it is given.

        Returns the path of the checkpoint, which `restore` takes. Raises RuntimeError before
        `build`, ValueError on a path that is none, TypeError on what is no session.
        """
        if not self._is_built:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        latest_filename = latest_filename or "checkpoint"
        if os.path.split(latest_filename)[0]:
            raise ValueError("'latest_filename' must not contain path components")
        path = given = os.fsdecode(save_path)
        if global_step is not None:
            if not isinstance(global_step, numbers.Integral):
                global_step = int(sess.run(global_step))
            path += f"-{int(global_step):08d}" if self._pad_step_number else f"-{int(global_step)}"
        if os.path.basename(path) == latest_filename and not self._sharded:
            # The file that names the newest checkpoint would overwrite the checkpoint's.
            raise ValueError(
                f"'latest_filename' collides with 'save_path': '{latest_filename}' and '{path}'"
            )
        if not path:
            raise ValueError("no path specified")
        if not hasattr(sess, "run"):
            raise TypeError("'sess' must be a Session; " + str(sess))
        if not self._is_empty:
            path = self._write(sess, path)
            if write_state:
                self._record(path, os.path.dirname(given), latest_filename, meta_graph_suffix)
        if write_meta_graph:
            with sess.graph.as_default():
                self.export_meta_graph(
                    meta_graph_path(path, meta_graph_suffix),
                    strip_default_attrs=strip_default_attrs,
                    save_debug_info=save_debug_info,
                )
        return None if self._is_empty else path

    def _write(self, sess: Any, path: str) -> str:
        """Saves the variables and returns the path of the checkpoint."""
        feeds = {self.saver_def.filename_tensor_name: path}
        try:
            written: bytes = sess.run(self.saver_def.save_tensor_name, feeds)
        except _NO_FOLDER:
            if not os.path.isdir(os.path.dirname(path) or "."):
                raise ValueError(f"Parent directory of {path} doesn't exist, can't save.") from None
            raise
        return written.decode()

    def _record(self, path: str, folder: str, latest_filename: str, suffix: str) -> None:
        """Enters a checkpoint among the kept ones and removes the oldest."""
        dropped = []
        if self.saver_def.max_to_keep:
            self._last_checkpoints = [p for p in self._last_checkpoints if p[0] != path]
            self._last_checkpoints.append((path, time.time()))
            while len(self._last_checkpoints) > self.saver_def.max_to_keep:
                dropped.append(self._last_checkpoints.pop(0))
        update_checkpoint_state(
            folder,
            path,
            self.last_checkpoints,
            latest_filename,
            save_relative_paths=self._save_relative_paths,
        )
        for old, written in dropped:
            if written > self._next_to_keep:
                self._next_to_keep += self._keep_hours * 3600
                continue
            try:
                remove_checkpoint(old, self.saver_def.version, suffix)
            except (errors.OpError, OSError) as error:
                logging.warning("Ignoring: %s", str(error))

    def export_meta_graph(
        self,
        filename: str | None = None,
        collection_list: Sequence[str] | None = None,
        as_text: bool = False,
        export_scope: str | None = None,
        clear_devices: bool = False,
        clear_extraneous_savers: bool = False,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> Any:
        """The default graph with this saver as a MetaGraphDef, written to `filename` if given."""
        return export_meta_graph(
            filename=filename,
            saver_def=self.saver_def,
            collection_list=collection_list,
            as_text=as_text,
            export_scope=export_scope,
            clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs,
            save_debug_info=save_debug_info,
        )

    def restore(self, sess: Any, save_path: str) -> None:
        """Assigns the values in a checkpoint to the variables, which need no initialization.

        Raises ValueError where there is no such checkpoint, NotFoundError where it lacks a
        variable, InvalidArgumentError where one has another shape or type, DataLossError where it
        is damaged. A checkpoint that cannot be read leaves every variable as it was; where a shape
        differs, variables before that one may have their new value.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        path = path_text(save_path)
        if not checkpoint_exists(path):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {path}")
        logging.info("Restoring parameters from %s", path)
        if restore_in_place(sess, self.saver_def, path):
            return
        try:
            sess.run(self.saver_def.restore_op_name, {self.saver_def.filename_tensor_name: path})
        except errors.NotFoundError as error:
            raise _explained(
                error, "a Variable name or other graph key that is missing from the checkpoint"
            ) from None
        except errors.InvalidArgumentError as error:
            raise _explained(
                error, "a mismatch between the current graph and the graph from the checkpoint"
            ) from None


def _explained(error: Any, cause: str) -> Exception:
    message = (
        f"Restoring from checkpoint failed. This is most likely due to {cause}. Please ensure that "
        "you have not altered the graph expected based on the checkpoint. Original error:\n\n"
        f"{error.message}"
    )
    made: Exception = type(error)(error.node_def, error.op, message)
    return made
