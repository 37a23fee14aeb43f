"""How a TFRecord file is compressed: `TFRecordOptions` and `TFRecordCompressionType`."""

from __future__ import annotations

import zlib
from typing import Any, ClassVar, NamedTuple

from tflite_edu.core.export import export

_WINDOW_BITS = {"ZLIB": zlib.MAX_WBITS, "GZIP": zlib.MAX_WBITS + 16}
_MEMORY_LEVEL = 9


@export("io.TFRecordCompressionType", "python_io.TFRecordCompressionType")
class TFRecordCompressionType:
    """The kinds of compression, as numbers."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


@export("io.TFRecordOptions", "python_io.TFRecordOptions")
class TFRecordOptions:
    """How records are compressed.

    What is None is as TensorFlow has it. The sizes of buffers change nothing but the time it takes.

    Args:
      compression_type: "", "GZIP", "ZLIB", one of `TFRecordCompressionType`, or None for none.
      flush_mode: zlib's mode (0 to 3) of the writer after every `input_buffer_size` bytes.
      input_buffer_size: bytes, 262,144 where None.
      output_buffer_size: bytes.
      window_bits: base-two logarithm of the window; over 24 for a gzip stream, negative for a raw
        one.
      compression_level: 0 (none) to 9 (best), -1 zlib's choice.
      compression_method: 8, deflate, is the only one.
      mem_level: 1 to 9.
      compression_strategy: 0 to 4, zlib's strategies.

    Raises:
      ValueError: the compression type is none.
    """

    compression_type_map: ClassVar[dict[int, str]] = {
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(
        self,
        compression_type: Any = None,
        flush_mode: int | None = None,
        input_buffer_size: int | None = None,
        output_buffer_size: int | None = None,
        window_bits: int | None = None,
        compression_level: int | None = None,
        compression_method: int | None = None,
        mem_level: int | None = None,
        compression_strategy: int | None = None,
    ) -> None:
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """The compression type of options, or of a type itself: "", "GZIP" or "ZLIB".

        Raises ValueError where it is none of these.
        """
        if isinstance(options, TFRecordOptions):
            options = options.compression_type
        if options is None:
            return ""
        found = cls.compression_type_map.get(options, options)
        if found not in cls.compression_type_map.values():
            raise ValueError(f'Not a valid compression_type: "{options}"')
        return str(found)


class Compression(NamedTuple):
    """What zlib is told."""

    level: int
    method: int
    window_bits: int
    memory_level: int
    strategy: int
    flush_mode: int
    buffer_size: int


def compression(options: TFRecordOptions) -> Compression | None:
    """The settings for zlib, or None where nothing is compressed."""
    kind = TFRecordOptions.get_compression_type_string(options)
    if not kind:
        return None

    def chosen(value: int | None, default: int) -> int:
        return default if value is None else value

    return Compression(
        chosen(options.compression_level, zlib.Z_DEFAULT_COMPRESSION),
        chosen(options.compression_method, zlib.DEFLATED),
        chosen(options.window_bits, _WINDOW_BITS[kind]),
        chosen(options.mem_level, _MEMORY_LEVEL),
        chosen(options.compression_strategy, zlib.Z_DEFAULT_STRATEGY),
        chosen(options.flush_mode, zlib.Z_NO_FLUSH),
        chosen(options.input_buffer_size, 1 << 18),
    )


def reading_window_bits(kind: str) -> int:
    """zlib's window_bits for reading a file of a compression type."""
    return _WINDOW_BITS[kind]
