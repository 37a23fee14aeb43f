"""`tf.config.experimental`: the devices there are."""

from __future__ import annotations

from typing import NamedTuple

from tflite_edu.core.export import export


class PhysicalDevice(NamedTuple):
    """A device of this machine."""

    name: str
    device_type: str


_DEVICES = (PhysicalDevice("/physical_device:CPU:0", "CPU"),)


@export("config.experimental.list_physical_devices")
def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The devices of a type, "CPU" or "GPU", or of all: one CPU, as operations run in numpy."""
    return [d for d in _DEVICES if device_type in (None, d.device_type)]
