# Written by api/generate.py.
from tflite_edu.api.stubs import contrib_framework_nest as nest
from tflite_edu.ops.sorting import argsort as argsort
from tflite_edu.ops.sorting import sort as sort

__all__ = [
    "argsort",
    "nest",
    "sort",
]
