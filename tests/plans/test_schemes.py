"""Are rows of different initiators over the same people found, and only those?"""

import pytest

from onevisit.plans.schemes import Scoped, both, may_overlap, offers, same_filter
from onevisit.plans.terms import SchemeGround
from onevisit.subjects.rules import Condition, ScopeFilter
from onevisit.subjects.terms import LabelKind


def field(*values: str) -> ScopeFilter:
    return ScopeFilter((Condition(LabelKind.FIELD, values),))


HOTELS, KTV, NOTHING = field("旅馆业"), field("歌舞娱乐场所"), ScopeFilter()


def row(
    id: str, lead: str | None, scope: ScopeFilter, count: int = 10, words: str = "", **over: object
) -> Scoped:
    return Scoped(id, int(id), lead, scope, words, count, **over)  # type: ignore[arg-type]


def never(one: Scoped, other: Scoped) -> int:
    raise AssertionError("counted without need")


@pytest.mark.parametrize(
    ("rows", "common", "found"),
    [
        # refused: one initiator, no initiator, another scope, a tenth inside a whole, a small overlap, words too unlike
        ([row("1", "ga", HOTELS), row("2", "ga", HOTELS)], never, []),
        ([row("1", None, HOTELS), row("2", "ga", HOTELS)], never, []),
        ([row("1", "ga", HOTELS, 10), row("2", "wj", KTV, 1000)], never, []),
        ([row("1", "ga", HOTELS, 0), row("2", "wj", KTV, 0)], never, []),
        ([row("1", "ga", HOTELS, 10), row("2", "wj", KTV, 10)], lambda *_: 4, []),
        ([row("1", "ga", NOTHING, words="加油站"), row("2", "wj", NOTHING, words="养老机构")], never, []),
        ([row("1", "ga", NOTHING, words="加油站"), row("2", "wj", HOTELS, words="宾馆")], never, []),
        # the same filter, in whatever order
        ([row("1", "ga", HOTELS), row("2", "wj", HOTELS)], never, [("same", "12")]),
        ([row("1", "ga", field("甲", "乙")), row("2", "wj", field("乙", "甲"))], never, [("same", "12")]),
        ([row("1", "ga", HOTELS), row("2", "wj", HOTELS), row("3", "xf", HOTELS)], never, [("same", "123")]),
        # a row of an initiator that is already in it comes along
        ([row("1", "ga", HOTELS), row("2", "wj", HOTELS), row("3", "ga", HOTELS)], never, [("same", "123")]),
        # half of each, counted
        ([row("1", "ga", HOTELS, 10), row("2", "wj", KTV, 10)], lambda *_: 5, [("overlap", "12")]),
        # like words where nothing is confirmed
        ([row("1", "ga", NOTHING, words="各类宾馆、旅店"), row("2", "wj", NOTHING, words="宾馆旅店")], never, [("words", "12")]),
    ],
)  # fmt: skip
def test_groups(rows: list[Scoped], common: object, found: list[tuple[str, str]]) -> None:
    assert [(one.ground.value, "".join(one.ids)) for one in offers(rows, common)] == found  # type: ignore[arg-type]


def test_a_chain_of_overlaps_is_no_common_scope() -> None:
    rows = [row("1", "ga", HOTELS), row("2", "wj", KTV), row("3", "xf", field("网吧"))]
    shared = {("1", "2"): 8, ("2", "3"): 8, ("1", "3"): 0}
    assert [one.ids for one in offers(rows, lambda a, b: shared[a.id, b.id])] == [("1", "2")]


def test_an_offer_tells_the_share_of_each_and_the_common_months() -> None:
    rows = [
        row("1", "ga", HOTELS, 10, when=frozenset({4, 5, 6}), field="旅馆业"),
        row("2", "wj", KTV, 20, when=frozenset({6, 7})),
    ]
    offer = offers(rows, lambda *_: 9)[0]
    assert (offer.pairs[0].common, offer.pairs[0].of_one, offer.pairs[0].of_other) == (9, 90, 45)
    assert (offer.ground, offer.name, offer.months) == (SchemeGround.OVERLAP, "旅馆业", (6,))


def test_filters_meet() -> None:
    assert both(HOTELS, KTV).all == (*HOTELS.all, *KTV.all)
    assert same_filter(ScopeFilter(HOTELS.all + KTV.all), ScopeFilter(KTV.all + HOTELS.all))
    assert not same_filter(HOTELS, ScopeFilter((), HOTELS.all))
    assert may_overlap(row("1", "ga", HOTELS, 30), row("2", "wj", KTV, 100))
    assert not may_overlap(row("1", "ga", HOTELS, 29), row("2", "wj", KTV, 100))
