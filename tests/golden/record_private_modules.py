"""Records which names of TensorFlow 1.15's private modules are public ones too.

    python3.7 tests/golden/record_private_modules.py

Writes private_modules.tsv: for each module in tflite_edu's compat/private_modules.py a line with
its name and, by tabs, `name=public name|public name ...`, `name<public name` where the public
callable of the same spelling takes the private one's arguments first, or `name!` where it does not.
"""

import collections
import importlib
import inspect
import runpy
from pathlib import Path

import record_signatures

HERE = Path(__file__).resolve().parent
RECORD = HERE / "private_modules.tsv"
PACKAGE = HERE.parent.parent / "tflite_edu"


def tables():
    """(NAMESPACES, NAMES) of tflite_edu."""
    found = runpy.run_path(str(PACKAGE / "compat" / "private_modules.py"))
    return found["NAMESPACES"], found["NAMES"]


def public_things(tf):
    """Public name -> object, of what tflite_edu has."""
    found = {}
    for name in record_signatures.exported():
        thing = tf
        for part in name.split("."):
            thing = getattr(thing, part)
        if not isinstance(thing, (int, str, bytes, bool, float, tuple, list, type(None))):
            found[name] = thing
    return found


def parameters(thing):
    try:
        return [p.name for p in inspect.signature(thing).parameters.values()]
    except (TypeError, ValueError):
        return None


def entry(name, thing, public, names_of, namespaces):
    """The record of one name, None where no public one has to do with it."""
    if id(thing) in names_of:
        return name + "=" + "|".join(sorted(names_of[id(thing)]))
    for path in namespaces:
        other = public.get(path + "." + name if path else name)
        if other is not None:
            own = parameters(thing) if callable(thing) else None
            same = own is not None and (parameters(other) or [])[: len(own)] == own
            return name + ("<" + (path + "." + name if path else name) if same else "!")
    return None


def main():
    import tensorflow as tf

    public = public_things(tf)
    names_of = collections.defaultdict(list)
    for name, thing in public.items():
        names_of[id(thing)].append(name)
    namespaces, names = tables()
    lines = []
    for path in sorted({*namespaces, *names}):
        try:
            module = importlib.import_module("tensorflow." + path)
        except ImportError:
            print("not in TensorFlow 1.15:", path)
            continue
        entries = []
        for name in sorted(vars(module)):
            thing = getattr(module, name)
            if name.startswith("_") or inspect.ismodule(thing):
                continue
            found = entry(name, thing, public, names_of, namespaces.get(path, ()))
            if found:
                entries.append(found)
        lines.append("\t".join([path] + entries))
    RECORD.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
