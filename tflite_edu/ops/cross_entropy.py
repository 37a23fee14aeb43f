"""Cross entropies of logits and labels: of exclusive classes and of independent ones."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    broadcast_shape,
    format_shape,
    merge,
    merge_dims,
    with_rank,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.shapes import Shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.activations import relu
from tflite_edu.ops.arithmetic import add, subtract
from tflite_edu.ops.assertions import assert_equal
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones_like, zeros_like
from tflite_edu.ops.exponential import exp, log1p
from tflite_edu.ops.identity import stop_gradient
from tflite_edu.ops.joining import concat
from tflite_edu.ops.logic import logical_and
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as range_
from tflite_edu.ops.reshaping import expand_dims, reshape, squeeze
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import rank, shape
from tflite_edu.ops.signs import abs as abs_
from tflite_edu.ops.slicing import slice as slice_
from tflite_edu.ops.softmax import exponentials, last_axis_if_none, log_softmax, softmax

_NO_SECOND_DERIVATIVE = (
    "Currently there is no way to take the second derivative of "
    "sparse_softmax_cross_entropy_with_logits due to the fused implementation's interaction with "
    "tf.gradients()"
)


def _invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)


def _times_rows(column: Tensor, rows: Tensor) -> Tensor:
    """Each of `rows` [batch, classes] times its number in `column` [batch]."""
    return expand_dims(column, -1) * rows


class SoftmaxCrossEntropyWithLogits(Op):
    """-sum(labels log(softmax(features))) of each row, and its gradient by the features."""

    inputs = ("features: T", "labels: T")
    outputs = ("loss: T", "backprop: T")
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def infer(self, features: Shape, labels: Shape) -> list[Shape]:
        try:
            both = merge(with_rank(features, 2), labels)
        except ShapeError:
            both = broadcast_shape(features, labels)
        batch, classes = with_rank(both, 2)
        return [(batch,), (batch, classes)]

    def forward(self, np: Any, features: Any, labels: Any) -> Any:
        if features.shape != labels.shape:
            try:
                features, labels = np.broadcast_arrays(features, labels)
            except ValueError:
                raise _invalid(
                    "logits and labels must be broadcastable: "
                    f"logits_size={format_shape(features.shape)} "
                    f"labels_size={format_shape(labels.shape)}"
                ) from None
        if features.ndim != 2:
            raise _invalid(
                "logits and labels must be either 2-dimensional, or broadcasted to be 2-dimensional"
            )
        shifted, powers, total = exponentials(np, features)
        loss = (labels * (np.log(total) - shifted)).sum(axis=1, dtype=features.dtype)
        return loss, powers / total - labels

    def backward(self, op: Any, gradient: Tensor, of_backprop: Tensor) -> Any:
        logits = op.inputs[0]
        of_logits = _times_rows(gradient, op.outputs[1])
        if of_backprop is not None and not _is_zero(of_backprop):
            probabilities = softmax(logits)
            inner = matmul(expand_dims(of_backprop, 1), expand_dims(probabilities, 2))
            of_logits += (of_backprop - squeeze(inner, axis=1)) * probabilities
        return of_logits, _times_rows(gradient, -log_softmax(logits))


def _is_zero(tensor: Tensor) -> bool:
    if tensor.op.type in ("ZerosLike", "Zeros"):
        return True
    value = constant_value(tensor)
    return value is not None and bool((value == 0).all())


@export("nn.softmax_cross_entropy_with_logits_v2")
def softmax_cross_entropy_with_logits_v2(
    labels: Any, logits: Any, axis: Any = None, name: str | None = None, dim: Any = None
) -> Tensor:
    """The cross entropy of labels and softmax(logits), `-sum(labels log(softmax(logits)))`.

    Args:
      labels: probabilities of the classes; along `axis` they should add up to 1.
      logits: unnormalised logarithms of probabilities, of the shape of `labels`; float16 (computed
        as float32), float32 or float64.
      axis: that of the classes, the last one where it is left out. `dim` is its old name.

    Returns the shape of `logits` without `axis`. Gradients go to both inputs. Raises ValueError on
    shapes that do not fit and where `axis` and `dim` are both given.
    """
    axis = last_axis_if_none(axis, dim)
    return _softmax_cross_entropy(labels, logits, axis, name)


@export("nn.softmax_cross_entropy_with_logits")
def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: Any = -1,
    name: str | None = None,
    axis: Any = None,
) -> Tensor:
    """As `softmax_cross_entropy_with_logits_v2`, but no gradient goes to `labels`.

    `labels` and `logits` are given by name. Raises ValueError where they are not.
    """
    if axis is not None:
        dim = last_axis_if_none(axis, dim)
    _check_named("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as name:
        labels = stop_gradient(labels, name="labels_stop_gradient")
        return _softmax_cross_entropy(labels, logits, dim, name)


def _check_named(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    if sentinel is not None:
        raise ValueError(
            f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
        )
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def _softmax_cross_entropy(labels: Any, logits: Any, axis: int, name: str | None) -> Tensor:
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as name:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        precise = cast(logits, FLOAT) if logits.dtype in (HALF, BFLOAT16) else logits
        labels = cast(labels, precise.dtype)
        dimensions = rank(precise)
        remaining = logits.shape
        if axis != -1:
            precise = _axis_last(precise, axis, dimensions)
            labels = _axis_last(labels, axis, dimensions)
        sizes = shape(precise)
        precise = _as_matrix(precise)
        labels = _as_matrix(labels)
        loss, _ = raw.SoftmaxCrossEntropyWithLogits(precise, labels, name=name)
        loss = reshape(loss, slice_(sizes, [0], [subtract(dimensions, 1)]))
        if remaining.dims is not None:
            listed = remaining.as_list()
            del listed[axis]
            loss.set_shape(listed)
        return cast(loss, logits.dtype)


def _axis_last(tensor: Tensor, axis: int, dimensions: Tensor) -> Tensor:
    order = concat([range_(axis), range_(axis + 1, dimensions), [axis]], 0)
    return transpose(tensor, order)


def _as_matrix(tensor: Tensor) -> Tensor:
    """All dimensions but the last one taken together."""
    dimensions = rank(tensor)
    classes = slice_(shape(tensor), [subtract(dimensions, 1)], [1])
    matrix = reshape(tensor, concat([[-1], classes], 0))
    known = tensor._shape
    if known is not None:
        rows = 1
        for size in known[:-1]:
            if size is None:
                return matrix
            rows *= size
        matrix.set_shape([rows, known[-1]])
    return matrix


class SparseSoftmaxCrossEntropyWithLogits(Op):
    """-log(softmax(features)) of the class that the label of each row names, and its gradient."""

    inputs = ("features: T", "labels: Tlabels")
    outputs = ("loss: T", "backprop: T")
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)
    Tlabels: DType = attr(INT32, INT64, default=INT64)

    def infer(self, features: Shape, labels: Shape) -> list[Shape]:
        rows, classes = with_rank(features, 2)
        (count,) = with_rank(labels, 1)
        batch = merge_dims(rows, count)
        return [(batch,), (batch, classes)]

    def forward(self, np: Any, features: Any, labels: Any) -> Any:
        _check_sparse(np, features, labels)
        rows = np.arange(len(labels))
        shifted, powers, total = exponentials(np, features)
        loss = np.log(total[:, 0]) - shifted[rows, labels]
        backprop = np.divide(powers, total, out=powers)
        backprop[rows, labels] -= 1
        return loss, backprop

    def backward(self, op: Any, gradient: Tensor, of_backprop: Tensor) -> Any:
        backprop = raw.PreventGradient(op.outputs[1], message=_NO_SECOND_DERIVATIVE)
        return _times_rows(gradient, backprop), None


def _check_sparse(np: Any, features: Any, labels: Any) -> None:
    if np.ndim(features) != 2:
        raise _invalid(f"logits must be 2-D, but got shape {format_shape(features.shape)}")
    if np.ndim(labels) != 1:
        raise _invalid(f"labels must be 1-D, but got shape {format_shape(labels.shape)}")
    batch, classes = features.shape
    if batch != len(labels):
        raise _invalid(
            "logits and labels must have the same first dimension, got logits shape "
            f"{format_shape(features.shape)} and labels shape {format_shape(labels.shape)}"
        )
    if not classes:
        raise _invalid(
            f"Must have at least one class, but got logits shape {format_shape(features.shape)}"
        )
    least, largest = labels.min(initial=0), labels.max(initial=0)
    if least < 0 or largest >= classes:
        raise _invalid(
            f"Received a label value of {least if least < 0 else largest} which is outside the "
            f"valid range of [0, {classes}).  Label values: {' '.join(map(str, labels.tolist()))}"
        )


@export("nn.sparse_softmax_cross_entropy_with_logits")
def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy of one right class for each row of logits, `-log(softmax(logits)[label])`.

    Args:
      labels: int32 or int64 [...], each in [0, classes).
      logits: unnormalised logarithms of probabilities [..., classes]; float16 (computed as
        float32), float32 or float64.

    Both are given by name. Returns [...] in the dtype of `logits`. There is no second derivative.
    Raises ValueError on shapes that do not fit; InvalidArgumentError in a run on a label that names
    no class.
    """
    _check_named("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels = convert_to_tensor(labels)
        logits = convert_to_tensor(logits)
        precise = cast(logits, FLOAT) if logits.dtype in (HALF, BFLOAT16) else logits
        labels_shape = shape(labels)
        compared = _check_static(labels, logits)
        if logits.shape.ndims == 2:
            loss, _ = raw.SparseSoftmaxCrossEntropyWithLogits(precise, labels, name=name)
            return cast(loss, logits.dtype)
        known_labels = labels.shape
        checks = [] if compared else [assert_equal(shape(labels), shape(logits)[:-1])]
        with control_dependencies(checks):
            classes = shape(logits)[rank(logits) - 1]
            precise = reshape(precise, [-1, classes])
            labels = reshape(labels, [-1])
            loss, _ = raw.SparseSoftmaxCrossEntropyWithLogits(precise, labels, name=name)
            loss = reshape(loss, labels_shape)
            loss.set_shape(known_labels)
            return cast(loss, logits.dtype)


def _check_static(labels: Tensor, logits: Tensor) -> bool:
    """Whether the shapes are known enough to have been compared; raises where they do not fit."""
    own, other = labels._shape, logits._shape
    if other == ():
        raise ValueError(f"Logits cannot be scalars - received shape {logits.shape}.")
    if own is not None and other is not None and len(own) != len(other) - 1:
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {len(own)}) should equal rank of logits "
            f"minus 1 (received {len(other)})."
        )
    compared = is_fully_defined(own) and other is not None and is_fully_defined(other[:-1])
    if compared and other is not None and own != other[:-1]:
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels.shape}) should equal the "
            f"shape of logits except for the last dimension (received {logits.shape})."
        )
    return compared


