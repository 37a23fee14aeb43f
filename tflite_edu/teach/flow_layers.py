"""The layers before a loss: what multiplies by weights, and which activation follows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor

VARIABLES = frozenset({"VariableV2", "Variable", "VarHandleOp"})

# Products of inputs with weights, and where the weights stand among their operands.
PRODUCTS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("MatMul", "BatchMatMul", "BatchMatMulV2"), (1, 0)),
    **dict.fromkeys(("Conv2D", "Conv3D", "DepthwiseConv2dNative"), (1,)),
    "Conv2DBackpropInput": (1,),
    "SparseTensorDenseMatMul": (3,),
}

# A network that is written element by element has products of numbers instead.
_NUMBER_PRODUCTS: dict[str, tuple[int, ...]] = {"Mul": (0, 1)}

ACTIVATIONS = frozenset(
    ("Relu", "Relu6", "LeakyRelu", "Elu", "Selu", "Sigmoid", "Tanh", "Softplus", "Softsign")
)

# What may stand between a variable and the product that it is the weight of.
_READS = frozenset(
    ("Identity", "ReadVariableOp", "Cast", "Reshape", "Transpose", "ExpandDims", "Squeeze", "Enter")
)

# What may stand between a product and its activation: biases, scales and changes of shape.
_BETWEEN = frozenset(
    (
        *("BiasAdd", "Add", "AddV2", "Sub", "Mul", "Identity", "Reshape", "Squeeze", "Cast"),
        *("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "BatchToSpaceND"),
    )
)


class Layer(NamedTuple):
    """A product with weights and the activation behind it.

    `weights` is the variable's tensor, or what the product is given where that was made from
    several; `product` is z, `output` y = activation(z); `activation` is "linear" where y is the
    product with its bias.
    """

    name: str
    weights: Tensor
    variable: Operation | None
    inputs: Tensor
    output: Tensor
    activation: str
    operation: Operation


def layers_before(loss: Tensor, fed: Sequence[Tensor]) -> list[Layer]:
    """The layers on whose outputs the loss depends, in the order in which they were defined.

    Raises ValueError where there is none.
    """
    before = operations_before(loss, fed)
    found = _layers(before, fed, PRODUCTS) or _layers(before, fed, _NUMBER_PRODUCTS)
    if not found:
        raise ValueError(
            f"There is no layer before {loss.op.name}: nothing is multiplied by a variable there "
            f"({', '.join(sorted(PRODUCTS))})."
        )
    return found


def operations_before(loss: Tensor, fed: Sequence[Tensor]) -> list[Operation]:
    """The operations on whose outputs the loss depends, in the order in which they were made."""
    found: set[Operation] = set()
    pending = [loss]
    cut = set(fed)
    while pending:
        tensor = pending.pop()
        if tensor.op not in found and tensor not in cut:
            found.add(tensor.op)
            pending += tensor.op._inputs
    return sorted(found, key=lambda op: op._id)


def _layers(
    before: Sequence[Operation], fed: Sequence[Tensor], products: dict[str, tuple[int, ...]]
) -> list[Layer]:
    inside = set(before)
    users: dict[Operation, list[Operation]] = {}
    for op in before:
        for tensor in op._inputs:
            users.setdefault(tensor.op, []).append(op)
    constant = _made_of_variables(before, set(fed), products)
    layers: list[Layer] = []
    names: set[str] = set()
    for op in before:
        for place in products.get(op.type, ()):
            if place >= len(op._inputs) or op._inputs[place] not in constant:
                continue
            if op.type in _NUMBER_PRODUCTS and op._inputs[1 - place] in constant:
                continue
            variable = _variable(op._inputs[place])
            weights = op._inputs[place] if variable is None else variable._outputs[0]
            other = op._inputs[_input_place(op, place)]
            output, activation = _activation(op, users, inside)
            name = _label(op, output, names)
            layers.append(Layer(name, weights, variable, other, output, activation, op))
            break
    return layers


def _input_place(op: Operation, weights: int) -> int:
    if op.type == "Conv2DBackpropInput":
        return 2
    if op.type == "SparseTensorDenseMatMul":
        return 1
    return 1 - weights


def _made_of_variables(
    before: Sequence[Operation], fed: set[Tensor], products: dict[str, tuple[int, ...]]
) -> set[Tensor]:
    """The tensors that depend on variables and on no example: weights, however they are made."""
    found: set[Tensor] = set()
    varying: set[Tensor] = set(fed)
    for op in before:
        if op.type in VARIABLES:
            trained = op._outputs[0].dtype.base_dtype
            if trained.is_floating or op.type == "VarHandleOp":
                found.update(op._outputs)
        elif (
            op.type.startswith(("Placeholder", "Random"))
            or op.type in products
            or any(t in varying for t in op._inputs)
        ):
            varying.update(op._outputs)
        elif any(t in found for t in op._inputs):
            found.update(op._outputs)
    return found - varying


def _variable(tensor: Tensor) -> Operation | None:
    """The variable of which a tensor is the value, in another shape at most."""
    op = tensor.op
    while op.type in _READS:
        op = op._inputs[0].op
    return op if op.type in VARIABLES else None


def _activation(
    op: Operation, users: dict[Operation, list[Operation]], inside: set[Operation]
) -> tuple[Tensor, str]:
    """The layer's output and the type of its activation, "linear" where there is none."""
    at = op
    while True:
        following = [u for u in users.get(at, ()) if u in inside]
        chosen = next((u for u in following if u.type in ACTIVATIONS), None)
        if chosen is not None:
            return chosen._outputs[0], chosen.type
        between = [u for u in following if u.type in _BETWEEN and _is_own(u, at)]
        if len(following) != 1 or not between:
            return at._outputs[0], "linear"
        at = between[0]


def _is_own(op: Operation, source: Operation) -> bool:
    """Whether all else that an operation takes are numbers of the layer: a bias, a scale."""
    if op._inputs[0].op is not source and op.type not in ("Add", "AddV2", "Mul"):
        return False
    if op.type == "BiasAdd" or op.type not in ("Add", "AddV2", "Sub", "Mul"):
        return True
    others = [t for t in op._inputs if t.op is not source]
    return all(_variable(t) is not None or t.op.type == "Const" for t in others)


def _label(op: Operation, output: Tensor, names: set[str]) -> str:
    """The scope of a layer where it has one of its own, else its output's name."""
    scope = op.name.rpartition("/")[0]
    name = scope if scope and scope not in names else output.op.name
    if name in names:
        name = op.name
    names.add(name)
    return name
