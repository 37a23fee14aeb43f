"""Layers: `tf.layers`, functions and classes that make their variables and apply them."""
