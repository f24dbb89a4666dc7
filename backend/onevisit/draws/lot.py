"""Who is drawn? Key, tickets and selection of `onevisit-draw/1` (draw.md §3, 4).

Pure: every citizen can recompute each step from the published bundle.
"""

import hashlib
import json
from array import array
from binascii import unhexlify
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress
from math import isqrt
from sys import byteorder
from typing import Any, Final

from onevisit.core.spread import WORTH_IT, Job, at_once, cores, ranges
from onevisit.draws import merkle
from onevisit.draws.differing import Differences as Differences
from onevisit.draws.differing import differences as differences
from onevisit.draws.differing import pool_differences as pool_differences
from onevisit.draws.entries import LEAF_HEX as LEAF_HEX
from onevisit.draws.entries import SALT_BYTES as SALT_BYTES
from onevisit.draws.entries import Entry as Entry
from onevisit.draws.entries import Frozen as Frozen
from onevisit.draws.entries import Inspector as Inspector
from onevisit.draws.entries import Subject as Subject
from onevisit.draws.entries import leaf as leaf
from onevisit.draws.freezing import Fresh as Fresh
from onevisit.draws.freezing import freeze as freeze
from onevisit.draws.frozen import FrozenPool as FrozenPool
from onevisit.draws.frozen import row_of_class
from onevisit.draws.quota import CLASSES, RISKIEST_FIRST, Rules, quotas

FORMAT: Final = "onevisit-draw/1"
SUBJECT_PREFIX: Final = b"subject|"
TICKET_BYTES: Final = 32
ManyTickets = Callable[[Iterable[bytes]], list[bytes]]
Hashing = Callable[[bytes, bytes], bytes]  # key, leaves -> tickets, one behind the other


def key(commit_hash: str, reveals: Iterable[tuple[str, str]]) -> bytes:
    """The draw's key from the commit and every revealed (source id, value), in commit order."""
    message = b"".join(
        len(part).to_bytes(4, "big") + part
        for id_, value in reveals
        for part in (id_.encode(), value.encode())
    )
    return ticketer(bytes.fromhex(commit_hash), b"")(message)


def ticketer(key: bytes, prefix: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA-256 of `prefix` + message under a key of at most 64 bytes, with both pads hashed only once."""
    begin, finish = _pads(key, prefix)

    def ticket(message: bytes) -> bytes:
        first, second = begin(), finish()
        first.update(message)
        second.update(first.digest())
        found: bytes = second.digest()
        return found

    return ticket


def many_tickets(key: bytes, prefix: bytes) -> ManyTickets:
    """Ticket and leaf (bytes, one behind the other) of some leaves under one prefix: matching reckons millions."""
    begin, finish = _pads(key, prefix)

    def tickets_of(leaves: Iterable[bytes]) -> list[bytes]:
        found = []
        for leaf_ in leaves:
            first, second = begin(), finish()
            first.update(leaf_)
            second.update(first.digest())
            found.append(second.digest() + leaf_)
        return found

    return tickets_of


def _pads(key: bytes, prefix: bytes) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Copies of the two hashes of HMAC with their pads hashed; a child never makes one anew."""
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key.ljust(64, b"\0")) + prefix)
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key.ljust(64, b"\0")))
    return inner.copy, outer.copy


def tickets(key: bytes, row: bytes) -> bytes:
    """The tickets of subject leaves (hex, one behind the other), by as many processes as there are cores."""
    count = len(row) // LEAF_HEX
    if count < WORTH_IT or cores() < 2:
        return tickets_of_some(key, row)
    parts = [row[start * LEAF_HEX : stop * LEAF_HEX] for start, stop in ranges(count, cores())]
    return b"".join(at_once([partial(tickets_of_some, key, part) for part in parts]))


def tickets_of_some(key: bytes, row: bytes) -> bytes:
    """A tight loop, because a province has a million."""
    begin, finish = _pads(key, SUBJECT_PREFIX)
    found = bytearray()
    for at in range(0, len(row), LEAF_HEX):
        first, second = begin(), finish()
        first.update(row[at : at + LEAF_HEX])
        second.update(first.digest())
        found += second.digest()
    return bytes(found)


@dataclass(frozen=True, slots=True)
class Lot:
    """A draw's outcome: leaves with their class and ticket, and who is drawn."""

    row: bytes  # the leaves (hex), one behind the other
    codes: bytes  # the class of each
    tickets: bytes  # the ticket of each
    quota: Mapping[str, int]
    drawn: tuple[tuple[str, str, bytes], ...]  # (class, leaf, ticket) by class D C B - A, then ticket

    @property
    def selected(self) -> list[str]:
        """The drawn leaves in the published order."""
        return [leaf for _, leaf, _ in self.drawn]

    @property
    def thresholds(self) -> dict[str, str]:
        """The largest drawn ticket of each class: who lies at or below it was drawn."""
        return {risk: ticket.hex() for risk, _, ticket in self.drawn}

    def visit_order(self) -> list[str]:
        """The drawn leaves by ticket, across the classes: the order in which inspectors are matched."""
        return [leaf for _, leaf, _ in sorted(self.drawn, key=lambda one: (one[2], one[1]))]

    def smallest(self, number: Mapping[str, int]) -> dict[str, list[tuple[bytes, str]]]:
        """(ticket, leaf) of the first of each class, drawn or not: what stands around the line."""
        return smallest(self.row, self.codes, self.tickets, number)

    def ticket_texts(self) -> list[str]:
        """The tickets as hex."""
        text = self.tickets.hex()
        return [text[at : at + 2 * TICKET_BYTES] for at in range(0, len(text), 2 * TICKET_BYTES)]

    def leaves_json(self) -> list[dict[str, str]]:
        """The `leaves` of a bundle."""
        leaves, risks = self.row.decode(), self.codes.decode()
        return [
            {"leaf": leaves[at * LEAF_HEX : (at + 1) * LEAF_HEX], "risk": risk, "ticket": ticket}
            for at, (risk, ticket) in enumerate(zip(risks, self.ticket_texts(), strict=True))
        ]


