"""The lessons of examples/lessons: each runs, and what it claims is asserted on what it found."""

import math
import runpy
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import tflite_edu as tf

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "examples" / "lessons"


PICTURES = {
    1: {"graph.svg", "values_and_gradients.svg"},
    2: {"neuron.svg"},
    3: {"multiplications.svg", "crossings.svg"},
    4: {"times.svg", "steps.svg"},
    5: {"neuron.svg", "matrices.svg"},
    6: {"boundary.svg"},
    7: {"network.svg"},
    8: {"losses.svg"},
    9: set(),
    10: {"gradients.svg", "chain.svg"},
    11: {"norms.svg"},
    12: {"zig_zag.svg"},
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Nothing may depend on the folder that a lesson is started in, or be written there."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    # A script finds the modules that lie beside it.
    monkeypatch.syspath_prepend(str(LESSONS))
    yield
    assert list(folder.iterdir()) == []


def main_of(number):
    (path,) = LESSONS.glob(f"{number:02d}_*.py")
    return runpy.run_path(str(path))["main"]


def run(number, folder):
    """What a lesson found, and all its pictures are there."""
    found = main_of(number)(str(folder))
    assert {path.name for path in folder.glob("*.svg")} == PICTURES[number]
    for name in PICTURES[number]:
        assert ElementTree.parse(folder / name).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    return found


def test_the_lessons_are_numbered_and_listed():
    names = sorted(path.name for path in LESSONS.glob("[0-9]*.py"))
    assert [int(name[:2]) for name in names] == list(PICTURES)
    readme = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`lessons/{name}`" not in readme] == []


def test_a_lesson_runs_as_a_script(tmp_path):
    folder = tmp_path / "not there yet"
    script = LESSONS / "01_the_computation_graph.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script.relative_to(ROOT)), str(folder)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "q = 3,  f = -12" in done.stdout
    assert "<html" in (folder / "graph.html").read_text(encoding="utf-8")


def test_without_a_folder_a_temporary_one_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    main_of(3)()
    (folder,) = tmp_path.glob("lesson_*")
    assert str(folder) in capsys.readouterr().out
    assert {path.name for path in folder.iterdir()} == PICTURES[3]


def test_1_the_computation_graph(tmp_path):
    found = run(1, tmp_path)
    assert found["nodes"] == [
        ("x", "Placeholder"),
        ("y", "Placeholder"),
        ("z", "Placeholder"),
        ("q", "Add"),
        ("f", "Mul"),
    ]
    assert (found["q"], found["f"], found["q_alone"]) == (3, -12, 3)
    assert found["table"] == [0, 2, 4, 6]
    assert found["complaint"].startswith("You must feed a value for placeholder tensor 'z'")
    assert found["gradient"] == [-4, -4, 3]
    assert found["nodes_added"] > 0
    assert "x + y" in found["program"]


def test_2_forward_and_backward_by_hand(tmp_path):
    found = run(2, tmp_path)
    assert (found["product"], found["gradient"]) == (-6, [-2, 3])
    assert found["multiply_is_right"] and found["sigmoid_is_right"]
    assert not found["wrong_is_right"]
    assert found["wrong_names"] == ["x", "y"]
    assert found["losses"][-1] < found["losses"][0] / 10
    assert found["boundary"] == pytest.approx(1, abs=0.2)


def test_3_chain_rule_and_paths(tmp_path):
    found = run(3, tmp_path)
    assert found["chain"][0] == pytest.approx(found["chain"][1], rel=1e-12)
    total, by_hand = found["two_paths"]
    assert total == pytest.approx(by_hand, rel=1e-12)
    assert found["products"] == pytest.approx([2 * math.cos(2), math.sin(2)], rel=1e-12)
    assert found["path_counts"] == [2**depth for depth in range(1, 9)]
    # Each path has two edges a crossing, and so one multiplication less than that.
    assert found["path_by_path"] == [2**d * (2 * d - 1) for d in range(1, 9)]
    assert np.diff(found["reverse_mode"]).tolist() == [4] * 7
    assert all(found["agree"])


def test_4_backprop_against_finite_differences(tmp_path):
    found = run(4, tmp_path)
    assert found["parameters"] == [10, 40, 160, 640, 2560]
    assert found["forward_passes"] == [2 * n for n in found["parameters"]]
    assert max(found["differences"]) < 1e-7
    assert found["checked"]
    assert found["checked_passes"] == 2 * found["checked_parameters"] + 2
    assert 1e-6 <= found["best_step"] <= 1e-4
    errors = found["errors"]
    assert min(errors) < 1e-3 * min(errors[0], errors[-1])


def test_5_rules_of_gradient_flow(tmp_path):
    found = run(5, tmp_path)
    assert found["rules"] == {
        "addition passes it on": (10, 10),
        "multiplication swaps": (-20, 50),
        "a constant scales it": (30, 10),
        "max switches it": (10, 0),
        "min switches it": (0, 10),
        "minus turns it": (10, -10),
        "two uses add up": (-10, 50),
    }
    p = 1 / (1 + math.exp(-1))
    slope = p * (1 - p)
    assert found["values"]["p"] == pytest.approx(p, rel=1e-6)
    by_hand = {"w0": -slope, "x0": 2 * slope, "w1": -2 * slope, "x1": -3 * slope, "w2": slope}
    assert found["gradients"] == pytest.approx({**by_hand, "p": 1}, rel=1e-6)
    assert found["gradient_of_x"] == [[1, 0.5]] * 3
    assert found["gradient_of_w"] == [[9, 0], [12, 0]]


def test_6_the_triangle_problem(tmp_path):
    found = run(6, tmp_path)
    assert found["by_hand"] == 1
    assert found["most_outside"] == 2
    # One line does not do better than to say "outside" always; three do.
    assert found["one_line"] < found["always_outside"] + 0.03
    assert found["three_lines"] > 0.97
    assert found["losses"][-1] < found["losses"][0] / 10
    inside, outside = (
        [[0, 0], [0, -0.6], [0.5, -0.3]],
        [[0, 1.8], [-1.5, 0.5], [1.5, 0.5], [0, -1.5]],
    )
    assert (found["inside"](inside) > 0.5).all()
    assert (found["inside"](outside) < 0.5).all()
    assert {len(row) for row in found["picture"]} == {48}
    assert 0.1 < "".join(found["picture"]).count("#") / (24 * 48) < 0.25


def test_7_a_network_by_matrix_products(tmp_path):
    found = run(7, tmp_path)
    assert found["small_agrees"]
    assert found["full_numbers"] == 64 * 256 * 784 * 256
    assert found["losses"][0] == pytest.approx(found["losses"][1], rel=1e-12)
    assert max(found["differences"]) < 1e-12
    assert found["jacobian_shape"] == (1, 2, 1, 4)
    assert found["chain_shapes"] == [(5, 4), (5, 5), (5, 5), (2, 5), (2, 2)]
    assert found["chain_difference"] < 1e-12
    assert str(tmp_path / "step.py") in found["files"]


def test_8_gradient_descent_in_batches(tmp_path):
    found = run(8, tmp_path)
    # The error of a batch's gradient falls with the root of the number of examples.
    assert found["noise_ratios"] == pytest.approx((4, 4), rel=0.2)
    assert found["steps"] == {1024: 6, 32: 192, 1: 6144}
    first, last, lowest = found["first"], found["last"], found["lowest"]
    assert all(last[size] < first[size] for size in first)
    assert last[1024] > 10 * lowest
    assert lowest <= last[32] < 1.05 * lowest
    assert lowest <= last[1] < 1.5 * lowest
    assert found["swings"][1] > 5 * found["swings"][32]


def test_9_a_first_model(tmp_path):
    found = run(9, tmp_path)
    assert found["untrained"] < 0.3
    assert found["at_save"] == found["restored"]
    assert found["restored"][1] == 150
    assert found["final"] > 0.93
    assert found["losses"][-1] < found["losses"][0] / 5
    # To stop and go on makes no difference.
    assert found["losses"] == pytest.approx(found["unbroken"], rel=1e-5)
    assert found["variables"]["hidden/weights/Adam_1"] == [64, 32]
    assert tf.train.latest_checkpoint(str(tmp_path)) == found["last_checkpoint"]
    log = EventAccumulator(str(tmp_path / "log"), {"histograms": 0, "scalars": 0}).Reload()
    assert [event.step for event in log.Scalars("loss")] == list(range(1, 301))
    assert {"hidden/MatMul", "Adam"} <= {node.name for node in log.Graph().node}


def test_10_vanishing_and_exploding_gradients(tmp_path):
    found = run(10, tmp_path)
    for depth, slope in found["slopes"].items():
        assert slope == pytest.approx(0.25**depth, rel=1e-12)
    # Nine times the slope of a layer, from the tenth back to the first.
    ratios = found["ratios"]
    assert 0.25**9 / 10 < ratios["sigmoid"] < 0.25**9 * 10
    assert 0.25 < ratios["ReLU"] < 4
    assert 3**9 / 4 < ratios["ReLU, weights × 3"] < 3**9 * 4
    problems = {name: {p for p, _ in told} for name, told in found["findings"].items()}
    assert "vanishing gradient" in problems["sigmoid"]
    assert problems["ReLU"] == set()
    assert "exploding gradient" in problems["ReLU, weights × 3"]


def test_11_initialization(tmp_path):
    found = run(11, tmp_path)
    norms = found["norms"]
    # He's weights keep the norm of what passes through, layer by layer.
    assert norms["ReLU, He"] == pytest.approx([1] * 10, rel=0.5)
    # Of other weights each layer multiplies it by their deviation times √(100 / 2).
    for name, deviation in (("ReLU, too small", 0.01), ("ReLU, too big", 0.5)):
        expected = [(deviation * math.sqrt(50)) ** n for n in range(1, 11)]
        assert norms[name] == pytest.approx(expected, rel=0.5)
    assert found["glorot_against_he"] == pytest.approx(2**-5, rel=0.01)
    assert norms["tanh, too small"][-1] < 1e-6
    assert 0.1 < norms["tanh, Glorot"][-1] < 1
    assert found["saturated"]["tanh, too big"] > 0.5
    assert found["saturated"]["tanh, Glorot"] < 0.01
    problems = found["problems"]
    assert problems["ReLU, He"] == problems["tanh, Glorot"] == []
    assert "vanishing gradient" in problems["ReLU, too small"]
    assert "exploding gradient" in problems["ReLU, too big"]
    assert problems["tanh, too big"] == ["saturated tanhs"]
    assert problems["ReLU, identical"] == ["identical units"]
    assert found["identical"][:2] == found["zero"][:2] == (1, 1)
    assert found["random"][:2] == (8, 8)
    assert found["random"][2] < found["identical"][2] / 4


def test_12_centred_inputs_and_the_zig_zag(tmp_path):
    found = run(12, tmp_path)
    same = found["same_sign"]
    assert same["positive"] == same["sigmoid"] == 1
    assert same["centred"] == pytest.approx(2 / 2**5, abs=0.04)
    assert same["tanh"] < 0.15
    (steps, few_steps), (way, short_way) = found["steps"], found["lengths"]
    assert steps > 10 * few_steps
    assert way > 5 * short_way
    assert short_way == pytest.approx(found["straight"], rel=0.05)
    assert found["turns"] == (steps - 1, 0)
    assert found["curvature_ratios"][0] > 10 > 2 > found["curvature_ratios"][1]
    assert found["problems"] == (["inputs not centred"], [])
    for end in found["ends"]:
        np.testing.assert_allclose(end, [2, -1], atol=0.02)
