"""Between the context of a conditional's branch and its CondContextDef."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.graph import Graph
from tflite_edu.formats.proto import control_flow_pb2
from tflite_edu.ops.conditional import CondContext


def context_def(graph: Graph, context: Any, export_scope: str | None = None) -> Any:
    """A branch as a CondContextDef: the names of its tensors, relative to `export_scope`.

    Returns None for a branch outside the scope. Raises AttributeError on what is no branch.
    """
    prefix = f"{export_scope}/" if export_scope else ""
    if not context.name.startswith(prefix):
        return None
    made = control_flow_pb2.CondContextDef(
        context_name=context.name.removeprefix(prefix),
        pred_name=context.pred.name.removeprefix(prefix),
        pivot_name=context.pivot.name.removeprefix(prefix),
        branch=context.branch,
    )
    values = made.values_def
    values.values.extend(sorted(v.name.removeprefix(prefix) for v in context._values))
    for outer, inner in context._external_values.items():
        values.external_values[outer.name.removeprefix(prefix)] = inner.name.removeprefix(prefix)
    for nested in _nested(graph, context):
        inner_def = context_def(graph, nested, export_scope)
        if inner_def is not None:
            made.nested_contexts.add().cond_ctxt.CopyFrom(inner_def)
    return made


def restored_context(graph: Graph, proto: Any, outer: CondContext | None = None) -> CondContext:
    """The branch that a CondContextDef tells of, with those inside it.

    Raises KeyError where it names what is not in the graph.
    """
    values = proto.values_def
    made = CondContext.restored(
        proto.context_name,
        graph.get_tensor_by_name(proto.pred_name),
        graph.get_tensor_by_name(proto.pivot_name),
        proto.branch,
        [graph.get_tensor_by_name(name) for name in values.values],
        {
            graph.get_tensor_by_name(outside): graph.get_tensor_by_name(inside)
            for outside, inside in values.external_values.items()
        },
        outer,
    )
    for nested in proto.nested_contexts:
        if nested.WhichOneof("ctxt") == "cond_ctxt":
            restored_context(graph, nested.cond_ctxt, made)
    return made


def _nested(graph: Graph, context: Any) -> list[Any]:
    """The branches right inside a branch, in the order in which they were made."""
    found = (op._control_flow_context for op in graph.get_operations())
    inside = [c for c in found if c is not None and getattr(c, "outer_context", None) is context]
    return list(dict.fromkeys(inside))
