import atexit
import itertools
import os
import shutil
import tempfile
import uuid

real, number = uuid.uuid4, itertools.count()
uuid.uuid4 = lambda: next(number)
L = tf.contrib.lookup
f = tf.placeholder(tf.string, [None], name="f")

folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder)
started = os.getcwd()
os.chdir(folder)  # The graph has the path as it is given; the recorded one must be the same.
with open("voc.txt", "w") as file:
    file.write("a\nb\nc\n")

t1 = tf.contrib.lookup.index_table_from_tensor(["a", "b", "c"], num_oov_buckets=2, default_value=-1)
r1 = t1.lookup(f)
z1 = t1.size()
t2 = L.index_table_from_tensor(["a", "b"])
r2 = t2.lookup(tf.constant([["a", "x"]]))
t3 = L.index_to_string_table_from_tensor(["p", "q"], default_value="none")
r3 = t3.lookup(tf.constant([0, 5], tf.int64))
t4 = L.index_table_from_file("voc.txt", num_oov_buckets=1)
r4 = t4.lookup(f)
t5 = L.index_to_string_table_from_file("voc.txt", name="i2s")
r5 = t5.lookup(r4)
z5 = t5.size(name="z5")
t6 = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["x"], [10]), -1)
r6 = t6.lookup(f)
e6 = t6.export()
t7 = tf.lookup.StaticVocabularyTable(
    tf.lookup.TextFileInitializer(
        "voc.txt",
        tf.string,
        tf.lookup.TextFileIndex.WHOLE_LINE,
        tf.int64,
        tf.lookup.TextFileIndex.LINE_NUMBER,
    ),
    3,
)
r7 = t7.lookup(f)
z7 = t7.size()
t8 = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
i8 = t8.insert(["k"], tf.constant([5], tf.int64))
r8 = t8.lookup(f)
z8 = t8.size()
e8 = t8.export()
t9 = tf.contrib.lookup.HashTable(
    tf.contrib.lookup.KeyValueTensorInitializer([1, 2], [1.5, 2.5], tf.int64, tf.float32),
    0.0,
    name="nine",
)
r9 = t9.lookup(tf.SparseTensor([[0, 0]], tf.constant([2], tf.int64), [1, 1]))
t10 = L.index_table_from_tensor(tf.constant([4, 9], tf.int64), dtype=tf.int64, num_oov_buckets=2)
r10 = t10.lookup(tf.constant([9, 1, 4], tf.int64))
t11 = tf.contrib.lookup.IdTableWithHashBuckets(None, 7)
r11 = t11.lookup(f)
t12 = L.index_table_from_tensor([4, 9], dtype=tf.int32, num_oov_buckets=1)
r12 = t12.lookup(tf.constant([9, 1, 4]))
ti = tf.tables_initializer()
ti2 = tf.initializers.tables_initializer("mine")
uuid.uuid4 = real
fed = {f: ["a", "c", "zz", "x"]}
with tf.Session() as session:
    session.run(ti)
    session.run(ti2)
    from_files = [v.tolist() for v in session.run([r4, r5, z5, r7, z7], fed)]
os.chdir(started)

own = tf.group(
    t1.initializer,
    t2.initializer,
    t3.initializer,
    t6.initializer,
    t9.initializer,
    t10.initializer,
    t12.initializer,
)
FETCHES = [
    ("from_files", tf.constant(repr(from_files)), None),
    ("early", r2, None),
    ("init", own, None),
    ("r1", [r1, z1], fed),
    ("r2", r2, None),
    ("r3", r3, None),
    ("r6", r6, fed),
    ("r9", r9, None),
    ("r10", r10, None),
    ("r11", r11, fed),
    ("r12", r12, None),
    ("i8", i8, None),
    ("r8", [r8, z8], fed),
    ("e6", e6, None),
    ("e8", e8, None),
]
