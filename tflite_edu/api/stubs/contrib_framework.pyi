# Written by api/generate.py.
from tflite_edu.api.stubs import contrib_framework_nest as nest
from tflite_edu.contrib.argument_scopes import add_arg_scope as add_arg_scope
from tflite_edu.contrib.argument_scopes import arg_scope as arg_scope
from tflite_edu.contrib.argument_scopes import arg_scoped_arguments as arg_scoped_arguments
from tflite_edu.contrib.argument_scopes import current_arg_scope as current_arg_scope
from tflite_edu.contrib.argument_scopes import has_arg_scope as has_arg_scope
from tflite_edu.contrib.checkpoint_assignment import assign_from_checkpoint as assign_from_checkpoint
from tflite_edu.contrib.checkpoint_assignment import assign_from_checkpoint_fn as assign_from_checkpoint_fn
from tflite_edu.contrib.checkpoint_assignment import assign_from_values as assign_from_values
from tflite_edu.contrib.checkpoint_assignment import assign_from_values_fn as assign_from_values_fn
from tflite_edu.contrib.checkpoint_assignment import list_variables as list_variables
from tflite_edu.contrib.checkpoint_assignment import load_checkpoint as load_checkpoint
from tflite_edu.contrib.checkpoint_assignment import load_variable as load_variable
from tflite_edu.contrib.model_variables import add_model_variable as add_model_variable
from tflite_edu.contrib.model_variables import assert_global_step as assert_global_step
from tflite_edu.contrib.model_variables import create_global_step as create_global_step
from tflite_edu.contrib.model_variables import filter_variables as filter_variables
from tflite_edu.contrib.model_variables import get_global_step as get_global_step
from tflite_edu.contrib.model_variables import get_local_variables as get_local_variables
from tflite_edu.contrib.model_variables import get_model_variables as get_model_variables
from tflite_edu.contrib.model_variables import get_name_scope as get_name_scope
from tflite_edu.contrib.model_variables import get_or_create_global_step as get_or_create_global_step
from tflite_edu.contrib.model_variables import get_trainable_variables as get_trainable_variables
from tflite_edu.contrib.model_variables import get_unique_variable as get_unique_variable
from tflite_edu.contrib.model_variables import get_variable_full_name as get_variable_full_name
from tflite_edu.contrib.model_variables import get_variables as get_variables
from tflite_edu.contrib.model_variables import get_variables_by_name as get_variables_by_name
from tflite_edu.contrib.model_variables import get_variables_by_suffix as get_variables_by_suffix
from tflite_edu.contrib.model_variables import get_variables_to_restore as get_variables_to_restore
from tflite_edu.contrib.model_variables import global_variable as global_variable
from tflite_edu.contrib.model_variables import local_variable as local_variable
from tflite_edu.contrib.model_variables import model_variable as model_variable
from tflite_edu.contrib.model_variables import variable as variable
from tflite_edu.ops.sorting import argsort as argsort
from tflite_edu.ops.sorting import sort as sort

__all__ = [
    "add_arg_scope",
    "add_model_variable",
    "arg_scope",
    "arg_scoped_arguments",
    "argsort",
    "assert_global_step",
    "assign_from_checkpoint",
    "assign_from_checkpoint_fn",
    "assign_from_values",
    "assign_from_values_fn",
    "create_global_step",
    "current_arg_scope",
    "filter_variables",
    "get_global_step",
    "get_local_variables",
    "get_model_variables",
    "get_name_scope",
    "get_or_create_global_step",
    "get_trainable_variables",
    "get_unique_variable",
    "get_variable_full_name",
    "get_variables",
    "get_variables_by_name",
    "get_variables_by_suffix",
    "get_variables_to_restore",
    "global_variable",
    "has_arg_scope",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "local_variable",
    "model_variable",
    "nest",
    "sort",
    "variable",
]
