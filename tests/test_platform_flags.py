"""tf.flags and tf.app.run; every expectation was seen with the flags of TensorFlow 1.15."""

import enum
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import tflite_edu as tf

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def values():
    return tf.flags.FlagValues()


def run_script(tmp_path, source, *arguments):
    """Runs a script as a user would; returns (exit status, stdout, last line of stderr)."""
    script = tmp_path / "script.py"
    script.write_text("import tflite_edu as tf\n" + textwrap.dedent(source), encoding="utf-8")
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "script.py", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, (done.stderr.splitlines() or [""])[-1]


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@pytest.mark.parametrize(
    ("define", "extra", "default", "arguments", "expected"),
    [
        ("string", (), "a", [], "a"),
        ("string", (), None, ["--x=b=c"], "b=c"),
        ("string", (), "a", ["--x", "--y"], "--y"),
        ("integer", (), 3, ["-x", "0x1F"], 31),
        ("integer", (), "7", [], 7),
        ("float", (), 7, [], 7.0),
        ("float", (), 0.5, ["--x=1e-3", "--x=2"], 2.0),
        ("bool", (), False, ["--x"], True),
        ("boolean", (), 1, ["--nox"], False),
        ("bool", (), True, ["--x=F"], False),
        ("enum", (["a", "b"],), "a", ["--x=b"], "b"),
        ("enum_class", (Color,), "blue", [], Color.BLUE),
        ("enum_class", (Color,), Color.BLUE, ["--x=red"], Color.RED),
        ("list", (), "a, b", [], ["a", "b"]),
        ("list", (), None, ['--x=a,"b,c", d'], ["a", "b,c", "d"]),
        ("list", (), ["a"], ["--x="], []),
        ("spaceseplist", (), "a b", ["--x=c  d"], ["c", "d"]),
        ("multi_string", (), None, [], None),
        ("multi_integer", (), [1, 2], ["--x=5", "--x", "6"], [5, 6]),
        ("multi_float", (), [3, "4"], [], [3.0, 4.0]),
        ("multi_enum", (["a", "b"],), ["a"], ["--x=b"], ["b"]),
    ],
)
def test_values(values, define, extra, default, arguments, expected):
    getattr(tf.flags, "DEFINE_" + define)("x", default, *extra, "help", flag_values=values)
    assert values(["program", *arguments, "rest"]) == ["program", "rest"]
    assert values.x == expected
    assert type(values.x) is type(expected)


@pytest.mark.parametrize(
    ("define", "extra", "text", "message"),
    [
        ("integer", (), "abc", "flag --x=abc: invalid literal for int() with base 10: 'abc'"),
        ("integer", (0, 10), "11", "flag --x=11: 11 is not an integer in the range [0, 10]"),
        ("integer", (1,), "0", "flag --x=0: 0 is not a positive integer"),
        ("float", (), "z", "flag --x=z: could not convert string to float: 'z'"),
        ("float", (0,), "-1", "flag --x=-1: -1.0 is not a non-negative number"),
        ("float", (None, 7), "8", "flag --x=8: 8.0 is not number <= 7"),
        ("bool", (), "yes", "flag --x=yes: ('Non-boolean argument to boolean flag', 'yes')"),
    ],
)
def test_refused_values(values, define, extra, text, message):
    getattr(tf.flags, "DEFINE_" + define)("x", None, "help", *extra, flag_values=values)
    tf.flags.DEFINE_integer("y", 1, "help", flag_values=values)
    with pytest.raises(tf.flags.IllegalFlagValueError) as error:
        values(["program", "--y=2", f"--x={text}"])
    assert str(error.value) == message
    values(["program"])
    assert (values.x, values.y) == (None, 1)


def test_refused_enum_values(values):
    tf.flags.DEFINE_enum("mode", "a", ["a", "b"], "help", flag_values=values)
    with pytest.raises(tf.flags.IllegalFlagValueError) as error:
        values(["program", "--mode=c"])
    assert str(error.value) == "flag --mode=c: value should be one of <a|b>"
    with pytest.raises(ValueError, match="enum_values cannot be empty"):
        tf.flags.DEFINE_enum("none", "a", [], "help", flag_values=values)


