"""python -m tests.simulation: see running.py."""

import sys

from tests.simulation.running import main

if __name__ == "__main__":
    sys.exit(main())
