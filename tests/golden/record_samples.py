"""Record what the real TensorFlow 1.15 makes of every sample, in samples/FAMILY.json.

    python3.7 tests/golden/record_samples.py [FAMILY ...]

{op type: [record ...]} with a record a sample, one a line:

    refused     the error that making the node raises; nothing else is there then
    outputs     dtype and statically known shape of every output
    hidden      the outputs' shapes when neither values nor shapes of the inputs are known
    runs        the outputs' values of every run
    error       the error of the run in their place
    variables   the values of the variables afterwards
    gradients   what `sample_runs.gradients` tells of the samples that are differentiable
"""

import json
import os
import sys
import warnings

from graph_dump import import_module

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from sample_runs import gradients, run  # noqa: E402
from samples import FAMILIES  # noqa: E402


def node_maker(tf, op_defs, library):
    """`make` for TensorFlow, from its registry of OpDefs."""

    def make(op_type, inputs, attrs):
        op_def = op_defs[op_type]
        arguments = dict(zip((a.name for a in op_def.input_arg), inputs))
        inferred = {
            name
            for a in op_def.input_arg
            for name in (a.type_attr, a.number_attr, a.type_list_attr)
        }
        for attr in op_def.attr:
            if attr.name not in attrs and attr.name not in inferred:
                arguments[attr.name] = None
            if attr.name in attrs:
                value = attrs[attr.name]
                if attr.type == "tensor":
                    value = tf.make_tensor_proto(value)
                elif attr.type == "list(type)":
                    value = [tf.as_dtype(v) for v in value]
                elif attr.type == "type":
                    value = tf.as_dtype(value)
                arguments[attr.name] = value
        op = library.apply_op(op_type, **arguments)
        while isinstance(op, (list, tuple)):
            op = next(o for o in op if not isinstance(o, list) or o)
        op = getattr(op, "op", op)
        return list(op.outputs) if op.outputs else op

    return make


def sample_record(tf, make, open_session, op_type, sample):
    record = run(tf, make, open_session, op_type, sample)
    if sample.differentiable and not {"refused", "error"} & set(record):
        found = gradients(tf, make, op_type, sample)
        if found:
            record["gradients"] = found
    return record


def main():
    warnings.simplefilter("ignore")
    tf = import_module("tensorflow")
    if not tf.__version__.startswith("1.15."):
        sys.exit(f"this is TensorFlow {tf.__version__}; the recordings are of 1.15")
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.framework import op_def_library, op_def_registry

    op_defs = op_def_registry.get_registered_ops()
    library = op_def_library.OpDefLibrary()
    library.add_op_list(op_def_pb2.OpList(op=op_defs.values()))
    make = node_maker(tf, op_defs, library)
    config = tf.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = -1

    def open_session():
        return tf.Session(config=config)

    for family in FAMILIES:
        name = family.__name__.split(".")[-1]
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        blocks = []
        for op_type, samples in family.SAMPLES.items():
            if op_type not in op_defs:
                sys.exit(f"{op_type} is no op")
            records = [sample_record(tf, make, open_session, op_type, s) for s in samples]
            for i, record in enumerate(records):
                if "refused" in record or "error" in record:
                    print(f"{op_type}[{i}] {record.get('refused') or record['error']}")
            lines = ",\n ".join(json.dumps(r) for r in records)
            blocks.append(f"{json.dumps(op_type)}: [\n {lines}\n]")
        with open(os.path.join(HERE, "samples", name + ".json"), "w") as out:
            out.write("{\n" + ",\n".join(blocks) + "\n}\n")


if __name__ == "__main__":
    main()
