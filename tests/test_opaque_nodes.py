"""Nodes of op types that cannot run here, and of functions: kept, written, refused to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import record_graph_files as recorded
from google.protobuf import text_format
from record_op_defs import op_def_dict

import tflite_edu as tf
from tflite_edu.core.op import REGISTRY
from tflite_edu.core.opaque import Opaque
from tflite_edu.io.op_def import op_def
from tflite_edu.io.op_types import class_of_op_def, op_class, recorded_op_defs

OP_DEFS = json.loads((Path(__file__).parent / "golden" / "op_defs.json").read_text())

# NCCL reduces over graphics cards; there is no kernel of it without them.
GRAPH = """
node { name: "a" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape {} float_val: 2 } } } }
node { name: "n" op: "NcclAllReduce" input: "a" attr { key: "T" value { type: DT_FLOAT } }
  attr { key: "reduction" value { s: "min" } } attr { key: "num_devices" value { i: 1 } }
  attr { key: "shared_name" value { s: "x" } } }
node { name: "c" op: "NoOp" input: "^n" }
node { name: "twice" op: "AddV2" input: "n" input: "n" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "beside" op: "Neg" input: "a" attr { key: "T" value { type: DT_FLOAT } } }
"""
REFUSED = "No OpKernel was registered to support Op 'NcclAllReduce' used by node n "


def parsed(text: str) -> Any:
    return text_format.Parse(text, tf.GraphDef())


def imported(text: str = GRAPH) -> tf.Graph:
    tf.import_graph_def(parsed(text), name="")
    return tf.get_default_graph()


def test_every_op_type_of_tensorflow_is_told() -> None:
    """The package's table has what TensorFlow says, and those of its contrib besides."""
    told = recorded_op_defs()
    assert OP_DEFS.keys() < told.keys() and "Resampler" in told
    for name, expected in OP_DEFS.items():
        assert json.loads(json.dumps(op_def_dict(tf, told[name]))) == expected


def test_an_opaque_class_gives_its_op_def_back() -> None:
    for name, told in recorded_op_defs().items():
        cls = class_of_op_def(told.SerializeToString())
        assert cls.__name__ == name and REGISTRY.get(name) is not cls
        made = op_def(cls)
        made.ClearField("deprecation")
        assert op_def_dict(tf, made) == op_def_dict(tf, told)


def test_an_opaque_node_is_like_any_other() -> None:
    graph = imported()
    node = graph.get_operation_by_name("n")
    assert isinstance(node.definition, Opaque)
    assert node.type == "NcclAllReduce" and node.get_attr("reduction") == b"min"
    assert node.op_def.attr[0].name == "reduction"
    (output,) = node.outputs
    assert output.dtype == tf.float32 and output.shape.ndims is None
    assert [i.name for i in node.inputs] == ["a:0"]
    assert graph.as_graph_def().node == parsed(GRAPH).node


def test_what_does_not_need_it_runs() -> None:
    graph = imported()
    with tf.Session() as sess:
        assert sess.run(["a:0", "beside:0"]) == [2.0, -2.0]
        # What is fed need not be computed.
        assert sess.run("twice:0", {"n:0": 4.0}) == 8.0
        assert sess.run(graph.get_tensor_by_name("n:0") + 1.0, {"n:0": 4.0}) == 5.0


@pytest.mark.parametrize("fetch", ["n", "n:0", "c", "twice:0"])
@pytest.mark.parametrize("engine", ["numpy", "reference"])
def test_what_needs_it_fails_before_anything_runs(
    fetch: str, engine: str, engine_session: Any
) -> None:
    imported()
    v = tf.Variable(1.0)
    assign = v.assign(5.0)
    with engine_session(engine) as sess:
        sess.run(v.initializer)
        for _ in range(2):
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                sess.run([assign, fetch])
            assert caught.value.message.startswith(REFUSED)
            assert 'reduction="min"' in caught.value.message.split("\n")[0]
            assert caught.value.op.name == "n"
        assert sess.run(v) == 1.0


def test_it_has_no_gradient() -> None:
    graph = imported()
    with pytest.raises(LookupError, match=r"operation 'n' \(op type: NcclAllReduce\)"):
        tf.gradients(graph.get_tensor_by_name("twice:0"), graph.get_tensor_by_name("a:0"))
    a = graph.get_tensor_by_name("a:0")
    (gradient,) = tf.gradients(graph.get_tensor_by_name("beside:0"), a)
    with tf.Session() as sess:
        assert sess.run(gradient) == -1.0


