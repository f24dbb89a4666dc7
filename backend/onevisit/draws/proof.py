"""How does a subject show "I was in the pool, and my ticket is below the line"? The proof of draw.md §6."""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from json import loads
from typing import Any, Final, Self

from onevisit.core.canonical import digest
from onevisit.core.problems import Problem
from onevisit.draws import merkle
from onevisit.draws.frozen import row_of_class
from onevisit.draws.lot import SALT_BYTES, SUBJECT_PREFIX, Frozen, FrozenPool, Subject, leaf, ticketer
from onevisit.draws.terms import PROOF_CHECK_LABELS, DrawStatus, ProofCheckCode
from onevisit.draws.verdict import Check, Mismatch, Verification

_NAMED: Final = b"\x01"
_BLIND: Final = b"\x02"
_HASH: Final = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """The path from a subject's leaf to the root of its class, with the entry and the salt that make the leaf.

    Of a sensitive task (arms, explosives, poisons) the code names nobody: it has the leaf and the class instead of
    `entry` and `salt`, and the subject holds those on paper from the office.
    """

    commit_hash: str
    leaf: str
    risk: str
    index: int
    path: tuple[str, ...]
    salt: str | None = None
    entry: Subject | None = None

    @classmethod
    def of(cls, commit_hash: str, frozen: Frozen[Subject], index: int, path: Sequence[str]) -> Self:
        """With everything in it."""
        return cls(commit_hash, frozen.leaf, frozen.entry.risk, index, tuple(path), frozen.salt, frozen.entry)

    def as_json(self) -> dict[str, Any]:
        """As it is kept and sent."""
        who = (
            {"leaf": self.leaf, "risk": self.risk}
            if self.entry is None
            else {"salt": self.salt, "entry": self.entry.as_json()}
        )
        return {"commit_hash": self.commit_hash, **who, "index": self.index, "path": list(self.path)}

    @classmethod
    def from_json(cls, proof: Mapping[str, Any]) -> Self:
        """Rebuilt from what was kept."""
        path = tuple(proof["path"])
        if "entry" not in proof:
            return cls(proof["commit_hash"], proof["leaf"], proof["risk"], proof["index"], path)
        entry = Subject.from_json(proof["entry"])
        leaf_ = leaf(bytes.fromhex(proof["salt"]), entry)
        return cls(proof["commit_hash"], leaf_, entry.risk, proof["index"], path, proof["salt"], entry)

    def blind(self) -> Self:
        """The same without the name."""
        return replace(self, salt=None, entry=None)

    def text(self, named: bool = True) -> str:
        """For the QR code: packed, base64url without padding; a million leaves fit version 25, level L."""
        way = self.index.to_bytes(4, "big") + bytes([len(self.path)]) + bytes.fromhex("".join(self.path))
        if named and self.entry is not None:
            packed = (
                _NAMED + bytes.fromhex(self.commit_hash + (self.salt or "")) + way + self.entry.canonical()
            )
        else:
            packed = _BLIND + bytes.fromhex(self.commit_hash + self.leaf) + way + self.risk.encode()
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read back from a QR code."""
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            if packed[:1] not in (_NAMED, _BLIND):
                raise ValueError("unknown version")
            named, take = packed[:1] == _NAMED, _reader(packed[1:])
            commit_hash, who = take(_HASH).hex(), take(SALT_BYTES if named else _HASH)
            index, steps = int.from_bytes(take(4), "big"), take(1)[0]
            path = tuple(take(_HASH).hex() for _ in range(steps))
            rest = take(None)
            if not named:
                return cls(commit_hash, who.hex(), rest.decode("ascii"), index, path)
            entry = Subject.from_json(loads(rest))
            return cls(commit_hash, leaf(who, entry), entry.risk, index, path, who.hex(), entry)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, binascii.Error) as found:
            raise Problem("draws.proof_unreadable", "抽取证明读不出来，可能没有扫全，请重新扫描。") from found


class Prover:
    """A pool's class trees with the entries of whoever was drawn, so that each further proof is cheap."""

    def __init__(self, hashes: bytes, codes: bytes, entries: Mapping[str, Frozen[Subject]]) -> None:
        self.count, self._entries = len(codes), entries
        rows = {risk: row_of_class(hashes, codes, risk, _HASH) for risk in set(codes.decode())}
        self._trees = {risk: merkle.Tree.of_row(row) for risk, row in rows.items()}

    @classmethod
    def of_pool(cls, pool: FrozenPool, leaves: Iterable[str]) -> Self:
        """From the frozen lists; only the entries asked for are made objects."""
        part = pool.subjects
        return cls(part.hashes, part.codes, part.those(leaves))

    def proof(self, commit_hash: str, leaf_: str) -> Proof:
        """Of one of the given leaves."""
        frozen = self._entries[leaf_]
        tree = self._trees[frozen.entry.risk]
        index = tree.index(leaf_)
        return Proof.of(commit_hash, frozen, index, tree.path(index))


