"""Samples of the optimizers' update operations, on reference and resource variables."""

from .sample import Handle, Ref, Sample, f32, f64, i32, i64, wave

W, GRADIENT = wave([2, 3], "float32"), wave([2, 3], "float32", start=30)
SLOT = abs(wave([2, 3], "float32", start=7))
OTHER = abs(wave([2, 3], "float32", start=40)) * f32(0.01)
TABLE, TABLE_SLOT = wave([4, 2], "float32"), abs(wave([4, 2], "float32", start=7))
TABLE_OTHER = abs(wave([4, 2], "float32", start=40)) * f32(0.01)
ROWS, UPDATES = i32([2, 0]), wave([2, 2], "float32", start=30)


def scalars(*numbers):
    return [f32(number) for number in numbers]


def update(variables, hyper, gradient, *more, **attrs):
    """Samples of an update of `variables`, in float32, with locking and in float64."""

    def sample(convert, **given):
        refs = [Ref(convert(v)) for v in variables]
        rest = [convert(h) for h in hyper[0]] + [convert(gradient)]
        rest += [convert(h) for h in hyper[1]] + list(more)
        return Sample(refs + rest, dict(attrs, **given), differentiable=False)

    return [sample(f32), sample(f32, use_locking=True), sample(f64)]


def dense(slots, before, after=(), **attrs):
    """An update with hyperparameters `before` and `after` the gradient."""
    return update([W, *slots], (scalars(*before), scalars(*after)), GRADIENT, **attrs)


def sparse(slots, before, after=(), **attrs):
    """A sparse update; the indices follow the gradient."""
    samples = []
    for indices in (ROWS, i64([3, 1])):
        refs = [Ref(v) for v in (TABLE, *slots)]
        inputs = [*refs, *scalars(*before), UPDATES, indices, *scalars(*after)]
        samples.append(Sample(inputs, attrs, differentiable=False))
    return samples


def repeated(slots, before, after=(), **attrs):
    """A sparse update of one row twice."""
    refs = [Ref(v) for v in (TABLE, *slots)]
    inputs = [*refs, *scalars(*before), UPDATES, i32([1, 1]), *scalars(*after)]
    return [Sample(inputs, attrs, differentiable=False)]


def resource(samples):
    """The same updates of resource variables."""
    return [
        sample._replace(
            inputs=[Handle(i.value) if isinstance(i, Ref) else i for i in sample.inputs]
        )
        for sample in samples
    ]


BETA_POWERS = (0.81, 0.998)
ADAM = (*BETA_POWERS, 0.01, 0.9, 0.999, 1e-8)
# The slots of a centered update are mean gradient, mean square and momentum.
DENSE = {
    "ApplyGradientDescent": dense([], [0.1]),
    "ApplyMomentum": [
        sample._replace(attrs=dict(sample.attrs, use_nesterov=nesterov))
        for nesterov in (False, True)
        for sample in update([W, SLOT], (scalars(0.1), scalars(0.9)), GRADIENT)
    ],
    "ApplyAdam": [
        sample._replace(attrs=dict(sample.attrs, use_nesterov=nesterov))
        for nesterov in (False, True)
        for sample in dense([SLOT, OTHER], ADAM)
    ],
    "ApplyAdagrad": dense([SLOT], [0.1]) + dense([SLOT], [0.1], update_slots=False)[:1],
    "ApplyRMSProp": dense([SLOT, OTHER], [0.1, 0.9, 0.5, 1e-3]),
    "ApplyCenteredRMSProp": dense([OTHER, SLOT * 9, OTHER], [0.1, 0.9, 0.5, 1e-3]),
}
SPARSE = {
    "SparseApplyMomentum": sparse([TABLE_SLOT], [0.1], [0.9])
    + sparse([TABLE_SLOT], [0.1], [0.9], use_nesterov=True),
    "SparseApplyAdagrad": sparse([TABLE_SLOT], [0.1])
    + sparse([TABLE_SLOT], [0.1], update_slots=False)
    + repeated([TABLE_SLOT], [0.1]),
    "SparseApplyRMSProp": sparse([TABLE_SLOT, TABLE_OTHER], [0.1, 0.9, 0.5, 1e-3]),
    "SparseApplyCenteredRMSProp": sparse(
        [TABLE_OTHER, TABLE_SLOT * 9, TABLE_OTHER], [0.1, 0.9, 0.5, 1e-3]
    ),
}
SAMPLES = {**DENSE, **SPARSE}
for name, samples in list(SAMPLES.items()):
    SAMPLES["Resource" + name] = resource(samples)
