"""`tf.teach.flow`: what flows through the layers of a network, forward and backward, and what is
wrong with it where."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from tflite_edu.autodiff.gradients import gradients
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.errors import FailedPreconditionError
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.engines.numpy import Generated
from tflite_edu.formats.events import Summary
from tflite_edu.plan.planner import optimize, plan
from tflite_edu.plan.program import Program
from tflite_edu.runtime.failures import raise_located
from tflite_edu.runtime.session import BaseSession
from tflite_edu.teach.flow_advice import Finding, LayerFlow, findings
from tflite_edu.teach.flow_layers import Layer, layers_before
from tflite_edu.teach.flow_plot import draw
from tflite_edu.teach.session_state import kept_state, session_of, slot_of
from tflite_edu.teach.temporary import temporary_nodes

# How near to its bound, as a share of the bound, an activation counts as saturated.
_SHARE = 0.05


class Flow:
    """What `tf.teach.flow` measured: `layers`, one `LayerFlow` each, and `findings`.

    Prints as a table with what is wrong under it.
    """

    def __init__(self, loss_name: str, loss: float, layers: Sequence[LayerFlow]) -> None:
        self.loss_name = loss_name
        self.loss = loss
        self.layers: tuple[LayerFlow, ...] = tuple(layers)
        self.findings: tuple[Finding, ...] = tuple(findings(layers))

    def __str__(self) -> str:
        return "\n".join([*self._table(), "", *self._told()])

    __repr__ = __str__

    def _table(self) -> list[str]:
        head = ("layer", "y", "mean", "deviation", "dead", "flat", "|dL/dy|", "|dL/dW|", "|dW|/|W|")
        rows = [head]
        for layer in self.layers:
            rows.append(
                (
                    _short(layer.name, 26),
                    layer.activation.lower(),
                    f"{layer.mean:.3g}",
                    f"{layer.deviation:.3g}",
                    _percent(layer.dead),
                    _percent(layer.saturated),
                    _power(layer.output_gradient),
                    _power(layer.weight_gradient),
                    _power(layer.update_ratio),
                )
            )
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        lines = [f"{self.loss_name} = {self.loss:.6g}", ""]
        for row in rows:
            cells = [
                cell.ljust(width) if i < 2 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths))
            ]
            lines.append("  ".join(cells).rstrip())
        return lines

    def _told(self) -> list[str]:
        if not self.findings:
            return ["Nothing looks wrong."]
        together: dict[str, list[Finding]] = {}
        for finding in self.findings:
            together.setdefault(finding.problem, []).append(finding)
        lines = []
        for problem, listed in together.items():
            names = ", ".join(finding.layer for finding in listed)
            first = f" {listed[0].layer}:" if len(listed) > 1 else ""
            text = f"{problem} in {names}.{first} {listed[0].what} {listed[0].advice}"
            text = text[0].upper() + text[1:]
            lines += textwrap.wrap(text, 100, subsequent_indent="    ", break_long_words=False)
        return lines

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Draws the layers side by side: activations, dead and flat shares, gradients, updates.

        Writes a picture to `path` (.png, .svg, .pdf) and returns the matplotlib figure. Raises
        ImportError where matplotlib is not installed.
        """
        return draw(self.layers, self.loss_name, path)

    def summaries(self, step: int | None = None, writer: Any = None) -> Any:
        """The numbers as a `tf.Summary`, tagged `flow/<layer>/<number>`.

        With a `writer`, a `tf.summary.FileWriter`, it is written there at `step`, so that
        TensorBoard draws each number over time.
        """
        made = Summary()
        for layer in self.layers:
            numbers = {
                "mean": layer.mean,
                "deviation": layer.deviation,
                "dead_share": layer.dead,
                "saturated_share": layer.saturated,
                "identical_share": layer.identical,
                "gradient_of_output": layer.output_gradient,
                "gradient_of_weights": layer.weight_gradient,
                "update_to_weights": layer.update_ratio,
            }
            for name, number in numbers.items():
                if number is not None:
                    made.value.add(tag=f"flow/{layer.name}/{name}", simple_value=number)
        if writer is not None:
            writer.add_summary(made, step)
        return made