def test_a_gradient_may_be_registered_for_it() -> None:
    text = GRAPH.replace("NcclAllReduce", "Resampler").replace(
        'attr { key: "reduction"', 'input: "a" attr { key: "_reduction"'
    )
    text = text.replace('key: "num_devices"', 'key: "_n"').replace('"shared_name"', '"_s"')
    graph = imported(text)

    @tf.RegisterGradient("Resampler")
    def gradient(op: Any, dy: Any) -> Any:
        return dy * 3.0, None

    a = graph.get_tensor_by_name("a:0")
    (found,) = tf.gradients(graph.get_tensor_by_name("twice:0"), a)
    with tf.Session() as sess:
        # The sum's gradient looks at the shape of what it sums.
        assert sess.run(found, {"n:0": 1.0}) == 6.0


def test_defaults_and_shapes_that_the_file_tells() -> None:
    text = """
    node { name: "q" op: "FIFOQueueV2"
      attr { key: "component_types" value { list { type: DT_FLOAT type: DT_INT32 } } } }
    node { name: "r" op: "DeserializeSparse" input: "s"
      attr { key: "dtype" value { type: DT_STRING } } attr { key: "_output_shapes" value {
      list { shape { dim { size: -1 } dim { size: 2 } } shape { unknown_rank: true }
             shape { dim { size: 2 } } } } } }
    node { name: "s" op: "Placeholder" attr { key: "dtype" value { type: DT_STRING } } }
    """
    text = text.replace("DeserializeSparse", "SparseConcatLike")
    with pytest.raises(tf.errors.NotFoundError, match="'SparseConcatLike'"):
        imported(text)
    graph = imported(text.replace("SparseConcatLike", "DeserializeSparse"))
    q = graph.get_operation_by_name("q")
    assert q.get_attr("capacity") == -1 and q.get_attr("component_types") == [tf.float32, tf.int32]
    r = graph.get_operation_by_name("r").outputs
    assert [t.dtype for t in r] == [tf.int64, tf.string, tf.int64]
    assert [t.shape.as_list() if t.shape.ndims else None for t in r] == [[None, 2], None, [2]]


def test_attributes_of_every_kind_survive() -> None:
    text = """
    node { name: "x" op: "NoOp"
      attr { key: "_shape" value { shape { dim { size: 3 } } } }
      attr { key: "_empty" value { list { } } }
      attr { key: "_function" value { func { name: "f" attr { key: "T" value { i: 3 } } } } }
      attr { key: "_tensor" value { tensor { dtype: DT_INT32 int_val: 7 } } }
      attr { key: "_shapes" value { list { shape { } shape { unknown_rank: true } } } }
      attr { key: "_bytes" value { s: "\\377" } }
      attr { key: "_nothing" value { } }
      attr { key: "_float" value { f: 0.1 } } }
    node { name: "y" op: "PartitionedCall" input: "z"
      attr { key: "Tin" value { list { type: DT_FLOAT } } } attr { key: "Tout" value { list { } } }
      attr { key: "config" value { s: "" } } attr { key: "config_proto" value { s: "" } }
      attr { key: "executor_type" value { s: "" } }
      attr { key: "f" value { func { name: "g" attr { key: "T" value { type: DT_FLOAT } } } } } }
    node { name: "z" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
      attr { key: "shape" value { shape { unknown_rank: true } } } }
    """
    graph = imported(text)
    assert {n.name: n for n in graph.as_graph_def().node} == {n.name: n for n in parsed(text).node}
    x = graph.get_operation_by_name("x")
    assert x.get_attr("_shape").dim[0].size == 3 and x.get_attr("_empty") == []
    assert x.get_attr("_function").attr["T"].i == 3 and x.get_attr("_tensor").int_val == [7]
    assert len(x.get_attr("_shapes")) == 2 and x.get_attr("_bytes") == b"\xff"
    assert graph.get_operation_by_name("y").get_attr("f").attr["T"].type == 1


def all_sorts() -> Any:
    return tf.GraphDef.FromString((Path(recorded.FILES) / "all_sorts.pb").read_bytes())


