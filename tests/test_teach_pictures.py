"""`tf.teach.show` and what draws a diagram: layout, SVG, text, and the page in a real browser."""

import html
import itertools
import json
import random
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import tflite_edu as tf
from tflite_edu.teach.diagram import Diagram, Edge, Kind, Node, fold, fold_scopes, verify
from tflite_edu.teach.layout import arrange, ranks
from tflite_edu.teach.page import to_html
from tflite_edu.teach.svg import clip, to_svg
from tflite_edu.teach.text import in_order, to_text

SVG = "{http://www.w3.org/2000/svg}"


def sigmoid_of_products():
    """sigma(w0 x0 + w1 x1 + w2) with the numbers of both passes."""
    kinds = dict.fromkeys(["w0", "w1", "w2"], Kind.VARIABLE) | dict.fromkeys(
        ["x0", "x1"], Kind.INPUT
    )
    names = ["w0", "x0", "m0", "w1", "x1", "m1", "a", "w2", "b", "f"]
    labels = {"m0": "×", "m1": "×", "a": "+", "b": "+", "f": "σ"}
    nodes = [
        Node(n, labels.get(n, n), kinds.get(n, Kind.OPERATION), "", (f"about {n}",)) for n in names
    ]
    edges = [
        *[Edge("w0", "m0", "2.00", "-0.20"), Edge("x0", "m0", "-1.00", "0.39")],
        *[Edge("w1", "m1", "-3.00", "-0.39"), Edge("x1", "m1", "-2.00", "-0.59")],
        *[Edge("m0", "a", "-2.00", "0.20"), Edge("m1", "a", "6.00", "0.20")],
        *[Edge("a", "b", "4.00", "0.20"), Edge("w2", "b", "-3.00", "0.20")],
        Edge("b", "f", "1.00", "0.20"),
    ]
    backward = ("f", "b", "a", "m1", "m0")
    return Diagram(tuple(nodes), tuple(edges), "A neuron", tuple(names), backward)


def scoped():
    """in -> layer1 (two nodes, one of them in layer1/inner) -> layer2 (two nodes) -> out."""
    nodes = [
        Node("in", "in", Kind.INPUT),
        Node("layer1/w", "w", Kind.VARIABLE, "layer1"),
        Node("layer1/inner/dot", "dot", Kind.OPERATION, "layer1/inner"),
        Node("layer1/inner/relu", "relu", Kind.OPERATION, "layer1/inner"),
        Node("layer2/w", "w", Kind.VARIABLE, "layer2"),
        Node("layer2/dot", "dot", Kind.OPERATION, "layer2"),
        Node("out", "out", Kind.OUTPUT),
    ]
    names = [node.name for node in nodes]
    edges = [
        Edge("in", "layer1/inner/dot", "[3]"),
        Edge("layer1/w", "layer1/inner/dot", "[3, 2]"),
        Edge("layer1/inner/dot", "layer1/inner/relu", "[2]"),
        Edge("layer1/inner/relu", "layer2/dot", "[2]"),
        Edge("layer2/w", "layer2/dot", "[2, 1]"),
        Edge("layer2/dot", "out", "[1]"),
    ]
    return Diagram(tuple(nodes), tuple(edges), "Layers", tuple(names))


def random_edges(count, seed, cycles=False):
    drawn = random.Random(seed)
    pairs = [(drawn.randrange(max(0, i - 9), i), i) for i in range(1, count) for _ in range(2)]
    return [(b, a) if cycles and drawn.random() < 0.1 else (a, b) for a, b in pairs]


def overlap(one, other):
    return (
        abs(one[0] - other[0]) < (one[2] + other[2]) / 2 - 0.01
        and abs(one[1] - other[1]) < (one[3] + other[3]) / 2 - 0.01
    )


