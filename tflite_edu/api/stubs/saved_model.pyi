# Written by api/generate.py.
from tflite_edu.api.stubs import saved_model_builder as builder
from tflite_edu.api.stubs import saved_model_constants as constants
from tflite_edu.api.stubs import saved_model_loader as loader
from tflite_edu.api.stubs import saved_model_main_op as main_op
from tflite_edu.api.stubs import saved_model_signature_constants as signature_constants
from tflite_edu.api.stubs import saved_model_signature_def_utils as signature_def_utils
from tflite_edu.api.stubs import saved_model_tag_constants as tag_constants
from tflite_edu.api.stubs import saved_model_utils as utils
from tflite_edu.saved_model.init_ops import main_op_with_restore as main_op_with_restore
from tflite_edu.saved_model.keys import ASSETS_DIRECTORY as ASSETS_DIRECTORY
from tflite_edu.saved_model.keys import ASSETS_KEY as ASSETS_KEY
from tflite_edu.saved_model.keys import CLASSIFY_INPUTS as CLASSIFY_INPUTS
from tflite_edu.saved_model.keys import CLASSIFY_METHOD_NAME as CLASSIFY_METHOD_NAME
from tflite_edu.saved_model.keys import CLASSIFY_OUTPUT_CLASSES as CLASSIFY_OUTPUT_CLASSES
from tflite_edu.saved_model.keys import CLASSIFY_OUTPUT_SCORES as CLASSIFY_OUTPUT_SCORES
from tflite_edu.saved_model.keys import DEFAULT_SERVING_SIGNATURE_DEF_KEY as DEFAULT_SERVING_SIGNATURE_DEF_KEY
from tflite_edu.saved_model.keys import GPU as GPU
from tflite_edu.saved_model.keys import LEGACY_INIT_OP_KEY as LEGACY_INIT_OP_KEY
from tflite_edu.saved_model.keys import MAIN_OP_KEY as MAIN_OP_KEY
from tflite_edu.saved_model.keys import PREDICT_INPUTS as PREDICT_INPUTS
from tflite_edu.saved_model.keys import PREDICT_METHOD_NAME as PREDICT_METHOD_NAME
from tflite_edu.saved_model.keys import PREDICT_OUTPUTS as PREDICT_OUTPUTS
from tflite_edu.saved_model.keys import REGRESS_INPUTS as REGRESS_INPUTS
from tflite_edu.saved_model.keys import REGRESS_METHOD_NAME as REGRESS_METHOD_NAME
from tflite_edu.saved_model.keys import REGRESS_OUTPUTS as REGRESS_OUTPUTS
from tflite_edu.saved_model.keys import SAVED_MODEL_FILENAME_PB as SAVED_MODEL_FILENAME_PB
from tflite_edu.saved_model.keys import SAVED_MODEL_FILENAME_PBTXT as SAVED_MODEL_FILENAME_PBTXT
from tflite_edu.saved_model.keys import SAVED_MODEL_SCHEMA_VERSION as SAVED_MODEL_SCHEMA_VERSION
from tflite_edu.saved_model.keys import SERVING as SERVING
from tflite_edu.saved_model.keys import TPU as TPU
from tflite_edu.saved_model.keys import TRAINING as TRAINING
from tflite_edu.saved_model.keys import VARIABLES_DIRECTORY as VARIABLES_DIRECTORY
from tflite_edu.saved_model.keys import VARIABLES_FILENAME as VARIABLES_FILENAME
from tflite_edu.saved_model.loading import load as load
from tflite_edu.saved_model.loading import maybe_saved_model_directory as contains_saved_model
from tflite_edu.saved_model.loading import maybe_saved_model_directory as maybe_saved_model_directory
from tflite_edu.saved_model.saving import SavedModelBuilder as Builder
from tflite_edu.saved_model.saving import simple_save as simple_save
from tflite_edu.saved_model.signatures import build_signature_def as build_signature_def
from tflite_edu.saved_model.signatures import build_tensor_info as build_tensor_info
from tflite_edu.saved_model.signatures import classification_signature_def as classification_signature_def
from tflite_edu.saved_model.signatures import get_tensor_from_tensor_info as get_tensor_from_tensor_info
from tflite_edu.saved_model.signatures import is_valid_signature as is_valid_signature
from tflite_edu.saved_model.signatures import predict_signature_def as predict_signature_def
from tflite_edu.saved_model.signatures import regression_signature_def as regression_signature_def

__all__ = [
    "ASSETS_DIRECTORY",
    "ASSETS_KEY",
    "Builder",
    "CLASSIFY_INPUTS",
    "CLASSIFY_METHOD_NAME",
    "CLASSIFY_OUTPUT_CLASSES",
    "CLASSIFY_OUTPUT_SCORES",
    "DEFAULT_SERVING_SIGNATURE_DEF_KEY",
    "GPU",
    "LEGACY_INIT_OP_KEY",
    "MAIN_OP_KEY",
    "PREDICT_INPUTS",
    "PREDICT_METHOD_NAME",
    "PREDICT_OUTPUTS",
    "REGRESS_INPUTS",
    "REGRESS_METHOD_NAME",
    "REGRESS_OUTPUTS",
    "SAVED_MODEL_FILENAME_PB",
    "SAVED_MODEL_FILENAME_PBTXT",
    "SAVED_MODEL_SCHEMA_VERSION",
    "SERVING",
    "TPU",
    "TRAINING",
    "VARIABLES_DIRECTORY",
    "VARIABLES_FILENAME",
    "build_signature_def",
    "build_tensor_info",
    "builder",
    "classification_signature_def",
    "constants",
    "contains_saved_model",
    "get_tensor_from_tensor_info",
    "is_valid_signature",
    "load",
    "loader",
    "main_op",
    "main_op_with_restore",
    "maybe_saved_model_directory",
    "predict_signature_def",
    "regression_signature_def",
    "signature_constants",
    "signature_def_utils",
    "simple_save",
    "tag_constants",
    "utils",
]