def test_refused_definitions(values):
    define = tf.flags.DEFINE_string
    define("name", "bob", "The name", flag_values=values)
    with pytest.raises(tf.flags.DuplicateFlagError) as error:
        define("name", "x", "again", flag_values=values)
    assert str(error.value).startswith("The flag 'name' is defined twice. First from ")
    assert str(error.value).endswith("  Description from first occurrence: The name")
    with pytest.raises(tf.flags.FlagNameConflictsWithMethodError, match='a flag named "is_parsed"'):
        define("is_parsed", "x", "", flag_values=values)
    with pytest.raises(tf.flags.Error, match="Flag name cannot contain a space"):
        define("a b", "x", "", flag_values=values)
    with pytest.raises(tf.flags.Error, match="Flag name cannot be empty"):
        define("", "x", "", flag_values=values)
    with pytest.raises(
        tf.flags.IllegalFlagValueError, match="flag --s=1: flag value must be a str"
    ):
        define("s", 1, "", flag_values=values)
    with pytest.raises(ValueError, match="Required flag --r cannot have a non-None default"):
        define("r", "x", "", flag_values=values, required=True)
    assert list(values) == ["name"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["--num_step=3"], "UnrecognizedFlagError", "flag 'num_step'. Did you mean: num_steps ?"),
        (["--nme=3"], "UnrecognizedFlagError", "Unknown command line flag 'nme'"),
        (["--zzz", "--yyy"], "UnrecognizedFlagError", "Unknown command line flag 'zzz'"),
        (["--num_steps"], "Error", "Missing value for flag --num_steps"),
    ],
)
def test_refused_command_lines(values, arguments, error, message):
    tf.flags.DEFINE_integer("num_steps", 1, "", flag_values=values)
    with pytest.raises(getattr(tf.flags, error)) as raised:
        values(["program", *arguments])
    assert str(raised.value).endswith(message)
    assert not values.is_parsed()


def test_a_negated_flag_takes_no_value(values):
    tf.flags.DEFINE_bool("train", True, "", flag_values=values)
    with pytest.raises(ValueError, match="--notrain=5 does not take an argument"):
        values(["program", "--notrain=5"])


@pytest.mark.parametrize(
    ("arguments", "known_only", "rest"),
    [
        (["a", "--n=2", "--", "--b"], False, ["a", "--b"]),
        (["a", "--n=2", "--", "--b"], True, ["a", "--", "--b"]),
        (["--bogus", "val", "-", "-n=2"], True, ["--bogus", "val", "-"]),
        (["--z", "--y=4", "--undefok=z,y", "r", "--n=2"], False, ["r"]),
    ],
)
def test_what_is_left_of_the_command_line(values, arguments, known_only, rest):
    tf.flags.DEFINE_integer("n", 1, "", flag_values=values)
    assert values(["program", *arguments], known_only) == ["program", *rest]
    assert values.n == 2


def test_argv_must_be_a_list_with_a_program(values):
    with pytest.raises(ValueError, match="argv cannot be an empty list"):
        values([])
    with pytest.raises(TypeError, match="argv should be a tuple/list of strings"):
        values("program --x")


def test_access(values):
    holder = tf.flags.DEFINE_string("name", "bob", "The name", flag_values=values, short_name="n")
    message = "Trying to access flag --name before flags were parsed."
    with pytest.raises(tf.flags.UnparsedFlagAccessError, match=message):
        _ = values.name
    with pytest.raises(tf.flags.UnparsedFlagAccessError, match=message):
        _ = holder.value
    values.name = "al"
    values(["program"])
    assert (values.name, holder.value, holder.default) == ("al", "al", "bob")
    assert (values["name"].present, values["name"].using_default_value) == (0, False)
    values(["program", "-n", "ann"])
    assert values.flag_values_dict() == {"name": "ann"}
    assert values.get_flag_value("name", 1) == "ann"
    assert values.get_flag_value("other", 1) == 1
    assert "name" in values
    assert len(values) == 1
    assert not hasattr(values, "other")
    with pytest.raises(tf.flags.UnrecognizedFlagError, match="Unknown command line flag 'other'"):
        values.other = 1
    with pytest.raises(KeyError):
        _ = values["other"]
    values.unparse_flags()
    assert not values.is_parsed()
    assert values["name"].value == "bob"
    del values.name
    assert "name" not in values


def test_set_default(values):
    holder = tf.flags.DEFINE_integer("n", 1, "", flag_values=values)
    values.mark_as_parsed()
    tf.flags.set_default(holder, 2)
    assert values.n == 2
    values.n = 5
    values.set_default("n", 9)
    assert (values.n, values["n"].default) == (5, 9)


def test_flags_into_string(values):
    tf.flags.DEFINE_bool("b", True, "", flag_values=values)
    tf.flags.DEFINE_bool("c", False, "", flag_values=values)
    tf.flags.DEFINE_list("a", "x,y", "", flag_values=values)
    tf.flags.DEFINE_multi_integer("m", [1, 2], "", flag_values=values)
    tf.flags.DEFINE_string("none", None, "", flag_values=values)
    assert values.flags_into_string() == "--a=x,y\n--b\n--noc\n--m=1\n--m=2\n"


