"""The same steps in hand-written numpy, as someone would write them who knows numpy well.

`BY_HAND[name](folder)` returns the step of the workload of that name.
"""

import numpy as np

from benchmarks import workloads

BY_HAND = {}


def by_hand(make):
    BY_HAND[make.__name__] = make
    return make


@by_hand
def square(folder):
    x = np.float32(2.0)
    rate, two = np.float32(0.001), np.float32(2.0)

    def step():
        nonlocal x
        f = x * x
        x = x - rate * (two * x)
        return f

    return step


@by_hand
def regression(folder):
    x, y = workloads.regression_data()
    w = np.zeros((3, 1))

    def step():
        error = x.dot(w)
        error -= y
        flat = error.ravel()
        loss = flat.dot(flat) / len(flat)
        np.subtract(w, x.T.dot(error) * (0.01 * 2.0 / len(flat)), out=w)
        return loss

    return step


def entropy(logits, labels):
    """(mean cross entropy, its gradient by the logits, in their place)."""
    rows = np.arange(len(labels))
    logits -= logits.max(1, keepdims=True)
    picked = logits[rows, labels]
    np.exp(logits, out=logits)
    sums = logits.sum(1, keepdims=True)
    loss = (np.log(sums[:, 0]) - picked).mean()
    logits /= sums
    logits[rows, labels] -= 1.0
    logits *= 1.0 / len(labels)
    return loss, logits


def descent(arrays):
    def update(gradients):
        for array, gradient in zip(arrays, gradients):
            gradient *= np.float32(0.01)
            array -= gradient

    return update


def adam(arrays, rate=1e-4, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Kingma and Ba's update, in place, the bias correction in the rate."""
    m, v, spare = ([np.zeros_like(a) for a in arrays] for _ in range(3))
    power1 = power2 = 1.0

    def update(gradients):
        nonlocal power1, power2
        power1, power2 = power1 * beta1, power2 * beta2
        corrected = rate * np.sqrt(1.0 - power2) / (1.0 - power1)
        for i, g in enumerate(gradients):
            free = spare[i]
            np.multiply(g, 1.0 - beta1, out=free)
            m[i] *= beta1
            m[i] += free
            g *= g
            g *= 1.0 - beta2
            v[i] *= beta2
            v[i] += g
            np.sqrt(v[i], out=free)
            free += epsilon
            np.divide(m[i], free, out=free)
            free *= corrected
            arrays[i] -= free

    return update


def network(sizes, optimizer):
    x, labels, arrays = workloads.mlp_data(sizes)
    update = optimizer(arrays)

    def step():
        layers = [x]
        for i in range(0, len(arrays), 2):
            h = layers[-1].dot(arrays[i])
            h += arrays[i + 1]
            if i + 2 < len(arrays):
                np.maximum(h, 0.0, out=h)
            layers.append(h)
        loss, error = entropy(layers.pop(), labels)
        gradients = []
        for i in range(len(arrays) - 2, -1, -2):
            h = layers.pop()
            gradients += [error.sum(0), h.T.dot(error)]
            if i:
                error = error.dot(arrays[i].T)
                error *= h > 0.0
        update(gradients[::-1])
        return loss

    return step


@by_hand
def mlp(folder):
    return network((784, 256, 128, 10), descent)


@by_hand
def mlp_adam(folder):
    return network((784, 256, 128, 10), adam)


@by_hand
def wide_adam(folder):
    return network((784, 1024, 1024, 10), adam)


def windows(images):
    """The 5x5 neighbourhood of every pixel, zeros beyond the border, as rows of a matrix."""
    batch, height, width, depth = images.shape
    padded = np.zeros((batch, height + 4, width + 4, depth), images.dtype)
    padded[:, 2:-2, 2:-2] = images
    view = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), (1, 2))
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(-1, 25 * depth)


def scattered(rows, shape):
    """What `windows` gathered, added back to where it came from."""
    batch, height, width, depth = shape
    rows = rows.reshape(batch, height, width, 5, 5, depth)
    padded = np.zeros((batch, height + 4, width + 4, depth), rows.dtype)
    for i in range(5):
        for j in range(5):
            padded[:, i : i + height, j : j + width] += rows[:, :, :, i, j]
    return padded[:, 2:-2, 2:-2]


