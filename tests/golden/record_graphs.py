"""Record what the real TensorFlow 1.15 makes of the snippets: its nodes and its values.

    python3.7 tests/golden/record_graphs.py [--to FOLDER] [NAME ...]

runs under a Python that has TensorFlow 1.15 and writes graphs/NAME.json for each snippets/NAME.py
(all of them when no name is given).
"""

import argparse
import os
import sys
import traceback
import warnings

from graph_dump import import_module, run_snippet, to_text

HERE = os.path.dirname(os.path.abspath(__file__))
SNIPPETS = os.path.join(HERE, "snippets")
MOST_NODES = 3000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", default=os.path.join(HERE, "graphs"))
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    tf = import_module("tensorflow")
    if not tf.__version__.startswith("1.15."):
        sys.exit(f"this is TensorFlow {tf.__version__}; the recordings are of 1.15")
    names = args.names or sorted(f[:-3] for f in os.listdir(SNIPPETS) if f.endswith(".py"))
    broken = []
    for name in names:
        try:
            result = run_snippet(tf, os.path.join(SNIPPETS, name + ".py"))
        except Exception:
            traceback.print_exc()
            broken.append(name)
            continue
        if len(result["nodes"]) > MOST_NODES:
            sys.exit(f"{name} has {len(result['nodes'])} nodes, over {MOST_NODES}")
        with open(os.path.join(args.to, name + ".json"), "w") as out:
            out.write(to_text(result))
        failed = {
            k: v for k, v in result["values"].items() if isinstance(v, str) and "Error: " in v
        }
        print(f"{name:40} {len(result['nodes']):4} nodes, {len(result['values'])} values")
        for label, message in failed.items():
            print(f"    {label}: {message}")
    if broken:
        sys.exit("not recorded: " + " ".join(broken))


if __name__ == "__main__":
    main()
