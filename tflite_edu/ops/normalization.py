"""Batch normalization, in plain nodes and fused into one, and local response normalization."""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.powers import rsqrt

# Of fused_batch_norm; cuDNN takes none smaller.
_LEAST_EPSILON = 1.001e-5


@export("nn.batch_normalization")
def batch_normalization(
    x: Tensor,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: Any,
    name: str | None = None,
) -> Tensor:
    """`scale (x - mean) / sqrt(variance + variance_epsilon) + offset`.

    Args:
      x: of a floating dtype, any shape.
      mean, variance: such as `tf.nn.moments` gives; broadcast with `x`.
      offset, scale: broadcast with `x`; None stands for 0 and 1.
      variance_epsilon: a small number, against division by 0.

    Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
    Internal Covariate Shift" (2015).
    """
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        factor = rsqrt(variance + variance_epsilon)
        if scale is not None:
            factor *= scale
        scaled = x * cast(factor, x.dtype)
        shift = offset - mean * factor if offset is not None else -mean * factor
        return scaled + cast(shift, x.dtype)


@export("nn.batch_norm_with_global_normalization")
def batch_norm_with_global_normalization(
    t: Any = None,
    m: Any = None,
    v: Any = None,
    beta: Any = None,
    gamma: Any = None,
    variance_epsilon: Any = None,
    scale_after_normalization: bool | None = None,
    name: str | None = None,
    input: Any = None,
    mean: Any = None,
    variance: Any = None,
) -> Tensor:
    """`batch_normalization` with offset `beta` and, if asked for, scale `gamma`.

    `input`, `mean` and `variance` are other names of `t` [batch, height, width, channels], `m` and
    `v` [channels]; ValueError where both are given.
    """
    t = _one_of("input", input, "t", t)
    m = _one_of("mean", mean, "m", m)
    v = _one_of("variance", variance, "v", v)
    scale = gamma if scale_after_normalization else None
    return batch_normalization(t, m, v, beta, scale, variance_epsilon, name)


def _one_of(name: str, value: Any, old_name: str, old_value: Any) -> Any:
    if old_value is None:
        return value
    if value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{name}'")
    return old_value


def _channel_axis(data_format: str) -> int:
    return 1 if data_format == "NCHW" else 3


def _check_vectors(np: Any, x: Any, **vectors: Any) -> None:
    if np.ndim(x) != 4:
        raise errors.InvalidArgumentError(
            None, None, f"input must be 4-dimensional{format_shape(x.shape)}"
        )
    for name, vector in vectors.items():
        if np.ndim(vector) != 1:
            raise errors.InvalidArgumentError(
                None, None, f"{name} must be 1-dimensional{format_shape(vector.shape)}"
            )


def _rows(np: Any, x: Any, data_format: str) -> Any:
    """A batch of images as [pixels, channels] float32."""
    if data_format == "NCHW":
        x = np.moveaxis(x, 1, 3)
    return x.reshape(-1, x.shape[3]).astype(np.float32, copy=False)


def _images(np: Any, rows: Any, like: Any, data_format: str) -> Any:
    """`_rows` turned back into the shape and dtype of `like`."""
    if data_format == "NCHW":
        batch, channels, height, width = like.shape
        images = np.moveaxis(rows.reshape(batch, height, width, channels), 3, 1)
        return np.ascontiguousarray(images, like.dtype)
    return rows.reshape(like.shape).astype(like.dtype, copy=False)


def _sums(np: Any, rows: Any) -> Any:
    # A product adds in blocks, which keeps the last digits that a running sum loses.
    return np.ones(len(rows), rows.dtype) @ rows


