"""The DEFINE functions of `tf.flags`, one for each kind of flag."""

from __future__ import annotations

import enum
import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.platform import logging
from tflite_edu.platform.flag_parsers import (
    ArgumentParser,
    BooleanParser,
    DuplicateFlagError,
    EnumClassParser,
    EnumParser,
    Error,
    FlagNameConflictsWithMethodError,
    FloatParser,
    IntegerParser,
    ListParser,
    WhitespaceSeparatedListParser,
)
from tflite_edu.platform.flag_validators import mark_flag_as_required
from tflite_edu.platform.flags import FLAGS, Flag, FlagValues, module_name


@export("flags.FlagHolder", "app.flags.FlagHolder")
class FlagHolder:
    """What a DEFINE function returns: a flag in its `FlagValues`."""

    def __init__(self, flag_values: FlagValues, flag: Flag) -> None:
        self._flag_values, self._flag = flag_values, flag

    @property
    def name(self) -> str:
        """The flag's name."""
        return self._flag.name

    @property
    def value(self) -> Any:
        """The flag's value; raises UnparsedFlagAccessError before an argv was parsed."""
        return FlagValues.__getattr__(self._flag_values, self.name)

    @property
    def default(self) -> Any:
        """The flag's default."""
        return self._flag.default

    @property
    def present(self) -> bool:
        """Whether the command line gave the flag."""
        return self._flag.present > 0

    def serialize(self) -> str:
        """The command line arguments that give the flag its present value."""
        return self._flag.serialize()


@export("flags.set_default", "app.flags.set_default")
def set_default(flag_holder: FlagHolder, value: Any) -> None:
    """Changes the default of the flag that a DEFINE function returned."""
    flag_holder._flag_values.set_default(flag_holder.name, value)


def _defining_module() -> str:
    """The module that called into this package."""
    frame = sys._getframe(1)
    here = os.path.dirname(__file__)
    while os.path.dirname(frame.f_code.co_filename) == here and frame.f_back:
        frame = frame.f_back
    return module_name(frame.f_globals)


@export("flags.DEFINE_flag", "app.flags.DEFINE_flag")
def define_flag(
    flag: Flag,
    flag_values: FlagValues = FLAGS,
    module_name: str | None = None,
    required: bool = False,
) -> FlagHolder:
    """Adds a flag to `flag_values`.

    Raises:
      DuplicateFlagError: there is one of its name or short name already.
      FlagNameConflictsWithMethodError: it has the name of a method of `FlagValues`.
      Error: the name is empty or has a space in it.
      ValueError: it is `required` and has a default.
    """
    flag.module = module_name or flag.module or _defining_module()
    if not flag.name:
        raise Error("Flag name cannot be empty")
    if " " in flag.name:
        raise Error("Flag name cannot contain a space")
    if required and flag.default is not None:
        raise ValueError(f"Required flag --{flag.name} cannot have a non-None default")
    if hasattr(FlagValues, flag.name):
        raise FlagNameConflictsWithMethodError(
            f'Cannot define a flag named "{flag.name}". It conflicts with a method on class '
            '"FlagValues".'
        )
    taken = {name: f for f in flag_values._flags().values() for name in (f.name, f.short_name)}
    for name in filter(None, (flag.name, flag.short_name)):
        other = taken.get(name)
        if other and not (flag.allow_override or other.allow_override):
            raise DuplicateFlagError(
                f"The flag '{name}' is defined twice. First from {other.module}, Second from "
                f"{flag.module}.  Description from first occurrence: {other.help}"
            )
    flag_values._flags()[flag.name] = flag
    if required:
        mark_flag_as_required(flag.name, flag_values)
    return FlagHolder(flag_values, flag)


@export("flags.DEFINE", "app.flags.DEFINE")
def DEFINE(
    parser: ArgumentParser,
    name: str,
    default: Any,
    help: str | None,
    flag_values: FlagValues = FLAGS,
    serializer: Any = None,
    module_name: str | None = None,
    required: bool = False,
    **args: Any,
) -> FlagHolder:
    """Defines a flag that `parser` reads.

    Every DEFINE function takes these arguments as well as its own: `help` is shown by `--help`,
    `flag_values` is the set that the flag joins, `module_name` what `--help` lists it under; a
    `required` flag must be given. `args` are `short_name` (one letter, for `-s`) and
    `allow_override` (it may take the place of a flag of the same name).

    Raises:
      IllegalFlagValueError: `default` is not a value of this kind.
      DuplicateFlagError, FlagNameConflictsWithMethodError, Error, ValueError: as DEFINE_flag.
    """
    flag = Flag(parser, serializer, name, default, help, **args)
    return define_flag(flag, flag_values, module_name, required)


@export("flags.DEFINE_multi", "app.flags.DEFINE_multi")
def DEFINE_multi(
    parser: ArgumentParser,
    serializer: Any,
    name: str,
    default: Any,
    help: str | None,
    flag_values: FlagValues = FLAGS,
    module_name: str | None = None,
    required: bool = False,
    **args: Any,
) -> FlagHolder:
    """Defines a flag that may appear several times: its value is a list of what `parser` reads."""
    flag = Flag(parser, serializer, name, default, help, multi=True, **args)
    return define_flag(flag, flag_values, module_name, required)


_OLD_NAMES = {"flag_name": "name", "default_value": "default", "docstring": "help"}


def _takes_old_names(define: Callable[..., FlagHolder]) -> Callable[..., FlagHolder]:
    """Lets a DEFINE function take the argument names of TensorFlow before 1.5."""

    @functools.wraps(define)
    def wrapped(*args: Any, **kwargs: Any) -> FlagHolder:
        if not kwargs.keys().isdisjoint(_OLD_NAMES):
            logging.warning(
                "Use of the keyword argument names (flag_name, default_value, docstring) is "
                "deprecated, please use (name, default, help) instead."
            )
        return define(*args, **{_OLD_NAMES.get(key, key): v for key, v in kwargs.items()})

    return wrapped


