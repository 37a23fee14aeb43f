"""Strings to numbers below a bound, by hashing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reductions import one_of
from tflite_edu.ops.strings_hash_functions import fingerprint64, hash64, siphash


def _buckets(np: Any, strings: Any, hash_of: Callable[..., Any], count: int) -> Any:
    """The hash of each string modulo `count`; strings of one length are hashed at once."""
    flat = np.ravel(np.asarray(strings, object))
    lengths = np.array([len(text) for text in flat], np.int64)
    hashes = np.empty(len(flat), np.uint64)
    for length in np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        content = b"".join(flat[places])
        rows = np.frombuffer(content, np.uint8).reshape(len(places), length)
        hashes[places] = hash_of(np, rows)
    return (hashes % np.uint64(count)).astype(np.int64).reshape(np.shape(strings))


class _Hash(Op, abstract=True):
    """A hash of each string, modulo a number of buckets."""

    outputs = ("output: int64",)
    backward = None

    def infer(self, input: Shape) -> Shape:
        return input


class StringToHashBucket(_Hash):
    """TensorFlow's own 64-bit hash (a variant of MurmurHash64A) of each string, modulo a number."""

    inputs = ("string_tensor: string",)
    num_buckets: int = attr(minimum=1)

    def forward(self, np: Any, string_tensor: Any) -> Any:
        return _buckets(np, string_tensor, hash64, self.num_buckets)


@export("string_to_hash_bucket", "strings.to_hash_bucket")
def string_to_hash_bucket(
    string_tensor: Any = None, num_buckets: Any = None, name: str | None = None, input: Any = None
) -> Tensor:
    """A number in [0, num_buckets) for each string, int64, by TensorFlow's older hash.

    `input` is another name of `string_tensor`. Raises ValueError where it is given by both, or
    where there is no bucket.
    """
    string_tensor = one_of("input", input, "string_tensor", string_tensor)
    return raw.StringToHashBucket(string_tensor, num_buckets=num_buckets, name=name)


class StringToHashBucketFast(_Hash):
    """FarmHash's Fingerprint64 of each string, modulo a number."""

    inputs = ("input: string",)
    num_buckets: int = attr(minimum=1)

    def forward(self, np: Any, input: Any) -> Any:
        return _buckets(np, input, fingerprint64, self.num_buckets)


@export("string_to_hash_bucket_fast", "strings.to_hash_bucket_fast")
def string_to_hash_bucket_fast(input: Any, num_buckets: Any, name: str | None = None) -> Tensor:
    """A number in [0, num_buckets) for each string, int64, by FarmHash's Fingerprint64."""
    return raw.StringToHashBucketFast(input, num_buckets=num_buckets, name=name)


class StringToHashBucketStrong(_Hash):
    """SipHash of each string with a key of two numbers, modulo a number."""

    inputs = ("input: string",)
    num_buckets: int = attr(minimum=1)
    key: list[int]

    def forward(self, np: Any, input: Any) -> Any:
        if len(self.key) != 2:
            raise InvalidArgumentError(None, None, "Key must have 2 elements")

        def keyed(np: Any, rows: Any) -> Any:
            return siphash(np, rows, self.key)

        return _buckets(np, input, keyed, self.num_buckets)


@export("string_to_hash_bucket_strong", "strings.to_hash_bucket_strong")
def string_to_hash_bucket_strong(
    input: Any, num_buckets: Any, key: Any, name: str | None = None
) -> Tensor:
    """A number in [0, num_buckets) for each string, int64, by SipHash-2-4 with a secret key.

    `key` is two integers; who does not know them cannot make strings of one number. A run raises
    InvalidArgumentError on a key of another length.
    """
    return raw.StringToHashBucketStrong(input, num_buckets=num_buckets, key=key, name=name)
