"""The protos that scripts use by TensorFlow's names."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.constant import constant_array
from tflite_edu.core.export import export
from tflite_edu.formats.proto import (
    attr_value_pb2,
    cluster_pb2,
    config_pb2,
    graph_pb2,
    meta_graph_pb2,
    node_def_pb2,
    tensor_pb2,
    tensorflow_server_pb2,
)
from tflite_edu.formats.tensor import from_tensor_proto, to_tensor_proto

AttrValue = attr_value_pb2.AttrValue
NameAttrList = attr_value_pb2.NameAttrList
ConfigProto = config_pb2.ConfigProto
GPUOptions = config_pb2.GPUOptions
GraphOptions = config_pb2.GraphOptions
OptimizerOptions = config_pb2.OptimizerOptions
RunOptions = config_pb2.RunOptions
RunMetadata = config_pb2.RunMetadata
GraphDef = graph_pb2.GraphDef
NodeDef = node_def_pb2.NodeDef
MetaGraphDef = meta_graph_pb2.MetaGraphDef
TensorInfo = meta_graph_pb2.TensorInfo
ClusterDef = cluster_pb2.ClusterDef
JobDef = cluster_pb2.JobDef
ServerDef = tensorflow_server_pb2.ServerDef

EXPORTS = {
    "AttrValue": "AttrValue",
    "NameAttrList": "NameAttrList",
    "ConfigProto": "ConfigProto",
    "GPUOptions": "GPUOptions",
    "GraphOptions": "GraphOptions",
    "OptimizerOptions": "OptimizerOptions",
    "RunOptions": "RunOptions",
    "RunMetadata": "RunMetadata",
    "GraphDef": "GraphDef",
    "NodeDef": "NodeDef",
    "MetaGraphDef": "MetaGraphDef",
    "TensorInfo": "TensorInfo",
    "train.ClusterDef": "ClusterDef",
    "train.JobDef": "JobDef",
    "train.ServerDef": "ServerDef",
}


@export("make_ndarray")
def make_ndarray(tensor: Any) -> Any:
    """The array that a TensorProto holds; the caller may change it.

    Raises InvalidArgumentError on a damaged one.
    """
    if not isinstance(tensor, tensor_pb2.TensorProto):
        tensor = tensor_pb2.TensorProto.FromString(tensor.SerializeToString())
    return from_tensor_proto(tensor).copy()


@export("make_tensor_proto")
def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> Any:
    """A TensorProto of Python or numpy values.

    Where `shape` has more elements than there are values, the last one stands for the others; with
    `allow_broadcast` only a single value does. Raises TypeError on values of another type than
    `dtype` and, with `verify_shape`, of another shape; ValueError on too many values for `shape`.
    """
    if allow_broadcast and verify_shape:
        raise ValueError("allow_broadcast and verify_shape are not both allowed.")
    if shape is None or verify_shape:
        array = constant_array(values, dtype, shape, verify_shape)
        return to_tensor_proto(array, _number(array, dtype))
    array = constant_array(values, dtype)
    dims = tuple(int(d) for d in shape)
    if allow_broadcast and array.shape not in ((), (1,)) and array.size != math.prod(dims):
        raise TypeError(f"Expected Tensor's shape: {dims}, got {array.shape}.")
    return to_tensor_proto(array, _number(array, dtype), dims)


def _number(array: Any, dtype: Any) -> int:
    chosen = dtypes.as_dtype(array.dtype if dtype is None else dtype)
    return chosen.base_dtype.as_datatype_enum
