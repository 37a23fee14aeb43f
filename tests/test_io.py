"""GraphDefs in and out, OpDefs, and tensors as protos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.api import table
from tflite_edu.core.op import resolve
from tflite_edu.io.op_def import op_def


def small_graph() -> tf.Graph:
    graph = tf.Graph()
    with graph.as_default():
        a = tf.constant([1.0, 2.0], name="a")
        b = tf.placeholder(tf.float32, [2], name="b")
        with tf.device("/cpu:0"):
            c = tf.add(a, b, name="s/c")
        v = tf.Variable(a, name="v")
        first, second = tf.split(c, 2, name="parts")
        tf.group(c, v.initializer, first, name="all")
        tf.identity(second, name="e")
    return graph


def names() -> list[str]:
    return [op.name for op in tf.get_default_graph().get_operations()]


def changed(change: Callable[[Any], Any]) -> Any:
    """The small graph's GraphDef after `change(nodes by name)`."""
    made = small_graph().as_graph_def()
    change({node.name: node for node in made.node})
    return made


def test_a_graph_comes_back_as_it_was() -> None:
    given = small_graph().as_graph_def()
    tf.import_graph_def(given, name="")
    assert tf.get_default_graph().as_graph_def() == given


def test_control_inputs_are_sorted_in_a_graph_and_not_in_a_node() -> None:
    late, early = tf.no_op("z"), tf.no_op("a")
    with tf.control_dependencies([late, early]):
        last = tf.no_op("last")
    assert list(last.node_def.input) == ["^z", "^a"]
    assert list(tf.get_default_graph().as_graph_def().node[-1].input) == ["^a", "^z"]


def test_shapes_go_with_the_nodes() -> None:
    tf.placeholder(tf.float32, [None, 3], name="x")
    node = tf.get_default_graph().as_graph_def(add_shapes=True).node[0]
    (shape,) = node.attr["_output_shapes"].list.shape
    assert [d.size for d in shape.dim] == [-1, 3]
    with tf.Graph().as_default():
        given = tf.GraphDef(node=[node])
        (x,) = tf.import_graph_def(given, return_elements=["x:0"])
        assert x.shape.as_list() == [None, 3]


def test_values_survive_the_way_through_a_file(tmp_path: Path) -> None:
    path = tf.train.write_graph(small_graph(), str(tmp_path / "new"), "g.pb", as_text=False)
    given = tf.GraphDef.FromString(Path(path).read_bytes())
    parts = tf.import_graph_def(given, return_elements=["parts:0", "parts:1"])
    with tf.Session() as sess:
        found = sess.run(parts, {"import/b:0": [10.0, 20.0]})
    assert [f.tolist() for f in found] == [[11.0], [22.0]]
    text = tf.train.write_graph(given, str(tmp_path), "g.pbtxt")
    assert Path(text).read_text().startswith('node {\n  name: "a"\n')


def test_names_of_imported_nodes() -> None:
    given = small_graph().as_graph_def()
    short = [n.name for n in given.node]
    tf.import_graph_def(given)
    tf.import_graph_def(given)
    with tf.name_scope("outer"):
        tf.import_graph_def(given, name="in")
    scopes = ("import", "import_1", "outer/in")
    assert names() == [f"{scope}/{name}" for scope in scopes for name in short]


def test_names_without_a_scope_are_made_unique() -> None:
    given = small_graph().as_graph_def()
    tf.import_graph_def(given, name="")
    tf.import_graph_def(given, name="")
    assert "v_1" in names() and "v/read_1" in names() and "s/c_1" in names()
    read = tf.get_default_graph().get_operation_by_name("v/read_1")
    assert read.inputs[0].name == "v_1:0" and read.colocation_groups() == [b"loc:@v_1"]


def test_what_is_returned() -> None:
    given = small_graph().as_graph_def()
    assert tf.import_graph_def(given) is None
    op, tensor = tf.import_graph_def(given, return_elements=["s/c", b"parts:1"], name="x")
    assert (op.name, op.type, tensor.name) == ("x/s/c", "Add", "x/parts:1")


