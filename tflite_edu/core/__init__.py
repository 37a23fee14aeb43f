"""What a graph is: dtypes, shapes, errors, operations, tensors, scopes."""
