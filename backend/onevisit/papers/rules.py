"""How do papers write numbers, codes and hidden parts? Pure, no document knows it better."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from onevisit.core.canonical import digest

DIGITS = "零一二三四五六七八九"
STROKE = "／"
NOT_IN_DIGEST = frozenset({"digest", "qr"})


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 30 → 三十: section numbers of a form, up to 99."""
    if not 0 <= number <= 99:
        raise ValueError(f"no section has the number {number}")
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return (DIGITS[tens] if tens > 1 else "") + "十" + (DIGITS[ones] if ones else "")


def short_code(whole: str) -> str:
    """The digest as people compare it: its first 32 hex digits as 8 groups of 4."""
    if not re.fullmatch(r"[0-9a-f]{64}", whole):
        raise ValueError("a digest has 64 hex digits")
    return " ".join(whole[at : at + 4] for at in range(0, 32, 4))


def read_code(typed: str) -> str | None:
    """What somebody typed off a paper as a short code; None when it cannot be one.

    Full-width characters, capitals, dashes and any spacing are forgiven.
    """
    plain = re.sub(r"[\s\-_.·—]+", "", unicodedata.normalize("NFKC", typed)).lower()
    if not re.fullmatch(r"[0-9a-f]{32}|[0-9a-f]{64}", plain):
        return None
    return " ".join(plain[at : at + 4] for at in range(0, 32, 4))


def is_token(text: str) -> bool:
    """Whether it can be what the QR of a paper says: 32 random bytes in URL letters."""
    return re.fullmatch(r"[A-Za-z0-9_-]{43}", text) is not None


def masked(number: str) -> str:
    """An identity or phone number in copies for others: first 3 and last 4 stay."""
    return number if len(number) < 8 else number[:3] + "*" * (len(number) - 7) + number[-4:]


def document_number(prefix: str, year: int, count: int) -> str:
    """南双随记〔2026〕0007号."""
    return f"{prefix}〔{year}〕{count:04d}号"


def facts_digest(facts: Mapping[str, Any]) -> str:
    """The digest of a paper that has no manifest: over its facts, pictures by their hash.

    Left out are the two facts that are made from it, the printed digest and the QR.
    """
    return digest(_plain({key: value for key, value in facts.items() if key not in NOT_IN_DIGEST}))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part) for part in value]
    return value
