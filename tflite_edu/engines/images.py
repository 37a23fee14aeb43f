"""Images in another size, some images at a time, shared out to threads."""

from __future__ import annotations

from typing import Any

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.threads import run_blocks
from tflite_edu.ops.resizing import checked_size

# What the resized images of a block take; what is computed for them then stays in the cache.
_BLOCK_BYTES = 1 << 19


@kernel("ResizeBicubic", "ResizeBilinear")
def resize(definition: Any, np: Any, images: Any, size: Any) -> Any:
    """Images [batch, height, width, channels] in another size, float32, by the plain kernel."""
    height, width = checked_size(definition, np, images, size)
    batch, channels = images.shape[0], images.shape[3]
    made = np.empty((batch, height, width, channels), np.float32)
    at_a_time = max(_BLOCK_BYTES // max(4 * height * width * channels, 1), 1)
    if batch <= at_a_time:
        return definition.forward(np, images, size)

    def block(start: int, stop: int) -> None:
        made[start:stop] = definition.forward(np, images[start:stop], size)

    run_blocks(block, batch, at_a_time)
    return made
