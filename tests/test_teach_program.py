"""tf.teach.program and tf.teach.passes: pages, and scripts that run on numpy alone."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden import record_programs, sample_runs
from samples import SAMPLES
from test_ops import make

import tflite_edu as tf
from tflite_edu.core.op import resolve

ROOT = Path(__file__).resolve().parent.parent


def alone(script: Path, folder: Path) -> list[Any]:
    """What a script returns that is run where only numpy can be imported."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    installed = Path(np.__file__).parent.parent
    for name in ("numpy", "numpy.libs"):
        if (installed / name).exists() and not (site / name).exists():
            (site / name).symlink_to(installed / name)
    results = folder / "results.npz"
    code = (
        f"import runpy, sys; sys.path.append({str(site)!r}); sys.argv[1:] = [{str(results)!r}]; "
        f"runpy.run_path({str(script)!r}, run_name='__main__'); "
        "assert not any(m.startswith(('tflite_edu', 'google')) for m in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with np.load(results) as data:
        return [data[name] for name in data]


def close(given: Any, expected: Any) -> None:
    given, expected = np.asarray(given), np.asarray(expected)
    assert (given.shape, given.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(given, expected, rtol=1e-6, atol=1e-6)


@pytest.fixture
def digits(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The graph of examples/digits.py, a session in which it has taken a step, and a batch."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    import digits as example

    random = np.random.RandomState(0)
    tf.set_random_seed(1)
    images = tf.placeholder(tf.float32, [None, 8, 8, 1], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    rate = tf.placeholder_with_default(0.0, [], name="dropout_rate")
    logits = example.classifier(images, rate)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    loss = tf.reduce_mean(losses, name="loss")
    step = tf.train.AdamOptimizer(0.002).minimize(loss, tf.train.get_or_create_global_step())
    given = random.rand(8, 8, 8, 1).astype(np.float32), random.randint(0, 10, 8)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(step, {images: given[0], labels: given[1], rate: 0.5})
        yield {
            "train": ([step, loss], {images: given[0], labels: given[1], rate: 0.5}),
            "predict": (tf.argmax(logits, axis=1, name="digit"), {images: given[0]}),
            "logits": (logits, {images: given[0]}),
            "session": session,
        }


@pytest.mark.parametrize("what", ["train", "predict", "logits"])
def test_the_digits_model_runs_alone(digits: dict[str, Any], what: str, tmp_path: Path) -> None:
    fetches, feed = digits[what]
    session = digits["session"]
    paths = tf.teach.program(fetches, feed, session).save(tmp_path / "step.py")
    assert paths == [str(tmp_path / "step.py"), str(tmp_path / "step.npz")]
    assert "tflite_edu" not in Path(paths[0]).read_text(encoding="utf-8")
    (given,) = alone(tmp_path / "step.py", tmp_path)
    expected = session.run(fetches, feed)
    close(given, expected[1] if what == "train" else expected)


def test_a_script_goes_on_training_as_the_session_does(
    digits: dict[str, Any], tmp_path: Path
) -> None:
    (step, loss), feed = digits["train"]
    session = digits["session"]
    tf.teach.program([step, loss], feed, session).save(tmp_path / "step.py")
    source = (tmp_path / "step.py").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "step", "__file__": str(tmp_path / "step.py")}
    exec(compile(source, "step.py", "exec"), names)
    for _ in range(3):
        # The dropout's stream of random numbers goes on too.
        (given,) = names["program"](*names["example"])
        close(given, session.run([step, loss], feed)[1])


def small() -> tuple[Any, Any, Any]:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", [2, 3], initializer=tf.ones_initializer())
    loss = tf.reduce_sum(tf.nn.relu(tf.matmul(x, w)), name="loss")
    return x, w, loss


def test_a_page_tells_node_rule_and_shapes_of_each_line() -> None:
    x, w, loss = small()
    with tf.Session() as session:
        session.run(w.initializer)
        shown = tf.teach.program(loss, {x: [[1.0, 2.0]]})
        assert shown.source == session.compilation(loss, {x: [[1.0, 2.0]]}).source
    (line,) = [one for one in shown.lines if any(n.op_type == "MatMul" for n in one.nodes)]
    (node,) = line.nodes
    assert node.name == "MatMul"
    assert node.inputs == ("x: float32[1, 2]", "w/read: variable w")
    assert node.outputs == ("MatMul: float32[1, 3]",)
    assert node.rule == "Product of two matrices, either of which may be transposed first."
    page = str(shown)
    assert node.rule in page and "Relu: float32[1, 3] = Relu(MatMul: float32[1, 3])" in page
    assert page.splitlines()[:2] == [
        "inputs     x: float32[1, 2]",
        "variables  w: float32[2, 3]",
    ]
    assert max(map(len, page.splitlines())) <= 100


def test_small_arrays_stand_in_the_script_and_a_page_is_saved(tmp_path: Path) -> None:
    x, w, loss = small()
    with tf.Session() as session:
        session.run(w.initializer)
        shown = tf.teach.program(loss, {x: [[1.0, np.inf]]})
        assert shown.save(tmp_path / "step.py") == [str(tmp_path / "step.py")]
        assert shown.save(tmp_path / "step.txt") == [str(tmp_path / "step.txt")]
        assert alone(tmp_path / "step.py", tmp_path) == [np.inf]
    assert (tmp_path / "step.txt").read_text(encoding="utf-8") == f"{shown}\n"
    with pytest.raises(ValueError, match=r"must end in \.py or \.txt"):
        shown.save(tmp_path / "step.pdf")


def test_a_program_without_values_has_no_example() -> None:
    x, w, loss = small()
    shown = tf.teach.program(loss, {x: None})
    (line,) = [one for one in shown.lines if any(n.op_type == "Relu" for n in one.nodes)]
    assert line.nodes[0].outputs == ("Relu: float32[?, 3]",)


def test_without_values_of_variables_no_script_is_written(tmp_path: Path) -> None:
    x, w, loss = small()
    with tf.Session() as session:
        shown = tf.teach.program(loss, {x: [[1.0, 2.0]]})
        with pytest.raises(ValueError, match="w has no value yet: initialize the variables"):
            shown.save(tmp_path / "step.py")
        assert not os.listdir(tmp_path)
        # A program that sets the variable needs none.
        tf.teach.program(w.initializer, session=session).save(tmp_path / "start.py")
    assert alone(tmp_path / "start.py", tmp_path) == []


def test_what_numpy_cannot_do_is_refused_with_a_sentence(tmp_path: Path) -> None:
    x = tf.placeholder(tf.float32, [2], name="x")
    shown = tf.Print(x, [x], name="shown")
    called = tf.py_func(lambda a: a, [x], tf.float32, name="called")
    with tf.Session():
        for fetch, sentence in (
            (shown, r"shown \(Print\) has the effect 'print' on what is outside the program"),
            (called, r"called \(PyFunc\) has the effect 'python'"),
        ):
            with pytest.raises(ValueError, match=sentence):
                tf.teach.program(fetch, {x: [1.0, 2.0]}).save(tmp_path / "step.py")
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("training", [False, True])
def test_branches_run_where_their_condition_holds(training: bool, tmp_path: Path) -> None:
    is_training = tf.placeholder(tf.bool, [], name="is_training")
    x = tf.placeholder(tf.float32, [3, 4], name="x")
    v = tf.get_variable("v", [4], initializer=tf.ones_initializer())
    count = tf.get_variable("count", [], tf.int32, initializer=tf.zeros_initializer())

    def train() -> Any:
        with tf.control_dependencies([count.assign_add(1)]):
            inner = tf.cond(tf.reduce_sum(x) > 5.0, lambda: x * v, lambda: tf.constant(2.0) - x)
            return tf.nn.dropout(inner, rate=0.5, seed=1)

    y = tf.cond(is_training, train, lambda: x + v)
    loss = tf.reduce_sum(tf.square(y))
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for number, scale in enumerate((0.1, 3.0)):
            feed = {is_training: training, x: np.full([3, 4], scale)}
            fetches = [step, loss, y, v, count]
            tf.teach.program(fetches, feed).save(tmp_path / "step.py")
            given = alone(tmp_path / "step.py", tmp_path)
            for one, other in zip(given, session.run(fetches, feed)[1:], strict=True):
                close(one, other)
            assert session.run(count) == (number + 1) * training


def test_names_of_the_graph_hide_none_of_the_script(tmp_path: Path) -> None:
    names = ("np", "program", "arrays", "Variable", "MatMul", "len", "sys", "if", "results", "Relu")
    x = tf.placeholder(tf.float32, [9, 9], name="x")
    y = x
    for name in names:
        y = tf.nn.relu(tf.matmul(y, tf.get_variable(f"v_{name}", [9, 9])), name=name)
    for name in ("file", "allow_pickle", "example", "example_x", "self"):
        # Arrays of this size lie in the file beside the script, by their names.
        y += tf.get_variable(name, [9, 9])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        feed = {x: np.arange(81).reshape(9, 9) / 81}
        tf.teach.program([y, x], feed).save(tmp_path / "step.py")
        given = alone(tmp_path / "step.py", tmp_path)
        for one, other in zip(given, session.run([y, x], feed), strict=True):
            close(one, other)


# What kernels are refused for that are more than numpy: files, queues, protos, functions.
REFUSED = (
    "cannot be written as plain numpy|has the effect|has no value yet"
    "|is no variable whose value could be saved|keeps a .* between runs"
)

# Modules of which every op can be saved.
PLAIN = (
    *("activations", "arithmetic", "broadcasting", "casting", "comparison", "control_flow"),
    "convolution",
    *("cross_entropy", "division", "exponential", "gathering", "joining", "matrix_product"),
    *("normalization", "packing", "pooling", "powers", "random_ops", "reductions", "reshaping"),
    *("reference_variables", "slicing", "softmax", "sorting", "training", "trigonometry"),
)


@pytest.mark.parametrize("op_type", sorted(SAMPLES))
def test_each_op_as_a_script_gives_the_sessions_numbers(op_type: str, tmp_path: Path) -> None:
    for number, sample in enumerate(SAMPLES[op_type][:1]):
        with tf.Graph().as_default(), tf.Session() as session:
            try:
                built = sample_runs.Built(tf, make, op_type, sample, str(tmp_path), "shaped")
                session.run(built.initializers)
                shown = tf.teach.program(built.fetches, built.feeds, session)
            except (TypeError, ValueError, NotImplementedError, tf.errors.OpError):
                # Samples of what is refused when the graph is built.
                continue
            path = tmp_path / f"sample_{number}.py"
            try:
                shown.save(path)
            except ValueError as error:
                assert re.search(REFUSED, str(error)), error
                module = resolve(op_type).__module__.rpartition(".")[2]
                assert module not in PLAIN or "has no value yet" in str(error), error
                continue
            source = path.read_text(encoding="utf-8")
            assert "tflite_edu" not in source
            names: dict[str, Any] = {"__name__": "step", "__file__": str(path)}
            exec(compile(source, str(path), "exec"), names)
            try:
                expected = session.run(built.fetches, built.feeds)
            except tf.errors.OpError:
                with pytest.raises(Exception):  # noqa: B017 - the script has classes of its own
                    names["program"](*names["example"])
                continue
            given = names["program"](*names["example"])
            expected = [value for value in expected if value is not None]
            for one, other in zip(given, expected, strict=True):
                if np.asarray(other).dtype.kind in "OS":
                    assert np.asarray(one).tolist() == np.asarray(other).tolist()
                else:
                    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
                    assert np.asarray(one).dtype == np.asarray(other).dtype


@pytest.mark.parametrize("op_type", ["Conv2D", "ApplyAdam", "StridedSlice", "RandomUniform"])
def test_no_parameter_is_left_that_a_node_settles(op_type: str, tmp_path: Path) -> None:
    with tf.Session() as session:
        built = sample_runs.Built(tf, make, op_type, SAMPLES[op_type][0], str(tmp_path), "shaped")
        session.run(built.initializers)
        tf.teach.program(built.fetches, built.feeds).save(tmp_path / "step.py")
    tree = ast.parse((tmp_path / "step.py").read_text(encoding="utf-8"))
    (kernel,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == op_type]
    assert not {"self", "np"} & {a.arg for a in kernel.args.args}


def test_passes_tell_what_changed_and_why(tmp_path: Path) -> None:
    fetches, fed = record_programs.PROGRAMS["gradient_descent"]()
    shown = tf.teach.passes(fetches, {t: np.zeros(s) for t, s in fed.items()})
    names = ["identities", "fold", "hoist", "algebra", "common_subexpressions", "unused"]
    assert [one.name for one in shown.passes] == names
    counts = [shown.planned, *(one.after for one in shown.passes)]
    assert [one.before for one in shown.passes] == counts[:-1]
    assert counts[-1] < counts[0] < shown.nodes
    algebra = shown.passes[3]
    assert "gradients/add_grad/Sum is gradients/hidden_grad/ReluGrad (over no axes)" in (
        algebra.reasons
    )
    changed = {change.name: change for change in algebra.changes}
    assert changed["gradients/add_grad/Sum"].after == ""
    assert "gradients/add_grad/Reshape," in changed["gradients/MatMul_grad/MatMul_1"].before
    assert "gradients/hidden_grad/ReluGrad," in changed["gradients/MatMul_grad/MatMul_1"].after
    page = str(shown)
    assert page.startswith(f"Of {shown.nodes} nodes a run needs {shown.planned};")
    shown.save(tmp_path / "passes.txt")
    assert (tmp_path / "passes.txt").read_text(encoding="utf-8") == f"{page}\n"
    with pytest.raises(ValueError, match=r"must end in \.txt or \.html"):
        shown.save(tmp_path / "passes.svg")


def test_a_page_of_passes_as_html_is_escaped_and_needs_nothing_else(tmp_path: Path) -> None:
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.add(tf.constant(["<b>&"] * 1), "!", name="text")
    tf.teach.passes([tf.identity(x * 1.0), y]).save(tmp_path / "passes.html")
    text = (tmp_path / "passes.html").read_text(encoding="utf-8")
    assert "<b>" not in text and "http" not in text and 'class="before"' in text


def test_a_program_that_no_pass_changes() -> None:
    x = tf.placeholder(tf.float32, [2], name="x")
    shown = tf.teach.passes(tf.tanh(x), {x: None})
    assert all(one.before == one.after for one in shown.passes)
    assert not any(one.changes for one in shown.passes)
    assert "no change" in str(shown)


@pytest.mark.parametrize("show", ["program", "passes"])
def test_fetches_that_are_none_raise_as_a_run_does(show: str) -> None:
    small()
    with pytest.raises(TypeError, match="Fetch argument 3 has invalid type"):
        getattr(tf.teach, show)(3)
    with pytest.raises(ValueError, match="cannot be interpreted as a Tensor"):
        getattr(tf.teach, show)("nothing:0")
