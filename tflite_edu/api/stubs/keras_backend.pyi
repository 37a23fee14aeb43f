# Written by api/generate.py.
from tflite_edu.core.scopes import name_scope as name_scope

__all__ = [
    "name_scope",
]
