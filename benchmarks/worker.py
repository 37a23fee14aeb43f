"""One peer in a process of its own: is told names of workloads on stdin, answers with timings.

`python -m benchmarks.worker PEER FOLDER` where PEER is `tflite_edu`, `tensorflow` or `numpy`. Each
line in is a JSON list [name, seconds]; each line out a JSON object. Runs on Python 3.7 too.
"""

import importlib
import json
import os
import platform
import resource
import statistics
import sys
import time

import numpy as np

from benchmarks.by_hand import BY_HAND
from benchmarks.workloads import WORKLOADS


def main(peer, folder):
    # Answers go to the real stdout; whatever libraries print goes to stderr.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    tf = None if peer == "numpy" else importlib.import_module(peer)
    if peer == "tensorflow":
        tf.logging.set_verbosity(tf.logging.ERROR)
    steps = {}
    print(json.dumps(versions(peer, tf)), file=answers, flush=True)
    for line in sys.stdin:
        name, seconds = json.loads(line)
        if name == "peak memory":
            answer = {"bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
        else:
            answer = measured(peer, tf, folder, name, seconds, steps)
        print(json.dumps(answer), file=answers, flush=True)


def versions(peer, tf):
    found = {"python": platform.python_version(), "numpy": np.__version__}
    if peer == "tensorflow":
        found["tensorflow"] = tf.__version__
    return found


def measured(peer, tf, folder, name, seconds, steps):
    """{"microseconds": the median step, "least": the fastest, "check": what the first returned}, or
    {"absent": why}.

    Repeats the step for about so many seconds, three times at least; a step that takes much longer
    than that runs once a call.
    """
    if name not in steps:
        if tf is None and name not in BY_HAND:
            return {"absent": "not written by hand"}
        try:
            step = BY_HAND[name](folder) if tf is None else WORKLOADS[name][1](tf, folder)
        except AttributeError as error:
            if peer != "tflite_edu":
                raise
            return {"absent": str(error)}
        # The first steps compile programs and fill caches.
        check = float(step())
        start = time.perf_counter()
        step()
        if time.perf_counter() - start < 0.05:
            for _ in range(20):
                step()
        steps[name] = step, check
    step, check = steps[name]
    taken = []
    end = time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        step()
        now = time.perf_counter()
        taken.append(now - start)
        if now > end and (len(taken) >= 3 or now - start > seconds):
            break
    return {
        "microseconds": 1e6 * statistics.median(taken),
        "least": 1e6 * min(taken),
        "steps": len(taken),
        "check": check,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
