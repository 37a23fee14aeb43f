"""`tf.test`: test cases that compare arrays and run graphs, and gradient checks."""
