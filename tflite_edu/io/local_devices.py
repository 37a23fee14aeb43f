"""The devices of this machine as protos, for scripts that look for a GPU among them."""

from __future__ import annotations

from typing import Any

from tflite_edu.formats.proto.device_attributes_pb2 import DeviceAttributes

# What TensorFlow 1.15 says of any CPU.
_MEMORY_LIMIT = 256 << 20


def list_local_devices(session_config: Any = None) -> list[DeviceAttributes]:
    """One CPU, on which all operations run: name "/device:CPU:0", memory limit in bytes."""
    cpu = DeviceAttributes(name="/device:CPU:0", device_type="CPU", memory_limit=_MEMORY_LIMIT)
    cpu.locality.SetInParent()
    return [cpu]
