"""`Session`: runs parts of a graph, and keeps the values of its variables."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NamedTuple

from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.engines.engine import Executable
from tflite_edu.engines.threads import set_threads
from tflite_edu.runtime.execution import Compilation, Programs
from tflite_edu.runtime.failures import raise_located
from tflite_edu.runtime.feeds import Feed, fed_tensor
from tflite_edu.runtime.fetches import Fetches, expand_feed, expand_feed_key, is_composite
from tflite_edu.runtime.partial import PartialRun
from tflite_edu.runtime.resources import Resources
from tflite_edu.runtime.tracing import DEVICE, Trace, Wanted, metadata

# What a session remembers of the ways in which it was called.
_MAXIMUM_CALLS = 256


class _Call:
    """One way of calling `run`, worked out: the program, its feeds, and the way back."""

    __slots__ = ("changes", "executable", "feeds", "rebuild", "run")

    def __init__(
        self, executable: Executable, feeds: list[Feed], fetches: Fetches, changes: int
    ) -> None:
        self.executable = executable
        self.run = executable.run
        self.feeds = feeds
        self.changes = changes
        self.rebuild = fetches.from_values()


class _Given(NamedTuple):
    """What `run` was given: fetches, fed tensors with how they are fed, and the fed arrays.

    It is not `plain` where a key of the feeds stands for several tensors.
    """

    fetches: Fetches
    tensors: list[Tensor]
    feeds: list[Feed]
    arrays: list[Any]
    plain: bool


class BaseSession:
    """What `Session` and `InteractiveSession` share."""

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        engine: str = "numpy",
    ) -> None:
        if graph is None:
            graph = get_default_graph()
        elif not isinstance(graph, Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}")
        if target not in ("", b""):
            raise ValueError(
                f"target {target!r}: sessions run in this process; a target cannot be connected to"
            )
        if config is not None and not hasattr(config, "intra_op_parallelism_threads"):
            raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
        if config is not None and config.intra_op_parallelism_threads > 0:
            set_threads(config.intra_op_parallelism_threads)
        self._graph = graph
        self._config = config
        self._timeout_in_ms = 0 if config is None else config.operation_timeout_in_ms
        self._resources = Resources()
        self._programs = Programs(graph, self._resources, engine)
        self._calls: dict[Any, _Call] = {}
        self._partial_runs: dict[str, PartialRun] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def graph(self) -> Graph:
        """The graph that the session runs."""
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The graph as a GraphDef proto."""
        return self._graph.as_graph_def()

    @property
    def sess_str(self) -> bytes:
        """The target: empty, for this process."""
        return b""

    def list_devices(self) -> list[Any]:
        """The devices: one CPU."""
        return [Device(DEVICE, "CPU", 1 << 28)]

    def as_default(self) -> AbstractContextManager[Any]:
        """Makes this the session of `Tensor.eval` and `Operation.run`; does not close it."""
        return _as_default(self)

    def close(self) -> None:
        """Lets go of the variables' values and of everything else the session owns."""
        with self._lock:
            self._closed = True
            self._calls.clear()
            self._partial_runs.clear()
        self._programs.clear()
        self._resources.clear()

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Runs what `fetches` need and returns their values in the same structure.

        Tensors give arrays (scalars where they have no dimensions), operations None. `feed_dict`
        maps tensors or their names to values. Raises RuntimeError on a closed session, TypeError or
        ValueError on fetches and feeds that do not fit, and a `tf.errors.OpError` where a node
        fails; the session and its variables stay as they were before the failing node.

        With RunOptions whose `trace_level` is not NO_TRACE the run is taken node by node, and the
        times and the memory of the nodes go to `run_metadata.step_stats`; a run without leaves a
        RunMetadata that it is given empty. A positive `timeout_in_ms` has the run raise
        DeadlineExceededError after the node with which it is over.
        """
        if options is not None or run_metadata is not None or self._timeout_in_ms > 0:
            return self._run_watched(fetches, feed_dict, options, run_metadata)
        kind = type(fetches)
        key: Any
        if kind is list or kind is tuple:
            key = (kind, *fetches, None, *feed_dict) if feed_dict else (kind, *fetches)
        else:
            key = (fetches, None, *feed_dict) if feed_dict else (kind, fetches)
        try:
            call = self._calls.get(key)
        except TypeError:
            call = None
        if call is None or call.changes != self._graph._changes:
            return self._run_new(key, fetches, feed_dict)
        if feed_dict:
            arrays = [
                feed.array(value)
                for feed, value in zip(call.feeds, feed_dict.values(), strict=True)
            ]
            values = self._execute(call, arrays)
        else:
            values = self._execute(call, ())
        return call.rebuild(values)

    def _execute(self, call: _Call, arrays: Sequence[Any]) -> Sequence[Any]:
        try:
            return call.run(arrays)
        except Exception as error:
            raise_located(error, call.executable)

    def _run_new(self, key: Any, fetches: Any, feed_dict: Any) -> Any:
        """A run of fetches or feeds that have not been seen before."""
        changes = self._graph._changes
        given = self._checked(fetches, feed_dict)
        found = given.fetches
        executable = self._programs.executable(found.tensors, found.operations, given.tensors)
        call = _Call(executable, given.feeds, found, changes)
        if given.plain and _is_simple(fetches):
            with self._lock:
                self._calls[key] = call
                if len(self._calls) > _MAXIMUM_CALLS:
                    del self._calls[next(iter(self._calls))]
        return call.rebuild(self._execute(call, given.arrays))

    def _checked(self, fetches: Any, feed_dict: Any) -> _Given:
        """Fetches and feeds, looked up in the graph and found to fit."""
        self._check_usable()
        tensors: list[Tensor] = []
        values: list[Any] = []
        plain = True
        for feed_key, value in _items(feed_dict):
            plain = plain and not is_composite(feed_key)
            for one, part in expand_feed(feed_key, value):
                tensors.append(fed_tensor(self._graph, one))
                values.append(part)
        found = Fetches(self._graph, fetches)
        feeds = [Feed(tensor) for tensor in tensors]
        arrays = [feed.array(value) for feed, value in zip(feeds, values, strict=True)]
        return _Given(found, tensors, feeds, arrays, plain)

    def _run_watched(self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any) -> Any:
        """A run that has options or whose metadata is asked for."""
        given = self._checked(fetches, feed_dict)
        values = self._watched(given.fetches, given.tensors, given.arrays, options, run_metadata)
        return given.fetches.from_values()(values)

    def _watched(
        self,
        found: Fetches,
        tensors: Sequence[Tensor],
        arrays: Sequence[Any],
        options: Any,
        run_metadata: Any,
    ) -> Sequence[Any]:
        wanted = Wanted.of(options, self._config)
        # What is no RunMetadata fails before anything runs.
        put = None if run_metadata is None else run_metadata.ParseFromString
        asked = (found.tensors, found.operations, tensors)
        stepwise = self._programs.stepwise(*asked) if any(wanted) else None
        executable: Executable = stepwise or self._programs.executable(*asked)
        trace = Trace(stepwise.program) if stepwise is not None and wanted.trace else None
        values: Sequence[Any]
        try:
            if stepwise is None:
                values = executable.run(arrays)
            else:
                values = stepwise.watched(arrays, trace, wanted.timeout_in_ms)
        except Exception as error:
            raise_located(error, executable)
        if put is not None:
            put(metadata(trace, executable.program if wanted.partition_graphs else None))
        return values

    def _check_usable(self) -> None:
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if not self._graph._operations:
            raise RuntimeError(
                "The Session graph is empty.  Add operations to the graph before calling run()."
            )

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function that runs `fetches`, its arguments being the values of `feed_list` in order.

        With `accept_options` the function also takes `options` and `run_metadata`. Raises TypeError
        where `feed_list` is no list.
        """
        self._check_usable()
        if feed_list is not None and not isinstance(feed_list, (list, tuple)):
            raise TypeError("`feed_list` must be a list or tuple.")
        tensors = [fed_tensor(self._graph, key) for key in feed_list or ()]
        found = Fetches(self._graph, fetches)
        feeds = [Feed(tensor) for tensor in tensors]

        def prepare() -> _Call:
            changes = self._graph._changes
            executable = self._programs.executable(found.tensors, found.operations, tensors)
            return _Call(executable, feeds, found, changes)

        call = prepare()

        def run(*values: Any, options: Any = None, run_metadata: Any = None) -> Any:
            nonlocal call
            if not accept_options and (options is not None or run_metadata is not None):
                raise TypeError("this callable was made without accept_options")
            if self._closed:
                self._check_usable()
            if len(values) != len(feeds):
                raise TypeError(f"Expected {len(feeds)} arguments, got {len(values)}.")
            if call.changes != self._graph._changes:
                call = prepare()
            arrays = [feed.array(value) for feed, value in zip(feeds, values, strict=True)]
            if options is not None or run_metadata is not None or self._timeout_in_ms > 0:
                return call.rebuild(self._watched(found, tensors, arrays, options, run_metadata))
            return call.rebuild(self._execute(call, arrays))

        return run

    def compilation(self, fetches: Any, feed_dict: Any = None) -> Compilation:
        """How a run of `fetches` is compiled: the program after each pass, and its source.

        With the values of `feed_dict` the program is the one for feeds of their shapes; keys whose
        value is None are fed, with shapes that stay open. Raises as `run` does on what does not
        fit.
        """
        self._check_usable()
        found = Fetches(self._graph, fetches)
        feeds: list[Tensor] = []
        shapes: list[Any] = []
        for key, value in _items(feed_dict):
            for one, part in expand_feed(key, value):
                tensor = fed_tensor(self._graph, one)
                feeds.append(tensor)
                shapes.append(tensor._shape if part is None else Feed(tensor).array(part).shape)
        return self._programs.explained(found.tensors, found.operations, feeds, shapes)

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> str:
        """Prepares a run in several parts and returns its handle.

        `fetches` and `feeds` list everything that the parts will fetch and feed.
        """
        self._check_usable()
        if feeds is not None and not isinstance(feeds, (list, tuple)):
            raise TypeError("feeds must be a list")
        keys = [part for key in feeds or () for part in expand_feed_key(key)]
        tensors = [fed_tensor(self._graph, key) for key in keys]
        found = Fetches(self._graph, fetches)
        prepared = PartialRun(found, tensors, self._programs)
        handle = f"partial_run_{id(prepared)}"
        with self._lock:
            self._partial_runs[handle] = prepared
        return handle

    def partial_run(self, handle: str, fetches: Any, feed_dict: Any = None) -> Any:
        """Goes on with a run that `partial_run_setup` prepared; each part is computed once."""
        self._check_usable()
        prepared = self._partial_runs.get(handle)
        if prepared is None:
            raise InvalidArgumentError(
                None, None, "Must run 'setup' before performing partial runs!"
            )
        fed: dict[Tensor, Any] = {}
        for key, value in _items(feed_dict):
            for one, part in expand_feed(key, value):
                tensor = fed_tensor(self._graph, one)
                fed[tensor] = Feed(tensor).array(part)
        found = Fetches(self._graph, fetches)
        values = prepared.go_on(found.tensors, found.operations, fed)
        if prepared.finished:
            with self._lock:
                self._partial_runs.pop(handle, None)
        return found.from_values()(values)


