"""Updates of variables in place: optimizer steps in one sweep, and updates of some rows only.

The plain rules in `ops.training` go over whole arrays once an operation, and make a new array each
time. Here a rule is traced once into a list of ufunc calls, which then run block by block: operands
stay in the cache, and results go into memory that is there already. The values are the plain
rule's to the last bit, since the same ufuncs are given the same numbers.

An array that was in a slot is written to only where nobody else holds it, which its reference count
tells. The slot is empty meanwhile, so nobody can get hold of the array either: who reads waits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from sys import getrefcount
from typing import Any

import numpy

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.threads import run_blocks, thread_count

# On fewer elements the plain rule is as fast: its temporary arrays are small and soon used again.
_WORTH_A_SWEEP = 1 << 16

# Bytes of each operand that a thread goes over at once: much, since a ufunc of a rule does little
# with an element (see `threads`).
_BLOCK_BYTES = 1 << 20

# The inputs of an optimizer step, besides variables, that are as large as the variable.
_GRADIENTS = frozenset({"grad", "delta"})

# A round of additions at once costs as much as this many rows added one by one.
_ROWS_OF_A_ROUND = 8

Change = Callable[[Sequence[Any], Sequence[Any]], None]


@kernel("ApplyGradientDescent", "ResourceApplyGradientDescent")
def descend(definition: Any, host: Any, place: Any, alpha: Any, delta: Any) -> Any:
    """A step of gradient descent; on a small variable without what only other rules need."""
    with place.lock:
        value = place.read()
        if value.size < _WORTH_A_SWEEP and delta.shape == value.shape and not alpha.ndim:
            place.write(definition.rule(host.np, value, alpha, delta)[0])
            return place
        # Let go of, so that nobody but the slot holds the array.
        del value
        return update(definition, host, place, alpha, delta)


@kernel(
    *("ApplyMomentum", "ResourceApplyMomentum"),
    *("ApplyAdam", "ResourceApplyAdam"),
    *("ApplyAdagrad", "ResourceApplyAdagrad"),
    *("ApplyRMSProp", "ResourceApplyRMSProp"),
    *("ApplyCenteredRMSProp", "ResourceApplyCenteredRMSProp"),
)
def update(definition: Any, host: Any, *given: Any) -> Any:
    """A step of an optimizer on whole variables."""
    places, numbers = given[: definition.places], given[definition.places :]
    with _Locks(places):
        values = [place.read() for place in places]
        if values[0].size >= _WORTH_A_SWEEP:
            rule = _traced(definition)
            if _sweepable(rule, places, values, numbers):
                _sweep(rule, places, values, numbers)
                return places[0]
        if _is_sound(definition, values, numbers):
            renewed = definition.rule(host.np, *values, *numbers)
        else:
            renewed = definition.renewed(host.np, values, numbers)
        for place, value in zip(places, renewed):
            place.write(value)
    return places[0]


def _is_sound(definition: Any, values: Sequence[Any], numbers: Sequence[Any]) -> bool:
    """Whether shapes are as they should be; the plain update complains of those that are not."""
    shape = values[0].shape
    for value in values:
        if value.shape != shape:
            return False
    large = _large_numbers(definition.places, definition.signature.input_names)
    for number, is_large in zip(numbers, large):
        if number.shape != (shape if is_large else ()):
            return False
    return True


@cache
def _large_numbers(places: int, names: tuple[str, ...]) -> tuple[bool, ...]:
    """Which inputs of an optimizer step, besides variables, are as large as the variable."""
    return tuple(name in _GRADIENTS for name in names[places:])


@kernel("AssignAdd", "AssignAddVariableOp", "AssignSub", "AssignSubVariableOp")
def assign_sum(definition: Any, host: Any, place: Any, value: Any) -> Any:
    """A variable plus or minus a value, in place if it is large."""
    if value.size < _WORTH_A_SWEEP:
        return definition.forward(host, place, value)
    ufunc = numpy.add if "Add" in definition.op_type else numpy.subtract
    with place.lock:
        values = [place.value]
        if not _lies_like(values[0], value):
            return definition.forward(host, place, value)

        def change(old: Sequence[Any], new: Sequence[Any]) -> None:
            ufunc(old[0], value, out=new[0])

        _change((place,), values, change, [_fresh])
    return place


def _lies_like(held: Any, value: Any) -> bool:
    return (
        held is not None
        and held.shape == value.shape
        and held.dtype == value.dtype
        and bool(held.flags.c_contiguous)
    )


class _Locks:
    """Holds the locks of several variables, taken in the order of `ops.training.locked`."""

    __slots__ = ("_places",)

    def __init__(self, places: Sequence[Any]) -> None:
        self._places = sorted(set(places), key=id)

    def __enter__(self) -> None:
        taken = 0
        try:
            for place in self._places:
                place.lock.acquire()
                taken += 1
        except BaseException:
            for place in self._places[:taken]:
                place.lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        for place in self._places:
            place.lock.release()


def _sweepable(
    rule: _Rule, places: Sequence[Any], values: Sequence[Any], numbers: Sequence[Any]
) -> bool:
    """Whether the arrays lie alike, element by element; the plain rule broadcasts and promotes."""
    first = values[0]
    arrays = [*values, *(numbers[i] for i in rule.gradients)]
    return (
        first.dtype.char in "efd"
        and len(set(places)) == len(places)
        and all(a.shape == first.shape and a.flags.c_contiguous for a in arrays)
        and all(n.ndim == 0 for i, n in enumerate(numbers) if i not in rule.gradients)
        and all(a.dtype == first.dtype for a in (*values, *numbers))
    )


def _sweep(rule: _Rule, places: Sequence[Any], values: list[Any], numbers: Sequence[Any]) -> None:
    size, dtype = values[0].size, values[0].dtype
    block = _BLOCK_BYTES // dtype.itemsize
    threads = min(thread_count(), -(-size // block)) if size > block else 1
    # One piece for each thread, made before anything is written: running out of memory later on
    # would leave a variable half updated.
    pieces = deque(scratch("update", (threads, rule.scratch, min(size, block)), dtype))

    def change(old: Sequence[Any], new: Sequence[Any]) -> None:
        registers = rule.registers(_flat(old), _flat(numbers), _flat(new))

        def run(start: int, stop: int) -> None:
            piece = pieces.pop()
            rule.run(registers, piece, start, stop)
            pieces.append(piece)

        run_blocks(run, size, block, threads)

    _change(places, values, change, [_fresh if changes else _same for changes in rule.changes])


def _flat(arrays: Sequence[Any]) -> list[Any]:
    return [array.reshape(-1) if array.ndim else array for array in arrays]


def _change(
    places: Sequence[Any],
    values: list[Any],
    change: Change,
    otherwise: Sequence[Callable[[Any, Any], Any]],
) -> None:
    """Runs `change(values, new)`, which puts into the arrays `new` what the slots then hold.

    The caller holds the slots' locks. An array of `values` that nobody but that list and the slot
    holds is its own `new`; for others `otherwise(slot, array)` gives one.
    """
    try:
        for place in places:
            place.write(None)
        new = [
            values[i] if _alone(values, i) else otherwise[i](place, values[i])
            for i, place in enumerate(places)
        ]
        change(values, new)
        for place, old, array in zip(places, values, new):
            place.write(array)
            place.spare = None if array is old else old
    except BaseException:
        for place, value in zip(places, values):
            place.write(value)
        raise


def _references(arrays: list[Any], i: int) -> int:
    return getrefcount(arrays[i])


# What the interpreter counts for an array that only one list holds.
_ONE = _references([numpy.empty(0)], 0)


def _alone(arrays: list[Any], i: int) -> bool:
    """Whether nobody but the list holds its array, whose memory may then be written to."""
    mine: bool = arrays[i].flags.owndata and arrays[i].flags.writeable
    return mine and _references(arrays, i) == _ONE


def _fresh(place: Any, array: Any) -> Any:
    """An array like another: the slot's spare one, if that fits and nobody holds it any more."""
    spares = [place.spare]
    place.spare = None
    spare = spares[0]
    if spare is not None and spare.shape == array.shape and spare.dtype == array.dtype:
        del spare
        if _alone(spares, 0) and spares[0].flags.c_contiguous:
            return spares[0]
    return numpy.empty(array.shape, array.dtype)


