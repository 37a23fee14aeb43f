"""`tf.contrib.training.HParams`: the numbers of an experiment by name, and from a command line."""

from __future__ import annotations

import json
import numbers
import re
from collections.abc import Callable
from typing import Any

from tflite_edu.core.export import export

# One assignment: name=value, name[index]=value or name=[value,...], up to the next comma.
_ASSIGNMENT = re.compile(
    r"(?P<name>[a-zA-Z][\w.]*)(\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
    r"((?P<value>[^,\[]*)|\[(?P<values>[^\]]*)\])($|,\s*)"
)
_BOOLS = {"true": True, "True": True, "false": False, "False": False}


@export("contrib.training.HParams")
class HParams:
    """Hyperparameters, each an attribute: `HParams(rate=0.1, layers=[64, 32]).rate`.

    The first value of one settles its type: a number, bool, string or None, or a list of one of
    these. `model_structure` is any object, kept beside them. Raises ValueError on a `hparam_def`:
    protos of hyperparameters are not read.
    """

    def __init__(self, hparam_def: None = None, model_structure: Any = None, **kwargs: Any) -> None:
        if hparam_def is not None:
            raise ValueError("HParams cannot be made from a hparam_def; give the values by name.")
        # Name -> (type of a value, whether there is a list of them).
        self._hparam_types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """Adds one. Raises ValueError where the name is taken or the value an empty list."""
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        listed = isinstance(value, (list, tuple))
        if listed and not value:
            raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
        self._hparam_types[name] = (type(value[0] if listed else value), listed)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Gives one that is there another value of its type; an int does for a float.

        Raises KeyError where it is not there, ValueError on a value of another type.
        """
        setattr(self, name, self._checked(name, value))

    def _checked(self, name: str, value: Any) -> Any:
        kind, listed = self._hparam_types[name]
        if isinstance(value, list):
            if not listed:
                raise ValueError(f"Must not pass a list for single-valued parameter: {name}")
            return [_cast(name, kind, v) for v in value]
        if listed:
            raise ValueError(f"Must pass a list for multi-valued parameter: {name}.")
        return _cast(name, kind, value)

    def del_hparam(self, name: str) -> None:
        """Takes one away; nothing where it is not there."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values: str) -> HParams:
        """Sets what a text like `"rate=0.5,layers=[64,32],name=small"` says, and returns itself.

        Nothing is set where the text is wrong: then ValueError is raised.
        """
        return self.override_from_dict(_parsed(values, self._hparam_types))

    def override_from_dict(self, values_dict: dict[str, Any]) -> HParams:
        """Sets each of a dict as `set_hparam` does, or none where one is wrong; returns itself."""
        checked = {name: self._checked(name, value) for name, value in values_dict.items()}
        for name, value in checked.items():
            setattr(self, name, value)
        return self

    def set_from_map(self, values_map: dict[str, Any]) -> HParams:
        """An older name of `override_from_dict`."""
        return self.override_from_dict(values_map)

    def to_json(self, indent: Any = None, separators: Any = None, sort_keys: bool = False) -> str:
        """All as a JSON object; the arguments are `json.dumps`'s."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json: str) -> HParams:
        """Sets what a JSON object says, and returns itself."""
        return self.override_from_dict(json.loads(values_json))

    def values(self) -> dict[str, Any]:
        """Name -> value, in the order in which they were added."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key: str, default: Any = None) -> Any:
        """The value of one, `default` where it is not there.

        Raises ValueError where it is there and `default` is of another type.
        """
        if key not in self._hparam_types:
            return default
        if default is not None:
            self._check_default(key, default)
        return getattr(self, key)

    def _check_default(self, key: str, default: Any) -> None:
        kind, listed = self._hparam_types[key]
        described = f"list<{kind}>" if listed else str(kind)
        problem = f"Hparam '{key}' of type '{described}' is incompatible with default={default}"
        if listed != isinstance(default, list):
            raise ValueError(problem)
        try:
            for value in default if listed else [default]:
                _cast(key, kind, value)
        except ValueError as error:
            raise ValueError(f"{problem}. {error}") from None

    def set_model_structure(self, model_structure: Any) -> None:
        """Keeps an object beside the hyperparameters."""
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        """The object kept beside them."""
        return self._model_structure

    def __contains__(self, key: object) -> bool:
        return key in self._hparam_types

    def __str__(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({sorted(self.values().items())})"


def _cast(name: str, kind: type, value: Any) -> Any:
    """`value` as a `kind`; raises ValueError where something would be lost."""
    if kind is type(None):
        return value
    loses = (
        (issubclass(kind, (str, bytes)) and not isinstance(value, (str, bytes)))
        or issubclass(kind, bool) != isinstance(value, bool)
        or (issubclass(kind, numbers.Integral) and not isinstance(value, numbers.Integral))
        or (issubclass(kind, numbers.Number) and not isinstance(value, numbers.Number))
    )
    if loses:
        raise ValueError(f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}")
    return kind(value)


def _parsed(text: str, types: dict[str, tuple[type, bool]]) -> dict[str, Any]:
    """Name -> value of the assignments of a text; of indexed ones, index -> value."""
    found: dict[str, Any] = {}
    position = 0
    while position < len(text):
        match = _ASSIGNMENT.match(text, position)
        if match is None:
            raise ValueError(f"Malformed hyperparameter value: {text[position:]}")
        position = match.end()
        name, index = match["name"], match["index"]
        if name not in types:
            raise ValueError(f"Unknown hyperparameter type for {name}")
        read = _reader(name, types[name][0], text)
        if match["values"] is not None:
            value: Any = [read(v, match["values"]) for v in re.split("[ ,]", match["values"]) if v]
        else:
            value = read(match["value"], match["value"])
        if index is None:
            if name in found:
                raise ValueError(f"Multiple assignments to variable '{name}' in {text}")
            found[name] = value
            continue
        indexed = found.setdefault(name, {})
        if not isinstance(indexed, dict) or int(index) in indexed:
            raise ValueError(f"Multiple assignments to variable '{name}[{index}]' in {text}")
        indexed[int(index)] = value
    return found


def _reader(name: str, kind: type, text: str) -> Callable[[str, str], Any]:
    """Reads one value; the other argument is what the message on a wrong one shows."""

    def read(value: str, shown: str) -> Any:
        try:
            if kind is bool:
                return _BOOLS[value] if value in _BOOLS else bool(int(value))
            return kind(value)
        except ValueError:
            raise ValueError(
                f"Could not parse hparam '{name}' of type '{kind.__name__}' with value "
                f"'{shown}' in {text}"
            ) from None

    return read
