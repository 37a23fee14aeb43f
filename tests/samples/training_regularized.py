"""Samples of the updates of Adadelta, Ftrl and the proximal optimizers."""

from .sample import Ref, Sample, f32, f64, i32, i64
from .training import GRADIENT, OTHER, SLOT, TABLE, TABLE_OTHER, TABLE_SLOT, UPDATES, W, resource


def sample(inputs, convert=f32, **attrs):
    """One update; `inputs` are variables, numbers and arrays in the op's order."""
    made = []
    for value in inputs:
        if isinstance(value, Ref):
            made.append(Ref(convert(value.value)))
        elif getattr(value, "dtype", None) is not None and value.dtype.kind == "i":
            made.append(value)
        else:
            made.append(convert(value))
    return Sample(made, attrs, differentiable=False)


def update(variables, before, after=()):
    """Dense updates: float32, with locking, and float64."""
    inputs = [*map(Ref, variables), *before, GRADIENT, *after]
    return [sample(inputs), sample(inputs, use_locking=True), sample(inputs, f64)]


def sparse(variables, before, after=()):
    """Updates of rows; the indices come behind the gradient."""
    return [
        sample([*map(Ref, variables), *before, UPDATES, indices, *after])
        for indices in (i32([2, 0]), i64([3, 1]), i32([1, 1]))
    ]


STEP = i64(3)
DENSE = {
    "ApplyAdadelta": update([W, SLOT, OTHER], [0.5, 0.9, 1e-3]),
    "ApplyFtrl": update([W, SLOT, OTHER], [], [0.1, 0.2, 0.05, -0.5])
    + update([W, SLOT, OTHER], [], [0.1, 0.0, 0.0, -0.7])[:1]
    + update([W, SLOT, OTHER], [], [0.1, 0.3, 0.1, 0.0])[:1]
    + update([W, SLOT, OTHER], [], [0.0, 0.3, 0.1, 0.0])[:1]
    + update([W, SLOT, OTHER], [], [0.1, -0.3, 0.1, 0.0])[:1]
    + update([W, SLOT, OTHER], [], [0.1, 0.3, -0.1, 0.0])[:1]
    + update([W, SLOT, OTHER], [], [0.1, 0.3, 0.1, 1.0])[:1],
    "ApplyFtrlV2": update([W, SLOT, OTHER], [], [0.1, 0.2, 0.05, 0.3, -0.5])
    + update([W, SLOT, OTHER], [], [0.1, 0.2, 0.05, 0.3, -0.7])[:1]
    + update([W, SLOT, OTHER], [], [0.1, 0.2, 0.05, -0.3, -0.7])[:1],
    "ApplyProximalGradientDescent": update([W], [0.1, 2.0, 0.3]) + update([W], [0.1, 0.0, 0.3]),
    "ApplyProximalAdagrad": update([W, SLOT], [0.1, 2.0, 0.3])
    + update([W, SLOT], [0.1, 0.0, 0.3])[:1]
    + update([W, SLOT], [-0.1, 0.0, 0.3])[:1],
    "ApplyAdagradDA": update([W, OTHER, SLOT], [], [0.1, 0.1, 0.3, STEP])
    + update([W, OTHER, SLOT], [], [0.1, 0.0, 0.3, STEP])[:1],
}
TABLES = [TABLE, TABLE_SLOT, TABLE_OTHER]
SPARSE = {
    "SparseApplyAdadelta": sparse(TABLES, [0.5, 0.9, 1e-3]),
    "SparseApplyFtrl": sparse(TABLES, [], [0.1, 0.2, 0.05, -0.5])
    + sparse(TABLES, [], [0.1, 0.2, 0.05, -0.7])[:1],
    "SparseApplyFtrlV2": sparse(TABLES, [], [0.1, 0.2, 0.05, 0.3, -0.5])
    + sparse(TABLES, [], [0.1, 0.2, 0.05, 0.3, -0.7])[:1],
    "SparseApplyProximalGradientDescent": sparse([TABLE], [0.1, 2.0, 0.3])
    + sparse([TABLE], [0.1, 0.0, 0.3])[:1],
    "SparseApplyProximalAdagrad": sparse([TABLE, TABLE_SLOT], [0.1, 2.0, 0.3])
    + sparse([TABLE, TABLE_SLOT], [0.1, 0.0, 0.3])[:1],
    "SparseApplyAdagradDA": sparse([TABLE, TABLE_OTHER, TABLE_SLOT], [], [0.1, 0.1, 0.3, STEP])
    + sparse([TABLE, TABLE_OTHER, TABLE_SLOT], [], [0.1, 0.0, 0.3, STEP])[:1],
}
SAMPLES = {**DENSE, **SPARSE}
for name, samples in list(SAMPLES.items()):
    SAMPLES["Resource" + name] = resource(samples)
