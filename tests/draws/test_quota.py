"""Are the quotas those of draw.md §2?"""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.draws.cases import cases

from onevisit.core.problems import Problem
from onevisit.draws.quota import CLASSES, Batch, Rules, compared_with_plan, decimal_text, quotas

CASES = cases("quotas")
counts_ = st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 3000), min_size=1)
percent = st.integers(1, 10_000).map(lambda part: decimal_text(Decimal(part) / 10_000))
multipliers_ = st.fixed_dictionaries(
    {risk: st.integers(1, 900).map(lambda part: decimal_text(Decimal(part) / 100)) for risk in CLASSES}
)


@pytest.mark.parametrize("case", [case for case in CASES if "quotas" in case], ids=lambda case: case["name"])
def test_quotas(case):
    rules = Rules.from_json(case["rules"])
    assert quotas(rules, case["counts"]) == case["quotas"]
    assert rules.as_json() == case["rules"]


@pytest.mark.parametrize("case", [case for case in CASES if "refused" in case], ids=lambda case: case["name"])
def test_impossible_rules_are_refused(case):
    with pytest.raises(Problem) as found:
        quotas(Rules.from_json(case["rules"]), case["counts"])
    assert found.value.code == case["refused"]


@given(counts_, percent, multipliers_)
def test_exact_has_a_fixed_sum_and_never_more_than_there_are(counts, ratio, multipliers):
    quota = quotas(Rules(ratio, multipliers=multipliers), counts)
    assert sum(quota.values()) == ceil(sum(counts.values()) * Fraction(ratio))
    assert all(0 <= quota[risk] <= counts[risk] for risk in counts)
    assert quota.keys() == counts.keys()


@given(counts_, percent, multipliers_)
def test_at_most_never_passes_the_plan(counts, ratio, multipliers):
    quota = quotas(Rules(ratio, "at_most", multipliers=multipliers), counts)
    assert sum(quota.values()) == max(1, floor(sum(counts.values()) * Fraction(ratio)))
    assert all(0 <= quota[risk] <= counts[risk] for risk in counts)


@given(counts_, percent, multipliers_)
def test_at_least_reaches_the_plan_and_every_class(counts, ratio, multipliers):
    quota = quotas(Rules(ratio, "at_least", multipliers=multipliers), counts)
    assert sum(quota.values()) >= ceil(sum(counts.values()) * Fraction(ratio))
    for risk, count in counts.items():
        own = min(Fraction(1), Fraction(ratio) * Fraction(multipliers[risk]))
        assert ceil(count * own) <= quota[risk] <= count


@given(counts_, st.integers(1, 20_000), multipliers_)
def test_a_number_is_that_number(counts, number, multipliers):
    quota = quotas(Rules(None, number=number, multipliers=multipliers), counts)
    assert sum(quota.values()) == min(number, sum(counts.values()))
    assert all(0 <= quota[risk] <= counts[risk] for risk in counts)


@given(counts_, percent, percent, st.sampled_from(["exact", "at_least", "at_most"]))
def test_a_higher_ratio_never_draws_fewer(counts, one, other, bound):
    lower, higher = sorted((one, other), key=Decimal)
    drawn = [sum(quotas(Rules(ratio, bound), counts).values()) for ratio in (lower, higher)]
    assert drawn[0] <= drawn[1]


@given(st.integers(1, 500), percent)
def test_equally_large_classes_are_drawn_by_risk(size, ratio):
    quota = quotas(Rules(ratio), dict.fromkeys("ABCD", size))
    assert quota["A"] <= quota["B"] <= quota["C"] <= quota["D"]


@given(counts_, percent, st.integers(1, 6), st.sampled_from(["exact", "at_least", "at_most"]))
def test_the_batches_of_a_year_add_up_to_the_year(counts, ratio, of, bound):
    year, left, drawn = quotas(Rules(ratio, bound), counts), dict(counts), dict.fromkeys(counts, 0)
    for number in range(1, of + 1):
        quota = quotas(Rules(ratio, bound, batch=Batch(number, of, drawn)), left)
        assert all(quota[risk] <= left[risk] for risk in quota)
        left = {risk: left[risk] - quota.get(risk, 0) for risk in left}
        drawn = {risk: drawn[risk] + quota.get(risk, 0) for risk in drawn}
    assert drawn == year


def test_typed_ratios_above_the_plan_need_a_report_in_advance():
    typed = Rules("0.05", class_ratios={"A": "0.05", "B": "0.2"})
    compared = compared_with_plan(typed, {"A": 40, "B": 60})
    assert compared is not None
    assert (compared.planned_number, compared.resulting_number) == (5, 14)
    assert compared.needs_report_in_advance
    assert compared_with_plan(Rules("0.05"), {"A": 40}) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [(Decimal("5.00"), "5"), (Decimal("0.0500"), "0.05"), (Decimal("1E+1"), "10"), (3, "3")],
)
def test_decimals_have_one_spelling(number, text):
    assert decimal_text(number) == text
