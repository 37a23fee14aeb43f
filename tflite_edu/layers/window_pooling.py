"""`tf.layers.max_pooling1d` to `average_pooling3d`: the greatest or the mean of each window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tflite_edu.core.export import export
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers import arguments
from tflite_edu.layers.base_layer import Layer
from tflite_edu.layers.input_specification import InputSpec
from tflite_edu.ops import pooling, pooling_3d
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.ops.windows import axis

_POOLS: dict[tuple[str, bool], Callable[..., Tensor]] = {
    ("max", False): pooling.max_pool,
    ("max", True): pooling_3d.max_pool3d,
    ("average", False): pooling.avg_pool,
    ("average", True): pooling_3d.avg_pool3d,
}


class Pooling(Layer):
    """Makes one number of each window of each channel, along `rank` axes.

    [batch, axes..., channels] to [batch, out axes..., channels]; where `data_format` is
    channels_first, the channels come after the batch. `padding` is valid or same.
    """

    what: ClassVar[str]

    def __init__(
        self,
        rank: int,
        pool_size: Any,
        strides: Any,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        super().__init__(name=name, **kwargs)
        self.rank = rank
        self.pool_size = arguments.sizes(pool_size, rank, "pool_size")
        self.strides = arguments.sizes(strides, rank, "strides")
        self.padding = arguments.padding_name(padding)
        self.data_format, self._channels_first = arguments.channels_come_first(data_format)
        self.input_spec = InputSpec(ndim=rank + 2)

    def call(self, inputs: Any, **kwargs: Any) -> Tensor:
        """The pooled inputs."""
        if self.rank != 1:
            return self._pooled(inputs, self.pool_size, self.strides)
        # Sequences are images of one column.
        column = 3 if self._channels_first else 2
        images = expand_dims(inputs, column)
        return squeeze(self._pooled(images, (*self.pool_size, 1), (*self.strides, 1)), column)

    def _pooled(self, inputs: Tensor, window: Any, strides: Any) -> Tensor:
        pool = _POOLS[self.what, self.rank == 3]
        options = {"padding": self.padding.upper()}
        if self.rank == 2 and self._channels_first:
            ones = (1, 1)
            return pool(inputs, (*ones, *window), (*ones, *strides), data_format="NCHW", **options)
        if self._channels_first:
            # A CPU has no kernel for channels that come first.
            inputs = transpose(inputs, [0, *range(2, len(window) + 2), 1])
        result = pool(inputs, (1, *window, 1), (1, *strides, 1), **options)
        if self._channels_first:
            result = transpose(result, [0, len(window) + 1, *range(1, len(window) + 1)])
        return result

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """[batch, out axes..., channels] for [batch, axes..., channels]."""
        sizes = TensorShape(input_shape).as_list()
        first = 2 if self._channels_first else 1
        for i in range(self.rank):
            size = sizes[first + i]
            if size is not None:
                window, stride = self.pool_size[i], self.strides[i]
                sizes[first + i] = axis(size, window, stride, 1, self.padding.upper()).out
        return TensorShape(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer."""
        named = ("pool_size", "padding", "strides", "data_format")
        return {**super().get_config(), **{name: getattr(self, name) for name in named}}


@export("layers.AveragePooling1D")
class AveragePooling1D(Pooling):
    """The mean of each window of sequences [batch, width, channels]; see `Pooling`."""

    what = "average"

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(1, pool_size, strides, padding, data_format, name, **kwargs)


@export("layers.average_pooling1d")
def average_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of sequences [batch, width, channels]."""
    layer = AveragePooling1D(pool_size, strides, padding, data_format, name=name)
    result: Tensor = layer(inputs)
    return result


@export("layers.AveragePooling2D")
class AveragePooling2D(Pooling):
    """The mean of each window of images [batch, height, width, channels]; see `Pooling`."""

    what = "average"

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(2, pool_size, strides, padding, data_format, name, **kwargs)


@export("layers.average_pooling2d")
def average_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of images [batch, height, width, channels]."""
    layer = AveragePooling2D(pool_size, strides, padding, data_format, name=name)
    result: Tensor = layer(inputs)
    return result


@export("layers.AveragePooling3D")
class AveragePooling3D(Pooling):
    """The mean of each window of volumes; see `Pooling`."""

    what = "average"

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(3, pool_size, strides, padding, data_format, name, **kwargs)


@export("layers.average_pooling3d")
def average_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of volumes [batch, depth, height, width, channels]."""
    layer = AveragePooling3D(pool_size, strides, padding, data_format, name=name)
    result: Tensor = layer(inputs)
    return result


@export("layers.MaxPooling1D")
class MaxPooling1D(Pooling):
    """The greatest of each window of sequences [batch, width, channels]; see `Pooling`."""

    what = "max"

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(1, pool_size, strides, padding, data_format, name, **kwargs)


@export("layers.max_pooling1d")
def max_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The greatest of each window of sequences [batch, width, channels]."""
    layer = MaxPooling1D(pool_size, strides, padding, data_format, name=name)
    result: Tensor = layer(inputs)
    return result


@export("layers.MaxPooling2D")
class MaxPooling2D(Pooling):
    """The greatest of each window of images [batch, height, width, channels]; see `Pooling`."""

    what = "max"

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(2, pool_size, strides, padding, data_format, name, **kwargs)


@export("layers.max_pooling2d")
def max_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The greatest of each window of images [batch, height, width, channels]."""
    layer = MaxPooling2D(pool_size, strides, padding, data_format, name=name)
    result: Tensor = layer(inputs)
    return result


@export("layers.MaxPooling3D")
class MaxPooling3D(Pooling):
    """The greatest of each window of volumes; see `Pooling`."""

    what = "max"

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(3, pool_size, strides, padding, data_format, name, **kwargs)


@export("layers.max_pooling3d")
def max_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The greatest of each window of volumes [batch, depth, height, width, channels]."""
    layer = MaxPooling3D(pool_size, strides, padding, data_format, name=name)
    result: Tensor = layer(inputs)
    return result
