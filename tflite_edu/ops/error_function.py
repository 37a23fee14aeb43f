"""The error function and its complement, element by element.

The rational approximations for float64 and their coefficients are those of Sun Microsystems' fdlibm
(s_erf.c, 1993), which are exact to about one unit in the last place. Narrower types take one of
their own each, fitted to all arguments at once (W. J. Cody, 1969, shows the forms) and computed in
float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.elementwise import FLOATS, Unary

# erf(x) = x + x P(x^2) / Q(x^2) on [0, 0.84375].
_P = (
    *(1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02),
    *(-5.77027029648944159157e-03, -2.37630166566501626084e-05),
)
_Q = (
    *(1.0, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03),
    *(1.32494738004321644526e-04, -3.96022827877536812320e-06),
)
# erf(x) = _AT_ONE + P(x - 1) / Q(x - 1) on [0.84375, 1.25].
_AT_ONE = 8.45062911510467529297e-01
_P_ONE = (
    *(-2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01),
    *(3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02),
    -2.16637559486879084300e-03,
)
_Q_ONE = (
    *(1.0, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02),
    *(1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02),
)
# erfc(x) = exp(-x^2 - 0.5625 + R(1/x^2) / S(1/x^2)) / x on [1.25, 1/0.35].
_R_NEAR = (
    *(-9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e01),
    *(-6.23753324503260060396e01, -1.62396669462573470355e02, -1.84605092906711035994e02),
    *(-8.12874355063065934246e01, -9.81432934416914548592e00),
)
_S_NEAR = (
    *(1.0, 1.96512716674392571292e01, 1.37657754143519042600e02, 4.34565877475229228821e02),
    *(6.45387271733267880336e02, 4.29008140027567833386e02, 1.08635005541779435134e02),
    *(6.57024977031928170135e00, -6.04244152148580987438e-02),
)
# The same on [1/0.35, 28].
_R_FAR = (
    *(-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e01),
    *(-1.60636384855821916062e02, -6.37566443368389627722e02, -1.02509513161107724954e03),
    -4.83519191608651397019e02,
)
_S_FAR = (
    *(1.0, 3.03380607434824582924e01, 3.25792512996573918826e02, 1.53672958608443695994e03),
    *(3.19985821950859553908e03, 2.55305040643316442583e03, 4.74528541206955367215e02),
    -2.24409524465858183362e01,
)
# erf(x) = x P(x^2) / Q(x^2) for |x| up to 3.93, where float32 is 1: relative error 3e-9. This and
# the next are least-squares fits of the relative error on Chebyshev points.
_P_NARROW = (
    *(1.1283791696296426, 0.19253251641224542, 0.055608110202471535, 0.004199646064707094),
    *(0.00040654607912703357, 6.618023654922855e-06),
)
_Q_NARROW = (
    *(1.0, 0.5039609227827837, 0.11726779629460911, 0.01622602863303735, 0.00140961269142292),
    *(7.132057809420831e-05, 2.506825026437961e-07),
)
# erfc(x) = e^(-x^2) P(x) / Q(x) for x in [0, 11], where float32 is 0: relative error 1e-10.
_P_TAIL = (
    *(0.9999999999048048, 1.4410325873420617, 1.0092216679281913, 0.4075425668690626),
    *(0.09447507073468694, 0.010260150592671779),
)
_Q_TAIL = (
    *(1.0, 2.569411741619843, 2.9084926263311495, 1.872263744861689, 0.7314635074923087),
    *(0.16745177059556995, 0.01818566241244573),
)


def _polynomial(coefficients: Sequence[float], x: Any) -> Any:
    """The polynomial with these coefficients, the constant one first (Horner's scheme)."""
    total = x * coefficients[-1]
    total += coefficients[-2]
    for coefficient in coefficients[-3::-1]:
        total *= x
        total += coefficient
    return total


def _erf_small(x: Any) -> Any:
    """erf(x) for |x| up to 0.84375."""
    square = x * x
    return x + x * (_polynomial(_P, square) / _polynomial(_Q, square))


def _erf_near_one(x: Any) -> Any:
    """erf(x) - _AT_ONE for x in [0.84375, 1.25]."""
    return _polynomial(_P_ONE, x - 1) / _polynomial(_Q_ONE, x - 1)


def _erfc_large(np: Any, x: Any) -> Any:
    """erfc(x) for x in [1.25, 28]."""
    inverse = 1 / (x * x)
    ratio = np.where(
        x < 1 / 0.35,
        _polynomial(_R_NEAR, inverse) / _polynomial(_S_NEAR, inverse),
        _polynomial(_R_FAR, inverse) / _polynomial(_S_FAR, inverse),
    )
    # z has few bits, so z * z is exact and exp(-x * x) keeps its precision.
    z = x.astype(np.float32).astype(np.float64)
    return np.exp(-z * z - 0.5625) * np.exp((z - x) * (z + x) + ratio) / x


def _wide(np: Any, x: Any) -> Any:
    return np.asarray(x).astype(np.float64)


class Erf(Unary):
    """The error function of each element: 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x."""

    T = attr(*FLOATS)

    def forward(self, np: Any, x: Any) -> Any:
        wide = _wide(np, x)
        if x.dtype != np.float64:
            within = np.clip(wide, -3.93, 3.93)
            square = within * within
            within *= _polynomial(_P_NARROW, square)
            within /= _polynomial(_Q_NARROW, square)
            return within.astype(x.dtype)
        size = np.abs(wide)
        large = 1 - _erfc_large(np, np.clip(size, 1.25, 6.0))
        near = _AT_ONE + _erf_near_one(np.clip(size, 0.84375, 1.25))
        y = np.copysign(np.where(size < 1.25, near, large), wide)
        y = np.where(size < 0.84375, _erf_small(np.clip(wide, -0.84375, 0.84375)), y)
        return np.where(np.isnan(wide), wide, y).astype(x.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return _times_bell(op, gradient, 2 / math.sqrt(math.pi))


def _times_bell(op: Any, gradient: Tensor, factor: float) -> Tensor:
    """gradient times factor times e^(-x^2)."""
    x = op.inputs[0]
    scaled = gradient * constant(factor, dtype=gradient.dtype)
    with control_dependencies([gradient]):
        return scaled * raw.Exp(-raw.Square(x))


@export("math.erf", "erf")
def erf(x: Any, name: str | None = None) -> Tensor:
    """The error function of each element, 2 / sqrt(pi) times the integral of e^(-t^2) up to it."""
    return raw.Erf(x, name=name)


class Erfc(Unary):
    """The complement of the error function of each element, 1 - erf(x), exact where it is small."""

    T = attr(*FLOATS)

    def forward(self, np: Any, x: Any) -> Any:
        wide = _wide(np, x)
        if x.dtype != np.float64:
            size = np.minimum(np.abs(wide), 11.0)
            tail = np.exp(-size * size)
            tail *= _polynomial(_P_TAIL, size)
            tail /= _polynomial(_Q_TAIL, size)
            return np.where(wide < 0, 2 - tail, tail).astype(x.dtype)
        size = np.abs(wide)
        tail = _erfc_large(np, np.clip(size, 1.25, 28.0))
        near = (1 - _AT_ONE) - _erf_near_one(np.clip(size, 0.84375, 1.25))
        tail = np.where(size < 1.25, near, np.where(size < 28.0, tail, 0.0))
        y = np.where(wide < 0, 2 - tail, tail)
        small = np.clip(wide, -0.84375, 0.84375)
        y = np.where(size < 0.84375, 1 - _erf_small(small), y)
        return np.where(np.isnan(wide), wide, y).astype(x.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return _times_bell(op, gradient, -2 / math.sqrt(math.pi))


@export("math.erfc", "erfc")
def erfc(x: Any, name: str | None = None) -> Tensor:
    """`1 - erf(x)`, element by element, exact for large `x` as well."""
    return raw.Erfc(x, name=name)
