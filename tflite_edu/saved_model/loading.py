"""Loading SavedModel folders into a session: `tf.saved_model.load`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from tflite_edu.core import errors
from tflite_edu.core.export import export
from tflite_edu.io.meta_graph import in_scope
from tflite_edu.io.saved_model import asset_entries, read_saved_model
from tflite_edu.platform import logging
from tflite_edu.saved_model import keys
from tflite_edu.saved_model.assets import asset_feeds
from tflite_edu.train.checkpoint_files import path_text
from tflite_edu.train.meta_graph import import_meta_graph


@export(
    "saved_model.contains_saved_model",
    "saved_model.maybe_saved_model_directory",
    "saved_model.loader.maybe_saved_model_directory",
)
def maybe_saved_model_directory(export_dir: str) -> bool:
    """Whether a folder has a `saved_model.pb` or `saved_model.pbtxt`, of whatever content."""
    names = (keys.SAVED_MODEL_FILENAME_PBTXT, keys.SAVED_MODEL_FILENAME_PB)
    return any(os.path.exists(os.path.join(export_dir, name)) for name in names)


@export("saved_model.load", "saved_model.loader.load")
def load(
    sess: Any,
    tags: Iterable[str],
    export_dir: str,
    import_scope: str | None = None,
    **saver_kwargs: Any,
) -> Any:
    """Adds the graph with exactly these tags to the session's and restores its variables.

    Its `main_op`, if it has one, is run then. The nodes go under `import_scope`; the MetaGraphDef
    that is returned, with the signatures, names them without it. The other keywords are those of
    `tf.train.import_meta_graph`.

    Raises OSError where the folder has no such file or a damaged one, RuntimeError where no graph
    has the tags, NotFoundError where the variables are missing, InvalidArgumentError where an
    asset's file name leads out of the folder, and ValueError where a node is none. What the graph's
    own nodes do is not looked at: load only graphs that you would run.
    """
    folder = path_text(export_dir)
    meta_graph = _with_tags(_read(folder), tags)
    graph = sess.graph
    with graph.as_default():
        scope = graph.unique_name(import_scope, mark_as_used=False) if import_scope else ""
        assets = os.path.join(folder, keys.ASSETS_DIRECTORY)
        feeds = asset_feeds(asset_entries(meta_graph, keys.ASSETS_KEY), assets, scope)
        main_op = _main_op(meta_graph)
        variables = os.path.join(folder, keys.VARIABLES_DIRECTORY)
        if meta_graph.HasField("saver_def") and not os.path.isdir(variables):
            raise errors.NotFoundError(None, None, f"{variables}; No such file or directory")
        saver = import_meta_graph(meta_graph, import_scope=import_scope, **saver_kwargs)
        if saver is not None:
            saver.restore(sess, os.path.join(variables, keys.VARIABLES_FILENAME))
        else:
            logging.info("The specified SavedModel has no variables; no checkpoints were restored.")
        if main_op is not None:
            operation = graph.get_operation_by_name(in_scope(main_op, scope))
            sess.run(operation, feed_dict=feeds)
    return meta_graph


def _read(folder: str) -> Any:
    for name in (keys.SAVED_MODEL_FILENAME_PB, keys.SAVED_MODEL_FILENAME_PBTXT):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return read_saved_model(path)
    either = f"{{{keys.SAVED_MODEL_FILENAME_PBTXT}|{keys.SAVED_MODEL_FILENAME_PB}}}"
    raise OSError(f"SavedModel file does not exist at: {folder}{os.sep}{either}")


def _with_tags(saved_model: Any, tags: Iterable[str]) -> Any:
    wanted = set(tags)
    available = [set(graph.meta_info_def.tags) for graph in saved_model.meta_graphs]
    for graph, has in zip(saved_model.meta_graphs, available, strict=True):
        if has == wanted:
            return graph
    listed = str(tags).strip("[]")
    sets = ", ".join("{" + ", ".join(map(repr, sorted(has))) + "}" for has in available)
    raise RuntimeError(
        f"MetaGraphDef associated with tags {listed} could not be found in SavedModel. To inspect "
        "available tag-sets in the SavedModel, please use the SavedModel CLI: `saved_model_cli`\n"
        f"available_tags: [{sets}]"
    )


def _main_op(meta_graph: Any) -> str | None:
    """The name of the node to run once the variables are restored, None where there is none."""
    for key in (keys.MAIN_OP_KEY, keys.LEGACY_INIT_OP_KEY):
        if key in meta_graph.collection_def:
            names = list(meta_graph.collection_def[key].node_list.value)
            if len(names) != 1:
                raise RuntimeError(f"Expected exactly one SavedModel init op. Found: {names}")
            return str(names[0])
    return None
