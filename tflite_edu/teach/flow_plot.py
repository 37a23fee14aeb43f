"""The picture of a flow: what each layer passes on, side by side (matplotlib, the extra `plot`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tflite_edu.teach.flow_advice import LayerFlow


def draw(
    layers: Sequence[LayerFlow], title: str, path: str | os.PathLike[str] | None = None
) -> Any:
    """A matplotlib figure of the layers, written to `path` if there is one.

    Needs no display. Raises ImportError where matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(
            "plot() needs matplotlib: pip install 'tflite_edu[plot]'. The table prints without it."
        ) from error
    places = list(range(len(layers)))
    figure = Figure(figsize=(max(8.0, 4 + 0.7 * len(layers)), 8.0), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"What flows to and from {title}")
    top, shares, slopes, updates = figure.subplots(4, 1, sharex=True)
    top.errorbar(
        places,
        [layer.mean for layer in layers],
        [layer.deviation for layer in layers],
        fmt="o",
        capsize=4,
        color="tab:green",
    )
    top.axhline(0, color="0.8", zorder=0)
    top.set_ylabel("activations\n(mean, deviation)")
    dead, flat = [one.dead or 0 for one in layers], [one.saturated or 0 for one in layers]
    shares.bar([p - 0.2 for p in places], dead, 0.4, label="dead units")
    shares.bar([p + 0.2 for p in places], flat, 0.4, label="flat activations")
    shares.set_ylim(0, 1)
    shares.set_ylabel("share")
    shares.legend(loc="best", fontsize="small")
    _points(slopes, [layer.output_gradient for layer in layers], "|dL/dy|", "tab:red", "o-")
    _points(slopes, [layer.weight_gradient for layer in layers], "|dL/dW|", "tab:orange", "s--")
    slopes.set_ylabel("gradients (L2)")
    slopes.legend(loc="best", fontsize="small")
    _points(updates, [layer.update_ratio for layer in layers], "|update| / |W|", "tab:blue", "o-")
    updates.set_ylabel("|update| / |W|\n(dots: 0.001)")
    if any(layer.update_ratio is not None for layer in layers):
        updates.axhline(1e-3, color="0.6", linestyle=":", zorder=0)
    else:
        text = "give learning_rate or updates to see this"
        updates.text(0.5, 0.5, text, ha="center", transform=updates.transAxes, color="0.5")
    updates.set_xticks(places, [layer.name for layer in layers], rotation=30, ha="right")
    updates.set_xlim(-0.6, len(layers) - 0.4)
    if path is not None:
        figure.savefig(path)
    return figure


def _points(axes: Any, numbers: Sequence[float | None], label: str, color: str, style: str) -> None:
    """Numbers over the layers, in powers of ten where there are any but 0."""
    known = [(i, n) for i, n in enumerate(numbers) if n is not None]
    axes.plot([i for i, _ in known], [n for _, n in known], style, label=label, color=color)
    if any(n > 0 for _, n in known):
        axes.set_yscale("log", nonpositive="clip")
