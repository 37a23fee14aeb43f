"""`tf.teach`: every step of a graph shown, checked and explained. Nothing else uses it."""
