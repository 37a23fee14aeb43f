"""Samples of operations that parse examples and decode strings."""

import struct
import zlib

import numpy as np

from .sample import Sample, boolean, f16, f32, i32, i64, text


def field(number, body):
    """A field of a message in protobuf's wire format, which has a length (under 128)."""
    return bytes([number * 8 + 2, len(body)]) + body


def strings(*values):
    return field(1, b"".join(field(1, value) for value in values))


def floats(*values):
    return field(2, field(1, struct.pack(f"<{len(values)}f", *values)))


def integers(*values):
    return field(3, field(1, bytes(values)))


def features(named):
    return b"".join(
        field(1, field(1, name.encode()) + field(2, feature)) for name, feature in named.items()
    )


def example(**named):
    return field(1, features(named))


def sequence(context, lists):
    steps = b"".join(
        field(1, field(1, name.encode()) + field(2, b"".join(field(1, step) for step in steps)))
        for name, steps in lists.items()
    )
    return field(1, features(context)) + field(2, steps)


FULL = example(a=integers(1, 2), s=strings(b"x", b"yz"), f=floats(0.5))
MORE = example(a=integers(3, 4), f=floats(1.5, 2.5), s=strings(), g=floats(2.5))
WANTED = {
    "sparse_types": ["string", "float32"],
    "dense_shapes": [[2], [None]],
}
DEFAULTS = [i64([8, 9]), f32(-1)]
SINGLE = {
    "num_sparse": 1,
    "sparse_keys": ["s"],
    "sparse_types": ["string"],
    "dense_keys": ["a", "f"],
    "dense_shapes": [[2], [None]],
}
STEPS = sequence({"n": integers(2)}, {"x": [floats(1, 2), floats(3, 4)], "w": [strings(b"a"), b""]})
FEWER = sequence({"n": integers(1)}, {"x": [floats(5, 6)]})
SEQUENCE = {
    "context_sparse_types": [],
    "context_dense_shapes": [[]],
    "feature_list_sparse_types": ["string"],
    "feature_list_dense_types": ["float32"],
    "feature_list_dense_shapes": [[2]],
}
KEYS = {
    "feature_list_dense_missing_assumed_empty": [],
    "context_sparse_keys": [],
    "context_dense_keys": ["n"],
    "feature_list_sparse_keys": ["w"],
    "feature_list_dense_keys": ["x"],
    "Ncontext_sparse": 0,
    "Ncontext_dense": 1,
    "Nfeature_list_sparse": 1,
    "Nfeature_list_dense": 1,
}


def batch(serialized, names=(), sparse=("s", "g"), dense=("a", "f"), defaults=DEFAULTS, **changed):
    inputs = [text(serialized), text(list(names)), [text(k.encode()) for k in sparse]]
    inputs += [[text(k.encode()) for k in dense], defaults]
    return Sample(inputs, {**WANTED, **changed})


def single(serialized, defaults=DEFAULTS, **changed):
    return Sample([text(serialized), defaults], {**SINGLE, **changed})


def steps(serialized, missing=(), default=(), name=b"n0"):
    inputs = [text(serialized), text(list(missing)), [], [text(b"n")], [text(b"w")], [text(b"x")]]
    return Sample(
        [*inputs, [i64(list(default)).reshape(len(default) and ())], text(name)], SEQUENCE
    )


def many_steps(serialized, names=(), missing=(), default=()):
    inputs = [
        text(serialized),
        text(list(names)),
        [i64(list(default)).reshape(len(default) and ())],
    ]
    changed = {"feature_list_dense_missing_assumed_empty": list(missing)}
    return Sample(inputs, {**SEQUENCE, **KEYS, **changed})


def csv(records, defaults, **attrs):
    return Sample([text(records), defaults], attrs)


