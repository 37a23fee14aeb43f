"""Random graphs: the engines agree, and values agree with what is known of them before a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_graphs import FLOATS, Array, Built, Call, Item, Recipe, Ref, draw_recipe
from random_rules import RULES, SMOOTH_RULES, STATEFUL_RULES

import tflite_edu as tf
from tflite_edu.engines import blas, groups, memory, sharing, templates
from tflite_edu.plan.planner import plan, stages

# The gradient of a gather is sparse; by a tensor of unknown shape it cannot stay so.
pytestmark = pytest.mark.filterwarnings("ignore:Converting sparse IndexedSlices:UserWarning")


@st.composite
def recipes(draw: Callable[..., Any], **settings: Any) -> Recipe:
    return draw_recipe(draw, **settings)


def examples(count: int) -> Callable[..., Any]:
    """The same examples in every run, each without a time limit."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def run(
    fetches: Sequence[Any], feeds: dict[Any, Any], engine: str = "numpy", graph: Any = None
) -> list[Any]:
    with tf.Session(engine=engine, graph=graph) as session:
        return session.run(list(fetches), feeds)


def assert_same(actual: Sequence[Any], expected: Sequence[Any], tensors: Sequence[Any]) -> None:
    """Values are the same; floats to within rounding, since a rewritten sum may round otherwise."""
    nodes = tensors[0].graph.get_operations() if tensors else ()
    single = any(t.dtype.base_dtype == tf.float32 for op in nodes for t in op.outputs)
    precision = 1e3 * np.finfo(np.float32 if single else np.float64).eps
    for a, b, tensor in zip(actual, expected, tensors, strict=True):
        a, b = np.asarray(a), np.asarray(b)
        assert a.dtype == b.dtype, tensor
        if a.dtype.kind != "f":
            np.testing.assert_array_equal(a, b, str(tensor))
            continue
        largest = np.abs(b[np.isfinite(b)]).max(initial=1.0)
        np.testing.assert_allclose(a, b, precision, precision * largest, err_msg=str(tensor))


def treat_as_large(patch: pytest.MonkeyPatch) -> None:
    """Has the numpy engine do with arrays of any size what it does with large ones: keep memory for
    results, work through groups of steps block by block, cut matrix products into pieces."""
    patch.setattr(memory, "WORTH_KEEPING_BYTES", 0)
    patch.setattr(groups, "WORTH_SPLITTING_BYTES", 1)
    patch.setattr(groups, "_WORTH_THREADS", 1)
    patch.setattr(groups, "_LEAST_BLOCK_BYTES", 16)
    patch.setattr(groups, "_MOST_BLOCK_BYTES", 16)
    patch.setattr(sharing, "WORTH_CUTTING", 1)
    patch.setattr(templates, "_SMALL_PRODUCT", 1)
    patch.setattr(blas, "_CUTS", ((12, 4), (1, 2)))


def slopes(built: Built) -> tuple[Any, list[Any]]:
    """A scalar made of every float tensor, and its gradients by those that it depends on."""
    floats = [t for t in built.tensors if t.dtype.base_dtype.name in FLOATS]
    total = tf.add_n([tf.reduce_sum(tf.cast(t, tf.float64) * 0.5) for t in floats])
    return total, [tf.convert_to_tensor(g) for g in tf.gradients(total, floats) if g is not None]


@examples(110)
@given(recipes(rules=RULES))
def test_engines_agree_and_values_are_as_inferred(recipe: Recipe) -> None:
    with tf.Graph().as_default():
        built = recipe.build(tf)
        for shapes in (None, [value.shape for value in built.feeds.values()]):
            program = plan(built.tensors, [], list(built.feeds))
            program.verify()
            for stage in stages(program, shapes):
                stage.program.verify()
        values = run(built.tensors, built.feeds)
        assert_same(run(built.tensors, built.feeds, "reference"), values, built.tensors)
        for item, tensor, value in zip(recipe.items, built.tensors, values, strict=True):
            array = np.asarray(value)
            assert array.shape == item.shape, tensor
            assert array.dtype.name == item.dtype == tensor.dtype.name, tensor
            assert tensor.shape.is_compatible_with(array.shape), (tensor, array.shape)


