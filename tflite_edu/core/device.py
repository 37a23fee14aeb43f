"""Device names, which are recorded on nodes and written to files."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export


@export("DeviceSpec")
class DeviceSpec:
    """A device name in parts, as in `/job:worker/replica:0/task:1/device:CPU:0`.

    A part that is None is not specified. Raises ValueError on a text that is no device name.
    """

    __slots__ = ("device_index", "device_type", "job", "replica", "task")

    def __init__(
        self,
        job: str | None = None,
        replica: int | None = None,
        task: int | None = None,
        device_type: str | None = None,
        device_index: int | None = None,
    ) -> None:
        self.job = job
        self.replica = None if replica is None else int(replica)
        self.task = None if task is None else int(task)
        # Lower-case cpu and gpu are old spellings.
        if device_type in ("cpu", "gpu"):
            device_type = device_type.upper()
        self.device_type = device_type
        self.device_index = None if device_index is None else int(device_index)

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        """The parts of a device name."""
        return cls().parse_from_string(spec)

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """Replaces the parts by those of a device name."""
        self.__init__()  # type: ignore[misc]
        for part in filter(None, spec.split("/")):
            fields = part.split(":")
            kind = fields[0]
            if kind == "job" and len(fields) == 2:
                self.job = fields[1]
            elif kind == "replica" and len(fields) == 2:
                self.replica = int(fields[1])
            elif kind == "task" and len(fields) == 2:
                self.task = int(fields[1])
            elif kind.upper() in ("CPU", "GPU") and len(fields) == 2:
                self._set_type(kind.upper(), fields[1], spec)
            elif kind == "device" and len(fields) == 3:
                self._set_type(fields[1], fields[2], spec)
            else:
                raise ValueError(f"Unknown attribute: '{kind}' in '{spec}'")
        return self

    def _set_type(self, device_type: str, index: str, spec: str) -> None:
        if self.device_type is not None:
            raise ValueError(f"Cannot specify multiple device types: {spec}")
        self.device_type = device_type
        self.device_index = None if index == "*" else int(index)

    def merge_from(self, dev: DeviceSpec) -> None:
        """Takes every part that `dev` specifies."""
        for part in self.__slots__:
            value = getattr(dev, part)
            if value is not None:
                setattr(self, part, value)

    def to_string(self) -> str:
        """The device name."""
        text = ""
        if self.job is not None:
            text += f"/job:{self.job}"
        if self.replica is not None:
            text += f"/replica:{self.replica}"
        if self.task is not None:
            text += f"/task:{self.task}"
        if self.device_type is not None:
            index = "*" if self.device_index is None else self.device_index
            text += f"/device:{self.device_type}:{index}"
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())

    def __repr__(self) -> str:
        return f"DeviceSpec({self.to_string()!r})"


def merge_device(stronger: Any, weaker: Any) -> str:
    """The device whose parts are `stronger`'s where it names them, `weaker`'s elsewhere."""
    base = DeviceSpec.from_string(device_text(weaker))
    base.merge_from(DeviceSpec.from_string(device_text(stronger)))
    return base.to_string()


def device_text(device: Any) -> str:
    """A device given as a name, a `DeviceSpec` or None, as text."""
    return device.to_string() if isinstance(device, DeviceSpec) else (device or "")
