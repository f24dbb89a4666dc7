"""Is nobody in two places, does one road serve several doors, and is it said who found no day and why?"""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onevisit.dispatches.hours import read_hours
from onevisit.dispatches.scheduling import (
    Slot,
    Taken,
    ToPlace,
    length_of,
    overlap,
    propose,
    span_of,
    starts_of_day,
)
from onevisit.dispatches.terms import Unplaced

STARTS = json.loads((Path(__file__).parents[1] / "cases" / "visit_starts.json").read_text("utf-8"))
MONDAY = date(2026, 11, 9)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]


def visit(
    id_: str, people: str = "ab", place: str | None = "茫曲镇", due: date = WEEK[-1], hours: str | None = None
) -> ToPlace:
    return ToPlace(id_, int(id_), frozenset(people), place, MONDAY, due, hours)


@pytest.mark.parametrize(
    ("words", "day", "span", "hit"),
    [
        ("每日 11:30–13:30 用餐高峰", MONDAY, (11 * 60, 12 * 60), True),
        ("每日 11:30–13:30 用餐高峰", MONDAY, (9 * 60, 11 * 60), False),
        ("周一上午", MONDAY, (9 * 60, 10 * 60), True),
        ("周一上午", MONDAY, (14 * 60, 15 * 60), False),
        ("周一上午", WEEK[1], (9 * 60, 10 * 60), False),
        ("周一至周三", WEEK[2], (9 * 60, 10 * 60), True),
        ("周一至周三", WEEK[3], (9 * 60, 10 * 60), False),
        ("星期一、三下午", WEEK[2], (14 * 60, 15 * 60), True),
        ("星期一、三下午", WEEK[1], (14 * 60, 15 * 60), False),
        ("周末", MONDAY + timedelta(days=5), (9 * 60, 10 * 60), True),
        ("周五至周一", MONDAY, (9 * 60, 10 * 60), True),
        ("每月10日至12日盘点", WEEK[1], (9 * 60, 10 * 60), True),
        ("每月10日至12日盘点", MONDAY, (9 * 60, 10 * 60), False),
        ("11月9日至11日停业装修", WEEK[2], (9 * 60, 10 * 60), True),
        ("11月9日至11日停业装修", WEEK[3], (9 * 60, 10 * 60), False),
        ("12月至2月停业", date(2027, 1, 5), (9 * 60, 10 * 60), True),
        ("12月至2月停业", MONDAY, (9 * 60, 10 * 60), False),
        ("下午3点至5点接站", MONDAY, (16 * 60, 17 * 60), True),
        ("10点前", MONDAY, (9 * 60, 10 * 60), True),
        ("16:30以后", MONDAY, (15 * 60, 16 * 60), False),
        ("周一上午；周四", WEEK[3], (16 * 60, 17 * 60), True),
    ],
)
def test_the_subjects_words_are_read(words: str, day: date, span: tuple[int, int], hit: bool) -> None:
    read, unread = read_hours(words)
    assert unread == []
    assert any(one.hits(day, *span) for one in read) is hit


@pytest.mark.parametrize("words", ["农忙时节", "请提前联系", "每天"])
def test_what_is_not_understood_is_left_to_people(words: str) -> None:
    assert read_hours(f"{words}；周一上午")[1] == [words]
    assert len(read_hours(f"{words}；周一上午")[0]) == 1


@pytest.mark.parametrize(
    "words", [None, "", "；；", "周", "99:99-1:1", "每月0日", "13月40日", "\u0000", "周一" * 500]
)
def test_odd_words_break_nothing(words: str | None) -> None:
    for one in read_hours(words)[0]:
        one.hits(MONDAY, 0, 60)


@pytest.mark.parametrize("case", STARTS["cases"], ids=lambda case: str(case["per_day"]))
def test_the_starts_of_a_day(case: dict[str, Any]) -> None:
    assert starts_of_day(case["per_day"]) == case["starts"]


def test_one_team_has_at_most_so_many_a_day() -> None:
    found = propose([visit(str(n)) for n in range(9)], [], WEEK, 4)
    assert Counter(one.day for one in found.placed.values()) == {WEEK[0]: 4, WEEK[1]: 4, WEEK[2]: 1}


