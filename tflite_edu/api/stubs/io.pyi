# Written by api/generate.py.
from tflite_edu.api.stubs import io_gfile as gfile
from tflite_edu.formats.tfrecord import TFRecordWriter as TFRecordWriter
from tflite_edu.formats.tfrecord import tf_record_iterator as tf_record_iterator
from tflite_edu.formats.tfrecord_options import TFRecordCompressionType as TFRecordCompressionType
from tflite_edu.formats.tfrecord_options import TFRecordOptions as TFRecordOptions
from tflite_edu.image.files import decode_image as decode_image
from tflite_edu.image.files import is_jpeg as is_jpeg
from tflite_edu.io.meta_graph import write_graph as write_graph
from tflite_edu.ops.decode_csv import decode_csv as decode_csv
from tflite_edu.ops.decoding import decode_base64 as decode_base64
from tflite_edu.ops.decoding import decode_compressed as decode_compressed
from tflite_edu.ops.decoding import decode_json_example as decode_json_example
from tflite_edu.ops.decoding import decode_raw as decode_raw
from tflite_edu.ops.decoding import encode_base64 as encode_base64
from tflite_edu.ops.decoding import parse_tensor as parse_tensor
from tflite_edu.ops.decoding import serialize_tensor as serialize_tensor
from tflite_edu.ops.file_reading import matching_files as matching_files
from tflite_edu.ops.file_reading import read_file as read_file
from tflite_edu.ops.file_reading import write_file as write_file
from tflite_edu.ops.image_files import decode_and_crop_jpeg as decode_and_crop_jpeg
from tflite_edu.ops.image_files import decode_bmp as decode_bmp
from tflite_edu.ops.image_files import decode_gif as decode_gif
from tflite_edu.ops.image_files import decode_jpeg as decode_jpeg
from tflite_edu.ops.image_files import decode_png as decode_png
from tflite_edu.ops.image_files import encode_jpeg as encode_jpeg
from tflite_edu.ops.image_files import extract_jpeg_shape as extract_jpeg_shape
from tflite_edu.ops.parsing import parse_example as parse_example
from tflite_edu.ops.parsing import parse_single_example as parse_single_example
from tflite_edu.ops.parsing_features import FixedLenFeature as FixedLenFeature
from tflite_edu.ops.parsing_features import FixedLenSequenceFeature as FixedLenSequenceFeature
from tflite_edu.ops.parsing_features import SparseFeature as SparseFeature
from tflite_edu.ops.parsing_features import VarLenFeature as VarLenFeature
from tflite_edu.ops.sequence_parsing import parse_sequence_example as parse_sequence_example
from tflite_edu.ops.sequence_parsing import parse_single_sequence_example as parse_single_sequence_example

__all__ = [
    "FixedLenFeature",
    "FixedLenSequenceFeature",
    "SparseFeature",
    "TFRecordCompressionType",
    "TFRecordOptions",
    "TFRecordWriter",
    "VarLenFeature",
    "decode_and_crop_jpeg",
    "decode_base64",
    "decode_bmp",
    "decode_compressed",
    "decode_csv",
    "decode_gif",
    "decode_image",
    "decode_jpeg",
    "decode_json_example",
    "decode_png",
    "decode_raw",
    "encode_base64",
    "encode_jpeg",
    "extract_jpeg_shape",
    "gfile",
    "is_jpeg",
    "matching_files",
    "parse_example",
    "parse_sequence_example",
    "parse_single_example",
    "parse_single_sequence_example",
    "parse_tensor",
    "read_file",
    "serialize_tensor",
    "tf_record_iterator",
    "write_file",
    "write_graph",
]