@pytest.mark.parametrize("cycles", [False, True])
@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_boxes_and_labels_do_not_overlap(count, cycles):
    edges = random_edges(count, count, cycles)
    sizes = [(30.0 + 7 * (i % 5), 30.0) for i in range(count)]
    layout = arrange(sizes, edges, [(44.0, 38.0)] * len(edges))
    labels = [(*route.label, 44.0, 30.0) for route in layout.routes]
    for one, other in itertools.combinations([*layout.boxes, *labels], 2):
        assert not overlap(one, other)
    for box in layout.boxes:
        assert box.x - box.width / 2 >= 0 and box.x + box.width / 2 <= layout.width + 0.01
        assert box.y - box.height / 2 >= -0.01 and box.y + box.height / 2 <= layout.height + 0.01


def test_routes_lead_from_the_source_to_the_target():
    edges = random_edges(60, 3, cycles=True)
    layout = arrange([(40.0, 30.0)] * 60, edges, [(0.0, 0.0)] * len(edges))
    assert any(route.turned for route in layout.routes)
    for (source, target), route in zip(edges, layout.routes):
        first, last = (target, source) if route.turned else (source, target)
        start, end = layout.boxes[first], layout.boxes[last]
        assert route.points[0] == (start.x + start.width / 2, start.y)
        assert route.points[-1][0] == end.x - end.width / 2
        assert abs(route.points[-1][1] - end.y) <= end.height / 2
        assert [x for x, _ in route.points] == sorted(x for x, _ in route.points)


def test_only_edges_that_close_a_cycle_are_turned():
    layout = arrange([(30.0, 30.0)] * 4, [(0, 1), (1, 2), (2, 0), (2, 3)], [(0.0, 0.0)] * 4)
    assert [route.turned for route in layout.routes] == [False, False, True, False]


def test_ranks_are_longest_paths_and_inputs_stand_before_their_use():
    #  0 -> 1 -> 2 -> 3, and 4 is used by 3 only
    assert ranks(5, [(0, 1), (1, 2), (2, 3), (0, 3), (4, 3)]) == [0, 1, 2, 3, 2]


def test_crossings_that_can_go_are_gone():
    # Three chains whose nodes come in orders that cross, side by side.
    edges = [(0, 5), (1, 3), (2, 4), (3, 8), (4, 6), (5, 7)]
    boxes = arrange([(30.0, 30.0)] * 9, edges, [(0.0, 0.0)] * 6).boxes
    for (a, b), (c, d) in itertools.combinations(edges, 2):
        if boxes[a].x == boxes[c].x:
            assert (boxes[a].y < boxes[c].y) == (boxes[b].y < boxes[d].y)


def test_the_layout_of_five_hundred_nodes_is_the_same_each_time():
    edges = random_edges(500, 8)
    arguments = ([(40.0, 30.0)] * 500, edges, [(30.0, 19.0)] * len(edges))
    assert arrange(*arguments) == arrange(*arguments)


def test_a_chain_is_level():
    diagram = scoped()
    numbers = {node.name: i for i, node in enumerate(diagram.nodes)}
    edges = [(numbers[e.source], numbers[e.target]) for e in diagram.edges]
    boxes = arrange([(40.0, 30.0)] * 7, edges, [(20.0, 19.0)] * 6).boxes
    assert len({round(boxes[i].y, 3) for i in (2, 3, 5, 6)}) == 1


def test_nothing_to_draw():
    assert arrange([], [], []).boxes == ()
    ElementTree.fromstring(to_svg(Diagram((), ())))
    assert "(nothing to show)" in to_text(Diagram((), ()))
    assert "</html>" in to_html(Diagram((), ()))


