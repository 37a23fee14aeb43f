"""Signals as overlapping frames, and frames as signals."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros, zeros_like
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.joining import concat, split
from tflite_edu.ops.padding import pad
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as number_range
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape, size
from tflite_edu.ops.slicing import strided_slice


@export("signal.frame")
def frame(
    signal: Any,
    frame_length: Any,
    frame_step: Any,
    pad_end: bool = False,
    pad_value: Any = 0,
    axis: Any = -1,
    name: str | None = None,
) -> Tensor:
    """Frames of `frame_length` samples along an axis, each `frame_step` after the one before.

    `[..., samples, ...]` becomes `[..., frames, frame_length, ...]`. What is left at the end is
    dropped, or with `pad_end` filled up with `pad_value`. Raises ValueError on a scalar, and
    NotImplementedError where length and step are not known as the graph is built.
    """
    with name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert_to_tensor(signal, name="signal")
        frame_length = convert_to_tensor(frame_length, name="frame_length")
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        axis = convert_to_tensor(axis, name="axis")
        signal.get_shape().with_rank_at_least(1)
        for number in (frame_length, frame_step, axis):
            number.get_shape().assert_has_rank(0)
        result_shape = _frames_shape(signal, frame_length, frame_step, pad_end, axis)
        rank = rank_tensor(signal)
        axis = number_range(rank)[axis]
        signal_shape = shape(signal)
        outer, length, inner = split(signal_shape, [axis, 1, rank - 1 - axis])
        length = reshape(length, [])
        outer_rank, inner_rank = size(outer), size(inner)
        if pad_end:
            filler = convert_to_tensor(pad_value, signal.dtype)
            # Minus the quotient of minus the length: rounded up.
            count = -(-length // frame_step)
            missing = raw.Maximum(0, frame_length + frame_step * (count - 1) - length)
            paddings = concat(
                [
                    zeros([outer_rank, 2], dtype=dtypes.int32),
                    [[0, missing]],
                    zeros([inner_rank, 2], dtype=dtypes.int32),
                ],
                0,
            )
            signal = raw.PadV2(signal, paddings, filler)
            signal_shape = shape(signal)
            length = signal_shape[axis]
        else:
            count = raw.Maximum(0, 1 + (length - frame_length) // frame_step)
        # Parts of which both frames and steps are whole numbers.
        part = _greatest_common_divisor(frame_length, frame_step)
        parts_of_frame = frame_length // part
        parts_of_step = frame_step // part
        part_count = length // part
        used = concat([outer, [part_count * part], inner], 0)
        in_parts = concat([outer, [part_count, part], inner], 0)
        parts = reshape(strided_slice(signal, zeros_like(signal_shape), used), in_parts)
        starts = reshape(number_range(count) * parts_of_step, [count, 1])
        within = reshape(number_range(parts_of_frame), [1, parts_of_frame])
        chosen = gather(parts, starts + within, axis=axis)
        frames = reshape(chosen, concat([outer, [count, frame_length], inner], 0))
        if result_shape is not None:
            frames.set_shape(result_shape)
        return frames


def _frames_shape(
    signal: Tensor, frame_length: Tensor, frame_step: Tensor, pad_end: bool, axis: Tensor
) -> Shape:
    """What is known of the shape of a signal's frames."""
    place = constant_value(axis)
    if signal._shape is None or place is None:
        return None
    index = int(place) % len(signal._shape)
    length, step = constant_value(frame_length), constant_value(frame_step)
    samples = signal._shape[index]
    count = None
    if samples is not None and length is not None and step is not None:
        count = -(-samples // int(step)) if pad_end else (samples - int(length)) // int(step) + 1
        count = max(0, count)
    known = None if length is None else int(length)
    return (*signal._shape[:index], count, known, *signal._shape[index + 1 :])


def _greatest_common_divisor(a: Tensor, b: Tensor) -> Tensor:
    with name_scope(None, "gcd", [a, b]):
        first, second = constant_value(a), constant_value(b)
        if first is None or second is None:
            raise NotImplementedError(
                "frame_length and frame_step must be known when the graph is built"
            )
        return constant(math.gcd(int(first), int(second)), dtype=a.dtype)


@export("signal.overlap_and_add")
def overlap_and_add(signal: Any, frame_step: Any, name: str | None = None) -> Tensor:
    """The sum of frames `[..., frames, frame_length]`, each `frame_step` after the one before.

    The result is `[..., frame_length + (frames - 1) frame_step]`. Raises ValueError where `signal`
    has fewer than two axes or `frame_step` is no integer.
    """
    with name_scope(name, "overlap_and_add", [signal, frame_step]):
        signal = convert_to_tensor(signal, name="signal")
        signal.get_shape().with_rank_at_least(2)
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        frame_step.get_shape().assert_has_rank(0)
        if not frame_step.dtype.is_integer:
            raise ValueError(f"frame_step must be an integer. Got {frame_step.dtype}")
        signal_shape = shape(signal)
        outer = signal_shape[:-2]
        outer_rank = size(outer)

        def with_outer(inner: list[Any]) -> Tensor:
            return concat([outer, inner], 0)

        frame_length = signal_shape[-1]
        frames = signal_shape[-2]
        output_length = frame_length + frame_step * (frames - 1)
        step = constant_value(frame_step)
        if step is not None and signal._shape is not None and signal._shape[-1] == int(step):
            return reshape(signal, with_outer([output_length]), name="fast_path")
        # Each frame in as many steps as it needs; a row of blanks shifts step i by i frames.
        steps = -(-frame_length // frame_step)
        inner_paddings = [[0, steps], [0, steps * frame_step - frame_length]]
        paddings = concat([zeros([outer_rank, 2], dtype=dtypes.int32), inner_paddings], 0)
        signal = pad(signal, paddings)
        signal = reshape(signal, with_outer([frames + steps, steps, frame_step]))
        order = concat([number_range(outer_rank), outer_rank + [1, 0, 2]], 0)
        signal = transpose(signal, order)
        signal = reshape(signal, with_outer([(frames + steps) * steps, frame_step]))
        signal = signal[..., : (frames + steps - 1) * steps, :]
        signal = reshape(signal, with_outer([steps, frames + steps - 1, frame_step]))
        signal = reduce_sum(signal, -3)
        signal = reshape(signal, with_outer([(frames + steps - 1) * frame_step]))
        return signal[..., :output_length]
