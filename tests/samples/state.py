"""Samples of reference and resource variables, and of what changes them."""

from .sample import Handle, Ref, Sample, boolean, f32, f64, i32, i64, text, wave

TABLE = wave([4, 2], "float32")
ROWS, MORE = i32([0, 2, 0]), wave([3, 2], "float32", start=9)


def variables(*samples):
    """Samples that change variables, which have no gradient."""
    return [Sample(*sample)._replace(differentiable=False) for sample in samples]


def assigned():
    return variables(
        ([Ref(TABLE), TABLE * 2],),
        ([Ref(f64([1.0])), f64([2.0])],),
        ([Ref(i32(3)), i32(4)],),
        ([Ref(f32([1.0, 2.0])), f32([1.0])],),
    )


def scattered(rows=ROWS):
    return variables(
        ([Ref(TABLE), rows, MORE[: len(rows)]],),
        ([Ref(TABLE), i64(1), f32([5.0, 0.5])],),
        ([Ref(i32([6, 8, 9])), i32([[1], [2]]), i32([[2], [3]])],),
        ([Ref(TABLE), i32([3]), f32(2.0)],),
        ([Ref(TABLE), i32([4]), f32([[1.0, 1.0]])],),
    )


def scattered_nd():
    return variables(
        ([Ref(TABLE), i32([[0, 1], [3, 0], [0, 1]]), f32([1.0, 2.0, 4.0])],),
        ([Ref(TABLE), i64([[2]]), f32([[7.0, 8.0]])],),
        ([Ref(TABLE), i32([[4, 0]]), f32([1.0])],),
    )


def resource(samples):
    """The same samples on resource variables."""
    return [
        sample._replace(inputs=[Handle(sample.inputs[0].value), *sample.inputs[1:]])
        for sample in samples
    ]


def without_repeats(samples):
    """The same samples without repeated indices, whose order TensorFlow leaves open."""
    once = [samples[0].inputs[0], i32([[0, 1], [3, 0]]), f32([1.0, 2.0])]
    return [samples[0]._replace(inputs=once), *samples[1:]]


SAMPLES = {
    "VariableV2": [
        Sample([], {"shape": [2], "dtype": "float32"}),
        Sample([], {"shape": None, "dtype": "int32"}),
    ],
    "Variable": [
        Sample([], {"shape": [2], "dtype": "float32"}),
        Sample([], {"shape": [], "dtype": "int32"}),
    ],
    "Assign": [
        *assigned(),
        *variables(
            ([Ref("float32", [2]), f32([1.0, 2.0])],),
            ([Ref(f32([1.0])), f32([[3.0]])], {"validate_shape": False}),
            ([Ref(text([b"a"])), text([b"b"])],),
            ([Ref(boolean(True)), boolean(False)],),
        ),
    ],
    "AssignAdd": [*assigned(), *variables(([Ref("float32", [1]), f32([1.0])],))],
    "AssignSub": assigned(),
    "CountUpTo": variables(
        ([Ref(i32(5))], {"limit": 6}),
        ([Ref(i64(3))], {"limit": 3}),
    ),
    "IsVariableInitialized": variables(([Ref(f32([1.0]))],), ([Ref("float32", [1])],)),
    "ScatterUpdate": scattered(i32([0, 2])),
    "ScatterAdd": scattered(),
    "ScatterSub": scattered(),
    "ScatterMul": scattered(),
    "ScatterDiv": scattered(),
    "ScatterMax": scattered(),
    "ScatterMin": scattered(),
    "ScatterNdUpdate": without_repeats(scattered_nd()),
    "ScatterNdAdd": scattered_nd(),
    "ScatterNdSub": scattered_nd(),
    "StridedSliceAssign": variables(
        ([Ref(TABLE), i32([1]), i32([3]), i32([1]), TABLE[:2]],),
        ([Ref(i32([1, 2, 3])), i32([1]), i32([2]), i32([1]), i32(9)], {"shrink_axis_mask": 1}),
    ),
    "VarHandleOp": [
        Sample([], {"shape": [2], "dtype": "float32", "shared_name": "shared"}),
        Sample([], {"shape": None, "dtype": "int32"}),
    ],
    "ReadVariableOp": [
        Sample([Handle(wave([2, 3]))], {"dtype": "float64"}, differentiable=False),
        Sample([Handle(i32(3))], {"dtype": "int32"}),
        Sample(
            [Handle("float32", [2])],
            {"dtype": "float32"},
            differentiable=False,
            setup=(("ReadVariableOp", [Handle(f32(1.0))], {"dtype": "float32"}),),
        ),
    ],
    "AssignVariableOp": variables(
        ([Handle(TABLE), TABLE * 2],),
        ([Handle("float64", [2]), f64([1.0, 2.0])],),
        ([Handle(f32([1.0, 2.0])), f32([1.0])],),
    ),
    "AssignAddVariableOp": resource(assigned()[:3]),
    "AssignSubVariableOp": resource(assigned()[:3]),
    "VarIsInitializedOp": variables(([Handle(f32([1.0]))],), ([Handle("float32", [1])],)),
    "VariableShape": variables(
        ([Handle(TABLE)],),
        ([Handle(f32(1.0))], {"out_type": "int64"}),
    ),
    "DestroyResourceOp": variables(([Handle(f32([1.0]))],)),
    "ResourceCountUpTo": variables(
        ([Handle(i32(5))], {"limit": 6, "T": "int32"}),
        ([Handle(i64(3))], {"limit": 3, "T": "int64"}),
    ),
    "ResourceGather": variables(
        ([Handle(TABLE), ROWS], {"dtype": "float32"}),
        ([Handle(TABLE), i64(1)], {"dtype": "float32"}),
        ([Handle(TABLE), i32([4])], {"dtype": "float32"}),
    ),
    "ResourceGatherNd": variables(([Handle(TABLE), i32([[1, 1], [0, 0]])], {"dtype": "float32"})),
    "ResourceScatterUpdate": resource(scattered(i32([0, 2]))),
    "ResourceScatterAdd": resource(scattered()),
    "ResourceScatterSub": resource(scattered()),
    "ResourceScatterMul": resource(scattered()),
    "ResourceScatterDiv": resource(scattered()),
    "ResourceScatterMax": resource(scattered()),
    "ResourceScatterMin": resource(scattered()),
    "ResourceScatterNdUpdate": resource(without_repeats(scattered_nd())),
    "ResourceScatterNdAdd": resource(scattered_nd()),
    "ResourceScatterNdSub": resource(scattered_nd()),
    "ResourceStridedSliceAssign": variables(
        ([Handle(TABLE), i32([1]), i32([3]), i32([1]), TABLE[:2]],),
    ),
}
