"""The README's example prints what the README says."""

import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_example(capsys):
    code, output = re.search(
        r"```python\n(.*?)```\n\nIt prints:\n\n```text\n(.*?)```",
        README.read_text("utf-8"),
        re.DOTALL,
    ).groups()
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out == output
