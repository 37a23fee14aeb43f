"""`python -m benchmarks.op_sweep`: each call of `op_calls` beside TensorFlow 1.15, ratios sorted.

The environment variable TF115 names TensorFlow's Python. Both peers compute each call in turn, from
variables, for about `--seconds` a round; the figure of a call is its fastest run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import ROOT, environment, say
from benchmarks.op_calls import CALLS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.op_sweep", description=__doc__)
    parser.add_argument("call", nargs="*", help="parts of names; all calls where none is given")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--json", type=Path, help="file for everything that was measured")
    arguments = parser.parse_args()
    if not os.environ.get("TF115"):
        parser.error("TF115 does not name a Python that has TensorFlow 1.15")
    names = [n for n in CALLS if not arguments.call or any(part in n for part in arguments.call)]
    pythons = {"tensorflow": os.path.expanduser(os.environ["TF115"]), "tflite_edu": sys.executable}
    workers = {peer: _started(peer, python) for peer, python in pythons.items()}
    found: dict[str, dict[str, list[float]]] = {n: {p: [] for p in workers} for n in names}
    absent: dict[str, str] = {}
    for number in range(arguments.rounds):
        for name in names:
            for peer in list(workers)[:: 1 if number % 2 else -1]:
                answer = _asked(workers[peer], name, arguments.seconds)
                if "absent" in answer:
                    absent[f"{name} in {peer}"] = answer["absent"]
                else:
                    found[name][peer].append(answer["least"])
            say(f"round {number + 1} of {arguments.rounds}: {name}")
    for worker in workers.values():
        worker.stdin.close()  # type: ignore[union-attr]
        worker.wait()
    say("")
    report = {
        name: {peer: min(taken) for peer, taken in times.items()}
        for name, times in found.items()
        if all(times.values())
    }
    print(table(report, absent))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


def table(report: dict[str, dict[str, float]], absent: dict[str, str]) -> str:
    """The ratios, the slowest first, and what could not be compared."""
    ratios = {name: times["tensorflow"] / times["tflite_edu"] for name, times in report.items()}
    median = statistics.median(ratios.values())
    lines = [f"{len(ratios)} calls, median TF / ours {median:.2f}", ""]
    lines += ["| call | TF 1.15, µs | ours, µs | TF / ours |", "|---|---:|---:|---:|"]
    for name in sorted(ratios, key=lambda n: ratios[n]):
        times = report[name]
        lines.append(
            f"| {name} | {times['tensorflow']:,.0f} | {times['tflite_edu']:,.0f} "
            f"| {ratios[name]:.2f} |"
        )
    lines += [f"\nabsent: {place}: {why}" for place, why in absent.items()]
    return "\n".join(lines)


def _started(peer: str, python: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python, "-W", "ignore", "-m", "benchmarks.op_worker", peer],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if peer == "tensorflow" else None,
        text=True,
    )


def _asked(worker: subprocess.Popen[str], name: str, seconds: float) -> dict[str, float | str]:
    assert worker.stdin is not None and worker.stdout is not None
    print(json.dumps([name, seconds]), file=worker.stdin, flush=True)
    line = worker.stdout.readline()
    if not line:
        raise SystemExit(f"a peer's process ended at {name}: {worker.wait()}")
    answer: dict[str, float | str] = json.loads(line)
    return answer


if __name__ == "__main__":
    main()
