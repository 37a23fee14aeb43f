"""Axes in another order, and elements of an axis in another order."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shapes_of_tensors import rank_tensor


class Transpose(Op):
    """A tensor with its axes in another order: axis i of the result is axis `perm[i]` of `x`."""

    inputs, outputs = ("x: T", "perm: Tperm"), ("y: T",)
    may_alias = True
    T: DType
    Tperm: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"perm": "value"}
    value_shapes = {"perm": (None,)}

    def infer(self, x: Shape, perm: Any) -> Shape:
        if perm is None:
            return None if x is None else (None,) * len(x)
        if x is None and perm.size < 2:
            # One element may mean a scalar as well as a vector: both stay as they are.
            return None
        rank = perm.size if x is None else len(x)
        x = with_rank(x, rank)
        if perm.size != rank:
            raise ShapeError(f"Dimension must be {rank} but is {perm.size}", read=())
        for axis in perm.tolist():
            if axis >= rank:
                raise ShapeError(f"perm dim {axis} is out of range of input rank {rank}")
        return tuple([x[axis] for axis in perm.tolist()])

    def forward(self, np: Any, x: Any, perm: Any) -> Any:
        _check_permutation(x, perm)
        return np.transpose(x, perm.tolist())

    def backward(self, op: Any, dy: Tensor) -> list[Any]:
        return [transpose(dy, invert_permutation(op.inputs[1])), None]


def _check_permutation(x: Any, perm: Any) -> None:
    if perm.ndim != 1:
        raise errors.InvalidArgumentError(
            None, None, f"perm must be a vector, not [{','.join(map(str, perm.shape))}]"
        )
    rank = x.ndim
    if perm.size != rank:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"transpose expects a vector of size {rank}. But input(1) is a vector of size "
            f"{perm.size}",
        )
    axes = perm.tolist()
    for axis in axes:
        if not 0 <= axis < rank:
            raise errors.InvalidArgumentError(None, None, f"{axis} is out of range [0 .. {rank})")
    for axis in range(rank):
        if axis not in axes:
            listed = ",".join(str(a) for a in axes)
            raise errors.InvalidArgumentError(None, None, f"{axis} is missing from {{{listed}}}.")


class ConjugateTranspose(Transpose):
    """A tensor with its axes in another order, and conjugate elements."""

    T: DType
    Tperm: DType = attr(INT32, INT64, default=INT32)

    def forward(self, np: Any, x: Any, perm: Any) -> Any:
        _check_permutation(x, perm)
        return np.conjugate(np.transpose(x, perm.tolist()))

    def backward(self, op: Any, dy: Tensor) -> list[Any]:
        perm = invert_permutation(op.inputs[1])
        return [transpose(dy, perm, conjugate=True), None]


@export("transpose")
def transpose(a: Any, perm: Any = None, name: str = "transpose", conjugate: bool = False) -> Tensor:
    """`a` with its axes in another order: axis i of the result is axis `perm[i]` of `a`.

    Without `perm` the order is turned round. `conjugate` also takes the conjugates of complex
    elements. Raises ValueError where `perm` does not fit the rank.
    """
    with name_scope(name, "transpose", [a]) as scope:
        make = raw.ConjugateTranspose if conjugate and a.dtype.is_complex else raw.Transpose
        if perm is not None:
            result = make(a, perm, name=scope)
            length = (result.op.inputs[1]._shape or (None,))[0]
            if result._shape is None and length is not None and length >= 2:
                result.set_shape((None,) * length)
            return result
        a = convert_to_tensor(a, name="a")
        if a._rank:
            return make(a, list(range(a._rank))[::-1], name=scope)
        rank = raw.Rank(a)
        result = make(a, (rank - 1) - raw.Range(0, rank, 1), name=scope)
        if a._shape is not None:
            result.set_shape(a._shape[::-1])
        return result


@export("matrix_transpose", "linalg.matrix_transpose", "linalg.transpose")
def matrix_transpose(a: Any, name: str = "matrix_transpose", conjugate: bool = False) -> Tensor:
    """Matrices [..., m, n] with rows and columns exchanged: [..., n, m].

    Raises ValueError where `a` is known to have fewer than two axes.
    """
    with name_scope(name, None, [a]):
        a = convert_to_tensor(a, name="a")
        rank = a._rank
        if rank is None:
            rank = rank_tensor(a)
            outer = raw.Range(0, rank - 2, 1)
            order = raw.ConcatV2([outer, [rank - 1, rank - 2]], 0, name="concat")
            return transpose(a, perm=order, conjugate=conjugate)
        if rank < 2:
            raise ValueError(
                f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {a.get_shape()}"
            )
        return transpose(a, [*range(rank - 2), rank - 1, rank - 2], conjugate=conjugate)


class InvertPermutation(Op):
    """Where each number is: `y[x[i]] = i`."""

    inputs, outputs = ("x: T",), ("y: T",)
    T: DType = attr(INT32, INT64, default=INT32)
    backward = None

    def infer(self, x: Shape) -> Shape:
        return with_rank(x, 1)

    def forward(self, np: Any, x: Any) -> Any:
        if x.ndim != 1:
            raise errors.InvalidArgumentError(None, None, "invert_permutation expects a 1D vector.")
        if ((x < 0) | (x >= x.size)).any():
            wrong = x[(x < 0) | (x >= x.size)][0]
            raise errors.InvalidArgumentError(None, None, f"{wrong} is not between 0 and {x.size}")
        counts = np.bincount(x, minlength=x.size)
        if (counts > 1).any():
            seen: set[int] = set()
            for number in x.tolist():
                if number in seen:
                    raise errors.InvalidArgumentError(
                        None, None, f"{number} is duplicated in the input."
                    )
                seen.add(number)
        y = np.empty_like(x)
        y[x] = np.arange(x.size, dtype=x.dtype)
        return y


@export("invert_permutation", "math.invert_permutation")
def invert_permutation(x: Any, name: str | None = None) -> Tensor:
    """The inverse of a permutation of 0, 1, ..., n - 1: `y[x[i]] = i`, [n].

    Raises InvalidArgumentError in a run whose `x` is no permutation.
    """
    return raw.InvertPermutation(x, name=name)
