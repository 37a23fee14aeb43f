"""`tf.gfile` and `tf.io.gfile`: folders and whole files."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tflite_edu.core import errors
from tflite_edu.core.export import export
from tflite_edu.formats.files import errors_of, op_error
from tflite_edu.platform.text import path_text


class FileStatistics(NamedTuple):
    """What `tf.gfile.Stat` says of a file.

    length: bytes. mtime_nsec: time of the last change in nanoseconds since 1970, a whole number of
    seconds. is_directory: whether it is a folder.
    """

    length: int
    mtime_nsec: int
    is_directory: bool


@export("gfile.Stat")
def Stat(filename: Any) -> FileStatistics:
    """Size and time of a file, of the file itself behind a link.

    Raises:
      NotFoundError: there is none.
    """
    return stat(filename)


@export("io.gfile.stat")
def stat(path: Any) -> FileStatistics:
    """Size and time of a file, as `tf.gfile.Stat`."""
    path = path_text(path)
    with errors_of(path):
        status = os.stat(path)
    whole_seconds = status.st_mtime_ns // 10**9 * 10**9
    return FileStatistics(status.st_size, whole_seconds, os.path.isdir(path))


@export("gfile.Exists")
def Exists(filename: Any) -> bool:
    """Whether there is a file or a folder; False for a link that leads nowhere."""
    return exists(filename)


@export("io.gfile.exists")
def exists(path: Any) -> bool:
    """Whether there is a file or a folder, as `tf.gfile.Exists`."""
    return os.path.exists(path_text(path))


@export("gfile.IsDirectory")
def IsDirectory(dirname: Any) -> bool:
    """Whether there is a folder of this name; False where there is nothing."""
    return isdir(dirname)


@export("io.gfile.isdir")
def isdir(path: Any) -> bool:
    """Whether there is a folder of this name, as `tf.gfile.IsDirectory`."""
    return os.path.isdir(path_text(path))


@export("gfile.ListDirectory")
def ListDirectory(dirname: Any) -> list[str]:
    """The names in a folder, hidden ones too, in the order of their letters.

    Raises:
      NotFoundError: there is no such folder.
    """
    return listdir(dirname)


@export("io.gfile.listdir")
def listdir(path: Any) -> list[str]:
    """The names in a folder, as `tf.gfile.ListDirectory`."""
    path = path_text(path)
    if not os.path.isdir(path):
        raise errors.NotFoundError(None, None, f"Could not find directory {path}")
    with errors_of(path):
        return sorted(os.listdir(path))


@export("gfile.MkDir")
def MkDir(dirname: Any) -> None:
    """Makes a folder in one that is there; does nothing where the name is taken.

    Raises:
      NotFoundError: the folder to make it in is not there.
      FailedPreconditionError: that is a file.
    """
    mkdir(dirname)


@export("io.gfile.mkdir")
def mkdir(path: Any) -> None:
    """Makes a folder, as `tf.gfile.MkDir`."""
    path = path_text(path)
    if path:
        with errors_of(path):
            try:
                os.mkdir(path)
            except FileExistsError:
                return


@export("gfile.MakeDirs")
def MakeDirs(dirname: Any) -> None:
    """Makes a folder and those above it; does nothing where the name is taken.

    Raises:
      FailedPreconditionError: one above it is a file.
    """
    makedirs(dirname)


@export("io.gfile.makedirs")
def makedirs(path: Any) -> None:
    """Makes a folder and those above it, as `tf.gfile.MakeDirs`."""
    path = path_text(path)
    above = os.path.dirname(path)
    if path and not os.path.lexists(path):
        if above != path:
            makedirs(above)
        mkdir(path)


@export("gfile.Walk")
def Walk(top: Any, in_order: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    """(folder, names of its folders, names of its files) of a folder and all below it.

    Links to folders are followed. A folder that is not there, or cannot be read, gives nothing.

    Args:
      in_order: a folder comes before those in it if True, after them if False.
    """
    return walk(top, in_order)


@export("io.gfile.walk")
def walk(
    top: Any, topdown: bool = True, onerror: Callable[[errors.OpError], Any] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Folders as `tf.gfile.Walk`; `onerror` is given the error of one that cannot be read."""
    top = path_text(top)
    try:
        names = listdir(top)
    except errors.OpError as error:
        if onerror is not None:
            onerror(error)
        return
    folders = [name for name in names if os.path.isdir(os.path.join(top, name))]
    here = top, folders, [name for name in names if name not in set(folders)]
    if topdown:
        yield here
    for folder in folders:
        yield from walk(os.path.join(top, folder), topdown, onerror)
    if not topdown:
        yield here


@export("gfile.Glob")
def Glob(filename: Any) -> list[str]:
    r"""The paths that match a pattern, or one of a list of patterns, in order.

    `*` stands for any part of a name and `?` for one character, hidden names included; `[abc]`,
    `[a-z]` and `[!abc]` for one of a set; `\` takes the next character as it is. A pattern without
    a folder gives paths that begin with "./".

    Raises:
      NotFoundError: the folder before the first such character is not there.
    """
    return glob(filename)


