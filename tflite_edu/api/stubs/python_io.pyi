# Written by api/generate.py.
from tflite_edu.formats.tfrecord import TFRecordWriter as TFRecordWriter
from tflite_edu.formats.tfrecord import tf_record_iterator as tf_record_iterator
from tflite_edu.formats.tfrecord_options import TFRecordCompressionType as TFRecordCompressionType
from tflite_edu.formats.tfrecord_options import TFRecordOptions as TFRecordOptions

__all__ = [
    "TFRecordCompressionType",
    "TFRecordOptions",
    "TFRecordWriter",
    "tf_record_iterator",
]
