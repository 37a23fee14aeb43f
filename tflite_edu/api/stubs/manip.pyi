# Written by api/generate.py.
from tflite_edu.ops.gathering import gather_nd as gather_nd
from tflite_edu.ops.gathering import scatter_nd as scatter_nd
from tflite_edu.ops.reshaping import reshape as reshape
from tflite_edu.ops.reversing import reverse as reverse
from tflite_edu.ops.reversing import roll as roll
from tflite_edu.ops.space_and_batch import batch_to_space_nd as batch_to_space_nd
from tflite_edu.ops.space_and_batch import space_to_batch_nd as space_to_batch_nd
from tflite_edu.ops.tiling import tile as tile

__all__ = [
    "batch_to_space_nd",
    "gather_nd",
    "reshape",
    "reverse",
    "roll",
    "scatter_nd",
    "space_to_batch_nd",
    "tile",
]
