"""`tf.train.Checkpoint`: saves and restores objects by the names of their attributes."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.device import merge_device
from tflite_edu.core.export import export
from tflite_edu.core.scopes import colocate_with, control_dependencies, device
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats import files
from tflite_edu.formats.checkpoint_state import update_checkpoint_state
from tflite_edu.runtime.session import Session, get_default_session
from tflite_edu.train.checkpoint_files import CheckpointReader, path_text
from tflite_edu.train.object_graph import (
    GRAPH_KEY,
    ObjectGraph,
    SavedObjects,
    Trackable,
    can_be_saved,
)
from tflite_edu.train.saveables import Saveable
from tflite_edu.variables.variable import Variable, create_variable


@export("train.Checkpoint")
class Checkpoint(Trackable):
    """Saves and restores objects: variables, optimizers with their slots, other Checkpoints.

    The keywords become attributes, whose names are the names in the file; more may be set later,
    lists and dicts of objects too. Raises ValueError where a keyword's value is none of these.
    """

    def __init__(self, **kwargs: Any) -> None:
        for name, value in sorted(kwargs.items()):
            if not can_be_saved(value) or isinstance(value, (list, dict)):
                raise ValueError(
                    "`Checkpoint` was expecting a trackable object (an object derived from "
                    f"`TrackableBase`), got {value}. If you believe this object should be "
                    "trackable (i.e. it is part of the TensorFlow Python API and manages state), "
                    "please open an issue."
                )
            setattr(self, name, value)
        self._save_counter: Any = None
        self._count: Any = None
        self._saving: _Saving | None = None
        self._restoring: _Restoring | None = None

    def _children(self) -> Any:
        yield from super()._children()
        if self._save_counter is not None:
            yield "save_counter", self._save_counter

    @property
    def save_counter(self) -> Variable:
        """How often `save` was called: an int64 variable, which is saved too."""
        if self._save_counter is None:
            with device("/cpu:0"):
                self._save_counter = create_variable(
                    0, dtype="int64", trainable=False, name="save_counter", use_resource=True
                )
        counter: Variable = self._save_counter
        return counter

    def _started_counter(self, session: Any) -> Variable:
        """The save counter, initialized here if nothing used it before."""
        if self._save_counter is None:
            session.run(self.save_counter.initializer)
        return self.save_counter

    def _next_number(self, session: Any) -> int:
        counter: Any = self._started_counter(session)
        if self._count is None:
            with colocate_with(counter.op):
                self._count = counter.assign_add(1, read_value=True)
        return int(session.run(self._count))

    def save(self, file_prefix: str, session: Any = None) -> str:
        """Saves to `file_prefix-N`, N counting from 1, names it in the folder's state file.

        Returns the path. `session` is the default session, or a new one, if it is None.
        """
        prefix = path_text(file_prefix)
        session = _session(session)
        path = self.write(f"{prefix}-{self._next_number(session)}", session)
        update_checkpoint_state(os.path.dirname(prefix), path, [path], save_relative_paths=True)
        return path

    def write(self, file_prefix: str, session: Any = None) -> str:
        """Saves to `file_prefix` and returns it; counts nothing and names it nowhere."""
        path = path_text(file_prefix)
        objects = ObjectGraph(self)
        if self._saving is None or self._saving.proto != objects.proto:
            self._saving = _Saving(objects)
        folder = os.path.dirname(path)
        if folder:
            with files.errors_of(folder):
                os.makedirs(folder, exist_ok=True)
        feeds = {self._saving.graph: objects.proto.SerializeToString(), self._saving.prefix: path}
        written: bytes = _session(session).run(self._saving.saved, feeds)
        return os.fsdecode(written)

    def restore(self, save_path: str | None) -> InitializationOnlyStatus | CheckpointLoadStatus:
        """Prepares to restore what has the same names in a checkpoint; the status does it.

        With None there is only a status that initializes. Raises NotFoundError where there is no
        such checkpoint, DataLossError on a damaged one, ValueError on one that a Saver wrote.
        """
        if save_path is None:
            self.save_counter  # noqa: B018
            return InitializationOnlyStatus(self)
        path = path_text(save_path)
        reader = CheckpointReader(path)
        if not reader.has_tensor(GRAPH_KEY):
            raise ValueError(
                f"{path} has no object graph: restore it with tf.train.Saver, which wrote it"
            )
        saved = SavedObjects(reader.get_tensor(GRAPH_KEY), path)
        if self._restoring is None:
            self._restoring = _Restoring()
        status = CheckpointLoadStatus(self, self._restoring, saved, path)
        status._restore_ops()
        if self._save_counter is None:
            self.save_counter  # noqa: B018
            status._restore_ops()
        return status


def default_session() -> Any:
    """The default session, or a new one where there is none."""
    return get_default_session() or Session()


def _session(session: Any) -> Any:
    return session or default_session()


class _Saving:
    """The nodes that save an object graph."""

    def __init__(self, objects: ObjectGraph) -> None:
        self.proto = objects.proto
        with device("/cpu:0"):
            self.graph = constant("", dtype="string")
            self.prefix = constant("", dtype="string")
            temporary = raw.StringJoin([self.prefix, f"_temp_{uuid.uuid4().hex}/part"])
        groups: dict[str, list[tuple[str, Tensor]]] = {}
        for saveable in objects.saveables:
            tensor = saveable.tensor()
            groups.setdefault(merge_device(tensor.device, ""), []).append((saveable.name, tensor))
        groups.setdefault(self.graph.device, []).append((GRAPH_KEY, self.graph))
        count = constant(len(groups), name="num_shards")
        names, saves, where = [], [], ""
        for shard, (place, tensors) in enumerate(sorted(groups.items())):
            where = merge_device("/cpu:0", place)
            with device(where):
                names.append(raw.ShardedFilename(temporary, shard, count))
                keys = [key for key, _ in tensors]
                saves.append(raw.SaveV2(names[-1], keys, [""] * len(keys), [t for _, t in tensors]))
        with device(where), control_dependencies(saves):
            merged = raw.MergeV2Checkpoints(names, self.prefix, delete_old_dirs=True)
            with control_dependencies(None), control_dependencies([merged]):
                self.saved = raw.Identity(self.prefix)


class _Restoring:
    """The nodes that restore variables, made when each is first needed."""

    def __init__(self) -> None:
        self.prefix: Any = None
        self._assigned: dict[tuple[str, int], tuple[Variable, Any]] = {}

    def assigned(self, saveables: Sequence[Saveable]) -> list[Any]:
        """The operations that give the variables their saved values."""
        if self.prefix is None:
            with device("/cpu:0"):
                self.prefix = constant("model")
        missing: dict[str, list[Saveable]] = {}
        for saveable in saveables:
            if (saveable.name, id(saveable.variable)) not in self._assigned:
                place = merge_device(saveable.variable.device, "")
                missing.setdefault(place, []).append(saveable)
        for place, members in sorted(missing.items()):
            keys = [saveable.name for saveable in members]
            with device(merge_device("/cpu:0", place)):
                tensors = raw.RestoreV2(
                    self.prefix, keys, [""] * len(keys), dtypes=[s.dtype for s in members]
                )
            for saveable, tensor in zip(members, tensors, strict=True):
                self._assigned[saveable.name, id(saveable.variable)] = (
                    saveable.variable,
                    saveable.restore(tensor, None),
                )
        return [self._assigned[s.name, id(s.variable)][1] for s in saveables]


class InitializationOnlyStatus:
    """What `Checkpoint.restore(None)` returns: nothing to restore, only to initialize."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint

    def _refuse(self) -> Any:
        raise AssertionError("No checkpoint specified (save_path=None); nothing is being restored.")

    assert_consumed = assert_existing_objects_matched = assert_nontrivial_match = _refuse

    def expect_partial(self) -> InitializationOnlyStatus:
        """Changes nothing."""
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Raises AssertionError: there is nothing to restore."""
        raise AssertionError(
            "No checkpoint specified, so no restore ops are available (save_path=None to "
            "Saver.restore)."
        )

    def initialize_or_restore(self, session: Any = None) -> None:
        """Initializes the variables of all objects."""
        variables = ObjectGraph(self._checkpoint).variables()
        _session(session).run([variable.initializer for variable in variables])


class CheckpointLoadStatus:
    """What is restored from a checkpoint, and what is not; it restores when it is told to.

    Objects that come later than `Checkpoint.restore` are matched when a method is called.
    """

    def __init__(
        self, checkpoint: Checkpoint, restoring: _Restoring, saved: SavedObjects, path: str
    ) -> None:
        self._checkpoint = checkpoint
        self._restoring = restoring
        self._saved = saved
        self._path = path

    def _restore_ops(self) -> list[Any]:
        found = self._saved.matched(self._checkpoint)
        slots, others = self._saved.saveables(found)
        assigned = [op for slot in slots for op in self._restoring.assigned([slot])]
        return assigned + self._restoring.assigned(others)

    def _unmatched_variables(self) -> list[Variable]:
        found = self._saved.matched(self._checkpoint)
        matched = {id(s.variable) for part in self._saved.saveables(found) for s in part}
        variables = ObjectGraph(self._checkpoint).variables()
        return [variable for variable in variables if id(variable) not in matched]

    def assert_consumed(self) -> CheckpointLoadStatus:
        """Raises AssertionError unless every saved object and every variable has its match."""
        self.assert_existing_objects_matched()
        found = self._saved.matched(self._checkpoint)
        for number, node in enumerate(self._saved.proto.nodes):
            if number not in found:
                raise AssertionError(
                    f"Unresolved object in checkpoint {self._saved.name(number)}: {node}"
                )
        return self

    def assert_existing_objects_matched(self) -> CheckpointLoadStatus:
        """Raises AssertionError where a variable of the program is not in the checkpoint."""
        unmatched = self._unmatched_variables()
        if unmatched:
            raise AssertionError(
                "Some Python objects were not bound to checkpointed values, likely due to changes "
                f"in the Python program: {unmatched}"
            )
        return self

    def assert_nontrivial_match(self) -> CheckpointLoadStatus:
        """Raises AssertionError where nothing but the Checkpoint itself has a match."""
        if len(self._saved.matched(self._checkpoint)) <= 1:
            raise AssertionError(
                "Nothing except the root object matched a checkpointed value. Typically this means "
                "that the checkpoint does not match the Python program. The following objects have "
                f"no matching checkpointed value: {self._unmatched_variables()}"
            )
        return self

    def expect_partial(self) -> CheckpointLoadStatus:
        """Changes nothing: no warnings are given on what was not restored."""
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Gives the matched variables their saved values.

        Raises InvalidArgumentError where one has another shape or dtype.
        """
        _session(session).run(self._restore_ops(), {self._restoring.prefix: self._path})

    def initialize_or_restore(self, session: Any = None) -> None:
        """Restores the matched variables and initializes the others."""
        session = _session(session)
        session.run([variable.initializer for variable in self._unmatched_variables()])
        self.run_restore_ops(session)