class _FusedBatchNorm(Op, abstract=True):
    """Images normalized by their mean and variance, or by given ones where it does not train.

    Also the mean, the variance (that of the population as estimated from the batch) and, for the
    gradient, the mean and the batch's own variance.
    """

    epsilon = 0.0001
    data_format = "NHWC"
    is_training = True

    def infer(self, x: Shape, scale: Shape, offset: Shape, mean: Shape, variance: Shape) -> Any:
        known = with_rank(x, 4)
        axis = _channel_axis(self.data_format)
        channels = known[axis]
        for vector in (scale, offset) if self.is_training else (scale, offset, mean, variance):
            channels = merge_dims(channels, with_rank(vector, 1)[0])
        outputs: list[Shape] = [(*known[:axis], channels, *known[axis + 1 :])]
        outputs += [(channels,)] * 4
        return outputs + [None] * (len(self.signature.outputs) - 5)

    def forward(self, np: Any, x: Any, scale: Any, offset: Any, mean: Any, variance: Any) -> Any:
        _check_vectors(
            np, x, scale=scale, offset=offset, estimated_mean=mean, estimated_variance=variance
        )
        if self.is_training:
            for name, vector in (("estimated_mean", mean), ("estimated_variance", variance)):
                if vector.size:
                    raise errors.InvalidArgumentError(
                        None, None, f"{name} must be empty for training{format_shape(vector.shape)}"
                    )
        rows = _rows(np, x, self.data_format)
        if self.is_training:
            count = np.float32(len(rows))
            mean = _sums(np, rows) / count
            centred = rows - mean
            own_variance = _sums(np, centred * centred) / count
            variance = own_variance * (count / max(count - 1, np.float32(1)))
        else:
            mean, variance = mean.copy(), variance.copy()
            centred, own_variance = rows - mean, variance
        factor = scale / np.sqrt(own_variance + np.float32(self.epsilon))
        y = _images(np, centred * factor + offset, x, self.data_format)
        outputs = [y, mean, variance, mean.copy(), own_variance.copy()]
        if len(self.signature.outputs) == 6:
            outputs.append(np.zeros((), np.float32))
        return outputs

    def backward(self, op: Any, *gradients: Tensor) -> Any:
        make = getattr(raw, self.op_type.replace("Norm", "NormGrad"))
        x, scale, _, mean, variance = op.inputs
        dy = gradients[0]
        space = op.outputs[5:]
        attributes = {"epsilon": self.epsilon, "is_training": self.is_training}
        if self.is_training:
            saved = op.outputs[3:5]
            made = make(dy, x, scale, *saved, *space, data_format=self.data_format, **attributes)
            return list(made)[:5]
        channels_first = self.data_format == "NCHW"
        if channels_first:
            x = transpose(x, [0, 2, 3, 1])
            dy = transpose(dy, [0, 2, 3, 1])
        made = make(dy, x, scale, mean, variance, *space, data_format="NHWC", **attributes)
        dx = transpose(made[0], [0, 3, 1, 2]) if channels_first else made[0]
        return dx, made[1], made[2], None, None


class FusedBatchNorm(_FusedBatchNorm):
    __doc__ = _FusedBatchNorm.__doc__

    inputs = ("x: T", "scale: T", "offset: T", "mean: T", "variance: T")
    outputs = (
        *("y: T", "batch_mean: T", "batch_variance: T"),
        *("reserve_space_1: T", "reserve_space_2: T"),
    )
    T: DType = attr(FLOAT)
    epsilon: float = 0.0001
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    is_training: bool = True


class FusedBatchNormV2(_FusedBatchNorm):
    __doc__ = _FusedBatchNorm.__doc__

    inputs = ("x: T", "scale: U", "offset: U", "mean: U", "variance: U")
    outputs: ClassVar[tuple[str, ...]] = (
        *("y: T", "batch_mean: U", "batch_variance: U"),
        *("reserve_space_1: U", "reserve_space_2: U"),
    )
    T: DType = attr(HALF, BFLOAT16, FLOAT)
    U: DType = attr(FLOAT)
    epsilon: float = 0.0001
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    is_training: bool = True


