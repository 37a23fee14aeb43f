"""`tf.layers.Layer`: what makes its variables once, when it is first called, and applies them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from tflite_edu.core import nest
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, DType, as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.arguments import regularizer as as_regularizer
from tflite_edu.layers.conditions import is_conditional, reached
from tflite_edu.layers.input_specification import InputSpec, check_inputs
from tflite_edu.layers.weight_values import WeightValues
from tflite_edu.ops.casting import cast
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.variables.collections import global_variables, trainable_variables
from tflite_edu.variables.keras_initializers import get as get_initializer
from tflite_edu.variables.partitioned import PartitionedVariable
from tflite_edu.variables.scope import get_variable, variable_scope
from tflite_edu.variables.store import default_initializer
from tflite_edu.variables.variable import VariableAggregation, VariableSynchronization
from tflite_edu.variables.variable_scope import VariableScope

_UNDERSTOOD = ("activity_regularizer", "batch_input_shape", "batch_size", "input_shape", "weights")


@export("layers.Layer")
class Layer(WeightValues):
    """A function of tensors that has variables of its own, shared by all its calls.

    A subclass makes its variables in `build(input_shape)` with `add_weight`, and computes in
    `call(inputs)`; calling the layer does the first once and the second each time. Variables are
    named after the layer: its name, made unique among variable scopes, then their own.

    As in TensorFlow 1.15, the variables and losses of a layer that is an attribute of another stay
    its own.

    Args:
      trainable: whether its variables are.
      name: of the layer, by default that of its class in small letters.
      dtype: of its variables; by default that of its first input.
      activity_regularizer: a function of each output; its result over the size of the batch is a
        regularization loss.

    Raises TypeError on another keyword.
    """

    def __init__(
        self, trainable: bool = True, name: Any = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        self._trainable_weights: list[Any] = []
        self._non_trainable_weights: list[Any] = []
        self._losses: list[Tensor] = []
        self._callable_losses: list[Callable[[], Any]] = []
        self._updates: list[Operation | Tensor] = []
        # The losses and updates that depend on no input.
        self._unconditional: set[int] = set()
        self._called_with: list[Any] = []
        scope = kwargs.pop("_scope", None)
        self._reuse = kwargs.pop("_reuse", None)
        for keyword in kwargs:
            if keyword not in _UNDERSTOOD:
                raise TypeError("Keyword argument not understood:", keyword)
        self.trainable = trainable
        self.stateful = False
        self.built = False
        self._input_spec: Any = None
        self._dtype = None if dtype is None else as_dtype(dtype).name
        self._activity_regularizer = kwargs.pop("activity_regularizer", None)
        self._scope: VariableScope | None = None
        self._current_scope: VariableScope | None = None
        self._base_name: str
        self._name: str
        if name and not isinstance(name, VariableScope):
            self._name = self._base_name = name
        else:
            self._base_name = _in_small_letters(type(self).__name__)
            self._name = _numbered(self._base_name)
            if name:
                self._base_name = name.name
        if scope:
            with variable_scope(scope) as captured:
                self._scope = captured

    def build(self, input_shape: Any) -> None:
        """Makes the variables for inputs of that shape (as nested as the inputs are)."""
        self.built = True

    def call(self, inputs: Any, **kwargs: Any) -> Any:
        """What the layer makes of `inputs`: by itself, nothing."""
        return inputs

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Builds the layer if it is not built yet, and calls it.

        Arrays and numbers among `inputs` become constants. `scope` may name the variable scope.
        Raises ValueError where inputs are not what `input_spec` asks for.
        """
        self._set_scope(kwargs.pop("scope", None))
        reuse = True if self.built else self._reuse
        with variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope:
            self._current_scope = scope
            if any(isinstance(x, (np.ndarray, float, int)) for x in nest.flatten(inputs)):
                inputs = nest.map_structure(_as_tensor, inputs)
            outputs = self._apply(inputs, args, kwargs)
            _add_new(GraphKeys.UPDATE_OPS, self.updates)
        return outputs

    def _apply(self, inputs: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Makes the layer's nodes, in the name scope of its variable scope."""
        self._called_with.append(nest.flatten(inputs, expand_composites=True))
        try:
            with name_scope(self._scope_of_names()):
                self._maybe_build(inputs)
                outputs = self.call(inputs, *args, **kwargs)
                if outputs is None:
                    raise ValueError(
                        "A layer's `call` method should return a Tensor or a list of Tensors, not "
                        f"None (layer: {self.name})."
                    )
                if self._activity_regularizer:
                    self._regularize_activity(inputs, outputs)
                return outputs
        finally:
            self._called_with.pop()

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The layer called: `layer(inputs)`."""
        return self(inputs, *args, **kwargs)

    def _maybe_build(self, inputs: Any) -> None:
        check_inputs(self.input_spec, inputs, self.name)
        if self.built:
            return
        flat = nest.flatten(inputs)
        if flat and self._dtype is None and hasattr(flat[0], "dtype"):
            self._dtype = as_dtype(flat[0].dtype).base_dtype.name
        shapes = None
        if all(hasattr(one, "shape") for one in flat):
            shapes = nest.map_structure(lambda one: one.shape, inputs)
        self.build(shapes)
        self.built = True

    def _regularize_activity(self, inputs: Any, outputs: Any) -> None:
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                loss = self._activity_regularizer(output)
                batch = cast(shape_of(output)[0], loss.dtype)
                self.add_loss(loss / batch, inputs=inputs)

    def _set_scope(self, scope: Any) -> None:
        """Opens the layer's variable scope, unless it has one."""
        if self._scope is not None:
            return
        if self._reuse:
            opened = variable_scope(self._base_name if scope is None else scope)
        else:
            opened = variable_scope(scope, default_name=self._base_name)
        with opened as captured:
            self._scope = captured

    def _scope_of_names(self) -> str:
        assert self._current_scope is not None
        return self._current_scope.original_name_scope

    def add_weight(
        self,
        name: str,
        shape: Any,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        partitioner: Any = None,
        **kwargs: Any,
    ) -> Any:
        """A variable of the layer: made, or shared where the layer reuses or is built.

        The arguments are those of `tf.get_variable`; without `initializer`, that of the variable
        scope, or Glorot's uniform one (zeros for integers). What `regularizer` makes of a variable
        that is new becomes a loss of the layer.
        """
        for keyword in kwargs:
            if keyword != "experimental_autocast":
                raise TypeError("Unknown keyword argument:", keyword)
        if synchronization is VariableSynchronization.ON_READ:
            if trainable:
                raise ValueError(
                    "Synchronization value can be set to VariableSynchronization.ON_READ only for "
                    "non-trainable variables. You have specified trainable=True and "
                    "synchronization=VariableSynchronization.ON_READ."
                )
            trainable = False
        wanted = trainable is not False and self.trainable
        existing = set(map(id, global_variables()))
        data_type = as_dtype(dtype or self._dtype or FLOAT)
        self._set_scope(None)
        with variable_scope(
            self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False
        ) as scope:
            self._current_scope = scope
            with name_scope(self._scope_of_names()):
                if initializer is None:
                    initializer = scope.initializer
                variable = get_variable(
                    name,
                    shape=() if shape is None else shape,
                    dtype=data_type,
                    initializer=get_initializer(initializer) or _default(name, data_type, self),
                    trainable=wanted,
                    constraint=constraint,
                    partitioner=partitioner,
                    use_resource=use_resource or scope.use_resource,
                    synchronization=synchronization,
                    aggregation=aggregation,
                )
                parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
                if regularizer and not any(id(part) in existing for part in parts):
                    for part in parts:
                        self.add_loss(functools.partial(_regularized, name, part, regularizer))
        # A scope or a getter may have made it a variable that is not trained.
        trained = wanted and any(variable is v for v in trainable_variables())
        (self._trainable_weights if trained else self._non_trainable_weights).append(variable)
        return variable

    def add_variable(self, *args: Any, **kwargs: Any) -> Any:
        """The old name of `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds tensors to the layer's losses and to the graph's regularization losses.

        A loss may be a function of nothing; `losses` calls it again each time. `inputs` are what
        the losses depend on: None says that they depend on no input.
        """
        made = []
        for loss in nest.flatten(losses):
            if callable(loss):
                self._callable_losses.append(loss)
                value = self._without_condition(loss())
            elif loss is None:
                continue
            else:
                value = loss if isinstance(loss, Tensor) else convert_to_tensor(loss, FLOAT)
                if inputs is None:
                    self._unconditional.add(id(value))
                self._losses.append(value)
            if value is not None:
                made.append(value)
        _add_new(GraphKeys.REGULARIZATION_LOSSES, made)

    def _without_condition(self, loss: Any) -> Any:
        if loss is None:
            return None
        value = loss if isinstance(loss, Tensor) else convert_to_tensor(loss, FLOAT)
        self._unconditional.add(id(value))
        return value

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Adds operations, to be run in every step of training, to the layer's updates.

        Once the call is done they join the graph's update operations. An update may be a function
        of nothing, which is called now. `inputs` has no effect: whether an update depends on the
        call's inputs is seen from the graph.
        """
        for update in updates if isinstance(updates, list) else [updates]:
            while callable(update):
                update = update()
            if not isinstance(update, Operation):
                update = update.op if hasattr(update, "op") else convert_to_tensor(update)
            given = self._called_with[-1] if self._called_with else []
            if not is_conditional(update, given):
                self._unconditional.add(id(update))
            self._updates.append(update)

    @property
    def losses(self) -> list[Tensor]:
        """The losses of the calls and the weights; nodes of those of weights are made anew."""
        found = list(self._losses)
        for loss in self._callable_losses:
            value = self._without_condition(loss())
            if value is not None:
                found.append(value)
        return found

    @property
    def updates(self) -> list[Operation | Tensor]:
        """The updates of the calls; none where the layer is not trainable."""
        return list(self._updates) if self.trainable or self.stateful else []

    def get_losses_for(self, inputs: Any) -> list[Tensor]:
        """The losses that depend on `inputs`; for None, those that depend on no input."""
        return self._for(self.losses, inputs)

    def get_updates_for(self, inputs: Any) -> list[Any]:
        """The updates that depend on `inputs`; for None, those that depend on no input."""
        return self._for(self.updates, inputs)

    def _for(self, found: list[Any], inputs: Any) -> list[Any]:
        if inputs is None:
            return [one for one in found if id(one) in self._unconditional]
        conditional = [one for one in found if id(one) not in self._unconditional]
        return reached(conditional, nest.flatten(inputs))

    @property
    def input_spec(self) -> Any:
        """What the layer asks of its inputs: an `InputSpec`, a nest of them, or None."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        for spec in nest.flatten(value):
            if spec is not None and not isinstance(spec, InputSpec):
                raise TypeError(f"Layer input_spec must be an instance of InputSpec. Got: {spec}")
        self._input_spec = value

    @property
    def name(self) -> str:
        """The layer's name; that of its variables is `scope_name`."""
        return self._name

    @property
    def scope_name(self) -> str:
        """The variable scope of its variables; ValueError where it was never called."""
        if self._scope is None:
            raise ValueError(
                "No name available for layer scope because the layer "
                f'"{self._name}" has not been used yet. The scope name  is determined the first '
                "time the layer instance is called. You must therefore call the layer before "
                "querying `scope_name`."
            )
        return self._scope.name

    @property
    def dtype(self) -> str | None:
        """The name of its variables' dtype, None where it is not known yet."""
        return self._dtype

    @property
    def dynamic(self) -> bool:
        """Whether the layer runs Python code in every step: not in a graph."""
        return False

    @property
    def activity_regularizer(self) -> Any:
        """The function whose result, of each output, is a loss."""
        return self._activity_regularizer

    @activity_regularizer.setter
    def activity_regularizer(self, regularizer: Any) -> None:
        self._activity_regularizer = as_regularizer(regularizer)

    @property
    def submodules(self) -> tuple[Layer, ...]:
        """The layers among the attributes, in the order of their names, and those inside them."""
        found: dict[int, Layer] = {}
        for _, value in sorted(vars(self).items()):
            for one in nest.flatten(value) if isinstance(value, (list, tuple, dict)) else (value,):
                if isinstance(one, Layer):
                    found.update((id(layer), layer) for layer in (one, *one.submodules))
        return tuple(found.values())

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """`mask`, unchanged."""
        return mask

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of what the layer makes of inputs of that shape."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say the shape of what it returns."
        )

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer, without its variables."""
        return {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The layer that `get_config` tells of."""
        return cls(**config)


