"""Unmodified TensorFlow 1 scripts, run by `tflite_edu run`, print what TensorFlow 1.15 printed."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import record_scripts as recorded

import tflite_edu as tf
from tflite_edu.compat import tensorflow_import
from tflite_edu.compat.private_modules import NAMES, NAMESPACES

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(tf.__file__).parent.parent
RUN = [sys.executable, "-W", "error", "-m", "tflite_edu", "run"]


@pytest.fixture(autouse=True)
def package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = (str(ROOT), os.environ.get("PYTHONPATH"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))


def run(folder: Path, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(source)
    command = [*RUN, "script.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", sorted(recorded.SCRIPTS))
def test_prints_what_tensorflow_printed(name: str, tmp_path: Path) -> None:
    recorded.write_digits(str(tmp_path / "data"))
    text, error = recorded.printed(RUN, name, str(tmp_path))
    assert text == (GOLDEN / "scripts" / f"{name}.txt").read_text("utf-8"), error


def test_every_script_is_recorded() -> None:
    found = {path.stem for path in (GOLDEN / "scripts").glob("*.py")}
    assert found == set(recorded.SCRIPTS)


def test_a_script_sees_itself_as_python_shows_it(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "beside.py").write_text("import tensorflow\nvalue = tensorflow.float32\n")
    (tmp_path / "inner" / "script.py").write_text(
        "import beside, os, pickle, sys\n"
        "class Thing: pass\n"
        "assert isinstance(pickle.loads(pickle.dumps(Thing())), Thing)\n"
        "print(__name__, __file__)\n"
        "print(sys.argv, beside.value)\n"
        "print(sys.modules['__main__'].Thing is Thing)\n"
        "print(os.path.samefile(sys.path[0], 'inner'), 'annotations' in globals())\n"
    )
    command = [*RUN, "inner/script.py", "--steps", "3", "-h"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"__main__ {tmp_path / 'inner' / 'script.py'}",
        "['inner/script.py', '--steps', '3', '-h'] <dtype: 'float32'>",
        "True",
        "True False",
    ]


@pytest.mark.parametrize(
    ("ending", "status"), [("sys.exit(7)", 7), ("sys.exit()", 0), ("sys.exit('why')", 1), ("", 0)]
)
def test_exit_status(ending: str, status: int, tmp_path: Path) -> None:
    done = run(tmp_path, f"import sys\nprint('out')\n{ending}\n")
    assert (done.returncode, done.stdout) == (status, "out\n")
    assert done.stderr == ("why\n" if "why" in ending else "")


def test_an_exception_is_shown_from_the_script_on(tmp_path: Path) -> None:
    done = run(tmp_path, "def inner():\n    raise ValueError('bad')\n\ninner()\n")
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert lines[:2] == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path / "script.py"}", line 4, in <module>',
    ]
    assert lines[-1] == "ValueError: bad"


def test_a_mistake_of_syntax(tmp_path: Path) -> None:
    done = run(tmp_path, "print 'old'\n")
    assert done.returncode == 1
    assert f'File "{tmp_path / "script.py"}", line 1' in done.stderr
    assert "SyntaxError" in done.stderr.splitlines()[-1]


def test_no_such_script(tmp_path: Path) -> None:
    done = subprocess.run(
        [*RUN, "absent.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "tflite_edu run: [Errno 2] No such file or directory: 'absent.py'\n"


def test_digits_that_are_absent_are_asked_for(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "from tensorflow.examples.tutorials.mnist import input_data\n"
        "input_data.read_data_sets('MNIST_data')\n",
    )
    message = done.stderr.splitlines()[-1]
    assert "NotFoundError: MNIST_data; " in message
    assert message.count("train-images-idx3-ubyte.gz") == 2
    assert message.count("t10k-labels-idx1-ubyte.gz") == 2


@pytest.fixture
def tensorflow() -> Iterator[Any]:
    before = {name for name in sys.modules if name.partition(".")[0] == "tensorflow"}
    assert not before
    tensorflow_import.install()
    tensorflow_import.install()
    yield importlib.import_module("tensorflow")
    tensorflow_import.uninstall()


def test_only_asked_for(tensorflow: Any) -> None:
    assert tensorflow.train.Saver is tf.train.Saver
    tensorflow_import.uninstall()
    tensorflow_import.uninstall()
    assert "tensorflow" not in sys.modules
    assert not any(type(finder).__module__.startswith("tflite_edu") for finder in sys.meta_path)


def test_another_tensorflow_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    with pytest.raises(RuntimeError, match="Another TensorFlow"):
        tensorflow_import.install()


def test_public_modules(tensorflow: Any) -> None:
    names: dict[str, Any] = {}
    exec(
        "import tensorflow as tf, tensorflow.nn as nn, tensorflow.compat.v1 as tf1\n"
        "import tensorflow.compat.v1.train as train\n"
        "from tensorflow.contrib.framework import nest\n"
        "from tensorflow.contrib import framework\n"
        "import tensorflow.python.framework.dtypes as dtypes\n",
        names,
    )
    assert names["tf"] is tensorflow
    assert names["nn"].relu is tf.nn.relu
    assert names["tf1"].Session is names["tf"].Session is tf.Session
    assert names["train"].AdamOptimizer is tf.train.AdamOptimizer
    assert names["nest"].flatten is tf.contrib.framework.nest.flatten
    assert names["framework"].nest.flatten is names["nest"].flatten
    assert names["dtypes"].int32 is tf.int32
    assert {"Session", "nn", "train"} <= set(dir(tensorflow))
    assert "matmul" in dir(importlib.import_module("tensorflow.python.ops.math_ops"))


def test_protos(tensorflow: Any) -> None:
    names: dict[str, Any] = {}
    exec(
        "from tensorflow.core.framework import graph_pb2, summary_pb2, tensor_pb2, types_pb2\n"
        "from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2\n"
        "from tensorflow.python.client import timeline\n",
        names,
    )
    assert names["graph_pb2"].GraphDef is tf.GraphDef
    assert names["summary_pb2"].Summary is tf.Summary
    assert names["meta_graph_pb2"].MetaGraphDef is tf.MetaGraphDef
    assert names["tensor_pb2"].TensorProto(dtype=names["types_pb2"].DT_FLOAT).dtype == 1
    assert not names["saved_model_pb2"].SavedModel().meta_graphs
    assert "TensorProto" in dir(names["tensor_pb2"])
    assert names["timeline"].Timeline.__name__ == "Timeline"


def test_functions_that_have_no_public_name(tensorflow: Any) -> None:
    names: dict[str, Any] = {}
    exec(
        "from tensorflow.python import tf2\n"
        "from tensorflow.python.client import device_lib\n"
        "from tensorflow.python.util import tf_contextlib, tf_inspect\n"
        "from tensorflow.python.lib.io.file_io import FileIO\n",
        names,
    )
    (device,) = names["device_lib"].list_local_devices()
    assert (device.name, device.device_type) == ("/device:CPU:0", "CPU")
    assert device.memory_limit == 268435456
    assert names["tf2"].enabled() is False
    assert names["tf_inspect"].getargspec(lambda a, b=1: a).args == ["a", "b"]
    assert issubclass(tf.gfile.GFile, names["FileIO"])


def test_rooms_are_no_modules_of_tensorflow(tensorflow: Any) -> None:
    for room in ("platform", "engines", "plan", "core.graph"):
        with pytest.raises(ModuleNotFoundError, match="no counterpart"):
            importlib.import_module(f"tensorflow.{room}")


def test_compat_v1_without_the_finder() -> None:
    names: dict[str, Any] = {}
    exec("import tflite_edu.compat.v1 as tf1\nfrom tflite_edu.compat import v1\n", names)
    assert names["tf1"] is names["v1"] is tf.compat.v1 is tf


@pytest.mark.parametrize(
    "statement",
    [
        "import tensorflow.no_such",
        "from tensorflow import no_such",
        "from tensorflow.contrib import no_such",
        "from tensorflow.python.ops import no_such",
        "from tensorflow.python.ops.math_ops import no_such",
        "import tensorflow.python.no_such.inner",
        "from tensorflow.no_such import thing",
    ],
)
def test_what_is_missing_says_so(statement: str, tensorflow: Any) -> None:
    with pytest.raises(ImportError, match=r"'tensorflow\.\S*no_such.* no counterpart"):
        exec(statement)


@pytest.mark.parametrize(
    "path", ["tensorflow", "tensorflow.contrib", "tensorflow.python.ops.array_ops"]
)
def test_an_attribute_that_is_missing_says_so(path: str, tensorflow: Any) -> None:
    with pytest.raises(AttributeError, match=f"tflite_edu has no {path}.no_such"):
        importlib.import_module(path).no_such  # noqa: B018


def test_other_modules_are_left_alone(tensorflow: Any) -> None:
    with pytest.raises(ModuleNotFoundError, match="^No module named 'tensorflow_of_none'$"):
        importlib.import_module("tensorflow_of_none")


def public(name: str) -> Any:
    thing: Any = tf
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


@pytest.mark.parametrize(
    "line",
    (GOLDEN / "private_modules.tsv").read_text().splitlines(),
    ids=lambda line: line.split("\t")[0],
)
def test_private_modules_hold_what_they_held(line: str, tensorflow: Any) -> None:
    path, *entries = line.split("\t")
    module = importlib.import_module(f"tensorflow.{path}")
    for entry in entries:
        if entry.endswith("!"):
            assert not hasattr(module, entry[:-1]), entry
        elif "<" in entry:
            name, same = entry.split("<")
            assert getattr(module, name) is public(same), entry
        else:
            name, same = entry.split("=")
            assert any(getattr(module, name) is public(one) for one in same.split("|")), entry


def test_every_private_module_is_recorded() -> None:
    lines = (GOLDEN / "private_modules.tsv").read_text().splitlines()
    assert {line.split("\t")[0] for line in lines} == {*NAMESPACES, *NAMES}


def test_names_with_a_place_of_their_own_are_there(tensorflow: Any) -> None:
    for path, names in NAMES.items():
        module = importlib.import_module(f"tensorflow.{path}")
        for name, place in names.items():
            if place is not None and ":" in place:
                assert callable(getattr(module, name)), (path, name)
