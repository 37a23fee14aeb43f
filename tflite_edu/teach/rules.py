"""The rule by which each op type hands a gradient on: its formula, and a sentence a learner reads.

In formulas z is what the operation makes, x and y are what it takes, and dz, dx, dy stand for
∂L/∂z, ∂L/∂x, ∂L/∂y, L being the loss. The rules are those of TensorFlow's gradient functions, and
can be worked out with the tables of derivatives of any textbook.
"""

from __future__ import annotations

import inspect
from typing import NamedTuple

from tflite_edu.autodiff.registry import get_gradient_function
from tflite_edu.core.operation import Operation
from tflite_edu.teach.layer_nodes import ForwardNode


class Rule(NamedTuple):
    """What an op type computes and how its gradient goes on.

    `elementwise` says that element i of z depends on element i of x alone, so that the local
    gradient is one number for each element.
    """

    formula: str
    sentence: str
    elementwise: bool = False


def rule(operation: Operation) -> Rule:
    """The rule of one node; op types without a sentence say so."""
    op_type = operation.type
    by_hand = _made_by_hand(operation)
    if by_hand is not None:
        return by_hand
    override = operation.extra_attributes.get("_gradient_op_type")
    if override is not None:
        return Rule("", f"The script gives this node its own gradient, {override}.")
    for index, tensor in enumerate(operation._inputs):
        if tensor.op.type == "Const" and (op_type, index) in _WITH_CONSTANT:
            return _WITH_CONSTANT[op_type, index]
    found = RULES.get(op_type)
    if found is not None:
        return found
    if not operation._inputs:
        return Rule("", "A beginning: the gradient ends here.")
    try:
        function = get_gradient_function(operation)
    except LookupError:
        return Rule("", f"No gradient is defined for the op type {op_type}: it ends here.")
    if function is None:
        return Rule("", f"{op_type} passes no gradient on: small changes do not get through it.")
    return Rule("", f"There is no sentence for the op type {op_type} yet; its numbers are shown.")


def describe(operation: Operation) -> str:
    """The rule of one node in one line: the formula, then the sentence."""
    formula, sentence, _ = rule(operation)
    return f"{formula}. {sentence}" if formula else sentence


def label_of_layer(operation: Operation) -> str | None:
    """The name of the class that a script wrote for the node, if it is a `tf.teach.Layer`."""
    definition = operation.definition
    return definition.label if isinstance(definition, ForwardNode) else None


def _made_by_hand(operation: Operation) -> Rule | None:
    """The rule of a node whose `forward` and `backward` a script wrote: its own first words."""
    definition = operation.definition
    if not isinstance(definition, ForwardNode):
        return None
    kind = type(definition.layer)
    # A class without words of its own would show those of the class it builds on.
    text = kind.__dict__.get("__doc__")
    if not text:
        return Rule("", f"{kind.__name__} is the script's own: its backward gives the gradients.")
    return Rule("", " ".join(inspect.cleandoc(text).split("\n\n")[0].split()))


def _elementwise(rules: dict[str, tuple[str, str]]) -> dict[str, Rule]:
    return {op_type: Rule(*texts, elementwise=True) for op_type, texts in rules.items()}


_ADDS = ("z = x + y, dx = dz, dy = dz", "Addition passes the gradient on to both, unchanged.")
_DIVIDES = (
    "z = x / y, dx = dz / y, dy = −dz·x / y²",
    "Division scales the gradient of x by 1/y; y gets it with the other sign, by x/y².",
)
_LARGER = (
    "z = max(x, y), dx = dz where x ≥ y, else 0",
    "The maximum switches: all of the gradient goes to the larger input, none to the other.",
)
_SMALLER = (
    "z = min(x, y), dx = dz where x ≤ y, else 0",
    "The minimum switches: all of the gradient goes to the smaller input, none to the other.",
)
_CHOOSES = (
    "z = x where the condition holds, else y",
    "The condition switches: each element's gradient goes to the input it was taken from.",
)
_SAME = ("z = x, dx = dz", "The value and the gradient pass unchanged.")
_FLAT = ("dx = 0", "Steps are flat between their jumps: no gradient passes.")