def _same(place: Any, array: Any) -> Any:
    return array


def _copy(place: Any, array: Any) -> Any:
    copy = _fresh(place, array)
    numpy.copyto(copy, array)
    return copy


class _Term:
    """Stands for an array or a number while a rule is traced."""

    __slots__ = ("is_array", "trace")

    def __init__(self, trace: _Trace, is_array: bool) -> None:
        self.trace = trace
        self.is_array = is_array

    def __add__(self, other: Any) -> _Term:
        return self.trace.call(numpy.add, self, other)

    def __sub__(self, other: Any) -> _Term:
        return self.trace.call(numpy.subtract, self, other)

    def __rsub__(self, other: Any) -> _Term:
        return self.trace.call(numpy.subtract, other, self)

    def __mul__(self, other: Any) -> _Term:
        return self.trace.call(numpy.multiply, self, other)

    def __truediv__(self, other: Any) -> _Term:
        return self.trace.call(numpy.divide, self, other)


class _Trace:
    """Stands for numpy while a rule is traced: writes down what is called."""

    def __init__(self) -> None:
        self.calls: list[tuple[numpy.ufunc, tuple[Any, ...], _Term]] = []

    def call(self, ufunc: numpy.ufunc, *operands: Any) -> _Term:
        is_array = any(isinstance(o, _Term) and o.is_array for o in operands)
        result = _Term(self, is_array)
        self.calls.append((ufunc, operands, result))
        return result

    def sqrt(self, x: _Term) -> _Term:
        return self.call(numpy.sqrt, x)