@export("io.gfile.glob")
def glob(pattern: Any) -> list[str]:
    """The paths that match, as `tf.gfile.Glob`."""
    if isinstance(pattern, (str, bytes, os.PathLike)):
        return _matching(path_text(pattern))
    return [path for one in pattern for path in _matching(path_text(one))]


def _matching(pattern: str) -> list[str]:
    plain = re.split(r"[*?\[\\]", pattern, maxsplit=1)[0]
    folder = os.path.dirname(plain)
    parts = pattern[len(folder) :].lstrip("/").split("/")
    with errors_of(folder or "."):
        os.scandir(folder or ".").close()
    paths = [folder or "."]
    for part in parts:
        if not part:
            return []
        name = re.compile(_expression(part), re.DOTALL)
        paths = [
            os.path.join(path, found)
            for path in paths
            if os.path.isdir(path)
            for found in listdir(path)
            if name.fullmatch(found)
        ]
    return paths


_PIECE = re.compile(r"\\(?P<plain>.)|\[(?P<no>[!^]?)(?P<set>\]?[^\]]*)\]|(?P<any>.)", re.DOTALL)


def _expression(part: str) -> str:
    """The regular expression of one name's pattern."""

    def piece(match: re.Match[str]) -> str:
        if match["set"]:
            members = re.sub(r"([\\\[\]^&~|])", r"\\\1", match["set"])
            return f"[{'^' if match['no'] else ''}{members}]"
        if match["any"] in ("*", "?"):
            return ".*" if match["any"] == "*" else "."
        return re.escape(match["plain"] or match["any"])

    return _PIECE.sub(piece, part)


@export("gfile.Copy")
def Copy(oldpath: Any, newpath: Any, overwrite: bool = False) -> None:
    """Copies a file and its permissions. Copying a file to itself leaves it as it is.

    Raises:
      AlreadyExistsError: `newpath` is there, and `overwrite` is False.
      NotFoundError: `oldpath`, or the folder of `newpath`, is not there.
      InvalidArgumentError: `oldpath` is a folder.
      FailedPreconditionError: `newpath` is a folder.
    """
    copy(oldpath, newpath, overwrite)


@export("io.gfile.copy")
def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copies a file, as `tf.gfile.Copy`."""
    src, dst = path_text(src), path_text(dst)
    _refuse_existing(dst, overwrite)
    if os.path.isdir(src):
        raise errors.InvalidArgumentError(None, None, f"{dst}; Invalid argument")
    with errors_of(src):
        if os.path.exists(dst) and os.path.samefile(src, dst):
            return
        source = open(src, "rb")  # noqa: SIM115
    with source, errors_of(dst), open(dst, "wb") as target:
        shutil.copyfileobj(source, target)
        shutil.copymode(src, dst)


def _refuse_existing(path: str, overwrite: bool) -> None:
    if not overwrite and os.path.exists(path):
        raise errors.AlreadyExistsError(None, None, "file already exists")


@export("gfile.Rename")
def Rename(oldname: Any, newname: Any, overwrite: bool = False) -> None:
    """Renames or moves a file or a folder, at once: `newname` is the old or the new one.

    Raises:
      AlreadyExistsError: `newname` is there, and `overwrite` is False.
      NotFoundError: `oldname`, or the folder of `newname`, is not there.
      FailedPreconditionError: a file would replace a folder, or a folder one that is not empty.
    """
    rename(oldname, newname, overwrite)


@export("io.gfile.rename")
def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Renames or moves, as `tf.gfile.Rename`."""
    src, dst = path_text(src), path_text(dst)
    _refuse_existing(dst, overwrite)
    with errors_of(src):
        os.replace(src, dst)


@export("gfile.Remove")
def Remove(filename: Any) -> None:
    """Removes a file or a link.

    Raises:
      NotFoundError: there is none.
      FailedPreconditionError: it is a folder.
    """
    remove(filename)


@export("io.gfile.remove")
def remove(path: Any) -> None:
    """Removes a file, as `tf.gfile.Remove`."""
    path = path_text(path)
    if os.path.isdir(path) and not os.path.islink(path):
        raise errors.FailedPreconditionError(None, None, f"{path}; Is a directory")
    with errors_of(path):
        os.remove(path)


@export("gfile.DeleteRecursively")
def DeleteRecursively(dirname: Any) -> None:
    """Removes a folder with all that is in it; links in it are removed, not followed.

    Raises:
      NotFoundError: there is none.
      FailedPreconditionError: it is a file or a link.
    """
    rmtree(dirname)


@export("io.gfile.rmtree")
def rmtree(path: Any) -> None:
    """Removes a folder with all that is in it, as `tf.gfile.DeleteRecursively`."""
    path = path_text(path)
    if not os.path.lexists(path):
        raise errors.NotFoundError(None, None, f"{path} not found")
    if os.path.islink(path) or not os.path.isdir(path):
        raise errors.FailedPreconditionError(None, None, f"{path}; Not a directory")
    try:
        shutil.rmtree(path)
    except OSError as error:
        raise op_error(os.fsdecode(error.filename or path), error) from error
