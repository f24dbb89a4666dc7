"""How do a million entries become leaves? Salted, hashed, sorted and packed as they come from the library (draw.md §1)."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from operator import add
from typing import Final, TypeVar

from onevisit.core.problems import Problem
from onevisit.draws.entries import SALT_BYTES, Inspector, Subject
from onevisit.draws.frozen import TEXT_AT, FrozenPool, Lines, in_order, packed
from onevisit.draws.quota import CLASSES

CHUNK: Final = 1 << 12  # so many entries are written, salted and hashed at a time
Fresh = Callable[[int], bytes]  # so many random bytes
Told = Callable[[str, int], None]  # "hashed" or "kept", and how many
Dealt = list[list[bytes]]  # lines (leaf, salt, entry) by the first byte of the leaf
Chunk = tuple[Sequence[str], Sequence[bytes], Sequence[bytes] | None]  # ids, entries, reasons
T = TypeVar("T")
_PLAIN: Final = '{"id":"%s","name":"%s","region":"%s","risk":"%s"}'
_ODD: Final = bytes(
    [*range(10), *range(11, 32), *b'"\\']
)  # what JSON escapes, but for the break between the fields
_SALTS: Final = re.compile(b"(?s).{%d}" % SALT_BYTES)


def freeze(
    subjects: Iterable[Subject],
    excluded: Iterable[tuple[Subject, str]],
    inspectors: Iterable[Inspector],
    fresh: Fresh,
    told: Told | None = None,
) -> FrozenPool:
    """The frozen lists; `fresh` gives random bytes, 16 for every entry. The entries are read once and not kept.

    `told` hears how far it is, and gives it up by raising.
    """
    far, ids = _Far(told), set[str]()
    drum = _dealt(map(_of_subjects, _some(subjects)), fresh, ids, far)
    aside = _dealt(map(_of_excluded, _some(excluded)), fresh, ids, far)
    _refuse_twice([drum, aside], ids, "检查对象")
    ids.clear()
    people = _dealt(map(_of_inspectors, _some(inspectors)), fresh, ids, far)
    _refuse_twice([people], ids, "执法人员")
    return FrozenPool(
        Lines(packed(in_order(drum), far.kept), Subject.from_json),
        Lines(packed(in_order(aside)), Subject.from_json),
        Lines(packed(in_order(people)), Inspector.from_json),
    )


class _Far:
    """How many are hashed and kept so far, for whoever waits."""

    def __init__(self, told: Told | None) -> None:
        self._told, self._hashed = told, 0

    def hashed(self, more: int) -> None:
        self._hashed += more
        if self._told:
            self._told("hashed", self._hashed)

    def kept(self, number: int) -> None:
        if self._told:
            self._told("kept", number)


def _some(entries: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(entries)
    while some := list(islice(waiting, CHUNK)):
        yield some


def _dealt(chunks: Iterable[Chunk], fresh: Fresh, ids: set[str], far: _Far) -> Dealt:
    """The lines of all entries; a tight loop, because a province has a million."""
    dealt: Dealt = [[] for _ in range(256)]
    begin = hashlib.sha256(b"\x00").copy
    for names, texts, reasons in chunks:
        salts = _SALTS.findall(fresh(SALT_BYTES * len(texts)))
        if len(salts) != len(texts):
            raise ValueError("16 random bytes are needed for every entry")
        ids.update(names)
        for salted, why in zip(map(add, salts, texts), reasons or repeat(b""), strict=False):
            one = begin()
            one.update(salted)
            line = one.digest() + salted + why
            dealt[line[0]].append(line)
        far.hashed(len(texts))
    return dealt


def _of_subjects(given: Sequence[Subject]) -> Chunk:
    """One look at all fields together says whether anything is odd; mostly nothing is, and then text is only filled in."""
    some, whole = given, "\n".join(chain.from_iterable(given))
    if not unicodedata.is_normalized("NFC", whole):
        some = [one.in_nfc() for one in given]
        whole = "\n".join(chain.from_iterable(some))
    if unknown := {one[3] for one in some} - set(CLASSES):
        raise Problem("draws.class_unknown", f"名单里有未知的信用风险类别：{'、'.join(sorted(unknown))}。")
    written = whole.encode()
    if len(written.translate(None, _ODD)) < len(written) or whole.count("\n") >= 4 * len(some):
        texts = [one.canonical() for one in some]
    else:
        texts = "\n".join(map(_PLAIN.__mod__, some)).encode().split(b"\n")
    return [one[0] for one in some], texts, None


def _of_excluded(given: Sequence[tuple[Subject, str]]) -> Chunk:
    """The reason stands behind a tab, outside of what is hashed."""
    ids, texts, _ = _of_subjects([one for one, _ in given])
    return ids, texts, [b"\t" + str(why).encode() for _, why in given]


def _of_inspectors(given: Sequence[Inspector]) -> Chunk:
    some = [one.in_nfc() for one in given]
    return [one.id for one in some], [one.canonical() for one in some], None


def _refuse_twice(parts: Sequence[Dealt], ids: set[str], what: str) -> None:
    lines = [line for dealt in parts for some in dealt for line in some] if _count(parts) > len(ids) else ()
    twice = [id_ for id_, number in Counter(map(_id_in, lines)).items() if number > 1]
    if twice:
        raise Problem("draws.entry_twice", f"{what}在名单中重复：{'、'.join(sorted(twice)[:5])}。")


def _count(parts: Sequence[Dealt]) -> int:
    return sum(len(some) for dealt in parts for some in dealt)


def _id_in(line: bytes) -> str:
    return str(json.loads(line[TEXT_AT:].partition(b"\t")[0])["id"])
