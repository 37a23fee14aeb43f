"""Losses over very many classes, of which a run looks at the true ones and at a sample only."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import multiply
from tflite_edu.ops.candidate_sampling import (
    compute_accidental_hits,
    log_uniform_candidate_sampler,
)
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones, ones_like, zeros_like
from tflite_edu.ops.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from tflite_edu.ops.embedding import embedding_lookup
from tflite_edu.ops.exponential import log
from tflite_edu.ops.identity import stop_gradient
from tflite_edu.ops.joining import concat
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.packing import stack
from tflite_edu.ops.reshaping import expand_dims, reshape
from tflite_edu.ops.shapes_of_tensors import shape
from tflite_edu.ops.slicing import slice
from tflite_edu.ops.sparse_to_dense import sparse_to_dense


@export("nn.nce_loss")
def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str = "nce_loss",
) -> Tensor:
    """The noise-contrastive estimate of a classifier's loss: [batch], with a term for each class.

    Gutmann and Hyvärinen, "Noise-contrastive estimation" (2010); Mnih and Teh (2012) for words. It
    asks of each true class and each sampled one, by a logistic loss, whether it is true.

    Args:
      weights: [num_classes, dim], a tensor or variable, or a list of them over which the classes
        are spread as `partition_strategy` says (see `tf.nn.embedding_lookup`).
      biases: [num_classes].
      labels: int64 [batch, num_true], the true classes.
      inputs: [batch, dim], activations.
      num_sampled: how many classes to draw for the whole batch.
      num_classes: their number.
      num_true: true classes an example; each counts as 1 / num_true.
      sampled_values: what a candidate sampler returned; `tf.nn.log_uniform_candidate_sampler` with
        unique classes is used where it is left out.
      remove_accidental_hits: whether to leave out sampled classes that are true.

    Raises ValueError where shapes do not fit.
    """
    logits, targets = _sampled_logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        partition_strategy,
        name,
        None,
    )
    losses = sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name="sampled_losses")
    return _row_sums(losses)


@export("nn.sampled_softmax_loss")
def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str = "sampled_softmax_loss",
    seed: int | None = None,
) -> Tensor:
    """The cross entropy of a softmax over the true classes and sampled ones: [batch].

    Jean et al., "On Using Very Large Target Vocabulary for Neural Machine Translation" (2014). For
    training only: in evaluation take the softmax of all classes.

    `seed` is the sampler's, see `tf.set_random_seed`; the other arguments and errors are those of
    `tf.nn.nce_loss`.
    """
    logits, targets = _sampled_logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        partition_strategy,
        name,
        seed,
    )
    targets = stop_gradient(targets, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=targets, logits=logits)


def _sampled_logits(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int,
    sampled_values: Any,
    remove_accidental_hits: bool,
    partition_strategy: str,
    name: str | None,
    seed: int | None,
) -> tuple[Tensor, Tensor]:
    """Logits of the true classes, then of the sampled ones, and what they should be.

    Both are [batch, num_true + num_sampled]. From each logit the logarithm of how often its class
    is expected in the sample is taken off, so that frequent classes have no advantage.
    """
    if not isinstance(weights, list):
        # A partitioned variable, as TensorFlow names the method that only it has.
        weights = list(weights) if hasattr(weights, "_get_variable_list") else [weights]
    with name_scope(name, "compute_sampled_logits", [*weights, biases, inputs, labels]):
        if labels.dtype != dtypes.int64:
            labels = cast(labels, dtypes.int64)
        flat_labels = reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                true_classes=labels,
                num_true=num_true,
                num_sampled=num_sampled,
                unique=True,
                range_max=num_classes,
                seed=seed,
            )
        sampled, true_count, sampled_count = [stop_gradient(value) for value in sampled_values]
        sampled = cast(sampled, dtypes.int64)
        classes = concat([flat_labels, sampled], 0)

        rows = embedding_lookup(weights, classes, partition_strategy=partition_strategy)
        if rows.dtype != inputs.dtype:
            rows = cast(rows, inputs.dtype)
        true_rows = slice(rows, [0, 0], stack([shape(flat_labels)[0], -1]))
        sampled_rows = slice(rows, stack([shape(flat_labels)[0], 0]), [-1, -1])
        sampled_logits = matmul(inputs, sampled_rows, transpose_b=True)

        offsets = embedding_lookup(biases, classes, partition_strategy=partition_strategy)
        if offsets.dtype != inputs.dtype:
            offsets = cast(offsets, inputs.dtype)
        true_offsets = slice(offsets, [0], shape(flat_labels))
        sampled_offsets = slice(offsets, shape(flat_labels), [-1])

        size = shape(true_rows)[1:2]
        rows_shape = concat([[-1, num_true], size], 0)
        products = multiply(expand_dims(inputs, 1), reshape(true_rows, rows_shape))
        true_logits = _row_sums(reshape(products, concat([[-1], size], 0)))
        true_logits = reshape(true_logits, [-1, num_true])
        true_logits += reshape(true_offsets, [-1, num_true])
        sampled_logits += sampled_offsets

        if remove_accidental_hits:
            sampled_logits += _penalties(labels, sampled, num_true, num_sampled, sampled_logits)
        true_logits -= log(true_count)
        sampled_logits -= log(sampled_count)
        logits = concat([true_logits, sampled_logits], 1)
        targets = concat([ones_like(true_logits) / num_true, zeros_like(sampled_logits)], 1)
        return logits, targets


def _penalties(
    labels: Any, sampled: Tensor, num_true: int, num_sampled: int, logits: Tensor
) -> Tensor:
    """The least number where a candidate is a true class, 0 elsewhere: [batch, num_sampled]."""
    indices, ids, penalty = compute_accidental_hits(labels, sampled, num_true=num_true)
    rows = reshape(indices, [-1, 1])
    columns = reshape(cast(ids, dtypes.int32), [-1, 1])
    positions = concat([rows, columns], 1, "sparse_indices")
    dense_shape = concat([shape(labels)[:1], expand_dims(num_sampled, 0)], 0)
    if penalty.dtype != logits.dtype:
        penalty = cast(penalty, logits.dtype)
    return sparse_to_dense(
        positions, dense_shape, penalty, default_value=0.0, validate_indices=False
    )


def _row_sums(matrix: Tensor) -> Tensor:
    """The sum of each row, [rows], by a product, as TensorFlow has it."""
    columns = shape(matrix)[1]
    return reshape(matmul(matrix, ones(stack([columns, 1]), matrix.dtype)), [-1])
