"""Inputs on which every operation is checked; see `sample.Sample`."""

from __future__ import annotations

from . import (
    array,
    bits,
    candidates,
    control,
    conv,
    counting,
    ctc,
    fourier,
    image,
    io,
    linalg,
    linear_algebra,
    logging,
    lookup,
    math,
    nn,
    parsing,
    random,
    reduction,
    sets,
    sparse,
    state,
    strings,
    summary,
    training,
    training_regularized,
    windows,
)
from .sample import Handle, Ref, Sample

FAMILIES = (
    array,
    bits,
    candidates,
    control,
    conv,
    counting,
    ctc,
    fourier,
    image,
    io,
    linalg,
    linear_algebra,
    logging,
    lookup,
    math,
    nn,
    parsing,
    random,
    reduction,
    sets,
    sparse,
    state,
    strings,
    summary,
    training,
    training_regularized,
    windows,
)
SAMPLES: dict[str, list[Sample]] = {
    op_type: samples for family in FAMILIES for op_type, samples in family.SAMPLES.items()
}

__all__ = ["FAMILIES", "SAMPLES", "Handle", "Ref", "Sample"]
