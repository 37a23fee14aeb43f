"""Samples of operations that read and write checkpoints and files."""

from .sample import Sample, boolean, f16, f32, i32, i64, text, wave

PREFIX = text(b"{folder}/model")
NAMES = text([b"w", b"scope/b", b"s"])
WHOLE = text([b"", b"", b""])
VALUES = [wave([2, 3], "float32"), i64([1, 2**40]), text([b"a", b"\x00\xff"])]
SAVED = ("SaveV2", [PREFIX, NAMES, WHOLE, VALUES], {})
SHARDS = [text(b"{folder}/part_a"), text(b"{folder}/part_b")]
FILE = text(b"{folder}/file")


def saved(*values):
    return Sample([PREFIX, text([b"v"] * len(values)), text([b""] * len(values)), list(values)])


SAMPLES = {
    "SaveV2": [
        Sample([PREFIX, NAMES, WHOLE, VALUES]),
        saved(f16([1.5])),
        saved(boolean([True, False])),
        Sample([PREFIX, text([b"v"]), text([b"4 2 0,2:0,2"]), [wave([2, 2], "float32")]]),
        Sample([text(b"{folder}/absent/model"), text([b"v"]), text([b""]), [f32([1.0])]]),
    ],
    "RestoreV2": [
        Sample([PREFIX, NAMES, WHOLE], {"dtypes": ["float32", "int64", "string"]}, setup=(SAVED,)),
        Sample(
            [PREFIX, text([b"w"]), text([b"2 3 0,1:1,2"])], {"dtypes": ["float32"]}, setup=(SAVED,)
        ),
        Sample([PREFIX, text([b"absent"]), text([b""])], {"dtypes": ["float32"]}, setup=(SAVED,)),
        Sample([PREFIX, text([b"w"]), text([b""])], {"dtypes": ["int32"]}, setup=(SAVED,)),
        Sample([PREFIX, text([b"w"]), text([b""])], {"dtypes": ["float32"]}),
    ],
    "MergeV2Checkpoints": [
        Sample(
            [text([b"{folder}/part_a", b"{folder}/part_b"]), PREFIX],
            setup=(
                ("SaveV2", [SHARDS[0], text([b"a"]), text([b""]), [f32([1.0])]], {}),
                ("SaveV2", [SHARDS[1], text([b"b"]), text([b""]), [i32([2])]], {}),
            ),
        )
    ],
    "ShardedFilename": [Sample([text(b"model"), i32(3), i32(12)])],
    "ShardedFilespec": [Sample([text(b"model"), i32(12)])],
}
