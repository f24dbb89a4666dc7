"""What is the least that still breaks the property? Leaves out kinds of faults and steps while the same one fails."""

from __future__ import annotations

from dataclasses import replace

from tests.simulation.play import FAULTS, Run, Script, Theatre, Violation
from tests.simulation.properties import check

MOST = 80


def outcome(theatre: Theatre, script: Script) -> tuple[Violation | None, Run | None]:
    """What is violated, or nothing."""
    run = None
    try:
        run = theatre.play(script)
        check(run)
    except Violation as violation:
        return violation, theatre.run
    return None, run


def shrunk(theatre: Theatre, script: Script, name: str) -> Script:
    """A smaller script that violates the same property."""
    tries = 0

    def fails(smaller: Script) -> bool:
        nonlocal tries
        tries += 1
        violation, _ = outcome(theatre, smaller)
        return violation is not None and violation.name == name

    length = theatre.length
    for cut in (length // 2, length * 3 // 4):
        if fails(replace(script, length=cut)):
            script, length = replace(script, length=cut), cut
            break
    size = max(1, length // 2)
    while size >= 1 and tries < MOST:
        for first in range(0, length, size):
            without = script.without_steps | frozenset(range(first, min(first + size, length)))
            if (
                without != script.without_steps
                and tries < MOST
                and fails(replace(script, without_steps=without))
            ):
                script = replace(script, without_steps=without)
        size //= 2
    for kind in FAULTS:
        if kind in theatre.kinds and tries < MOST + 20:
            smaller = replace(script, without_faults=script.without_faults | {kind})
            if fails(smaller):
                script = smaller
    return script


def told(theatre: Theatre, script: Script) -> str:
    """The script as it is read: what is violated, then the steps."""
    violation, run = outcome(theatre, script)
    lines = [f"seed {script.seed}: {violation or 'nothing is violated'}"]
    if run is not None:
        lines += [
            f"visit of {run.world.shape}, trace {run.trace_hash}, faults {dict(run.faults)}",
            *run.steps,
        ]
    return "\n".join(lines)
