"""The update of a variable by one optimizer step: dense and sparse, reference and resource.

A rule is the arithmetic of one optimizer on arrays. Each op type applies a rule to whole variables
or to the rows that `indices` name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, ClassVar

from tflite_edu.core import inference
from tflite_edu.core.dtypes import INT32, INT64, NUMERIC, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.op import Op, attr

Claims = Mapping[str, tuple[str, Callable[[Any], bool]]]


class Update(Op, abstract=True):
    """A step of an optimizer on a variable and its slots, which are the first `places` inputs."""

    effect = "variable"
    places: ClassVar[int] = 1
    # What stands before the shape in the message on a number that is no scalar.
    colon: ClassVar[str] = ": "
    # Number -> (what the message on a wrong one begins with, whether a value is allowed).
    claims: ClassVar[Claims] = {}
    T: DType = attr(*NUMERIC)

    def rule(self, np, *values: Any) -> tuple[Any, ...]:
        """New values of the variable and its slots from the old ones and the other inputs."""
        raise NotImplementedError

    def infer(self, *given):
        shape = self._variable_shape(given)
        names = self.signature.input_names
        sparse = "indices" in names
        for name, other in list(zip(names, given, strict=True))[self.places :]:
            if name == "indices":
                inference.with_rank(other, 1)
            elif name not in _LARGE:
                inference.with_rank(other, 0)
            elif sparse:
                inference.merge(other[1:] if other else None, shape[1:] if shape else None)
            else:
                shape = inference.merge(shape, other)
        return shape if self.outputs else []

    def _variable_shape(self, given):
        shape = None
        for one in given[: self.places]:
            if not self.outputs:
                one = None if one is None else one[0]
            shape = inference.merge(shape, one)
        return shape

    def forward(self, host, *given):
        places = given[: self.places]
        with locked(places):
            values = [place.read() for place in places]
            renewed = self.renewed(host.np, values, given[self.places :])
            for place, value in zip(places, renewed, strict=True):
                place.write(value)
        return places[0] if self.outputs else ()

    def check(self, values, given):
        """Raises InvalidArgumentError on numbers that are no scalars and on shapes that differ."""
        names = self.signature.input_names
        for name, number in zip(names[self.places :], given, strict=True):
            if name not in _LARGE:
                claim, allowed = self.claims.get(name, (f"{name} is not a scalar", any_value))
                if number.shape or not allowed(number):
                    raise _invalid(f"{claim}{self.colon}{_listed(number.shape)}")
        var, *slots = values
        others = [*zip(names[1:], slots, strict=False)]
        others += [(n, g) for n, g in zip(names[self.places :], given, strict=True) if n in _LARGE]
        self.check_shapes(var, others)

    def check_shapes(self, var, others):
        for name, other in others:
            if other.shape != var.shape:
                raise _invalid(
                    f"var and {name} do not have the same shape{_listed(var.shape)} "
                    f"{_listed(other.shape)}"
                )

    def renewed(self, np, values, given):
        """What the variable and its slots hold after the step."""
        self.check(values, given)
        return self.rule(np, *values, *given)


def any_value(number: Any) -> bool:
    """Allows every number."""
    return True


# The inputs, besides variables, that are no scalars.
_LARGE = ("grad", "delta", "indices")


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _listed(shape: Sequence[int]) -> str:
    return f"[{','.join(str(dim) for dim in shape)}]"


@contextmanager
def locked(places: Any) -> Iterator[None]:
    """Holds the locks of several variables, taken in one order everywhere."""
    with ExitStack() as stack:
        for place in sorted(set(places), key=id):
            stack.enter_context(place.lock)
        yield


class Sparse(Update, abstract=True):
    """A step on the rows that `indices` name; a row named twice is updated twice, in order."""

    Tindices: DType = attr(INT32, INT64)

    def check_shapes(self, var, others):
        slots, given = others[: self.places - 1], dict(others[self.places - 1 :])
        super().check_shapes(var, slots)
        grad, indices = given["grad"], given["indices"]
        if not var.ndim:
            raise _invalid("var must be at least 1 dimensional")
        if indices.ndim != 1:
            raise _invalid("indices must be one-dimensional")
        for axis, size in enumerate(var.shape[1:], 1):
            if axis >= grad.ndim or grad.shape[axis] != size:
                raise _invalid(f"var and grad must match in dimension {axis}")
        if not grad.ndim or grad.shape[0] != indices.size:
            raise _invalid("grad must be the same size as indices in the first dimension.")

    def renewed(self, np, values, given):
        self.check(values, given)
        at = self.signature.input_names.index("indices") - self.places
        at_gradient = self.signature.input_names.index("grad") - self.places
        indices = np.asarray(given[at])
        full = [value.copy() for value in values]
        _check_indices(np, indices, full[0].shape[0])
        for chosen in _rounds(np, indices):
            rows = indices[chosen]
            numbers = [
                given[i][chosen] if i == at_gradient else value
                for i, value in enumerate(given)
                if i != at
            ]
            renewed = self.rule(np, *[f[rows] for f in full], *numbers)
            for array, new in zip(full, renewed, strict=True):
                array[rows] = new
        return full


def _check_indices(np, indices, rows):
    outside = (indices < 0) | (indices >= rows)
    if outside.any():
        where = int(np.argmax(outside))
        raise _invalid(f"Index {int(indices[where])} at offset {where} in indices is out of range")


def _rounds(np, indices):
    """Positions in `indices`, in groups within which no index repeats."""
    order = np.argsort(indices, kind="stable")
    ordered = indices[order]
    starts = np.r_[True, ordered[1:] != ordered[:-1]] if ordered.size else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(ordered.size), 0))
    occurrence = np.arange(ordered.size) - first
    for turn in range(int(occurrence.max(initial=-1)) + 1):
        yield np.sort(order[occurrence == turn])


class Locking:
    """The attribute that ends the common part of every update."""

    use_locking: bool = False


class GradientDescentRule:
    """θ ← θ − α δ."""

    def rule(self, np, var, alpha, delta):
        return (var - alpha * delta,)


class ApplyGradientDescent(GradientDescentRule, Locking, Update):
    """Gradient descent on a reference variable."""

    inputs, outputs = ("var: Ref(T)", "alpha: T", "delta: T"), ("out: Ref(T)",)


class ResourceApplyGradientDescent(GradientDescentRule, Locking, Update):
    """Gradient descent on a resource variable."""

    inputs = ("var: resource", "alpha: T", "delta: T")
    infer_from = {"var": "handle"}
    writes = ("var",)
    stateful = True


class MomentumRule:
    """a ← μ a + g; θ ← θ − η a, or with Nesterov's look ahead θ ← θ − η (g + μ a)."""

    places = 2
    use_nesterov: bool = False

    def rule(self, np, var, accum, lr, grad, momentum):
        accum = accum * momentum + grad
        step = grad * lr + accum * momentum * lr if self.use_nesterov else accum * lr
        return var - step, accum