@export("nn.sigmoid_cross_entropy_with_logits")
def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy of independent classes, `max(x, 0) - x z + log(1 + exp(-|x|))`.

    That is `-z log(sigmoid(x)) - (1 - z) log(1 - sigmoid(x))` for the logits x and labels z.

    Args:
      labels: probabilities, in the shape and dtype of `logits`.
      logits: logarithms of odds, of a floating dtype.

    Both are given by name. Returns their shape. Raises ValueError where the shapes differ.
    """
    _check_named("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "logistic_loss", [logits, labels]) as name:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _require_one_shape(labels, logits)
        zeros = zeros_like(logits, dtype=logits.dtype)
        positive = logits >= zeros
        rectified = where(positive, logits, zeros)
        negative_size = where(positive, -logits, logits)
        return add(rectified - logits * labels, log1p(exp(negative_size)), name=name)


def _require_one_shape(labels: Tensor, logits: Tensor) -> None:
    try:
        labels.shape.merge_with(logits.shape)
    except ValueError:
        raise ValueError(
            f"logits and labels must have the same shape ({logits.shape} vs {labels.shape})"
        ) from None


@export("nn.weighted_cross_entropy_with_logits")
def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """As `sigmoid_cross_entropy_with_logits`, the term of positive labels times `pos_weight`.

    `-q z log(sigmoid(x)) - (1 - z) log(1 - sigmoid(x))`, computed as
    `(1 - z) x + (1 + (q - 1) z) (log(1 + exp(-|x|)) + max(-x, 0))`.

    Args:
      labels: probabilities z, in the shape and dtype of `logits`. `targets` is the old name.
      logits: logarithms of odds x, of a floating dtype.
      pos_weight: the weight q, which broadcasts.

    Raises ValueError where the shapes differ or both names of the labels are used.
    """
    if targets is not None:
        if labels is not None:
            raise ValueError("Cannot specify both 'targets' and 'labels'")
        labels = targets
    with name_scope(name, "logistic_loss", [logits, labels]) as name:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _require_one_shape(labels, logits)
        weight = 1 + (pos_weight - 1) * labels
        return add(
            (1 - labels) * logits,
            weight * (log1p(exp(-abs_(logits))) + relu(-logits)),
            name=name,
        )


@export("nn.log_poisson_loss")
def log_poisson_loss(
    targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None
) -> Tensor:
    """exp(c) − z · c: minus the log of a Poisson variable's probability of z, but for a constant.

    `targets` z and `log_input` c, the log of the expected value, have one shape and dtype. With
    `compute_full_loss` Stirling's approximation z log z − z + ½ log(2πz) of the constant log(z!) is
    added, where z is above 1. Raises ValueError where shapes differ.
    """
    with name_scope(name, "log_poisson_loss", [log_input, targets]) as name:
        log_input = convert_to_tensor(log_input, name="log_input")
        targets = convert_to_tensor(targets, name="targets")
        try:
            targets.get_shape().merge_with(log_input.get_shape())
        except ValueError:
            raise ValueError(
                "log_input and targets must have the same shape "
                f"({log_input.get_shape()} vs {targets.get_shape()})"
            ) from None
        result = raw.Exp(log_input) - log_input * targets
        if compute_full_loss:
            half = constant(0.5, dtype=targets.dtype)
            two_pi = constant(2 * math.pi, dtype=targets.dtype)
            stirling = (targets * raw.Log(targets)) - targets + (half * raw.Log(two_pi * targets))
            zeros = zeros_like(targets, dtype=targets.dtype)
            ones = ones_like(targets, dtype=targets.dtype)
            nothing = logical_and(targets >= zeros, targets <= ones)
            result += where(nothing, zeros, stirling)
        return result
