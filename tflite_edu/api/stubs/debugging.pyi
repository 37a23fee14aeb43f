# Written by api/generate.py.
from tflite_edu.ops.assertions import assert_equal as assert_equal
from tflite_edu.ops.assertions import assert_greater as assert_greater
from tflite_edu.ops.assertions import assert_greater_equal as assert_greater_equal
from tflite_edu.ops.assertions import assert_integer as assert_integer
from tflite_edu.ops.assertions import assert_less as assert_less
from tflite_edu.ops.assertions import assert_less_equal as assert_less_equal
from tflite_edu.ops.assertions import assert_near as assert_near
from tflite_edu.ops.assertions import assert_negative as assert_negative
from tflite_edu.ops.assertions import assert_non_negative as assert_non_negative
from tflite_edu.ops.assertions import assert_non_positive as assert_non_positive
from tflite_edu.ops.assertions import assert_none_equal as assert_none_equal
from tflite_edu.ops.assertions import assert_positive as assert_positive
from tflite_edu.ops.assertions import assert_proper_iterable as assert_proper_iterable
from tflite_edu.ops.assertions import assert_rank as assert_rank
from tflite_edu.ops.assertions import assert_rank_at_least as assert_rank_at_least
from tflite_edu.ops.assertions import assert_rank_in as assert_rank_in
from tflite_edu.ops.assertions import assert_same_float_dtype as assert_same_float_dtype
from tflite_edu.ops.assertions import assert_scalar as assert_scalar
from tflite_edu.ops.assertions import assert_type as assert_type
from tflite_edu.ops.assertions import is_numeric_tensor as is_numeric_tensor
from tflite_edu.ops.checking import assert_that as Assert
from tflite_edu.ops.checking import check_numerics as check_numerics
from tflite_edu.ops.checking import verify_tensor_all_finite as assert_all_finite
from tflite_edu.ops.rounding import is_finite as is_finite
from tflite_edu.ops.rounding import is_inf as is_inf
from tflite_edu.ops.rounding import is_nan as is_nan

__all__ = [
    "Assert",
    "assert_all_finite",
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_integer",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_negative",
    "assert_non_negative",
    "assert_non_positive",
    "assert_none_equal",
    "assert_positive",
    "assert_proper_iterable",
    "assert_rank",
    "assert_rank_at_least",
    "assert_rank_in",
    "assert_same_float_dtype",
    "assert_scalar",
    "assert_type",
    "check_numerics",
    "is_finite",
    "is_inf",
    "is_nan",
    "is_numeric_tensor",
]
