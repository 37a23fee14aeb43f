# Written by api/generate.py.
from tflite_edu.platform.file_io import GFile as GFile
from tflite_edu.platform.file_system import copy as copy
from tflite_edu.platform.file_system import exists as exists
from tflite_edu.platform.file_system import glob as glob
from tflite_edu.platform.file_system import isdir as isdir
from tflite_edu.platform.file_system import listdir as listdir
from tflite_edu.platform.file_system import makedirs as makedirs
from tflite_edu.platform.file_system import mkdir as mkdir
from tflite_edu.platform.file_system import remove as remove
from tflite_edu.platform.file_system import rename as rename
from tflite_edu.platform.file_system import rmtree as rmtree
from tflite_edu.platform.file_system import stat as stat
from tflite_edu.platform.file_system import walk as walk

__all__ = [
    "GFile",
    "copy",
    "exists",
    "glob",
    "isdir",
    "listdir",
    "makedirs",
    "mkdir",
    "remove",
    "rename",
    "rmtree",
    "stat",
    "walk",
]