def test_inputs_may_be_mapped() -> None:
    given = small_graph().as_graph_def()
    fed = tf.constant([5.0, 6.0], name="fed")
    c, b = tf.import_graph_def(given, {"b": fed, "a:0": [1.0, 1.0]}, ["s/c:0", "b:0"])
    assert [t.name for t in c.op.inputs] == ["import/_inputs/Const:0", "fed:0"] and b is fed
    with tf.Session() as sess:
        assert sess.run(c).tolist() == [6.0, 7.0]


def test_control_inputs_may_be_mapped() -> None:
    given = tf.GraphDef()
    given.node.add(name="a", op="NoOp")
    given.node.add(name="b", op="NoOp", input=["^a"])
    fed = tf.constant(1.0, name="fed")
    (b,) = tf.import_graph_def(given, {"^a": fed}, ["b"])
    assert b.control_inputs == [fed.op]


def test_open_scopes_hold_for_imported_nodes() -> None:
    before = tf.no_op("before")
    with tf.device("/device:CPU:1"), tf.control_dependencies([before]):
        tf.import_graph_def(small_graph().as_graph_def(), name="")
    graph = tf.get_default_graph()
    assert graph.get_operation_by_name("a").device == "/device:CPU:1"
    assert graph.get_operation_by_name("s/c").device == "/device:CPU:0"
    assert before in graph.get_operation_by_name("s/c").control_inputs


def test_nodes_may_come_in_any_order() -> None:
    given = small_graph().as_graph_def()
    turned = tf.GraphDef(node=list(given.node)[::-1], versions=given.versions)
    (c,) = tf.import_graph_def(turned, return_elements=["s/c:0"], name="")
    with tf.Session() as sess:
        assert sess.run(c, {"b:0": [0.0, 0.0]}).tolist() == [1.0, 2.0]


def set_inputs(name: str, *inputs: str) -> Callable[[Any], None]:
    def change(nodes: Any) -> None:
        del nodes[name].input[:]
        nodes[name].input.extend(inputs)

    return change


ADD = (
    "Op<name=Add; signature=x:T, y:T -> z:T; attr=T:type,allowed=[DT_BFLOAT16, DT_HALF, DT_FLOAT, "
    "DT_DOUBLE, DT_UINT8, DT_INT8, DT_INT16, DT_INT32, DT_INT64, DT_COMPLEX64, DT_COMPLEX128, "
    "DT_STRING]>; NodeDef: {{node s/c}}"
)

