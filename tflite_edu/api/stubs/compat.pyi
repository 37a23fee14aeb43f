# Written by api/generate.py.
from tflite_edu.compat import v1 as v1
from tflite_edu.core.dimension import dimension_value as dimension_value
from tflite_edu.core.shapes import dimension_at_index as dimension_at_index
from tflite_edu.platform.forward_compatibility import forward_compatibility_horizon as forward_compatibility_horizon
from tflite_edu.platform.forward_compatibility import forward_compatible as forward_compatible
from tflite_edu.platform.text import as_bytes as as_bytes
from tflite_edu.platform.text import as_str_any as as_str_any
from tflite_edu.platform.text import as_text as as_str
from tflite_edu.platform.text import as_text as as_text
from tflite_edu.platform.text import bytes_or_text_types as bytes_or_text_types
from tflite_edu.platform.text import complex_types as complex_types
from tflite_edu.platform.text import integral_types as integral_types
from tflite_edu.platform.text import path_to_str as path_to_str
from tflite_edu.platform.text import real_types as real_types

__all__ = [
    "as_bytes",
    "as_str",
    "as_str_any",
    "as_text",
    "bytes_or_text_types",
    "complex_types",
    "dimension_at_index",
    "dimension_value",
    "forward_compatibility_horizon",
    "forward_compatible",
    "integral_types",
    "path_to_str",
    "real_types",
    "v1",
]
