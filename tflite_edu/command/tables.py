"""What the subcommands print: plain tables, or JSON."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np


def add_json(parser: argparse.ArgumentParser) -> None:
    """The flag `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def print_json(value: Any) -> None:
    """One JSON document; numbers that JSON does not have are strings ("NaN", "Infinity")."""
    print(json.dumps(plain(value), indent=2, allow_nan=False))


def plain(value: Any) -> Any:
    """Arrays, bytes and numbers of all kinds as what JSON has."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, np.generic):
        return plain(value.item())
    return value


def print_table(rows: Sequence[Sequence[Any]], header: Sequence[str]) -> None:
    """Columns under their names; those of numbers are flush right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    right = [
        bool(rows) and all(isinstance(row[i], int) for row in rows) for i in range(len(header))
    ]
    for line in (list(header), *cells):
        aligned = [
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(line, widths, right, strict=True)
        ]
        print("  ".join(aligned).rstrip())


def shape_text(shape: Sequence[int | None] | None) -> str:
    """`[2, ?, 3]`; "unknown" where not even the rank is known."""
    if shape is None:
        return "unknown"
    return f"[{', '.join('?' if size is None else str(size) for size in shape)}]"


def shape_of_proto(proto: Any) -> list[int | None] | None:
    """The shape in a TensorShapeProto, None for a size or a rank that is unknown."""
    if proto.unknown_rank:
        return None
    return [None if dim.size < 0 else dim.size for dim in proto.dim]


def count(number: int, what: str) -> str:
    """`1 tensor`, `2 tensors`, `1,000 tensors`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
