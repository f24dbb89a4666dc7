"""Which rows of different initiators check the same people, so that one scheme and one visit would do (S3 统筹)? Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from onevisit.plans.matching import likeness
from onevisit.plans.terms import SchemeGround
from onevisit.subjects.rules import ScopeFilter

# Two scopes of one size that share half of each have a third of both together in common (Jaccard).
OVERLAP_PERCENT = 30
# Like item texts, scope texts are asked about from half their pairs of letters on; a scope is shorter, so 0.6.
LIKE_WORDS = 0.6


@dataclass(frozen=True)
class Scoped:
    """A row as far as schemes go. `count` is how many subjects its filter finds; `when` its window by months."""

    id: str
    order: int
    lead: str | None
    filter: ScopeFilter
    words: str
    count: int
    name: str = ""
    field: str = ""
    when: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Offer:
    """Rows that could go together, why, and how far each pair's subjects are the same."""

    ground: SchemeGround
    ids: tuple[str, ...]
    pairs: tuple["Pair", ...] = ()
    name: str = ""
    months: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two rows: how many subjects both find, and what part of each that is, in percent."""

    one: str
    other: str
    common: int
    of_one: int
    of_other: int


def both(one: ScopeFilter, other: ScopeFilter) -> ScopeFilter:
    """The filter that finds whoever lies in both scopes."""
    return ScopeFilter(one.all + other.all, one.none + other.none)


def same_filter(one: ScopeFilter, other: ScopeFilter) -> bool:
    """Equal but for the order of conditions and values."""
    return _plain(one) == _plain(other)


def _plain(wanted: ScopeFilter) -> tuple[frozenset[tuple[str, frozenset[str]]], ...]:
    return tuple(
        frozenset((one.kind.value, frozenset(one.any)) for one in side) for side in (wanted.all, wanted.none)
    )


def may_overlap(one: Scoped, other: Scoped) -> bool:
    """Could enough be common at all? A tenth inside a whole never is; nothing needs to be counted for that."""
    few, many = sorted((one.count, other.count))
    return few > 0 and few * 100 >= OVERLAP_PERCENT * many


def offers(rows: Sequence[Scoped], common: Callable[[Scoped, Scoped], int]) -> list[Offer]:
    """Every group of two or more rows with different initiators, the plainest reason first.

    A row joins a group only if it meets each of its rows: a chain of overlaps is no common scope.
    """
    links: dict[tuple[str, str], Link] = {}
    ordered = sorted(rows, key=lambda row: row.order)
    for one, other in combinations(ordered, 2):
        if one.lead and other.lead and one.lead != other.lead and (link := _link(one, other, common)):
            links[one.id, other.id] = link
    return [_offer(group, links) for group in _groups(ordered, links)]


@dataclass(frozen=True)
class Link:
    """Why two rows belong together."""

    ground: SchemeGround
    pair: Pair | None = field(default=None)


def _link(one: Scoped, other: Scoped, common: Callable[[Scoped, Scoped], int]) -> Link | None:
    unknown = one.filter.empty or other.filter.empty
    if not unknown and same_filter(one.filter, other.filter):
        return Link(SchemeGround.SAME, Pair(one.id, other.id, one.count, 100, 100))
    if not unknown and may_overlap(one, other):
        shared = common(one, other)
        if shared * 100 >= OVERLAP_PERCENT * (one.count + other.count - shared):
            pair = Pair(one.id, other.id, shared, shared * 100 // one.count, shared * 100 // other.count)
            return Link(SchemeGround.OVERLAP, pair)
    if unknown and one.words and other.words and likeness(one.words, other.words) >= LIKE_WORDS:
        return Link(SchemeGround.WORDS)
    return None


def _groups(rows: Sequence[Scoped], links: dict[tuple[str, str], Link]) -> list[list[Scoped]]:
    """Whole groups, greedily, equal filters before overlaps before words; a row is in one group at most."""
    taken: set[str] = set()
    groups = []
    for ground in (SchemeGround.SAME, SchemeGround.OVERLAP, SchemeGround.WORDS):
        for row in rows:
            if row.id in taken:
                continue
            group = [row]
            for other in rows:
                if other.id not in taken and other.id != row.id and _meets_all(other, group, links, ground):
                    group.append(other)
            if len(group) > 1:
                taken |= {one.id for one in group}
                groups.append(sorted(group, key=lambda one: one.order))
    return sorted(groups, key=lambda group: group[0].order)


def _meets_all(
    row: Scoped, group: Iterable[Scoped], links: dict[tuple[str, str], Link], least: SchemeGround
) -> bool:
    """Does the row belong with each of the group, for this reason or a plainer one? Same initiators need not be linked."""
    ranks = list(SchemeGround)
    linked = 0
    for one in group:
        link = links.get((one.id, row.id)) or links.get((row.id, one.id))
        if link is None:
            if one.lead == row.lead and same_filter(one.filter, row.filter) and not one.filter.empty:
                continue
            return False
        if ranks.index(link.ground) > ranks.index(least):
            return False
        linked += 1
    return linked > 0


def _offer(group: Sequence[Scoped], links: dict[tuple[str, str], Link]) -> Offer:
    ids = {one.id for one in group}
    own = [link for (one, other), link in links.items() if one in ids and other in ids]
    ranks = list(SchemeGround)
    ground = max((link.ground for link in own), key=ranks.index)
    months = (
        frozenset.intersection(*(one.when for one in group))
        if all(one.when for one in group)
        else frozenset()
    )
    return Offer(
        ground, tuple(one.id for one in group), tuple(link.pair for link in own if link.pair),
        next((one.field or one.words or one.name for one in group if one.field or one.words or one.name), ""),
        tuple(sorted(months)),
    )  # fmt: skip
