"""Metrics: numbers kept over many batches, each with an operation that takes one more in."""
