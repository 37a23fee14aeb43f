# Written by api/generate.py.
from tflite_edu.io.freezing import convert_variables_to_constants as convert_variables_to_constants
from tflite_edu.io.freezing import extract_sub_graph as extract_sub_graph
from tflite_edu.io.freezing import must_run_on_cpu as must_run_on_cpu
from tflite_edu.io.freezing import remove_training_nodes as remove_training_nodes
from tflite_edu.io.freezing import tensor_shape_from_node_def_name as tensor_shape_from_node_def_name
from tflite_edu.io.importer import import_graph_def as import_graph_def

__all__ = [
    "convert_variables_to_constants",
    "extract_sub_graph",
    "import_graph_def",
    "must_run_on_cpu",
    "remove_training_nodes",
    "tensor_shape_from_node_def_name",
]