@examples(70)
@given(recipes(rules=RULES, hide=False))
def test_shapes_are_known_where_those_of_the_feeds_are(recipe: Recipe) -> None:
    with tf.Graph().as_default():
        for item, tensor in zip(recipe.items, recipe.build(tf).tensors, strict=True):
            assert tensor.shape.as_list() == list(item.shape), tensor


@examples(80)
@given(recipes(rules=RULES), st.data())
def test_part_of_a_graph_gives_what_the_whole_gives(recipe: Recipe, data: st.DataObject) -> None:
    """Fetching less changes nothing, nor does feeding inner tensors with the values they have."""
    with tf.Graph().as_default():
        built = recipe.build(tf)
        values = dict(zip(built.tensors, run(built.tensors, built.feeds), strict=True))
        fetched = data.draw(st.lists(st.sampled_from(built.tensors), min_size=1, max_size=3))
        fed = data.draw(st.lists(st.sampled_from(built.tensors), max_size=3))
        feeds = {**built.feeds, **{t: values[t] for t in fed}}
        expected = [values[t] for t in fetched]
        for engine in ("numpy", "reference"):
            plan(fetched, [], list(feeds)).verify()
            assert_same(run(fetched, feeds, engine), expected, fetched)


@examples(100)
@given(recipes(rules=RULES, most=12), st.data())
def test_runs_share_memory_with_nobody(recipe: Recipe, data: st.DataObject) -> None:
    """Few tensors are fetched, so that the others may go into memory that the program keeps. What
    was fed and fetched must stay as it was.
    """
    with tf.Graph().as_default(), pytest.MonkeyPatch.context() as patch:
        treat_as_large(patch)
        built = recipe.build(tf)
        fetches = data.draw(st.lists(st.sampled_from(built.tensors), min_size=1, max_size=2))
        if any(item.dtype in FLOATS for item in recipe.items):
            total, gradients = slopes(built)
            fetches += [total, *gradients[:2]]
        other = {t: value[::-1] if value.ndim else -value for t, value in built.feeds.items()}
        fed = [{t: value.copy() for t, value in feeds.items()} for feeds in (built.feeds, other)]
        with tf.Session() as session:
            values = [session.run(fetches, feeds) for feeds in (*fed, fed[0])]
        for found, feeds in zip(values, (built.feeds, other, built.feeds), strict=True):
            assert_same(found, run(fetches, feeds, "reference"), fetches)
        for kept, feeds in zip(fed, (built.feeds, other), strict=True):
            assert_same(list(kept.values()), list(feeds.values()), list(feeds))


@examples(70)
@given(recipes(rules=RULES), st.data())
def test_engines_agree_where_inner_tensors_are_fed(recipe: Recipe, data: st.DataObject) -> None:
    with tf.Graph().as_default():
        built = recipe.build(tf)
        feeds = dict(built.feeds)
        places = data.draw(st.lists(st.integers(0, len(recipe.items) - 1), max_size=3))
        for place in places:
            value = np.zeros(recipe.items[place].shape, recipe.items[place].dtype)
            feeds[built.tensors[place]] = value
        values = run(built.tensors, feeds)
        assert_same(run(built.tensors, feeds, "reference"), values, built.tensors)
        for place in places:
            assert not np.any(values[place])


@examples(100)
@given(recipes(rules=RULES, dtypes=("float32", "float64", "float32", "int32")))
def test_engines_agree_on_gradients(recipe: Recipe) -> None:
    with tf.Graph().as_default():
        built = recipe.build(tf)
        if not any(item.dtype in FLOATS for item in recipe.items):
            return
        total, gradients = slopes(built)
        fetches = [total, *gradients]
        plan(fetches, [], list(built.feeds)).verify()
        values = run(fetches, built.feeds)
        assert_same(run(fetches, built.feeds, "reference"), values, fetches)
        for tensor, value in zip(fetches, values, strict=True):
            assert tensor.shape.is_compatible_with(np.shape(value)), tensor