def test_fold_keeps_what_fits_and_opens_outer_scopes_first():
    diagram = scoped()
    assert fold(diagram, 7) is diagram
    folded = fold(diagram, 4)
    assert [node.name for node in folded.nodes] == ["in", "layer1/", "layer2/", "out"]
    assert folded.edges == (
        Edge("in", "layer1/", "[3]"),
        Edge("layer1/", "layer2/", "[2]"),
        Edge("layer2/", "out", "[1]"),
    )
    assert folded.forward == ("in", "layer1/", "layer2/", "out")
    assert folded.nodes[1].details == ("A scope of 3 nodes, folded:", "w", "dot", "relu")
    six = fold(diagram, 6)
    assert [node.name for node in six.nodes] == [
        *["in", "layer1/w", "layer1/inner/", "layer2/w", "layer2/dot", "out"]
    ]
    # Fewer than the scopes allow: what is outside of scopes stays.
    assert len(fold(diagram, 1).nodes) == 4


def test_scopes_of_one_size_open_together():
    nodes = tuple(Node(f"{s}/{i}", "n", Kind.OPERATION, s) for s in ("a", "b") for i in range(4))
    assert [node.name for node in fold(Diagram(nodes, ()), 5).nodes] == ["a/", "b/"]


def test_no_scope_opens_after_a_smaller_one_did_not_fit():
    inside = [*[(f"layer{i}", 4) for i in range(5)], ("training", 6)]
    nodes = tuple(Node(f"{s}/{i}", "n", Kind.OPERATION, s) for s, n in inside for i in range(n))
    assert len(fold(Diagram(nodes, ()), 12).nodes) == 6


def test_a_folded_scope_of_gradients_is_one():
    nodes = (
        Node("gradients/one", "one", Kind.CONSTANT, "gradients"),
        Node("gradients/mul", "mul", Kind.GRADIENT, "gradients"),
        Node("mix/mul", "mul", Kind.GRADIENT, "mix"),
        Node("mix/add", "add", Kind.OPERATION, "mix"),
    )
    folded = fold_scopes(Diagram(nodes, ()), [])
    assert [(n.name, n.kind) for n in folded.nodes] == [
        *[("gradients/", Kind.GRADIENT), ("mix/", Kind.SCOPE)]
    ]


def test_folded_edges_of_several_tensors_say_how_many():
    nodes = (Node("a", "a", Kind.INPUT), *[Node(f"s/{i}", "n", Kind.OPERATION, "s") for i in "12"])
    edges = (Edge("a", "s/1", "[2]"), Edge("a", "s/2", "[3]"))
    assert fold_scopes(Diagram(nodes, edges), []).edges == (Edge("a", "s/", "2 tensors"),)


@pytest.mark.parametrize(
    ("edges", "forward", "message"),
    [
        ((Edge("a", "z"),), (), "ends at 'z', which is no node"),
        ((Edge("a", "a"),), (), "leads from 'a' to itself"),
        ((), ("z",), "names 'z', which is no node"),
    ],
)
def test_a_diagram_that_names_what_is_not_there(edges, forward, message):
    with pytest.raises(ValueError, match=message):
        verify(Diagram((Node("a", "a", Kind.INPUT),), edges, forward=forward))


def test_a_diagram_with_one_name_twice():
    with pytest.raises(ValueError, match="2 nodes of the diagram have the name 'a'"):
        to_svg(Diagram((Node("a", "a", Kind.INPUT),) * 2, ()))


def test_svg_has_values_above_and_gradients_under_every_edge():
    root = ElementTree.fromstring(to_svg(sigmoid_of_products()))
    edges = [g for g in root.iter(f"{SVG}g") if g.get("class") == "edge"]
    assert len(edges) == 9
    for edge in edges:
        above, under = edge.findall(f"{SVG}text")
        assert (above.get("class"), under.get("class")) == ("above", "under")
        assert float(above.get("y")) < float(under.get("y"))
        assert above.get("x") == under.get("x")
    texts = [t.text for e in edges for t in e.findall(f"{SVG}text")]
    assert texts[:4] == ["2.00", "-0.20", "-1.00", "0.39"]


