"""Nested structures: lists, tuples, named tuples, dicts and attrs objects that hold values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tflite_edu.core.export import export


@export("nest.is_nested")
def is_nested(seq: Any) -> bool:
    """Whether `seq` is a structure: a list, tuple, dict or attrs object, but no text or array."""
    return (
        isinstance(seq, (Mapping, list, tuple))
        or hasattr(type(seq), "__attrs_attrs__")
        or (isinstance(seq, Sequence) and not isinstance(seq, (str, bytes, bytearray, memoryview)))
    )


@export("contrib.framework.nest.is_sequence")
def is_sequence(o: Any) -> bool:
    """The older name of `tf.nest.is_nested`."""
    return is_nested(o)


def _is_composite(value: Any) -> bool:
    """Whether a value stands for several tensors (`IndexedSlices`, `SparseTensor`)."""
    return hasattr(type(value), "_to_components")


def _elements(structure: Any) -> list[Any]:
    """What a structure holds directly; a dict's values in the order of its sorted keys."""
    if isinstance(structure, Mapping):
        return [structure[key] for key in sorted(structure)]
    if hasattr(type(structure), "__attrs_attrs__"):
        return [getattr(structure, a.name) for a in type(structure).__attrs_attrs__]
    if _is_composite(structure):
        return list(structure._to_components())
    return list(structure)


def _rebuilt(structure: Any, elements: list[Any]) -> Any:
    """A structure of the same type with other elements, in the order of `_elements`."""
    kind = type(structure)
    if isinstance(structure, Mapping):
        by_key = dict(zip(sorted(structure), elements, strict=True))
        if hasattr(structure, "default_factory"):
            return kind(structure.default_factory, {key: by_key[key] for key in structure})
        return kind((key, by_key[key]) for key in structure)
    if hasattr(structure, "_fields") or hasattr(kind, "__attrs_attrs__"):
        return kind(*elements)
    if _is_composite(structure):
        return structure._from_components(elements)
    return kind(elements)


def _leaves(structure: Any, expand_composites: bool) -> Iterator[Any]:
    if is_nested(structure) or (expand_composites and _is_composite(structure)):
        for element in _elements(structure):
            yield from _leaves(element, expand_composites)
    else:
        yield structure


@export("nest.flatten", "contrib.framework.nest.flatten")
def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The values in a structure, from left to right; dicts in the order of their sorted keys.

    What is no structure is a list of one. `expand_composites` takes sliced and sparse values apart
    into their tensors. Raises TypeError where the keys of a dict cannot be sorted.
    """
    return list(_leaves(structure, expand_composites))


@export("nest.pack_sequence_as", "contrib.framework.nest.pack_sequence_as")
def pack_sequence_as(structure: Any, flat_sequence: Any, expand_composites: bool = False) -> Any:
    """The values of `flat_sequence` in the form of `structure`: undoes `flatten`.

    Raises TypeError where `flat_sequence` is no sequence, ValueError where the numbers differ.
    """
    if not is_nested(flat_sequence):
        raise TypeError("flat_sequence must be a sequence")
    if not is_nested(structure) and not (expand_composites and _is_composite(structure)):
        if len(flat_sequence) != 1:
            raise ValueError(
                f"Structure is a scalar but len(flat_sequence) == {len(flat_sequence)} > 1"
            )
        return flat_sequence[0]
    count = len(flatten(structure, expand_composites))
    if count != len(flat_sequence):
        raise ValueError(
            f"Could not pack sequence. Structure had {count} elements, but flat_sequence had "
            f"{len(flat_sequence)} elements.  Structure: {structure}, flat_sequence: "
            f"{flat_sequence}."
        )
    values = iter(flat_sequence)

    def pack(part: Any) -> Any:
        if is_nested(part) or (expand_composites and _is_composite(part)):
            return _rebuilt(part, [pack(element) for element in _elements(part)])
        return next(values)

    return pack(structure)


@export("nest.map_structure", "contrib.framework.nest.map_structure")
def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """`func` of the values at each place of structures of one form, in the form of the first.

    Keywords are `check_types` (True) and `expand_composites` (False). Raises TypeError where
    `func` cannot be called, ValueError or TypeError where the structures differ.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    check_types = kwargs.pop("check_types", True)
    expand_composites = kwargs.pop("expand_composites", False)
    if kwargs:
        raise ValueError(
            "Only valid keyword arguments are `check_types` and `expand_composites`, not: "
            f"`{'`, `'.join(kwargs)}`"
        )
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, expand_composites)
    columns = zip(*[flatten(s, expand_composites) for s in structure], strict=True)
    return pack_sequence_as(structure[0], [func(*c) for c in columns], expand_composites)


@export("nest.assert_same_structure", "contrib.framework.nest.assert_same_structure")
def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """Raises ValueError where two structures differ in form.

    With `check_types` it raises TypeError where they differ in the types of their sequences; all
    kinds of dicts count as one.
    """
    try:
        _compare(nest1, nest2, check_types, expand_composites)
    except (ValueError, TypeError) as error:
        raise type(error)(
            "The two structures don't have the same nested structure.\n\n"
            f"First structure: {_shown(nest1)}\n\nSecond structure: {_shown(nest2)}\n\n"
            f"More specifically: {error}"
        ) from None


def _shown(value: Any) -> str:
    return f"type={type(value).__name__} str={value}"


def _compare(first: Any, second: Any, check_types: bool, expand: bool) -> None:
    nested = [is_nested(s) or (expand and _is_composite(s)) for s in (first, second)]
    if nested == [False, False]:
        return
    if nested[0] != nested[1]:
        sequence, single = (first, second) if nested[0] else (second, first)
        raise ValueError(
            f'Substructure "{_shown(sequence)}" is a sequence, while substructure '
            f'"{_shown(single)}" is not'
        )
    if check_types and not _same_kind(first, second):
        names = type(first).__name__, type(second).__name__
        raise TypeError(
            f"The two namedtuples don't have the same sequence type. First structure "
            f"{_shown(first)} has type {names[0]}, while second structure {_shown(second)} has "
            f"type {names[1]}"
        )
    if isinstance(first, Mapping) and isinstance(second, Mapping) and set(first) != set(second):
        raise ValueError(
            "The two dictionaries don't have the same set of keys. First structure has keys "
            f"{_shown(list(first))}, while second structure has keys {_shown(list(second))}"
        )
    parts = _elements(first), _elements(second)
    if len(parts[0]) != len(parts[1]):
        raise ValueError(
            "The two structures don't have the same number of elements. First structure: "
            f"{_shown(first)}. Second structure: {_shown(second)}"
        )
    for one, other in zip(*parts, strict=True):
        _compare(one, other, check_types, expand)


def _same_kind(first: Any, second: Any) -> bool:
    if type(first) is type(second) or (isinstance(first, Mapping) and isinstance(second, Mapping)):
        return True
    fields = getattr(first, "_fields", None)
    return (
        fields is not None
        and fields == getattr(second, "_fields", None)
        and type(first).__name__ == type(second).__name__
    )
