"""Regular expressions: strings that match one, and matches replaced."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.strings_pattern_syntax import PatternError, compiled, rewritten

_BAD_BYTES = "surrogateescape"


def _pattern(pattern: str) -> Any:
    try:
        return compiled(pattern)
    except PatternError as error:
        raise InvalidArgumentError(
            None, None, f"Invalid pattern: {pattern}, error: {error}"
        ) from None


def _scalar(np: Any, value: Any, name: str) -> str:
    if np.ndim(value):
        raise InvalidArgumentError(
            None, None, f"{name} must be scalar, but received {format_shape(np.shape(value))}"
        )
    text: str = np.asarray(value, object).item().decode("utf-8", _BAD_BYTES)
    return text


def _replaced(np: Any, strings: Any, pattern: str, rewrite: str, everywhere: bool) -> Any:
    found = _pattern(pattern)
    flat = np.ravel(np.asarray(strings, object))
    result = np.empty(len(flat), object)
    result[:] = [
        rewritten(found, text.decode("utf-8", _BAD_BYTES), rewrite, everywhere).encode(
            "utf-8", _BAD_BYTES
        )
        for text in flat
    ]
    return result.reshape(np.shape(strings))


def _matched(np: Any, strings: Any, pattern: str) -> Any:
    found = _pattern(pattern)
    flat = np.ravel(np.asarray(strings, object))
    matches = [found.fullmatch(text.decode("utf-8", _BAD_BYTES)) is not None for text in flat]
    return np.array(matches, bool).reshape(np.shape(strings))


class RegexReplace(Op):
    """Matches of a pattern in each string replaced; a loop over the strings."""

    inputs = ("input: string", "pattern: string", "rewrite: string")
    outputs = ("output: string",)
    backward = None
    replace_global: bool = True

    def infer(self, input: Shape, pattern: Shape, rewrite: Shape) -> Shape:
        with_rank(pattern, 0)
        with_rank(rewrite, 0)
        return input

    def forward(self, np: Any, input: Any, pattern: Any, rewrite: Any) -> Any:
        pattern, rewrite = _scalar(np, pattern, "Pattern"), _scalar(np, rewrite, "Rewrite")
        return _replaced(np, input, pattern, rewrite, self.replace_global)


class StaticRegexReplace(Op):
    """The same with a pattern and a replacement that are known beforehand."""

    inputs, outputs = ("input: string",), ("output: string",)
    pattern: str
    rewrite: str
    replace_global: bool = True

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        return _replaced(np, input, self.pattern, self.rewrite, self.replace_global)


@export("regex_replace", "strings.regex_replace")
def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    r"""Each string with the matches of a pattern replaced.

    Args:
      input: strings, UTF-8.
      pattern: a regular expression as RE2 reads it (no lookaround, no references back), a Python
        string or a scalar.
      rewrite: what replaces a match; `\1` to `\9` are its groups and `\0` is all of it.
      replace_global: whether all matches are replaced, or the first one of each string.

    A run raises InvalidArgumentError where the pattern is none. Unicode classes (`\pL`), `\C` and
    the flag U, which RE2 takes, are refused here in the same way.
    """
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        return raw.StaticRegexReplace(
            input, pattern=pattern, rewrite=rewrite, replace_global=replace_global, name=name
        )
    return raw.RegexReplace(input, pattern, rewrite, replace_global=replace_global, name=name)


class RegexFullMatch(Op):
    """Whether a pattern matches the whole of each string; a loop over the strings."""

    inputs, outputs = ("input: string", "pattern: string"), ("output: bool",)

    def infer(self, input: Shape, pattern: Shape) -> Shape:
        with_rank(pattern, 0)
        return input

    def forward(self, np: Any, input: Any, pattern: Any) -> Any:
        return _matched(np, input, _scalar(np, pattern, "Pattern"))


class StaticRegexFullMatch(Op):
    """The same with a pattern that is known beforehand."""

    inputs, outputs = ("input: string",), ("output: bool",)
    pattern: str

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        return _matched(np, input, self.pattern)


@export("strings.regex_full_match")
def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Whether a pattern matches the whole of each string, bool; see `regex_replace`."""
    if isinstance(pattern, (str, bytes)):
        return raw.StaticRegexFullMatch(input, pattern=pattern, name=name)
    return raw.RegexFullMatch(input, pattern, name=name)
