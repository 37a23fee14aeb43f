"""`tflite_edu run`: run a TensorFlow 1 script as it is, with tflite_edu as its `tensorflow`."""

from __future__ import annotations

import argparse
import builtins
import os
import sys
from types import ModuleType

from tflite_edu.compat import tensorflow_import


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """SCRIPT and what the script is given."""
    parser.add_argument("script", metavar="SCRIPT", help="the Python file to run")
    parser.add_argument(
        "arguments", metavar="...", nargs=argparse.REMAINDER, help="the script's own arguments"
    )


def main(chosen: argparse.Namespace) -> int:
    """Runs the script as Python would: as `__main__`, its folder first on `sys.path`.

    Its `sys.exit` ends the process. An exception is shown with the script's own traceback, and the
    status is then 1.
    """
    script: str = chosen.script
    with open(script, "rb") as file:
        source = file.read()
    tensorflow_import.install()
    sys.argv = [script, *chosen.arguments]
    path = os.path.abspath(script)
    folder = os.path.dirname(os.path.realpath(script))
    if getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, folder)
    else:
        sys.path[0] = folder
    module = ModuleType("__main__")
    module.__file__ = path
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    try:
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    except Exception as error:
        own = error.__traceback__
        error.__traceback__ = own.tb_next if own is not None else None
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    return 0
