# Written by api/generate.py.
from tflite_edu.ops.summaries import audio as audio
from tflite_edu.ops.summaries import histogram as histogram
from tflite_edu.ops.summaries import image as image
from tflite_edu.ops.summaries import merge as merge
from tflite_edu.ops.summaries import merge_all as merge_all
from tflite_edu.ops.summaries import scalar as scalar
from tflite_edu.ops.summaries import tensor_summary as tensor_summary
from tflite_edu.ops.summaries import text as text
from tflite_edu.summary.file_writer import Event as Event
from tflite_edu.summary.file_writer import FileWriter as FileWriter
from tflite_edu.summary.file_writer import FileWriterCache as FileWriterCache
from tflite_edu.summary.file_writer import SessionLog as SessionLog
from tflite_edu.summary.file_writer import Summary as Summary
from tflite_edu.summary.file_writer import SummaryDescription as SummaryDescription
from tflite_edu.summary.file_writer import TaggedRunMetadata as TaggedRunMetadata

__all__ = [
    "Event",
    "FileWriter",
    "FileWriterCache",
    "SessionLog",
    "Summary",
    "SummaryDescription",
    "TaggedRunMetadata",
    "audio",
    "histogram",
    "image",
    "merge",
    "merge_all",
    "scalar",
    "tensor_summary",
    "text",
]
