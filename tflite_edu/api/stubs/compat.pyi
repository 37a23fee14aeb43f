# Written by api/generate.py.
from tflite_edu.core.dimension import dimension_value as dimension_value
from tflite_edu.core.shapes import dimension_at_index as dimension_at_index

__all__ = [
    "dimension_at_index",
    "dimension_value",
]
