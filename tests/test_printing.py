"""tf.Print, tf.print and tf.strings.format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def run(fetches: Any, feed: Any = None) -> Any:
    with tf.Session() as session:
        return session.run(fetches, feed)


@pytest.mark.parametrize(
    ("value", "summarize", "text"),
    [
        (3.0, None, "[3]"),
        ([1.5879565, 2.521606], None, "[1.58795655 2.52160597]"),
        ([0.1, 1e-8, 1e10, 1 / 3], -1, "[0.1 1e-08 1e+10 0.333333343]"),
        ([np.nan, np.inf, -np.inf, -0.0], 4, "[nan inf -inf -0]"),
        (np.float64([1 / 3, 1e300]), None, "[0.33333333333333331 1e+300]"),
        (np.float16([0.1, 65504]), None, "[0.0999755859 65504]"),
        ([True, False], None, "[1 0]"),
        (np.int8([-3, 100]), None, "[-3 100]"),
        ([1 + 2j], None, "[?]"),
        (["a", "b c", 'q"\n\\\xff'], None, '[a b c q\\"\\n\\\\\\303\\277]'),
        ([1, 2, 3, 4], None, "[1 2 3...]"),
        ([[1, 2], [3, 4]], None, "[[1 2][3...]...]"),
        ([[1, 2], [3, 4]], 10, "[[1 2][3 4]]"),
        (np.arange(24).reshape(2, 3, 4), 7, "[[[0 1 2 3][4 5 6...]]...]"),
        (np.zeros([2, 0]), None, "[]"),
        ([1, 2], 0, "[...]"),
    ],
)
def test_print_writes_values(
    value: Any, summarize: int | None, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(tf.Print(tf.constant(7), [tf.constant(value)], summarize=summarize)) == 7
    assert capfd.readouterr().err == text + "\n"


def test_print_writes_a_message_and_several_values(capfd: pytest.CaptureFixture[str]) -> None:
    x = tf.constant([1.0, 2.0])
    run(tf.Print(x, [x, "text", tf.shape(x)], "x: "))
    assert capfd.readouterr().err == "x: [1 2][text][2]\n"


def test_print_stops_after_first_n(capfd: pytest.CaptureFixture[str]) -> None:
    printed = tf.Print(tf.constant(1.0), ["now"], first_n=2)
    silent = tf.Print(tf.constant(1.0), ["never"], first_n=0)
    for _ in range(2):
        # Each session counts for itself.
        with tf.Session() as session:
            for _ in range(3):
                session.run([printed, silent])
    assert capfd.readouterr().err == "[now]\n" * 4


def test_print_passes_gradients() -> None:
    x = tf.constant([1.0, 2.0])
    y = tf.Print(x, [x, "text"], "message", name="p")
    np.testing.assert_array_equal(run(tf.gradients(y * y, x)), [[2.0, 4.0]])
    with pytest.raises(TypeError, match="Expected list for 'data' argument to 'Print' Op"):
        tf.Print(x, x)


@pytest.mark.parametrize(
    ("value", "summarize", "text"),
    [
        (3.0, 3, "3"),
        ("s", 3, '"s"'),
        (["a", "it's"], 3, '["a" "it\\\'s"]'),
        (range(6), 3, "[0 1 2 3 4 5]"),
        (range(7), 3, "[0 1 2 ... 4 5 6]"),
        (range(7), -1, "[0 1 2 3 4 5 6]"),
        (range(5), 1, "[0 ... 4]"),
        (range(5), 0, "[ ...]"),
        ([[1, 2], [3, 4]], 3, "[[1 2]\n [3 4]]"),
        (
            np.arange(24).reshape(2, 3, 4),
            1,
            "[[[0 ... 3]\n  ...\n  [8 ... 11]]\n\n [[12 ... 15]\n  ...\n  [20 ... 23]]]",
        ),
        (np.zeros([0, 3]), 3, "[]"),
        (np.zeros([2, 0, 3]), 3, "[\n\n ...]"),
    ],
)
def test_format(value: Any, summarize: int, text: str) -> None:
    value = list(value) if isinstance(value, range) else value
    made = tf.strings.format("<{}>", tf.constant(value), summarize=summarize)
    assert (made.shape, made.dtype) == ((), tf.string)
    assert run(made).decode() == f"<{text}>"


def test_format_several() -> None:
    made = tf.strings.format("%t and %t", [tf.constant(1), tf.constant(2.5)], placeholder="%t")
    assert run(made) == b"1 and 2.5"
    with pytest.raises(ValueError) as raised:
        tf.strings.format("{}", [tf.constant(1), tf.constant(2)])
    assert str(raised.value) == (
        "1 placeholder(s) in template does not match 2 tensor(s) provided as input"
    )


def test_print_v2(capfd: pytest.CaptureFixture[str]) -> None:
    x = tf.constant([1.0, 2.5])
    for values, keywords, text in [
        (("x", x), {}, "x [1 2.5]\n"),
        ((x, 3, [1, x], {"k": (x,)}), {"sep": "|"}, "[1 2.5]|3|[1, [1 2.5]]|{'k': ([1 2.5],)}\n"),
        ((), {"end": "."}, "."),
        ((tf.constant("only text"),), {}, "only text\n"),
        ((tf.constant("a"), "and", tf.constant(["b"])), {}, '"a" and ["b"]\n'),
        (("{} in the text", x), {}, "{} in the text [1 2.5]\n"),
        ((tf.constant([1, 2, 3]),), {"summarize": 1}, "[1 ... 3]\n"),
    ]:
        assert run(tf.print(*values, **keywords)) is None
        assert capfd.readouterr().err == text
    run(tf.print(x, output_stream=sys.stdout))
    assert capfd.readouterr().out == "[1 2.5]\n"
    run(tf.print(x, output_stream=tf.logging.warning))
    assert capfd.readouterr().err.endswith(": W [1 2.5]\n")


def test_print_v2_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "printed.txt"
    node = tf.print("é", tf.constant(1), output_stream=f"file://{path}")
    run(node)
    run(node)
    assert path.read_text(encoding="utf-8") == "é 1\né 1\n"


def test_print_v2_nodes() -> None:
    node = tf.print(tf.constant(1), name="line")
    assert (node.type, node.name, node.inputs[0].op.name) == ("PrintV2", "line", "line_format")


def test_print_v2_refuses() -> None:
    with pytest.raises(ValueError) as raised:
        tf.print(1, bad=3)
    assert str(raised.value) == "Unrecognized keyword arguments for tf.print: {'bad': 3}"
    with pytest.raises(ValueError, match="logging level, or file.nowhere. Supported streams are"):
        tf.print(1, output_stream="nowhere")
