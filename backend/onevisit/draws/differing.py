"""What changed in a library since the previous draw? Editing the pool is the attack that remains (draw.md §1)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onevisit.draws.entries import Entry
from onevisit.draws.frozen import FrozenPool


@dataclass(frozen=True, slots=True)
class Differences:
    """Ids, for supervision to look at."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def differences(before: Iterable[Entry], now: Iterable[Entry]) -> Differences:
    """Between two lists of entries."""
    return _compared(
        {entry.id: entry.canonical() for entry in before}, {entry.id: entry.canonical() for entry in now}
    )


def pool_differences(before: FrozenPool, now: FrozenPool) -> Differences:
    """The same between two frozen pools, whoever was in the drum or excluded.

    Of a million entries nearly all are what they were: they are passed over by a number for each, and only the rest
    is read and compared.
    """
    old = set(map(hash, _texts(before)))
    new = {_id_in(text): text for text in _texts(now) if hash(text) not in old}
    del old
    kept = set(map(hash, _texts(now)))
    gone = {_id_in(text): text for text in _texts(before) if hash(text) not in kept}
    return _compared(gone, new)


def _compared(old: Mapping[Any, bytes], new: Mapping[Any, bytes]) -> Differences:
    return Differences(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(sorted(id_ for id_ in old.keys() & new.keys() if old[id_] != new[id_])),
    )


def _texts(pool: FrozenPool) -> Iterator[bytes]:
    for blocks in pool.blocks().values():
        for block in blocks:
            for text in block.texts():
                yield text.partition(b"\t")[0]


def _id_in(text: bytes) -> str:
    return str(json.loads(text)["id"])