@export("flags.DEFINE_string", "app.flags.DEFINE_string")
@_takes_old_names
def DEFINE_string(name, default, help, flag_values=FLAGS, required=False, **args):
    """Defines a flag that is any string."""
    return DEFINE(ArgumentParser(), name, default, help, flag_values, required=required, **args)


@export(
    "flags.DEFINE_bool",
    "flags.DEFINE_boolean",
    "app.flags.DEFINE_bool",
    "app.flags.DEFINE_boolean",
)
@_takes_old_names
def DEFINE_bool(name, default, help, flag_values=FLAGS, module_name=None, required=False, **args):
    """Defines a Boolean flag: `--name`, `--noname`, `--name=true`, `--name=0` ..."""
    args.update(module_name=module_name, required=required, boolean=True)
    return DEFINE(BooleanParser(), name, default, help, flag_values, **args)


@export("flags.DEFINE_float", "app.flags.DEFINE_float")
@_takes_old_names
def DEFINE_float(
    name,
    default,
    help,
    lower_bound=None,
    upper_bound=None,
    flag_values=FLAGS,
    required=False,
    **args,
):
    """Defines a flag that is a number from `lower_bound` to `upper_bound`."""
    parser = FloatParser(lower_bound, upper_bound)
    return DEFINE(parser, name, default, help, flag_values, required=required, **args)


@export("flags.DEFINE_integer", "app.flags.DEFINE_integer")
@_takes_old_names
def DEFINE_integer(
    name,
    default,
    help,
    lower_bound=None,
    upper_bound=None,
    flag_values=FLAGS,
    required=False,
    **args,
):
    """Defines a flag that is an integer from `lower_bound` to `upper_bound`."""
    parser = IntegerParser(lower_bound, upper_bound)
    return DEFINE(parser, name, default, help, flag_values, required=required, **args)


@export("flags.DEFINE_enum", "app.flags.DEFINE_enum")
def DEFINE_enum(
    name,
    default,
    enum_values: Sequence[str],
    help,
    flag_values=FLAGS,
    module_name=None,
    required=False,
    case_sensitive=True,
    **args,
):
    """Defines a flag that is one of the strings `enum_values`."""
    args.update(module_name=module_name, required=required)
    parser = EnumParser(enum_values, case_sensitive)
    return DEFINE(parser, name, default, help, flag_values, **args)


@export("flags.DEFINE_enum_class", "app.flags.DEFINE_enum_class")
def DEFINE_enum_class(
    name,
    default,
    enum_class: type[enum.Enum],
    help,
    flag_values=FLAGS,
    module_name=None,
    case_sensitive=False,
    required=False,
    **args,
):
    """Defines a flag that is a member of an enum class, given by its name."""
    args.update(module_name=module_name, required=required)
    parser = EnumClassParser(enum_class, case_sensitive)
    return DEFINE(parser, name, default, help, flag_values, **args)


@export("flags.DEFINE_list", "app.flags.DEFINE_list")
def DEFINE_list(name, default, help, flag_values=FLAGS, required=False, **args):
    """Defines a flag that is a list of strings, with commas between them."""
    return DEFINE(ListParser(), name, default, help, flag_values, required=required, **args)


@export("flags.DEFINE_spaceseplist", "app.flags.DEFINE_spaceseplist")
def DEFINE_spaceseplist(
    name, default, help, comma_compat=False, flag_values=FLAGS, required=False, **args
):
    """Defines a flag that is a list of strings, with white space between them."""
    parser = WhitespaceSeparatedListParser(comma_compat)
    return DEFINE(parser, name, default, help, flag_values, required=required, **args)


@export("flags.DEFINE_multi_string", "app.flags.DEFINE_multi_string")
def DEFINE_multi_string(name, default, help, flag_values=FLAGS, required=False, **args):
    """Defines a flag that may appear several times: its value is the list of the strings."""
    return DEFINE_multi(
        ArgumentParser(), None, name, default, help, flag_values, None, required, **args
    )


@export("flags.DEFINE_multi_integer", "app.flags.DEFINE_multi_integer")
def DEFINE_multi_integer(
    name,
    default,
    help,
    lower_bound=None,
    upper_bound=None,
    flag_values=FLAGS,
    required=False,
    **args,
):
    """Defines a flag that may appear several times: its value is the list of the integers."""
    parser = IntegerParser(lower_bound, upper_bound)
    return DEFINE_multi(parser, None, name, default, help, flag_values, None, required, **args)


@export("flags.DEFINE_multi_float", "app.flags.DEFINE_multi_float")
def DEFINE_multi_float(
    name,
    default,
    help,
    lower_bound=None,
    upper_bound=None,
    flag_values=FLAGS,
    required=False,
    **args,
):
    """Defines a flag that may appear several times: its value is the list of the numbers."""
    parser = FloatParser(lower_bound, upper_bound)
    return DEFINE_multi(parser, None, name, default, help, flag_values, None, required, **args)


@export("flags.DEFINE_multi_enum", "app.flags.DEFINE_multi_enum")
def DEFINE_multi_enum(
    name,
    default,
    enum_values: Sequence[str],
    help,
    flag_values=FLAGS,
    case_sensitive=True,
    required=False,
    **args,
):
    """Defines a flag that may appear several times, each time one of the strings `enum_values`."""
    parser = EnumParser(enum_values, case_sensitive)
    return DEFINE_multi(parser, None, name, default, help, flag_values, None, required, **args)
