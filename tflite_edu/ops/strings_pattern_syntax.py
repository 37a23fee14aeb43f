r"""RE2's regular expressions, translated to Python's.

The two differ in what `$`, `.`, `\z`, classes and flags mean, in what is an error, and in empty
matches; what Python cannot say is refused. Bytes that are no UTF-8 come as lone surrogates, which
neither `.` nor a negated class matches, as in RE2.
"""

from __future__ import annotations

import functools
import re

_NO_TEXT = "\\udc80-\\udcff"
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": "\\t\\n\\f\\r "}
_COMPLEMENTS = {
    "D": "\\x00-/:-\\ud7ff\\ue000-\\U0010ffff",
    "W": "\\x00-/:-@\\[-^`{-\\ud7ff\\ue000-\\U0010ffff",
    "S": "\\x00-\\x08\\v\\x0e-\\x1f!-\\ud7ff\\ue000-\\U0010ffff",
}
_CONTROLS = {"a": "\\a", "f": "\\f", "t": "\\t", "n": "\\n", "r": "\\r", "v": "\\v"}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\v\\f\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}")
_MOST_REPEATS = 1000


class PatternError(ValueError):
    """The pattern is none, or one that has no translation; the message is RE2's where it can be."""


@functools.lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern in Python's form. Raises PatternError."""
    try:
        return re.compile(_Translation(pattern).whole())
    except re.error as error:
        raise PatternError(str(error)) from None


def rewritten(pattern: re.Pattern[str], text: str, rewrite: str, everywhere: bool) -> str:
    """`text` with matches replaced; as RE2 does it, no empty match right after another one."""
    pieces, end = [], 0
    last = -1
    for match in pattern.finditer(text):
        if match.start() == match.end() == last:
            continue
        pieces += [text[end : match.start()], _replacement(match, rewrite)]
        last = end = match.end()
        if not everywhere:
            break
    return "".join(pieces) + text[end:]


def _replacement(match: re.Match[str], rewrite: str) -> str:
    """What stands for a match, up to the first mistake in `rewrite`."""
    pieces, at = [], 0
    while at < len(rewrite):
        if rewrite[at] != "\\":
            pieces.append(rewrite[at])
            at += 1
            continue
        escaped = rewrite[at + 1 : at + 2]
        if escaped == "\\":
            pieces.append("\\")
        elif escaped.isdecimal() and int(escaped) <= len(match.groups()):
            pieces.append(match.group(int(escaped)) or "")
        else:
            break
        at += 2
    return "".join(pieces)


class _Group:
    """One open parenthesis: the flags inside, and how many flag groups of ours are open in it."""

    def __init__(self, flags: frozenset[str]) -> None:
        self.flags = flags
        self.opened: list[str] = []


