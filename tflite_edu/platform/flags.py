"""`tf.flags`: command line flags that are defined anywhere and read as attributes of one object.

    tf.flags.DEFINE_integer("steps", 100, "How many steps to train.")
    FLAGS = tf.flags.FLAGS
    print(FLAGS.steps)          # the first access parses sys.argv

On the command line: `--steps=5`, `--steps 5`, one dash or two; a Boolean flag is `--train`,
`--notrain` or `--train=false`; `--` ends the flags. Behaviour and messages are those of the Abseil
flags that `tf.flags` of TensorFlow 1.15 is made of.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from tflite_edu.core.export import export
from tflite_edu.platform.flag_parsers import (
    ArgumentParser,
    EnumParser,
    Error,
    IllegalFlagValueError,
    UnparsedFlagAccessError,
    UnrecognizedFlagError,
)

_Check = TypeVar("_Check", bound=Callable[[Any], Any])


@export("flags.Flag", "app.flags.Flag")
class Flag:
    """One flag: its name, help, parser, default and present value.

    `present` counts its appearances on the command line. A `multi` flag may appear several times
    and its value is the list of what was given.
    """

    def __init__(
        self,
        parser: ArgumentParser,
        serializer: Any,
        name: str,
        default: Any,
        help_string: str | None,
        short_name: str | None = None,
        boolean: bool = False,
        allow_override: bool = False,
        *,
        multi: bool = False,
        module: str = "",
    ) -> None:
        self.parser, self.serializer = parser, serializer or parser
        self.name, self.short_name = name, short_name
        self.help = help_string or "(no help available)"
        self.boolean, self.multi = boolean, multi
        self.allow_override = allow_override
        self.module = module
        self.default = self.value = self.default_of(default)
        self.present = 0
        self.using_default_value = True

    def default_of(self, value: Any) -> Any:
        """`value` as this flag's default: parsed, a list for a `multi` flag, None as it is."""
        if value is None or not self.multi:
            return None if value is None else self.parse(value)
        values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
        return [self.parse(item) for item in values]

    def parse(self, argument: Any) -> Any:
        """The value that `argument` stands for.

        Raises:
          IllegalFlagValueError: the parser refuses it.
        """
        try:
            return self.parser.parse(argument)
        except (TypeError, ValueError) as error:
            raise IllegalFlagValueError(f"flag --{self.name}={argument}: {error}") from error

    def reset(self) -> None:
        """Goes back to the default, as before any command line."""
        self.value, self.present, self.using_default_value = self.default, 0, True

    def flag_type(self) -> str:
        """The name of the values' type."""
        return f"multi {self.parser.flag_type()}" if self.multi else self.parser.flag_type()

    def serialize(self) -> str:
        """The command line arguments, one a line, that give this flag its present value."""
        if self.value is None:
            return ""
        if self.boolean:
            return f"--{self.name}" if self.value else f"--no{self.name}"
        values = self.value if self.multi else [self.value]
        return "\n".join(f"--{self.name}={self.serializer.serialize(v)}" for v in values)

    def help_text(self) -> str:
        """The flag's lines in `--help`."""
        names = f"-{self.short_name}," if self.short_name else ""
        names += f"--[no]{self.name}" if self.boolean else f"--{self.name}"
        text = self.help
        if isinstance(self.parser, EnumParser):
            text = f"<{'|'.join(self.parser.enum_values)}>: {text}"
        if self.multi:
            text += ";"
        lines = textwrap.wrap(f"{names}: {text}", 80, initial_indent="  ", subsequent_indent="    ")
        if self.multi:
            lines.append("    repeat this option to specify a list of values")
        if self.default is not None:
            default = str(self.default) if self.multi else self.serializer.serialize(self.default)
            lines.append(f"    (default: '{default}')")
        if self.parser.syntactic_help:
            lines.append(f"    ({self.parser.syntactic_help})")
        return "\n".join(lines)