class FusedBatchNormV3(FusedBatchNormV2):
    __doc__ = _FusedBatchNorm.__doc__

    outputs = (*FusedBatchNormV2.outputs, "reserve_space_3: U")


@export("nn.fused_batch_norm")
def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """`scale (x - mean) / sqrt(variance + epsilon) + offset` of each channel, in one node.

    Args:
      x: [batch, height, width, channels], or [batch, channels, height, width] for `data_format`
        NCHW; float16 or float32.
      scale, offset: float32 [channels].
      mean, variance: float32 [channels], given where `is_training` is False.
      epsilon: no smaller than 1.001e-5, which is taken instead.
      is_training: whether mean and variance are those of the batch.

    Returns the result, the mean and the variance; that of a batch of n pixels is times n / (n - 1).
    Raises ValueError where mean or variance is given for training.
    """
    x = convert_to_tensor(x, name="input")
    scale = convert_to_tensor(scale, name="scale")
    offset = convert_to_tensor(offset, name="offset")
    if is_training and (mean is not None or variance is not None):
        raise ValueError("Both 'mean' and 'variance' must be None if is_training is True.")
    if mean is None:
        mean = constant([])
    if variance is None:
        variance = constant([])
    made = raw.FusedBatchNormV3(
        *(x, scale, offset, mean, variance),
        epsilon=max(epsilon, _LEAST_EPSILON),
        data_format=data_format,
        is_training=is_training,
        name=name,
    )
    return made[0], made[1], made[2]


class _FusedBatchNormGrad(Op, abstract=True):
    """The gradients of x, scale and offset of a fused batch normalization."""

    epsilon = 0.0001
    data_format = "NHWC"
    is_training = True

    def infer(self, y_backprop: Shape, x: Shape, scale: Shape, *reserved: Shape) -> list[Shape]:
        dy = with_rank(y_backprop, 4)
        known = with_rank(x, 4)
        axis = _channel_axis(self.data_format)
        channels = merge_dims(dy[axis], known[axis])
        for vector in (scale, *reserved[:2]):
            channels = merge_dims(channels, with_rank(vector, 1)[0])
        like_x = (*dy[:axis], channels, *dy[axis + 1 :])
        rest: Shape = (0,) if self.is_training else (channels,)
        return [like_x, (channels,), (channels,), rest, rest]

    def forward(
        self, np: Any, dy: Any, x: Any, scale: Any, mean: Any, variance: Any, *_: Any
    ) -> Any:
        _check_vectors(np, x, scale=scale, saved_mean=mean, saved_variance=variance)
        gradients, rows = _rows(np, dy, self.data_format), _rows(np, x, self.data_format)
        inverse = 1 / np.sqrt(variance + np.float32(self.epsilon))
        normal = (rows - mean) * inverse
        of_scale, of_offset = _sums(np, gradients * normal), _sums(np, gradients)
        if self.is_training:
            count = np.float32(len(rows))
            gradients = gradients - of_offset / count - normal * (of_scale / count)
        dx = _images(np, gradients * (scale * inverse), x, self.data_format)
        return [dx, of_scale, of_offset, np.zeros((), np.float32), np.zeros((), np.float32)]


class FusedBatchNormGrad(_FusedBatchNormGrad):
    __doc__ = _FusedBatchNormGrad.__doc__

    inputs = (
        *("y_backprop: T", "x: T", "scale: T"),
        *("reserve_space_1: T", "reserve_space_2: T"),
    )
    outputs = (
        *("x_backprop: T", "scale_backprop: T", "offset_backprop: T"),
        *("reserve_space_3: T", "reserve_space_4: T"),
    )
    T: DType = attr(FLOAT)
    epsilon: float = 0.0001
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    is_training: bool = True


