# Written by api/generate.py.
from tflite_edu.platform.devices import list_physical_devices as list_physical_devices

__all__ = [
    "list_physical_devices",
]
