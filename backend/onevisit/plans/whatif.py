"""What would other ratios mean: "C at 20 %" is how many visits, for each inspector and month? Pure; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from onevisit.plans.rules import by_month, expected_by_period

CLASSES = ("A", "B", "C", "D", "-")


@dataclass(frozen=True)
class Asked:
    """The ratios somebody types, in percent: of all, and of single risk classes."""

    base: Decimal | None = None
    classes: Mapping[str, Decimal] | None = None

    def ratio(self, risk: str, own: Decimal | None) -> Decimal | None:
        """The ratio of a class: its own as typed, else the typed base, else what the row says."""
        typed = (self.classes or {}).get(risk)
        return typed if typed is not None else self.base if self.base is not None else own

    @property
    def nothing(self) -> bool:
        """Was nothing typed, so that the plan stands as it is?"""
        return self.base is None and not self.classes


@dataclass(frozen=True)
class Supposed:
    """A row: whom its scope finds by class, its ratio, its carryings-out, who goes."""

    id: str
    by_risk: Mapping[str, int]
    ratio: Mapping[str, Any] | None
    sample_size: int | None
    ratio_per: str | None
    periods: Sequence[tuple[date, date]]
    departments: tuple[str, ...]

    @property
    def count(self) -> int:
        """Everybody in operation within the scope."""
        return sum(self.by_risk.values())


def visits_by_class(row: Supposed, asked: Asked) -> dict[str, int]:
    """Subjects of one draw by class; a row planned by number keeps it unless a base ratio is typed."""
    own = Decimal(str(row.ratio["percent"])) if row.ratio and row.ratio.get("percent") is not None else None
    found = {}
    for risk in CLASSES:
        count = row.by_risk.get(risk, 0)
        percent = asked.ratio(risk, own)
        if percent is None and row.sample_size and row.count:
            whole = Decimal(min(row.sample_size, row.count)) * count / row.count
        else:
            whole = Decimal(count) * (percent or Decimal(0)) / 100
        found[risk] = min(count, int(whole.to_integral_value(ROUND_CEILING)))
    return found


def carryings(row: Supposed, asked: Asked) -> list[int]:
    """Visits of each carrying-out. Nothing typed: as the plan reckons them."""
    number = len(row.periods)
    if asked.nothing:
        return expected_by_period(row.count, row.ratio, row.sample_size, row.ratio_per, number)
    whole = sum(visits_by_class(row, asked).values())
    return expected_by_period(row.count, None, whole, row.ratio_per, number)


def supposed(
    rows: Sequence[Supposed], asked: Asked, inspectors: Mapping[str, int], per_part: int
) -> dict[str, Any]:
    """Visits of the year, by class and row, and what each department's inspectors would have to do."""
    plan = Asked()
    load: dict[str, dict[str, int]] = {}
    by_class: dict[str, dict[str, Any]] = {
        risk: {"risk": risk, "subjects": 0, "visits": 0} for risk in CLASSES
    }
    each, total, now = [], 0, 0
    for row in rows:
        made, before = carryings(row, asked), sum(carryings(row, plan))
        total, now = total + sum(made), now + before
        each.append({"id": row.id, "subjects": row.count, "visits": sum(made), "visits_now": before})
        for risk, visits in visits_by_class(row, asked).items():
            by_class[risk]["subjects"] += row.by_risk.get(risk, 0)
            by_class[risk]["visits"] += visits
        for (start, end), visits in zip(row.periods, made, strict=True):
            for month, count in by_month(visits, start, end).items():
                for department in row.departments:
                    there = load.setdefault(department, {})
                    there[month] = there.get(month, 0) + count
    offices = [_burden(one, there, inspectors.get(one, 0), per_part) for one, there in sorted(load.items())]
    return {
        "visits": total, "visits_now": now, "parts": sum(one["parts"] for one in offices),
        "by_class": list(by_class.values()), "rows": each, "departments": offices,
        "per_inspector_month": _mean(offices), "per_part": per_part,
    }  # fmt: skip


def _burden(department: str, by_months: Mapping[str, int], inspectors: int, per_part: int) -> dict[str, Any]:
    parts, months = sum(by_months.values()), sum(1 for count in by_months.values() if count)
    busiest = max(by_months, key=lambda one: (by_months[one], one), default="")
    return {
        "department_id": department, "parts": parts, "inspectors": inspectors, "months": months,
        "per_inspector_month": _each(parts * per_part, inspectors * months),
        "busiest_month": busiest, "busiest_per_inspector": _each(by_months.get(busiest, 0) * per_part, inspectors),
    }  # fmt: skip


def _each(work: int, hands: int) -> str | None:
    """One decimal, as text so that no float travels; None where nobody can go."""
    if not work:
        return "0"
    return str((Decimal(work) / hands).quantize(Decimal("0.1"))) if hands else None


def _mean(offices: Sequence[Mapping[str, Any]]) -> str | None:
    """Over all departments that have somebody: what one inspector does in a month."""
    able = [one for one in offices if one["inspectors"] and one["months"]]
    work = sum(Decimal(one["per_inspector_month"]) * one["inspectors"] * one["months"] for one in able)
    hands = sum(one["inspectors"] * one["months"] for one in able)
    return str((work / hands).quantize(Decimal("0.1"))) if hands else None