def test_kinds_differ_by_shape_not_by_colour_alone():
    nodes = tuple(Node(kind.value, "same", kind) for kind in Kind if kind is not Kind.SCOPE)
    root = ElementTree.fromstring(to_svg(Diagram((*nodes, Node("s/", "same", Kind.SCOPE)), ())))
    shapes = {}
    for group in root.iter(f"{SVG}g"):
        if (group.get("class") or "").startswith("node"):
            paths = [re.sub(r"-?[\d.]+", "0", p.get("d")) for p in group.findall(f"{SVG}path")]
            shapes[group.get("data-name")] = tuple(paths)
    # An operation is a rounded box; a constant is a plain box, and its line is dashed.
    assert len(set(shapes.values())) == len(shapes) == 7


def test_svg_escapes_and_clips():
    name = 'a<b>&"\x00' + "long" * 20
    diagram = Diagram(
        (Node(name, name, Kind.OPERATION), Node("b", "b", Kind.INPUT)), (Edge(name, "b", name),)
    )
    text = to_svg(diagram)
    root = ElementTree.fromstring(text)
    titles = [title.text for title in root.iter(f"{SVG}title")]
    full = name.replace("\x00", "\ufffd")
    assert any(full in title for title in titles)
    drawn = [t.text for t in root.iter(f"{SVG}text") if t.text.startswith("a<b>")]
    assert len(drawn) == 2 and all(len(t) == 24 and "…" in t for t in drawn)
    assert clip("short") == "short"


def test_a_text_is_in_order_and_not_too_wide():
    wide = Diagram(
        tuple(Node(f"{'n' * 60}{i}", "n", Kind.OPERATION) for i in range(9)),
        tuple(Edge(f"{'n' * 60}{i}", f"{'n' * 60}8", "[1, 2, 3]", "0.5") for i in range(8)),
    )
    lines = to_text(wide).splitlines()
    assert max(map(len, lines)) <= 100
    assert len([line for line in lines if "[1, 2, 3] (0.5)" in line]) >= 8

    text = to_text(sigmoid_of_products())
    assert "o m0 ×  <- w0 2.00 (-0.20), x0 -1.00 (0.39)\n" in text
    assert text.index("m0") < text.index("o a +") < text.index("f σ")
    assert text.endswith("> input   # variable   o operation\n")


def test_the_order_of_a_cycle_has_every_node_once():
    nodes = tuple(Node(n, n, Kind.OPERATION) for n in "abc")
    cycle = Diagram(nodes, (Edge("a", "b"), Edge("b", "c"), Edge("c", "b")))
    assert [node.name for node in in_order(cycle)] == ["a", "b", "c"]


def perceptron(use_resource=False):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    with tf.variable_scope("hidden", use_resource=use_resource):
        w = tf.get_variable("w", [4, 3])
        b = tf.get_variable("b", [3], initializer=tf.zeros_initializer())
        h = tf.tanh(tf.matmul(x, w) + b)
    loss = tf.reduce_mean(tf.reduce_sum(h, axis=1), name="loss")
    train = tf.train.AdamOptimizer(0.01).minimize(loss)
    tf.global_variables_initializer()
    return x, w, h, loss, train


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize("use_resource", [False, True])
def test_show_folds_what_reads_and_initializes_a_variable(graph, use_resource):
    _, _, _, loss, _ = perceptron(use_resource)
    picture = tf.teach.show(loss)
    nodes = {node.name: node for node in picture.diagram.nodes}
    assert list(nodes) == [
        *["x", "hidden/w", "hidden/b", "hidden/MatMul", "hidden/add", "hidden/Tanh", "Sum", "loss"]
    ]
    assert nodes["x"].kind is Kind.INPUT
    assert nodes["hidden/w"].kind is Kind.VARIABLE
    assert nodes["loss"].kind is Kind.OUTPUT
    assert nodes["loss"].label == "loss\nMean"
    assert Edge("hidden/w", "hidden/MatMul", "[4, 3]") in picture.diagram.edges
    assert Edge("x", "hidden/MatMul", "[?, 4]") in picture.diagram.edges
    # The axis is no node, but is told where it acts.
    assert "set by Sum/reduction_indices:0: int32 scalar = 1" in nodes["Sum"].details
    made_here = [line for line in nodes["Sum"].details if line.startswith("defined in ")]
    assert made_here and "test_teach_pictures.py" in made_here[0]


