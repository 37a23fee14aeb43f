# Written by api/generate.py.
from tflite_edu.io.meta_graph import export_meta_graph as export_meta_graph
from tflite_edu.io.meta_graph import write_graph as write_graph
from tflite_edu.summary.file_writer import summary_iterator as summary_iterator
from tflite_edu.train.adagrad import AdagradOptimizer as AdagradOptimizer
from tflite_edu.train.adam import AdamOptimizer as AdamOptimizer
from tflite_edu.train.checkpoint_files import CheckpointReader as NewCheckpointReader
from tflite_edu.train.checkpoint_files import checkpoint_exists as checkpoint_exists
from tflite_edu.train.checkpoint_files import generate_checkpoint_state_proto as generate_checkpoint_state_proto
from tflite_edu.train.checkpoint_files import get_checkpoint_mtimes as get_checkpoint_mtimes
from tflite_edu.train.checkpoint_files import get_checkpoint_state as get_checkpoint_state
from tflite_edu.train.checkpoint_files import latest_checkpoint as latest_checkpoint
from tflite_edu.train.checkpoint_files import list_variables as list_variables
from tflite_edu.train.checkpoint_files import load_checkpoint as load_checkpoint
from tflite_edu.train.checkpoint_files import load_variable as load_variable
from tflite_edu.train.checkpoint_files import remove_checkpoint as remove_checkpoint
from tflite_edu.train.checkpoint_files import update_checkpoint_state as update_checkpoint_state
from tflite_edu.train.gradient_descent import GradientDescentOptimizer as GradientDescentOptimizer
from tflite_edu.train.learning_rate_decay import cosine_decay as cosine_decay
from tflite_edu.train.learning_rate_decay import exponential_decay as exponential_decay
from tflite_edu.train.learning_rate_decay import inverse_time_decay as inverse_time_decay
from tflite_edu.train.learning_rate_decay import linear_cosine_decay as linear_cosine_decay
from tflite_edu.train.learning_rate_decay import natural_exp_decay as natural_exp_decay
from tflite_edu.train.learning_rate_decay import noisy_linear_cosine_decay as noisy_linear_cosine_decay
from tflite_edu.train.learning_rate_decay import polynomial_decay as polynomial_decay
from tflite_edu.train.meta_graph import import_meta_graph as import_meta_graph
from tflite_edu.train.momentum import MomentumOptimizer as MomentumOptimizer
from tflite_edu.train.optimizer import Optimizer as Optimizer
from tflite_edu.train.rmsprop import RMSPropOptimizer as RMSPropOptimizer
from tflite_edu.train.saver import Saver as Saver
from tflite_edu.train.saver import SaverDef as SaverDef
from tflite_edu.train.step_counter import assert_global_step as assert_global_step
from tflite_edu.train.step_counter import create_global_step as create_global_step
from tflite_edu.train.step_counter import get_global_step as get_global_step
from tflite_edu.train.step_counter import get_or_create_global_step as get_or_create_global_step
from tflite_edu.train.step_counter import global_step as global_step

__all__ = [
    "AdagradOptimizer",
    "AdamOptimizer",
    "GradientDescentOptimizer",
    "MomentumOptimizer",
    "NewCheckpointReader",
    "Optimizer",
    "RMSPropOptimizer",
    "Saver",
    "SaverDef",
    "assert_global_step",
    "checkpoint_exists",
    "cosine_decay",
    "create_global_step",
    "exponential_decay",
    "export_meta_graph",
    "generate_checkpoint_state_proto",
    "get_checkpoint_mtimes",
    "get_checkpoint_state",
    "get_global_step",
    "get_or_create_global_step",
    "global_step",
    "import_meta_graph",
    "inverse_time_decay",
    "latest_checkpoint",
    "linear_cosine_decay",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "natural_exp_decay",
    "noisy_linear_cosine_decay",
    "polynomial_decay",
    "remove_checkpoint",
    "summary_iterator",
    "update_checkpoint_state",
    "write_graph",
]
