# Written by api/generate.py.
from tflite_edu.ops.printing import string_format as format
from tflite_edu.ops.strings import string_join as join
from tflite_edu.ops.strings import string_length as length
from tflite_edu.ops.strings import string_lower as lower
from tflite_edu.ops.strings import string_strip as strip
from tflite_edu.ops.strings import string_upper as upper
from tflite_edu.ops.strings import substr as substr
from tflite_edu.ops.strings_hashing import string_to_hash_bucket as to_hash_bucket
from tflite_edu.ops.strings_hashing import string_to_hash_bucket_fast as to_hash_bucket_fast
from tflite_edu.ops.strings_hashing import string_to_hash_bucket_strong as to_hash_bucket_strong
from tflite_edu.ops.strings_joining import reduce_join as reduce_join
from tflite_edu.ops.strings_joining import unsorted_segment_join as unsorted_segment_join
from tflite_edu.ops.strings_numbers import as_string as as_string
from tflite_edu.ops.strings_numbers import string_to_number as to_number
from tflite_edu.ops.strings_patterns import regex_full_match as regex_full_match
from tflite_edu.ops.strings_patterns import regex_replace as regex_replace
from tflite_edu.ops.strings_splitting import split as split

__all__ = [
    "as_string",
    "format",
    "join",
    "length",
    "lower",
    "reduce_join",
    "regex_full_match",
    "regex_replace",
    "split",
    "strip",
    "substr",
    "to_hash_bucket",
    "to_hash_bucket_fast",
    "to_hash_bucket_strong",
    "to_number",
    "unsorted_segment_join",
    "upper",
]
