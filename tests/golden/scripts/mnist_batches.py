"""What `input_data` hands out, with all its options."""
from __future__ import print_function

import sys

import numpy as np
import tensorflow as tf
from tensorflow.contrib.learn.python.learn.datasets import mnist
from tensorflow.examples.tutorials.mnist import input_data

folder = sys.argv[1]


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, str(error).splitlines()[0] if str(error) else "")


def show(batch):
    images, labels = (np.asarray(part) for part in batch)
    weights = np.arange(images.size).reshape(images.shape)
    print(images.dtype, images.shape, "%.3f" % (images.astype(np.float64) * weights).sum(),
          labels.dtype, (labels.argmax(1) if labels.ndim == 2 else labels).tolist())


for options in ({}, {"one_hot": True}, {"reshape": False, "dtype": tf.uint8}, {"seed": 3}):
    print(sorted(options))
    sets = input_data.read_data_sets(folder, validation_size=285, **options)
    print(sets._fields, [part.num_examples for part in sets])
    show((sets.validation.images, sets.validation.labels))
    show((sets.test.images, sets.test.labels))
    train = sets.train
    if "seed" not in options:
        np.random.seed(11)
    for size, shuffle in ((6, True), (6, True), (6, True), (5, False), (15, True), (15, False)):
        show(train.next_batch(size, shuffle=shuffle))
        print(train.epochs_completed)
    show(train.next_batch(40))
    print("%.6f" % np.random.rand())

tf.set_random_seed(7)
images = np.arange(48, dtype=np.uint8).reshape(4, 4, 3, 1)
mnist.DataSet(images, np.arange(4))
print("%.6f" % np.random.rand())
mnist.DataSet(images, np.arange(4), seed=9)
print("%.6f" % np.random.rand())

fake = input_data.read_data_sets("nowhere", fake_data=True, one_hot=True)
print([part.num_examples for part in fake])
show(fake.train.next_batch(3, fake_data=True))
show(input_data.read_data_sets("nowhere", fake_data=True).test.next_batch(2, fake_data=True))

print(attempt(input_data.read_data_sets, folder))
print(attempt(input_data.read_data_sets, folder, validation_size=-1))
print(attempt(input_data.read_data_sets, folder, validation_size=0, dtype=tf.int32))
print(attempt(mnist.DataSet, images, np.arange(3)))
with open(folder + "/t10k-labels-idx1-ubyte.gz", "rb") as file:
    print(attempt(mnist.extract_images, file))
with open(folder + "/t10k-images-idx3-ubyte.gz", "rb") as file:
    print(attempt(mnist.extract_labels, file))
with open(folder + "/t10k-labels-idx1-ubyte.gz", "rb") as file:
    print(mnist.extract_labels(file, one_hot=True)[:2].tolist())
print(mnist.dense_to_one_hot(np.array([1, 0, 3]), 4).tolist())
