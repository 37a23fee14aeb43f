"""`tf.gfile.GFile`: a file that opens when it is first read or written."""

from __future__ import annotations

from typing import Any, BinaryIO

from tflite_edu.core import errors
from tflite_edu.core.export import export
from tflite_edu.formats.files import errors_of
from tflite_edu.platform.file_system import Stat
from tflite_edu.platform.text import as_bytes, path_text

_MODES = ("r", "w", "a", "r+", "w+", "a+")
_BUFFER_BYTES = 1 << 19


class FileIO:
    """A file, opened by the first read or write and again by the first one after `close`.

    In a mode with "b" reading gives bytes, else text decoded from UTF-8. Both kinds are written in
    every mode that writes. With "+" the file is read at one place and written at another; "r+",
    like "w+", starts an empty file at the first write.

    Raises, at the first use:
      NotFoundError, PermissionDeniedError, FailedPreconditionError: as the file system says, the
        last for a folder.
    """

    def __init__(self, name: Any, mode: str) -> None:
        plain = mode.replace("b", "")
        if plain not in _MODES:
            raise errors.InvalidArgumentError(
                None, None, "mode is not 'r' or 'w' or 'a' or 'r+' or 'w+' or 'a+'"
            )
        self._name = name
        self._mode = mode
        self._binary = "b" in mode
        self._reads = plain in ("r", "r+", "w+", "a+")
        self._writes = plain != "r"
        self._write_mode = "ab" if plain.startswith("a") else "wb"
        self._reader: BinaryIO | None = None
        self._writer: BinaryIO | None = None

    @property
    def name(self) -> Any:
        """The path as it was given."""
        return self._name

    @property
    def mode(self) -> str:
        """The mode as it was given."""
        return self._mode

    def _open(self, mode: str) -> BinaryIO:
        path = path_text(self._name)
        with errors_of(path):
            return open(path, mode, buffering=_BUFFER_BYTES)  # type: ignore[return-value]

    def _readable(self) -> BinaryIO:
        if self._reader is None:
            if not self._reads:
                raise errors.PermissionDeniedError(None, None, "File isn't open for reading")
            self._reader = self._open("rb")
        return self._reader

    def _writable(self) -> BinaryIO:
        if self._writer is None:
            if not self._writes:
                raise errors.PermissionDeniedError(None, None, "File isn't open for writing")
            self._writer = self._open(self._write_mode)
        return self._writer

    def _shown(self, content: bytes) -> Any:
        return content if self._binary else content.decode("utf-8")

    def size(self) -> int:
        """The size in bytes, without what is written but not flushed."""
        return Stat(self._name).length

    def read(self, n: int = -1) -> Any:
        """The next `n` bytes, or all to the end for -1; fewer at the end, then empty.

        Raises:
          OverflowError: `n` is below -1.
          UnicodeDecodeError: in a text mode, the bytes are not UTF-8.
          PermissionDeniedError: the mode does not read.
        """
        if n < -1:
            raise OverflowError(f"read() takes -1 or a number of bytes, not {n}.")
        file = self._readable()
        with errors_of(path_text(self._name)):
            return self._shown(file.read(n))

    def readline(self) -> Any:
        r"""The next line with its "\n", without any "\r"; empty at the end. Raises as `read`."""
        file = self._readable()
        with errors_of(path_text(self._name)):
            return self._shown(file.readline().replace(b"\r", b""))

    def readlines(self) -> list[Any]:
        """All lines from here on. Raises as `read`."""
        return list(self)

    def seek(self, offset: int | None = None, whence: int = 0, position: int | None = None) -> None:
        """Goes to a place to read at: bytes from the start, from here (1), or from the end (2).

        `position` is an older name of `offset`.

        Raises:
          TypeError: neither or both of `offset` and `position` are given.
          InvalidArgumentError: the place is before the start, or there is no such `whence`.
          OutOfRangeError: the place is after the end.
          PermissionDeniedError: the mode does not read.
        """
        file = self._readable()
        if offset is not None and position is not None:
            raise TypeError("seek(): offset and position may not be set simultaneously.")
        if offset is None:
            offset = position
        if offset is None:
            raise TypeError("seek(): offset argument required")
        if whence not in (0, 1, 2):
            raise errors.InvalidArgumentError(
                None, None, f"Invalid whence argument: {whence}. Valid values are 0, 1, or 2."
            )
        if whence:
            offset += file.tell() if whence == 1 else self.size()
        if offset < 0:
            raise errors.InvalidArgumentError(
                None, None, f"Seeking to a negative position: {offset}"
            )
        if offset > self.size():
            raise errors.OutOfRangeError(None, None, "reached end of file")
        file.seek(offset)

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The byte at which reading goes on, or writing where the mode does not read."""
        return (self._readable() if self._reads else self._writable()).tell()

    def write(self, file_content: Any) -> None:
        """Writes text, as UTF-8, or bytes.

        Raises:
          TypeError: it is neither.
          PermissionDeniedError: the mode does not write.
        """
        file = self._writable()
        with errors_of(path_text(self._name)):
            file.write(as_bytes(file_content))

    def flush(self) -> None:
        """Hands what was written to the operating system."""
        if self._writer is not None:
            with errors_of(path_text(self._name)):
                self._writer.flush()

    def close(self) -> None:
        """Writes what is left and closes; a later use opens the file anew."""
        reader, self._reader = self._reader, None
        writer, self._writer = self._writer, None
        if reader is not None:
            reader.close()
        if writer is not None:
            with errors_of(path_text(self._name)):
                writer.close()

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def next(self) -> Any:
        """The next line; raises StopIteration at the end."""
        return next(self)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, unused_type: Any, unused_value: Any, unused_traceback: Any) -> None:
        self.close()

    def __del__(self) -> None:
        # A script that never closes its file gets it written all the same. A file whose mode was
        # refused has nothing to close.
        if hasattr(self, "_writer"):
            self.close()


@export("gfile.GFile", "gfile.Open", "io.gfile.GFile")
class GFile(FileIO):
    """A file, opened by the first read or write: text, or bytes for a mode with "b".

    Raises:
      InvalidArgumentError: `mode` is not "r", "w", "a", "r+", "w+" or "a+", with or without "b".
    """

    def __init__(self, name: Any, mode: str = "r") -> None:
        super().__init__(name, mode)


@export("gfile.FastGFile")
class FastGFile(FileIO):
    """The same as `tf.gfile.GFile`."""

    def __init__(self, name: Any, mode: str = "r") -> None:
        super().__init__(name, mode)
