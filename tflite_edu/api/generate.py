"""Writes api/table.py, which module defines which public name and which op type, and the stubs.

    python -m tflite_edu.api.generate

The stubs tell type checkers and editors the same: `__init__.pyi` what is in `tf`, `api/stubs/` what
is in `tf.nn` and the other namespaces. Reads the source of every module and imports none of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).resolve().parent / "table.py"
STUBS = PACKAGE / "api" / "stubs"
HEADER = '"""Where public names and op types are defined. Written by api/generate.py."""\n\n'


def modules() -> Iterator[tuple[str, ast.Module]]:
    """(name, syntax tree) of every module of the package that can define a name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if path == TABLE or path.name.endswith("_pb2.py"):
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, ast.parse(path.read_text(encoding="utf-8"), str(path))


def literal_names(call: ast.Call, where: str) -> list[str]:
    """The literal strings of an `export(...)` call."""
    found = []
    for argument in call.args:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise SystemExit(f"{where}: export takes literal strings")
        found.append(argument.value)
    return found


def exports(name: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(public name, "module:attribute") of everything that a module exports."""
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            for decorator in statement.decorator_list:
                if (
                    isinstance(decorator, ast.Call)
                    and isinstance(decorator.func, ast.Name)
                    and decorator.func.id == "export"
                ):
                    for public in literal_names(decorator, f"{name}:{statement.lineno}"):
                        yield public, f"{name}:{statement.name}"
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            target = (
                statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
            )
            if isinstance(target, ast.Name) and target.id == "EXPORTS" and statement.value:
                if "api.table" in name:
                    continue
                for public, attribute in ast.literal_eval(statement.value).items():
                    yield public, f"{name}:{attribute}"


def operations(trees: dict[str, ast.Module]) -> dict[str, str]:
    """Op type -> module, of every class that descends from `Op` and is not abstract."""
    bases: dict[str, list[str]] = {}
    concrete: dict[str, str] = {}
    for name, tree in trees.items():
        # Classes elsewhere may have the names of op types: `layers.Dropout`.
        for statement in tree.body if name.startswith("tflite_edu.ops") else ():
            if isinstance(statement, ast.ClassDef):
                parents = [ast.unparse(b).split(".")[-1] for b in statement.bases]
                bases.setdefault(statement.name, parents)
                if not any(k.arg == "abstract" for k in statement.keywords):
                    concrete[statement.name] = name

    def descends(cls: str) -> bool:
        return any(b == "Op" or (b != cls and descends(b)) for b in bases.get(cls, ()))

    return {cls: module for cls, module in sorted(concrete.items()) if descends(cls)}


def generated() -> dict[Path, str]:
    """The text of every generated file."""
    trees = dict(modules())
    found: dict[str, str] = {}
    for name, tree in trees.items():
        for public, place in exports(name, tree):
            if found.setdefault(public, place) != place:
                raise SystemExit(f"tf.{public} is exported by {found[public]} and by {place}")
    text = HEADER
    text += "EXPORTS: dict[str, str] = " + layout(found) + "\n\n"
    text += "OPERATIONS: dict[str, str] = " + layout(operations(trees)) + "\n"
    return {TABLE: text, **stubs(found)}


def stubs(found: dict[str, str]) -> dict[Path, str]:
    """The stub of each namespace: an import of every name in it."""
    imports: dict[str, dict[str, str]] = {"": {}}
    for public, place in sorted(found.items()):
        module, _, attribute = place.partition(":")
        path, _, name = public.rpartition(".")
        imports.setdefault(path, {})[name] = f"from {module} import {attribute} as {name}"
        while path:
            inner = path.replace(".", "_")
            path, _, name = path.rpartition(".")
            imports.setdefault(path, {})[name] = (
                f"from tflite_edu.api.stubs import {inner} as {name}"
            )
    texts = {}
    for path, lines in imports.items():
        file = STUBS / f"{path.replace('.', '_')}.pyi" if path else PACKAGE / "__init__.pyi"
        public = "".join(f'    "{name}",\n' for name in sorted(lines))
        body = "\n".join(sorted(lines.values()))
        texts[file] = f"# Written by api/generate.py.\n{body}\n\n__all__ = [\n{public}]\n"
    return texts


def layout(entries: dict[str, str]) -> str:
    """A dict literal, one entry a line, sorted."""
    lines = [f'    "{key}": "{value}",\n' for key, value in sorted(entries.items())]
    return "{\n" + "".join(lines) + "}"


if __name__ == "__main__":
    STUBS.mkdir(exist_ok=True)
    texts = generated()
    for old in STUBS.glob("*.pyi"):
        if old not in texts:
            old.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
