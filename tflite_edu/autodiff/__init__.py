"""Gradients: a sweep from results back to their causes, which adds nodes to the graph."""
