"""Samples of the nodes of lookup tables."""

from .sample import Sample, f32, i64, text

KEYS, VALUES = text([b"a", b"b", b"c"]), i64([5, 6, 7])
STATIC = ("HashTableV2", {"key_dtype": "string", "value_dtype": "int64", "shared_name": "t"})
MUTABLE = ("MutableHashTableV2", {"key_dtype": "string", "value_dtype": "int64"})
VECTORS = (
    "MutableHashTableOfTensorsV2",
    {"key_dtype": "int64", "value_dtype": "float32", "value_shape": [2]},
)


def steps(table, *nodes, inputs=()):
    """A sample of the last of some (op type, number of inputs, attributes) on one table.

    Each runs after the one before.
    """

    def wrapper(tf, make, *given):
        (handle,) = make(table[0], [], table[1])
        left, done = list(given), []
        for op_type, count, attrs in nodes:
            taken, left = left[:count], left[count:]
            with tf.control_dependencies(done):
                made = make(op_type, [handle, *taken], attrs)
            done = [made[0].op if isinstance(made, list) else made]
        return made

    return Sample(list(inputs), wrapper=wrapper)


FILL = ("LookupTableImportV2", 2, {})
INITIALIZE = ("InitializeTableV2", 2, {})
INSERT = ("LookupTableInsertV2", 2, {})
FIND = ("LookupTableFindV2", 2, {})
SIZE = ("LookupTableSizeV2", 0, {})
REMOVE = ("LookupTableRemoveV2", 1, {})
EXPORT = ("LookupTableExportV2", 0, {"Tkeys": "string", "Tvalues": "int64"})
EXPORT_VECTORS = ("LookupTableExportV2", 0, {"Tkeys": "int64", "Tvalues": "float32"})
ASKED = text([[b"b", b"x"]])
ONE = (text([b"b"]), i64([9]))
ROWS = (i64([3, 4]), f32([[1, 2], [3, 4]]))


def made(table):
    return Sample(attrs=table[1])


SAMPLES = {
    "HashTableV2": [made(STATIC)],
    "MutableHashTableV2": [made(MUTABLE)],
    "MutableHashTableOfTensorsV2": [made(VECTORS)],
    "InitializeTableV2": [
        steps(STATIC, INITIALIZE, inputs=[KEYS, VALUES]),
        steps(STATIC, INITIALIZE, INITIALIZE, inputs=[KEYS, VALUES, KEYS, VALUES]),
        steps(STATIC, INITIALIZE, inputs=[text([b"a", b"a"]), i64([1, 2])]),
        steps(STATIC, INITIALIZE, inputs=[KEYS, i64([1])]),
    ],
    "LookupTableImportV2": [
        steps(STATIC, FILL, inputs=[KEYS, VALUES]),
        steps(STATIC, FILL, FILL, inputs=[KEYS, VALUES, *ONE]),
        steps(STATIC, FILL, inputs=[text([b"a", b"a"]), i64([1, 2])]),
        steps(MUTABLE, FILL, inputs=[KEYS, VALUES]),
        steps(STATIC, FILL, inputs=[KEYS, i64([1])]),
    ],
    "LookupTableInsertV2": [
        steps(MUTABLE, INSERT, inputs=[KEYS, VALUES]),
        steps(VECTORS, INSERT, inputs=ROWS),
        steps(VECTORS, INSERT, inputs=[i64([3]), f32([[1, 2, 3]])]),
        steps(MUTABLE, INSERT, inputs=[KEYS, i64([1])]),
    ],
    "LookupTableFindV2": [
        steps(STATIC, FILL, FIND, inputs=[KEYS, VALUES, ASKED, i64(-1)]),
        steps(STATIC, FIND, inputs=[ASKED, i64(-1)]),
        steps(STATIC, FILL, FIND, inputs=[KEYS, VALUES, text([]), i64(-1)]),
        steps(MUTABLE, FIND, inputs=[ASKED, i64(-1)]),
        steps(MUTABLE, INSERT, INSERT, FIND, inputs=[KEYS, VALUES, *ONE, ASKED, i64(0)]),
        steps(MUTABLE, INSERT, FILL, FIND, inputs=[KEYS, VALUES, *ONE, KEYS, i64(0)]),
        steps(VECTORS, INSERT, FIND, inputs=[*ROWS, i64([[4], [9]]), f32([-1, -2])]),
        steps(MUTABLE, INSERT, REMOVE, FIND, inputs=[KEYS, VALUES, ASKED, KEYS, i64(0)]),
    ],
    "LookupTableSizeV2": [
        steps(STATIC, SIZE),
        steps(STATIC, FILL, SIZE, inputs=[KEYS, VALUES]),
        steps(MUTABLE, INSERT, INSERT, SIZE, inputs=[KEYS, VALUES, *ONE]),
    ],
    "LookupTableRemoveV2": [
        steps(MUTABLE, INSERT, REMOVE, inputs=[KEYS, VALUES, text([b"a", b"none"])]),
    ],
    "LookupTableExportV2": [
        steps(MUTABLE, INSERT, EXPORT, inputs=ONE),
        steps(MUTABLE, EXPORT),
        steps(VECTORS, INSERT, EXPORT_VECTORS, inputs=[i64([3]), f32([[1, 2]])]),
    ],
    "InitializeTableFromTextFileV2": [
        Sample(
            [text(b"{folder}/none.txt")],
            wrapper=lambda tf, make, path: make(
                "InitializeTableFromTextFileV2",
                [make(STATIC[0], [], STATIC[1])[0], path],
                {"key_index": -2, "value_index": -1},
            ),
        ),
    ],
}
