"""Where an op that draws random numbers gets its two seeds from."""

from __future__ import annotations

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph

DEFAULT_GRAPH_SEED = 87654321
"""The graph's half of the pair where only the op has a seed."""

_MODULUS = 2**31 - 1


def seeds(
    graph_seed: int | None, op_seed: int | None, last_id: int
) -> tuple[int | None, int | None]:
    """The attributes `seed` and `seed2` of an op.

    `last_id` is the number of nodes in the graph before the op. It stands in for the op's own seed
    where only the graph has one, so that each op draws other numbers. No seed at all gives (None,
    None), which asks for other numbers in each session. Seeds are taken modulo 2**31 - 1; a pair
    that comes out as (0, 0), which would ask for the same, becomes (0, 2**31 - 1).
    """
    if graph_seed is None:
        if op_seed is None:
            return None, None
        graph_seed = DEFAULT_GRAPH_SEED
    elif op_seed is None:
        op_seed = last_id
    pair = graph_seed % _MODULUS, op_seed % _MODULUS
    return (0, _MODULUS) if pair == (0, 0) else pair


@export("get_seed", "random.get_seed")
def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """The seeds of an op made next in the default graph; see `tf.set_random_seed`."""
    graph = get_default_graph()
    return seeds(graph.seed, op_seed, graph._last_id)


@export("set_random_seed", "random.set_random_seed")
def set_random_seed(seed: int | None) -> None:
    """Sets the default graph's seed, from which later ops without a seed of their own derive one.

    With a graph seed, an op's numbers are the same in each session; they depend on how many nodes
    were made before it. None takes the seed away. Ops made before keep theirs.
    """
    get_default_graph().seed = seed
