u = tf.placeholder(tf.uint8, [4, 6, 3], name="u")
f = tf.placeholder(tf.float32, [4, 6, 3], name="f")
b = tf.placeholder(tf.float32, [2, 4, 6, 3], name="b")
n = tf.placeholder(tf.float32, name="n")
i = tf.placeholder(tf.float32, [], name="i")
db = tf.placeholder(tf.float32, [None, None, None, 3], name="db")
image = (np.arange(72) * 37 % 256).reshape(4, 6, 3)
batch = np.sin(np.arange(144)).reshape(2, 4, 6, 3) * 0.5 + 0.5
feed = {
    u: image,
    f: image / 256.0 + 1e-3,
    b: batch,
    n: image[..., :1],
    i: 3.0,
    db: np.arange(144).reshape(2, 4, 6, 3) % 7,
}
tf.set_random_seed(5)
results = [
    tf.image.adjust_brightness(u, 0.1),
    tf.image.adjust_brightness(f, 0.1),
    tf.image.adjust_contrast(u, 2.0),
    tf.image.adjust_contrast(f, 2.0),
    tf.image.adjust_hue(u, 0.1),
    tf.image.adjust_hue(f, 0.1),
    tf.image.adjust_hue(tf.cast(f, tf.float64), -0.4),
    tf.image.adjust_hue(tf.cast(f, tf.float16), 0.1, name="turn"),
    tf.image.adjust_saturation(u, 2),
    tf.image.adjust_saturation(f, 0.3),
    tf.image.adjust_gamma(u, 0.5, 2),
    tf.image.adjust_gamma(f, i),
    tf.image.random_brightness(u, 0.2),
    tf.image.random_contrast(f, 0.2, 0.5, seed=3),
    tf.image.random_hue(f, 0.2),
    tf.image.random_saturation(u, 0.2, 0.6),
    tf.image.rgb_to_grayscale(u),
    tf.image.rgb_to_grayscale(f, name="grey"),
    tf.image.grayscale_to_rgb(u[:, :, :1]),
    tf.image.grayscale_to_rgb(n),
    tf.image.rgb_to_yuv(f),
    tf.image.yuv_to_rgb(f),
    tf.image.rgb_to_yiq(b),
    tf.image.yiq_to_rgb(b),
    tf.image.rgb_to_hsv(b),
    tf.image.hsv_to_rgb(b),
    tf.image.convert_image_dtype(u, tf.float32),
    tf.image.convert_image_dtype(u, tf.uint8),
    tf.image.convert_image_dtype(f, tf.uint8),
    tf.image.convert_image_dtype(f, tf.uint8, saturate=True, name="q"),
    tf.image.convert_image_dtype(f, tf.float64),
    tf.image.convert_image_dtype(u, tf.int16),
    tf.image.convert_image_dtype(u, tf.uint16, saturate=True),
    tf.image.convert_image_dtype(tf.cast(u, tf.int16), tf.uint8),
    tf.image.per_image_standardization(u),
    tf.image.per_image_standardization(db),
]
g = tf.gradients([tf.image.rgb_to_hsv(b) * tf.sin(b)], [b, db])[:1]
FETCHES = [(f"r{k}", x, feed) for k, x in enumerate(results)] + [("g", g, feed)]
