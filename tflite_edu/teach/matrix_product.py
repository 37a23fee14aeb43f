"""`tf.teach.matmul_derivative`: a product's derivative in full, and two products in its place."""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.autodiff.gradients import gradients
from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import float64
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph
from tflite_edu.ops.constants import placeholder
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.runtime.session import Session
from tflite_edu.teach.jacobians import jacobian
from tflite_edu.teach.text_table import aligned, array_text, named

_MOST_NUMBERS = 1_000_000


class MatmulDerivative:
    """The derivatives of Z = X · W in full and in short; `print` shows them.

    `dZ_dX` [n, m, n, k] and `dZ_dW` [n, m, k, m] are the full tensors, for X [n, k] and W [k, m].
    `dX`, `dW` are dZ·Wᵀ and Xᵀ·dZ; `dX_in_full`, `dW_in_full` the same from the full tensors, as
    sums over all elements of Z.
    """

    def __init__(
        self,
        X: numpy.ndarray,
        W: numpy.ndarray,
        dZ: numpy.ndarray,
        dZ_dX: numpy.ndarray,
        dZ_dW: numpy.ndarray,
        dX: numpy.ndarray,
        dW: numpy.ndarray,
    ) -> None:
        self.X, self.W, self.Z, self.dZ = X, W, X @ W, dZ
        self.dZ_dX, self.dZ_dW, self.dX, self.dW = dZ_dX, dZ_dW, dX, dW
        self.dX_in_full = numpy.tensordot(dZ, dZ_dX, 2)
        self.dW_in_full = numpy.tensordot(dZ, dZ_dW, 2)

    @property
    def agrees(self) -> bool:
        """Whether the full tensors give what the two products give, up to rounding."""
        return bool(
            numpy.allclose(self.dX, self.dX_in_full, 1e-9, 1e-12)
            and numpy.allclose(self.dW, self.dW_in_full, 1e-9, 1e-12)
        )

    def __str__(self) -> str:
        (n, k), m = self.X.shape, self.W.shape[1]
        lines = [f"Z = X · W with X [{n}, {k}], W [{k}, {m}], Z [{n}, {m}]"]
        for name, array in (("X", self.X), ("W", self.W), ("Z", self.Z), ("dZ = ∂L/∂Z", self.dZ)):
            lines += named(name, array, 2)
        for letter, full, law in (
            ("X", self.dZ_dX, "∂Z[i,j]/∂X[a,b] = W[b,j] where a = i, else 0"),
            ("W", self.dZ_dW, "∂Z[i,j]/∂W[a,b] = X[i,a] where b = j, else 0"),
        ):
            shape = ", ".join(map(str, full.shape))
            zeros = int((full == 0).sum())
            lines += [
                "",
                f"∂Z/∂{letter} in full: [{shape}], {full.size:,} numbers, {zeros:,} of them 0",
                f"  {law}",
            ]
            if full.size <= 144:
                matrix = full.reshape(n * m, -1)
                lines.append("  a row for each element of Z, a column for each of " + letter)
                lines += [f"    {row}" for row in array_text(matrix, 144).split("\n")]
        lines += ["", "What flows back, in short and in full"]
        lines += named("dX = dZ·Wᵀ", self.dX, 2)
        lines += named("dW = Xᵀ·dZ", self.dW, 2)
        same = "the same" if self.agrees else "NOT the same"
        lines.append(f"  dZ times ∂Z/∂X and ∂Z/∂W, summed over all elements of Z: {same}")
        rows = [
            ["", "numbers to hold", "multiplications"],
            ["in full", f"{self.dZ_dX.size + self.dZ_dW.size:,}", f"{n * m * (n * k + k * m):,}"],
            ["two products", f"{self.dX.size + self.dW.size:,}", f"{2 * n * m * k:,}"],
        ]
        return "\n".join([*lines, "", *aligned(rows)])

    __repr__ = __str__


@export("teach.matmul_derivative")
def matmul_derivative(X: Any, W: Any, dZ: Any = None) -> MatmulDerivative:
    """The full derivative of a matrix product beside dX = dZ·Wᵀ and dW = Xᵀ·dZ, in float64.

    Both come from a graph: the full tensors by one backward pass for each element of Z = X · W, the
    two products by one pass that starts from `dZ`.

    Args:
      X: a matrix [n, k].
      W: a matrix [k, m].
      dZ: the gradient of a loss by Z, [n, m]; ones if None.

    Raises ValueError where the shapes do not fit or the tensors would hold over a million numbers.
    """
    x, w = numpy.array(X, numpy.float64), numpy.array(W, numpy.float64)
    if x.ndim != 2 or w.ndim != 2 or x.shape[1] != w.shape[0]:
        raise ValueError(
            f"X and W must be matrices [n, k] and [k, m], and they have shapes {list(x.shape)} and "
            f"{list(w.shape)}."
        )
    shape = (x.shape[0], w.shape[1])
    size = shape[0] * shape[1] * (x.size + w.size)
    if size > _MOST_NUMBERS:
        raise ValueError(
            f"In full the derivative of [{x.shape[0]}, {x.shape[1]}] · [{w.shape[0]}, "
            f"{w.shape[1]}] has {size:,} numbers. Take smaller matrices."
        )
    dz = numpy.ones(shape) if dZ is None else numpy.array(dZ, numpy.float64)
    if dz.shape != shape:
        raise ValueError(f"dZ must have the shape of Z, {list(shape)}, not {list(dz.shape)}.")
    graph = Graph()
    with graph.as_default(), Session(graph=graph) as session:
        tensors = placeholder(float64, x.shape), placeholder(float64, w.shape)
        feeds = dict(zip(tensors, (x, w)))
        product = matmul(*tensors)
        dx, dw = session.run(gradients(product, list(tensors), constant(dz)), feeds)
        by_x, by_w = (jacobian(product, tensor, feeds, session) for tensor in tensors)
    return MatmulDerivative(x, w, dz, by_x, by_w, dx, dw)
