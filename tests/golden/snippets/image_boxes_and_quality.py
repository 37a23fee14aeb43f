u = tf.placeholder(tf.uint8, [4, 6, 3], name="u")
f = tf.placeholder(tf.float32, [4, 6, 3], name="f")
b = tf.placeholder(tf.float32, [2, 4, 6, 3], name="b")
n = tf.placeholder(tf.float32, name="n")
i = tf.placeholder(tf.int32, [], name="i")
db = tf.placeholder(tf.float32, [None, None, None, 3], name="db")
image = (np.arange(72) * 37 % 256).reshape(4, 6, 3)
batch = np.sin(np.arange(144)).reshape(2, 4, 6, 3) * 0.5 + 0.5
feed = {u: image, f: image / 256.0 + 1e-3, b: batch, n: image[..., :1], i: 3, db: batch}
tf.set_random_seed(5)
bx = np.array(
    [
        [0.0, 0.0, 0.5, 0.6],
        [0.1, 0.1, 0.5, 0.6],
        [0.9, 0.8, 0.2, 0.1],
        [0.5, 0.5, 1.0, 1.3],
        [0.0, 0.0, 0.45, 0.7],
    ],
    np.float32,
)
sc = np.array([0.5, 0.9, 0.3, 0.9, 0.6], np.float32)
boxv = tf.constant(bx)
results = [
    tf.image.total_variation(f),
    tf.image.total_variation(b),
    tf.image.psnr(u, u[::-1], 255),
    tf.image.psnr(b, b * 0.5, 1.0),
    tf.image.psnr(n, n * 0.4, 1.0),
    tf.image.sobel_edges(b),
    tf.image.sobel_edges(db),
    tf.image.image_gradients(b),
    tf.image.image_gradients(db),
    tf.image.draw_bounding_boxes(
        b,
        [
            [[0.0, 0.0, 1.0, 1.0], [0.2, 0.3, 0.5, 0.6]],
            [[-0.5, 0.0, 0.5, 0.4], [0.5, 0.5, 0.5, 2.0]],
        ],
    ),
    tf.image.draw_bounding_boxes(
        b,
        [
            [[0.0, 0.0, 1.0, 1.0], [0.2, 0.3, 0.5, 0.6]],
            [[0.0, 0.0, 1.0, 1.0], [0.2, 0.3, 0.5, 0.6]],
        ],
        colors=[[1.0, 0.0, 0.3]],
    ),
    tf.image.non_max_suppression(bx, sc, i),
    tf.image.non_max_suppression(bx, sc, i, 0.4, 0.3, "k"),
    tuple(tf.image.non_max_suppression_padded(bx, sc, i)),
    tuple(tf.image.non_max_suppression_padded(bx, sc, 7, pad_to_max_output_size=True)),
    tf.image.non_max_suppression_with_scores(bx, sc, 4, soft_nms_sigma=0.3),
    tf.image.non_max_suppression_with_scores(bx, sc, 4),
    tf.image.non_max_suppression_overlaps(
        np.sin(np.arange(25.0)).reshape(5, 5).astype(np.float32), sc, 3
    ),
    tf.image.crop_and_resize(b, bx, [0, 1, 0, 1, 1], [2, 3]),
    tf.image.crop_and_resize(
        b,
        bx,
        crop_size=[1, 3],
        box_indices=[0, 1, 1, 1, 0],
        method="nearest",
        extrapolation_value=5,
    ),
    tf.image.extract_patches(b, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID"),
    tf.extract_image_patches(db, [1, 2, 3, 1], [1, 2, 1, 1], [1, 1, 2, 1], "SAME"),
]
for k in range(20):
    results.append(
        tuple(
            tf.image.sample_distorted_bounding_box(
                [40 + k, 60 - k, 3],
                [[[0.1 * (k % 3), 0.2, 0.7, 0.9], [0.3, 0.3, 0.4, 0.5]]],
                seed=k + 1,
                min_object_covered=0.1 * (k % 5),
                area_range=[0.05 + 0.02 * k, 1 - 0.01 * k] if k > 5 else None,
                max_attempts=k * 2 + 1,
            )
        )
    )
results.append(
    tuple(
        tf.image.sample_distorted_bounding_box(
            [40, 60, 3],
            np.zeros([1, 0, 4], np.float32),
            seed=9,
            seed2=3,
            use_image_if_no_bounding_boxes=True,
        )
    )
)
crop = tf.image.crop_and_resize(b, boxv, [0, 1, 0, 1, 1], [2, 3])
crop1 = tf.image.crop_and_resize(db, boxv, [0, 1, 0, 1, 1], [1, 1])
near = tf.image.crop_and_resize(b, boxv, [0, 1, 0, 1, 1], [3, 4], method="nearest")
g = tf.gradients(
    [crop * crop * 3.0, crop1**2, near, results[20], results[21] * results[21]], [b, db, boxv]
)
FETCHES = (
    [(f"r{k}", x, feed) for k, x in enumerate(results)]
    + [("g", g, feed)]
    + [(f"again{k}", x, feed) for k, x in enumerate(results[-4:])]
)
