"""Every public function and class that builds nodes is in a golden snippet.

What is in none is listed here with its reason; a name whose reason is a test must occur in it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tflite_edu.api.table import EXPORTS

TESTS = Path(__file__).parent
SNIPPETS = sorted((TESTS / "golden" / "snippets").glob("*.py"))

# Where public names are defined that build no nodes: flags, files, protos, errors ...
NO_NODES = (
    "tflite_edu.core.dtypes",
    "tflite_edu.core.errors",
    "tflite_edu.formats.",
    "tflite_edu.io.protos",
    "tflite_edu.platform.",
    "tflite_edu.saved_model.keys",
    "tflite_edu.summary.file_writer",
    "tflite_edu.teach.",
    "tflite_edu.testing.",
)

# Each name that no snippet has, and the test that has it.
TESTED_ELSEWHERE = {
    "TensorSpec": "test_tensor_spec.py",
    # The switches of a process: other snippets would run under them.
    "disable_control_flow_v2": "golden/scripts/text_and_versions.py",
    "disable_eager_execution": "golden/scripts/text_and_versions.py",
    "disable_tensor_equality": "golden/scripts/text_and_versions.py",
    "disable_v2_behavior": "golden/scripts/text_and_versions.py",
    "disable_v2_tensorshape": "golden/scripts/text_and_versions.py",
    "enable_eager_execution": "test_gfile.py",
    "enable_v2_behavior": "test_gfile.py",
    # These register for the whole process, and once only.
    "NoGradient": "test_autodiff.py",
    # These read or write checkpoints.
    "contrib.slim.assign_from_checkpoint": "test_contrib.py",
    "contrib.slim.assign_from_checkpoint_fn": "test_contrib.py",
    "contrib.framework.list_variables": "test_contrib.py",
    "contrib.framework.load_checkpoint": "test_contrib.py",
    "contrib.framework.load_variable": "test_contrib.py",
    "train.checkpoints_iterator": "test_saver_files.py",
    "train.generate_checkpoint_state_proto": "test_formats_checkpoint_state.py",
    "train.get_checkpoint_mtimes": "test_saver.py",
    "train.load_checkpoint": "test_saver.py",
    "train.remove_checkpoint": "test_saver.py",
    "train.update_checkpoint_state": "test_formats_checkpoint_state.py",
    # These need a session or build nothing.
    "contrib.slim.assign_from_values_fn": "test_contrib.py",
    "contrib.training.HParams": "test_hyperparameters.py",
    "train.global_step": "test_optimizers.py",
}


def test_every_function_is_in_a_snippet() -> None:
    used = {EXPORTS[name] for path in SNIPPETS for name in names_used(path.read_text())}
    missing = [name for target, name in building_nodes().items() if target not in used]
    listed = sorted(TESTED_ELSEWHERE)
    assert sorted(missing) == listed, (
        f"in no snippet: {sorted(set(missing) - set(listed))}; "
        f"in one by now, or gone: {sorted(set(listed) - set(missing))}"
    )


@pytest.mark.parametrize("name", TESTED_ELSEWHERE)
def test_what_is_in_no_snippet_is_tested_elsewhere(name: str) -> None:
    same = [alias for alias, target in EXPORTS.items() if target == EXPORTS[name]]
    words = {alias.split(".")[-1] for alias in same}
    assert words & set(re.findall(r"\w+", (TESTS / TESTED_ELSEWHERE[name]).read_text()))


def test_names_used_follows_aliases() -> None:
    source = "nn, L = tf.nn, tf.layers\nflat = L.flatten\nf = [nn.relu, flat]\nother.abs(tf.nn.elu)"
    assert set(names_used(source)) == {"nn.relu", "nn.elu", "layers.flatten"}
    source = "for kind in ('abs', 'exp'):\n    getattr(tf, kind)\n'tf.sin'"
    assert list(names_used(source)) == []
    assert list(names_used("getattr(tf.math, 'sin')")) == ["math.sin"]


def building_nodes() -> dict[str, str]:
    """The public functions and classes that may build nodes: where defined, to shortest name."""
    kinds = {}
    for line in (TESTS / "golden" / "signatures.tsv").read_text().splitlines():
        name, kind, *_ = line.split("\t")
        kinds[name] = kind
    names = defaultdict(list)
    for name, target in EXPORTS.items():
        if kinds.get(name) == "callable" and not target.startswith(NO_NODES):
            names[target].append(name)
    return {target: min(group, key=lambda n: (len(n), n)) for target, group in names.items()}


def names_used(source: str) -> Iterator[str]:
    """The public names in the text of a snippet: `tf.a.b`, and those that variables stand for."""
    tree = ast.parse(source)
    prefixes = {"tf": ""}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target, value in assigned(node):
                name = dotted(value, prefixes)
                if isinstance(target, ast.Name) and name:
                    prefixes[target.id] = name
    for node in ast.walk(tree):
        name = dotted(node, prefixes)
        if name in EXPORTS:
            yield name


def assigned(node: ast.Assign) -> Iterable[tuple[ast.expr, ast.expr]]:
    """The pairs of a target and its value, also of `a, b = c, d`."""
    (target, *_), value = node.targets, node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return zip(target.elts, value.elts, strict=True)
    return [(target, value)]


def dotted(node: ast.AST, prefixes: dict[str, str]) -> str | None:
    """`a.b` of `tf.a.b`, of `getattr(tf.a, "b")` and of `x.b` where `x` stands for `tf.a`."""
    if isinstance(node, ast.Name):
        return prefixes.get(node.id)
    if isinstance(node, ast.Attribute):
        value, last = node.value, node.attr
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and isinstance(node.args[1], ast.Constant)
    ):
        value, last = node.args[0], node.args[1].value
    else:
        return None
    prefix = dotted(value, prefixes)
    return None if prefix is None else f"{prefix}.{last}".lstrip(".")
