"""Samples of operations that order a run or choose its branch."""

from .sample import Ref, Sample, boolean, f32, i32


def taken(tf, make, data, predicate):
    """The output of Switch for a predicate that is true."""
    return make("Switch", [data, predicate], {})[1:]


def not_taken(tf, make, data, predicate):
    return make("Switch", [data, predicate], {})[:1]


def reference_taken(tf, make, data, predicate):
    return make("RefSwitch", [data, predicate], {})[1:]


def merged(tf, make, data, predicate):
    """Switch, then Merge of what is done on either side."""
    if_false, if_true = make("Switch", [data, predicate], {})
    return make("Merge", [[if_false, tf.negative(if_true)]], {})


def reference_merged(tf, make, data, predicate):
    """RefSwitch, then RefMerge of the two sides."""
    if_false, if_true = make("RefSwitch", [data, predicate], {})
    return make("RefMerge", [[if_false, if_true]], {})


SAMPLES = {
    "NoOp": [Sample()],
    "ControlTrigger": [Sample()],
    "Switch": [
        Sample([f32([1.0, 2.0]), boolean(True)], wrapper=taken),
        Sample([f32([1.0, 2.0]), boolean(False)], wrapper=not_taken),
        Sample([i32(3), boolean(False)], wrapper=taken),
    ],
    "RefSwitch": [
        Sample(
            [Ref(f32([1.0, 2.0])), boolean(True)], wrapper=reference_taken, differentiable=False
        ),
        Sample([Ref(i32(3)), boolean(False)], wrapper=reference_taken),
    ],
    "Merge": [
        Sample([f32([1.0, 2.0]), boolean(True)], wrapper=merged),
        Sample([f32([1.0, 2.0]), boolean(False)], wrapper=merged),
    ],
    "RefMerge": [
        Sample(
            [Ref(f32([1.0, 2.0])), boolean(True)], wrapper=reference_merged, differentiable=False
        ),
        Sample([Ref(i32(3)), boolean(False)], wrapper=reference_merged),
    ],
}