def test_show_with_internals_shows_every_node(graph):
    _, _, _, loss, _ = perceptron()
    shown = {node.name for node in tf.teach.show(graph, internals=True).diagram.nodes}
    assert shown == {op.name for op in graph.get_operations()}
    assert "hidden/w/read" in {n.name for n in tf.teach.show(loss, internals=True).diagram.nodes}


def test_show_tells_gradients_apart_and_groups_by_dashed_edges(graph):
    perceptron()
    diagram = tf.teach.show(graph).diagram
    kinds = {node.name: node.kind for node in diagram.nodes}
    assert kinds["gradients/hidden/MatMul_grad/MatMul_1"] is Kind.GRADIENT
    assert kinds["Adam/update_hidden/w/ApplyAdam"] is Kind.OPERATION
    assert not any("group_deps" in name or name == "init" for name in kinds)
    assert Edge("Adam/update_hidden/w/ApplyAdam", "Adam", control=True) in diagram.edges
    # The gradient reaches the update without the identity that ties gradients together.
    pair = ("gradients/hidden/MatMul_grad/MatMul_1", "Adam/update_hidden/w/ApplyAdam")
    assert pair in {(e.source, e.target) for e in diagram.edges}
    slots = {node.name: node.scope for node in diagram.nodes if "/w/" in node.name}
    assert slots["hidden/w/Adam"] == "hidden"


def test_integers_that_are_data_are_shown(graph):
    ids = tf.placeholder(tf.int64, [None], name="ids")
    total = tf.reduce_sum(tf.cast(ids * tf.constant([2], tf.int64), tf.float32))
    names = {node.name for node in tf.teach.show(total).diagram.nodes}
    assert {"ids", "Const", "mul", "Cast", "Sum"} <= names


def test_show_leaves_the_graph_alone(graph):
    _, w, h, loss, train = perceptron()
    before = graph.as_graph_def()
    for element in (graph, w, h, loss, train, [h, loss], None):
        str(tf.teach.show(element))
        tf.teach.show(element)._repr_svg_()
    assert graph.as_graph_def() == before


def test_show_a_loop_of_the_graph(graph):
    value = tf.placeholder(tf.float32, [], name="value")
    result = tf.cond(value > 0, lambda: value * 2, lambda: value - 1)
    text = str(tf.teach.show(result))
    assert "o Switch" in text and "Merge" in text


def test_a_big_graph_folds(graph):
    x = tf.placeholder(tf.float32, [3])
    for layer in range(20):
        with tf.name_scope(f"layer{layer}"):
            for _ in range(10):
                x = tf.tanh(x)
    picture = tf.teach.show(graph)
    root = ElementTree.fromstring(picture._repr_svg_())
    classes = [g.get("class") for g in root.iter(f"{SVG}g")]
    assert classes.count("node scope folded") == 20
    assert "+ layer19/  <- layer18/ [3]" in str(picture)
    assert "of them variables" in repr(picture)


