# Written by api/generate.py.
from tflite_edu.formats.example import BytesList as BytesList
from tflite_edu.formats.example import Example as Example
from tflite_edu.formats.example import Feature as Feature
from tflite_edu.formats.example import FeatureList as FeatureList
from tflite_edu.formats.example import FeatureLists as FeatureLists
from tflite_edu.formats.example import Features as Features
from tflite_edu.formats.example import FloatList as FloatList
from tflite_edu.formats.example import Int64List as Int64List
from tflite_edu.formats.example import SequenceExample as SequenceExample
from tflite_edu.io.meta_graph import export_meta_graph as export_meta_graph
from tflite_edu.io.meta_graph import write_graph as write_graph
from tflite_edu.io.protos import ClusterDef as ClusterDef
from tflite_edu.io.protos import JobDef as JobDef
from tflite_edu.io.protos import ServerDef as ServerDef
from tflite_edu.summary.file_writer import summary_iterator as summary_iterator
from tflite_edu.train.adadelta import AdadeltaOptimizer as AdadeltaOptimizer
from tflite_edu.train.adagrad import AdagradOptimizer as AdagradOptimizer
from tflite_edu.train.adagrad_da import AdagradDAOptimizer as AdagradDAOptimizer
from tflite_edu.train.adam import AdamOptimizer as AdamOptimizer
from tflite_edu.train.checkpoint_files import CheckpointReader as NewCheckpointReader
from tflite_edu.train.checkpoint_files import checkpoint_exists as checkpoint_exists
from tflite_edu.train.checkpoint_files import checkpoints_iterator as checkpoints_iterator
from tflite_edu.train.checkpoint_files import generate_checkpoint_state_proto as generate_checkpoint_state_proto
from tflite_edu.train.checkpoint_files import get_checkpoint_mtimes as get_checkpoint_mtimes
from tflite_edu.train.checkpoint_files import get_checkpoint_state as get_checkpoint_state
from tflite_edu.train.checkpoint_files import latest_checkpoint as latest_checkpoint
from tflite_edu.train.checkpoint_files import list_variables as list_variables
from tflite_edu.train.checkpoint_files import load_checkpoint as load_checkpoint
from tflite_edu.train.checkpoint_files import load_variable as load_variable
from tflite_edu.train.checkpoint_files import remove_checkpoint as remove_checkpoint
from tflite_edu.train.checkpoint_files import update_checkpoint_state as update_checkpoint_state
from tflite_edu.train.checkpoint_initialization import init_from_checkpoint as init_from_checkpoint
from tflite_edu.train.checkpoint_initialization import warm_start as warm_start
from tflite_edu.train.ftrl import FtrlOptimizer as FtrlOptimizer
from tflite_edu.train.gradient_descent import GradientDescentOptimizer as GradientDescentOptimizer
from tflite_edu.train.kept_checkpoints import CheckpointManager as CheckpointManager
from tflite_edu.train.learning_rate_decay import cosine_decay as cosine_decay
from tflite_edu.train.learning_rate_decay import exponential_decay as exponential_decay
from tflite_edu.train.learning_rate_decay import inverse_time_decay as inverse_time_decay
from tflite_edu.train.learning_rate_decay import linear_cosine_decay as linear_cosine_decay
from tflite_edu.train.learning_rate_decay import natural_exp_decay as natural_exp_decay
from tflite_edu.train.learning_rate_decay import noisy_linear_cosine_decay as noisy_linear_cosine_decay
from tflite_edu.train.learning_rate_decay import polynomial_decay as polynomial_decay
from tflite_edu.train.learning_rate_steps import cosine_decay_restarts as cosine_decay_restarts
from tflite_edu.train.learning_rate_steps import piecewise_constant_decay as piecewise_constant
from tflite_edu.train.learning_rate_steps import piecewise_constant_decay as piecewise_constant_decay
from tflite_edu.train.meta_graph import import_meta_graph as import_meta_graph
from tflite_edu.train.momentum import MomentumOptimizer as MomentumOptimizer
from tflite_edu.train.moving_averages import ExponentialMovingAverage as ExponentialMovingAverage
from tflite_edu.train.object_checkpoint import Checkpoint as Checkpoint
from tflite_edu.train.optimizer import Optimizer as Optimizer
from tflite_edu.train.proximal import ProximalAdagradOptimizer as ProximalAdagradOptimizer
from tflite_edu.train.proximal import ProximalGradientDescentOptimizer as ProximalGradientDescentOptimizer
from tflite_edu.train.rmsprop import RMSPropOptimizer as RMSPropOptimizer
from tflite_edu.train.saver import Saver as Saver
from tflite_edu.train.saver import SaverDef as SaverDef
from tflite_edu.train.step_counter import assert_global_step as assert_global_step
from tflite_edu.train.step_counter import create_global_step as create_global_step
from tflite_edu.train.step_counter import get_global_step as get_global_step
from tflite_edu.train.step_counter import get_or_create_global_step as get_or_create_global_step
from tflite_edu.train.step_counter import global_step as global_step
from tflite_edu.train.vocabularies import VocabInfo as VocabInfo

__all__ = [
    "AdadeltaOptimizer",
    "AdagradDAOptimizer",
    "AdagradOptimizer",
    "AdamOptimizer",
    "BytesList",
    "Checkpoint",
    "CheckpointManager",
    "ClusterDef",
    "Example",
    "ExponentialMovingAverage",
    "Feature",
    "FeatureList",
    "FeatureLists",
    "Features",
    "FloatList",
    "FtrlOptimizer",
    "GradientDescentOptimizer",
    "Int64List",
    "JobDef",
    "MomentumOptimizer",
    "NewCheckpointReader",
    "Optimizer",
    "ProximalAdagradOptimizer",
    "ProximalGradientDescentOptimizer",
    "RMSPropOptimizer",
    "Saver",
    "SaverDef",
    "SequenceExample",
    "ServerDef",
    "VocabInfo",
    "assert_global_step",
    "checkpoint_exists",
    "checkpoints_iterator",
    "cosine_decay",
    "cosine_decay_restarts",
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
    "init_from_checkpoint",
    "inverse_time_decay",
    "latest_checkpoint",
    "linear_cosine_decay",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "natural_exp_decay",
    "noisy_linear_cosine_decay",
    "piecewise_constant",
    "piecewise_constant_decay",
    "polynomial_decay",
    "remove_checkpoint",
    "summary_iterator",
    "update_checkpoint_state",
    "warm_start",
    "write_graph",
]
