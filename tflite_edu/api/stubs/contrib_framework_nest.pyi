# Written by api/generate.py.
from tflite_edu.core.nest import assert_same_structure as assert_same_structure
from tflite_edu.core.nest import flatten as flatten
from tflite_edu.core.nest import is_sequence as is_sequence
from tflite_edu.core.nest import map_structure as map_structure
from tflite_edu.core.nest import pack_sequence_as as pack_sequence_as

__all__ = [
    "assert_same_structure",
    "flatten",
    "is_sequence",
    "map_structure",
    "pack_sequence_as",
]
