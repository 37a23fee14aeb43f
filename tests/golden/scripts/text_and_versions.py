"""`tf.compat`, `tf.version` and what else a script asks of its platform."""
from __future__ import print_function

import os
import pathlib
import sys

import numpy as np
import tensorflow as tf
from tensorflow.python.util import compat


def show(label, function, *args):
    try:
        print(label, repr(function(*args)))
    except Exception as error:
        print(label, "raises", type(error).__name__, error)


print(tf.__version__, tf.VERSION, tf.version.VERSION, tf.__version__.split(".")[0] == "1")
print(tf.version.GRAPH_DEF_VERSION, tf.version.GRAPH_DEF_VERSION_MIN_CONSUMER,
      tf.version.GRAPH_DEF_VERSION_MIN_PRODUCER)
values = ["a", u"\xfc", b"b", b"\xff", 3, None, pathlib.Path("p"), bytearray(b"x"), 1.5]
for name in ("as_bytes", "as_text", "as_str", "as_str_any", "path_to_str"):
    for value in values:
        show("%s(%r)" % (name, value), getattr(tf.compat, name), value)
show("latin", tf.compat.as_bytes, u"\xfc", "latin-1")
show("latin", tf.compat.as_text, b"\xfc", "latin-1")
print(compat.as_bytes is tf.compat.as_bytes, tf.compat.as_str is tf.compat.as_text)
for name in ("integral_types", "real_types", "complex_types", "bytes_or_text_types"):
    types = getattr(tf.compat, name)
    print(name, [isinstance(value, types)
                 for value in (1, 1.5, 1j, "a", b"a", np.int8(1), np.float32(1), np.complex64(1))])
for date in ((2019, 1, 1), (2019, 8, 20), (2019, 8, 21), (2019, 8, 22), (2030, 1, 1)):
    print(date, tf.compat.forward_compatible(*date))
with tf.compat.forward_compatibility_horizon(2030, 1, 1):
    print(tf.compat.forward_compatible(2029, 1, 1))
print(tf.compat.forward_compatible(2029, 1, 1))
show("a date", tf.compat.forward_compatible, 2019, 13, 1)
print(tf.executing_eagerly())
for name in ("disable_eager_execution", "disable_v2_behavior", "disable_control_flow_v2",
             "disable_tensor_equality", "disable_v2_tensorshape"):
    print(name, getattr(tf, name)())
print(tf.config.experimental.list_physical_devices("CPU"), tf.config.experimental.list_physical_devices("GPU"))
print(tf.test.is_gpu_available(), tf.test.is_built_with_cuda(), repr(tf.test.gpu_device_name()))
folder = os.path.dirname(__file__)
print(tf.resource_loader.get_data_files_path() == folder)
print(tf.resource_loader.get_path_to_datafile("x/y") == os.path.join(folder, "x/y"))
print(tf.resource_loader.readahead_file_path("abc"))
show("eager", tf.no_such_name if hasattr(tf, "no_such_name") else lambda: "absent")
print(__name__, os.path.basename(sys.argv[0]), sys.path[0] == os.path.dirname(os.path.abspath(__file__)))
