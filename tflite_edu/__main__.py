"""`python -m tflite_edu`: the command line of `tflite_edu.command`."""

import sys

from tflite_edu.command.main import main

if __name__ == "__main__":
    sys.exit(main())