def _items(feed_dict: Any) -> Any:
    if not feed_dict:
        return ()
    if not hasattr(feed_dict, "items"):
        raise TypeError(f"feed_dict must be a dict, but got {type(feed_dict)}")
    return feed_dict.items()


def _is_simple(fetches: Any) -> bool:
    """Whether fetches can be told apart by what they hold: elements, or a flat list of them."""
    listed = fetches if type(fetches) in (list, tuple) else (fetches,)
    return all(
        isinstance(f, (Tensor, Operation, str, bytes)) or hasattr(f, "_as_graph_element")
        for f in listed
    )


class Device:
    """A device that a session runs on."""

    def __init__(self, name: str, device_type: str, memory_limit_bytes: int) -> None:
        self.name = name
        self.device_type = device_type
        self.memory_limit_bytes = memory_limit_bytes
        self.incarnation = 1

    def __repr__(self) -> str:
        listed = (self.name, self.device_type, self.memory_limit_bytes, self.incarnation)
        return f"_DeviceAttributes({', '.join(map(str, listed))})"


@export("Session")
class Session(BaseSession):
    """Runs parts of a graph in this process.

    Used in a `with` statement it is the default session inside, its graph is the default graph, and
    it is closed at the end. `engine` chooses how programs run: "numpy" (generated source) or
    "reference" (node by node, slow and obvious).
    """

    def __enter__(self) -> Session:
        stack = self.__dict__.setdefault("_entered", [])
        exits = ExitStack()
        exits.enter_context(self._graph.as_default())
        exits.enter_context(self.as_default())
        stack.append(exits)
        return self

    def __exit__(self, *details: Any) -> None:
        self.__dict__["_entered"].pop().close()
        self.close()

    @staticmethod
    def reset(target: str, containers: Any = None, config: Any = None) -> None:
        """Refuses: there are no resource containers of a remote target here."""
        raise ValueError(f"target {target!r}: sessions run in this process and own their resources")


@export("InteractiveSession")
class InteractiveSession(BaseSession):
    """A session that makes itself the default one until it is closed."""

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        engine: str = "numpy",
    ) -> None:
        super().__init__(target, graph, config, engine)
        self._installed = ExitStack()
        if graph is not None:
            self._installed.enter_context(_as_default_graph(graph))
        self._installed.enter_context(_as_default(self))

    def close(self) -> None:
        """Lets go of everything and no longer is the default session."""
        super().close()
        self._installed.close()


class _Defaults(threading.local):
    def __init__(self) -> None:
        self.stack: list[BaseSession] = []


_defaults = _Defaults()


@contextmanager
def _as_default(session: BaseSession) -> Iterator[BaseSession]:
    stack = _defaults.stack
    stack.append(session)
    try:
        yield session
    finally:
        # Interactive sessions may be closed in any order.
        if session in stack:
            last = len(stack) - 1 - stack[::-1].index(session)
            del stack[last]


@contextmanager
def _as_default_graph(graph: Graph) -> Iterator[Graph]:
    with graph.as_default():
        yield graph


@export("get_default_session")
def get_default_session() -> BaseSession | None:
    """The innermost session of this thread that is a default one, or None."""
    return _defaults.stack[-1] if _defaults.stack else None
