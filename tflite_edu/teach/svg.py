"""A `Diagram` as an SVG picture: boxes by kind, values in green over the edges, gradients in red
under them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from html import escape
from typing import NamedTuple

from tflite_edu.teach.diagram import Diagram, Edge, Kind, Node, fold, verify
from tflite_edu.teach.layout import Box, Route, arrange

MOST_NODES = 60  # more than these are hard to read: scopes fold until no more are left
MARGIN = 18.0
_MOST_CHARACTERS = 24
_FONTS = "'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_SIZE, _SMALL = 13.0, 10.5

# Characters that XML does not allow.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_WORDS = {
    Kind.INPUT: "input",
    Kind.CONSTANT: "constant",
    Kind.VARIABLE: "variable",
    Kind.OPERATION: "operation",
    Kind.GRADIENT: "gradient",
    Kind.OUTPUT: "output",
    Kind.SCOPE: "folded scope",
}

# Part of the picture -> (light, dark). The hues follow M. Okabe and K. Ito, "Color Universal
# Design" (2008), and no two kinds differ by colour alone: each has a shape of its own.
PALETTE = {
    "paper": ("#ffffff", "#16181d"),
    "ink": ("#1b1b1b", "#ececec"),
    "line": ("#5c5c5c", "#a3a7b0"),
    "value": ("#00703c", "#5fd39a"),
    "gradient-text": ("#b3200e", "#ff9583"),
    "input": ("#d9ecfa", "#12374f"),
    "input-edge": ("#0063a3", "#6cc0f5"),
    "constant": ("#f4f4f4", "#26292f"),
    "constant-edge": ("#5c5c5c", "#a3a7b0"),
    "variable": ("#ffe9b8", "#4b3607"),
    "variable-edge": ("#8f5600", "#f3b540"),
    "operation": ("#ffffff", "#20242c"),
    "operation-edge": ("#1b1b1b", "#d5d8de"),
    "gradient": ("#fbdfec", "#4a1b33"),
    "gradient-edge": ("#a3195b", "#f08cbb"),
    "output": ("#e2f3ea", "#12392a"),
    "output-edge": ("#00573a", "#5fd39a"),
    "scope": ("#e8e7f4", "#2c2b47"),
    "scope-edge": ("#45447c", "#aeacec"),
}

_RULES = f"""\
.tf-diagram text {{ font: {_SIZE:g}px {_FONTS}; fill: %(ink)s; text-anchor: middle; }}
.tf-diagram .title {{ font-size: 15px; font-weight: bold; }}
.tf-diagram .key {{ text-anchor: start; }}
.tf-diagram .small {{ font-size: {_SMALL:g}px; }}
.tf-diagram .paper {{ fill: %(paper)s; }}
.tf-diagram .line {{ fill: none; stroke: %(line)s; stroke-width: 1.3; }}
.tf-diagram .control .line {{ stroke-dasharray: 2 4; }}
.tf-diagram .head {{ fill: %(line)s; }}
.tf-diagram .edge text {{ font-size: 12px; stroke: %(paper)s; stroke-width: 3px;
  stroke-linejoin: round; paint-order: stroke; }}
