"""Variables, the scopes that name and share them, and their initial values."""

# The two kinds of variables make themselves known to `Variable` when their modules load.
from tflite_edu.variables import reference_variable as reference_variable
from tflite_edu.variables import resource_variable as resource_variable
