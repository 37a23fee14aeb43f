"""The rules that random graphs grow by: each adds one call of a function of the op library.

A rule picks tensors that the function takes and says what shape the result's value must have. It
does nothing where no tensor fits. `SMOOTH_RULES` keeps to functions that have derivatives of every
order, for comparisons with finite differences.
"""

from __future__ import annotations

import math

from random_graphs import FLOATS, NUMBERS, Drawing, Item, Rule

SMOOTH_UNARY = (
    *("tanh", "sigmoid", "nn.softplus", "sin", "cos", "square", "negative", "atan", "erf"),
    *("identity", "exp", "sinh", "cosh", "asinh", "reciprocal"),
)
UNARY = (
    *("abs", "sign", "floor", "ceil", "round", "rint", "sqrt", "rsqrt", "log", "log1p", "expm1"),
    *("nn.relu", "nn.relu6", "nn.elu", "nn.selu", "nn.softsign", "nn.leaky_relu", "stop_gradient"),
    *("zeros_like", "ones_like", "tan", "asin", "acos", "atanh", "lgamma"),
)
INTEGER_UNARY = ("negative", "abs", "square", "sign", "identity", "zeros_like", "ones_like")
SMOOTH_BINARY = ("add", "subtract", "multiply", "squared_difference")
BINARY = ("maximum", "minimum", "divide", "div_no_nan", "floormod", "floordiv", "pow")
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
SMOOTH_REDUCTIONS = ("reduce_sum", "reduce_mean", "reduce_logsumexp")
REDUCTIONS = ("reduce_max", "reduce_min", "reduce_prod")


def size(shape: tuple[int, ...]) -> int:
    return math.prod(shape)


def broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    rank = max(len(a), len(b))
    x, y = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    return tuple(n if m == 1 else m for m, n in zip(x, y))


def some_axis(g: Drawing, item: Item) -> int:
    """An axis, counted from either end."""
    return g.integer(-item.rank, item.rank - 1)


def ranked(item: Item) -> bool:
    return item.rank > 0


def smooth_unary(g: Drawing) -> None:
    item = g.pick(FLOATS)
    if item is not None:
        g.add(g.call(g.one(SMOOTH_UNARY), item.ref), item.dtype, item.shape, item)


def unary(g: Drawing) -> None:
    item = g.pick()
    if item is not None:
        functions = INTEGER_UNARY if item.dtype == "int32" else UNARY
        g.add(g.call(g.one(functions), item.ref), item.dtype, item.shape, item)


def binary(g: Drawing, functions: tuple[str, ...] = SMOOTH_BINARY) -> None:
    item = g.pick()
    if item is None:
        return
    other = g.partner(item)
    if g.chance():
        item, other = other, item
    ref = g.call(g.one(functions), item.ref, other.ref)
    g.add(ref, item.dtype, broadcast(item.shape, other.shape), item, other)


def rough_binary(g: Drawing) -> None:
    item = g.pick()
    if item is None:
        return
    if item.dtype == "int32":
        binary(g, ("maximum", "minimum"))
        return
    other = g.partner(item)
    ref = g.call(g.one(BINARY), item.ref, other.ref)
    g.add(ref, item.dtype, broadcast(item.shape, other.shape), item, other)


def integer_division(g: Drawing) -> None:
    item = g.pick(("int32",))
    if item is not None:
        divisor = g.one((3, 2, 1, -3))
        ref = g.call(g.one(("floordiv", "floormod", "truncatediv")), item.ref, divisor)
        g.add(ref, "int32", item.shape, item)


def comparison(g: Drawing) -> None:
    item = g.pick()
    if item is not None:
        other = g.partner(item)
        ref = g.call(g.one(COMPARISONS), item.ref, other.ref)
        g.add(ref, "bool", broadcast(item.shape, other.shape), item, other)


def logic(g: Drawing) -> None:
    item = g.pick(("bool",))
    if item is None:
        return
    if g.chance():
        g.add(g.call("logical_not", item.ref), "bool", item.shape, item)
        return
    other = g.partner(item)
    ref = g.call(g.one(("logical_and", "logical_or", "logical_xor")), item.ref, other.ref)
    g.add(ref, "bool", broadcast(item.shape, other.shape), item, other)


