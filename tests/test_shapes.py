"""TensorShape, Dimension and the plain shapes, against what TensorFlow 1.15 answers."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflite_edu.core import shapes
from tflite_edu.core.dimension import Dimension, as_dimension, dimension_value
from tflite_edu.core.dtypes import float32
from tflite_edu.core.errors import OperatorNotAllowedInGraphError
from tflite_edu.core.shapes import TensorShape, as_shape, dimension_at_index

seven, unknown = Dimension(7), Dimension(None)

plain_shapes = st.none() | st.lists(st.none() | st.integers(0, 5), max_size=4).map(tuple)


class Dim:
    def __init__(self, size):
        self.size = size


class ShapeProto:
    """A TensorShapeProto, as far as as_shape looks at one."""

    def __init__(self, unknown_rank, *sizes):
        self.unknown_rank, self.dim = unknown_rank, [Dim(size) for size in sizes]

    def __repr__(self):
        return f"ShapeProto({self.unknown_rank}, {[dim.size for dim in self.dim]})"


class Tensor:
    def __iter__(self):
        raise OperatorNotAllowedInGraphError("iterating over `tf.Tensor` is not allowed")


@pytest.mark.parametrize(
    ("value", "size"),
    [(3, 3), (None, None), (0, 0), (3.0, 3), ("3", 3), (np.int64(4), 4), (Dimension(5), 5)],
    ids=repr,
)
def test_dimension(value, size):
    dimension = Dimension(value)
    assert dimension.value == size
    assert size is None or type(dimension.value) is int
    assert str(dimension) == ("?" if size is None else str(size))
    assert repr(dimension) == f"Dimension({size})"
    assert dimension.__reduce__() == (Dimension, (size,))


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (-1, ValueError, "Dimension -1 must be >= 0"),
        (3.5, ValueError, "Ambiguous dimension: 3.5"),
        ("a", ValueError, "invalid literal for int() with base 10: 'a'"),
        (object(), TypeError, "int() argument must be"),
        ([3], TypeError, "int() argument must be"),
    ],
)
def test_dimension_refuses(value, error, text):
    with pytest.raises(error) as raised:
        Dimension(value)
    assert str(raised.value).startswith(text)


def test_a_dtype_is_no_dimension():
    with pytest.raises(TypeError, match="^Cannot convert <dtype: 'float32'> to Dimension$"):
        Dimension(float32)


@pytest.mark.parametrize("other", [2, Dimension(2), 2.0, np.int32(2)], ids=repr)
def test_dimension_arithmetic(other):
    for symbol, forward, backward in [
        ("add", 9, 9),
        ("mul", 14, 14),
        ("floordiv", 3, 0),
        ("mod", 1, 2),
    ]:
        function = getattr(operator, symbol)
        assert function(seven, other).value == forward
        assert function(other, seven).value == backward
        assert function(unknown, other).value is None
        assert function(other, unknown).value is None
    assert (seven - other).value == 5
    assert (9 - seven).value == 2
    assert (seven + None).value is None
    with pytest.raises(ValueError, match="^Dimension -5 must be >= 0$"):
        other - seven
    with pytest.raises(ZeroDivisionError):
        seven // 0


@pytest.mark.parametrize("other", [-1, "x", 1.5, [1]], ids=repr)
def test_dimension_arithmetic_refuses(other):
    name = type(other).__name__
    for symbol, function in [("+", operator.add), ("-", operator.sub), ("//", operator.floordiv)]:
        with pytest.raises(TypeError) as raised:
            function(seven, other)
        assert str(raised.value) == (
            f"unsupported operand type(s) for {symbol}: 'Dimension' and '{name}'"
        )
    for function in (operator.mod, operator.lt, operator.ge):
        with pytest.raises((TypeError, ValueError), match=r"must be|invalid|Ambiguous"):
            function(seven, other)


def test_true_division_says_what_to_use():
    with pytest.raises(TypeError) as raised:
        seven / 2
    assert str(raised.value) == (
        "unsupported operand type(s) for /: 'Dimension' and 'int', please use // instead"
    )
    with pytest.raises(TypeError, match="'int' and 'Dimension', please use // instead"):
        2 / seven


def test_dimension_comparisons():
    assert (seven == 7) is True
    assert (seven == 2) is False
    assert (seven != 2) is True
    assert (seven < 8, seven <= 7, seven > 7, seven >= 8) == (True, True, False, False)
    assert (2 < seven, 2 >= seven) == (True, False)
    for function in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge):
        assert function(seven, unknown) is None
        assert function(unknown, unknown) is None
        assert function(unknown, 3) is None
        assert function(seven, None) is None
    assert (seven == "x") is False
    assert (unknown == -1) is False
    assert (unknown != [1]) is True


def test_dimension_as_an_int():
    assert list(range(Dimension(2))) == [0, 1]
    assert np.zeros([Dimension(2), 3]).shape == (2, 3)
    assert [10, 20, 30][Dimension(1)] == 20
    assert int(seven) == 7
    with pytest.raises(TypeError):
        int(unknown)
    assert bool(Dimension(0)) is bool(unknown) is True
    with pytest.raises(TypeError, match="unhashable type: 'Dimension'"):
        hash(seven)


def test_dimension_merging():
    assert seven.merge_with(unknown).value == unknown.merge_with(7).value == 7
    assert unknown.merge_with(None).value is None
    assert seven.is_compatible_with(None)
    assert not seven.is_compatible_with(2)
    with pytest.raises(ValueError, match="^Dimensions 7 and 2 are not compatible$"):
        seven.merge_with(2)
    with pytest.raises(ValueError, match="^Dimensions 7 and 2 are not compatible$"):
        seven.assert_is_compatible_with(2)
    unknown.assert_is_compatible_with(2)


def test_dimension_functions():
    assert as_dimension(seven) is seven
    assert as_dimension(3).value == 3
    assert [dimension_value(d) for d in (seven, unknown, 3, None)] == [7, None, 3, None]
    assert dimension_at_index(TensorShape(None), 5).value is None
    assert dimension_at_index(TensorShape([1, 2]), -1).value == 2
    with pytest.raises(IndexError, match="list index out of range"):
        dimension_at_index(TensorShape([1]), 1)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (None, None),
        (3, (3,)),
        (np.int32(4), (4,)),
        (3.0, (3,)),
        (True, (1,)),
        ([], ()),
        ((2, 3), (2, 3)),
        ([1, None, 3], (1, None, 3)),
        ([Dimension(3), unknown, np.int64(2)], (3, None, 2)),
        (["3", 3.0], (3, 3)),
        (Dimension(3), (3,)),
        (unknown, (None,)),
        (TensorShape([1, 2]), (1, 2)),
        (np.array([1, 2]), (1, 2)),
        (np.array(3), (3,)),
        (range(3), (0, 1, 2)),
        ({3: 1}, (3,)),
        (ShapeProto(False, -1, 3), (None, 3)),
        (ShapeProto(True), None),
    ],
    ids=repr,
)
def test_as_shape(value, shape):
    assert as_shape(value) == shape
    assert TensorShape(value)._shape == shape
    assert all(size is None or type(size) is int for size in as_shape(value) or ())


@pytest.mark.parametrize("make", [as_shape, TensorShape])
def test_what_is_no_shape(make):
    ambiguous = "A string has ambiguous TensorShape, please wrap in a list or convert to an int: "
    for value, text in [("ab", ambiguous + "ab"), (b"3", ambiguous + "b'3'")]:
        with pytest.raises(TypeError) as raised:
            make(value)
        assert str(raised.value) == text
    for value in (-1, [-1], [2, -1]):
        with pytest.raises(ValueError, match="^Dimension -1 must be >= 0$"):
            make(value)
    with pytest.raises(ValueError, match="^Ambiguous dimension: 3.5$"):
        make([3.5])
    with pytest.raises(TypeError, match="not 'TensorShape'"):
        make([TensorShape([1])])
    with pytest.raises(OperatorNotAllowedInGraphError, match="iterating over"):
        make(Tensor())


@pytest.mark.parametrize(
    ("dims", "text", "representation"),
    [
        (None, "<unknown>", "TensorShape(None)"),
        ([], "()", "TensorShape([])"),
        ([3], "(3,)", "TensorShape([Dimension(3)])"),
        ([None, 3], "(?, 3)", "TensorShape([Dimension(None), Dimension(3)])"),
    ],
)
def test_printed_shapes(dims, text, representation):
    shape = TensorShape(dims)
    assert str(shape) == text
    assert repr(shape) == representation
    assert shape.ndims == shape.rank == (None if dims is None else len(dims))
    assert bool(shape) is (dims is not None)
    assert shape.dims is shape.dims


def test_facts_of_a_shape():
    shape = TensorShape([2, None])
    assert shape.as_list() == [2, None]
    assert len(shape) == 2
    assert [dimension.value for dimension in shape] == [2, None]
    assert shape.num_elements() is None
    assert TensorShape([2, 3]).num_elements() == 6
    assert TensorShape([]).num_elements() == 1
    assert TensorShape([0, None]).num_elements() is TensorShape(None).num_elements() is None
    assert TensorShape([2, 3]).is_fully_defined()
    assert not shape.is_fully_defined()
    assert not TensorShape(None).is_fully_defined()
    assert np.zeros(TensorShape([2, 3])).shape == (2, 3)
    with pytest.raises(TypeError, match="unhashable type: 'TensorShape'"):
        hash(shape)


def test_indexing():
    shape = TensorShape([1, None, 3])
    assert (shape[0].value, shape[1].value, shape[-1].value) == (1, None, 3)
    assert shape[np.int64(2)].value == shape[Dimension(2)].value == 3
    assert shape[1:].as_list() == [None, 3]
    assert shape[::-1].as_list() == [3, None, 1]
    assert shape[2:1].as_list() == []
    with pytest.raises(IndexError, match="list index out of range"):
        shape[3]
    with pytest.raises(TypeError, match="list indices must be integers or slices, not str"):
        shape["a"]


def test_indexing_an_unknown_rank():
    shape = TensorShape(None)
    assert shape[5].value is None
    assert shape[:2].as_list() == [None, None]
    assert shape[1:5].rank == 4
    assert shape[2:1].rank == 0
    assert shape[1:].rank is shape[:-1].rank is shape[-3:2].rank is None
    with pytest.raises(ValueError, match="^Steps are not yet handled$"):
        shape[::2]
    with pytest.raises(ValueError, match="^Cannot iterate over a shape with unknown rank.$"):
        list(shape)
    with pytest.raises(ValueError, match="^Cannot take the length of shape with unknown rank.$"):
        len(shape)
    with pytest.raises(ValueError, match=r"^as_list\(\) is not defined on an unknown TensorShape"):
        shape.as_list()


def test_equality():
    known, partly, rankless = TensorShape([2, 3]), TensorShape([None, 3]), TensorShape(None)
    assert known == [2, 3]
    assert known == (2, 3)
    assert TensorShape([3]) == 3
    assert rankless == TensorShape(None)
    assert rankless == None  # noqa: E711
    assert (known != [2, 3]) is False
    assert known != [2, 4]
    assert known != partly
    for other in ("a", object, [2], rankless):
        assert (known == other) is False
    assert (known != "a") is True
    with pytest.raises(ValueError, match="^The inequality of unknown TensorShapes is undefined.$"):
        _ = known != rankless
    with pytest.raises(ValueError, match="^The inequality of unknown TensorShapes is undefined.$"):
        _ = rankless != None  # noqa: E711


def test_an_unknown_dimension_equals_only_itself():
    shape = TensorShape([None, 3])
    assert (shape == [None, 3]) is False
    assert (shape != [None, 3]) is True
    assert shape == shape[:]
    assert shape == TensorShape(shape)
    assert shape == TensorShape([shape[0], 3])
    assert shape.concatenate([2]) == shape.concatenate([2])
    assert (shape != shape[:]) is False


def test_combining():
    shape = TensorShape([None, 3])
    assert shape.merge_with([2, None]).as_list() == [2, 3]
    assert TensorShape(None).merge_with(3).as_list() == [3]
    assert shape.concatenate(4).as_list() == (shape + [4]).as_list() == [None, 3, 4]
    assert ([4] + shape).as_list() == [4, None, 3]
    assert shape.concatenate(None).rank is (TensorShape(None) + [2]).rank is None
    assert shape.most_specific_compatible_shape([2, 4]).as_list() == [None, None]
    assert shape.most_specific_compatible_shape([2, 3]).as_list() == [None, 3]
    assert shape.most_specific_compatible_shape([3]).rank is None
    assert shape.is_compatible_with([2, 3])
    assert not shape.is_compatible_with([3])


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda s: s.merge_with([3]), "Shapes (?, 3) and (3,) are not compatible"),
        (lambda s: s.merge_with([2, 4]), "Shapes (?, 3) and (2, 4) are not compatible"),
        (
            lambda s: s.assert_is_compatible_with([2, 4]),
            "Shapes (?, 3) and [2, 4] are incompatible",
        ),
        (lambda s: s.assert_same_rank(3), "Shapes (?, 3) and (3,) must have the same rank"),
        (lambda s: s.assert_has_rank(1), "Shape (?, 3) must have rank 1"),
        (lambda s: s.with_rank(3), "Shape (?, 3) must have rank 3"),
        (lambda s: s.with_rank_at_least(3), "Shape (?, 3) must have rank at least 3"),
        (lambda s: s.with_rank_at_most(1), "Shape (?, 3) must have rank at most 1"),
        (lambda s: s.assert_is_fully_defined(), "Shape (?, 3) is not fully defined"),
    ],
)
def test_what_does_not_hold(act, text):
    shape = TensorShape([None, 3])
    with pytest.raises(ValueError) as raised:
        act(shape)
    assert str(raised.value) == text
    assert shape.as_list() == [None, 3]


def test_what_holds_passes():
    shape, rankless = TensorShape([2, 3]), TensorShape(None)
    assert shape.with_rank(2) == shape.with_rank_at_least(1) == shape.with_rank_at_most(2)
    assert rankless.with_rank(2).as_list() == [None, None]
    assert rankless.with_rank_at_least(2).rank is rankless.with_rank_at_most(1).rank is None
    shape.assert_is_fully_defined()
    for other in (shape, rankless, [None, None]):
        shape.assert_same_rank(other)
        shape.assert_is_compatible_with(other)
        rankless.assert_is_compatible_with(other)
    rankless.assert_has_rank(2)


def test_fast_constructor_and_rank_only():
    assert TensorShape._of((2, None)).as_list() == [2, None]
    assert TensorShape._of(None).dims is None
    assert shapes.unknown_shape().rank is None
    assert shapes.unknown_shape(2).as_list() == [None, None]


def test_broadcast_says_both_shapes():
    with pytest.raises(ValueError) as raised:
        shapes.broadcast((2, 3), (4,))
    assert str(raised.value) == "Incompatible shapes for broadcasting: (2, 3) and (4,)"


def test_merge_says_both_shapes():
    with pytest.raises(ValueError, match=r"^Shapes \(2, 3\) and \(4,\) are not compatible$"):
        shapes.merge((2, 3), (4,))


@given(plain_shapes, plain_shapes)
def test_merge_and_most_specific_compatible(a, b):
    common = shapes.most_specific_compatible(a, b)
    assert common == shapes.most_specific_compatible(b, a)
    assert shapes.is_compatible(common, a)
    if not shapes.is_compatible(a, b):
        with pytest.raises(ValueError):
            shapes.merge(a, b)
        return
    merged = shapes.merge(a, b)
    assert merged == shapes.merge(b, a)
    assert shapes.merge(merged, a) == shapes.merge(merged, b) == merged
    assert shapes.merge(common, merged) == merged


@given(plain_shapes)
def test_public_shape_and_plain_shape_say_the_same(shape):
    public = TensorShape(shape)
    assert as_shape(public) == shape
    assert public.num_elements() == shapes.num_elements(shape)
    assert public.is_fully_defined() == shapes.is_fully_defined(shape)
    if shapes.is_fully_defined(shape):
        assert shapes.num_elements(shape) == np.zeros(shape).size
    assert shapes.concatenate(shape, (1,)) == public.concatenate([1])._shape
