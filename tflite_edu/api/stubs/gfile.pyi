# Written by api/generate.py.
from tflite_edu.platform.file_io import FastGFile as FastGFile
from tflite_edu.platform.file_io import GFile as GFile
from tflite_edu.platform.file_io import GFile as Open
from tflite_edu.platform.file_system import Copy as Copy
from tflite_edu.platform.file_system import DeleteRecursively as DeleteRecursively
from tflite_edu.platform.file_system import Exists as Exists
from tflite_edu.platform.file_system import Glob as Glob
from tflite_edu.platform.file_system import IsDirectory as IsDirectory
from tflite_edu.platform.file_system import ListDirectory as ListDirectory
from tflite_edu.platform.file_system import MakeDirs as MakeDirs
from tflite_edu.platform.file_system import MkDir as MkDir
from tflite_edu.platform.file_system import Remove as Remove
from tflite_edu.platform.file_system import Rename as Rename
from tflite_edu.platform.file_system import Stat as Stat
from tflite_edu.platform.file_system import Walk as Walk

__all__ = [
    "Copy",
    "DeleteRecursively",
    "Exists",
    "FastGFile",
    "GFile",
    "Glob",
    "IsDirectory",
    "ListDirectory",
    "MakeDirs",
    "MkDir",
    "Open",
    "Remove",
    "Rename",
    "Stat",
    "Walk",
]