def proofs(pool: FrozenPool, commit_hash: str, leaves: Iterable[str]) -> Iterator[Proof]:
    """A proof for each of the given leaves; each class's tree is built once."""
    given = list(leaves)
    prover = Prover.of_pool(pool, given)
    for one in given:
        yield prover.proof(commit_hash, one)


def check_proof(proof: Proof, bundle: Mapping[str, Any]) -> Verification:
    """Was this subject in the pool, and was it drawn? Held against the public bundle."""
    leaf_ = proof.leaf
    ticket = ticketer(bytes.fromhex(bundle["key"] or ""), SUBJECT_PREFIX)(leaf_.encode()).hex()
    looks: Sequence[tuple[ProofCheckCode, Callable[[], None]]] = (
        (ProofCheckCode.COMMIT_HASH, lambda: _same_commit(proof, bundle)),
        (ProofCheckCode.IN_POOL, lambda: _in_pool(proof, leaf_, bundle)),
        (ProofCheckCode.TICKET, lambda: _ticket(leaf_, ticket, bundle)),
        (ProofCheckCode.DRAWN, lambda: _drawn(proof, ticket, bundle)),
    )
    checks = tuple(_looked_at(code, look) for code, look in looks)
    return Verification(all(check.ok for check in checks), checks)


def _looked_at(code: ProofCheckCode, look: Callable[[], None]) -> Check:
    try:
        look()
    except Mismatch as found:
        return Check(code.value, PROOF_CHECK_LABELS[code], False, 0, str(found))
    except (KeyError, TypeError, ValueError, IndexError) as found:
        return Check(code.value, PROOF_CHECK_LABELS[code], False, 0, f"缺少内容或读不懂：{found!r}")
    return Check(code.value, PROOF_CHECK_LABELS[code], True, 1)


def _same_commit(proof: Proof, bundle: Mapping[str, Any]) -> None:
    if not digest(bundle["commit"]) == bundle["commit_hash"] == proof.commit_hash:
        raise Mismatch("证明所属的抽取与公布的抽取不是同一次，或公布内容被改动。")


def _in_pool(proof: Proof, leaf_: str, bundle: Mapping[str, Any]) -> None:
    strata = {stratum["risk"]: stratum for stratum in bundle["commit"]["pool"]["strata"]}
    stratum = strata[proof.risk]
    if merkle.root_by_path(leaf_, proof.index, stratum["count"], proof.path) != stratum["root"]:
        raise Mismatch("这个检查对象不在承诺时的名单中。")


def _ticket(leaf_: str, ticket: str, bundle: Mapping[str, Any]) -> None:
    if bundle["status"] != DrawStatus.DRAWN:
        raise Mismatch("这次抽取已作废。")
    published = {one["leaf"]: one["ticket"] for one in bundle.get("leaves", ())}
    if published and published.get(leaf_) != ticket:
        raise Mismatch("重算的抽取号与公布的不一致。")


def _drawn(proof: Proof, ticket: str, bundle: Mapping[str, Any]) -> None:
    threshold = bundle["thresholds"].get(proof.risk)
    if threshold is None or ticket > threshold:
        raise Mismatch("抽取号在抽中线之上，没有抽中。")


def _reader(packed: bytes) -> Callable[[int | None], bytes]:
    """Takes pieces off the front; the last piece (None) is the rest."""
    at = 0

    def take(length: int | None) -> bytes:
        nonlocal at
        piece = packed[at:] if length is None else packed[at : at + length]
        if length is not None and len(piece) < length:
            raise ValueError("too short")
        at += len(piece)
        return piece

    return take
