"""tf.TensorSpec, as TensorFlow 1.15 answered."""

from __future__ import annotations

import copy

import pytest

import tflite_edu as tf


def test_a_spec_tells_what_it_is() -> None:
    spec = tf.TensorSpec([None, 3], tf.float32, name="a")
    assert repr(spec) == "TensorSpec(shape=(?, 3), dtype=tf.float32, name='a')"
    assert (spec.shape.as_list(), spec.dtype, spec.name) == ([None, 3], tf.float32, "a")
    assert spec.value_type is tf.Tensor
    assert spec == tf.TensorSpec([None, 3], "float32", "a") != tf.TensorSpec([None, 3], "float32")
    assert hash(spec) == hash(tf.TensorSpec([None, 3], tf.float32, "a"))
    assert copy.deepcopy(spec) == spec
    assert str(tf.TensorSpec(None).shape) == "<unknown>" and tf.TensorSpec([]).dtype is tf.float32
    with pytest.raises(AttributeError):
        spec.shape = [3]  # type: ignore[misc]
    with pytest.raises(TypeError, match="A string has ambiguous TensorShape"):
        tf.TensorSpec("a")


def test_specs_of_tensors_and_of_specs() -> None:
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    assert tf.TensorSpec.from_tensor(x) == tf.TensorSpec([2, 3], tf.float32, "x")
    assert tf.TensorSpec.from_tensor(x, name="z").name == "z"
    assert tf.TensorSpec.from_spec(tf.TensorSpec([1], name="a")).name == "a"
    assert tf.TensorSpec.from_spec(tf.TensorSpec([1], name="a"), "b").name == "b"
    with pytest.raises(ValueError, match="`tensor` should be a tf.Tensor"):
        tf.TensorSpec.from_tensor(3)


def test_what_fits_a_spec() -> None:
    spec = tf.TensorSpec([None, 3], name="a")
    assert spec.is_compatible_with(tf.placeholder(tf.float32, [2, 3]))
    assert spec.is_compatible_with(tf.TensorSpec([4, 3]))
    assert not spec.is_compatible_with(tf.placeholder(tf.int32, [2, 3]))
    assert not spec.is_compatible_with(tf.placeholder(tf.float32, [2, 4]))
    assert not spec.is_compatible_with(3)
    assert spec.most_specific_compatible_type(tf.TensorSpec([4, 3])) == tf.TensorSpec([None, 3])
    for other in (tf.TensorSpec([4, 3], tf.int32), 3):
        with pytest.raises(ValueError, match="Types are not compatible: TensorSpec"):
            spec.most_specific_compatible_type(other)