def where(g: Drawing) -> None:
    """`tf.where` with a condition of the values' shape, or one for each row."""
    item = g.pick(fits=lambda i: i.rank_known)
    if item is None:
        return
    rows = item.rank > 1 and g.chance()
    shape = item.shape[:1] if rows else item.shape
    condition = g.pick(("bool",), lambda i: i.shape == shape and i.rank_known)
    condition = condition or g.constant("bool", shape)
    other = g.pick((item.dtype,), lambda i: i.shape == item.shape) or item
    ref = g.call("where", condition.ref, item.ref, other.ref)
    g.add(ref, item.dtype, item.shape, item, condition, other)


def cast(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"))
    if item is None:
        return
    dtype = g.one([d for d in NUMBERS if d != item.dtype])
    source = item
    if dtype == "int32" and item.dtype != "bool":
        # What a cast makes of a number outside the range differs from machine to machine.
        low, high = -100.0, 100.0
        safe = g.call(
            "where", g.call("is_finite", item.ref), item.ref, g.call("ones_like", item.ref)
        )
        clipped = g.call("clip_by_value", safe, low, high)
        source = g.add(clipped, item.dtype, item.shape, item)
    g.add(g.call("cast", source.ref, dtype), dtype, item.shape, item)


def reduction(g: Drawing, functions: tuple[str, ...] = (*SMOOTH_REDUCTIONS, *REDUCTIONS)) -> None:
    item = g.pick(NUMBERS)
    if item is None:
        return
    if item.dtype == "int32":
        functions = ("reduce_sum", "reduce_max", "reduce_min", "reduce_prod")
        if 0 in item.shape:
            functions = ("reduce_sum", "reduce_prod")
    reduce(g, item, g.one(functions))


def smooth_reduction(g: Drawing) -> None:
    reduction(g, SMOOTH_REDUCTIONS)


def quantifier(g: Drawing) -> None:
    item = g.pick(("bool",))
    if item is not None:
        reduce(g, item, g.one(("reduce_any", "reduce_all")))


def reduce(g: Drawing, item: Item, function: str) -> None:
    axes = list(range(item.rank))
    axis: int | list[int] | None = None
    if item.rank and g.chance():
        axis = some_axis(g, item)
        axes = [axis % item.rank]
    elif g.chance():
        axes = g.subset(axes)
        axis = axes
    keepdims = g.chance()
    shape = [1 if i in axes else n for i, n in enumerate(item.shape) if keepdims or i not in axes]
    ref = g.call(function, item.ref, axis=axis, keepdims=keepdims)
    g.add(ref, item.dtype, shape, item)


def arg_extremum(g: Drawing) -> None:
    item = g.pick(fits=lambda i: ranked(i) and i.rank_known)
    if item is None:
        return
    axis = some_axis(g, item)
    if item.shape[axis]:
        ref = g.call(g.one(("argmax", "argmin")), item.ref, axis, output_type="int32")
        axis %= item.rank
        g.add(ref, "int32", item.shape[:axis] + item.shape[axis + 1 :], item)


def scan(g: Drawing) -> None:
    item = g.pick(fits=ranked)
    if item is not None:
        settings = {"exclusive": g.chance(), "reverse": g.chance()}
        function = g.one(("cumsum", "cumsum", "cumprod"))
        ref = g.call(function, item.ref, axis=some_axis(g, item), **settings)
        g.add(ref, item.dtype, item.shape, item)


def smooth_scan(g: Drawing) -> None:
    item = g.pick(fits=ranked)
    if item is not None:
        settings = {"exclusive": g.chance(), "reverse": g.chance()}
        ref = g.call("cumsum", item.ref, axis=some_axis(g, item), **settings)
        g.add(ref, item.dtype, item.shape, item)


def matmul(g: Drawing) -> None:
    a = g.pick(fits=lambda i: i.rank >= 2 and i.rank_known)
    if a is None:
        return
    transpose_a, transpose_b = g.chance(), g.chance()
    *batch, rows, inner = a.shape
    if transpose_a:
        rows, inner = inner, rows
    columns = g.one((2, 3, 1, 0))
    b = g.constant(a.dtype, [*batch, *((columns, inner) if transpose_b else (inner, columns))])
    ref = g.call("matmul", a.ref, b.ref, transpose_a=transpose_a, transpose_b=transpose_b)
    g.add(ref, a.dtype, (*batch, rows, columns), a)


def gram(g: Drawing) -> None:
    a = g.pick(fits=lambda i: i.rank >= 2 and i.rank_known)
    if a is not None:
        *batch, rows, columns = a.shape
        first = g.chance()
        ref = g.call("matmul", a.ref, a.ref, transpose_a=first, transpose_b=not first)
        n = columns if first else rows
        g.add(ref, a.dtype, (*batch, n, n), a)


def reshape(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"))
    if item is None:
        return
    other = g.pick((*NUMBERS, "bool"), lambda i: size(i.shape) == size(item.shape))
    if other is not None and g.chance():
        ref = g.call("reshape", item.ref, g.call("shape", other.ref))
        g.add(ref, item.dtype, other.shape, item, other)
        return
    count = size(item.shape)
    shapes: list[tuple[int, ...]] = [(count,), (count, 1), (1, count)]
    shapes += [(n, count // n) for n in (2, 3) if count % n == 0]
    shape = g.one(shapes)
    written = [-1, *shape[1:]] if g.chance() and 0 not in shape else list(shape)
    g.add(g.call("reshape", item.ref, written), item.dtype, shape)


def transpose(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"))
    if item is None:
        return
    if g.chance():
        g.add(g.call("transpose", item.ref), item.dtype, item.shape[::-1], item)
        return
    turn = g.integer(0, max(item.rank - 1, 0))
    order = [(i + turn) % item.rank for i in range(item.rank)]
    ref = g.call("transpose", item.ref, order)
    g.add(ref, item.dtype, [item.shape[i] for i in order], item)


def concat(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"), ranked)
    if item is None:
        return
    axis = some_axis(g, item)
    shape = list(item.shape)
    shape[axis] = g.one((1, 2, 0))
    parts = [item, g.constant(item.dtype, shape)]
    if g.chance():
        parts.append(item)
    shape[axis] = sum(p.shape[axis] for p in parts)
    g.add(g.call("concat", [p.ref for p in parts], axis), item.dtype, shape, item)


def stack(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"))
    if item is None:
        return
    other = g.pick((item.dtype,), lambda i: i.shape == item.shape) or item
    axis = g.integer(-item.rank - 1, item.rank)
    shape = list(item.shape)
    shape.insert(axis % (item.rank + 1), 2)
    g.add(g.call("stack", [item.ref, other.ref], axis=axis), item.dtype, shape, item, other)


def take_apart(g: Drawing) -> None:
    """`tf.unstack`, or `tf.split` into equal or given sizes."""
    item = g.pick((*NUMBERS, "bool"), lambda i: ranked(i) and i.rank_known)
    if item is None:
        return
    axis = some_axis(g, item)
    length = item.shape[axis]
    if length == 0:
        return
    if g.chance():
        ref = g.call("unstack", item.ref, num=length, axis=axis)
        axis %= item.rank
        shapes = [item.shape[:axis] + item.shape[axis + 1 :]] * length
    else:
        first = g.integer(0, length)
        sizes = [1] * length if g.chance() else [first, length - first]
        given = length if sizes == [1] * length else sizes
        ref = g.call("split", item.ref, given, axis=axis)
        shapes = []
        for n in sizes:
            shape = list(item.shape)
            shape[axis] = n
            shapes.append(tuple(shape))
    for i, shape in enumerate(shapes):
        g.add(ref._replace(output=i), item.dtype, shape, item)


def slice_by_size(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"), ranked)
    if item is None:
        return
    begin = [g.integer(0, n) for n in item.shape]
    shape = [g.integer(0, n - b) for n, b in zip(item.shape, begin)]
    written = [-1 if b + s == n and g.chance() else s for n, b, s in zip(item.shape, begin, shape)]
    g.add(g.call("slice", item.ref, begin, written), item.dtype, shape, item)


def index(g: Drawing) -> None:
    """Python's indexing: integers, slices with steps, new axes, an ellipsis."""
    item = g.pick((*NUMBERS, "bool"), lambda i: ranked(i) and i.rank_known)
    if item is None:
        return
    given: list[object] = []
    shape: list[int] = []
    for n in item.shape[: g.integer(1, item.rank)]:
        kind = g.integer(0, 3)
        if kind == 0 and n:
            given.append(g.integer(-n, n - 1))
            continue
        if kind == 3:
            given.append(None)
            shape.append(1)
        ends = [None, *range(-n - 1, n + 2)]
        taken = slice(g.one(ends), g.one(ends), g.one((None, 1, 2, -1, -2)))
        given.append(taken)
        shape.append(len(range(*taken.indices(n))))
    shape += item.shape[sum(i is not None for i in given) :]
    if g.chance():
        given.append(Ellipsis)
    g.add(g.call("[]", item.ref, tuple(given)), item.dtype, shape, item)


def gather(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"), lambda i: ranked(i) and i.rank_known)
    if item is None:
        return
    axis = some_axis(g, item)
    rows = item.shape[axis]
    # TensorFlow's gradient of a gather of nothing from nothing fails.
    least = 1 if 0 in item.shape else 0
    indices = [g.integer(0, rows - 1) for _ in range(g.integer(least, 3))] if rows else []
    if len(indices) < least:
        return
    ref = g.call("gather", item.ref, g.call("constant", indices, dtype="int32"), axis=axis)
    shape = list(item.shape)
    shape[axis] = len(indices)
    g.add(ref, item.dtype, shape, item)


def pad(g: Drawing) -> None:
    item = g.pick(NUMBERS, ranked)
    if item is None:
        return
    around = [[g.integer(0, 2), g.integer(0, 1)] for _ in item.shape]
    shape = [b + n + a for n, (b, a) in zip(item.shape, around)]
    g.add(g.call("pad", item.ref, around), item.dtype, shape, item)


def tile(g: Drawing) -> None:
    item = g.pick(NUMBERS, ranked)
    if item is not None:
        times = [g.one((1, 2, 3, 0)) for _ in item.shape]
        shape = [n * t for n, t in zip(item.shape, times)]
        if size(tuple(shape)) <= 200:
            g.add(g.call("tile", item.ref, times), item.dtype, shape, item)


def change_rank(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"), lambda i: i.rank_known)
    if item is None:
        return
    ones = [i for i, n in enumerate(item.shape) if n == 1]
    if ones and g.chance():
        axes = [g.one(ones)]
        shape = [n for i, n in enumerate(item.shape) if i not in axes]
        g.add(g.call("squeeze", item.ref, axes), item.dtype, shape, item)
        return
    axis = g.integer(-item.rank - 1, item.rank)
    shape = list(item.shape)
    shape.insert(axis % (item.rank + 1), 1)
    g.add(g.call("expand_dims", item.ref, axis), item.dtype, shape, item)


def reverse(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"), ranked)
    if item is not None:
        axes = g.subset(range(item.rank))
        g.add(g.call("reverse", item.ref, axes), item.dtype, item.shape, item)


def broadcast_to(g: Drawing) -> None:
    item = g.pick(NUMBERS)
    if item is not None:
        shape = (2, *(g.one((3, 1)) if n == 1 else n for n in item.shape))
        if size(shape) <= 200:
            g.add(g.call("broadcast_to", item.ref, list(shape)), item.dtype, shape, item)


def one_hot(g: Drawing) -> None:
    item = g.pick(("int32",), lambda i: i.rank_known)
    if item is not None:
        g.add(g.call("one_hot", item.ref, 3), "float32", (*item.shape, 3), item)


def shape_of(g: Drawing) -> None:
    item = g.pick((*NUMBERS, "bool"))
    if item is None:
        return
    function = g.one(("shape", "size", "rank"))
    ref = g.call(function, item.ref)
    rank_of_result = (item.rank,) if function == "shape" else ()
    g.add(ref, "int32", rank_of_result)


def softmax(g: Drawing) -> None:
    item = g.pick(FLOATS, lambda i: ranked(i) and i.rank_known)
    if item is not None:
        axis = some_axis(g, item)
        ref = g.call(g.one(("nn.softmax", "nn.log_softmax")), item.ref, axis=axis)
        g.add(ref, item.dtype, item.shape, item)


def cross_entropy(g: Drawing) -> None:
    item = g.pick(FLOATS, lambda i: i.rank == 2 and i.rank_known and i.shape[1] > 0)
    if item is None:
        return
    rows, classes = item.shape
    if g.chance():
        labels = g.call("constant", [i % classes for i in range(rows)], dtype="int32")
        function = "nn.sparse_softmax_cross_entropy_with_logits"
        g.add(g.call(function, labels=labels, logits=item.ref), item.dtype, (rows,), item)
        return
    labels = g.call("nn.softmax", g.constant(item.dtype, item.shape).ref)
    function = g.one(
        ("nn.softmax_cross_entropy_with_logits_v2", "nn.sigmoid_cross_entropy_with_logits")
    )
    shape = item.shape if "sigmoid" in function else (rows,)
    g.add(g.call(function, labels=labels, logits=item.ref), item.dtype, shape, item)


def add_n(g: Drawing) -> None:
    item = g.pick()
    if item is not None:
        other = g.pick((item.dtype,), lambda i: i.shape == item.shape) or item
        terms = [item.ref, other.ref, item.ref]
        g.add(g.call("add_n", terms), item.dtype, item.shape, item, other)


def l2_loss(g: Drawing) -> None:
    item = g.pick(FLOATS)
    if item is not None:
        g.add(g.call("nn.l2_loss", item.ref), item.dtype, ())


def bias_add(g: Drawing) -> None:
    item = g.pick(FLOATS, lambda i: i.rank >= 2 and i.rank_known)
    if item is not None:
        bias = g.constant(item.dtype, item.shape[-1:])
        g.add(g.call("nn.bias_add", item.ref, bias.ref), item.dtype, item.shape, item)


def clip(g: Drawing) -> None:
    item = g.pick(FLOATS)
    if item is not None:
        g.add(g.call("clip_by_value", item.ref, -1.0, 0.5), item.dtype, item.shape, item)


def fill(g: Drawing) -> None:
    item = g.pick(NUMBERS, lambda i: i.shape == ())
    if item is not None:
        shape = g.shape()
        g.add(g.call("fill", list(shape), item.ref), item.dtype, shape)


SMOOTH_RULES: tuple[Rule, ...] = (
    *(smooth_unary, binary, smooth_unary, binary, smooth_reduction, matmul, gram, reshape),
    *(transpose, concat, stack, take_apart, slice_by_size, index, gather, pad, tile, change_rank),
    *(reverse, broadcast_to, softmax, cross_entropy, add_n, l2_loss, bias_add, fill, smooth_scan),
)
RULES: tuple[Rule, ...] = (
    *(*SMOOTH_RULES, unary, unary, rough_binary, integer_division, comparison, logic, where, cast),
    *(reduction, quantifier, arg_extremum, scan, one_hot, shape_of, clip),
)


def write(g: Drawing) -> None:
    """An assignment to a variable, perhaps after some results, of a value of its shape."""
    if not g.variables:
        return
    variable = g.one(list(g.variables.values()))
    value = g.pick((variable.dtype,), lambda i: i.shape == variable.shape and i.rank_known)
    value = value or g.constant(variable.dtype, variable.shape)
    after = tuple(i.ref for i in g.items[-2:]) if g.chance() else ()
    function = g.one(("assign", "assign_add", "assign_sub"))
    ref = g.call(function, variable.ref, value.ref, after=after)
    g.add(ref, variable.dtype, variable.shape)


def read_after(g: Drawing) -> None:
    """What a variable holds after some results."""
    if not g.variables:
        return
    variable = g.one(list(g.variables.values()))
    after = tuple(i.ref for i in g.items[-2:])
    function, args = g.one((("add", (variable.ref, 1)), ("identity", (variable.ref,))))
    ref = g.call(function, *args, after=after)
    g.add(ref, variable.dtype, variable.shape)


# TensorFlow's bias_add takes no reference to a variable, which an assignment gives.
STATEFUL_RULES: tuple[Rule, ...] = (
    *(rule for rule in RULES if rule is not bias_add),
    *(write, read_after) * 10,
)
