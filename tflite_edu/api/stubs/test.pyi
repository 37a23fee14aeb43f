# Written by api/generate.py.
from tflite_edu.testing.case import TestCase as TestCase
from tflite_edu.testing.environment import get_temp_dir as get_temp_dir
from tflite_edu.testing.environment import gpu_device_name as gpu_device_name
from tflite_edu.testing.environment import is_built_with_cuda as is_built_with_cuda
from tflite_edu.testing.environment import is_built_with_gpu_support as is_built_with_gpu_support
from tflite_edu.testing.environment import is_built_with_rocm as is_built_with_rocm
from tflite_edu.testing.environment import is_gpu_available as is_gpu_available
from tflite_edu.testing.environment import main as main
from tflite_edu.testing.environment import test_src_dir_path as test_src_dir_path
from tflite_edu.testing.gradient_checker import compute_gradient as compute_gradient
from tflite_edu.testing.gradient_checker import compute_gradient_error as compute_gradient_error

__all__ = [
    "TestCase",
    "compute_gradient",
    "compute_gradient_error",
    "get_temp_dir",
    "gpu_device_name",
    "is_built_with_cuda",
    "is_built_with_gpu_support",
    "is_built_with_rocm",
    "is_gpu_available",
    "main",
    "test_src_dir_path",
]
