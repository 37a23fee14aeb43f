"""tf.errors: the classes, their codes, what they print; and the export mark."""

import pickle

import pytest

from tflite_edu.core import errors
from tflite_edu.core.export import export

CLASSES = {
    1: "CancelledError",
    2: "UnknownError",
    3: "InvalidArgumentError",
    4: "DeadlineExceededError",
    5: "NotFoundError",
    6: "AlreadyExistsError",
    7: "PermissionDeniedError",
    8: "ResourceExhaustedError",
    9: "FailedPreconditionError",
    10: "AbortedError",
    11: "OutOfRangeError",
    12: "UnimplementedError",
    13: "InternalError",
    14: "UnavailableError",
    15: "DataLossError",
    16: "UnauthenticatedError",
}


class Node:
    """What an error needs of an operation."""

    def __init__(self, name, traceback):
        self.name, self.traceback = name, traceback


@pytest.mark.parametrize(("code", "name"), CLASSES.items())
def test_each_code_has_its_class(code, name):
    cls = getattr(errors, name)
    constant = "".join("_" + c if c.isupper() else c for c in name.removesuffix("Error"))
    assert getattr(errors, constant.lstrip("_").upper()) == code
    assert errors.exception_type_from_error_code(code) is cls
    assert errors.error_code_from_exception_type(cls) == code
    assert cls.__bases__ == (errors.OpError,)
    error = cls(None, None, "message")
    assert (error.node_def, error.op, error.message) == (None, None, "message")
    assert error.error_code == code
    assert (str(error), repr(error), error.args) == ("message", f"{name}()", ())


@pytest.mark.parametrize("code", [errors.OK, 17])
def test_codes_without_a_class(code):
    with pytest.raises(KeyError):
        errors.exception_type_from_error_code(code)


def test_classes_without_a_code():
    with pytest.warns(UserWarning, match="^Unknown class exception$"):
        result = errors.error_code_from_exception_type(ValueError)
    assert isinstance(result, errors.UnknownError)
    assert (result.message, result.error_code) == ("Unknown class exception", None)


@pytest.mark.parametrize(
    "error",
    [
        errors.OpError(None, None, "any", 55),
        errors.UnknownError(None, None, "from Python", 77),
        errors.DataLossError(None, None, "corrupt"),
    ],
    ids=repr,
)
def test_errors_travel_between_processes(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.message, again.error_code) == (error.message, error.error_code)


def test_facts_are_read_only():
    error = errors.AbortedError(None, None, "message")
    with pytest.raises(AttributeError):
        error.message = "other"
    assert error.message == "message"


def test_located():
    text = errors.located("Attempting to use uninitialized value w", "w/read", "train.py", 7)
    assert text == (
        "Attempting to use uninitialized value w\n\t [[node w/read (defined at train.py:7) ]]"
    )


def test_str_ends_with_where_the_operation_was_defined(tmp_path):
    script = tmp_path / "model.py"
    script.write_text("import tflite_edu as tf\ny = tf.log(x)\n")
    message = errors.located("bad", "Log", str(script), 2)
    error = errors.InvalidArgumentError(None, Node("Log", [(str(script), 2)]), message)
    assert error.message == message
    assert str(error) == (
        f"{message}\n\nOriginal stack trace for 'Log':\n"
        f'  File "{script}", line 2\n    y = tf.log(x)\n'
    )


def test_str_names_the_function_where_a_frame_has_one():
    error = errors.InternalError(None, Node("a", [("no_such_file.py", 3, "build", None)]), "m")
    assert str(error) == (
        "m\n\nOriginal stack trace for 'a':\n  File \"no_such_file.py\", line 3, in build\n"
    )


def test_str_of_an_operation_that_keeps_no_frames():
    assert str(errors.InternalError(None, Node("a", []), "m")) == "m"


def test_export_marks_and_returns_the_thing_itself():
    def relu(features):
        return features

    assert export("nn.relu", "relu")(relu) is relu
    assert relu.__tf_names__ == ("nn.relu", "relu")
    slotted = object()
    assert export("x")(slotted) is slotted


@pytest.mark.parametrize("names", [(), ("",), ("nn.",), ("tf nn",)])
def test_export_refuses_what_is_no_name(names):
    with pytest.raises(ValueError, match="name|identifier"):
        export(*names)


def test_exports_name_what_is_there():
    for public, name in errors.EXPORTS.items():
        assert public == "errors." + name
        assert isinstance(getattr(errors, name), int)