@export("teach.flow")
def flow(
    loss: Any,
    feed_dict: Any = None,
    session: BaseSession | None = None,
    learning_rate: float | None = None,
    updates: Any = None,
) -> Flow:
    """Measures what flows through each layer on one batch, and says what is wrong where.

    A layer is a product (MatMul, a convolution) of inputs with a variable and the activation behind
    it. For each: mean and deviation of its activations y, the share of dead units (ReLU) or of
    activations where the slope is flat (sigmoid, tanh, ...), the L2 norms of dL/dy and dL/dW, and
    how large an update is against the weights.

    Args:
      loss: a tensor of one number, or more (their sum is then differentiated).
      feed_dict: what `session.run(loss, ...)` needs.
      session: the default session where it is None.
      learning_rate: of gradient descent: an update is then learning_rate * dL/dW.
      updates: in its place the operation of an optimizer (or several): it is run, its change of the
        weights is measured, and then undone.

    The graph has no node more afterwards, and the session the same values and random streams.

    Raises:
      ValueError: there is no layer before the loss, no session, a feed is missing, or both
        `learning_rate` and `updates` are given.
      FailedPreconditionError: a variable has no value yet.
    """
    if learning_rate is not None and updates is not None:
        raise ValueError("Give learning_rate or updates, not both.")
    tensor = loss if isinstance(loss, Tensor) else convert_to_tensor(loss)
    if not tensor.dtype.base_dtype.is_floating:
        raise ValueError(
            f"{tensor.op.name} is of type {tensor.dtype.base_dtype.name}: only the gradients of "
            "numbers with fractions can flow."
        )
    found = session_of(tensor.graph, session)
    given = found._checked(tensor, feed_dict)
    if isinstance(given.tensors, list) and tensor in given.tensors:
        raise ValueError(f"{tensor.op.name} is fed: nothing flows to it.")
    layers = layers_before(tensor, given.tensors)
    _check_fed(plan([tensor], [], given.tensors), tensor)
    with kept_state(found):
        return _measured(tensor, layers, found, given, learning_rate, updates)


def _measured(
    loss: Tensor,
    layers: Sequence[Layer],
    session: BaseSession,
    given: Any,
    learning_rate: float | None,
    updates: Any,
) -> Flow:
    xs = [layer.output for layer in layers] + [layer.weights for layer in layers]
    before = {v: _value(session, v) for v in _variables(layers)}
    with temporary_nodes(loss.graph):
        made = [
            None if g is None else convert_to_tensor(g) for g in gradients(loss, xs, name="flow")
        ]
        tensors = [loss, *(layer.inputs for layer in layers), *(layer.output for layer in layers)]
        weights = [layer.weights for layer in layers if layer.variable is None]
        wanted = list(dict.fromkeys([*tensors, *weights, *(g for g in made if g is not None)]))
        values = _run(wanted, session, given)
    after = _after(session, given, updates, before)
    results: list[LayerFlow] = []
    outputs = {layer.output for layer in layers}
    for number, layer in enumerate(layers):
        dy, dw = made[number], made[number + len(layers)]
        variable = layer.variable
        weight = values[layer.weights] if variable is None else before[variable]
        gradient = None if dw is None else values[dw]
        update = None
        if learning_rate is not None and gradient is not None:
            update = learning_rate * gradient
        elif variable in after:
            update = after[variable] - before[variable]
        results.append(
            _layer_flow(
                layer,
                values[layer.inputs],
                values[layer.output],
                weight,
                None if dy is None else values[dy],
                gradient,
                update,
                not _passes_layer(layer.inputs, outputs, set(given.tensors)),
            )
        )
    return Flow(loss.op.name, float(numpy.sum(values[loss])), results)


def _variables(layers: Sequence[Layer]) -> list[Operation]:
    return list(dict.fromkeys(layer.variable for layer in layers if layer.variable is not None))


def _value(session: BaseSession, variable: Operation) -> Any:
    value = slot_of(session, variable).value
    if value is None:
        raise FailedPreconditionError(
            None,
            None,
            f"{variable.name} has no value yet: run tf.global_variables_initializer() first",
        )
    return numpy.array(value)


def _run(wanted: Sequence[Tensor], session: BaseSession, given: Any) -> dict[Tensor, Any]:
    """The values of tensors, by a program that nobody keeps."""
    program = plan(list(wanted), [], given.tensors)
    shapes = [array.shape for array in given.arrays]
    executable = Generated(optimize(program, shapes), session._programs.host)
    try:
        values = executable.run(given.arrays)
    except Exception as error:
        raise_located(error, executable)
    return dict(zip(wanted, values, strict=True))


def _after(
    session: BaseSession, given: Any, updates: Any, before: Mapping[Operation, Any]
) -> dict[Operation, Any]:
    """What the variables hold after the updates ran."""
    if updates is None:
        return {}
    session.run(updates, dict(zip(given.tensors, given.arrays, strict=True)))
    return {variable: _value(session, variable) for variable in before}


def _check_fed(program: Program, loss: Tensor) -> None:
    missing = [s.operation.name for s in program.steps if s.definition.effect == "feed"]
    if missing:
        raise ValueError(f"{loss.op.name} needs values in feed_dict for: {', '.join(missing)}.")


def _passes_layer(tensor: Tensor, outputs: set[Tensor], fed: set[Tensor]) -> bool:
    """Whether a layer's output lies before a tensor."""
    seen: set[Tensor] = set()
    pending = [tensor]
    while pending:
        one = pending.pop()
        if one in outputs:
            return True
        if one not in seen and one not in fed:
            seen.add(one)
            pending += one.op._inputs
    return False


