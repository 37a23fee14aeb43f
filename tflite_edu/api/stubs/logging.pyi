# Written by api/generate.py.
from tflite_edu.platform.logging import DEBUG as DEBUG
from tflite_edu.platform.logging import ERROR as ERROR
from tflite_edu.platform.logging import FATAL as FATAL
from tflite_edu.platform.logging import INFO as INFO
from tflite_edu.platform.logging import WARN as WARN
from tflite_edu.platform.logging import debug as debug
from tflite_edu.platform.logging import error as error
from tflite_edu.platform.logging import fatal as fatal
from tflite_edu.platform.logging import flush as flush
from tflite_edu.platform.logging import get_verbosity as get_verbosity
from tflite_edu.platform.logging import info as info
from tflite_edu.platform.logging import log as log
from tflite_edu.platform.logging import log_every_n as log_every_n
from tflite_edu.platform.logging import log_first_n as log_first_n
from tflite_edu.platform.logging import log_if as log_if
from tflite_edu.platform.logging import set_verbosity as set_verbosity
from tflite_edu.platform.logging import task_level_status_message as TaskLevelStatusMessage
from tflite_edu.platform.logging import vlog as vlog
from tflite_edu.platform.logging import warning as warn
from tflite_edu.platform.logging import warning as warning

__all__ = [
    "DEBUG",
    "ERROR",
    "FATAL",
    "INFO",
    "TaskLevelStatusMessage",
    "WARN",
    "debug",
    "error",
    "fatal",
    "flush",
    "get_verbosity",
    "info",
    "log",
    "log_every_n",
    "log_first_n",
    "log_if",
    "set_verbosity",
    "vlog",
    "warn",
    "warning",
]