# Arithmetic of two inputs; with broadcasting, the gradient of what was spread is summed back.
_TWO_INPUTS = _elementwise(
    {
        "Add": _ADDS,
        "AddV2": _ADDS,
        "AddN": (
            "z = Σ xᵢ, dxᵢ = dz",
            "Addition passes the gradient on to every input, unchanged.",
        ),
        "AccumulateNV2": ("z = Σ xᵢ, dxᵢ = dz", "Addition passes the gradient on to every input."),
        "Sub": (
            "z = x − y, dx = dz, dy = −dz",
            "Subtraction passes the gradient on to x, and to y with the other sign.",
        ),
        "Mul": (
            "z = x·y, dx = dz·y, dy = dz·x",
            "Multiplication hands each input the gradient times the other's value.",
        ),
        "MulNoNan": (
            "z = x·y (0 where y is 0), dx = dz·y, dy = dz·x",
            "Multiplication hands each input the gradient times the other's value.",
        ),
        "Div": _DIVIDES,
        "RealDiv": _DIVIDES,
        "DivNoNan": _DIVIDES,
        "SquaredDifference": (
            "z = (x − y)², dx = 2·dz·(x − y), dy = −dx",
            "The further apart the two, the larger the gradient, with opposite signs.",
        ),
        "Pow": (
            "z = x^y, dx = dz·y·x^(y−1), dy = dz·z·ln x",
            "A power scales the gradient by the exponent times the next lower power.",
        ),
        "Maximum": _LARGER,
        "Minimum": _SMALLER,
        "Select": _CHOOSES,
        "SelectV2": _CHOOSES,
        "Atan2": (
            "z = atan2(y, x), dy = dz·x/(x²+y²), dx = −dz·y/(x²+y²)",
            "The angle changes most near the origin.",
        ),
        "FloorMod": (
            "z = x mod y, dx = dz, dy = −dz·⌊x/y⌋",
            "Between its jumps a remainder grows as x does.",
        ),
        "Xlogy": (
            "z = x·ln y, dx = dz·ln y, dy = dz·x/y",
            "Each input gets the gradient times how fast the product grows with it.",
        ),
        "Xdivy": _DIVIDES,
        "Complex": ("z = x + i·y", "The real part goes to x, the imaginary part to y."),
    }
)

