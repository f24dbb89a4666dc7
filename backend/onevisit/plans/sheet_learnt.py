"""What has an office taught the reader? Its names for columns and offices, and its corrections by raw text."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from onevisit.departments.register import DepartmentRegister, Spelling, plain
from onevisit.plans.sheet_headings import heading_key


@dataclass(frozen=True)
class Learnt:
    """Saved by the import screen, taken in by the reader; empty for a reader that was taught nothing."""

    headings: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Heading in one writing -> field; `ignore` leaves the column out."""
        return {heading_key(words): name for words, name in self.headings.items()}

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Any]:
        return {(fact, key(raw)): value for (fact, raw), value in self.corrections.items()}

    def corrects(self, fact: str, raw: str) -> bool:
        """Whether somebody has said what this text means for this fact."""
        return (fact, key(raw)) in self._by_key

    def value(self, fact: str, raw: str) -> Any:
        """What it means."""
        return self._by_key[fact, key(raw)]

    def register(self, register: DepartmentRegister, region: str | None) -> DepartmentRegister:
        """The register with the names this office has taught."""
        if not self.departments or region is None:
            return register
        taught = [Spelling(region, plain(a), b, "department") for a, b in self.departments.items()]
        return DepartmentRegister([*taught, *register.spellings])


def key(raw: str) -> str:
    """A text without its width, blanks and line breaks: what is corrected once is known again."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", raw))


NOTHING_LEARNT = Learnt()
