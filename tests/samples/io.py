"""Samples of operations that read and write checkpoints and files."""

from .sample import Sample, boolean, f16, f32, i32, i64, text, wave

PREFIX = text(b"{folder}/model")
NAMES = text([b"w", b"scope/b", b"s"])
WHOLE = text([b"", b"", b""])
VALUES = [wave([2, 3], "float32"), i64([1, 2**40]), text([b"a", b"\x00\xff"])]
SAVED = ("SaveV2", [PREFIX, NAMES, WHOLE, VALUES], {})
SHARDS = [text(b"{folder}/part_a"), text(b"{folder}/part_b")]
FILE = text(b"{folder}/file")
SAVED_BEFORE = ("Save", [FILE, NAMES, VALUES], {})
"""In the format that came before SaveV2's."""


def saved(*values):
    return Sample([PREFIX, text([b"v"] * len(values)), text([b""] * len(values)), list(values)])


def remapping(new_vocab_offset, num_new_vocab, old=b"a\nb\nc\nd\n", **attributes):
    setup = [("WriteFile", [text(b"{folder}/new"), text(b"c\nx\na\nd\ny\n")], {})]
    if old is not None:
        setup.append(("WriteFile", [text(b"{folder}/old"), text(old)], {}))
    attributes.update(new_vocab_offset=new_vocab_offset, num_new_vocab=num_new_vocab)
    return Sample([text(b"{folder}/new"), text(b"{folder}/old")], attributes, setup=tuple(setup))


MATRIX = [
    *(PREFIX, text([b"m", b"s", b"v"]), WHOLE),
    [wave([4, 3], "float32"), i64([[1, 2]]), f32([1.0, 2.0])],
]


def remapped(rows, columns, missing, name=b"m", **attributes):
    attributes = {"num_rows": len(rows), "num_cols": len(columns) or 3, **attributes}
    values = f32([100.0 + i for i in range(missing)])
    inputs = [PREFIX, text(name), i64(rows), i64(columns), values]
    return Sample(inputs, attributes, setup=(("SaveV2", MATRIX, {}),))


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
    "Save": [
        Sample([FILE, NAMES, VALUES]),
        Sample([FILE, text([b"v"]), [f16([1.5])]]),
    ],
    "SaveSlices": [
        Sample([FILE, text([b"v"]), text([b"4 2 0,2:0,2"]), [wave([2, 2], "float32")]]),
        Sample([FILE, text([b"v"]), text([b"4 2 0,3:-"]), [wave([2, 2], "float32")]]),
    ],
    "Restore": [
        Sample([FILE, text(b"w")], {"dt": "float32"}, setup=(SAVED_BEFORE,)),
        Sample([FILE, text(b"s")], {"dt": "string"}, setup=(SAVED_BEFORE,)),
        Sample([FILE, text(b"w")], {"dt": "int32"}, setup=(SAVED_BEFORE,)),
        Sample([FILE, text(b"absent")], {"dt": "int32"}, setup=(SAVED_BEFORE,)),
        Sample([FILE, text(b"w")], {"dt": "float32"}),
    ],
    "RestoreSlice": [
        Sample([FILE, text(b"w"), text(b"2 3 0,1:1,2")], {"dt": "float32"}, setup=(SAVED_BEFORE,)),
        Sample([FILE, text(b"w"), text(b"3 3 0,1:-")], {"dt": "float32"}, setup=(SAVED_BEFORE,)),
    ],
    "GenerateVocabRemapping": [
        remapping(0, 5),
        remapping(2, 2),
        remapping(0, 5, old_vocab_size=2),
        remapping(0, 0),
        remapping(0, 5, old=b"a\r\nb\nlast"),
        remapping(0, 5, old=b"a\nb\na\n"),
        remapping(0, 5, old=b"a\r\nb\n\nlast"),
        remapping(0, 5, old=b""),
        remapping(0, 5, old=None),
        remapping(0, 5, old_vocab_size=9),
        remapping(0, 5, old_vocab_size=0),
        remapping(0, 9),
    ],
    "LoadAndRemapMatrix": [
        remapped([2, -1, 0], [], 3),
        remapped([2, -1, 0], [], 3, max_rows_in_memory=1),
        remapped([2, -1, 0], [1, -1], 4),
        remapped([-1, -1, -1], [], 9),
        remapped([1, 2, 3], [], 0),
        remapped([2, -1, 0], [], 0),
        remapped([2, -1, 0], [], 4),
        remapped([7, 0, 1], [], 0),
        remapped([1, 1, 1], [], 0),
        remapped([0, 1, 2], [1, 1], 0),
        remapped([0, 1, 2], [1, 0], 0, num_cols=3),
        remapped([0, 1, 2], [], 0, num_cols=4),
        remapped([0, 1, 2], [], 0, num_rows=4),
        remapped([0, 1, 2], [], 0, name=b"absent"),
        remapped([0, 1, 2], [], 0, name=b"s"),
        remapped([0, 1, 2], [], 0, name=b"v"),
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