def test_gradients_are_finite_differences() -> None:
    compared: list[bool] = []

    @examples(70)
    @given(recipes(rules=SMOOTH_RULES, dtypes=("float64",)))
    def check(recipe: Recipe) -> None:
        with tf.Graph().as_default():
            compared.append(compare_with_differences(recipe.build(tf)))

    check()
    # The others grow too fast for differences to say anything, or end in infinities.
    assert sum(compared) > 0.6 * len(compared)


def compare_with_differences(built: Built) -> bool:
    """Compares the slope along a direction; False where differences are too coarse to say."""
    floats = [t for t in built.tensors if t.dtype.name == "float64"]
    loss = tf.add_n([tf.reduce_sum(tf.tanh(t * 0.1)) for t in floats])
    xs = list(built.feeds)
    gradients = [tf.convert_to_tensor(g) for g in tf.gradients(loss, xs)]
    random = np.random.RandomState(0)
    directions = [random.randn(*value.shape) for value in built.feeds.values()]
    with tf.Session() as session:
        values, inner = session.run([gradients, floats], built.feeds)
        if not all(np.all(np.abs(v) < 1e4) for v in (*inner, *values)):
            return False

        def slope(step: float) -> float:
            ahead, behind = (
                session.run(
                    loss,
                    {x: built.feeds[x] + sign * step * d for x, d in zip(xs, directions)},
                )
                for sign in (1.0, -1.0)
            )
            return (ahead - behind) / (2.0 * step)

        coarse, fine = slope(2e-4), slope(1e-4)
    actual = sum(float(np.sum(v * d)) for v, d in zip(values, directions, strict=True))
    for x, value in zip(xs, values, strict=True):
        assert np.shape(value) == built.feeds[x].shape
    scale = 1.0 + sum(np.abs(v * d).sum() for v, d in zip(values, directions, strict=True))
    if abs(coarse - fine) > 1e-4 * scale:
        return False
    # Between the two step sizes the error falls to a quarter.
    expected = fine + (fine - coarse) / 3.0
    assert abs(actual - expected) <= 1e-6 * scale + 0.1 * abs(coarse - fine), (actual, expected)
    return True


@examples(70)
@given(recipes(rules=RULES))
def test_a_graph_def_holds_the_graph(recipe: Recipe) -> None:
    with tf.Graph().as_default() as graph:
        built = recipe.build(tf)
        fetches = list(built.tensors)
        if any(item.dtype in FLOATS for item in recipe.items):
            total, gradients = slopes(built)
            fetches += [total, *gradients]
        expected = run(fetches, built.feeds)
    graph_def = graph.as_graph_def()
    with tf.Graph().as_default() as copy:
        tf.import_graph_def(graph_def, name="")
    assert copy.as_graph_def().node == graph_def.node
    feeds = {t.name: value for t, value in built.feeds.items()}
    values = run([t.name for t in fetches], feeds, graph=copy)
    assert_same(values, expected, fetches)
    for tensor in fetches:
        # Of shapes, a GraphDef holds only those that the nodes tell.
        again = copy.get_tensor_by_name(tensor.name)
        assert again.dtype == tensor.dtype
        assert again.shape.is_compatible_with(tensor.shape), tensor


@examples(110)
@given(recipes(rules=STATEFUL_RULES, variables=True, most=10))
def test_engines_agree_on_what_variables_hold(recipe: Recipe) -> None:
    """Over two runs, so that what the first leaves behind counts."""
    with tf.Graph().as_default():
        built = recipe.build(tf)
        plan([tf.convert_to_tensor(t) for t in built.tensors], [], list(built.feeds)).verify()
        runs = []
        for engine in ("numpy", "numpy", "reference"):
            with pytest.MonkeyPatch.context() as patch, tf.Session(engine=engine) as session:
                if len(runs) == 1:
                    treat_as_large(patch)
                session.run(tf.global_variables_initializer())
                runs.append(
                    [
                        *session.run(built.tensors, built.feeds),
                        # Fetching less leaves more to the memory that the program keeps.
                        *session.run([*built.tensors[-2:], *built.updates], built.feeds)[:2],
                        *session.run(built.variables),
                    ]
                )
        fetched = [*built.tensors, *built.tensors[-2:], *built.variables]
        assert_same(runs[0], runs[2], fetched)
        assert_same(runs[1], runs[2], fetched)


