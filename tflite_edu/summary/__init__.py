"""Writing summaries, graphs and run metadata for TensorBoard."""
