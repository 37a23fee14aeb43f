"""What `tf.gfile` does with files and folders, one line for each call."""
from __future__ import print_function

import os

import tensorflow as tf

GFile = tf.gfile.GFile


def show(label, function, *args, **kwargs):
    try:
        value = function(*args, **kwargs)
        print(label, "->", type(value).__name__, repr(sorted(value) if "lob" in label else value))
    except OverflowError:
        print(label, "raises OverflowError")
    except (tf.errors.OpError, TypeError, ValueError) as error:
        print(label, "raises", type(error).__name__, error)


def content(path):
    with open(path, "rb") as file:
        return file.read()


os.mkdir("files")
os.chdir("files")
with open("a.txt", "wb") as file:
    file.write(b"line one\nline two\r\n\xc3\xbcn\xc3\xafcode\nlast")
with open("b.bin", "wb") as file:
    file.write(bytes(bytearray(range(256))))

show("open what is not there", lambda: GFile("nope").name)
show("read what is not there", lambda: GFile("nope").read())
show("size of what is not there", lambda: GFile("nope").size())
show("tell in what is not there", lambda: GFile("nope").tell())
for mode in ("x", "rt", "rw", ""):
    show("mode " + mode, GFile, "a.txt", mode)
for mode in ("r", "rb"):
    for n in (-1, 0, 3, 1000):
        show("read %s %d" % (mode, n), lambda: GFile("a.txt", mode).read(n))
    show("readline " + mode, lambda: GFile("a.txt", mode).readline())
    show("readlines " + mode, lambda: GFile("a.txt", mode).readlines())
    show("iterate " + mode, lambda: list(GFile("a.txt", mode)))
    show("next " + mode, lambda: GFile("a.txt", mode).next())
show("read -5", lambda: GFile("a.txt").read(-5))
show("read no text", lambda: GFile("b.bin").read())
show("read bytes", lambda: len(GFile("b.bin", "rb").read()))
show("name and mode", lambda: (GFile("a.txt", "rb").name, GFile("a.txt", "rb").mode))
show("name is a number", lambda: GFile(3).read())
show("read a folder", lambda: GFile(".").read())
show("seekable", lambda: GFile("a.txt").seekable())


def after_the_end():
    file = GFile("a.txt")
    file.read()
    return file.readline(), file.read(), file.tell(), list(file)


def places():
    file = GFile("a.txt")
    found = [file.tell(), file.readline(), file.tell(), file.size()]
    for arguments in ({"offset": 2}, {"offset": 1, "whence": 1}, {"offset": -2, "whence": 2}, {"offset": 0}):
        file.seek(**arguments)
        found += [file.tell(), file.read(3)]
    return found


show("after the end", after_the_end)
show("places", places)
show("seek nowhere", lambda: GFile("a.txt").seek())
show("seek whence", lambda: GFile("a.txt").seek(0, 5))
show("seek before", lambda: GFile("a.txt").seek(-3))
show("seek after", lambda: GFile("a.txt").seek(1000))
show("seek twice", lambda: GFile("a.txt").seek(3, position=4))


def write():
    file = GFile("w.txt", "w")
    found = [os.path.exists("w.txt")]
    file.write("ab\n")
    found += [os.path.getsize("w.txt"), file.tell(), file.size()]
    file.flush()
    found += [os.path.getsize("w.txt")]
    file.write(b"bytes")
    file.write(u"\xfc")
    file.close()
    return found + [content("w.txt")]


def write_nothing():
    with GFile("w0.txt", "w"):
        pass
    return os.path.exists("w0.txt")


def append():
    with GFile("w.txt", "a") as file:
        file.write("more")
        place = file.tell()
    return place, content("w.txt")


def write_after_close():
    file = GFile("w6", "w")
    for text in "12":
        file.write(text)
        file.close()
    file.close()
    return content("w6")


def read_after_close():
    file = GFile("a.txt")
    first = file.read(2)
    file.close()
    return first, file.read(2)


def forgotten():
    GFile("w7", "w").write("kept")
    return content("w7")


def both(mode):
    with open("both", "wb") as file:
        file.write(b"before")
    with GFile("both", mode) as file:
        found = [file.read(3)]
        file.write("XY")
        file.flush()
    return found + [content("both")]


for function in (write, write_nothing, append, write_after_close, read_after_close, forgotten):
    show(function.__name__, function)
for mode in ("r+", "w+", "a+"):
    show("both " + mode, both, mode)
show("write a number", lambda: GFile("w3.txt", "w").write(3))
show("write in r", lambda: GFile("a.txt", "r").write("x"))
show("read in w", lambda: GFile("w.txt", "w").read())
show("readline in a", lambda: GFile("w.txt", "a").readline())
show("seek in w", lambda: GFile("w.txt", "w").seek(0))
show("write without a folder", lambda: GFile("no/dir/f", "w").write("x"))
show("write to a folder", lambda: GFile(".", "w").write("x"))
with tf.gfile.FastGFile("a.txt") as file:
    show("FastGFile", file.read, 4)
print(tf.gfile.Open is GFile, tf.io.gfile.GFile is GFile, issubclass(tf.gfile.FastGFile, GFile))

os.mkdir("../folders")
os.chdir("../folders")
gfile = tf.gfile
os.makedirs("d/e/f")
for path in ("a.txt", "b.txt", "d/1", "d/e/2", "d/.hid", "x[1]"):
    with open(path, "w") as file:
        file.write(path)
