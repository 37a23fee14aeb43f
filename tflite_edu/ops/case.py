"""The first of several conditions that holds: `tf.case`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import INT32
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.checking import assert_that
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.joining import stack
from tflite_edu.ops.reductions import reduce_sum

Functions = Sequence[Callable[[], Any]]


@export("case")
def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """What the function of the first predicate returns that is true in a run.

    `pred_fn_pairs` is a list of (bool scalar tensor, function), or a dict of them; one that is not
    ordered counts in the order of the tensors' names. Where none is true `default()` counts;
    without it a run fails with InvalidArgumentError. With `exclusive` a run fails where more than
    one is true. The functions are as in `tf.cond`. Raises TypeError where the pairs are none.
    """
    predicates, functions = _checked(pred_fn_pairs)
    with name_scope(name, "case", [predicates]):
        if default is None:
            otherwise = _last(predicates, functions)
            predicates, functions = predicates[:-1], functions[:-1]
        else:
            otherwise = default
        if not exclusive:
            return _nested(predicates, functions, otherwise, strict)
        check = _at_most(1, predicates, "Input error: exclusive=True")
        with control_dependencies([check]):
            return _nested(predicates, functions, otherwise, strict)


def _checked(pairs: Any) -> tuple[Sequence[Tensor], Functions]:
    if not isinstance(pairs, (list, tuple, dict)):
        raise TypeError("fns must be a list, tuple, or dict")
    if isinstance(pairs, OrderedDict):
        pairs = list(pairs.items())
    elif isinstance(pairs, dict):
        pairs = sorted(pairs.items(), key=lambda pair: str(pair[0].name))
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        predicate, function = pair
        if not isinstance(predicate, Tensor):
            raise TypeError(f"pred must be a Tensor, got: {predicate}")
        if predicate.dtype.base_dtype.name != "bool":
            raise TypeError(f"pred must be Tensor of type bool: {predicate.name}")
        if not callable(function):
            raise TypeError(f"fn for pred {predicate.name} must be callable.")
    predicates, functions = zip(*pairs)
    return predicates, functions


def _nested(
    predicates: Sequence[Tensor], functions: Functions, otherwise: Callable[[], Any], strict: bool
) -> Any:
    """Conditionals, each in the other branch of the one before."""
    if not predicates:
        return otherwise()
    return cond(
        predicates[0],
        true_fn=functions[0],
        false_fn=lambda: _nested(predicates[1:], functions[1:], otherwise, strict),
        strict=strict,
    )


def _last(predicates: Sequence[Tensor], functions: Functions) -> Callable[[], Any]:
    """The last function, behind checks that its predicate holds and no other does."""

    def function() -> Any:
        number = len(predicates) - 1
        none = ["Input error: None of conditions evaluated as True:", stack(predicates, name=_ALL)]
        others = _at_most(
            0,
            predicates[:-1],
            f"Implementation error: selected default action #{number} was called, but some of "
            "other predicates are True: ",
        )
        with control_dependencies([others, assert_that(predicates[-1], none)]):
            return functions[-1]()

    return function


_ALL = "preds_c"


def _at_most(count: int, predicates: Sequence[Tensor], message: str) -> Operation:
    """Fails where more than `count` predicates are true."""
    together = stack(predicates, name=_ALL)
    true = reduce_sum(cast(together, INT32), name="num_true_conds")
    few = raw.LessEqual(true, constant(count, name="n_true_conds"))
    names = ", ".join(p.name for p in predicates)
    text = f"{message}: more than {count} conditions ({names}) evaluated as True:"
    return assert_that(few, [text, together], summarize=len(predicates))
