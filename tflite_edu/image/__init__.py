"""`tf.image`: what scripts call on images; the operations themselves are in `ops`."""
