"""What a test finds around it: a folder for files, devices, and the runner."""

from __future__ import annotations

import functools
import os
import tempfile
import unittest
from collections.abc import Sequence

from tflite_edu.core.export import export
from tflite_edu.platform import app


@functools.cache
def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


@export("test.get_temp_dir")
def get_temp_dir() -> str:
    """A folder of this process; it goes when the process ends."""
    return _temporary_folder().name


@export("test.test_src_dir_path")
def test_src_dir_path(relative_path: str) -> str:
    """The path of a file of TensorFlow's sources, under the folder that $TEST_SRCDIR names.

    Raises:
      KeyError: TEST_SRCDIR is not set.
    """
    return os.path.join(os.environ["TEST_SRCDIR"], "org_tensorflow/tensorflow", relative_path)


@export("test.is_gpu_available")
def is_gpu_available(
    cuda_only: bool = False, min_cuda_compute_capability: tuple[int, int] | None = None
) -> bool:
    """Whether operations can run on a GPU: False, they run in numpy."""
    return False


@export("test.gpu_device_name")
def gpu_device_name() -> str:
    """The name of the first GPU, or the empty string: there is none."""
    return ""


@export("test.is_built_with_cuda")
def is_built_with_cuda() -> bool:
    """Whether this was built for CUDA: False."""
    return False


@export("test.is_built_with_rocm")
def is_built_with_rocm() -> bool:
    """Whether this was built for ROCm: False."""
    return False


@export("test.is_built_with_gpu_support")
def is_built_with_gpu_support() -> bool:
    """Whether this was built for CUDA or ROCm: False."""
    return False


@export("test.main")
def main(argv: Sequence[str] | None = None) -> None:
    """Parses the flags and runs all tests of the script; ends the process with 0 if they pass."""
    app.run(main=lambda rest: unittest.main(module="__main__", argv=rest), argv=argv)
