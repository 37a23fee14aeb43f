"""`tf.layers.dense`: a matrix product with weights, a bias and an activation."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers import arguments
from tflite_edu.layers.base_layer import Layer
from tflite_edu.layers.input_specification import InputSpec
from tflite_edu.ops.bias import bias_add
from tflite_edu.ops.casting import cast
from tflite_edu.ops.contraction import tensordot
from tflite_edu.ops.sparse_products import sparse_tensor_dense_matmul
from tflite_edu.variables.initializers import Zeros


@export("layers.Dense")
class Dense(Layer):
    """`activation(inputs kernel + bias)`: [..., n] to [..., units].

    Variables: kernel [n, units], and bias [units] where `use_bias`; n must be known. Sparse inputs
    have two axes. `activation` is a function or the name of one; initializers and regularizers may
    be given by name too. See `Layer` for the other arguments.
    """

    def __init__(
        self,
        units: Any,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            trainable=trainable,
            name=name,
            activity_regularizer=arguments.regularizer(activity_regularizer),
            **kwargs,
        )
        self.units = int(units)
        self.activation = arguments.activation(activation)
        self.use_bias = use_bias
        self.kernel_initializer = arguments.initializer(kernel_initializer)
        self.bias_initializer = arguments.initializer(bias_initializer)
        self.kernel_regularizer = arguments.regularizer(kernel_regularizer)
        self.bias_regularizer = arguments.regularizer(bias_regularizer)
        self.kernel_constraint = arguments.constraint(kernel_constraint)
        self.bias_constraint = arguments.constraint(bias_constraint)
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape: Any) -> None:
        """Makes kernel and bias for inputs of that shape."""
        dtype = as_dtype(self.dtype or FLOAT)
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(f"Unable to build `Dense` layer with non-floating point dtype {dtype}")
        size = TensorShape(input_shape).as_list()[-1]
        if size is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: size})
        self.kernel = self.add_weight(
            "kernel",
            shape=[size, self.units],
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            dtype=self.dtype,
            trainable=True,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=[self.units],
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                dtype=self.dtype,
                trainable=True,
            )
        self.built = True

    def call(self, inputs: Any, **kwargs: Any) -> Tensor:
        """The product, of the kernel's dtype."""
        if not isinstance(inputs, SparseTensor):
            inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if isinstance(inputs, SparseTensor):
            values = cast(inputs.values, as_dtype(self.dtype or FLOAT))
            inputs = SparseTensor(inputs.indices, values, inputs.dense_shape)
            outputs = sparse_tensor_dense_matmul(inputs, self.kernel)
        elif rank > 2:
            outputs = tensordot(inputs, self.kernel, [[rank - 1], [0]])
            outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
        else:
            outputs = raw.MatMul(cast(inputs, as_dtype(self.dtype or FLOAT)), self.kernel)
        if self.use_bias:
            outputs = bias_add(outputs, self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """[..., units] for [..., n]; ValueError where n is not known."""
        shape = TensorShape(input_shape).with_rank_at_least(2)
        sizes = shape.as_list()
        if sizes[-1] is None:
            raise ValueError(
                f"The innermost dimension of input_shape must be defined, but saw: {shape}"
            )
        return TensorShape([*sizes[:-1], self.units])

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": arguments.activation_name(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": arguments.described(self.kernel_initializer),
            "bias_initializer": arguments.described(self.bias_initializer),
            "kernel_regularizer": arguments.described(self.kernel_regularizer),
            "bias_regularizer": arguments.described(self.bias_regularizer),
            "activity_regularizer": arguments.described(self.activity_regularizer),
            "kernel_constraint": arguments.described(self.kernel_constraint),
            "bias_constraint": arguments.described(self.bias_constraint),
        }


@export("layers.dense")
def dense(
    inputs: Any,
    units: int,
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """`activation(inputs kernel + bias)`, with new variables or, where `reuse`, those of `name`.

    [..., n] to [..., units]; see `Dense`.
    """
    layer = Dense(
        units,
        activation=activation,
        use_bias=use_bias,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
        trainable=trainable,
        name=name,
        _scope=name,
        _reuse=reuse,
    )
    result: Tensor = layer(inputs)
    return result