_ONE_INPUT = _elementwise(
    {
        "Neg": ("z = −x, dx = −dz", "Negation turns the sign of the gradient."),
        "Abs": ("z = |x|, dx = dz·sign(x)", "The gradient passes with the sign of x."),
        "Square": ("z = x², dx = 2·x·dz", "Squaring scales the gradient by twice the value."),
        "Sqrt": ("z = √x, dx = dz / (2·z)", "The nearer to 0, the larger the gradient."),
        "Rsqrt": ("z = 1/√x, dx = −dz·z³/2", "The nearer to 0, the larger, with a minus sign."),
        "Reciprocal": ("z = 1/x, dx = −dz·z²", "Inversion scales the gradient by −1/x²."),
        "Inv": ("z = 1/x, dx = −dz·z²", "Inversion scales the gradient by −1/x²."),
        "Exp": ("z = eˣ, dx = dz·z", "The exponential scales the gradient by its own value."),
        "Expm1": ("z = eˣ − 1, dx = dz·eˣ", "The exponential scales the gradient by eˣ."),
        "Log": ("z = ln x, dx = dz / x", "The logarithm divides the gradient by x."),
        "Log1p": ("z = ln(1 + x), dx = dz / (1 + x)", "The gradient is divided by 1 + x."),
        "Sin": ("z = sin x, dx = dz·cos x", "The sine scales the gradient by the cosine."),
        "Cos": ("z = cos x, dx = −dz·sin x", "The cosine scales it by minus the sine."),
        "Tan": ("z = tan x, dx = dz·(1 + z²)", "The tangent scales the gradient by 1 + z²."),
        "Asin": ("z = asin x, dx = dz / √(1 − x²)", "The gradient grows towards −1 and 1."),
        "Acos": ("z = acos x, dx = −dz / √(1 − x²)", "As of asin, with a minus sign."),
        "Atan": ("z = atan x, dx = dz / (1 + x²)", "Far from 0 the gradient fades."),
        "Sinh": ("z = sinh x, dx = dz·cosh x", "The gradient is scaled by cosh x."),
        "Cosh": ("z = cosh x, dx = dz·sinh x", "The gradient is scaled by sinh x."),
        "Asinh": ("z = asinh x, dx = dz / cosh z", "Far from 0 the gradient fades."),
        "Acosh": ("z = acosh x, dx = dz / sinh z", "Near 1 the gradient is large."),
        "Atanh": ("z = atanh x, dx = dz / (1 − x²)", "The gradient grows towards −1 and 1."),
        "Erf": ("z = erf x, dx = dz·(2/√π)·e^(−x²)", "Far from 0 the gradient fades."),
        "Erfc": ("z = 1 − erf x, dx = −dz·(2/√π)·e^(−x²)", "Far from 0 the gradient fades."),
        "Lgamma": ("z = ln Γ(x), dx = dz·ψ(x)", "The digamma function scales the gradient."),
        "Digamma": ("z = ψ(x), dx = dz·ψ′(x)", "The trigamma function scales the gradient."),
        "Sigmoid": (
            "z = 1/(1 + e⁻ˣ), dx = dz·z·(1 − z)",
            "The sigmoid multiplies the gradient by z(1 − z), which is 0.25 at most.",
        ),
        "Tanh": (
            "z = tanh x, dx = dz·(1 − z²)",
            "The tanh multiplies the gradient by 1 − z²: 1 at zero, almost 0 where saturated.",
        ),
        "Relu": (
            "z = max(x, 0), dx = dz where x > 0, else 0",
            "The ReLU switches: the gradient passes where x is positive and stops elsewhere.",
        ),
        "Relu6": (
            "z = min(max(x, 0), 6), dx = dz where 0 < x < 6, else 0",
            "The gradient passes between 0 and 6 and stops elsewhere.",
        ),
        "LeakyRelu": (
            "z = x where x > 0, else α·x",
            "The gradient passes where x is positive and is scaled by α elsewhere.",
        ),
        "Elu": (
            "z = x where x > 0, else eˣ − 1; dx = dz, or dz·(z + 1)",
            "The gradient passes where x is positive and fades below.",
        ),
        "Selu": (
            "z = λ·x where x > 0, else λ·α·(eˣ − 1)",
            "As ELU, scaled so that activations keep mean 0 and deviation 1.",
        ),
        "Softplus": (
            "z = ln(1 + eˣ), dx = dz·sigmoid(x)",
            "A smooth ReLU: the sigmoid says how much of the gradient passes.",
        ),
        "Softsign": ("z = x/(1 + |x|), dx = dz/(1 + |x|)²", "Far from 0 the gradient fades."),
        "Identity": _SAME,
        "IdentityN": _SAME,
        "Print": _SAME,
        "CheckNumerics": _SAME,
        "EnsureShape": _SAME,
        "PlaceholderWithDefault": _SAME,
        "ReadVariableOp": ("z = v, dv = dz", "Reading a variable: the gradient goes to it."),
        "Switch": ("z = x", "A conditional: only the branch that was taken sends a gradient back."),
        "RefSwitch": ("z = x", "A conditional: only the branch taken sends a gradient back."),
        "Merge": ("z = x of the branch taken", "The gradient goes to the branch that was taken."),
        "RefMerge": ("z = x of the branch taken", "The gradient goes to the branch taken."),
        "Cast": ("z = x in another type", "The gradient is cast back to the type of x."),
        "Conj": ("z = x̄", "The gradient is conjugated."),
        "Real": ("z = Re x", "The gradient goes to the real part."),
        "Imag": ("z = Im x", "The gradient goes to the imaginary part."),
        "Floor": _FLAT,
        "Ceil": _FLAT,
        "Round": _FLAT,
        "Rint": _FLAT,
        "Sign": _FLAT,
        "FloorDiv": _FLAT,
        "TruncateDiv": _FLAT,
        "PreventGradient": ("z = x", "The script forbids a gradient here: asking for one fails."),
        "SigmoidGrad": (
            "z = dy·y·(1 − y)",
            "A gradient node of a sigmoid, differentiated once more: by dy, and by y.",
        ),
        "TanhGrad": (
            "z = dy·(1 − y²)",
            "A gradient node of a tanh, differentiated once more: by dy, and by y.",
        ),
        "ReluGrad": ("z = dy where y > 0, else 0", "The same switch once more."),
    }
)

