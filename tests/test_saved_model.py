"""SavedModel folders: saved, loaded, damaged and hostile ones."""

from __future__ import annotations

import os
import shutil
import traceback
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.protobuf import text_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_saved_model import OUTPUTS, ROWS, WORDS, export

import tflite_edu as tf
from tflite_edu.formats.proto.saved_model_pb2 import SavedModel
from tflite_edu.io.saved_model import asset_entry

RECORDED = Path(__file__).parent / "golden" / "files" / "saved_model"
REFUSALS = (tf.errors.OpError, OSError, RuntimeError, ValueError, KeyError, TypeError)
"""What TensorFlow 1.15 raises too where a graph, a signature or a collection makes no sense."""


def small_model() -> tuple[Any, Any, tf.Session]:
    """x [?, 2], y = x w with w = [[5], [6]], and a session where it is so."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
    y = tf.matmul(x, w, name="y")
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    session.run(tf.assign(w, [[5.0], [6.0]]))
    return x, y, session


def saved(folder: Path) -> str:
    """A SavedModel of `small_model`, made in a graph of its own."""
    with tf.Graph().as_default():
        x, y, session = small_model()
        with session:
            tf.saved_model.simple_save(session, str(folder), {"x": x}, {"y": y})
    return str(folder)


def tree(folder: str | Path) -> list[str]:
    return sorted(
        os.path.relpath(os.path.join(where, name), folder)
        for where, _, names in os.walk(folder)
        for name in names
    )


def predicted(folder: str, tags: list[str], rows: Any, **kwargs: Any) -> Any:
    """What the default signature of a loaded model gives."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        loaded = tf.saved_model.load(session, tags, folder, **kwargs)
        signature = loaded.signature_def["serving_default"]
        scope = kwargs.get("import_scope")
        (given_to,), (wanted,) = (
            [tf.saved_model.get_tensor_from_tensor_info(i, graph, scope) for i in infos.values()]
            for infos in (signature.inputs, signature.outputs)
        )
        return session.run(wanted, {given_to: rows})