DAMAGED: list[tuple[Callable[[Any], Any], str]] = [
    (lambda n: setattr(n["a"], "op", ""), "Node 'a' does not specify an operation"),
    (lambda n: setattr(n["a"], "name", ""), "Node '': Node name contains invalid characters"),
    (lambda n: setattr(n["a"], "name", "a b"), "Node 'a b': Node name contains invalid characters"),
    (lambda n: setattr(n["b"], "name", "a"), "Node 'a' is not unique"),
    (lambda n: setattr(n["a"], "device", "/no:x"), "Unknown attribute: 'no' in '/no:x'"),
    (
        set_inputs("s/c", "a"),
        f"NodeDef expected inputs 'float, float' do not match 1 inputs specified; {ADD}",
    ),
    (
        set_inputs("s/c", "a", "b", "a"),
        f"NodeDef expected inputs 'float, float' do not match 3 inputs specified; {ADD}",
    ),
    (set_inputs("s/c", "a", "zz"), "Node 's/c': Unknown input node 'zz'"),
    (set_inputs("s/c", "a", "b:x"), "Node 's/c': Unknown input node 'b:x'"),
    (set_inputs("s/c", "a", "b", "^zz"), "Node 's/c': Unknown input node '^zz'"),
    (
        set_inputs("s/c", "a", "b:1"),
        "Node 's/c': Connecting to invalid output 1 of source node b which has 1 outputs.",
    ),
    (
        set_inputs("s/c", "a", "^v", "b"),
        "Node 's/c': Control dependencies must come after regular dependencies",
    ),
    (set_inputs("s/c", "a", "e"), "6 nodes in a cycle"),
    (set_inputs("s/c", "a", "s/c"), "6 nodes in a cycle"),
    (
        set_inputs("s/c", "a", "parts/split_dim"),
        "Input 1 of node s/c was passed int32 from parts/split_dim:0 incompatible with expected "
        "float.",
    ),
    (
        set_inputs("v/Assign", "a", "a"),
        "Input 0 of node v/Assign was passed float from a:0 incompatible with expected float_ref.",
    ),
    (lambda n: n["s/c"].attr.pop("T"), f"NodeDef missing attr 'T' from {ADD}"),
    (
        lambda n: n["s/c"].attr["zz"].CopyFrom(tf.AttrValue(i=1)),
        f"NodeDef mentions attr 'zz' not in {ADD}. (Check whether your GraphDef-interpreting "
        "binary is up to date with your GraphDef-generating binary.).",
    ),
    (
        lambda n: n["s/c"].attr["T"].CopyFrom(tf.AttrValue(i=1)),
        "AttrValue had value with type 'int' when 'type' expected",
    ),
    (
        lambda n: n["s/c"].attr["T"].CopyFrom(tf.AttrValue(type=10)),
        "Value for attr 'T' of bool is not in the list of allowed values: bfloat16, half, float, "
        "double, uint8, int8, int16, int32, int64, complex64, complex128, string",
    ),
    (
        lambda n: n["parts"].attr["num_split"].CopyFrom(tf.AttrValue(i=0)),
        "Value for attr 'num_split' of 0 must be at least minimum 1",
    ),
    (
        lambda n: n["v/read"].attr["_class"].list.s.append(b"loc:@nowhere"),
        "Node 'v/read' expects to be colocated with unknown node 'nowhere'",
    ),
    (
        lambda n: n["b"].attr["shape"].shape.dim[0].__setattr__("size", 3),
        "Dimensions must be equal, but are 2 and 3 for 's/c' (op: 'Add') with input shapes: [2], "
        "[3].",
    ),
    (
        lambda n: n["b"].attr["_output_shapes"].list.shape.add().dim.add(size=3),
        "Node 'b' has an _output_shapes attribute inconsistent with the GraphDef for output #0: "
        "Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are [2] and [3].",
    ),
]


@pytest.mark.parametrize(("change", "message"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_graph_that_does_not_hold_together_changes_nothing(
    change: Callable[[Any], Any], message: str
) -> None:
    given = changed(change)
    mine = tf.constant(1.0, name="mine")
    before = tf.get_default_graph().as_graph_def()
    with pytest.raises(ValueError) as caught:
        tf.import_graph_def(given, name="")
    assert str(caught.value).split("\n")[0] == message
    assert tf.get_default_graph().as_graph_def() == before and mine.consumers() == []
    assert tf.constant(1.0, name="a").name == "a:0"
    with tf.Session() as sess:
        assert sess.run(mine + 1) == 2.0


def test_an_op_type_that_is_not_known() -> None:
    given = changed(lambda n: setattr(n["a"], "op", "NoSuchOp"))
    with pytest.raises(tf.errors.NotFoundError, match="Op type not registered 'NoSuchOp' in bin"):
        tf.import_graph_def(given)
    assert names() == []


ARGUMENTS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"graph_def": 3}, TypeError, "graph_def must be a GraphDef proto."),
    ({"return_elements": [3]}, TypeError, "return_elements must be a list of strings."),
    ({"return_elements": ["z"]}, ValueError, "Requested return node 'z' not found in graph def"),
    (
        {"return_elements": ["z:0"]},
        ValueError,
        "Requested return tensor 'z:0' not found in graph def",
    ),
    (
        {"return_elements": ["a:1"]},
        ValueError,
        "Invalid return output 1 of node 'a', which has 1 output(s)",
    ),
    ({"return_elements": ["a:x"]}, ValueError, "Cannot convert 'a:x' to a tensor name."),
    (
        {"input_map": [1]},
        TypeError,
        "input_map must be a dictionary mapping strings to Tensor objects.",
    ),
    (
        {"input_map": {"z": [1.0], "y:0": [1.0]}},
        ValueError,
        "Attempted to map inputs that were not found in graph_def: [y:0, z:0]",
    ),
    (
        {"input_map": {"b": [1.0, 2.0]}, "name": ""},
        ValueError,
        "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor "
        "values. Try calling tf.convert_to_tensor() on `input_map` values before calling "
        "tf.import_graph_def().",
    ),
    (
        {"input_map": {"b": [1, 2]}},
        ValueError,
        "Input 1 of node import/s/c was passed int32 from import/_inputs/Const:0 incompatible with "
        "expected float.",
    ),
    ({"name": "a b"}, ValueError, "'a b' is not a valid scope name"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), ARGUMENTS)
