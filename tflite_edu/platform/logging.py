"""`tf.logging`: Python's logger "tensorflow", with TensorFlow's levels and format, on stderr."""

from __future__ import annotations

import functools
import itertools
import logging
import sys
import threading
from collections import defaultdict
from typing import Any

from tflite_edu.core.export import export

DEBUG = logging.DEBUG
INFO = logging.INFO
WARN = logging.WARNING
ERROR = logging.ERROR
FATAL = logging.CRITICAL

EXPORTS = {
    "logging.DEBUG": "DEBUG",
    "logging.INFO": "INFO",
    "logging.WARN": "WARN",
    "logging.ERROR": "ERROR",
    "logging.FATAL": "FATAL",
}

_lock = threading.Lock()
_counters: defaultdict[tuple[str, int], itertools.count[int]] = defaultdict(itertools.count)


@functools.cache
def get_logger() -> logging.Logger:
    """The logger that all of `tf.logging` writes to.

    Where the script has set up Python's own logging, messages go there. Else they go to stderr as
    `WARNING:tensorflow:message`; in an interactive Python to stdout, from INFO on.
    """
    logger = logging.getLogger("tensorflow")
    if not logging.getLogger().handlers:
        interactive = hasattr(sys, "ps1") or bool(sys.flags.interactive)
        handler = logging.StreamHandler(sys.stdout if interactive else sys.stderr)
        handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
        logger.addHandler(handler)
        if interactive and logger.level == logging.NOTSET:
            logger.setLevel(INFO)
    return logger


@export("logging.log")
def log(level: int, msg: object, *args: Any, **kwargs: Any) -> None:
    """Logs `msg % args` at `level`; keyword arguments are those of `logging.Logger.log`."""
    get_logger().log(level, msg, *args, **kwargs)


@export("logging.vlog")
def vlog(level: int, msg: object, *args: Any, **kwargs: Any) -> None:
    """Logs `msg % args` at `level`, the same as `log`."""
    get_logger().log(level, msg, *args, **kwargs)


@export("logging.debug")
def debug(msg: object, *args: Any, **kwargs: Any) -> None:
    """Logs `msg % args` at level DEBUG."""
    get_logger().debug(msg, *args, **kwargs)


@export("logging.info")
def info(msg: object, *args: Any, **kwargs: Any) -> None:
    """Logs `msg % args` at level INFO, which is not shown unless `set_verbosity` asks for it."""
    get_logger().info(msg, *args, **kwargs)


@export("logging.warning", "logging.warn")
def warning(msg: object, *args: Any, **kwargs: Any) -> None:
    """Logs `msg % args` at level WARN."""
    get_logger().warning(msg, *args, **kwargs)


@export("logging.error")
def error(msg: object, *args: Any, **kwargs: Any) -> None:
    """Logs `msg % args` at level ERROR."""
    get_logger().error(msg, *args, **kwargs)


@export("logging.fatal")
def fatal(msg: object, *args: Any, **kwargs: Any) -> None:
    """Logs `msg % args` at level FATAL; the program goes on."""
    get_logger().critical(msg, *args, **kwargs)


@export("logging.TaskLevelStatusMessage")
def task_level_status_message(msg: object) -> None:
    """Logs `msg` at level ERROR."""
    get_logger().error(msg)


def _calls_before() -> int:
    """How often the line that called the function that called this one has run before."""
    frame = sys._getframe(2)
    with _lock:
        return next(_counters[frame.f_code.co_filename, frame.f_lineno])


@export("logging.log_every_n")
def log_every_n(level: int, msg: object, n: int, *args: Any) -> None:
    """Logs `msg % args` at `level` once in `n` times that the calling line runs: 1st, (n+1)st, ...

    TensorFlow 1.15 documents it so, but counts the calls of all lines together.
    """
    if _calls_before() % n == 0:
        get_logger().log(level, msg, *args)


@export("logging.log_first_n")
def log_first_n(level: int, msg: object, n: int, *args: Any) -> None:
    """Logs `msg % args` at `level` the first `n` times that the calling line runs."""
    if _calls_before() < n:
        get_logger().log(level, msg, *args)


@export("logging.log_if")
def log_if(level: int, msg: object, condition: object, *args: Any) -> None:
    """Logs `msg % args` at `level` if `condition` is true."""
    if condition:
        get_logger().log(level, msg, *args)


@export("logging.get_verbosity")
def get_verbosity() -> int:
    """The lowest level that is shown: WARN until `set_verbosity` says otherwise."""
    return get_logger().getEffectiveLevel()


@export("logging.set_verbosity")
def set_verbosity(v: int | str) -> None:
    """Shows messages of level `v` (`tf.logging.INFO`, "INFO", 20) and above.

    Raises:
      ValueError: `v` is a string that names no level.
    """
    get_logger().setLevel(v)


@export("logging.flush")
def flush() -> None:
    """Writes out what the logger's handlers hold back."""
    for handler in get_logger().handlers:
        handler.flush()