@pytest.mark.parametrize(
    ("name", "start"), [("p.svg", "<svg "), ("p.HTML", "<!DOCTYPE html>"), ("p.txt", "loss\n")]
)
def test_save(graph, tmp_path, name, start):
    picture = tf.teach.show(perceptron()[3])
    picture.save(tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_save_under_another_ending_writes_nothing(graph, tmp_path):
    with pytest.raises(ValueError, match=r"p\.png: the name must end in \.svg, \.html or \.txt\."):
        tf.teach.show(tf.constant(1.0)).save(tmp_path / "p.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", [3.5, "loss", ["loss"]])
def test_show_of_something_else(graph, wrong):
    with pytest.raises(TypeError, match=r"tf\.teach\.show draws a graph, a tensor"):
        tf.teach.show(wrong)


def test_show_of_too_little_or_of_two_graphs(graph):
    with pytest.raises(ValueError, match="empty list"):
        tf.teach.show([])
    with pytest.raises(ValueError, match="most_nodes must be a whole number of at least 1, not 0"):
        tf.teach.show(graph, most_nodes=0)
    one = tf.constant(1.0)
    with tf.Graph().as_default():
        with pytest.raises(ValueError, match="one graph"):
            tf.teach.show([one, tf.constant(1.0)])
    assert "(nothing to show)" in str(tf.teach.show(tf.Graph()))


def test_the_page_loads_nothing_and_its_data_cannot_end_its_script():
    hostile = "</script><script>alert(1)</script>"
    diagram = Diagram((Node("a", hostile, Kind.INPUT, "", (hostile,)),), (), hostile, ("a",))
    page = to_html(diagram)
    assert hostile not in page
    loads = r"""(\bsrc|\bhref)\s*=|url\(|@import|fetch\(|XMLHttpRequest|import\("""
    assert not re.search(loads, page)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert json.loads(data[1])["details"]["a"] == [hostile, hostile]
    # Names of what HTML's own format strings hold stay as they are.
    assert "{title}" in to_html(diagram._replace(title="{title}{data}"))


def test_the_page_has_a_picture_for_each_folded_scope():
    page = to_html(scoped(), most_nodes=4)
    assert re.findall(r'<section data-scope="([^"]*)"', page) == ["", "layer1/", "layer2/"]
    inside = page[page.index('<section data-scope="layer1/"') :].split("</section>")[0]
    assert re.findall(r'class="node ([^"]*)" data-name="([^"]*)"', inside) == [
        ("input outside", "in"),
        ("variable", "layer1/w"),
        ("operation", "layer1/inner/dot"),
        ("operation", "layer1/inner/relu"),
        ("scope folded outside", "layer2/"),
    ]


BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

# Does what a reader does, by clicks and keys, and keeps what the page shows after each act.
DRIVER = """
const seen = [];
const shown = (selector) => [...document.querySelectorAll("section:not([hidden]) " + selector)]
  .filter((e) => getComputedStyle(e).visibility === "visible").map((e) => e.textContent);
const look = (act) => seen.push({ act, scope: document.body.dataset.scope,
  status: byId("status").textContent, above: shown(".above"), under: shown(".under"),
  details: byId("details").hidden ? "" : byId("details").innerText,
  nodes: shown(".node > text:first-of-type") });
const key = (name, on) => (on || document.body).dispatchEvent(
  new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
const node = (name) => document.querySelector(`section:not([hidden]) .node[data-name="${name}"]`);
const click = (name) => node(name).dispatchEvent(new MouseEvent("click", { bubbles: true }));
const finish = () => {
  const report = document.createElement("pre");
  report.id = "report";
  report.textContent = JSON.stringify(seen);
  document.body.append(report);
};
window.onerror = (message) => { seen.push({ act: "error", status: message }); finish(); };
"""


def drive(tmp_path, page, acts):
    """Runs JavaScript in the page in a headless browser; returns what `look` kept, by act."""
    if BROWSER is None:
        pytest.skip("there is no Chromium to try the page in")
    script = f"<script>{DRIVER}\n{acts}</script></body>"
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", script), encoding="utf-8")
    done = subprocess.run(
        [
            *[BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
            *["--no-first-run", "--disable-background-networking", "--disable-component-update"],
            *[
                "--disable-sync",
                "--disable-dev-shm-usage",
                f"--user-data-dir={tmp_path / 'profile'}",
            ],
            *["--virtual-time-budget=60000", "--dump-dom", file.as_uri()],
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    report = re.search(r'<pre id="report">(.*?)</pre>', done.stdout, re.S)
    assert report, f"{done.stdout[-500:]}\n{done.stderr[-2000:]}"
    return {entry["act"]: entry for entry in json.loads(html.unescape(report[1]))}


def test_the_page_steps_plays_and_opens_nodes_in_a_browser(tmp_path):
    seen = drive(
        tmp_path,
        to_html(sigmoid_of_products()),
        """
        look("loaded");
        byId("first").click(); look("start");
        key("ArrowRight"); key("ArrowRight"); look("two on");
        byId("next").click(); look("three on");
        key("ArrowLeft"); look("one back");
        key("End"); look("end");
        key("Home"); for (let i = 0; i < 11; i++) key("ArrowRight"); look("one backward");
        for (let i = 0; i < 20; i++) key("ArrowRight"); look("past the end");
        key("Escape"); look("closed");
        click("m0"); look("clicked");
        node("a").focus(); key("Enter", node("a")); look("entered");
        key("p"); look("playing");
        setTimeout(() => { key("p"); look("paused"); key("p");
          setTimeout(() => { look("played"); finish(); }, 20000); }, 3 * 900 + 100);
        """,
    )
    assert seen["loaded"]["status"] == "15 steps"
    assert len(seen["loaded"]["above"]) == len(seen["loaded"]["under"]) == 9
    assert seen["start"]["above"] == seen["start"]["under"] == []
    assert seen["two on"]["status"] == "Forward 2 of 10: x0"
    assert seen["two on"]["above"] == ["2.00", "-1.00"] and seen["two on"]["under"] == []
    assert seen["three on"]["status"] == "Forward 3 of 10: ×"
    assert seen["three on"]["above"] == ["2.00", "-1.00", "-2.00"]
    assert "about m0" in seen["three on"]["details"]
    assert seen["one back"]["status"] == seen["two on"]["status"]
    assert seen["one back"]["above"] == seen["two on"]["above"]
    assert seen["end"]["under"] == seen["loaded"]["under"]
    assert seen["one backward"]["status"] == "Backward 1 of 5: σ"
    assert len(seen["one backward"]["above"]) == 9 and seen["one backward"]["under"] == ["0.20"]
    assert seen["past the end"]["status"] == "Backward 5 of 5: ×"
    assert len(seen["past the end"]["under"]) == 9
    assert seen["closed"]["details"] == ""
    assert "about m0" in seen["clicked"]["details"]
    assert "about a" in seen["entered"]["details"]
    assert seen["playing"]["status"] == "Before the first step"
    assert seen["paused"]["status"] == "Forward 3 of 10: ×"
    assert seen["played"]["status"] == "Backward 5 of 5: ×"


def test_the_page_opens_scopes_in_a_browser(tmp_path):
    seen = drive(
        tmp_path,
        to_html(scoped(), most_nodes=4),
        """
        look("whole");
        click("layer1/"); look("inside");
        key("Home"); key("ArrowRight"); look("stepped inside");
        click("layer2/"); look("next door");
        key("Escape"); look("outside");
        node("layer2/").focus(); key(" ", node("layer2/")); look("by key");
        document.querySelector("#trail button").click(); look("by trail");
        finish();
        """,
    )
    assert seen["whole"]["nodes"] == ["in", "layer1", "layer2", "out"]
    assert seen["inside"]["scope"] == "layer1/"
    assert sorted(seen["inside"]["nodes"]) == ["dot", "in", "layer2", "relu", "w"]
    assert seen["stepped inside"]["status"] == "Forward 1 of 5: in"
    assert seen["next door"]["scope"] == seen["by key"]["scope"] == "layer2/"
    assert seen["outside"]["scope"] == seen["by trail"]["scope"] == ""
