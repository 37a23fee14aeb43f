"""Samples of elementwise arithmetic, comparison, logic, casts and their gradients."""

from .sample import Sample, boolean, c64, f16, f32, f64, i32, i64, ramp, text, u8, wave

NAN, INF = float("nan"), float("inf")
SPECIAL = f32([NAN, INF, -INF, 0.0, -0.0, 1e30, -1e-30])


def unary(low, high, integers=False, complexes=False, smooth=True):
    """Samples of a function of one tensor whose domain holds [low, high]."""
    samples = [
        Sample([ramp([2, 3], low, high)], differentiable=smooth),
        Sample([ramp([5], low, high, "float32")], differentiable=False),
        Sample([ramp([], low, high, "float16")], differentiable=False),
        Sample([f32([[], []])]),
        Sample([SPECIAL], differentiable=False),
    ]
    if integers:
        samples += [Sample([i32([-3, 0, 7])]), Sample([i64([[-5], [2**40]])])]
    if complexes:
        samples.append(Sample([c64([0.5 + 0.25j, -1.5 + 2j])], differentiable=False))
    return samples


def binary(x, y, integers=True, complexes=True, smooth=True):
    """Samples of a function of two tensors that broadcast; `x` and `y` are [2, 3] of float64."""
    samples = [
        Sample([x, y], differentiable=smooth),
        Sample([x.astype("float32"), y[0].astype("float32")], differentiable=smooth),
        Sample([x[:, :1], y[1]], differentiable=smooth),
        Sample([x.astype("float16"), y[0, 0].astype("float16")], differentiable=False),
        Sample([f32([]), f32(2.0)]),
        Sample([x.reshape(2, 1, 3), y[:, :1]], differentiable=False),
    ]
    if integers:
        samples.append(Sample([i32([[7, -7], [8, -8]]), i32([3, -3])]))
        samples.append(Sample([i64(2**40 + 1), i64([3, 7])]))
    if complexes:
        y = c64([2.0 + 0j, -1j])
        samples.append(Sample([c64([1 + 2j, -0.5 + 1j]), y], differentiable=False))
    return samples


def gradient(y, dy, complexes=False):
    """Samples of a gradient operation of an output (or input) and an incoming gradient."""
    samples = [
        Sample([y, dy]),
        Sample([y.astype("float32"), dy.astype("float32")], differentiable=False),
        Sample([y[0, 0].astype("float16"), dy[0, 0].astype("float16")], differentiable=False),
        Sample([f32([]), f32([])]),
    ]
    if complexes:
        pair = [c64([0.5 + 0.25j, -1.5 + 2j]), c64([1 - 1j, 2 + 0.5j])]
        samples.append(Sample(pair, differentiable=False))
    return samples


def comparison():
    return [
        Sample([f32([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]), f32([2.0, 2.0, 2.0])]),
        Sample([f64([NAN, INF, -0.0]), f64([NAN, INF, 0.0])], differentiable=False),
        Sample([i32([1, 2, 3]), i32(2)]),
        Sample([u8([1, 255]), u8([[2], [255]])]),
        Sample([f16([]), f16(1.0)]),
    ]


def equality():
    return [
        *comparison(),
        Sample([boolean([True, False]), boolean([True, True])]),
        Sample([text(b"a"), text([b"a", b"b"])]),
        Sample([c64([1 + 1j, 2]), c64([1 + 1j, 3])]),
    ]


def logic():
    return [
        Sample([boolean([[True], [False]]), boolean([True, False])]),
        Sample([boolean(True), boolean(False)]),
        Sample([boolean([]), boolean([])]),
    ]


X, Y = wave([2, 3]), wave([2, 3], start=11)
POSITIVE = abs(X) + 0.3
BETWEEN = ramp([2, 3], 0.1, 0.9)

