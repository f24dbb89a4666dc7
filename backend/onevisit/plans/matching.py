"""Which item of the list does a text of the table mean: exactly one, a near one (asked), or none? Pure.

S2 art. 2: what is checked stands on a list. Only equal words of the same office are taken without asking.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from onevisit.plans.life import ItemMatch

# Half of the pairs of letters in common. Of the 754 pairs of different items that one office has in the three
# real plans, 24 (3 %) reach 0.5 and 7 reach 0.6; one wrong character in six leaves 0.6, one left out leaves 0.89.
# A near item is only asked about, so a question too many costs a key press and one too few costs the coverage.
NEAR = 0.5
CANDIDATES = 3
_NUMBER = re.compile(
    r"^\s*(?:[(\[]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[)\]]?[、,:]|[)\]]|\.(?!\d))\s*)+"
)
_CIRCLED = re.compile(r"^\s*[\u2460-\u2473\u2474-\u249b]\s*")
_SAID_ANYWAY = re.compile(r"^(?:抽查|检查|对|核查)+|(?:的?(?:情况)?(?:的?监督)?(?:检查|抽查|监管|核查))+$")


@dataclass(frozen=True)
class Listed:
    """An item of the list, as far as matching goes."""

    id: str
    department_id: str
    name: str


@dataclass(frozen=True)
class Candidate:
    """A listed item that may be meant. `other` says that it is another department's."""

    item_id: str
    likeness: float
    other: bool = False


@dataclass(frozen=True)
class Match:
    """What an item text of the table means."""

    kind: ItemMatch
    item_id: str | None = None
    candidates: tuple[Candidate, ...] = ()


def letters(text: str) -> str:
    """The text without number, width, blanks and marks: equal letters are the same item."""
    plain_width = unicodedata.normalize("NFKC", _CIRCLED.sub("", text))
    return re.sub(r"[\W_]+", "", _NUMBER.sub("", plain_width)).lower()


def words(text: str) -> str:
    """The letters without what every item says anyway (对…的监督检查), while enough is left to tell items apart."""
    whole = letters(text)
    bare = _SAID_ANYWAY.sub("", whole)
    return bare if len(bare) >= 4 else whole


def likeness(one: str, other: str) -> float:
    """Dice's share of common bigrams, 0 to 1; the order of the clauses matters little, the letters much."""
    return _dice(bigrams(words(one)), bigrams(words(other)))


def bigrams(text: str) -> Counter[str]:
    """Every two letters that stand together, with how often; a single letter counts as itself."""
    return Counter(text[at : at + 2] for at in range(max(1, len(text) - 1))) if text else Counter()


def _dice(one: Counter[str], other: Counter[str]) -> float:
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 0.0


@dataclass(frozen=True)
class ItemList:
    """The list of a region, laid out for many questions: equal letters and common bigrams are looked up."""

    listed: tuple[Listed, ...]
    _same: dict[str, list[Listed]] = field(default_factory=dict)
    _grams: dict[str, Counter[str]] = field(default_factory=dict)
    _with: dict[str, list[Listed]] = field(default_factory=dict)

    @classmethod
    def of(cls, listed: Iterable[Listed]) -> "ItemList":
        """The list with its two registers."""
        made = cls(tuple(listed))
        for one in made.listed:
            made._same.setdefault(letters(one.name), []).append(one)
            made._grams[one.id] = bigrams(words(one.name))
            for gram in made._grams[one.id]:
                made._with.setdefault(gram, []).append(one)
        return made

    def match(
        self,
        text: str,
        department_id: str | None,
        remembered: Mapping[tuple[str, str], str | None] | None = None,
    ) -> Match:
        """Exact: this department's item in the same words. Near: like it, or another department's in the same words.

        `remembered` holds what this office answered before: (letters, department) -> item, None for "none of them".
        """
        said = (letters(text), department_id or "")
        if remembered and said in remembered:
            item_id = remembered[said]
            known = item_id is None or any(one.id == item_id for one in self.listed)
            if known:
                return Match(ItemMatch.CONFIRMED if item_id else ItemMatch.MISSING, item_id)
        same = self._same.get(said[0], [])
        own = [one for one in same if department_id is None or one.department_id == department_id]
        if len(own) == 1:
            return Match(ItemMatch.EXACT, own[0].id)
        candidates = self._like(text, department_id, same)
        return Match(ItemMatch.NEAR, None, candidates) if candidates else Match(ItemMatch.MISSING)

    def _like(self, text: str, department_id: str | None, same: list[Listed]) -> tuple[Candidate, ...]:
        asked = bigrams(words(text))
        there = {one.id: one for gram in asked for one in self._with.get(gram, ())}
        found = [
            Candidate(one.id, round(score, 3), bool(department_id) and one.department_id != department_id)
            for one in there.values()
            if department_id is None or one.department_id == department_id or one in same
            if (score := 1.0 if one in same else _dice(asked, self._grams[one.id])) >= NEAR
        ]
        return tuple(sorted(found, key=lambda one: (one.other, -one.likeness, one.item_id))[:CANDIDATES])


@dataclass(frozen=True)
class Stretch:
    """A stretch of a comparison: in both, only in the table, only on the list."""

    where: str
    text: str


def difference(text: str, name: str) -> tuple[Stretch, ...]:
    """What the table writes otherwise than the list, to be shown in colour; width does not count."""
    ours, listed = (unicodedata.normalize("NFKC", one).strip() for one in (text, name))
    found: list[Stretch] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, listed, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Stretch("both", ours[a:b]))
            continue
        found += [Stretch("table", ours[a:b])] if b > a else []
        found += [Stretch("list", listed[c:d])] if d > c else []
    return tuple(found)
