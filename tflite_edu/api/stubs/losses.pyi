# Written by api/generate.py.
from tflite_edu.losses.classification import hinge_loss as hinge_loss
from tflite_edu.losses.classification import log_loss as log_loss
from tflite_edu.losses.classification import sigmoid_cross_entropy as sigmoid_cross_entropy
from tflite_edu.losses.classification import softmax_cross_entropy as softmax_cross_entropy
from tflite_edu.losses.classification import sparse_softmax_cross_entropy as sparse_softmax_cross_entropy
from tflite_edu.losses.collected import add_loss as add_loss
from tflite_edu.losses.collected import get_losses as get_losses
from tflite_edu.losses.collected import get_regularization_loss as get_regularization_loss
from tflite_edu.losses.collected import get_regularization_losses as get_regularization_losses
from tflite_edu.losses.collected import get_total_loss as get_total_loss
from tflite_edu.losses.regression import absolute_difference as absolute_difference
from tflite_edu.losses.regression import cosine_distance as cosine_distance
from tflite_edu.losses.regression import huber_loss as huber_loss
from tflite_edu.losses.regression import mean_pairwise_squared_error as mean_pairwise_squared_error
from tflite_edu.losses.regression import mean_squared_error as mean_squared_error
from tflite_edu.losses.weighted import Reduction as Reduction
from tflite_edu.losses.weighted import compute_weighted_loss as compute_weighted_loss

__all__ = [
    "Reduction",
    "absolute_difference",
    "add_loss",
    "compute_weighted_loss",
    "cosine_distance",
    "get_losses",
    "get_regularization_loss",
    "get_regularization_losses",
    "get_total_loss",
    "hinge_loss",
    "huber_loss",
    "log_loss",
    "mean_pairwise_squared_error",
    "mean_squared_error",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
    "sparse_softmax_cross_entropy",
]
