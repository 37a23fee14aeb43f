"""Whole files as strings, and the names of files."""

from __future__ import annotations

import os
from typing import Any

from tflite_edu.core import inference, raw
from tflite_edu.core.export import export
from tflite_edu.core.op import Op
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.files import errors_of
from tflite_edu.platform.file_system import glob


class ReadFile(Op):
    """The content of a file."""

    inputs, outputs = ("filename: string",), ("contents: string",)
    effect = "file"

    def infer(self, filename: Shape) -> Shape:
        inference.with_rank(filename, 0)
        return ()

    def forward(self, host: Any, filename: Any) -> Any:
        path = _path(filename)
        contents = host.np.empty((), object)
        with errors_of(path), open(path, "rb") as file:
            contents[()] = file.read()
        return contents


def _path(filename: Any) -> str:
    return os.fsdecode(filename if isinstance(filename, bytes) else filename.item())


@export("read_file", "io.read_file")
def read_file(filename: Any, name: str | None = None) -> Tensor:
    """The content of a file, a scalar string; a run raises NotFoundError where there is none."""
    return raw.ReadFile(filename, name=name)


class WriteFile(Op):
    """Writes a string to a file, in place of what was in it."""

    inputs = ("filename: string", "contents: string")
    effect = "file"
    stateful = True

    def infer(self, filename: Shape, contents: Shape) -> list[Shape]:
        inference.with_rank(filename, 0)
        inference.with_rank(contents, 0)
        return []

    def forward(self, host: Any, filename: Any, contents: Any) -> Any:
        path = _path(filename)
        with errors_of(path):
            folder = os.path.dirname(path)
            if folder and not os.path.exists(folder):
                os.makedirs(folder, exist_ok=True)
            with open(path, "wb") as file:
                file.write(contents if isinstance(contents, bytes) else contents.item())
        return ()


@export("write_file", "io.write_file")
def write_file(filename: Any, contents: Any, name: str | None = None) -> Operation:
    """Writes `contents`, a scalar string, to a file, whose folder is made where there is none."""
    operation: Operation = raw.WriteFile(filename, contents, name=name)
    return operation


class MatchingFiles(Op):
    """The names of the files that match patterns, sorted."""

    inputs, outputs = ("pattern: string",), ("filenames: string",)
    effect = "file"

    def infer(self, pattern: Shape) -> Shape:
        inference.with_rank_at_most(pattern, 1)
        return (None,)

    def forward(self, host: Any, pattern: Any) -> Any:
        patterns = [pattern] if isinstance(pattern, bytes) else pattern.ravel().tolist()
        found = sorted(os.fsencode(path) for one in patterns for path in glob(one))
        names = host.np.empty(len(found), object)
        names[:] = found
        return names


@export("matching_files", "io.matching_files")
def matching_files(pattern: Any, name: str | None = None) -> Tensor:
    """The names of the files that match a pattern, or any of a vector of them: strings `[files]`.

    `*`, `?` and `[...]` stand for parts of names as in `tf.gfile.Glob`. A run raises NotFoundError
    where the folder before the first of them is not there.
    """
    return raw.MatchingFiles(pattern, name=name)
