"""Calls of operations at a medium size, as text that TensorFlow 1.15 and this project both read.

`CALLS` names each call; the text is an expression over the variables of `VALUES`. Used by
`python -m benchmarks.op_sweep`. The code also runs on Python 3.7.
"""

import numpy as np

N = 1 << 18


def values():
    """The arrays from which the variables start, by name."""
    random = np.random.RandomState(0)

    def normal(*shape):
        return random.randn(*shape).astype(np.float32)

    spd = normal(16, 32, 32)
    return {
        "v": normal(N),
        "u": (np.abs(normal(N)) * 0.4 + 0.1).astype(np.float32),
        "m": normal(512, 512),
        "m2": normal(512, 512),
        "b": normal(512),
        "t": normal(64, 32, 128),
        "t2": normal(64, 128, 32),
        "spd": spd @ spd.transpose(0, 2, 1) + 32 * np.eye(32, dtype=np.float32),
        "rhs": normal(16, 32, 8),
        "img": normal(16, 32, 32, 16),
        "photo": (random.rand(4, 128, 128, 3)).astype(np.float32),
        "k3": normal(3, 3, 16, 16),
        "k1": normal(1, 1, 16, 32),
        "kd": normal(3, 3, 16, 1),
        "vol": normal(2, 12, 16, 16, 8),
        "k3d": normal(3, 3, 3, 8, 8),
        "i": random.randint(0, 512, N).astype(np.int32),
        "rows": random.randint(0, 512, 4096).astype(np.int32),
        "sorted": np.sort(random.randint(0, 512, 512)).astype(np.int32),
        "labels": random.randint(0, 512, 512).astype(np.int32),
        "flags": random.rand(N) > 0.5,
        "signal": normal(64, 1024),
    }


# What is elementwise: on `v`, or on `u` where the values must be in (0, 1).
_ON_V = "abs neg sign square exp expm1 tanh sigmoid sin cos tan atan floor ceil round erf".split()
_ON_U = "log log1p sqrt rsqrt reciprocal asin acos lgamma digamma atanh".split()
_PAIRS = "add subtract multiply divide maximum minimum pow floordiv floormod atan2".split()
_PAIRS += "squared_difference".split()
_COMPARED = "less less_equal greater greater_equal equal not_equal".split()
_REDUCTIONS = "sum mean max min prod logsumexp".split()
_ACTIVATIONS = "relu relu6 elu selu softplus softsign leaky_relu softmax log_softmax".split()

_NAMES = {"neg": "negative", "reciprocal": "math.reciprocal"}

