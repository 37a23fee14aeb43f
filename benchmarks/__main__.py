"""`python -m benchmarks`: times the workloads in turn, peer after peer, and prints their ratios.

The real TensorFlow 1.15 takes part where the environment variable TF115 names its Python.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent
PEERS = ("tflite_edu", "tensorflow", "numpy")
TITLES = {
    "import": "import",
    **{name: title for name, (title, _) in WORKLOADS.items()},
    "memory": "peak memory of the whole list in one process, MB",
}
# What is timed in a process of its own.
ALONE = ("import", "memory")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workload", nargs="*", help="names; all of them where none is given")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.25, help="a peer a workload a round")
    parser.add_argument("--json", type=Path, help="file for everything that was measured")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    arguments = parser.parse_args()
    unknown = set(arguments.workload) - set(TITLES)
    if unknown:
        parser.error(f"no workload is called {', '.join(sorted(unknown))}; see --list")
    if arguments.list:
        for name, title in TITLES.items():
            print(f"{name:16} {title}")
        return
    names = [n for n in TITLES if n in (arguments.workload or TITLES)]
    report = measure(names, arguments.rounds, arguments.seconds)
    print(table(report))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


def measure(names: list[str], rounds: int, seconds: float) -> dict[str, Any]:
    """Everything that was measured: where, when, and each peer's timings round by round."""
    pythons = {"tflite_edu": sys.executable, "numpy": sys.executable}
    if os.environ.get("TF115"):
        pythons["tensorflow"] = os.path.expanduser(os.environ["TF115"])
    peers = [p for p in PEERS if p in pythons]
    found: dict[str, dict[str, list[Any]]] = {n: {p: [] for p in peers} for n in names}
    with tempfile.TemporaryDirectory() as folder:
        workers = {p: Worker(p, pythons[p], folder) for p in peers}
        for number in range(rounds):
            for name in names:
                if name == "memory":
                    continue
                # Nobody is always first.
                turn = number % len(peers)
                for peer in peers[turn:] + peers[:turn]:
                    if name == "import":
                        answer = imported(peer, pythons[peer])
                    else:
                        answer = workers[peer].ask(name, seconds)
                    found[name][peer].append(answer)
                say(f"round {number + 1} of {rounds}: {name}")
        for worker in workers.values():
            worker.close()
        if "memory" in names:
            for peer in peers:
                if peer != "numpy":
                    say(f"peak memory: {peer}")
                    found["memory"][peer].append(peak_memory(peer, pythons[peer], folder))
    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "versions": {p: w.versions for p, w in workers.items()},
        "rounds": rounds,
        "workloads": found,
    }


class Worker:
    """A peer's process; see `benchmarks.worker`."""

    def __init__(self, peer: str, python: str, folder: str) -> None:
        self.peer = peer
        own = os.path.join(folder, peer)
        os.makedirs(own, exist_ok=True)
        self._process = subprocess.Popen(
            [python, "-W", "ignore", "-m", "benchmarks.worker", peer, own],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if peer == "tensorflow" else None,
            text=True,
        )
        self.versions = self._answer()

    def ask(self, name: str, seconds: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        print(json.dumps([name, seconds]), file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the process of {self.peer} ended: {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def environment() -> dict[str, str]:
    """The same number of threads for everybody, and no GPU."""
    cores = str(len(os.sched_getaffinity(0)))
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": cores,
        "OPENBLAS_NUM_THREADS": cores,
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def imported(peer: str, python: str) -> dict[str, Any]:
    """How long `import` takes in a new process."""
    text = (
        "import time; start = time.perf_counter(); "
        f"import {peer}; print(time.perf_counter() - start)"
    )
    done = subprocess.run(
        [python, "-W", "ignore", "-c", text],
        env=environment(),
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    taken = 1e6 * float(done.stdout)
    return {"microseconds": taken, "least": taken, "check": 0.0}


def peak_memory(peer: str, python: str, folder: str) -> dict[str, Any]:
    worker = Worker(peer, python, folder)
    for name in TITLES:
        if name not in ALONE:
            worker.ask(name, 0.0)
    answer = worker.ask("peak memory", 0.0)
    worker.close()
    # In the place of microseconds, so that the table treats it as all else.
    return {"microseconds": answer["bytes"] / 1e6, "check": 0.0}


def processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table(report: dict[str, Any]) -> str:
    """Medians over the rounds, the medians of the ratios that one round gives, and the ratio of the
    fastest steps of all."""
    versions = report["versions"]
    lines = [
        f"{report['date']}, {report['cores']} cores of {report['processor']}, "
        f"{report['rounds']} rounds",
        *(
            f"{peer}: " + ", ".join(f"{k} {v}" for k, v in found.items())
            for peer, found in versions.items()
        ),
        "",
        "| workload (µs) | TF 1.15 | numpy by hand | tflite_edu | TF / ours | of the fastest | "
        "ours / numpy |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, peers in report["workloads"].items():
        cells = [number(middle(peers.get(p))) for p in ("tensorflow", "numpy", "tflite_edu")]
        cells.append(ratio(peers.get("tensorflow"), peers["tflite_edu"]))
        cells.append(ratio_of_fastest(peers.get("tensorflow"), peers["tflite_edu"]))
        cells.append(ratio(peers["tflite_edu"], peers.get("numpy")))
        lines.append(f"| {title(name, peers)} | {' | '.join(cells)} |")
    lines += disagreements(report["workloads"])
    return "\n".join(lines)


def title(name: str, peers: dict[str, list[Any]]) -> str:
    answers = peers["tflite_edu"]
    if name == "define" and answers:
        nodes = answers[0]["check"]
        return f"{TITLES[name]} ({nodes:,.0f} nodes, {middle(answers) / nodes:.1f} µs a node)"
    return TITLES[name]


def times(answers: list[Any] | None) -> list[float]:
    return [a["microseconds"] for a in answers or () if "microseconds" in a]


def middle(answers: list[Any] | None) -> float | None:
    taken = times(answers)
    return statistics.median(taken) if taken else None


def number(value: float | None) -> str:
    if value is None:
        return "absent"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def ratio(above: list[Any] | None, below: list[Any] | None) -> str:
    over, under = times(above), times(below)
    if not over or not under:
        return "-"
    return f"{statistics.median(a / b for a, b in zip(over, under, strict=True)):.2f}"


def ratio_of_fastest(above: list[Any] | None, below: list[Any] | None) -> str:
    """The ratio of the fastest steps, which other work on the machine disturbs least."""
    fastest = [
        min((a["least"] for a in side or () if "least" in a), default=0.0)
        for side in (above, below)
    ]
    return f"{fastest[0] / fastest[1]:.2f}" if all(fastest) else "-"


def disagreements(workloads: dict[str, dict[str, list[Any]]]) -> list[str]:
    """Where the first step of a peer gave another value than ours."""
    found: list[str] = []
    for name, peers in workloads.items():
        checks = {p: a[0]["check"] for p, a in peers.items() if a and "check" in a[0]}
        own = checks.get("tflite_edu")
        if own is None:
            continue
        for peer, check in checks.items():
            if abs(check - own) > 1e-3 * max(abs(own), 1e-3):
                found.append(f"{name}: the first step gives {own} here and {check} by {peer}")
    return ["", *found] if found else []


def say(text: str) -> None:
    print(f"\r{text:60}", end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
