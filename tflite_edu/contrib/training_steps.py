"""`tf.contrib.slim.learning.create_train_op`: one tensor that trains and gives the loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.checking import check_numerics as finite
from tflite_edu.ops.clipping import clip_by_norm, global_norm
from tflite_edu.ops.control import no_op, with_dependencies
from tflite_edu.ops.summaries import histogram, scalar
from tflite_edu.platform import logging
from tflite_edu.train.optimizer import Optimizer
from tflite_edu.train.step_counter import get_or_create_global_step
from tflite_edu.variables.collections import trainable_variables

Gradients = Sequence[tuple[Any, Any]]

# The value of `global_step` that stands for the graph's; None stands for none.
_USE_GLOBAL_STEP = 0


@export("contrib.slim.learning.create_train_op")
def create_train_op(
    total_loss: Any,
    optimizer: Any,
    global_step: Any = _USE_GLOBAL_STEP,
    update_ops: Any = None,
    variables_to_train: Sequence[Any] | None = None,
    clip_gradient_norm: float = 0,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: int | None = None,
    colocate_gradients_with_ops: bool = False,
    gradient_multipliers: Mapping[Any, Any] | None = None,
    check_numerics: bool = True,
) -> Tensor:
    """A tensor of the loss that is computed after a step of training; joins TRAIN_OP.

    Args:
      global_step: the variable that counts, None for none; by default the graph's.
      update_ops: what is run before the loss, by default the collection UPDATE_OPS.
      variables_to_train: by default all trainable variables.
      clip_gradient_norm: the greatest norm of a gradient, if above 0.
      summarize_gradients: whether each gradient gets a histogram and its norm a scalar summary.
      gradient_multipliers: factors of gradients by variable or by name.
      check_numerics: whether a loss that is not finite is an InvalidArgumentError.

    Raises AssertionError where there is nothing to train, ValueError where a variable that is to be
    multiplied has no gradient.
    """
    if isinstance(global_step, int) and global_step == _USE_GLOBAL_STEP:
        global_step = get_or_create_global_step()
    collected = dict.fromkeys(get_default_graph().get_collection(GraphKeys.UPDATE_OPS))
    updates = collected if update_ops is None else dict.fromkeys(update_ops)
    if any(update not in updates for update in collected):
        logging.warning(
            "update_ops in create_train_op does not contain all the update_ops in "
            "GraphKeys.UPDATE_OPS"
        )
    if updates:
        with control_dependencies(list(updates)):
            barrier = no_op(name="update_barrier")
        total_loss = with_dependencies([barrier], total_loss)
    if variables_to_train is None:
        variables_to_train = trainable_variables()
    if not variables_to_train or not all(v.trainable for v in variables_to_train):
        raise AssertionError
    grads = optimizer.compute_gradients(
        total_loss,
        variables_to_train,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if gradient_multipliers:
        with name_scope("multiply_grads"):
            grads = multiply_gradients(grads, gradient_multipliers)
    if clip_gradient_norm > 0:
        with name_scope("clip_grads"):
            grads = clip_gradient_norms(grads, clip_gradient_norm)
    if summarize_gradients:
        with name_scope("summarize_grads"):
            _summaries(grads, "_")
    step = optimizer.apply_gradients(grads, global_step=global_step)
    with name_scope("train_op"):
        if check_numerics:
            total_loss = finite(total_loss, "LossTensor is inf or nan")
        train_op: Tensor = with_dependencies([step], total_loss)
    known = get_default_graph().get_collection_ref(GraphKeys.TRAIN_OP)
    if train_op not in known:
        known.append(train_op)
    return train_op


@export("contrib.slim.learning.multiply_gradients")
def multiply_gradients(
    grads_and_vars: Gradients, gradient_multipliers: Mapping[Any, Any]
) -> list[tuple[Any, Any]]:
    """The gradients, some of them times the factors that are given by variable or by name.

    Raises ValueError on what is no list of pairs, no dict, an empty dict, and where a variable that
    is to be multiplied has no gradient.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, dict):
        raise ValueError("`gradient_multipliers` must be a dict.")
    results = []
    for grad, variable in grads_and_vars:
        for key in (variable, variable.op.name):
            if key in gradient_multipliers:
                if grad is None:
                    raise ValueError("Requested multiple of `None` gradient.")
                grad = _times(grad, gradient_multipliers[key])
                break
        results.append((grad, variable))
    return results


@export("contrib.slim.learning.clip_gradient_norms")
def clip_gradient_norms(
    gradients_to_variables: Gradients, max_norm: float
) -> list[tuple[Any, Any]]:
    """The gradients, each made shorter where its norm is above `max_norm`."""
    return [
        (None if g is None else _on_values(g, lambda values: clip_by_norm(values, max_norm)), v)
        for g, v in gradients_to_variables
    ]


@export("contrib.slim.learning.add_gradients_summaries")
def add_gradients_summaries(grads_and_vars: Gradients) -> list[Tensor]:
    """A histogram of each gradient and a scalar summary of its norm; returns the summaries."""
    return _summaries(grads_and_vars, "/")


def _summaries(grads_and_vars: Gradients, separator: str) -> list[Tensor]:
    summaries = []
    for grad, variable in grads_and_vars:
        if grad is None:
            logging.info("Var %s has no gradient", variable.op.name)
            continue
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        name = f"{variable.op.name}{separator}gradient"
        summaries.append(histogram(name, values))
        summaries.append(scalar(f"{name}_norm", global_norm([values])))
    return summaries


def _times(grad: Any, factor: Any) -> Any:
    if not isinstance(factor, Tensor):
        factor = convert_to_tensor(factor, dtype=grad.dtype)
    return _on_values(grad, lambda values: values * factor)


def _on_values(grad: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(change(grad.values), grad.indices, grad.dense_shape)
    return change(grad)
