# Written by api/generate.py.
from tflite_edu.contrib.streaming_metrics import aggregate_metric_map as aggregate_metric_map
from tflite_edu.contrib.streaming_metrics import aggregate_metrics as aggregate_metrics
from tflite_edu.contrib.streaming_metrics import streaming_accuracy as streaming_accuracy
from tflite_edu.contrib.streaming_metrics import streaming_mean as streaming_mean
from tflite_edu.contrib.streaming_metrics import streaming_mean_absolute_error as streaming_mean_absolute_error
from tflite_edu.contrib.streaming_metrics import streaming_mean_squared_error as streaming_mean_squared_error
from tflite_edu.contrib.streaming_metrics import streaming_precision as streaming_precision
from tflite_edu.contrib.streaming_metrics import streaming_recall as streaming_recall
from tflite_edu.contrib.streaming_metrics import streaming_root_mean_squared_error as streaming_root_mean_squared_error

__all__ = [
    "aggregate_metric_map",
    "aggregate_metrics",
    "streaming_accuracy",
    "streaming_mean",
    "streaming_mean_absolute_error",
    "streaming_mean_squared_error",
    "streaming_precision",
    "streaming_recall",
    "streaming_root_mean_squared_error",
]
