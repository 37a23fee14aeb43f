"""From the text of a command line flag to its value and back, and what can be wrong with a flag.

Behaviour and messages are those of the Abseil flags that `tf.flags` of TensorFlow 1.15 is made of.
"""

from __future__ import annotations

import csv
import enum
import io
from collections.abc import Sequence
from typing import Any

from tflite_edu.core.export import export


@export("flags.Error", "app.flags.Error")
class Error(Exception):
    """Base of every error about flags."""


@export("flags.DuplicateFlagError", "app.flags.DuplicateFlagError")
class DuplicateFlagError(Error):
    """A flag is defined a second time."""


@export("flags.FlagNameConflictsWithMethodError", "app.flags.FlagNameConflictsWithMethodError")
class FlagNameConflictsWithMethodError(Error):
    """A flag has the name of a method of `FlagValues`, so it could not be read as an attribute."""


@export("flags.IllegalFlagValueError", "app.flags.IllegalFlagValueError")
class IllegalFlagValueError(Error):
    """A flag has a value that its parser or a validator refuses."""


@export("flags.UnparsedFlagAccessError", "app.flags.UnparsedFlagAccessError")
class UnparsedFlagAccessError(Error):
    """A flag's value is asked for before the command line was parsed."""


@export("flags.ValidationError", "app.flags.ValidationError")
class ValidationError(Error):
    """A validator raises it to give its own message."""


@export("flags.UnrecognizedFlagError", "app.flags.UnrecognizedFlagError")
class UnrecognizedFlagError(Error):
    """The command line or an assignment names a flag that is not defined.

    `flagname` and `flagvalue` hold what was given; `suggestions` are names that look like it.
    """

    def __init__(
        self, flagname: str, flagvalue: str = "", suggestions: Sequence[str] | None = None
    ) -> None:
        self.flagname = flagname
        self.flagvalue = flagvalue
        tip = f". Did you mean: {', '.join(suggestions)} ?" if suggestions else ""
        super().__init__(f"Unknown command line flag '{flagname}'{tip}")


@export("flags.ArgumentParser", "app.flags.ArgumentParser")
class ArgumentParser:
    """Reads the text of a flag; this one takes any string as it is.

    `syntactic_help` says in `--help` what the parser takes.
    """

    syntactic_help = ""

    def parse(self, argument: Any) -> Any:
        """The value that `argument`, text or already a value, stands for.

        Raises:
          ValueError, TypeError: `argument` does not stand for one.
        """
        if not isinstance(argument, str):
            raise TypeError(f'flag value must be a string, found "{type(argument)}"')
        return argument

    def flag_type(self) -> str:
        """The type's name."""
        return "string"

    def serialize(self, value: Any) -> str:
        """Text that `parse` reads as `value`."""
        return str(value)


class _NumberParser(ArgumentParser):
    """A number within bounds, either of which may be None."""

    _article, _name = "a", "number"

    def __init__(self, lower_bound: float | None = None, upper_bound: float | None = None) -> None:
        self.lower_bound, self.upper_bound = lower_bound, upper_bound
        name = self._name
        if lower_bound is not None and upper_bound is not None:
            help_text = f"{self._article} {name} in the range [{lower_bound}, {upper_bound}]"
        elif lower_bound is None and upper_bound is None:
            help_text = f"{self._article} {name}"
        elif upper_bound is None:
            help_text = f"a non-negative {name}" if lower_bound == 0 else f"{name} >= {lower_bound}"
        else:
            help_text = f"a non-positive {name}" if upper_bound == 0 else f"{name} <= {upper_bound}"
        self.syntactic_help = help_text

    def convert(self, argument: Any) -> Any:
        """The number itself, before the bounds are looked at."""
        raise NotImplementedError

    def is_outside_bounds(self, val: float) -> bool:
        """Whether `val` is under the lower or over the upper bound."""
        too_low = self.lower_bound is not None and val < self.lower_bound
        return too_low or (self.upper_bound is not None and val > self.upper_bound)

    def parse(self, argument: Any) -> Any:
        value = self.convert(argument)
        if self.is_outside_bounds(value):
            raise ValueError(f"{value} is not {self.syntactic_help}")
        return value


@export("flags.FloatParser", "app.flags.FloatParser")
class FloatParser(_NumberParser):
    """A float from `lower_bound` to `upper_bound`."""

    def convert(self, argument: Any) -> float:
        if isinstance(argument, bool) or not isinstance(argument, (int, float, str)):
            raise TypeError(
                f"Expect argument to be a string, int, or float, found {type(argument)}"
            )
        return float(argument)

    def flag_type(self) -> str:
        return "float"


