"""The gamma function's logarithm and its derivatives, and the Hurwitz zeta function."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DOUBLE, FLOAT
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.broadcasting import BroadcastNodes
from tflite_edu.ops.elementwise import FLOATS, Binary, Unary
from tflite_edu.ops.reductions import reduce_sum

# Bernoulli numbers B2, B4, ..., B20.
_BERNOULLI = (
    *(1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510),
    *(43867 / 798, -174611 / 330),
)
# Coefficients of Stirling's series of log gamma, and of the asymptotic series of its derivative.
_STIRLING = tuple(b / (2 * k * (2 * k - 1)) for k, b in enumerate(_BERNOULLI[:8], 1))
_ASYMPTOTIC = tuple(b / (2 * k) for k, b in enumerate(_BERNOULLI[:8], 1))
_EULER = 0.57721566490153286061


def _zeta_less_one(s: int) -> float:
    """Riemann's zeta(s) - 1 for s > 1: a sum, and Euler and Maclaurin's formula for the rest."""
    last = 30
    total = sum(n**-s for n in range(last - 1, 1, -1))
    total += last ** (1 - s) / (s - 1) + last**-s / 2
    term = s * float(last) ** (-s - 1)
    for k, bernoulli in enumerate(_BERNOULLI[:4], 1):
        total += bernoulli / math.factorial(2 * k) * term
        term *= (s + 2 * k - 1) * (s + 2 * k) / last**2
    return total


# log gamma(2 + z) = z (1 - Euler's constant) + sum over k of (-1)^k (zeta(k) - 1) z^k / k.
_SERIES = (0.0, 1 - _EULER, *((-1) ** k * _zeta_less_one(k) / k for k in range(2, 28)))


def _near_two(z: Any) -> Any:
    """log gamma(2 + z) for |z| up to 1/2."""
    total = _SERIES[-1]
    for coefficient in _SERIES[-2::-1]:
        total = total * z + coefficient
    return total


def _stirling(np: Any, x: Any) -> Any:
    """log gamma(x) for x of 10 and more, by Stirling's series."""
    inverse = 1 / (x * x)
    series = 0.0
    for k in range(7, 0, -1):
        series = series * inverse + _BERNOULLI[k - 1] / (2 * k * (2 * k - 1))
    return (x - 0.5) * np.log(x) - x + 0.5 * math.log(2 * math.pi) + series / x


def _log_gamma(np: Any, x: Any) -> Any:
    """log gamma(x) for positive x."""
    small = np.clip(x, 0, 2.5)
    # gamma(2 + z) = (1 + z) gamma(1 + z) = (1 + z) z gamma(z), whichever brings z near 0.
    z = small - np.where(small < 0.5, 0, np.where(small < 1.5, 1, 2))
    near = _near_two(z)
    near = np.where(small < 1.5, near - np.log1p(z), near)
    near = np.where(small < 0.5, near - np.log(np.where(small < 0.5, small, 1)), near)
    middle = np.clip(x, 2.5, 10)
    product = middle
    for step in range(1, 8):
        product = product * (middle + step)
    between = _stirling(np, middle + 8) - np.log(product)
    # The second line is inf for an infinite x, where Stirling's formula would give NaN.
    large = _stirling(np, np.clip(x, 10, 1e300))
    large = np.where(x > 1e300, x * (np.log(np.maximum(x, 1)) - 1), large)
    return np.where(x < 2.5, near, np.where(x < 10, between, large))


def _log_gamma_narrow(np: Any, x: Any) -> Any:
    """log gamma(x) for positive x: Stirling's series at x + 8, exact to 1e-14 of max(1, x log x).

    That is within what float32 can tell, also next to the zeros at 1 and 2.
    """
    # gamma(x + 8) / gamma(x) = x (x + 7) (x + 1) (x + 6) ..., whose factors come in pairs.
    y = x + 7
    y *= x
    product = y + 6
    product *= y
    product *= y + 10
    product *= y + 12
    wide = x + 8
    series = 1 / wide
    inverse = series * series
    series *= _horner(_STIRLING, inverse)
    total = np.log(wide)
    total *= x + 7.5
    total -= wide
    total += series
    total += 0.5 * math.log(2 * math.pi)
    total -= np.log(product)
    # 0 at 1 and 2, infinity at infinity.
    special = ~(np.abs(total) > 1e-12)
    if special.any():
        total = np.where(special, np.where(x < 3, 0, x), total)
    return total


