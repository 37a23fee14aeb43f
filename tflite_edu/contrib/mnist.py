"""The digits of MNIST as the tutorials read them: `read_data_sets`, and batches of a `DataSet`.

The files are those of http://yann.lecun.com/exdb/mnist/, which also says what is in them: "idx"
files, compressed with gzip. Nothing is downloaded here.
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from tflite_edu.core import errors
from tflite_edu.core.dtypes import DType, as_dtype, float32, uint8
from tflite_edu.core.seeds import get_seed
from tflite_edu.platform.text import path_text

_IMAGE_MAGIC = 2051
_LABEL_MAGIC = 2049
_FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
_PIECE_BYTES = 1 << 20
_FAKE_EXAMPLES = 10_000
_FAKE_PIXELS = 784
SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"


class Datasets(NamedTuple):
    """The parts of a data set: what to train on, to tune on, and to test on."""

    train: Any
    validation: Any
    test: Any


class DataSet:
    """Images and their labels, handed out in batches.

    Args:
      images: uint8 `[examples, rows, columns, 1]`.
      labels: `[examples]`, or `[examples, classes]`.
      fake_data: hands out batches of ones and zeros instead, to try a program.
      one_hot: whether the label of a fake example is a list of ten.
      dtype: `tf.float32` scales the images to 0 ... 1, `tf.uint8` leaves them.
      reshape: makes the images `[examples, rows * columns]`.
      seed: numpy's global generator, which shuffles, is seeded with it; else with the graph's seed
        where there is one, else anew.

    Raises:
      TypeError: `dtype` is neither.
      AssertionError: there are not as many labels as images, or images to reshape have more than
        one channel.
    """

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: DType = float32,
        reshape: bool = True,
        seed: int | None = None,
    ) -> None:
        graph_seed, op_seed = get_seed(seed)
        np.random.seed(graph_seed if seed is None else op_seed)
        dtype = as_dtype(dtype).base_dtype
        if dtype not in (uint8, float32):
            raise TypeError(f"Invalid image dtype {dtype!r}, expected uint8 or float32")
        if fake_data:
            self._num_examples = _FAKE_EXAMPLES
        else:
            if images.shape[0] != labels.shape[0]:
                raise AssertionError(f"images.shape: {images.shape} labels.shape: {labels.shape}")
            self._num_examples = images.shape[0]
            if reshape:
                if images.shape[3] != 1:
                    raise AssertionError(f"images.shape: {images.shape}, not one channel")
                images = images.reshape(images.shape[0], images.shape[1] * images.shape[2])
            if dtype == float32:
                images = np.multiply(images.astype(np.float32), np.float32(1.0 / 255.0))
        self._one_hot = one_hot
        self._images = images
        self._labels = labels
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self) -> Any:
        """All images, in the order of this epoch."""
        return self._images

    @property
    def labels(self) -> Any:
        """All labels, in the order of this epoch."""
        return self._labels

    @property
    def num_examples(self) -> int:
        """How many images there are."""
        return self._num_examples

    @property
    def epochs_completed(self) -> int:
        """How often all images were handed out."""
        return self._epochs_completed

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> Any:
        """The next images and labels, `(images, labels)` of `batch_size` each.

        A batch that reaches past the last image goes on with the first ones of the next epoch,
        which `shuffle` orders anew, as it does the first epoch.
        """
        if fake_data:
            label: Any = [1] + [0] * 9 if self._one_hot else 0
            return [[1] * _FAKE_PIXELS for _ in range(batch_size)], [label] * batch_size
        start = self._index_in_epoch
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self._num_examples:
            self._index_in_epoch = start + batch_size
            return self._images[start : start + batch_size], self._labels[
                start : start + batch_size
            ]
        self._epochs_completed += 1
        rest_images, rest_labels = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        self._index_in_epoch = end = batch_size - (self._num_examples - start)
        return (
            np.concatenate((rest_images, self._images[:end]), axis=0),
            np.concatenate((rest_labels, self._labels[:end]), axis=0),
        )

    def _shuffle(self) -> None:
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images = self._images[order]
        self._labels = self._labels[order]


def dense_to_one_hot(labels_dense: Any, num_classes: int) -> Any:
    """Class numbers `[examples]` as float64 rows `[examples, num_classes]` with a one each."""
    rows = np.zeros((labels_dense.shape[0], num_classes))
    rows[np.arange(labels_dense.shape[0]), labels_dense.ravel()] = 1
    return rows


def _content(f: BinaryIO, magic: int, sizes: int, kind: str) -> Any:
    """The array in an idx file, with as many sizes; raises on one that is none or cut short."""
    print("Extracting", f.name)
    try:
        with gzip.GzipFile(fileobj=f) as stream:
            head = stream.read(4 * sizes + 4).ljust(4 * sizes + 4, b"\0")
            found, *shape = struct.unpack(f">{sizes + 1}I", head)
            if found != magic:
                raise ValueError(f"Invalid magic number {found} in MNIST {kind} file: {f.name}")
            count = math.prod(shape)
            # In pieces, as the sizes may claim more than there is; and to one byte after the last
            # value, as reaching the end checks the sum of all bytes.
            values = bytearray()
            while len(values) <= count and (piece := stream.read(_PIECE_BYTES)):
                values += piece
    except (OSError, EOFError, zlib.error) as error:
        raise errors.DataLossError(None, None, f"{error}\n  in {f.name}") from error
    if len(values) < count:
        raise errors.DataLossError(
            None, None, f"{len(values)} values where {count} should be\n  in {f.name}"
        )
    return np.frombuffer(values, np.uint8, count).reshape(shape)


def extract_images(f: Any) -> Any:
    """The images of an open, compressed idx file: uint8 `[images, rows, columns, 1]`.

    Raises:
      ValueError: it is no file of images.
      DataLossError: it is damaged.
    """
    return _content(f, _IMAGE_MAGIC, 3, "image")[..., np.newaxis]


def extract_labels(f: Any, one_hot: bool = False, num_classes: int = 10) -> Any:
    """The labels of an open, compressed idx file: uint8 `[labels]`, or rows as `dense_to_one_hot`.

    Raises:
      ValueError: it is no file of labels.
      DataLossError: it is damaged.
    """
    labels = _content(f, _LABEL_MAGIC, 1, "label")
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def _check_files(folder: str) -> None:
    missing = [name for name in _FILES if not os.path.exists(os.path.join(folder, name))]
    if missing:
        raise errors.NotFoundError(
            None,
            None,
            f"{folder}; the files of MNIST are not there: {', '.join(missing)}. Nothing is "
            f"downloaded; put {', '.join(_FILES)} into this folder, as from {SOURCE_URL}",
        )


def read_data_sets(
    train_dir: Any,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: DType = float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str = SOURCE_URL,
) -> Datasets:
    """Training, validation (the first `validation_size` of the training images) and test data.

    Args: as of `DataSet`; `source_url` is only named in the message about missing files.

    Raises:
      NotFoundError: one of the four files is not in `train_dir`; the message names them.
      ValueError: there are fewer than `validation_size` training images; a file is another's.
      DataLossError: a file is damaged.
    """
    options: dict[str, Any] = {"dtype": dtype, "reshape": reshape, "seed": seed}
    if fake_data:
        sets = [DataSet([], [], fake_data=True, one_hot=one_hot, **options) for _ in range(3)]
        return Datasets(*sets)
    folder = path_text(train_dir)
    _check_files(folder)
    arrays = []
    for name in _FILES:
        with open(os.path.join(folder, name), "rb") as file:
            is_image = "images" in name
            arrays.append(extract_images(file) if is_image else extract_labels(file, one_hot))
    images, labels, test_images, test_labels = arrays
    if not 0 <= validation_size <= len(images):
        raise ValueError(
            f"Validation size should be between 0 and {len(images)}. Received: {validation_size}."
        )
    parts = (
        (images[validation_size:], labels[validation_size:]),
        (images[:validation_size], labels[:validation_size]),
        (test_images, test_labels),
    )
    return Datasets(*(DataSet(*part, **options) for part in parts))


def load_mnist(train_dir: Any = "MNIST-data") -> Datasets:
    """`read_data_sets` of a folder."""
    return read_data_sets(train_dir)
