"""make sim-mutants: does the simulation notice when the protocol is broken? Each patch on a copy of the tree, until the first violation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.simulation.running import ROOT, memory

PATCHES = ROOT / "tests" / "simulation" / "mutants"
MOST_SEEDS = 600
COPIED = ("backend", "migrations", "tests", "pwa/src", "pwa/package.json", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "e2e", "node_modules", ".mypy_cache")


def copy_tree(into: Path) -> None:
    """What a simulation needs of the tree; installed packages are shared."""
    for name in COPIED:
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, into / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, into / name)
    (into / "pwa/node_modules").symlink_to((ROOT / "pwa/node_modules").resolve())


def apply(patch: Path, tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Put a patch on the copy, or say why it does not fit any more."""
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)}
    command = ["git", "apply", *options, str(patch)]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


def hunt(patch: Path, tree: Path) -> tuple[str, str]:
    """The first seed that notices, and which property; or that none did."""
    fits = apply(patch, tree)
    if fits.returncode:
        return "does not apply", fits.stderr.strip()
    try:
        environment = {**os.environ, "PYTHONPATH": f"{tree / 'backend'}:{tree}"}
        command = [sys.executable, "-m", "tests.simulation", str(MOST_SEEDS), "--hunt"]
        ran = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
        told = ran.stdout.strip().splitlines()
        if not told:
            return "broken", ran.stderr[-600:]
        found = json.loads(told[-1])
        if found["property"] is None:
            return "survived", f"{MOST_SEEDS} seeds"
        if found["property"] == "crash":  # of the simulation itself: nothing was noticed
            return "crashed", f"seed {found['seed']}: {found['detail'][:110]}"
        return "killed", f"seed {found['seed']} | {found['property']} | {found['detail'][:110]}"
    finally:
        apply(patch, tree, "-R")


def work(patches: list[Path], tree: Path) -> list[tuple[str, str, str]]:
    """One copy of the tree, mutant after mutant."""
    shutil.rmtree(tree, ignore_errors=True)
    copy_tree(tree)
    try:
        found = []
        for patch in patches:
            began = time.monotonic()
            state, detail = hunt(patch, tree)
            found.append((patch.stem, state, detail))
            print(f"{patch.stem}: {state}: {detail} ({time.monotonic() - began:.0f} s)", flush=True)
        return found
    finally:
        shutil.rmtree(tree, ignore_errors=True)


def main(only: list[str]) -> int:
    """Every mutant, or those named; 1 unless all are killed."""
    patches = sorted(patch for patch in PATCHES.glob("*.patch") if not only or patch.stem in only)
    copies = [memory() / f"onevisit-mutants-{os.getpid()}-{number}" for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        told = [one for part in pool.map(work, [patches[::2], patches[1::2]], copies) for one in part]
    print("\n| mutant | seed | property | what was noticed |\n| --- | --- | --- | --- |")
    for name, state, detail in sorted(told):
        print(
            f"| {name} | {detail.removeprefix('seed ')} |"
            if state == "killed"
            else f"| {name} | **{state}** | {detail} | |"
        )
    killed = sum(state == "killed" for _, state, _ in told)
    print(f"\n{len(told)} mutants, {killed} killed")
    return 0 if killed == len(patches) and told else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
