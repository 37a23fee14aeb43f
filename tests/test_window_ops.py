"""Convolution of channels and volumes, dilated windows, pooling of volumes; what they refuse."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.engines import convolution_3d, depthwise, threads

PRECISION = {"float16": 2e-2, "float32": 2e-4, "float64": 1e-11}


@pytest.fixture(autouse=True)
def several_threads() -> Iterator[None]:
    threads.set_threads(3)
    yield
    threads.set_threads(0)


def wave(*shape: int, dtype: str = "float32", start: float = 0.0) -> Any:
    return np.sin(start + 1.3 * np.arange(np.prod(shape)) ** 1.1).reshape(shape).astype(dtype)


def fed(value: Any) -> Any:
    """A tensor whose shape is known only when it runs."""
    return tf.placeholder_with_default(tf.constant(value), None)


def run(fetches: Any, engine: str = "numpy") -> Any:
    with tf.Session(engine=engine) as session:
        return session.run(fetches)


def check_agreement(fetches: list[Any], precision: float) -> list[Any]:
    own, plain = (run(fetches, engine) for engine in ENGINES)
    for one, other in zip(own, plain, strict=True):
        assert one.shape == other.shape and one.dtype == other.dtype
        np.testing.assert_allclose(one, other, precision, precision)
    return list(own)


@pytest.mark.parametrize("dtype", PRECISION)
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(
    ("images", "window"),
    [
        ((3, 7, 6, 5), (3, 2, 5, 1)),
        ((3, 7, 6, 2), (3, 3, 2, 3)),
        ((1, 2, 2, 1), (5, 5, 1, 2)),
        ((0, 4, 4, 2), (2, 2, 2, 1)),
        ((2, 4, 4, 0), (2, 2, 0, 1)),
        ((2, 4, 4, 3), (1, 1, 3, 0)),
    ],
)
def test_depthwise_convolution(
    dtype: str,
    padding: str,
    stride: int,
    images: tuple[int, ...],
    window: tuple[int, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(depthwise, "_BLOCK_BYTES", 1)
    monkeypatch.setattr(depthwise, "_MOST_LANES", 2)
    options: dict[str, Any] = {"strides": [1, stride, stride, 1], "padding": padding}
    image, filters = fed(wave(*images, dtype=dtype)), fed(wave(*window, dtype=dtype, start=1))
    made = raw.DepthwiseConv2dNative(image, filters, **options)
    (value,) = check_agreement([made], PRECISION[dtype])
    grad = fed(wave(*value.shape, dtype=dtype, start=2))
    gradients = [
        raw.DepthwiseConv2dNativeBackpropInput(list(images), filters, grad, **options),
        raw.DepthwiseConv2dNativeBackpropFilter(image, list(window), grad, **options),
    ]
    shapes = [g.shape for g in check_agreement(gradients, PRECISION[dtype])]
    assert shapes == [images, window]


def test_depthwise_convolution_is_one_of_each_channel() -> None:
    image, window = wave(2, 6, 5, 3), wave(3, 2, 3, 2)
    together = tf.nn.depthwise_conv2d(image, window, [1, 1, 1, 1], "SAME")
    apart = [
        tf.nn.conv2d(image[..., c : c + 1], window[:, :, c : c + 1], 1, "SAME") for c in range(3)
    ]
    value, expected = run([together, tf.concat(apart, 3)])
    np.testing.assert_allclose(value, expected, 1e-5, 1e-5)


@pytest.mark.parametrize("dtype", PRECISION)
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("strides", [[1, 1, 1], [2, 1, 3], [3, 2, 1]])
@pytest.mark.parametrize(
    ("volumes", "window"),
    [
        ((2, 5, 4, 6, 3), (2, 3, 1, 3, 4)),
        ((1, 3, 3, 3, 1), (3, 3, 3, 1, 2)),
        ((2, 2, 2, 2, 2), (3, 1, 4, 2, 2)),
        ((0, 3, 3, 3, 2), (2, 2, 2, 2, 2)),
        ((2, 3, 3, 3, 0), (2, 2, 2, 0, 2)),
        ((1, 3, 3, 3, 2), (1, 1, 1, 2, 0)),
    ],
)
@pytest.mark.parametrize("block", [1, 1 << 21])
def test_convolution_of_volumes(
    dtype: str,
    padding: str,
    strides: list[int],
    volumes: tuple[int, ...],
    window: tuple[int, ...],
    block: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(convolution_3d, "BLOCK_BYTES", block)
    options: dict[str, Any] = {"strides": [1, *strides, 1], "padding": padding}
    volume, filters = fed(wave(*volumes, dtype=dtype)), fed(wave(*window, dtype=dtype, start=1))
    made = raw.Conv3D(volume, filters, **options)
    (value,) = check_agreement([made], PRECISION[dtype])
    grad = fed(wave(*value.shape, dtype=dtype, start=2))
    gradients = [
        raw.Conv3DBackpropInputV2(list(volumes), filters, grad, **options),
        raw.Conv3DBackpropFilterV2(volume, list(window), grad, **options),
    ]
    shapes = [g.shape for g in check_agreement(gradients, 2 * PRECISION[dtype])]
    assert shapes == [volumes, window]


def test_convolution_of_flat_volumes_is_one_of_images() -> None:
    image, window = wave(2, 6, 5, 3), wave(3, 2, 3, 4)
    made = tf.nn.conv3d(image[:, None], window[None], [1, 1, 2, 1, 1], "SAME")
    value, expected = run([made[:, 0], tf.nn.conv2d(image, window, [2, 1], "SAME")])
    np.testing.assert_allclose(value, expected, 1e-5, 1e-5)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_atrous_convolution_is_one_with_a_window_with_holes(padding: str) -> None:
    image, window = wave(2, 9, 8, 3), wave(3, 2, 3, 4)
    holes = np.zeros((7, 4, 3, 4), np.float32)
    holes[::3, ::3] = window
    made = tf.nn.atrous_conv2d(image, window, 3, padding)
    value, expected = run([made, tf.nn.conv2d(image, holes, 1, padding)])
    np.testing.assert_allclose(value, expected, 1e-5, 1e-5)


def test_pooling_of_volumes_against_its_definition() -> None:
    volume = wave(2, 5, 4, 3, 2)
    greatest, mean = run(
        [
            pool(volume, [2, 3, 2], [1, 2, 1], "SAME")
            for pool in (tf.nn.max_pool3d, tf.nn.avg_pool3d)
        ]
    )
    for place in itertools.product(range(5), range(2), range(3)):
        starts = (place[0], 2 * place[1] - 0, place[2])
        window = volume[
            :,
            starts[0] : starts[0] + 2,
            max(starts[1], 0) : starts[1] + 3,
            starts[2] : starts[2] + 2,
        ]
        index = (slice(None), *place)
        np.testing.assert_allclose(greatest[index], window.max(axis=(1, 2, 3)))
        np.testing.assert_allclose(mean[index], window.mean(axis=(1, 2, 3)), 1e-5, 1e-6)


def test_dilation_and_erosion_of_numbers() -> None:
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    kernel = np.array([[0.0, 10.0], [0.0, 0.0]]).reshape(2, 2, 1)
    ones = [1, 1, 1, 1]
    dilated, eroded = run(
        [
            tf.nn.dilation2d(x, kernel, ones, ones, "VALID"),
            tf.nn.erosion2d(x, kernel, ones, ones, "VALID"),
        ]
    )
    assert dilated[0, :, :, 0].tolist() == [[11, 12], [14, 15]]
    assert eroded[0, :, :, 0].tolist() == [[-7, -6], [-4, -3]]


D, V = [1, 1, 1, 1], [1, 1, 1, 1, 1]
I, F = wave(1, 4, 4, 3), wave(2, 2, 3, 2)  # noqa: E741
A, B = wave(1, 4, 4, 4, 2), wave(2, 2, 2, 2, 3)
T = wave(2, 2, 2, 3, 2)
depthwise_native = tf.nn.depthwise_conv2d_native
by_input = tf.nn.depthwise_conv2d_native_backprop_input
by_filter = tf.nn.depthwise_conv2d_native_backprop_filter
EXPECTED = "Size of out_backprop doesn't match computed: actual = 3, computed = 4 spatial_dim: 1"
LATER = "input: 4 filter: 2 output: 3 stride: 1 dilation: 1"
DEFAULT = "only supports NDHWC on device type CPU"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: depthwise_native(fed(I[0]), F, D, "SAME"), "input must be 4-dimensional[4,4,3]"),
        (
            lambda: depthwise_native(I, F, [1, 1, 2, 1], "SAME"),
            "Current implementation only supports equal length strides in the row and column "
            "dimensions.",
        ),
        (
            lambda: depthwise_native(I, F, [2, 1, 1, 1], "SAME"),
            "Current implementation does not yet support strides in the batch and depth "
            "dimensions.",
        ),
        (
            lambda: depthwise_native(np.moveaxis(I, 3, 1), F, D, "SAME", data_format="NCHW"),
            "Depthwise convolution on CPU is only supported for NHWC format",
        ),
        (
            lambda: by_input([1, 4, 4, 3], F, wave(1, 3, 4, 6), D, "SAME"),
            "DepthwiseConv2DBackpropInput: Number of rows of out_backprop doesn't match computed: "
            "actual = 3, computed = 4",
        ),
        (
            lambda: by_input([1, 4, 4, 3], F, wave(1, 4, 4, 5), D, "SAME"),
            "DepthwiseConv2DBackpropInput: depth_multiplier * in_depth not equal to out_depth",
        ),
        (
            lambda: by_input([2, 4, 4, 3], F, wave(1, 4, 4, 6), D, "SAME"),
            "DepthwiseConv2DBackpropInput: input and out_backprop must have the same batch size",
        ),
        (
            lambda: by_input(fed([1, 4, 4]), F, wave(1, 4, 4, 6), D, "SAME"),
            "DepthwiseConv2DBackpropInput: input must be 4-dimensional",
        ),
        (
            lambda: by_filter(I, [2, 2, 3, 2], wave(1, 3, 4, 6), D, "SAME"),
            "DepthwiseConv2DBackpropFilter: Number of rows of out_backprop doesn't match computed: "
            "actual = 3, computed = 4",
        ),
        (
            lambda: by_filter(I, fed([2, 2, 3]), wave(1, 4, 4, 6), D, "SAME"),
            "DepthwiseConv2DBackpropFilter: filter must be 4-dimensional",
        ),
        (
            lambda: tf.nn.conv3d(np.moveaxis(A, 4, 1), B, V, "SAME", data_format="NCDHW"),
            "CPU implementation of Conv3D currently only supports the NHWC tensor format.",
        ),
        (
            lambda: tf.nn.conv3d(A, B, V, "VALID", dilations=[1, 2, 2, 2, 1]),
            "CPU implementation of Conv3D currently only supports dilated rates of 1.",
        ),
        (
            lambda: tf.nn.conv3d(A, B, V, "VALID", dilations=[2, 1, 1, 1, 1]),
            "Current implementation does not yet support dilation rates in the batch and depth "
            "dimensions.",
        ),
        (
            lambda: tf.nn.conv3d(fed(wave(1, 4, 4, 4, 3)), fed(B), V, "VALID"),
            "Input depth must be evenly divisible by filter depth: 3 vs 2",
        ),
        (lambda: tf.nn.conv3d(fed(A[0]), fed(B), V, "VALID"), "input must be 5-dimensional"),
        (lambda: tf.nn.conv3d(fed(A), fed(B[0]), V, "VALID"), "filter must be 5-dimensional"),
        (
            lambda: tf.nn.conv3d_transpose(wave(1, 3, 4, 4, 2), T, [1, 4, 4, 4, 3], V),
            f"Conv3DBackpropInputOp: {EXPECTED} {LATER}",
        ),
        (
            lambda: tf.nn.conv3d_transpose(A, T, [1, 4, 4, 4, 3], V, dilations=[1, 2, 2, 2, 1]),
            "Current CPU implementation does not yet support dilation rates larger than 1.",
        ),
        (
            lambda: tf.nn.conv3d_transpose(A, wave(2, 2, 2, 3, 4), [1, 4, 4, 4, 3], V),
            "Conv3DBackpropInputOp: filter and out_backprop must have the same out_depth",
        ),
        (
            lambda: tf.nn.conv3d_transpose(A, T, [2, 4, 4, 4, 3], V),
            "Conv3DBackpropInputOp: input and out_backprop must have the same batch sizeinput "
            "batch: 2outbackprop batch: 1 batch_dim: 0",
        ),
        (
            lambda: tf.nn.conv3d_backprop_filter_v2(
                A, [2, 2, 2, 2, 3], wave(1, 3, 4, 4, 3), V, "SAME"
            ),
            f"Conv3DBackpropFilterOp: {EXPECTED} {LATER}",
        ),
        (
            lambda: tf.nn.max_pool3d(A, [1, 1, 2, 2, 2], 1, "SAME", data_format="NCDHW"),
            f"Default Pooling3DOp {DEFAULT}",
        ),
        (
            lambda: tf.nn.max_pool3d(A, [1, 1, 1, 1, 2], [1, 1, 1, 1, 2], "SAME"),
            "Pooling is not yet supported on the depth dimension.",
        ),
        (
            lambda: tf.nn.avg_pool3d(A, [2, 2, 2, 2, 1], [1, 2, 2, 2, 1], "SAME"),
            "Pooling is not yet supported on the batch dimension.",
        ),
        (lambda: tf.nn.avg_pool3d(fed(A[0]), 2, 2, "SAME"), "tensor_in must be 5-dimensional"),
        (
            lambda: tf.nn.dilation2d(I, F[..., 0], D, [1, 1, 1, 2], "SAME"),
            "Rate is only supported across spatial dimensions.",
        ),
        (
            lambda: tf.nn.dilation2d(I, F[..., 0], [2, 1, 1, 1], D, "SAME"),
            "Stride is only supported across spatial dimensions.",
        ),
        (
            lambda: tf.nn.dilation2d(fed(I), fed(F[0]), D, D, "SAME"),
            "input and filter must have the same depth: 3 vs 2",
        ),
    ],
)
def test_runs_refuse_what_tensorflow_refuses(
    engine: str, make: Callable[[], Any], message: str
) -> None:
    with pytest.raises(tf.errors.OpError) as caught:
        run(make(), engine)
    assert caught.value.message.splitlines()[0] == message


N = tf.nn
X = wave(2, 7, 6, 4)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: N.conv1d(X[0], F[0], 1, "SAME", data_format="X"), ValueError, "data_format must"),
        (lambda: N.conv1d(X[0], F[0], [1, 2], "SAME"), ValueError, "stride should be of length 1,"),
        (lambda: N.conv3d(A, B, 2, "SAME"), TypeError, "Expected list for 'strides' argument to"),
        (lambda: N.conv_transpose(X, F, [2, 5], 1), ValueError, "output_shape must be of length 3"),
        (lambda: N.max_pool3d(A, [1, 2], 2, "SAME"), ValueError, "ksize should be of length 1, 3"),
        (
            lambda: N.max_pool3d(A.astype("f8"), 2, 2, "SAME"),
            TypeError,
            "Value passed to parameter",
        ),
        (lambda: N.pool(X, [2, 2], "FOO", "SAME"), ValueError, "2-D FOO pooling is not supported."),
        (lambda: N.pool(X, [2], "MAX", "SAME"), ValueError, "Shape (2, 7, 6, 4) must have rank 3"),
        (lambda: N.pool(X, [2] * 4, "MAX", "SAME"), ValueError, "It is required that 1 <= num_s"),
        (
            lambda: N.pool(X, [2, 2], "MAX", "SAME", dilation_rate=[2, 2]),
            ValueError,
            "pooling with SAME padding is not implemented for dilation_rate > 1",
        ),
        (
            lambda: N.pool(X, [2, 2], "MAX", "SAME", strides=[3, 3]),
            ValueError,
            "strides > window_shape not supported due to inconsistency between CPU and GPU",
        ),
        (lambda: N.avg_pool_v2(fed(X), 2, 2, "SAME"), ValueError, "Cannot take the length of"),
        (lambda: N.atrous_conv2d(X, F, 0, "SAME"), ValueError, "all values of dilation_rate must"),
        (
            lambda: N.convolution(X, F, "SAME", strides=[2, 2], dilation_rate=[2, 1]),
            ValueError,
            "strides > 1 not supported in conjunction with dilation_rate > 1",
        ),
        (lambda: N.convolution(fed(X), fed(F), "SAME"), ValueError, "rank of input or filter must"),
        (
            lambda: N.atrous_conv2d_transpose(X, wave(3, 3, 2, 5), [2, 9, 8, 2], 2, "SAME"),
            ValueError,
            "value's input channels does not match filters' input channels, 4 != 5",
        ),
        (
            lambda: N.atrous_conv2d_transpose(X, wave(3, 3, 2, 4), [2, 9, 8], 2, "SAME"),
            ValueError,
            "output_shape must have shape (4,), got (3,)",
        ),
        (
            lambda: N.atrous_conv2d_transpose(X, wave(3, 3, 2, 4), [2, 9, 8, 3], 2, "SAME"),
            ValueError,
            "output_shape does not match filter's output channels, 3 != 2",
        ),
        (
            lambda: N.separable_conv2d(X, wave(3, 2, 4, 2), wave(2, 1, 8, 5), D, "SAME"),
            ValueError,
            "Dimensions 2 and 1 are not compatible",
        ),
        (
            lambda: N.with_space_to_batch(X, [2, 2], "SAME", lambda i, n, p: i),
            ValueError,
            "filter_shape must be specified for SAME padding",
        ),
        (
            lambda: N.with_space_to_batch(X, [2, 0], "VALID", lambda i, n, p: i),
            ValueError,
            "dilation_rate must be positive",
        ),
        (
            lambda: N.with_space_to_batch(X, [2, 2], "FOO", lambda i, n, p: i),
            ValueError,
            "Invalid padding method 'FOO'",
        ),
        (
            lambda: N.with_space_to_batch(X, [2, 2], "VALID", lambda i, n, p: i, None, [2, 1]),
            ValueError,
            "spatial_dims must be a montonically increasing sequence of positive integers",
        ),
        (
            lambda: N.with_space_to_batch(X[0], [2, 2], "VALID", lambda i, n, p: i, None, [1, 3]),
            ValueError,
            "input tensor must have rank 4 at least",
        ),
        (
            lambda: N.dilation2d(X, wave(9, 2, 4), D, D, "VALID"),
            ValueError,
            "Computed output size would be negative: -1 [input_size: 7, effective_filter_size: 9, "
            "stride: 1]",
        ),
    ],
)
def test_definitions_refuse_what_tensorflow_refuses(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value).startswith(message)