def test_one_road_serves_the_same_township() -> None:
    """Two teams, two townships: whoever goes somewhere finds the others of that township on the same day."""
    here = [visit(str(n), "ab", "茫曲镇") for n in range(2)] + [visit("2", "cd", "茫曲镇")]
    there = [visit(str(n), "ab", "森多乡") for n in range(3, 5)] + [visit("5", "cd", "森多乡")]
    placed = propose([one for pair in zip(here, there, strict=True) for one in pair], [], WEEK, 4).placed
    assert len({placed[one.id].day for one in here}) == 1
    assert {placed[one.id].day for one in here} != {placed[one.id].day for one in there}
    assert len({placed[one.id].day for one in there}) == 1


def test_what_others_have_taken_stays_free() -> None:
    taken = [Taken(WEEK[0], "全天", frozenset("a")), Taken(WEEK[1], "上午", frozenset("b"))]
    assert propose([visit("1")], taken, WEEK[:2], 4).placed["1"] == Slot(WEEK[1], "14:00")


def test_the_subjects_hours_are_minded() -> None:
    assert propose([visit("1", hours="上午")], [], WEEK, 4).placed["1"] == Slot(WEEK[0], "14:00")
    assert propose([visit("1", hours="周一至周三")], [], WEEK, 4).placed["1"] == Slot(WEEK[3], "09:00")


def test_who_could_not_be_placed_and_why() -> None:
    late = visit("1", due=MONDAY - timedelta(days=1))
    closed = visit("2", hours="周一至周五")
    crowd = [visit(str(n), due=WEEK[0]) for n in range(3, 8)]
    found = propose([late, closed, *crowd], [], WEEK, 4)
    assert found.unplaced == {"1": Unplaced.NO_DAY, "2": Unplaced.HOURS, "7": Unplaced.PEOPLE}


def test_whoever_can_choose_makes_room() -> None:
    """The first takes the morning that is all the second could have; it moves to the afternoon."""
    easy, hard = visit("1", "a", due=WEEK[0]), visit("2", "a", "森多乡", due=WEEK[0], hours="下午")
    found = propose([easy, hard], [], WEEK, 2)
    assert (found.placed, found.unplaced) == ({"1": Slot(WEEK[0], "14:00"), "2": Slot(WEEK[0], "09:00")}, {})


def test_the_same_visits_get_the_same_days() -> None:
    visits = [visit(str(n), "abcd"[n % 3 : n % 3 + 2], ["茫曲镇", "森多乡", None][n % 3]) for n in range(12)]
    assert propose(visits, [], WEEK, 4) == propose(visits[::-1], [], WEEK, 4)


VISITS = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=4), st.sampled_from(["茫曲镇", "森多乡", None]),
        st.integers(-1, 6), st.sampled_from([None, "上午", "周三", "周一至周四；下午", "农忙"]),
    ), max_size=30,
)  # fmt: skip
TAKEN = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["上午", "下午", "全天", None, "10:00"]), st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=2)),
    max_size=6,
)  # fmt: skip


@given(VISITS, TAKEN, st.integers(1, 8))
def test_no_rule_is_broken_for_any_visits(
    wanted: list[tuple[frozenset[str], str | None, int, str | None]],
    others: list[tuple[int, str | None, frozenset[str]]],
    per_day: int,
) -> None:
    visits = [
        ToPlace(str(n), n, people, place, MONDAY, MONDAY + timedelta(days=due), hours)
        for n, (people, place, due, hours) in enumerate(wanted)
    ]
    taken = [Taken(WEEK[at], time, people) for at, time, people in others]
    found = propose(visits, taken, WEEK, per_day)
    assert set(found.placed) | set(found.unplaced) == {one.id for one in visits}
    assert not set(found.placed) & set(found.unplaced)
    length = length_of(per_day)
    spent = list(taken)
    for one in visits:
        if (slot := found.placed.get(one.id)) is None:
            continue
        assert slot.day in WEEK
        assert slot.day <= one.due
        span = span_of(slot.time, length)
        assert not any(clause.hits(slot.day, *span) for clause in read_hours(one.unsuitable)[0])
        assert not any(
            other.day == slot.day and other.people & one.people and overlap(span, span_of(other.time, length))
            for other in spent
        )
        spent.append(Taken(slot.day, slot.time, one.people))
    counts = Counter((one.day, person) for one in spent for person in one.people)
    before = Counter((one.day, person) for one in taken for person in one.people)
    assert all(count <= max(per_day, before[key]) for key, count in counts.items())
