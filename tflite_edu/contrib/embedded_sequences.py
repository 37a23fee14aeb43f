"""`tf.contrib.layers.embed_sequence`: symbols as trained vectors."""

from __future__ import annotations

from typing import Any

from tflite_edu.contrib.model_variables import model_variable
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.embedding import embedding_lookup
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.joining import concat
from tflite_edu.ops.partitioning import unique as unique_op
from tflite_edu.ops.reductions import reduce_prod
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.variables.scope import variable_scope


@export("contrib.layers.embed_sequence", "contrib.slim.embed_sequence")
def embed_sequence(
    ids: Any,
    vocab_size: int | None = None,
    embed_dim: int | None = None,
    unique: bool = False,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: Any = None,
) -> Tensor:
    """[batch, length] of symbols to [batch, length, embed_dim], rows of a trained matrix.

    `unique`: whether each symbol is looked up but once. Variable: embeddings [vocab_size,
    embed_dim]. Raises ValueError without sizes where `reuse` does not tell them.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. Got "
            f"vocab_size={vocab_size} and embed_dim={embed_dim}"
        )
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        known = not reuse or (vocab_size is not None and embed_dim is not None)
        embeddings = model_variable(
            "embeddings",
            shape=[vocab_size, embed_dim] if known else None,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        if unique:
            return embedding_lookup_unique(embeddings, ids)
        return embedding_lookup(embeddings, ids)


@export("contrib.layers.embedding_lookup_unique", "contrib.slim.embedding_lookup_unique")
def embedding_lookup_unique(
    params: Any, ids: Any, partition_strategy: str = "mod", name: str | None = None
) -> Tensor:
    """`tf.nn.embedding_lookup` that looks each id up but once: ids' shape, then a row's."""
    with name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert_to_tensor(ids)
        shape = shape_of(ids)
        flat = reshape(ids, reduce_prod(shape, keepdims=True))
        own, places = unique_op(flat)
        rows = embedding_lookup(params, own, partition_strategy)
        flat_rows = gather(rows, places)
        result = reshape(flat_rows, concat([shape, shape_of(rows)[1:]], 0))
        result.set_shape(ids.shape.concatenate(rows.shape[1:]))
        return result
