"""Checkpoints of either format: V2 bundles, and the V1 format that TensorFlow had before."""

from __future__ import annotations

from tflite_edu.formats import bundle_index
from tflite_edu.formats.checkpoint_bundle import BundleReader
from tflite_edu.formats.slice_table import TensorSliceReader

CheckpointFormat = BundleReader | TensorSliceReader


def open_checkpoint(prefix: str) -> CheckpointFormat:
    """A reader of the bundle of that prefix or, where there is none, of the V1 files of that name.

    Raises:
      tf.errors.NotFoundError: there is no such checkpoint.
      tf.errors.InvalidArgumentError: the directory does not exist.
      tf.errors.DataLossError: it is damaged, or of another format.
    """
    if bundle_index.exists(prefix):
        return BundleReader(prefix)
    return TensorSliceReader(prefix)
