"""TensorFlow 1.15's graph mode: define a graph, let it grow its gradients, run it in a session."""

from __future__ import annotations

import sys

from tflite_edu.api.namespaces import install

install(sys.modules[__name__])
