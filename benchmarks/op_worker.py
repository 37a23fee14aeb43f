"""One peer of `benchmarks.op_sweep`: is told names of calls on stdin, answers with timings.

Each line in is a JSON list [name, seconds]; each line out {"least": microseconds} or
{"absent": why}. Runs on Python 3.7 too.
"""

import importlib
import json
import os
import sys
import time

from benchmarks.op_calls import CALLS, N, values


def main(peer):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    tf = importlib.import_module(peer)
    if peer == "tensorflow":
        tf.logging.set_verbosity(tf.logging.ERROR)
    arrays = values()
    graph = tf.Graph()
    with graph.as_default():
        given = {name: tf.Variable(array, name=name) for name, array in arrays.items()}
        session = tf.Session()
        session.run(tf.global_variables_initializer())
    steps = {}
    for line in sys.stdin:
        name, seconds = json.loads(line)
        try:
            if name not in steps:
                with graph.as_default():
                    # The table is this project's own, so what is evaluated is no stranger's.
                    fetched = eval(CALLS[name], {"tf": tf, "N": N}, dict(given))
                    steps[name] = session.make_callable(fetched)
                for _ in range(3):
                    steps[name]()
            answer = {"least": least(steps[name], seconds)}
        except (AttributeError, ValueError, TypeError, tf.errors.OpError) as error:
            answer = {"absent": str(error).splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


def least(step, seconds):
    """Microseconds of the fastest of the runs that fit in so many seconds, of three at least."""
    best, runs = float("inf"), 0
    end = time.perf_counter() + seconds
    while runs < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
        runs += 1
    return best * 1e6


if __name__ == "__main__":
    main(sys.argv[1])
