"""Builds the public namespace `tf` from the names given at the definitions."""
