"""Signatures: what a graph takes and gives, by names that outlive the nodes'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.proto.meta_graph_pb2 import SignatureDef, TensorInfo
from tflite_edu.io.meta_graph import in_scope
from tflite_edu.saved_model import keys


@export("saved_model.build_tensor_info", "saved_model.utils.build_tensor_info")
def build_tensor_info(tensor: Any) -> Any:
    """The TensorInfo proto of a tensor, sparse tensor or variable: name, dtype and shape.

    Raises AttributeError on what has none of these, TypeError on an IndexedSlices.
    """
    if isinstance(tensor, IndexedSlices):
        raise TypeError("A TensorInfo describes one tensor; an IndexedSlices is several.")
    dtype: Any = dtypes.as_dtype(tensor.dtype).as_datatype_enum
    shape = tensor.get_shape().as_proto()
    if not isinstance(tensor, SparseTensor):
        return TensorInfo(name=tensor.name, dtype=dtype, tensor_shape=shape)
    parts = TensorInfo.CooSparse(
        values_tensor_name=tensor.values.name,
        indices_tensor_name=tensor.indices.name,
        dense_shape_tensor_name=tensor.dense_shape.name,
    )
    return TensorInfo(coo_sparse=parts, dtype=dtype, tensor_shape=shape)


@export("saved_model.get_tensor_from_tensor_info", "saved_model.utils.get_tensor_from_tensor_info")
def get_tensor_from_tensor_info(
    tensor_info: Any, graph: Graph | None = None, import_scope: str | None = None
) -> Tensor | SparseTensor:
    """The tensor that a TensorInfo names, in `graph` or the default one, under `import_scope`.

    Raises KeyError where the graph has no such tensor, ValueError where the proto names none.
    """
    encoding = tensor_info.WhichOneof("encoding")
    graph = graph or get_default_graph()
    if encoding == "name":
        return graph.get_tensor_by_name(in_scope(tensor_info.name, import_scope))
    if encoding != "coo_sparse":
        raise ValueError(f"Invalid TensorInfo.encoding: {encoding}")
    parts = tensor_info.coo_sparse
    names = (parts.indices_tensor_name, parts.values_tensor_name, parts.dense_shape_tensor_name)
    return SparseTensor(*[graph.get_tensor_by_name(in_scope(n, import_scope)) for n in names])


@export("saved_model.build_signature_def", "saved_model.signature_def_utils.build_signature_def")
def build_signature_def(inputs: Any = None, outputs: Any = None, method_name: Any = None) -> Any:
    """A SignatureDef proto of dicts from names to TensorInfo protos.

    Raises TypeError on what is no TensorInfo and on a name that is no text.
    """
    made: Any = SignatureDef()
    for field, infos in ((made.inputs, inputs), (made.outputs, outputs)):
        for name in infos if infos is not None else ():
            if not isinstance(name, (str, bytes)):
                raise TypeError(_no_text(name))
            if not isinstance(infos[name], TensorInfo):
                raise TypeError(
                    "Parameter to CopyFrom() must be instance of same class: expected "
                    f"tensorflow.TensorInfo got {type(infos[name]).__name__}."
                )
            field[name].CopyFrom(infos[name])
    if method_name is not None:
        if not isinstance(method_name, (str, bytes)):
            raise TypeError(_no_text(method_name))
        made.method_name = method_name
    return made


def _no_text(value: Any) -> str:
    return f"{value!r} has type {type(value).__name__}, but expected one of: bytes, unicode"


@export(
    "saved_model.predict_signature_def", "saved_model.signature_def_utils.predict_signature_def"
)
def predict_signature_def(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> Any:
    """The signature of a prediction: dicts from names to tensors, neither of them empty.

    Raises ValueError where one is None or empty.
    """
    if inputs is None or not inputs:
        raise ValueError("Prediction inputs cannot be None or empty.")
    if outputs is None or not outputs:
        raise ValueError("Prediction outputs cannot be None or empty.")
    return build_signature_def(
        {name: build_tensor_info(tensor) for name, tensor in inputs.items()},
        {name: build_tensor_info(tensor) for name, tensor in outputs.items()},
        keys.PREDICT_METHOD_NAME,
    )


def _info_of_type(tensor: Any, dtype: dtypes.DType, what: str) -> Any:
    """The TensorInfo of a tensor that must have this dtype."""
    info = build_tensor_info(tensor)
    if info.dtype != dtype.as_datatype_enum:
        kind = "string" if dtype == dtypes.string else "float"
        raise ValueError(f"{what} must be a {kind} Tensor.")
    return info


def _info_of_examples(examples: Any, what: str) -> Any:
    if not isinstance(examples, Tensor):
        raise ValueError(f"{what} must be a string Tensor.")
    return _info_of_type(examples, dtypes.string, what)


@export(
    "saved_model.regression_signature_def",
    "saved_model.signature_def_utils.regression_signature_def",
)
def regression_signature_def(examples: Any, predictions: Any) -> Any:
    """The signature of a regression: string `examples` (serialized tf.Example), float predictions.

    Raises ValueError where one is None or has another dtype.
    """
    if examples is None:
        raise ValueError("Regression examples cannot be None.")
    if predictions is None:
        raise ValueError("Regression predictions cannot be None.")
    examples = _info_of_examples(examples, "Regression examples")
    predictions = _info_of_type(predictions, dtypes.float32, "Regression output")
    return build_signature_def(
        {keys.REGRESS_INPUTS: examples},
        {keys.REGRESS_OUTPUTS: predictions},
        keys.REGRESS_METHOD_NAME,
    )


@export(
    "saved_model.classification_signature_def",
    "saved_model.signature_def_utils.classification_signature_def",
)
def classification_signature_def(examples: Any, classes: Any, scores: Any) -> Any:
    """The signature of a classification: string `examples`, string `classes`, float `scores`.

    One of `classes` and `scores` may be None. Raises ValueError where both are, where `examples`
    is None, and on another dtype.
    """
    if examples is None:
        raise ValueError("Classification examples cannot be None.")
    if classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    examples = _info_of_examples(examples, "Classification examples")
    outputs = {}
    if classes is not None:
        info = _info_of_type(classes, dtypes.string, "Classification classes")
        outputs[keys.CLASSIFY_OUTPUT_CLASSES] = info
    if scores is not None:
        info = _info_of_type(scores, dtypes.float32, "Classification scores")
        outputs[keys.CLASSIFY_OUTPUT_SCORES] = info
    return build_signature_def({keys.CLASSIFY_INPUTS: examples}, outputs, keys.CLASSIFY_METHOD_NAME)


@export("saved_model.is_valid_signature", "saved_model.signature_def_utils.is_valid_signature")
def is_valid_signature(signature_def: Any) -> bool:
    """Whether a server can use a signature: as classification, regression or prediction."""
    if signature_def is None:
        return False
    inputs = {name: info.dtype for name, info in signature_def.inputs.items()}
    outputs = {name: info.dtype for name, info in signature_def.outputs.items()}
    string, floating = dtypes.string.as_datatype_enum, dtypes.float32.as_datatype_enum
    if signature_def.method_name == keys.PREDICT_METHOD_NAME:
        return bool(inputs) and bool(outputs)
    if signature_def.method_name == keys.REGRESS_METHOD_NAME:
        return inputs == {keys.REGRESS_INPUTS: string} and outputs == {
            keys.REGRESS_OUTPUTS: floating
        }
    if signature_def.method_name == keys.CLASSIFY_METHOD_NAME:
        allowed = {keys.CLASSIFY_OUTPUT_CLASSES: string, keys.CLASSIFY_OUTPUT_SCORES: floating}
        return (
            inputs == {keys.CLASSIFY_INPUTS: string}
            and bool(outputs)
            and outputs.items() <= allowed.items()
        )
    return False
