"""The mel scale of pitch, and what speech recognition makes of it."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.cosine_transforms import dct
from tflite_edu.ops.framing import frame
from tflite_edu.ops.joining import split
from tflite_edu.ops.padding import pad
from tflite_edu.ops.ranges import lin_space
from tflite_edu.ops.reshaping import expand_dims, reshape
from tflite_edu.ops.shapes_of_tensors import shape


def _hertz_to_mel(hertz: Tensor) -> Tensor:
    with name_scope(None, "hertz_to_mel", [hertz]):
        return 1127.0 * raw.Log(1.0 + hertz / 700.0)


def _check(bins: Any, sample_rate: Any, lower: float, upper: float, dtype: Any) -> None:
    if bins <= 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {bins}")
    if lower < 0.0:
        raise ValueError(f"lower_edge_hertz must be non-negative. Got: {lower}")
    if lower >= upper:
        raise ValueError(f"lower_edge_hertz {lower:.1f} >= upper_edge_hertz {upper:.1f}")
    if not isinstance(sample_rate, Tensor):
        if sample_rate <= 0.0:
            raise ValueError(f"sample_rate must be positive. Got: {sample_rate}")
        if upper > sample_rate / 2:
            raise ValueError(
                "upper_edge_hertz must not be larger than the Nyquist frequency (sample_rate / 2). "
                f"Got: {upper} for sample_rate: {sample_rate}"
            )
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Got: {dtype}")


@export("signal.linear_to_mel_weight_matrix")
def linear_to_mel_weight_matrix(
    num_mel_bins: int = 20,
    num_spectrogram_bins: Any = 129,
    sample_rate: Any = 8000,
    lower_edge_hertz: float = 125.0,
    upper_edge_hertz: float = 3800.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Weights `[num_spectrogram_bins, num_mel_bins]` from spectra to the mel scale.

    Each column is a triangle; their edges and peaks lie evenly on the mel scale, from
    `lower_edge_hertz` to `upper_edge_hertz`. The bins of a spectrum go from 0 to half the
    `sample_rate` (Hz); the first one has no weight. Raises ValueError where the numbers do not fit.
    """
    dtype = dtypes.as_dtype(dtype)
    with name_scope(name, "linear_to_mel_weight_matrix") as scope:
        if isinstance(sample_rate, Tensor):
            known = constant_value(sample_rate)
            if known is not None:
                sample_rate = known.item()
        _check(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz, dtype)
        if isinstance(sample_rate, Tensor):
            sample_rate = cast(sample_rate, dtype, name="sample_rate")
        else:
            sample_rate = convert_to_tensor(sample_rate, dtype, name="sample_rate")
        lower = convert_to_tensor(lower_edge_hertz, dtype, name="lower_edge_hertz")
        upper = convert_to_tensor(upper_edge_hertz, dtype, name="upper_edge_hertz")
        zero = convert_to_tensor(0.0, dtype)
        frequencies = lin_space(zero, sample_rate / 2.0, num_spectrogram_bins)[1:]
        bins = expand_dims(_hertz_to_mel(frequencies), 1)
        points = lin_space(_hertz_to_mel(lower), _hertz_to_mel(upper), num_mel_bins + 2)
        edges = _triples(points)
        left, peak, right = (reshape(t, [1, num_mel_bins]) for t in split(edges, 3, axis=1))
        rising = (bins - left) / (peak - left)
        falling = (right - bins) / (right - peak)
        weights = raw.Maximum(zero, raw.Minimum(rising, falling))
        return pad(weights, [[1, 0], [0, 0]], name=scope)


def _triples(points: Tensor) -> Tensor:
    """Numbers `[n + 2]` as `[n, 3]`: each with the two that follow it."""
    return frame(points, frame_length=3, frame_step=1)


@export("signal.mfccs_from_log_mel_spectrograms")
def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any, name: str | None = None) -> Tensor:
    """Mel-frequency cepstral coefficients of logarithms of mel spectra, both `[..., bins]`.

    A cosine transform of type 2, scaled by `1 / sqrt(2 bins)` as the HTK book has it. Raises
    ValueError where there are no bins.
    """
    with name_scope(name, "mfccs_from_log_mel_spectrograms", [log_mel_spectrograms]):
        spectrograms = convert_to_tensor(log_mel_spectrograms)
        bins: Any = spectrograms._shape[-1] if spectrograms._shape else None
        if bins == 0:
            raise ValueError(f"num_mel_bins must be positive. Got: {spectrograms}")
        if bins is None:
            bins = shape(spectrograms)[-1]
        scale = dct(spectrograms, type=2)
        return scale * raw.Rsqrt(cast(bins, dtypes.float32) * 2.0)
