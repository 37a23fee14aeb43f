"""A `Diagram` as one HTML page without a network: nodes open, scopes unfold, both passes play."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tflite_edu.teach.diagram import Diagram, Kind, enclosing, fold, fold_scopes, verify
from tflite_edu.teach.page_parts import SCRIPT, STYLE
from tflite_edu.teach.svg import MARGIN, draw, escape_xml, kinds, legend, style

MOST_NODES = 25


def to_html(diagram: Diagram, most_nodes: int = MOST_NODES) -> str:
    """The diagram as a page of one file that loads nothing.

    A click (or Enter) on a node shows its details, on a folded scope the picture of its inside,
    which may fold again; none shows more than `most_nodes` nodes of its own where scopes allow it.
    Buttons and keys step through the passes forward and backward, and play them. Raises ValueError
    where the diagram's edges or orders name nodes that are not there.
    """
    verify(diagram)
    title = escape_xml(diagram.title or "A computation graph")
    pictures = _pictures(diagram, most_nodes)
    data: dict[str, dict[str, Any]] = {
        "details": {node.name: [node.label, *node.details] for node in diagram.nodes},
        "pictures": {scope: _steps(picture) for scope, picture, _ in pictures},
    }
    for _, picture, _ in pictures:
        for node in picture.nodes:
            data["details"].setdefault(node.name, [node.label, *node.details])
    body = "\n".join(_picture(scope, picture, outside) for scope, picture, outside in pictures)
    shown = {kind for _, picture, _ in pictures for kind in kinds(picture)}
    key, key_width = legend([kind for kind in Kind if kind in shown])
    if key:
        key = (
            f'<svg class="tf-diagram key" aria-hidden="true" '
            f'width="{key_width + 4:.0f}" height="24">'
            f'<g transform="translate(2 12)">{key}</g></svg>'
        )
    replies = {
        "title": title,
        "style": STYLE.replace("/*light*/", style()).replace("/*dark*/", style(dark=True)),
        "key": key,
        "pictures": body,
        # "<" would end the script where a name holds "</script>".
        "data": json.dumps(data, ensure_ascii=True).replace("<", "\\u003c"),
        "script": SCRIPT,
    }
    return _PAGE.format(**replies)


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<div class="controls" role="toolbar" aria-label="Steps of the computation">
<button id="first" title="Before the first step (Home)">Start</button>
<button id="back" title="One step back (left arrow)">◀ Back</button>
<button id="play" title="Play or pause (P)">▶ Play</button>
<button id="next" title="One step on (right arrow)">Next ▶</button>
<button id="last" title="All values and gradients (End)">All</button>
<output id="status" aria-live="polite"></output>
</div>
<nav id="trail" aria-label="Scopes"></nav>
</header>
<main>
<div id="pictures">
{pictures}
</div>
<aside id="details" aria-live="polite" hidden></aside>
</main>
<footer>{key}<p>Click a node for details, a stacked box to look inside. Keys: ← → step, P play,
Home and End, Tab and Enter open a node, Escape goes back.</p></footer>
<script type="application/json" id="data">{data}</script>
<script>
{script}</script>
</body>
</html>
"""


def _pictures(diagram: Diagram, most_nodes: int) -> list[tuple[str, Diagram, set[str]]]:
    """(scope, picture, names of nodes outside it): the whole, and each scope shown folded."""
    whole = fold(diagram, most_nodes)
    found: list[tuple[str, Diagram, set[str]]] = [("", whole, set())]
    seen = {""}
    for _, picture, outside in found:
        for node in picture.nodes:
            name = node.name
            if name.endswith("/") and name not in seen and name not in outside:
                seen.add(name)
                found.append((name, *_inside(diagram, name, most_nodes)))
    return found


def _inside(diagram: Diagram, scope: str, most_nodes: int) -> tuple[Diagram, set[str]]:
    """What is in the scope, with the nodes and folded scopes around it that it is linked to."""
    path = scope.rstrip("/")
    within = [node for node in diagram.nodes if _is_in(node.scope, path)]
    names = {node.name for node in within}
    edges = [e for e in diagram.edges if e.source in names and e.target in names]
    # As a diagram of its own, the scope's path cut off, so that the same rule folds it.
    cut = [node._replace(scope=node.scope[len(path) + 1 :]) for node in within]
    folded = fold(Diagram(tuple(cut), tuple(edges)), most_nodes)
    closed = tuple(scope + node.name for node in folded.nodes if node.name.endswith("/"))
    around = {outer for node in within for outer in enclosing(node)}
    opened = {outer for outer in around if not outer.startswith(closed)}
    picture = fold_scopes(diagram, opened)
    shown = {n.name for n in picture.nodes if _is_in(n.scope, path)}
    kept_edges = [e for e in picture.edges if e.source in shown or e.target in shown]
    kept = shown | {end for e in kept_edges for end in (e.source, e.target)}
    return (
        Diagram(
            tuple(n for n in picture.nodes if n.name in kept),
            tuple(kept_edges),
            path,
            tuple(name for name in picture.forward if name in kept),
            tuple(name for name in picture.backward if name in kept),
        ),
        kept - shown,
    )


def _is_in(scope: str, path: str) -> bool:
    return scope == path or scope.startswith(f"{path}/")


def _steps(picture: Diagram) -> dict[str, list[str]]:
    return {"forward": list(picture.forward), "backward": list(picture.backward)}


def _picture(scope: str, picture: Diagram, outside: Iterable[str]) -> str:
    drawing = draw(picture, set(outside))
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    hidden = " hidden" if scope else ""
    name = escape_xml(scope or "The whole graph")
    return (
        f'<section data-scope="{escape_xml(scope)}"{hidden}>'
        f'<svg class="tf-diagram" role="group" aria-label="{name}" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})">\n{drawing.marks}\n</g>'
        "</svg></section>"
    )
