"""Records what the scripts in the folder `scripts` print under the real TensorFlow 1.15.

    python3.7 tests/golden/record_scripts.py

Each is run in an empty folder that holds a small MNIST in `data`, and what it prints is written to
a `.txt` file beside it, with its exit status below.
"""

import gzip
import os
import struct
import subprocess
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "scripts")
SCRIPTS = {
    "file_system": [],
    "linear_regression": [],
    "mnist_batches": ["data"],
    "mnist_softmax": ["--data_dir", "data"],
    "save_restore": ["checkpoints"],
    "summaries": ["--max_steps=11", "--logdir=logs", "rest", "--learning_rate", "0.2"],
    "text_and_versions": [],
    "word2vec_basic": [],
}


def write_digits(folder):
    """Writes 300 training and 80 test images of 6 x 5 pixels, ten patterns with noise."""
    os.makedirs(folder)
    random = np.random.RandomState(5)
    shape = (6, 5)
    patterns = random.randint(0, 200, (10,) + shape)
    for kind, count in (("train", 300), ("t10k", 80)):
        labels = random.randint(0, 10, count)
        images = patterns[labels] + random.randint(0, 56, (count,) + shape)
        for name, magic, values in (
            ("images-idx3", 2051, images),
            ("labels-idx1", 2049, labels),
        ):
            path = os.path.join(folder, f"{kind}-{name}-ubyte.gz")
            sizes = values.shape
            with gzip.open(path, "wb") as file:
                file.write(struct.pack(f">{1 + len(sizes)}I", magic, *sizes))
                file.write(values.astype(np.uint8).tobytes())


def printed(command, name, folder):
    """What a script prints when `command` runs it in a folder, and how it ends."""
    run = subprocess.run(
        command + [os.path.join(FOLDER, name + ".py")] + SCRIPTS[name],
        cwd=folder,
        capture_output=True,
        env=dict(os.environ, PYTHONIOENCODING="utf-8"),
    )
    return run.stdout.decode() + f"exit status {run.returncode}\n", run.stderr.decode()


def main():
    for name in sys.argv[1:] or SCRIPTS:
        with tempfile.TemporaryDirectory() as folder:
            write_digits(os.path.join(folder, "data"))
            text, error = printed([sys.executable, "-W", "ignore"], name, folder)
        with open(os.path.join(FOLDER, name + ".txt"), "w", encoding="utf-8") as file:
            file.write(text)
        if "exit status 0" not in text:
            print(name, error[-600:])


if __name__ == "__main__":
    main()
