S = tf.TensorShape


def attempt(function):
    try:
        return str(function())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


a, b, u = S([2, None, 4]), S([None, 3, 4]), S(None)
D = tf.Dimension
facts = [
    attempt(f)
    for f in (
        lambda: a.merge_with(b),
        lambda: a.concatenate(b),
        lambda: a[0],
        lambda: a[1:],
        lambda: a[-1],
        lambda: len(a),
        lambda: len(u),
        lambda: u.ndims,
        lambda: a.ndims,
        lambda: a.rank,
        lambda: a.dims,
        lambda: u.dims,
        lambda: a.is_fully_defined(),
        lambda: a.num_elements(),
        lambda: S([2, 3]).num_elements(),
        lambda: a.as_list(),
        lambda: u.as_list(),
        lambda: a.is_compatible_with(b),
        lambda: a.is_compatible_with([3, 3, 4]),
        lambda: a == b,
        lambda: a == S([2, None, 4]),
        lambda: S([2]) == [2],
        lambda: S([2]) == (2,),
        lambda: a != u,
        lambda: list(a),
        lambda: list(u),
        lambda: a.with_rank(3),
        lambda: a.with_rank(2),
        lambda: u.with_rank(2),
        lambda: a.with_rank_at_least(4),
        lambda: a.assert_has_rank(1),
        lambda: a.assert_is_compatible_with([9]),
        lambda: a.assert_is_fully_defined(),
        lambda: a.merge_with([2]),
        lambda: bool(u),
        lambda: bool(S([])),
        lambda: u[0],
        lambda: u[1:],
        lambda: S(3),
        lambda: S([D(2), None]),
        lambda: S([-1]),
        lambda: S("a"),
        lambda: D(3) + 1,
        lambda: D(3) + D(None),
        lambda: 7 - D(3),
        lambda: D(3) * 2,
        lambda: D(7) // 2,
        lambda: D(7) % 4,
        lambda: D(3) == 3,
        lambda: D(None) == 3,
        lambda: D(3) < 4,
        lambda: D(None) < 4,
        lambda: D(3).value,
        lambda: int(D(3)),
        lambda: D(3).merge_with(None),
        lambda: D(3).merge_with(4),
        lambda: D(-1),
        lambda: D(7) / 2,
        lambda: a.as_proto(),
        lambda: u.as_proto(),
        lambda: hash(S([1])) != 0,
        lambda: a.most_specific_compatible_shape(b),
        lambda: a.to_proto() if hasattr(a, "to_proto") else "",
        lambda: 2 * D(4),
    )
]
FETCHES = [("facts", tf.constant(facts, name="facts"), None)]
