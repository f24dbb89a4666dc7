"""How does a draw of a hundred thousand stand in the repository as a seed and its hashes? Both languages make it anew."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from onevisit.core.canonical import canonical, sha256_hex
from onevisit.draws.bundle import Changes, commit_hash, draw_key, full_bundle, make_commit, public_bundle
from onevisit.draws.lot import FrozenPool, Subject, draw_subjects, freeze
from onevisit.draws.match import MatchRules
from onevisit.draws.quota import Rules
from onevisit.draws.sources import Reveal, Source, commitment


def seeded(seed: str) -> Callable[[int], bytes]:
    """Bytes that look random and are the same every time: H(seed ‖ 0), H(seed ‖ 1) …"""
    blocks = _blocks(seed)
    left = b""

    def fresh(number: int) -> bytes:
        nonlocal left
        pieces, have = [left], len(left)
        while have < number:
            pieces.append(next(blocks))
            have += 32
        whole = b"".join(pieces)
        left = whole[number:]
        return whole[:number]

    return fresh


def _blocks(seed: str) -> Iterator[bytes]:
    at = 0
    while True:
        yield hashlib.sha256(f"{seed}|{at}".encode()).digest()
        at += 1


def subjects(seed: str, count: int) -> Iterator[Subject]:
    """The class of a subject is the last digit of its number, mostly B."""
    for at in range(count):
        yield Subject(f"{seed}-{at:06d}", f"示例企业{at}号", "632525", "ABBBBBBCCD"[at % 10])


def drawn(seed: str, count: int, rules: Rules) -> tuple[FrozenPool, dict[str, Any]]:
    """The whole draw of one seed."""
    pool = freeze(subjects(seed, count), [], [], seeded(seed))
    values = {party: sha256_hex(f"{seed}|{party}".encode())[:32] for party in ("甲方", "乙方")}
    sources = [
        Source(party, "commit_reveal", commitment(seed, party, value)) for party, value in values.items()
    ]
    commit = make_commit(
        draw=seed, task=seed, region="632525", scope="示例范围", pool=pool, rules=rules,
        match=MatchRules("632525-scjg", ("632525-scjg",)), sources=sources, closes_at="2027-01-01T00:00:00Z",
        changes=Changes(),
    )  # fmt: skip
    reveals = [Reveal(party, value) for party, value in values.items()]
    lot = draw_subjects(pool, rules, draw_key(commit, reveals))
    return pool, full_bundle(commit, reveals, pool, lot)


def hashes(bundle: dict[str, Any]) -> dict[str, Any]:
    """What the repository keeps of it."""
    public = public_bundle(bundle)
    return {
        "commit_hash": commit_hash(bundle["commit"]),
        "pool_root": bundle["commit"]["pool"]["root"],
        "quotas": {one["risk"]: one["quota"] for one in bundle["commit"]["pool"]["strata"]},
        "key": bundle["key"],
        "thresholds": bundle["thresholds"],
        "selected": sha256_hex(canonical(bundle["selected"])),
        "public_bundle": sha256_hex(canonical(public)),
    }
