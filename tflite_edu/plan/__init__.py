"""From a graph to a program: what has to run for the fetches, and in which order."""
