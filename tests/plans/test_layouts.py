"""Is a table read right that no seed looks like? Made-up layouts of offices, with what a person reads in them.

Prints right/total per layout (`pytest -rP -k score`); FIRST_SCORE.md keeps the first score of those written
before the reader was changed for them.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.plans.layouts import excel, later, roles, texts, word
from tests.plans.layouts.forms import LAYOUTS

from onevisit.core.problems import Problem
from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet import read_plan
from onevisit.plans.terms import DOUBTS_TO_DECIDE

REGISTER = DepartmentRegister.load()
FAMILIES = (excel, word, texts, roles, later)
Fact = tuple[str, Any, Any]


@cache
def reading(name: str) -> dict[str, Any]:
    """What the program reads; a refusal is an empty plan."""
    one = LAYOUTS[name]
    try:
        return read_plan(
            one.file_name, one.make(), year=one.given.get("year"), region=one.given.get("region"), register=REGISTER
        )  # fmt: skip
    except Problem as refused:
        return {"plan": {"problems": [f"{refused.code}: {refused.detail}"]}, "tasks": []}


def facts_of(name: str) -> list[Fact]:
    """(where, right, read) of every fact of a layout."""
    one, read = LAYOUTS[name], reading(name)
    facts = [(f"plan.{fact}", right, value) for fact, right, value in _plan(one.plan, read["plan"])]
    facts.append(("tasks", len(one.tasks), len(read["tasks"])))
    for at, right in enumerate(one.tasks):
        got = read["tasks"][at] if at < len(read["tasks"]) else None
        facts += [(f"task {at + 1}.{fact}", a, b) for fact, a, b in _task(right, got, one.plan)]
    return facts


def _plan(right: dict[str, Any], read: dict[str, Any]) -> Iterator[Fact]:
    for fact, value in right.items():
        if fact == "told":
            yield fact, value, value & codes(read)
        elif fact == "footnote_has":
            yield fact, True, value in (read.get("footnote") or "")
        else:
            yield fact, value, read.get(fact)


def _task(right: dict[str, Any], read: dict[str, Any] | None, plan: dict[str, Any]) -> Iterator[Fact]:
    region = plan["region"]
    right = {"region": region, "tier": region[-1], "sample_size": None, "batches": None, **right}
    if read is None:
        yield from ((fact, value, "no such task") for fact, value in right.items())
        return
    for fact, value in right.items():
        if fact == "ratio":
            wanted, number = ratio(value)
            yield fact, wanted, read["ratio"]
            if number is not None:
                yield "sample_size", number, (read.get("sample_size"), read.get("sample_size_bound"))
        elif fact == "sample_size" and (value is not None or not str(right["ratio"]).startswith("n")):
            yield fact, value, read.get("sample_size")
        elif fact == "frequency":
            yield fact, frequency(value), read["frequency"]
        elif fact == "window":
            yield fact, window(value, plan["year"]), read["window"]
        elif fact == "batches":
            yield fact, [window(b, plan["year"]) for b in value] if value else None, read.get("batches")
        elif fact == "items":
            wanted = [(right["lead_department"], i) if isinstance(i, str) else i for i in value]
            yield (
                fact,
                _items(wanted, region),
                _items([(i["department"], i["text"]) for i in read["items"]], region),
            )
        elif fact == "lead_department":
            yield fact, _office(value, region), _office(read[fact], region)
        elif fact == "cooperating_departments":
            yield (
                fact,
                sorted(_office(n, region) for n in value),
                sorted(_office(n, region) for n in read[fact]),
            )
        elif fact == "asks":
            yield fact, value, codes(read) & DOUBTS_TO_DECIDE
        elif fact != "sample_size":
            yield fact, value, read.get(fact)


def _office(name: str | None, region: str) -> str:
    return REGISTER.canonical(name, region) if name else ""


def _items(items: list[tuple[str | None, str]], region: str) -> list[tuple[str, str]]:
    return [(_office(office, region), text) for office, text in items]


def codes(of: dict[str, Any]) -> set[str]:
    """The codes of the problems."""
    return {problem.split(":")[0] for problem in of["problems"]}


def _number(text: str) -> float | int:
    return float(text) if "." in text else int(text)


def ratio(short: str | None) -> tuple[dict[str, Any] | None, tuple[int, str] | None]:
    """The long form of a ratio, and of a number of subjects."""
    bounds = {">=": "at_least", "<=": "at_most", "=": "exact", "": "exact"}
    if short is None:
        return None, None
    number = re.fullmatch(r"n(>=|<=|=)(\d+)", short)
    if number is not None:
        return None, (int(number[2]), bounds[number[1]])
    span = re.fullmatch(r"([\d.]+)-([\d.]+)", short)
    if span is not None:
        return {"percent": _number(span[1]), "bound": "range", "percent_max": _number(span[2])}, None
    one = re.fullmatch(r"(>=|<=|)([\d.]+)", short)
    assert one is not None
    return {"percent": _number(one[2]), "bound": bounds[one[1]]}, None


def frequency(short: str | None) -> dict[str, Any] | None:
    """The long form of a frequency."""
    if short is None:
        return None
    one = re.fullmatch(r"(>=|<=|)(\d+)/(\w+)", short)
    assert one is not None
    bound = {">=": {"bound": "at_least"}, "<=": {"bound": "at_most"}, "": {}}[one[1]]
    return {"times": int(one[2]), "per": one[3], **bound}


def window(short: str | None, year: int) -> dict[str, str] | None:
    """The long form of a window."""
    if short is None:
        return None
    start, end = short.split("..")
    return {"start": f"{year}-{start}", "end": f"{year}-{end}"}


def score(name: str) -> tuple[int, int]:
    """Facts right and facts in all."""
    facts = facts_of(name)
    return sum(right == read for _, right, read in facts), len(facts)


def test_score_of_the_layouts() -> None:
    lines = [(name, *score(name)) for name in LAYOUTS]
    print(*(f"{name}: {right}/{total}" for name, right, total in lines), sep="\n")
    right, total = sum(r for _, r, _ in lines), sum(t for _, _, t in lines)
    print(f"{len(lines)} layouts: {right}/{total}")
    assert right == total


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_every_fact_of_a_layout(name: str) -> None:
    assert [(where, right, read) for where, right, read in facts_of(name) if right != read] == []


def test_half_of_the_layouts_were_written_first() -> None:
    assert len(LAYOUTS) >= 25
    assert sum(one.blind for one in LAYOUTS.values()) * 2 >= len(LAYOUTS)
