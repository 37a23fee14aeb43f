"""The value of what did not run."""

from __future__ import annotations


class Dead:
    """The type of `DEAD`."""

    def __repr__(self) -> str:
        return "DEAD"


DEAD = Dead()
"""Stands in a run for the value of a tensor on a branch that was not taken."""