os.symlink("nowhere", "broken")
os.symlink("d", "dlink")
os.chmod("a.txt", 0o640)
for path in ("a.txt", "d", "no", "broken", "dlink", "", "a.txt/x", "d/"):
    show("Exists %s" % path, gfile.Exists, path)
    show("exists %s" % path, tf.io.gfile.exists, path)
    show("IsDirectory %s" % path, gfile.IsDirectory, path)
    show("isdir %s" % path, tf.io.gfile.isdir, path)
for name in ("Exists", "IsDirectory", "ListDirectory", "Stat", "MkDir", "Remove"):
    show(name + " of a number", getattr(gfile, name), 3)
for pattern in ("*", "*.txt", "zz*", "zz/*", "a.txt", "d/*", "d/*/*", "[ab].txt", "[!a].txt", "[^a].txt",
                "?.txt", "{a,b}.txt", "\\a.txt", "./*.txt", "d/", "d", "", "*/", "dlink/*", "brok*",
                "x[[]1]", "x\\[1\\]", "[a-b].txt", "*[", "[", "d/.*", "*/1", "a.txt/"):
    show("Glob %s" % pattern, gfile.Glob, pattern)
    show("glob %s" % pattern, tf.io.gfile.glob, pattern)
show("Glob of two", gfile.Glob, ["a*", "d/*"])
show("MkDir d", gfile.MkDir, "d")
show("MkDir new", gfile.MkDir, "new")
show("MkDir x/y", gfile.MkDir, "x/y")
show("MkDir a.txt", gfile.MkDir, "a.txt")
show("MkDir a.txt/b", gfile.MkDir, "a.txt/b")
show("MakeDirs x/y/z", gfile.MakeDirs, "x/y/z")
show("MakeDirs again", gfile.MakeDirs, "x/y/z")
show("MakeDirs a.txt", gfile.MakeDirs, "a.txt")
show("MakeDirs a.txt/b/c", gfile.MakeDirs, "a.txt/b/c")
show("MakeDirs nothing", gfile.MakeDirs, "")
show("mkdir", tf.io.gfile.mkdir, "new2")
show("makedirs", tf.io.gfile.makedirs, "new3/x")
for path in ("d", "no", "a.txt"):
    show("ListDirectory", lambda: sorted(gfile.ListDirectory(path)))
    show("listdir", lambda: sorted(tf.io.gfile.listdir(path)))


def walked(walk, *args, **kwargs):
    return [(top, sorted(folders), sorted(files)) for top, folders, files in walk(*args, **kwargs)]


for top in ("d", "d/", "no", "a.txt"):
    show("Walk %s" % top, walked, gfile.Walk, top)
show("Walk up", walked, gfile.Walk, "d", in_order=False)
show("walk up", walked, tf.io.gfile.walk, "d", topdown=False)
show("Walk .", sorted, walked(gfile.Walk, "."))

show("Copy", gfile.Copy, "a.txt", "c.txt")
print(content("c.txt"), oct(os.stat("c.txt").st_mode & 0o777))
show("Copy again", gfile.Copy, "a.txt", "c.txt")
show("Copy over", gfile.Copy, "b.txt", "c.txt", overwrite=True)
show("Copy no", gfile.Copy, "no", "c2.txt")
show("Copy d", gfile.Copy, "d", "d2")
show("Copy to d", gfile.Copy, "a.txt", "d")
show("Copy over d", gfile.Copy, "a.txt", "d", True)
show("Copy to no/c", gfile.Copy, "a.txt", "no/c")
show("copy", tf.io.gfile.copy, "a.txt", "c3.txt")
print(content("c.txt"), os.path.exists("c2.txt"))
show("Rename", gfile.Rename, "c.txt", "r.txt")
show("Rename again", gfile.Rename, "a.txt", "r.txt")
show("Rename over", gfile.Rename, "a.txt", "r.txt", overwrite=True)
print(os.path.exists("a.txt"), content("r.txt"))
show("Rename no", gfile.Rename, "no", "r2")
show("Rename to itself", gfile.Rename, "r.txt", "r.txt", True)
show("Rename x", gfile.Rename, "x", "xx")
show("Rename xx to d", gfile.Rename, "xx", "d")
show("Rename xx over d", gfile.Rename, "xx", "d", True)
show("Rename over d", gfile.Rename, "r.txt", "d", True)
show("Rename to no/x", gfile.Rename, "r.txt", "no/x")
show("rename", tf.io.gfile.rename, "c3.txt", "c4.txt")
statistics = gfile.Stat("r.txt")
print(statistics.length, statistics.is_directory,
      statistics.mtime_nsec == int(os.stat("r.txt").st_mtime) * 10 ** 9)
print(tf.io.gfile.stat("d").is_directory)
show("Stat no", gfile.Stat, "no")
show("stat no", tf.io.gfile.stat, "no")
show("Remove", gfile.Remove, "r.txt")
show("Remove no", gfile.Remove, "r.txt")
show("Remove new", gfile.Remove, "new")
show("Remove broken", gfile.Remove, "broken")
show("remove", tf.io.gfile.remove, "c4.txt")
show("DeleteRecursively no", gfile.DeleteRecursively, "no")
show("DeleteRecursively b.txt", gfile.DeleteRecursively, "b.txt")
show("DeleteRecursively dlink", gfile.DeleteRecursively, "dlink")
show("DeleteRecursively xx", gfile.DeleteRecursively, "xx")
show("rmtree", tf.io.gfile.rmtree, "new3")
print(os.path.exists("xx"), os.path.lexists("dlink"), os.path.exists("b.txt"), os.path.exists("new3"))
