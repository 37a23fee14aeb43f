"""How many changes make one sequence into another."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, format_shape
from tflite_edu.core.op import Op
from tflite_edu.core.sparse_tensor import SparseTensor, SparseTensorValue, sparse_tensor
from tflite_edu.core.tensor import Tensor


class EditDistance(Op):
    """The Levenshtein distances of the sequences in the rows of two sparse tensors.

    One row of the table of distances of prefixes after the other (Wagner and Fischer 1974), each
    row at once; there is one loop over pairs of sequences and one over elements of the longer.
    """

    inputs = (
        *("hypothesis_indices: int64", "hypothesis_values: T", "hypothesis_shape: int64"),
        *("truth_indices: int64", "truth_values: T", "truth_shape: int64"),
    )
    outputs = ("output: float32",)
    infer_from = {"hypothesis_shape": "value", "truth_shape": "value"}
    backward = None
    normalize: bool = True
    T: DType

    def infer(self, *parts: Any) -> Any:
        hypothesis, truth = parts[2], parts[5]
        if hypothesis is None or truth is None:
            return None
        if len(hypothesis) != len(truth):
            raise ShapeError(
                "Num elements of hypothesis_shape does not match truth_shape: "
                f"{len(hypothesis)} vs. {len(truth)}"
            )
        sizes = zip(hypothesis.tolist(), truth.tolist(), strict=True)
        return tuple([max(x, y) for x, y in sizes][:-1])

    def forward(self, np: Any, *parts: Any) -> Any:
        _check(np, parts[:3], parts[3:])
        shape = np.maximum(parts[2], parts[5])[:-1].tolist()
        rows_a, sequences_a = _sequences(np, parts[0], parts[1], shape)
        rows_b, sequences_b = _sequences(np, parts[3], parts[4], shape)
        truths = dict(zip(rows_b.tolist(), sequences_b, strict=True))
        out = np.zeros(math.prod(shape), np.float32)
        for row, hypothesis in zip(rows_a.tolist(), sequences_a, strict=True):
            truth = truths.pop(row, None)
            if truth is not None:
                distance = _distance(np, hypothesis, truth)
                out[row] = distance / len(truth) if self.normalize else distance
            else:
                out[row] = math.inf if self.normalize else len(hypothesis)
        for row, truth in truths.items():
            out[row] = 1 if self.normalize else len(truth)
        return out.reshape(shape)


def _check(np: Any, hypothesis: Any, truth: Any) -> None:
    def refuse(message: str) -> None:
        raise InvalidArgumentError(None, None, message)

    for name, (indices, values, shape) in (("hypothesis", hypothesis), ("truth", truth)):
        for part, given, rank, word in (
            ("indices", indices, 2, "matrix"),
            ("values", values, 1, "vector"),
            ("shape", shape, 1, "vector"),
        ):
            if np.ndim(given) != rank:
                refuse(
                    f"{name}_{part} should be a {word}, but got shape: "
                    f"{format_shape(np.shape(given))}"
                )
        if len(shape) != indices.shape[1]:
            refuse(
                f"Expected {name}_shape.NumElements == #cols({name}_indices), their shapes are: "
                f"{format_shape(shape.shape)} and {format_shape(indices.shape)}"
            )
    if len(truth[2]) < 2:
        refuse(
            "Input SparseTensors must have rank at least 2, but truth_shape rank is: "
            f"{len(truth[2])}"
        )
    if len(hypothesis[2]) != len(truth[2]):
        refuse(
            "Expected truth and hypothesis to have matching ranks, but their shapes are: "
            f"{format_shape(truth[2].shape)} and {format_shape(hypothesis[2].shape)}"
        )
    for indices, values, _ in (hypothesis, truth):
        if len(indices) != len(values):
            refuse(
                "indices and values rows (indexing dimension) must match. (indices = "
                f"{len(indices)}, values = {len(values)})"
            )


def _sequences(np: Any, indices: Any, values: Any, shape: list[int]) -> tuple[Any, list[Any]]:
    """The numbers of the rows that have elements, and the elements of each."""
    row = np.zeros(len(indices), np.int64)
    inside = np.ones(len(indices), bool)
    for axis, size in enumerate(shape):
        row = row * size + indices[:, axis]
        inside &= (indices[:, axis] >= 0) & (indices[:, axis] < size)
    row, values = row[inside], values[inside]
    if not len(row):
        return row, []
    order = np.argsort(row, kind="stable")
    row, values = row[order], values[order]
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    return row[starts], np.split(values, starts[1:])


def _distance(np: Any, x: Any, y: Any) -> int:
    if len(x) < len(y):
        x, y = y, x
    steps = np.arange(len(y) + 1)
    row = steps
    for number, element in enumerate(x, 1):
        new = np.empty_like(row)
        new[0] = number
        np.minimum(row[1:] + 1, row[:-1] + (y != element), out=new[1:])
        # An insertion costs one for each step to the right.
        row = np.minimum.accumulate(new - steps) + steps
    return int(row[-1])


@export("edit_distance")
def edit_distance(
    hypothesis: Any, truth: Any, normalize: bool = True, name: str = "edit_distance"
) -> Tensor:
    """The Levenshtein distances of the sequences in the rows of two sparse tensors, float32.

    Args:
      hypothesis, truth: sparse, of one dtype and rank (2 or more), in row-major order; sequences
        are along the last axis.
      normalize: whether a distance is divided by the length of the true sequence, which gives
        infinity where that is empty and the other is not.

    Returns the distances without the last axis, each other axis the longer of both. Raises
    TypeError where one is not sparse.
    """
    if not isinstance(hypothesis, (SparseTensor, SparseTensorValue)):
        raise TypeError("Hypothesis must be a SparseTensor.")
    if not isinstance(truth, (SparseTensor, SparseTensorValue)):
        raise TypeError("Truth must be a SparseTensor.")
    hypothesis, truth = sparse_tensor(hypothesis), sparse_tensor(truth)
    return raw.EditDistance(
        hypothesis.indices,
        hypothesis.values,
        hypothesis.dense_shape,
        truth.indices,
        truth.values,
        truth.dense_shape,
        normalize=normalize,
        name=name,
    )
