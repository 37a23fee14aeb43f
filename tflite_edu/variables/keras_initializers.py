"""`tf.keras.initializers`: the same initializers by Keras' names, and by configuration."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.export import export
from tflite_edu.variables import initializers


@export(
    "keras.initializers.RandomNormal",
    "keras.initializers.normal",
    "keras.initializers.random_normal",
)
class RandomNormal(initializers.RandomNormal):
    """Values drawn from a normal distribution, of standard deviation 0.05 by default."""

    def __init__(
        self,
        mean: Any = 0.0,
        stddev: Any = 0.05,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


@export(
    "keras.initializers.RandomUniform",
    "keras.initializers.random_uniform",
    "keras.initializers.uniform",
)
class RandomUniform(initializers.RandomUniform):
    """Values drawn uniformly from [minval, maxval), [-0.05, 0.05) by default."""

    def __init__(
        self,
        minval: Any = -0.05,
        maxval: Any = 0.05,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(minval, maxval, seed, dtype)


@export("keras.initializers.TruncatedNormal", "keras.initializers.truncated_normal")
class TruncatedNormal(initializers.TruncatedNormal):
    """A normal distribution cut off two deviations from its mean, deviation 0.05 by default."""

    def __init__(
        self,
        mean: Any = 0.0,
        stddev: Any = 0.05,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


_BY_NAME: dict[str, Any] = {
    **dict.fromkeys(("Zeros", "zeros"), initializers.Zeros),
    **dict.fromkeys(("Ones", "ones"), initializers.Ones),
    **dict.fromkeys(("Constant", "constant"), initializers.Constant),
    **dict.fromkeys(("RandomNormal", "normal", "random_normal"), RandomNormal),
    **dict.fromkeys(("RandomUniform", "uniform", "random_uniform"), RandomUniform),
    **dict.fromkeys(("TruncatedNormal", "truncated_normal"), TruncatedNormal),
    **dict.fromkeys(("Orthogonal", "orthogonal"), initializers.Orthogonal),
    **dict.fromkeys(("Identity", "identity"), initializers.Identity),
    **dict.fromkeys(("GlorotUniform", "glorot_uniform"), initializers.GlorotUniform),
    **dict.fromkeys(("GlorotNormal", "glorot_normal"), initializers.GlorotNormal),
    "VarianceScaling": initializers.VarianceScaling,
    "lecun_normal": initializers.lecun_normal,
    "lecun_uniform": initializers.lecun_uniform,
    "he_normal": initializers.he_normal,
    "he_uniform": initializers.he_uniform,
}


@export("keras.initializers.serialize")
def serialize(initializer: Any) -> dict[str, Any]:
    """The class name and the configuration of an initializer."""
    return {"class_name": type(initializer).__name__, "config": initializer.get_config()}


@export("keras.initializers.deserialize")
def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The initializer of a name, or of what `serialize` returned.

    Raises ValueError on a name that neither `custom_objects` nor Keras knows.
    """
    known = {**_BY_NAME, **(custom_objects or {})}
    if isinstance(config, str):
        if config not in known:
            raise ValueError(f"Unknown initializer:{config}")
        return known[config]()
    name, arguments = config["class_name"], config["config"]
    if name not in known:
        raise ValueError(f"Unknown initializer: {name}")
    made: Any = known[name]
    return made.from_config(arguments) if hasattr(made, "from_config") else made(**arguments)


@export("keras.initializers.get")
def get(identifier: Any) -> Any:
    """The initializer that a name, a configuration or an initializer stands for; None for None.

    Raises ValueError on anything else.
    """
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    raise ValueError(f"Could not interpret initializer identifier: {identifier}")
