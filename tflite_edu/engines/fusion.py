"""Layers: steps that the numpy engine computes together, block by block, in the cache.

A convolution, what is added to each of its channels, ReLU and max pooling become one step; the
gradient of ReLU moves behind that of max pooling, where there is less of it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tflite_edu.core.dtypes import DType, float32, float64
from tflite_edu.core.op import Op, Signature
from tflite_edu.engines.convolution import convolve_layer
from tflite_edu.plan.branches import branches
from tflite_edu.plan.program import Program, Step, Value


class ConvolutionLayer(Op, abstract=True):
    """A convolution, what is added to its channels, ReLU and max pooling of windows side by side.

    No node of a graph has this type. Its results are those of the last step before the pooling, if
    a later step wants them, and of the pooling, if there is one.
    """

    inputs, outputs = ("input: T", "filter: T", "bias: biases*T"), ("values: results*T",)
    T: DType
    biases: int
    results: int

    def __init__(
        self,
        values: tuple[DType, int, int],
        convolution: Any,
        rectified: bool,
        pooling: tuple[int, int] | None,
        keeps_activations: bool,
        names: list[str],
    ) -> None:
        super().__init__(values)
        self.convolution = convolution
        self.rectified = rectified
        self.pooling = pooling
        self.keeps_activations = keeps_activations
        self.names = names

    def forward(self, np: Any, image: Any, window: Any, bias: list[Any]) -> list[Any]:
        rows, columns = self.convolution.geometry(image, window)
        added = bias[0] if bias else None
        options = self.rectified, self.pooling, self.keeps_activations
        return convolve_layer(np, image, window, rows, columns, added, *options)


ConvolutionLayer.signature = Signature.of(ConvolutionLayer)


def names_of(step: Step) -> str:
    """The names of the nodes that a step computes."""
    definition = step.definition
    return ", ".join(
        definition.names if isinstance(definition, ConvolutionLayer) else [step.operation.name]
    )


def fused(program: Program) -> Program:
    """The program with layers in place of their steps; steps that may not run stay as they are."""
    types = {step.definition.op_type for step in program.steps}
    if types.isdisjoint(("Conv2D", "MaxPoolGrad")):
        return program
    if "MaxPoolGrad" in types:
        program = _with_gradients_rectified_first(program)
    return _with_layers(program) if "Conv2D" in types else program


class _Uses:
    """Which steps, by number, use a value."""

    def __init__(self, program: Program) -> None:
        self.steps = program.steps
        self.unsure = branches(program).steps
        self.fetched = set(program.fetches)
        self._numbers: defaultdict[Value, list[int]] = defaultdict(list)
        for number, step in enumerate(program.steps):
            for value in dict.fromkeys(step.inputs):
                self._numbers[value].append(number)

    def of(self, value: Value) -> list[int]:
        """The steps that use a value."""
        return self._numbers.get(value, [])

    def only(self, value: Value) -> int | None:
        """The one step that uses a value nobody else wants, or None; it is sure to run."""
        numbers = self.of(value)
        if len(numbers) != 1 or value in self.fetched or self.steps[numbers[0]] in self.unsure:
            return None
        return numbers[0]


def _with_layers(program: Program) -> Program:
    uses = _Uses(program)
    steps: dict[int, Step] = dict(enumerate(program.steps))
    for number, step in enumerate(program.steps):
        if step.definition.op_type == "Conv2D" and step not in uses.unsure:
            found = _layer(number, step, uses)
            if found is not None:
                place, members, layer = found
                for member in members:
                    del steps[member]
                steps[place] = layer
    ordered = [steps[number] for number in sorted(steps)]
    return Program(program.feeds, program.fetches, ordered, program.notes)


def _layer(number: int, step: Step, uses: _Uses) -> tuple[int, list[int], Step] | None:
    """Where a layer that begins with a convolution stands, the steps it takes in, and itself."""
    value = step.outputs[0]
    definition: Any = step.definition
    shape = value.shape
    if value.dtype not in (float32, float64) or definition.data_format != "NHWC":
        return None
    if shape is None or len(shape) != 4 or None in shape[1:]:
        return None
    members, bias = [number], None
    following = uses.only(value)
    if following is not None:
        bias = _added(uses.steps[following], value)
        if bias is not None:
            members.append(following)
            value = uses.steps[following].outputs[0]
            following = uses.only(value)
    rectified = following is not None and uses.steps[following].definition.op_type == "Relu"
    if rectified and following is not None:
        members.append(following)
        value = uses.steps[following].outputs[0]
    users = uses.of(value)
    pools = [n for n in users if _pools(uses.steps[n], value) and uses.steps[n] not in uses.unsure]
    pool = pools[0] if pools else None
    keeps = value in uses.fetched or users != [pool]
    results = [value] if keeps else []
    pooling = None
    if pool is not None:
        members.append(pool)
        results.append(uses.steps[pool].outputs[0])
        pooling = uses.steps[pool].definition.ksize[1:3]  # type: ignore[attr-defined]
    if len(members) == 1 or not all(map(_is_harmless, uses.steps[number : members[1]])):
        return None
    added = () if bias is None else (bias,)
    names = [uses.steps[member].operation.name for member in members]
    layer = ConvolutionLayer(
        *((value.dtype, len(added), len(results)), definition, rectified, pooling, keeps, names)
    )
    own = {uses.steps[member] for member in members}
    waits = [c for n in members for c in uses.steps[n].controls if c not in own]
    inputs = (*step.inputs, *added)
    # It stands where all of its operands are there.
    made = Step(step.operation, inputs, tuple(results), tuple(dict.fromkeys(waits)), layer)
    return members[1], members, made


def _added(step: Step, value: Value) -> Value | None:
    """The vector that a step adds to the channels of `value`, or None if it does something else."""
    op_type = step.definition.op_type
    if op_type == "BiasAdd":
        if step.inputs[0] is not value:
            return None
        if step.definition.data_format != "NHWC":  # type: ignore[attr-defined]
            return None
        other = step.inputs[1]
    elif op_type in ("Add", "AddV2"):
        first, second = step.inputs
        other = second if first is value else first
    else:
        return None
    fits = value.shape is not None and other.shape == value.shape[3:]
    return other if fits and other.shape != (None,) else None


def _pools(step: Step, value: Value) -> bool:
    """Whether a step takes maxima of windows of `value` that cover it and stand side by side."""
    definition: Any = step.definition
    if definition.op_type != "MaxPool" or definition.data_format != "NHWC" or value.shape is None:
        return False
    window = definition.ksize
    if window != definition.strides or window[0] != 1 or window[3] != 1:
        return False
    return all(size and size % length == 0 for size, length in zip(value.shape[1:3], window[1:3]))


def _is_harmless(step: Step) -> bool:
    """Whether a convolution may as well come after a step."""
    if step.definition.effect in (None, "random"):
        return True
    return step.definition.effect == "variable" and not step.inputs


def _with_gradients_rectified_first(program: Program) -> Program:
    """ReLU's gradient taken of what is pooled and not of what the pooling hands back.

    An element that gets a gradient from a window equals the window's maximum: both are above zero,
    or none.
    """
    uses = _Uses(program)
    makers = {value: step for step in program.steps for value in step.outputs}
    steps: list[Step] = []
    done: set[int] = set()
    for number, step in enumerate(program.steps):
        if number in done:
            continue
        following = uses.only(step.outputs[0]) if len(step.outputs) == 1 else None
        rectifier = None if following is None else uses.steps[following]
        if rectifier is None or step in uses.unsure or not _is_rectified(step, rectifier, makers):
            steps.append(step)
            continue
        assert following is not None
        done.add(following)
        features, pooled, grad = step.inputs
        less = Value(step.outputs[0].name, grad.dtype, grad.shape)
        first, last = rectifier.operation, step.operation
        steps.append(Step(first, (grad, pooled), (less,), step.controls, rectifier.definition))
        handed = (features, pooled, less)
        steps.append(Step(last, handed, rectifier.outputs, rectifier.controls, step.definition))
    return Program(program.feeds, program.fetches, steps, program.notes)


def _is_rectified(step: Step, rectifier: Step, makers: dict[Value, Step]) -> bool:
    """Whether `rectifier` takes ReLU's gradient of a max pooling's, both of the same features."""
    if step.definition.op_type != "MaxPoolGrad" or rectifier.definition.op_type != "ReluGrad":
        return False
    features, pooled, grad = step.inputs
    if rectifier.inputs != (step.outputs[0], features) or features.slot is not None:
        return False
    if grad.dtype not in (float32, float64) or grad.shape is None or grad.shape != pooled.shape:
        return False
    maker = makers.get(pooled)
    if maker is None or maker.definition.op_type != "MaxPool" or maker.inputs != (features,):
        return False
    names = ("ksize", "strides", "padding", "data_format")
    own, given = step.definition.attributes(), maker.definition.attributes()
    return not rectifier.controls and all(own[name] == given[name] for name in names)
