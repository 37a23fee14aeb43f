"""`tf.test.TestCase`: a `unittest.TestCase` with a fresh graph for each test, and sessions."""

from __future__ import annotations

import random
import re
import tempfile
import threading
import unittest
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

from tflite_edu.core import errors
from tflite_edu.core.device import DeviceSpec
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph, reset_default_graph
from tflite_edu.core.scopes import device
from tflite_edu.io.text_format import from_text, to_text
from tflite_edu.runtime.session import Session, get_default_session
from tflite_edu.testing import environment
from tflite_edu.testing.array_assertions import ArrayAssertions, renamed

_SEED = 87654321


class _CheckedThread:
    """A thread whose exception fails the test that joins it."""

    def __init__(self, target: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]):
        self._error: Exception | None = None

        def run() -> None:
            try:
                target(*args, **kwargs)
            except Exception as error:
                self._error = error

        self._thread = threading.Thread(target=run)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def join(self) -> None:
        """Waits for the thread; raises AssertionError if it ended with an exception."""
        self._thread.join()
        if self._error is not None:
            raise AssertionError(f"Error in checkedThread: {self._error}") from self._error

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._thread.is_alive()


@export("test.TestCase")
class TestCase(ArrayAssertions):
    """A test case that starts each test with an empty default graph and fixed seeds.

    The graph's seed, Python's and numpy's are 87654321. `session()`, or `cached_session()` where
    several blocks of a test want the same one, runs what the test defines:

        class SquareTest(tf.test.TestCase):
            def test_square(self):
                with self.session():
                    self.assertAllClose(tf.square([1.0, 2.0]), [1.0, 4.0])
    """

    def __init__(self, methodName: str = "runTest") -> None:
        super().__init__(methodName)
        self._cached: tuple[Session, dict[str, Any]] | None = None
        self._temp_dir: str | None = None

    def setUp(self) -> None:
        """Resets the seeds and the default graph."""
        super().setUp()
        random.seed(_SEED)
        np.random.seed(_SEED)
        reset_default_graph()
        get_default_graph().seed = _SEED

    def tearDown(self) -> None:
        """Closes the cached session."""
        if self._cached is not None:
            self._cached[0].close()
            self._cached = None
        super().tearDown()

    def get_temp_dir(self) -> str:
        """A folder of this test alone; it goes when the process ends."""
        if self._temp_dir is None:
            self._temp_dir = tempfile.mkdtemp(dir=environment.get_temp_dir())
        return self._temp_dir

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors in any nested structure, from the default or the cached session."""
        session = get_default_session()
        if session is not None:
            return session.run(tensors)
        with self.cached_session() as cached:
            return cached.run(tensors)

    @contextmanager
    def session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Iterator[Session]:
        """A context in which a new session is the default one; it is closed at the end.

        Args:
          graph: the graph that it runs, the default graph if None.
          config: its `tf.ConfigProto`.
          use_gpu: does not ask for the CPU; else what the block defines is placed there.
          force_gpu: asks for a GPU. (Devices are recorded; everything runs on the CPU.)
        """
        with Session("", graph, config) as session, _placed(use_gpu, force_gpu):
            yield session

    @contextmanager
    def cached_session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Iterator[Session]:
        """As `session`, but the test's first call makes the session and later ones give it again.

        Raises:
          ValueError: another graph, configuration or device is asked for than at the first call.
        """
        wanted = {"graph": graph, "config": config, "force_gpu": force_gpu}
        if self._cached is None:
            self._cached = Session("", graph, config), wanted
        session, made_with = self._cached
        for what, value in wanted.items():
            if value is not made_with[what]:
                raise ValueError(
                    f"The {what}{' value' if what == 'force_gpu' else ''} used to get the cached "
                    "session is different than the one that was used to create the session. Maybe "
                    "create a new session with self.session()"
                )
        with session.graph.as_default(), session.as_default(), _placed(use_gpu, force_gpu):
            yield session

    def test_session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Any:
        """`cached_session`, or `session` if a graph is given.

        A runner that takes it for a test, after its name, skips it.
        """
        if self.id().endswith(".test_session"):
            self.skipTest("Not a test.")
        kind = self.cached_session if graph is None else self.session
        return kind(graph, config, use_gpu, force_gpu)

    def checkedThread(
        self,
        target: Callable[..., Any],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """A thread, to start and join, whose exception fails the test."""
        return _CheckedThread(target, args or (), kwargs or {})

    @contextmanager
    def assertRaisesWithPredicateMatch(
        self, exception_type: Any, expected_err_re_or_predicate: str | Callable[[Any], Any]
    ) -> Iterator[None]:
        """Holds if the block raises such an exception that matches; any other one fails too.

        `expected_err_re_or_predicate` is a function of the exception, or a regular expression to
        find in its text; that of a `tf.errors.OpError` has the names of its operations behind it.
        """
        try:
            yield
        except Exception as error:
            if not isinstance(error, exception_type):
                matches = None
            elif callable(expected_err_re_or_predicate):
                matches = expected_err_re_or_predicate(error)
            else:
                matches = re.search(expected_err_re_or_predicate, _searched_text(error))
            if not matches:
                raise self.failureException(f"Exception of type {type(error)}: {error}") from error
            return
        names = getattr(exception_type, "__name__", str(exception_type))
        raise self.failureException(f"{names} not raised")

    def assertRaisesOpError(self, expected_err_re_or_predicate: Any) -> Any:
        """assertRaisesWithPredicateMatch for any `tf.errors.OpError`."""
        return self.assertRaisesWithPredicateMatch(errors.OpError, expected_err_re_or_predicate)

    def assertRaisesWithLiteralMatch(
        self, expected_exception: Any, expected_exception_message: str, *call: Any, **kwargs: Any
    ) -> Any:
        """Holds if the block (or the call of a function) raises an exception of just this text."""
        pattern = f"^{re.escape(expected_exception_message)}$"
        return self.assertRaisesRegex(expected_exception, pattern, *call, **kwargs)

    def assertProtoEquals(
        self, expected_message_maybe_ascii: Any, message: Any, msg: str | None = None
    ) -> None:
        """Holds if a proto equals the expected one, which may be given as text.

        Raises:
          google.protobuf.text_format.ParseError: the text is of no such message.
        """
        expected = expected_message_maybe_ascii
        if isinstance(expected, (str, bytes)):
            text = expected.decode() if isinstance(expected, bytes) else expected
            expected = from_text(text, type(message)())
        if type(expected) is not type(message):
            raise self.failureException(
                f"Can't compare protos of type {type(expected)} and {type(message)}. {msg or ''}"
            )
        self.assertMultiLineEqual(to_text(expected), to_text(message), msg)

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: str | None = None) -> None:
        """Holds if two device names or specifications mean the same: `/cpu:0`, `/device:CPU:0`."""
        first, second = (
            DeviceSpec.from_string(d).to_string() if isinstance(d, str) else str(d)
            for d in (device1, device2)
        )
        self.assertEqual(first, second, f"Devices {first} and {second} are not equal. {msg}")

    def assertStartsWith(self, actual: str, expected_start: str, msg: str | None = None) -> None:
        """Holds if `actual` begins with `expected_start`."""
        if not actual.startswith(expected_start):
            message = f"{actual!r} does not start with {expected_start!r}"
            raise self.failureException(message + (f" : {msg!r}" if msg else ""))

    def assertLen(
        self, container: Collection[Any], expected_len: int, msg: str | None = None
    ) -> None:
        """Holds if there are `expected_len` elements."""
        if len(container) != expected_len:
            message = f"{container!r} has length of {len(container)}, expected {expected_len}."
            raise self.failureException(self._formatMessage(msg, message))

    def assertEmpty(self, container: Collection[Any], msg: str | None = None) -> None:
        """Holds if there is no element."""
        if len(container):
            message = f"{container!r} has length of {len(container)}."
            raise self.failureException(self._formatMessage(msg, message))

    def assertNotEmpty(self, container: Collection[Any], msg: str | None = None) -> None:
        """Holds if there is an element."""
        if not len(container):
            message = f"{container!r} has length of 0."
            raise self.failureException(self._formatMessage(msg, message))

    def assertBetween(self, value: Any, minv: Any, maxv: Any, msg: str | None = None) -> None:
        """Holds if minv <= value <= maxv."""
        if not minv <= value <= maxv:
            message = f'"{value}" unexpectedly not between "{minv}" and "{maxv}"'
            raise self.failureException(self._formatMessage(msg, message))

    assertItemsEqual = renamed(unittest.TestCase.assertCountEqual)
    assertEquals = renamed(unittest.TestCase.assertEqual)
    assertNotEquals = renamed(unittest.TestCase.assertNotEqual)
    assertAlmostEquals = renamed(unittest.TestCase.assertAlmostEqual)
    assertNotAlmostEquals = renamed(unittest.TestCase.assertNotAlmostEqual)
    assertRegexpMatches = renamed(unittest.TestCase.assertRegex)
    assertNotRegexpMatches = renamed(unittest.TestCase.assertNotRegex)
    assertRaisesRegexp = renamed(unittest.TestCase.assertRaisesRegex)
    assert_ = renamed(unittest.TestCase.assertTrue)


def _placed(use_gpu: bool, force_gpu: bool) -> Any:
    if force_gpu:
        return device("/device:GPU:0")
    return nullcontext() if use_gpu else device("/device:CPU:0")


def _searched_text(error: BaseException) -> str:
    if not isinstance(error, errors.OpError):
        return str(error)
    lines, op = [error.message], error.op
    while op is not None:
        lines.append(f"Caused by: {op.name}")
        op = getattr(op, "_original_op", None)
    return "\n".join(lines)
