"""How does a subject show "I was in the pool, and my ticket is below the line"? The proof of draw.md §6."""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import loads
from typing import Any, Final, Self

from onevisit.core.canonical import digest
from onevisit.core.problems import Problem
from onevisit.draws import merkle
from onevisit.draws.lot import SALT_BYTES, SUBJECT_PREFIX, Frozen, FrozenPool, Subject, leaf, ticketer
from onevisit.draws.terms import PROOF_CHECK_LABELS, DrawStatus, ProofCheckCode
from onevisit.draws.verify import Check, Mismatch, Verification

_VERSION: Final = b"\x01"
_HASH: Final = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """A subject's entry with its salt and the path from its leaf to the root of its class."""

    commit_hash: str
    salt: str
    entry: Subject
    index: int
    path: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As it is kept and sent."""
        return {
            "commit_hash": self.commit_hash,
            "salt": self.salt,
            "entry": self.entry.as_json(),
            "index": self.index,
            "path": list(self.path),
        }

    @classmethod
    def from_json(cls, proof: Mapping[str, Any]) -> Self:
        """Rebuilt from what was kept."""
        entry = Subject.from_json(proof["entry"])
        return cls(proof["commit_hash"], proof["salt"], entry, proof["index"], tuple(proof["path"]))

    def text(self) -> str:
        """For the QR code: packed, base64url without padding; a million leaves fit version 25, level L."""
        packed = (
            _VERSION
            + bytes.fromhex(self.commit_hash + self.salt)
            + self.index.to_bytes(4, "big")
            + bytes([len(self.path)])
            + bytes.fromhex("".join(self.path))
            + self.entry.canonical()
        )
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read back from a QR code."""
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            if packed[:1] != _VERSION:
                raise ValueError("unknown version")
            take = _reader(packed[1:])
            commit_hash, salt = take(_HASH).hex(), take(SALT_BYTES).hex()
            index, steps = int.from_bytes(take(4), "big"), take(1)[0]
            path = tuple(take(_HASH).hex() for _ in range(steps))
            return cls(commit_hash, salt, Subject.from_json(loads(take(None))), index, path)
        except (ValueError, KeyError, TypeError, IndexError, binascii.Error) as found:
            raise Problem("draws.proof_unreadable", "抽取证明读不出来，可能没有扫全，请重新扫描。") from found


def proofs(pool: FrozenPool, commit_hash: str, leaves: Iterable[str]) -> Iterator[Proof]:
    """A proof for each of the given leaves; each class's tree is built once."""
    wanted = set(leaves)
    by_class: dict[str, list[Frozen[Subject]]] = {}
    for frozen in pool.subjects:
        if frozen.leaf in wanted:
            by_class.setdefault(frozen.entry.risk, []).append(frozen)
    for risk, members in by_class.items():
        tree = merkle.Tree(pool.of_class(risk))
        index_of = {leaf_: index for index, leaf_ in enumerate(tree.leaves)}
        for frozen in members:
            index = index_of[frozen.leaf]
            yield Proof(commit_hash, frozen.salt, frozen.entry, index, tuple(tree.path(index)))


def check_proof(proof: Proof, bundle: Mapping[str, Any]) -> Verification:
    """Was this subject in the pool, and was it drawn? Held against the public bundle."""
    leaf_ = leaf(bytes.fromhex(proof.salt), proof.entry)
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
    stratum = strata[proof.entry.risk]
    if merkle.root_by_path(leaf_, proof.index, stratum["count"], proof.path) != stratum["root"]:
        raise Mismatch("这个检查对象不在承诺时的名单中。")


def _ticket(leaf_: str, ticket: str, bundle: Mapping[str, Any]) -> None:
    if bundle["status"] != DrawStatus.DRAWN:
        raise Mismatch("这次抽取已作废。")
    published = {one["leaf"]: one["ticket"] for one in bundle.get("leaves", ())}
    if published and published.get(leaf_) != ticket:
        raise Mismatch("重算的抽取号与公布的不一致。")


def _drawn(proof: Proof, ticket: str, bundle: Mapping[str, Any]) -> None:
    threshold = bundle["thresholds"].get(proof.entry.risk)
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
