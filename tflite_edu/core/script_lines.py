"""Where in the script a node is defined."""

from __future__ import annotations

import os
import sys
from types import FrameType

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_MAXIMUM_FRAMES = 8

_in_package: dict[str, bool] = {}


def script_lines(skip: int) -> tuple[tuple[str, int], ...]:
    """(file, line) of the frames outside this package that led here, innermost first."""
    frame: FrameType | None = sys._getframe(skip)
    lines: list[tuple[str, int]] = []
    while frame is not None:
        file = frame.f_code.co_filename
        inside = _in_package.get(file)
        if inside is None:
            inside = _in_package[file] = file.startswith((_PACKAGE, "<frozen"))
        if not inside:
            lines.append((file, frame.f_lineno))
            if len(lines) == _MAXIMUM_FRAMES:
                break
        frame = frame.f_back
    return tuple(lines)
