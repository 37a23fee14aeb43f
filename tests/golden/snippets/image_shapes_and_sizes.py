tf.set_random_seed(7)
u = tf.placeholder(tf.uint8, [4, 6, 3], name="u")
b = tf.placeholder(tf.float32, [2, 4, 6, 3], name="b")
n = tf.placeholder(tf.float32, name="n")
d = tf.placeholder(tf.float32, [None, None, 3], name="d")
i = tf.placeholder(tf.int32, [], name="i")
h = tf.placeholder(tf.float32, [None, 4, 6, 3], name="h")
sz = tf.placeholder(tf.int32, [2], name="sz")
db = tf.placeholder(tf.float32, [None, None, None, 3], name="db")
image = np.arange(72).reshape(4, 6, 3)
batch = np.sin(np.arange(144)).reshape(2, 4, 6, 3)
feed = {u: image, b: batch, n: image, d: image, i: 3, h: batch, sz: [5, 3], db: batch}
results = [
    tf.image.resize_images(u, [2, 3]),
    tf.image.resize_images(u, [4, 6]),
    tf.image.resize_images(d, [4, 6], method=2),
    tf.image.resize_images(d, [2, i], method=1),
    tf.image.resize_images(b, [2, 3], method=3, align_corners=True, preserve_aspect_ratio=True),
    tf.image.resize_images(db, [2, 3], preserve_aspect_ratio=True, name="abc"),
    tf.image.resize_images(db, sz),
    tf.image.flip_left_right(u),
    tf.image.flip_left_right(h),
    tf.image.flip_left_right(db),
    tf.image.flip_left_right(n),
    tf.image.flip_up_down(d),
    tf.image.random_flip_left_right(u),
    tf.image.random_flip_left_right(n, seed=4),
    tf.image.random_flip_up_down(db),
    tf.image.transpose_image(d),
    tf.image.transpose(b, name="turned"),
    tf.image.transpose(n),
    tf.image.rot90(u),
    tf.image.rot90(b, 3),
    tf.image.rot90(n, i),
    tf.image.rot90(d, -2),
    tf.image.central_crop(u, 0.5),
    tf.image.central_crop(d, 0.5),
    tf.image.central_crop(db, 0.4),
    tf.image.central_crop(u, 1.0),
    tf.image.crop_to_bounding_box(u, 1, 1, 2, 3),
    tf.image.crop_to_bounding_box(b, 1, 1, 2, 3),
    tf.image.crop_to_bounding_box(d, 1, 1, 2, 3),
    tf.image.crop_to_bounding_box(n, 1, i, 2, 3),
    tf.image.pad_to_bounding_box(u, 1, 1, 8, 9),
    tf.image.pad_to_bounding_box(db, 1, 1, 8, 9),
    tf.image.pad_to_bounding_box(n, 1, 1, 8, 9),
    tf.image.resize_image_with_crop_or_pad(u, 3, 9),
    tf.image.resize_image_with_crop_or_pad(d, 3, 9),
    tf.image.resize_image_with_crop_or_pad(n, 3, 9),
    tf.image.resize_image_with_crop_or_pad(u, i, 9),
    tf.image.resize_image_with_pad(u, 3, 9),
    tf.image.resize_image_with_pad(n, 3, 9),
]
g = tf.gradients(
    [
        tf.image.resize_bilinear(b, [3, 4]),
        tf.image.resize_bilinear(db, [3, 4], align_corners=True),
        tf.image.resize_nearest_neighbor(db, [3, 4]),
        tf.image.resize_nearest_neighbor(b, [3, 4], True),
        tf.image.resize_bicubic(b, [3, 4]),
    ],
    [b, db],
)
FETCHES = [("results", results, feed), ("g", g, feed)]
