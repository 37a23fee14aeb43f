"""Every operation: one class each, families by file."""
