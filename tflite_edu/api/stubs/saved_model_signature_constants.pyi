# Written by api/generate.py.
from tflite_edu.saved_model.keys import CLASSIFY_INPUTS as CLASSIFY_INPUTS
from tflite_edu.saved_model.keys import CLASSIFY_METHOD_NAME as CLASSIFY_METHOD_NAME
from tflite_edu.saved_model.keys import CLASSIFY_OUTPUT_CLASSES as CLASSIFY_OUTPUT_CLASSES
from tflite_edu.saved_model.keys import CLASSIFY_OUTPUT_SCORES as CLASSIFY_OUTPUT_SCORES
from tflite_edu.saved_model.keys import DEFAULT_SERVING_SIGNATURE_DEF_KEY as DEFAULT_SERVING_SIGNATURE_DEF_KEY
from tflite_edu.saved_model.keys import PREDICT_INPUTS as PREDICT_INPUTS
from tflite_edu.saved_model.keys import PREDICT_METHOD_NAME as PREDICT_METHOD_NAME
from tflite_edu.saved_model.keys import PREDICT_OUTPUTS as PREDICT_OUTPUTS
from tflite_edu.saved_model.keys import REGRESS_INPUTS as REGRESS_INPUTS
from tflite_edu.saved_model.keys import REGRESS_METHOD_NAME as REGRESS_METHOD_NAME
from tflite_edu.saved_model.keys import REGRESS_OUTPUTS as REGRESS_OUTPUTS

__all__ = [
    "CLASSIFY_INPUTS",
    "CLASSIFY_METHOD_NAME",
    "CLASSIFY_OUTPUT_CLASSES",
    "CLASSIFY_OUTPUT_SCORES",
    "DEFAULT_SERVING_SIGNATURE_DEF_KEY",
    "PREDICT_INPUTS",
    "PREDICT_METHOD_NAME",
    "PREDICT_OUTPUTS",
    "REGRESS_INPUTS",
    "REGRESS_METHOD_NAME",
    "REGRESS_OUTPUTS",
]
