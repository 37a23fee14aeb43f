"""Records how TensorFlow 1.15 declares every public name that tflite_edu exports.

    python3.7 tests/golden/record_signatures.py

Runs under TensorFlow's Python and writes signatures.tsv: name, kind and arguments, by tabs.
"""

import ast
import enum
import inspect
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent.parent / "tflite_edu" / "api" / "table.py"
RECORD = HERE / "signatures.tsv"
# The namespaces that tflite_edu has and TensorFlow has not.
OWN = ("teach.",)


def exported():
    """The public names in api/table.py that are TensorFlow's, read without importing it."""
    for statement in ast.parse(TABLE.read_text()).body:
        if isinstance(statement, ast.AnnAssign) and statement.target.id == "EXPORTS":
            names = sorted(ast.literal_eval(statement.value))
            return [name for name in names if not name.startswith(OWN)]
    raise SystemExit("api/table.py has no EXPORTS")


def declared(thing):
    """(kind, arguments) of a public thing; its kind is "callable" or "constant"."""
    if not callable(thing):
        return "constant", []
    if inspect.isclass(thing) and issubclass(thing, enum.Enum):
        return "callable", ["value"]
    try:
        parameters = inspect.signature(thing).parameters.values()
    except ValueError:
        # A message of protobuf.
        return "callable", ["*args", "**kwargs"]
    return "callable", [argument(p) for p in parameters]


def argument(parameter):
    """One parameter as `name`, `name=default`, `*name` or `**name`."""
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}
    text = stars.get(parameter.kind, "") + parameter.name
    if parameter.default is parameter.empty:
        return text
    return f"{text}={shown(parameter.default)}"


def shown(default):
    """A default as both sides show it: values by their repr, functions and classes by name."""
    if default is None or isinstance(default, (bool, int, float, str, bytes)):
        return repr(default)
    if isinstance(default, (list, tuple)):
        return "[{}]".format(", ".join(shown(d) for d in default))
    if type(default).__name__ == "DType":
        return "tf." + default.name
    return getattr(default, "__name__", "object")


def main():
    import tensorflow as tf

    lines = []
    for name in exported():
        thing = tf
        try:
            for part in name.split("."):
                thing = getattr(thing, part)
        except AttributeError:
            print("not in TensorFlow 1.15:", name)
            continue
        kind, arguments = declared(thing)
        lines.append("\t".join((name, kind, *arguments)))
    RECORD.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
