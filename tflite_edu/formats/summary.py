"""Summaries as the bytes of Summary protos: what the summary operations give."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.formats.events import Summary, SummaryMetadata
from tflite_edu.formats.png import encode_png
from tflite_edu.formats.tensor import to_tensor_proto
from tflite_edu.formats.wav import encode_wav

# Below this an image counts as black.
_ZERO_THRESHOLD = 1e-6

# What TensorFlow paints pixels with that are not finite: red, opaque.
BAD_COLOR = np.array([255, 0, 0, 255], np.uint8)


def scalars(tags: Sequence[bytes], values: Sequence[float]) -> bytes:
    """One number for each tag."""
    made = Summary()
    for tag, value in zip(tags, values, strict=True):
        made.value.add(tag=tag.decode(), simple_value=float(value))
    return made.SerializeToString()


@functools.cache
def bucket_limits() -> NDArray[np.float64]:
    """Upper limits of a histogram's buckets: 1.1 to the power of n, both signs, and the largest."""
    positive = []
    limit = 1.0e-12
    while limit < 1.0e20:
        positive.append(limit)
        limit *= 1.1
    positive.append(float(np.finfo(np.float64).max))
    return np.array([*(-p for p in reversed(positive)), 0.0, *positive])


def histogram(tag: bytes, values: NDArray[Any], node: str) -> bytes:
    """The distribution of the values, all shapes.

    Raises InvalidArgumentError, naming `node`, where one is not finite.
    """
    given = np.asarray(values)
    flat = given.astype(np.float64).ravel()
    # Sorting and looking the limits up is faster than looking every value up among the limits.
    ordered = np.sort(given, axis=None).astype(np.float64)
    # Whatever is not finite stands at an end.
    if not np.isfinite(ordered[:1]).all() or not np.isfinite(ordered[-1:]).all():
        kind = "Nan" if np.isnan(flat[np.argmin(np.isfinite(flat))]) else "Infinity"
        raise InvalidArgumentError(None, None, f"{kind} in summary histogram for: {node}")
    limits = bucket_limits()
    counts = np.zeros(limits.size, np.intp)
    if ordered.size:
        # The buckets from that of the least value to that of the greatest; the last one also takes
        # what lies on its limit.
        last = limits.size - 1
        first, end = np.searchsorted(limits, ordered[[0, -1]], side="right").clip(max=last)
        below = np.searchsorted(ordered, limits[first:end])
        counts[first : end + 1] = np.diff(below, prepend=0, append=ordered.size)
    made = Summary()
    value = made.value.add(tag=tag.decode())
    histo = value.histo
    largest = float(np.finfo(np.float64).max)
    histo.min = float(ordered[0]) if flat.size else largest
    histo.max = float(ordered[-1]) if flat.size else -largest
    histo.num = float(flat.size)
    histo.sum = float(flat.sum())
    histo.sum_squares = float((flat * flat).sum())
    full = counts > 0
    # A run of empty buckets becomes one, which ends where the next full one begins.
    kept = full | np.r_[full[1:], True]
    histo.bucket_limit.extend(limits[kept].tolist())
    histo.bucket.extend(counts[kept].astype(np.float64).tolist())
    return made.SerializeToString()


def images(
    tag: bytes, tensor: NDArray[Any], max_images: int, bad_color: NDArray[np.uint8]
) -> bytes:
    """The first images of a batch [batch, height, width, channels 1, 3 or 4] as PNG.

    Floating-point images are scaled: to 0..255 where no value is negative, else so that 0 becomes
    128. Pixels with a value that is not finite get `bad_color`.
    """
    count = min(max_images, tensor.shape[0])
    made = Summary()
    for i in range(count):
        name = tag.decode() + ("/image" if max_images == 1 else f"/image/{i}")
        pixels = tensor[i] if tensor.dtype == np.uint8 else _scaled(tensor[i], bad_color)
        value = made.value.add(tag=name)
        value.image.height, value.image.width, value.image.colorspace = pixels.shape
        value.image.encoded_image_string = encode_png(pixels)
    return made.SerializeToString()


def _scaled(image: NDArray[Any], bad_color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    finite = np.isfinite(image).all(axis=2)
    kept = image[finite]
    # The factor is a float's, the product one of the image's type.
    low, high = np.float32(0), np.float32(0)
    if kept.size:
        low, high = np.float32(kept.min()), np.float32(kept.max())
    whole, offset = (127, 128) if low < 0 else (255, 0)
    top = max(abs(low), abs(high))
    scale = np.float32(0) if top < _ZERO_THRESHOLD else np.float32(whole) / top
    kind = image.dtype.type
    made = np.empty(image.shape, np.uint8)
    made[finite] = (kept * kind(scale) + kind(offset)).astype(np.uint8)
    made[~finite] = bad_color[: image.shape[2]]
    return made


def audio(tag: bytes, tensor: NDArray[Any], max_outputs: int, sample_rate: float) -> bytes:
    """The first clips of a batch [batch, frames] or [batch, frames, channels] in -1..1 as WAV."""
    clips = tensor[:, :, None] if tensor.ndim == 2 else tensor
    made = Summary()
    for i in range(min(max_outputs, clips.shape[0])):
        name = tag.decode() + ("/audio" if max_outputs == 1 else f"/audio/{i}")
        value = made.value.add(tag=name)
        value.audio.sample_rate = sample_rate
        value.audio.num_channels = clips.shape[2]
        value.audio.length_frames = clips.shape[1]
        value.audio.content_type = "audio/wav"
        value.audio.encoded_audio_string = encode_wav(clips[i], int(sample_rate))
    return made.SerializeToString()


def tensor(tag: bytes, array: NDArray[Any], dtype: int, metadata: bytes) -> bytes:
    """A tensor of any kind with serialized SummaryMetadata."""
    made = Summary()
    value = made.value.add(tag=tag.decode())
    value.metadata.SetInParent()
    value.metadata.MergeFromString(metadata)
    proto = to_tensor_proto(array, dtype)
    # The event protos are of another package with the same fields.
    value.tensor.MergeFromString(proto.SerializeToString())
    return made.SerializeToString()


def merged(summaries: Iterable[bytes]) -> bytes:
    """All values of several summaries; raises InvalidArgumentError where a tag comes twice."""
    made = Summary()
    seen = set()
    for one in summaries:
        try:
            part = Summary.FromString(one)
        except DecodeError:
            raise InvalidArgumentError(
                None, None, "Could not parse one of the summary inputs"
            ) from None
        for value in part.value:
            if value.tag in seen:
                raise InvalidArgumentError(
                    None, None, f"Duplicate tag {value.tag} found in summary inputs"
                )
            seen.add(value.tag)
            made.value.append(value)
    return made.SerializeToString()


def text_metadata() -> bytes:
    """The SummaryMetadata that makes TensorBoard show a tensor of strings as text."""
    made = SummaryMetadata()
    made.plugin_data.plugin_name = "text"
    return made.SerializeToString()


def described_metadata(description: str | None, display_name: str | None) -> bytes:
    """A SummaryMetadata with a description and a name for people."""
    made = SummaryMetadata()
    if display_name is not None:
        made.display_name = display_name
    if description is not None:
        made.summary_description = description
    return made.SerializeToString()