def _in_small_letters(name: str) -> str:
    """The name of a class as that of a layer: BatchNormalization as batch_normalization."""
    apart = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    small = re.sub(r"([a-z])([A-Z])", r"\1_\2", apart).lower()
    return f"private{small}" if small.startswith("_") else small


def _numbered(name: str) -> str:
    """The name with the number of layers of the graph that have had it."""
    counts: dict[str, int] = get_default_graph().attachments.setdefault("layer_names", {})
    counts[name] = counts.get(name, 0) + 1
    return f"{name}_{counts[name]}"


def _as_tensor(value: Any) -> Any:
    return convert_to_tensor(value) if isinstance(value, (np.ndarray, float, int)) else value


def _default(name: str, dtype: DType, layer: Layer) -> Any:
    if dtype.is_floating or dtype.is_integer or dtype.is_bool:
        return default_initializer(name, dtype)
    raise ValueError(
        f"An initializer for variable {name} of type {dtype} is required for layer {layer.name}"
    )


def _regularized(name: str, variable: Any, regularizer: Callable[[Any], Any]) -> Any:
    with name_scope(f"{name}/Regularizer"):
        return regularizer(variable)


def _add_new(collection: str, values: list[Any]) -> None:
    """Adds what a collection does not hold yet; makes the collection in any case."""
    known = get_default_graph().get_collection_ref(collection)
    held = {id(value) for value in known}
    known.extend(value for value in values if id(value) not in held)
