v1 = tf.Variable([1.0, 2.0], name="v1")
v2 = tf.Variable([3.0], name="v2")
by_dict = tf.train.Saver({"renamed": v1, "other/name": v2}, name="by_dict")
by_list = tf.train.Saver([v2], max_to_keep=3)
sharded = tf.train.Saver(sharded=True, name="sharded")
reshape = tf.train.Saver([v1], reshape=True, name="reshaped")
deferred = tf.train.Saver(defer_build=True)
later = tf.Variable(1.0, name="later")
deferred.build()
names = tf.constant(
    [
        s.saver_def.filename_tensor_name
        + " "
        + s.saver_def.save_tensor_name
        + " "
        + s.saver_def.restore_op_name
        for s in (by_dict, by_list, sharded, deferred)
    ],
    name="names",
)
FETCHES = [("names", names, None)]
