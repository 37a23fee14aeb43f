"""The README's example prints what the README says."""

import re
from pathlib import Path

import tflite_edu as tf

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_example(capsys):
    code, output = re.search(
        r"```python\n(.*?)```\n\nIt prints:\n\n```text\n(.*?)```",
        README.read_text("utf-8"),
        re.DOTALL,
    ).groups()
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out == output


def test_every_other_example_runs(tmp_path, monkeypatch, capsys):
    """Each prints what a comment at its end says."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    for code in blocks:
        if "import tflite_edu as tf" not in code or "  # " not in code:
            continue
        with tf.Graph().as_default():
            exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})
        expected = code.rstrip().rsplit("  # ", 1)[1]
        assert capsys.readouterr().out.strip().endswith(expected)
