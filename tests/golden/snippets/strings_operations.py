f = tf.placeholder(tf.string, [None], name="f")
a1 = tf.as_string([1, -2])
a2 = tf.as_string(tf.constant([1.5, float("nan"), float("inf"), 1e30]), precision=3, name="a2")
a3 = tf.dtypes.as_string([True, False], width=7, fill=" ")
a4 = tf.strings.as_string(tf.constant([1.5, 2e-7], tf.float64), scientific=True)
a5 = tf.as_string([1.5, 1e10], shortest=True, width=12, fill="0")
a6 = tf.as_string(tf.constant([1 + 2j], tf.complex64), precision=1)
a7 = tf.as_string([3, 4], width=5, fill="0")
a8 = tf.as_string([3, 4], width=5, fill="-")
sp1 = tf.string_split(["a b", " c  d "])
sp2 = tf.string_split(f, ",", skip_empty=False)
sp3 = tf.string_split(["a.b,c"], delimiter=".,")
sp4 = tf.string_split(["abc"], "")
sv1 = tf.strings.split(["a b", " c  d "])
sv2 = tf.strings.split(f, "xx", maxsplit=1, name="sv2")
sv3 = tf.strings.split(["a,,b"], ",")
n1 = tf.strings.length(["a", "h\u00e9"])
n2 = tf.strings.length(["h\u00e9"], unit="UTF8_CHAR", name="n2")
c1 = tf.strings.lower(["AbC", "\u00c9"])
c2 = tf.strings.upper(["abc"], encoding="utf-8", name="c2")
c3 = tf.strings.strip(["  a b\n\t "])
c4 = tf.string_strip([" x"])
r1 = tf.regex_replace(f, "a(b+)", r"<\1>")
r2 = tf.strings.regex_replace(["aXbX"], "X", "-", replace_global=False, name="r2")
r3 = tf.regex_replace(f, tf.constant("a."), tf.constant("z"))
r4 = tf.strings.regex_full_match(f, "a.*")
r5 = tf.strings.regex_full_match(f, tf.constant("ab+"), name="r5")
t1 = tf.string_to_number(["1.5", "-2e3"])
t2 = tf.strings.to_number(["7"], tf.int32, name="t2")
t3 = tf.string_to_number(f, tf.float64)
t4 = tf.string_to_number(input=["3"], out_type=tf.int64)
h1 = tf.string_to_hash_bucket(f, 100)
h2 = tf.strings.to_hash_bucket_fast(f, 1000, name="h2")
h3 = tf.string_to_hash_bucket_strong(f, 2**60, [1, 2])
h4 = tf.string_to_hash_bucket_fast(["abc"], 2**40)
h5 = tf.strings.to_hash_bucket(["q"], 10)
j1 = tf.reduce_join([["a", "b"], ["c", "d"]], 0)
j2 = tf.reduce_join([["a", "b"], ["c", "d"]])
j3 = tf.strings.reduce_join(
    [["a", "b"], ["c", "d"]], [1, 0], separator=" ", keep_dims=True, name="j3"
)
j4 = tf.reduce_join([["a", "b"]], reduction_indices=[0])
j5 = tf.reduce_join(f, -1)
j6 = tf.strings.reduce_join(tf.placeholder_with_default([["a", "b"], ["c", "d"]], None))
q1 = tf.substr(["hello", "world"], 1, 3)
q2 = tf.strings.substr([b"h\xc3\xa9llo"], [-3], [2], unit="UTF8_CHAR", name="q2")
q3 = tf.substr(f, [0, 1], [1, 2])
b1 = tf.strings.join(["a", "b"], "-")
us = tf.strings.unsorted_segment_join(["a", "b", "c"], [1, 0, 1], 2, ":")
fv = {f: ["abbb a,b", "xxabxxc"]}
FETCHES = (
    [(f"a{i}", x, None) for i, x in enumerate([a1, a2, a3, a4, a5, a6, a7, a8])]
    + [(f"sp{i}", x, fv) for i, x in enumerate([sp1, sp2, sp3, sp4, sv1, sv2, sv3])]
    + [
        ("n", [n1, n2, c1, c2, c3, c4], None),
        ("r", [r1, r2, r3, r4, r5], fv),
        ("t", [t1, t2, t4], None),
        ("t3", t3, {f: [" 1 ", "inf"]}),
        ("t3b", t3, {f: ["x"]}),
        ("h", [h1, h2, h3, h4, h5], fv),
        ("j", [j1, j2, j3, j4, j5, j6], fv),
        ("q", [q1, q2], None),
        ("q3", q3, fv),
        ("b1", b1, None),
        ("us", us, None),
    ]
)
