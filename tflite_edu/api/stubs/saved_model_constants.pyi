# Written by api/generate.py.
from tflite_edu.saved_model.keys import ASSETS_DIRECTORY as ASSETS_DIRECTORY
from tflite_edu.saved_model.keys import ASSETS_KEY as ASSETS_KEY
from tflite_edu.saved_model.keys import LEGACY_INIT_OP_KEY as LEGACY_INIT_OP_KEY
from tflite_edu.saved_model.keys import MAIN_OP_KEY as MAIN_OP_KEY
from tflite_edu.saved_model.keys import SAVED_MODEL_FILENAME_PB as SAVED_MODEL_FILENAME_PB
from tflite_edu.saved_model.keys import SAVED_MODEL_FILENAME_PBTXT as SAVED_MODEL_FILENAME_PBTXT
from tflite_edu.saved_model.keys import SAVED_MODEL_SCHEMA_VERSION as SAVED_MODEL_SCHEMA_VERSION
from tflite_edu.saved_model.keys import VARIABLES_DIRECTORY as VARIABLES_DIRECTORY
from tflite_edu.saved_model.keys import VARIABLES_FILENAME as VARIABLES_FILENAME

__all__ = [
    "ASSETS_DIRECTORY",
    "ASSETS_KEY",
    "LEGACY_INIT_OP_KEY",
    "MAIN_OP_KEY",
    "SAVED_MODEL_FILENAME_PB",
    "SAVED_MODEL_FILENAME_PBTXT",
    "SAVED_MODEL_SCHEMA_VERSION",
    "VARIABLES_DIRECTORY",
    "VARIABLES_FILENAME",
]
