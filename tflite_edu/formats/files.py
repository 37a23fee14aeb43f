"""The file system's errors as `tf.errors`, and files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from tflite_edu.core import errors

_CLASS_OF_ERRNO: dict[int, Callable[[Any, Any, str], errors.OpError]] = {
    errno.ENOENT: errors.NotFoundError,
    errno.ENOTDIR: errors.FailedPreconditionError,
    errno.EISDIR: errors.FailedPreconditionError,
    errno.ENOTEMPTY: errors.FailedPreconditionError,
    errno.EBUSY: errors.FailedPreconditionError,
    errno.EACCES: errors.PermissionDeniedError,
    errno.EPERM: errors.PermissionDeniedError,
    errno.EROFS: errors.PermissionDeniedError,
    errno.EEXIST: errors.AlreadyExistsError,
    errno.ENAMETOOLONG: errors.InvalidArgumentError,
    errno.EINVAL: errors.InvalidArgumentError,
    errno.ENOSPC: errors.ResourceExhaustedError,
    errno.EDQUOT: errors.ResourceExhaustedError,
    errno.EMFILE: errors.ResourceExhaustedError,
    errno.ENFILE: errors.ResourceExhaustedError,
    errno.EFBIG: errors.OutOfRangeError,
}


def op_error(path: str, error: OSError) -> errors.OpError:
    """The error of `tf.errors` for what the operating system said about `path`."""
    message = f"{path}; {os.strerror(error.errno) if error.errno else error}"
    cls = _CLASS_OF_ERRNO.get(error.errno or 0)
    if cls is None:
        return errors.UnknownError(None, None, message)
    return cls(None, None, message)


@contextmanager
def errors_of(path: str) -> Iterator[None]:
    """Inside the block an OSError becomes the error of `tf.errors` that fits, about `path`.

    Raises:
      tf.errors.OpError: its subclass by errno, as NotFoundError for "No such file or directory".
    """
    try:
        yield
    except OSError as error:
        raise op_error(path, error) from error


def damaged(message: str, path: str, offset: int | None = None) -> errors.DataLossError:
    """The error for a damaged file: TensorFlow's message, and below it where the damage is."""
    where = f"{path}, at byte {offset}" if offset is not None else path
    return errors.DataLossError(None, None, f"{message}\n  in {where}")


class TemporaryFile:
    """A file that takes its name only when it is complete and on the disk.

    Leaving the `with` block without `publish` removes it: nothing of a failed write stays.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.temporary_path = f"{path}.tempstate{secrets.randbits(64)}"
        with errors_of(path):
            self.file: BinaryIO = open(self.temporary_path, "xb")  # noqa: SIM115

    def __enter__(self) -> TemporaryFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def complete(self) -> None:
        """Puts the content on the disk, still under the temporary name. Raises as `errors_of`."""
        if not self.file.closed:
            with errors_of(self.path):
                self.file.flush()
                os.fsync(self.file.fileno())
                self.file.close()

    def publish(self) -> None:
        """Completes the file and names it, in place of an older one. Raises as `errors_of`."""
        self.complete()
        with errors_of(self.path):
            os.replace(self.temporary_path, self.path)
        synchronize_directory(os.path.dirname(self.path))

    def discard(self) -> None:
        """Removes the file unless it was published."""
        with suppress(OSError):  # What cannot be flushed is thrown away here in any case.
            self.file.close()
        if os.path.lexists(self.temporary_path):
            os.remove(self.temporary_path)


def synchronize_directory(directory: str) -> None:
    """Puts the names in a directory on the disk, on systems where a directory can be opened."""
    try:
        descriptor = os.open(directory or ".", os.O_RDONLY)
    except PermissionError:  # Windows opens no directories, and needs no such step.
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
