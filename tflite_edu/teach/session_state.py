"""What a session holds at one moment, so that many runs can start from the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy

from tflite_edu.core.graph import Graph
from tflite_edu.core.operation import Operation
from tflite_edu.runtime.resources import VariableSlot
from tflite_edu.runtime.session import BaseSession, get_default_session
from tflite_edu.teach.temporary import temporary_nodes


def session_of(graph: Graph, session: BaseSession | None) -> BaseSession:
    """The session given, or the default one; raises ValueError unless it runs `graph`."""
    found = get_default_session() if session is None else session
    if found is None:
        raise ValueError(
            "There is no session: pass session=..., or call this inside `with tf.Session():`."
        )
    if found.graph is not graph:
        raise ValueError("The session runs another graph than the one that the tensors are in.")
    return found


class SessionState:
    """The values of a session's variables and where its random streams stand.

    numpy's global generator, from which a `Layer` may draw, counts as one of the streams. What
    queues and tables hold is not among it. The stream of an op without seeds, which a first run
    begins anywhere, joins the state when it is restored for the first time.
    """

    def __init__(self, session: BaseSession) -> None:
        self._resources = session._resources
        with self._resources._lock:
            self._values = [(s, s.value) for s in self._resources._slots.values()]
            self._streams = {
                op: copy.deepcopy(kept)
                for op, kept in self._resources._kept.items()
                if op.definition.effect == "random"
            }
        self._numpy = numpy.random.get_state()

    def restore(self) -> None:
        """Puts everything back as it was."""
        with self._resources._lock:
            for slot, value in self._values:
                with slot.lock:
                    slot.write(value)
            kept = self._resources._kept
            for op in [o for o in kept if o.definition.effect == "random"]:
                if op not in self._streams and _has_no_seed(op):
                    self._streams[op] = kept[op]
                # Any other that was not there starts where it started.
                del kept[op]
            kept.update({op: copy.deepcopy(stream) for op, stream in self._streams.items()})
        numpy.random.set_state(self._numpy)


def _has_no_seed(op: Operation) -> bool:
    attributes = op.definition.attributes()
    return not attributes.get("seed") and not attributes.get("seed2")


@contextmanager
def kept_generator() -> Iterator[None]:
    """Puts numpy's global generator back to where it stood, at the end."""
    state = numpy.random.get_state()
    try:
        yield
    finally:
        numpy.random.set_state(state)


@contextmanager
def kept_state(session: BaseSession) -> Iterator[SessionState]:
    """A state to which the session is brought back at the end, whatever happens inside."""
    state = SessionState(session)
    try:
        yield state
    finally:
        state.restore()


def slot_of(session: BaseSession, variable: Operation) -> VariableSlot:
    """Where a session keeps the value of a variable's node."""
    definition: Any = variable.definition
    slot: VariableSlot = definition.forward(session._programs.host(variable))
    return slot


@contextmanager
def looking_at(session: BaseSession) -> Iterator[SessionState]:
    """Nodes made inside are gone afterwards, and the session is as it was.

    Other threads may run what the session has compiled already, but what they assign meanwhile is
    lost; new programs wait.
    """
    # The session's lock first, as where it compiles: two threads in two orders would wait forever.
    with session._programs._lock, temporary_nodes(session.graph), kept_state(session) as state:
        yield state
