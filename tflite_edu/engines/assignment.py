"""Assignments that take an array as it is, where nobody will write to it."""

from __future__ import annotations

from typing import Any

import numpy


def assign_uncopied(definition: Any, host: Any, place: Any, value: Any) -> Any:
    """Puts a value into a variable without a copy, unless it is a part of something larger.

    The array may be in several variables, or in the graph as well: who updates a variable writes
    only to arrays that nobody else holds.
    """
    whole = type(value) is numpy.ndarray and value.flags.owndata and value.flags.c_contiguous
    return (definition.put if whole else definition.forward)(host, place, value)
