"""Updates of variables by Ftrl, "follow the regularized leader"; see `training`."""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.ops.training import Claims, Locking, Sparse, Update


def _positive(number: Any) -> bool:
    return bool(number > 0)


def _not_negative(number: Any) -> bool:
    return bool(number >= 0)


def _not_positive(number: Any) -> bool:
    return bool(number <= 0)


# What the numbers of a rule that divides by the rate must be.
CLAIMS = {
    "lr": ("lr is not a positive scalar", _positive),
    "l1": ("l1 regularization strength is not a non-negative scalar", _not_negative),
    "l2": ("l2 regularization strength is not a non-negative scalar", _not_negative),
    "l2_shrinkage": (
        "l2 shrinkage regularization strength is not a non-negative scalar",
        _not_negative,
    ),
    "lr_power": ("lr_power is not a non-positive scalar", _not_positive),
}


class Leader:
    """b = a + g²; z ← z + g − (bᵖ − aᵖ)/η θ; a ← b; θ ← (sign(z) l1 − z) / (bᵖ/η + 2 l2).

    p is −lr_power, ½ as a rule; θ is 0 where |z| ≤ l1. McMahan et al., "Ad Click Prediction: a View
    from the Trenches", 2013.
    """

    places = 3
    claims: ClassVar[Claims] = CLAIMS

    def led(self, np, var, accum, linear, grad, pull, lr, l1, l2, lr_power) -> tuple[Any, ...]:
        """The new values; `pull` is the gradient and what else z takes in."""
        total = accum + grad * grad
        before, after = (_raised(np, a, lr_power) for a in (accum, total))
        linear = linear + (pull - (after - before) / lr * var)
        shrunk = (l1 * np.sign(linear) - linear) / (after / lr + 2 * l2)
        return np.where(np.abs(linear) > l1, shrunk, np.zeros_like(var)), total, linear


class FtrlRule(Leader):
    """Ftrl where z takes in the gradient."""

    def rule(self, np, var, accum, linear, grad, lr, l1, l2, lr_power):
        return self.led(np, var, accum, linear, grad, grad, lr, l1, l2, lr_power)


class ShrunkFtrlRule(Leader):
    """Ftrl where z takes in 2 · l2_shrinkage · θ too, as if the loss had the term."""

    def rule(self, np, var, accum, linear, grad, lr, l1, l2, l2_shrinkage, lr_power):
        pull = grad + 2 * l2_shrinkage * var
        return self.led(np, var, accum, linear, grad, pull, lr, l1, l2, lr_power)


def _raised(np: Any, accum: Any, lr_power: Any) -> Any:
    return np.sqrt(accum) if lr_power == -0.5 else np.power(accum, -lr_power)


_REFS = ("var: Ref(T)", "accum: Ref(T)", "linear: Ref(T)", "grad: T")
_RESOURCES = ("var: resource", "accum: resource", "linear: resource", "grad: T")
_NUMBERS = ("lr: T", "l1: T", "l2: T", "lr_power: T")
_MORE_NUMBERS = ("lr: T", "l1: T", "l2: T", "l2_shrinkage: T", "lr_power: T")
_HANDLES = {"var": "handle", "accum": "handle", "linear": "handle"}


class ApplyFtrl(FtrlRule, Locking, Update):
    """Ftrl on a reference variable."""

    inputs, outputs = (*_REFS, *_NUMBERS), ("out: Ref(T)",)


class ResourceApplyFtrl(FtrlRule, Locking, Update):
    """Ftrl on a resource variable."""

    inputs = (*_RESOURCES, *_NUMBERS)
    infer_from = _HANDLES
    writes = ("var", "accum", "linear")
    stateful = True


class SparseApplyFtrl(FtrlRule, Locking, Sparse):
    """Ftrl on rows of a reference variable."""

    inputs, outputs = (*_REFS, "indices: Tindices", *_NUMBERS), ("out: Ref(T)",)


class ResourceSparseApplyFtrl(FtrlRule, Locking, Sparse):
    """Ftrl on rows of a resource variable."""

    inputs = (*_RESOURCES, "indices: Tindices", *_NUMBERS)
    infer_from = _HANDLES
    writes = ("var", "accum", "linear")
    stateful = True


class ApplyFtrlV2(ShrunkFtrlRule, Locking, Update):
    """Ftrl with shrinkage on a reference variable."""

    inputs, outputs = (*_REFS, *_MORE_NUMBERS), ("out: Ref(T)",)


class ResourceApplyFtrlV2(ShrunkFtrlRule, Locking, Update):
    """Ftrl with shrinkage on a resource variable."""

    inputs = (*_RESOURCES, *_MORE_NUMBERS)
    infer_from = _HANDLES
    writes = ("var", "accum", "linear")
    stateful = True


class SparseApplyFtrlV2(ShrunkFtrlRule, Locking, Sparse):
    """Ftrl with shrinkage on rows of a reference variable."""

    inputs, outputs = (*_REFS, "indices: Tindices", *_MORE_NUMBERS), ("out: Ref(T)",)


class ResourceSparseApplyFtrlV2(ShrunkFtrlRule, Locking, Sparse):
    """Ftrl with shrinkage on rows of a resource variable."""

    inputs = (*_RESOURCES, "indices: Tindices", *_MORE_NUMBERS)
    infer_from = _HANDLES
    writes = ("var", "accum", "linear")
    stateful = True