class _Translation:
    """Reads a pattern from its start to its end."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.out: list[str] = []
        self.groups = [_Group(frozenset())]
        # Where in the pattern the item began that a repetition would repeat, and where the
        # repetition began that just ended.
        self.item = -1
        self.repetition = -1

    def whole(self) -> str:
        while self.at < len(self.pattern):
            self._next()
        if len(self.groups) > 1:
            raise PatternError(f"missing ): {self.pattern}")
        self._close_flags()
        return "".join(self.out)

    def _next(self) -> None:
        character = self.pattern[self.at]
        if character in "*+?" or (character == "{" and self._repeat()):
            self._repetition()
            return
        start, self.repetition = self.at, -1
        self.at += 1
        flags = self.groups[-1].flags
        if character == "\\":
            self._escape()
        elif character == "[":
            self._class()
        elif character == "(":
            self._open()
            self.item = -1
            return
        elif character == ")":
            self._close()
        elif character == "|":
            self._bar()
            self.item = -1
            return
        elif character == ".":
            self.out.append(f"[^{'' if 's' in flags else chr(92) + 'n'}{_NO_TEXT}]")
        elif character == "^":
            self.out.append("(?m:^)" if "m" in flags else "\\A")
        elif character == "$":
            self.out.append("(?m:$)" if "m" in flags else "\\Z")
        else:
            self.out.append(re.escape(character))
        self.item = start

    def _repeat(self) -> re.Match[str] | None:
        return _REPEAT.match(self.pattern, self.at)

    def _repetition(self) -> None:
        start = self.at
        counted = self._repeat() if self.pattern[start] == "{" else None
        end = counted.end() if counted else start + 1
        operator = self.pattern[start:end]
        if self.item < 0:
            raise PatternError(f"no argument for repetition operator: {operator}")
        if self.pattern[end : end + 1] == "?":
            end += 1
        if self.repetition >= 0:
            raise PatternError(f"bad repetition operator: {self.pattern[self.repetition : end]}")
        if counted:
            low = int(counted[1])
            high = int(counted[3]) if counted[3] else low
            if max(low, high) > _MOST_REPEATS or high < low:
                raise PatternError(f"invalid repetition size: {operator}")
        self.out.append(self.pattern[start:end])
        self.at, self.repetition = end, start

    def _escape(self) -> None:
        character = self.pattern[self.at : self.at + 1]
        if not character:
            raise PatternError("trailing \\: ")
        if character in "dsw":
            self.out.append(f"[{_CLASSES[character]}]")
        elif character in "DSW":
            self.out.append(f"[^{_CLASSES[character.lower()]}{_NO_TEXT}]")
        elif character in "bB":
            self.out.append(f"(?a:\\{character})")
        elif character == "A":
            self.out.append("\\A")
        elif character == "z":
            self.out.append("\\Z")
        elif character == "Q":
            end = self.pattern.find("\\E", self.at)
            literal = self.pattern[self.at + 1 : end if end >= 0 else None]
            self.out.append(re.escape(literal))
            self.at = len(self.pattern) if end < 0 else end + 2
            return
        else:
            self.out.append(self._character())
            return
        self.at += 1

    def _character(self) -> str:
        """The character after a backslash, in a class or outside; goes past it."""
        character = self.pattern[self.at]
        rest = self.pattern[self.at :]
        if character in _CONTROLS:
            self.at += 1
            return _CONTROLS[character]
        octal = re.match(r"0[0-7]{0,2}|[1-7][0-7]{1,2}", rest)
        hexadecimal = re.match(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})", rest)
        if octal or hexadecimal:
            if octal:
                code, self.at = int(octal[0], 8), self.at + octal.end()
            elif hexadecimal:
                code = int(hexadecimal[1] or hexadecimal[2], 16)
                self.at += hexadecimal.end()
            if code > 0x10FFFF:
                raise PatternError(f"invalid escape sequence: \\{rest}")
            return re.escape(chr(code))
        if character.isalnum() and character.isascii():
            if character in "pP":
                raise PatternError(f"Unicode classes are not supported here: \\{rest[:2]}")
            if character == "C":
                raise PatternError("single bytes are not supported here: \\C")
            raise PatternError(f"invalid escape sequence: \\{character}")
        self.at += 1
        return re.escape(character)

    def _class(self) -> None:
        start = self.at - 1
        negated = self.pattern[self.at : self.at + 1] == "^"
        self.at += negated
        pieces: list[str] = []
        first = True
        while True:
            if self.at >= len(self.pattern):
                raise PatternError(f"missing ]: {self.pattern[start:]}")
            character = self.pattern[self.at]
            if character == "]" and not first:
                self.at += 1
                break
            first = False
            named = re.match(r"\[:(\^?)(\w+):\]", self.pattern[self.at :])
            if named:
                if named[2] not in _POSIX:
                    raise PatternError(f"invalid character class range: {named[0]}")
                if named[1]:
                    raise PatternError(f"negated classes in classes are not supported: {named[0]}")
                pieces.append(_POSIX[named[2]])
                self.at += named.end()
                continue
            if character == "\\" and self.pattern[self.at + 1 : self.at + 2] in tuple("dsw"):
                pieces.append(_CLASSES[self.pattern[self.at + 1]])
                self.at += 2
                continue
            if character == "\\" and self.pattern[self.at + 1 : self.at + 2] in tuple("DSW"):
                pieces.append(_COMPLEMENTS[self.pattern[self.at + 1]])
                self.at += 2
                continue
            pieces.append(self._range())
        inside = "".join(pieces)
        self.out.append(f"[^{inside}{_NO_TEXT}]" if negated else f"[{inside}]")

    def _range(self) -> str:
        low = self._member()
        follows = self.pattern[self.at : self.at + 2]
        if len(follows) == 2 and follows[0] == "-" and follows[1] != "]":
            self.at += 1
            return f"{low}-{self._member()}"
        return low

    def _member(self) -> str:
        character = self.pattern[self.at]
        self.at += 1
        if character != "\\":
            return re.escape(character)
        if self.at >= len(self.pattern):
            raise PatternError("trailing \\: ")
        return self._character()

    def _open(self) -> None:
        flags = self.groups[-1].flags
        rest = self.pattern[self.at :]
        if not rest.startswith("?"):
            self.out.append("(")
            self.groups.append(_Group(flags))
            return
        name = re.match(r"\?P<(\w+)>", rest)
        if name:
            self.out.append(f"(?P<{name[1]}>")
            self.groups.append(_Group(flags))
            self.at += name.end()
            return
        given = re.match(r"\?([imsU]*)(?:-([imsU]+))?([:)])", rest)
        if not given:
            raise PatternError(f"invalid perl operator: ({rest[:2]}")
        self.at += given.end()
        if "U" in given[1] + (given[2] or ""):
            raise PatternError("the flag U is not supported here: (?U")
        new = flags.union(given[1]).difference(given[2] or "")
        case = ""
        if "i" in new and "i" not in flags:
            case = "i"
        elif "i" in flags and "i" not in new:
            case = "-i"
        if given[3] == ":":
            self.out.append(f"(?{case}:")
            self.groups.append(_Group(new))
            return
        # Flags alone hold up to the end of the group that they are in.
        self.groups[-1].flags = new
        if case:
            self.out.append(f"(?{case}:")
            self.groups[-1].opened.append(case)

    def _close_flags(self) -> None:
        self.out.append(")" * len(self.groups[-1].opened))

    def _close(self) -> None:
        if len(self.groups) == 1:
            raise PatternError(f"missing ): {self.pattern}")
        self._close_flags()
        self.groups.pop()
        self.out.append(")")

    def _bar(self) -> None:
        self._close_flags()
        self.out.append("|" + "".join(f"(?{flags}:" for flags in self.groups[-1].opened))
