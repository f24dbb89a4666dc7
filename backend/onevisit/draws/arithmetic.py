"""How do the quotas come about, in steps that a projector can show? Recomputes draw.md §2 with its numbers spelt out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from onevisit.draws.quota import RISKIEST_FIRST, Rules, exact, quotas
from onevisit.draws.terms import Bound


@dataclass(frozen=True)
class Step:
    """One class: N_h, m_h, p_h, its weight, its share before rounding, and what is drawn."""

    risk: str
    count: int
    multiplier: str
    ratio: str | None
    capped: bool
    weight: str
    share: str
    quota: int


@dataclass(frozen=True)
class Arithmetic:
    """All classes, riskiest first, and the sums under them."""

    steps: tuple[Step, ...]
    count: int
    weight: str
    share: str
    quota: int
    planned: str
    planned_ratio: str | None
    resulting_ratio: str


def arithmetic(rules: Rules, counts: Mapping[str, int]) -> Arithmetic:
    """The steps for these counts; shares are before capping and rounding, quotas after."""
    present = {risk: counts[risk] for risk in RISKIEST_FIRST if counts.get(risk)}
    drawn, total = quotas(rules, present), sum(present.values())
    # A batch takes its part of the whole year's shares: they are reckoned over whom earlier batches drew, too.
    before = rules.batch.drawn if rules.batch else {}
    year = {risk: count + before.get(risk, 0) for risk, count in present.items()}
    ratios = {risk: _ratio(rules, risk) for risk in present}
    weights = {
        risk: count * (_multiplier(rules, risk) if (p := ratios[risk]) is None else p)
        for risk, count in year.items()
    }
    wanted, weighed = _wanted(rules, sum(year.values()), weights), sum(weights.values(), Fraction(0))
    least = rules.bound == Bound.AT_LEAST
    shares = {
        r: w if least else (wanted * w / weighed if weighed else Fraction(0)) for r, w in weights.items()
    }
    steps = tuple(
        Step(
            risk, present[risk], rules.multipliers.get(risk, "1"), percent(p) if (p := ratios[risk]) is not None else None,
            _capped(rules, risk), plain(weights[risk]), plain(shares[risk]), drawn[risk],
        )
        for risk in present
    )  # fmt: skip
    return Arithmetic(
        steps, total, plain(weighed), plain(sum(shares.values(), Fraction(0))), sum(drawn.values()),
        _planned(rules, sum(year.values()), wanted), None if rules.ratio is None else percent(exact(rules.ratio)),
        percent(Fraction(sum(drawn.values()), total or 1)),
    )  # fmt: skip


def percent(number: Fraction) -> str:
    """12.5%."""
    return f"{plain(number * 100)}%"


def plain(number: Fraction) -> str:
    """At most two decimals, no trailing zeros; only ever shown, never reckoned with."""
    rounded = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".")


def _multiplier(rules: Rules, risk: str) -> Fraction:
    return exact(rules.multipliers.get(risk, "1"))


def _ratio(rules: Rules, risk: str) -> Fraction | None:
    """p_h; None where the plan gives a number of subjects."""
    if rules.class_ratios is not None:
        return exact(rules.class_ratios.get(risk, "0"))
    return None if rules.ratio is None else min(Fraction(1), exact(rules.ratio) * _multiplier(rules, risk))


def _capped(rules: Rules, risk: str) -> bool:
    if rules.class_ratios is not None or rules.ratio is None:
        return False
    return exact(rules.ratio) * _multiplier(rules, risk) > 1


def _wanted(rules: Rules, total: int, weights: Mapping[str, Fraction]) -> int:
    if rules.number is not None:
        return min(rules.number, total)
    wanted = total * exact(rules.ratio or "0")
    if rules.class_ratios is not None:
        wanted = sum(weights.values(), Fraction(0))
    return max(1, int(wanted)) if rules.bound == Bound.AT_MOST else ceil(wanted)


def _planned(rules: Rules, total: int, wanted: int) -> str:
    """24 × 50% = 12."""
    if rules.number is not None:
        return f"{rules.number} 户"
    if rules.class_ratios is not None:
        return f"各类户数 × 各类比例 = {wanted}"
    product = plain(total * exact(rules.ratio or "0"))
    sum_ = f"{total} × {percent(exact(rules.ratio or '0'))} = {product}"
    return sum_ if product == str(wanted) else f"{sum_}，取 {wanted}"
