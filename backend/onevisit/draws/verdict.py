"""What does a check say? That what is stated is what comes out, that it is not and why, or that it could not look."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from onevisit.draws.entries import Inspector, Subject, leaf


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: how many values were compared, and what was wrong or could not be compared."""

    code: str
    label_zh: str
    ok: bool
    compared: int
    detail: str = ""
    warning: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the command and the API say it."""
        return {
            "code": self.code,
            "label": self.label_zh,
            "ok": self.ok,
            "warning": self.warning,
            "compared": self.compared,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer: ok only if nothing failed; warnings name what could not be checked."""

    ok: bool
    checks: tuple[Check, ...]

    @property
    def failed(self) -> list[str]:
        """The codes of what failed."""
        return [check.code for check in self.checks if not check.ok]

    @property
    def warned(self) -> list[str]:
        """The codes of what could not be checked in full."""
        return [check.code for check in self.checks if check.warning]

    def as_json(self) -> dict[str, Any]:
        """As the command and the API say it."""
        return {"ok": self.ok, "checks": [check.as_json() for check in self.checks]}


class Mismatch(Exception):
    """What a check found to be wrong, as a sentence."""


class Unchecked(Exception):
    """What a check could not look at, as a sentence: a warning, no failure."""


def same(what: str, ours: Any, theirs: Any) -> None:
    if ours != theirs:
        raise Mismatch(f"{what}不一致：重算为 {short(ours)}，文件写的是 {short(theirs)}。")


def short(value: Any) -> str:
    text = "无" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def same_leaf(stated: Mapping[str, Any], entry: Subject | Inspector) -> None:
    if leaf(bytes.fromhex(stated["salt"]), entry) != stated["leaf"]:
        raise Mismatch(f"条目 {entry.id} 与叶值 {stated['leaf'][:12]}… 不符。")


def each_once(ids: Iterable[str]) -> None:
    twice = [id_ for id_, number in Counter(ids).items() if number > 1]
    if twice:
        raise Mismatch(f"{twice[0]}在名单中重复。")


def known(what: str, codes: Iterable[str], known: type[StrEnum]) -> None:
    unknown = [code for code in codes if code not in set(known)]
    if unknown:
        raise Mismatch(f"没有“{unknown[0]}”这种{what}。")
