"""Assertions about arrays, with the values that break them in the message."""

from __future__ import annotations

import unittest
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np


class ArrayAssertions(unittest.TestCase):
    """The assertions of `tf.test.TestCase` about arrays.

    Each takes arrays, what numpy makes an array of, or tensors, which `evaluate` computes.
    """

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors, in the structure in which they are given."""
        raise NotImplementedError

    def _array(self, value: Any) -> Any:
        if hasattr(value, "_as_graph_element") or (
            hasattr(value, "graph") and hasattr(value, "dtype")
        ):
            value = self.evaluate(value)
        return value if isinstance(value, (np.ndarray, np.generic)) else np.array(value)

    def _assert_same_shape(self, a: Any, b: Any, contents: str) -> None:
        if a.shape != b.shape:
            raise self.failureException(
                f"Tuples differ: {a.shape} != {b.shape} : "
                f"Shape mismatch: expected {a.shape}, got {b.shape}{contents}"
            )

    def assertAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None
    ) -> None:
        """Holds if everywhere |a - b| <= atol + rtol |b|; NaN is close to NaN.

        `a` and `b` may also be dicts, namedtuples and (nested) lists of arrays of different shapes.
        """
        self._assert_structure_close(a, b, rtol, atol, "", msg or "")

    def _assert_structure_close(
        self, a: Any, b: Any, rtol: float, atol: float, path: str, msg: str
    ) -> None:
        a = a._asdict() if hasattr(a, "_asdict") else a
        b = b._asdict() if hasattr(b, "_asdict") else b
        if isinstance(a, Mapping) != isinstance(b, Mapping):
            raise ValueError(f"Can't compare dict to non-dict, a{path} vs b{path}. {msg}")
        if isinstance(a, Mapping):
            self.assertCountEqual(
                a.keys(),
                b.keys(),
                f"mismatched keys: a{path} has keys {a.keys()}, but b{path} has keys {b.keys()}. "
                f"{msg}",
            )
            for key in a:
                self._assert_structure_close(a[key], b[key], rtol, atol, f"{path}[{key}]", msg)
            return
        if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
            try:
                a, b = self._array(a), self._array(b)
            except (TypeError, ValueError):
                if len(a) != len(b):
                    raise ValueError(
                        f"Mismatched length: a{path} has {len(a)} items, but b{path} has "
                        f"{len(b)} items. {msg}"
                    ) from None
                for i, (x, y) in enumerate(zip(a, b)):
                    self._assert_structure_close(x, y, rtol, atol, f"{path}[{i}]", msg)
                return
            if a.dtype == object and a.shape == b.shape:
                for i, (x, y) in enumerate(zip(a.flat, b.flat)):
                    self._assert_structure_close(x, y, rtol, atol, f"{path}[{i}]", msg)
                return
        a, b = self._array(a), self._array(b)
        self._assert_same_shape(a, b, f" with contents {b}.")
        np.testing.assert_allclose(
            a,
            b,
            rtol=rtol,
            atol=atol,
            err_msg=f"Mismatched value: a{path} is different from b{path}. {msg}",
        )

    def assertAllCloseAccordingToType(
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        float_rtol: float = 1e-6,
        float_atol: float = 1e-6,
        half_rtol: float = 1e-3,
        half_atol: float = 1e-3,
        bfloat16_rtol: float = 1e-2,
        bfloat16_atol: float = 1e-2,
        msg: str | None = None,
    ) -> None:
        """As assertAllClose, with the tolerances of the less precise of the two arrays' dtypes."""
        a, b = self._array(a), self._array(b)
        for names, type_rtol, type_atol in (
            (("float32", "complex64"), float_rtol, float_atol),
            (("float16",), half_rtol, half_atol),
            (("bfloat16",), bfloat16_rtol, bfloat16_atol),
        ):
            if a.dtype.name in names or b.dtype.name in names:
                rtol, atol = max(rtol, type_rtol), max(atol, type_atol)
        self.assertAllClose(a, b, rtol, atol, msg)

    def assertNotAllClose(self, a: Any, b: Any, **kwargs: Any) -> None:
        """Holds if assertAllClose, which `kwargs` are given to, does not."""
        try:
            self.assertAllClose(a, b, **kwargs)
        except self.failureException:
            return
        raise self.failureException("The two values are close at all elements")

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Holds if `a` and `b` have the same shape and the same elements; NaN equals NaN."""
        a, b = self._array(a), self._array(b)
        self._assert_same_shape(a, b, f". Contents: {b}. \n{msg or ''}.")
        if (a.dtype.kind in "SU") != (b.dtype.kind in "SU") or (
            a.dtype.kind in "SU" and a.dtype.kind != b.dtype.kind
        ):
            a, b = a.astype(object), b.astype(object)
        np.testing.assert_array_equal(a, b, err_msg=msg or "")

    def assertNotAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Holds if an element or the shape of `a` differs from that of `b`."""
        try:
            self.assertAllEqual(a, b)
        except self.failureException:
            return
        raise self.failureException(
            f"The two values are equal at all elements{': ' + msg if msg else ''}"
        )

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """Holds if every element of `a` is greater than `comparison_target`."""
        self.assertGreater(self._array(a).min().item(), comparison_target)

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        """Holds if no element of `a` is less than `comparison_target`."""
        self.assertGreaterEqual(self._array(a).min().item(), comparison_target)

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """Holds if every element of `a` is less than `comparison_target`."""
        self.assertLess(self._array(a).max().item(), comparison_target)

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        """Holds if no element of `a` is greater than `comparison_target`."""
        self.assertLessEqual(self._array(a).max().item(), comparison_target)

    def assertAllInRange(
        self,
        target: Any,
        lower_bound: Any,
        upper_bound: Any,
        open_lower_bound: bool = False,
        open_upper_bound: bool = False,
    ) -> None:
        """Holds if all elements lie between the bounds; an open bound is itself outside."""
        target = self._array(target)
        if target.dtype.kind not in "iuf":
            raise self.failureException(
                f"The value of {target} does not have an ordered numeric type, instead it has "
                f"type: {target.dtype}"
            )
        too_low = target <= lower_bound if open_lower_bound else target < lower_bound
        too_high = target >= upper_bound if open_upper_bound else target > upper_bound
        outside = np.argwhere(too_low | too_high | np.isnan(target))
        if outside.size:
            bounds = (
                f"{'(' if open_lower_bound else '['}{lower_bound}, "
                f"{upper_bound}{')' if open_upper_bound else ']'}"
            )
            lines = [
                f"  [{', '.join(map(str, place))}] : {target[tuple(place)]}"
                for place in outside[:10]
            ]
            raise self.failureException(
                f"{len(outside)} of the {target.size} element(s) are outside the range {bounds}. "
                "Subscript(s) and value(s) of the offending elements:\n" + "\n".join(lines)
            )

    def assertAllInSet(self, target: Any, expected_set: Collection[Any]) -> None:
        """Holds if every element is one of `expected_set`."""
        found = np.unique(self._array(target))
        others = [value for value in found.tolist() if value not in expected_set]
        if others:
            raise self.failureException(
                f"{len(others)} unique element(s) are not in the set {expected_set}: {others}"
            )

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        """Holds if the array of `target` has this dtype."""
        array = self._array(target)
        if array.dtype != expected_dtype:
            raise self.failureException(f"{array.dtype!r} != {expected_dtype!r}")

    def assertNear(self, f1: float, f2: float, err: float, msg: str | None = None) -> None:
        """Holds if |f1 - f2| <= err, or both are the same."""
        if not (f1 == f2 or abs(f1 - f2) <= err):
            raise self.failureException(
                f"False is not true : {f1:f} != {f2:f} +/- {err:f}" + (f" ({msg})" if msg else "")
            )

    def assertArrayNear(
        self, farray1: Any, farray2: Any, err: float, msg: str | None = None
    ) -> None:
        """assertNear for each pair of elements of two sequences of the same length."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for f1, f2 in zip(farray1, farray2):
            self.assertNear(float(f1), float(f2), err, msg)

    def assertNDArrayNear(
        self, ndarray1: Any, ndarray2: Any, err: float, msg: str | None = None
    ) -> None:
        """Holds if the Euclidean norm of the difference is less than `err`."""
        self.assertTrue(bool(np.linalg.norm(ndarray1 - ndarray2) < err), msg)

    def assertShapeEqual(self, np_array: Any, tf_tensor: Any, msg: str | None = None) -> None:
        """Holds if the tensor's static shape is that of the array.

        Raises:
          TypeError: `np_array` is no array, or `tf_tensor` no tensor.
        """
        if not isinstance(np_array, (np.ndarray, np.generic)):
            raise TypeError("np_array must be a Numpy ndarray or Numpy scalar")
        if not hasattr(tf_tensor, "get_shape"):
            raise TypeError("tf_tensor must be a Tensor")
        self.assertAllEqual(np_array.shape, tf_tensor.get_shape().as_list(), msg=msg)


def renamed(method: Callable[..., Any]) -> Callable[..., Any]:
    """`method` under a name of old `unittest`, which newer Pythons no longer have."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    call.__doc__ = f"`{method.__name__}` under its old name."
    return call
