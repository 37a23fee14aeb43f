"""`tflite_edu checkpoint`: show what is in a checkpoint."""

from __future__ import annotations

import argparse
import math
import re
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tflite_edu.command.tables import add_json, count, print_json, print_table, shape_text
from tflite_edu.train.checkpoint_files import CheckpointReader, load_checkpoint

_ONE_OF_ITS_FILES = re.compile(r"(\.index|\.meta|\.data-\d{5}-of-\d{5})$")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE and `--tensor`."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a checkpoint's prefix or one of its files, or a folder, of which the newest is shown",
    )
    parser.add_argument("--tensor", metavar="NAME", help="show the values of this tensor")
    add_json(parser)


def main(chosen: argparse.Namespace) -> int:
    """Prints the tensors' names, dtypes and shapes, or one tensor."""
    reader = load_checkpoint(_ONE_OF_ITS_FILES.sub("", chosen.file))
    if chosen.tensor is None:
        _show_all(reader, chosen.json)
    else:
        _show_one(reader, chosen.tensor.removesuffix(":0"), chosen.json)
    return 0


def _show_all(reader: CheckpointReader, as_json: bool) -> None:
    shapes = reader.get_variable_to_shape_map()
    dtypes = reader.get_variable_to_dtype_map()
    if as_json:
        names = sorted(shapes)
        print_json([{"name": n, "dtype": dtypes[n].name, "shape": shapes[n]} for n in names])
        return
    rows = [
        (name, dtypes[name].name, shape_text(shapes[name]), math.prod(shapes[name]))
        for name in sorted(shapes)
    ]
    print_table(rows, ("tensor", "dtype", "shape", "elements"))
    print(f"{count(len(rows), 'tensor')}, {count(sum(row[3] for row in rows), 'element')}")


def _show_one(reader: CheckpointReader, name: str, as_json: bool) -> None:
    value = _numbers(np.asarray(reader.get_tensor(name)))
    dtype = reader.get_variable_to_dtype_map()[name].name
    if as_json:
        print_json({"name": name, "dtype": dtype, "shape": list(value.shape), "values": value})
        return
    print(f"{name}  {dtype}  {shape_text(value.shape)}")
    print(np.array2string(value, threshold=sys.maxsize))


def _numbers(value: NDArray[Any]) -> NDArray[Any]:
    """The values of a dtype that numpy lacks, which come as records of one field, as numbers."""
    if not value.dtype.names:
        return value
    (field,) = value.dtype.names
    if field == "bfloat16":
        # The upper half of a float32.
        return (value[field].astype(np.uint32) << 16).view(np.float32)
    return value[field]
