# Written by api/generate.py.
from tflite_edu.contrib.training_steps import add_gradients_summaries as add_gradients_summaries
from tflite_edu.contrib.training_steps import clip_gradient_norms as clip_gradient_norms
from tflite_edu.contrib.training_steps import create_train_op as create_train_op
from tflite_edu.contrib.training_steps import multiply_gradients as multiply_gradients

__all__ = [
    "add_gradients_summaries",
    "clip_gradient_norms",
    "create_train_op",
    "multiply_gradients",
]
