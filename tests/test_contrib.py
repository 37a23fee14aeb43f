"""`tf.contrib`: argument scopes, model variables, values from checkpoints, layers' refusals.

What nodes the layers make is in the golden snippets `contrib_*`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

framework, layers, slim = tf.contrib.framework, tf.contrib.layers, tf.contrib.slim
ROOT = Path(tf.__file__).parent.parent


@framework.add_arg_scope
def mine(a: Any, b: Any = 1, c: Any = 2) -> tuple[Any, Any, Any]:
    """What it was called with."""
    return a, b, c


def undecorated(x: Any) -> Any:
    return x


def image(shape: Any = (2, 8, 8, 3)) -> tf.Tensor:
    return tf.placeholder(tf.float32, shape)


def test_arg_scope_gives_what_a_call_does_not() -> None:
    with framework.arg_scope([mine], b=5, c=7) as outer:
        assert mine(1) == (1, 5, 7)
        assert mine(1, c=3) == (1, 5, 3)
        with framework.arg_scope([mine], b=8):
            assert mine(1) == (1, 8, 7)
        with framework.arg_scope({}):
            assert mine(1) == (1, 1, 2)
        with pytest.raises(TypeError, match="multiple values for argument 'b'"):
            mine(1, 2)
    assert mine(1) == (1, 1, 2)
    with framework.arg_scope(outer) as again:
        assert mine(1) == (1, 5, 7)
        assert again == outer == framework.current_arg_scope()


def test_arg_scope_closes_when_its_block_fails() -> None:
    with pytest.raises(KeyError), framework.arg_scope([mine], b=9):
        raise KeyError
    assert mine(1) == (1, 1, 2)


def test_arg_scope_belongs_to_its_thread() -> None:
    seen: list[Any] = []
    with framework.arg_scope([mine], b=9):
        thread = threading.Thread(target=lambda: seen.append(mine(1)))
        thread.start()
        thread.join()
        assert mine(1) == (1, 9, 2)
    assert seen == [(1, 1, 2)]


def test_arg_scope_takes_functions_with_a_scope() -> None:
    assert framework.has_arg_scope(mine)
    assert not framework.has_arg_scope(undecorated)
    assert not framework.has_arg_scope(slim.linear)
    assert framework.arg_scoped_arguments(mine) == ("b", "c")
    assert framework.arg_scoped_arguments(slim.conv2d)[:3] == ("stride", "padding", "data_format")
    assert mine.__name__ == "mine"
    assert mine.__doc__ == "What it was called with."
    with pytest.raises(AssertionError):
        framework.arg_scoped_arguments(undecorated)
    with pytest.raises(TypeError, match="list_ops_or_scope must either be a list/tuple"):
        framework.arg_scope(mine, b=1).__enter__()
    with pytest.raises(ValueError, match="kwargs must be empty"):
        framework.arg_scope({}, b=1).__enter__()
    with pytest.raises(ValueError, match="is not decorated with @add_arg_scope"):
        framework.arg_scope([undecorated], b=1).__enter__()


def test_names_are_the_same_functions() -> None:
    assert slim.conv2d is layers.convolution2d is slim.layers.conv2d
    assert slim.arg_scope is framework.arg_scope
    assert slim.utils.last_dimension(tf.TensorShape([2, 3])) == 3


def test_finding_variables_refuses() -> None:
    with tf.Graph().as_default():
        tf.get_variable("s/u", [1])
        tf.get_variable("s/w", [1])
        with pytest.raises(ValueError, match="Couldn't find variable zz"):
            framework.get_unique_variable("zz")
        with pytest.raises(ValueError, match="Variable s does not uniquely identify a variable"):
            framework.get_unique_variable("s")
        with pytest.raises(TypeError, match="include is provided but is not a list or a tuple."):
            framework.get_variables_to_restore("s")
        with pytest.raises(TypeError, match="exclude is provided but is not a list or a tuple."):
            framework.get_variables_to_restore(None, "s")
        assert framework.get_name_scope() == ""
        with tf.name_scope("q"):
            assert framework.get_name_scope() == "q"


def test_values_from_arrays() -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        variable = tf.get_variable("s/w", [2])
        give = framework.assign_from_values_fn({"s/w": np.array([1.0, 2.0])})
        give(session)
        assert session.run(variable).tolist() == [1, 2]
        count = len(graph.get_operations())
        with pytest.raises(ValueError, match="Variable s/nope wasn't found"):
            framework.assign_from_values({"s/nope": np.zeros(2)})
        with pytest.raises(ValueError, match="cannot reshape array of size 3"):
            framework.assign_from_values({"s/w": np.zeros(3)})
        assert len(graph.get_operations()) == count


@pytest.fixture
def checkpoint(tmp_path: Path) -> str:
    with tf.Graph().as_default(), tf.Session() as session:
        partitioner = tf.fixed_size_partitioner(2)
        tf.get_variable("s/u", initializer=np.float32([1, 2]))
        tf.get_variable("s/w", initializer=np.float32([3, 4]))
        tf.get_variable("parts", [4], initializer=tf.ones_initializer(), partitioner=partitioner)
        session.run(tf.global_variables_initializer())
        return str(tf.train.Saver().save(session, str(tmp_path / "model")))


def test_assign_from_checkpoint(checkpoint: str) -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        u = tf.get_variable("s/u", [2])
        other = tf.get_variable("other", [2], use_resource=True)
        parts = list(tf.get_variable("parts", [4], partitioner=tf.fixed_size_partitioner(2)))
        before = len(graph.get_operations())
        assign, feed = framework.assign_from_checkpoint(
            checkpoint, {"s/u": u, "s/w": [other], "parts": parts}
        )
        made = [op.name for op in graph.get_operations()[before:] if op.type == "Placeholder"]
        assert made == [
            "placeholder/s/u",
            "placeholder/other",
            "placeholder/parts/part_0",
            "placeholder/parts/part_1",
        ]
        assert assign.type == "NoOp"
        assert assign.name == "group_deps"
        session.run(assign, feed)
        assert [v.tolist() for v in session.run([u, other, *parts])] == [
            [1, 2],
            [3, 4],
            [1, 1],
            [1, 1],
        ]
        with pytest.raises(ValueError, match=r"Checkpoint is missing variable \[other\]"):
            framework.assign_from_checkpoint(checkpoint, [other])
        assign, feed = framework.assign_from_checkpoint(checkpoint, [other, u], True)
        assert [tensor.op.name for tensor in feed] == ["placeholder/s/u_1"]
        small = tf.get_variable("small", [1])
        with pytest.raises(
            ValueError,
            match=r"^Total size of new array must be unchanged for s/w lh_shape: "
            r"\[\(2,\)\], rh_shape: \[\(1,\)\]$",
        ):
            framework.assign_from_checkpoint(checkpoint, {"s/w": small})


def test_assign_from_checkpoint_fn(checkpoint: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        u = tf.get_variable("s/u", [2])
        square = tf.get_variable("square", [2, 1])
        restore = framework.assign_from_checkpoint_fn(
            checkpoint, {"s/u": u, "s/w": square, "gone": u}, True, reshape_variables=True
        )
        restore(session)
        assert session.run(u).tolist() == [1, 2]
        assert session.run(square).tolist() == [[3], [4]]
        restore(session)
        assert framework.assign_from_checkpoint_fn(checkpoint, [square], True) is None
        absent = framework.assign_from_checkpoint_fn(checkpoint, [square])
        with pytest.raises(tf.errors.NotFoundError):
            absent(session)
        with pytest.raises(ValueError, match="var_list cannot be empty"):
            framework.assign_from_checkpoint_fn(checkpoint, [])


def test_reading_checkpoints(checkpoint: str) -> None:
    folder = os.path.dirname(checkpoint)
    assert framework.list_variables(folder) == [("parts", [4]), ("s/u", [2]), ("s/w", [2])]
    assert framework.load_variable(checkpoint, "s/u").tolist() == [1, 2]
    assert framework.load_checkpoint(checkpoint).has_tensor("s/w")
    with pytest.raises(tf.errors.NotFoundError):
        framework.load_checkpoint(f"{checkpoint}-none")


def test_end_points() -> None:
    with tf.Graph().as_default() as graph:
        a = slim.conv2d(image(), 4, 3, outputs_collections="ends", scope="c")
        b = slim.max_pool2d(a, 2, outputs_collections=["ends", "more"], scope="p")
        slim.utils.append_tensor_alias(a, "again/")
        found = slim.utils.convert_collection_to_dict("ends")
        assert list(found.items()) == [("c", a), ("again", a), ("p", b)]
        assert slim.utils.gather_tensors_aliases([a, b, a.op.inputs[0]]) == [
            "c",
            "again",
            "p",
            "c/BiasAdd",
        ]
        assert graph.get_collection("more") == [b]
        assert len(slim.utils.convert_collection_to_dict("ends", clear_collection=True)) == 3
        assert graph.get_collection("ends") == []


def test_collections_of_variables_by_name() -> None:
    with tf.Graph().as_default() as graph:
        collections = {"weights": ["w"], "biases": ["b"]}
        for _ in range(2):
            slim.conv2d(
                image(), 4, 3, variables_collections=collections, scope="c", reuse=tf.AUTO_REUSE
            )
        assert [v.name for v in graph.get_collection("w")] == ["c/weights:0"]
        assert [v.name for v in graph.get_collection("b")] == ["c/biases:0"]
        assert [v.name for v in tf.model_variables()] == ["c/weights:0", "c/biases:0"]
        with pytest.raises(ValueError, match="Variable c/weights already exists, disallowed."):
            slim.conv2d(image(), 4, 3, scope="c")


def test_sizes() -> None:
    utils = slim.utils
    assert utils.two_element_tuple(3) == utils.n_positive_integers(2, 3) == (3, 3)
    assert utils.two_element_tuple([3, 4]) == (3, 4)
    assert utils.get_variable_collections({"a": ["x"]}, "b") is None
    assert utils.channel_dimension(tf.TensorShape([2, 3, 4, 5]), "channels_first") == 3
    assert utils.channel_dimension(tf.TensorShape([2, 3, 4, 5]), "NCHW") == 5
    for call, message in (
        (lambda: utils.two_element_tuple([1, 2, 3]), "Must be a list with 2 elements"),
        (lambda: utils.two_element_tuple("a"), "Must be an int, a list with 2 elements or"),
        (lambda: utils.n_positive_integers(2, [3]), "Expected sequence of 2 positive integers"),
        (lambda: utils.n_positive_integers(2, 0), "expected positive integer, but received 0"),
        (lambda: utils.n_positive_integers(0, 3), "n must be a positive integer"),
        (lambda: utils.last_dimension(tf.TensorShape([3]), 2), "must be at least 2 not: 1"),
        (lambda: utils.last_dimension(tf.TensorShape([2, None])), r"is None: \(2, \?\)"),
        (lambda: utils.last_dimension(tf.TensorShape(None)), "dims of shape must be known"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: slim.conv2d(tf.ones([2, 3]), 4, 3), "expects input with rank 4, got 2"),
        (lambda: slim.conv2d(image(), 4, 3, data_format="XX"), "Invalid data_format: 'XX'"),
        (
            lambda: slim.fully_connected(image(), 2.5),
            r"num_outputs type should be one of \[<class 'int'>\], got <class 'float'>.",
        ),
        (lambda: slim.fully_connected(tf.ones([3]), 2), "expected min_ndim=2, found ndim=1"),
        (
            lambda: slim.max_pool2d(image(), 2, data_format="XX"),
            "data_format has to be either NCHW or NHWC.",
        ),
        (
            lambda: slim.separable_conv2d(image(), 2, 2, data_format="XX"),
            "data_format has to be either NCHW or NHWC.",
        ),
        (
            lambda: slim.conv2d_transpose(image(), 2, 2, data_format="XX"),
            "data_format has to be either NCHW or NHWC.",
        ),
        (
            lambda: slim.batch_norm(image(), data_format="XX"),
            "data_format has to be either NCHW or NHWC.",
        ),
        (lambda: slim.batch_norm(image(None)), "Input has undefined rank:"),
        (lambda: slim.batch_norm(image([2, None])), "`C` dimension must be known but is None"),
        (
            lambda: slim.batch_norm(image(), batch_weights=tf.ones([2]), renorm=True),
            "renorm is not supported with batch_weights, updates_collections or ",
        ),
        (
            lambda: slim.batch_norm(image([2, None]), fused=False, updates_collections=None),
            r"has undefined channels dimension \(\?,\).",
        ),
        (lambda: slim.layer_norm(image(None)), "has undefined rank."),
        (
            lambda: slim.layer_norm(image([2, None])),
            r"shape\(inputs\)\[-1:\] is not fully defined: \(2, \?\)",
        ),
        (
            lambda: slim.layer_norm(image([2, 3]), begin_norm_axis=4),
            r"begin_params_axis \(-1\) and begin_norm_axis \(4\) must be < rank\(inputs\) \(2\)",
        ),
        (lambda: layers.instance_norm(image(None)), "has undefined rank."),
        (lambda: slim.flatten(image(None)), "its rank is undefined"),
        (lambda: slim.stack(image(), slim.conv2d, 3), "stack_args need to be a list or tuple"),
        (lambda: slim.softmax(tf.ones([3])), "rank of shape must be at least 2 not: 1"),
        (lambda: slim.bias_add(image(None)), "Dims of shape must be known but is None"),
        (
            lambda: layers.embed_sequence(tf.constant([1])),
            "Got vocab_size=None and embed_dim=None",
        ),
    ],
)
def test_layers_refuse(make: Callable[[], Any], message: str) -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        make()


def loss_and_step() -> tuple[tf.Tensor, Any]:
    x = tf.get_variable("x", [2], initializer=tf.ones_initializer())
    return tf.reduce_sum(x * x), tf.train.get_or_create_global_step()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"optimizer": "Foo"}, "Optimizer name should be one of .*, you provided Foo."),
        ({"learning_rate": "x"}, "Learning rate should be 0d Tensor or float. Got x of type"),
        ({"learning_rate": 1}, "Learning rate should be 0d Tensor or float. Got 1 of type"),
        ({"learning_rate": -1.0}, "Invalid learning_rate"),
        ({"optimizer": 3}, "with one argument. Got 3."),
        ({"optimizer": lambda rate: 3}, "function should return subclass of Optimizer. Got 3."),
        ({"learning_rate": None}, r"should be specified if optimizer is string \(SGD\)."),
        (
            {"learning_rate": None, "optimizer": tf.train.AdamOptimizer},
            "should be specified if optimizer is class",
        ),
        ({"summaries": ["zz"]}, "Summaries should be one of .*, you provided zz."),
        ({"clip_gradients": "a"}, "Unknown type <class 'str'> for clip_gradients"),
        ({"variables": []}, "No variables to optimize."),
    ],
)
def test_optimize_loss_refuses(arguments: dict[str, Any], message: str) -> None:
    with tf.Graph().as_default():
        loss, step = loss_and_step()
        given = {"learning_rate": 0.1, "optimizer": "SGD", **arguments}
        with pytest.raises(ValueError, match=message):
            layers.optimize_loss(loss, step, **given)


def test_create_train_op_counts_and_refuses() -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        sgd = tf.train.GradientDescentOptimizer(0.25)
        with pytest.raises(AssertionError):
            slim.learning.create_train_op(tf.constant(1.0), sgd)
        loss, step = loss_and_step()
        train = slim.learning.create_train_op(loss, sgd)
        assert train in graph.get_collection(tf.GraphKeys.TRAIN_OP)
        session.run(tf.global_variables_initializer())
        assert [float(session.run(train)) for _ in range(3)] == [2.0, 0.5, 0.125]
        assert session.run(step) == 3
        pairs = [(None, tf.trainable_variables()[0])]
        with pytest.raises(ValueError, match="Requested multiple of `None` gradient."):
            slim.learning.multiply_gradients(pairs, {"x": 2.0})
        with pytest.raises(ValueError, match="`gradient_multipliers` is empty."):
            slim.learning.multiply_gradients(pairs, {})
        with pytest.raises(ValueError, match="`gradient_multipliers` must be a dict."):
            slim.learning.create_train_op(loss, sgd, gradient_multipliers=[1])
        assert slim.learning.clip_gradient_norms(pairs, 1.0) == pairs


def test_slim_is_imported_by_a_script(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import tensorflow as tf\n"
        "import tensorflow.contrib.slim as slim\n"
        "from tensorflow.contrib import layers\n"
        "from tensorflow.contrib.framework.python.ops import add_arg_scope\n"
        "from tensorflow.contrib.layers.python.layers import utils\n"
        "with slim.arg_scope([slim.conv2d], padding='VALID'):\n"
        "    net = slim.conv2d(tf.ones([1, 4, 4, 1]), 2, 3, outputs_collections='ends')\n"
        "print(net.shape, [v.name for v in slim.get_model_variables()])\n"
        "print(list(utils.convert_collection_to_dict('ends')), layers.conv2d is slim.conv2d)\n"
    )
    paths = (str(ROOT), os.environ.get("PYTHONPATH"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tflite_edu", "run", "script.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == ("(1, 2, 2, 2) ['Conv/weights:0', 'Conv/biases:0']\n['Conv'] True\n")
