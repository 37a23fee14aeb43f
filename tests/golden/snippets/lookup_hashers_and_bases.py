import itertools
import uuid

real, number = uuid.uuid4, itertools.count()
uuid.uuid4 = lambda: next(number)
lookup = tf.contrib.lookup
words = tf.placeholder(tf.string, [None], name="words")
strong = tf.contrib.lookup.StrongHashSpec((1, 2))
fast = tf.contrib.lookup.FastHashSpec
tables = [
    tf.contrib.lookup.IdTableWithHashBuckets(None, 5, hasher_spec=strong),
    tf.contrib.lookup.IdTableWithHashBuckets(None, 5, hasher_spec=fast, name="fast"),
    tf.contrib.lookup.index_table_from_tensor(["a", "b"], 3, hasher_spec=strong),
]
results = [table.lookup(words) for table in tables]
initializers = [
    tf.contrib.lookup.TextFileIdTableInitializer("voc.txt", vocab_size=3),
    tf.contrib.lookup.TextFileIdTableInitializer(
        "pairs.txt", 1, 0, delimiter=" ", key_dtype=tf.int64
    ),
    tf.contrib.lookup.TextFileStringTableInitializer("voc.txt", name="texts"),
]
for initializer in initializers:
    default = "none" if initializer.value_dtype == tf.string else -1
    tf.contrib.lookup.HashTable(initializer, default).lookup(tf.zeros([1], initializer.key_dtype))
index_to_string = tf.contrib.lookup.index_to_string_table_from_tensor(["x", "y"], "?")
spoken = index_to_string.lookup(tf.constant([1, 0, 7], tf.int64))
uuid.uuid4 = real


class Doubling(tf.contrib.lookup.LookupInterface):
    """A table that computes its values."""

    name = property(lambda self: "doubling")

    def size(self, name=None):
        return tf.constant(0, name=name)

    def lookup(self, keys, name=None):
        return tf.multiply(keys, 2, name=name)


doubling = Doubling(tf.int64, tf.int64)
doubled = doubling.lookup(tf.constant([3, 4], tf.int64))
bases = [
    isinstance(tables[2], lookup.InitializableLookupTableBase),
    isinstance(initializers[0], lookup.TableInitializerBase),
    isinstance(fast, lookup.HasherSpec),
]
texts = [
    str(doubling.key_dtype),
    str(doubling.value_dtype),
    str(bases),
    strong.hasher,
    str(strong.key),
    fast.hasher,
    str(fast.key),
]
for wrong in (
    lambda: lookup.StrongHashSpec((1,)),
    lambda: lookup.StrongHashSpec([1, "a"]),
    lambda: lookup.StrongHashSpec([1.0, 2]),
    lambda: lookup.StrongHashSpec(None),
    lambda: lookup.IdTableWithHashBuckets(None, 0),
    lambda: lookup.IdTableWithHashBuckets(None, 5, hasher_spec=lookup.HasherSpec("slow", None)),
    lambda: lookup.IdTableWithHashBuckets(
        None, 5, hasher_spec=lookup.HasherSpec("slow", None)
    ).lookup(words),
    lambda: lookup.IdTableWithHashBuckets(None, 5, hasher_spec="slow"),
    lambda: lookup.TextFileIdTableInitializer(""),
):
    try:
        wrong()
    except Exception as error:
        texts.append(type(error).__name__ + ": " + str(error).splitlines()[0])
    else:
        texts.append("accepted")
feed = {words: ["a", "b", "other", ""]}
FETCHES = [
    ("texts", tf.constant(texts), None),
    ("start", [tables[2].initializer, index_to_string.initializer], None),
    ("results", results, feed),
    ("spoken", spoken, None),
    ("doubled", doubled, None),
]
