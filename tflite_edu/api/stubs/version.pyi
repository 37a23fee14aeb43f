# Written by api/generate.py.
from tflite_edu.platform.versions import COMPILER_VERSION as COMPILER_VERSION
from tflite_edu.platform.versions import GIT_VERSION as GIT_VERSION
from tflite_edu.platform.versions import GRAPH_DEF_VERSION as GRAPH_DEF_VERSION
from tflite_edu.platform.versions import GRAPH_DEF_VERSION_MIN_CONSUMER as GRAPH_DEF_VERSION_MIN_CONSUMER
from tflite_edu.platform.versions import GRAPH_DEF_VERSION_MIN_PRODUCER as GRAPH_DEF_VERSION_MIN_PRODUCER
from tflite_edu.platform.versions import VERSION as VERSION

__all__ = [
    "COMPILER_VERSION",
    "GIT_VERSION",
    "GRAPH_DEF_VERSION",
    "GRAPH_DEF_VERSION_MIN_CONSUMER",
    "GRAPH_DEF_VERSION_MIN_PRODUCER",
    "VERSION",
]
