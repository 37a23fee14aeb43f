kinds = [
    tf.float16,
    tf.float32,
    tf.float64,
    tf.bfloat16,
    tf.complex64,
    tf.complex128,
    tf.int8,
    tf.uint8,
    tf.uint16,
    tf.uint32,
    tf.uint64,
    tf.int16,
    tf.int32,
    tf.int64,
    tf.bool,
    tf.string,
    tf.qint8,
    tf.quint8,
    tf.qint16,
    tf.quint16,
    tf.qint32,
    tf.resource,
    tf.variant,
    tf.half,
    tf.double,
]


def attempt(function):
    try:
        return str(function())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


facts = []
for kind in kinds:
    facts.append(
        " ".join(
            [
                kind.name,
                repr(kind),
                str(kind.as_datatype_enum),
                str(kind.is_floating),
                str(kind.is_integer),
                str(kind.is_complex),
                str(kind.is_bool),
                str(kind.is_unsigned),
                str(kind.is_quantized),
                str(kind.is_numpy_compatible),
                str(kind.base_dtype == kind),
                str(kind.size),
                attempt(lambda kind=kind: float(kind.min)),
                attempt(lambda kind=kind: float(kind.max)),
                str(kind.limits if kind.is_integer or kind in (tf.float32, tf.float64) else None),
            ]
        )
    )
names = [
    "float32",
    "float",
    "double",
    "int32",
    np.float32,
    np.dtype("int64"),
    float,
    bool,
    np.uint8,
    "string",
    1,
    109,
]
facts += [attempt(lambda name=name: repr(tf.as_dtype(name))) for name in names]
facts += [
    str(tf.float32 == "float32"),
    str(tf.float32 != tf.float64),
    str(tf.as_dtype(101).name),
    str(hash(tf.int32)),
]
FETCHES = [("facts", tf.constant(facts, name="facts"), None)]