_PUT_BACK = "Elements only change places: each gradient goes back to where its value came from."
_COPY_OF_PART = "What was taken gets its gradient, everything else gets 0."
_CUT = "Each input gets the part of the gradient that belongs to it."
_ROWS = (
    "z[i] = x[indices[i]], dx[indices[i]] += dz[i]",
    "Only the rows that were looked up get a gradient; a row used twice gets the sum.",
)
_NORMALIZED = (
    "z = γ·(x − μ)/√(σ² + ε) + β, dγ = Σ dz·x̂, dβ = Σ dz",
    "In training μ and σ depend on x too: mean and trend of the gradient are taken out of dx.",
)
_SEGMENT_SUM = ("z[s] = Σ x of segment s", "Each row gets the gradient of its segment, copied.")
_SEGMENT_SWITCH = (
    "z[s] = largest or smallest x of segment s",
    "A switch: the row that won its segment gets the gradient.",
)
_INDEX = ("z = where the extremum is", "A place jumps: no gradient passes.")
_MAX_POOL = (
    "z = max of a window",
    "A switch in each window: the largest element gets the gradient, the others 0.",
)
_MEAN_POOL = ("z = mean of a window", "Each element of a window gets the gradient / window size.")
_MATRICES = (
    "Z = X·W, dX = dZ·Wᵀ, dW = Xᵀ·dZ",
    "Each input gets the gradient times the other, transposed so that the shapes fit.",
)
_CONVOLVED = (
    "z = x ∗ w, dx = dz convolved with w turned round, dw = x correlated with dz",
    "A weight is used at every place: its gradient is the sum over all places and examples.",
)

_RESIZED = (
    "z = x at another size, each pixel a weighted mean of near ones of x",
    "Each pixel of x gets the gradients of what it was mixed into, with the same weights.",
)
_REPLACED = "What was put in gets the gradient of its place; what it covers gets none."

_SHAPES_AND_PLACES = {
    "Reshape": Rule("z = x in another shape", "The gradient is reshaped back."),
    "ExpandDims": Rule("z = x with an axis of size 1 more", "The gradient is reshaped back."),
    "Squeeze": Rule("z = x without axes of size 1", "The gradient is reshaped back."),
    "Transpose": Rule("z = xᵀ, dx = dzᵀ", "The gradient is transposed back."),
    "ConjugateTranspose": Rule("z = conjugate of xᵀ", "The gradient is transposed back."),
    "Concat": Rule("z = [x, y, …]", _CUT),
    "ConcatV2": Rule("z = [x, y, …]", _CUT),
    "Pack": Rule("z = stack of x, y, …", _CUT),
    "Unpack": Rule("z₁, z₂, … = slices of x", "The gradients of the slices are stacked again."),
    "Split": Rule("z₁, z₂, … = parts of x", "The gradients of the parts are joined again."),
    "SplitV": Rule("z₁, z₂, … = parts of x", "The gradients of the parts are joined again."),
    "Slice": Rule("z = a part of x", _COPY_OF_PART),
    "StridedSlice": Rule("z = x[…]", _COPY_OF_PART),
    "Pad": Rule("z = x with a border", "The border's gradient is cut off."),
    "PadV2": Rule("z = x with a border", "The border's gradient is cut off."),
    "MirrorPad": Rule(
        "z = x with a mirrored border", "What the border mirrors gets its share too."
    ),
    "Tile": Rule("z = copies of x", "The gradients of all copies are summed."),
    "BroadcastTo": Rule("z = x spread to a shape", "The gradient is summed back."),
    "Fill": Rule("z = one number everywhere, dx = Σ dz", "The gradients of all copies are summed."),
    "Reverse": Rule("z = x turned round", "The gradient is turned round too."),
    "ReverseV2": Rule("z = x turned round", "The gradient is turned round too."),
    "ReverseSequence": Rule("z = x turned round", "The gradient is turned round too."),
    "Roll": Rule("z = x moved round", "The gradient is moved back."),
    "SpaceToDepth": Rule("z = blocks of x as channels", _PUT_BACK),
    "DepthToSpace": Rule("z = channels of x as blocks", _PUT_BACK),
    "SpaceToBatch": Rule("z = blocks of x as examples", _PUT_BACK),
    "SpaceToBatchND": Rule("z = blocks of x as examples", _PUT_BACK),
    "BatchToSpace": Rule("z = examples of x as blocks", _PUT_BACK),
    "BatchToSpaceND": Rule("z = examples of x as blocks", _PUT_BACK),
    "Diag": Rule("z = a matrix with x on its diagonal", _COPY_OF_PART),
    "DiagPart": Rule("z = the diagonal of x", _COPY_OF_PART),
    "MatrixDiag": Rule("z = matrices with x on their diagonals", _COPY_OF_PART),
    "MatrixDiagPart": Rule("z = the diagonals of x", _COPY_OF_PART),
    "MatrixBandPart": Rule("z = x near its diagonal, else 0", _COPY_OF_PART),
    "Gather": Rule(*_ROWS),
    "GatherV2": Rule(*_ROWS),
    "GatherNd": Rule(*_ROWS),
    "ResourceGather": Rule(*_ROWS),
    "ResourceGatherNd": Rule(*_ROWS),
    "ScatterNd": Rule("z[indices] += x", "Each update gets the gradient of its place."),
    "TensorScatterUpdate": Rule("z = x with z[indices] = y", _REPLACED),
    "TensorScatterAdd": Rule("z = x, z[indices] += y", "x gets dz, y the gradient of its place."),
    "TensorScatterSub": Rule("z = x, z[indices] −= y", "x gets dz; y −dz of its place."),
    "MatrixSetDiag": Rule("z = x with y on its diagonal", _REPLACED),
    "DynamicPartition": Rule("z₁, z₂, … = groups of rows of x", _PUT_BACK),
    "DynamicStitch": Rule("z = rows of x, y, … put together", _PUT_BACK),
    "SparseToDense": Rule("z[indices] = values", "Each value gets the gradient of its place."),
    "TopKV2": Rule("z = the k largest of x", "A switch: the k largest get their gradients."),
}

