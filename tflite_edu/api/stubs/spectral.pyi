# Written by api/generate.py.
from tflite_edu.ops.cosine_transforms import dct as dct
from tflite_edu.ops.cosine_transforms import idct as idct
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

__all__ = [
    "dct",
    "fft",
    "fft2d",
    "fft3d",
    "idct",
    "ifft",
    "ifft2d",
    "ifft3d",
    "irfft",
    "irfft2d",
    "irfft3d",
    "rfft",
    "rfft2d",
    "rfft3d",
]
