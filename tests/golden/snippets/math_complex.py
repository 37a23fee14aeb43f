r = tf.constant([1.0, -2.0], name="r")
i = tf.constant([0.5, 3.0], name="i")
z = tf.complex(r, i, name="z")
w = tf.constant([1 + 1j, 2 - 1j], tf.complex64, name="w")
results = [
    z,
    tf.real(z),
    tf.imag(z),
    tf.conj(z),
    tf.angle(z),
    tf.abs(z),
    z * w,
    z / w,
    z + w,
    z - w,
    -z,
    tf.exp(z),
    tf.square(z),
    tf.real(r),
    tf.conj(r),
    tf.cast(z, tf.float32),
    tf.cast(r, tf.complex64),
    tf.reduce_sum(z),
    tf.matmul([z], [w], adjoint_b=True),
]
loss = tf.reduce_sum(tf.abs(z * tf.conj(w))) + tf.reduce_sum(tf.real(z) * tf.imag(z))
FETCHES = [("results", results, None), ("gradients", tf.gradients(loss, [r, i]), None)]