.tf-diagram .edge .above {{ fill: %(value)s; }}
.tf-diagram .edge .under {{ fill: %(gradient-text)s; font-style: italic; }}
.tf-diagram .shape {{ stroke-width: 1.5; stroke-linejoin: round; }}
.tf-diagram .inner {{ fill: none; stroke-width: 1; }}
.tf-diagram .constant .shape {{ stroke-dasharray: 4 3; }}
""" + "".join(
    f".tf-diagram .{kind} path {{ fill: %({kind})s; stroke: %({kind}-edge)s; }}\n"
    f".tf-diagram .{kind} .inner {{ fill: none; }}\n"
    for kind in [kind.value for kind in Kind]
)


class Drawing(NamedTuple):
    """The marks of a picture, without the `<svg>` around them, and its size in pixels."""

    marks: str
    width: float
    height: float


def to_svg(diagram: Diagram, most_nodes: int = MOST_NODES) -> str:
    """The diagram as one SVG document, with scopes folded until at most `most_nodes` are left.

    Raises ValueError where the diagram's edges or orders name nodes that are not there.
    """
    diagram = fold(diagram, most_nodes)
    drawing = draw(diagram)
    key, key_width = legend(kinds(diagram))
    title = escape_xml(diagram.title or "A computation graph")
    heading = 30.0 if diagram.title else 0.0
    heading_width = text_width(diagram.title, 15) if diagram.title else 0.0
    width = max(drawing.width, key_width, heading_width) + 2 * MARGIN
    height = heading + drawing.height + 2 * MARGIN + (44.0 if key else 0.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tf-diagram" role="img" '
        f'aria-label="{title}" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>{title}</title>",
        f"<style>{style()}</style>",
        '<rect class="paper" width="100%" height="100%"/>',
    ]
    if diagram.title:
        parts.append(f'<text class="title" x="{width / 2:.1f}" y="{MARGIN + 8:.1f}">{title}</text>')
    left = (width - drawing.width) / 2
    parts.append(f'<g transform="translate({left:.1f} {heading + MARGIN:.1f})">')
    parts += [drawing.marks, "</g>"]
    if key:
        down = heading + drawing.height + 2 * MARGIN + 14
        parts += [
            f'<g transform="translate({(width - key_width) / 2:.1f} {down:.1f})">',
            key,
            "</g>",
        ]
    return "\n".join([*parts, "</svg>", ""])


def style(dark: bool = False) -> str:
    """The CSS rules of a picture on light or on dark paper."""
    return _RULES % {name: colours[dark] for name, colours in PALETTE.items()}


def draw(diagram: Diagram, outside: Collection[str] = ()) -> Drawing:
    """Lays the whole diagram out and draws it; nodes named in `outside` are marked as such."""
    verify(diagram)
    numbers = {node.name: i for i, node in enumerate(diagram.nodes)}
    layout = arrange(
        [_size(node) for node in diagram.nodes],
        [(numbers[edge.source], numbers[edge.target]) for edge in diagram.edges],
        [_label_size(edge) for edge in diagram.edges],
    )
    marks = [_edge(edge, route) for edge, route in zip(diagram.edges, layout.routes)]
    for node, box in zip(diagram.nodes, layout.boxes):
        marks.append(_node(node, box, node.name in outside))
    # Room for the stacked sheets of a folded scope, and for labels above the first edge.
    return Drawing("\n".join(marks), layout.width + 8, layout.height + 8)


def kinds(diagram: Diagram) -> list[Kind]:
    """The kinds that the diagram shows, in the order of a legend."""
    there = {node.kind for node in diagram.nodes}
    if any(node.name.endswith("/") for node in diagram.nodes):
        there.add(Kind.SCOPE)
    return [kind for kind in Kind if kind in there]


def legend(shown: Collection[Kind]) -> tuple[str, float]:
    """A row that names the shape of each kind, and the row's width; empty for less than two."""
    if len(shown) < 2:
        return "", 0.0
    marks, left = [], 0.0
    for kind in shown:
        word = _WORDS[kind]
        shape = _shape(kind, kind is Kind.SCOPE, 0, Box(left + 13, 0, 26, 17))
        marks.append(
            f'<g class="{kind.value}">{shape}'
            f'<text class="small key" x="{left + 36:.1f}" y="4">{word}</text></g>'
        )
        left += 36 + text_width(word, _SMALL) + 20
    return "\n".join(marks), left - 20


def escape_xml(text: str) -> str:
    """The text as it may stand in XML, between tags or in an attribute."""
    return escape(_NOT_XML.sub("\ufffd", text))


def clip(text: str, most: int = _MOST_CHARACTERS) -> str:
    """The text, or its two ends with an ellipsis between where it is longer than `most`."""
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 1]}…{text[-end:]}"


def text_width(text: str, size: float = _SIZE) -> float:
    """About how wide a text is in the picture's font: as measured for Arial, rounded upwards."""
    return sum([_character_width(character) for character in text]) * size


def _character_width(character: str) -> float:
    if character in " !'(),./:;I[\\]fijlt|`":
        return 0.32
    if character in "MWmw@%—…" or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.72 if character.isupper() or character in "+=<>−×~" else 0.58


def _lines(node: Node) -> tuple[str, str]:
    head, _, small = node.label.partition("\n")
    return clip(head), clip(small.replace("\n", " "), 28)


def _size(node: Node) -> tuple[float, float]:
    head, small = _lines(node)
    width = max(text_width(head), text_width(small, _SMALL)) + 20
    if node.kind in (Kind.INPUT, Kind.GRADIENT):
        width += 10  # for the point, or the cut corners
    return max(width, 34.0), 42.0 if small else 32.0


def _label_size(edge: Edge) -> tuple[float, float]:
    if not edge.above and not edge.under:
        return 0.0, 0.0
    width = max(text_width(clip(text), 12) for text in (edge.above, edge.under))
    return width + 8, 38.0 if edge.under else 19.0


