# Written by api/generate.py.
from tflite_edu.io.meta_graph import write_graph as write_graph

__all__ = [
    "write_graph",
]
