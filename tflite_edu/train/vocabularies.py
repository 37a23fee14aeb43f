"""Embeddings that begin with those of another vocabulary, row by row or column by column."""

from __future__ import annotations

from typing import Any, NamedTuple

from tflite_edu.core import raw
from tflite_edu.core.dtypes import int64
from tflite_edu.core.export import export
from tflite_edu.ops import ranges
from tflite_edu.variables.initializers import Zeros
from tflite_edu.variables.resource_variable import ResourceVariable


class _VocabInfo(NamedTuple):
    new_vocab: str
    new_vocab_size: int
    num_oov_buckets: int
    old_vocab: str
    old_vocab_size: int
    backup_initializer: Any
    axis: int


@export("train.VocabInfo")
class VocabInfo(_VocabInfo):
    """How `tf.train.warm_start` moves a matrix to another vocabulary.

    `new_vocab` and `old_vocab` are text files of one entry a line, of which the first
    `new_vocab_size` and `old_vocab_size` (-1: all) count. After the new entries come
    `num_oov_buckets` more. What the old vocabulary lacks begins as `backup_initializer` says, as
    zeros without one. Entries are rows for `axis` 0, columns for 1; raises ValueError on others.
    """

    __slots__ = ()

    def __new__(
        cls,
        new_vocab: str,
        new_vocab_size: int,
        num_oov_buckets: int,
        old_vocab: str,
        old_vocab_size: int = -1,
        backup_initializer: Any = None,
        axis: int = 0,
    ) -> VocabInfo:
        """See the class."""
        if axis not in (0, 1):
            raise ValueError(
                "The only supported values for the axis argument are 0 and 1.  "
                f"Provided axis: {axis}"
            )
        return super().__new__(
            cls,
            *(new_vocab, new_vocab_size, num_oov_buckets, old_vocab, old_vocab_size),
            *(backup_initializer, axis),
        )


def remap_vocabulary(variable: Any, prefix: str, old_name: str, vocabulary: VocabInfo) -> None:
    """Makes a matrix, or a part of one cut by rows, begin with a saved one of other entries."""
    rows, columns = variable.shape.as_list()
    info = variable._save_slice_info
    offset = 0 if info is None else info.var_offset[0]
    size = vocabulary.new_vocab_size
    if vocabulary.axis == 0:
        kept = max(0, min(rows, size - offset))
        remapping, present = _remapping(vocabulary, offset, kept, vocabulary.old_vocab_size)
        missing = kept * columns - present * columns
        extra = [rows - kept, columns]
        row_remapping, column_remapping = remapping, []
    else:
        kept = size
        row_remapping = ranges.range(offset, offset + rows, dtype=int64)
        # For columns TensorFlow takes the whole old vocabulary, whatever size is given.
        column_remapping, present = _remapping(vocabulary, 0, size, -1)
        missing = rows * size - rows * present
        extra = [rows, columns - size]
    fill = vocabulary.backup_initializer or Zeros()
    shape = (kept, columns) if vocabulary.axis == 0 else (rows, kept)
    value = raw.LoadAndRemapMatrix(
        *(prefix, old_name, row_remapping, column_remapping, fill([missing, 1])),
        num_rows=shape[0],
        num_cols=shape[1],
    )
    if extra[vocabulary.axis] > 0:
        value = raw.ConcatV2([value, fill(extra)], vocabulary.axis, name="concat")
    if isinstance(variable, ResourceVariable):
        variable._initializer_op = variable.assign(value).op
    else:
        variable._initializer_op = raw.Assign(variable._ref(), value)


def _remapping(vocabulary: VocabInfo, offset: int, count: int, old_size: int) -> Any:
    return raw.GenerateVocabRemapping(
        vocabulary.new_vocab,
        vocabulary.old_vocab,
        new_vocab_offset=offset,
        num_new_vocab=count,
        old_vocab_size=old_size,
    )
