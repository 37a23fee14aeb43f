"""`tf.assert_*`: claims about tensors, checked at once where they are known, else by nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.checking import assert_that
from tflite_edu.ops.comparison import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    not_equal,
)
from tflite_edu.ops.control import no_op, with_dependencies
from tflite_edu.ops.quantifiers import reduce_all
from tflite_edu.ops.shapes_of_tensors import rank as rank_of
from tflite_edu.ops.shapes_of_tensors import shape as shape_of

# Distance from 1 to the next number.
_EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}

_Holds = Callable[[Any, Any], Any]


def _assert_relation(
    sign: str,
    operation: Callable[..., Tensor],
    holds: _Holds,
    scope: str,
    x: Any,
    y: Any,
    data: Any,
    summarize: int | None,
    message: str | None,
    name: str | None,
) -> Operation:
    with name_scope(name, scope, [x, y, data]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y")
        if data is None:
            data = [
                f"Condition x {sign} y did not hold element-wise:",
                f"x ({x.name}) = ",
                x,
                f"y ({y.name}) = ",
                y,
            ]
        if message is not None:
            data = [message, *data]
        condition = reduce_all(operation(x, y))
        known = constant_value(x), constant_value(y)
        if known[0] is not None and known[1] is not None and not holds(*known).all():
            raise InvalidArgumentError(None, None, "\n".join(_known_text(d) for d in data))
        return assert_that(condition, data, summarize=summarize)


def _known_text(value: Any) -> str:
    known = constant_value(value) if isinstance(value, Tensor) else None
    return str(value if known is None else known)


@export("assert_equal", "debugging.assert_equal")
def assert_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises InvalidArgumentError unless `x == y` in every element (broadcast).

    Where both are constants it is raised at once. `data` is shown in the error in place of x and y,
    `summarize` elements (3) of each tensor; `message` stands before it.
    """
    with name_scope(name, "assert_equal", [x, y, data]):
        if x is y:
            return no_op()
    return _assert_relation(
        "==", equal, lambda a, b: a == b, "assert_equal", x, y, data, summarize, message, name
    )


@export("assert_none_equal", "debugging.assert_none_equal")
def assert_none_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x != y` in every element; see `assert_equal`."""
    holds: _Holds = lambda a, b: a != b  # noqa: E731
    return _assert_relation(
        "!=", not_equal, holds, "assert_none_equal", x, y, data, summarize, message, name
    )


@export("assert_less", "debugging.assert_less")
def assert_less(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x < y` in every element; see `assert_equal`."""
    return _assert_relation(
        "<", less, lambda a, b: a < b, "assert_less", x, y, data, summarize, message, name
    )


@export("assert_less_equal", "debugging.assert_less_equal")
def assert_less_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x <= y` in every element; see `assert_equal`."""
    holds: _Holds = lambda a, b: a <= b  # noqa: E731
    return _assert_relation(
        "<=", less_equal, holds, "assert_less_equal", x, y, data, summarize, message, name
    )


