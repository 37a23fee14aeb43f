"""`tf.contrib.layers.optimize_loss`: a step of training in one call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import float32
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.clipping import clip_by_global_norm, global_norm
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.random_ops import truncated_normal
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.summaries import histogram, scalar
from tflite_edu.train.adagrad import AdagradOptimizer
from tflite_edu.train.adam import AdamOptimizer
from tflite_edu.train.ftrl import FtrlOptimizer
from tflite_edu.train.gradient_descent import GradientDescentOptimizer
from tflite_edu.train.momentum import MomentumOptimizer
from tflite_edu.train.optimizer import Optimizer
from tflite_edu.train.rmsprop import RMSPropOptimizer
from tflite_edu.train.step_counter import assert_global_step, get_global_step
from tflite_edu.variables.collections import trainable_variables
from tflite_edu.variables.initializers import Constant
from tflite_edu.variables.scope import get_variable, variable_scope

OPTIMIZER_CLS_NAMES: dict[str, Callable[..., Optimizer]] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}
OPTIMIZER_SUMMARIES = [
    "learning_rate",
    "loss",
    "gradients",
    "gradient_norm",
    "global_gradient_norm",
]
EXPORTS = {
    "contrib.layers.OPTIMIZER_CLS_NAMES": "OPTIMIZER_CLS_NAMES",
    "contrib.slim.OPTIMIZER_CLS_NAMES": "OPTIMIZER_CLS_NAMES",
    "contrib.layers.OPTIMIZER_SUMMARIES": "OPTIMIZER_SUMMARIES",
    "contrib.slim.OPTIMIZER_SUMMARIES": "OPTIMIZER_SUMMARIES",
}

_DEFAULT_SUMMARIES = ["loss", "learning_rate", "global_gradient_norm"]


@export("contrib.layers.optimize_loss", "contrib.slim.optimize_loss")
def optimize_loss(
    loss: Any,
    global_step: Any,
    learning_rate: Any,
    optimizer: Any,
    gradient_noise_scale: float | None = None,
    gradient_multipliers: Mapping[Any, float] | None = None,
    clip_gradients: Any = None,
    learning_rate_decay_fn: Callable[[Any, Any], Any] | None = None,
    update_ops: Any = None,
    variables: Sequence[Any] | None = None,
    name: str | None = None,
    summaries: Sequence[str] | None = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> Tensor:
    """The loss, computed after a step of training.

    Args:
      loss: a scalar.
      global_step: the variable that counts; None: the graph's, if it has one.
      learning_rate: a float, which becomes a variable, or a scalar tensor; None where the optimizer
        knows it.
      optimizer: a name in OPTIMIZER_CLS_NAMES, an optimizer or its class, or a function that
        makes one: of the learning rate, or of nothing where that is None.
      gradient_noise_scale: times normal noise (cut at 2) is added to the gradients.
      gradient_multipliers: factors of gradients by variable or its name (which ends in ":0").
      clip_gradients: the greatest norm of all gradients together, a float, or a function from pairs
        of gradient and variable to such pairs.
      learning_rate_decay_fn: a function of the learning rate and the global step.
      update_ops: what is run before the loss, by default the collection UPDATE_OPS.
      variables: by default all trainable variables.
      summaries: which of OPTIMIZER_SUMMARIES are made.

    Raises ValueError on a wrong argument.
    """
    loss = convert_to_tensor(loss)
    if loss.shape.ndims != 0:
        raise ValueError(f"Expected scalar shape for {loss.name}, saw shape: {loss.shape}.")
    if global_step is None:
        global_step = get_global_step()
    else:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            update_ops = dict.fromkeys(get_default_graph().get_collection(GraphKeys.UPDATE_OPS))
        if update_ops:
            loss = with_dependencies(list(update_ops), loss)
        rate = _rate(learning_rate)
        summaries = _checked(summaries)
        if rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in summaries:
                scalar("learning_rate", rate)
        trainer = _optimizer(optimizer, rate)
        gradients = trainer.compute_gradients(
            loss,
            trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gradient_noise_scale is not None:
            gradients = [(_noisy(g, gradient_noise_scale), v) for g, v in gradients]
        if gradient_multipliers is not None:
            gradients = [(_multiplied(g, v, gradient_multipliers), v) for g, v in gradients]
        norms = "global_gradient_norm" in summaries or "gradient_norm" in summaries
        if norms:
            scalar("global_norm/gradient_norm", global_norm([g for g, _ in gradients]))
        gradients = _clipped(gradients, clip_gradients)
        if "loss" in summaries:
            scalar("loss", loss)
        _summarize(gradients, summaries)
        if clip_gradients is not None and norms:
            scalar("global_norm/clipped_gradient_norm", global_norm([g for g, _ in gradients]))
        step = trainer.apply_gradients(
            gradients, global_step=global_step if increment_global_step else None, name="train"
        )
        result: Tensor = with_dependencies([step], loss)
        return result


def _checked(summaries: Sequence[str] | None) -> Sequence[str]:
    if summaries is None:
        return _DEFAULT_SUMMARIES
    for one in summaries:
        if one not in OPTIMIZER_SUMMARIES:
            raise ValueError(
                f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you provided "
                f"{one}."
            )
    return summaries


def _rate(given: Any) -> Any:
    """The learning rate as a scalar tensor or variable."""
    if given is None or isinstance(given, Tensor) and given.shape.ndims == 0:
        return given
    if not isinstance(given, float):
        raise ValueError(
            f"Learning rate should be 0d Tensor or float. Got {given} of type {type(given)}"
        )
    if given < 0.0:
        raise ValueError("Invalid learning_rate %s.", given)
    return get_variable("learning_rate", [], trainable=False, initializer=Constant(given))


def _optimizer(given: Any, rate: Any) -> Any:
    """The optimizer that a name, a class or a function stands for."""
    missing = "Learning rate is None, but should be specified if optimizer is"
    if isinstance(given, str):
        if rate is None:
            raise ValueError(f"{missing} string ({given}).")
        if given not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], you provided "
                f"{given}."
            )
        return OPTIMIZER_CLS_NAMES[given](learning_rate=rate)
    if inspect.isclass(given) and issubclass(given, Optimizer):
        if rate is None:
            raise ValueError(f"{missing} class ({given}).")
        make: Any = given
        return make(learning_rate=rate)
    if isinstance(given, Optimizer):
        return given
    if not callable(given):
        raise ValueError(
            "Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass "
            f"of Optimizer or function with one argument. Got {given}."
        )
    made = given() if rate is None else given(rate)
    if not isinstance(made, Optimizer):
        raise ValueError(
            f"Unrecognized optimizer: function should return subclass of Optimizer. Got {made}."
        )
    return made


def _noisy(grad: Any, scale: float) -> Any:
    if grad is None:
        return None
    if isinstance(grad, IndexedSlices):
        shape = grad.dense_shape
    else:
        shape = grad.shape if grad.shape.is_fully_defined() else shape_of(grad)
    return grad + truncated_normal(shape) * scale


def _multiplied(grad: Any, variable: Any, multipliers: Mapping[Any, float]) -> Any:
    for key in (variable, variable.name):
        if grad is not None and key in multipliers:
            factor = constant(multipliers[key], dtype=float32)
            if isinstance(grad, IndexedSlices):
                return IndexedSlices(grad.values * factor, grad.indices, grad.dense_shape)
            return grad * factor
    return grad


def _clipped(gradients: Sequence[tuple[Any, Any]], clip: Any) -> Sequence[tuple[Any, Any]]:
    if isinstance(clip, float):
        clipped, _ = clip_by_global_norm([g for g, _ in gradients], clip)
        return [(g, v) for g, (_, v) in zip(clipped, gradients, strict=True)]
    if callable(clip):
        result: Sequence[tuple[Any, Any]] = clip(gradients)
        return result
    if clip is not None:
        raise ValueError(f"Unknown type {type(clip)} for clip_gradients")
    return gradients


def _summarize(gradients: Sequence[tuple[Any, Any]], summaries: Sequence[str]) -> None:
    for grad, variable in gradients:
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        if values is None:
            continue
        name = variable.name.replace(":", "_")
        if "gradients" in summaries:
            histogram(f"gradients/{name}", values)
        if "gradient_norm" in summaries:
            scalar(f"gradient_norm/{name}", global_norm([values]))
