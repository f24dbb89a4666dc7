"""Does the sync hold under faults? Two hundred seeds of the shipped code on both sides, each property of sync.md 9 checked."""

import subprocess
import sys

from tests.simulation.phones import ROOT

SEEDS = 200


def test_two_hundred_seeds_break_nothing() -> None:
    """In processes of their own: a simulation sets the clock and the chance of its whole process."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.simulation", str(SEEDS), "--anew"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last = ran.stdout.strip().splitlines()[-1:]
    assert ran.returncode == 0, f"{ran.stdout[-6000:]}\n{ran.stderr[-3000:]}"
    assert last[0].startswith(f"{SEEDS} seeds, "), last
    assert last[0].endswith(", 0 violations"), last
