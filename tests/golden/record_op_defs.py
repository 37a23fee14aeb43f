"""Record every OpDef of the real TensorFlow 1.15.

    python3.7 tests/golden/record_op_defs.py

op_defs.json, what tests hold classes against, has TensorFlow's own, one op a line. The package's
tflite_edu/io/op_defs.pb has those of tf.contrib too, as an OpList. Descriptions are left out, and
from the former a field that has its usual value (false, absent, empty).
"""

import json
import os
import sys

from graph_dump import attribute, import_module

HERE = os.path.dirname(os.path.abspath(__file__))
FLAGS = ("is_stateful", "is_commutative", "is_aggregate", "allows_uninitialized_input")


def op_def_dict(tf, op_def):
    """An OpDef as a dict: inputs, outputs, attrs and the flags that are set."""
    result = {
        "input": [argument_dict(tf, a) for a in op_def.input_arg],
        "output": [argument_dict(tf, a) for a in op_def.output_arg],
        "attr": [attr_dict(tf, a) for a in op_def.attr],
    }
    result.update((flag, True) for flag in FLAGS if getattr(op_def, flag))
    return {key: value for key, value in result.items() if value}


def argument_dict(tf, argument):
    result = {"name": argument.name}
    if argument.type:
        result["type"] = tf.as_dtype(argument.type).name
    for field in ("type_attr", "number_attr", "type_list_attr", "is_ref"):
        if getattr(argument, field):
            result[field] = getattr(argument, field)
    return result


def attr_dict(tf, attr):
    result = {"name": attr.name, "type": attr.type}
    if attr.HasField("default_value"):
        result["default"] = attribute(tf, attr.default_value)
    if attr.HasField("allowed_values"):
        result["allowed"] = attribute(tf, attr.allowed_values)
    if attr.has_minimum:
        result["minimum"] = attr.minimum
    return result


def to_text(op_defs):
    lines = (f"{json.dumps(n)}: {json.dumps(d)}" for n, d in sorted(op_defs.items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def op_list(op_defs):
    """The OpDefs as a serialized OpList, by name."""
    from tensorflow.core.framework import op_def_pb2

    listed = op_def_pb2.OpList()
    for name in sorted(op_defs):
        op_def = listed.op.add()
        op_def.CopyFrom(op_defs[name])
        for described in [op_def, *op_def.input_arg, *op_def.output_arg, *op_def.attr]:
            described.ClearField("description")
        op_def.ClearField("summary")
    return listed.SerializeToString()


def load_contrib(tf):
    """Registers the op types of tf.contrib, whose libraries load when a script first needs them."""
    import tensorflow.contrib

    for folder, _, names in os.walk(os.path.dirname(tensorflow.contrib.__file__)):
        for name in sorted(names):
            if name.endswith(".so"):
                tf.load_op_library(os.path.join(folder, name))


def main():
    tf = import_module("tensorflow")
    if not tf.__version__.startswith("1.15."):
        sys.exit(f"this is TensorFlow {tf.__version__}; the recordings are of 1.15")
    from tensorflow.python.framework import op_def_registry

    op_defs = op_def_registry.get_registered_ops()
    text = to_text({name: op_def_dict(tf, op_def) for name, op_def in op_defs.items()})
    with open(os.path.join(HERE, "op_defs.json"), "w") as out:
        out.write(text)
    print(f"{len(op_defs)} ops, {len(text)} bytes")
    load_contrib(tf)
    op_defs = op_def_registry.get_registered_ops()
    content = op_list(op_defs)
    with open(os.path.join(HERE, "..", "..", "tflite_edu", "io", "op_defs.pb"), "wb") as out:
        out.write(content)
    print(f"{len(op_defs)} ops with those of contrib, {len(content)} bytes")


if __name__ == "__main__":
    main()
