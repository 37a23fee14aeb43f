"""Layers without variables: `tf.layers.dropout` and `tf.layers.flatten`."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers import arguments
from tflite_edu.layers.base_layer import Layer
from tflite_edu.layers.input_specification import InputSpec
from tflite_edu.layers.learning_phase import learning_phase
from tflite_edu.ops import dropout as dropout_ops
from tflite_edu.ops.conditional import smart_cond
from tflite_edu.ops.identity import identity
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape as shape_of


@export("layers.Dropout")
class Dropout(Layer):
    """While training, each element is 0 with probability `rate`, the others times 1 / (1 - rate).

    `noise_shape`, a sequence of sizes, None for the input's own, is the shape of the choices, which
    are broadcast to the inputs. Calls take `training`: a bool, or a bool scalar tensor.
    """

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Any = None,
        seed: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Any, training: Any = False, **kwargs: Any) -> Tensor:
        """The inputs with elements dropped where `training` is true, else the inputs."""
        if training is None:
            training = learning_phase()

        def drop() -> Tensor:
            return dropout_ops.dropout(
                inputs, noise_shape=self._noise_shape(inputs), seed=self.seed, rate=self.rate
            )

        result: Tensor = smart_cond(training, drop, lambda: identity(inputs))
        return result

    def _noise_shape(self, inputs: Tensor) -> Any:
        if self.noise_shape is None:
            return None
        own = shape_of(inputs)
        sizes = [own[i] if size is None else size for i, size in enumerate(self.noise_shape)]
        return convert_to_tensor(sizes)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer."""
        own = {"rate": self.rate, "noise_shape": self.noise_shape, "seed": self.seed}
        return {**super().get_config(), **own}


@export("layers.dropout")
def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Any = None,
    seed: int | None = None,
    training: Any = False,
    name: str | None = None,
) -> Tensor:
    """While training, each element is 0 with probability `rate`, the others times 1 / (1 - rate).

    `training` is a bool, or a bool scalar tensor (a placeholder, fed in each run). See `Dropout`.
    """
    layer = Dropout(rate, noise_shape=noise_shape, seed=seed, name=name)
    result: Tensor = layer(inputs, training=training)
    return result


@export("layers.Flatten")
class Flatten(Layer):
    """[batch, ...] to [batch, n], n the product of the other sizes; [batch] to [batch, 1].

    Where `data_format` is channels_first, the channels of [batch, channels, ...] come last in it.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format, self._channels_first = arguments.channels_come_first(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any, **kwargs: Any) -> Tensor:
        """The inputs of another shape."""
        rank = inputs.shape.ndims
        if self._channels_first and rank is not None and rank > 1:
            inputs = transpose(inputs, [0, *range(2, rank), 1])
        batch = inputs.shape.as_list()[0]
        flat = reshape(inputs, (shape_of(inputs)[0] if batch is None else batch, -1))
        flat.set_shape(self.compute_output_shape(inputs.shape))
        return flat

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """[batch, n] for [batch, ...], n None where a size is not known."""
        batch, *others = TensorShape(input_shape).as_list()
        known = [size for size in others if size is not None]
        return TensorShape([batch, math.prod(known) if len(known) == len(others) else None])

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer."""
        return {**super().get_config(), "data_format": self.data_format}


@export("layers.flatten")
def flatten(inputs: Any, name: str | None = None, data_format: str = "channels_last") -> Tensor:
    """[batch, ...] to [batch, n], n the product of the other sizes. See `Flatten`."""
    result: Tensor = Flatten(name=name, data_format=data_format)(inputs)
    return result
