import gzip
import zlib

bytes_in = tf.placeholder(tf.string, [None], name="bytes")
line = tf.placeholder(tf.string, name="line")
numbers = tf.decode_raw(bytes_in, tf.int16)
swapped = tf.io.decode_raw(["\x01\x02\x03\x04"], tf.int32, little_endian=False, name="swapped")
old_name = tf.decode_raw(bytes="ab", out_type=tf.uint8)
columns = tf.decode_csv(line, [[0], [0.5], ["none"], tf.constant([], tf.int64)])
chosen = tf.io.decode_csv(
    line,
    [[0.0], [""]],
    ";",
    use_quote_delim=False,
    name="chosen",
    na_value="NA",
    select_cols=[1, 3],
)
encoded = tf.encode_base64(bytes_in)
padded = tf.io.encode_base64("ab", pad=True, name="padded")
decoded = tf.decode_base64(bytes_in)
unpacked = tf.decode_compressed(line, "ZLIB")
unzipped = tf.io.decode_compressed(bytes_in, "GZIP", name="unzipped")
serialized = tf.serialize_tensor(tf.constant([[1, 2]], tf.int32))
texts = tf.io.serialize_tensor(["a", "bc"], name="texts")
parsed = tf.parse_tensor(serialized, tf.int32)
parsed_texts = tf.io.parse_tensor(texts, tf.string, name="parsed_texts")
example = tf.decode_json_example(line)
label = tf.parse_single_example(example, {"a": tf.FixedLenFeature([], tf.int64)})

FETCHES = [
    ("numbers", numbers, {bytes_in: [b"\x01\x00\xff\xff", b"\x00\x80\x02\x01"]}),
    ("no_numbers", numbers, {bytes_in: []}),
    ("uneven", numbers, {bytes_in: [b"abc"]}),
    ("different", numbers, {bytes_in: [b"ab", b"abcd"]}),
    ("swapped", swapped, None),
    ("old_name", old_name, None),
    ("columns", columns, {line: ['1,2.5,"x,""y""",4', " 2 ,1e3,plain,5"]}),
    ("defaults", columns, {line: [[',,"",4']]}),
    ("required", columns, {line: "1,2,x,"}),
    ("no_integer", columns, {line: ["1,2,x,3", "1.5,2,x,3"]}),
    ("no_real", columns, {line: "1,1_0,x,3"}),
    ("few", columns, {line: "1,2"}),
    ("quote_inside", columns, {line: '1,2,a"b,3'}),
    ("quote_unescaped", columns, {line: '1,2,"a"b,3'}),
    ("quote_open", columns, {line: '1,2,3,"a'}),
    ("chosen", chosen, {line: ['a;1;b;"c"', "a;NA;b;NA;more"]}),
    ("encoded", encoded, {bytes_in: [b"a", b"ab", b"\xfb\xff"]}),
    ("padded", padded, None),
    ("decoded", decoded, {bytes_in: [b"YQ", b"YWI=", b"-_8"]}),
    ("no_base64", decoded, {bytes_in: [b"YQ!!"]}),
    ("unpacked", unpacked, {line: zlib.compress(b"words" * 9)}),
    ("not_packed", unpacked, {line: b"words"}),
    ("unzipped", unzipped, {bytes_in: [gzip.compress(b"words")]}),
    ("serialized", [serialized, texts], None),
    ("parsed", [parsed, parsed_texts], None),
    ("other_type", parsed, {serialized: b"\x08\x01\x12\x00"}),
    ("no_tensor", parsed, {serialized: b"garbage"}),
    ("label", label, {line: '{"features": {"feature": {"a": {"int64List": {"value": ["3"]}}}}}'}),
]