_SUMS_AND_PRODUCTS = {
    "Sum": Rule("z = Σ x, dx = dz", "A sum copies its gradient to every element."),
    "Mean": Rule(
        "z = Σ x / n, dx = dz / n", "A mean copies its gradient, divided by n, to every element."
    ),
    "Max": Rule(
        "z = max x",
        "The maximum switches: the largest element gets the gradient; equal ones share it.",
    ),
    "Min": Rule(
        "z = min x",
        "The minimum switches: the smallest element gets the gradient; equal ones share it.",
    ),
    "Prod": Rule(
        "z = Π x, dxᵢ = dz·Π of the others", "Each element gets the product of all the others."
    ),
    "Cumsum": Rule("zᵢ = x₁ + … + xᵢ", "Each element gets the gradients of all later sums."),
    "Cumprod": Rule("zᵢ = x₁·…·xᵢ", "Each element gets its share of all later products."),
    "L2Loss": Rule("z = Σ x² / 2, dx = dz·x", "Each element gets itself: weights decay to 0."),
    "SegmentSum": Rule(*_SEGMENT_SUM),
    "UnsortedSegmentSum": Rule(*_SEGMENT_SUM),
    "SparseSegmentSum": Rule(*_SEGMENT_SUM),
    "SegmentMean": Rule("z[s] = mean of segment s", "Each row gets the gradient / its number."),
    "SparseSegmentMean": Rule("z[s] = mean of segment s", "Each row gets the gradient / number."),
    "SparseSegmentSqrtN": Rule("z[s] = Σ x / √n", "Each row gets the gradient / √n."),
    "SegmentMax": Rule(*_SEGMENT_SWITCH),
    "SegmentMin": Rule(*_SEGMENT_SWITCH),
    "UnsortedSegmentMax": Rule(*_SEGMENT_SWITCH),
    "UnsortedSegmentMin": Rule(*_SEGMENT_SWITCH),
    "UnsortedSegmentProd": Rule(
        "z[s] = Π x of segment s", "Each row gets the product of the rest."
    ),
    "ArgMax": Rule(*_INDEX),
    "ArgMin": Rule(*_INDEX),
    "MatMul": Rule(*_MATRICES),
    "BatchMatMul": Rule(*_MATRICES),
    "BatchMatMulV2": Rule(*_MATRICES),
    "SparseMatMul": Rule(*_MATRICES),
    "Cross": Rule("z = x × y, dx = y × dz, dy = dz × x", "Each input gets a cross product."),
}

