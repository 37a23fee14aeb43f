"""Where the lessons write their pictures, and the charts among these: SVG, which any browser shows.

The lessons import this file; it is no lesson itself.
"""

import math
import os
import tempfile
from html import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 180, 40, 60
COLOURS = ["#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#7f7f7f"]


def picture_folder(folder=None):
    """Returns the folder to write to, made if it is not there: a new temporary one if None."""
    if folder is None:
        return tempfile.mkdtemp(prefix="lesson_")
    os.makedirs(folder, exist_ok=True)
    return folder


def chart(path, title, across, up, lines=None, dots=None, powers=False):
    """Draws lines and dots over one another and writes them to `path`; returns the path.

    `lines` and `dots` hold (xs, ys) by name; `across` and `up` label the axes. With `powers` the
    upward axis has equal steps for equal factors, and what is not above 0 is left out.
    """
    series = [(name, xy, "dots") for name, xy in (dots or {}).items()]
    series += [(name, xy, "line") for name, xy in (lines or {}).items()]
    rise = math.log10 if powers else float
    drawn = []
    for name, (xs, ys), kind in series:
        places = [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
        places = [(x, y) for x, y in places if math.isfinite(y) and (y > 0 or not powers)]
        drawn.append((name, [(x, rise(y)) for x, y in places], kind))
    x_low, x_high = _range([x for _, places, _ in drawn for x, _ in places])
    y_low, y_high = _range([y for _, places, _ in drawn for _, y in places])
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(x, y):
        right, over = (x - x_low) / (x_high - x_low), (y - y_low) / (y_high - y_low)
        return f"{LEFT + width * right:.1f},{TOP + height * (1 - over):.1f}"

    marks = [_text(WIDTH / 2, 24, title, size=16)]
    marks.append(_text(LEFT + width / 2, HEIGHT - 14, across))
    middle = TOP + height / 2
    marks.append(_text(18, middle, up, turn=f' transform="rotate(-90 18 {middle})"'))
    for x in _ticks(x_low, x_high):
        left = place(x, y_low).split(",")[0]
        marks.append(f'<path d="M{left} {TOP}v{height}" stroke="#ddd"/>')
        marks.append(_text(float(left), HEIGHT - BOTTOM + 18, f"{x:g}"))
    for y in _ticks(y_low, y_high):
        top = float(place(x_low, y).split(",")[1])
        marks.append(f'<path d="M{LEFT} {top}h{width}" stroke="#ddd"/>')
        marks.append(_text(LEFT - 6, top + 4, f"{10**y:.2g}" if powers else f"{y:g}", anchor="end"))
    for number, (name, places, kind) in enumerate(drawn):
        colour = COLOURS[number % len(COLOURS)]
        if kind == "line":
            points = " ".join(place(x, y) for x, y in places)
            marks.append(
                f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
            )
        else:
            for x, y in places:
                across_, down = place(x, y).split(",")
                marks.append(f'<circle cx="{across_}" cy="{down}" r="2.5" fill="{colour}"/>')
        row = TOP + 10 + 20 * number
        marks.append(
            f'<rect x="{WIDTH - RIGHT + 14}" y="{row - 9}" width="12" height="10" fill="{colour}"/>'
        )
        marks.append(_text(WIDTH - RIGHT + 32, row, name, anchor="start"))
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif">\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n' + "\n".join(marks)
        )
        file.write("\n</svg>\n")
    return path


def _range(numbers):
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    margin = (high - low) * 0.03 or 0.5
    return low - margin, high + margin


def _ticks(low, high):
    """About five round numbers between two."""
    power = 10.0 ** math.floor(math.log10(high - low))
    step = next(s * power for s in (0.2, 0.5, 1, 2) if (high - low) / (s * power) <= 6)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(i * step, 12) for i in range(first, last + 1)]


def _text(x, y, text, size=12, anchor="middle", turn=""):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{turn}>'
        f"{escape(text)}</text>"
    )