def _layer_flow(
    layer: Layer,
    inputs: Any,
    outputs: Any,
    weight: Any,
    output_gradient: Any,
    weight_gradient: Any,
    update: Any,
    from_data: bool,
) -> LayerFlow:
    y = numpy.asarray(outputs, numpy.float64)
    x, w = numpy.asarray(inputs, numpy.float64), numpy.asarray(weight, numpy.float64)
    norm = float(numpy.linalg.norm(w))
    fan_in, fan_out = _fans(layer, w.shape)
    with numpy.errstate(all="ignore"):
        return LayerFlow(
            layer.name,
            layer.weights.op.name if layer.variable is None else layer.variable.name,
            layer.activation,
            _mean(y),
            _deviation(y),
            _mean(x),
            _deviation(x),
            from_data,
            _dead_share(layer.activation, y),
            _saturated_share(layer.activation, y),
            _identical_share(layer, w, weight_gradient),
            _norm(output_gradient),
            _norm(weight_gradient),
            y.size,
            w.size,
            norm,
            _deviation(w),
            None if update is None or not norm else float(_norm(update) or 0.0) / norm,
            fan_in,
            fan_out,
        )


def _mean(array: Any) -> float:
    return float(array.mean()) if array.size else 0.0


def _deviation(array: Any) -> float:
    return float(array.std()) if array.size else 0.0


def _norm(array: Any) -> float | None:
    return None if array is None else float(numpy.linalg.norm(numpy.asarray(array, numpy.float64)))


def _fans(layer: Layer, shape: tuple[int, ...]) -> tuple[int, int]:
    """How many inputs a unit has, and how many units an input goes to."""
    if len(shape) < 2:
        return 1, 1
    receptive = int(numpy.prod(shape[:-2]))
    fan_in, fan_out = receptive * shape[-2], receptive * shape[-1]
    if layer.operation.type in ("BatchMatMul", "BatchMatMulV2", "MatMul"):
        fan_in, fan_out = shape[-2:]
        if _is_turned(layer):
            fan_in, fan_out = fan_out, fan_in
    elif layer.operation.type == "DepthwiseConv2dNative":
        fan_in, fan_out = receptive, receptive * shape[-1]
    return fan_in, fan_out


def _is_turned(layer: Layer) -> bool:
    """Whether the units of a matrix are its rows."""
    op, definition = layer.operation, layer.operation.definition
    is_second = op._inputs[1] is not layer.inputs
    for name in ("transpose_b", "adj_y") if is_second else ("transpose_a", "adj_x"):
        if hasattr(definition, name):
            return bool(getattr(definition, name)) is is_second
    return False


def _dead_share(activation: str, y: Any) -> float | None:
    """The share of the units, counted along the last axis, that are 0 for every example."""
    if activation not in ("Relu", "Relu6") or not y.ndim or not y.size:
        return None
    units = y.reshape(-1, y.shape[-1])
    return float((units == 0).all(axis=0).mean())


def _saturated_share(activation: str, y: Any) -> float | None:
    """The share of the activations that have gone at least 95 % of the way to a bound."""
    slopes = {
        # There a sigmoid's slope is under a fifth of its largest, a tanh's under a tenth.
        "Sigmoid": lambda: (y < _SHARE) | (y > 1 - _SHARE),
        "Tanh": lambda: numpy.abs(y) > 1 - _SHARE,
        "Softsign": lambda: numpy.abs(y) > 1 - _SHARE,
        "Softplus": lambda: -numpy.expm1(-y) < _SHARE,
        "Elu": lambda: y < _SHARE - 1,
        "Selu": lambda: y < (_SHARE - 1) * 1.7580993408473766,
        "Relu6": lambda: y >= 6,
    }
    if activation not in slopes or not y.size:
        return None
    return float(numpy.mean(slopes[activation]()))


def _identical_share(layer: Layer, weight: Any, gradient: Any) -> float:
    """The share of the units that have the same weights and gradients as a unit before them."""
    if weight.ndim < 2 or gradient is None or gradient.shape != weight.shape:
        return 0.0
    # What differs by rounding alone is the same.
    both = numpy.stack([_rounded(weight), _rounded(numpy.asarray(gradient, numpy.float64))])
    if layer.operation.type in ("MatMul", "BatchMatMul", "BatchMatMulV2") and _is_turned(layer):
        both = numpy.swapaxes(both, -1, -2)
    units = both.reshape(-1, both.shape[-1]).T
    if len(units) < 2 or not numpy.isfinite(units).all():
        return 0.0
    return float(1 - len(numpy.unique(units, axis=0)) / len(units))


def _rounded(array: Any) -> Any:
    scale = numpy.abs(array).max(initial=0.0)
    return numpy.round(array / scale, 6) + 0.0 if scale else array


def _short(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 13]}...{name[-10:]}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _power(number: float | None) -> str:
    return "-" if number is None else f"{number:.1e}"