# What one line of a script does to variable v, with what it means for numbers.
ACTIONS = ("assign", "assign_add", "assign_sub", "read", "alias", "use an alias")


@examples(80)
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTIONS), st.integers(0, 1), st.integers(-3, 3)), max_size=12
    ),
    st.booleans(),
)
def test_ordered_reads_and_writes_do_what_a_script_would(
    actions: list[tuple[str, int, int]], use_resource: bool
) -> None:
    """Each line comes after the one before it, so the run must do what Python would in turn."""
    with tf.Graph().as_default():
        variables = [tf.Variable(float(i), use_resource=use_resource) for i in range(2)]
        held = [0.0, 1.0]
        aliases: list[tuple[Any, int]] = []
        fetches: list[Any] = []
        expected: list[float | int] = []
        last: list[Any] = []
        for action, number, amount in actions:
            variable = variables[number]
            with tf.control_dependencies(last):
                if action == "read":
                    made = tf.add(variable, float(amount))
                    expected.append(held[number] + amount)
                elif action == "alias":
                    made = tf.identity(variable)
                    if not use_resource:
                        aliases.append((made, number))
                    last = [made]
                    continue
                elif action == "use an alias":
                    if not aliases:
                        continue
                    alias, number = aliases[amount % len(aliases)]
                    made = alias * 2.0
                    expected.append(held[number] * 2.0)
                else:
                    made = getattr(tf, action)(variable, float(amount)).op
                    step = {"assign": -held[number], "assign_add": 0.0, "assign_sub": 0.0}[action]
                    sign = -1.0 if action == "assign_sub" else 1.0
                    held[number] += step + sign * amount
                    last = [made]
                    continue
            fetches.append(made)
            last = [made]
        for engine in ("numpy", "reference"):
            with tf.Session(engine=engine) as session:
                session.run(tf.global_variables_initializer())
                values, _ = session.run([fetches, last])
                assert values == expected
                assert session.run(variables) == held


def test_the_text_of_a_recipe_is_a_script() -> None:
    t0, t1 = Ref(0), Ref(1)
    recipe = Recipe(
        (
            Call("placeholder", ("float32", [None, 2]), {}),
            Call("reduce_sum", (t0,), {"axis": [0]}, after=(t0,)),
            Call("[]", (t1, (slice(None, None, 2), Ellipsis)), {}),
        ),
        (Item(t1, "float32", (2,), True), Item(Ref(2), "float32", (1,), True)),
        {t0: Array((3, 2), "float32", 5)},
        (),
    )
    assert str(recipe).splitlines() == [
        "t0 = tf.placeholder('float32', [None, 2])",
        "with tf.control_dependencies([t0]):",
        "    t1 = tf.reduce_sum(t0, axis=[0])",
        "t2 = t1[::2, ...]",
        "feeds = {t0: numbers((3, 2), 'float32', 5)}",
        "tensors = [t1, t2]",
    ]
    with tf.Graph().as_default():
        built = recipe.build(tf)
        assert built.tensors[0].op.control_inputs == []
        values = run(built.tensors, built.feeds)
    np.testing.assert_array_equal(values[1], values[0][::2])


def test_large_results_of_two_dtypes_keep_theirs() -> None:
    """Steps side by side on arrays of one shape, of which one is single, one double precision."""
    values = np.linspace(-1.0, 1.0, 70_000)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [values.size])
        y = tf.placeholder(tf.float64, [values.size])
        fetches = [tf.tanh(y) * 2.0, tf.tanh(x) * 2.0, tf.exp(y), tf.exp(x)]
        feeds = {x: values.astype(np.float32), y: values}
        assert_same(run(fetches, feeds), run(fetches, feeds, "reference"), fetches)
