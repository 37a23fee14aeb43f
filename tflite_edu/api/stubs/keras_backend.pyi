# Written by api/generate.py.
from tflite_edu.core.scopes import name_scope as name_scope
from tflite_edu.layers.learning_phase import learning_phase as learning_phase

__all__ = [
    "learning_phase",
    "name_scope",
]