CALLS = {f"tf.{name}": f"tf.{_NAMES.get(name, name)}(v)" for name in _ON_V}
CALLS.update({f"tf.{name}": f"tf.{_NAMES.get(name, name)}(u)" for name in _ON_U})
CALLS.update({f"tf.{name}": f"tf.{name}(u, u)" for name in _PAIRS})
CALLS.update({f"tf.{name}": f"tf.{name}(v, u)" for name in _COMPARED})
CALLS.update({f"tf.reduce_{name}, all": f"tf.reduce_{name}(m)" for name in _REDUCTIONS})
CALLS.update({f"tf.reduce_{name}, rows": f"tf.reduce_{name}(m, 0)" for name in _REDUCTIONS})
CALLS.update({f"tf.reduce_{name}, columns": f"tf.reduce_{name}(m, 1)" for name in _REDUCTIONS})
CALLS.update({f"tf.nn.{name}": f"tf.nn.{name}(m)" for name in _ACTIVATIONS})
CALLS.update(
    {
        f"gradient of {name}": f"tf.gradients(tf.{call}, {x})[0]"
        for name, call, x in (
            ("tanh", "tanh(m)", "m"),
            ("softmax", "nn.softmax(m)", "m"),
            ("matmul", "matmul(m, m2)", "m"),
            ("reduce_mean", "reduce_mean(m, 1)", "m"),
            ("conv2d by its filter", "nn.conv2d(img, k3, [1, 1, 1, 1], 'SAME')", "k3"),
            ("conv2d by its input", "nn.conv2d(img, k3, [1, 1, 1, 1], 'SAME')", "img"),
            ("max_pool", "nn.max_pool(img, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')", "img"),
            ("avg_pool", "nn.avg_pool(img, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')", "img"),
            ("transpose", "transpose(t, [2, 0, 1])", "t"),
            ("strided slice", "identity(m[::2, 1:])", "m"),
            ("concat", "concat([m, m2], 1)", "m"),
            ("depthwise_conv2d", "nn.depthwise_conv2d(img, kd, [1, 1, 1, 1], 'SAME')", "kd"),
        )
    }
)
CALLS.update(
    {
        "tf.matmul": "tf.matmul(m, m2)",
        "tf.matmul, transposed": "tf.matmul(m, m2, transpose_a=True)",
        "tf.matmul, batched": "tf.matmul(t, t2)",
        "tf.tensordot": "tf.tensordot(t, m[:128], [[2], [0]])",
        "tf.einsum": "tf.einsum('bij,bjk->bik', t, t2)",
        "tf.nn.bias_add": "tf.nn.bias_add(m, b)",
        "m + b": "m + b",
        "tf.transpose, 2-D": "tf.transpose(m)",
        "tf.transpose, 3-D": "tf.transpose(t, [2, 0, 1])",
        "tf.concat": "tf.concat([m, m2], 1)",
        "tf.stack": "tf.stack([m, m2], 1)",
        "tf.split": "tf.split(m, 4, 1)",
        "tf.unstack": "tf.unstack(t, axis=0)",
        "tf.reshape": "tf.reshape(m, [256, 1024])",
        "m[::2, 1:]": "m[::2, 1:]",
        "tf.tile": "tf.tile(b, [512])",
        "tf.pad": "tf.pad(m, [[1, 1], [2, 2]])",
        "tf.pad, reflect": "tf.pad(m, [[1, 1], [2, 2]], 'REFLECT')",
        "tf.reverse": "tf.reverse(m, [1])",
        "tf.gather": "tf.gather(m, rows)",
        "tf.gather_nd": "tf.gather_nd(m, tf.stack([rows, rows], 1))",
        "tf.scatter_nd": "tf.scatter_nd(rows[:, None], tf.gather(m, rows), [512, 512])",
        "tf.one_hot": "tf.one_hot(labels, 512)",
        "tf.where": "tf.where(flags)",
        "tf.where, chosen": "tf.where(flags, v, u)",
        "tf.boolean_mask": "tf.boolean_mask(v, flags)",
        "tf.cast to int32": "tf.cast(v, tf.int32)",
        "tf.cast to float64": "tf.cast(v, tf.float64)",
        "tf.argmax": "tf.argmax(m, 1)",
        "tf.nn.top_k": "tf.nn.top_k(m, 10)",
        "tf.nn.in_top_k": "tf.nn.in_top_k(m, labels, 5)",
        "tf.contrib sort": "tf.sort(m, axis=1)",
        "tf.argsort": "tf.argsort(m, axis=1)",
        "tf.unique": "tf.unique(i)",
        "tf.cumsum": "tf.cumsum(m, 1)",
        "tf.cumprod": "tf.cumprod(m, 1)",
        "tf.segment_sum": "tf.segment_sum(m, sorted)",
        "tf.unsorted_segment_sum": "tf.unsorted_segment_sum(m, labels, 512)",
        "tf.bincount": "tf.bincount(i)",
        "tf.clip_by_value": "tf.clip_by_value(v, -1.0, 1.0)",
        "tf.clip_by_norm": "tf.clip_by_norm(m, 1.0, [1])",
        "tf.norm": "tf.norm(m, axis=1)",
        "tf.nn.l2_loss": "tf.nn.l2_loss(v)",
        "tf.nn.l2_normalize": "tf.nn.l2_normalize(m, 1)",
        "tf.nn.moments": "tf.nn.moments(img, [0, 1, 2])",
        "tf.nn.dropout": "tf.nn.dropout(v, 0.5)",
        "tf.nn.softmax_cross_entropy": (
            "tf.nn.softmax_cross_entropy_with_logits(labels=m, logits=m2)"
        ),
        "tf.nn.sparse_softmax_cross_entropy": (
            "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=m)"
        ),
        "tf.nn.sigmoid_cross_entropy": (
            "tf.nn.sigmoid_cross_entropy_with_logits(labels=m, logits=m2)"
        ),
        "tf.nn.conv2d, 3x3": "tf.nn.conv2d(img, k3, [1, 1, 1, 1], 'SAME')",
        "tf.nn.conv2d, 1x1": "tf.nn.conv2d(img, k1, [1, 1, 1, 1], 'SAME')",
        "tf.nn.conv2d, strides": "tf.nn.conv2d(img, k3, [1, 2, 2, 1], 'VALID')",
        "tf.nn.depthwise_conv2d": "tf.nn.depthwise_conv2d(img, kd, [1, 1, 1, 1], 'SAME')",
        "tf.nn.atrous_conv2d": "tf.nn.atrous_conv2d(img, k3, 2, 'SAME')",
        "tf.nn.conv3d": "tf.nn.conv3d(vol, k3d, [1, 1, 1, 1, 1], 'SAME')",
        "tf.nn.max_pool": "tf.nn.max_pool(img, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')",
        "tf.nn.max_pool, 3x3": "tf.nn.max_pool(img, [1, 3, 3, 1], [1, 1, 1, 1], 'SAME')",
        "tf.nn.avg_pool": "tf.nn.avg_pool(img, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')",
        "tf.nn.lrn": "tf.nn.lrn(img)",
        "tf.nn.fused_batch_norm": "tf.nn.fused_batch_norm(img, b[:16], b[:16])[0]",
        "tf.space_to_depth": "tf.space_to_depth(img, 2)",
        "tf.depth_to_space": "tf.depth_to_space(img, 2)",
        "tf.extract_image_patches": (
            "tf.extract_image_patches(img, [1, 3, 3, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'SAME')"
        ),
        "tf.image.resize_bilinear": "tf.image.resize_bilinear(photo, [200, 200])",
        "tf.image.resize_bicubic": "tf.image.resize_bicubic(photo, [200, 200])",
        "tf.image.resize_nearest": "tf.image.resize_nearest_neighbor(photo, [200, 200])",
        "tf.image.rgb_to_hsv": "tf.image.rgb_to_hsv(photo)",
        "tf.image.adjust_contrast": "tf.image.adjust_contrast(photo, 0.5)",
        "tf.image.flip_left_right": "tf.image.flip_left_right(photo)",
        "tf.random_uniform": "tf.random_uniform([N])",
        "tf.random_normal": "tf.random_normal([N])",
        "tf.truncated_normal": "tf.truncated_normal([N])",
        "tf.random_shuffle": "tf.random_shuffle(m)",
        "tf.multinomial": "tf.multinomial(m, 8)",
        "tf.matrix_band_part": "tf.matrix_band_part(m, 3, 3)",
        "tf.matrix_diag_part": "tf.matrix_diag_part(m)",
        "tf.cholesky": "tf.cholesky(spd)",
        "tf.matrix_inverse": "tf.matrix_inverse(spd)",
        "tf.matrix_determinant": "tf.matrix_determinant(spd)",
        "tf.matrix_solve": "tf.matrix_solve(spd, rhs)",
        "tf.self_adjoint_eig": "tf.self_adjoint_eig(spd)[0]",
        "tf.svd": "tf.svd(spd, compute_uv=False)",
        "tf.spectral.rfft": "tf.spectral.rfft(signal)",
        "tf.dynamic_partition": "tf.dynamic_partition(v, tf.cast(flags, tf.int32), 2)",
    }
)
