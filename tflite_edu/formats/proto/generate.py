"""Writes the `*_pb2.py` and `*_pb2.pyi` files beside this one from the `.proto` files.

    python -m tflite_edu.formats.proto.generate

A protobuf runtime refuses code that a newer protoc wrote, so this insists on the newest protoc
whose code carries no such check: 4.25, the one of grpcio-tools 1.62. That code runs on every
runtime from 4.25 to 7.x. Python 3.12 or older can have an environment for it, with the project and

    pip install "grpcio-tools==1.62.3" setuptools
"""

from __future__ import annotations

import importlib.resources
import subprocess
import sys
import tempfile
from pathlib import Path

import google.protobuf

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
GENERATOR = "4.25."
"""The Python protobuf release that belongs to the protoc whose output is committed."""


def sources() -> list[str]:
    """The `.proto` files, as paths from the project's root, sorted."""
    return sorted(path.relative_to(ROOT).as_posix() for path in HERE.glob("*.proto"))


def run_protoc(*arguments: str) -> None:
    """Runs the protoc of grpcio-tools on all sources. Raises RuntimeError if it fails."""
    well_known = importlib.resources.files("grpc_tools") / "_proto"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT}", f"-I{well_known}"]
    ended = subprocess.run([*command, *arguments, *sources()], capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(f"protoc failed:\n{ended.stderr}")


def descriptor_set() -> bytes:
    """What the `.proto` files say now: a serialized FileDescriptorSet, by any version of protoc."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "set"
        run_protoc(f"--descriptor_set_out={path}")
        return path.read_bytes()


def main() -> None:
    """Regenerates everything, or exits with the reason why this environment must not."""
    if not google.protobuf.__version__.startswith(GENERATOR):
        sys.exit(f"needs protobuf {GENERATOR}x, found {google.protobuf.__version__}\n\n{__doc__}")
    for stale in [*HERE.glob("*_pb2.py"), *HERE.glob("*_pb2.pyi")]:
        stale.unlink()
    run_protoc(f"--python_out={ROOT}", f"--pyi_out={ROOT}")


if __name__ == "__main__":
    main()