def _edge(edge: Edge, route: Route) -> str:
    points = [(x + 4, y + 4) for x, y in route.points]
    x, y = points[0]
    backward = route.turned
    # The line ends inside the arrow's head, not at its point.
    d = [f"M{x + (6 if backward else 0):.1f} {y:.1f}"]
    last = len(points) - 1
    for i, (to_x, to_y) in enumerate(points[1:], 1):
        end_x = to_x - (6 if i == last and not backward else 0)
        if abs(to_y - y) < 0.05:
            if d[-1][0] == "H":
                d.pop()
            d.append(f"H{end_x:.1f}")
        else:
            middle = (x + to_x) / 2
            d.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    tip_x, tip_y = points[0] if backward else points[-1]
    back = 8 if backward else -8
    head = f"M{tip_x:.1f} {tip_y:.1f}l{back} -3.6v7.2z"
    label_x, label_y = route.label[0] + 4, route.label[1] + 4
    text = ""
    for name, said, y in (("above", edge.above, label_y - 5), ("under", edge.under, label_y + 13)):
        if said:
            said = escape_xml(clip(said))
            text += f'<text class="{name}" x="{label_x:.1f}" y="{y:.1f}">{said}</text>'
    about = [f"{edge.source} → {edge.target}"]
    about += [edge.above] if edge.above else []
    about += [f"gradient {edge.under}"] if edge.under else []
    about += ["runs after it, takes no value of it"] if edge.control else []
    classes = "edge control" if edge.control else "edge"
    return (
        f'<g class="{classes}" data-source="{escape_xml(edge.source)}" '
        f'data-target="{escape_xml(edge.target)}"><title>{escape_xml(chr(10).join(about))}</title>'
        f'<path class="line" d="{"".join(d)}"/><path class="head" d="{head}"/>{text}</g>'
    )


def _node(node: Node, box: Box, outside: bool) -> str:
    box = box._replace(x=box.x + 4, y=box.y + 4)
    head, small = _lines(node)
    folded = node.name.endswith("/")
    lean = -3 if node.kind is Kind.INPUT else 0
    x, y = f"{box.x + lean:.1f}", box.y + (-1.5 if small else 4.5)
    text = f'<text x="{x}" y="{y:.1f}">{escape_xml(head)}</text>'
    if small:
        text += f'<text class="small" x="{x}" y="{box.y + 12:.1f}">{escape_xml(small)}</text>'
    about = f"{node.name} ({_WORDS[Kind.SCOPE] if folded else _WORDS[node.kind]})"
    label = node.label.replace("\n", " ")
    about = f"{label}\n{about}" if label != node.name else about
    classes = f"node {node.kind.value}{' folded' if folded else ''}{' outside' if outside else ''}"
    shape = _shape(node.kind, folded, len(head) if not small else 99, box)
    return (
        f'<g class="{classes}" data-name="{escape_xml(node.name)}">'
        f"<title>{escape_xml(about)}</title>{shape}{text}</g>"
    )


def _shape(kind: Kind, folded: bool, letters: int, box: Box) -> str:
    """The outline of a box: every kind has its own."""
    width, height = box.width, box.height
    left, top = box.x - width / 2, box.y - height / 2
    right, bottom = left + width, top + height

    def path(d: str, name: str = "shape") -> str:
        return f'<path class="{name}" d="{d}"/>'

    def rounded(radius: float, inset: float = 0.0) -> str:
        r = min(radius, width / 2 - inset, height / 2 - inset)
        w, h = width - 2 * inset - 2 * r, height - 2 * inset - 2 * r
        arc = f"a{r:.1f} {r:.1f} 0 0 1"
        return (
            f"M{left + inset + r:.1f} {top + inset:.1f}h{w:.1f}{arc} {r:.1f} {r:.1f}v{h:.1f}"
            f"{arc} {-r:.1f} {r:.1f}h{-w:.1f}{arc} {-r:.1f} {-r:.1f}v{-h:.1f}"
            f"{arc} {r:.1f} {-r:.1f}z"
        )

    if folded:
        # Two more sheets behind the first.
        sheets = "".join(
            path(f"M{left + s:.1f} {top - s + 4:.1f}v{-4}h{width:.1f}v{height:.1f}h-4", "shape")
            for s in (4, 2)
        )
        return sheets + path(f"M{left:.1f} {top:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z")
    if kind is Kind.INPUT:
        point = min(10.0, height / 3)
        return path(
            f"M{left:.1f} {top:.1f}H{right - point:.1f}L{right:.1f} {box.y:.1f}"
            f"L{right - point:.1f} {bottom:.1f}H{left:.1f}z"
        )
    if kind is Kind.VARIABLE:
        bulge = min(4.0, height / 5)
        lid = f"a{width / 2:.1f} {bulge:.1f} 0 0 "
        return path(
            f"M{left:.1f} {top + bulge:.1f}{lid}1 {width:.1f} 0V{bottom - bulge:.1f}"
            f"{lid}1 {-width:.1f} 0z"
        ) + path(f"M{left:.1f} {top + bulge:.1f}{lid}0 {width:.1f} 0", "inner")
    if kind is Kind.GRADIENT:
        cut = min(9.0, height / 3)
        return path(
            f"M{left + cut:.1f} {top:.1f}H{right - cut:.1f}L{right:.1f} {top + cut:.1f}"
            f"V{bottom - cut:.1f}L{right - cut:.1f} {bottom:.1f}H{left + cut:.1f}"
            f"L{left:.1f} {bottom - cut:.1f}V{top + cut:.1f}z"
        )
    if kind is Kind.CONSTANT:
        return path(f"M{left:.1f} {top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}z")
    if kind is Kind.OUTPUT:
        return path(rounded(8)) + path(rounded(5.5, 3), "inner")
    return path(rounded(height / 2 if letters <= 3 else 8))