class FusedBatchNormGradV2(_FusedBatchNormGrad):
    __doc__ = _FusedBatchNormGrad.__doc__

    inputs: ClassVar[tuple[str, ...]] = (
        *("y_backprop: T", "x: T", "scale: float32"),
        *("reserve_space_1: U", "reserve_space_2: U"),
    )
    outputs = (
        *("x_backprop: T", "scale_backprop: U", "offset_backprop: U"),
        *("reserve_space_3: U", "reserve_space_4: U"),
    )
    T: DType = attr(HALF, BFLOAT16, FLOAT)
    U: DType = attr(FLOAT)
    epsilon: float = 0.0001
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    is_training: bool = True


class FusedBatchNormGradV3(FusedBatchNormGradV2):
    __doc__ = _FusedBatchNormGrad.__doc__

    inputs = (*FusedBatchNormGradV2.inputs, "reserve_space_3: U")
    outputs = (
        *("x_backprop: T", "scale_backprop: U", "offset_backprop: U"),
        *("reserve_space_4: U", "reserve_space_5: U"),
    )


def _norm(np: Any, op: Any, images: Any) -> tuple[Any, Any]:
    """bias + alpha (sum of squares of the channels nearby), and which channels those are.

    The second is a matrix [channels, channels] of ones and zeros.
    """
    if np.ndim(images) != 4:
        raise errors.InvalidArgumentError(None, None, "in must be 4-dimensional")
    channel = np.arange(images.shape[3])
    near = (np.abs(channel[:, None] - channel) <= op.depth_radius).astype(np.float32)
    images = images.astype(np.float32, copy=False)
    return np.float32(op.bias) + np.float32(op.alpha) * ((images * images) @ near), near


class LRN(Op):
    """Images divided by a power of the sum of squares of the channels nearby."""

    inputs, outputs = ("input: T",), ("output: T",)
    depth_radius: int = 5
    bias: float = 1.0
    alpha: float = 1.0
    beta: float = 0.5
    T: DType = attr(HALF, BFLOAT16, FLOAT, default=FLOAT)

    def infer(self, input: Shape) -> Shape:
        return with_rank(input, 4)

    def forward(self, np: Any, input: Any) -> Any:
        norm, _ = _norm(np, self, input)
        return (input * norm ** np.float32(-self.beta)).astype(input.dtype, copy=False)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.LRNGrad(
            *(gradient, op.inputs[0], op.outputs[0]),
            depth_radius=self.depth_radius,
            bias=self.bias,
            alpha=self.alpha,
            beta=self.beta,
        )


@export("nn.local_response_normalization", "nn.lrn")
def local_response_normalization(
    input: Any,
    depth_radius: int = 5,
    bias: float = 1,
    alpha: float = 1,
    beta: float = 0.5,
    name: str | None = None,
) -> Tensor:
    """`input / (bias + alpha s) ** beta`, s the sum of squares of the channels nearby.

    Args:
      input: [batch, height, width, channels], float16 or float32.
      depth_radius: how many channels on either side count as near.

    Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural
    Networks" (2012).
    """
    return raw.LRN(input, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta, name=name)


class LRNGrad(Op):
    """The gradient of local response normalization by its input."""

    inputs = ("input_grads: T", "input_image: T", "output_image: T")
    outputs = ("output: T",)
    depth_radius: int = 5
    bias: float = 1.0
    alpha: float = 1.0
    beta: float = 0.5
    T: DType = attr(HALF, BFLOAT16, FLOAT, default=FLOAT)

    def infer(self, input_grads: Shape, input_image: Shape, output_image: Shape) -> Shape:
        return with_rank(input_grads, 4)

    def forward(self, np: Any, input_grads: Any, input_image: Any, output_image: Any) -> Any:
        norm, near = _norm(np, self, input_image)
        nearby = (input_grads * output_image / norm) @ near
        beta = np.float32(self.beta)
        gradient = input_grads * norm**-beta
        gradient -= 2 * np.float32(self.alpha) * beta * input_image * nearby
        return gradient.astype(input_image.dtype, copy=False)
