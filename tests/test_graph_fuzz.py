"""Damaged and hostile graph files: an error of TensorFlow's kind, and a graph as it was."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest
import record_graph_files as recorded
from google.protobuf import text_format
from google.protobuf.message import DecodeError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tflite_edu as tf
from tflite_edu.io.op_types import recorded_op_defs

FILES = Path(recorded.FILES)
GRAPHS = ("all_sorts.pb", "frozen_convnet.pb", "graph_util_some.pb")
EXPECTED = (ValueError, tf.errors.OpError)

# protobuf's text parser warns of what it takes for an odd escape in a damaged string.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FUZZ = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def read(name: str) -> bytes:
    return (FILES / name).read_bytes()


def import_or_refuse(graph_def: Any) -> bool:
    """Imports into a graph that has nodes; says whether it went, and checks what it left."""
    with tf.Graph().as_default() as graph:
        mine = tf.constant(1.0, name="mine")
        tf.add_to_collection("mine", mine)
        before = graph.as_graph_def()
        try:
            tf.import_graph_def(graph_def, name="")
        except EXPECTED:
            assert graph.as_graph_def() == before and mine.consumers() == []
            assert graph.get_collection("mine") == [mine]
            assert graph.unique_name("x", mark_as_used=False) == "x"
            return False
        made = graph.as_graph_def()
        assert len(made.node) == len(graph_def.node) + 1
        # What was read can be read again.
        with tf.Graph().as_default() as other:
            tf.import_graph_def(made, name="")
            assert {n.name: n for n in other.as_graph_def().node} == {n.name: n for n in made.node}
        return True


def damage(content: bytes, flips: list[tuple[int, int]], cut: int | None) -> bytes:
    changed = bytearray(content)
    for place, bits in flips:
        changed[place % len(changed)] ^= bits
    return bytes(changed if cut is None else changed[: cut % len(changed)])


FLIPS = st.lists(st.tuples(st.integers(0, 2**16), st.integers(1, 255)), max_size=4)
CUT = st.none() | st.integers(0, 2**16)


@FUZZ
@given(st.sampled_from(GRAPHS), FLIPS, CUT)
def test_binary_graphs(name: str, flips: list[tuple[int, int]], cut: int | None) -> None:
    try:
        graph_def = tf.GraphDef.FromString(damage(read(name), flips, cut))
    except DecodeError:
        return
    import_or_refuse(graph_def)


@FUZZ
@given(st.sampled_from(GRAPHS), FLIPS, CUT)
def test_text_graphs(name: str, flips: list[tuple[int, int]], cut: int | None) -> None:
    text = text_format.MessageToString(tf.GraphDef.FromString(read(name))).encode()
    graph_def = tf.GraphDef()
    try:
        text_format.Parse(damage(text, flips, cut).decode(errors="replace"), graph_def)
    except text_format.ParseError:
        return
    import_or_refuse(graph_def)


@FUZZ
@given(FLIPS, CUT, st.booleans(), st.sampled_from([None, "scope"]))
def test_meta_graphs(
    tmp_path_factory: Any,
    flips: list[tuple[int, int]],
    cut: int | None,
    as_text: bool,
    scope: str | None,
) -> None:
    content = read("momentum.meta")
    if as_text:
        content = text_format.MessageToString(tf.MetaGraphDef.FromString(content)).encode()
    path = tmp_path_factory.getbasetemp() / "damaged.meta"
    path.write_bytes(damage(content, flips, cut))
    with tf.Graph().as_default() as graph:
        tf.add_to_collection("mine", tf.constant(1.0, name="mine"))
        before = graph.as_graph_def(), graph.get_all_collection_keys()
        try:
            tf.train.import_meta_graph(str(path), import_scope=scope)
        except (*EXPECTED, OSError, KeyError):
            # A KeyError is about a name that is not in the graph.
            assert (graph.as_graph_def(), graph.get_all_collection_keys()) == before


NUMBERS = st.sampled_from([0, 1, -1, 2, 7, 2**31, 10**12, 2**62, -(2**62)])
SHAPES = st.builds(
    lambda sizes, unknown: {"dim": [{"size": s} for s in sizes], "unknown_rank": unknown},
    st.lists(NUMBERS, max_size=3),
    st.booleans(),
)
TENSORS = st.builds(
    lambda dtype, shape, values, content: {
        "dtype": dtype,
        "tensor_shape": shape,
        "float_val": values,
        "tensor_content": content,
    },  # fmt: skip
    st.integers(0, 30),
    SHAPES,
    st.lists(st.floats(width=32), max_size=2),
    st.binary(max_size=8),
)
TYPES = st.sampled_from([0, 1, 3, 7, 9, 20, 21, 23, 101, 103, 999])
TEXTS = st.sampled_from(["", "x", "loc:@x", "loc:@none", "SAME", "VALID", "\u00e9"])
ATTRIBUTES = st.one_of(
    st.builds(lambda i: tf.AttrValue(i=i), NUMBERS),
    st.builds(lambda f: tf.AttrValue(f=f), st.floats(width=32)),
    st.builds(lambda b: tf.AttrValue(b=b), st.booleans()),
    st.builds(lambda s: tf.AttrValue(s=s), st.binary(max_size=4)),
    st.builds(lambda t: tf.AttrValue(type=t), TYPES),
    st.builds(lambda s: tf.AttrValue(shape=s), SHAPES),
    st.builds(lambda t: tf.AttrValue(tensor=t), TENSORS),
    st.builds(lambda n: tf.AttrValue(func={"name": n}), TEXTS),
    st.builds(
        lambda i, t, s: tf.AttrValue(list={"i": i, "type": t, "s": [x.encode() for x in s]}),
        st.lists(NUMBERS, max_size=2),
        st.lists(TYPES, max_size=2),
        st.lists(TEXTS, max_size=2),
    ),
    st.builds(lambda: tf.AttrValue()),
    st.builds(lambda: tf.AttrValue(placeholder="p")),
)


@st.composite
def changed_graphs(draw: Any) -> Any:
    """A graph with a few nodes changed at will: op types, inputs, attributes, names, devices."""
    graph_def = tf.GraphDef.FromString(read(draw(st.sampled_from(GRAPHS))))
    names = [node.name for node in graph_def.node]
    for _ in range(draw(st.integers(1, 3))):
        node = draw(st.sampled_from(list(graph_def.node)))
        what = draw(st.integers(0, 7))
        if what == 0:
            node.op = draw(st.sampled_from([*recorded_op_defs(), "", "Nonsense", "square"]))
        elif what == 1 and node.input:
            text = draw(st.sampled_from([*names, "", "none", "^x", ":", "x:-1", "x:99", "x:x"]))
            node.input[draw(st.integers(0, len(node.input) - 1))] = text
        elif what == 2:
            node.input.append(draw(st.sampled_from([*names, f"^{node.name}", node.name])))
        elif what == 3:
            key = draw(st.sampled_from([*node.attr, "_class", "_output_shapes", "_x", "new"]))
            node.attr[key].CopyFrom(draw(ATTRIBUTES))
        elif what == 4 and node.attr:
            del node.attr[draw(st.sampled_from(sorted(node.attr)))]
        elif what == 5:
            node.name = draw(st.sampled_from([*names, "", "a b", "\u00e9", "/"]))
        elif what == 6:
            node.device = draw(
                st.sampled_from(["/cpu:0", "x", "/job:a/task:99999999999", "\u00e9"])
            )
        elif graph_def.library.function:
            (function, *_) = graph_def.library.function
            argument = draw(st.sampled_from([*function.signature.input_arg]))
            argument.type = draw(TYPES)
            argument.number_attr = draw(st.sampled_from(["", "N"]))
            function.signature.name = draw(st.sampled_from(["square", "Add", "other"]))
    graph_def.versions.min_consumer = draw(st.sampled_from([0, 12, 134, 1000]))
    # As bytes, which hypothesis can show.
    return graph_def.SerializeToString()


@settings(FUZZ, max_examples=120)
@given(changed_graphs())
def test_graphs_that_are_valid_protos(content: bytes) -> None:
    import_or_refuse(tf.GraphDef.FromString(content))


def const(shape: list[int], **fields: Any) -> Any:
    tensor = {"dtype": 1, "tensor_shape": {"dim": [{"size": s} for s in shape]}, **fields}
    graph_def = tf.GraphDef()
    node = graph_def.node.add(name="c", op="Const")
    node.attr["dtype"].type = 1
    node.attr["value"].CopyFrom(tf.AttrValue(tensor=tensor))
    return graph_def


def test_a_tensor_without_its_data_takes_no_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert import_or_refuse(const([10**6, 10**6], float_val=[1.0]))
    assert not import_or_refuse(const([10**6, 10**6], tensor_content=b"1234"))
    assert not import_or_refuse(const([10**6, 10**6], float_val=[1.0, 2.0]))
    assert not import_or_refuse(const([2**62, 2**62], float_val=[1.0]))
    assert not import_or_refuse(const([-2], float_val=[1.0]))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024


def test_a_node_of_countless_outputs() -> None:
    graph_def = const([4], float_val=[1.0])
    zero = graph_def.node.add(name="axis", op="Const")
    zero.attr["dtype"].type = 3
    zero.attr["value"].CopyFrom(tf.AttrValue(tensor={"dtype": 3, "tensor_shape": {}}))
    split = graph_def.node.add(name="s", op="Split", input=["axis", "c"])
    split.attr["T"].type = 1
    split.attr["num_split"].i = 10**12
    with pytest.raises(ValueError, match="attr 'num_split' asks for 1000000000000 outputs"):
        tf.import_graph_def(graph_def)
    pack = graph_def.node[2]
    pack.op, pack.input[:] = "Pack", ["c", "c"]
    pack.attr.clear()
    pack.attr["T"].type, pack.attr["N"].i = 1, 10**12
    with pytest.raises(ValueError, match="do not match 2 inputs specified"):
        tf.import_graph_def(graph_def)


def test_a_long_chain_and_a_long_cycle() -> None:
    graph_def = tf.GraphDef()
    for i in range(5000):
        graph_def.node.add(name=f"n{i}", op="NoOp", input=[f"^n{i + 1}"] if i < 4999 else [])
    assert import_or_refuse(graph_def)
    graph_def.node[-1].input.append("^n0")
    with pytest.raises(ValueError, match="5000 nodes in a cycle"):
        tf.import_graph_def(graph_def)


def test_deep_text_is_no_meta_graph(tmp_path: Path) -> None:
    path = tmp_path / "deep.meta"
    path.write_text("graph_def { library { function { " + "ret { " * 100_000)
    with pytest.raises(OSError, match="Cannot parse file"):
        tf.train.import_meta_graph(str(path))
    path.write_text("x { " * 5000)
    with pytest.raises(OSError, match="Cannot parse file"):
        tf.train.import_meta_graph(str(path))