def test_validators(values):
    flags = tf.flags
    for name in ("req", "q1", "q2"):
        flags.DEFINE_string(name, None, "", flag_values=values)
    flags.DEFINE_integer("odd", 5, "", flag_values=values)
    flags.mark_flag_as_required("req", values)
    flags.register_validator("odd", lambda v: v % 2 == 1, "must be odd", values)
    flags.mark_flags_as_mutual_exclusive(["q1", "q2"], flag_values=values)

    def complaint(*arguments):
        with pytest.raises(flags.IllegalFlagValueError) as error:
            values(["program", *arguments])
        return str(error.value)

    required = "flag --req=None: Flag --req must have a value other than None."
    assert complaint() == required
    assert complaint("--odd=4") == required + "\nflag --odd=4: must be odd"
    assert complaint("--req=1", "--q1=1", "--q2=2") == (
        "flags q1=1, q2=2: At most one of (q1, q2) must have a value other than None."
    )
    values(["program", "--req=1", "--odd=7", "--q2=2"])
    with pytest.raises(flags.IllegalFlagValueError, match="flag --odd=8: must be odd"):
        values.odd = 8
    assert values.odd == 7

    @flags.validator("odd", flag_values=values)
    def _small(value):
        if value > 9:
            raise flags.ValidationError(f"{value} is too much")
        return True

    assert complaint("--odd=11") == "flag --odd=11: 11 is too much"


def test_old_argument_names(values, caplog):
    tf.flags.DEFINE_string(flag_name="x", default_value="d", docstring="The x", flag_values=values)
    assert (values["x"].default, values["x"].help) == ("d", "The x")
    assert "Use of the keyword argument names (flag_name, default_value," in caplog.text


SCRIPT = """
flags = tf.app.flags
flags.DEFINE_string("name", "bob", "The name. " + "A rather long help text to wrap. " * 3)
flags.DEFINE_bool("eval", False, "eval it", short_name="e")
flags.DEFINE_enum("mode", "a", ["a", "b"], "mode help")
flags.DEFINE_multi_integer("mi", [1, 2], "multi")
flags.DEFINE_float("lr", 1e6, "", lower_bound=0)
FLAGS = flags.FLAGS

def main(argv):
    print(argv, FLAGS.name, FLAGS.eval)
    return 3

if __name__ == "__main__":
    tf.app.run()
"""
HELP = """
       USAGE: script.py [flags]
flags:

script.py:
  -e,--[no]eval: eval it
    (default: 'false')
  --lr: (no help available)
    (default: '1000000.0')
    (a non-negative number)
  --mi: multi;
    repeat this option to specify a list of values
    (default: '[1, 2]')
    (an integer)
  --mode: <a|b>: mode help
    (default: 'a')
  --name: The name. A rather long help text to wrap. A rather long help text to
    wrap. A rather long help text to wrap.
    (default: 'bob')

Try --helpfull to get a list of all flags.
"""


def test_a_script_with_flags(tmp_path):
    arguments = ["--name", "x", "-e", "rest", "--unknown=3"]
    status, out, _ = run_script(tmp_path, SCRIPT, *arguments)
    assert (status, out) == (3, "['script.py', 'rest', '--unknown=3'] x True\n")
    status, out, _ = run_script(tmp_path, SCRIPT, "--help")
    assert (status, out) == (1, HELP)
    status, _, error = run_script(tmp_path, SCRIPT, "--lr=z")
    assert status == 1
    assert error.endswith("flag --lr=z: could not convert string to float: 'z'")


def test_the_first_access_parses_the_command_line(tmp_path):
    source = """
    tf.flags.DEFINE_integer("a", 1, "")
    print(sorted(tf.flags.FLAGS.__flags), tf.flags.FLAGS.is_parsed(), tf.flags.FLAGS.a)
    """
    assert run_script(tmp_path, source, "--a=5")[:2] == (0, "['a'] False 5\n")
    status, _, error = run_script(tmp_path, source, "--b=5")
    assert status == 1
    assert error.endswith("UnrecognizedFlagError: Unknown command line flag 'b'")


def test_run_with_a_function_and_an_argv(capsys):
    with pytest.raises(SystemExit) as stop:
        tf.app.run(lambda argv: print(argv), argv=["x", "--surely_unknown=9", "r"])
    assert stop.value.code is None
    assert capsys.readouterr().out == "['x', '--surely_unknown=9', 'r']\n"
