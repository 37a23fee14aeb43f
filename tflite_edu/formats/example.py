"""`tf.train.Example` and `SequenceExample`: named lists of values, one message a record."""

from __future__ import annotations

from tflite_edu.formats.proto import example_pb2, feature_pb2

BytesList = feature_pb2.BytesList
FloatList = feature_pb2.FloatList
Int64List = feature_pb2.Int64List
Feature = feature_pb2.Feature
Features = feature_pb2.Features
FeatureList = feature_pb2.FeatureList
FeatureLists = feature_pb2.FeatureLists
Example = example_pb2.Example
SequenceExample = example_pb2.SequenceExample

EXPORTS = {
    "train.BytesList": "BytesList",
    "train.FloatList": "FloatList",
    "train.Int64List": "Int64List",
    "train.Feature": "Feature",
    "train.Features": "Features",
    "train.FeatureList": "FeatureList",
    "train.FeatureLists": "FeatureLists",
    "train.Example": "Example",
    "train.SequenceExample": "SequenceExample",
}
