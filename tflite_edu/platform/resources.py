"""`tf.resource_loader`: files that lie beside a script."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.platform.text import path_text

_PACKAGE = Path(__file__).resolve().parent.parent


@export("resource_loader.get_data_files_path")
def get_data_files_path() -> str:
    """The folder of the script that calls this."""
    return os.path.dirname(sys._getframe(1).f_code.co_filename)


@export("resource_loader.get_path_to_datafile")
def get_path_to_datafile(path: Any) -> str:
    """The path of a file named from the folder of the script that calls this."""
    folder = os.path.dirname(sys._getframe(1).f_code.co_filename)
    return os.path.join(folder, path_text(path))


@export("resource_loader.get_root_dir_with_all_resources")
def get_root_dir_with_all_resources() -> str:
    """The folder of this package's platform modules, as TensorFlow gives that of its own."""
    return os.path.dirname(os.path.abspath(__file__))


@export("resource_loader.load_resource")
def load_resource(path: Any) -> bytes:
    """The content of a file named from the folder of the package.

    Raises:
      FileNotFoundError: there is none.
    """
    return (_PACKAGE / path_text(path)).read_bytes()


@export("resource_loader.readahead_file_path")
def readahead_file_path(path: Any, readahead: str = "128M") -> Any:
    """The path as it is: no file system here has a notion of reading ahead."""
    return path
