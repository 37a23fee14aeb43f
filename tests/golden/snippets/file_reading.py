import atexit
import shutil
import tempfile

folder = tf.placeholder(tf.string, [], name="folder")
path = tf.string_join([folder, "new/file.txt"])
written = tf.write_file(path, "some words")
contents = tf.read_file(path)
again = tf.io.write_file("unused", contents, name="again")
read = tf.io.read_file(path, name="read")
names = tf.matching_files(tf.string_join([folder, "new/*.t?t"]))
count = tf.size(tf.io.matching_files([path, path], name="several"))
there = tf.reduce_all(tf.equal(names, path))

made = tempfile.mkdtemp() + "/"
atexit.register(shutil.rmtree, made, True)
FETCHES = [
    ("absent", tf.shape(read), {folder: "/no/such/folder/"}),
    ("written", written, {folder: made}),
    ("contents", [contents, read], {folder: made}),
    ("there", [there, count], {folder: made}),
    ("no_folder", count, {folder: "/no/such/folder/"}),
]