class _Rule:
    """A traced rule: ufunc calls on numbered registers, the last of which takes the result.

    The registers hold the rule's inputs, the Python numbers in it, what it computes from numbers
    alone, the new arrays, and scratch memory; in this order.
    """

    def __init__(self, definition: Any) -> None:
        trace = _Trace()
        names, places = definition.signature.input_names, definition.places
        inputs = [_Term(trace, i < places or n in _GRADIENTS) for i, n in enumerate(names)]
        results = definition.rule(trace, *inputs)
        self.gradients = [i for i, n in enumerate(names[places:]) if n in _GRADIENTS]
        self.changes = [new is not old for old, new in zip(inputs, results)]
        self._constants = [o for _, operands, _ in trace.calls for o in operands if type(o) is int]
        first = [call for call in trace.calls if not call[2].is_array]
        calls = [call for call in trace.calls if call[2].is_array]
        numbered = [*inputs, *self._constants, *(result for _, _, result in first)]
        register = {key: i for i, key in enumerate(numbered)}
        self._before = [(ufunc, [register[o] for o in operands]) for ufunc, operands, _ in first]
        self._new = len(numbered)
        self._arrays = [
            *(i for i, term in enumerate(inputs) if term.is_array),
            *range(self._new, self._new + places),
        ]
        register |= {r: self._new + i for i, r in enumerate(results) if self.changes[i]}
        last = {o: k for k, (_, operands, _) in enumerate(calls) for o in operands}
        _check_places(inputs, results, calls, last)
        self.scratch = 0
        free: list[int] = []
        self._calls = []
        for k, (ufunc, operands, result) in enumerate(calls):
            read = [register[o] for o in operands]
            at = self._new + places
            free += {r for o, r in zip(operands, read) if r >= at and last[o] == k}
            if result not in register:
                if not free:
                    free.append(at + self.scratch)
                    self.scratch += 1
                register[result] = free.pop()
            self._calls.append((ufunc, itemgetter(*read, register[result])))

    def registers(
        self, old: Sequence[Any], numbers: Sequence[Any], new: Sequence[Any]
    ) -> list[Any]:
        """What the registers hold, but for scratch memory; large arrays are flat."""
        found = [*old, *numbers, *self._constants]
        for ufunc, operands in self._before:
            found.append(ufunc(*(found[i] for i in operands)))
        return [*found, *new]

    def run(self, registers: Sequence[Any], scratch: Any, start: int, stop: int) -> None:
        """Computes the elements from `start` to `stop`; `scratch` has `self.scratch` rows."""
        block = [*registers, *scratch[:, : stop - start]]
        for i in self._arrays:
            block[i] = block[i][start:stop]
        for ufunc, operands in self._calls:
            ufunc(*operands(block))


def _check_places(inputs: Any, results: Any, calls: Any, last: Any) -> None:
    """Raises ValueError where a rule reads an array after its place has a new one."""
    made = {result: k for k, (_, _, result) in enumerate(calls)}
    for old, new in zip(inputs, results):
        if new is not old and (new not in made or last.get(old, -1) > made[new]):
            raise ValueError("the rule needs an old value after it has computed the new one")


_traced = cache(_Rule)