def test_functions_come_and_go_with_a_graph() -> None:
    given = all_sorts()
    tf.import_graph_def(given, name="")
    tf.import_graph_def(given, name="again")
    graph = tf.get_default_graph()
    assert graph.as_graph_def().library == given.library
    assert graph.as_graph_def().versions.min_consumer == 12
    assert graph.get_operation_by_name("again/called").op_def.name == "square"
    with tf.Graph().as_default() as other:
        tf.import_graph_def(graph.as_graph_def(), name="")
        assert other.as_graph_def() == graph.as_graph_def()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda f: setattr(f.node_def[0], "name", "other"),
            "Cannot add function 'square' because a different function with the same name already "
            "exists.",
        ),
        (
            lambda f: setattr(f.signature, "name", "Add"),
            "Cannot add function 'Add' because an op with the same name already exists.",
        ),
    ],
)
def test_functions_that_clash(change: Any, message: str) -> None:
    tf.import_graph_def(all_sorts(), name="")
    before = tf.get_default_graph().as_graph_def()
    given = tf.GraphDef(library=all_sorts().library)
    change(next(f for f in given.library.function if f.signature.name == "square"))
    given.library.gradient.clear()
    with pytest.raises(ValueError) as caught:
        tf.import_graph_def(given)
    assert str(caught.value) == message
    assert tf.get_default_graph().as_graph_def() == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda d: d.attr.add(name="infer", type="int"),
            "OpDef 'square' does not hold together: attr 'infer' has a name that no attr may have",
        ),
        (
            lambda d: d.attr.add(name="T", type="thing"),
            "OpDef 'square' does not hold together: attr 'T' of the unknown type 'thing'",
        ),
        (
            lambda d: setattr(d.input_arg[0], "number_attr", "N"),
            "OpDef 'square' does not hold together: argument 'x' without an attr 'N'",
        ),
        (
            lambda d: setattr(d.input_arg[0], "type", 0),
            "OpDef 'square' does not hold together: argument 'x' of no single type",
        ),
    ],
)
def test_functions_that_do_not_hold_together(change: Any, message: str) -> None:
    given = all_sorts()
    change(next(f for f in given.library.function if f.signature.name == "square").signature)
    with pytest.raises(ValueError) as caught:
        tf.import_graph_def(given)
    assert str(caught.value) == message
    assert tf.get_default_graph().as_graph_def() == tf.Graph().as_graph_def()


def test_a_loop_is_closed() -> None:
    tf.import_graph_def(all_sorts(), name="")
    merge = tf.get_default_graph().get_operation_by_name("loop/Merge")
    assert [t.name for t in merge.inputs] == ["loop/Enter:0", "loop/NextIteration:0"]
    assert merge in merge.inputs[1].consumers()