class ApplyMomentum(MomentumRule, Locking, Update):
    """Momentum on a reference variable."""

    inputs = ("var: Ref(T)", "accum: Ref(T)", "lr: T", "grad: T", "momentum: T")
    outputs = ("out: Ref(T)",)


class ResourceApplyMomentum(MomentumRule, Locking, Update):
    """Momentum on a resource variable."""

    inputs = ("var: resource", "accum: resource", "lr: T", "grad: T", "momentum: T")
    infer_from = {"var": "handle", "accum": "handle"}
    writes = ("var", "accum")
    stateful = True


class SparseApplyMomentum(MomentumRule, Locking, Sparse):
    """Momentum on rows of a reference variable."""

    colon = " : "
    inputs = (
        *("var: Ref(T)", "accum: Ref(T)", "lr: T", "grad: T"),
        *("indices: Tindices", "momentum: T"),
    )
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyMomentum(MomentumRule, Locking, Sparse):
    """Momentum on rows of a resource variable."""

    colon = " : "
    inputs = (
        *("var: resource", "accum: resource", "lr: T", "grad: T"),
        *("indices: Tindices", "momentum: T"),
    )
    infer_from = {"var": "handle", "accum": "handle"}
    writes = ("var", "accum")
    stateful = True


class AdamRule:
    """m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η √(1 − β₂ᵗ)/(1 − β₁ᵗ) m/(√v + ε).

    Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, in the form at the end of its
    section 2.
    """

    places = 3
    colon = " : "
    use_nesterov: bool = False

    def rule(self, np, var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
        alpha = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
        m = m + (grad - m) * (1 - beta1)
        v = v + (grad * grad - v) * (1 - beta2)
        direction = grad * (1 - beta1) + beta1 * m if self.use_nesterov else m
        return var - direction * alpha / (np.sqrt(v) + epsilon), m, v


class ApplyAdam(AdamRule, Locking, Update):
    """Adam on a reference variable."""

    inputs = (
        *("var: Ref(T)", "m: Ref(T)", "v: Ref(T)", "beta1_power: T", "beta2_power: T"),
        *("lr: T", "beta1: T", "beta2: T", "epsilon: T", "grad: T"),
    )
    outputs = ("out: Ref(T)",)


class ResourceApplyAdam(AdamRule, Locking, Update):
    """Adam on a resource variable."""

    inputs = (
        *("var: resource", "m: resource", "v: resource", "beta1_power: T", "beta2_power: T"),
        *("lr: T", "beta1: T", "beta2: T", "epsilon: T", "grad: T"),
    )
    infer_from = {"var": "handle", "m": "handle", "v": "handle"}
    writes = ("var", "m", "v")
    stateful = True


class AdagradRule:
    """a ← a + g²; θ ← θ − η g/√a. Duchi, Hazan and Singer, 2011."""

    places = 2
    update_slots: bool = True

    def rule(self, np, var, accum, lr, grad):
        if self.update_slots:
            accum = accum + grad * grad
        return var - grad * lr / np.sqrt(accum), accum


class ApplyAdagrad(AdagradRule, Locking, Update):
    """Adagrad on a reference variable."""

    inputs, outputs = ("var: Ref(T)", "accum: Ref(T)", "lr: T", "grad: T"), ("out: Ref(T)",)


class ResourceApplyAdagrad(AdagradRule, Locking, Update):
    """Adagrad on a resource variable."""

    inputs = ("var: resource", "accum: resource", "lr: T", "grad: T")
    infer_from = {"var": "handle", "accum": "handle"}
    writes = ("var", "accum")
    stateful = True


class SparseApplyAdagrad(AdagradRule, Locking, Sparse):
    """Adagrad on rows of a reference variable."""

    inputs = ("var: Ref(T)", "accum: Ref(T)", "lr: T", "grad: T", "indices: Tindices")
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyAdagrad(AdagradRule, Locking, Sparse):
    """Adagrad on rows of a resource variable."""

    inputs = ("var: resource", "accum: resource", "lr: T", "grad: T", "indices: Tindices")
    infer_from = {"var": "handle", "accum": "handle"}
    writes = ("var", "accum")
    stateful = True


class RMSPropRule:
    """s ← s + (1 − ρ)(g² − s); m ← μ m + η g/√(s + ε); θ ← θ − m.

    Tieleman and Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012.
    """

    places = 3

    def rule(self, np, var, ms, mom, lr, rho, momentum, epsilon, grad):
        ms = ms + (grad * grad - ms) * (1 - rho)
        mom = mom * momentum + grad * lr / np.sqrt(ms + epsilon)
        return var - mom, ms, mom


class ApplyRMSProp(RMSPropRule, Locking, Update):
    """RMSProp on a reference variable."""

    colon = " : "
    inputs = (
        *("var: Ref(T)", "ms: Ref(T)", "mom: Ref(T)", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T"),
    )
    outputs = ("out: Ref(T)",)


class ResourceApplyRMSProp(RMSPropRule, Locking, Update):
    """RMSProp on a resource variable."""

    colon = " : "
    inputs = (
        *("var: resource", "ms: resource", "mom: resource", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T"),
    )
    infer_from = {"var": "handle", "ms": "handle", "mom": "handle"}
    writes = ("var", "ms", "mom")
    stateful = True


class SparseApplyRMSProp(RMSPropRule, Locking, Sparse):
    """RMSProp on rows of a reference variable."""

    inputs = (
        *("var: Ref(T)", "ms: Ref(T)", "mom: Ref(T)", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T", "indices: Tindices"),
    )
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyRMSProp(RMSPropRule, Locking, Sparse):
    """RMSProp on rows of a resource variable."""

    inputs = (
        *("var: resource", "ms: resource", "mom: resource", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T", "indices: Tindices"),
    )
    infer_from = {"var": "handle", "ms": "handle", "mom": "handle"}
    writes = ("var", "ms", "mom")
    stateful = True


class CenteredRMSPropRule:
    """RMSProp with the variance of the gradient, s − a² with a the mean gradient, in place of s."""

    places = 4

    def rule(self, np, var, mg, ms, mom, lr, rho, momentum, epsilon, grad):
        ms = ms + (grad * grad - ms) * (1 - rho)
        mg = mg + (grad - mg) * (1 - rho)
        mom = mom * momentum + grad * lr / np.sqrt(ms - mg * mg + epsilon)
        return var - mom, mg, ms, mom


class ApplyCenteredRMSProp(CenteredRMSPropRule, Locking, Update):
    """Centered RMSProp on a reference variable."""

    colon = " : "
    inputs = (
        *("var: Ref(T)", "mg: Ref(T)", "ms: Ref(T)", "mom: Ref(T)", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T"),
    )
    outputs = ("out: Ref(T)",)


class ResourceApplyCenteredRMSProp(CenteredRMSPropRule, Locking, Update):
    """Centered RMSProp on a resource variable."""

    colon = " : "
    inputs = (
        *("var: resource", "mg: resource", "ms: resource", "mom: resource", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T"),
    )
    infer_from = {"var": "handle", "mg": "handle", "ms": "handle", "mom": "handle"}
    writes = ("var", "mg", "ms", "mom")
    stateful = True


class SparseApplyCenteredRMSProp(CenteredRMSPropRule, Locking, Sparse):
    """Centered RMSProp on rows of a reference variable."""

    inputs = (
        *("var: Ref(T)", "mg: Ref(T)", "ms: Ref(T)", "mom: Ref(T)", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T", "indices: Tindices"),
    )
    outputs = ("out: Ref(T)",)


class ResourceSparseApplyCenteredRMSProp(CenteredRMSPropRule, Locking, Sparse):
    """Centered RMSProp on rows of a resource variable."""

    inputs = (
        *("var: resource", "mg: resource", "ms: resource", "mom: resource", "lr: T", "rho: T"),
        *("momentum: T", "epsilon: T", "grad: T", "indices: Tindices"),
    )
    infer_from = {"var": "handle", "mg": "handle", "ms": "handle", "mom": "handle"}
    writes = ("var", "mg", "ms", "mom")
    stateful = True