# Points where floor, ceil and round are flat.
SPREAD = f64([[-2.3, -1.7, -0.4], [0.3, 1.2, 2.6]])
HALVES = f32([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
ROUNDING = [
    Sample([SPREAD]),
    Sample([HALVES], differentiable=False),
    Sample([f16(1.5)], differentiable=False),
    Sample([SPECIAL], differentiable=False),
]


def cast(value, destination, **attrs):
    return Sample([value], dict(attrs, DstT=destination), differentiable=value.dtype == "float64")


SAMPLES = {
    "Abs": unary(-2.1, 1.9, integers=True),
    "Neg": unary(-2.0, 2.0, integers=True, complexes=True),
    "Sign": unary(-2.1, 1.9, integers=True, complexes=True),
    "Reciprocal": unary(0.4, 3.0, complexes=True),
    "Inv": unary(0.4, 3.0, complexes=True),
    "Square": unary(-2.0, 2.0, integers=True, complexes=True),
    "Sqrt": unary(0.2, 4.0, complexes=True),
    "Rsqrt": unary(0.2, 4.0, complexes=True),
    "Exp": unary(-2.0, 2.0, complexes=True),
    "Expm1": unary(-2.0, 2.0),
    "Log": unary(0.2, 4.0, complexes=True),
    "Log1p": unary(-0.5, 4.0),
    "Sin": unary(-2.0, 2.0, complexes=True),
    "Cos": unary(-2.0, 2.0, complexes=True),
    "Tan": unary(-1.2, 1.2),
    "Asin": unary(-0.8, 0.8),
    "Acos": unary(-0.8, 0.8),
    "Atan": unary(-2.0, 2.0),
    "Sinh": unary(-2.0, 2.0),
    "Cosh": unary(-2.0, 2.0),
    "Tanh": unary(-2.0, 2.0, complexes=True),
    "Asinh": unary(-2.0, 2.0),
    "Acosh": unary(1.3, 4.0),
    "Atanh": unary(-0.8, 0.8),
    "Sigmoid": unary(-3.0, 3.0, complexes=True),
    "Erf": unary(-2.0, 2.0),
    "Erfc": unary(-2.0, 2.0),
    "Lgamma": unary(0.3, 4.0),
    "Digamma": unary(0.3, 4.0),
    "Zeta": [
        Sample([f64([2.5, 3.0]), f64([[1.0], [2.5]])]),
        Sample([f32([1.0, 0.5, 2.0]), f32([2.0, 2.0, -1.0])], differentiable=False),
    ],
    "Polygamma": [
        Sample([f64([1.0, 2.0]), f64([[1.5], [2.5]])]),
        Sample([f32([0.0, 1.0]), f32([2.0, -1.0])], differentiable=False),
    ],
    "Floor": ROUNDING,
    "Ceil": ROUNDING,
    "Rint": ROUNDING,
    "Round": [*ROUNDING, Sample([i32([-1, 2])])],
    "IsNan": [Sample([SPECIAL]), Sample([f64(1.0)]), Sample([f16([NAN, INF])])],
    "IsInf": [Sample([SPECIAL]), Sample([f64(1.0)]), Sample([f16([NAN, INF])])],
    "IsFinite": [Sample([SPECIAL]), Sample([f64(1.0)]), Sample([f16([NAN, INF])])],
    "LogicalNot": [Sample([boolean([[True, False]])]), Sample([boolean(True)])],
    "LogicalAnd": logic(),
    "LogicalOr": logic(),
    "ReciprocalGrad": gradient(POSITIVE, Y),
    "InvGrad": gradient(POSITIVE, Y),
    "SqrtGrad": gradient(POSITIVE, Y),
    "RsqrtGrad": gradient(POSITIVE, Y),
    "TanhGrad": gradient(BETWEEN, Y, complexes=True),
    "SigmoidGrad": gradient(BETWEEN, Y, complexes=True),
    "Add": [*binary(X, Y), Sample([text([b"a", b"b"]), text(b"c")])],
    "AddV2": binary(X, Y),
    "Sub": binary(X, Y),
    "Mul": binary(X, Y),
    "Div": [*binary(X, Y), Sample([f32([1.0, -1.0, 0.0]), f32(0.0)], differentiable=False)],
    "RealDiv": [
        *binary(X, Y, integers=False),
        Sample([f32([1.0, -1.0, 0.0]), f32(0.0)], differentiable=False),
    ],
    "FloorDiv": [
        *binary(X, Y, complexes=False, smooth=False),
        Sample([f32([1.0, -1.0, 0.0]), f32(0.0)], differentiable=False),
        Sample([i32([1, 2]), i32([1, 0])]),
        Sample([i32([]), i32(0)]),
    ],
    "TruncateDiv": [Sample([i32([[7, -7], [8, -8]]), i32([3, -3])]), Sample([u8([7, 250]), u8(3)])],
    "FloorMod": [
        *binary(X, Y, complexes=False, smooth=False),
        Sample([i32([1, 2]), i32([1, 0])]),
        Sample([i32([]), i32(0)]),
    ],
    "Mod": binary(X, Y, complexes=False, smooth=False),
    "TruncateMod": binary(X, Y, complexes=False, smooth=False),
    "Pow": [
        *binary(POSITIVE, Y, integers=False),
        Sample([i32([2, -3, 5]), i32([3, 3, 0])]),
        Sample([f32([0.0, -2.0, 0.0, -8.0]), f32([0.0, 2.0, -1.0, 0.5])], differentiable=False),
        Sample([i32([2]), i32([-1])]),
    ],
    "Maximum": [
        *binary(X, Y, complexes=False),
        Sample([f32([NAN, 1.0, 0.0]), f32([1.0, NAN, -0.0])], differentiable=False),
    ],
    "Minimum": [
        *binary(X, Y, complexes=False),
        Sample([f32([NAN, 1.0, 0.0]), f32([1.0, NAN, -0.0])], differentiable=False),
    ],
    "SquaredDifference": binary(X, Y),
    "Atan2": [
        Sample([X, POSITIVE]),
        Sample([f32([0.0, -0.0, 1.0, -1.0]), f32([-1.0, -1.0, 0.0, 0.0])], differentiable=False),
    ],
    "DivNoNan": [
        Sample([X, Y]),
        Sample([f32([1.0, 0.0, NAN]), f32([0.0, 0.0, 0.0])], differentiable=False),
        Sample([X[:, :1], Y[0]]),
    ],
    "MulNoNan": [
        Sample([X, Y]),
        Sample([f32([INF, NAN, 2.0]), f32([0.0, 0.0, 3.0])], differentiable=False),
    ],
    "Xdivy": [
        Sample([X, Y]),
        Sample([f32([0.0, 1.0]), f32([0.0, 0.0])], differentiable=False),
        Sample([X[:, :1], Y[0]]),
    ],
    "Xlogy": [
        Sample([X, POSITIVE]),
        Sample([f32([0.0, 1.0]), f32([0.0, 0.0])], differentiable=False),
        Sample([X[:, :1], POSITIVE[0]]),
    ],
    "Less": comparison(),
    "LessEqual": comparison(),
    "Greater": comparison(),
    "GreaterEqual": comparison(),
    "Equal": equality(),
    "NotEqual": equality(),
    "ApproximateEqual": [
        Sample([f32([1.0, 1.1, NAN]), f32([1.05, 1.0, NAN])], {"tolerance": 0.08}),
        Sample([f64([]), f64([])]),
    ],
    "Select": [
        Sample([boolean([[True, False, True], [False, False, True]]), X, Y]),
        Sample([boolean([True, False]), X, Y]),
        Sample([boolean(True), X, Y]),
        Sample([boolean(False), i32(1), i32(2)]),
        Sample([boolean([]), f32([]), f32([])]),
    ],
    "SelectV2": [
        Sample([boolean([[True, False, True], [False, False, True]]), X, Y]),
        Sample([boolean([[True], [False]]), X, Y[0]]),
        Sample([boolean(True), X, Y[:, :1]]),
        Sample([boolean([True, False]), i32(1), i32(2)]),
    ],
    "Cast": [
        cast(f64([1.25, -2.5]), "float32"),
        cast(f64([1.25, -2.5, 300.7]), "int32"),
        cast(f32([1.5, -1.5, 2e9]), "int64"),
        cast(f32([0.1, 65504.0, 1e6, 1e-8]), "float16"),
        cast(f32([0.0, 0.5, NAN]), "bool"),
        cast(boolean([True, False]), "float32"),
        cast(i32([300, -1]), "uint8"),
        cast(i64([2**40 + 5]), "int32"),
        cast(i32([[1, 2]]), "float64"),
        cast(c64([1 + 2j]), "float32"),
        cast(f32([1.5]), "complex64"),
        cast(f32(2.0), "float32"),
        cast(u8([255]), "int8"),
        cast(f32([[]]), "int32"),
        cast(f64([1.0 + 2**-30]), "float32", Truncate=True),
    ],
    "Bitcast": [
        Sample([f32([1.0, -2.0])], {"type": "int32"}),
        Sample([i32([[1, 256]])], {"type": "uint8"}),
        Sample([u8([[0, 0, 128, 63]])], {"type": "float32"}),
    ],
    "Complex": [
        Sample([f32([1.0, 2.0]), f32([[0.5], [-1.0]])], differentiable=False),
        Sample([f64(1.0), f64(2.0)], {"Tout": "complex128"}, differentiable=False),
    ],
    "Real": [Sample([c64([1 + 2j, 3])], differentiable=False)],
    "Imag": [Sample([c64([1 + 2j, 3])], differentiable=False)],
    "Conj": [Sample([c64([[1 + 2j, -3j]])], differentiable=False)],
    "Angle": [Sample([c64([1 + 2j, -3j])], differentiable=False)],
    "ComplexAbs": [Sample([c64([3 + 4j, 0])], differentiable=False)],
    "AddN": [
        Sample([[X, Y, X]]),
        Sample([[f32(1.0)]]),
        Sample([[i32([1, 2]), i32([3, 4])]]),
        Sample([[f32([]), f32([])]]),
        Sample([[f16([0.1, 2.0])] * 9], differentiable=False),
    ],
    "AccumulateNV2": [Sample([[X, Y, X]], {"shape": [2, 3]})],
    "Cumsum": [
        Sample([X, i32(0)]),
        Sample([X, i32(-1)], {"exclusive": True}),
        Sample([X, i64(1)], {"reverse": True}),
        Sample([i32([1, 2, 3]), i32(0)], {"exclusive": True, "reverse": True}),
        Sample([f32([]), i32(0)]),
        Sample([X, i32(2)]),
    ],
    "Cumprod": [
        Sample([X, i32(0)]),
        Sample([X, i32(-1)], {"exclusive": True}),
        Sample([X, i64(1)], {"reverse": True}),
        Sample([i32([1, 2, 3]), i32(0)], {"exclusive": True, "reverse": True}),
    ],
    "Cross": [Sample([X, Y]), Sample([i32([1, 0, 0]), i32([0, 1, 0])])],
    "BroadcastGradientArgs": [
        Sample([i32(x), i32(y)])
        for x, y in (
            ([2, 3], [3]),
            ([2, 1], [1, 3]),
            ([], [2]),
            ([2], [2]),
            ([1], [1]),
            ([4, 1, 1], [1, 5]),
        )
    ]
    + [Sample([i64([2, 1]), i64([3])])],
    "BroadcastArgs": [Sample([i32([2, 1]), i32([3])]), Sample([i64([]), i64([4])])],
    "ClipByValue": [
        Sample([X, f64(-1.0), f64(1.1)]),
        Sample([X, X - 0.5, X + 0.25]),
        Sample([f32([NAN, 5.0, -5.0]), f32(-1.0), f32(1.0)], differentiable=False),
        Sample([i32([[5], [-5]]), i32(-2), i32(3)]),
    ],
    "CheckNumerics": [
        Sample([X], {"message": "fine"}),
        Sample([f32([1.0, NAN])], {"message": "bad"}, differentiable=False),
        Sample([f16([INF, NAN])], {"message": "worse"}, differentiable=False),
    ],
    "Range": [
        Sample([i32(0), i32(5), i32(1)]),
        Sample([i32(5), i32(-1), i32(-2)]),
        Sample([f32(0.0), f32(1.0), f32(0.3)], differentiable=False),
        Sample([f64(1.0), f64(0.0), f64(-0.1)], differentiable=False),
        Sample([i64(3), i64(3), i64(1)]),
        Sample([i32(0), i32(5), i32(0)]),
        Sample([i32(0), i32(5), i32(-1)]),
    ],
    "LinSpace": [
        Sample([f32(0.0), f32(1.0), i32(4)], differentiable=False),
        Sample([f64(2.0), f64(-1.0), i32(7)], differentiable=False),
        Sample([f32(2.0), f32(5.0), i32(1)], differentiable=False),
    ],
}
