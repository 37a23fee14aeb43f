"""Variables, the scopes that name and share them, and their initial values."""

# The two kinds of variables make themselves known to `Variable` when their modules load.
import tflite_edu.variables.reference_variable
import tflite_edu.variables.resource_variable  # noqa: F401
