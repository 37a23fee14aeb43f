"""tf.logging; the lines were seen with TensorFlow 1.15."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tflite_edu as tf

ROOT = Path(__file__).resolve().parent.parent


def run_python(source, *options):
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, *options, "-c", source],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture
def verbosity():
    """Lets a test change the level."""
    logger = logging.getLogger("tensorflow")
    before = logger.level
    yield tf.logging.set_verbosity
    logger.setLevel(before)


def test_levels_and_format_on_stderr():
    source = """
import tflite_edu as tf
log = tf.logging
print(log.get_verbosity(), log.DEBUG, log.INFO, log.WARN, log.ERROR, log.FATAL)
log.info("hidden")
log.warn("warn %d", 3)
log.set_verbosity(log.DEBUG)
log.debug("d")
log.info("100%")
log.error("err %s %s", "a", "b")
log.fatal("the program goes on")
log.vlog(20, "v")
log.vlog(1, "hidden")
log.log(log.INFO, "log %d", 1)
log.log_if(log.INFO, "if %d", True, 1)
log.log_if(log.INFO, "no", False)
log.TaskLevelStatusMessage("status")
log.set_verbosity("ERROR")
log.warning("hidden")
log.flush()
"""
    done = run_python(source)
    assert done.stdout == "30 10 20 30 40 50\n"
    assert done.stderr.splitlines() == [
        "WARNING:tensorflow:warn 3",
        "DEBUG:tensorflow:d",
        "INFO:tensorflow:100%",
        "ERROR:tensorflow:err a b",
        "CRITICAL:tensorflow:the program goes on",
        "INFO:tensorflow:v",
        "INFO:tensorflow:log 1",
        "INFO:tensorflow:if 1",
        "ERROR:tensorflow:status",
    ]


def test_a_script_that_has_set_up_logging_gets_each_message_once():
    done = run_python(
        "import logging, tflite_edu as tf\n"
        "logging.basicConfig(level=logging.INFO, format='%(name)s says %(message)s')\n"
        "tf.logging.info('a')\n"
    )
    assert done.stderr == "tensorflow says a\n"


def test_an_interactive_python_shows_info_on_stdout():
    done = run_python("import tflite_edu as tf; tf.logging.info('a')", "-i")
    assert done.stdout == "INFO:tensorflow:a\n"


def test_counted_messages(caplog, verbosity):
    verbosity(tf.logging.INFO)
    for i in range(5):
        tf.logging.log_first_n(tf.logging.INFO, "first %d", 2, i)
        tf.logging.log_every_n(tf.logging.INFO, "every %d", 2, i)
    assert caplog.messages == ["first 0", "every 0", "first 1", "every 2", "every 4"]


def test_an_unknown_level_changes_nothing(verbosity):
    verbosity(tf.logging.ERROR)
    with pytest.raises(ValueError, match="Unknown level: 'foo'"):
        tf.logging.set_verbosity("foo")
    assert tf.logging.get_verbosity() == tf.logging.ERROR