def loaded_graph(folder: str, tags: list[str] | None = None) -> tf.Graph:
    """Loads a model into a new graph, which is closed with its session."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.saved_model.load(session, tags or ["serve"], folder)
    return graph


@pytest.mark.parametrize("file", ["saved_model.pb", "saved_model.pbtxt"])
def test_a_saved_model_of_tensorflow_predicts_here(file: str, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(RECORDED, folder)
    for other in {"saved_model.pb", "saved_model.pbtxt"} - {file}:
        os.remove(folder / other)
    assert tf.saved_model.contains_saved_model(str(folder))
    np.testing.assert_allclose(predicted(str(folder), ["serve"], ROWS), OUTPUTS, rtol=1e-6)
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.saved_model.loader.load(session, {"gpu", "train"}, str(folder))
        values = session.run(["y:0", "found:0"], {"x:0": ROWS})
        np.testing.assert_allclose(values[0], OUTPUTS, rtol=1e-6)
        assert values[1].decode() == str(folder / "assets" / "words.txt")
        assert Path(values[1].decode()).read_bytes() == WORDS
        assert graph.get_collection("saved_model_main_op") == [
            graph.get_operation_by_name("remember")
        ]


@pytest.mark.parametrize("as_text", [False, True])
def test_what_is_written_is_what_tensorflow_writes(
    as_text: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.txt").write_bytes(WORDS)
    folder = str(tmp_path / "model")
    written = export(tf, folder, "words.txt", as_text)
    name = "saved_model.pbtxt" if as_text else "saved_model.pb"
    assert written == os.path.join(folder, name).encode()
    assert tree(folder) == sorted(
        set(tree(RECORDED)) - {"saved_model.pb" if as_text else "saved_model.pbtxt"}
    )
    content = Path(folder, name).read_bytes()
    made = SavedModel()
    if as_text:
        text_format.Parse(content.decode(), made)
    else:
        made.ParseFromString(content)
    recorded = SavedModel.FromString((RECORDED / "saved_model.pb").read_bytes())
    for proto in (made, recorded):
        for graph in proto.meta_graphs:
            graph.meta_info_def.tensorflow_git_version = ""
            graph.meta_info_def.stripped_op_list.Clear()
            graph.graph_def.ClearField("library")
            for node in graph.graph_def.node:
                if node.name.endswith("StringJoin/inputs_1"):
                    node.ClearField("attr")
    assert made == recorded
    shards = ("variables/variables.index", "variables/variables.data-00000-of-00001")
    for shard in shards:
        assert Path(folder, shard).read_bytes() == (RECORDED / shard).read_bytes()


@pytest.mark.parametrize("engine", ["numpy", "reference"])
def test_values_come_back_and_training_goes_on(engine: str, tmp_path: Path) -> None:
    folder = saved(tmp_path / "m")
    assert predicted(folder, ["serve"], [[1.0, 1.0]]).tolist() == [[11.0]]
    with tf.Session(engine=engine) as session:
        tf.saved_model.load(session, ["serve"], folder)
        (w,) = tf.trainable_variables()
        y = tf.get_default_graph().get_tensor_by_name("y:0")
        step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(y))
        session.run(step, {"x:0": [[1.0, 1.0]]})
        np.testing.assert_allclose(session.run(w), [[4.9], [5.9]], rtol=1e-6)
        x = tf.get_default_graph().get_tensor_by_name("x:0")
        tf.saved_model.simple_save(session, str(tmp_path / "n"), {"x": x}, {"y": y})
    value = predicted(str(tmp_path / "n"), ["serve"], [[1.0, 1.0]])
    np.testing.assert_allclose(value, [[10.8]], rtol=1e-6)


def test_a_model_is_loaded_twice_under_a_scope(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_bytes(WORDS)
    with tf.Graph().as_default():
        export(tf, str(tmp_path / "m"), str(words))
    expected = predicted(str(tmp_path / "m"), ["serve"], ROWS, import_scope="in")
    np.testing.assert_allclose(expected, OUTPUTS, rtol=1e-6)
    with tf.Session() as session:
        for _ in range(2):
            tf.saved_model.load(session, ["serve"], str(tmp_path / "m"), import_scope="in")
        for scope in ("in", "in_1"):
            found, value = session.run([f"{scope}/found:0", f"{scope}/y:0"], {f"{scope}/x:0": ROWS})
            assert found.decode() == str(tmp_path / "m" / "assets" / "words.txt")
            np.testing.assert_allclose(value, OUTPUTS, rtol=1e-6)


def test_a_session_loads_into_its_own_graph(tmp_path: Path) -> None:
    folder = saved(tmp_path / "m")
    session = tf.Session(graph=tf.Graph())
    tf.saved_model.load(session, ["serve"], folder)
    assert tf.get_default_graph().get_operations() == []
    assert session.run("y:0", {"x:0": [[1.0, 0.0]]}).tolist() == [[5.0]]


def test_a_graph_without_variables(tmp_path: Path) -> None:
    tf.square(tf.placeholder(tf.float32, name="x"), name="y")
    builder = tf.saved_model.builder.SavedModelBuilder(str(tmp_path / "m"))
    with tf.Session() as session:
        builder.add_meta_graph_and_variables(session, ["serve"])
    builder.save()
    assert tree(tmp_path / "m") == ["saved_model.pb"]
    with tf.Graph().as_default(), tf.Session() as session:
        tf.saved_model.load(session, ["serve"], str(tmp_path / "m"))
        assert session.run("y:0", {"x:0": 3.0}) == 9.0


def test_partitioned_and_named_variables(tmp_path: Path) -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
        w = tf.get_variable("w", [3, 1], initializer=tf.ones_initializer())
    y = tf.matmul(x, w, name="y")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(session, str(tmp_path / "m"), {"x": x}, {"y": y})
    assert predicted(str(tmp_path / "m"), ["serve"], [[1.0, 1.0, 1.0]]).tolist() == [[3.0]]


def test_a_saver_of_ones_own(tmp_path: Path) -> None:
    _, _, session = small_model()
    tf.get_variable("left_out", [], initializer=tf.zeros_initializer())
    saver = tf.train.Saver([tf.global_variables()[0]])
    builder = tf.saved_model.Builder(str(tmp_path / "m"))
    builder.add_meta_graph_and_variables(session, ["serve"], saver=saver)
    builder.save()
    assert tree(tmp_path / "m" / "variables") == [
        "variables.data-00000-of-00001",
        "variables.index",
    ]
    with tf.Graph().as_default(), tf.Session() as other:
        tf.saved_model.load(other, ["serve"], str(tmp_path / "m"))
        assert other.run("w:0").tolist() == [[5.0], [6.0]]
        with pytest.raises(tf.errors.FailedPreconditionError):
            other.run("left_out:0")


def assets_named(tmp_path: Path, *paths: Path) -> tuple[Path, list[str]]:
    """Saves a model with these assets; its folder and the names that the assets got."""
    _, _, session = small_model()
    folder = tmp_path / "assets_named"
    builder = tf.saved_model.Builder(str(folder))
    tensors = [tf.constant(str(path)) for path in paths]
    builder.add_meta_graph_and_variables(session, ["serve"], assets_collection=tensors)
    entries = tf.get_collection("saved_model_assets")
    return folder, [entry.value.rpartition(b"\x12")[2][1:].decode() for entry in entries]


def test_assets_of_one_name(tmp_path: Path) -> None:
    paths = [tmp_path / place / "v.txt" for place in ("a", "b", "c", "d")]
    for path, text in zip(paths, ("one", "two", "one", "three")):
        path.parent.mkdir()
        path.write_text(text)
    folder, names = assets_named(tmp_path, *paths, paths[1])
    assert names == ["v.txt", "v.txt_1", "v.txt", "v.txt_2", "v.txt_1"]
    assert [(folder / "assets" / name).read_text() for name in names] == [
        "one", "two", "one", "three", "two",
    ]  # fmt: skip
    assert tree(folder / "assets") == ["v.txt", "v.txt_1", "v.txt_2"]


def test_assets_of_a_second_graph_keep_their_content(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "v.txt").write_text(name)
    _, _, session = small_model()
    builder = tf.saved_model.Builder(str(tmp_path / "m"))
    first, second = (tf.constant(str(tmp_path / name / "v.txt")) for name in ("a", "b"))
    builder.add_meta_graph_and_variables(session, ["1"], assets_collection=[first])
    with tf.Graph().as_default():
        tf.get_variable("w", [2, 1])
        builder.add_meta_graph(["2"], assets_collection=[tf.constant(str(tmp_path / "b/v.txt"))])
    assert second.op.type == "Const"
    assert [(tmp_path / "m/assets" / n).read_text() for n in ("v.txt", "v.txt_1")] == ["a", "b"]


@pytest.mark.parametrize(
    ("asset", "error", "message"),
    [
        (lambda: "v.txt", TypeError, "must be a Tensor."),
        (lambda: tf.placeholder(tf.string), TypeError, "must be of type constant."),
        (lambda: tf.constant(3), TypeError, "Asset path tensor must be of dtype string."),
        (lambda: tf.constant(["v"]), TypeError, "Asset path tensor must be a scalar."),
        (lambda: tf.constant(""), ValueError, "Invalid asset filepath tensor Tensor("),
        (lambda: tf.constant("a/.."), ValueError, "Invalid asset filepath tensor Tensor("),
        (lambda: tf.constant("/none/v"), tf.errors.NotFoundError, "v; No such file or directory"),
        (lambda: tf.constant(os.getcwd()), tf.errors.InvalidArgumentError, "; Invalid argument"),
    ],
)  # fmt: skip
def test_assets_that_are_none(
    asset: Callable[[], Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    _, _, session = small_model()
    builder = tf.saved_model.Builder(str(tmp_path / "m"))
    with pytest.raises(error) as raised:
        builder.add_meta_graph_and_variables(session, ["serve"], assets_collection=[asset()])
    assert message in str(raised.value).splitlines()[0]
    assert tree(tmp_path / "m") == [] and tf.get_collection("saved_model_assets") == []
    builder.add_meta_graph_and_variables(session, ["serve"])
    builder.save()
    assert loaded_graph(str(tmp_path / "m")).get_operations()


def test_main_operations(tmp_path: Path) -> None:
    _, _, session = small_model()
    reset, ready = tf.global_variables_initializer(), tf.no_op(name="ready")
    builder = tf.saved_model.Builder(str(tmp_path / "m"))
    for wrong in (3, "init"):
        with pytest.raises(TypeError, match=f"main_op needs to be an Operation: {wrong!r}"):
            builder.add_meta_graph_and_variables(session, ["serve"], main_op=wrong)
    with pytest.raises(TypeError, match="using a `tf.Tensor` as a Python `bool` is not allowed"):
        builder.add_meta_graph_and_variables(session, ["serve"], main_op=tf.constant(1))
    builder.add_meta_graph_and_variables(session, ["1"], legacy_init_op=reset, main_op=ready)
    with pytest.raises(ValueError, match="Graph already contains one or more main ops under the"):
        builder.add_meta_graph(["2"], legacy_init_op=reset)
    with tf.Graph().as_default():
        tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
        builder.add_meta_graph(["2"], legacy_init_op=tf.saved_model.main_op.main_op())
    builder.save()
    for tag, value in (("1", [[5.0], [6.0]]), ("2", [[1.0], [1.0]])):
        with tf.Graph().as_default(), tf.Session() as other:
            tf.saved_model.load(other, [tag], str(tmp_path / "m"))
            assert other.run("w:0").tolist() == value


def test_main_op_with_restore() -> None:
    small_model()
    tf.train.Saver(name="mine")
    restore = tf.get_default_graph().get_operation_by_name("mine/restore_all")
    both = tf.saved_model.main_op_with_restore(restore)
    assert [op.name for op in both.control_inputs] == ["group_deps", "mine/restore_all"]
    with pytest.raises(TypeError, match="Expected tf.group"):
        tf.saved_model.main_op_with_restore("mine/restore_all")


def test_wrong_calls_change_nothing(tmp_path: Path) -> None:
    x, y, session = small_model()
    sm, nodes = tf.saved_model, len(tf.get_default_graph().get_operations())
    builder = sm.Builder(str(tmp_path / "m"))
    nameless = sm.build_signature_def({"x": tf.TensorInfo(dtype=1)}, {}, "m")
    typeless = sm.build_signature_def({}, {"y": tf.TensorInfo(name="y:0")}, "m")
    for args, error, message in (
        ((None, ["serve"]), TypeError, "'sess' must be a Session; None"),
        ((session, None), TypeError, "'NoneType' object is not iterable"),
        ((session, [3]), TypeError, "3 has type int, but expected one of: bytes, unicode"),
        ((session, ["s"], {"k": nameless}), AssertionError, "one of the 'encoding' fields"),
        ((session, ["s"], {"k": typeless}), AssertionError, "must have the dtype field set: name"),
    ):
        with pytest.raises(error, match=message):
            builder.add_meta_graph_and_variables(*args)
    with pytest.raises(AssertionError, match=r"saved yet. Please invoke `add_meta_graph_and_vari"):
        builder.add_meta_graph(["serve"])
    assert len(tf.get_default_graph().get_operations()) == nodes and tree(tmp_path / "m") == []
    with pytest.raises(tf.errors.FailedPreconditionError):
        builder.add_meta_graph_and_variables(tf.Session(), ["serve"])
    builder.add_meta_graph_and_variables(session, ["serve"])
    builder.save()
    assert loaded_graph(str(tmp_path / "m")).get_operations()
    with pytest.raises(ValueError, match="Prediction outputs cannot be None or empty."):
        sm.simple_save(session, str(tmp_path / "n"), {"x": x}, {})
    with pytest.raises(AssertionError, match="Export directory already exists, and isn't empty."):
        sm.simple_save(session, str(tmp_path / "m"), {"x": x}, {"y": y})
    assert sorted(os.listdir(tmp_path)) == ["m"]


def test_folders_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(tf.errors.NotFoundError, match="Could not find directory .*file"):
        tf.saved_model.Builder(str(file))
    with pytest.raises(tf.errors.FailedPreconditionError, match="Not a directory"):
        tf.saved_model.Builder(str(file / "m"))
    for folder in (None, 3):
        with pytest.raises(TypeError, match=f"Expected binary or unicode string, got {folder}"):
            tf.saved_model.Builder(folder)
        with tf.Session() as session:
            with pytest.raises(TypeError, match="Expected binary or unicode string"):
                tf.saved_model.load(session, ["serve"], folder)
    with tf.Session() as session:
        with pytest.raises(OSError, match="SavedModel file does not exist at: .*none/{saved_model"):
            tf.saved_model.load(session, ["serve"], str(tmp_path / "none"))
    assert not tf.saved_model.maybe_saved_model_directory(str(tmp_path))
    written = tf.saved_model.Builder(str(tmp_path / "été" / "deep")).save()
    with pytest.raises(RuntimeError, match="available_tags: \\[\\]"):
        loaded_graph(os.path.dirname(written.decode()))


def test_tags_that_are_not_there() -> None:
    with tf.Session() as session:
        with pytest.raises(RuntimeError) as raised:
            tf.saved_model.load(session, ["serve", "gpu"], str(RECORDED))
    first, second = str(raised.value).splitlines()
    assert first.startswith("MetaGraphDef associated with tags 'serve', 'gpu' could not be found")
    assert second == "available_tags: [{'serve'}, {'gpu', 'train'}]"
    assert tf.get_default_graph().get_operations() == []


def edited(tmp_path: Path, edit: Callable[[Any], Any]) -> str:
    """A model whose first graph was changed by hand."""
    folder = saved(tmp_path / "edited")
    path = Path(folder, "saved_model.pb")
    model = SavedModel.FromString(path.read_bytes())
    edit(model.meta_graphs[0])
    path.write_bytes(model.SerializeToString())
    return folder


@pytest.mark.parametrize(
    "name",
    ["../variables/variables.index", "/etc/passwd", "a/../../../x", "..", "..\\x", "", "a\0b"],
)
@pytest.mark.parametrize("collected", [False, True])
def test_assets_never_lead_out_of_the_folder(name: str, collected: bool, tmp_path: Path) -> None:
    def add(graph: Any) -> None:
        if collected:
            entries = graph.collection_def["saved_model_assets"].any_list.value
            entries.append(asset_entry("x:0", name))
        else:
            graph.asset_file_def.add(filename=name).tensor_info.name = "x:0"

    folder = edited(tmp_path, add)
    with tf.Session() as session:
        with pytest.raises(tf.errors.InvalidArgumentError, match="leads out of .*assets"):
            tf.saved_model.load(session, ["serve"], folder)
    assert tf.get_default_graph().get_operations() == []


def test_assets_in_the_field_of_later_releases(tmp_path: Path) -> None:
    def add(graph: Any) -> None:
        graph.asset_file_def.add(filename="sub/v.txt").tensor_info.name = "where:0"
        graph.graph_def.node.add(name="where", op="Placeholder").attr["dtype"].type = 7
        node = graph.graph_def.node.add(name="keep", op="Identity", input=["where"])
        node.attr["T"].type = 7
        graph.collection_def["saved_model_main_op"].node_list.value.append("keep")

    assert loaded_graph(edited(tmp_path, add)).get_operation_by_name("keep")


@pytest.mark.parametrize(
    ("edit", "error", "message"),
    [
        (lambda g: g.collection_def["saved_model_main_op"].node_list.value.append("no"),
         KeyError, "The name 'no' refers to an Operation not in the graph."),
        (lambda g: g.collection_def["legacy_init_op"].node_list.value.extend(["y", "y"]),
         RuntimeError, r"Expected exactly one SavedModel init op. Found: \['y', 'y'\]"),
        (lambda g: g.saver_def.Clear(), ValueError, "saver_def must specify the save_tensor_name"),
        (lambda g: g.ClearField("graph_def"), KeyError, "'w:0' refers to a Tensor which does not"),
        (lambda g: g.collection_def["saved_model_assets"].any_list.value.add(type_url="x"),
         ValueError, "Collection 'saved_model_assets' holds a 'x'"),
        (lambda g: g.collection_def["saved_model_assets"].any_list.value.append(
            type(asset_entry("", ""))(type_url=asset_entry("", "").type_url, value=b"\xff")),
         ValueError, "'saved_model_assets' holds what is no AssetFileDef"),
        (lambda g: g.collection_def["variables"].bytes_list.value.append(b"\xff"),
         ValueError, "'variables' holds what is no VariableDef"),
    ],
)  # fmt: skip
def test_graphs_that_contradict_themselves(
    edit: Callable[[Any], Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        loaded_graph(edited(tmp_path, edit))


def test_a_constant_of_another_type_than_its_node(tmp_path: Path) -> None:
    def change(graph: Any) -> None:
        node = next(n for n in graph.graph_def.node if n.name == "save/SaveV2/tensor_names")
        node.attr["value"].tensor.dtype = 1

    with pytest.raises(ValueError, match=r"value \(float\) and dtype \(string\)"):
        loaded_graph(edited(tmp_path, change))


def test_missing_variables(tmp_path: Path) -> None:
    folder = saved(tmp_path / "m")
    os.remove(os.path.join(folder, "variables/variables.data-00000-of-00001"))
    with pytest.raises(tf.errors.NotFoundError, match="Restoring from checkpoint failed"):
        loaded_graph(folder)
    os.remove(os.path.join(folder, "variables/variables.index"))
    with pytest.raises(ValueError, match="The passed save_path is not a valid checkpoint"):
        loaded_graph(folder)
    os.rmdir(os.path.join(folder, "variables"))
    with pytest.raises(tf.errors.NotFoundError, match="variables; No such file or directory"):
        loaded_graph(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("saved_model.pb", b"\xff" * 30),
        ("saved_model.pbtxt", b"hello {"),
        ("saved_model.pbtxt", b"\xff\xfe"),
        ("saved_model.pbtxt", b"meta_graphs {" * 10),
        (
            "saved_model.pbtxt",
            b"meta_graphs { graph_def { node { attr { key: 'a' value "
            + b"{ func { attr { key: 'a' value " * 50_000,
        ),
    ],
)
def test_files_that_are_no_saved_model(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OSError, match=f"Cannot parse file b'.*{name}': "):
        loaded_graph(str(tmp_path))


def test_a_huge_constant_is_not_made(tmp_path: Path) -> None:
    def add(graph: Any) -> None:
        node = graph.graph_def.node.add(name="huge", op="Const")
        node.attr["dtype"].type = 1
        tensor = node.attr["value"].tensor
        tensor.dtype = 1
        tensor.float_val.append(1.0)
        tensor.tensor_shape.dim.add(size=2**40)

    folder = edited(tmp_path, add)
    tracemalloc.start()
    try:
        with suppress(REFUSALS):
            loaded_graph(folder)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


SEED = (RECORDED / "saved_model.pb").read_bytes()
TEXT_SEED = (RECORDED / "saved_model.pbtxt").read_bytes()


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The content of a file, cut, with bytes changed, left out or doubled."""
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(changed) - 1))
        kind = draw(st.sampled_from(["set", "flip", "drop", "double", "cut"]))
        if kind == "set":
            changed[at] = draw(st.integers(0, 255))
        elif kind == "flip":
            changed[at] ^= 1 << draw(st.integers(0, 7))
        elif kind == "drop":
            del changed[at : at + draw(st.integers(1, 20))]
        elif kind == "double":
            changed[at:at] = changed[at : at + draw(st.integers(1, 200))]
        else:
            del changed[max(at, 1) :]
        if not changed:
            break
    return bytes(changed)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the recorded folder in which a test replaces the main file."""
    folder = tmp_path_factory.mktemp("fuzz") / "model"
    shutil.copytree(RECORDED, folder)
    return folder


def load_damaged(ground: Path, name: str, content: bytes) -> None:
    for other in ("saved_model.pb", "saved_model.pbtxt"):
        (ground / other).unlink(missing_ok=True)
    (ground / name).write_bytes(content)
    before = tree(ground.parent)
    try:
        loaded_graph(str(ground))
    except REFUSALS as error:
        # Someone looked and said no; nothing fell over on the way.
        assert str(traceback.extract_tb(error.__traceback__)[-1].line).startswith("raise ")
    assert tree(ground.parent) == before


FUZZING = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FUZZING
@given(content=damaged(SEED))
def test_damaged_files_are_refused_or_loaded(ground: Path, content: bytes) -> None:
    load_damaged(ground, "saved_model.pb", content)


@settings(FUZZING, max_examples=30)
@given(content=damaged(TEXT_SEED))
def test_damaged_texts_are_refused_or_loaded(ground: Path, content: bytes) -> None:
    load_damaged(ground, "saved_model.pbtxt", content)


def test_tensor_infos() -> None:
    x, y, _ = small_model()
    sm = tf.saved_model
    info = sm.utils.build_tensor_info(x)
    assert (info.name, info.dtype) == ("x:0", 1)
    assert [d.size for d in info.tensor_shape.dim] == [-1, 2]
    assert sm.build_tensor_info(tf.placeholder(tf.string)).tensor_shape.unknown_rank
    assert sm.utils.get_tensor_from_tensor_info(info) is x
    for wrong in (3, x.op, [1.0], np.ones(3)):
        with pytest.raises(AttributeError):
            sm.build_tensor_info(wrong)
    with pytest.raises(TypeError, match="describes one tensor"):
        sm.build_tensor_info(tf.IndexedSlices(y, tf.constant([0])))
    with pytest.raises(KeyError, match="The name 'in/x:0' refers to a Tensor which does not exist"):
        sm.get_tensor_from_tensor_info(info, import_scope="in")
    with pytest.raises(KeyError):
        sm.get_tensor_from_tensor_info(info, tf.Graph())


def test_a_sparse_tensor_in_a_signature(tmp_path: Path) -> None:
    sparse = tf.sparse_placeholder(tf.float32, [3, 4], name="s")
    info = tf.saved_model.build_tensor_info(sparse)
    assert info.WhichOneof("encoding") == "coo_sparse" and info.dtype == 1
    assert [d.size for d in info.tensor_shape.dim] == [3, 4]
    y = tf.multiply(sparse.values, 2.0, name="y")
    with tf.Session() as session:
        tf.saved_model.simple_save(session, str(tmp_path / "m"), {"s": sparse}, {"y": y})
    value = tf.SparseTensorValue([[0, 1], [2, 3]], [5.0, 6.0], [3, 4])
    for scope in (None, "in"):
        fed = predicted(str(tmp_path / "m"), ["serve"], value, import_scope=scope)
        assert fed.tolist() == [10.0, 12.0]


def test_signatures_that_are_none() -> None:
    x, y, _ = small_model()
    sm = tf.saved_model
    texts = tf.placeholder(tf.string, [None])
    doubles = tf.placeholder(tf.float64, [None])
    for made, error, message in (
        (lambda: sm.build_signature_def({"a": x}), TypeError, "instance of same class: expected"),
        (lambda: sm.build_signature_def({3: x}), TypeError, "3 has type int, but expected one of"),
        (lambda: sm.build_signature_def(None, None, 3), TypeError, "3 has type int"),
        (lambda: sm.predict_signature_def(None, {"y": y}), ValueError, "Prediction inputs cannot"),
        (lambda: sm.regression_signature_def(None, x), ValueError, "examples cannot be None."),
        (lambda: sm.regression_signature_def(texts, None), ValueError, "Regression predictions c"),
        (lambda: sm.regression_signature_def(texts, doubles), ValueError, "must be a float Tensor"),
        (lambda: sm.classification_signature_def(None, x, x), ValueError, "examples cannot be"),
        (lambda: sm.classification_signature_def(x, x, x), ValueError, "must be a string Tensor."),
        (lambda: sm.classification_signature_def(texts, x, x), ValueError, "classes must be a s"),
        (lambda: sm.classification_signature_def(texts, texts, doubles), ValueError, "scores must"),
    ):
        with pytest.raises(error, match=message):
            made()


def test_which_signatures_are_valid() -> None:
    sm = tf.saved_model
    info = {
        "s": sm.build_tensor_info(tf.placeholder(tf.string)),
        "f": sm.build_tensor_info(tf.placeholder(tf.float32)),
        "d": sm.build_tensor_info(tf.placeholder(tf.float64)),
    }
    predict, regress, classify = (
        sm.PREDICT_METHOD_NAME, sm.REGRESS_METHOD_NAME, sm.CLASSIFY_METHOD_NAME,
    )  # fmt: skip
    for method, inputs, outputs, valid in (
        (predict, {"a": "d"}, {"b": "s"}, True),
        (predict, {}, {"b": "s"}, False),
        (predict, {"a": "d"}, {}, False),
        ("other", {"a": "d"}, {"b": "s"}, False),
        (regress, {"inputs": "s"}, {"outputs": "f"}, True),
        (regress, {"inputs": "f"}, {"outputs": "f"}, False),
        (regress, {"inputs": "s"}, {"outputs": "d"}, False),
        (regress, {"inputs": "s", "a": "s"}, {"outputs": "f"}, False),
        (regress, {"inputs": "s"}, {"outputs": "f", "b": "f"}, False),
        (classify, {"inputs": "s"}, {"classes": "s"}, True),
        (classify, {"inputs": "s"}, {"scores": "f"}, True),
        (classify, {"inputs": "s"}, {"scores": "f", "classes": "s"}, True),
        (classify, {"inputs": "s"}, {}, False),
        (classify, {"inputs": "s"}, {"scores": "s"}, False),
        (classify, {"inputs": "s"}, {"scores": "f", "b": "f"}, False),
        (classify, {"a": "s"}, {"scores": "f"}, False),
    ):
        signature = sm.build_signature_def(
            {name: info[kind] for name, kind in inputs.items()},
            {name: info[kind] for name, kind in outputs.items()},
            method,
        )
        assert sm.is_valid_signature(signature) is valid, (method, inputs, outputs)
    assert sm.is_valid_signature(None) is False
