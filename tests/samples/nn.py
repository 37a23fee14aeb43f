"""Samples of activations, losses and biases."""

import numpy as np

from .sample import Sample, f16, f32, f64, i32, i64, wave

X, DY = wave([2, 3]), wave([2, 3], start=20)
SPECIAL = f32([np.nan, np.inf, -np.inf, 0.0, -0.0, 100.0, -100.0])


def activation(**attrs):
    return [
        Sample([X * 3.0], attrs),
        Sample([wave([7], "float32") * f32(4.0)], attrs, differentiable=False),
        Sample([f16([-2.0, 0.5, 7.0])], attrs, differentiable=False),
        Sample([SPECIAL], attrs, differentiable=False),
        Sample([f32([])], attrs),
    ]


def gradient(inputs, **attrs):
    """Samples of gradients with respect to `inputs`, which stand before or after the gradients."""
    return [
        Sample([DY, inputs], attrs),
        Sample([DY.astype("float32"), inputs.astype("float32")], attrs, differentiable=False),
        Sample([DY[0].astype("float16"), inputs[0].astype("float16")], attrs, differentiable=False),
        Sample([f32([]), f32([])], attrs),
    ]


def softmax():
    return [
        Sample([X]),
        Sample([f32([[1.0, 2.0, 900.0], [-900.0, 0.0, 1.0]])], differentiable=False),
        Sample([wave([4], "float16")], differentiable=False),
        Sample([wave([2, 2, 3])]),
        Sample([np.zeros([0, 3], np.float32)]),
    ]


LABELS = f64([[0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])

SAMPLES = {
    "Relu": [*activation(), Sample([i32([-1, 2])])],
    "Relu6": [*activation(), Sample([i32([-1, 2, 9])])],
    "Elu": activation(),
    "Selu": activation(),
    "LeakyRelu": [*activation(), *activation(alpha=0.01)[:2]],
    "Softplus": activation(),
    "Softsign": activation(),
    "ReluGrad": gradient(X),
    "Relu6Grad": gradient(X * 5.0),
    "EluGrad": gradient(X / 2.5),
    "SeluGrad": gradient(X / 2.5),
    "LeakyReluGrad": gradient(X) + gradient(X, alpha=0.01)[:1],
    "SoftplusGrad": gradient(X),
    "SoftsignGrad": gradient(X),
    "Softmax": softmax(),
    "LogSoftmax": softmax(),
    "SoftmaxCrossEntropyWithLogits": [
        Sample([X, LABELS], differentiated=1),
        Sample([X.astype("float32"), LABELS.astype("float32")], differentiable=False),
        Sample([X.astype("float16"), LABELS.astype("float16")], differentiable=False),
        Sample([X, LABELS[:1]], differentiable=False),
        Sample([np.zeros([0, 3], np.float32), np.zeros([0, 3], np.float32)], differentiated=1),
        Sample([X, wave([2, 2])]),
    ],
    "SparseSoftmaxCrossEntropyWithLogits": [
        Sample([X, i32([2, 0])], differentiated=1),
        Sample([X.astype("float32"), i64([1, 1])], differentiable=False),
        Sample([X.astype("float16"), i32([0, 1])], differentiable=False),
        Sample([X, i32([3, 0])], differentiable=False),
        Sample([X, i32([0])]),
        Sample([np.zeros([0, 3], np.float32), i32([])], differentiated=1),
    ],
    "BiasAdd": [
        Sample([X, f64([1.0, -2.0, 0.5])]),
        Sample([wave([2, 2, 2, 3], "float32"), f32([1.0, -2.0, 0.5])], {}, False),
        Sample([wave([2, 2]), f64([1.0, 2.0, 3.0])]),
    ],
    "BiasAddV1": [Sample([X, f64([1.0, -2.0, 0.5])])],
    "BiasAddGrad": [
        Sample([X]),
        Sample([wave([2, 2, 2, 3], "float32")], {}, False),
        Sample([np.zeros([0, 3], np.float32)]),
    ],
    "L2Loss": [
        Sample([X]),
        Sample([wave([3], "float32")], differentiable=False),
        Sample([f16(2.0)], differentiable=False),
        Sample([f32([])]),
    ],
    "InTopK": [
        Sample(
            [f32([[1.0, 3.0, 2.0], [2.0, 2.0, 1.0], [np.nan, 1.0, 2.0]]), i32([2, 1, 2])], {"k": 1}
        ),
        Sample([f32([[1.0, 3.0, 2.0], [2.0, 2.0, 1.0]]), i64([2, 5])], {"k": 2}),
    ],
    "InTopKV2": [
        Sample([f32([[1.0, 3.0, 2.0], [2.0, 2.0, 1.0]]), i32([2, 1]), i32(1)]),
        Sample([f32([[1.0, 3.0, 2.0], [2.0, 2.0, 1.0]]), i64([2, -1]), i64(2)]),
    ],
}
