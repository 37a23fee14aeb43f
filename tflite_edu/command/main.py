"""The command line: which subcommand, and how it ends."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tflite_edu.core.errors import OpError
from tflite_edu.platform.versions import VERSION

# Where each is and what it does. Only the one that is chosen is loaded: a script starts sooner.
_COMMANDS = {
    "run": (
        "tflite_edu.command.run",
        "run a TensorFlow 1 script as it is, with tflite_edu as its `tensorflow`",
    ),
    "checkpoint": ("tflite_edu.command.checkpoint", "show what is in a checkpoint"),
    "graph": ("tflite_edu.command.graph", "show what a graph is made of"),
    "events": ("tflite_edu.command.events", "show what was written for TensorBoard"),
    "freeze": ("tflite_edu.command.freeze", "write a graph with its variables as constants"),
    "savedmodel": ("tflite_edu.command.saved_model", "show the signatures of a SavedModel"),
}


class _Version(argparse.Action):
    """Prints which release of tflite_edu is installed, and of which TensorFlow it is like."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        try:
            installed = version("tflite_edu")
        except PackageNotFoundError:
            installed = "(not installed)"
        print(f"tflite_edu {installed}, like TensorFlow {VERSION}")
        parser.exit()


def parser(chosen: str | None) -> argparse.ArgumentParser:
    """The arguments of the command, and those of the subcommand that is chosen."""
    made = argparse.ArgumentParser(
        prog="tflite_edu", description="Run TensorFlow 1 scripts, and look into their files."
    )
    made.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = made.add_subparsers(metavar="COMMAND", dest="name", required=True)
    for name, (place, summary) in _COMMANDS.items():
        one = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
        )
        if name == chosen:
            module = importlib.import_module(place)
            module.add_arguments(one)
            one.set_defaults(main=module.main)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status.

    0 when all went well, 1 when a file could not be read or written, which one line on stderr
    says. Arguments that are none end the process with 2.
    """
    given = sys.argv[1:] if arguments is None else arguments
    command = next((argument for argument in given if not argument.startswith("-")), None)
    chosen = parser(command).parse_args(given)
    try:
        status: int = chosen.main(chosen)
        if chosen.name != "run":
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough. Python writes what is left when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OpError, OSError, ValueError, RuntimeError, AssertionError, KeyError) as error:
        text = str(error.args[0] if isinstance(error, KeyError) else error) or repr(error)
        print(f"tflite_edu {chosen.name}: {text.splitlines()[0]}", file=sys.stderr)
        return 1
    return status
