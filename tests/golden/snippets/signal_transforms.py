x = tf.constant(np.sin(np.arange(64.0)).reshape(2, 32), tf.float32, name="x")
u = tf.placeholder(tf.float32, [None, None], name="u")
s = tf.signal.stft(x, 8, 4)
short = tf.signal.stft(x[0], 6, 3, fft_length=10, window_fn=None, pad_end=True)
open_ended = tf.signal.stft(u, 8, 4)
back = [
    tf.signal.inverse_stft(s, 8, 4, window_fn=tf.signal.inverse_stft_window_fn(4)),
    tf.signal.inverse_stft(s, 8, 4),
    tf.signal.inverse_stft(short, 6, 3, fft_length=10, window_fn=None),
    tf.signal.inverse_stft(s, 12, 4, fft_length=8, window_fn=tf.signal.hamming_window),
]
cosines = [
    tf.signal.dct(x),
    tf.signal.dct(x, type=1),
    tf.signal.dct(x, type=2, norm="ortho", name="named"),
    tf.signal.dct(x, type=3),
    tf.spectral.idct(x, norm="ortho"),
    tf.signal.idct(x, type=1),
    tf.signal.idct(x, type=3),
    tf.signal.dct(x, n=12),
    tf.spectral.dct(x, n=40),
    tf.signal.fftshift(x),
    tf.signal.ifftshift(x, axes=1),
    tf.signal.mfccs_from_log_mel_spectrograms(x),
]
open_cosines = [
    tf.signal.dct(u),
    tf.signal.dct(u, type=3, norm="ortho"),
    tf.signal.mfccs_from_log_mel_spectrograms(u),
]
weights = [
    tf.signal.linear_to_mel_weight_matrix(),
    tf.signal.linear_to_mel_weight_matrix(
        5, 17, tf.constant(8000), 100.0, 3000.0, dtype=tf.float64, name="double"
    ),
]
spectra = [tf.concat([tf.real(t), tf.imag(t)], -1) for t in (s, short, open_ended)]
gradients = tf.gradients([tf.abs(s), back[0] ** 2, cosines[0], cosines[3]], x)
feed = {u: np.cos(np.arange(32.0)).reshape(2, 16)}
FETCHES = [
    ("spectra", spectra, feed),
    ("back", back, None),
    ("cosines", cosines, None),
    ("open", open_cosines, feed),
    ("weights", weights, None),
    ("gradients", gradients, None),
]
