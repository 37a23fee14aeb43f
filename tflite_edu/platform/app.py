"""`tf.app.run`: the entry point of a script with flags."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.platform.flags import FLAGS

_HELP_FLAGS = {"?", "help", "helpshort", "helpfull"}


def _help_wanted(arguments: Sequence[str]) -> str | None:
    """The name of the first help flag."""
    for argument in arguments:
        if argument == "--":
            return None
        name = argument.removeprefix("-").removeprefix("-")
        if name != argument and name in _HELP_FLAGS:
            return name
    return None


def _print_help(full: bool) -> None:
    """Prints the script's docstring (or its name) and its flags, or those of all modules."""
    text = sys.modules["__main__"].__doc__
    text = text.replace("%s", sys.argv[0]) if text else f"\n       USAGE: {sys.argv[0]} [flags]"
    print(text)
    print("flags:")
    print(FLAGS.get_help() if full else FLAGS.main_module_help())
    if not full:
        print("\nTry --helpfull to get a list of all flags.")


@export("app.run")
def run(main: Callable[[list[str]], Any] | None = None, argv: Sequence[str] | None = None) -> None:
    """Parses the flags and ends the process with what `main(argv)` returns as its exit status.

    Args:
      main: what to run, the script's own function `main` if None. It is given the program's name
        and the arguments that are no defined flags.
      argv: what to parse in place of sys.argv.

    Raises:
      SystemExit: with 1 after printing the flags for `--help`; at the end, with `main`'s result.
      IllegalFlagValueError, Error: as calling `tf.flags.FLAGS` does.
    """
    main = main or sys.modules["__main__"].main
    arguments = list(sys.argv if argv is None else argv)
    wanted = _help_wanted(arguments[1:])
    if wanted:
        _print_help(full=wanted == "helpfull")
        sys.exit(1)
    sys.exit(main(FLAGS(arguments, known_only=True)))