@export("flags.FlagValues", "app.flags.FlagValues")
class FlagValues:
    """A set of flags; `values.name` is the value of the flag `name`, `values["name"]` its `Flag`.

    Calling it with an argv parses that. An error in the argv raises and changes no flag.
    """

    def __init__(self) -> None:
        self.__dict__.update(
            {"__flags": {}, "__validators": [], "__parsed": False, "__gnu_getopt": True}
        )

    def _flags(self) -> dict[str, Flag]:
        flags: dict[str, Flag] = self.__dict__["__flags"]
        return flags

    def __getattr__(self, name: str) -> Any:
        if name not in self._flags():
            raise AttributeError(name)
        if not self.is_parsed():
            raise UnparsedFlagAccessError(
                f"Trying to access flag --{name} before flags were parsed."
            )
        return self._flags()[name].value

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._flags():
            raise UnrecognizedFlagError(name)
        self._validate({name: value}, only=name)
        flag = self._flags()[name]
        flag.value, flag.using_default_value = value, False

    def __delattr__(self, name: str) -> None:
        if name not in self._flags():
            raise AttributeError(name)
        del self._flags()[name]

    def __getitem__(self, name: str) -> Flag:
        return self._flags()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._flags()

    def __iter__(self) -> Iterator[str]:
        return iter(self._flags())

    def __len__(self) -> int:
        return len(self._flags())

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self._flags()])

    def __str__(self) -> str:
        return self.get_help()

    def __call__(self, argv: Sequence[str], known_only: bool = False) -> list[str]:
        """Parses `argv`, whose first string is the program's name.

        Returns `argv` without the flags; with `known_only`, flags that are not defined stay in it.

        Raises:
          UnrecognizedFlagError: a flag is not defined, not named by `--undefok`, not `known_only`.
          IllegalFlagValueError: a parser or a validator refuses a value.
          Error: the last flag lacks its value.
        """
        if isinstance(argv, (bytes, str)):
            raise TypeError("argv should be a tuple/list of strings, not bytes or string.")
        if not argv:
            raise ValueError(
                "argv cannot be an empty list, and must contain the program name as the first "
                "element."
            )
        given, rest = self._split(list(argv[1:]), known_only)
        values: dict[str, Any] = {}
        for flag, text in given:
            value = flag.parse(text)
            if flag.multi:
                before = flag.value if flag.present else []
                value = [*values.get(flag.name, before), value]
            values[flag.name] = value
        self._validate(values)
        for flag, _ in given:
            flag.value, flag.using_default_value = values[flag.name], False
            flag.present += 1
        self.mark_as_parsed()
        return [argv[0], *rest]

    def _split(self, args: list[str], known_only: bool) -> tuple[list[tuple[Flag, Any]], list[str]]:
        """Flags with their texts, and the arguments that are none."""
        flags = {**self._flags()}
        flags.update({f.short_name: f for f in flags.values() if f.short_name})
        given: list[tuple[Flag, Any]] = []
        rest: list[str] = []
        unknown: list[tuple[str, str, int]] = []
        undefined_ok: set[str] = set()
        while args:
            arg = args.pop(0)
            if not arg.startswith("-") or arg == "-":
                rest.append(arg)
                if not self.is_gnu_getopt():
                    break
                continue
            if arg == "--":
                rest += [arg] if known_only else []
                break
            name, equals, text = arg[2 if arg.startswith("--") else 1 :].partition("=")
            flag = flags.get(name)
            negated = flags.get(name[2:]) if name.startswith("no") else None
            if not equals and (name == "undefok" or (flag and not flag.boolean)):
                if not args:
                    raise Error(f"Missing value for flag {arg}")
                text = args.pop(0)
            if flag:
                given.append((flag, True if flag.boolean and not equals else text))
            elif negated and negated.boolean:
                if equals:
                    raise ValueError(f"{arg} does not take an argument")
                given.append((negated, False))
            elif name == "undefok":
                undefined_ok.update(n.strip() for n in text.split(","))
            else:
                unknown.append((name, text, len(rest)))
                rest.append(arg)
        for name, text, place in reversed(unknown[:]):
            if undefined_ok & {name, name.removeprefix("no")}:
                del rest[place]
                unknown.remove((name, text, place))
        if unknown and not known_only:
            name, text, _ = unknown[0]
            raise UnrecognizedFlagError(name, text, _similar(name, flags))
        return given, rest + args

    def _validate(self, changes: Mapping[str, Any], only: str | None = None) -> None:
        """Raises where a validator (one of those on the flag `only`) refuses the changes."""
        values = {name: flag.value for name, flag in self._flags().items()} | dict(changes)
        complaints = [
            validator.complaint(values)
            for validator in self.__dict__["__validators"]
            if only is None or only in validator.names
        ]
        if any(complaints):
            raise IllegalFlagValueError("\n".join(filter(None, complaints)))

    def validate_all_flags(self) -> None:
        """Raises IllegalFlagValueError where a validator refuses the present values."""
        self._validate({})

    def is_parsed(self) -> bool:
        """Whether an argv was parsed."""
        return bool(self.__dict__["__parsed"])

    def mark_as_parsed(self) -> None:
        """Lets values be read with no argv parsed, as a test may want."""
        self.__dict__["__parsed"] = True

    def unparse_flags(self) -> None:
        """Gives every flag its default again, as before any argv."""
        for flag in self._flags().values():
            flag.reset()
        self.__dict__["__parsed"] = False

    def is_gnu_getopt(self) -> bool:
        """Whether flags are also looked for behind the first argument that is none."""
        return bool(self.__dict__["__gnu_getopt"])

    def set_gnu_getopt(self, gnu_getopt: bool = True) -> None:
        """Says whether flags are also looked for behind the first argument that is none."""
        self.__dict__["__gnu_getopt"] = gnu_getopt

    def set_default(self, name: str, value: Any) -> None:
        """Changes a flag's default, and its value where that is still the default.

        Raises:
          UnrecognizedFlagError: there is no such flag.
          IllegalFlagValueError: its parser or a validator refuses `value`.
        """
        if name not in self._flags():
            raise UnrecognizedFlagError(name)
        flag = self._flags()[name]
        default = flag.default_of(value)
        if flag.using_default_value:
            self._validate({name: default}, only=name)
            flag.value = default
        flag.default = default

    def get_flag_value(self, name: str, default: Any) -> Any:
        """The flag's value, or `default` if that is None or there is no such flag."""
        value = getattr(self, name) if name in self else None
        return default if value is None else value

    def flag_values_dict(self) -> dict[str, Any]:
        """Every flag's name and value."""
        return {name: flag.value for name, flag in self._flags().items()}

    def flags_by_module_dict(self) -> dict[str, list[Flag]]:
        """The flags by the module that defined them."""
        modules: dict[str, list[Flag]] = {}
        for flag in self._flags().values():
            modules.setdefault(flag.module, []).append(flag)
        return modules

    def find_module_defining_flag(self, flagname: str, default: Any = None) -> Any:
        """The name of the module that defined a flag (of the main module: of its file)."""
        return self._flags()[flagname].module if flagname in self else default

    def flags_into_string(self) -> str:
        """All flags as command line arguments, one a line, that set the present values."""
        modules = sorted(self.flags_by_module_dict().items())
        flags = [f for _, group in modules for f in sorted(group, key=lambda f: f.name)]
        return "".join(f"{text}\n" for text in (flag.serialize() for flag in flags) if text)

    def module_help(self, module: Any) -> str:
        """`--help` for the flags that one module, or the module of that name, defined."""
        name = module if isinstance(module, str) else module_name(module.__dict__)
        flags = self.flags_by_module_dict().get(name, [])
        lines = [flag.help_text() for flag in sorted(flags, key=lambda f: f.name)]
        return "\n".join([f"\n{name}:", *lines]) if lines else ""

    def main_module_help(self) -> str:
        """`--help` for the flags of the script itself."""
        return self.module_help(sys.argv[0])

    def get_help(self, prefix: str = "", include_special_flags: bool = True) -> str:
        """`--help` for the flags of all modules, the script's first, `prefix` before each line."""
        main = sys.argv[0]
        names = sorted(self.flags_by_module_dict(), key=lambda name: (name != main, name))
        if include_special_flags:
            names.append("")
        text = "\n".join(self.module_help(n) if n else _SPECIAL_HELP for n in names)
        return textwrap.indent(text, prefix) if prefix else text


