# Written by api/generate.py.
from tflite_edu.saved_model.init_ops import main_op as main_op
from tflite_edu.saved_model.init_ops import main_op_with_restore as main_op_with_restore

__all__ = [
    "main_op",
    "main_op_with_restore",
]
