"""Where does the chance of a draw come from, and may it be trusted? (draw.md §3)"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from onevisit.core.problems import Problem
from onevisit.draws.terms import SourceKind

LEAST_BITS: Final = 128
LEAST_SOURCES: Final = 2
_REVEAL: Final = re.compile(r"([0-9a-f]{2}){16,}")


@dataclass(frozen=True, slots=True)
class Source:
    """One party's contribution as the commit names it; only `commit_reveal` has a commitment."""

    id: str
    kind: str
    commitment: str | None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a commit."""
        return {"id": self.id, "kind": str(self.kind), "commitment": self.commitment}

    @classmethod
    def from_json(cls, source: Mapping[str, Any]) -> Self:
        """Rebuilt from a commit."""
        return cls(source["id"], source["kind"], source["commitment"])


@dataclass(frozen=True, slots=True)
class Reveal:
    """What a source contributed."""

    id: str
    value: str

    def as_json(self) -> dict[str, str]:
        """As it stands in a bundle."""
        return {"id": self.id, "value": self.value}


def commitment(draw: str, source: str, value: str) -> str:
    """What a party publishes before anybody reveals: H(draw ‖ 0x1f ‖ id ‖ 0x1f ‖ r)."""
    return hashlib.sha256("\x1f".join((draw, source, value)).encode()).hexdigest()


def typed_value(value: str) -> str:
    """A typed public result in the one spelling: NFC, ASCII digits, single blanks."""
    ascii_digits = "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in value
    )
    return " ".join(unicodedata.normalize("NFC", ascii_digits).split())


def bits(kind: str, value: str) -> int:
    """How much chance a value can hold, counted low: two lottery digits three bits, a die two and a half."""
    if kind == SourceKind.LOTTERY:
        return sum(sign in "0123456789" for sign in value) * 3 // 2
    if kind == SourceKind.DICE:
        return sum(sign in "123456" for sign in value) * 5 // 2
    return sum(sign in "0123456789abcdefABCDEF" for sign in value) * 4


def refuse_weak_sources(sources: Sequence[Source]) -> None:
    """Before the commit: at least two parties, commitments exactly where they belong."""
    if len(sources) < LEAST_SOURCES or len({source.id for source in sources}) < len(sources):
        raise Problem("draws.sources_too_few", "至少要有两个不同方提供的随机来源。")
    for source in sources:
        if source.kind not in set(SourceKind) or not source.id:
            raise Problem("draws.source_unknown", f"没有“{source.kind}”这种随机来源。")
        has = source.commitment is not None and re.fullmatch(r"[0-9a-f]{64}", source.commitment) is not None
        if has != (source.kind == SourceKind.COMMIT_REVEAL) or (source.commitment is not None) != has:
            raise Problem("draws.commitment_missing", f"{source.id}的承诺值缺少或写法不对。")


def refuse_bad_reveal(draw: str, source: Source, value: str) -> None:
    """At the reveal: the value must be well written and be the one that was committed to."""
    if source.kind == SourceKind.COMMIT_REVEAL:
        if not _REVEAL.fullmatch(value):
            raise Problem(
                "draws.reveal_malformed", f"{source.id}的揭示值写法不对，应为至少32位小写十六进制。"
            )
        if commitment(draw, source.id, value) != source.commitment:
            raise Problem("draws.reveal_mismatch", f"{source.id}的揭示值与承诺值不符。")
    elif not value or value != typed_value(value):
        raise Problem("draws.reveal_malformed", f"{source.id}的结果写法不对：只用半角数字，数字之间空一格。")


def refuse_weak_reveals(sources: Sequence[Source], reveals: Sequence[Reveal]) -> None:
    """Before the key: every source revealed, in commit order, and enough chance together."""
    given = {reveal.id for reveal in reveals}
    missing = [source.id for source in sources if source.id not in given]
    if missing:
        raise Problem("draws.reveal_missing", f"还没有揭示：{'、'.join(missing)}。缺任何一方，本次抽取作废。")
    if [reveal.id for reveal in reveals] != [source.id for source in sources]:
        raise Problem("draws.reveals_disordered", "揭示值与承诺中的随机来源不是一一对应。")
    together = sum(bits(source.kind, reveal.value) for source, reveal in zip(sources, reveals, strict=True))
    if together < LEAST_BITS:
        raise Problem("draws.chance_too_small", f"随机来源合计只有{together}比特，至少要{LEAST_BITS}比特。")