_NETWORKS = {
    "BiasAdd": Rule(
        "z = x + b, dx = dz, db = Σ dz",
        "Addition passes the gradient on; b was used at every place, so its gradient is the sum.",
    ),
    "BiasAddV1": Rule("z = x + b, dx = dz, db = Σ dz", "Addition passes the gradient on."),
    "Softmax": Rule(
        "z = eˣ / Σ eˣ, dx = z·(dz − Σ dz·z)",
        "The outputs sum to 1: what one gains, the others lose.",
    ),
    "LogSoftmax": Rule(
        "z = x − ln Σ eˣ, dx = dz − softmax(x)·Σ dz",
        "The gradient passes, less each class's share of the whole.",
    ),
    "SoftmaxCrossEntropyWithLogits": Rule(
        "z = −Σ y·ln p, p = softmax(x), dx = dz·(p − y)",
        "The softmax's probabilities less the labels: p − y.",
    ),
    "SparseSoftmaxCrossEntropyWithLogits": Rule(
        "z = −ln p[label], p = softmax(x), dx = dz·(p − y)",
        "The softmax's probabilities, less 1 at the label: p − y.",
    ),
    "Conv2D": Rule(*_CONVOLVED),
    "Conv3D": Rule(*_CONVOLVED),
    "DepthwiseConv2dNative": Rule(*_CONVOLVED),
    "Conv2DBackpropInput": Rule(
        "z = x convolved the other way (transposed)",
        "A transposed convolution: its gradient is a convolution.",
    ),
    "Conv3DBackpropInputV2": Rule(
        "z = x convolved the other way (transposed)",
        "A transposed convolution: its gradient is a convolution.",
    ),
    "Dilation2D": Rule("z = max of (x + w) in a window", "The place that won gets the gradient."),
    "MaxPool": Rule(*_MAX_POOL),
    "MaxPool3D": Rule(*_MAX_POOL),
    "MaxPoolWithArgmax": Rule(*_MAX_POOL),
    "AvgPool": Rule(*_MEAN_POOL),
    "AvgPool3D": Rule(*_MEAN_POOL),
    "FusedBatchNorm": Rule(*_NORMALIZED),
    "FusedBatchNormV2": Rule(*_NORMALIZED),
    "FusedBatchNormV3": Rule(*_NORMALIZED),
    "DepthwiseConv2dNativeBackpropInput": Rule(
        "z = x convolved the other way (transposed)",
        "A transposed convolution: its gradient is a convolution.",
    ),
    "ResizeBilinear": Rule(*_RESIZED),
    "ResizeBicubic": Rule(*_RESIZED),
    "ResizeNearestNeighbor": Rule(
        "z = x at another size, each pixel the nearest of x",
        "Each pixel of x gets the sum of the gradients of its copies.",
    ),
    "LRN": Rule(
        "z = x / (k + α·Σ x² of near channels)^β", "Strong neighbours damp value and gradient."
    ),
}

_BEGINNINGS = {
    "VariableV2": Rule("", "A variable: the optimizer moves it against this gradient."),
    "Variable": Rule("", "A variable: the optimizer moves it against this gradient."),
    "VarHandleOp": Rule("", "A variable: the optimizer moves it against this gradient."),
    "Placeholder": Rule("", "An input: the gradient says how the loss changes with it."),
    "Const": Rule("", "A constant: nothing moves it, but the gradient says what it would do."),
    "StopGradient": Rule("z = x", "The script asked for it: the gradient stops here."),
}

RULES: dict[str, Rule] = (
    _TWO_INPUTS | _ONE_INPUT | _SHAPES_AND_PLACES | _SUMS_AND_PRODUCTS | _NETWORKS | _BEGINNINGS
)
"""Op type -> how it hands its gradient on."""

_SCALED = Rule(
    "z = c·x, dx = c·dz",
    "Multiplication by a constant scales the gradient by the same number.",
    elementwise=True,
)
_DIVIDED = Rule(
    "z = x / c, dx = dz / c",
    "Division by a constant divides the gradient by the same number.",
    elementwise=True,
)

# (op type, number of the input) -> the rule where that input is a constant.
_WITH_CONSTANT = {
    ("Mul", 0): _SCALED,
    ("Mul", 1): _SCALED,
    ("Div", 1): _DIVIDED,
    ("RealDiv", 1): _DIVIDED,
}
