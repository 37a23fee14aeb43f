"""Inputs on which every operation is checked; see `sample.Sample`."""

from __future__ import annotations

from . import (
    array,
    candidates,
    control,
    conv,
    io,
    linalg,
    logging,
    math,
    nn,
    parsing,
    random,
    reduction,
    sparse,
    state,
    summary,
    training,
    windows,
)
from .sample import Handle, Ref, Sample

FAMILIES = (
    array,
    candidates,
    control,
    conv,
    io,
    linalg,
    logging,
    math,
    nn,
    parsing,
    random,
    reduction,
    sparse,
    state,
    summary,
    training,
    windows,
)
SAMPLES: dict[str, list[Sample]] = {
    op_type: samples for family in FAMILIES for op_type, samples in family.SAMPLES.items()
}

__all__ = ["FAMILIES", "SAMPLES", "Handle", "Ref", "Sample"]
