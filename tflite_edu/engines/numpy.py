"""The numpy engine: a program that runs as a Python function written for it."""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Sequence
from typing import Any

import tflite_edu.engines.convolution
import tflite_edu.engines.convolution_3d
import tflite_edu.engines.depthwise
import tflite_edu.engines.images
import tflite_edu.engines.losses
import tflite_edu.engines.pooling
import tflite_edu.engines.special_functions
import tflite_edu.engines.updates  # noqa: F401 - registers kernels
from tflite_edu.core.errors import FailedPreconditionError
from tflite_edu.engines.engine import HostOf
from tflite_edu.engines.fusion import fused
from tflite_edu.engines.source import Writer
from tflite_edu.plan.program import Program, Step

_programs = itertools.count()


class Generated:
    """A program that runs as generated Python source, which `source` holds."""

    def __init__(self, program: Program, host_of: HostOf) -> None:
        self.program = program = fused(program)
        writer = Writer(program, host_of)
        self.source = writer.text()
        self._filename = f"<tflite_edu program {next(_programs)}>"
        self._lines = writer.lines
        self._looks = writer.looks
        linecache.cache[self._filename] = (
            len(self.source),
            None,
            self.source.splitlines(keepends=True),
            self._filename,
        )
        exec(compile(self.source, self._filename, "exec"), writer.names)
        self._function: Any = writer.names["program"]

    def __del__(self) -> None:
        linecache.cache.pop(getattr(self, "_filename", ""), None)

    def run(self, feeds: Sequence[Any]) -> Sequence[Any]:
        """Runs the generated function; see `Executable`."""
        result: Sequence[Any] = self._function(*feeds)
        return result

    def step_at(self, error: BaseException) -> Step | None:
        """The step on whose line `error` was raised."""
        traceback = error.__traceback__
        found = None
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == self._filename:
                # The innermost line: that of a group's function, not the call of the group.
                found = self._lines.get(traceback.tb_lineno, found)
            traceback = traceback.tb_next
        if isinstance(error, FailedPreconditionError):
            # The name of a variable without a value ends the message.
            return self._looks.get(error.message.rpartition(" ")[2], found)
        return found