@kernel(
    *("SparseApplyMomentum", "ResourceSparseApplyMomentum"),
    *("SparseApplyAdagrad", "ResourceSparseApplyAdagrad"),
    *("SparseApplyRMSProp", "ResourceSparseApplyRMSProp"),
    *("SparseApplyCenteredRMSProp", "ResourceSparseApplyCenteredRMSProp"),
)
def update_rows(definition: Any, host: Any, *given: Any) -> Any:
    """A step of an optimizer on the rows that `indices` name: on a small variable of those rows."""
    places, numbers = given[: definition.places], list(given[definition.places :])
    at = definition.signature.input_names.index("indices") - definition.places
    with _Locks(places):
        values = [place.read() for place in places]
        if not _rows_apart(places, values, numbers[at]):
            return definition.forward(host, *given)
        rows, numbers[at] = numpy.unique(numbers[at], return_inverse=True)
        renewed = definition.renewed(numpy, [value[rows] for value in values], numbers)

        def change(old: Sequence[Any], new: Sequence[Any]) -> None:
            for array, some in zip(new, renewed):
                array[rows] = some

        _change(places, values, change, [_copy] * len(places))
    return places[0]


def _rows_apart(places: Sequence[Any], values: Sequence[Any], indices: Any) -> bool:
    """Whether rows can be updated by themselves; the plain update deals with what does not fit."""
    shape = values[0].shape
    return (
        len(shape) > 0
        and len(set(places)) == len(places)
        and all(value.shape == shape for value in values)
        and indices.ndim == 1
        and _in_range(indices, shape[0])
    )


def _in_range(indices: Any, limit: int) -> bool:
    if not indices.size:
        return True
    # As unsigned numbers, negative indices are the largest.
    unsigned = indices.view(_UNSIGNED[indices.itemsize])
    return bool(numpy.maximum.reduce(unsigned, axis=None) < limit)


_UNSIGNED = {4: numpy.dtype("uint32"), 8: numpy.dtype("uint64")}

_ADDITIONS = {
    "ScatterAdd": numpy.add,
    "ScatterSub": numpy.subtract,
    "ResourceScatterAdd": numpy.add,
    "ResourceScatterSub": numpy.subtract,
}


@kernel(
    *_ADDITIONS,
    *("ScatterUpdate", "ScatterMul", "ScatterDiv", "ScatterMin", "ScatterMax"),
    *("ResourceScatterUpdate", "ResourceScatterMul", "ResourceScatterDiv"),
    *("ResourceScatterMin", "ResourceScatterMax"),
)
def scatter(definition: Any, host: Any, place: Any, indices: Any, updates: Any) -> Any:
    """An update of the rows that `indices` name, in place."""
    with place.lock:
        values = [place.value]
        if not _scatterable(values[0], indices, updates):
            return definition.forward(host, place, indices, updates)
        addition = _ADDITIONS.get(definition.op_type)
        if addition is not None and values[0].ndim > 1 and updates.ndim and indices.size:
            rows, some = _added(addition, values[0], indices, updates)

            def change(old: Sequence[Any], new: Sequence[Any]) -> None:
                new[0][rows] = some

        else:

            def change(old: Sequence[Any], new: Sequence[Any]) -> None:
                definition.update(numpy, new[0], (indices,), updates)

        _change((place,), values, change, [_copy])
    return place


def _scatterable(value: Any, indices: Any, updates: Any) -> bool:
    return (
        value is not None
        and value.ndim > 0
        and updates.dtype == value.dtype
        and updates.shape in ((), indices.shape + value.shape[1:])
        and _in_range(indices, value.shape[0])
    )


def _added(ufunc: numpy.ufunc, value: Any, indices: Any, updates: Any) -> tuple[Any, Any]:
    """The rows that change, and what they become; updates of one row are added in their order."""
    flat = indices.reshape(-1)
    updates = updates.reshape(flat.shape + value.shape[1:])
    order = flat.argsort(kind="stable")
    ordered = flat.take(order)
    first = numpy.empty(flat.size, bool)
    first[0] = True
    numpy.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    starts = first.nonzero()[0]
    if starts.size == flat.size:
        return flat, ufunc(value.take(flat, axis=0), updates)
    rows = ordered.take(starts)
    some = ufunc(value.take(rows, axis=0), updates.take(order.take(starts), axis=0))
    again = numpy.logical_not(first).nonzero()[0]
    at, updates = first.cumsum().take(again) - 1, updates.take(order.take(again), axis=0)
    counts = numpy.diff(starts, append=flat.size) - 1
    rounds = int(counts.max())
    if rounds * _ROWS_OF_A_ROUND > again.size:
        ufunc.at(some, at, updates)
        return rows, some
    occurrence = numpy.arange(at.size) - numpy.repeat(counts.cumsum() - counts, counts)
    for turn in range(rounds):
        chosen = numpy.flatnonzero(occurrence == turn)
        some[at[chosen]] = ufunc(some[at[chosen]], updates[chosen])
    return rows, some
