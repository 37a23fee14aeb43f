# Written by api/generate.py.
from tflite_edu.contrib.named_outputs import append_tensor_alias as append_tensor_alias
from tflite_edu.contrib.named_outputs import channel_dimension as channel_dimension
from tflite_edu.contrib.named_outputs import collect_named_outputs as collect_named_outputs
from tflite_edu.contrib.named_outputs import convert_collection_to_dict as convert_collection_to_dict
from tflite_edu.contrib.named_outputs import gather_tensors_aliases as gather_tensors_aliases
from tflite_edu.contrib.named_outputs import get_tensor_aliases as get_tensor_aliases
from tflite_edu.contrib.named_outputs import get_variable_collections as get_variable_collections
from tflite_edu.contrib.named_outputs import last_dimension as last_dimension
from tflite_edu.contrib.named_outputs import n_positive_integers as n_positive_integers
from tflite_edu.contrib.named_outputs import two_element_tuple as two_element_tuple

__all__ = [
    "append_tensor_alias",
    "channel_dimension",
    "collect_named_outputs",
    "convert_collection_to_dict",
    "gather_tensors_aliases",
    "get_tensor_aliases",
    "get_variable_collections",
    "last_dimension",
    "n_positive_integers",
    "two_element_tuple",
]
