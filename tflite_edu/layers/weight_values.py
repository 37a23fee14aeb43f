"""The variables of a layer, and their values in a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tflite_edu.runtime.session import get_default_session


class WeightValues:
    """The part of a layer that lists its variables, reads and sets them."""

    trainable: bool
    built: bool
    _name: str
    _trainable_weights: list[Any]
    _non_trainable_weights: list[Any]

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables that are trained; none where the layer is not trainable."""
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The variables that are not trained; all where the layer is not trainable."""
        frozen = [] if self.trainable else self._trainable_weights
        return [*frozen, *self._non_trainable_weights]

    @property
    def weights(self) -> list[Any]:
        """The variables: those that are trained, then the others."""
        return [*self.trainable_weights, *self.non_trainable_weights]

    @property
    def variables(self) -> list[Any]:
        """The variables; another name of `weights`."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that are trained; another name of `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The variables that are not trained; another name of `non_trainable_weights`."""
        return self.non_trainable_weights

    def count_params(self) -> int:
        """How many numbers the variables hold; ValueError where the layer is not built."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self._name}, but the layer isn't built. You "
                f"can build it manually via: `{self._name}.build(batch_input_shape)`."
            )
        return sum(int(np.prod(v.shape.as_list())) for v in self.weights)

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """The values of the variables in the default session.

        Unlike TensorFlow, which makes a session of its own where there is none, raises ValueError.
        """
        values: list[np.ndarray[Any, Any]] = _session().run(self.weights)
        return values

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Gives the variables these values in the default session, in the order of `weights`.

        Raises ValueError on another count or shape, and without a default session.
        """
        variables = self.weights
        if len(variables) != len(weights):
            raise ValueError(
                f'You called `set_weights(weights)` on layer "{self._name}" with a  weight list of '
                f"length {len(weights)}, but the layer was expecting {len(variables)} weights. "
                f"Provided weights: {str(weights)[:50]}..."
            )
        arrays = [np.asarray(weight) for weight in weights]
        for variable, array in zip(variables, arrays, strict=True):
            shape = tuple(variable.shape.as_list())
            if shape != array.shape:
                raise ValueError(
                    f"Layer weight shape {shape} not compatible with provided weight shape "
                    f"{array.shape}"
                )
        session = _session()
        for variable, array in zip(variables, arrays, strict=True):
            variable.load(array, session)


def _session() -> Any:
    session = get_default_session()
    if session is None:
        raise ValueError("Values of variables need a default session: `with tf.Session():`.")
    return session