def _horner(coefficients: tuple[float, ...], x: Any) -> Any:
    total = x * coefficients[-1]
    total += coefficients[-2]
    for coefficient in coefficients[-3::-1]:
        total *= x
        total += coefficient
    return total


class Lgamma(Unary):
    """The logarithm of the absolute value of the gamma function of each element."""

    T = attr(*FLOATS)

    def forward(self, np: Any, x: Any) -> Any:
        wide = np.asarray(x).astype(np.float64)
        negative = wide < 0
        log_gamma = _log_gamma if x.dtype == np.float64 else _log_gamma_narrow
        if not negative.any():
            return log_gamma(np, wide).astype(x.dtype)
        y = log_gamma(np, np.where(negative, 1 - wide, wide))
        # Euler's reflection: gamma(x) gamma(1 - x) = pi / sin(pi x).
        sine = np.abs(np.sin(math.pi * (wide - np.rint(wide))))
        y = np.where(negative, math.log(math.pi) - np.log(sine) - y, y)
        pole = (wide <= 0) & (wide == np.floor(wide))
        return np.where(pole | np.isinf(wide), np.inf, y).astype(x.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Digamma(op.inputs[0])


@export("math.lgamma", "lgamma")
def lgamma(x: Any, name: str | None = None) -> Tensor:
    """`log(abs(gamma(x)))`, element by element; infinite at 0, -1, -2, ..."""
    return raw.Lgamma(x, name=name)


@export("math.lbeta", "lbeta")
def lbeta(x: Any, name: str | None = None) -> Tensor:
    """The logarithm of the multivariate beta function over the last axis.

    `sum(lgamma(x)) - lgamma(sum(x))` (the Dirichlet distribution's normalizing constant); `x` is
    `[..., k]`, floating and positive, the result `[...]`.
    """
    with name_scope(name, "lbeta", [x]):
        x = convert_to_tensor(x, name="x")
        of_each = reduce_sum(raw.Lgamma(x), axis=[-1])
        return of_each - raw.Lgamma(reduce_sum(x, axis=[-1]))


class Digamma(Unary):
    """The derivative of the logarithm of the gamma function at each element."""

    T = attr(*FLOATS)

    def forward(self, np: Any, x: Any) -> Any:
        return _digamma(np, np.asarray(x).astype(np.float64)).astype(x.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        x = op.inputs[0]
        with control_dependencies([gradient]):
            return gradient * raw.Polygamma(constant(1, dtype=x.dtype), x)


def _digamma_of_positive(np: Any, x: Any) -> Any:
    """psi(x) from the asymptotic series at x + 10, less 1 / x + ... + 1 / (x + 9)."""
    # x (x + 9), (x + 1) (x + 8), ... are y, y + 8, ...; the sum of their reciprocals times 2 x + 9.
    y = x + 9
    y *= x
    reciprocals = 1 / y
    for shift in (8, 14, 18, 20):
        reciprocals += 1 / (y + shift)
    reciprocals *= 2 * x + 9
    wide = x + 10
    half = 0.5 / wide
    inverse = half * half
    inverse *= 4
    series = _horner(_ASYMPTOTIC, inverse)
    series *= inverse
    total = np.log(wide)
    total -= half
    total -= series
    total -= reciprocals
    total = np.where(x < 1e100, total, np.log(x))
    return np.where(x == 0, np.inf, total)


def _digamma(np: Any, x: Any) -> Any:
    negative = x < 0
    if not negative.any():
        return _digamma_of_positive(np, x)
    pole = (x <= 0) & (x == np.floor(x))
    total = _digamma_of_positive(np, np.where(negative, 1 - x, x))
    # psi(1 - x) - psi(x) = pi / tan(pi x).
    angle = math.pi * (x - np.rint(x))
    total = np.where(negative, total - math.pi / np.tan(angle), total)
    return np.where(pole | np.isinf(x), np.inf, total)


@export("math.digamma", "digamma")
def digamma(x: Any, name: str | None = None) -> Tensor:
    """The derivative of `lgamma` at each element; infinite at 0, -1, -2, ..."""
    return raw.Digamma(x, name=name)


class Zeta(Binary):
    """Hurwitz's zeta function, the sum over n >= 0 of (q + n)^-x."""

    inputs = ("x: T", "q: T")
    T = attr(FLOAT, DOUBLE)

    def forward(self, np: Any, x: Any, q: Any) -> Any:
        return _zeta(np, np.asarray(x, np.float64), np.asarray(q, np.float64)).astype(x.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, q = op.inputs
        back = BroadcastNodes(x, q)
        with control_dependencies([gradient]):
            partial = -x * raw.Zeta(x + 1, q)
            return None, back.y(partial * gradient)


def _zeta(np: Any, x: Any, q: Any) -> Any:
    """A sum of 10 terms, more while q is negative, and Euler and Maclaurin's formula."""
    x, q = np.broadcast_arrays(x, q)
    whole = q == np.floor(q)
    pole = (q <= 0) & whole
    undefined = (x < 1) | (q <= 0) & ~whole & (x != np.floor(x)) | np.isnan(x) | np.isnan(q)
    valid = (x > 1) & ~pole & ~undefined
    s, a = np.where(valid, x, 2.0), np.where(valid, q, 1.0)
    total = np.power(a, -s)
    for step in range(max(9, 10 - int(a.min(initial=0)))):
        more = (step < 9) | (a <= 9)
        a = np.where(more, a + 1, a)
        total += np.where(more, np.power(a, -s), 0)
    last = np.power(a, -s)
    total += last * a / (s - 1) - 0.5 * last
    term = s * last / a
    for k, bernoulli in enumerate(_BERNOULLI, 1):
        total += bernoulli / math.factorial(2 * k) * term
        term *= (s + 2 * k - 1) * (s + 2 * k) / (a * a)
    total = np.where(undefined, np.nan, np.where(pole | (x == 1), np.inf, total))
    return total


@export("math.zeta", "zeta")
def zeta(x: Any, q: Any, name: str | None = None) -> Tensor:
    """Hurwitz's zeta function, the sum of `(q + n) ** -x` over n = 0, 1, ...; shapes broadcast.

    float32 or float64; infinite at `x` = 1, NaN below. It has a gradient for `q` only.
    """
    return raw.Zeta(x, q, name=name)


class Polygamma(Binary):
    """The derivative of order `a` of the digamma function."""

    inputs = ("a: T", "x: T")
    T = attr(FLOAT, DOUBLE)

    def forward(self, np: Any, a: Any, x: Any) -> Any:
        order, wide = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(x, np.float64))
        sign = np.where(np.mod(order, 2) == 0, -1.0, 1.0)
        factorial = np.exp(_log_gamma(np, np.where(order >= 0, order, 0) + 1))
        y = sign * factorial * _zeta(np, order + 1, wide)
        y = np.where(order == 0, _digamma(np, wide), y)
        defined = (order >= 0) & (order == np.floor(order))
        return np.where(defined, y, np.nan).astype(a.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        a, x = op.inputs
        back = BroadcastNodes(a, x)
        with control_dependencies([gradient]):
            partial = raw.Polygamma(a + 1, x)
            return None, back.y(partial * gradient)


@export("math.polygamma", "polygamma")
def polygamma(a: Any, x: Any, name: str | None = None) -> Tensor:
    """The derivative of order `a` of `digamma` at `x`; shapes broadcast.

    float32 or float64; NaN unless `a` is a whole number of at least 0. It has a gradient for `x`
    only.
    """
    return raw.Polygamma(a, x, name=name)
