rows, columns = np.mgrid[:5, :7]
pixels = np.stack([columns * 50 % 256, rows * 70 % 256, rows * columns * 20 % 256], -1)
pixels = pixels.astype(np.uint8)
contents = tf.placeholder(tf.string, [], name="contents")
png = tf.image.encode_png(pixels)
jpeg = tf.image.encode_jpeg(pixels, quality=60)
header = [0x4D42, 78, 0, 54, 40, 2, 3, 0x180001, 0, 24, 0, 0, 0, 0]
bitmap = np.array(header[:1], "<u2").tobytes() + np.array(header[1:], "<u4").tobytes()
bitmap += bytes(bytearray(range(24)))
decoded = [
    tf.image.decode_png(png),
    tf.image.decode_png(png, 1, dtype=tf.uint16),
    tf.image.decode_jpeg(jpeg, channels=1, ratio=2),
    tf.image.decode_and_crop_jpeg(jpeg, [1, 2, 3, 4]),
    tf.image.extract_jpeg_shape(jpeg),
    tf.image.is_jpeg(jpeg),
    tf.image.is_jpeg(png, name="other"),
    tf.image.decode_gif(png),
    tf.image.decode_bmp(contents),
    tf.image.decode_image(jpeg),
    tf.image.decode_image(png, channels=1, dtype=tf.uint16, name="wide"),
    tf.image.decode_image(contents, 3, tf.float32, expand_animations=False),
    tf.image.adjust_jpeg_quality(pixels, 50),
    tf.image.adjust_jpeg_quality(pixels / 256.0, tf.constant(5)),
    tf.image.random_jpeg_quality(pixels, 5, 70, seed=3),
]
FETCHES = [("files", [png, jpeg], None), ("decoded", decoded, {contents: bitmap})]
