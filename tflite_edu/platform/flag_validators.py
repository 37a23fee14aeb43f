"""Conditions on the values of flags, checked whenever a command line or an assignment sets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from tflite_edu.core.export import export
from tflite_edu.platform.flag_parsers import ValidationError
from tflite_edu.platform.flags import FLAGS, FlagValues

_Check = TypeVar("_Check", bound=Callable[[Any], Any])


class _Validator:
    """A condition on the values of some flags, and what to say where it does not hold."""

    def __init__(
        self, names: Sequence[str], check: Callable[[dict[str, Any]], Any], message: str
    ) -> None:
        self.names, self.check, self.message = list(names), check, message

    def complaint(self, values: Mapping[str, Any]) -> str | None:
        """What is wrong with `values`, or None."""
        mine = {name: values[name] for name in self.names}
        try:
            message = None if self.check(dict(mine)) else self.message
        except ValidationError as error:
            message = str(error)
        if message is None:
            return None
        given = ", ".join(f"{name}={value}" for name, value in mine.items())
        return f"flag --{given}: {message}" if len(mine) == 1 else f"flags {given}: {message}"


@export("flags.register_validator", "app.flags.register_validator")
def register_validator(
    flag_name: str,
    checker: Callable[[Any], Any],
    message: str = "Flag validation failed",
    flag_values: FlagValues = FLAGS,
) -> None:
    """Refuses values of a flag for which `checker(value)` is false or raises ValidationError."""
    _ = flag_values[flag_name]
    check = _Validator([flag_name], lambda values: checker(values[flag_name]), message)
    flag_values.__dict__["__validators"].append(check)


@export("flags.register_multi_flags_validator", "app.flags.register_multi_flags_validator")
def register_multi_flags_validator(
    flag_names: Sequence[str],
    multi_flags_checker: Callable[[dict[str, Any]], Any],
    message: str = "Flags validation failed",
    flag_values: FlagValues = FLAGS,
) -> None:
    """Refuses values of some flags for which `multi_flags_checker({name: value})` is false."""
    for name in flag_names:
        _ = flag_values[name]
    check = _Validator(flag_names, multi_flags_checker, message)
    flag_values.__dict__["__validators"].append(check)


@export("flags.validator", "app.flags.validator")
def validator(
    flag_name: str,
    message: str = "Flag validation failed",
    flag_values: FlagValues = FLAGS,
) -> Callable[[_Check], _Check]:
    """Decorator: the function checks the values of one flag, as in `register_validator`."""

    def register(check: _Check) -> _Check:
        register_validator(flag_name, check, message, flag_values)
        return check

    return register


@export("flags.multi_flags_validator", "app.flags.multi_flags_validator")
def multi_flags_validator(
    flag_names: Sequence[str],
    message: str = "Flag validation failed",
    flag_values: FlagValues = FLAGS,
) -> Callable[[_Check], _Check]:
    """Decorator: the function checks some flags, as in `register_multi_flags_validator`."""

    def register(check: _Check) -> _Check:
        register_multi_flags_validator(flag_names, check, message, flag_values)
        return check

    return register


@export("flags.mark_flag_as_required", "app.flags.mark_flag_as_required")
def mark_flag_as_required(flag_name: str, flag_values: FlagValues = FLAGS) -> None:
    """Refuses a command line that leaves the flag None."""
    message = f"Flag --{flag_name} must have a value other than None."
    register_validator(flag_name, lambda value: value is not None, message, flag_values)


@export("flags.mark_flags_as_required", "app.flags.mark_flags_as_required")
def mark_flags_as_required(flag_names: Sequence[str], flag_values: FlagValues = FLAGS) -> None:
    """Refuses a command line that leaves one of the flags None."""
    for name in flag_names:
        mark_flag_as_required(name, flag_values)


def _mark_exclusive(
    names: Sequence[str],
    is_set: Callable[[Any], bool],
    state: str,
    required: bool,
    flag_values: FlagValues,
) -> None:
    def at_most_one(values: dict[str, Any]) -> bool:
        count = sum(is_set(value) for value in values.values())
        return count == 1 or (count == 0 and not required)

    message = f"{'Exactly' if required else 'At most'} one of ({', '.join(names)}) must {state}."
    register_multi_flags_validator(names, at_most_one, message, flag_values)


@export("flags.mark_flags_as_mutual_exclusive", "app.flags.mark_flags_as_mutual_exclusive")
def mark_flags_as_mutual_exclusive(
    flag_names: Sequence[str], required: bool = False, flag_values: FlagValues = FLAGS
) -> None:
    """Refuses more than one of the flags being other than None; if `required`, none of them too."""
    _mark_exclusive(
        flag_names, lambda v: v is not None, "have a value other than None", required, flag_values
    )


@export(
    "flags.mark_bool_flags_as_mutual_exclusive", "app.flags.mark_bool_flags_as_mutual_exclusive"
)
def mark_bool_flags_as_mutual_exclusive(
    flag_names: Sequence[str], required: bool = False, flag_values: FlagValues = FLAGS
) -> None:
    """Refuses more than one of the Boolean flags being true; if `required`, none of them too."""
    for name in flag_names:
        if not flag_values[name].boolean:
            raise ValidationError(
                f"Flag --{name} is not Boolean, which is required for flags used in "
                "mark_bool_flags_as_mutual_exclusive."
            )
    _mark_exclusive(flag_names, bool, "be True", required, flag_values)
