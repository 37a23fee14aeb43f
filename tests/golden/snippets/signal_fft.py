c = tf.constant(np.arange(24.0).reshape(2, 3, 4) * (1 + 0.5j) - 3.0, tf.complex64, name="c")
d = tf.constant(np.arange(6.0).reshape(2, 3) + 1j, tf.complex128, name="d")
r = tf.constant(np.sin(np.arange(30.0)).reshape(2, 3, 5), tf.float32, name="r")
e = tf.constant(np.cos(np.arange(12.0)).reshape(3, 4), tf.float32, name="e")
u = tf.placeholder(tf.float32, [None, None], name="u")
w = tf.placeholder(tf.complex64, [None, None], name="w")
transforms = [
    tf.fft(c),
    tf.signal.ifft(c),
    tf.spectral.fft2d(c),
    tf.ifft2d(c, name="named"),
    tf.fft3d(c),
    tf.ifft3d(c),
    tf.fft(d),
    tf.ifft2d(d),
]
halves = [
    tf.signal.rfft(r),
    tf.signal.rfft(e),
    tf.signal.rfft(e, [7]),
    tf.signal.rfft2d(r),
    tf.signal.rfft2d(e),
    tf.signal.rfft2d(e, [4, 5]),
]
wholes = [
    tf.signal.irfft(c),
    tf.signal.irfft(c, [7]),
    tf.signal.irfft2d(c),
    tf.signal.irfft2d(c, [3, 7]),
]
constant = [
    tf.signal.rfft3d(r),
    tf.signal.irfft3d(c),
    tf.signal.irfft3d(c, fft_length=[3, 3, 5]),
    tf.signal.irfft(c, [10]),
    tf.signal.rfft(e, [3], name="short"),
]
unknown = [tf.signal.rfft(u), tf.signal.rfft(u, [6]), tf.signal.rfft2d(u)]
inverse = [tf.signal.irfft(w), tf.signal.irfft(w, [6]), tf.signal.irfft2d(w, [2, 6])]
gradients = [
    [g for g in tf.gradients(tf.abs(y) ** 2, [c, d, r, e]) if g is not None]
    for y in transforms + halves + wholes
]
of_unknown = [tf.gradients(tf.abs(y), u) for y in unknown] + [
    tf.gradients(y * y, w) for y in inverse[:1]
]
feed = {u: [[1.0, 2.0, -1.0], [0.0, 3.0, 1.5]], w: [[1.0, 2.0j, -1.0], [0.5, 3.0, 1.0j]]}


def parts(tensors):
    """Real and imaginary parts in one row, so that what is almost 0 is held against the others."""
    return [
        [tf.concat([tf.real(t), tf.imag(t)], -1) if t.dtype.is_complex else t for t in group]
        for group in tensors
    ]


FETCHES = [
    ("transforms", parts([transforms, halves + wholes + constant]), None),
    ("unknown", parts([unknown + inverse]), feed),
    ("gradients", parts(gradients), None),
    ("of unknown", parts(of_unknown), feed),
]
