"""`tf.teach.show`: a graph as a picture in a notebook, a terminal or a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.teach import page, svg, text
from tflite_edu.teach.diagram import Diagram, Kind
from tflite_edu.teach.graph_diagram import graph_diagram


@export("teach.show")
def show(graph_or_element: Any = None, most_nodes: int = 25, internals: bool = False) -> Picture:
    """A picture of a graph, or of a tensor, operation or variable and all that it needs.

    A notebook draws it, `print` writes it as text, `save` writes a picture, a page or text. Shapes
    stand on the edges. Scopes are folded until at most `most_nodes` nodes are left, as far as there
    are scopes; the saved page opens them on click. A variable stands for the nodes that initialize
    and read it, and integer nodes that only set a shape or an axis are told in the details of the
    node that they set; `internals` shows all of these.

    Args:
      graph_or_element: a Graph, Tensor, Operation, Variable, or a list of the last three; the
        default graph where it is None.

    Raises:
      TypeError: it is none of these.
      ValueError: elements of two graphs, or `most_nodes` is less than 1.
    """
    if isinstance(most_nodes, bool) or not isinstance(most_nodes, int) or most_nodes < 1:
        raise ValueError(f"most_nodes must be a whole number of at least 1, not {most_nodes!r}.")
    if graph_or_element is None:
        graph_or_element = get_default_graph()
    if isinstance(graph_or_element, Graph):
        diagram = graph_diagram(graph_or_element.get_operations(), (), internals)
    else:
        targets = _operations(graph_or_element)
        names = [target.name for target in targets[:3]] + (["..."] if len(targets) > 3 else [])
        diagram = graph_diagram((), targets, internals, ", ".join(names))
    return Picture(diagram, most_nodes)


def _operations(elements: Any) -> list[Operation]:
    found = []
    for element in elements if isinstance(elements, (list, tuple)) else [elements]:
        if isinstance(element, Operation):
            found.append(element)
            continue
        # An Operation, or the tensor of an IndexedSlices, a Variable.
        op = element.op if isinstance(element, Tensor) else getattr(element, "op", None)
        if not isinstance(op, Operation):
            raise TypeError(
                "tf.teach.show draws a graph, a tensor, an operation, a variable, or a list of "
                f"them; this is of type {type(element).__name__}: {element!r:.60}"
            )
        found.append(op)
    if not found:
        raise ValueError("tf.teach.show was given an empty list: there is nothing to draw.")
    if any(op.graph is not found[0].graph for op in found):
        raise ValueError("tf.teach.show draws one graph; the elements of the list are of two.")
    return list(dict.fromkeys(found))


@export("teach.Picture")
class Picture:
    """A drawn graph: a notebook shows it, `print` writes it as text, `save` writes it to a file.

    `diagram` holds its nodes and edges as data, with nothing folded.
    """

    def __init__(self, diagram: Diagram, most_nodes: int = 25) -> None:
        self.diagram = diagram
        self.most_nodes = most_nodes

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a picture (.svg), a page to step through in a browser (.html), or text (.txt).

        Raises ValueError on another ending, and then writes nothing.
        """
        ending = os.path.splitext(os.fspath(path))[1].lower()
        if ending == ".svg":
            content = svg.to_svg(self.diagram, self.most_nodes)
        elif ending == ".html":
            content = page.to_html(self.diagram, self.most_nodes)
        elif ending == ".txt":
            content = text.to_text(self.diagram, self.most_nodes)
        else:
            raise ValueError(f"{os.fspath(path)}: the name must end in .svg, .html or .txt.")
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)

    def __str__(self) -> str:
        return text.to_text(self.diagram, self.most_nodes)

    def __repr__(self) -> str:
        kinds: Sequence[Kind] = [node.kind for node in self.diagram.nodes]
        variables = kinds.count(Kind.VARIABLE)
        return f"<tf.teach.Picture: {len(kinds)} nodes, {variables} of them variables>"

    def _repr_svg_(self) -> str:
        return svg.to_svg(self.diagram, self.most_nodes)
