"""Timings of named workloads: this project, hand-written numpy, and the real TensorFlow 1.15."""