MERGE = """
node { name: "c" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }
node { name: "n" op: "NextIteration" input: "m" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "m" op: "Merge" input: "c" input: "n" attr { key: "N" value { i: 2 } }
  attr { key: "T" value { type: DT_FLOAT } } }
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('input: "c" input: "n"', 'input: "n" input: "n"', "2 nodes in a cycle"),
        ('input: "c" input: "n"', 'input: "m" input: "m"', "2 nodes in a cycle"),
        ('input: "c" input: "n"', 'input: "n" input: "c" input: "^n"', "2 nodes in a cycle"),
        (
            'input: "m" attr { key: "T" value { type: DT_FLOAT',
            'input: "m" attr { key: "T" value { type: DT_INT32',
            "Input 0 of node n was passed float from m:0 incompatible with expected int32.",
        ),
        (
            'input: "n" attr',
            'input: "n:1" attr',
            "Node 'm': Connecting to invalid output 1 of source node n which has 1 outputs.",
        ),
    ],
)
def test_loops_that_do_not_hold_together(old: str, new: str, message: str) -> None:
    assert old in MERGE
    with pytest.raises(ValueError) as caught:
        imported(MERGE.replace(old, new))
    assert str(caught.value) == message
    assert tf.get_default_graph().get_operations() == []
    imported(MERGE)
    assert len(tf.get_default_graph().get_operations()) == 3


def test_attributes_of_a_newer_producer() -> None:
    graph_def = parsed(GRAPH)
    graph_def.node[4].attr["fancy"].i = 3
    op_list = tf.MetaGraphDef.MetaInfoDef().stripped_op_list
    neg = op_list.op.add(name="Neg")
    neg.attr.add(name="T", type="type")
    neg.attr.add(name="fancy", type="int").default_value.i = 3
    with pytest.raises(ValueError, match="NodeDef mentions attr 'fancy' not in Op<name=Neg;"):
        tf.import_graph_def(graph_def)
    tf.import_graph_def(graph_def, producer_op_list=op_list, name="")
    assert list(tf.get_default_graph().get_operation_by_name("beside").node_def.attr) == ["T"]
    graph_def.node[4].attr["fancy"].i = 4
    with pytest.raises(ValueError, match="NodeDef mentions attr 'fancy' not in Op<name=Neg;"):
        tf.import_graph_def(graph_def, producer_op_list=op_list)


VERSIONS = [
    ({"producer": -1}, "GraphDef producer version -1 below min producer 0 supported by"),
    ({"producer": 134, "bad_consumers": [134]}, "GraphDef disallows consumer version 134."),
    ({"producer": 134, "min_consumer": 135}, "GraphDef min consumer version 135 above current"),
]


@pytest.mark.parametrize(("versions", "message"), VERSIONS)
def test_versions_that_are_refused(versions: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        tf.import_graph_def(tf.GraphDef(versions=versions))
    assert str(caught.value).startswith(message)


def test_versions_are_kept() -> None:
    tf.import_graph_def(tf.GraphDef(versions={"producer": 2000, "min_consumer": 9}))
    assert tf.get_default_graph().graph_def_versions.producer == 134
    tf.import_graph_def(tf.GraphDef(versions={"producer": 30, "min_consumer": 12}))
    tf.import_graph_def(tf.GraphDef(versions={"producer": 99, "min_consumer": 1}))
    versions = tf.get_default_graph().graph_def_versions
    assert (versions.producer, versions.min_consumer) == (30, 12)


@pytest.mark.parametrize(
    ("devices", "groups", "expected"),
    [
        (["/cpu:0", "/gpu:0"], [[], ["x"]], ["/device:CPU:0", "/device:CPU:0"]),
        (["", "/gpu:0"], [[], ["y"]], ["", "/device:GPU:0"]),
        (["", "/gpu:0"], [[], ["x"]], ["", ""]),
        (["/cpu:0", "/gpu:0"], [["y"], ["x"]], ["", ""]),
        (["/job:a/cpu:0", ""], [[], ["x"]], ["/job:a/device:CPU:0", "/job:a/device:CPU:0"]),
    ],
)
def test_nodes_go_where_those_are_with_which_they_belong(
    devices: list[str], groups: list[list[str]], expected: list[str]
) -> None:
    graph_def = tf.GraphDef()
    for name, device, partners in zip("xy", devices, groups):
        node = graph_def.node.add(name=name, op="NoOp", device=device)
        for partner in partners:
            node.attr["_class"].list.s.append(f"loc:@{partner}".encode())
    tf.import_graph_def(graph_def, name="")
    assert [op.device for op in tf.get_default_graph().get_operations()] == expected


def test_a_constant_of_one_number_is_written_as_one() -> None:
    tensor = {"dtype": 1, "tensor_shape": {"dim": [{"size": 10**6}, {"size": 10**6}]}}
    graph_def = tf.GraphDef()
    node = graph_def.node.add(name="c", op="Const")
    node.attr["dtype"].type = 1
    node.attr["value"].CopyFrom(tf.AttrValue(tensor={**tensor, "float_val": [3.0]}))
    tf.import_graph_def(graph_def, name="")
    made = tf.get_default_graph().as_graph_def()
    assert made.node == graph_def.node
    with tf.Session() as sess:
        c = tf.get_default_graph().get_tensor_by_name("c:0")
        np.testing.assert_array_equal(sess.run(c[5, :3]), [3.0, 3.0, 3.0])


def test_op_types_are_found_by_what_can_run_first() -> None:
    assert op_class("Add") is REGISTRY["Add"]
    assert issubclass(op_class("NcclAllReduce"), Opaque)
    assert op_class("NcclAllReduce") is op_class("NcclAllReduce")


def test_what_is_imported_in_a_branch_belongs_to_it() -> None:
    with tf.Graph().as_default() as small:
        inside = tf.tanh(tf.placeholder(tf.float32, [2], name="x"), name="t")
        tf.add(inside, tf.constant([1.0, 2.0], name="k"), name="y")
    given = small.as_graph_def()
    x = tf.placeholder(tf.float32, [2], name="x")
    c = tf.cond(
        x[0] > 0,
        lambda: tf.import_graph_def(given, {"x": x}, ["y:0"])[0],
        lambda: x * 2.0,
    )
    inputs = {
        op.name: [t.name for t in op.inputs] + [f"^{o.name}" for o in op.control_inputs]
        for op in tf.get_default_graph().get_operations()
    }
    assert inputs["cond/import/t"] == ["cond/Switch_1:1"]
    assert inputs["cond/import/k"] == ["^cond/switch_t"]
    names = list(inputs)
    assert names.index("cond/Switch_1") == names.index("cond/import/y") + 1
    with tf.Session() as sess:
        assert sess.run(c, {x: [-1.0, 2.0]}).tolist() == [-2.0, 4.0]
        np.testing.assert_allclose(
            sess.run(c, {x: [1.0, 2.0]}), np.tanh([1.0, 2.0]) + [1.0, 2.0], rtol=1e-6
        )


def test_functions_lose_their_default_attributes_too() -> None:
    tf.import_graph_def(all_sorts(), name="")
    made = tf.train.export_meta_graph(strip_default_attrs=True)
    attributes = {
        node.name: sorted(node.attr)
        for function in made.graph_def.library.function
        for node in function.node_def
    }
    assert attributes["OptimizeDataset/MapDataset"] == [
        "Targuments", "f", "output_shapes", "output_types",
    ]  # fmt: skip
    listed = [op.name for op in made.meta_info_def.stripped_op_list.op]
    assert "Mul" in listed and "ModelDataset" not in listed and "square" not in listed
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(made)
        assert graph.get_operation_by_name("queue").get_attr("container") == b""
