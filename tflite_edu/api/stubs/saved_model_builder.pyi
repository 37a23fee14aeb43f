# Written by api/generate.py.
from tflite_edu.saved_model.saving import SavedModelBuilder as SavedModelBuilder

__all__ = [
    "SavedModelBuilder",
]
