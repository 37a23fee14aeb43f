"""Public names, given where a thing is defined.

A function or class carries its public names in a decorator; a constant, which cannot carry one, is
listed in its module's `EXPORTS`:

    @export("nn.relu")
    def relu(features, name=None): ...

    EXPORTS = {"float32": "float32", "dtypes.float32": "float32"}   # public name -> attribute here

Both are read from the source by a scanner that imports nothing, so every name is a literal string.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def export(*names: str) -> Callable[[_T], _T]:
    """Gives a function or class its public names, dotted and without the leading `tf.`.

    The decorated object comes back unchanged but for a `__tf_names__` tuple, which is left out
    where an object takes no new attributes.

    Raises:
      ValueError: there is no name, or one is not a dotted Python identifier.
    """
    if not names:
        raise ValueError("export needs at least one public name.")
    for name in names:
        if not all(part.isidentifier() for part in name.split(".")):
            raise ValueError(f"{name!r} is not a dotted Python identifier.")

    def mark(thing: _T) -> _T:
        try:
            thing.__tf_names__ = names  # type: ignore[attr-defined]
        except (AttributeError, TypeError):
            return thing
        return thing

    return mark