def draw_subjects(pool: FrozenPool, rules: Rules, key: bytes, hashing: Hashing = tickets) -> Lot:
    """The whole draw of the subjects."""
    return lot_of(pool.subjects.row, pool.subjects.codes, quotas(rules, pool.counts()), key, hashing)


def lot_of(row: bytes, codes: bytes, quota: Mapping[str, int], key: bytes, hashing: Hashing = tickets) -> Lot:
    """The outcome from leaves and classes alone, as everybody can recompute it."""
    if len(row) != LEAF_HEX * len(codes):
        raise ValueError("every leaf has 64 digits and one class")
    hashed = hashing(key, row)
    few = smallest(row, codes, hashed, quota)
    drawn = tuple((risk, leaf_, ticket) for risk in RISKIEST_FIRST for ticket, leaf_ in few[risk])
    return Lot(row, codes, hashed, quota, drawn)


def smallest(
    row: bytes, codes: bytes, hashed: bytes, number: Mapping[str, int]
) -> dict[str, list[tuple[bytes, str]]]:
    """(ticket, leaf) of the `number` smallest tickets of each class, ties by leaf."""
    near = _near(codes, hashed, number)
    return {
        risk: sorted((_ticket_at(hashed, at), _leaf_at(row, at)) for at in near[risk])[: number.get(risk, 0)]
        for risk in RISKIEST_FIRST
    }


def _near(codes: bytes, hashed: bytes, quota: Mapping[str, int]) -> dict[str, Sequence[int]]:
    """Whoever can be among the smallest tickets of a class: only they are sorted.

    Tickets are uniform, so a line 8 standard deviations beyond the quota leaves out nobody who is drawn; where it
    does, because somebody gave tickets that are not uniform, the whole class is looked at.
    """
    counts = {risk: codes.count(risk.encode()) for risk in RISKIEST_FIRST}
    lines = {risk: _generous_line(quota.get(risk, 0), count) for risk, count in counts.items()}
    heads, highest = _heads(hashed), max(lines.values())
    some = list(compress(range(len(codes)), map(highest.__ge__, heads)))
    near: dict[str, Sequence[int]] = {}
    for risk, count in counts.items():
        code, line = ord(risk), lines[risk]
        near[risk] = [at for at in some if codes[at] == code and heads[at] <= line]
        if len(near[risk]) < min(quota.get(risk, 0), count):
            near[risk] = [at for at, one in enumerate(codes) if one == code]
    return near


def _generous_line(number: int, count: int) -> int:
    """The first 8 bytes of a ticket beyond which nobody of `number` in `count` is drawn."""
    generous = number + 8 * isqrt(number) + 16
    return -1 if number <= 0 else (1 << 64) - 1 if generous >= count else (generous << 64) // count


def _heads(hashed: bytes) -> "array[int]":
    """The first 8 bytes of every ticket as numbers."""
    heads = array("Q", hashed)[::4]
    if byteorder == "little":
        heads.byteswap()
    return heads


def _leaf_at(row: bytes, at: int) -> str:
    return row[at * LEAF_HEX : (at + 1) * LEAF_HEX].decode()


def _ticket_at(hashed: bytes, at: int) -> bytes:
    return hashed[at * TICKET_BYTES : (at + 1) * TICKET_BYTES]


def roots(row: bytes, codes: bytes) -> dict[str, str]:
    """The Merkle root of each class that has leaves, in commit order; `row` has the leaves as hex, sorted."""
    return _roots(unhexlify(row), codes)


def all_roots(hashes: bytes, codes: bytes) -> tuple[str, dict[str, str]]:
    """(root of the pool, roots of the classes) of sorted leaves, by two processes where there are many."""
    jobs: list[Job] = [
        lambda: merkle.root_of_row(hashes).encode(),
        lambda: json.dumps(_roots(hashes, codes)).encode(),
    ]
    whole, classes = at_once(jobs) if len(codes) >= WORTH_IT else [job() for job in jobs]
    return whole.decode(), json.loads(classes)


def _roots(hashes: bytes, codes: bytes) -> dict[str, str]:
    return {
        risk: merkle.root_of_row(row_of_class(hashes, codes, risk, merkle.HASH))
        for risk in CLASSES
        if risk.encode() in codes
    }
