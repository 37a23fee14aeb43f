"""`tf.custom_gradient`: a function of tensors that brings its own gradient."""

from __future__ import annotations

import functools
import inspect
import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.autodiff.registry import get_gradient_function, register_in_graph
from tflite_edu.core import nest, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.core.upward import upward

_numbers = itertools.count()


@export("custom_gradient")
def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: `f` returns `(y, grad_fn)`, and `grad_fn` is the gradient of y.

        @tf.custom_gradient
        def log1pexp(x):
            e = tf.exp(x)
            return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

    `f` takes tensors as positional arguments; y is a tensor or a nest of tensors. `grad_fn` takes
    the gradient of each tensor in y and returns one for each argument of `f`. Where `f` uses
    trainable variables, `grad_fn` also takes them as `variables`, a list, and returns
    `(gradients of the arguments, gradients of the variables)`.

    The decorated function raises TypeError where variables and `grad_fn` do not go together, or a
    variable made by `f` is no resource variable, ValueError on keyword arguments.
    """

    @functools.wraps(f)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise ValueError(
                "The custom_gradient decorator currently supports keywords arguments only when "
                "eager execution is enabled."
            )
        return _call(f, args)

    return decorated


def _call(f: Callable[..., Any], args: Sequence[Any]) -> Any:
    inputs = [convert_to_tensor(a) for a in args]
    graph = get_default_graph()
    before, node_count = _variables(graph), len(graph._operations)
    result, grad_fn = f(*inputs)
    for variable in _variables(graph):
        if variable not in before and _handle(variable) is None:
            raise TypeError(
                "All variables used by a function wrapped with @custom_gradient must be "
                "`ResourceVariable`s. Ensure that no `variable_scope` is created with "
                "`use_resource=False`."
            )
    variables = _variables_used(graph, inputs, result, node_count)
    _check_signature(grad_fn, variables)
    results = nest.flatten(result)

    def gradient(_: Operation, *output_gradients: Any) -> list[Any]:
        of_results = output_gradients[: len(results)]
        of_variables: Sequence[Any] = []
        if variables:
            of_inputs, of_variables = grad_fn(*of_results, variables=variables)
            if len(of_variables) != len(variables):
                raise ValueError(
                    "Must return gradient for each variable from @custom_gradient grad_fn."
                )
        else:
            of_inputs = grad_fn(*of_results)
        # The node below also takes the results as inputs; nothing is to flow back through those.
        return [None] * len(results) + nest.flatten(of_inputs) + list(of_variables)

    everything = [*results, *inputs, *variables]
    with graph.gradient_override_map({"IdentityN": f"CustomGradient-{next(_numbers)}"}):
        outputs = raw.IdentityN(everything)
    register_in_graph(outputs[0].op, gradient)
    for variable in variables:
        convert_to_tensor(variable)
    return nest.pack_sequence_as(result, outputs[: len(results)])


def _handle(variable: Any) -> Tensor | None:
    handle = getattr(variable, "handle", None)
    return handle if isinstance(handle, Tensor) else None


def _variables(graph: Graph) -> set[Any]:
    collections = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES)
    return {v for name in collections for v in graph.get_collection(name)}


def _variables_used(
    graph: Graph, inputs: Sequence[Tensor], result: Any, node_count: int
) -> list[Any]:
    """The trainable variables that were read, or on which `result` depends not by `inputs`."""
    used = _nodes_behind(nest.map_structure(raw.Identity, result), inputs)
    for op in graph._operations[node_count:]:
        used.update(dict.fromkeys(t.op for t in op._inputs if t.op.type == "VarHandleOp"))
    by_node = {v.op: v for v in graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)}
    return [by_node[op] for op in used if op in by_node]


def _nodes_behind(result: Any, inputs: Sequence[Tensor]) -> dict[Operation, None]:
    """The nodes from which gradients would come to `result`, without those behind `inputs`."""
    found: dict[Operation, None] = {}
    pending = [t.op for t in nest.flatten(result)]
    while pending:
        op = pending.pop(0)
        if op in found:
            continue
        found[op] = None
        if _has_gradient(op):
            pending += [t.op for t in op._inputs if t not in inputs]
    return found


def _has_gradient(op: Operation) -> bool:
    try:
        return get_gradient_function(op) is not None
    except LookupError:
        return False


def _check_signature(grad_fn: Callable[..., Any], variables: Sequence[Any]) -> None:
    signature = inspect.getfullargspec(grad_fn)
    accepts = "variables" in signature.args or bool(signature.varkw)
    if variables and not accepts:
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, then grad_fn must "
            "accept a keyword argument 'variables'."
        )
    if accepts and not variables:
        if not upward("get_variable_scope")().use_resource:
            raise TypeError(
                "If using @custom_gradient with a function that uses variables, the enclosing "
                "variable scope must have use_resource=True."
            )
        warnings.warn(
            "@custom_gradient grad_fn has 'variables' in signature, but no ResourceVariables were "
            "used on the forward pass.",
            stacklevel=3,
        )
