"""Samples of operations on strings."""

import numpy as np

from .sample import Sample, c64, f32, f64, i32, i64, text

WORDS = text([b"ab", b"", b"a b,c", b"abcabc", b"h\xc3\xa9llo", b"\xff\x80z"])
LONG = text(
    [bytes((37 * i + 11) % 256 for i in range(n)) for n in (*range(70), 127, 128, 129, 300)]
)


def as_string(values, **attrs):
    return Sample([values], attrs)


def number(strings, out_type="float32"):
    return Sample([text(strings)], {"out_type": out_type})


def hashes(count, **attrs):
    return [
        Sample([LONG], {"num_buckets": count, **attrs}),
        Sample([text([[b"a"], [b"b"]])], {"num_buckets": 7, **attrs}),
        Sample([text([])], {"num_buckets": 7, **attrs}),
    ]


def replace(strings, pattern, rewrite, **attrs):
    return Sample([text(strings)], {"pattern": pattern, "rewrite": rewrite, **attrs})


REPLACEMENTS = [
    ([b"abbb a,b", b"xab"], "a(b+)", r"<\1>"),
    ([b"abc"], "x*", "-"),
    ([b"abxd"], "x*", "-"),
    ([b"abc"], "b", r"[\0\\]"),
    ([b"abc"], "b", r"\1"),
    ([b"abc"], "b", r"[\x"),
    ([b"aaa\nb"], "^a", "-"),
    ([b"a\nb\n"], "b$", "-"),
    ([b"a\nb\n"], "(?m)^.$", "-"),
    ([b"a\nb"], "a.b", "-"),
    ([b"a\nb"], "(?s)a.b", "-"),
    ([b"h\xc3\xa9", b"\xff\x80a"], ".", "-"),
    ([b"h\xc3\xa9", b"\xff\x80a"], "[^a]", "-"),
    ([b"abab"], "a|ab", "-"),
    ([b"Ab aB"], "(?i)ab", "x"),
    ([b"aBc ABC"], "a(?i)b|c", "x"),
    ([b"aBc abC"], "(?i:a(?-i)b)c", "x"),
    ([b"aab"], "(?P<n>a)", r"<\1>"),
    ([b"a1 _-"], r"[[:alpha:]\d]", "."),
    ([b"a1 _-\x0b"], r"\W", "."),
    ([b"a1 _-\x0b"], r"[^\s-]", "."),
    ([b"a1 _-\x0b\xc3\xa9"], r"[\D]", "."),
    ([b"one two"], r"\bt\B", "-"),
    ([b"aab"], "a{1,2}?", "x"),
    ([b"a{,2}"], "a{,2}", "x"),
    ([b"a.b"], r"\Q.\Eb", "x"),
    ([b"\x07A\xc3\xa9"], r"[\x41\x{e9}\a]", "x"),
    ([b"ab"], "(x)?b", r"[\1]"),
    ([b"a]b"], "[]a]", "x"),
    ([b"abc"], r"\z", "!"),
    ([b"a\\b"], r"\\", "/"),
    ([b"a"], "(", "x"),
    ([b"a"], "a)", "x"),
    ([b"a"], "a**", "x"),
    ([b"a"], "a++", "x"),
    ([b"a"], "*a", "x"),
    ([b"a"], "(?=b)", "x"),
    ([b"a"], "(?<n>b)", "x"),
    ([b"a"], r"(a)\1", "x"),
    ([b"a"], r"\y", "x"),
    ([b"a"], "[a", "x"),
    ([b"a"], "a{1001}", "x"),
]


def pieces(strings, sep, **attrs):
    return Sample([text(strings), text(sep)], attrs)


def part(strings, start, count, **attrs):
    return Sample([text(strings), i32(start), i32(count)], attrs)


def joined(axes, **attrs):
    return Sample([text([[[b"a", b"b"], [b"c", b"d"]]]), i32(axes)], attrs)