def pooled(h):
    batch, height, width, depth = h.shape
    blocks = h.reshape(batch, height // 2, 2, width // 2, 2, depth)
    return np.maximum(
        np.maximum(blocks[:, :, 0, :, 0], blocks[:, :, 0, :, 1]),
        np.maximum(blocks[:, :, 1, :, 0], blocks[:, :, 1, :, 1]),
    )


def unpooled(error, h, maxima):
    """The gradient through `pooled`: to the first of a block that is its maximum."""
    made = np.zeros_like(h)
    left = np.ones(maxima.shape, bool)
    for i in range(2):
        for j in range(2):
            here = left & (h[:, i::2, j::2] == maxima)
            made[:, i::2, j::2] = error * here
            left &= ~here
    return made


def convolutions(images, arrays):
    """Two convolution layers; (inputs as windows, activations, maxima) of each."""
    kept = []
    h = images
    for i in (0, 2):
        kernel = arrays[i]
        columns = windows(h)
        h = columns.dot(kernel.reshape(-1, kernel.shape[-1]))
        h += arrays[i + 1]
        np.maximum(h, 0.0, out=h)
        size = 28 if i == 0 else 14
        h = h.reshape(64, size, size, -1)
        maxima = pooled(h)
        kept.append((columns, h, maxima))
        h = maxima
    return kept


@by_hand
def convnet(folder):
    images, labels, arrays = workloads.convnet_data()
    update = adam(arrays)

    def step():
        kept = convolutions(images, arrays)
        flat = kept[-1][2].reshape(64, -1)
        h = flat.dot(arrays[4])
        h += arrays[5]
        np.maximum(h, 0.0, out=h)
        logits = h.dot(arrays[6])
        logits += arrays[7]
        loss, error = entropy(logits, labels)
        gradients = [error.sum(0), h.T.dot(error)]
        error = error.dot(arrays[6].T)
        error *= h > 0.0
        gradients += [error.sum(0), flat.T.dot(error)]
        error = error.dot(arrays[4].T).reshape(kept[-1][2].shape)
        for i in (2, 0):
            columns, h, maxima = kept.pop()
            error = unpooled(error, h, maxima)
            error *= h > 0.0
            error = error.reshape(-1, h.shape[-1])
            kernel = arrays[i]
            gradients += [error.sum(0), columns.T.dot(error).reshape(kernel.shape)]
            if i:
                error = error.dot(kernel.reshape(-1, kernel.shape[-1]).T)
                error = scattered(error, kept[-1][2].shape)
        update(gradients[::-1])
        return loss

    return step


@by_hand
def convnet_forward(folder):
    images, labels, arrays = workloads.convnet_data()

    def step():
        h = convolutions(images, arrays)[-1][2].reshape(64, -1).dot(arrays[4])
        h += arrays[5]
        np.maximum(h, 0.0, out=h)
        logits = h.dot(arrays[6])
        logits += arrays[7]
        return entropy(logits, labels)[0]

    return step


@by_hand
def elementwise(folder):
    a, b = workloads.elementwise_data()
    first, second = np.empty_like(a), np.empty_like(a)

    def step():
        np.negative(b, out=first)
        np.exp(first, out=first)
        np.add(first, 1.0, out=first)
        np.tanh(a, out=second)
        np.divide(second, first, out=second)
        np.multiply(a, a, out=first)
        np.negative(first, out=first)
        np.exp(first, out=first)
        np.add(first, second, out=first)
        return first.sum()

    return step


@by_hand
def chain(folder):
    x = np.arange(10, dtype=np.float32)
    half, most = np.float32(0.5), np.float32(0.75)

    def step():
        h = x
        for _ in range(500):
            h = (h + half) * most
        return float(h.sum())

    return step


@by_hand
def matmul(folder):
    a, b = workloads.matmul_data()
    return lambda: float(a.dot(b)[0, 0])
