"""Connectionist temporal classification: the loss of label sequences that are not aligned."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import DOUBLE, FLOAT, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.reshaping import expand_dims

_NO_SECOND_DERIVATIVE = (
    "Currently there is no way to take the second  derivative of ctc_loss due to the fused "
    "implementation's interaction  with tf.gradients()"
)


def _refused(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


class CTCLoss(Op):
    """The negative logarithms of the probabilities of label sequences, and their gradient.

    Graves, Fernandez, Gomez, Schmidhuber, "Connectionist temporal classification: labelling
    unsegmented sequence data with recurrent neural networks" (2006). The last class is the blank.
    """

    inputs = (
        *("inputs: T", "labels_indices: int64", "labels_values: int32"),
        "sequence_length: int32",
    )
    outputs = ("loss: T", "gradient: T")
    preprocess_collapse_repeated: bool = False
    ctc_merge_repeated: bool = True
    ignore_longer_outputs_than_inputs: bool = False
    T: DType = attr(FLOAT, DOUBLE, default=FLOAT)

    def infer(
        self, inputs: Shape, labels_indices: Shape, labels_values: Shape, sequence_length: Shape
    ) -> list[Shape]:
        times, batch, classes = with_rank(inputs, 3)
        rows = with_rank(labels_indices, 2)[0]
        values = with_rank(labels_values, 1)[0]
        lengths = with_rank(sequence_length, 1)[0]
        merge_dims(rows, values)
        batch = merge_dims(batch, lengths)
        return [(batch,), (times, batch, classes)]

    def forward(
        self, np: Any, inputs: Any, labels_indices: Any, labels_values: Any, sequence_length: Any
    ) -> Any:
        _check(np, inputs, labels_indices, labels_values, sequence_length)
        times, batch, classes = inputs.shape
        labels = self._labels(np, labels_indices, labels_values, sequence_length, classes)
        loss, gradient = np.zeros(batch, inputs.dtype), np.zeros_like(inputs)
        # Where there is less time than labels there is neither loss nor gradient.
        counts = np.bincount(labels_indices[:, 0], minlength=batch)
        able = np.flatnonzero((counts <= sequence_length) & (sequence_length > 0))
        if able.size:
            loss[able], gradient[:, able] = _losses(
                np,
                inputs[:, able],
                [labels[b] for b in able],
                sequence_length[able],
                self.ctc_merge_repeated,
            )
        return loss, gradient

    def _labels(
        self, np: Any, indices: Any, values: Any, lengths: Any, classes: int
    ) -> list[list[int]]:
        """The labels of each sequence, up to the first that is no label; all checks included."""
        starts = np.searchsorted(indices[:, 0], np.arange(lengths.size + 1)).tolist()
        result = []
        for b, length in enumerate(lengths.tolist()):
            given = values[starts[b] : starts[b + 1]].tolist()
            if not given:
                raise _refused(f"Labels length is zero in batch {b}")
            kept: list[int] = []
            finished = False
            for i, label in enumerate(given):
                if i and self.preprocess_collapse_repeated and label == given[i - 1]:
                    continue
                if label >= classes - 1:
                    finished = True
                elif finished:
                    listed, seen = (",".join(map(str, part)) for part in (given, kept))
                    raise _refused(
                        "Saw a non-null label (index >= num_classes - 1) following a null label, "
                        f"batch: {b} num_classes: {classes} labels: {listed} "
                        f"labels seen so far: {seen}"
                    )
                else:
                    kept.append(label)
            if any(label < 0 for label in kept):
                listed = ",".join(map(str, kept))
                raise _refused(
                    f"All labels must be nonnegative integers, batch: {b} labels: {listed}"
                )
            if not self.ignore_longer_outputs_than_inputs and length < len(given):
                raise _refused(
                    f"Not enough time for target transition sequence (required: {len(given)}, "
                    f"available: {length}){b}You can turn this error into a warning by using the "
                    "flag ignore_longer_outputs_than_inputs"
                )
            result.append(kept)
        return result

    def backward(self, op: Any, dloss: Tensor, dgradient: Any) -> list[Any]:
        gradient = raw.PreventGradient(op.outputs[1], message=_NO_SECOND_DERIVATIVE)
        return [expand_dims(dloss, -1) * gradient, None, None, None]


def _check(
    np: Any, inputs: Any, labels_indices: Any, labels_values: Any, sequence_length: Any
) -> None:
    """Raises InvalidArgumentError where the arrays do not fit each other."""
    if inputs.ndim != 3:
        raise _refused("inputs is not a 3-Tensor")
    if sequence_length.ndim != 1:
        raise _refused("sequence_length is not a vector")
    if labels_indices.ndim != 2:
        raise _refused("labels_indices is not a matrix")
    if labels_values.ndim != 1:
        raise _refused("labels_values is not a vector")
    times, batch, _ = inputs.shape
    if sequence_length.size != batch:
        raise _refused(
            "len(sequence_length) != batch_size.  "
            f"len(sequence_length):  {sequence_length.size} batch_size: {batch}"
        )
    if len(labels_indices) != len(labels_values):
        raise _refused(
            "labels_indices and labels_values must contain the same number of rows, but saw "
            f"shapes: {format_shape(labels_indices.shape)} vs. "
            f"{format_shape(labels_values.shape)}"
        )
    if batch == 0:
        raise _refused("batch_size must not be 0")
    if labels_indices.shape[1] != 2:
        raise _refused("Order length must be SparseTensor rank.")
    for b in np.flatnonzero(sequence_length < 0)[:1].tolist():
        raise _refused(f"seq_len({b}) < 0")
    for b in np.flatnonzero(sequence_length > times)[:1].tolist():
        raise _refused(f"sequence_length({b}) <= {times}")
    width = int(labels_indices[:, 1].max(initial=-1)) + 1
    outside = ((labels_indices < 0) | (labels_indices >= [batch, width])).any(1)
    step = np.diff(labels_indices, axis=0)
    backwards = (step[:, 0] < 0) | (step[:, 0] == 0) & (step[:, 1] <= 0)
    wrong = outside.copy()
    wrong[1:] |= backwards
    for i in np.flatnonzero(wrong)[:1].tolist():
        row = ",".join(map(str, labels_indices[i].tolist()))
        start = f"label SparseTensor is not valid: indices[{i}] = [{row}] is "
        if outside[i]:
            raise _refused(f"{start}out of bounds: need 0 <= index < [{batch},{width}]")
        if (step[i - 1] == 0).all():
            raise _refused(f"{start}repeated")
        raise _refused(f"{start}out of order. Many sparse ops require sorted indices.")


def _losses(
    np: Any, inputs: Any, labels: list[list[int]], lengths: Any, merge_repeated: bool
) -> tuple[Any, Any]:
    """Loss `[batch]` and gradient of logits `[time, batch, classes]`, all sequences at once.

    States are the labels with a blank before, between and after them. All of a time step is one
    numpy call; only time is a loop.
    """
    times, batch, classes = inputs.shape
    blank = classes - 1
    sizes = np.array([2 * len(sequence) + 1 for sequence in labels])
    states = np.full((batch, sizes.max()), blank)
    for b, sequence in enumerate(labels):
        states[b, 1 : 2 * len(sequence) : 2] = sequence
    exponentials = np.exp(inputs - inputs.max(-1, keepdims=True))
    probabilities = exponentials / exponentials.sum(-1, keepdims=True)
    emitted = np.take_along_axis(np.log(probabilities), states[None], 2)
    # log 1 where a transition is allowed, else log 0: to the same state, and over a blank.
    never = inputs.dtype.type(-np.inf)
    is_blank = states == blank
    stay = np.where(is_blank | merge_repeated, 0, never).astype(inputs.dtype)
    skip = np.full(states.shape, never, inputs.dtype)
    different = (states[:, 2:] != states[:, :-2]) if merge_repeated else True
    skip[:, 2:] = np.where(~is_blank[:, 2:] & different, 0, never)
    ends = np.full(states.shape, never, inputs.dtype)
    places = np.arange(states.shape[1])
    ends[(places == sizes[:, None] - 1) | (places == sizes[:, None] - 2)] = 0
    alpha = _forward(np, emitted, stay, skip)
    beta = _backward(np, emitted, stay, skip, ends, lengths)
    together = alpha[0] + beta[0]
    logarithm = np.logaddexp.reduce(together, -1)
    share = np.exp(alpha + beta - logarithm[:, None])
    rows = np.arange(times * batch).reshape(times, batch, 1) * classes + states
    taken = np.bincount(rows.ravel(), share.ravel(), times * batch * classes)
    taken = taken.reshape(inputs.shape).astype(inputs.dtype)
    impossible = np.isneginf(logarithm)
    gradient = np.where(impossible[:, None], probabilities, probabilities - taken)
    over = np.arange(times)[:, None] >= lengths
    gradient[over] = 0
    return -logarithm, gradient


def _forward(np: Any, emitted: Any, stay: Any, skip: Any) -> Any:
    """Log-probabilities `[time, batch, state]` of all ways to a state, its emission included."""
    alpha = np.full_like(emitted, -np.inf)
    alpha[0, :, :2] = emitted[0, :, :2]
    for t in np.arange(1, len(emitted)).tolist():
        before = alpha[t - 1]
        total = before + stay
        total[:, 1:] = np.logaddexp(total[:, 1:], before[:, :-1])
        total[:, 2:] = np.logaddexp(total[:, 2:], before[:, :-2] + skip[:, 2:])
        alpha[t] = total + emitted[t]
    return alpha


def _backward(np: Any, emitted: Any, stay: Any, skip: Any, ends: Any, lengths: Any) -> Any:
    """Log-probabilities of all ways from a state to the end, its own emission left out."""
    beta = np.full_like(emitted, -np.inf)
    for t in np.arange(len(emitted) - 1, -1, -1).tolist():
        if t + 1 < len(emitted):
            after = beta[t + 1] + emitted[t + 1]
            total = after + stay
            total[:, :-1] = np.logaddexp(total[:, :-1], after[:, 1:])
            total[:, :-2] = np.logaddexp(total[:, :-2], after[:, 2:] + skip[:, 2:])
            beta[t] = total
        last = lengths == t + 1
        beta[t, last] = ends[last]
    return beta


@export("nn.ctc_loss")
def ctc_loss(
    labels: Any,
    inputs: Any = None,
    sequence_length: Any = None,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
    time_major: bool = True,
    logits: Any = None,
) -> Tensor:
    """The negative log-probabilities `[batch]` of label sequences, summed over all alignments.

    Args:
      labels: a SparseTensor of int32 `[batch, most labels]`, each from 0 to classes - 2.
      inputs: logits `[time, batch, classes]`, or `[batch, time, classes]` without `time_major`;
        the last class is the blank. `logits` is another name.
      sequence_length: int32 `[batch]`, how many time steps of each sequence count.
      preprocess_collapse_repeated: take repeated labels for one.
      ctc_merge_repeated: take repeated outputs for one; without it they are labels of their own.
      ignore_longer_outputs_than_inputs: a sequence with more labels than time has loss 0.

    Raises TypeError where `labels` is no SparseTensor, and InvalidArgumentError in a run where a
    sequence has no labels, or more than time. The formula is that of `CTCLoss`; it has no second
    derivative.
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    if logits is not None:
        if inputs is not None:
            raise ValueError("Cannot specify both 'inputs' and 'logits'")
        inputs = logits
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    return raw.CTCLoss(
        inputs,
        labels.indices,
        labels.values,
        sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated,
        ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    )[0]
