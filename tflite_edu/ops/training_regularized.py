"""Updates of variables by optimizers that pull weights to zero, and by Adadelta.

A rule of one of these solves a small problem exactly: what it adds to the loss, l1 · |θ| + l2 · θ²,
is not differentiated, so weights become exactly zero. See `training` for what a rule is.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.ops.training import Claims, Locking, Sparse, Update, any_value
from tflite_edu.ops.training_ftrl import CLAIMS

_STRENGTHS = {
    "l1": ("l1 regularization strength is not a scalar", any_value),
    "l2": ("l2 regularization strength is not a scalar", any_value),
}


class AdadeltaRule:
    """a ← ρ a + (1 − ρ) g²; δ = √(u + ε)/√(a + ε) g; θ ← θ − η δ; u ← ρ u + (1 − ρ) δ².

    Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.
    """

    places = 3

    def rule(self, np, var, accum, accum_update, lr, rho, epsilon, grad):
        accum = accum * rho + grad * grad * (1 - rho)
        step = np.sqrt(accum_update + epsilon) * (1 / np.sqrt(accum + epsilon)) * grad
        return var - step * lr, accum, accum_update * rho + step * step * (1 - rho)


class ApplyAdadelta(AdadeltaRule, Locking, Update):
    """Adadelta on a reference variable."""

    inputs = (
        *("var: Ref(T)", "accum: Ref(T)", "accum_update: Ref(T)"),
        *("lr: T", "rho: T", "epsilon: T", "grad: T"),
    )
    outputs = ("out: Ref(T)",)


class ResourceApplyAdadelta(AdadeltaRule, Locking, Update):
    """Adadelta on a resource variable."""

    inputs = (
        *("var: resource", "accum: resource", "accum_update: resource"),
        *("lr: T", "rho: T", "epsilon: T", "grad: T"),
    )
    infer_from = {"var": "handle", "accum": "handle", "accum_update": "handle"}
    writes = ("var", "accum", "accum_update")
    stateful = True


class SparseApplyAdadelta(AdadeltaRule, Locking, Sparse):
    """Adadelta on rows of a reference variable."""

    inputs = (
        *("var: Ref(T)", "accum: Ref(T)", "accum_update: Ref(T)"),
        *("lr: T", "rho: T", "epsilon: T", "grad: T", "indices: Tindices"),
    )
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyAdadelta(AdadeltaRule, Locking, Sparse):
    """Adadelta on rows of a resource variable."""

    inputs = (
        *("var: resource", "accum: resource", "accum_update: resource"),
        *("lr: T", "rho: T", "epsilon: T", "grad: T", "indices: Tindices"),
    )
    infer_from = {"var": "handle", "accum": "handle", "accum_update": "handle"}
    writes = ("var", "accum", "accum_update")
    stateful = True


def _thresholded(np: Any, numerator: Any, l1: Any, divisor: Any) -> Any:
    """What is left of a number whose magnitude is made smaller by `l1`, at most to 0."""
    return np.sign(numerator) * np.maximum(np.abs(numerator) - l1, 0) / divisor


class ProximalGradientDescentRule:
    """w = θ − η g; θ ← sign(w) max(|w| − η l1, 0) / (1 + η l2).

    Duchi and Singer, "Efficient Learning using Forward-Backward Splitting", 2009.
    """

    claims: ClassVar[Claims] = _STRENGTHS

    def rule(self, np, var, alpha, l1, l2, gradient, *_):
        moved = var - gradient * alpha
        divisor = 1 + l2 * alpha
        return (_thresholded(np, moved, alpha * l1, divisor) if l1 > 0 else moved / divisor,)


class ApplyProximalGradientDescent(ProximalGradientDescentRule, Locking, Update):
    """Gradient descent with shrinking on a reference variable."""

    inputs = ("var: Ref(T)", "alpha: T", "l1: T", "l2: T", "delta: T")
    outputs = ("out: Ref(T)",)


class ResourceApplyProximalGradientDescent(ProximalGradientDescentRule, Locking, Update):
    """Gradient descent with shrinking on a resource variable."""

    inputs = ("var: resource", "alpha: T", "l1: T", "l2: T", "delta: T")
    infer_from = {"var": "handle"}
    writes = ("var",)
    stateful = True


class SparseApplyProximalGradientDescent(ProximalGradientDescentRule, Locking, Sparse):
    """Gradient descent with shrinking on rows of a reference variable."""

    claims: ClassVar[Claims] = {**_STRENGTHS, "alpha": ("lr is not a scalar", any_value)}

    inputs = ("var: Ref(T)", "alpha: T", "l1: T", "l2: T", "grad: T", "indices: Tindices")
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyProximalGradientDescent(ProximalGradientDescentRule, Locking, Sparse):
    """Gradient descent with shrinking on rows of a resource variable."""

    claims: ClassVar[Claims] = {**_STRENGTHS, "alpha": ("lr is not a scalar", any_value)}

    inputs = ("var: resource", "alpha: T", "l1: T", "l2: T", "grad: T", "indices: Tindices")
    infer_from = {"var": "handle"}
    writes = ("var",)
    stateful = True


class ProximalAdagradRule:
    """a ← a + g²; the step of `ProximalGradientDescentRule` with η/√a in place of η."""

    places = 2
    claims: ClassVar[Claims] = CLAIMS

    def rule(self, np, var, accum, lr, l1, l2, grad):
        accum = accum + grad * grad
        rate = lr * (1 / np.sqrt(accum))
        moved = var - grad * rate
        divisor = 1 + l2 * rate
        return (_thresholded(np, moved, rate * l1, divisor) if l1 > 0 else moved / divisor), accum


class ApplyProximalAdagrad(ProximalAdagradRule, Locking, Update):
    """Adagrad with shrinking on a reference variable."""

    inputs = ("var: Ref(T)", "accum: Ref(T)", "lr: T", "l1: T", "l2: T", "grad: T")
    outputs = ("out: Ref(T)",)


class ResourceApplyProximalAdagrad(ProximalAdagradRule, Locking, Update):
    """Adagrad with shrinking on a resource variable."""

    inputs = ("var: resource", "accum: resource", "lr: T", "l1: T", "l2: T", "grad: T")
    infer_from = {"var": "handle", "accum": "handle"}
    writes = ("var", "accum")
    stateful = True


class SparseApplyProximalAdagrad(ProximalAdagradRule, Locking, Sparse):
    """Adagrad with shrinking on rows of a reference variable."""

    inputs = (
        *("var: Ref(T)", "accum: Ref(T)", "lr: T", "l1: T", "l2: T", "grad: T"),
        "indices: Tindices",
    )
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyProximalAdagrad(ProximalAdagradRule, Locking, Sparse):
    """Adagrad with shrinking on rows of a resource variable."""

    inputs = (
        *("var: resource", "accum: resource", "lr: T", "l1: T", "l2: T", "grad: T"),
        "indices: Tindices",
    )
    infer_from = {"var": "handle", "accum": "handle"}
    writes = ("var", "accum")
    stateful = True


class AdagradDARule:
    """s ← s + g; a ← a + g²; θ ← −η sign(s) max(|s| − l1 t, 0) / (η l2 t + √a), t the step.

    The dual averaging form of Duchi, Hazan and Singer, 2011: θ depends on sums of all gradients.
    """

    places = 3
    claims: ClassVar[Claims] = _STRENGTHS

    def rule(self, np, var, gradients, squares, grad, lr, l1, l2, global_step):
        gradients = gradients + grad
        squares = squares + grad * grad
        step = global_step.astype(var.dtype)
        divisor = l2 * step * lr + np.sqrt(squares)
        if l1 > 0:
            shrunk = np.sign(gradients) * np.maximum(np.abs(gradients) - l1 * step, 0)
        else:
            shrunk = gradients
        return lr * -shrunk / divisor, gradients, squares


class ApplyAdagradDA(AdagradDARule, Locking, Update):
    """Adagrad with dual averaging on a reference variable."""

    inputs = (
        *("var: Ref(T)", "gradient_accumulator: Ref(T)", "gradient_squared_accumulator: Ref(T)"),
        *("grad: T", "lr: T", "l1: T", "l2: T", "global_step: int64"),
    )
    outputs = ("out: Ref(T)",)


class ResourceApplyAdagradDA(AdagradDARule, Locking, Update):
    """Adagrad with dual averaging on a resource variable."""

    inputs = (
        *("var: resource", "gradient_accumulator: resource"),
        *("gradient_squared_accumulator: resource", "grad: T", "lr: T", "l1: T", "l2: T"),
        "global_step: int64",
    )
    infer_from = {
        "var": "handle",
        "gradient_accumulator": "handle",
        "gradient_squared_accumulator": "handle",
    }
    writes = ("var", "gradient_accumulator", "gradient_squared_accumulator")
    stateful = True


class SparseApplyAdagradDA(AdagradDARule, Locking, Sparse):
    """Adagrad with dual averaging on rows of a reference variable."""

    inputs = (
        *("var: Ref(T)", "gradient_accumulator: Ref(T)", "gradient_squared_accumulator: Ref(T)"),
        *("grad: T", "indices: Tindices", "lr: T", "l1: T", "l2: T", "global_step: int64"),
    )
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyAdagradDA(AdagradDARule, Locking, Sparse):
    """Adagrad with dual averaging on rows of a resource variable."""

    inputs = (
        *("var: resource", "gradient_accumulator: resource"),
        *("gradient_squared_accumulator: resource", "grad: T", "indices: Tindices"),
        *("lr: T", "l1: T", "l2: T", "global_step: int64"),
    )
    infer_from = {
        "var": "handle",
        "gradient_accumulator": "handle",
        "gradient_squared_accumulator": "handle",
    }
    writes = ("var", "gradient_accumulator", "gradient_squared_accumulator")
    stateful = True