def module_name(scope: Mapping[str, Any]) -> str:
    """The name of the module with this scope; the main module is known by its file."""
    name = str(scope.get("__name__"))
    return sys.argv[0] if name == "__main__" else name


def _edit_distance(a: str, b: str) -> int:
    """Letters to insert, delete, replace or swap with their neighbour, to make `b` of `a`."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
            if i > 1 and j > 1 and (x, y) == (b[j - 2], a[i - 2]):
                row[-1] = min(row[-1], last[j - 2] + 1)
    return row[-1]


def _similar(name: str, known: Iterable[str]) -> list[str]:
    """The known names that begin most like `name`, where less than half of it differs."""
    distances = {other: _edit_distance(name, other[: len(name)]) for other in known}
    least = min(distances.values(), default=len(name))
    if len(name) <= 2 or least >= 0.5 * len(name):
        return []
    return [other for other, distance in distances.items() if distance == least]


_SPECIAL_HELP = """
tflite_edu.flags:
  --undefok: comma-separated names of flags that may be on the command line even
    if nothing defines them, written as --flag=value where they have a value
    (default: '')"""


class _CommandLineFlags(FlagValues):
    """The flags of the process: the first access to a value parses sys.argv."""

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__") and not self.is_parsed():
            self(sys.argv)
        return super().__getattr__(name)


FLAGS = _CommandLineFlags()

EXPORTS = {"flags.FLAGS": "FLAGS", "app.flags.FLAGS": "FLAGS"}