SAMPLES = {
    "AsString": [
        as_string(i32([1, -2])),
        as_string(i64([[2**60], [-3]]), width=25, fill="0"),
        as_string(np.int8([-3]), width=5, fill="-"),
        as_string(np.int16([7]), fill="+"),
        as_string(np.array([True, False]), width=7, fill=" "),
        as_string(f32([1, 1e-5, 123456789, 0.1, -0.0])),
        as_string(f64([1.5, 2e-7]), scientific=True, precision=2),
        as_string(f64([1.0, 1e-5, 123456789, 0.1]), shortest=True, width=12, fill="0"),
        as_string(f32([np.nan, np.inf, -np.inf]), width=6, fill="0"),
        as_string(f32([2.5]), precision=0, fill=" "),
        as_string(c64([1 + 2j, 3.5 - 1e9j]), width=10, precision=1),
        as_string(f32([])),
        as_string(f32([1]), scientific=True, shortest=True),
        as_string(i32([1]), scientific=True),
        as_string(i64([1]), precision=2),
        as_string(np.array([True]), precision=2),
        as_string(f32([1]), fill="ab"),
        as_string(f32([1]), fill="x"),
    ],
    "StringToNumber": [
        number([b"1.5", b"-2e3", b" 7 ", b"+4", b"1.", b".5", b"0x10", b"1e400"]),
        number([b"inf", b"-Inf", b"nan", b"+inf", b"1e-50"], "float64"),
        number([b"7", b"-8", b"\t3\n", b"007"], "int32"),
        number([b"9223372036854775807", b"-9223372036854775808"], "int64"),
        number([], "int32"),
        *[
            number([bad], kind)
            for bad, kind in (
                (b"", "float32"),
                (b"x", "float64"),
                (b"1e", "float32"),
                (b"infinity", "float32"),
                (b"1_0", "float32"),
                (b"0x1p3", "float64"),
                (b".", "float64"),
                (b"+5", "int32"),
                (b"5.0", "int32"),
                (b"-", "int32"),
                (b"1 2", "int32"),
                (b"2147483648", "int32"),
                (b"9223372036854775808", "int64"),
            )
        ],
    ],
    "StringToHashBucket": hashes(2**62),
    "StringToHashBucketFast": hashes(2**62),
    "StringToHashBucketStrong": [
        *hashes(2**62, key=[1, 2]),
        *hashes(2**62, key=[-(2**63), 2**63 - 1])[:1],
        Sample([text([b"a"])], {"num_buckets": 7, "key": [1]}),
    ],
    "StringLength": [
        Sample([WORDS]),
        Sample([WORDS], {"unit": "UTF8_CHAR"}),
        Sample([text([])]),
        Sample([text([b"a"])], {"unit": "CHAR"}),
    ],
    "StringLower": [
        Sample([text([[b"AbC", b"\xc3\x89"]])]),
        Sample([text([b"AbC\xc3\x89"])], {"encoding": "utf-8"}),
        Sample([text([b"A"])], {"encoding": "latin"}),
    ],
    "StringUpper": [
        Sample([text([[b"AbC", b"\xc3\xa9"]])]),
        Sample([text([b"stra\xc3\x9fe"])], {"encoding": "utf-8"}),
        Sample([text([b"A"])], {"encoding": "latin"}),
    ],
    "StringStrip": [Sample([text([b"  a b\n\t ", b"", b"\x0b\x0c\rx", b"\xc2\xa0 x"])])],
    "Substr": [
        part([b"hello", b"world"], 1, 3),
        part([b"hello", b"w"], [0, -1], [2, 9]),
        part([[b"a", b"bc"], [b"c", b"d"]], [0, 1], [1, 1]),
        part([b"abc"], [0, 1], [1, 2]),
        part([b"abc"], [3], [1]),
        part([b"abc"], [0], [-1]),
        part([b"h\xc3\xa9llo", b"\xff\xffab"], 1, 2, unit="UTF8_CHAR"),
        part([b"h\xc3\xa9llo"], [-3], [2], unit="UTF8_CHAR"),
        part([b"abc", b"d"], 2, 1),
        part([b"abc"], -4, 1),
        part([b"h\xc3\xa9"], 3, 1, unit="UTF8_CHAR"),
        part([b"abc", b"def", b"ghi"], [0, 1], [1, 1]),
        part(b"abc", [0], 1),
        part([b"abc"], [0, 1], [1]),
        Sample([text([]), i64(0), i64(1)]),
    ],
    "StringSplit": [
        pieces([b"a b", b" c  d ", b""], b" "),
        pieces([b"a,b;c", b",,"], b",;"),
        pieces([b",a,,b,"], b",", skip_empty=False),
        pieces([b"abc", b""], b""),
        pieces([b"a-b^c]d"], b"-^]"),
        pieces([], b" "),
        pieces(b"a b", b" "),
        pieces([b"a b"], [b" "]),
    ],
    "StringSplitV2": [
        pieces([b" a b\tc\nd\x0b e", b""], b""),
        pieces([b"a  b  c "], b"", maxsplit=1),
        pieces([b"a::b::c", b"", b"::"], b"::"),
        pieces([b"a,b,c,d"], b",", maxsplit=2),
        pieces([b"a,b"], b",", maxsplit=0),
        pieces([], b","),
        pieces(b"a b", b" "),
        pieces([b"a b"], [b" "]),
    ],
    "ReduceJoin": [
        joined(0),
        joined([1, 2], separator=", "),
        joined([2, 1]),
        joined([-1], keep_dims=True),
        joined([2, 0, 1], keep_dims=True),
        joined([]),
        joined([0, 0]),
        joined([1, -2]),
        joined([3]),
        Sample([np.zeros((0, 2), object), i32(0)]),
        Sample([np.zeros((0, 2), object), i32([1])]),
    ],
    "UnsortedSegmentJoin": [
        Sample([text([b"a", b"b", b"c"]), i32([1, 0, 1]), i32(3)], {"separator": ":"}),
        Sample([text([[b"a", b"b"], [b"c", b"d"]]), i64([1, 1]), i64(2)]),
        Sample([text([[b"a", b"b"], [b"c", b"d"]]), i64([[1, 0], [0, 1]]), i32(2)]),
        Sample([text([b"a"]), i32([2]), i32(2)]),
        Sample([text([b"a"]), i32([-1]), i32(2)]),
        Sample([text([b"a"]), i32([0, 1]), i32(2)]),
    ],
    "StaticRegexReplace": [
        *[replace(*one) for one in REPLACEMENTS],
        replace([b"aXbX"], "X", "-", replace_global=False),
        replace([b"abc"], "b", r"\1", replace_global=False),
    ],
    "RegexReplace": [
        Sample([text([b"ab", b"b"]), text(b"a"), text(b"<\\0>")]),
        Sample([text([b"aba"]), text(b"a"), text(b"x")], {"replace_global": False}),
        Sample([text([b"ab"]), text(b"("), text(b"x")]),
        Sample([text([b"ab"]), text([b"a"]), text(b"x")]),
    ],
    "StaticRegexFullMatch": [
        Sample([text([[b"ab"], [b"abc"]])], {"pattern": "a|ab"}),
        Sample([text([b"a\n", b"a"])], {"pattern": "a$"}),
        Sample([text([b"a\nb", b"a.b"])], {"pattern": "a.b"}),
        Sample([text([b"a"])], {"pattern": "("}),
    ],
    "RegexFullMatch": [
        Sample([text([b"ab", b"abbb", b"b"]), text(b"ab+")]),
        Sample([text([b"ab"]), text(b"(")]),
        Sample([text([b"ab"]), text([b"a"])]),
    ],
}