@export("assert_greater", "debugging.assert_greater")
def assert_greater(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x > y` in every element; see `assert_equal`."""
    return _assert_relation(
        ">", greater, lambda a, b: a > b, "assert_greater", x, y, data, summarize, message, name
    )


@export("assert_greater_equal", "debugging.assert_greater_equal")
def assert_greater_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x >= y` in every element; see `assert_equal`."""
    holds: _Holds = lambda a, b: a >= b  # noqa: E731
    return _assert_relation(
        ">=", greater_equal, holds, "assert_greater_equal", x, y, data, summarize, message, name
    )


def _assert_sign(
    sign: str, x: Any, data: Any, summarize: int | None, message: str | None, name: str | None
) -> Operation:
    """The relation of x and zero, put as TensorFlow puts it: only with < and <=."""
    known: dict[str, tuple[str, Callable[..., Operation]]] = {
        ">": ("assert_positive", assert_less),
        "<": ("assert_negative", assert_less),
        ">=": ("assert_non_negative", assert_less_equal),
        "<=": ("assert_non_positive", assert_less_equal),
    }
    scope, claim = known[sign]
    with name_scope(name, scope, [x, data]):
        x = convert_to_tensor(x, name="x")
        if data is None:
            texts = [f"Condition x {sign} 0 did not hold element-wise:", f"x ({x.name}) = "]
            # TensorFlow lacks a comma here.
            data = [message or "", *(["".join(texts)] if sign == "<=" else texts), x]
        zero = convert_to_tensor(0, dtype=x.dtype)
        low, high = (zero, x) if sign.startswith(">") else (x, zero)
        return claim(low, high, data=data, summarize=summarize)


@export("assert_positive", "debugging.assert_positive")
def assert_positive(
    x: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x > 0` in every element; see `assert_equal`."""
    return _assert_sign(">", x, data, summarize, message, name)


@export("assert_negative", "debugging.assert_negative")
def assert_negative(
    x: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x < 0` in every element; see `assert_equal`."""
    return _assert_sign("<", x, data, summarize, message, name)


@export("assert_non_negative", "debugging.assert_non_negative")
def assert_non_negative(
    x: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x >= 0` in every element; see `assert_equal`."""
    return _assert_sign(">=", x, data, summarize, message, name)


@export("assert_non_positive", "debugging.assert_non_positive")
def assert_non_positive(
    x: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `x <= 0` in every element; see `assert_equal`."""
    return _assert_sign("<=", x, data, summarize, message, name)


@export("assert_near", "debugging.assert_near")
def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless `|x - y| < atol + rtol |y|` in every element.

    Both tolerances are ten times the type's machine epsilon unless they are given. Raises
    ValueError where x is not of a floating-point type.
    """
    with name_scope(name, "assert_near", [x, y, rtol, atol, data]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype=x.dtype.base_dtype, name="y")
        epsilon = _EPSILON.get(x.dtype.base_dtype.name)
        if epsilon is None:
            raise ValueError(f"data type {x.dtype.as_numpy_dtype} not inexact")
        rtol = 10 * epsilon if rtol is None else rtol
        atol = 10 * epsilon if atol is None else atol
        rtol = convert_to_tensor(rtol, dtype=x.dtype.base_dtype, name="rtol")
        atol = convert_to_tensor(atol, dtype=x.dtype.base_dtype, name="atol")
        if data is None:
            data = [
                message or "",
                f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}",
                f"x ({x.name}) = ",
                x,
                f"y ({y.name}) = ",
                y,
            ]
        tolerance = atol + rtol * abs(y)
        condition = reduce_all(less(abs(x - y), tolerance))
        return assert_that(condition, data, summarize=summarize)


def _assert_rank(
    x: Tensor,
    ranks: Sequence[Tensor],
    holds: Callable[[int, Sequence[Any]], bool],
    condition: Callable[[Tensor], Tensor],
    words: str,
    data: Any,
    summarize: int | None,
    message: str,
) -> Operation:
    """Checks the rank of x at once where that and `ranks` are known, else by nodes."""
    if data is None:
        data = [message, f"Tensor {x.name} must have {words}", *ranks]
        data += ["Received shape: ", shape_of(x)]
    for rank in ranks:
        assert_type(rank, dtypes.int32)
    known = tuple(constant_value(rank) for rank in ranks)
    if all(k is not None for k in known):
        if any(k.ndim for k in known):
            raise ValueError("Rank must be a scalar.")
        if x.shape.ndims is not None:
            if not holds(x.shape.ndims, known):
                shown = known if words.endswith(" in") else known[0]
                raise ValueError(
                    f"{message}.  Tensor {x.name} must have {words} {shown}.  Received rank "
                    f"{x.shape.ndims}, shape {x.shape}"
                )
            return no_op(name="static_checks_determined_all_ok")
    result = condition(rank_of(x))
    for rank, value in zip(ranks, known, strict=True):
        if value is None:
            scalar = assert_rank(rank, 0, data=["Rank must be a scalar. Received rank: ", rank])
            result = with_dependencies([scalar], result)
    return assert_that(result, data, summarize=summarize)


@export("assert_rank", "debugging.assert_rank")
def assert_rank(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises InvalidArgumentError unless x has `rank` dimensions.

    Where that is known while the graph is built ValueError is raised at once. `rank` is an int32
    scalar (else TypeError); the other arguments are those of `assert_equal`.
    """
    with name_scope(name, "assert_rank", [x, rank, *(data or ())]):
        x = convert_to_tensor(x, name="x")
        rank = convert_to_tensor(rank, name="rank")
        return _assert_rank(
            x,
            [rank],
            lambda actual, given: actual == given[0],
            lambda actual: equal(actual, rank),
            "rank",
            data,
            summarize,
            message or "",
        )


@export("assert_rank_at_least", "debugging.assert_rank_at_least")
def assert_rank_at_least(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless x has `rank` or more dimensions; see `assert_rank`."""
    with name_scope(name, "assert_rank_at_least", [x, rank, *(data or ())]):
        x = convert_to_tensor(x, name="x")
        rank = convert_to_tensor(rank, name="rank")
        return _assert_rank(
            x,
            [rank],
            lambda actual, given: actual >= given[0],
            lambda actual: greater_equal(actual, rank),
            "rank at least",
            data,
            summarize,
            message or "",
        )


@export("assert_rank_in", "debugging.assert_rank_in")
def assert_rank_in(
    x: Any,
    ranks: Iterable[Any],
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """A node that raises unless the number of x's dimensions is in `ranks`; see `assert_rank`."""
    ranks = list(ranks)
    with name_scope(name, "assert_rank_in", [x, *ranks, *(data or ())]):
        x = convert_to_tensor(x, name="x")
        given = [convert_to_tensor(rank, name="rank") for rank in ranks]

        def is_one(actual: Tensor) -> Tensor:
            if not given:
                return convert_to_tensor(False)
            result = equal(given[0], actual)
            for rank in given[1:]:
                result = raw.LogicalOr(result, equal(rank, actual))
            return result

        return _assert_rank(
            x,
            given,
            lambda actual, known: any(actual == k for k in known),
            is_one,
            "rank in",
            data,
            summarize,
            message or "",
        )


@export("assert_scalar", "debugging.assert_scalar")
def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Tensor:
    """`tensor` as a tensor; raises ValueError unless it is known to be a scalar."""
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name=scope)
        if tensor.shape.ndims != 0:
            raise ValueError(
                f"{message or ''}Expected scalar shape for {tensor.name}, saw shape: "
                f"{tensor.shape}."
            )
        return tensor


@export("assert_integer", "debugging.assert_integer")
def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Operation:
    """A node that does nothing; raises TypeError unless x is of an integer type."""
    with name_scope(name, "assert_integer", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_integer:
            raise TypeError(
                f'{message or ""}  Expected "x" to be integer type.  Found: {x.name} of dtype '
                f"{x.dtype}"
            )
        return no_op("statically_determined_was_integer")


@export("assert_type", "debugging.assert_type")
def assert_type(
    tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None
) -> Operation:
    """A node that does nothing; raises TypeError unless the tensor is of the type."""
    with name_scope(name, "assert_type", [tensor]):
        tensor = convert_to_tensor(tensor, name="tensor")
        if tensor.dtype != tf_type:
            raise TypeError(f"{message or ''}  {tensor.name} must be of type {tf_type}")
        return no_op("statically_determined_correct_type")


@export("assert_same_float_dtype", "debugging.assert_same_float_dtype")
def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> DType:
    """The one floating-point type of `tensors` (None among them is passed over) and of `dtype`.

    float32 where there is none. Raises ValueError where they differ or it is no such type.
    """
    expected: DType | None = None if dtype is None else dtypes.as_dtype(dtype)
    source = ""
    for tensor in tensors or ():
        if tensor is None:
            continue
        found = tensor.dtype.base_dtype
        if expected is None:
            expected = found
            source = f" as {tensor.name}"
        elif expected != found:
            raise ValueError(
                f"{tensor.name}, type={found}, must be of the same type ({expected}){source}."
            )
    if expected is None:
        return dtypes.float32
    if not expected.is_floating:
        raise ValueError(f"Expected floating point type, got {expected}.")
    return expected


@export("assert_proper_iterable", "debugging.assert_proper_iterable")
def assert_proper_iterable(values: Any) -> None:
    """Raises TypeError unless `values` is a list or the like: no text, tensor or array."""
    if isinstance(values, (Tensor, str, bytes)) or hasattr(values, "__array__"):
        raise TypeError(
            f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}'
        )
    if not hasattr(values, "__iter__"):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


@export("is_numeric_tensor", "debugging.is_numeric_tensor")
def is_numeric_tensor(tensor: Any) -> bool:
    """Whether `tensor` is a tensor of numbers."""
    if not isinstance(tensor, Tensor):
        return False
    kind = tensor.dtype.base_dtype
    return kind.is_floating or kind.is_integer or kind.is_complex or kind.is_quantized