COLUMNS = [i32([7]), f32([0.5]), text([b"none"])]
DATA = bytes(range(16))
SAMPLES = {
    "ParseExample": [
        batch([FULL, MORE]),
        batch([FULL, b""], names=[b"one", b"two"]),
        batch([]),
        batch([FULL, b""], defaults=[i64([]), f32(0)], names=[b"one", b"two"]),
        batch([FULL, example(a=floats(1))]),
        batch([FULL, example(a=integers(1))]),
        batch([FULL, example(s=integers(1))]),
        batch([FULL], names=[b"one", b"two"]),
        batch([b"garbage"]),
        batch([FULL], dense_shapes=[[2], [None, 2]]),
        batch([FULL], dense_shapes=[[2], [2, None]]),
        batch([FULL], defaults=[i64([8, 9, 10]), f32(0)]),
        batch(FULL),
    ],
    "ParseSingleExample": [
        single(FULL),
        single(b""),
        single(b"", defaults=[i64([]), f32(0)]),
        single(example(a=floats(1))),
        single(example(a=integers(1))),
        single(example(s=integers(1))),
        single(b"garbage"),
        single(FULL, dense_shapes=[[2], [None, 2]]),
        single(FULL, dense_shapes=[[2], [2, None]]),
        single([FULL]),
    ],
    "ParseSingleSequenceExample": [
        steps(STEPS),
        steps(FEWER),
        steps(b"", missing=[b"x"], default=[5]),
        steps(b"", missing=[b"x"]),
        steps(b"", default=[5]),
        steps(sequence({"n": integers(1, 2)}, {})),
        steps(sequence({"n": floats(1)}, {})),
        steps(sequence({"n": integers(1)}, {"x": [floats(1)]})),
        steps(sequence({"n": integers(1)}, {"x": [integers(1, 2)]})),
        steps(sequence({"n": integers(1)}, {"w": [integers(1, 2)]})),
        steps(b"garbage"),
        steps([STEPS]),
    ],
    "ParseSequenceExample": [
        many_steps([STEPS, FEWER]),
        many_steps([FEWER, STEPS], names=[b"one", b"two"]),
        many_steps([b"", STEPS], missing=["x"], default=[5]),
        many_steps([STEPS, b""], missing=["x"]),
        many_steps([b""], names=[b"one"], default=[5]),
        many_steps([STEPS, sequence({"n": integers(1, 2)}, {"x": []})]),
        many_steps([STEPS, sequence({"n": floats(1)}, {"x": []})]),
        many_steps([STEPS, sequence({"n": integers(1)}, {"x": [floats(1)]})]),
        many_steps([STEPS, sequence({"n": integers(1)}, {"w": [integers(1)], "x": []})]),
        many_steps([b"garbage"]),
        many_steps(STEPS),
    ],
    "DecodeRaw": [
        *[
            Sample([text([DATA, DATA])], {"out_type": t})
            for t in ("uint8", "int16", "float32", "int64", "complex64", "float16")
        ],
        *[
            Sample([text(DATA)], {"out_type": t, "little_endian": False})
            for t in ("uint8", "int16", "float32", "complex64")
        ],
        Sample([text([])], {"out_type": "int32"}),
        Sample([text([b"", b""])], {"out_type": "int32"}),
        Sample([text(b"abc")], {"out_type": "int16"}),
        Sample([text([b"ab", b"abcd"])], {"out_type": "int16"}),
    ],
    "DecodeCSV": [
        csv([b"1,2.5,x", b' 2 ,1e3,"a,""b"""'], COLUMNS),
        csv([[b",,"]], COLUMNS),
        csv([], COLUMNS),
        csv(b"NA;-2", [i64([3]), np.array([], np.float64)], na_value="NA", field_delim=";"),
        csv(b"1;2", [i64([3]), np.array([], np.float64)], field_delim=";;"),
        csv(b"a,b,c,d", [text([b""]), text(b"d")], select_cols=[1, 3]),
        csv(b'"a",b', [text([b""]), text(b"d")], use_quote_delim=False),
        csv([b"1,2,x", b"1,2"], COLUMNS),
        csv([b"1,2,x", b"1.5,2,x"], COLUMNS),
        csv([b"1,2,x", b",,"], [i32([]), f32([1]), text([b""])]),
        csv(b"1,2,x", [i32([1, 2]), f32([1]), text([b""])]),
        csv(b'1,2,x"y', COLUMNS),
        csv(b'1,2,"x"y', COLUMNS),
        csv(b'1,2,"xy', COLUMNS),
        csv(b"99999999999,0x10,x", [i64([3]), f32([0]), text([b""])]),
        csv(b"99999999999,1,x", COLUMNS),
    ],
    "DecodeCompressed": [
        Sample([text([zlib.compress(b"abc" * 9), b""])], {"compression_type": "ZLIB"}),
        Sample([text(b"abc")]),
        Sample([text(zlib.compress(b"abc" * 9)[:8])], {"compression_type": "ZLIB"}),
        Sample([text(b"abc")], {"compression_type": "GZIP"}),
        Sample([text(b"abc")], {"compression_type": "LZ4"}),
    ],
    "DecodeJSONExample": [
        Sample([text([[b"{}"]])]),
        Sample([text(b'{"features":{"feature":{"a":{"bytesList":{"value":["YQ=="]}}}}}')]),
    ],
    "EncodeBase64": [
        Sample([text([[b"", b"a"], [b"ab", b"\xfb\xff\xfe"]])]),
        Sample([text(b"a")], {"pad": True}),
    ],
    "DecodeBase64": [
        Sample([text([[b"", b"YQ"], [b"YWI=", b"-__-"]])]),
        Sample([text(b"YQ==")]),
        Sample([text(b"Y")]),
        Sample([text(b"//77")]),
    ],
    "SerializeTensor": [
        Sample([i32([1, 2])]),
        Sample([f32(1.5)]),
        Sample([f16([[1.0, 2.0]])]),
        Sample([boolean([])]),
        Sample([text([b"a", b"bc"])]),
    ],
    "ParseTensor": [
        Sample([text(b'\x08\x03\x12\x04\x12\x02\x08\x02"\x08' + DATA[:8])], {"out_type": "int32"}),
        Sample([text(b"\x08\x07\x12\x04\x12\x02\x08\x01B\x01x")], {"out_type": "string"}),
        Sample([text(b"\x08\x01\x12\x00")], {"out_type": "int32"}),
        Sample([text(b"garbage")], {"out_type": "int32"}),
        Sample([text([b"", b""])], {"out_type": "int32"}),
    ],
    "WriteFile": [
        Sample([text(b"{folder}/new/file"), text(b"words")]),
        Sample([text([b"name"]), text(b"words")]),
    ],
    "ReadFile": [
        Sample(
            [text(b"{folder}/file")],
            setup=(("WriteFile", [text(b"{folder}/file"), text(b"words\xff")], {}),),
        ),
        Sample([text(b"{folder}/absent")]),
        Sample([text([b"name"])]),
    ],
    "MatchingFiles": [
        Sample([text(b"{folder}/*.txt")]),
        Sample([text([b"/no/such/folder/*"])]),
        Sample([text([[b"name"]])]),
    ],
}
