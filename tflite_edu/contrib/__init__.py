"""What TensorFlow kept in `tf.contrib`."""