@export("flags.IntegerParser", "app.flags.IntegerParser")
class IntegerParser(_NumberParser):
    """An integer from `lower_bound` to `upper_bound`, decimal, `0x` hexadecimal or `0o` octal."""

    _article, _name = "an", "integer"

    def __init__(self, lower_bound: int | None = None, upper_bound: int | None = None) -> None:
        super().__init__(lower_bound, upper_bound)
        if (lower_bound, upper_bound) == (1, None):
            self.syntactic_help = "a positive integer"
        elif (lower_bound, upper_bound) == (None, -1):
            self.syntactic_help = "a negative integer"

    def convert(self, argument: Any) -> int:
        if isinstance(argument, bool) or not isinstance(argument, (int, str)):
            raise TypeError(f"Expect argument to be a string or int, found {type(argument)}")
        if isinstance(argument, int):
            return argument
        base = {"0x": 16, "0o": 8}.get(argument[:2], 10)
        return int(argument, base)

    def flag_type(self) -> str:
        return "int"


@export("flags.BooleanParser", "app.flags.BooleanParser")
class BooleanParser(ArgumentParser):
    """true, t, 1 or false, f, 0, in capitals or not."""

    def parse(self, argument: Any) -> bool:
        if isinstance(argument, str):
            if argument.lower() in ("true", "t", "1"):
                return True
            if argument.lower() in ("false", "f", "0"):
                return False
        elif not isinstance(argument, int):
            raise TypeError("Non-boolean argument to boolean flag", argument)
        elif argument in (0, 1):
            return bool(argument)
        raise ValueError("Non-boolean argument to boolean flag", argument)

    def flag_type(self) -> str:
        return "bool"

    def serialize(self, value: Any) -> str:
        return str(value).lower()


@export("flags.EnumParser", "app.flags.EnumParser")
class EnumParser(ArgumentParser):
    """One of the strings `enum_values`."""

    def __init__(self, enum_values: Sequence[str], case_sensitive: bool = True) -> None:
        if not enum_values:
            raise ValueError(f'enum_values cannot be empty, found "{enum_values}"')
        self.enum_values = list(enum_values)
        self.case_sensitive = case_sensitive

    def parse(self, argument: Any) -> str:
        for value in self.enum_values:
            if argument == value:
                return value
            if not self.case_sensitive and str(argument).lower() == value.lower():
                return value
        raise ValueError(f"value should be one of <{'|'.join(self.enum_values)}>")

    def flag_type(self) -> str:
        return "string enum"


@export("flags.EnumClassParser", "app.flags.EnumClassParser")
class EnumClassParser(ArgumentParser):
    """A member of the class `enum_class`, by its name."""

    def __init__(self, enum_class: type[enum.Enum], case_sensitive: bool = True) -> None:
        if not (isinstance(enum_class, type) and issubclass(enum_class, enum.Enum)):
            raise TypeError(f"{enum_class} is not a subclass of Enum.")
        if not enum_class.__members__:
            raise ValueError(f'enum_class cannot be empty, but "{enum_class}" is empty.')
        self.enum_class = enum_class
        self._members = {
            name if case_sensitive else name.lower(): member
            for name, member in enum_class.__members__.items()
        }
        self._names = EnumParser(list(self._members), case_sensitive)
        self.enum_values = self._names.enum_values

    def parse(self, argument: Any) -> enum.Enum:
        if isinstance(argument, self.enum_class):
            return argument
        return self._members[self._names.parse(argument)]

    def flag_type(self) -> str:
        return "enum class"

    def serialize(self, value: Any) -> str:
        return next(name for name, member in self._members.items() if member is value)


class _ListParser(ArgumentParser):
    """Strings in one text; a list is taken as it is."""

    _name = ""

    def split(self, argument: str) -> list[str]:
        """The strings in the text `argument`."""
        raise NotImplementedError

    def parse(self, argument: Any) -> list[str]:
        if isinstance(argument, list):
            return argument
        return self.split(argument) if argument else []

    def flag_type(self) -> str:
        return f"{self._name} separated list of strings"


@export("flags.ListParser", "app.flags.ListParser")
class ListParser(_ListParser):
    """Strings with commas between them, as in one line of a CSV file."""

    _name = "comma"
    syntactic_help = "a comma separated list"

    def split(self, argument: str) -> list[str]:
        try:
            return [text.strip() for text in next(csv.reader([argument], strict=True))]
        except csv.Error as error:
            raise ValueError(
                f"Unable to parse the value {argument!r} as a comma separated list of strings: "
                f"{error}"
            ) from error

    def serialize(self, value: Any) -> str:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(value)
        return line.getvalue()


@export("flags.WhitespaceSeparatedListParser", "app.flags.WhitespaceSeparatedListParser")
class WhitespaceSeparatedListParser(_ListParser):
    """Strings with white space between them, or with commas too if `comma_compat`."""

    _name = "whitespace"

    def __init__(self, comma_compat: bool = False) -> None:
        self.comma_compat = comma_compat
        self.syntactic_help = f"a whitespace{' or comma' if comma_compat else ''} separated list"

    def split(self, argument: str) -> list[str]:
        return (argument.replace(",", " ") if self.comma_compat else argument).split()

    def serialize(self, value: Any) -> str:
        return " ".join(value)
