"""`tf.compat.v1`, which is `tf` itself, and TensorFlow's own module names."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

EXPORTS = {"compat.v1": "v1"}

if TYPE_CHECKING:
    import tflite_edu as v1
else:
    v1 = sys.modules["tflite_edu"]

# For `import tflite_edu.compat.v1 as tf`.
sys.modules[f"{__name__}.v1"] = v1
