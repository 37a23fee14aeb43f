"""Writing SavedModel folders: `tf.saved_model.Builder` and `tf.saved_model.simple_save`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tflite_edu.core import errors
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.formats import files
from tflite_edu.formats.proto.saved_model_pb2 import SavedModel
from tflite_edu.io.meta_graph import write_proto
from tflite_edu.io.saved_model import asset_entry
from tflite_edu.platform import logging
from tflite_edu.saved_model import keys
from tflite_edu.saved_model.assets import asset_paths, copy_assets
from tflite_edu.saved_model.signatures import predict_signature_def
from tflite_edu.train.checkpoint_files import path_text
from tflite_edu.train.saver import Saver


@export("saved_model.simple_save")
def simple_save(
    session: Any,
    export_dir: str,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    legacy_init_op: Operation | None = None,
) -> None:
    """Saves the default graph and the session's variables with one signature, for serving.

    `inputs` and `outputs` are dicts from names to tensors. Files whose paths are in the collection
    `asset_filepaths` are copied too. Raises AssertionError where `export_dir` has files already,
    ValueError where a dict is empty.
    """
    signature = predict_signature_def(inputs, outputs)
    builder = SavedModelBuilder(export_dir)
    builder.add_meta_graph_and_variables(
        session,
        [keys.SERVING],
        {keys.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
        assets_collection=get_default_graph().get_collection(GraphKeys.ASSET_FILEPATHS),
        main_op=legacy_init_op,
        clear_devices=True,
    )
    builder.save()


@export("saved_model.Builder", "saved_model.builder.SavedModelBuilder")
class SavedModelBuilder:
    """Builds a SavedModel folder: one set of variables, and graphs that share it.

    The first graph comes with the variables, others are added without; each has its own tags.
    `save` writes them all. Raises AssertionError where the folder has files already.
    """

    def __init__(self, export_dir: str) -> None:
        self._export_dir = path_text(export_dir)
        self._saved_model = SavedModel(saved_model_schema_version=keys.SAVED_MODEL_SCHEMA_VERSION)
        self._has_saved_variables = False
        if os.path.exists(self._export_dir):
            if not os.path.isdir(self._export_dir):
                raise errors.NotFoundError(
                    None, None, f"Could not find directory {self._export_dir}"
                )
            if os.listdir(self._export_dir):
                raise AssertionError(
                    "Export directory already exists, and isn't empty. Please choose a different "
                    "export directory, or delete all the contents of the specified directory: "
                    f"{self._export_dir}"
                )
        else:
            _make_folder(self._export_dir)

    def add_meta_graph_and_variables(
        self,
        sess: Any,
        tags: Iterable[str],
        signature_def_map: Mapping[str, Any] | None = None,
        assets_collection: Sequence[Any] | None = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Adds the default graph with its tags and signatures, and writes the session's variables.

        `assets_collection` has constant tensors that name files to copy; a loader runs `main_op`
        (`legacy_init_op` is its old name) with the paths of the copies fed to them. `saver` is made
        over all variables if it is None. Raises AssertionError at the second call and on a
        signature without tensors' names or dtypes, TypeError on assets and a `main_op` of another
        kind, ValueError where the graph has a `main_op` already.
        """
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. Please invoke "
                "`add_meta_graph()` instead."
            )
        addition = _checked(tags, signature_def_map, assets_collection, main_op or legacy_init_op)
        if not hasattr(sess, "run"):
            raise TypeError(f"'sess' must be a Session; {sess}")
        entries = self._copy_assets(addition)
        saver = saver or _saver_of_all()
        folder = os.path.join(self._export_dir, keys.VARIABLES_DIRECTORY)
        _make_folder(folder)
        path = os.path.join(folder, keys.VARIABLES_FILENAME)
        saver.save(sess, path, write_meta_graph=False, write_state=False)
        self._add(addition, entries, saver, clear_devices, strip_default_attrs)
        self._has_saved_variables = True

    def add_meta_graph(
        self,
        tags: Iterable[str],
        signature_def_map: Mapping[str, Any] | None = None,
        assets_collection: Sequence[Any] | None = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Adds the default graph with its tags and signatures; the variables are already there.

        The arguments and errors are those of `add_meta_graph_and_variables`, which comes first;
        AssertionError where it has not.
        """
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. Please invoke "
                "`add_meta_graph_and_variables()` first."
            )
        addition = _checked(tags, signature_def_map, assets_collection, main_op or legacy_init_op)
        entries = self._copy_assets(addition)
        saver = saver or _saver_of_all()
        self._add(addition, entries, saver, clear_devices, strip_default_attrs)

    def save(self, as_text: bool = False) -> bytes:
        """Writes `saved_model.pb`, or `saved_model.pbtxt`, and returns its path."""
        _make_folder(self._export_dir)
        name = keys.SAVED_MODEL_FILENAME_PBTXT if as_text else keys.SAVED_MODEL_FILENAME_PB
        path = os.path.join(self._export_dir, name)
        write_proto(self._saved_model, path, as_text)
        logging.info("SavedModel written to: %s", path)
        return os.fsencode(path)

    def _copy_assets(self, addition: _Addition) -> list[Any]:
        """Copies the files into the folder and returns the entries of the assets' collection."""
        if not addition.assets:
            logging.info("No assets to write.")
            return []
        folder = os.path.join(self._export_dir, keys.ASSETS_DIRECTORY)
        _make_folder(folder)
        names = copy_assets([path for _, path in addition.assets], folder)
        logging.info("Assets written to: %s", folder)
        return [
            asset_entry(tensor_name, name)
            for (tensor_name, _), name in zip(addition.assets, names, strict=True)
        ]

    def _add(
        self,
        addition: _Addition,
        entries: Sequence[Any],
        saver: Saver,
        clear_devices: bool,
        strip_default_attrs: bool,
    ) -> None:
        """Adds the default graph as it is now, its collections completed first."""
        graph = get_default_graph()
        for entry in entries:
            graph.add_to_collection(keys.ASSETS_KEY, entry)
        if addition.main_op is not None:
            graph.add_to_collection(keys.MAIN_OP_KEY, addition.main_op)
        made = saver.export_meta_graph(
            clear_devices=clear_devices, strip_default_attrs=strip_default_attrs
        )
        made.meta_info_def.tags.extend(addition.tags)
        for name, signature in addition.signatures.items():
            made.signature_def[name].CopyFrom(signature)
        self._saved_model.meta_graphs.append(made)


class _Addition(NamedTuple):
    """What is asked to go with a graph, found to be right."""

    tags: list[str]
    signatures: Mapping[str, Any]
    # (name of the tensor, path of the file)
    assets: list[tuple[str, str]]
    main_op: Operation | None


def _checked(tags: Any, signatures: Any, assets: Any, main_op: Any) -> _Addition:
    signatures = {name: signatures[name] for name in signatures} if signatures else {}
    for signature in signatures.values():
        for infos in (signature.inputs, signature.outputs):
            for name in infos:
                _check_tensor_info(infos[name])
    logging.info("No assets to save." if assets is None else "Assets added to graph.")
    paths = asset_paths(assets) if assets is not None else []
    if main_op is not None:
        if not isinstance(main_op, Operation):
            raise TypeError(f"main_op needs to be an Operation: {main_op!r}")
        if get_default_graph().get_collection(keys.MAIN_OP_KEY):
            raise ValueError(
                "Graph already contains one or more main ops under the collection "
                f"{keys.MAIN_OP_KEY}."
            )
    tags = list(tags)
    for tag in tags:
        if not isinstance(tag, (str, bytes)):
            raise TypeError(
                f"{tag!r} has type {type(tag).__name__}, but expected one of: bytes, unicode"
            )
    return _Addition(tags, signatures, paths, main_op)


def _check_tensor_info(info: Any) -> None:
    missing = ""
    if info.WhichOneof("encoding") is None:
        missing = "one of the 'encoding' fields (e.g., name or coo_sparse)"
    elif not info.dtype:
        missing = "the dtype field"
    if missing:
        raise AssertionError(
            f"All TensorInfo protos used in the SignatureDefs must have {missing} set: {info}"
        )


def _saver_of_all() -> Saver:
    return Saver(sharded=True, allow_empty=True)


def _make_folder(path: str) -> None:
    with files.errors_of(path):
        os.makedirs(path, exist_ok=True)
