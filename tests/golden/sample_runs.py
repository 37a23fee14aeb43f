"""Builds and runs samples, under the real TensorFlow 1.15 and under tflite_edu alike.

`make(op_type, inputs, attrs)` adds a node to the default graph and returns the list of its outputs,
or the operation where it has none; it is all in which the two differ.
"""

import shutil
import tempfile

from graph_dump import PYTHON_FUNCTION, plain, summary
from samples import Handle, Ref

FLOATS = ("float16", "float32", "float64")
NOT_FETCHED = ("resource", "variant")


class Built:
    """The node of a sample: `inputs` and `outputs` as flat lists of tensors, and what to run.

    Its inputs are constants; where `fed` is "shaped" or "unknown", placeholders with or without a
    shape.
    """

    def __init__(self, tf, make, op_type, sample, folder, fed=None, convert=None):
        self.tf, self.make, self.folder, self.fed = tf, make, folder, fed
        self.convert = convert or (lambda array: array)
        self.feeds, self.initializers, self.variables = {}, [], {}
        given = [self.input(value) for value in sample.inputs]
        self.setup = [
            self.fetch(make(kind, [self.input(v) for v in inputs], attrs))
            for kind, inputs, attrs in sample.setup
        ]
        self.inputs = [
            t for value in given for t in (value if isinstance(value, list) else [value])
        ]
        if sample.wrapper:
            made = sample.wrapper(tf, make, *given)
        else:
            made = make(op_type, given, sample.attrs)
        self.outputs = made if isinstance(made, list) else []
        self.fetches = self.fetch(made)
        if sample.feed is not None:
            self.feeds[self.outputs[0]] = sample.feed

    def fetch(self, made):
        if not isinstance(made, list):
            return [made]
        return [t.op if t.dtype.name in NOT_FETCHED else t for t in made]

    def input(self, value):
        if isinstance(value, list):
            return [self.input(v) for v in value]
        if isinstance(value, Ref):
            if value not in self.variables:
                self.variables[value] = self.variable(value)
            return self.variables[value]
        value = self.convert(value)
        if value.dtype == object:
            folder = self.folder.encode()
            value = value.copy()
            flat = value.ravel()
            for i, item in enumerate(flat):
                flat[i] = item.replace(b"{folder}", folder)
            value = flat.reshape(value.shape)
        dtype = "string" if value.dtype == object else value.dtype.name
        if self.fed is None:
            return self.tf.constant(value, dtype)
        tensor = self.tf.placeholder(dtype, value.shape if self.fed == "shaped" else None)
        self.feeds[tensor] = value
        return tensor

    def variable(self, ref):
        is_handle = isinstance(ref, Handle)
        kind = "VarHandleOp" if is_handle else "VariableV2"
        name = f"v{len(self.variables)}"
        attrs = {"shape": ref.shape, "dtype": ref.dtype, "shared_name": name}
        (tensor,) = self.make(kind, [], attrs)
        if ref.initialized:
            value = self.tf.constant(ref.value, ref.dtype)
            if is_handle:
                self.initializers.append(self.make("AssignVariableOp", [tensor, value], {}))
            else:
                self.initializers += self.make("Assign", [tensor, value], {})
        return tensor

    def floating(self, sample):
        """Its floating-point inputs, and the outputs whose gradients with respect to them count."""
        ys = self.outputs[: sample.differentiated]
        return [[t for t in tensors if t.dtype.name in FLOATS] for tensors in (self.inputs, ys)]

    def read(self, session):
        """The variables' values, None for what is not initialized."""
        tf, values = self.tf, []
        for ref, tensor in self.variables.items():
            if isinstance(ref, Handle):
                (tensor,) = self.make("ReadVariableOp", [tensor], {"dtype": ref.dtype})
            try:
                values.append(session.run(tensor))
            except (tf.errors.FailedPreconditionError, tf.errors.NotFoundError):
                values.append(None)
        return values


def run(tf, make, open_session, op_type, sample):
    """What a sample gives, as plain data: see record_samples.py."""
    folder = tempfile.mkdtemp()
    try:
        with tf.Graph().as_default():
            try:
                built = Built(tf, make, op_type, sample, folder)
            except (TypeError, ValueError, NotImplementedError) as error:
                return {"refused": first_line(error, folder)}
            result = {"outputs": [static(t) for t in built.outputs]}
            with open_session() as session:
                result.update(runs(tf, built, session, sample))
        with tf.Graph().as_default():
            try:
                built = Built(tf, make, op_type, sample, folder, "unknown")
            except (TypeError, ValueError) as error:
                result["hidden"] = first_line(error, folder)
            else:
                result["hidden"] = [shape_of(t) for t in built.outputs]
        return result
    finally:
        shutil.rmtree(folder)


def runs(tf, built, session, sample):
    """{"runs": [[value ...] ...]}, the values of variables after them, or the error."""
    result = {"runs": []}
    try:
        if built.initializers:
            session.run(built.initializers)
        for fetches in built.setup:
            session.run(fetches)
        for _ in range(sample.runs):
            values = session.run(built.fetches, built.feeds)
            defined = values[: sample.defined]
            result["runs"].append([encoded(tf, value, sample.summary) for value in defined])
    except tf.errors.OpError as error:
        result = {"error": first_line(error, built.folder)}
    if built.variables:
        result["variables"] = [encoded(tf, value) for value in built.read(session)]
    return result


def gradients(tf, make, op_type, sample):
    """For each floating-point input whether it has a gradient, and whether that has one.

    [[input has a gradient ...], [the gradients of these depend on the input ...]]; the name of the
    exception in place of a list where gradients cannot be made, None where there is nothing to ask.
    """
    with tf.Graph().as_default():
        built = Built(tf, make, op_type, sample, "")
        xs, ys = built.floating(sample)
        if not xs or not ys:
            return None
        result = []
        for _ in range(2):
            try:
                found = tf.gradients(ys, xs)
            except (LookupError, ValueError, TypeError, NotImplementedError) as error:
                return [*result, type(error).__name__]
            result.append([g is not None for g in found])
            ys = [tf.convert_to_tensor(g) for g in found if g is not None]
            if not ys:
                return result
        return result


def encoded(tf, value, is_summary=False):
    """An array as {"shape", "values"}, its numbers in full precision."""
    if value is None:
        return None
    if is_summary:
        return summary(tf, value)
    shape = list(getattr(value, "shape", ()))
    flat = value.ravel() if shape else [value]
    return {"shape": shape, "values": [plain(v) for v in flat]}


def static(tensor):
    return {"dtype": tensor.dtype.name, "static": shape_of(tensor)}


def shape_of(tensor):
    shape = tensor.shape
    return "?" if shape.ndims is None else shape.as_list()


def first_line(error, folder):
    lines = str(error).splitlines() or [""]
    line = lines[0].replace(folder, "{folder}") if folder else lines[0]
    return f"{type(error).__name__}: {PYTHON_FUNCTION.sub('pyfunc', line)}"
