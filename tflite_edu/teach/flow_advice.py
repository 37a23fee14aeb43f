"""What the numbers of a layer say is wrong with it, and what to try.

The limits are rules of thumb: where a rule is someone's, the source stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

# Gradients of a layer, element for element, against the largest behind it. A sigmoid multiplies by
# 0.25 at most, so five of them reach this. Glorot and Bengio, "Understanding the difficulty of
# training deep feedforward neural networks", 2010, section 4.
VANISHED = 1e-3
# Gradients that grow so much on their way. Pascanu, Mikolov and Bengio, "On the difficulty of
# training recurrent neural networks", 2013.
EXPLODED = 1e3
# Units that are 0 for every example learn nothing. The notes of Stanford's CS231n, "Neural Networks
# Part 1", tell of 40 % and more after steps that were too large.
DEAD_SHARE = 0.4
# Activations within 5 % of a bound of theirs; Glorot and Bengio, section 3.
SATURATED_SHARE = 0.5
# Units that compute the same are one unit; Goodfellow, Bengio and Courville, "Deep Learning", 8.4.
IDENTICAL_SHARE = 0.1
# |mean| / deviation of the inputs; LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, 4.3.
NOT_CENTRED = 1.0
# Deviation of the activations against that of the first layer; He, Zhang, Ren and Sun,
# "Delving Deep into Rectifiers", 2015, section 2.2 keep it the same through all layers.
DRIFTED = 10.0
# |update| / |weight|: CS231n's notes "Neural Networks Part 3" ask for about 1e-3.
LARGE_UPDATE = 1e-1
SMALL_UPDATE = 1e-5

RECTIFIERS = frozenset({"Relu", "Relu6", "LeakyRelu", "Elu", "Selu", "Softplus"})


class LayerFlow(NamedTuple):
    """What flows through a layer, measured on one batch.

    mean, deviation    of its activations y
    input_mean, input_deviation   of its inputs; `from_data` where these come from no other layer
    dead               share of the units that are 0 for every example (ReLUs); None for others
    saturated          share of the activations that are within 5 % of a bound; None
                       for activations that do not saturate
    identical          share of the units whose weights and gradients are another unit's too
    output_gradient    L2 norm of dL/dy, and of dL/dW `weight_gradient`; None where there is none
    output_size, weight_size   how many elements y and W have
    weight_norm        L2 norm of W, `weight_deviation` its standard deviation
    update_ratio       |update| / |W|; None where no update is known
    fan_in, fan_out    inputs of each unit, and outputs that each input has
    """

    name: str
    weights: str
    activation: str
    mean: float
    deviation: float
    input_mean: float
    input_deviation: float
    from_data: bool
    dead: float | None
    saturated: float | None
    identical: float
    output_gradient: float | None
    weight_gradient: float | None
    output_size: int
    weight_size: int
    weight_norm: float
    weight_deviation: float
    update_ratio: float | None
    fan_in: int
    fan_out: int

    @property
    def gradient_of_an_output(self) -> float | None:
        """The root mean square of dL/dy: it does not depend on how many outputs there are."""
        if self.output_gradient is None or not self.output_size:
            return None
        return self.output_gradient / math.sqrt(self.output_size)


class Finding(NamedTuple):
    """What is wrong with a layer, and what to try."""

    layer: str
    problem: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.layer}: {self.problem}. {self.what} {self.advice}"


def findings(layers: Sequence[LayerFlow]) -> list[Finding]:
    """What is wrong, layer by layer, in the order of the layers."""
    found: list[Finding] = []
    for number, layer in enumerate(layers):
        told = [
            _not_finite(layer),
            _not_centred(layer),
            _dead(layer),
            _saturated(layer),
            _identical(layer),
            _drifted(layer, layers, number),
            _vanished(layer, layers[number + 1 :]),
            _exploded(layer, layers[number + 1 :]),
        ]
        if not any(problem for problem, _, _ in told):
            # Where something else is wrong the size of the update only follows from it.
            told.append(_update(layer))
        found += [Finding(layer.name, *one) for one in told if one[0]]
    return found


Told = tuple[str, str, str]
_NOTHING: Told = ("", "", "")


def initialization(layer: LayerFlow) -> str:
    """The initialization that keeps the scale of what a layer of this kind passes on."""
    if layer.activation in RECTIFIERS:
        wanted = math.sqrt(2 / max(layer.fan_in, 1))
        return f"He's initialization: deviation sqrt(2 / {layer.fan_in}) = {wanted:.3g}"
    wanted = math.sqrt(2 / max(layer.fan_in + layer.fan_out, 1))
    return (
        f"Glorot's initialization: deviation sqrt(2 / ({layer.fan_in} + {layer.fan_out})) = "
        f"{wanted:.3g}"
    )


def _not_finite(layer: LayerFlow) -> Told:
    numbers = (layer.mean, layer.deviation, layer.output_gradient, layer.weight_gradient)
    if all(n is None or math.isfinite(n) for n in numbers):
        return _NOTHING
    return (
        "not finite",
        "Its activations or gradients hold inf or NaN.",
        "Try a smaller learning rate, clipped gradients, and a loss that takes no log of 0.",
    )


def _not_centred(layer: LayerFlow) -> Told:
    mean, deviation = layer.input_mean, layer.input_deviation
    if not layer.from_data or not abs(mean) > NOT_CENTRED * deviation:
        return _NOTHING
    return (
        "inputs not centred",
        f"Its inputs have mean {mean:.3g} and deviation {deviation:.3g}: the gradients of a unit's "
        "weights then share one sign, and the steps zig-zag.",
        "Subtract the mean of the inputs, and divide by their deviation.",
    )


def _dead(layer: LayerFlow) -> Told:
    if layer.dead is None or layer.dead < DEAD_SHARE:
        return _NOTHING
    return (
        "dead ReLUs",
        f"{layer.dead:.0%} of its units are 0 for every example: no gradient passes them.",
        "Try a smaller learning rate, biases that start at 0 or a little above, "
        f"{initialization(layer)}, or a leaky ReLU.",
    )


def _saturated(layer: LayerFlow) -> Told:
    if layer.saturated is None or layer.saturated < SATURATED_SHARE:
        return _NOTHING
    return (
        f"saturated {layer.activation.lower()}s",
        f"{layer.saturated:.0%} of its activations lie where the slope is almost 0: hardly any "
        "gradient passes them.",
        f"Its weights have deviation {layer.weight_deviation:.3g}; try {initialization(layer)}, "
        "smaller inputs, or ReLU.",
    )


def _identical(layer: LayerFlow) -> Told:
    if layer.identical < IDENTICAL_SHARE:
        return _NOTHING
    return (
        "identical units",
        f"{layer.identical:.0%} of its units have the weights and the gradients of another unit: "
        "they stay equal for ever.",
        f"Start from random weights: {initialization(layer)}.",
    )


def _drifted(layer: LayerFlow, layers: Sequence[LayerFlow], number: int) -> Told:
    # The last layer gives the model's answer, whose scale is the task's.
    if not 0 < number < len(layers) - 1:
        return _NOTHING
    first, before = layers[0].deviation, layers[number - 1].deviation
    if not first > 0 or not layer.deviation > 0 or not math.isfinite(layer.deviation):
        return _NOTHING
    ratio = layer.deviation / first
    if 1 / DRIFTED < ratio < DRIFTED:
        return _NOTHING
    grows = ratio > 1
    if 1 / DRIFTED >= before / first or before / first >= DRIFTED:
        # Told where it first goes too far.
        return _NOTHING
    return (
        "scale drift",
        f"Its activations have deviation {layer.deviation:.3g}, those of {layers[0].name} "
        f"{first:.3g}: the scale {'grows' if grows else 'shrinks'} from layer to layer.",
        f"Its weights have deviation {layer.weight_deviation:.3g}; try {initialization(layer)}.",
    )


def _vanished(layer: LayerFlow, behind: Sequence[LayerFlow]) -> Told:
    own, largest = layer.gradient_of_an_output, _largest(behind)
    if own is None:
        return (
            "no gradient",
            "The loss does not depend on its output, or a gradient is stopped on the way.",
            "Look for tf.stop_gradient, a cast to integers or an arg max behind it.",
        )
    if not largest or not own < VANISHED * largest:
        return _NOTHING
    squashed = any(one.activation in ("Sigmoid", "Tanh", "Softsign") for one in (layer, *behind))
    instead = "ReLU, " if squashed else ""
    return (
        "vanishing gradient",
        f"An element of dL/dy is about {own:.1e} here, and {largest:.1e} in the layers behind.",
        f"Try {instead}{initialization(layer)}, normalization, or connections past layers.",
    )


def _exploded(layer: LayerFlow, behind: Sequence[LayerFlow]) -> Told:
    own, last = layer.gradient_of_an_output, behind[-1].gradient_of_an_output if behind else None
    if own is None or not last or not own > EXPLODED * last:
        return _NOTHING
    return (
        "exploding gradient",
        f"An element of dL/dy is about {own:.1e} here, and {last:.1e} at the last layer.",
        f"Its weights have deviation {layer.weight_deviation:.3g}; try {initialization(layer)}, or "
        "tf.clip_by_global_norm.",
    )


def _update(layer: LayerFlow) -> Told:
    ratio = layer.update_ratio
    if ratio is None or layer.weight_norm == 0 or SMALL_UPDATE <= ratio <= LARGE_UPDATE:
        return _NOTHING
    if ratio > LARGE_UPDATE:
        return (
            "large update",
            f"One step changes its weights by {ratio:.2g} of their size.",
            "About 0.001 is usual: try a smaller learning rate.",
        )
    return (
        "small update",
        f"One step changes its weights by {ratio:.1e} of their size.",
        "About 0.001 is usual: try a larger learning rate.",
    )


def _largest(behind: Sequence[LayerFlow]) -> float | None:
    gradients = [layer.gradient_of_an_output for layer in behind]
    return max((g for g in gradients if g is not None and math.isfinite(g)), default=None)
