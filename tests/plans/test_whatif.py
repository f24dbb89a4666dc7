"""What do other ratios mean for visits and inspectors?"""

from datetime import date
from decimal import Decimal

import pytest

from onevisit.plans.whatif import Asked, Supposed, carryings, supposed, visits_by_class

WINDOW = (date(2026, 4, 1), date(2026, 7, 31))
BY_RISK = {"A": 50, "B": 100, "C": 40, "D": 10, "-": 0}
ONE = {"percent": 1, "bound": "exact"}


def row(**over: object) -> Supposed:
    given = {
        "id": "1", "by_risk": BY_RISK, "ratio": ONE, "sample_size": None, "ratio_per": None, "periods": (WINDOW,),
        "departments": ("ga", "wj"),
    }  # fmt: skip
    return Supposed(**(given | over))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "by_class"),
    [
        (Asked(), {"A": 1, "B": 1, "C": 1, "D": 1, "-": 0}),
        (Asked(classes={"C": Decimal(20)}), {"A": 1, "B": 1, "C": 8, "D": 1, "-": 0}),
        (Asked(base=Decimal(5)), {"A": 3, "B": 5, "C": 2, "D": 1, "-": 0}),
        (Asked(base=Decimal(5), classes={"A": Decimal(0), "D": Decimal(100)}), {"A": 0, "B": 5, "C": 2, "D": 10, "-": 0}),
        (Asked(base=Decimal("0.1")), {"A": 1, "B": 1, "C": 1, "D": 1, "-": 0}),
    ],
)  # fmt: skip
def test_visits_by_class(asked: Asked, by_class: dict[str, int]) -> None:
    assert visits_by_class(row(), asked) == by_class


@pytest.mark.parametrize(
    ("given", "asked", "visits"),
    [
        ({}, Asked(), [2]),  # as the plan reckons: 1 % of 200
        ({"periods": (WINDOW, WINDOW)}, Asked(), [2, 2]),
        ({"periods": (WINDOW, WINDOW), "ratio_per": "year"}, Asked(), [1, 1]),
        ({"ratio": None, "sample_size": 20}, Asked(), [20]),
        ({"ratio": None, "sample_size": 500}, Asked(), [200]),
        ({"ratio": None}, Asked(), [0]),
        ({"by_risk": {}}, Asked(base=Decimal(50)), [0]),
        ({}, Asked(classes={"C": Decimal(20)}), [11]),
        ({"ratio": None, "sample_size": 20}, Asked(base=Decimal(10)), [20]),
        ({"periods": ()}, Asked(base=Decimal(10)), []),
    ],
)
def test_carryings(given: dict[str, object], asked: Asked, visits: list[int]) -> None:
    assert carryings(row(**given), asked) == visits


def test_c_at_twenty_percent_per_inspector_and_month() -> None:
    """11 visits in four months, two inspectors at each part: 22 / (4 people x 4 months)."""
    told = supposed([row()], Asked(classes={"C": Decimal(20)}), {"ga": 4}, 2)
    assert (told["visits"], told["visits_now"], told["parts"]) == (11, 2, 22)
    ga, wj = told["departments"]
    assert (ga["per_inspector_month"], ga["busiest_month"], ga["busiest_per_inspector"]) == (
        "1.4",
        "2026-06",
        "1.5",
    )
    assert (wj["inspectors"], wj["per_inspector_month"]) == (0, None)
    assert told["per_inspector_month"] == "1.4"
    assert next(one for one in told["by_class"] if one["risk"] == "C") == {
        "risk": "C",
        "subjects": 40,
        "visits": 8,
    }


def test_nothing_planned_asks_nothing_of_anybody() -> None:
    told = supposed([], Asked(), {}, 2)
    assert (told["visits"], told["departments"], told["per_inspector_month"]) == (0, [], None)
