"""Who shares the work of a program out to the cores: OpenBLAS, or the engine's own threads.

OpenBLAS is the faster at matrix products (measured on two cores, 128 rows by 784 by 256: 250 µs on
its threads, 430 in two pieces on the engine's). But its threads spin for some 25 ms after a
product, and work on the engine's threads that comes meanwhile takes as long as on one, or longer: a
step of a convolutional net 73 ms rather than 57. Beside other work on the cores they wait for each
other for long: layers of 1024 units then take 95 ms a step, 20 on the engine's. So the products of
a program are left to OpenBLAS where they are short, or but one of them is long, and where there is
little else in it to share out.

Either way the choice depends on the program alone, and so do the values. How many threads OpenBLAS
takes is its own matter (`OPENBLAS_NUM_THREADS`), not that of `intra_op_parallelism_threads`.
"""

from __future__ import annotations

from tflite_edu.core.shapes import is_fully_defined, num_elements
from tflite_edu.engines.templates import PRODUCTS
from tflite_edu.plan.program import Program, Step, Value

# From so many multiplications on OpenBLAS shares a product between its threads.
_SHARED_BY_OPENBLAS = 1 << 18

# A product of so many is long: threads wake in a small part of its time.
_LONG = 1 << 26

# From so many on the engine cuts a product into pieces, see `engines.blas`.
WORTH_CUTTING = 1 << 23

# Other results of this size are worth more than what spinning threads cost.
_WORTH_THREADS_BYTES = 1 << 24


def has_products(program: Program) -> bool:
    """Whether a program has products that OpenBLAS would share out, left to itself."""
    return any(_multiplications(step) >= _SHARED_BY_OPENBLAS for step in program.steps)


def is_left_to_openblas(program: Program) -> bool:
    """Whether OpenBLAS shares out a program's products, and nothing else is shared out."""
    if not has_products(program) or any(map(_is_shared_out, program.steps)):
        return False
    return sum(_multiplications(step) >= _LONG for step in program.steps) < 2


def is_cut(step: Step) -> bool:
    """Whether a step is a product that is cut into pieces where it is not left to OpenBLAS."""
    return _multiplications(step) >= WORTH_CUTTING


def _multiplications(step: Step) -> int:
    """How many a product of matrices of known shapes takes; 0 for other steps."""
    if step.definition.op_type not in PRODUCTS or not is_fully_defined(step.inputs[0].shape):
        return 0
    columns = (step.outputs[0].shape or (None,))[-1]
    return (num_elements(step.inputs[0].shape) or 0) * (columns or 0)


def _is_shared_out(step: Step) -> bool:
    """Whether a step other than a product goes over images, or over a great many numbers."""
    if step.definition.op_type in PRODUCTS or step.definition.effect is not None:
        return False
    return any(_is_large(value) for value in step.outputs) if step.inputs else False


def _is_large(value: Value) -> bool:
    if value.slot is not None or not is_fully_defined(value.shape):
        return False
    size = (num_elements(value.shape) or 0) * value.dtype.size
    return len(value.shape or ()) > 3 or size >= _WORTH_THREADS_BYTES