def test_arguments_that_do_not_fit(
    arguments: dict[str, Any], kind: type[Exception], message: str
) -> None:
    given = {"graph_def": small_graph().as_graph_def(), **arguments}
    with pytest.raises(kind) as caught:
        tf.import_graph_def(**given)
    assert str(caught.value) == message
    assert names() == []


def test_a_graph_of_a_newer_tensorflow() -> None:
    given = small_graph().as_graph_def()
    given.versions.min_consumer = 1000
    with pytest.raises(ValueError, match="min consumer version 1000 above current version 134"):
        tf.import_graph_def(given)


@pytest.mark.parametrize("op_type", sorted(table.OPERATIONS))
def test_an_op_type_is_described_once(op_type: str) -> None:
    """The OpDef names what the class declares, and gives it back."""
    made = op_def(resolve(op_type))
    signature = resolve(op_type).signature
    assert made.name == op_type
    assert [a.name for a in made.input_arg] == [a.name for a in signature.inputs]
    assert [a.name for a in made.attr] == list(signature.attributes)


@pytest.mark.parametrize(
    "value",
    [
        3, 3.5, True, 2j, "text", b"\xff", [1, 2], [[1.5, 2.5]], [], ["a", "bc"],
        np.float16([1.5, 2.5]), np.uint8([1, 2]), np.zeros((2, 0), np.int64), np.uint64([2**63]),
    ],
)  # fmt: skip
def test_tensors_as_protos(value: Any) -> None:
    made = tf.make_tensor_proto(value)
    with tf.Session() as sess:
        expected = sess.run(tf.constant(value))
    found = tf.make_ndarray(made)
    np.testing.assert_array_equal(found, np.asarray(expected))
    assert found.dtype == np.asarray(expected).dtype or found.dtype == object
    again = tf.make_ndarray(tf.make_tensor_proto(found, dtype=made.dtype))
    np.testing.assert_array_equal(again, found)


def test_shapes_of_tensor_protos() -> None:
    assert tf.make_ndarray(tf.make_tensor_proto(3, shape=[2, 2])).tolist() == [[3, 3], [3, 3]]
    assert tf.make_ndarray(tf.make_tensor_proto([1, 2], shape=[4])).tolist() == [1, 2, 2, 2]
    with pytest.raises(ValueError, match="Too many elements provided. Needed at most 1"):
        tf.make_tensor_proto([1, 2], shape=[1])
    with pytest.raises(TypeError, match=r"Expected Tensor's shape: \(3,\), got \(2,\)."):
        tf.make_tensor_proto([1, 2], shape=[3], verify_shape=True)
    with pytest.raises(TypeError, match=r"Expected Tensor's shape: \(3, 2\), got \(2,\)."):
        tf.make_tensor_proto([1, 2], shape=[3, 2], allow_broadcast=True)
    with pytest.raises(TypeError, match=r"Expected int32, got 1.5 of type 'float' instead."):
        tf.make_tensor_proto(1.5, dtype=tf.int32)
    with pytest.raises(ValueError, match="None values not supported"):
        tf.make_tensor_proto(None)


def test_protos_have_tensorflows_fields() -> None:
    config = tf.ConfigProto(
        allow_soft_placement=True,
        gpu_options=tf.GPUOptions(allow_growth=True, per_process_gpu_memory_fraction=0.5),
    )
    assert tf.ConfigProto.FromString(config.SerializeToString()) == config
    assert tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE).trace_level == 3
    assert tf.OptimizerOptions.ON_1 == 1
