"""Pooling of sequences, and of whatever rank the input has."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.dilated_convolution import with_space_to_batch
from tflite_edu.ops.pooling import avg_pool, max_pool
from tflite_edu.ops.pooling_3d import avg_pool3d, max_pool3d
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.ops.windows import either, sequence


@export("nn.max_pool1d")
def max_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NWC",
    name: str | None = None,
) -> Tensor:
    """The greatest element of each window of sequences [batch, width, channels].

    `ksize` and `strides` are given for the three axes or as one number.
    """
    with name_scope(name, "MaxPool1d", [input]) as scope:
        return _pool_lines(raw.MaxPool, input, ksize, strides, padding, data_format, scope)


@export("nn.avg_pool1d")
def avg_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NWC",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of sequences [batch, width, channels]; see `max_pool1d`."""
    with name_scope(name, "AvgPool1D", [input]) as scope:
        return _pool_lines(raw.AvgPool, input, ksize, strides, padding, data_format, scope)


def _pool_lines(
    make: Any, input: Any, ksize: Any, strides: Any, padding: str, data_format: Any, scope: str
) -> Tensor:
    """Pools sequences as images of one line."""
    data_format = data_format or "NWC"
    place = 1 if data_format == "NWC" else 2
    made = make(
        expand_dims(input, place),
        ksize=[1, *sequence(ksize, "ksize", data_format, 1)],
        strides=[1, *sequence(strides, "strides", data_format, 1)],
        padding=padding,
        data_format="NHWC" if data_format == "NWC" else "NCHW",
        name=scope,
    )
    return squeeze(made, [place])


@export("nn.max_pool_v2")
def max_pool_v2(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = None,
    name: str | None = None,
) -> Tensor:
    """The greatest element of each window of sequences, images or volumes, by the rank of `input`.

    Raises ValueError where the rank is unknown or not 3, 4 or 5.
    """
    pools = {3: max_pool1d, 4: max_pool, 5: max_pool3d}
    return _by_rank(pools, input, ksize, strides, padding, data_format, name)


@export("nn.avg_pool_v2")
def avg_pool_v2(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = None,
    name: str | None = None,
) -> Tensor:
    """The mean of each window of sequences, images or volumes, by the rank of `input`.

    Raises ValueError where the rank is unknown or not 3, 4 or 5.
    """
    pools = {3: avg_pool1d, 4: avg_pool, 5: avg_pool3d}
    return _by_rank(pools, input, ksize, strides, padding, data_format, name)


_FORMATS = {3: "NWC", 4: "NHWC", 5: "NDHWC"}


def _by_rank(
    pools: dict[int, Any],
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None,
    name: str | None,
) -> Tensor:
    shape = getattr(input, "shape", None)
    rank = len(convert_to_tensor(input).get_shape() if shape is None else shape)
    if rank not in pools:
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank}.")
    return pools[rank](
        input,
        ksize,
        strides,
        padding,
        data_format=data_format or _FORMATS[rank],
        name=name,
    )


@export("nn.pool")
def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    padding: str,
    dilation_rate: Any = None,
    strides: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Pooling of sequences, images or volumes, with windows that may be spread.

    `window_shape`, `strides` and `dilation_rate` have one element for each spatial axis of `input`
    [batch, spatial axes, channels]; `pooling_type` is "MAX" or "AVG". Raises ValueError where
    strides and rates are above 1, where a stride is longer than the window, and on ranks that do
    not fit.
    """
    dilation_rate = either("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        window = list(window_shape)
        count = len(window)
        if not 1 <= count <= 3:
            raise ValueError("It is required that 1 <= num_spatial_dims <= 3.")
        input.get_shape().with_rank(count + 2)
        steps, rates = _steps_and_rates(count, strides, dilation_rate)
        if padding == "SAME" and any(rate > 1 for rate in rates):
            raise ValueError("pooling with SAME padding is not implemented for dilation_rate > 1")
        if any(step > length for step, length in zip(steps, window)):
            raise ValueError(
                "strides > window_shape not supported due to inconsistency between CPU and GPU "
                "implementations"
            )
        ops = {"MAX": (raw.MaxPool, raw.MaxPool3D), "AVG": (raw.AvgPool, raw.AvgPool3D)}
        if pooling_type not in ops:
            raise ValueError(f"{count}-D {pooling_type} pooling is not supported.")
        make = ops[pooling_type][count == 3]

        def pooled(input: Tensor, spatial: int, padding: str) -> Tensor:
            if count == 1:
                return _pool_lines(make, input, window, steps, padding, data_format, scope)
            layout = data_format or _FORMATS[count + 2]
            return make(
                input,
                ksize=sequence(window, "ksize", layout, count),
                strides=sequence(steps, "strides", layout, count),
                padding=padding,
                data_format=layout,
                name=scope,
            )

        return with_space_to_batch(input, rates, padding, pooled, data_format=data_format)


def _steps_and_rates(count: int, strides: Any, dilation_rate: Any) -> tuple[list[int], list[int]]:
    """Strides and dilation rates for so many axes, 1 where none are given."""
    rates = [1] * count if dilation_rate is None else list(dilation_rate)
    if len(rates) != count:
        raise ValueError(f"len(dilation_rate)={len(rates)} but should be {count}")
    if any(rate < 1 for rate in rates):
        raise ValueError("all values of dilation_rate must be positive")
    steps = [1] * count if strides is None else list(strides)
    if len(steps) != count:
        raise ValueError(f"len(strides)={len(steps)} but should be {count}")
    if any(step < 1 for step in steps):
        raise ValueError("all values of strides must be positive")
    if any(step > 1 for step in steps) and any(rate > 1 for rate in rates):
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    return steps, rates
