# Written by api/generate.py.
from tflite_edu.ops.cosine_transforms import dct as dct
from tflite_edu.ops.cosine_transforms import fftshift as fftshift
from tflite_edu.ops.cosine_transforms import idct as idct
from tflite_edu.ops.cosine_transforms import ifftshift as ifftshift
from tflite_edu.ops.fourier import fft as fft
from tflite_edu.ops.fourier import fft2d as fft2d
from tflite_edu.ops.fourier import fft3d as fft3d
from tflite_edu.ops.fourier import ifft as ifft
from tflite_edu.ops.fourier import ifft2d as ifft2d
from tflite_edu.ops.fourier import ifft3d as ifft3d
from tflite_edu.ops.fourier import irfft as irfft
from tflite_edu.ops.fourier import irfft2d as irfft2d
from tflite_edu.ops.fourier import irfft3d as irfft3d
from tflite_edu.ops.fourier import rfft as rfft
from tflite_edu.ops.fourier import rfft2d as rfft2d
from tflite_edu.ops.fourier import rfft3d as rfft3d
from tflite_edu.ops.framing import frame as frame
from tflite_edu.ops.framing import overlap_and_add as overlap_and_add
from tflite_edu.ops.mel import linear_to_mel_weight_matrix as linear_to_mel_weight_matrix
from tflite_edu.ops.mel import mfccs_from_log_mel_spectrograms as mfccs_from_log_mel_spectrograms
from tflite_edu.ops.short_time_fourier import inverse_stft as inverse_stft
from tflite_edu.ops.short_time_fourier import inverse_stft_window_fn as inverse_stft_window_fn
from tflite_edu.ops.short_time_fourier import stft as stft
from tflite_edu.ops.window_functions import hamming_window as hamming_window
from tflite_edu.ops.window_functions import hann_window as hann_window

__all__ = [
    "dct",
    "fft",
    "fft2d",
    "fft3d",
    "fftshift",
    "frame",
    "hamming_window",
    "hann_window",
    "idct",
    "ifft",
    "ifft2d",
    "ifft3d",
    "ifftshift",
    "inverse_stft",
    "inverse_stft_window_fn",
    "irfft",
    "irfft2d",
    "irfft3d",
    "linear_to_mel_weight_matrix",
    "mfccs_from_log_mel_spectrograms",
    "overlap_and_add",
    "rfft",
    "rfft2d",
    "rfft3d",
    "stft",
]
