"""`tf.version`: which TensorFlow this is like."""

from __future__ import annotations

import platform

# The release whose graphs, numbers and files are reproduced here: scripts compare it with the
# releases they know. The version of tflite_edu itself is in its package's metadata.
VERSION = "1.15.5"
# No commit of TensorFlow's is running; its own builds outside git say the same.
GIT_VERSION = "unknown"
COMPILER_VERSION = platform.python_compiler()
GRAPH_DEF_VERSION = 134
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0

EXPORTS = {
    "VERSION": "VERSION",
    "__version__": "VERSION",
    "version.VERSION": "VERSION",
    "GIT_VERSION": "GIT_VERSION",
    "__git_version__": "GIT_VERSION",
    "version.GIT_VERSION": "GIT_VERSION",
    "COMPILER_VERSION": "COMPILER_VERSION",
    "__compiler_version__": "COMPILER_VERSION",
    "version.COMPILER_VERSION": "COMPILER_VERSION",
    "version.GRAPH_DEF_VERSION": "GRAPH_DEF_VERSION",
    "version.GRAPH_DEF_VERSION_MIN_CONSUMER": "GRAPH_DEF_VERSION_MIN_CONSUMER",
    "version.GRAPH_DEF_VERSION_MIN_PRODUCER": "GRAPH_DEF_VERSION_MIN_PRODUCER",
}
