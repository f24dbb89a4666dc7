"""Does the sync hold under faults? Two hundred seeds of the shipped code on both sides, each property of sync.md 9 checked."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation import mutants
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


def test_a_seed_replays_exactly() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--replay", "8", "--whole"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{ran.stdout[-6000:]}\n{ran.stderr[-3000:]}"
    assert "trace" in ran.stdout


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree that mutants may break."""
    tree = tmp_path_factory.mktemp("mutants")
    mutants.copy_tree(tree)
    return tree


@pytest.mark.parametrize("patch", sorted(mutants.PATCHES.glob("*.patch")), ids=lambda patch: patch.stem)
def test_every_mutant_still_applies(patch: Path, copied: Path) -> None:
    fits = mutants.apply(patch, copied, "--check")
    assert fits.returncode == 0, f"{patch.name} no longer fits: {fits.stderr}"


def test_there_are_enough_mutants() -> None:
    assert len(list(mutants.PATCHES.glob("*.patch"))) >= 20
